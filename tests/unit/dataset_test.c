#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "round_fixture.h"
#include "store/sitting.h"

/* Every type, a filter, specials, a roster, an option with a filter. */
static const char first_version[] =
    "questionnaire: q\n"
    "version: '1.0'\n"
    "languages: [lv, en]\n"
    "title: {lv: Anketa, en: Form}\n"
    "sections:\n"
    "  - id: s1\n"
    "    title: {lv: Pirmā, en: First}\n"
    "    questions:\n"
    "      - {id: A1, type: select_one, text: {lv: Vai ir?, en: Is it?},\n"
    "         options: [{code: 1, text: {lv: jā, en: 'yes'}}, {code: 2, text: {lv: neattiecas, en: not applicable}}]}\n"
    "      - id: B2\n"
    "        type: select_multiple\n"
    "        text: {lv: Kuri?, en: Which?}\n"
    "        relevant: A1 = 1\n"
    "        options:\n"
    "          - {code: 7, text: {lv: septiņi, en: seven}}\n"
    "          - {code: 3, text: {lv: trīs, en: three}}\n"
    "          - {code: 99, text: {lv: cits, en: another}, relevant: A1 = 1}\n"
    "      - {id: N3, type: integer, specials: [na, nodata], text: {lv: Cik?, en: How many?}}\n"
    "      - {id: D4, type: decimal, specials: [na, nodata], text: {lv: Cik daudz?, en: How much?}}\n"
    "      - {id: T5, type: text, required: false, text: {lv: Ko?, en: What?}}\n"
    "      - {id: K6, type: date, required: false, text: {lv: Kad?, en: When?}}\n"
    "      - {id: C7, type: calculate, text: {lv: Kopā, en: Total}, calculation: N3 + D4}\n"
    "      - {id: X8, type: note, text: {lv: Piezīme, en: Note}}\n"
    "      - roster:\n"
    "          id: services\n"
    "          text: {lv: Pakalpojumi, en: Services}\n"
    "          label: {lv: Pakalpojums, en: Service}\n"
    "          relevant: A1 = 1\n"
    "          questions:\n"
    "            - {id: P1, type: integer, text: {lv: Skaits, en: Count}}\n"
    "            - {id: P2, type: text, required: false, text: {lv: Nosaukums, en: Name}}\n"
    "      - {id: Z9, type: calculate, text: {lv: Summa, en: Sum}, calculation: sum(services.P1)}\n";

/* A1 is gone, N3 became a text, B2 has another option, E1 is new. */
static const char second_version[] =
    "questionnaire: q\n"
    "version: '2.0'\n"
    "languages: [lv, en]\n"
    "title: {lv: Anketa, en: Form}\n"
    "sections:\n"
    "  - id: s1\n"
    "    title: {lv: Pirmā, en: First}\n"
    "    questions:\n"
    "      - {id: E1, type: integer, text: {lv: Jauns, en: New}}\n"
    "      - id: B2\n"
    "        type: select_multiple\n"
    "        text: {lv: Kuri?, en: Which?}\n"
    "        options:\n"
    "          - {code: 3, text: {lv: trīs, en: three}}\n"
    "          - {code: 8, text: {lv: astoņi, en: eight}}\n"
    "      - {id: N3, type: text, text: {lv: Cik?, en: How many?}}\n";

static int find_column(const struct dataset *dataset, const char *name) {
  for (int i = 0; i < dataset_column_count(dataset); i++) {
    if (strcmp(dataset_column(dataset, i)->name, name) == 0) return i;
  }
  print_error("no column %s\n", name);
  fail();
  return -1;
}

static const struct cell *next(struct dataset *dataset) {
  struct err err = {0};
  const struct cell *cells = dataset_next(dataset, &err);
  fixture_good(true, &err);
  return cells;
}

#define assert_number(dataset, cells, name, expected) \
  do { \
    const struct cell *cell_ = &(cells)[find_column(dataset, name)]; \
    assert_int_equal(cell_->kind, CELL_NUMBER); \
    assert_true(cell_->number == (expected)); \
  } while (0)

#define assert_missing(dataset, cells, name, expected) \
  do { \
    const struct cell *cell_ = &(cells)[find_column(dataset, name)]; \
    assert_int_equal(cell_->kind, CELL_MISSING); \
    assert_int_equal((int)cell_->number, expected); \
  } while (0)

