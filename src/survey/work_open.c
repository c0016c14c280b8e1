#include <string.h>

#include "store/assignment.h"
#include "store/authority.h"
#include "store/confirmation.h"
#include "store/flag.h"
#include "store/misfit.h"
#include "store/note.h"
#include "store/person.h"
#include "store/rival.h"
#include "store/roster.h"
#include "store/stored_response.h"
#include "survey/forms.h"
#include "survey/work_answers.h"

#define NAMES_MAX 64 /* people of one response whose names are looked up only once */

enum access { ACCESS_NONE, ACCESS_READ, ACCESS_CHANGE };

/* Contacts fill what is for contacts, of their own institution; experts what is for experts or the automatic check. Who
 * may see the field may read everything. */
static enum access access_to(const struct actor *actor, const struct stored_response *stored) {
  bool for_contacts = stored->filled_by == FILLED_BY_CONTACT;
  bool fills = rights_allow(actor, ACTION_FILL, stored->institution) && for_contacts == (actor->role == ROLE_CONTACT);
  if (fills) return ACCESS_CHANGE;
  return rights_allow(actor, ACTION_SEE_FIELD, stored->institution) ? ACCESS_READ : ACCESS_NONE;
}

const char *work_status_name(enum response_status status) {
  static const char *const names[] = {"new", "started", "submitted", "reopened", "partial"};
  return names[status];
}

static void copy_item(const struct stored_response *stored, struct arena *arena, struct work_item *out) {
  out->response = stored->id;
  out->round = arena_copy(arena, stored->round);
  out->questionnaire = arena_copy(arena, stored->questionnaire);
  out->version_id = stored->version_id;
  out->status = (enum response_status)stored->status;
  out->locked = out->status == RESPONSE_SUBMITTED || out->status == RESPONSE_PARTIAL || stored->closed;
  out->closed = stored->closed;
  out->for_contacts = stored->filled_by == FILLED_BY_CONTACT;
  out->complete = stored->complete;
  out->deadline_ms = stored->deadline_ms;
  out->submitted_ms = stored->submitted_ms;
  out->submitted_by = arena_copy(arena, stored->submitted_by);
  out->receipt = arena_copy(arena, stored->receipt);
  out->revision = stored->revision;
  out->institution_name = arena_copy(arena, stored->institution_name);
  out->required = stored->required;
  out->answered = stored->answered;
  out->talk = stored->talk;
  out->responsible_submits = stored->responsible_submits;
  out->responsible = stored->responsible;
  out->responsible_name = arena_copy(arena, stored->responsible_name);
  out->previous = arena_copy(arena, stored->previous);
  out->take_over = stored->take_over;
  out->idle_ms = stored->idle_ms;
  out->prior = stored->prior;
  out->prior_status = (enum response_status)stored->prior_status;
  out->prior_revision = stored->prior_revision;
  out->prior_deadline_ms = stored->prior_deadline_ms;
}

/* Items are collected in blocks that double. */
struct items {
  struct work_item *list;
  size_t count, cap;
};

static struct work_item *add_item(struct items *items, struct arena *arena) {
  if (items->count == items->cap) {
    size_t cap = items->cap > 0 ? items->cap * 2 : 16;
    struct work_item *list = arena_array(arena, cap, sizeof *list);
    if (items->count > 0) memcpy(list, items->list, items->count * sizeof *list);
    items->list = list;
    items->cap = cap;
  }
  return &items->list[items->count++];
}

size_t work_list(struct db *db, const struct actor *actor, struct arena *arena, const struct work_item **out,
                 struct err *err) {
  struct items items = {0};
  struct stored_response stored;
  struct err own = {0};
  *out = NULL;
  struct stmt *stmt = actor->role == ROLE_CONTACT ? stored_response_of_institution(db, actor->institution)
                                                  : stored_response_of_experts(db);
  while (stored_response_next(stmt, &stored, &own)) {
    if (access_to(actor, &stored) != ACCESS_CHANGE) continue;
    struct work_item *item = add_item(&items, arena);
    copy_item(&stored, arena, item);
    item->form = forms_get_hash(db, stored.version_id, stored.hash, &own);
    if (item->form == NULL) break;
  }
  stmt_end(stmt);
  if (own.code != ERR_NONE) {
    err_set(err, own.code, "%s", own.text);
    return 0;
  }
  *out = items.list;
  return items.count;
}

