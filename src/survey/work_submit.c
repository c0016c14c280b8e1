#include <string.h>

#include "base/utf8.h"
#include "store/confirmation.h"
#include "store/event.h"
#include "store/stored_response.h"
#include "store/submission.h"
#include "survey/checksum.h"
#include "survey/disposition.h"
#include "survey/work_answers.h"

#define COMMENT_CHARACTERS_MAX 2000

static bool is_soft(const struct violation *violation) {
  return violation->severity == SEVERITY_WARNING && violation->check != NULL;
}

static const struct violation *find_soft(const struct work *work, const char *check_key, const char *row) {
  for (size_t i = 0; i < work->state->violation_count; i++) {
    const struct violation *violation = &work->state->violations[i];
    if (!is_soft(violation) || strcmp(violation->check->key, check_key) != 0) continue;
    if (strcmp(work_row_id(work, violation->question, violation->row), row) == 0) return violation;
  }
  return NULL;
}

static bool check_comment(const char *comment, struct err *err) {
  size_t len = strlen(comment);
  bool good = utf8_check(comment, len, NULL) && utf8_count(comment, len) <= COMMENT_CHARACTERS_MAX &&
              comment[strspn(comment, " \t\r\n")] != '\0';
  return good || err_set(err, ERR_INPUT, "a comment has 1 to %d characters", COMMENT_CHARACTERS_MAX);
}

bool work_confirm(struct db *db, const struct actor *actor, int64_t response_id, const char *check_key, const char *row,
                  const char *comment, struct err *err) {
  struct arena *arena = arena_new();
  struct buf message = {0};
  bool ok = false;
  struct work *work = work_load_to_change(db, actor, response_id, arena, err);
  if (work == NULL || !check_comment(comment, err)) goto out;
  work->state = state_compute(work->response, arena);
  const struct violation *violation = find_soft(work, check_key, row);
  if (violation == NULL) {
    err_set(err, ERR_NOT_FOUND, "there is nothing to confirm; the answers have changed");
    goto out;
  }
  state_message(work->state, violation, 0, &message);
  struct confirmation confirmation = {
      .check_key = check_key, .row = row, .message = buf_text(&message), .comment = comment, .person = actor->person};
  ok = confirmation_add(db, response_id, &confirmation, err);
  if (ok) work = work_load(db, actor, response_id, arena, err); /* with the confirmation: it may have been the last one */
  ok = ok && work != NULL && work_keep_progress(db, work, arena, err);
out:
  buf_free(&message);
  arena_free(arena);
  return ok;
}

static bool check_complete(const struct work *work, struct err *err) {
  const struct state *state = work->state;
  if (!state->complete) {
    size_t errors = 0;
    for (size_t i = 0; i < state->violation_count; i++) errors += state->violations[i].severity == SEVERITY_ERROR;
    return err_set(err, ERR_INPUT, "%zu answers are missing and %zu are wrong", state->missing_count, errors);
  }
  for (size_t i = 0; i < state->violation_count; i++) {
    const struct violation *violation = &state->violations[i];
    if (is_soft(violation) && !work_confirmed(work, violation)) {
      return err_set(err, ERR_INPUT, "%s: a warning is neither put right nor confirmed",
                     work->item.form->questions[violation->question].id);
    }
  }
  for (const struct work_rival *rival = work->rivals; rival != NULL; rival = rival->next) {
    if (work_asks(work, rival)) {
      return err_set(err, ERR_INPUT, "%s: nobody has chosen one of the answers",
                     work->item.form->questions[rival->question].id);
    }
  }
  return true;
}

bool work_is_ready(const struct work *work) { return check_complete(work, &(struct err){0}); }

bool work_store_submission(struct db *db, const struct work *work, const struct actor *actor, struct err *err) {
  char checksum[SECRET_HASH_LEN + 1], receipt[CHECKSUM_RECEIPT_LEN + 1];
  int64_t id = work->item.response;
  if (!checksum_compute(db, work, checksum, err)) return false;
  checksum_receipt(checksum, receipt);
  return submission_add(db, id, work->item.revision, actor->person, checksum, err) &&
         stored_response_submit(db, id, actor->person, receipt, err) && disposition_keep(db, id, err) &&
         event_add_response(db, actor->person, "submit", id, receipt, err);
}

bool work_may_submit(const struct actor *actor, const struct work *work) {
  if (work->authority != 0) return work->authority_submits;
  if (!rights_allow(actor, ACTION_SUBMIT, work->institution)) return false;
  bool only_one = actor->role == ROLE_CONTACT && work->item.responsible_submits && work->item.responsible != 0;
  return !only_one || work->item.responsible == actor->person;
}

bool work_submit(struct db *db, const struct actor *actor, int64_t response_id, int64_t revision, struct err *err) {
  struct arena *arena = arena_new();
  bool ok = false;
  struct work *work = work_load_to_change(db, actor, response_id, arena, err);
  if (work == NULL) goto out;
  if (!work_may_submit(actor, work)) {
    err_set(err, ERR_DENIED, "you may not submit this");
    goto out;
  }
  if (work->item.revision != revision) {
    err_set(err, ERR_CONFLICT, "the response has changed since it was read through");
    goto out;
  }
  work->state = state_compute(work->response, arena);
  ok = check_complete(work, err) && work_store_submission(db, work, actor, err);
out:
  arena_free(arena);
  return ok;
}
