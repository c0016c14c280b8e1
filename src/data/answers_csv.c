#include "data/answers_csv.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "data/columns.h"

#define SHOWN_LEN 40 /* bytes of a cell that a message quotes */

struct reading {
  const struct form *const *forms;
  int form_count;
  const char *language;
  struct findings *findings;
  answers_csv_fn *row;
  void *context;
  struct arena *arena;      /* of the file */
  struct arena *row_arena;
  const char *roster;
  const struct columns *columns;
  const int *places; /* by the file's column: of columns->list, -1 for what is left out */
  const int *firsts; /* by the file's column: the first one of the same multiple choice, -1 for other questions */
  int count;         /* columns of the file */
  int own[OWN_ROW_LABEL + 1]; /* our columns in the file, -1 */
  bool header_read, header_bad;
};

/* ---- the header */

static int find_column(const struct columns *columns, const char *name) {
  for (int i = 0; i < columns->count; i++)
    if (strcmp(columns->list[i].name, name) == 0) return i;
  return -1;
}

static const struct columns *columns_of(struct reading *reading, const char *roster) {
  return columns_new(reading->forms, reading->form_count, roster, reading->forms[0]->languages[0],
                     reading->language != NULL, reading->arena);
}

static bool has_column(const struct csv_row *header, const char *name) {
  for (int i = 0; i < header->count; i++)
    if (strcmp(header->cells[i], name) == 0) return true;
  return false;
}

/* A file with row labels is of the roster that has most of its columns. */
static void choose_columns(struct reading *reading, const struct csv_row *header) {
  int most = 0;
  reading->columns = columns_of(reading, NULL);
  if (!has_column(header, "row_label")) return;
  for (int f = 0; f < reading->form_count; f++) {
    const struct form *form = reading->forms[f];
    for (int r = 0; r < form->roster_count; r++) {
      const char *roster = form->containers[form->rosters[r]].id;
      const struct columns *columns = columns_of(reading, roster);
      int known = 0;
      for (int i = 0; i < header->count; i++) known += find_column(columns, header->cells[i]) >= 0;
      if (known <= most) continue;
      most = known;
      reading->columns = columns;
      reading->roster = roster;
    }
  }
}

static bool is_calculated(const struct columns *columns, const struct reading *reading, int column) {
  const struct dataset_column *described = &columns->list[column];
  const struct form *form = reading->forms[columns->versions[column]];
  return described->question >= 0 && !form_is_answerable(&form->questions[described->question]);
}

static const struct form_question *question_of(const struct reading *reading, int column) {
  const struct columns *columns = reading->columns;
  return &reading->forms[columns->versions[column]]->questions[columns->list[column].question];
}

static void find_firsts(struct reading *reading) {
  int *firsts = arena_array(reading->arena, (size_t)reading->count, sizeof *firsts);
  for (int i = 0; i < reading->count; i++) {
    firsts[i] = -1;
    if (reading->places[i] < 0 || reading->columns->list[reading->places[i]].option < 0) continue;
    const char *id = question_of(reading, reading->places[i])->id;
    firsts[i] = i;
    for (int k = 0; k < i && firsts[i] == i; k++)
      if (firsts[k] == k && strcmp(question_of(reading, reading->places[k])->id, id) == 0) firsts[i] = k;
  }
  reading->firsts = firsts;
}

static bool read_header(struct reading *reading, const struct csv_row *header) {
  size_t before = findings_count(reading->findings);
  choose_columns(reading, header);
  const struct columns *columns = reading->columns;
  int *places = arena_array(reading->arena, (size_t)header->count, sizeof *places);
  for (int i = 0; i <= OWN_ROW_LABEL; i++) reading->own[i] = -1;
  for (int i = 0; i < header->count; i++) {
    int place = find_column(columns, header->cells[i]);
    bool twice = false;
    for (int k = 0; k < i; k++) twice = twice || strcmp(header->cells[k], header->cells[i]) == 0;
    if (place < 0) findings_add(reading->findings, header->line, i + 1, 1, NULL, "unknown column \"%s\"", header->cells[i]);
    else if (twice) findings_add(reading->findings, header->line, i + 1, 1, NULL, "column %s is there twice", header->cells[i]);
    else if (place < columns->own_count) reading->own[place] = i;
    places[i] = place < columns->own_count || is_calculated(columns, reading, place) ? -1 : place;
  }
  if (reading->own[OWN_REGISTRATION_NUMBER] < 0 && reading->own[OWN_INSTITUTION] < 0 && reading->own[OWN_ABBREVIATION] < 0)
    findings_add(reading->findings, header->line, 1, 1, NULL,
                 "no column says which institution: registration_number, institution or abbreviation");
  reading->places = places;
  reading->count = header->count;
  find_firsts(reading);
  reading->header_read = true;
  reading->header_bad = findings_count(reading->findings) > before;
  return !reading->header_bad;
}

