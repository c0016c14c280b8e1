#include "form/state.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

#define FIRST_VIOLATIONS 16
#define TYPED_SHOWN_MAX 80 /* bytes of a wrong entry that a message repeats */

/* What the caller sees comes first, so that a struct state is an engine. A cell is a question, in rosters a question in a
 * row. */
struct engine {
  struct state public;
  struct arena *arena;
  const int *first; /* cell of a question (of its row 0) */
  struct value *values;
  bool *relevant;
  struct violation *violations;
  size_t violation_cap;
  struct missing *missing;
  struct section_progress *sections;
};

static const struct engine *engine_of(const struct state *state) { return (const struct engine *)state; }

static struct value get_value(void *context, int slot, int row) {
  const struct engine *engine = context;
  int roster = engine->public.form->questions[slot].roster;
  if (roster < 0) return engine->values[engine->first[slot]];
  return row < 0 ? (struct value){0} : engine->values[engine->first[slot] + row];
}

static bool holds(const struct engine *engine, const struct expr *filter, int row);

static bool container_holds(const struct engine *engine, int container) {
  const struct form *form = engine->public.form;
  if (!holds(engine, form->sections[form->containers[container].section].relevant, -1)) return false;
  for (int i = container; i >= 0; i = form->containers[i].parent) {
    if (!holds(engine, form->containers[i].relevant, -1)) return false;
  }
  return true;
}

/* A roster that is filtered out has no rows for anybody else. */
static int get_row_count(void *context, int slot) {
  const struct engine *engine = context;
  int roster = slot - FORM_ROSTER_SLOT;
  int count = response_row_count(engine->public.response, roster);
  return count > 0 && container_holds(engine, engine->public.form->rosters[roster]) ? count : 0;
}

static struct expr_source source_for(const struct engine *engine, int row) {
  union {
    const struct engine *in;
    void *out; /* get_value only reads */
  } context = {.in = engine};
  return (struct expr_source){.context = context.out, .row = row, .get = get_value, .row_count = get_row_count};
}

static bool holds(const struct engine *engine, const struct expr *filter, int row) {
  if (filter == NULL) return true;
  struct expr_source source = source_for(engine, row);
  return expr_is_true(filter, &source);
}

static bool chosen(const struct value *value, int code) {
  if (value->kind == VALUE_NUMBER) return value->number == code;
  for (int i = 0; i < value->code_count; i++) {
    if (value->codes[i] == code) return true;
  }
  return false;
}

static void drop_code(const struct engine *engine, struct value *value, int code) {
  if (value->kind == VALUE_NUMBER || value->code_count == 1) {
    *value = (struct value){0};
    return;
  }
  int *codes = arena_array(engine->arena, (size_t)value->code_count, sizeof *codes);
  int count = 0;
  for (int i = 0; i < value->code_count; i++) {
    if (value->codes[i] != code) codes[count++] = value->codes[i];
  }
  value->codes = codes;
  value->code_count = count;
}

/* The answer without the options that are not offered now; those stay in the response. */
static struct value offered(const struct engine *engine, const struct form_question *question, int row,
                            struct value value) {
  for (int i = 0; i < question->option_count; i++) {
    const struct form_option *option = &question->options[i];
    if (option->relevant == NULL || !chosen(&value, option->code)) continue;
    if (!holds(engine, option->relevant, row)) drop_code(engine, &value, option->code);
  }
  return value;
}

/* The value of a relevant question as everything else sees it. */
static struct value seen_value(const struct engine *engine, int index, int row) {
  const struct form_question *question = &engine->public.form->questions[index];
  if (question->type == QUESTION_CALCULATE) {
    struct expr_source source = source_for(engine, row);
    return expr_eval(question->calculation, &source);
  }
  struct value value = *response_get(engine->public.response, index, row);
  if (value.kind == VALUE_NUMBER || value.kind == VALUE_SET) return offered(engine, question, row, value);
  return value;
}

static int rows_of(const struct engine *engine, int question) {
  int roster = engine->public.form->questions[question].roster;
  return roster < 0 ? 1 : response_row_count(engine->public.response, roster);
}

/* The row a cell's number stands for: -1 outside rosters. */
static int row_of(const struct form_question *question, int cell) { return question->roster < 0 ? -1 : cell; }

static void compute_values(struct engine *engine) {
  const struct form *form = engine->public.form;
  for (int i = 0; i < form->question_count; i++) {
    int index = form->order[i];
    const struct form_question *question = &form->questions[index];
    int count = rows_of(engine, index);
    for (int cell = 0; cell < count; cell++) {
      int at = engine->first[index] + cell;
      int row = row_of(question, cell);
      engine->relevant[at] = holds(engine, question->effective, row);
      if (engine->relevant[at]) engine->values[at] = seen_value(engine, index, row);
    }
  }
}

