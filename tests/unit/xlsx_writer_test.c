#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>

#include "base/clock.h"
#include "data/writer_table.h"
#include "data/xlsx.h"
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
    "         options: [{code: 1, text: {lv: jā, en: 'yes'}}, {code: 2, text: {lv: nē, en: 'no'}}]}\n"
    "      - {id: N1, type: decimal, specials: [na], relevant: A1 = 1, text: {lv: Cik, en: How many}}\n"
    "      - {id: T1, type: text, required: false, max_length: 65536, text: {lv: Ko, en: What}}\n"
    "      - {id: K1, type: date, required: false, text: {lv: Kad, en: When}}\n"
    "      - roster:\n"
    "          id: services\n"
    "          text: {lv: Pakalpojumi, en: Services}\n"
    "          label: {lv: Pakalpojums, en: Service}\n"
    "          questions:\n"
    "            - {id: P1, type: integer, text: {lv: Skaits, en: Count}}\n";

/* The folder of temporary files is the fixture's, so that a test sees what is left there. */
static int set_up(void **state) {
  static struct round_fixture fixture;
  fixture = fixture_open();
  setenv("TMPDIR", fixture.folder, 1);
  *state = &fixture;
  return 0;
}

static int tear_down(void **state) {
  unsetenv("TMPDIR");
  clock_set_ms(0);
  fixture_close(*state);
  return 0;
}

static void assert_no_leftovers(const struct round_fixture *fixture) {
  DIR *folder = opendir(fixture->folder);
  assert_non_null(folder);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    assert_true(entry->d_name[0] == '.' || strncmp(entry->d_name, "anketa.db", 9) == 0);
  }
  closedir(folder);
}

/* Writes the workbook and gives back one of its parts as text; the caller frees. */
static struct buf export_part(struct round_fixture *fixture, struct dataset_spec spec, const char *part) {
  struct err err = {0};
  struct buf out = {0};
  struct export_options options = {.exported_by = "Pētniece <p@example.org>"};
  struct dataset *dataset = fixture_dataset(fixture, spec);
  void *state = export_xlsx.start(dataset, &options, &err);
  fixture_good(state != NULL, &err);
  assert_no_leftovers(fixture);
  for (bool done = false; !done;) {
    size_t before = out.len;
    fixture_good(export_xlsx.step(state, &out, &done, &err), &err);
    assert_true((out.len == before) == done);
  }
  export_xlsx.end(state);
  dataset_close(dataset);

  char *path = file_join(fixture->folder, "out.xlsx");
  fixture_good(file_write(path, out.data, out.len, &err), &err);
  char command[512];
  snprintf(command, sizeof command,
           "/usr/bin/python3 -c 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]);"
           " assert z.testzip() is None; sys.stdout.buffer.write(z.read(sys.argv[2]))' %s %s",
           path, part);
  FILE *pipe = popen(command, "r");
  assert_non_null(pipe);
  buf_reset(&out);
  for (size_t got; (got = fread(buf_reserve(&out, 65536), 1, 65536, pipe)) > 0;) out.len += got;
  buf_putc(&out, '\0');
  assert_int_equal(pclose(pipe), 0);
  unlink(path);
  free(path);
  return out;
}

static void assert_holds(const struct buf *xml, const char *expected) {
  if (strstr(xml->data, expected) == NULL) fprintf(stderr, "not found: %s\nin %s\n", expected, xml->data);
  assert_non_null(strstr(xml->data, expected));
}

#define SHEET(n) "xl/worksheets/sheet" #n ".xml"

static void empty_round(void **state) {
  struct round_fixture *fixture = *state;
  fixture_publish(fixture, questionnaire);
  struct buf xml = export_part(fixture, (struct dataset_spec){.questionnaire = "q"}, SHEET(1));
  assert_holds(&xml, "<t>response_id</t>");
  assert_holds(&xml, "<c r=\"P1\" s=\"1\" t=\"inlineStr\"><is><t>K1</t></is></c></row></sheetData>");
  assert_holds(&xml, "<autoFilter ref=\"A1:P2\"/>");
  assert_holds(&xml, "topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"");
  buf_free(&xml);
}

static void cells_have_their_types(void **state) {
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, questionnaire);
  int64_t response = fixture_respond(fixture, "q", version, "Ā & <B>", 2);
  fixture_put(fixture, response, "A1", "1");
  fixture_put(fixture, response, "N1", "1234.5");
  fixture_put(fixture, response, "T1", "=HYPERLINK(\"x\")");
  fixture_put(fixture, response, "K1", "2017-11-06");
  struct buf xml = export_part(fixture, (struct dataset_spec){.questionnaire = "q"}, SHEET(1));
  assert_holds(&xml, "<c r=\"C2\" t=\"inlineStr\"><is><t>90000000001</t></is></c>");
  assert_holds(&xml, "<c r=\"D2\" t=\"inlineStr\"><is><t>Ā &amp; &lt;B&gt;</t></is></c>");
  assert_holds(&xml, "<c r=\"J2\" s=\"3\"><v>43075.43890046296</v></c>"); /* 2017-12-06 10:32:01 */
  assert_holds(&xml, "<c r=\"M2\"><v>1</v></c><c r=\"N2\"><v>1234.5</v></c>");
  assert_holds(&xml, "<c r=\"O2\" t=\"inlineStr\"><is><t>=HYPERLINK(\"x\")</t></is></c>");
  assert_holds(&xml, "<c r=\"P2\" s=\"4\"><v>43045</v></c>");
  assert_null(strstr(xml.data, "<f>"));
  buf_free(&xml);
}

