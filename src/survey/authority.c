#include "survey/authority.h"

#include <inttypes.h>
#include <string.h>

#include "store/event.h"
#include "store/extension.h"
#include "store/person.h"
#include "survey/tell.h"
#include "survey/text.h"
#include "survey/work_answers.h"

/* ---- looking */

static bool may_see(const struct actor *actor, int64_t institution) {
  return rights_allow(actor, ACTION_SEE_FIELD, institution) || rights_allow(actor, ACTION_COLLEAGUES, institution);
}

static void copy(struct authority *authority, struct arena *arena) {
  authority->round = arena_copy(arena, authority->round);
  authority->person_name = arena_copy(arena, authority->person_name);
  authority->given_by = arena_copy(arena, authority->given_by);
  authority->document = arena_copy(arena, authority->document);
  authority->recorded_by = arena_copy(arena, authority->recorded_by);
  authority->ended_by = arena_copy(arena, authority->ended_by);
}

/* Takes the statement. */
static size_t read_all(struct stmt *stmt, struct arena *arena, const struct authority **out, struct err *err) {
  struct authority stored;
  struct authority *list = NULL;
  struct err own = {0};
  size_t count = 0, cap = 0;
  while (authority_next(stmt, &stored, &own)) {
    if (count == cap) {
      struct authority *more = arena_array(arena, cap = cap > 0 ? cap * 2 : 8, sizeof *more);
      if (list != NULL) memcpy(more, list, count * sizeof *more);
      list = more;
    }
    copy(&stored, arena);
    list[count++] = stored;
  }
  stmt_end(stmt);
  *out = list;
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  return own.code == ERR_NONE ? count : 0;
}

size_t authority_read(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                      struct arena *arena, const struct authority **out, struct err *err) {
  *out = NULL;
  if (may_see(actor, institution)) return read_all(authority_list(db, round, institution), arena, out, err);
  err_set(err, ERR_NOT_FOUND, "there is no such institution");
  return 0;
}

size_t authority_people(struct db *db, const struct actor *actor, struct arena *arena,
                        const struct authority_person **out, struct err *err) {
  struct authority_person *list = NULL;
  struct err own = {0};
  size_t count = 0, cap = 0;
  int64_t person;
  const char *name;
  *out = NULL;
  if (!rights_allow(actor, ACTION_ON_BEHALF, 0)) return 0;
  struct stmt *stmt = authority_staff(db);
  while (authority_next_staff(stmt, &person, &name, &own)) {
    if (count == cap) {
      struct authority_person *more = arena_array(arena, cap = cap > 0 ? cap * 2 : 8, sizeof *more);
      if (list != NULL) memcpy(more, list, count * sizeof *more);
      list = more;
    }
    list[count++] = (struct authority_person){person, arena_copy(arena, name)};
  }
  stmt_end(stmt);
  *out = list;
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  return count;
}

