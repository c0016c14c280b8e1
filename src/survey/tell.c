#include "survey/tell.h"

#include <inttypes.h>

#include "base/clock.h"
#include "store/answer.h"
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

/* Whom to write to; a list must be over before mail is put. */
struct people {
  struct arena *arena;
  int64_t *ids;
  size_t count, cap;
};

static void add_person(struct people *people, int64_t id) {
  if (people->count == people->cap) {
    people->cap = people->cap > 0 ? 2 * people->cap : 8;
    int64_t *more = arena_array(people->arena, people->cap, sizeof *more);
    for (size_t i = 0; i < people->count; i++) more[i] = people->ids[i];
    people->ids = more;
  }
  people->ids[people->count++] = id;
}

/* The contacts but one, 0: all. */
static size_t list_contacts(struct db *db, int64_t but, int64_t institution, struct arena *arena, int64_t **out,
                          struct err *err) {
  struct colleague colleague;
  struct people list = {.arena = arena};
  struct stmt *stmt = colleague_list(db, institution);
  while (colleague_next(stmt, &colleague, err))
    if (colleague.id != but) add_person(&list, colleague.id);
  stmt_end(stmt);
  *out = list.ids;
  return list.count;
}

/* The expert who gave the answer, if one did who takes part still; 0. */
static int64_t find_author(struct db *db, int64_t response, const char *question, const char *row, struct err *err) {
  struct answer_row newest = {.person = 0};
  struct person_standing standing;
  struct stmt *stmt = answer_history(db, response, question, row);
  answer_history_next(stmt, &newest, err);
  stmt_end(stmt);
  bool there = newest.person != 0 && person_stand(db, newest.person, &standing, err);
  return there && standing.role == ROLE_EXPERT && standing.removed_ms == 0 ? newest.person : 0;
}

static size_t list_experts(struct db *db, struct arena *arena, int64_t **out, struct err *err) {
  struct person person;
  struct people list = {.arena = arena};
  struct stmt *stmt = person_list(db);
  while (person_next(stmt, &person, err))
    if (person.role == ROLE_EXPERT && !person.removed) add_person(&list, person.id);
  stmt_end(stmt);
  *out = list.ids;
  return list.count;
}

bool tell_query(struct db *db, const struct actor *actor, const struct work *work, const char *question, const char *row,
                int64_t query, int number, const char *text, struct err *err) {
  struct arena *arena = arena_new();
  struct err own = {0};
  int64_t *people, author = 0;
  size_t count;
  const struct form *form = work->item.form;
  int index = form_find(form, question);
  if (work->item.for_contacts) count = list_contacts(db, actor->person, work->institution, arena, &people, &own);
  else if ((author = find_author(db, work->item.response, question, row, &own)) != 0) people = &author, count = 1;
  else count = list_experts(db, arena, &people, &own);
  for (size_t i = 0; i < count && own.code == ERR_NONE; i++) {
    const struct form_question *q = index < 0 ? NULL : &form->questions[index];
    const char *about = q == NULL ? question : arena_printf(arena, "%s %s", q->number, q->text.in[language_of(db, form, people[i], &own)]);
    struct mail_message message = {
        .kind = MAIL_QUERY,
        .person = people[i],
        .reason = arena_printf(arena, "query %" PRId64 " %d %" PRId64, query, number, people[i]),
        .round = work->item.round,
        .inviter = actor->name,
        .section = work->item.for_contacts ? about : arena_printf(arena, "%s, %s", work->institution_name, about),
        .text = text,
        .path = arena_printf(arena, "/r/%" PRId64 "/queries", work->item.response),
    };
    mail_put(db, &message, &own);
  }
  arena_free(arena);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
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
