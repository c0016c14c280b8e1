#include "data/dataset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "data/columns.h"
#include "data/versions.h"
#include "form/response.h"
#include "form/state.h"
#include "form/typed.h"
#include "store/scan.h"

#define MISSING_KINDS (MISSING_NODATA + 1)
#define STATUS_SUBMITTED 2 /* as struct scan_response says */

/* A version as the stream needs it. */
struct layout {
  int64_t id;
  const struct form *form;
  int roster;       /* number of the dataset's roster, -1 */
  int language;     /* of option texts */
  const int *by_id; /* questions in the byte order of their ids, as the answers come */
  const struct column_source *sources; /* by column */
};

struct dataset {
  struct db *db;
  struct dataset_spec spec;
  struct arena *arena; /* as long as the dataset */
  struct versions *versions;
  struct layout *layouts; /* newest first, as versions */
  struct columns *columns;
  const char *marks[MISSING_KINDS];
  int64_t opened_ms;
  bool in_snapshot;

  struct stmt *responses, *answers, *rows; /* NULL until they are walked */
  bool ended;
  struct scan_response response;
  struct scan_answer answer; /* read ahead */
  struct scan_row row;       /* read ahead */
  bool has_answer, has_row;

  struct arena *scratch; /* of the response at hand */
  const struct layout *layout;
  struct response *filled;
  struct state *state;
  int row_next, row_count; /* of the response at hand */
  struct cell *cells;
};

const char *dataset_missing_text(enum missing_kind kind, const char *language, bool labels) {
  static const char *const marks[MISSING_KINDS] = {"", ".q", ".n", ".a", ".d"};
  static const char *const not_asked[3] = {"nav jautāts", "not asked", "не задавался"};
  static const char *const not_answered[3] = {"nav atbildēts", "not answered", "нет ответа"};
  if (!labels) return marks[kind];
  if (language == NULL) language = "en";
  int index = 1;
  if (strcmp(language, "lv") == 0) index = 0;
  if (strcmp(language, "ru") == 0) index = 2;
  switch (kind) {
    case MISSING_EMPTY:
      break;
    case MISSING_NOT_ASKED:
      return not_asked[index];
    case MISSING_NOT_ANSWERED:
      return not_answered[index];
    case MISSING_NA:
      return typed_special_name(SPECIAL_NA, language);
    case MISSING_NODATA:
      return typed_special_name(SPECIAL_NODATA, language);
  }
  return "";
}

struct named {
  const char *id;
  int question;
};

static int compare_ids(const void *a, const void *b) {
  const struct named *left = a, *right = b;
  return strcmp(left->id, right->id);
}

static const int *sort_by_id(const struct form *form, struct arena *arena) {
  struct named *names = arena_array(arena, (size_t)form->question_count, sizeof *names);
  int *sorted = arena_array(arena, (size_t)form->question_count, sizeof *sorted);
  for (int i = 0; i < form->question_count; i++) names[i] = (struct named){form->questions[i].id, i};
  qsort(names, (size_t)form->question_count, sizeof *names, compare_ids);
  for (int i = 0; i < form->question_count; i++) sorted[i] = names[i].question;
  return sorted;
}

static int roster_number(const struct form *form, const char *roster) {
  int container = roster != NULL ? form_find_roster(form, roster) : -1;
  return container >= 0 ? form->containers[container].roster : -1;
}

static bool check_language(const struct form *form, const char *language, struct err *err) {
  struct buf known = {0};
  for (int i = 0; i < form->language_count; i++) {
    if (language == NULL || strcmp(form->languages[i], language) == 0) {
      buf_free(&known);
      return true;
    }
    buf_printf(&known, "%s%s", i > 0 ? ", " : "", form->languages[i]);
  }
  err_set(err, ERR_NOT_FOUND, "questionnaire %s has no texts in the language '%s'; it has %s", form->id, language,
          buf_text(&known));
  buf_free(&known);
  return false;
}

static bool check_roster(const struct dataset *dataset, struct err *err) {
  const char *roster = dataset->spec.roster;
  if (roster == NULL) return true;
  for (int i = 0; i < dataset->versions->count; i++) {
    if (form_find_roster(dataset->versions->list[i].form, roster) >= 0) return true;
  }
  const struct form *form = dataset->versions->list[0].form;
  if (form->roster_count == 0) {
    return err_set(err, ERR_NOT_FOUND, "questionnaire %s has no roster '%s'; it has none", form->id, roster);
  }
  struct buf known = {0};
  for (int i = 0; i < form->roster_count; i++) {
    buf_printf(&known, "%s%s", i > 0 ? ", " : "", form->containers[form->rosters[i]].id);
  }
  err_set(err, ERR_NOT_FOUND, "questionnaire %s has no roster '%s'; it has %s", form->id, roster, buf_text(&known));
  buf_free(&known);
  return false;
}

