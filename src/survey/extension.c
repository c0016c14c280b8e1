#include "survey/extension.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "store/event.h"
#include "survey/round_file.h"
#include "survey/tell.h"
#include "survey/text.h"

#define FAR_DAYS 366

static bool may_steer(const struct actor *actor, int64_t institution, struct err *err) {
  return rights_allow(actor, ACTION_STEER, institution) || err_set(err, ERR_NOT_FOUND, "there is no such round");
}

static bool read_terms(struct db *db, const char *round, int64_t institution, struct arena *arena, struct terms *out,
                       struct err *err) {
  struct stmt *stmt;
  struct err own = {0};
  bool found = terms_find(db, round, institution, &stmt, out, &own);
  if (found) {
    out->opens = arena_copy(arena, out->opens);
    out->deadline = arena_copy(arena, out->deadline);
    out->own_deadline = arena_copy(arena, out->own_deadline);
  }
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return found || err_set(err, ERR_NOT_FOUND, "there is no such round");
}

static bool read_changes(struct db *db, const char *round, int64_t institution, struct arena *arena,
                         struct extension_state *out, struct err *err) {
  struct extension change;
  struct extension *list = NULL;
  struct err own = {0};
  out->count = 0;
  struct stmt *stmt = extension_list(db, round, institution);
  while (extension_next(stmt, &change, &own)) {
    /* The newest has the highest number, and there are no gaps. */
    if (list == NULL) list = arena_array(arena, (size_t)change.number, sizeof *list);
    change.deadline = arena_copy(arena, change.deadline);
    change.reason = arena_copy(arena, change.reason);
    change.person = arena_copy(arena, change.person);
    list[out->count++] = change;
  }
  stmt_end(stmt);
  out->changes = list;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool extension_read(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                    struct arena *arena, struct extension_state *out, struct err *err) {
  return may_steer(actor, institution, err) && read_terms(db, round, institution, arena, &out->terms, err) &&
         read_changes(db, round, institution, arena, out, err);
}

const char *extension_reason(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                             struct err *err) {
  struct terms terms;
  struct stmt *stmt;
  struct extension last;
  const char *reason = NULL;
  if (actor->institution == 0 || !rights_allow(actor, ACTION_FILL, actor->institution)) return NULL;
  bool longer = terms_find(db, round, actor->institution, &stmt, &terms, err) && terms.own_deadline_ms > terms.deadline_ms;
  stmt_end(stmt);
  if (!longer) return NULL;
  stmt = extension_list(db, round, actor->institution);
  if (extension_next(stmt, &last, err)) reason = last.shown ? arena_copy(arena, last.reason) : "";
  stmt_end(stmt);
  return reason;
}

/* ---- changing */

static enum extension_fault check_day(int day, const struct extension_state *state, int64_t institution) {
  int opens = 0, today = clock_riga_day(clock_now_ms());
  char text[11];
  clock_format_date(day, text);
  clock_parse_date(state->terms.opens, strlen(state->terms.opens), &opens);
  if (day < today) return EXTENSION_PAST;
  if (day < opens) return EXTENSION_EARLY;
  if (day > (today > opens ? today : opens) + FAR_DAYS) return EXTENSION_FAR;
  if (institution != 0 && strcmp(text, state->terms.deadline) <= 0) return EXTENSION_NOT_LATER;
  return strcmp(text, institution != 0 ? state->terms.own_deadline : state->terms.deadline) == 0 ? EXTENSION_SAME
                                                                                                : EXTENSION_OK;
}

static enum extension_fault read_wish(const struct extension_wish *wish, const struct extension_state *state,
                                      int64_t institution, struct arena *arena, struct extension *out, int64_t *deadline_ms) {
  int day;
  *out = (struct extension){.deadline = "", .shown = wish->shown && !wish->takes_back};
  out->reason = text_lines(wish->reason, EXTENSION_REASON_MAX, arena);
  if (!wish->takes_back) {
    if (!text_day(wish->date, arena, &day)) return EXTENSION_NO_DATE;
    enum extension_fault fault = check_day(day, state, institution);
    if (fault != EXTENSION_OK) return fault;
    char *text = arena_alloc(arena, 11);
    clock_format_date(day, text);
    out->deadline = text;
    *deadline_ms = round_file_end_of_day_ms(day);
  }
  if (out->reason == NULL) return EXTENSION_BAD_REASON;
  return out->reason[0] == '\0' && !wish->takes_back ? EXTENSION_NO_REASON : EXTENSION_OK;
}

static bool tell(struct db *db, const char *round, int64_t institution, int number, const struct extension *extension,
                 struct arena *arena, struct err *err) {
  const struct mail_message message = {
      .kind = MAIL_EXTENSION,
      .reason = arena_printf(arena, "extension %s %" PRId64 " %d", round, institution, number),
      .round = round,
      .text = extension->shown && extension->reason[0] != '\0' ? extension->reason : NULL,
  };
  return tell_contacts(db, institution, &message, NULL, err);
}

/* The day as it is written in every language: 13.12.2017 */
static const char *plain_day(const char *iso, struct arena *arena) {
  return arena_printf(arena, "%.2s.%.2s.%.4s", iso + 8, iso + 5, iso);
}

static bool note(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                 const struct extension *extension, struct arena *arena, struct err *err) {
  const char *subject = institution == 0 ? arena_printf(arena, "round %s", round)
                                         : arena_printf(arena, "institution %" PRId64, institution);
  bool back = extension->deadline[0] == '\0';
  const char *day = back ? "" : plain_day(extension->deadline, arena);
  const char *detail = extension->reason[0] == '\0' ? day
                       : back ? extension->reason : arena_printf(arena, "%s: %s", day, extension->reason);
  return event_add(db, actor->person, institution == 0 ? "deadline" : back ? "extension_back" : "extension", subject, detail, err);
}

static bool check_wish(const struct extension_state *state, struct extension_wish *wish, struct err *err) {
  int last = state->count > 0 ? state->changes[0].number : 0;
  if (state->terms.closed_ms != 0) return err_set(err, ERR_LOCKED, "the round is closed");
  if (wish->seen != last) return err_set(err, ERR_CONFLICT, "the last day was changed meanwhile");
  if (wish->takes_back && state->terms.own_deadline[0] == '\0') wish->fault = EXTENSION_SAME;
  return wish->fault == EXTENSION_OK || err_set(err, ERR_INPUT, "there is nothing to take back");
}

bool extension_put(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                   struct extension_wish *wish, struct err *err) {
  struct arena *arena = arena_new();
  struct extension_state state;
  struct extension extension;
  int64_t deadline_ms = 0;
  wish->fault = EXTENSION_OK;
  bool ok = extension_read(db, actor, round, institution, arena, &state, err) && check_wish(&state, wish, err);
  if (ok) wish->fault = read_wish(wish, &state, institution, arena, &extension, &deadline_ms);
  if (ok && wish->fault != EXTENSION_OK) ok = err_set(err, ERR_INPUT, "the last day cannot be moved to that");
  ok = ok && extension_add(db, round, institution, &extension, deadline_ms, actor->person, err) &&
       note(db, actor, round, institution, &extension, arena, err) &&
       (institution == 0 || tell(db, round, institution, wish->seen + 1, &extension, arena, err));
  arena_free(arena);
  return ok;
}