#define assert_text(dataset, cells, name, expected) \
  do { \
    const struct cell *cell_ = &(cells)[find_column(dataset, name)]; \
    assert_int_equal(cell_->kind, CELL_TEXT); \
    assert_string_equal(cell_->text, expected); \
  } while (0)

static int set_up(void **state) {
  static struct round_fixture fixture;
  fixture = fixture_open();
  *state = &fixture;
  return 0;
}

static int tear_down(void **state) {
  fixture_close(*state);
  return 0;
}

static void columns_in_order(void **state) {
  static const char *const names[] = {
      "response_id", "institution_id", "registration_number", "institution",  "abbreviation",          "kind",
      "sector",      "segments",       "status",              "submitted_at", "changed_at",
      "questionnaire_version",         "A1",                  "B2_7",         "B2_3",                  "B2_99",
      "N3",          "D4",             "T5",                  "K6",           "C7",                    "Z9"};
  struct round_fixture *fixture = *state;
  fixture_publish(fixture, first_version);
  struct dataset *dataset = fixture_dataset(fixture, (struct dataset_spec){.questionnaire = "q", .language = "en"});
  assert_int_equal(dataset_column_count(dataset), sizeof names / sizeof *names);
  for (int i = 0; i < dataset_column_count(dataset); i++) {
    assert_string_equal(dataset_column(dataset, i)->name, names[i]);
  }
  const struct dataset_column *option = dataset_column(dataset, find_column(dataset, "B2_3"));
  assert_string_equal(option->label, "Which?: three");
  assert_int_equal(option->option, 1);
  assert_int_equal(dataset_column(dataset, find_column(dataset, "K6"))->kind, CELL_DATE);
  assert_int_equal(dataset_column(dataset, find_column(dataset, "submitted_at"))->kind, CELL_TIME);
  assert_null(next(dataset));
  assert_null(next(dataset)); /* still */
  dataset_close(dataset);
}

static void every_type(void **state) {
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, first_version);
  int64_t response = fixture_respond(fixture, "q", version, "Ārlietu ministrija", 2);
  fixture_put(fixture, response, "A1", "1");
  fixture_put(fixture, response, "B2", "3,99");
  fixture_put(fixture, response, "N3", "47");
  fixture_put(fixture, response, "D4", "0.5");
  fixture_put(fixture, response, "T5", "Glāžšķūņa rūķīši");
  fixture_put(fixture, response, "K6", "2017-11-06");
  fixture_put(fixture, response, "GONE", "1"); /* of a version that is no more */
  struct dataset *dataset = fixture_dataset(fixture, (struct dataset_spec){.questionnaire = "q"});
  const struct cell *cells = next(dataset);
  assert_non_null(cells);
  assert_number(dataset, cells, "response_id", (double)response);
  assert_text(dataset, cells, "institution", "Ārlietu ministrija");
  assert_text(dataset, cells, "registration_number", "90000000001");
  assert_text(dataset, cells, "segments", "mass;business");
  assert_text(dataset, cells, "status", "submitted");
  assert_text(dataset, cells, "questionnaire_version", "1.0");
  assert_true(cells[find_column(dataset, "submitted_at")].number == 1512556321999.0);
  assert_number(dataset, cells, "A1", 1);
  assert_number(dataset, cells, "B2_7", 0);
  assert_number(dataset, cells, "B2_3", 1);
  assert_number(dataset, cells, "B2_99", 1);
  assert_number(dataset, cells, "N3", 47);
  assert_number(dataset, cells, "D4", 0.5);
  assert_text(dataset, cells, "T5", "Glāžšķūņa rūķīši");
  assert_int_equal(cells[find_column(dataset, "K6")].kind, CELL_DATE);
  assert_true(cells[find_column(dataset, "K6")].number == 17476);
  assert_number(dataset, cells, "C7", 47.5);
  assert_missing(dataset, cells, "Z9", MISSING_NOT_ANSWERED);
  assert_null(next(dataset));
  dataset_close(dataset);
}

