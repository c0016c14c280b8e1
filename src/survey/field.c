#include "survey/field.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "store/contact.h"
#include "store/event.h"
#include "store/institution.h"
#include "store/overview.h"
#include "store/person.h"
#include "store/round.h"
#include "store/sitting.h"
#include "survey/collate.h"
#include "survey/email.h"
#include "survey/forms.h"
#include "survey/people.h"
#include "survey/text.h"

#define TEXT_CHARACTERS_MAX 200
#define PAGE_MAX 1000

/* ---- people */

static bool check_text(const char *text, const char *what, struct err *err) {
  size_t len = strlen(text);
  bool good = utf8_check(text, len, NULL) && utf8_count(text, len) <= TEXT_CHARACTERS_MAX;
  for (size_t i = 0; good && i < len; i++) good = (unsigned char)text[i] >= ' ' && text[i] != 0x7F;
  return good || err_set(err, ERR_INPUT, "%s has at most %d characters in one line", what, TEXT_CHARACTERS_MAX);
}

static bool check_person(const struct field_person *person, struct err *err) {
  if (person->name[strspn(person->name, " ")] == '\0') return err_set(err, ERR_INPUT, "a person needs a name");
  if (!check_text(person->name, "a name", err) || !check_text(person->phone, "a phone number", err)) return false;
  bool has_institution = person->institution != NULL && person->institution[0] != '\0';
  if (person->role == ROLE_CONTACT && !has_institution) return err_set(err, ERR_INPUT, "a contact needs an institution");
  if (person->role != ROLE_CONTACT && has_institution) {
    return err_set(err, ERR_INPUT, "only contacts have an institution");
  }
  return text_is_language(person->language) || err_set(err, ERR_INPUT, "the language is lv, en or ru");
}

static bool put_person(struct db *db, const struct field_person *person, const char *email, struct err *err) {
  struct person stored = {
      .email = email,
      .name = person->name,
      .phone = person->phone,
      .language = person->language,
      .role = person->role,
  };
  if (person->role == ROLE_CONTACT) {
    stored.institution = institution_find(db, person->institution, err);
    if (stored.institution == 0) return false;
  }
  int64_t id = person_put(db, &stored, err);
  char subject[40];
  snprintf(subject, sizeof subject, "person %" PRId64, id);
  return id != 0 && event_add(db, 0, "person", subject, email, err) &&
         (!person->responsible || people_name_person(db, id, err));
}

bool field_put_person(struct db *db, const struct field_person *person, struct err *err) {
  struct field_person full = *person;
  struct arena *arena = arena_new();
  if (full.phone == NULL) full.phone = "";
  if (full.language == NULL) full.language = "lv";
  const char *email = email_normalize(person->email, arena, err);
  bool ok = email != NULL && check_person(&full, err) && put_person(db, &full, email, err);
  arena_free(arena);
  return ok;
}

/* ---- looking */

/* A list in an arena that doubles when it is full. */
static void *grow(struct arena *arena, void *list, size_t count, size_t *cap, size_t size) {
  if (count < *cap) return list;
  size_t more_cap = *cap > 0 ? *cap * 2 : 16;
  void *more = arena_array(arena, more_cap, size);
  if (count > 0) memcpy(more, list, count * size);
  *cap = more_cap;
  return more;
}

/* Any signed-in person may know which rounds there are: their help line stands on every page. */
size_t field_rounds(struct db *db, const struct actor *actor, struct arena *arena, const struct field_round **out,
                    struct err *err) {
  struct round round;
  struct field_round *list = NULL;
  size_t count = 0, cap = 0;
  struct stmt *stmt = round_list(db, actor->language);
  while (round_next(stmt, &round, err)) {
    list = grow(arena, list, count, &cap, sizeof *list);
    list[count++] = (struct field_round){
        .id = arena_copy(arena, round.id),
        .title = arena_copy(arena, round.title),
        .opens = arena_copy(arena, round.opens),
        .deadline = arena_copy(arena, round.deadline),
        .deadline_ms = round.deadline_ms,
        .help_phone = arena_copy(arena, round.help_phone),
        .help_email = arena_copy(arena, round.help_email),
    };
  }
  stmt_end(stmt);
  *out = list;
  return count;
}

static const enum overview_order orders[FIELD_SORT_COUNT] = {
    [FIELD_SORT_NAME] = OVERVIEW_BY_NAME,         [FIELD_SORT_DISPOSITION] = OVERVIEW_BY_DISPOSITION,
    [FIELD_SORT_PROGRESS] = OVERVIEW_BY_PROGRESS, [FIELD_SORT_CHANGED] = OVERVIEW_BY_CHANGED,
    [FIELD_SORT_DEADLINE] = OVERVIEW_BY_DEADLINE,
};