static void keep_spec(struct dataset *dataset, const struct dataset_spec *spec) {
  dataset->spec = *spec;
  dataset->spec.round = arena_copy(dataset->arena, spec->round);
  dataset->spec.questionnaire = arena_copy(dataset->arena, spec->questionnaire);
  if (spec->roster != NULL) dataset->spec.roster = arena_copy(dataset->arena, spec->roster);
  if (spec->language != NULL) dataset->spec.language = arena_copy(dataset->arena, spec->language);
}

static void lay_out(struct dataset *dataset) {
  const struct versions *versions = dataset->versions;
  struct arena *arena = dataset->arena;
  const struct form **forms = arena_array(arena, (size_t)versions->count, sizeof *forms);
  for (int i = 0; i < versions->count; i++) forms[i] = versions->list[i].form;
  struct dataset_spec *spec = &dataset->spec;
  if (spec->language == NULL) spec->language = forms[0]->languages[0];
  dataset->columns = columns_new(forms, versions->count, spec->roster, spec->language, spec->labels, arena);
  dataset->cells = arena_array(arena, (size_t)dataset->columns->count, sizeof *dataset->cells);
  dataset->layouts = arena_array(arena, (size_t)versions->count, sizeof *dataset->layouts);
  for (int i = 0; i < versions->count; i++) {
    dataset->layouts[i] = (struct layout){.id = versions->list[i].id,
                                          .form = forms[i],
                                          .roster = roster_number(forms[i], spec->roster),
                                          .language = form_language(forms[i], spec->language),
                                          .by_id = sort_by_id(forms[i], arena),
                                          .sources = dataset->columns->sources[i]};
  }
  for (int kind = 0; kind < MISSING_KINDS; kind++) {
    dataset->marks[kind] = dataset_missing_text((enum missing_kind)kind, spec->language, spec->labels);
  }
}

struct dataset *dataset_open(struct db *db, const struct dataset_spec *spec, struct err *err) {
  struct dataset *dataset = calloc(1, sizeof *dataset);
  if (dataset == NULL) log_out_of_memory();
  dataset->db = db;
  dataset->arena = arena_new();
  dataset->scratch = arena_new();
  keep_spec(dataset, spec);
  if (!db_begin(db, err)) goto fail;
  dataset->in_snapshot = true;
  dataset->opened_ms = clock_now_ms();
  dataset->versions = versions_load(db, spec->round, spec->questionnaire, err);
  if (dataset->versions == NULL) goto fail;
  if (!check_roster(dataset, err)) goto fail;
  if (!check_language(dataset->versions->list[0].form, spec->language, err)) goto fail;
  lay_out(dataset);
  return dataset;

fail:
  dataset_close(dataset);
  return NULL;
}

static void end_walk(struct stmt **stmt) {
  if (*stmt != NULL) stmt_end(*stmt);
  *stmt = NULL;
}

void dataset_close(struct dataset *dataset) {
  if (dataset == NULL) return;
  end_walk(&dataset->responses);
  end_walk(&dataset->answers);
  end_walk(&dataset->rows);
  if (dataset->in_snapshot) db_rollback(dataset->db);
  versions_free(dataset->versions);
  arena_free(dataset->scratch);
  arena_free(dataset->arena);
  free(dataset);
}

const struct form *dataset_form(const struct dataset *dataset) { return dataset->layouts[0].form; }

const struct dataset_spec *dataset_spec(const struct dataset *dataset) { return &dataset->spec; }

int dataset_column_count(const struct dataset *dataset) { return dataset->columns->count; }

const struct dataset_column *dataset_column(const struct dataset *dataset, int index) {
  return &dataset->columns->list[index];
}

const struct form *dataset_column_form(const struct dataset *dataset, int index) {
  return dataset->layouts[dataset->columns->versions[index]].form;
}

int64_t dataset_opened_ms(const struct dataset *dataset) { return dataset->opened_ms; }

static void next_answer(struct dataset *dataset, struct err *err) {
  dataset->has_answer = scan_next_answer(dataset->answers, &dataset->answer, err);
}

static void next_row(struct dataset *dataset, struct err *err) {
  dataset->has_row = scan_next_row(dataset->rows, &dataset->row, err);
}

