#include "survey/prior.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/event.h"
#include "survey/collate.h"
#include "survey/work_answers.h"

struct prior {
  const struct work *work; /* now */
  const struct work *then;
  const struct state *state; /* of then */
  const int *questions;      /* by question now: the one of then, -1 */
  const int **rows;          /* by roster now, then by row: the one of then, -1; NULL for a roster without */
};

/* ---- matching */

static bool is_number(const struct form_question *question) {
  return question->type == QUESTION_INTEGER || question->type == QUESTION_DECIMAL;
}

static const char *roster_id(const struct form *form, const struct form_question *question) {
  return question->roster < 0 ? "" : form->containers[form->rosters[question->roster]].id;
}

static int find_question(const struct form *now, int question, const struct form *then) {
  const struct form_question *ours = &now->questions[question];
  int index = form_find(then, ours->id);
  if (index < 0 || !form_is_answerable(ours)) return -1;
  const struct form_question *theirs = &then->questions[index];
  bool same_kind = ours->type == theirs->type || (is_number(ours) && is_number(theirs));
  return same_kind && strcmp(roster_id(now, ours), roster_id(then, theirs)) == 0 ? index : -1;
}

struct label {
  const char *text; /* folded */
  int row;
};

static int compare_labels(const void *a, const void *b) {
  return strcmp(((const struct label *)a)->text, ((const struct label *)b)->text);
}

/* The rows of a roster by what they are called, sorted. */
static struct label *sort_labels(const struct response *response, int roster, struct arena *arena) {
  int count = response_row_count(response, roster);
  struct label *labels = arena_array(arena, (size_t)count, sizeof *labels);
  for (int i = 0; i < count; i++) {
    struct buf folded = {0};
    collate_fold(response_row(response, roster, i)->label, &folded);
    labels[i] = (struct label){arena_copy(arena, buf_text(&folded)), i};
    buf_free(&folded);
  }
  if (count > 1) qsort(labels, (size_t)count, sizeof *labels, compare_labels);
  return labels;
}

/* How many labels from `at` on are alike. */
static int count_same(const struct label *labels, int count, int at) {
  int same = 1;
  while (at + same < count && strcmp(labels[at].text, labels[at + same].text) == 0) same++;
  return same;
}

static const int *match_rows(const struct response *now, int roster, const struct response *then, int then_roster,
                             struct arena *arena) {
  int count = response_row_count(now, roster), then_count = response_row_count(then, then_roster);
  const struct label *ours = sort_labels(now, roster, arena), *theirs = sort_labels(then, then_roster, arena);
  int *rows = arena_array(arena, (size_t)count, sizeof *rows);
  for (int i = 0; i < count; i++) rows[i] = -1;
  for (int i = 0, k = 0; i < count && k < then_count;) {
    int order = strcmp(ours[i].text, theirs[k].text);
    int same = count_same(ours, count, i), then_same = count_same(theirs, then_count, k);
    if (order == 0 && same == 1 && then_same == 1) rows[ours[i].row] = theirs[k].row;
    if (order <= 0) i += same;
    if (order >= 0) k += then_same;
  }
  return rows;
}

const struct prior *prior_load(struct db *db, const struct actor *actor, const struct work *work, struct arena *arena,
                               struct err *err) {
  struct err own = {0};
  if (work->item.prior == 0 || work->item.prior_status == RESPONSE_NEW) return NULL;
  const struct work *then = work_load(db, actor, work->item.prior, arena, &own);
  if (then == NULL) {
    if (own.code != ERR_NOT_FOUND) err_set(err, own.code, "%s", own.text);
    return NULL;
  }
  const struct form *form = work->item.form;
  struct prior *prior = arena_alloc(arena, sizeof *prior);
  int *questions = arena_array(arena, (size_t)form->question_count, sizeof *questions);
  for (int i = 0; i < form->question_count; i++) questions[i] = find_question(form, i, then->item.form);
  prior->work = work;
  prior->then = then;
  prior->state = state_compute_values(then->response, arena);
  prior->questions = questions;
  prior->rows = arena_array(arena, (size_t)form->roster_count, sizeof *prior->rows);
  for (int i = 0; i < form->roster_count; i++) {
    int container = form_find_roster(then->item.form, form->containers[form->rosters[i]].id);
    if (container < 0) continue;
    prior->rows[i] = match_rows(work->response, i, then->response, then->item.form->containers[container].roster, arena);
  }
  return prior;
}

int64_t prior_deadline_ms(const struct prior *prior) { return prior->then->item.deadline_ms; }

bool prior_submitted(const struct prior *prior) { return prior->then->item.status == RESPONSE_SUBMITTED; }

/* ---- one answer */

static bool has_options(const struct form_question *question, const struct value *value) {
  if (question->type == QUESTION_SELECT_ONE && value->kind == VALUE_NUMBER)
    return form_option_index(question, (int)value->number) >= 0;
  for (int i = 0; value->kind == VALUE_SET && i < value->code_count; i++)
    if (form_option_index(question, value->codes[i]) < 0) return false;
  return true;
}

