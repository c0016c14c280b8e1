/* The state of a full response to the e-index form, beside a bare loop over the same filters and checks with all values at
 * hand. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "form/load.h"
#include "form/state.h"

#define FORM_PATH "questionnaires/e-index-2017/self-assessment.yaml"
#define BUDGET_US 20.0
#define TURNS 20000
#define ROUNDS 5
#define ROWS 5 /* of each roster */

static struct value answer_to(const struct form_question *question) {
  switch (question->type) {
    case QUESTION_SELECT_ONE:
      return (struct value){.kind = VALUE_NUMBER, .number = question->codes[0]};
    case QUESTION_SELECT_MULTIPLE:
      return (struct value){.kind = VALUE_SET, .codes = question->codes, .code_count = question->option_count};
    case QUESTION_TEXT:
      return (struct value){.kind = VALUE_TEXT, .text = "Piezīme"};
    case QUESTION_DATE:
      return (struct value){.kind = VALUE_DATE, .number = 17476};
    default:
      return (struct value){.kind = VALUE_NUMBER, .number = 7};
  }
}

static int rows_of(const struct form_question *question) { return question->roster < 0 ? 1 : ROWS; }

static int row_of(const struct form_question *question, int row) { return question->roster < 0 ? -1 : row; }

static struct response *answer_all(const struct form *form, struct arena *arena) {
  struct response *response = response_new(form, arena);
  for (int roster = 0; roster < form->roster_count; roster++) {
    for (int row = 0; row < ROWS; row++) response_add_row(response, roster, arena_printf(arena, "s%d", row), "");
  }
  for (int i = 0; i < form->question_count; i++) {
    const struct form_question *question = &form->questions[i];
    for (int row = 0; form_is_answerable(question) && row < rows_of(question); row++) {
      response_set(response, i, row_of(question, row), answer_to(question));
    }
  }
  return response;
}

static double time_state(const struct response *response, struct arena *arena) {
  int64_t start = clock_monotonic_us();
  size_t seen = 0;
  for (int i = 0; i < TURNS; i++) {
    arena_reset(arena);
    seen += state_compute(response, arena)->missing_count;
  }
  double spent = (double)(clock_monotonic_us() - start) / TURNS;
  return seen == (size_t)-1 ? 0 : spent;
}

static struct value get_ready(void *context, int slot, int row) {
  const struct value *values = context;
  return values[slot * ROWS + (row > 0 ? row : 0)];
}

static int get_rows(void *context, int roster) {
  (void)context;
  (void)roster;
  return ROWS;
}

static int evaluate(const struct form_question *question, const struct expr_source *source) {
  int count = 0;
  if (question->effective != NULL) count += expr_is_true(question->effective, source);
  if (question->calculation != NULL) count += expr_eval(question->calculation, source).kind == VALUE_NUMBER;
  for (int i = 0; i < question->check_count; i++) count += expr_is_false(question->checks[i].test, source);
  for (int i = 0; i < question->option_count; i++) {
    if (question->options[i].relevant != NULL) count += expr_is_true(question->options[i].relevant, source);
  }
  return count;
}

static int evaluate_all(const struct form *form, const struct value *values) {
  union {
    const struct value *in;
    void *out; /* get_ready only reads */
  } context = {.in = values};
  struct expr_source source = {.context = context.out, .get = get_ready, .row_count = get_rows};
  int count = 0;
  for (int i = 0; i < form->question_count; i++) {
    for (int row = 0; row < rows_of(&form->questions[i]); row++) {
      source.row = row_of(&form->questions[i], row);
      count += evaluate(&form->questions[i], &source);
    }
  }
  return count;
}

static double time_bare(const struct response *response, struct arena *arena) {
  const struct form *form = response_form(response);
  arena_reset(arena);
  const struct state *state = state_compute(response, arena);
  struct value *values = arena_array(arena, (size_t)form->question_count * ROWS, sizeof *values);
  for (int i = 0; i < form->question_count; i++) {
    const struct form_question *question = &form->questions[i];
    for (int row = 0; row < rows_of(question); row++) {
      values[i * ROWS + row] = state_value(state, i, row_of(question, row));
    }
  }
  int64_t start = clock_monotonic_us();
  long long seen = 0;
  for (int i = 0; i < TURNS; i++) seen += evaluate_all(form, values);
  double spent = (double)(clock_monotonic_us() - start) / TURNS;
  return seen == -1 ? 0 : spent;
}

int main(void) {
  struct err err = {0};
  struct findings *findings = findings_new(FORM_PATH);
  struct form *form = form_load_file(FORM_PATH, findings, &err);
  if (form == NULL) {
    fprintf(stderr, "%s: %s\n", FORM_PATH, err.code != ERR_NONE ? err.text : "does not compile");
    return EXIT_FAILURE;
  }
  struct arena *answers = arena_new(), *arena = arena_new();
  const struct response *response = answer_all(form, answers);
  double state = 1e9, bare = 1e9; /* the best of several: what the machine can do undisturbed */
  for (int i = 0; i < ROUNDS; i++) {
    double one = time_state(response, arena);
    if (one < state) state = one;
    one = time_bare(response, arena);
    if (one < bare) bare = one;
  }
  printf("state of a response (%d questions): %.2f us  budget %.0f us  bare evaluation %.2f us  ratio %.2f\n",
         form->question_count, state, BUDGET_US, bare, state / bare);
  arena_free(arena);
  arena_free(answers);
  form_free(form);
  findings_free(findings);
  return state <= BUDGET_US ? EXIT_SUCCESS : EXIT_FAILURE;
}
