#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "form/unquote.h"

typedef const char *unquoting(struct arena *arena, const char *source, size_t len, size_t *out_len);

static void expect(unquoting *unquote, const char *source, const char *expected) {
  struct arena *arena = arena_new();
  size_t len = strlen(source), got_len;
  char *exact = malloc(len > 0 ? len : 1); /* so that reading on is seen */
  memcpy(exact, source, len);
  const char *got = unquote(arena, exact, len, &got_len);
  assert_string_equal(got, expected);
  assert_int_equal(got_len, strlen(expected));
  free(exact);
  arena_free(arena);
}

static void test_single(void **state) {
  (void)state;
  expect(unquote_single, "", "");
  expect(unquote_single, "K1 = 1", "K1 = 1");
  expect(unquote_single, "it''s", "it's");
  expect(unquote_single, "''''''''", "''''");
  expect(unquote_single, "x''''z", "x''z");
  expect(unquote_single, "a\\n\"b\"", "a\\n\"b\"");
  expect(unquote_single, " a  b ", " a  b ");
}

static void test_folding(void **state) {
  (void)state;
  expect(unquote_single, "a\n  b", "a b");
  expect(unquote_single, "a  \r\n  b", "a b");
  expect(unquote_single, "a\n\n  b", "a\nb");
  expect(unquote_single, "a \n \n\n  b", "a\n\nb");
  expect(unquote_single, "\n  a\n  ", " a ");
  expect(unquote_double, "a\n  b\n\n  c", "a b\nc");
}

static void test_escapes(void **state) {
  (void)state;
  expect(unquote_double, "\\\"\\\\\\/\\ \\t\\n", "\"\\/ \t\n");
  expect(unquote_double, "\\x41\\u0101\\u2013\\U0001F600", "Aā–😀");
  expect(unquote_double, "\\N\\_\\L\\P", "\xC2\x85\xC2\xA0\xE2\x80\xA8\xE2\x80\xA9");
  expect(unquote_double, "\\L\\L\\L\\L", "\xE2\x80\xA8\xE2\x80\xA8\xE2\x80\xA8\xE2\x80\xA8");
  expect(unquote_double, "\\uD800\\U00110000", "\xEF\xBF\xBD\xEF\xBF\xBD");
  expect(unquote_double, "a ''b''", "a ''b''");
}

static void test_escaped_line_ends(void **state) {
  (void)state;
  expect(unquote_double, "a\\\n  b", "ab");
  expect(unquote_double, "a \\\n  b", "a b");
  expect(unquote_double, "a\\\n  \\ b", "a b");
  expect(unquote_double, "a\\\n\n  b", "a\nb");
  expect(unquote_double, "a\\\\\\\n  b", "a\\b");
}

/* libfyaml would have refused these; nothing may be read beyond the end. */
static void test_broken_escapes(void **state) {
  (void)state;
  expect(unquote_double, "a\\", "a\\");
  expect(unquote_double, "a\\u01", "a\x01");
  expect(unquote_single, "a'", "a'");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_single),
      cmocka_unit_test(test_folding),
      cmocka_unit_test(test_escapes),
      cmocka_unit_test(test_escaped_line_ends),
      cmocka_unit_test(test_broken_escapes),
  };
  return cmocka_run_group_tests_name("unquote", tests, NULL, NULL);
}
