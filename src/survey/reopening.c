#include "survey/reopening.h"

#include <inttypes.h>
#include <string.h>

#include "store/event.h"
#include "store/stored_response.h"
#include "survey/disposition.h"
#include "survey/tell.h"
#include "survey/text.h"

size_t submitted_list(struct db *db, const struct work *work, struct arena *arena, const struct submitted **out,
                      struct err *err) {
  struct submission stored;
  struct submitted *list = NULL;
  struct err own = {0};
  size_t count = 0;
  struct stmt *stmt = submission_list(db, work->item.response);
  while (submission_next(stmt, &stored, &own)) {
    /* The newest has the highest number, and there are no gaps. */
    if (list == NULL) list = arena_array(arena, (size_t)stored.number, sizeof *list);
    struct submitted *submitted = &list[count++];
    submitted->submission = stored;
    submitted->submission.person_name = arena_copy(arena, stored.person_name);
    submitted->submission.checksum = arena_copy(arena, stored.checksum);
    submitted->submission.reopened_by = arena_copy(arena, stored.reopened_by);
    submitted->submission.reason = arena_copy(arena, stored.reason);
    checksum_receipt(stored.checksum, submitted->receipt);
  }
  stmt_end(stmt);
  *out = list;
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  return own.code == ERR_NONE ? count : 0;
}

struct work *submitted_open(struct db *db, const struct actor *actor, int64_t response, int number, struct arena *arena,
                            struct submitted *out, bool *verified, struct err *err) {
  char checksum[SECRET_HASH_LEN + 1];
  const struct submitted *list;
  struct work *now = work_peek(db, actor, response, arena, err);
  size_t count = now != NULL ? submitted_list(db, now, arena, &list, err) : 0, at = 0;
  while (at < count && list[at].submission.number != number) at++;
  if (at == count) {
    err_set(err, ERR_NOT_FOUND, "there is no submission %d", number);
    return NULL;
  }
  *out = list[at];
  struct work *work = work_open_at(db, actor, response, out->submission.submitted_ms, out->submission.version_id, arena, err);
  if (work == NULL || !checksum_compute(db, work, checksum, err)) return NULL;
  *verified = strcmp(checksum, out->submission.checksum) == 0;
  return work;
}

/* ---- giving it back */

static bool check_reason(struct reopening_wish *wish, struct arena *arena, const char **reason, struct err *err) {
  *reason = text_lines(wish->reason, REOPENING_REASON_MAX, arena);
  wish->fault = *reason == NULL ? REOPENING_BAD_REASON : (*reason)[0] == '\0' ? REOPENING_NO_REASON : REOPENING_OK;
  return wish->fault == REOPENING_OK || err_set(err, ERR_INPUT, "a reason has 1 to %d characters", REOPENING_REASON_MAX);
}

static bool check_submitted(struct db *db, const struct work *work, const struct reopening_wish *wish,
                            struct arena *arena, struct err *err) {
  const struct submitted *list;
  if (work->item.closed) return err_set(err, ERR_LOCKED, "the round is closed");
  if (work->item.status != RESPONSE_SUBMITTED) return err_set(err, ERR_CONFLICT, "this response is not submitted");
  size_t count = submitted_list(db, work, arena, &list, err);
  int last = count > 0 ? list[0].submission.number : 0;
  return last == wish->seen || err_set(err, ERR_CONFLICT, "it was submitted anew");
}

static bool tell(struct db *db, const struct work *work, const struct reopening_wish *wish, const char *reason,
                 struct arena *arena, struct err *err) {
  const struct mail_message message = {
      .kind = MAIL_REOPENED,
      .reason = arena_printf(arena, "reopened %" PRId64 " %d", work->item.response, wish->seen),
      .round = work->item.round,
      .text = reason,
      .path = arena_printf(arena, "/r/%" PRId64, work->item.response),
  };
  return tell_contacts(db, work->institution, &message, work->item.form, err);
}

bool reopening_put(struct db *db, const struct actor *actor, int64_t response, struct reopening_wish *wish,
                   struct err *err) {
  struct arena *arena = arena_new();
  const char *reason = NULL;
  const struct work *work = NULL;
  bool ok = rights_allow(actor, ACTION_STEER, 0) || err_set(err, ERR_NOT_FOUND, "there is no such response");
  wish->fault = REOPENING_OK;
  if (ok) work = work_peek(db, actor, response, arena, err);
  ok = work != NULL && check_submitted(db, work, wish, arena, err) && check_reason(wish, arena, &reason, err);
  ok = ok && submission_reopen(db, response, wish->seen, reason, actor->person, err) &&
       stored_response_reopen(db, response, err) && disposition_keep(db, response, err) &&
       event_add_response(db, actor->person, "reopen", response, reason, err) &&
       (!work->item.for_contacts || tell(db, work, wish, reason, arena, err));
  arena_free(arena);
  return ok;
}
