#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "data/table_reader.h"
#include "folder_fixture.h"
#include "zip_fixture.h"

static struct arena *arena;
static char *folder, *path;

static int start(void **state) {
  (void)state;
  arena = arena_new();
  folder = folder_new();
  path = file_join(folder, "table");
  return 0;
}

static int end(void **state) {
  (void)state;
  arena_free(arena);
  folder_remove(folder);
  free(path);
  return 0;
}

static bool show_row(void *context, const struct csv_row *row, struct err *err) {
  struct buf *out = context;
  (void)err;
  buf_printf(out, "%d:", row->line);
  for (int i = 0; i < row->count; i++) buf_printf(out, "[%s]", row->cells[i]);
  return true;
}

/* The rows as "1:[a][b]2:[c][d]", behind them what is wrong as "!fault line". */
static const char *read_as(struct table_info *info) {
  struct buf out = {0};
  struct err err = {0};
  bool ok = table_read(path, show_row, &out, info, &err);
  assert_int_equal(ok, err.code == ERR_NONE);
  if (!ok && info->fault == TABLE_OK) buf_printf(&out, "!code %d", err.code);
  else if (!ok) buf_printf(&out, "!%s %d", table_fault_name(info->fault), info->line);
  const char *text = arena_copy(arena, buf_text(&out));
  buf_free(&out);
  return text;
}

static const char *read_text(const char *bytes, size_t len) {
  struct table_info info;
  assert_true(file_write(path, bytes, len, NULL));
  const char *text = read_as(&info);
  return info.fault == TABLE_OK ? arena_printf(arena, "%s %s", info.encoding, text) : text;
}
#define TEXT(literal) read_text(literal, sizeof(literal) - 1)

static const char *read_sheet(const char *sheet, const char *strings, const char *styles) {
  struct table_info info;
  zip_write_workbook(path, sheet, strings, styles, NULL);
  return read_as(&info);
}

/* ---- CSV */

static void separators(void **state) {
  (void)state;
  assert_string_equal(TEXT("a,b\n1,2\n"), "UTF-8 1:[a][b]2:[1][2]");
  assert_string_equal(TEXT("\xEF\xBB\xBF" "a;b\r\n\"1;\"\"x\";2"), "UTF-8 1:[a][b]2:[1;\"x][2]");
  assert_string_equal(TEXT("a\tb\n1\t2,5;\n"), "UTF-8 1:[a][b]2:[1][2,5;]");
  assert_string_equal(TEXT("\"a,b,c\";d\n1;2\n"), "UTF-8 1:[a,b,c][d]2:[1][2]");
}

static void rows_without_anything_are_left_out(void **state) {
  (void)state;
  assert_string_equal(TEXT("a,b\n\n,\n \t, \n1,2\n"), "UTF-8 1:[a][b]5:[1][2]");
  assert_string_equal(TEXT(""), "!empty 0");
  assert_string_equal(TEXT("\n\n,,\n"), "!empty 0");
  assert_string_equal(TEXT("\xEF\xBB\xBF"), "!empty 0");
}

static void encodings(void **state) {
  (void)state;
  assert_string_equal(TEXT("nosaukums;veids\n\xC2rlietu ministrija;\xEE\xF0s\xE2\n"),
                      "Windows-1257 1:[nosaukums][veids]2:[Ārlietu ministrija][īšsā]");
  assert_string_equal(TEXT("\xFF\xFE" "a\0;\0\x01\x01\n\0" "1\0;\0" "\x3D\xD8\x00\xDE"), "UTF-16 1:[a][ā]2:[1][😀]");
  assert_string_equal(TEXT("\xFE\xFF\0a\0,\0b"), "UTF-16 1:[a][b]");
  assert_string_equal(TEXT("\xFF\xFE" "a\0;"), "!encoding 0");
  assert_string_equal(TEXT("\xFF\xFE" "\x3D\xD8" "a\0"), "!encoding 0");
  assert_string_equal(TEXT("name\n\xCC\xE8\xED\xE8\xF1\xF2\xE5\xF0\xF1\xF2\xE2\xEE\n"), "!encoding 0"); /* Windows-1251 */
  assert_string_equal(TEXT("a\nb\xA1\n"), "!encoding 0");
  assert_string_equal(TEXT("a,b\n1,\0\n"), "!unknown 0");
  assert_string_equal(TEXT("%PDF-1.4\n\0\xFF"), "!unknown 0");
}

/* A character across the pieces in which a file is read is no fault. */
static void characters_across_pieces(void **state) {
  (void)state;
  struct buf text = {0};
  buf_puts(&text, "a,b\n");
  while (text.len < (64 << 10) - 1) buf_puts(&text, text.len % 60 == 0 ? "x,y\n" : "x");
  buf_puts(&text, "ā\n");
  struct table_info info;
  struct err err = {0};
  struct buf out = {0};
  assert_true(file_write(path, text.data, text.len, NULL));
  assert_true(table_read(path, show_row, &out, &info, &err));
  assert_string_equal(info.encoding, "UTF-8");
  assert_non_null(strstr(out.data, "ā]"));
  buf_free(&text);
  buf_free(&out);
}