/* ---- cells */

/* The apostrophe that the export puts before what a spreadsheet would run. */
static const char *without_guard(const char *cell) {
  return cell[0] == '\'' && csv_is_formula(cell + 1) ? cell + 1 : cell;
}

static const char *mark_of(const struct reading *reading, enum missing_kind kind) {
  return dataset_missing_text(kind, reading->language, reading->language != NULL);
}

/* MISSING_EMPTY: the cell is no mark. */
static enum missing_kind find_mark(const struct reading *reading, const char *cell) {
  for (int kind = MISSING_NOT_ASKED; kind <= MISSING_NODATA; kind++)
    if (strcmp(cell, mark_of(reading, (enum missing_kind)kind)) == 0) return (enum missing_kind)kind;
  return MISSING_EMPTY;
}

/* And the one before what reads like a mark. */
static const char *plain_text(const struct reading *reading, const char *cell) {
  const char *text = without_guard(cell), *bare = text;
  while (*bare == '\'') bare++;
  return *text == '\'' && find_mark(reading, bare) != MISSING_EMPTY ? text + 1 : text;
}

/* The option with this text in the file's language, NULL. */
static const char *find_code(struct reading *reading, int column, const char *text) {
  const struct form *form = reading->forms[reading->columns->versions[column]];
  const struct form_question *question = question_of(reading, column);
  int language = form_language(form, reading->language);
  for (int i = 0; i < question->option_count; i++)
    if (strcmp(question->options[i].text.in[language], text) == 0)
      return arena_printf(reading->row_arena, "%d", question->options[i].code);
  return NULL;
}

static void complain(struct reading *reading, const struct csv_row *row, int at, const char *what) {
  findings_add(reading->findings, row->line, at + 1, 1, NULL, "%s: \"%.*s\" %s",
               reading->columns->list[reading->places[at]].name, SHOWN_LEN, row->cells[at], what);
}

static void set_value(struct reading *reading, struct answers_csv_entry *entry, const char *value) {
  const char **values = arena_array(reading->row_arena, 1, sizeof *values);
  values[0] = value;
  entry->values = values;
  entry->value_count = 1;
}

/* False when the cell is no answer. */
static bool read_cell(struct reading *reading, const struct csv_row *row, int at, struct answers_csv_entry *entry) {
  const char *cell = row->cells[at];
  int column = reading->places[at];
  const struct form_question *question = question_of(reading, column);
  enum missing_kind mark = find_mark(reading, cell);
  *entry = (struct answers_csv_entry){.question = question->id, .special = "", .column = at + 1};
  if (cell[0] == '\0' || mark == MISSING_NOT_ASKED || mark == MISSING_NOT_ANSWERED) return false;
  if (mark != MISSING_EMPTY) {
    entry->special = mark == MISSING_NA ? "na" : "nodata";
    return true;
  }
  const char *text = plain_text(reading, cell);
  if (question->type == QUESTION_SELECT_ONE && reading->language != NULL) text = find_code(reading, column, text);
  if (text == NULL) complain(reading, row, at, "is none of its options");
  else set_value(reading, entry, text);
  return text != NULL;
}