static void add_violation(struct engine *engine, struct violation violation, int section) {
  struct state *state = &engine->public;
  if (state->violation_count == engine->violation_cap) {
    size_t cap = engine->violation_cap > 0 ? engine->violation_cap * 2 : FIRST_VIOLATIONS;
    struct violation *list = arena_array(engine->arena, cap, sizeof *list);
    if (state->violation_count > 0) memcpy(list, engine->violations, state->violation_count * sizeof *list);
    engine->violations = list;
    engine->violation_cap = cap;
  }
  engine->violations[state->violation_count++] = violation;
  if (violation.severity == SEVERITY_ERROR) engine->sections[section].errors++;
  else engine->sections[section].warnings++;
}

static void run_checks(struct engine *engine, int index, int row) {
  const struct form_question *question = &engine->public.form->questions[index];
  struct expr_source source = source_for(engine, row);
  for (int i = 0; i < question->check_count; i++) {
    const struct form_check *check = &question->checks[i];
    if (!expr_is_false(check->test, &source)) continue;
    struct violation violation = {.kind = VIOLATION_CHECK, .question = index, .row = row, .container = -1,
                                  .check = check, .severity = check->severity};
    add_violation(engine, violation, question->section);
  }
}

/* A relevant question that people answer: progress, missing, an invalid entry. */
static void judge_answer(struct engine *engine, int index, int row, const struct value *value) {
  const struct form_question *question = &engine->public.form->questions[index];
  struct section_progress *progress = &engine->sections[question->section];
  bool invalid = response_invalid(engine->public.response, index, row, NULL) != NULL;
  bool answered = value->kind != VALUE_MISSING;
  progress->relevant++;
  if (question->required) {
    progress->required++;
    if (answered) progress->answered++;
    else if (!invalid)
      engine->missing[engine->public.missing_count++] = (struct missing){.question = index, .row = row};
  }
  if (!invalid) return;
  struct violation violation = {.kind = VIOLATION_INVALID, .question = index, .row = row, .container = -1,
                                .severity = SEVERITY_ERROR};
  add_violation(engine, violation, question->section);
}

static void judge_rows(struct engine *engine, int roster) {
  const struct form *form = engine->public.form;
  const struct form_container *container = &form->containers[form->rosters[roster]];
  int count = response_row_count(engine->public.response, roster);
  struct violation violation = {.question = -1, .row = -1, .container = form->rosters[roster],
                                .severity = SEVERITY_ERROR};
  if (count < container->row_min) violation.kind = VIOLATION_ROWS_MIN;
  else if (container->row_max > 0 && count > container->row_max) violation.kind = VIOLATION_ROWS_MAX;
  else return;
  if (container_holds(engine, form->rosters[roster])) add_violation(engine, violation, container->section);
}

/* In the questionnaire's order, which is the order in which a person reads the results. */
static void judge(struct engine *engine) {
  const struct form *form = engine->public.form;
  int roster = 0;
  for (int index = 0; index < form->question_count; index++) {
    const struct form_question *question = &form->questions[index];
    bool answerable = form_is_answerable(question);
    while (roster < form->roster_count && form->containers[form->rosters[roster]].first <= index) {
      judge_rows(engine, roster++);
    }
    int count = rows_of(engine, index);
    for (int cell = 0; cell < count; cell++) {
      int at = engine->first[index] + cell;
      if (!engine->relevant[at]) continue;
      if (answerable) judge_answer(engine, index, row_of(question, cell), &engine->values[at]);
      if (question->check_count > 0) run_checks(engine, index, row_of(question, cell));
    }
  }
}

static void add_up(struct engine *engine) {
  struct state *state = &engine->public;
  for (int i = 0; i < state->form->section_count; i++) {
    const struct section_progress *section = &engine->sections[i];
    state->total.relevant += section->relevant;
    state->total.required += section->required;
    state->total.answered += section->answered;
    state->total.errors += section->errors;
    state->total.warnings += section->warnings;
  }
  state->sections = engine->sections;
  state->violations = engine->violations;
  state->missing = engine->missing;
  state->complete = state->missing_count == 0 && state->total.errors == 0;
}

/* With relevance and values computed. */
static struct engine *start(const struct response *response, struct arena *arena) {
  const struct form *form = response_form(response);
  struct engine *engine = arena_alloc(arena, sizeof *engine);
  engine->public.form = form;
  engine->public.response = response;
  engine->arena = arena;
  int *first = arena_array(arena, (size_t)form->question_count + 1, sizeof *first);
  engine->first = first;
  for (int i = 0; i < form->question_count; i++) first[i + 1] = first[i] + rows_of(engine, i);
  size_t cells = (size_t)first[form->question_count];
  engine->values = arena_array(arena, cells, sizeof *engine->values);
  engine->relevant = arena_array(arena, cells, sizeof *engine->relevant);
  compute_values(engine);
  return engine;
}

struct state *state_compute_values(const struct response *response, struct arena *arena) {
  return &start(response, arena)->public;
}

struct state *state_compute(const struct response *response, struct arena *arena) {
  const struct form *form = response_form(response);
  struct engine *engine = start(response, arena);
  engine->missing = arena_array(arena, (size_t)engine->first[form->question_count], sizeof *engine->missing);
  engine->sections = arena_array(arena, (size_t)form->section_count, sizeof *engine->sections);
  judge(engine);
  add_up(engine);
  return &engine->public;
}