static void what_is_wrong_with_a_text(void **state) {
  (void)state;
  assert_string_equal(TEXT("a,b\n1,2\n\"3,4\n"), "1:[a][b]2:[1][2]!quotes 3");
  assert_string_equal(TEXT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1xxxx"), "!old 0");
  struct table_info info;
  struct err err = {0};
  assert_err(table_read("/nowhere/x.csv", show_row, NULL, &info, &err), &err, ERR_NOT_FOUND, "/nowhere/x.csv");
}

/* ---- workbooks */

static void cells_of_all_kinds(void **state) {
  (void)state;
  assert_string_equal(
      read_sheet("<row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1' t='inlineStr'><is><r><t>ie</t></r><r><t xml:space='preserve'> kšā</t>"
                 "</r><rPh><t>no</t></rPh></is></c></row>"
                 "<row r='3'><c r='A3'><f>1+1</f><v>2</v></c><c r='B3' t='str'><f>A1</f><v>teksts</v></c><c r='C3' t='b'><v>1</v></c></row>"
                 "<row r='4'/><row r='5'><c r='A5' s='1'/></row>"
                 "<row><c><v>7</v></c><c t='e'><v>#N/A</v></c><c t='d'><v>2017-12-06T00:00:00</v></c></row>",
                 "<si><t>pirmais &amp; _x0041_</t></si>", NULL),
      "1:[pirmais & A][][ie kšā]3:[2][teksts][1]6:[7][#N/A][2017-12-06]");
}

static void numbers_and_dates(void **state) {
  (void)state;
  const char *styles = "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='dd\\.mm\\.yyyy'/><numFmt numFmtId='165' "
                       "formatCode='[Magenta]0\" dienas\"'/></numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
                       "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/><xf numFmtId='165'/><xf numFmtId='20'/>"
                       "<xf numFmtId='22'/></cellXfs></styleSheet>";
  assert_string_equal(
      read_sheet("<row><c><v>90000022632</v></c><c><v>9.0000022632E10</v></c><c><v>0.5</v></c><c><v>0.30000000000000004</v></c>"
                 "<c><v>1E-3</v></c><c><v>-12</v></c></row>"
                 "<row><c s='1'><v>43075</v></c><c s='2'><v>43075</v></c><c s='3'><v>43075</v></c><c s='4'><v>0.5</v></c>"
                 "<c s='5'><v>43075.604166666664</v></c><c s='99'><v>1</v></c></row>"
                 "<row><c s='1'><v>1</v></c><c s='1'><v>61</v></c><c s='1'><v>-5</v></c><c><v>nav</v></c><c><v></v></c><c><v>1e400</v></c></row>",
                 NULL, styles),
      "1:[90000022632][90000022632][0.5][0.3][0.001][-12]2:[2017-12-06][2017-12-06][43075][12:00][2017-12-06 14:30][1]"
      "3:[1900-01-01][1900-03-01][-5][nav][][1e400]");
}

static void the_first_sheet_that_is_seen(void **state) {
  (void)state;
  struct table_info info;
  struct buf place = {0};
  zip_write_workbook(path, "<row r='17'><c r='AB17'><v>1</v></c></row>", NULL, NULL, NULL);
  assert_non_null(strstr(read_as(&info), "[][1]"));
  assert_string_equal(info.sheet, "Lapa1");
  assert_int_equal(info.sheet_count, 1);
  table_place(&info, 17, 27, &place);
  assert_string_equal(place.data, "sheet Lapa1, cell AB17");
  buf_reset(&place);
  table_place(&info, 17, -1, &place);
  assert_string_equal(place.data, "sheet Lapa1, row 17");
  buf_reset(&place);
  table_place(&(struct table_info){.is_workbook = false}, 17, 2, &place);
  assert_string_equal(place.data, "line 17");
  buf_free(&place);
}

static void dates_since_1904(void **state) {
  (void)state;
  struct table_info info;
  zip_write_workbook(path, "<row><c s='0'><v>41613</v></c></row>", NULL, "<styleSheet><cellXfs><xf numFmtId='14'/></cellXfs></styleSheet>",
                     "<workbook xmlns:r='r'><workbookPr date1904='1'/><sheets><sheet name='x' r:id='rId1'/></sheets></workbook>");
  assert_string_equal(read_as(&info), "1:[2017-12-06]");
}

static void what_is_wrong_with_a_workbook(void **state) {
  (void)state;
  static const struct {
    const char *sheet, *expected;
  } cases[] = {
      {"", "!empty 0"},
      {"<row r='1'/><row r='2'><c r='A2'/></row>", "!empty 0"},
      {"<row r='2'><c><v>1</v></c></row><row r='2'><c><v>1</v></c></row>", "2:[1]!broken 0"},
      {"<row r='1'><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row>", "!broken 0"},
      {"<row r='1'><c r='XFE1'><v>1</v></c></row>", "!broken 0"},
      {"<row r='1048577'><c><v>1</v></c></row>", "!broken 0"},
      {"<row r='1'><c t='s'><v>5</v></c></row>", "!broken 0"},
      {"<row r='1'><c t='s'><v>-1</v></c></row>", "!broken 0"},
      {"<row><c><v>1</v></c>", "!broken 0"},
      {"<row><c><v>&x;</v></c></row>", "!broken 0"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_string_equal(read_sheet(cases[i].sheet, NULL, NULL), cases[i].expected);
  assert_string_equal(read_sheet("<row><c><v>1</v></c></row>", "<!DOCTYPE x>", NULL), "!broken 0");
}

/* Entities that grow are never declared, since no document type is read. */
static void document_types_are_refused(void **state) {
  (void)state;
  struct table_info info;
  zip_write_workbook(path, "<row><c><v>1</v></c></row>", NULL, "<!DOCTYPE s [<!ENTITY a 'aaaa'>]><styleSheet/>", NULL);
  assert_string_equal(read_as(&info), "!broken 0");
}

static void zips_that_are_no_workbooks(void **state) {
  (void)state;
  struct table_info info;
  const struct zip_part other[] = {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet", 0}, {0}};
  zip_write(path, other, NULL);
  assert_string_equal(read_as(&info), "!broken 0");
  const struct zip_part locked[] = {{"_rels/.rels", "<Relationships/>", 0}, {0}};
  zip_write(path, locked, "parole");
  assert_string_equal(read_as(&info), "!encrypted 0");
  assert_true(file_write(path, "PK\3\4rest of nothing", 20, NULL));
  assert_string_equal(read_as(&info), "!broken 0");
  zip_write_workbook(path, "<row><c><v>1</v></c></row>", NULL, NULL, NULL);
  struct buf bytes = {0};
  assert_true(file_read(path, 1 << 20, &bytes, NULL));
  assert_true(file_write(path, bytes.data, bytes.len / 2, NULL));
  assert_string_equal(read_as(&info), "!broken 0");
  buf_free(&bytes);
}

/* 60 MiB that pack to some 60 KiB. */
static void what_unfolds_too_far(void **state) {
  (void)state;
  struct table_info info;
  size_t len = (size_t)60 << 20;
  char *spaces = malloc(len + 1);
  assert_non_null(spaces);
  memset(spaces, ' ', len);
  spaces[len] = '\0';
  zip_write_workbook(path, spaces, NULL, NULL, NULL);
  assert_string_equal(read_as(&info), "!too_large 0");
  memset(spaces, 'x', len);
  memcpy(spaces, "<row><c t='inlineStr'><is><t>", 29);
  spaces[1 << 20] = '\0';
  zip_write_workbook(path, spaces, NULL, NULL, NULL);
  assert_string_equal(read_as(&info), "!too_large 0");
  free(spaces);
}

static bool refuse_second(void *context, const struct csv_row *row, struct err *err) {
  int *rows = context;
  (void)row;
  return ++*rows < 2 || err_set(err, ERR_CONFLICT, "enough");
}

/* What the caller refuses is not the file's fault, and ends the reading. */
static void the_caller_may_stop(void **state) {
  (void)state;
  struct table_info info;
  struct err err = {0};
  int rows = 0;
  zip_write_workbook(path, "<row><c><v>1</v></c></row><row><c><v>2</v></c></row><row><c><v>3</v></c></row>", NULL, NULL, NULL);
  assert_err(table_read(path, refuse_second, &rows, &info, &err), &err, ERR_CONFLICT, "enough");
  assert_int_equal(rows, 2);
  assert_int_equal(info.fault, TABLE_OK);
  err = (struct err){0};
  rows = 0;
  folder_write(folder, "table", "a\nb\nc\n");
  assert_err(table_read(path, refuse_second, &rows, &info, &err), &err, ERR_CONFLICT, "enough");
  assert_int_equal(rows, 2);
}

static void columns_have_letters(void **state) {
  (void)state;
  static const struct {
    int column;
    const char *letters;
  } cases[] = {{0, "A"}, {25, "Z"}, {26, "AA"}, {701, "ZZ"}, {702, "AAA"}, {16383, "XFD"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct buf out = {0};
    table_column(cases[i].column, &out);
    assert_string_equal(out.data, cases[i].letters);
    buf_free(&out);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(separators),
      cmocka_unit_test(rows_without_anything_are_left_out),
      cmocka_unit_test(encodings),
      cmocka_unit_test(characters_across_pieces),
      cmocka_unit_test(what_is_wrong_with_a_text),
      cmocka_unit_test(cells_of_all_kinds),
      cmocka_unit_test(numbers_and_dates),
      cmocka_unit_test(the_first_sheet_that_is_seen),
      cmocka_unit_test(dates_since_1904),
      cmocka_unit_test(what_is_wrong_with_a_workbook),
      cmocka_unit_test(document_types_are_refused),
      cmocka_unit_test(zips_that_are_no_workbooks),
      cmocka_unit_test(what_unfolds_too_far),
      cmocka_unit_test(the_caller_may_stop),
      cmocka_unit_test(columns_have_letters),
  };
  return cmocka_run_group_tests_name("table_reader", tests, start, end);
}
