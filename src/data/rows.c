#include "data/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "data/ahead.h"
#include "form/state.h"

#define MISSING_KINDS (MISSING_NODATA + 1)

/* A version as the columns need it. */
struct layout {
  const struct form *form;
  int roster;   /* number of the dataset's roster, -1 */
  int language; /* of option texts */
  const struct column_source *sources; /* by column */
};

struct rows {
  struct loader *loader;
  const struct dataset_spec *spec;
  const struct columns *columns;
  struct arena *arena;
  struct layout *layouts;
  const char *marks[MISSING_KINDS];
  struct ahead *ahead; /* from the first row on */

  const struct batch *batch; /* at hand, NULL before the first */
  int response, row;         /* the next one of it */
};

/* A response whose rows are made. */
struct filling {
  const struct rows *rows;
  const struct scan_response *about;
  const struct response *answers;
  const struct layout *layout;
  struct state *state;
  struct arena *arena;
  struct cell *cells; /* of the row */
};

static int roster_number(const struct form *form, const char *roster) {
  int container = roster != NULL ? form_find_roster(form, roster) : -1;
  return container >= 0 ? form->containers[container].roster : -1;
}

struct rows *rows_new(struct loader *loader, const struct dataset_spec *spec, const struct versions *versions,
                      const struct columns *columns) {
  struct rows *rows = calloc(1, sizeof *rows);
  if (rows == NULL) log_out_of_memory();
  rows->loader = loader;
  rows->spec = spec;
  rows->columns = columns;
  rows->arena = arena_new();
  rows->layouts = arena_array(rows->arena, (size_t)versions->count, sizeof *rows->layouts);
  for (int i = 0; i < versions->count; i++) {
    const struct form *form = versions->list[i].form;
    rows->layouts[i] = (struct layout){.form = form,
                                       .roster = roster_number(form, spec->roster),
                                       .language = form_language(form, spec->language),
                                       .sources = columns->sources[i]};
  }
  for (int kind = 0; kind < MISSING_KINDS; kind++) {
    rows->marks[kind] = dataset_missing_text((enum missing_kind)kind, spec->language, spec->labels);
  }
  return rows;
}

void rows_free(struct rows *rows) {
  if (rows == NULL) return;
  ahead_free(rows->ahead);
  arena_free(rows->arena);
  free(rows);
}

static struct cell number_cell(double number) { return (struct cell){.kind = CELL_NUMBER, .number = number}; }

static struct cell missing_cell(enum missing_kind kind) {
  return (struct cell){.kind = CELL_MISSING, .number = (double)kind};
}

static struct cell text_cell(const char *text) {
  if (text == NULL || *text == '\0') return missing_cell(MISSING_EMPTY);
  return (struct cell){.kind = CELL_TEXT, .text = text};
}

static struct cell time_cell(int64_t ms) {
  if (ms == 0) return missing_cell(MISSING_EMPTY);
  return (struct cell){.kind = CELL_TIME, .number = (double)ms};
}

static void fill_own(struct filling *filling, int row) {
  static const char *const statuses[] = {"new", "started", "submitted", "reopened", "partial"}; /* as struct scan_response says */
  const struct scan_response *response = filling->about;
  struct cell *cells = filling->cells;
  cells[OWN_RESPONSE_ID] = number_cell((double)response->response);
  cells[OWN_INSTITUTION_ID] = number_cell((double)response->institution);
  cells[OWN_REGISTRATION_NUMBER] = text_cell(response->registration_number);
  cells[OWN_INSTITUTION] = text_cell(response->name);
  cells[OWN_ABBREVIATION] = text_cell(response->abbreviation);
  cells[OWN_KIND] = text_cell(response->kind);
  cells[OWN_SECTOR] = text_cell(response->sector);
  cells[OWN_SEGMENTS] = text_cell(response->segments);
  bool known = response->status >= 0 && response->status < (int)(sizeof statuses / sizeof *statuses);
  cells[OWN_STATUS] = known ? text_cell(statuses[response->status]) : missing_cell(MISSING_EMPTY);
  cells[OWN_SUBMITTED_AT] = time_cell(response->submitted_ms);
  cells[OWN_CHANGED_AT] = time_cell(response->changed_ms);
  cells[OWN_QUESTIONNAIRE_VERSION] = text_cell(response->questionnaire_version);
  if (row < 0) return;
  const struct response_row *line = response_row(filling->answers, filling->layout->roster, row);
  cells[OWN_ROW_ID] = text_cell(line->id);
  cells[OWN_ROW_LABEL] = text_cell(line->label);
}

/* An apostrophe before what reads like a missing mark, however many stand there already: taking one off gives the text
 * back. */