/* The answer of then and the question it was given to; false when there is none that means something now. */
static bool find_answer(const struct prior *prior, int question, int row, int *then, struct value *value) {
  *then = prior == NULL ? -1 : prior->questions[question];
  if (*then < 0) return false;
  const struct form_question *asked = &prior->work->item.form->questions[question];
  int then_row = -1;
  if (asked->roster >= 0) {
    then_row = prior->rows[asked->roster] == NULL ? -1 : prior->rows[asked->roster][row];
    if (then_row < 0) return false;
  }
  *value = state_value(prior->state, *then, then_row);
  return value->kind != VALUE_MISSING && has_options(asked, value);
}

/* A figure in thousands is not comparable with one in units. */
static bool same_unit(const struct prior *prior, int question, int then) {
  const struct form_question *asked = &prior->work->item.form->questions[question];
  return strcmp(asked->unit.in[0], prior->then->item.form->questions[then].unit.in[0]) == 0;
}

bool prior_show(const struct prior *prior, int question, int row, const char *language, struct buf *out) {
  int then;
  struct value value;
  if (!find_answer(prior, question, row, &then, &value)) return false;
  const struct form *form = prior->then->item.form;
  int index = form_language(form, language);
  typed_format_display(form, then, &value, index, out);
  if (value.kind == VALUE_NUMBER && is_number(&form->questions[then]) && !same_unit(prior, question, then))
    buf_printf(out, " %s", form->questions[then].unit.in[index]);
  return true;
}

bool prior_same(const struct prior *prior, int question, int row) {
  int then;
  struct value before;
  if (!find_answer(prior, question, row, &then, &before) || !same_unit(prior, question, then)) return false;
  struct value now = state_value(prior->work->state, question, row);
  return value_equal(&before, &now);
}

static struct prior_mark judge(bool share, double before, double now) {
  struct prior_mark mark = {.before = before, .now = now};
  double difference = fabs(now - before);
  if (difference < PRIOR_DIFFERENCE) return mark;
  if (share) {
    mark.by = round(now - before);
    if (difference >= PRIOR_POINTS) mark.change = PRIOR_BY_POINTS;
  } else if (before == 0 || (now != 0 && (before < 0) != (now < 0))) {
    mark.change = PRIOR_ANEW;
  } else if (now / before >= PRIOR_FACTOR || now / before <= 1 / PRIOR_FACTOR) {
    mark.by = round((now / before - 1) * 100);
    mark.change = PRIOR_BY_PERCENT;
  }
  return mark;
}

struct prior_mark prior_compare(const struct prior *prior, int question, int row) {
  int then;
  struct value before;
  struct prior_mark usual = {.change = PRIOR_USUAL};
  if (!find_answer(prior, question, row, &then, &before) || !same_unit(prior, question, then)) return usual;
  const struct form_question *asked = &prior->work->item.form->questions[question];
  struct value now = state_value(prior->work->state, question, row);
  if (!is_number(asked) || before.kind != VALUE_NUMBER || now.kind != VALUE_NUMBER) return usual;
  return judge(strcmp(asked->unit.in[0], PRIOR_SHARE_UNIT) == 0, before.number, now.number);
}

/* ---- taking over */

static bool fits(const struct prior *prior, int question, int row, struct value *value) {
  int then;
  if (prior == NULL || !prior->work->item.take_over || !prior->work->editable) return false;
  if (!find_answer(prior, question, row, &then, value) || !same_unit(prior, question, then)) return false;
  return typed_check(&prior->work->item.form->questions[question], value) == TYPED_OK;
}

bool prior_fits(const struct prior *prior, int question, int row) {
  struct value value;
  return fits(prior, question, row, &value);
}

/* An option that is filtered out is not offered. */
static bool is_offered(const struct work *work, int question, int row, const struct value *value) {
  const struct form_question *asked = &work->item.form->questions[question];
  for (int i = 0; i < asked->option_count; i++) {
    bool chosen = value->kind == VALUE_NUMBER && value->number == asked->options[i].code;
    for (int k = 0; value->kind == VALUE_SET && k < value->code_count; k++)
      chosen = chosen || value->codes[k] == asked->options[i].code;
    if (chosen && !state_option_relevant(work->state, question, row, i)) return false;
  }
  return true;
}

bool prior_takeable(const struct prior *prior, int question, int row) {
  struct value value;
  return fits(prior, question, row, &value) && state_relevant(prior->work->state, question, row) &&
         work_answer(prior->work, question, row)->state == ANSWER_CLEARED &&
         is_offered(prior->work, question, row, &value);
}

