#include <string.h>

#include "base/utf8.h"
#include "form/typed.h"
#include "paper/builder.h"

#define FIGURES_MIN 4
#define LONG_ANSWER 220 /* characters; a longer one stands below its question, as wide as the page */

/* ---- one answer */

static void put_invalid(const struct builder *b, const char *typed, struct buf *out) {
  builder_lines(LINE_STRONG, typed, out);
  builder_lines(LINE_ALERT, builder_word(b, PAPER_INVALID), out);
}

/* A multiple choice: what was chosen, one below the other. */
static void put_chosen(const struct builder *b, const struct form_question *q, const struct value *value,
                       struct buf *out) {
  for (int i = 0; i < value->code_count; i++) {
    int option = form_option_index(q, value->codes[i]);
    if (option < 0) continue;
    if (out->len > 0) buf_putc(out, '\n');
    buf_puts(out, LINE_STRONG MARK_CHECK_ON);
    manuscript_clean(q->options[option].text.in[b->language], out);
  }
}

static bool is_figure(const struct form_question *q) {
  return q->type == QUESTION_INTEGER || q->type == QUESTION_DECIMAL || q->type == QUESTION_CALCULATE;
}

/* The answer as a person reads it; units: with the unit behind a figure. */
static void put_answer(const struct builder *b, int question, int row, bool units, struct buf *out) {
  const struct form_question *q = &b->form->questions[question];
  enum typed_fault fault;
  const char *typed = form_is_answerable(q) ? response_invalid(b->state->response, question, row, &fault) : NULL;
  struct value value = state_value(b->state, question, row);
  if (typed != NULL) {
    put_invalid(b, typed, out);
  } else if (value.kind == VALUE_MISSING) {
    builder_lines(LINE_MUTED, q->type == QUESTION_CALCULATE ? "–" : builder_word(b, PAPER_NOT_ANSWERED), out);
  } else if (value.kind == VALUE_SET) {
    put_chosen(b, q, &value, out);
  } else {
    struct buf text = {0};
    bool special = value.kind == VALUE_NA || value.kind == VALUE_NODATA;
    typed_format_display(b->form, question, &value, b->language, &text);
    if (units && !special && is_figure(q) && *q->unit.in[b->language] != '\0')
      buf_printf(&text, "\u00A0%s", q->unit.in[b->language]);
    builder_lines(q->type == QUESTION_TEXT && !special ? "" : LINE_STRONG, buf_text(&text), out);
    buf_free(&text);
  }
}

/* ---- findings */

/* They are in the questionnaire's order: each question's stand together, those of a roster's number of rows between. */
const size_t *filled_index(const struct state *state, struct arena *arena) {
  int count = state->form->question_count;
  size_t *first = arena_array(arena, (size_t)count + 1, sizeof *first);
  size_t at = 0;
  while (at < state->violation_count && state->violations[at].question < 0) at++;
  for (int i = 0; i <= count; i++) {
    first[i] = at;
    while (i < count && at < state->violation_count &&
           (state->violations[at].question < 0 || state->violations[at].question <= i))
      at++;
  }
  return first;
}

/* The first violation of the question in that row or a later one. */
static size_t find_row(const struct state *state, size_t from, size_t to, int row) {
  while (from < to) {
    size_t middle = from + (to - from) / 2;
    const struct violation *violation = &state->violations[middle];
    if (violation->question < 0 || violation->row >= row) to = middle;
    else from = middle + 1;
  }
  return from;
}

static void put_finding(const struct builder *b, size_t index, struct buf *out) {
  const struct violation *violation = &b->state->violations[index];
  const struct paper_explanation *all = b->particulars->explanations;
  bool soft = violation->severity == SEVERITY_WARNING;
  struct buf message = {0};
  buf_printf(&message, "%s ", builder_word(b, soft ? PAPER_WARNING : PAPER_ERROR));
  state_message(b->state, violation, b->language, &message);
  bool explained = soft && all != NULL && all[index].comment != NULL;
  if (soft && all != NULL && !explained) buf_printf(&message, " %s", builder_word(b, PAPER_UNEXPLAINED));
  builder_lines(soft ? LINE_NOTE : LINE_ALERT, buf_text(&message), out);
  buf_reset(&message);
  if (explained) {
    builder_phrase(b, PAPER_EXPLANATION, all[index].person, all[index].comment, &message);
    builder_lines(LINE_NOTE, buf_text(&message), out);
  }
  buf_free(&message);
}

static void put_findings(const struct builder *b, int question, int row, struct buf *out) {
  size_t end = b->violations[question + 1];
  for (size_t i = find_row(b->state, b->violations[question], end, row); i < end; i++) {
    const struct violation *violation = &b->state->violations[i];
    if (violation->question != question) continue;
    if (violation->row != row) break;
    put_finding(b, i, out);
  }
}