static struct cell answer_cell(struct filling *filling, const char *text) {
  const char *bare = text;
  while (*bare == '\'') bare++;
  for (int kind = MISSING_NOT_ASKED; kind < MISSING_KINDS; kind++) {
    const char *mark = filling->rows->marks[kind];
    if (*bare == *mark && strcmp(bare, mark) == 0) {
      return (struct cell){.kind = CELL_TEXT, .text = arena_printf(filling->arena, "'%s", text)};
    }
  }
  return (struct cell){.kind = CELL_TEXT, .text = text};
}

static bool holds_code(const struct value *value, int code) {
  for (int i = 0; i < value->code_count; i++) {
    if (value->codes[i] == code) return true;
  }
  return false;
}

static struct cell choice_cell(struct filling *filling, const struct form_question *question, int code) {
  if (!filling->rows->spec->labels) return number_cell(code);
  int option = form_option_index(question, code);
  if (option < 0) return missing_cell(MISSING_NOT_ANSWERED);
  return answer_cell(filling, question->options[option].text.in[filling->layout->language]);
}

static struct cell value_cell(struct filling *filling, int index, int option, int row, const struct value *value) {
  const struct form_question *question = &filling->layout->form->questions[index];
  switch (value->kind) {
    case VALUE_MISSING:
      return missing_cell(state_relevant(filling->state, index, row) ? MISSING_NOT_ANSWERED : MISSING_NOT_ASKED);
    case VALUE_NA:
      return missing_cell(MISSING_NA);
    case VALUE_NODATA:
      return missing_cell(MISSING_NODATA);
    case VALUE_NUMBER:
      if (question->type == QUESTION_SELECT_ONE) return choice_cell(filling, question, (int)value->number);
      return number_cell(value->number);
    case VALUE_BOOL:
      return number_cell(value->number);
    case VALUE_DATE:
      return (struct cell){.kind = CELL_DATE, .number = value->number};
    case VALUE_TEXT:
      return answer_cell(filling, value->text);
    case VALUE_SET:
      return number_cell(holds_code(value, question->options[option].code) ? 1 : 0);
  }
  return missing_cell(MISSING_NOT_ANSWERED);
}

static void fill_questions(struct filling *filling, int row) {
  const struct column_source *sources = filling->layout->sources;
  struct value value = {0};
  int question = -1; /* that value is of: the columns of a multiple choice follow each other */
  for (int i = filling->rows->columns->own_count; i < filling->rows->columns->count; i++) {
    if (sources[i].question < 0) {
      filling->cells[i] = missing_cell(MISSING_NOT_ASKED);
      continue;
    }
    if (sources[i].question != question) {
      question = sources[i].question;
      value = state_value(filling->state, question, row);
    }
    filling->cells[i] = value_cell(filling, question, sources[i].option, row, &value);
  }
}

/* A roster that is filtered out has none. */
static int count_rows(const struct filling *filling) {
  const struct layout *layout = filling->layout;
  if (filling->rows->spec->roster == NULL) return 1;
  if (layout->roster < 0) return 0;
  if (!state_container_relevant(filling->state, layout->form->rosters[layout->roster])) return 0;
  return response_row_count(filling->answers, layout->roster);
}

static void fill_batch(const void *context, struct batch *batch) {
  struct filling filling = {.rows = context, .arena = batch->arena};
  size_t columns = (size_t)filling.rows->columns->count;
  for (int i = 0; i < batch->count; i++) {
    filling.about = &batch->loaded[i].about;
    filling.layout = &filling.rows->layouts[batch->loaded[i].version];
    filling.answers = loaded_response(&batch->loaded[i], filling.layout->form, batch->arena);
    filling.state = state_compute_values(filling.answers, batch->arena);
    int count = count_rows(&filling);
    struct cell *cells = arena_array(batch->arena, (size_t)count * columns, sizeof *cells);
    for (int row = 0; row < count; row++) {
      filling.cells = cells + (size_t)row * columns;
      fill_own(&filling, filling.rows->spec->roster != NULL ? row : -1);
      fill_questions(&filling, filling.rows->spec->roster != NULL ? row : -1);
    }
    batch->filled[i] = (struct filled){cells, count};
  }
}

/* Steps to the next response that has rows left. False at the end and on error. */
static bool find_row(struct rows *rows, struct err *err) {
  for (;;) {
    if (rows->batch == NULL || rows->response == rows->batch->count) {
      rows->batch = ahead_next(rows->ahead, err);
      if (rows->batch == NULL) return false;
      rows->response = 0;
      rows->row = 0;
      continue;
    }
    if (rows->row < rows->batch->filled[rows->response].row_count) return true;
    rows->response++;
    rows->row = 0;
  }
}

const struct cell *rows_next(struct rows *rows, struct err *err) {
  if (rows->ahead == NULL) rows->ahead = ahead_new(rows->loader, fill_batch, rows, err);
  if (rows->ahead == NULL || !find_row(rows, err)) return NULL;
  return rows->batch->filled[rows->response].cells + (size_t)rows->row++ * (size_t)rows->columns->count;
}