/* ---- reading one */

/* Names of the people who answered. */
struct names {
  struct db *db;
  struct arena *arena;
  int64_t people[NAMES_MAX];
  const char *names[NAMES_MAX];
  int count;
};

static const char *find_name(struct names *names, int64_t person) {
  for (int i = 0; i < names->count; i++) {
    if (names->people[i] == person) return names->names[i];
  }
  struct stmt *stmt;
  const char *name = person_name(names->db, person, &stmt, NULL);
  const char *copy = arena_copy(names->arena, name != NULL ? name : "");
  stmt_end(stmt);
  if (names->count < NAMES_MAX) {
    names->people[names->count] = person;
    names->names[names->count++] = copy;
  }
  return copy;
}

/* Staff may change what an institution's authority lets them, contacts' questionnaires only. */
static void find_authority(struct db *db, const struct actor *actor, struct work *work, struct err *err) {
  if (!work->item.for_contacts || !rights_allow(actor, ACTION_ON_BEHALF, work->institution)) return;
  work->authority = authority_find_live(db, work->item.round, work->institution, actor->person, &work->authority_submits, err);
}

/* Who entered answers in the institution's name, and when. */
static bool read_spans(struct db *db, struct work *work, struct arena *arena, struct err *err) {
  struct authority authority;
  struct err own = {0};
  struct work_span *list = NULL;
  size_t cap = 0;
  struct stmt *stmt = authority_list(db, work->item.round, work->institution);
  while (authority_next(stmt, &authority, &own)) {
    if (work->span_count == cap) {
      struct work_span *more = arena_array(arena, cap = cap > 0 ? cap * 2 : 4, sizeof *more);
      if (list != NULL) memcpy(more, list, work->span_count * sizeof *more);
      list = more;
    }
    int64_t until = authority.ended_ms != 0 ? authority.ended_ms : INT64_MAX;
    list[work->span_count++] = (struct work_span){authority.person, authority.created_ms, until};
  }
  stmt_end(stmt);
  work->spans = list;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool read_item(struct db *db, const struct actor *actor, int64_t id, struct work *work, struct arena *arena,
                      struct err *err) {
  struct stmt *stmt;
  struct stored_response stored;
  bool found = stored_response_find(db, id, &stmt, &stored, err);
  enum access access = found ? access_to(actor, &stored) : ACCESS_NONE;
  if (access != ACCESS_NONE) {
    copy_item(&stored, arena, &work->item);
    work->institution = stored.institution;
    work->institution_name = work->item.institution_name;
    work->among = access == ACCESS_CHANGE;
    if (access == ACCESS_READ) find_authority(db, actor, work, err);
    work->editable = (work->among || work->authority != 0) && !work->item.locked;
    work->item.form = forms_get_hash(db, stored.version_id, stored.hash, err);
  }
  stmt_end(stmt);
  if (access == ACCESS_NONE) return err_set(err, ERR_NOT_FOUND, "there is no such response");
  return work->item.form != NULL;
}

static bool read_rows(struct db *db, struct work *work, struct err *err) {
  struct roster_row row;
  struct err own = {0};
  struct stmt *stmt = work->at_ms == 0 ? roster_list(db, work->item.response)
                                       : roster_list_at(db, work->item.response, work->at_ms);
  while (roster_next(stmt, &row, &own)) {
    int container = form_find_roster(work->item.form, row.roster);
    if (container < 0) continue;
    response_add_row(work->response, work->item.form->containers[container].roster, row.row, row.label);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static void make_answers(struct work *work, struct arena *arena) {
  const struct form *form = work->item.form;
  struct work_answers *answers = arena_alloc(arena, sizeof *answers);
  answers->plain = arena_array(arena, (size_t)form->question_count, sizeof *answers->plain);
  answers->rosters = arena_array(arena, (size_t)form->roster_count, sizeof *answers->rosters);
  for (int i = 0; i < form->roster_count; i++) {
    size_t count = (size_t)response_row_count(work->response, i) * (size_t)form->containers[form->rosters[i]].count;
    answers->rosters[i] = arena_array(arena, count, sizeof *answers->rosters[i]);
  }
  work->answers = answers;
}

struct work_answer *work_answer(const struct work *work, int question, int row) {
  const struct form *form = work->item.form;
  int roster = form->questions[question].roster;
  if (roster < 0) return &work->answers->plain[question];
  const struct form_container *container = &form->containers[form->rosters[roster]];
  return &work->answers->rosters[roster][(size_t)row * (size_t)container->count + (size_t)(question - container->first)];
}

int work_find_row(const struct work *work, int question, const char *row_id) {
  if (question < 0) return -2;
  int roster = work->item.form->questions[question].roster;
  if (roster < 0) return *row_id == '\0' ? -1 : -2;
  int row = response_find_row(work->response, roster, row_id);
  return row >= 0 ? row : -2;
}

void work_place(struct response *response, int question, int row, enum answer_state state, const char *value) {
  switch (state) {
    case ANSWER_CLEARED:
      break;
    case ANSWER_VALUE:
    case ANSWER_INVALID:
      response_set_stored(response, question, row, value != NULL ? value : "");
      break;
    case ANSWER_NA:
      response_set_special(response, question, row, SPECIAL_NA);
      break;
    case ANSWER_NODATA:
      response_set_special(response, question, row, SPECIAL_NODATA);
      break;
  }
}

static bool read_answers(struct db *db, struct work *work, struct arena *arena, struct names *names, struct err *err) {
  struct answer_row stored;
  struct err own = {0};
  struct stmt *stmt = work->at_ms == 0 ? answer_list(db, work->item.response)
                                       : answer_list_at(db, work->item.response, work->at_ms);
  while (answer_next(stmt, &stored, &own)) {
    int question = form_find(work->item.form, stored.question);
    int row = work_find_row(work, question, stored.row);
    if (row == -2) continue;
    struct work_answer *answer = work_answer(work, question, row);
    answer->mark = (struct work_mark){stored.version, stored.changed_ms, find_name(names, stored.person), stored.person,
                                      work_on_behalf(work, stored.person, stored.changed_ms)};
    answer->state = stored.state;
    if (stored.value != NULL) answer->value = arena_copy(arena, stored.value);
    work_place(work->response, question, row, stored.state, stored.value);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool read_rivals(struct db *db, struct work *work, struct arena *arena, struct names *names, struct err *err) {
  struct rival stored;
  struct err own = {0};
  const struct work_rival **end = &work->rivals;
  struct stmt *stmt = rival_list_open(db, work->item.response);
  while (rival_next(stmt, &stored, &own)) {
    int question = form_find(work->item.form, stored.question);
    int row = work_find_row(work, question, stored.row);
    if (row == -2) continue;
    struct work_rival *rival = arena_alloc(arena, sizeof *rival);
    *rival = (struct work_rival){
        .question = question,
        .row = row,
        .number = stored.number,
        .state = stored.state,
        .value = stored.value != NULL ? arena_copy(arena, stored.value) : NULL,
        .person = find_name(names, stored.person),
        .person_id = stored.person,
        .created_ms = stored.created_ms,
    };
    *end = rival;
    end = &rival->next;
    struct work_answer *answer = work_answer(work, question, row);
    if (answer->rivals == NULL) answer->rivals = rival;
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* A place may have several, of several corrections: the latest comes first and counts. */
static bool read_misfits(struct db *db, struct work *work, struct arena *arena, struct err *err) {
  struct misfit stored;
  struct err own = {0};
  const struct work_misfit **end = &work->misfits;
  struct stmt *stmt = misfit_list(db, work->item.response);
  while (misfit_next(stmt, &stored, &own)) {
    struct work_misfit *misfit = arena_alloc(arena, sizeof *misfit);
    int question = form_find(work->item.form, stored.question);
    bool answer = strcmp(stored.fault, "changed") != 0 && strcmp(stored.fault, "new") != 0;
    int row = answer ? work_find_row(work, question, stored.row) : -1;
    *misfit = (struct work_misfit){
        .question = arena_copy(arena, stored.question),
        .row = arena_copy(arena, stored.row),
        .at = row != -2 && question >= 0 && form_is_answerable(&work->item.form->questions[question]) ? question : -1,
        .at_row = row,
        .fault = arena_copy(arena, stored.fault),
        .answer = answer,
        .version = stored.version,
        .state = stored.state,
        .value = stored.value != NULL ? arena_copy(arena, stored.value) : NULL,
        .old_version = stored.old_version,
        .new_version = stored.new_version,
        .created_ms = stored.created_ms,
        .note = arena_copy(arena, stored.note),
    };
    *end = misfit;
    end = &misfit->next;
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool read_confirmations(struct db *db, struct work *work, struct arena *arena, struct names *names,
                               struct err *err) {
  struct confirmation stored;
  struct err own = {0};
  struct work_confirmation *list = NULL;
  size_t count = 0, cap = 0;
  struct stmt *stmt = confirmation_list(db, work->item.response);
  while (confirmation_next(stmt, &stored, &own)) {
    if (count == cap) {
      cap = cap > 0 ? cap * 2 : 8;
      struct work_confirmation *more = arena_array(arena, cap, sizeof *more);
      if (count > 0) memcpy(more, list, count * sizeof *more);
      list = more;
    }
    list[count++] = (struct work_confirmation){
        .check_key = arena_copy(arena, stored.check_key),
        .row = arena_copy(arena, stored.row),
        .message = arena_copy(arena, stored.message),
        .comment = arena_copy(arena, stored.comment),
        .person = find_name(names, stored.person),
        .changed_ms = stored.changed_ms,
    };
  }
  stmt_end(stmt);
  work->confirmations = list;
  work->confirmation_count = count;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- what colleagues say */

/* NULL when the question, or the row, is not there any more. */
static struct work_talk *find_talk(struct work *work, const char *question_id, const char *row_id) {
  int question = form_find(work->item.form, question_id);
  int row = work_find_row(work, question, row_id);
  return row == -2 ? NULL : &work_answer(work, question, row)->talk;
}

static bool read_notes(struct db *db, struct work *work, struct err *err) {
  struct note_count stored;
  struct stmt *stmt = note_counts(db, work->item.response);
  while (note_next_count(stmt, &stored, err)) {
    struct work_talk *talk = find_talk(work, stored.question, stored.row);
    if (talk != NULL) talk->notes = stored.count;
  }
  stmt_end(stmt);
  return err->code == ERR_NONE;
}

static bool read_flags(struct db *db, struct work *work, struct err *err) {
  struct flag stored;
  struct stmt *stmt = flag_list(db, work->item.response);
  while (flag_next(stmt, &stored, err)) {
    struct work_talk *talk = find_talk(work, stored.question, stored.row);
    if (talk != NULL) talk->flagged = true;
  }
  stmt_end(stmt);
  return err->code == ERR_NONE;
}

static bool read_queries(struct db *db, struct work *work, struct err *err) {
  struct stored_query_mark stored;
  struct stmt *stmt = stored_query_marks(db, work->item.response);
  while (stored_query_next_mark(stmt, &stored, err)) {
    struct work_talk *talk = find_talk(work, stored.question, stored.row);
    if (talk != NULL) talk->queries[stored.state] = stored.count;
    work->queries[stored.state] += stored.count;
  }
  stmt_end(stmt);
  return err->code == ERR_NONE;
}

static bool read_assignees(struct db *db, struct work *work, struct arena *arena, struct err *err) {
  struct assignment stored;
  struct work_assignee *assignees = arena_array(arena, (size_t)work->item.form->section_count, sizeof *assignees);
  struct stmt *stmt = assignment_list(db, work->item.response);
  while (assignment_next(stmt, &stored, err)) {
    int section = form_find_section(work->item.form, stored.section);
    if (section >= 0) assignees[section] = (struct work_assignee){stored.person, arena_copy(arena, stored.person_name)};
  }
  stmt_end(stmt);
  work->assignees = assignees;
  return err->code == ERR_NONE;
}

/* A query each, whatever the number of questions. */
static bool read_talk(struct db *db, struct work *work, struct arena *arena, struct err *err) {
  struct err own = {0};
  bool ok = (!work->among || read_notes(db, work, &own)) && read_flags(db, work, &own) &&
            read_queries(db, work, &own) && read_assignees(db, work, arena, &own);
  return ok || err_set(err, own.code, "%s", own.text);
}

/* All but the item. */
static bool read_rest(struct db *db, struct work *work, struct arena *arena, struct err *err) {
  struct names names = {.db = db, .arena = arena};
  work->response = response_new(work->item.form, arena);
  if (!read_rows(db, work, err) || !read_spans(db, work, arena, err)) return false;
  make_answers(work, arena);
  if (work->at_ms != 0) return read_answers(db, work, arena, &names, err);
  return read_answers(db, work, arena, &names, err) && read_rivals(db, work, arena, &names, err) &&
         read_misfits(db, work, arena, err) &&
         read_confirmations(db, work, arena, &names, err);
}

static struct work *load(struct db *db, const struct actor *actor, int64_t response_id, bool with_talk,
                         struct arena *arena, struct err *err) {
  struct work *work = arena_alloc(arena, sizeof *work);
  /* All parts must be of the same moment. A writer's job, or an export, is in a transaction already. */
  bool own_snapshot = !db_in_transaction(db);
  if (own_snapshot && !db_begin(db, err)) return NULL;
  bool ok = read_item(db, actor, response_id, work, arena, err) && read_rest(db, work, arena, err) &&
            (!with_talk || read_talk(db, work, arena, err));
  if (own_snapshot) db_rollback(db);
  return ok ? work : NULL;
}

struct work *work_load(struct db *db, const struct actor *actor, int64_t response_id, struct arena *arena,
                       struct err *err) {
  return load(db, actor, response_id, false, arena, err);
}

struct work *work_peek(struct db *db, const struct actor *actor, int64_t response_id, struct arena *arena,
                       struct err *err) {
  struct work *work = arena_alloc(arena, sizeof *work);
  return read_item(db, actor, response_id, work, arena, err) ? work : NULL;
}

bool work_fill(struct db *db, struct work *work, struct arena *arena, struct err *err) {
  if (!read_rest(db, work, arena, err) || !read_talk(db, work, arena, err)) return false;
  work->state = state_compute(work->response, arena);
  return true;
}

struct work *work_open(struct db *db, const struct actor *actor, int64_t response_id, struct arena *arena,
                       struct err *err) {
  struct work *work = load(db, actor, response_id, true, arena, err);
  if (work != NULL) work->state = state_compute(work->response, arena);
  return work;
}

struct work *work_open_at(struct db *db, const struct actor *actor, int64_t response_id, int64_t at_ms, int64_t version_id,
                          struct arena *arena, struct err *err) {
  struct work *work = arena_alloc(arena, sizeof *work);
  work->at_ms = at_ms;
  if (!read_item(db, actor, response_id, work, arena, err)) return NULL;
  if (version_id != 0) work->item.version_id = version_id;
  work->item.form = forms_get(db, work->item.version_id, err);
  if (work->item.form == NULL || !read_rest(db, work, arena, err)) return NULL;
  work->editable = false;
  work->state = state_compute(work->response, arena);
  return work;
}

struct work *work_load_to_change(struct db *db, const struct actor *actor, int64_t response_id, struct arena *arena,
                                 struct err *err) {
  struct work *work = work_load(db, actor, response_id, arena, err);
  if (work == NULL || work->editable) return work;
  if (!work->among && work->authority == 0) err_set(err, ERR_DENIED, "you may read this, not change it");
  else if (work->item.status == RESPONSE_SUBMITTED) err_set(err, ERR_LOCKED, "this response has been submitted");
  else err_set(err, ERR_LOCKED, "the round is closed");
  return NULL;
}

/* ---- looking at it */

bool work_on_behalf(const struct work *work, int64_t person, int64_t ms) {
  for (size_t i = 0; i < work->span_count; i++) {
    const struct work_span *span = &work->spans[i];
    if (span->person == person && ms >= span->from_ms && ms <= span->until_ms) return true;
  }
  return false;
}

const struct work_mark *work_mark(const struct work *work, int question, int row) {
  return &work_answer(work, question, row)->mark;
}

const struct work_talk *work_talk(const struct work *work, int question, int row) {
  return &work_answer(work, question, row)->talk;
}

const struct work_misfit *work_misfit(const struct work *work, int question, int row) {
  for (const struct work_misfit *misfit = work->misfits; misfit != NULL; misfit = misfit->next)
    if (misfit->answer && misfit->at == question && misfit->at_row == row) return misfit;
  return NULL;
}

const struct work_misfit *work_changed(const struct work *work, int question) {
  for (const struct work_misfit *misfit = work->misfits; misfit != NULL; misfit = misfit->next)
    if (!misfit->answer && misfit->at == question) return misfit;
  return NULL;
}

const char *work_misfit_text(struct db *db, const struct work_misfit *misfit, const char *language, struct arena *arena) {
  struct err err = {0};
  const struct form *form = forms_get(db, misfit->old_version, &err);
  int question = form != NULL ? form_find(form, misfit->question) : -1;
  const char *raw = misfit->value != NULL ? misfit->value : "";
  return question < 0 ? raw : work_show(form, question, misfit->state, misfit->value, language, arena).text;
}

static const char *find_row_label(struct db *db, const struct work *work, const struct form *form, int question,
                                  const char *row, struct arena *arena) {
  const char *label;
  bool removed;
  struct stmt *stmt;
  struct err err = {0};
  int roster = form->questions[question].roster;
  if (roster < 0 || row[0] == '\0') return "";
  const char *id = form->containers[form->rosters[roster]].id;
  bool found = roster_find(db, work->item.response, id, row, &stmt, &label, &removed, &err);
  const char *copy = found ? arena_copy(arena, label) : row;
  stmt_end(stmt);
  return copy;
}

void work_misfit_about(struct db *db, const struct work *work, const struct work_misfit *misfit, const char *language,
                       struct arena *arena, struct work_misfit_about *out) {
  struct err err = {0};
  const struct form *form = misfit->at >= 0 ? work->item.form : forms_get(db, misfit->old_version, &err);
  int question = misfit->at >= 0 ? misfit->at : form != NULL ? form_find(form, misfit->question) : -1;
  *out = (struct work_misfit_about){.number = misfit->question, .text = "", .row_label = misfit->row};
  out->answer = work_misfit_text(db, misfit, language, arena);
  if (question < 0) return;
  out->number = form->questions[question].number;
  out->text = form->questions[question].text.in[form_language(form, language)];
  out->row_label = find_row_label(db, work, form, question, misfit->row, arena);
}

const char *work_row_id(const struct work *work, int question, int row) {
  if (question < 0 || row < 0) return "";
  return response_row(work->response, work->item.form->questions[question].roster, row)->id;
}

static const struct work_confirmation *find_confirmation(const struct work *work, const char *key, const char *row) {
  for (size_t i = 0; i < work->confirmation_count; i++) {
    const struct work_confirmation *confirmation = &work->confirmations[i];
    if (strcmp(confirmation->check_key, key) == 0 && strcmp(confirmation->row, row) == 0) return confirmation;
  }
  return NULL;
}

bool work_confirmed(const struct work *work, const struct violation *violation) {
  if (violation->check == NULL) return false;
  const char *row = work_row_id(work, violation->question, violation->row);
  const struct work_confirmation *confirmation = find_confirmation(work, violation->check->key, row);
  if (confirmation == NULL) return false;
  struct buf message = {0};
  state_message(work->state, violation, 0, &message);
  bool same = strcmp(buf_text(&message), confirmation->message) == 0;
  buf_free(&message);
  return same;
}
