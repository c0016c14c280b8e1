#include "survey/tell.h"

#include <inttypes.h>

#include "base/clock.h"
#include "store/person.h"

/* The person's language as an index of the form's. */
static int language_of(struct db *db, const struct form *form, int64_t person, struct err *err) {
  struct stmt *stmt;
  struct person_details details;
  int language = person_details(db, person, &stmt, &details, err) ? form_language(form, details.language) : 0;
  stmt_end(stmt);
  return language;
}

bool tell_invited(struct db *db, const struct actor *actor, int64_t person, struct err *err) {
  struct arena *arena = arena_new();
  struct mail_message message = {
      .kind = MAIL_INVITATION,
      .person = person,
      .reason = arena_printf(arena, "invitation %" PRId64 " %" PRId64, person, clock_now_ms()),
      .inviter = actor->name,
  };
  bool ok = mail_put(db, &message, err);
  arena_free(arena);
  return ok;
}

bool tell_assigned(struct db *db, const struct actor *actor, const struct work *work, int section, int64_t person,
                   struct err *err) {
  if (person == actor->person) return true;
  struct arena *arena = arena_new();
  const struct form *form = work->item.form;
  const char *id = form->sections[section].id;
  struct mail_message message = {
      .kind = MAIL_ASSIGNMENT,
      .person = person,
      .reason = arena_printf(arena, "assignment %" PRId64 " %s %" PRId64, work->item.response, id, clock_now_ms()),
      .round = work->item.round,
      .inviter = actor->name,
      .section = form->sections[section].title.in[language_of(db, form, person, err)],
      .path = arena_printf(arena, "/r/%" PRId64 "/s/%s", work->item.response, id),
  };
  bool ok = mail_put(db, &message, err);
  arena_free(arena);
  return ok;
}

/* The contacts but one; the list must be over before mail is put. */
static size_t list_contacts(struct db *db, int64_t but, int64_t institution, struct arena *arena, int64_t **out,
                          struct err *err) {
  struct colleague colleague;
  size_t count = 0, cap = 0;
  struct stmt *stmt = colleague_list(db, institution);
  *out = NULL;
  while (colleague_next(stmt, &colleague, err)) {
    if (colleague.id == but) continue;
    if (count == cap) {
      cap = cap > 0 ? 2 * cap : 8;
      int64_t *more = arena_array(arena, cap, sizeof *more);
      for (size_t i = 0; i < count; i++) more[i] = (*out)[i];
      *out = more;
    }
    (*out)[count++] = colleague.id;
  }
  stmt_end(stmt);
  return count;
}

bool tell_note(struct db *db, const struct actor *actor, const struct work *work, const char *question, const char *row,
               int64_t note, const char *text, struct err *err) {
  struct arena *arena = arena_new();
  struct err own = {0};
  int64_t *others;
  const struct form *form = work->item.form;
  const struct form_question *q = &form->questions[form_find(form, question)];
  size_t count = actor->role == ROLE_CONTACT ? list_contacts(db, actor->person, work->institution, arena, &others, &own) : 0;
  for (size_t i = 0; i < count && own.code == ERR_NONE; i++) {
    struct mail_message message = {
        .kind = MAIL_NOTE,
        .person = others[i],
        .reason = arena_printf(arena, "note %" PRId64 " %" PRId64, note, others[i]),
        .round = work->item.round,
        .inviter = actor->name,
        .section = arena_printf(arena, "%s %s", q->number, q->text.in[language_of(db, form, others[i], &own)]),
        .text = text,
        .path = arena_printf(arena, "/r/%" PRId64 "/h/%s%s%s", work->item.response, question,
                             row[0] != '\0' ? "?row=" : "", row),
    };
    mail_put(db, &message, &own);
  }
  arena_free(arena);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool tell_contacts(struct db *db, int64_t institution, const struct mail_message *message, const struct form *form,
                   struct err *err) {
  struct arena *arena = arena_new();
  struct err own = {0};
  int64_t *people;
  size_t count = list_contacts(db, 0, institution, arena, &people, &own);
  for (size_t i = 0; i < count && own.code == ERR_NONE; i++) {
    struct mail_message to_one = *message;
    to_one.person = people[i];
    to_one.reason = arena_printf(arena, "%s %" PRId64, message->reason, people[i]);
    if (form != NULL) to_one.section = form->title.in[language_of(db, form, people[i], &own)];
    mail_put(db, &to_one, &own);
  }
  arena_free(arena);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}