static void missing_values(void **state) {
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, questionnaire);
  int64_t response = fixture_respond(fixture, "q", version, "Viena", 1);
  fixture_put(fixture, response, "A1", "2");
  struct dataset_spec spec = {.questionnaire = "q", .language = "en", .labels = true};
  struct buf xml = export_part(fixture, spec, SHEET(1));
  assert_null(strstr(xml.data, "r=\"J2\"")); /* not submitted: an empty cell */
  assert_holds(&xml, "<c r=\"M2\" t=\"inlineStr\"><is><t>no</t></is></c>");
  assert_holds(&xml, "<c r=\"N2\" t=\"inlineStr\"><is><t>not asked</t></is></c>");
  assert_holds(&xml, "<c r=\"O2\" t=\"inlineStr\"><is><t>not answered</t></is></c>");
  buf_free(&xml);
}

static void escapes_are_texts(void **state) {
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, questionnaire);
  int64_t response = fixture_respond(fixture, "q", version, "Viena", 1);
  fixture_put(fixture, response, "T1", "_x0041_ _x41_ _x00e9__x");
  struct buf xml = export_part(fixture, (struct dataset_spec){.questionnaire = "q"}, SHEET(1));
  assert_holds(&xml, "<t>_x005F_x0041_ _x41_ _x005F_x00e9__x</t>");
  buf_free(&xml);
}

/* 32,767 units of UTF-16: the musical sign takes two, so that the cut falls before the last of them. */
static void long_texts_are_cut_with_a_note(void **state) {
  struct round_fixture *fixture = *state;
  int64_t version = fixture_publish(fixture, questionnaire);
  int64_t response = fixture_respond(fixture, "q", version, "Viena", 1);
  int64_t other = fixture_respond(fixture, "q", version, "Otra", 1);
  struct buf text = {0};
  for (int i = 0; i < 32767; i++) buf_puts(&text, "ā");
  fixture_put(fixture, other, "T1", text.data); /* just fits */
  buf_reset(&text);
  for (int i = 0; i < 32766; i++) buf_puts(&text, "ā");
  buf_puts(&text, "𝄞");
  fixture_put(fixture, response, "T1", text.data);
  struct buf xml = export_part(fixture, (struct dataset_spec){.questionnaire = "q"}, SHEET(1));
  assert_holds(&xml, "ā</t></is></c><c r=\"P2\"");
  assert_null(strstr(xml.data, "𝄞"));
  const char *at = strstr(xml.data, "<c r=\"O3\" t=\"inlineStr\"><is><t>");
  assert_int_equal(strstr(at, "</t>") - strstr(at, "<t>") - 3, 2 * 32767);
  buf_free(&xml);
  xml = export_part(fixture, (struct dataset_spec){.questionnaire = "q"}, SHEET(3));
  assert_holds(&xml, "<t>1: Dati!O2</t>");
  buf_free(&xml);
  buf_free(&text);
}

static void codebook(void **state) {
  struct round_fixture *fixture = *state;
  fixture_publish(fixture, questionnaire);
  struct buf xml = export_part(fixture, (struct dataset_spec){.questionnaire = "q"}, SHEET(2));
  assert_holds(&xml, "<t>Trūkstošās vērtības</t>");
  assert_holds(&xml, "<t>A1</t>");
  assert_holds(&xml, "<c r=\"D14\" t=\"inlineStr\"><is><t>select_one</t></is></c>");
  assert_holds(&xml, "<c r=\"E15\"><v>1</v></c><c r=\"F15\" s=\"2\" t=\"inlineStr\"><is><t>jā</t></is></c>");
  assert_holds(&xml, "<t>A1 = 1</t>");
  assert_holds(&xml, "<t>.q; .n; .a</t>");
  assert_null(strstr(xml.data, ".d"));
  buf_free(&xml);
}

