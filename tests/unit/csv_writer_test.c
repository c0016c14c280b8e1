#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/writer_table.h"
#include "round_fixture.h"

static const char questionnaire[] =
    "questionnaire: q\n"
    "version: '1.0'\n"
    "languages: [lv, en]\n"
    "title: {lv: Anketa, en: Form}\n"
    "sections:\n"
    "  - id: s1\n"
    "    title: {lv: Pirmā, en: First}\n"
    "    questions:\n"
    "      - {id: A1, type: select_one, text: {lv: Vai, en: Is it},\n"
    "         options: [{code: 1, text: {lv: 'jā, laikam', en: 'yes'}}, {code: 2, text: {lv: nē, en: 'no'}}]}\n"
    "      - {id: N1, type: decimal, min: -1000000000, specials: [na, nodata], text: {lv: Cik, en: How many}}\n"
    "      - {id: T1, type: text, required: false, relevant: A1 = 1, text: {lv: Ko, en: What}}\n"
    "      - {id: K1, type: date, required: false, text: {lv: Kad, en: When}}\n";

#define OWN_HEADER \
  "response_id,institution_id,registration_number,institution,abbreviation,kind,sector,segments,status,submitted_at," \
  "changed_at,questionnaire_version"

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

/* Everything that the format writes; the caller frees. */
static struct buf export_all(struct round_fixture *fixture, struct dataset_spec spec, struct export_options options) {
  struct err err = {0};
  struct buf out = {0};
  bool done = false;
  struct dataset *dataset = fixture_dataset(fixture, spec);
  void *state = export_csv.start(dataset, &options, &err);
  fixture_good(state != NULL, &err);
  while (!done) {
    size_t before = out.len;
    fixture_good(export_csv.step(state, &out, &done, &err), &err);
    assert_true(out.len - before < 65536 + 8192);
    assert_true((out.len == before) == done); /* bytes until it is done, none then */
  }
  export_csv.end(state);
  dataset_close(dataset);
  return out;
}

/* The line of the n-th row (0: header) from its column T1 or so on: what is behind the own columns. */
static void assert_row(const struct buf *csv, int row, const char *expected) {
  const char *at = csv->data;
  for (int i = 0; i < row; i++) at = strstr(at, "\r\n") + 2;
  const char *end = strstr(at, "\r\n");
  assert_non_null(end);
  size_t len = strlen(expected);
  if ((size_t)(end - at) < len || memcmp(end - len, expected, len) != 0) {
    print_error("row %d: %.*s\nexpected at its end: %s\n", row, (int)(end - at), at, expected);
    fail();
  }
}

static void empty_round(void **state) {
  struct round_fixture *fixture = *state;
  fixture_publish(fixture, questionnaire);
  struct dataset_spec spec = {.questionnaire = "q"};
  struct buf csv = export_all(fixture, spec, (struct export_options){0});
  assert_string_equal(csv.data, OWN_HEADER ",A1,N1,T1,K1\r\n");
  buf_free(&csv);
  csv = export_all(fixture, spec, (struct export_options){.bom = true, .separator = ';'});
  assert_memory_equal(csv.data, "\xEF\xBB\xBFresponse_id;institution_id;", 30);
  buf_free(&csv);
}

static void whole_row(void **state) {
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, questionnaire);
  int64_t response = fixture_respond(fixture, "q", version, "Iestāde \"Ā\", VSIA", 2);
  fixture_put(fixture, response, "A1", "1");
  fixture_put(fixture, response, "N1", "-1234.5");
  fixture_put(fixture, response, "T1", "divas\nrindas; un \"pēdiņas\"");
  fixture_put(fixture, response, "K1", "2017-11-06");
  struct buf csv = export_all(fixture, (struct dataset_spec){.questionnaire = "q"}, (struct export_options){0});
  assert_string_equal(csv.data,
                      OWN_HEADER ",A1,N1,T1,K1\r\n"
                      "1,1,90000000001,\"Iestāde \"\"Ā\"\", VSIA\",AB,ministry,Tieslietas,mass;business,submitted,"
                      "2017-12-06T10:32:01Z,2017-12-06T10:32:00Z,1.0,"
                      "1,-1234.5,\"divas\nrindas; un \"\"pēdiņas\"\"\",2017-11-06\r\n");
  buf_free(&csv);
}

static void missing_and_labels(void **state) {
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, questionnaire);
  int64_t one = fixture_respond(fixture, "q", version, "Viena", 0);
  int64_t two = fixture_respond(fixture, "q", version, "Otra", 1);
  fixture_put(fixture, one, "A1", "2");
  fixture_answer(fixture, one, "N1", "", ANSWER_NA, NULL);
  fixture_put(fixture, two, "A1", "1");
  fixture_answer(fixture, two, "N1", "", ANSWER_NODATA, NULL);
  struct dataset_spec spec = {.questionnaire = "q"};
  struct buf csv = export_all(fixture, spec, (struct export_options){0});
  assert_row(&csv, 1, ",new,,,1.0,2,.a,.q,.n");
  assert_row(&csv, 2, ",1,.d,.n,.n");
  buf_free(&csv);
  spec.labels = true;
  csv = export_all(fixture, spec, (struct export_options){0});
  assert_row(&csv, 1, ",nē,neattiecas,nav jautāts,nav atbildēts");
  assert_row(&csv, 2, ",\"jā, laikam\",dati nav pieejami,nav atbildēts,nav atbildēts");
  buf_free(&csv);
  spec.language = "en";
  csv = export_all(fixture, spec, (struct export_options){.separator = ';'});
  assert_row(&csv, 1, ";no;not applicable;not asked;not answered");
  buf_free(&csv);
  spec.language = "ru"; /* which the form does not have */
  csv = export_all(fixture, spec, (struct export_options){0});
  assert_row(&csv, 1, ",nē,неприменимо,не задавался,нет ответа");
  buf_free(&csv);
}