bool state_section_relevant(const struct state *state, int section) {
  return holds(engine_of(state), state->form->sections[section].relevant, -1);
}

bool state_section_done(const struct state *state, int section) {
  const struct section_progress *progress = &state->sections[section];
  return progress->answered == progress->required && progress->errors == 0;
}

bool state_container_relevant(const struct state *state, int container) {
  return container_holds(engine_of(state), container);
}

static int cell_at(const struct state *state, int question, int row) {
  assert(question >= 0 && question < state->form->question_count);
  int cell = state->form->questions[question].roster < 0 ? 0 : row;
  assert(cell >= 0 && cell < rows_of(engine_of(state), question));
  return engine_of(state)->first[question] + cell;
}

bool state_relevant(const struct state *state, int question, int row) {
  return engine_of(state)->relevant[cell_at(state, question, row)];
}

bool state_option_relevant(const struct state *state, int question, int row, int option) {
  return holds(engine_of(state), state->form->questions[question].options[option].relevant, row);
}

struct value state_value(const struct state *state, int question, int row) {
  return engine_of(state)->values[cell_at(state, question, row)];
}

/* The figure that {id} stands for, in rosters that of the same row; false when there is no such question. */
static bool put_figure(const struct state *state, const char *id, const struct violation *violation, int language,
                       struct buf *out) {
  const struct form *form = state->form;
  int question = form_find(form, id);
  if (question < 0) return false;
  int own = form->questions[question].roster, here = form->questions[violation->question].roster;
  struct value value = {0};
  if (own < 0 || own == here) value = state_value(state, question, violation->row);
  if (value.kind == VALUE_MISSING) buf_puts(out, "–");
  else typed_format_display(form, question, &value, language, out);
  return true;
}

static void put_check_message(const struct state *state, const struct violation *violation, int language,
                              struct buf *out) {
  const char *at = violation->check->message.in[language];
  struct buf id = {0};
  while (*at != '\0') {
    size_t plain = strcspn(at, "{");
    buf_add(out, at, plain);
    at += plain;
    if (*at == '\0') break;
    size_t len = strcspn(at + 1, "{}");
    buf_reset(&id);
    buf_add(&id, at + 1, len);
    if (at[1 + len] == '}' && put_figure(state, buf_text(&id), violation, language, out)) at += len + 2;
    else buf_putc(out, *at++);
  }
  buf_free(&id);
}

static void put_invalid_message(const struct state *state, const struct violation *violation, const char *language,
                                struct buf *out) {
  const struct form_question *question = &state->form->questions[violation->question];
  enum typed_fault fault;
  const char *typed = response_invalid(state->response, violation->question, violation->row, &fault);
  typed_fault_message(question, fault, language, out);
  if (question->type == QUESTION_SELECT_ONE || question->type == QUESTION_SELECT_MULTIPLE || *typed == '\0') return;
  const char *before = " You typed “", *after = "”.";
  if (strcmp(language, "lv") == 0) before = " Jūs ierakstījāt: „";
  if (strcmp(language, "ru") == 0) before = " Вы ввели: «", after = "».";
  size_t len = strlen(typed), shown = utf8_cut(typed, len, TYPED_SHOWN_MAX);
  buf_puts(out, before);
  buf_add(out, typed, shown);
  if (shown < len) buf_puts(out, "…");
  buf_puts(out, after);
}

struct rows_sentence {
  const char *language;
  const char *count, *min, *max;
};

static const struct rows_sentence rows_sentences[] = {
    {"lv", ": rindu skaits ir ", ", bet tam jābūt vismaz ", ", bet tas nedrīkst pārsniegt "},
    {"ru", ": количество строк — ", ", а должно быть не меньше ", ", а должно быть не больше "},
    {"en", ": the number of rows is ", ", but it must be at least ", ", but it must be at most "},
};

static void put_rows_message(const struct state *state, const struct violation *violation, int language,
                             struct buf *out) {
  const struct form_container *container = &state->form->containers[violation->container];
  const char *title = container->text.in[language];
  const struct rows_sentence *sentence = rows_sentences;
  while (strcmp(sentence->language, "en") != 0 && strcmp(sentence->language, state->form->languages[language]) != 0) {
    sentence++;
  }
  bool few = violation->kind == VIOLATION_ROWS_MIN;
  buf_puts(out, *title != '\0' ? title : container->id);
  buf_puts(out, sentence->count);
  buf_printf(out, "%d", response_row_count(state->response, container->roster));
  buf_puts(out, few ? sentence->min : sentence->max);
  buf_printf(out, "%d.", few ? container->row_min : container->row_max);
}

void state_message(const struct state *state, const struct violation *violation, int language, struct buf *out) {
  switch (violation->kind) {
    case VIOLATION_CHECK:
      put_check_message(state, violation, language, out);
      break;
    case VIOLATION_INVALID:
      put_invalid_message(state, violation, state->form->languages[language], out);
      break;
    case VIOLATION_ROWS_MIN:
    case VIOLATION_ROWS_MAX:
      put_rows_message(state, violation, language, out);
      break;
  }
}
