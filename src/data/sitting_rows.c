#include "data/sitting_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/sitting.h"

enum sitting_column {
  SITTING_RESPONSE_ID,
  SITTING_INSTITUTION_ID,
  SITTING_REGISTRATION_NUMBER,
  SITTING_INSTITUTION,
  SITTING_ABBREVIATION,
  SITTING_PERSON,
  SITTING_SECTION,
  SITTING_NUMBER,
  SITTING_DEVICE,
  SITTING_ACTIVE_SECONDS,
  SITTING_STARTED_AT,
  SITTING_COLUMNS
};

static const struct {
  const char *name;
  enum cell_kind kind;
  const char *label[3]; /* lv, en, ru */
} descriptions[] = {
    [SITTING_RESPONSE_ID] = {"response_id", CELL_NUMBER, {"Atbildes numurs", "Response number", "Номер ответа"}},
    [SITTING_INSTITUTION_ID] = {"institution_id",
                                CELL_NUMBER,
                                {"Iestādes numurs", "Institution number", "Номер учреждения"}},
    [SITTING_REGISTRATION_NUMBER] = {"registration_number",
                                     CELL_TEXT,
                                     {"Reģistrācijas numurs", "Registration number", "Регистрационный номер"}},
    [SITTING_INSTITUTION] = {"institution", CELL_TEXT, {"Iestāde", "Institution", "Учреждение"}},
    [SITTING_ABBREVIATION] = {"abbreviation", CELL_TEXT, {"Saīsinājums", "Abbreviation", "Сокращение"}},
    [SITTING_PERSON] = {"person",
                        CELL_NUMBER,
                        {"Personas kārtas numurs iestādē", "The person's number within the institution",
                         "Порядковый номер лица в учреждении"}},
    [SITTING_SECTION] = {"section", CELL_TEXT, {"Sadaļa", "Section", "Раздел"}},
    [SITTING_NUMBER] = {"sitting",
                        CELL_NUMBER,
                        {"Darba reize: personai šajā anketā pēc kārtas, no 1",
                         "Sitting: of the person in this questionnaire, counted from 1",
                         "Сеанс работы: по порядку для лица в этой анкете, с 1"}},
    [SITTING_DEVICE] = {"device",
                        CELL_TEXT,
                        {"Ierīce: unknown, computer, tablet, phone", "Device: unknown, computer, tablet, phone",
                         "Устройство: unknown, computer, tablet, phone"}},
    [SITTING_ACTIVE_SECONDS] = {"active_seconds",
                                CELL_NUMBER,
                                {"Aktīvais laiks sekundēs, bez dīkstāves", "Active time in seconds, idle time left out",
                                 "Активное время в секундах, без простоя"}},
    [SITTING_STARTED_AT] = {"started_at",
                            CELL_TIME,
                            {"Darba reizes sākums (UTC)", "Start of the sitting (UTC)", "Начало сеанса (UTC)"}},
};

static int language_index(const char *language) {
  if (strcmp(language, "lv") == 0) return 0;
  return strcmp(language, "ru") == 0 ? 2 : 1;
}

struct columns *sitting_columns(const char *language, struct arena *arena) {
  struct columns *columns = arena_alloc(arena, sizeof *columns);
  columns->list = arena_array(arena, SITTING_COLUMNS, sizeof *columns->list);
  columns->versions = arena_array(arena, SITTING_COLUMNS, sizeof *columns->versions);
  columns->count = columns->own_count = SITTING_COLUMNS;
  for (int i = 0; i < SITTING_COLUMNS; i++) {
    columns->list[i] = (struct dataset_column){.name = descriptions[i].name,
                                               .label = descriptions[i].label[language_index(language)],
                                               .kind = descriptions[i].kind,
                                               .question = -1,
                                               .option = -1};
  }
  return columns;
}

struct sitting_rows {
  struct db *db;
  const struct dataset_spec *spec;
  const struct versions *versions;
  struct stmt *stmt; /* from the first row on */
  bool ended;
  int64_t response, person, started_ms; /* of the row before */
  int number;                           /* of its sitting */
  struct cell cells[SITTING_COLUMNS];
};

