#include "survey/contact_log.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "store/event.h"
#include "survey/steer.h"
#include "survey/text.h"

#define NOON (12 * 60)
#define FAR_MS (INT64_C(366) * 86400000)
#define AHEAD_MS (INT64_C(5) * 60000) /* a watch that is fast */

static const char *const kinds[CONTACT_KINDS] = {"call", "letter", "email", "meeting"};

const char *contact_kind_name(int kind) { return kinds[kind]; }

/* Takes the statement. */
static size_t read_all(struct stmt *stmt, size_t max, struct arena *arena, const struct contact_entry **out, struct err *err) {
  struct contact_entry stored;
  struct contact_entry *list = NULL;
  struct err own = {0};
  size_t count = 0, cap = 0;
  while (count < max && contact_log_next(stmt, &stored, &own)) {
    if (count == cap) {
      struct contact_entry *more = arena_array(arena, cap = cap > 0 ? cap * 2 : 16, sizeof *more);
      if (list != NULL) memcpy(more, list, count * sizeof *more);
      list = more;
    }
    stored.round = arena_copy(arena, stored.round);
    stored.institution_name = arena_copy(arena, stored.institution_name);
    stored.with_whom = arena_copy(arena, stored.with_whom);
    stored.text = arena_copy(arena, stored.text);
    stored.person_name = arena_copy(arena, stored.person_name);
    list[count++] = stored;
  }
  stmt_end(stmt);
  *out = list;
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  return own.code == ERR_NONE ? count : 0;
}

static bool may_steer(const struct actor *actor, struct err *err) {
  return rights_allow(actor, ACTION_STEER, 0) || err_set(err, ERR_NOT_FOUND, "there is no such log");
}

size_t contact_log_read(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                        struct arena *arena, const struct contact_entry **out, struct err *err) {
  *out = NULL;
  if (!may_steer(actor, err)) return 0;
  return read_all(contact_log_list(db, round, institution), SIZE_MAX, arena, out, err);
}

size_t contact_log_day(struct db *db, const struct actor *actor, int day, struct arena *arena,
                       const struct contact_entry **out, struct err *err) {
  *out = NULL;
  if (!may_steer(actor, err)) return 0;
  struct stmt *stmt = contact_log_between(db, clock_riga_ms(day, 0), clock_riga_ms(day + 1, 0) - 1);
  return read_all(stmt, CONTACT_DAY_MAX, arena, out, err);
}

/* ---- writing down */

static enum contact_fault read_moment(const struct contact_wish *wish, struct arena *arena, int64_t *happened_ms) {
  int64_t now = clock_now_ms();
  int day = clock_riga_day(now), minute = NOON;
  bool dated = wish->date[strspn(wish->date, " ")] != '\0', timed = wish->time[strspn(wish->time, " ")] != '\0';
  *happened_ms = now;
  if (!dated && !timed) return CONTACT_OK;
  if (dated && !text_day(wish->date, arena, &day)) return CONTACT_NO_DATE;
  if (timed && !text_minute(wish->time, &minute)) return CONTACT_NO_TIME;
  *happened_ms = clock_riga_ms(day, minute);
  /* Today at noon, before noon: now. */
  if (!timed && day == clock_riga_day(now) && *happened_ms > now) *happened_ms = now;
  if (*happened_ms > now + AHEAD_MS) return CONTACT_FUTURE;
  return *happened_ms < now - FAR_MS ? CONTACT_FAR : CONTACT_OK;
}

static enum contact_fault read_wish(const struct contact_wish *wish, struct arena *arena, struct contact_entry *out) {
  for (out->kind = 0; out->kind < CONTACT_KINDS && strcmp(kinds[out->kind], wish->kind) != 0;) out->kind++;
  out->incoming = wish->incoming;
  out->with_whom = text_line(wish->with_whom, CONTACT_NAME_MAX, arena);
  out->text = text_lines(wish->text, CONTACT_TEXT_MAX, arena);
  if (out->kind == CONTACT_KINDS) return CONTACT_BAD_KIND;
  if (out->with_whom == NULL) return CONTACT_BAD_NAME;
  if (out->text == NULL) return CONTACT_BAD_TEXT;
  if (out->text[0] == '\0') return CONTACT_NO_TEXT;
  return read_moment(wish, arena, &out->happened_ms);
}

static bool note(struct db *db, const struct actor *actor, const char *kind, int64_t institution, const char *detail,
                 struct arena *arena, struct err *err) {
  return event_add(db, actor->person, kind, arena_printf(arena, "institution %" PRId64, institution), detail, err);
}

bool contact_log_put(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                     struct contact_wish *wish, struct err *err) {
  struct arena *arena = arena_new();
  struct steer_place place;
  struct contact_entry entry = {.institution = institution, .person = actor->person};
  wish->fault = CONTACT_OK;
  bool ok = steer_find(db, actor, round, institution, arena, &place, err);
  if (ok) wish->fault = read_wish(wish, arena, &entry);
  if (ok && wish->fault != CONTACT_OK) ok = err_set(err, ERR_INPUT, "this cannot be written down");
  if (ok) entry.round = place.round;
  const char *between = ok && entry.with_whom[0] != '\0' ? ": " : "";
  ok = ok && contact_log_add(db, &entry, err) &&
       note(db, actor, "contact", institution, arena_printf(arena, "%s%s%s", entry.with_whom, between, entry.text), arena, err);
  arena_free(arena);
  return ok;
}

bool contact_log_take_back(struct db *db, const struct actor *actor, int64_t id, struct err *err) {
  struct arena *arena = arena_new();
  int64_t institution;
  bool ok = may_steer(actor, err) && contact_log_remove(db, id, actor->person, &institution, err) &&
            note(db, actor, "contact_back", institution, "", arena, err);
  arena_free(arena);
  return ok;
}
