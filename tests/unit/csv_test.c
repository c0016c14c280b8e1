#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"

/* Rows as text: "line:cell|cell\n". */
static bool note_row(void *context, const struct csv_row *row, struct err *err) {
  (void)err;
  struct buf *out = context;
  buf_printf(out, "%d:", row->line);
  for (int i = 0; i < row->count; i++) buf_printf(out, i > 0 ? "|%s" : "%s", row->cells[i]);
  buf_putc(out, '\n');
  return true;
}

static void assert_rows(const char *text, char separator, const char *expected) {
  struct buf out = {0};
  struct err err = {0};
  assert_true(csv_read(text, strlen(text), separator, "t.csv", note_row, &out, &err));
  assert_string_equal(buf_text(&out), expected);
  buf_free(&out);
}

static void reads(void **state) {
  (void)state;
  assert_rows("", ',', "");
  assert_rows("a,b\n1,2\n", ',', "1:a|b\n2:1|2\n");
  assert_rows("a,b\r\n1,2", ',', "1:a|b\n2:1|2\n");
  assert_rows("a\rb\r", ',', "1:a\n2:b\n");
  assert_rows("\xEF\xBB\xBF" "a;b\n", ';', "1:a|b\n");
  assert_rows("\"a,\"\"b\"\"\",ā\n", ',', "1:a,\"b\"|ā\n");
  assert_rows(",\n\n\n a ,\"\"\n", ',', "1:|\n4: a |\n");
  assert_rows("\"one\ntwo\",x\n\"\n\"\nlast\n", ',', "1:one\ntwo|x\n3:\n\n5:last\n");
}

static void assert_refused(const char *text, int line, const char *words) {
  struct buf out = {0};
  struct err err = {0};
  assert_false(csv_read(text, strlen(text), ',', "t.csv", note_row, &out, &err));
  assert_int_equal(err.code, ERR_INPUT);
  assert_int_equal(err.line, line);
  assert_string_equal(err.where, "t.csv");
  assert_non_null(strstr(err.text, words));
  buf_free(&out);
}

static void refuses(void **state) {
  (void)state;
  assert_refused("a\nb\nc\xFF\nd\n", 3, "UTF-8");
  assert_refused("a\n\"b\n", 2, "quote");
  assert_refused("a\nb\"c\"\n", 2, "quote");
  assert_refused("a\n\n\"b\"c\n", 3, "quote");
}

static bool stop(void *context, const struct csv_row *row, struct err *err) {
  int *count = context;
  (void)row;
  return ++*count < 2 || err_set(err, ERR_INPUT, "enough");
}

static void stops(void **state) {
  (void)state;
  int count = 0;
  struct err err = {0};
  assert_false(csv_read("1\n2\n3\n4\n", 8, ',', "", stop, &count, &err));
  assert_int_equal(count, 2);
  assert_string_equal(err.text, "enough");
}

static void guesses(void **state) {
  (void)state;
  assert_int_equal(csv_guess_separator("a;b;c\n,,,,", 10), ';');
  assert_int_equal(csv_guess_separator("a,b", 3), ',');
  assert_int_equal(csv_guess_separator("a\tb", 3), '\t');
  assert_int_equal(csv_guess_separator("a", 1), ',');
}

/* What is written reads back the same. */
static void writes(void **state) {
  (void)state;
  static const char *const cells[] = {"", "a", " a", "a ", "a,b", "a;b", "\"", "\"\"", "one\ntwo", "\r\n", "āčē", "=1+1"};
  static const size_t count = sizeof cells / sizeof *cells;
  struct buf text = {0}, out = {0}, expected = {0};
  struct err err = {0};
  buf_puts(&expected, "1:");
  for (size_t i = 0; i < count; i++) {
    if (i > 0) buf_putc(&text, ',');
    csv_write_field(&text, cells[i], strlen(cells[i]), ',');
    buf_printf(&expected, i > 0 ? "|%s" : "%s", cells[i]);
  }
  buf_putc(&expected, '\n');
  assert_true(csv_read(text.data, text.len, ',', "", note_row, &out, &err));
  assert_string_equal(out.data, expected.data);
  buf_reset(&text);
  csv_write_field(&text, "plain", 5, ',');
  assert_string_equal(text.data, "plain");
  buf_free(&text);
  buf_free(&out);
  buf_free(&expected);
}

/* A file is read in parts; whatever falls on their border reads as in a text. */
static void reads_files(void **state) {
  (void)state;
  static const char *const ends[] = {"\n", "\r\n", "\r"};
  char path[] = "/tmp/anketa-csv-XXXXXX";
  int file = mkstemp(path);
  assert_true(file >= 0);
  close(file);
  for (size_t end = 0; end < 3; end++) {
    struct buf text = {0}, whole = {0}, parts = {0};
    struct err err = {0};
    buf_puts(&text, "\xEF\xBB\xBFname;value");
    for (int i = 0; text.len < 300000; i++)
      buf_printf(&text, "%s\"āčē %d\";\"line%sbreak\"", ends[end], i, i % 7 == 0 ? ends[end] : "; ");
    assert_true(file_write(path, text.data, text.len, &err));
    assert_true(csv_read(text.data, text.len, ';', path, note_row, &whole, &err));
    assert_true(csv_read_file(path, note_row, &parts, &err));
    assert_true(whole.len > 200000);
    assert_string_equal(parts.data, whole.data);
    buf_free(&text);
    buf_free(&whole);
    buf_free(&parts);
  }
  unlink(path);
}

static void assert_file_refused(const char *text, size_t len, enum err_code code, int line, const char *words) {
  char path[] = "/tmp/anketa-csv-XXXXXX";
  struct err err = {0};
  struct buf out = {0};
  int file = mkstemp(path);
  assert_true(file >= 0);
  close(file);
  assert_true(file_write(path, text, len, &err));
  assert_false(csv_read_file(path, note_row, &out, &err));
  unlink(path);
  assert_int_equal(err.code, code);
  assert_int_equal(err.line, line);
  assert_string_equal(err.where, path);
  assert_non_null(strstr(err.text, words));
  buf_free(&out);
}

static void refuses_files(void **state) {
  (void)state;
  struct err err = {0};
  struct buf long_row = {0}, late = {0};
  assert_file_refused("a\n\"b\nc\n", 7, ERR_INPUT, 2, "quote");
  for (int i = 0; i < 20000; i++) buf_puts(&late, "abcdef\n");
  buf_puts(&late, "\xFF\n");
  assert_file_refused(late.data, late.len, ERR_INPUT, 20001, "UTF-8");
  buf_puts(&long_row, "a\n\"");
  memset(buf_reserve(&long_row, CSV_ROW_MAX + 1), 'x', CSV_ROW_MAX + 1);
  long_row.len += CSV_ROW_MAX + 1;
  for (size_t i = 4; i < long_row.len; i += 1000) long_row.data[i] = '\n';
  assert_file_refused(long_row.data, long_row.len, ERR_TOO_LARGE, 2, "bytes");
  for (size_t i = 4; i < long_row.len; i += 1000) long_row.data[i] = 'x';
  assert_file_refused(long_row.data, long_row.len, ERR_TOO_LARGE, 2, "bytes");
  assert_false(csv_read_file("/nowhere/a.csv", note_row, &late, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  buf_free(&late);
  buf_free(&long_row);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads), cmocka_unit_test(refuses), cmocka_unit_test(stops),
      cmocka_unit_test(guesses), cmocka_unit_test(writes), cmocka_unit_test(reads_files), cmocka_unit_test(refuses_files),
  };
  return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