static void four_kinds_of_missing(void **state) {
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, first_version);
  int64_t response = fixture_respond(fixture, "q", version, "Viena", 1);
  fixture_put(fixture, response, "A1", "2");
  fixture_put(fixture, response, "B2", "3"); /* kept, but filtered out */
  fixture_answer(fixture, response, "N3", "", ANSWER_NA, NULL);
  fixture_answer(fixture, response, "D4", "", ANSWER_NODATA, NULL);
  fixture_answer(fixture, response, "T5", "", ANSWER_CLEARED, NULL);
  fixture_answer(fixture, response, "K6", "", ANSWER_INVALID, "rīt");
  fixture_respond(fixture, "q", version, "Otra", 0);
  struct dataset *dataset = fixture_dataset(fixture, (struct dataset_spec){.questionnaire = "q"});
  const struct cell *cells = next(dataset);
  assert_missing(dataset, cells, "submitted_at", MISSING_EMPTY);
  assert_missing(dataset, cells, "B2_7", MISSING_NOT_ASKED);
  assert_missing(dataset, cells, "B2_3", MISSING_NOT_ASKED);
  assert_missing(dataset, cells, "N3", MISSING_NA);
  assert_missing(dataset, cells, "D4", MISSING_NODATA);
  assert_missing(dataset, cells, "T5", MISSING_NOT_ANSWERED);
  assert_missing(dataset, cells, "K6", MISSING_NOT_ANSWERED);
  assert_missing(dataset, cells, "C7", MISSING_NOT_ANSWERED);
  cells = next(dataset); /* nothing of the first one is left in it */
  assert_text(dataset, cells, "status", "new");
  assert_missing(dataset, cells, "changed_at", MISSING_EMPTY);
  assert_missing(dataset, cells, "A1", MISSING_NOT_ANSWERED);
  assert_missing(dataset, cells, "B2_3", MISSING_NOT_ASKED);
  assert_missing(dataset, cells, "N3", MISSING_NOT_ANSWERED);
  assert_null(next(dataset));
  dataset_close(dataset);
}

static void labels_and_marks(void **state) {
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, first_version);
  int64_t response = fixture_respond(fixture, "q", version, "Viena", 1);
  fixture_put(fixture, response, "A1", "2");
  fixture_put(fixture, response, "T5", ".a");
  struct dataset_spec spec = {.questionnaire = "q", .language = "en"};
  struct dataset *dataset = fixture_dataset(fixture, spec);
  assert_text(dataset, next(dataset), "T5", "'.a");
  dataset_close(dataset);
  spec.labels = true;
  dataset = fixture_dataset(fixture, spec);
  const struct cell *cells = next(dataset);
  assert_text(dataset, cells, "T5", ".a"); /* no mark here: words are */
  assert_text(dataset, cells, "A1", "'not applicable");
  assert_int_equal(dataset_column(dataset, find_column(dataset, "A1"))->kind, CELL_TEXT);
  dataset_close(dataset);
  assert_string_equal(dataset_missing_text(MISSING_NOT_ASKED, "lv", false), ".q");
  assert_string_equal(dataset_missing_text(MISSING_NA, "lv", true), "neattiecas");
  assert_string_equal(dataset_missing_text(MISSING_NOT_ANSWERED, "en", true), "not answered");
  assert_string_equal(dataset_missing_text(MISSING_EMPTY, "en", true), "");
}

static void marks_with_apostrophes_stay_apart(void **state) {
  static const char *const typed[] = {".q", "'.q", "''.q", ".qq", "'x", "."};
  static const char *const exported[] = {"'.q", "''.q", "'''.q", ".qq", "'x", "."};
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, first_version);
  for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
    int64_t response = fixture_respond(fixture, "q", version, typed[i], 1);
    fixture_put(fixture, response, "T5", typed[i]);
  }
  struct dataset *dataset = fixture_dataset(fixture, (struct dataset_spec){.questionnaire = "q"});
  for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) assert_text(dataset, next(dataset), "T5", exported[i]);
  dataset_close(dataset);
}

