#include <string.h>

#include "base/clock.h"
#include "mail/mail.h"
#include "store/correction.h"
#include "store/event.h"
#include "store/person.h"
#include "store/round.h"
#include "survey/correction_look.h"
#include "survey/correction_parts.h"
#include "survey/disposition.h"
#include "survey/forms.h"
#include "survey/work_answers.h"

#define LINES_MAX 20 /* changed questions that a message lists */

/* One batch. */
struct mover {
  struct db *db;
  struct arena *lasting; /* of the whole batch */
  struct arena *arena;   /* of one response */
  int64_t of;            /* the correction that follows describes, 0: none yet */
  struct stored_correction correction;
  const char *old_label;
  const struct correction_pair *pair;
};

static bool open_correction(struct mover *mover, int64_t id, struct err *err) {
  struct stmt *stmt;
  struct stored_correction stored;
  if (mover->of == id) return true;
  bool found = correction_find(mover->db, id, &stmt, &stored, err);
  if (found) {
    mover->correction = stored;
    mover->correction.round = arena_copy(mover->lasting, stored.round);
    mover->correction.questionnaire = arena_copy(mover->lasting, stored.questionnaire);
    mover->correction.note = arena_copy(mover->lasting, stored.note);
    mover->correction.new_label = arena_copy(mover->lasting, stored.new_label);
    mover->correction.person_name = arena_copy(mover->lasting, stored.person_name);
  }
  stmt_end(stmt);
  const struct form *old = found ? forms_get(mover->db, mover->correction.old_version, err) : NULL;
  const struct form *new = old != NULL ? forms_get(mover->db, mover->correction.new_version, err) : NULL;
  if (new == NULL) return false;
  mover->pair = correction_pair_new(old, new, mover->lasting);
  mover->old_label = old->version;
  mover->of = id;
  return true;
}

/* ---- what is left to look at */

static bool is_open(const struct correction_look *look, const struct answer_row *answer) {
  for (size_t i = 0; i < look->open_count; i++) {
    const struct misfit *open = &look->open[i];
    if (look->settled[i] || open->state == ANSWER_CLEARED) continue;
    if (strcmp(open->question, answer->question) == 0 && strcmp(open->row, answer->row) == 0) return true;
  }
  return false;
}

static bool put_misfits(const struct mover *mover, const struct correction_look *look, int64_t response, struct err *err) {
  bool ok = true;
  for (size_t i = 0; ok && i < look->open_count; i++) {
    const struct misfit *open = &look->open[i];
    unsigned about = open->state == ANSWER_CLEARED ? MISFIT_QUESTION : MISFIT_ANSWER;
    if (look->settled[i]) ok = misfit_settle(mover->db, response, open->question, open->row, about, err);
  }
  for (size_t i = 0; ok && i < look->answer_count; i++) {
    const struct answer_row *answer = &look->answers[i];
    if (look->faults[i] == NULL || is_open(look, answer)) continue;
    const struct misfit misfit = {.correction = mover->of, .question = answer->question, .row = answer->row,
                                  .version = answer->version, .fault = look->faults[i]};
    ok = misfit_add(mover->db, response, &misfit, err);
  }
  for (int i = 0; ok && i < mover->pair->new->question_count; i++) {
    if (!look->told[i]) continue;
    const struct misfit change = {.correction = mover->of, .question = mover->pair->new->questions[i].id, .row = "",
                                  .fault = mover->pair->added[i] ? "new" : "changed"};
    ok = misfit_add(mover->db, response, &change, err);
  }
  return ok;
}

/* ---- telling */

static void put_line(struct buf *lines, const struct form *form, int question, const char *language) {
  const struct form_question *q = &form->questions[question];
  buf_printf(lines, "%s%s  %s", lines->len > 0 ? "\n" : "", q->number, q->text.in[form_language(form, language)]);
}

/* The questions a person should look at, in the questionnaire's order; then those that are gone. */
static const char *list_questions(const struct mover *mover, const struct correction_look *look, const char *language) {
  const struct form *old = mover->pair->old, *new = mover->pair->new;
  struct buf lines = {0};
  int count = 0;
  bool *gone = arena_array(mover->arena, (size_t)old->question_count, sizeof *gone);
  bool *wanted = arena_array(mover->arena, (size_t)new->question_count, sizeof *wanted);
  for (int i = 0; i < new->question_count; i++) wanted[i] = look->told[i];
  for (size_t i = 0; i < look->answer_count; i++) {
    if (look->faults[i] == NULL) continue;
    int at = form_find(old, look->answers[i].question), to = mover->pair->to[at];
    if (to >= 0) wanted[to] = true;
    else gone[at] = true;
  }
  for (int i = 0; i < new->question_count; i++)
    if (wanted[i] && count++ < LINES_MAX) put_line(&lines, new, i, language);
  for (int i = 0; i < old->question_count; i++)
    if (gone[i] && count++ < LINES_MAX) put_line(&lines, old, i, language);
  if (count > LINES_MAX) buf_printf(&lines, "\n… (+%d)", count - LINES_MAX);
  const char *copy = arena_copy_len(mover->arena, buf_text(&lines), lines.len);
  buf_free(&lines);
  return copy;
}