static void about(void **state) {
  struct round_fixture *fixture = *state;
  fixture_publish(fixture, questionnaire);
  clock_set_ms(INT64_C(1512556321000));
  struct buf xml = export_part(fixture, (struct dataset_spec){.questionnaire = "q", .language = "en"}, SHEET(3));
  assert_holds(&xml, "<t>r2017</t>");
  assert_holds(&xml, "<t>Pētniece &lt;p@example.org&gt;</t>");
  assert_holds(&xml, "<v>43075.43890046296</v>");
  assert_holds(&xml, "<t>.q</t>");
  assert_holds(&xml, "<t>The answer is “no data”.</t>");
  buf_free(&xml);
  xml = export_part(fixture, (struct dataset_spec){.questionnaire = "q", .language = "en"}, "xl/workbook.xml");
  assert_holds(&xml, "name=\"Data\"");
  assert_holds(&xml, "name=\"About the export\"");
  buf_free(&xml);
}

static void expect_refused(struct round_fixture *fixture, struct dataset_spec spec, enum err_code code,
                           const char *text) {
  struct err err = {0};
  struct dataset *dataset = fixture_dataset(fixture, spec);
  assert_null(export_xlsx.start(dataset, &(struct export_options){0}, &err));
  assert_int_equal(err.code, code);
  if (text != NULL) assert_string_equal(err.text, text);
  dataset_close(dataset);
  assert_no_leftovers(fixture);
}

static void too_many_columns(void **state) {
  struct round_fixture *fixture = *state;
  struct buf text = {0};
  buf_puts(&text, "questionnaire: q\nversion: '1'\nlanguages: [lv]\ntitle: {lv: A}\noption_lists:\n  many:\n");
  for (int i = 1; i <= 500; i++) buf_printf(&text, "    - {code: %d, text: {lv: a}}\n", i);
  buf_puts(&text, "sections:\n  - id: s\n    title: {lv: S}\n    questions:\n");
  for (int i = 0; i < 33; i++) {
    buf_printf(&text, "      - {id: M%d, type: select_multiple, text: {lv: M}, options: many}\n", i);
  }
  fixture_publish(fixture, text.data);
  buf_free(&text);
  expect_refused(fixture, (struct dataset_spec){.questionnaire = "q"}, ERR_TOO_LARGE,
                 "the dataset has 16512 columns, but a sheet has room for 16384; export it as csv");
}

static void too_many_rows(void **state) {
  struct round_fixture *fixture = *state;
  struct err err = {0};
  int64_t version = fixture_publish(fixture, questionnaire);
  int64_t response = fixture_respond(fixture, "q", version, "Viena", 1);
  struct stmt *stmt = db_query(fixture->db,
      "INSERT INTO roster_row (response_id, roster, row_id, label, position, person_id, created_ms, removed_ms)"
      " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1048576)"
      " SELECT $1, 'services', printf('r%07d', i), '', i, $2, 0, 0 FROM n");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_int(stmt, 2, fixture->person);
  fixture_good(stmt_run(stmt, &err), &err);
  expect_refused(fixture, (struct dataset_spec){.questionnaire = "q", .roster = "services"}, ERR_TOO_LARGE,
                 "the dataset has 1048576 rows, but a sheet has room for 1048575; export it as csv");
}

static void no_folder_for_temporary_files(void **state) {
  struct round_fixture *fixture = *state;
  fixture_publish(fixture, questionnaire);
  setenv("TMPDIR", "/dev/null", 1);
  expect_refused(fixture, (struct dataset_spec){.questionnaire = "q"}, ERR_SYSTEM, NULL);
}

static void column_names(void **state) {
  static const struct {
    int column;
    const char *name;
  } cases[] = {{0, "A"}, {25, "Z"}, {26, "AA"}, {701, "ZZ"}, {702, "AAA"}, {16383, "XFD"}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char name[4];
    xlsx_column_name(cases[i].column, name);
    assert_string_equal(name, cases[i].name);
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(empty_round),
      TEST(cells_have_their_types),
      TEST(missing_values),
      TEST(escapes_are_texts),
      TEST(long_texts_are_cut_with_a_note),
      TEST(codebook),
      TEST(about),
      TEST(too_many_columns),
      TEST(too_many_rows),
      TEST(no_folder_for_temporary_files),
      TEST(column_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