static void roster_rows(void **state) {
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, first_version);
  int64_t one = fixture_respond(fixture, "q", version, "Viena", 1);
  int64_t two = fixture_respond(fixture, "q", version, "Otra", 2);
  int64_t three = fixture_respond(fixture, "q", version, "Trešā", 2);
  fixture_put(fixture, one, "A1", "1");
  fixture_put(fixture, two, "A1", "1");
  fixture_put(fixture, three, "A1", "2"); /* the roster is filtered out */
  fixture_row(fixture, one, "services", "s9", "Deviņi", 1);
  fixture_row(fixture, two, "services", "s9", "Vēlākais", 2);
  fixture_row(fixture, two, "services", "s1", "Pirmais", 3);
  fixture_row(fixture, three, "services", "s1", "Nav", 1);
  fixture_answer(fixture, one, "P1", "s9", ANSWER_VALUE, "9");
  fixture_answer(fixture, two, "P1", "s9", ANSWER_VALUE, "2");
  fixture_answer(fixture, two, "P1", "s1", ANSWER_VALUE, "3");
  fixture_answer(fixture, two, "P1", "s4", ANSWER_VALUE, "100"); /* of a row that was removed */
  fixture_answer(fixture, two, "P2", "s1", ANSWER_VALUE, "teksts");
  struct dataset_spec spec = {.questionnaire = "q", .roster = "services", .submitted_only = true};
  struct dataset *dataset = fixture_dataset(fixture, spec);
  struct err err = {0};
  int64_t count;
  assert_true(dataset_count_rows(dataset, &count, &err));
  assert_int_equal(count, 3); /* at most */
  const struct cell *cells = next(dataset);
  assert_text(dataset, cells, "institution", "Otra");
  assert_text(dataset, cells, "row_id", "s9");
  assert_text(dataset, cells, "row_label", "Vēlākais");
  assert_number(dataset, cells, "P1", 2);
  assert_missing(dataset, cells, "P2", MISSING_NOT_ANSWERED);
  cells = next(dataset);
  assert_text(dataset, cells, "row_id", "s1");
  assert_number(dataset, cells, "P1", 3);
  assert_text(dataset, cells, "P2", "teksts");
  assert_int_equal(dataset_column_count(dataset), 16);
  assert_null(next(dataset));
  dataset_close(dataset);
  dataset = fixture_dataset(fixture, (struct dataset_spec){.questionnaire = "q"});
  assert_number(dataset, next(dataset), "Z9", 9);
  assert_number(dataset, next(dataset), "Z9", 5);
  assert_missing(dataset, next(dataset), "Z9", MISSING_NOT_ANSWERED);
  dataset_close(dataset);
}

static void submitted_only(void **state) {
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, first_version);
  int64_t one = fixture_respond(fixture, "q", version, "Viena", 1);
  fixture_put(fixture, one, "N3", "1");
  fixture_row(fixture, one, "services", "s1", "Nav", 1);
  int64_t two = fixture_respond(fixture, "q", version, "Otra", 2);
  fixture_put(fixture, two, "N3", "2");
  struct dataset_spec spec = {.questionnaire = "q", .submitted_only = true};
  struct dataset *dataset = fixture_dataset(fixture, spec);
  assert_number(dataset, next(dataset), "N3", 2);
  assert_null(next(dataset));
  dataset_close(dataset);
}

static void versions_share_columns(void **state) {
  static const char *const names[] = {"E1", "B2_3", "B2_8", "N3", "A1", "B2_7", "B2_99", "N3_1_0", "D4", "T5"};
  struct round_fixture *fixture = *state;
  int64_t old = fixture_publish(fixture, first_version);
  int64_t one = fixture_respond(fixture, "q", old, "Viena", 1);
  int64_t new = fixture_publish(fixture, second_version);
  int64_t two = fixture_respond(fixture, "q", new, "Otra", 1);
  fixture_put(fixture, one, "A1", "1");
  fixture_put(fixture, one, "B2", "3,7");
  fixture_put(fixture, one, "N3", "47");
  fixture_put(fixture, two, "E1", "5");
  fixture_put(fixture, two, "B2", "3,8");
  fixture_put(fixture, two, "N3", "daudz");
  struct dataset *dataset = fixture_dataset(fixture, (struct dataset_spec){.questionnaire = "q"});
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    assert_string_equal(dataset_column(dataset, 12 + (int)i)->name, names[i]);
  }
  assert_string_equal(dataset_form(dataset)->version, "2.0");
  assert_string_equal(dataset_column_form(dataset, find_column(dataset, "A1"))->version, "1.0");
  const struct cell *cells = next(dataset);
  assert_missing(dataset, cells, "E1", MISSING_NOT_ASKED);
  assert_number(dataset, cells, "B2_3", 1);
  assert_number(dataset, cells, "B2_7", 1);
  assert_missing(dataset, cells, "B2_8", MISSING_NOT_ASKED);
  assert_missing(dataset, cells, "N3", MISSING_NOT_ASKED);
  assert_number(dataset, cells, "N3_1_0", 47);
  cells = next(dataset);
  assert_number(dataset, cells, "E1", 5);
  assert_number(dataset, cells, "B2_8", 1);
  assert_missing(dataset, cells, "B2_7", MISSING_NOT_ASKED);
  assert_text(dataset, cells, "N3", "daudz");
  assert_missing(dataset, cells, "A1", MISSING_NOT_ASKED);
  assert_null(next(dataset));
  dataset_close(dataset);
}

