#include "data/rows.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "form/response.h"
#include "form/state.h"
#include "store/scan.h"

#define STATUS_SUBMITTED 2 /* as struct scan_response says */
#define MISSING_KINDS (MISSING_NODATA + 1)

struct named {
  const char *id;
  int question;
};

/* A version as the stream needs it. */
struct layout {
  int64_t id;
  const struct form *form;
  int roster;   /* number of the dataset's roster, -1 */
  int language; /* of option texts */
  const struct named *by_id; /* questions in the byte order of their ids, as the answers come */
  const struct column_source *sources; /* by column */
};

struct rows {
  struct db *db;
  const struct dataset_spec *spec;
  const struct columns *columns;
  struct arena *arena;
  struct layout *layouts;
  int layout_count;
  const char *marks[MISSING_KINDS];

  struct stmt *responses, *answers, *lines; /* NULL until they are walked */
  struct scan_response response;
  struct scan_answer answer; /* read ahead */
  struct scan_row line;      /* of a roster, read ahead */
  bool has_answer, has_line, ended;

  struct arena *scratch; /* of the response at hand */
  const struct layout *layout;
  struct response *filled;
  struct state *state;
  int next, count; /* of the rows that the response at hand makes */
  struct cell *cells;
};

static int compare_ids(const void *a, const void *b) {
  const struct named *left = a, *right = b;
  return strcmp(left->id, right->id);
}

static const struct named *sort_by_id(const struct form *form, struct arena *arena) {
  struct named *names = arena_array(arena, (size_t)form->question_count, sizeof *names);
  for (int i = 0; i < form->question_count; i++) names[i] = (struct named){form->questions[i].id, i};
  qsort(names, (size_t)form->question_count, sizeof *names, compare_ids);
  return names;
}

static int roster_number(const struct form *form, const char *roster) {
  int container = roster != NULL ? form_find_roster(form, roster) : -1;
  return container >= 0 ? form->containers[container].roster : -1;
}

struct rows *rows_new(struct db *db, const struct dataset_spec *spec, const struct versions *versions,
                      const struct columns *columns) {
  struct rows *rows = calloc(1, sizeof *rows);
  if (rows == NULL) log_out_of_memory();
  rows->db = db;
  rows->spec = spec;
  rows->columns = columns;
  rows->arena = arena_new();
  rows->scratch = arena_new();
  rows->layout_count = versions->count;
  rows->layouts = arena_array(rows->arena, (size_t)versions->count, sizeof *rows->layouts);
  for (int i = 0; i < versions->count; i++) {
    const struct form *form = versions->list[i].form;
    rows->layouts[i] = (struct layout){.id = versions->list[i].id,
                                       .form = form,
                                       .roster = roster_number(form, spec->roster),
                                       .language = form_language(form, spec->language),
                                       .by_id = sort_by_id(form, rows->arena),
                                       .sources = columns->sources[i]};
  }
  rows->cells = arena_array(rows->arena, (size_t)columns->count, sizeof *rows->cells);
  for (int kind = 0; kind < MISSING_KINDS; kind++) {
    rows->marks[kind] = dataset_missing_text((enum missing_kind)kind, spec->language, spec->labels);
  }
  return rows;
}

static void end_walk(struct stmt **stmt) {
  if (*stmt != NULL) stmt_end(*stmt);
  *stmt = NULL;
}

void rows_free(struct rows *rows) {
  if (rows == NULL) return;
  end_walk(&rows->responses);
  end_walk(&rows->answers);
  end_walk(&rows->lines);
  arena_free(rows->scratch);
  arena_free(rows->arena);
  free(rows);
}

static void next_answer(struct rows *rows, struct err *err) {
  rows->has_answer = scan_next_answer(rows->answers, &rows->answer, err);
}

static void next_line(struct rows *rows, struct err *err) {
  rows->has_line = scan_next_row(rows->lines, &rows->line, err);
}

/* False at the end and on error. */
static bool next_response(struct rows *rows, struct err *err) {
  struct scan_response *response = &rows->response;
  while (scan_next_response(rows->responses, response, err)) {
    if (response->status == STATUS_SUBMITTED || !rows->spec->submitted_only) return true;
  }
  return false;
}

static const struct layout *find_layout(const struct rows *rows, int64_t version) {
  for (int i = 0; i < rows->layout_count; i++) {
    if (rows->layouts[i].id == version) return &rows->layouts[i];
  }
  return NULL;
}

static bool start_walk(struct rows *rows, struct err *err) {
  const char *round = rows->spec->round, *questionnaire = rows->spec->questionnaire;
  struct err failed = {0};
  rows->responses = scan_responses(rows->db, round, questionnaire);
  rows->answers = scan_answers(rows->db, round, questionnaire);
  rows->lines = scan_rows(rows->db, round, questionnaire);
  next_answer(rows, &failed);
  next_line(rows, &failed);
  return failed.code == ERR_NONE || err_set(err, failed.code, "%s", failed.text);
}

bool rows_count(struct rows *rows, int64_t *count, struct err *err) {
  assert(rows->responses == NULL && !rows->ended);
  struct err failed = {0};
  const char *roster = rows->spec->roster;
  *count = 0;
  if (!start_walk(rows, err)) return false;
  while (next_response(rows, &failed)) {
    int64_t id = rows->response.response;
    if (roster == NULL) {
      ++*count;
      continue;
    }
    while (rows->has_line && rows->line.response <= id && failed.code == ERR_NONE) {
      if (rows->line.response == id && strcmp(rows->line.roster, roster) == 0) ++*count;
      next_line(rows, &failed);
    }
  }
  end_walk(&rows->responses);
  end_walk(&rows->answers);
  end_walk(&rows->lines);
  return failed.code == ERR_NONE || err_set(err, failed.code, "%s", failed.text);
}

