#include "survey/correction_look.h"

#include <string.h>

#include "store/roster.h"
#include "survey/work_answers.h"

struct looker {
  struct db *db;
  const struct correction_pair *pair;
  int64_t response;
  struct arena *arena;
  struct response *before, *after;
  struct answer_row *answers;
  const char **faults;
  struct misfit *open;
  bool *settled;
  size_t answer_cap, open_cap;
  struct correction_look *look;
};

/* Room for one more element of a list that doubles. */
static void *grow(struct arena *arena, void *list, size_t count, size_t *cap, size_t size) {
  if (count < *cap) return list;
  *cap = *cap > 0 ? *cap * 2 : 64;
  void *more = arena_array(arena, *cap, size);
  if (count > 0) memcpy(more, list, count * size);
  return more;
}

static void add_row(struct response *response, const struct roster_row *row) {
  const struct form *form = response_form(response);
  int container = form_find_roster(form, row->roster);
  if (container >= 0) response_add_row(response, form->containers[container].roster, row->row, row->label);
}

static bool read_rows(struct looker *looker, struct err *err) {
  struct roster_row row;
  struct err own = {0};
  struct stmt *stmt = roster_list(looker->db, looker->response);
  while (roster_next(stmt, &row, &own)) {
    add_row(looker->before, &row);
    add_row(looker->after, &row);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* The row of an answer: -1 outside rosters, -2 when it has no place in the response. */
static int find_row(const struct response *response, int question, const char *row_id) {
  if (question < 0) return -2;
  int roster = response_form(response)->questions[question].roster;
  if (roster < 0) return *row_id == '\0' ? -1 : -2;
  int row = *row_id != '\0' ? response_find_row(response, roster, row_id) : -1;
  return row >= 0 ? row : -2;
}

/* False when it has no place there. */
static bool place(struct response *response, const struct answer_row *answer) {
  int question = form_find(response_form(response), answer->question);
  int row = find_row(response, question, answer->row);
  if (row != -2) work_place(response, question, row, answer->state, answer->value);
  return row != -2;
}

/* Answers of rows that were removed are seen by nobody, before and after. */
static bool read_answers(struct looker *looker, struct err *err) {
  struct answer_row stored;
  struct err own = {0};
  struct correction_look *look = looker->look;
  struct stmt *stmt = answer_list(looker->db, looker->response);
  while (answer_next(stmt, &stored, &own)) {
    bool there = place(looker->before, &stored);
    place(looker->after, &stored);
    if (!there || stored.state == ANSWER_CLEARED) continue;
    size_t cap = looker->answer_cap;
    looker->faults = grow(looker->arena, looker->faults, look->answer_count, &cap, sizeof *looker->faults);
    looker->answers = grow(looker->arena, looker->answers, look->answer_count, &looker->answer_cap, sizeof *looker->answers);
    struct answer_row *answer = &looker->answers[look->answer_count];
    *answer = stored;
    answer->question = arena_copy(looker->arena, stored.question);
    answer->row = arena_copy(looker->arena, stored.row);
    answer->value = stored.value != NULL ? arena_copy(looker->arena, stored.value) : NULL;
    looker->faults[look->answer_count] = correction_fault(looker->pair, answer, looker->arena);
    look->misfits += looker->faults[look->answer_count++] != NULL;
  }
  stmt_end(stmt);
  look->answers = looker->answers;
  look->faults = looker->faults;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* What an earlier correction left: an answer fits again when its place is there and takes it; a question that only changed
 * is of no interest when it is gone. */
static bool is_settled(const struct looker *looker, const struct misfit *misfit) {
  int question = form_find(looker->pair->new, misfit->question);
  if (misfit->state == ANSWER_CLEARED) return question < 0;
  if (question < 0 || !form_is_answerable(&looker->pair->new->questions[question])) return false;
  int row = find_row(looker->after, question, misfit->row);
  return row != -2 && correction_fits(looker->pair->new, misfit->question, correction_roster(looker->pair->new, question),
                                      misfit->state, misfit->value, looker->arena);
}

static bool read_open(struct looker *looker, struct err *err) {
  struct misfit stored;
  struct err own = {0};
  struct correction_look *look = looker->look;
  struct stmt *stmt = misfit_list(looker->db, looker->response);
  while (misfit_next(stmt, &stored, &own)) {
    size_t cap = looker->open_cap;
    looker->settled = grow(looker->arena, looker->settled, look->open_count, &cap, sizeof *looker->settled);
    looker->open = grow(looker->arena, looker->open, look->open_count, &looker->open_cap, sizeof *looker->open);
    struct misfit *misfit = &looker->open[look->open_count];
    *misfit = stored;
    misfit->question = arena_copy(looker->arena, stored.question);
    misfit->row = arena_copy(looker->arena, stored.row);
    misfit->fault = arena_copy(looker->arena, stored.fault);
    misfit->value = stored.value != NULL ? arena_copy(looker->arena, stored.value) : NULL;
    looker->settled[look->open_count++] = is_settled(looker, misfit);
  }
  stmt_end(stmt);
  look->open = looker->open;
  look->settled = looker->settled;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool is_asked(const struct state *state, int question) {
  int roster = state->form->questions[question].roster;
  if (roster < 0) return state_relevant(state, question, -1);
  for (int row = 0; row < response_row_count(state->response, roster); row++)
    if (state_relevant(state, question, row)) return true;
  return false;
}

/* Changed questions that are asked of them, or that they have answered; one whose answer does not fit is a misfit. */
static void find_told(struct looker *looker) {
  const struct form *new = looker->pair->new;
  struct correction_look *look = looker->look;
  bool *told = arena_array(looker->arena, (size_t)new->question_count, sizeof *told);
  for (int i = 0; i < new->question_count; i++) told[i] = looker->pair->told[i] && is_asked(look->is, i);
  for (size_t i = 0; i < look->answer_count; i++) {
    int question = form_find(new, look->answers[i].question);
    if (question >= 0) told[question] = looker->pair->told[question];
  }
  for (size_t i = 0; i < look->answer_count; i++) {
    int question = look->faults[i] != NULL ? form_find(new, look->answers[i].question) : -1;
    if (question >= 0) told[question] = false;
  }
  for (int i = 0; i < new->question_count; i++) look->told_count += told[i];
  look->told = told;
}

const struct correction_look *correction_look(struct db *db, const struct correction_pair *pair, int64_t response,
                                              struct arena *arena, struct err *err) {
  struct correction_look *look = arena_alloc(arena, sizeof *look);
  struct looker looker = {.db = db, .pair = pair, .response = response, .arena = arena, .look = look};
  looker.before = response_new(pair->old, arena);
  looker.after = response_new(pair->new, arena);
  if (!read_rows(&looker, err) || !read_answers(&looker, err) || !read_open(&looker, err)) return NULL;
  look->was = state_compute(looker.before, arena);
  look->is = state_compute(looker.after, arena);
  find_told(&looker);
  return look;
}