/* All columns of a multiple choice, from the first on that is in the file. */
static bool read_choices(struct reading *reading, const struct csv_row *row, int first, struct answers_csv_entry *entry) {
  const struct form_question *question = question_of(reading, reading->places[first]);
  const char **values = arena_array(reading->row_arena, (size_t)reading->count, sizeof *values);
  enum missing_kind mark = MISSING_EMPTY;
  bool any = false;
  *entry = (struct answers_csv_entry){.question = question->id, .values = values, .special = "", .column = first + 1};
  for (int i = first; i < reading->count; i++) {
    if (reading->firsts[i] != first) continue;
    const char *cell = row->cells[i];
    int column = reading->places[i];
    enum missing_kind here = cell[0] == '\0' ? MISSING_NOT_ANSWERED : find_mark(reading, cell);
    bool chosen = strcmp(cell, "1") == 0;
    if (here == MISSING_EMPTY && !chosen && strcmp(cell, "0") != 0) {
      complain(reading, row, i, "is neither 0 nor 1");
      return false;
    }
    if (any && here != mark) {
      complain(reading, row, i, "does not go with the question's other columns: all are 0 or 1, or all the same mark");
      return false;
    }
    any = true;
    mark = here;
    const struct form_option *option = &question_of(reading, column)->options[reading->columns->list[column].option];
    if (chosen) values[entry->value_count++] = arena_printf(reading->row_arena, "%d", option->code);
  }
  if (mark == MISSING_NA || mark == MISSING_NODATA) entry->special = mark == MISSING_NA ? "na" : "nodata";
  return entry->value_count > 0 || entry->special[0] != '\0';
}

static size_t read_entries(struct reading *reading, const struct csv_row *row, struct answers_csv_entry *entries) {
  size_t count = 0;
  for (int i = 0; i < reading->count; i++) {
    if (reading->places[i] < 0 || (reading->firsts[i] >= 0 && reading->firsts[i] != i)) continue;
    count += reading->firsts[i] == i ? read_choices(reading, row, i, &entries[count]) : read_cell(reading, row, i, &entries[count]);
  }
  return count;
}

static void read_institution(const struct reading *reading, const struct csv_row *row, struct answers_csv_row *out) {
  static const enum own_column columns[] = {OWN_REGISTRATION_NUMBER, OWN_INSTITUTION, OWN_ABBREVIATION};
  out->institution = "";
  for (size_t i = 0; i < sizeof columns / sizeof *columns && out->institution[0] == '\0'; i++) {
    int at = reading->own[columns[i]];
    if (at < 0) continue;
    out->institution = without_guard(row->cells[at]);
    out->institution_column = at + 1;
  }
}

static bool read_row(void *context, const struct csv_row *row, struct err *err) {
  struct reading *reading = context;
  if (!reading->header_read) return read_header(reading, row) || err_set(err, ERR_INPUT, "the header is wrong");
  if (row->count != reading->count) {
    findings_add(reading->findings, row->line, 1, 1, NULL, "%d cells, but the header has %d", row->count, reading->count);
    return true;
  }
  arena_reset(reading->row_arena);
  struct answers_csv_row out = {.line = row->line, .roster = reading->roster};
  struct answers_csv_entry *entries = arena_array(reading->row_arena, (size_t)reading->count, sizeof *entries);
  read_institution(reading, row, &out);
  if (reading->roster != NULL) {
    out.label = without_guard(row->cells[reading->own[OWN_ROW_LABEL]]);
    out.label_column = reading->own[OWN_ROW_LABEL] + 1;
  }
  out.count = read_entries(reading, row, entries);
  out.entries = entries;
  return reading->row(reading->context, &out, err);
}

bool answers_csv_read(const char *path, const struct form *const *forms, int form_count, const char *language,
                      struct findings *findings, answers_csv_fn *row, void *context, struct err *err) {
  struct reading reading = {.forms = forms, .form_count = form_count, .language = language, .findings = findings,
                            .row = row, .context = context, .arena = arena_new(), .row_arena = arena_new()};
  struct err own = {0};
  bool ok = csv_read_file(path, read_row, &reading, &own);
  if (ok && !reading.header_read) {
    findings_add(findings, 1, 1, 1, NULL, "the file is empty; its first line names the columns");
    ok = false;
  }
  if (own.code != ERR_NONE && !reading.header_bad)
    err_set_at(err, own.code, own.where, own.line, own.column, "%s", own.text);
  arena_free(reading.arena);
  arena_free(reading.row_arena);
  return ok;
}