/* Rows of the response at hand; those of earlier ones were left because their response was not wanted. */
static void take_lines(struct rows *rows, struct err *err) {
  int64_t id = rows->response.response;
  while (rows->has_line && rows->line.response <= id) {
    const struct scan_row *row = &rows->line;
    int roster = row->response == id ? roster_number(rows->layout->form, row->roster) : -1;
    if (roster >= 0) response_add_row(rows->filled, roster, row->row, row->label);
    next_line(rows, err);
  }
}

static void take_answer(struct rows *rows, int question) {
  const struct scan_answer *answer = &rows->answer;
  const struct form_question *asked = &rows->layout->form->questions[question];
  int row = -1;
  if (asked->roster >= 0) row = response_find_row(rows->filled, asked->roster, answer->row);
  /* An answer of a removed row, or from when the question was inside a roster or not. */
  if ((asked->roster >= 0) != (row >= 0) || (asked->roster < 0 && answer->row[0] != '\0')) return;
  switch (answer->state) {
    case ANSWER_VALUE:
      response_set_stored(rows->filled, question, row, answer->value);
      break;
    case ANSWER_NA:
      response_set(rows->filled, question, row, (struct value){.kind = VALUE_NA});
      break;
    case ANSWER_NODATA:
      response_set(rows->filled, question, row, (struct value){.kind = VALUE_NODATA});
      break;
    case ANSWER_CLEARED:
    case ANSWER_INVALID:
      break;
  }
}

/* Both the answers and the form's questions stand in the order of ids, so one pass over both is enough. */
static void take_answers(struct rows *rows, struct err *err) {
  const struct named *by_id = rows->layout->by_id;
  int question_count = rows->layout->form->question_count;
  int64_t id = rows->response.response;
  int at = 0;
  while (rows->has_answer && rows->answer.response < id) next_answer(rows, err);
  while (rows->has_answer && rows->answer.response == id) {
    int order = -1;
    while (at < question_count && (order = strcmp(by_id[at].id, rows->answer.question)) < 0) at++;
    if (at < question_count && order == 0) take_answer(rows, by_id[at].question);
    next_answer(rows, err);
  }
}

/* A roster that is filtered out has none. */
static int count_roster_rows(const struct rows *rows) {
  const struct layout *layout = rows->layout;
  if (layout->roster < 0) return 0;
  if (!state_container_relevant(rows->state, layout->form->rosters[layout->roster])) return 0;
  return response_row_count(rows->filled, layout->roster);
}

/* The next response with its answers and state. False at the end and on error. */
static bool load_response(struct rows *rows, struct err *err) {
  if (!next_response(rows, err)) return false;
  rows->layout = find_layout(rows, rows->response.version_id);
  if (rows->layout == NULL) {
    return err_set(err, ERR_SYSTEM, "response %lld is on a version of the questionnaire that is not stored",
                   (long long)rows->response.response);
  }
  struct err failed = {0};
  arena_reset(rows->scratch);
  rows->filled = response_new(rows->layout->form, rows->scratch);
  take_lines(rows, &failed);
  take_answers(rows, &failed);
  if (failed.code != ERR_NONE) return err_set(err, failed.code, "%s", failed.text);
  rows->state = state_compute_values(rows->filled, rows->scratch);
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
  static const char *const statuses[] = {"new", "started", "submitted"};
  const struct scan_response *response = &rows->response;
  struct cell *cells = rows->cells;
  cells[OWN_RESPONSE_ID] = number_cell((double)response->response);
  cells[OWN_INSTITUTION_ID] = number_cell((double)response->institution);
  cells[OWN_REGISTRATION_NUMBER] = text_cell(response->registration_number);
  cells[OWN_INSTITUTION] = text_cell(response->name);
  cells[OWN_ABBREVIATION] = text_cell(response->abbreviation);
  cells[OWN_KIND] = text_cell(response->kind);
  cells[OWN_SECTOR] = text_cell(response->sector);
  cells[OWN_SEGMENTS] = text_cell(response->segments);
  bool known = response->status >= 0 && response->status <= STATUS_SUBMITTED;
  cells[OWN_STATUS] = known ? text_cell(statuses[response->status]) : missing_cell(MISSING_EMPTY);
  cells[OWN_SUBMITTED_AT] = time_cell(response->submitted_ms);
  cells[OWN_CHANGED_AT] = time_cell(response->changed_ms);
  cells[OWN_QUESTIONNAIRE_VERSION] = text_cell(response->questionnaire_version);
  if (row < 0) return;
  const struct response_row *line = response_row(rows->filled, rows->layout->roster, row);
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
  if (rows->ended) return NULL;
  if (rows->responses == NULL && !start_walk(rows, err)) return NULL;
  while (rows->next == rows->count) {
    rows->ended = !load_response(rows, err);
    if (rows->ended) return NULL;
  }
  int row = rows->spec->roster != NULL ? rows->next : -1;
  rows->next++;
  fill_own(rows, row);
  fill_questions(rows, row);
  return rows->cells;
}