bool field_settle(struct db *db, const struct actor *actor, struct field_filter *filter, struct arena *arena,
                  struct err *err) {
  struct err own = {0};
  if (filter->round[0] == '\0') {
    struct round round;
    struct stmt *stmt = round_list(db, actor->language);
    if (round_next(stmt, &round, &own)) filter->round = arena_copy(arena, round.id);
    stmt_end(stmt);
  }
  if (own.code == ERR_NONE && filter->questionnaire[0] == '\0') {
    struct stmt *stmt = overview_questionnaire_ids(db, filter->round);
    const char *id;
    if (overview_next_text(stmt, &id, &own)) filter->questionnaire = arena_copy(arena, id);
    stmt_end(stmt);
  }
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* The filter as the store takes it; what to find is folded into the arena. False when the actor may not look. */
static bool open_filter(struct db *db, const struct actor *actor, const struct field_filter *filter, struct arena *arena,
                        struct overview_filter *out, struct err *err) {
  struct field_filter settled = *filter;
  if (!rights_allow(actor, ACTION_SEE_FIELD, 0)) {
    return err_set(err, ERR_DENIED, "you may not see where the institutions stand");
  }
  if (!utf8_check(filter->find, strlen(filter->find), NULL)) {
    return err_set(err, ERR_INPUT, "what to find is not UTF-8 text");
  }
  if (!field_settle(db, actor, &settled, arena, err)) return false;
  struct buf folded = {0};
  collate_fold(filter->find, &folded);
  unsigned open = filter->dispositions == 0 ? FIELD_OPEN : filter->dispositions & FIELD_OPEN;
  *out = (struct overview_filter){
      .round = settled.round,
      .questionnaire = settled.questionnaire,
      .dispositions = filter->overdue ? open : filter->dispositions,
      .sector = filter->sector,
      .kind = filter->kind,
      .find = arena_copy(arena, buf_text(&folded)),
      .overdue_ms = filter->overdue ? clock_now_ms() : 0,
      .order = orders[filter->sort],
      .descending = filter->descending,
      .offset = filter->offset > 0 ? filter->offset : 0,
      .limit = filter->limit < PAGE_MAX ? filter->limit : PAGE_MAX,
  };
  if (filter->overdue && open == 0) out->round = ""; /* what is submitted is never overdue */
  buf_free(&folded);
  return true;
}

void field_read_row(const struct overview_row *row, struct arena *arena, struct field_row *out) {
  *out = (struct field_row){
      .institution = row->institution,
      .name = arena_copy(arena, row->name),
      .abbreviation = arena_copy(arena, row->abbreviation),
      .kind = arena_copy(arena, row->kind),
      .sector = arena_copy(arena, row->sector),
      .registration_number = arena_copy(arena, row->registration_number),
      .response = row->response,
      .status = (enum response_status)row->status,
      .disposition = (enum disposition)row->disposition,
      .required = row->required,
      .answered = row->answered,
      .opened_ms = row->opened_ms,
      .changed_ms = row->changed_ms,
      .submitted_ms = row->submitted_ms,
      .active_ms = row->active_ms,
      .deadline_ms = row->deadline_ms,
      .own_deadline = row->own_deadline,
      .contacts = row->contacts,
      .contact_name = arena_copy(arena, row->contact_name),
      .contact_phone = arena_copy(arena, row->contact_phone),
      .invited_ms = row->invited_ms,
      .signed_in_ms = row->signed_in_ms,
      .contacted_ms = row->contacted_ms,
  };
}

static size_t read_page(struct db *db, const struct overview_filter *filter, struct arena *arena,
                        const struct field_row **out, struct err *err) {
  struct overview_row row;
  struct field_row *list = NULL;
  size_t count = 0, cap = 0;
  struct stmt *stmt = overview_list(db, filter);
  while (overview_next(stmt, &row, err)) {
    list = grow(arena, list, count, &cap, sizeof *list);
    field_read_row(&row, arena, &list[count++]);
  }
  stmt_end(stmt);
  *out = list;
  return count;
}

size_t field_list(struct db *db, const struct actor *actor, const struct field_filter *filter, struct arena *arena,
                  const struct field_row **out, int *total, struct err *err) {
  struct overview_filter found;
  *out = NULL;
  *total = 0;
  if (!open_filter(db, actor, filter, arena, &found, err)) return 0;
  size_t count = 0;
  *total = overview_count(db, &found, err);
  if (*total > 0) count = read_page(db, &found, arena, out, err);
  if (*total < 0) *total = 0;
  return count;
}

size_t field_institutions(struct db *db, const struct actor *actor, const struct field_filter *filter,
                          struct arena *arena, const int64_t **out, struct err *err) {
  struct overview_filter found;
  int64_t *list = NULL, institution;
  size_t count = 0, cap = 0;
  struct err own = {0};
  *out = NULL;
  if (!open_filter(db, actor, filter, arena, &found, err)) return 0;
  struct stmt *stmt = overview_institutions(db, &found);
  while (overview_next_institution(stmt, &institution, &own)) {
    list = grow(arena, list, count, &cap, sizeof *list);
    list[count++] = institution;
  }
  stmt_end(stmt);
  *out = list;
  if (own.code == ERR_NONE) return count;
  err_set(err, own.code, "%s", own.text);
  return 0;
}

struct keyed {
  const char *text, *key;
};

static int by_key(const void *left, const void *right) {
  return strcmp(((const struct keyed *)left)->key, ((const struct keyed *)right)->key);
}

/* In Latvian order. */
static size_t read_texts(struct stmt *stmt, struct arena *arena, const char *const **out, struct err *err) {
  struct keyed *list = NULL;
  struct buf key = {0};
  const char *text;
  size_t count = 0, cap = 0;
  while (overview_next_text(stmt, &text, err)) {
    list = grow(arena, list, count, &cap, sizeof *list);
    buf_reset(&key);
    collate_sort_key(text, &key);
    list[count++] = (struct keyed){arena_copy(arena, text), arena_copy(arena, buf_text(&key))};
  }
  stmt_end(stmt);
  buf_free(&key);
  if (count > 0) qsort(list, count, sizeof *list, by_key);
  const char **texts = arena_array(arena, count + 1, sizeof *texts);
  for (size_t i = 0; i < count; i++) texts[i] = list[i].text;
  *out = texts;
  return count;
}

size_t field_sectors(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                     const char *const **out, struct err *err) {
  *out = NULL;
  if (rights_allow(actor, ACTION_SEE_FIELD, 0)) return read_texts(overview_sectors(db, round), arena, out, err);
  err_set(err, ERR_DENIED, "you may not see the sectors");
  return 0;
}

size_t field_kinds(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                   const char *const **out, struct err *err) {
  *out = NULL;
  if (rights_allow(actor, ACTION_SEE_FIELD, 0)) return read_texts(overview_kinds(db, round), arena, out, err);
  err_set(err, ERR_DENIED, "you may not see the kinds");
  return 0;
}

static const char *const filler_names[] = {"contact", "expert", "automatic"};

size_t field_questionnaires(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                            const struct field_questionnaire **out, struct err *err) {
  struct overview_totals totals;
  struct field_questionnaire *list = NULL;
  size_t count = 0, cap = 0;
  *out = NULL;
  if (!rights_allow(actor, ACTION_SEE_FIELD, 0) && !rights_allow(actor, ACTION_EXPORT, 0)) {
    err_set(err, ERR_DENIED, "you may not see the round's questionnaires");
    return 0;
  }
  struct stmt *stmt = overview_questionnaires(db, round);
  while (overview_next_totals(stmt, &totals, err)) {
    const struct form *form = forms_get(db, totals.version_id, err);
    if (form == NULL) break;
    list = grow(arena, list, count, &cap, sizeof *list);
    list[count++] = (struct field_questionnaire){
        .id = arena_copy(arena, totals.questionnaire),
        .filled_by = filler_names[totals.filled_by],
        .form = form,
        .responses = totals.responses,
        .started = totals.started,
        .submitted = totals.submitted,
        .changed_ms = totals.changed_ms,
    };
  }
  stmt_end(stmt);
  *out = list;
  return count;
}

bool field_note_export(struct db *db, const struct actor *actor, const char *subject, struct err *err) {
  if (!rights_allow(actor, ACTION_EXPORT, 0)) return err_set(err, ERR_DENIED, "you may not export");
  return event_add(db, actor->person, "export", subject, "", err);
}

size_t field_contacts(struct db *db, const struct actor *actor, int64_t institution, struct arena *arena,
                      const struct field_contact **out, struct err *err) {
  struct contact contact;
  struct field_contact *list = NULL;
  size_t count = 0, cap = 0;
  *out = NULL;
  if (!rights_allow(actor, ACTION_SEE_FIELD, institution)) {
    err_set(err, ERR_DENIED, "you may not see the people of an institution");
    return 0;
  }
  struct stmt *stmt = contact_list(db, institution);
  while (contact_next(stmt, &contact, err)) {
    if (contact.removed_ms != 0) continue;
    list = grow(arena, list, count, &cap, sizeof *list);
    list[count++] = (struct field_contact){arena_copy(arena, contact.name), arena_copy(arena, contact.email),
                                           arena_copy(arena, contact.phone), contact.signed_in_ms};
  }
  stmt_end(stmt);
  *out = list;
  return count;
}

bool field_note_list(struct db *db, const struct actor *actor, const struct field_filter *filter, struct err *err) {
  if (!rights_allow(actor, ACTION_SEE_FIELD, 0)) return err_set(err, ERR_DENIED, "you may not take out the list");
  struct arena *arena = arena_new();
  struct field_filter settled = *filter;
  bool ok = field_settle(db, actor, &settled, arena, err) &&
            event_add(db, actor->person, "field-list", arena_printf(arena, "round %s", settled.round), "", err);
  arena_free(arena);
  return ok;
}

bool field_average_time(struct db *db, const struct actor *actor, const char *round, const char *questionnaire,
                        struct sitting_average *out, struct err *err) {
  if (!rights_allow(actor, ACTION_SEE_FIELD, 0)) return err_set(err, ERR_DENIED, "you may not see the time spent");
  return sitting_average(db, round, questionnaire, out, err);
}
