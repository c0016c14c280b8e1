#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "paper/manuscript.h"

static void cleans_what_people_wrote(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"vārds", "vārds"},
      {"", ""},
      {"a\r\nb\rc\nd", "a\nb\nc\nd"},
      {"a\xC2\x85" "b\u2028c\u2029d", "a\nb\nc\nd"},
      {"a\tb", "a b"},
      {"\x01\x05\x0E\x13", "\uFFFD\uFFFD\uFFFD\uFFFD"}, /* the manuscript's own codes */
      {"\x7F\xC2\x80\xC2\x9F", "\uFFFD\uFFFD\uFFFD"},
      {"\xEF\xBF\xBE \xEF\xB7\x90", "\uFFFD \uFFFD"}, /* U+FFFE, U+FDD0 */
      {"e\u0301\u0302\u0303\u0304\u0305\u0306", "e\u0301\u0302\u0303\u0304\u0305\u0306"},
      {"e\u0301\u0302\u0303\u0304\u0305\u0306\u0307", "e\u0301\u0302\u0303\u0304\u0305\u0306\u25CC\u0307"},
      {"😀\u200D", "😀\u200D"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct buf out = {0};
    manuscript_clean(cases[i][0], &out);
    assert_string_equal(buf_text(&out), cases[i][1]);
    buf_free(&out);
  }
}

static int write_small(void) {
  static const struct manuscript_column columns[] = {{ALIGN_LEFT, 1}, {ALIGN_RIGHT, 3}};
  static const char *const cells[] = {"a", ""};
  struct manuscript_about about = {"t", "a", "lv", "", "", "", "", " no ", ""};
  struct err err = {0};
  struct manuscript *manuscript = manuscript_new(&err);
  assert_non_null(manuscript);
  manuscript_start(manuscript, &about);
  manuscript_heading(manuscript, 2, "Virsraksts");
  manuscript_table(manuscript, true, columns, 2, NULL);
  manuscript_row(manuscript, cells, 2);
  manuscript_end_table(manuscript);
  int file = manuscript_finish(manuscript, &err);
  assert_true(file >= 0);
  return file;
}

static void reads_what_was_written_twice(void **state) {
  (void)state;
  struct err err = {0};
  struct block block;
  int file = write_small();
  struct manuscript_reader *reader = manuscript_open(file, &err);
  for (int pass = 0; pass < 2; pass++) {
    assert_true(manuscript_next(reader, &block, &err));
    assert_int_equal(block.kind, BLOCK_START);
    assert_int_equal(block.text_count, MANUSCRIPT_ABOUT_TEXTS);
    assert_string_equal(block.texts[7], " no ");
    assert_true(manuscript_next(reader, &block, &err));
    assert_int_equal(block.values[0], 2);
    assert_string_equal(block.texts[0], "Virsraksts");
    assert_true(manuscript_next(reader, &block, &err));
    assert_int_equal(block.value_count, 5);
    assert_int_equal(block.values[3], ALIGN_RIGHT);
    assert_int_equal(block.text_count, 0);
    assert_true(manuscript_next(reader, &block, &err));
    assert_string_equal(block.texts[1], "");
    assert_true(manuscript_next(reader, &block, &err));
    assert_false(manuscript_next(reader, &block, &err));
    assert_int_equal(err.code, ERR_NONE);
    assert_true(manuscript_rewind(reader, &err));
  }
  manuscript_close(reader);
  close(file);
}

/* Cut anywhere, or with any byte changed, it is read or refused. */
static void refuses_what_is_none(void **state) {
  (void)state;
  struct block block;
  int file = write_small();
  char bytes[512];
  ssize_t len = pread(file, bytes, sizeof bytes, 0);
  assert_true(len > 100 && len < (ssize_t)sizeof bytes);
  for (ssize_t at = 0; at < 2 * len; at++) {
    struct err err = {0};
    char changed[sizeof bytes];
    memcpy(changed, bytes, sizeof bytes);
    size_t kept = (size_t)(at < len ? at : len);
    if (at >= len) changed[at - len] = (char)(changed[at - len] ^ 0xA5);
    assert_int_equal(ftruncate(file, 0), 0);
    assert_int_equal(pwrite(file, changed, kept, 0), kept);
    assert_int_equal(lseek(file, 0, SEEK_SET), 0);
    struct manuscript_reader *reader = manuscript_open(file, &err);
    while (manuscript_next(reader, &block, &err)) continue;
    manuscript_close(reader);
    assert_true(err.code == ERR_NONE || err.code == ERR_INPUT);
  }
  close(file);
}

static void a_folder_that_is_not_there_is_told(void **state) {
  (void)state;
  struct err err = {0};
  const char *old = getenv("TMPDIR");
  char *copy = old != NULL ? strdup(old) : NULL;
  setenv("TMPDIR", "/nowhere/at/all", 1);
  assert_null(manuscript_new(&err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  if (copy != NULL) setenv("TMPDIR", copy, 1);
  else unsetenv("TMPDIR");
  free(copy);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cleans_what_people_wrote),
      cmocka_unit_test(reads_what_was_written_twice),
      cmocka_unit_test(refuses_what_is_none),
      cmocka_unit_test(a_folder_that_is_not_there_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