/* The contacts must be listed before mail is put: both use the same connection. */
struct contact {
  int64_t person;
  const struct contact *next;
};

static const struct contact *list_contacts(const struct mover *mover, int64_t institution, struct err *err) {
  const struct contact *first = NULL, **end = &first;
  struct colleague colleague;
  struct stmt *stmt = colleague_list(mover->db, institution);
  while (colleague_next(stmt, &colleague, err)) {
    struct contact *contact = arena_alloc(mover->arena, sizeof *contact);
    contact->person = colleague.id;
    contact->next = NULL;
    *end = contact;
    end = &contact->next;
  }
  stmt_end(stmt);
  return first;
}

static const char *language_of(const struct mover *mover, int64_t person, struct err *err) {
  struct stmt *stmt;
  struct person_details details;
  bool found = person_details(mover->db, person, &stmt, &details, err);
  const char *language = found ? arena_copy(mover->arena, details.language) : "lv";
  stmt_end(stmt);
  return language;
}

static bool tell(const struct mover *mover, const struct correction_look *look, const struct correction_pending *pending,
                 struct err *err) {
  struct err own = {0};
  const struct form *form = mover->pair->new;
  const struct contact *contact = pending->for_contacts ? list_contacts(mover, pending->institution, &own) : NULL;
  for (; contact != NULL && own.code == ERR_NONE; contact = contact->next) {
    const char *language = language_of(mover, contact->person, &own);
    struct mail_message message = {
        .kind = MAIL_CORRECTION,
        .person = contact->person,
        .reason = arena_printf(mover->arena, "correction %lld %lld", (long long)mover->of, (long long)contact->person),
        .round = mover->correction.round,
        .inviter = mover->correction.person_name,
        .section = form->title.in[form_language(form, language)],
        .text = mover->correction.note,
        .list = list_questions(mover, look, language),
        .path = arena_printf(mover->arena, "/r/%lld/corrected", (long long)pending->response),
    };
    if (own.code == ERR_NONE) mail_put(mover->db, &message, &own);
  }
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- moving */

/* As the program itself: who publishes need not be one of those who read responses. */
static bool keep_progress(const struct mover *mover, int64_t response, struct err *err) {
  const struct actor program = {.role = ROLE_ADMINISTRATOR, .name = "", .language = "lv", .session_hash = ""};
  struct response_move move = {.version_id = mover->correction.new_version};
  if (!correction_move_response(mover->db, response, &move, err)) return false;
  struct work *work = work_load(mover->db, &program, response, mover->arena, err);
  if (work == NULL) return false;
  work->state = state_compute(work->response, mover->arena);
  move.required = work->state->total.required;
  move.answered = work->state->total.answered;
  move.complete = work->item.status != RESPONSE_NEW && work_is_ready(work);
  return correction_move_response(mover->db, response, &move, err) && disposition_keep(mover->db, response, err);
}

static bool move_one(struct mover *mover, const struct correction_pending *pending, struct err *err) {
  if (!open_correction(mover, pending->correction, err)) return false;
  if (!pending->begun) return keep_progress(mover, pending->response, err);
  const struct correction_look *look = correction_look(mover->db, mover->pair, pending->response, mover->arena, err);
  if (look == NULL || !put_misfits(mover, look, pending->response, err)) return false;
  if (!keep_progress(mover, pending->response, err)) return false;
  if (look->told_count + look->misfits == 0) return true;
  const char *versions = arena_printf(mover->arena, "%s → %s", mover->old_label, mover->correction.new_label);
  return event_add_response(mover->db, mover->correction.person, "corrected", pending->response, versions, err) &&
         tell(mover, look, pending, err);
}

bool correction_move(struct db *db, int limit, int *moved, struct err *err) {
  struct mover mover = {.db = db, .lasting = arena_new(), .arena = arena_new()};
  struct correction_pending *list = arena_array(mover.lasting, (size_t)limit, sizeof *list);
  struct err own = {0};
  int count = 0;
  struct stmt *stmt = correction_pending(db, limit);
  while (count < limit && correction_next_pending(stmt, &list[count], &own)) count++;
  stmt_end(stmt);
  *moved = 0;
  while (own.code == ERR_NONE && *moved < count && move_one(&mover, &list[*moved], &own)) {
    arena_reset(mover.arena);
    (*moved)++;
  }
  arena_free(mover.arena);
  arena_free(mover.lasting);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool correction_waits(struct db *db, bool *waits, struct err *err) {
  struct correction_pending pending;
  struct err own = {0};
  struct stmt *stmt = correction_pending(db, 1);
  *waits = correction_next_pending(stmt, &pending, &own);
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}