/* False at the end and on error. */
static bool next_response(struct dataset *dataset, struct err *err) {
  struct scan_response *response = &dataset->response;
  while (scan_next_response(dataset->responses, response, err)) {
    if (response->status == STATUS_SUBMITTED || !dataset->spec.submitted_only) return true;
  }
  return false;
}

static const struct layout *find_layout(const struct dataset *dataset, int64_t version) {
  for (int i = 0; i < dataset->versions->count; i++) {
    if (dataset->layouts[i].id == version) return &dataset->layouts[i];
  }
  return NULL;
}

static bool start_walk(struct dataset *dataset, struct err *err) {
  const char *round = dataset->spec.round, *questionnaire = dataset->spec.questionnaire;
  struct err failed = {0};
  dataset->responses = scan_responses(dataset->db, round, questionnaire);
  dataset->answers = scan_answers(dataset->db, round, questionnaire);
  dataset->rows = scan_rows(dataset->db, round, questionnaire);
  next_answer(dataset, &failed);
  next_row(dataset, &failed);
  return failed.code == ERR_NONE || err_set(err, failed.code, "%s", failed.text);
}

bool dataset_count_rows(struct dataset *dataset, int64_t *count, struct err *err) {
  assert(dataset->responses == NULL);
  struct err failed = {0};
  const char *roster = dataset->spec.roster;
  *count = 0;
  if (!start_walk(dataset, err)) return false;
  while (next_response(dataset, &failed)) {
    int64_t id = dataset->response.response;
    if (roster == NULL) {
      ++*count;
      continue;
    }
    while (dataset->has_row && dataset->row.response <= id && failed.code == ERR_NONE) {
      if (dataset->row.response == id && strcmp(dataset->row.roster, roster) == 0) ++*count;
      next_row(dataset, &failed);
    }
  }
  end_walk(&dataset->responses);
  end_walk(&dataset->answers);
  end_walk(&dataset->rows);
  return failed.code == ERR_NONE || err_set(err, failed.code, "%s", failed.text);
}

/* Rows of the response at hand; those of earlier ones were left because their response was not wanted. */
static void take_rows(struct dataset *dataset, struct err *err) {
  int64_t id = dataset->response.response;
  while (dataset->has_row && dataset->row.response <= id) {
    const struct scan_row *row = &dataset->row;
    int roster = row->response == id ? roster_number(dataset->layout->form, row->roster) : -1;
    if (roster >= 0) response_add_row(dataset->filled, roster, row->row, row->label);
    next_row(dataset, err);
  }
}

static void take_answer(struct dataset *dataset, int question) {
  const struct scan_answer *answer = &dataset->answer;
  const struct form_question *asked = &dataset->layout->form->questions[question];
  int row = -1;
  if (asked->roster >= 0) row = response_find_row(dataset->filled, asked->roster, answer->row);
  /* An answer of a removed row, or from when the question was inside a roster or not. */
  if ((asked->roster >= 0) != (row >= 0) || (asked->roster < 0 && answer->row[0] != '\0')) return;
  switch (answer->state) {
    case ANSWER_VALUE:
      response_set_stored(dataset->filled, question, row, answer->value);
      break;
    case ANSWER_NA:
      response_set(dataset->filled, question, row, (struct value){.kind = VALUE_NA});
      break;
    case ANSWER_NODATA:
      response_set(dataset->filled, question, row, (struct value){.kind = VALUE_NODATA});
      break;
    case ANSWER_CLEARED:
    case ANSWER_INVALID:
      break;
  }
}

/* Both the answers and the form's questions stand in the order of ids, so one pass over both is enough. */
static void take_answers(struct dataset *dataset, struct err *err) {
  const struct form *form = dataset->layout->form;
  const int *by_id = dataset->layout->by_id;
  int64_t id = dataset->response.response;
  int at = 0;
  while (dataset->has_answer && dataset->answer.response < id) next_answer(dataset, err);
  while (dataset->has_answer && dataset->answer.response == id) {
    int order = -1;
    while (at < form->question_count) {
      order = strcmp(form->questions[by_id[at]].id, dataset->answer.question);
      if (order >= 0) break;
      at++;
    }
    if (at < form->question_count && order == 0) take_answer(dataset, by_id[at]);
    next_answer(dataset, err);
  }
}

/* A roster that is filtered out has none. */
static int count_roster_rows(const struct dataset *dataset) {
  const struct layout *layout = dataset->layout;
  if (layout->roster < 0) return 0;
  if (!state_container_relevant(dataset->state, layout->form->rosters[layout->roster])) return 0;
  return response_row_count(dataset->filled, layout->roster);
}