static void names_that_clash(void **state) {
  static const char text[] =
      "questionnaire: q\n"
      "version: '1.0'\n"
      "languages: [lv]\n"
      "title: {lv: Anketa}\n"
      "sections:\n"
      "  - id: s1\n"
      "    title: {lv: Pirmā}\n"
      "    questions:\n"
      "      - {id: V1, type: select_multiple, text: {lv: Kuri}, options: [{code: 1, text: {lv: a}}]}\n"
      "      - {id: V1_1, type: integer, text: {lv: Cik}}\n"
      "      - {id: status, type: integer, text: {lv: Kā}}\n";
  struct round_fixture *fixture = *state;
  fixture_publish(fixture, text);
  struct dataset *dataset = fixture_dataset(fixture, (struct dataset_spec){.questionnaire = "q"});
  assert_string_equal(dataset_column(dataset, 12)->name, "V1__1");
  assert_string_equal(dataset_column(dataset, 13)->name, "V1_1");
  assert_string_equal(dataset_column(dataset, 14)->name, "status__2");
  dataset_close(dataset);
}

static void snapshot(void **state) {
  struct round_fixture *fixture = *state;
  struct err err = {0};
  int64_t version = fixture_publish(fixture, first_version);
  int64_t response = fixture_respond(fixture, "q", version, "Viena", 1);
  fixture_put(fixture, response, "N3", "1");
  struct db *reader = db_open(fixture->folder, DB_READ, &err);
  assert_non_null(reader);
  struct dataset_spec spec = {.round = FIXTURE_ROUND, .questionnaire = "q"};
  struct dataset *dataset = dataset_open(reader, &spec, &err);
  fixture_good(dataset != NULL, &err);
  fixture_put(fixture, response, "D4", "2");
  fixture_respond(fixture, "q", version, "Otra", 1);
  assert_missing(dataset, next(dataset), "D4", MISSING_NOT_ANSWERED);
  assert_null(next(dataset));
  dataset_close(dataset);
  dataset = dataset_open(reader, &spec, &err);
  assert_number(dataset, next(dataset), "D4", 2);
  dataset_close(dataset);
  db_close(reader);
}