struct sitting_rows *sitting_rows_new(struct db *db, const struct dataset_spec *spec, const struct versions *versions) {
  struct sitting_rows *rows = calloc(1, sizeof *rows);
  if (rows == NULL) log_out_of_memory();
  rows->db = db;
  rows->spec = spec;
  rows->versions = versions;
  return rows;
}

void sitting_rows_free(struct sitting_rows *rows) {
  if (rows == NULL) return;
  if (rows->stmt != NULL) stmt_end(rows->stmt);
  free(rows);
}

static struct cell number_cell(int64_t number) { return (struct cell){.kind = CELL_NUMBER, .number = (double)number}; }

static struct cell text_cell(const char *text) {
  if (text[0] == '\0') return (struct cell){.kind = CELL_MISSING, .number = MISSING_EMPTY};
  return (struct cell){.kind = CELL_TEXT, .text = text};
}

static const char *device_text(const struct dataset_spec *spec, int device) {
  static const char *const names[][4] = {{"nezināma", "unknown", "неизвестно", "unknown"},
                                         {"dators", "computer", "компьютер", "computer"},
                                         {"planšete", "tablet", "планшет", "tablet"},
                                         {"tālrunis", "phone", "телефон", "phone"}};
  if (device < 0 || device >= (int)(sizeof names / sizeof *names)) device = 0;
  return names[device][spec->labels ? language_index(spec->language) : 3];
}

/* The title with labels; what the version does not have keeps its id. */
static const char *section_text(const struct sitting_rows *rows, const struct sitting_line *line) {
  const char *id = line->sitting.section;
  for (int i = 0; rows->spec->labels && i < rows->versions->count; i++) {
    const struct form *form = rows->versions->list[i].form;
    int section = rows->versions->list[i].id == line->version_id ? form_find_section(form, id) : -1;
    if (section >= 0) return form->sections[section].title.in[form_language(form, rows->spec->language)];
  }
  return id;
}

/* Rows come by response, person and sitting. */
static void count_sitting(struct sitting_rows *rows, const struct sitting *sitting) {
  bool same_person = sitting->response == rows->response && sitting->person == rows->person;
  if (!same_person) rows->number = 1;
  else if (sitting->started_ms != rows->started_ms) rows->number++;
  rows->response = sitting->response;
  rows->person = sitting->person;
  rows->started_ms = sitting->started_ms;
}

const struct cell *sitting_rows_next(struct sitting_rows *rows, struct err *err) {
  struct sitting_line line;
  const struct dataset_spec *spec = rows->spec;
  if (rows->stmt == NULL) rows->stmt = sitting_scan(rows->db, spec->round, spec->questionnaire, spec->submitted_only);
  if (rows->ended || !sitting_next_line(rows->stmt, &line, err)) {
    rows->ended = true;
    return NULL;
  }
  struct cell *cells = rows->cells;
  count_sitting(rows, &line.sitting);
  cells[SITTING_RESPONSE_ID] = number_cell(line.sitting.response);
  cells[SITTING_INSTITUTION_ID] = number_cell(line.institution);
  cells[SITTING_REGISTRATION_NUMBER] = text_cell(line.registration_number);
  cells[SITTING_INSTITUTION] = text_cell(line.institution_name);
  cells[SITTING_ABBREVIATION] = text_cell(line.abbreviation);
  cells[SITTING_PERSON] = number_cell(line.person_number);
  cells[SITTING_SECTION] = text_cell(section_text(rows, &line));
  cells[SITTING_NUMBER] = number_cell(rows->number);
  cells[SITTING_DEVICE] = text_cell(device_text(spec, line.sitting.device));
  cells[SITTING_ACTIVE_SECONDS] = number_cell((line.sitting.active_ms + 500) / 1000);
  cells[SITTING_STARTED_AT] = (struct cell){.kind = CELL_TIME, .number = (double)line.sitting.started_ms};
  return cells;
}