static void numbers(void **state) {
  static const char *const stored[] = {"0", "1", "-1", "999999999", "1000000000", "0.1", "123456789012345",
                                       "-0.001", "2.50"};
  static const char *const written[] = {"0", "1", "-1", "999999999", "1000000000", "0.1", "123456789012345",
                                        "-0.001", "2.5"};
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, questionnaire);
  int count = sizeof stored / sizeof *stored;
  for (int i = 0; i < count; i++) {
    int64_t response = fixture_respond(fixture, "q", version, stored[i], 1);
    fixture_put(fixture, response, "N1", stored[i]);
  }
  struct buf csv = export_all(fixture, (struct dataset_spec){.questionnaire = "q"}, (struct export_options){0});
  for (int i = 0; i < count; i++) {
    char expected[64];
    snprintf(expected, sizeof expected, ",.n,%s,.q,.n", written[i]);
    assert_row(&csv, i + 1, expected);
  }
  buf_free(&csv);
}

static void formulas_are_harmless(void **state) {
  /* A text as it was answered, and as it must stand in the file. */
  static const char *const texts[][2] = {
      {"=1+1", "'=1+1"},
      {"+371 67", "'+371 67"},
      {"-5", "'-5"},
      {"@SUM(A1)", "'@SUM(A1)"},
      {"\t=1", "'\t=1"},
      {"\r=1", "\"'\r=1\""},
      {"  =1", "'  =1"},
      {"\"=1\"", "\"'\"\"=1\"\"\""},
      {"'=1", "''=1"},
      {"\xC2\xA0=1", "'\xC2\xA0=1"},
      {"＝1", "'＝1"},
      {"＋1", "'＋1"},
      {"－1", "'－1"},
      {"＠1", "'＠1"},
      {"1=1", "1=1"},
      {"e-pasts", "e-pasts"},
      {"'x'", "'x'"},
      {"！1", "！1"},
      {".n", "'.n"},
  };
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, questionnaire);
  int count = sizeof texts / sizeof *texts;
  for (int i = 0; i < count; i++) {
    char name[32];
    snprintf(name, sizeof name, "Iestāde %d", i);
    int64_t response = fixture_respond(fixture, "q", version, name, 1);
    fixture_put(fixture, response, "A1", "1");
    fixture_put(fixture, response, "T1", texts[i][0]);
  }
  fixture_respond(fixture, "q", version, "=CMD()", 1);
  struct buf csv = export_all(fixture, (struct dataset_spec){.questionnaire = "q"}, (struct export_options){0});
  const char *at = csv.data;
  for (int i = 0; i < count; i++) {
    char expected[64];
    snprintf(expected, sizeof expected, ",1,.n,%s,.n\r\n", texts[i][1]);
    at = strstr(at, expected);
    if (at == NULL) print_error("not found: %s in\n%s\n", expected, csv.data);
    assert_non_null(at);
  }
  assert_non_null(strstr(csv.data, ",'=CMD(),AB,"));
  buf_free(&csv);
}

static bool stop_at_2000(void *context, int64_t rows) {
  *(int64_t *)context = rows;
  return rows < 2000;
}

static void many_rows_come_in_steps_and_can_be_stopped(void **state) {
  struct round_fixture *fixture = *state;
  struct err err = {0};
  int64_t version = fixture_publish(fixture, questionnaire);
  fixture_good(db_begin(fixture->db, &err), &err);
  for (int i = 0; i < 2500; i++) {
    char name[32];
    snprintf(name, sizeof name, "Iestāde %d", i);
    fixture_respond(fixture, "q", version, name, 0);
  }
  fixture_good(db_commit(fixture->db, &err), &err);
  struct buf csv = export_all(fixture, (struct dataset_spec){.questionnaire = "q"}, (struct export_options){0});
  int lines = 0;
  for (const char *at = csv.data; (at = strchr(at, '\n')) != NULL; at++) lines++;
  assert_int_equal(lines, 2501);
  buf_free(&csv);

  int64_t reported = 0;
  struct export_options options = {.progress = stop_at_2000, .progress_context = &reported};
  struct dataset *dataset = fixture_dataset(fixture, (struct dataset_spec){.questionnaire = "q"});
  void *export = export_csv.start(dataset, &options, &err);
  bool done = false;
  while (!done && export_csv.step(export, &csv, &done, &err)) buf_reset(&csv);
  assert_int_equal(err.code, ERR_SYSTEM);
  assert_int_equal(reported, 2000);
  assert_false(done);
  export_csv.end(export);
  dataset_close(dataset);
  buf_free(&csv);
}

static void separator_that_cannot_be(void **state) {
  struct round_fixture *fixture = *state;
  struct err err = {0};
  fixture_publish(fixture, questionnaire);
  struct dataset *dataset = fixture_dataset(fixture, (struct dataset_spec){.questionnaire = "q"});
  assert_null(export_csv.start(dataset, &(struct export_options){.separator = '.'}, &err));
  assert_int_equal(err.code, ERR_USAGE);
  export_csv.end(NULL);
  dataset_close(dataset);
}

static void formats_by_name(void **state) {
  (void)state;
  assert_ptr_equal(export_format_find("csv"), &export_csv);
  assert_ptr_equal(export_format_find("xlsx"), &export_xlsx);
  assert_null(export_format_find("xls"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(empty_round),
      TEST(whole_row),
      TEST(missing_and_labels),
      TEST(numbers),
      TEST(formulas_are_harmless),
      TEST(many_rows_come_in_steps_and_can_be_stopped),
      TEST(separator_that_cannot_be),
      TEST(formats_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