static void expect_unknown(struct round_fixture *fixture, struct dataset_spec spec, const char *text) {
  struct err err = {0};
  assert_null(dataset_open(fixture->db, &spec, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  assert_string_equal(err.text, text);
}

static void what_does_not_exist(void **state) {
  struct round_fixture *fixture = *state;
  struct dataset_spec spec = {.round = "r2016", .questionnaire = "q"};
  fixture_publish(fixture, first_version);
  expect_unknown(fixture, spec, "there is no round 'r2016'; there is r2017");
  spec = (struct dataset_spec){.round = FIXTURE_ROUND, .questionnaire = "p"};
  expect_unknown(fixture, spec, "round r2017 has no questionnaire 'p'; it has q");
  spec = (struct dataset_spec){.round = FIXTURE_ROUND, .questionnaire = "q", .roster = "x"};
  expect_unknown(fixture, spec, "questionnaire q has no roster 'x'; it has services");
}

static int64_t put_colleague(struct round_fixture *fixture, const char *email, int64_t response) {
  struct err err = {0};
  struct person person = {.email = email, .name = "Nosaukts Vārdā", .phone = "", .language = "lv"};
  struct stmt *stmt = db_query(fixture->db, "SELECT institution FROM response WHERE id = $1");
  stmt_bind_int(stmt, 1, response);
  assert_true(stmt_step(stmt, &err));
  person.institution = stmt_int(stmt, 0);
  stmt_end(stmt);
  int64_t id = person_put(fixture->db, &person, &err);
  fixture_good(id > 0, &err);
  return id;
}

static void sit(struct round_fixture *fixture, int64_t response, int64_t person, int64_t started, const char *section,
                int device, int64_t active) {
  struct err err = {0};
  struct sitting sitting = {.response = response, .person = person, .started_ms = started, .section = section,
                            .device = device, .active_ms = active, .last_ms = started + active};
  fixture_good(sitting_put(fixture->db, &sitting, &err), &err);
}

static void print_row(const struct dataset *dataset, const struct cell *cells, struct buf *out) {
  for (int i = 2; i < dataset_column_count(dataset); i++) { /* ids of rows are the database's */
    if (i > 2) buf_putc(out, ' ');
    if (cells[i].kind == CELL_TEXT) buf_puts(out, cells[i].text);
    else if (cells[i].kind == CELL_MISSING) buf_puts(out, "-");
    else buf_printf(out, "%.0f", cells[i].number);
  }
  buf_putc(out, '\n');
}

static void expect_time(struct round_fixture *fixture, struct dataset_spec spec, const char *text) {
  struct err err = {0};
  struct buf out = {0};
  int64_t expected, count = 0;
  spec.questionnaire = "q";
  spec.paradata = true;
  struct dataset *dataset = fixture_dataset(fixture, spec);
  assert_true(dataset_count_rows(dataset, &expected, &err));
  for (const struct cell *cells; (cells = dataset_next(dataset, &err)) != NULL; count++) print_row(dataset, cells, &out);
  assert_null(dataset_next(dataset, &err));
  assert_int_equal(err.code, ERR_NONE);
  assert_string_equal(buf_text(&out), text);
  assert_int_equal(count, expected);
  buf_free(&out);
  dataset_close(dataset);
}

/* Persons are numbers within their institution, sittings numbers within a person's work; nobody is named. */
static void time_spent(void **state) {
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, first_version);
  expect_time(fixture, (struct dataset_spec){0}, "");
  int64_t first = fixture_respond(fixture, "q", version, "Alfa", 1), second = fixture_respond(fixture, "q", version, "Beta", 2);
  int64_t anna = put_colleague(fixture, "b@example.org", first), zane = put_colleague(fixture, "c@example.org", second);
  int64_t bruno = put_colleague(fixture, "d@example.org", first);
  sit(fixture, first, bruno, 5000, "s1", 3, 1499);
  sit(fixture, first, anna, 9000, "s1", 1, 61000);
  sit(fixture, first, anna, 7000, "s1", 0, 500);
  sit(fixture, first, anna, 7000, "gone", 9, 400);
  sit(fixture, second, zane, 1000, "s1", 2, 3600000);
  sit(fixture, second, fixture->person, 1000, "s1", 1, 1000); /* staff: has no institution */
  expect_time(fixture, (struct dataset_spec){0},
              "90000000001 Alfa AB 1 gone 1 unknown 0 7000\n"
              "90000000001 Alfa AB 1 s1 1 unknown 1 7000\n"
              "90000000001 Alfa AB 1 s1 2 computer 61 9000\n"
              "90000000001 Alfa AB 2 s1 1 phone 1 5000\n"
              "90000000002 Beta AB 1 s1 1 computer 1 1000\n"
              "90000000002 Beta AB 1 s1 1 tablet 3600 1000\n");
  expect_time(fixture, (struct dataset_spec){.submitted_only = true, .labels = true, .language = "en"},
              "90000000002 Beta AB 1 First 1 computer 1 1000\n"
              "90000000002 Beta AB 1 First 1 tablet 3600 1000\n");
  expect_time(fixture, (struct dataset_spec){.submitted_only = true, .labels = true, .language = "lv"},
              "90000000002 Beta AB 1 Pirmā 1 dators 1 1000\n"
              "90000000002 Beta AB 1 Pirmā 1 planšete 3600 1000\n");
}

static void time_spent_has_columns_of_its_own(void **state) {
  static const char *const names[] = {"response_id", "institution_id", "registration_number", "institution",
                                      "abbreviation", "person", "section", "sitting", "device", "active_seconds",
                                      "started_at"};
  struct round_fixture *fixture = *state;
  fixture_publish(fixture, first_version);
  struct dataset *dataset = fixture_dataset(fixture, (struct dataset_spec){.questionnaire = "q", .paradata = true});
  assert_int_equal(dataset_column_count(dataset), (int)(sizeof names / sizeof *names));
  for (int i = 0; i < dataset_column_count(dataset); i++) {
    assert_string_equal(dataset_column(dataset, i)->name, names[i]);
    assert_int_equal(dataset_column(dataset, i)->question, -1);
    assert_ptr_equal(dataset_column_form(dataset, i), dataset_form(dataset));
  }
  dataset_close(dataset);
  /* Half read. */
  dataset = fixture_dataset(fixture, (struct dataset_spec){.questionnaire = "q", .paradata = true});
  dataset_close(dataset);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(columns_in_order),
      TEST(every_type),
      TEST(four_kinds_of_missing),
      TEST(labels_and_marks),
      TEST(marks_with_apostrophes_stay_apart),
      TEST(roster_rows),
      TEST(submitted_only),
      TEST(versions_share_columns),
      TEST(names_that_clash),
      TEST(snapshot),
      TEST(time_spent),
      TEST(time_spent_has_columns_of_its_own),
      TEST(what_does_not_exist),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
