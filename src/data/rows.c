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

  struct arena *scratch; /* of the response at hand */
  const struct loaded *at;
  const struct layout *layout;
  struct state *state;
  int next, count; /* of the rows that the response at hand makes */
  struct cell *cells;
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
  rows->scratch = arena_new();
  rows->layouts = arena_array(rows->arena, (size_t)versions->count, sizeof *rows->layouts);
  for (int i = 0; i < versions->count; i++) {
    const struct form *form = versions->list[i].form;
    rows->layouts[i] = (struct layout){.form = form,
                                       .roster = roster_number(form, spec->roster),
                                       .language = form_language(form, spec->language),
                                       .sources = columns->sources[i]};
  }
  rows->cells = arena_array(rows->arena, (size_t)columns->count, sizeof *rows->cells);
  for (int kind = 0; kind < MISSING_KINDS; kind++) {
    rows->marks[kind] = dataset_missing_text((enum missing_kind)kind, spec->language, spec->labels);
  }
  return rows;
}

void rows_free(struct rows *rows) {
  if (rows == NULL) return;
  ahead_free(rows->ahead);
  arena_free(rows->scratch);
  arena_free(rows->arena);
  free(rows);
}

/* A roster that is filtered out has none. */
static int count_roster_rows(const struct rows *rows) {
  const struct layout *layout = rows->layout;
  if (layout->roster < 0) return 0;
  if (!state_container_relevant(rows->state, layout->form->rosters[layout->roster])) return 0;
  return response_row_count(rows->at->answers, layout->roster);
}

/* The next response becomes the one at hand. False at the end and on error. */
static bool next_response(struct rows *rows, struct err *err) {
  rows->at = ahead_next(rows->ahead, err);
  if (rows->at == NULL) return false;
  arena_reset(rows->scratch);
  rows->layout = &rows->layouts[rows->at->version];
  rows->state = state_compute_values(rows->at->answers, rows->scratch);
  rows->next = 0;
  rows->count = rows->spec->roster == NULL ? 1 : count_roster_rows(rows);
  return true;
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

static void fill_own(struct rows *rows, int row) {
  static const char *const statuses[] = {"new", "started", "submitted"}; /* as struct scan_response says */
  const struct scan_response *response = &rows->at->about;
  struct cell *cells = rows->cells;
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
  const struct response_row *line = response_row(rows->at->answers, rows->layout->roster, row);
  cells[OWN_ROW_ID] = text_cell(line->id);
  cells[OWN_ROW_LABEL] = text_cell(line->label);
}

/* An apostrophe before what reads like a missing mark, however many stand there already: taking one off gives the text
 * back. */
static struct cell answer_cell(struct rows *rows, const char *text) {
  const char *bare = text;
  while (*bare == '\'') bare++;
  for (int kind = MISSING_NOT_ASKED; kind < MISSING_KINDS; kind++) {
    const char *mark = rows->marks[kind];
    if (*bare == *mark && strcmp(bare, mark) == 0) {
      return (struct cell){.kind = CELL_TEXT, .text = arena_printf(rows->scratch, "'%s", text)};
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

static struct cell choice_cell(struct rows *rows, const struct form_question *question, int code) {
  if (!rows->spec->labels) return number_cell(code);
  int option = form_option_index(question, code);
  if (option < 0) return missing_cell(MISSING_NOT_ANSWERED);
  return answer_cell(rows, question->options[option].text.in[rows->layout->language]);
}

static struct cell value_cell(struct rows *rows, int index, int option, int row, const struct value *value) {
  const struct form_question *question = &rows->layout->form->questions[index];
  switch (value->kind) {
    case VALUE_MISSING:
      return missing_cell(state_relevant(rows->state, index, row) ? MISSING_NOT_ANSWERED : MISSING_NOT_ASKED);
    case VALUE_NA:
      return missing_cell(MISSING_NA);
    case VALUE_NODATA:
      return missing_cell(MISSING_NODATA);
    case VALUE_NUMBER:
      if (question->type == QUESTION_SELECT_ONE) return choice_cell(rows, question, (int)value->number);
      return number_cell(value->number);
    case VALUE_BOOL:
      return number_cell(value->number);
    case VALUE_DATE:
      return (struct cell){.kind = CELL_DATE, .number = value->number};
    case VALUE_TEXT:
      return answer_cell(rows, value->text);
    case VALUE_SET:
      return number_cell(holds_code(value, question->options[option].code) ? 1 : 0);
  }
  return missing_cell(MISSING_NOT_ANSWERED);
}

static void fill_questions(struct rows *rows, int row) {
  const struct column_source *sources = rows->layout->sources;
  struct value value = {0};
  int question = -1; /* that value is of: the columns of a multiple choice follow each other */
  for (int i = rows->columns->own_count; i < rows->columns->count; i++) {
    if (sources[i].question < 0) {
      rows->cells[i] = missing_cell(MISSING_NOT_ASKED);
      continue;
    }
    if (sources[i].question != question) {
      question = sources[i].question;
      value = state_value(rows->state, question, row);
    }
    rows->cells[i] = value_cell(rows, question, sources[i].option, row, &value);
  }
}

const struct cell *rows_next(struct rows *rows, struct err *err) {
  if (rows->ahead == NULL) rows->ahead = ahead_new(rows->loader, err);
  if (rows->ahead == NULL) return NULL;
  while (rows->next == rows->count) {
    if (!next_response(rows, err)) return NULL;
  }
  int row = rows->spec->roster != NULL ? rows->next : -1;
  rows->next++;
  fill_own(rows, row);
  fill_questions(rows, row);
  return rows->cells;
}