/* Also of an institution that the actor must not know of. */
static bool find(struct db *db, const struct actor *actor, int64_t id, struct arena *arena, struct authority *out,
                 struct err *err) {
  const struct authority *found;
  struct err own = {0};
  size_t count = read_all(authority_query(db, id), arena, &found, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  if (count == 0 || !may_see(actor, found->institution)) return err_set(err, ERR_NOT_FOUND, "there is no such authority");
  *out = *found;
  return true;
}

/* The entries must be over before responses are opened for their forms. */
static size_t read_entries(struct db *db, const struct authority *authority, struct arena *arena,
                           struct authority_entry **out, struct err *err) {
  size_t count = 0;
  struct authority_entry *list = arena_array(arena, AUTHORITY_ENTRIES_MAX + 1, sizeof *list);
  struct stmt *stmt = authority_entries(db, authority, AUTHORITY_ENTRIES_MAX + 1);
  while (authority_next_entry(stmt, &list[count], err)) {
    struct answer_row *answer = &list[count++].answer;
    answer->question = arena_copy(arena, answer->question);
    answer->row = arena_copy(arena, answer->row);
    if (answer->value != NULL) answer->value = arena_copy(arena, answer->value);
  }
  stmt_end(stmt);
  *out = list;
  return count;
}

bool authority_open(struct db *db, const struct actor *actor, int64_t id, struct arena *arena, struct authority *out,
                    const struct authority_change **changes, size_t *count, bool *cut, struct err *err) {
  struct authority_entry *entries;
  struct err own = {0};
  const struct work *work = NULL;
  if (!find(db, actor, id, arena, out, err)) return false;
  size_t found = read_entries(db, out, arena, &entries, &own);
  *cut = found > AUTHORITY_ENTRIES_MAX;
  *count = *cut ? AUTHORITY_ENTRIES_MAX : found;
  struct authority_change *list = arena_array(arena, *count, sizeof *list);
  for (size_t i = 0; i < *count && own.code == ERR_NONE; i++) {
    const struct answer_row *answer = &entries[i].answer;
    if (work == NULL || work->item.response != entries[i].response) work = work_peek(db, actor, entries[i].response, arena, &own);
    if (work == NULL) break;
    int question = form_find(work->item.form, answer->question);
    list[i] = (struct authority_change){entries[i].response, work->item.form, question, answer->question, answer->row,
                                        "", answer->changed_ms};
    if (question >= 0) list[i].value = work_show(work->item.form, question, answer->state, answer->value, actor->language, arena).text;
  }
  *changes = list;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- recording one, and ending it */

static bool tell(struct db *db, const struct authority *authority, enum mail_kind kind, struct arena *arena,
                 struct err *err) {
  const struct mail_message message = {
      .kind = kind,
      .reason = arena_printf(arena, "%s %" PRId64, mail_kind_name(kind), authority->id),
      .round = authority->round,
      .inviter = authority->person_name,
      .section = authority->given_by,
      .text = authority->document,
  };
  return tell_contacts(db, authority->institution, &message, NULL, err);
}

static bool note(struct db *db, const struct actor *actor, const char *kind, const struct authority *authority,
                 struct arena *arena, struct err *err) {
  const char *subject = arena_printf(arena, "institution %" PRId64, authority->institution);
  const char *detail = arena_printf(arena, "%s; %s; %s", authority->person_name, authority->given_by, authority->document);
  return event_add(db, actor != NULL ? actor->person : 0, kind, subject, detail, err);
}

static bool check_round(struct db *db, const char *round, int64_t institution, struct err *err) {
  struct stmt *stmt;
  struct terms terms;
  struct err own = {0};
  bool found = terms_find(db, round, institution, &stmt, &terms, &own);
  bool closed = found && terms.closed_ms != 0;
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  if (!found) return err_set(err, ERR_NOT_FOUND, "the round does not ask such an institution");
  return !closed || err_set(err, ERR_LOCKED, "the round is closed");
}

/* A line that must hold something; "" counts as nothing. */
static const char *needed(const char *text, size_t max, struct arena *arena) {
  const char *line = text_line(text, max, arena);
  return line != NULL && line[0] != '\0' ? line : NULL;
}

static bool is_coordinator(struct db *db, int64_t person, struct err *err) {
  struct person_standing standing;
  return person_stand(db, person, &standing, err) && standing.role == ROLE_COORDINATOR && standing.removed_ms == 0;
}

static enum authority_fault read_wish(struct db *db, const struct authority_wish *wish, struct arena *arena,
                                      struct authority *out, struct err *err) {
  bool ignored;
  const char *name = needed(wish->name, AUTHORITY_NAME_MAX, arena);
  const char *position = needed(wish->position, AUTHORITY_NAME_MAX, arena);
  out->person = wish->person;
  out->may_submit = wish->may_submit;
  out->document = needed(wish->document, AUTHORITY_DOCUMENT_MAX, arena);
  if (!is_coordinator(db, wish->person, err)) return AUTHORITY_NO_PERSON;
  if (authority_find_live(db, out->round, out->institution, wish->person, &ignored, err) != 0) return AUTHORITY_HOLDS;
  if (name == NULL) return AUTHORITY_BAD_NAME;
  if (position == NULL) return AUTHORITY_BAD_POSITION;
  out->given_by = arena_printf(arena, "%s, %s", name, position);
  return out->document == NULL ? AUTHORITY_BAD_DOCUMENT : AUTHORITY_OK;
}

static bool store(struct db *db, const struct actor *actor, const struct authority *authority, struct arena *arena,
                  struct err *err) {
  struct authority stored;
  int64_t id = authority_add(db, authority, actor->person, err);
  return id != 0 && find(db, actor, id, arena, &stored, err) && note(db, actor, "authority", &stored, arena, err) &&
         tell(db, &stored, MAIL_BEHALF, arena, err);
}

bool authority_put(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                   struct authority_wish *wish, struct err *err) {
  struct arena *arena = arena_new();
  struct err own = {0};
  struct authority authority = {.round = round, .institution = institution};
  wish->fault = AUTHORITY_OK;
  bool ok = rights_allow(actor, ACTION_ON_BEHALF, institution) || err_set(&own, ERR_NOT_FOUND, "there is no such institution");
  ok = ok && check_round(db, round, institution, &own);
  if (ok) wish->fault = read_wish(db, wish, arena, &authority, &own);
  if (own.code == ERR_NONE && wish->fault != AUTHORITY_OK) err_set(&own, ERR_INPUT, "this authority cannot be recorded");
  ok = own.code == ERR_NONE && store(db, actor, &authority, arena, &own);
  arena_free(arena);
  return ok || err_set(err, own.code, "%s", own.text);
}

static bool end(struct db *db, const struct actor *actor, const struct authority *authority, struct arena *arena,
                struct err *err) {
  return authority_end(db, authority->id, actor != NULL ? actor->person : 0, err) &&
         note(db, actor, "authority_end", authority, arena, err) && tell(db, authority, MAIL_BEHALF_END, arena, err);
}

bool authority_stop(struct db *db, const struct actor *actor, int64_t id, struct err *err) {
  struct arena *arena = arena_new();
  struct authority authority;
  bool ok = find(db, actor, id, arena, &authority, err);
  bool may = ok && (rights_allow(actor, ACTION_ON_BEHALF, authority.institution) ||
                    rights_allow(actor, ACTION_COLLEAGUES, authority.institution));
  if (ok && !may) ok = err_set(err, ERR_DENIED, "you may not end this authority");
  ok = ok && end(db, actor, &authority, arena, err);
  arena_free(arena);
  return ok;
}

bool authority_stop_round(struct db *db, const char *round, struct err *err) {
  struct arena *arena = arena_new();
  const struct authority *list;
  struct err own = {0};
  size_t count = read_all(authority_list_live(db, round), arena, &list, &own);
  bool ok = own.code == ERR_NONE;
  for (size_t i = 0; ok && i < count; i++) ok = end(db, NULL, &list[i], arena, &own);
  arena_free(arena);
  return ok || err_set(err, own.code, "%s", own.text);
}