void filled_roster_problem(struct builder *b, int container) {
  buf_reset(&b->text);
  for (size_t i = 0; i < b->state->violation_count; i++) {
    const struct violation *violation = &b->state->violations[i];
    if (violation->question < 0 && violation->container == container) put_finding(b, i, &b->text);
  }
  if (b->text.len > 0) manuscript_text(b->manuscript, STYLE_BODY, buf_text(&b->text));
}

/* ---- questions with their answers */

static bool goes_on(const struct form_question *q, const struct form_question *other) {
  return is_figure(other) && other->container == q->container && other->section == q->section;
}

/* One of several figures in a row: those stand below each other, to the right. */
static bool is_among_figures(const struct form *form, int question) {
  const struct form_question *q = &form->questions[question];
  int first = question, last = question;
  if (!is_figure(q)) return false;
  while (first > 0 && goes_on(q, &form->questions[first - 1])) first--;
  while (last + 1 < form->question_count && goes_on(q, &form->questions[last + 1])) last++;
  return last - first + 1 >= FIGURES_MIN;
}

static void open_table(struct builder *b, int kind) {
  static const struct manuscript_column answers[] = {{ALIGN_LEFT, NUMBER_WIDTH}, {ALIGN_LEFT, 235}, {ALIGN_LEFT, 188}};
  static const struct manuscript_column figures[] = {
      {ALIGN_LEFT, NUMBER_WIDTH}, {ALIGN_LEFT, 235}, {ALIGN_RIGHT, 104}, {ALIGN_LEFT, 84}};
  if ((int)b->open == kind) return;
  filled_close(b);
  if (kind == TABLE_ANSWERS) manuscript_table(b->manuscript, true, answers, 3, NULL);
  else manuscript_table(b->manuscript, true, figures, 4, NULL);
  b->open = kind;
}

void filled_close(struct builder *b) {
  if (b->open == TABLE_CLOSED) return;
  manuscript_end_table(b->manuscript);
  b->open = TABLE_CLOSED;
}

/* A long answer has the width of the page. */
static void put_long(struct builder *b) {
  static const struct manuscript_column columns[] = {{ALIGN_LEFT, NUMBER_WIDTH}, {ALIGN_LEFT, PAPER_WIDTH - NUMBER_WIDTH}};
  filled_close(b);
  manuscript_keep(b->manuscript);
  manuscript_table(b->manuscript, false, columns, 2, NULL);
  builder_row(b, 2);
  manuscript_end_table(b->manuscript);
  manuscript_text(b->manuscript, STYLE_ANSWER, buf_text(&b->cells[2]));
  manuscript_end_keep(b->manuscript);
}

/* A figure with its unit in the next column; what is to be said of it stands below the question. */
static void put_figure(struct builder *b, int question, int row) {
  const struct form_question *q = &b->form->questions[question];
  builder_cells(b, 4);
  builder_number(q->number, &b->cells[0]);
  builder_lines("", q->text.in[b->language], &b->cells[1]);
  put_answer(b, question, row, false, &b->cells[2]);
  put_findings(b, question, row, &b->cells[1]);
  builder_lines(LINE_HINT, q->unit.in[b->language], &b->cells[3]);
  builder_row(b, 4);
}

void filled_question(struct builder *b, int question, int row) {
  const struct form_question *q = &b->form->questions[question];
  if (!state_relevant(b->state, question, row)) return;
  if (is_among_figures(b->form, question)) {
    open_table(b, TABLE_FIGURES);
    put_figure(b, question, row);
    return;
  }
  builder_cells(b, 3);
  if (q->type == QUESTION_NOTE) {
    filled_close(b);
    builder_lines("", q->text.in[b->language], &b->cells[0]);
    manuscript_text(b->manuscript, STYLE_HINT, buf_text(&b->cells[0]));
    return;
  }
  builder_number(q->number, &b->cells[0]);
  builder_lines("", q->text.in[b->language], &b->cells[1]);
  put_answer(b, question, row, true, &b->cells[2]);
  bool is_long = q->type == QUESTION_TEXT && utf8_count(buf_text(&b->cells[2]), b->cells[2].len) > LONG_ANSWER;
  put_findings(b, question, row, &b->cells[2]);
  if (is_long) {
    put_long(b);
    return;
  }
  open_table(b, TABLE_ANSWERS);
  builder_row(b, 3);
}

void filled_table(struct builder *b, int index, int row) {
  static const struct manuscript_column columns[] = {
      {ALIGN_LEFT, NUMBER_WIDTH}, {ALIGN_LEFT, 235}, {ALIGN_RIGHT, 104}, {ALIGN_LEFT, 84}};
  const struct form_container *container = &b->form->containers[index];
  const char *const names[] = {"", builder_word(b, PAPER_QUESTION), builder_word(b, PAPER_FIGURE), ""};
  filled_close(b);
  manuscript_table(b->manuscript, true, columns, 4, names);
  for (int i = container->first; i < container->first + container->count; i++)
    if (state_relevant(b->state, i, row)) put_figure(b, i, row);
  manuscript_end_table(b->manuscript);
  manuscript_space(b->manuscript, 8);
}