/* The earlier answer as if somebody had typed it. */
static void fill_entry(const struct prior *prior, int question, int row, struct save_entry *entry, struct arena *arena) {
  struct value value;
  struct buf text = {0};
  fits(prior, question, row, &value);
  response_format_stored(&prior->work->item.form->questions[question], &value, &text);
  const char **values = arena_array(arena, 1, sizeof *values);
  values[0] = arena_copy(arena, buf_text(&text));
  buf_free(&text);
  entry->values = values;
  entry->value_count = values[0][0] != '\0';
  entry->special = value.kind == VALUE_NA ? "na" : value.kind == VALUE_NODATA ? "nodata" : "";
}

/* Both responses, for somebody who is going to take over. */
static const struct prior *load_to_take(struct db *db, const struct actor *actor, int64_t response_id,
                                        struct arena *arena, struct err *err) {
  struct work *work = work_load_to_change(db, actor, response_id, arena, err);
  if (work == NULL) return NULL;
  if (!work->item.take_over) {
    err_set(err, ERR_DENIED, "this round does not let earlier answers be taken over");
    return NULL;
  }
  work->state = state_compute(work->response, arena);
  struct err own = {0};
  const struct prior *prior = prior_load(db, actor, work, arena, &own);
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  else if (prior == NULL) err_set(err, ERR_NOT_FOUND, "there are no earlier answers");
  return prior;
}

/* Saves the entries, and says in the book of events which of them came from where. */
static bool save_taken(struct db *db, const struct actor *actor, const struct prior *prior, struct save_entry *entries,
                       size_t count, int *taken, struct arena *arena, struct err *err) {
  int64_t response = prior->work->item.response;
  struct buf detail = {0};
  *taken = 0;
  buf_printf(&detail, "%s:", prior->work->item.previous);
  bool ok = work_save(db, actor, response, entries, count, arena, err);
  for (size_t i = 0; ok && i < count; i++) {
    if (entries[i].result != SAVE_DONE) continue;
    ++*taken;
    buf_printf(&detail, " %s%s%s", entries[i].question, entries[i].row[0] != '\0' ? ":" : "", entries[i].row);
  }
  if (ok && *taken > 0) ok = event_add_response(db, actor->person, "take-over", response, buf_text(&detail), err);
  buf_free(&detail);
  return ok;
}

bool prior_take(struct db *db, const struct actor *actor, int64_t response_id, struct save_entry *entry,
                struct arena *arena, struct err *err) {
  const struct prior *prior = load_to_take(db, actor, response_id, arena, err);
  if (prior == NULL) return false;
  const struct work *work = prior->work;
  int taken, question = form_find(work->item.form, entry->question), row = -1;
  int roster = question < 0 ? -1 : work->item.form->questions[question].roster;
  bool there = question >= 0 && (roster >= 0) == (entry->row[0] != '\0');
  if (there && roster >= 0) there = (row = response_find_row(work->response, roster, entry->row)) >= 0;
  if (!there || !prior_fits(prior, question, row))
    return err_set(err, ERR_NOT_FOUND, "%s has no earlier answer to take over", entry->question);
  bool meanwhile = work_answer(work, question, row)->mark.version != entry->seen;
  if (!meanwhile && !prior_takeable(prior, question, row))
    return err_set(err, ERR_INPUT, "%s does not apply or has an answer", entry->question);
  fill_entry(prior, question, row, entry, arena);
  return save_taken(db, actor, prior, entry, 1, &taken, arena, err);
}

/* Row by row, as people read. */
static void collect(const struct prior *prior, int question, struct save_entry *entries, size_t *count,
                    struct arena *arena) {
  const struct work *work = prior->work;
  const struct form_question *asked = &work->item.form->questions[question];
  int rows = asked->roster < 0 ? 1 : response_row_count(work->response, asked->roster);
  for (int i = 0; i < rows; i++) {
    int row = asked->roster < 0 ? -1 : i;
    if (!prior_takeable(prior, question, row)) continue;
    struct save_entry *entry = &entries[(*count)++];
    *entry = (struct save_entry){.question = asked->id, .row = work_row_id(work, question, row)};
    entry->seen = work_answer(work, question, row)->mark.version;
    fill_entry(prior, question, row, entry, arena);
  }
}

bool prior_take_section(struct db *db, const struct actor *actor, int64_t response_id, const char *section,
                        struct arena *arena, int *taken, struct err *err) {
  *taken = 0;
  const struct prior *prior = load_to_take(db, actor, response_id, arena, err);
  if (prior == NULL) return false;
  const struct form *form = prior->work->item.form;
  int index = form_find_section(form, section);
  if (index < 0) return err_set(err, ERR_NOT_FOUND, "there is no section \"%s\"", section);
  int first = form->sections[index].first, end = first + form->sections[index].count;
  size_t places = 0, count = 0;
  for (int i = first; i < end; i++)
    places += form->questions[i].roster < 0
                  ? 1
                  : (size_t)response_row_count(prior->work->response, form->questions[i].roster);
  struct save_entry *entries = arena_array(arena, places, sizeof *entries);
  for (int i = first; i < end; i++) collect(prior, i, entries, &count, arena);
  return count == 0 || save_taken(db, actor, prior, entries, count, taken, arena, err);
}