/* The next response with its answers and state. False at the end and on error. */
static bool load_response(struct dataset *dataset, struct err *err) {
  if (!next_response(dataset, err)) return false;
  dataset->layout = find_layout(dataset, dataset->response.version_id);
  if (dataset->layout == NULL) {
    return err_set(err, ERR_SYSTEM, "response %lld is on a version of the questionnaire that is not stored",
                   (long long)dataset->response.response);
  }
  struct err failed = {0};
  arena_reset(dataset->scratch);
  dataset->filled = response_new(dataset->layout->form, dataset->scratch);
  take_rows(dataset, &failed);
  take_answers(dataset, &failed);
  if (failed.code != ERR_NONE) return err_set(err, failed.code, "%s", failed.text);
  dataset->state = state_compute(dataset->filled, dataset->scratch);
  dataset->row_next = 0;
  dataset->row_count = dataset->spec.roster == NULL ? 1 : count_roster_rows(dataset);
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

static void fill_own(struct dataset *dataset, int row) {
  static const char *const statuses[] = {"new", "started", "submitted"};
  const struct scan_response *response = &dataset->response;
  struct cell *cells = dataset->cells;
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
  const struct response_row *line = response_row(dataset->filled, dataset->layout->roster, row);
  cells[OWN_ROW_ID] = text_cell(line->id);
  cells[OWN_ROW_LABEL] = text_cell(line->label);
}

/* An apostrophe before what reads like a missing mark, however many stand there already: taking one off gives the text
 * back. */
static struct cell answer_cell(struct dataset *dataset, const char *text) {
  const char *bare = text;
  while (*bare == '\'') bare++;
  for (int kind = MISSING_NOT_ASKED; kind < MISSING_KINDS; kind++) {
    const char *mark = dataset->marks[kind];
    if (*bare == *mark && strcmp(bare, mark) == 0) {
      return (struct cell){.kind = CELL_TEXT, .text = arena_printf(dataset->scratch, "'%s", text)};
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

static struct cell choice_cell(struct dataset *dataset, const struct form_question *question, int code) {
  if (!dataset->spec.labels) return number_cell(code);
  int option = form_option_index(question, code);
  if (option < 0) return missing_cell(MISSING_NOT_ANSWERED);
  return answer_cell(dataset, question->options[option].text.in[dataset->layout->language]);
}

static struct cell value_cell(struct dataset *dataset, int index, int option, int row, const struct value *value) {
  const struct form_question *question = &dataset->layout->form->questions[index];
  switch (value->kind) {
    case VALUE_MISSING:
      return missing_cell(state_relevant(dataset->state, index, row) ? MISSING_NOT_ANSWERED : MISSING_NOT_ASKED);
    case VALUE_NA:
      return missing_cell(MISSING_NA);
    case VALUE_NODATA:
      return missing_cell(MISSING_NODATA);
    case VALUE_NUMBER:
      if (question->type == QUESTION_SELECT_ONE) return choice_cell(dataset, question, (int)value->number);
      return number_cell(value->number);
    case VALUE_BOOL:
      return number_cell(value->number);
    case VALUE_DATE:
      return (struct cell){.kind = CELL_DATE, .number = value->number};
    case VALUE_TEXT:
      return answer_cell(dataset, value->text);
    case VALUE_SET:
      return number_cell(holds_code(value, question->options[option].code) ? 1 : 0);
  }
  return missing_cell(MISSING_NOT_ANSWERED);
}

static void fill_questions(struct dataset *dataset, int row) {
  const struct column_source *sources = dataset->layout->sources;
  struct value value = {0};
  int question = -1; /* that value is of: the columns of a multiple choice follow each other */
  for (int i = dataset->columns->own_count; i < dataset->columns->count; i++) {
    if (sources[i].question < 0) {
      dataset->cells[i] = missing_cell(MISSING_NOT_ASKED);
      continue;
    }
    if (sources[i].question != question) {
      question = sources[i].question;
      value = state_value(dataset->state, question, row);
    }
    dataset->cells[i] = value_cell(dataset, question, sources[i].option, row, &value);
  }
}

const struct cell *dataset_next(struct dataset *dataset, struct err *err) {
  if (dataset->ended) return NULL;
  if (dataset->responses == NULL && !start_walk(dataset, err)) return NULL;
  while (dataset->row_next == dataset->row_count) {
    dataset->ended = !load_response(dataset, err);
    if (dataset->ended) return NULL;
  }
  int row = dataset->spec.roster != NULL ? dataset->row_next : -1;
  dataset->row_next++;
  fill_own(dataset, row);
  fill_questions(dataset, row);
  return dataset->cells;
}
