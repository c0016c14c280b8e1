#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "form/findings.h"

static void expect_print(struct findings *findings, const char *expected) {
  struct buf out = {0};
  findings_print(findings, &out);
  assert_string_equal(buf_text(&out), expected);
  buf_free(&out);
  findings_free(findings);
}

static struct findings *findings_of(const char *source) {
  struct findings *findings = findings_new("x.yaml");
  findings_set_source(findings, source, strlen(source));
  return findings;
}

static void test_order_of_places(void **state) {
  (void)state;
  struct findings *findings = findings_of("one\ntwo three\n");
  findings_add(findings, 2, 5, 5, "K2", "%s", "third");
  findings_add(findings, 2, 1, 3, "K1", "second");
  findings_add(findings, 1, 1, 3, NULL, "first");
  assert_int_equal(findings_count(findings), 3);
  assert_null(findings_get(findings, 0)->question);
  assert_string_equal(findings_get(findings, 1)->question, "K1");
  assert_int_equal(findings_get(findings, 2)->column, 5);
  expect_print(findings,
               "x.yaml:1:1: error: first\none\n^~~\n"
               "x.yaml:2:1: error: second\ntwo three\n^~~\n"
               "x.yaml:2:5: error: third\ntwo three\n    ^~~~~\n");
}

static void test_same_twice_is_one(void **state) {
  (void)state;
  struct findings *findings = findings_of("one\n");
  findings_add(findings, 1, 1, 3, "K1", "wrong");
  findings_add(findings, 1, 1, 3, "K2", "wrong");
  findings_add(findings, 1, 1, 3, "K2", "also wrong");
  assert_int_equal(findings_count(findings), 2);
  findings_free(findings);
}

static void test_columns_are_characters(void **state) {
  (void)state;
  struct findings *findings = findings_of("\tkāpēc: ž\r\n");
  findings_add(findings, 1, 2, 5, NULL, "key");
  findings_add(findings, 1, 9, 1, NULL, "value");
  expect_print(findings,
               "x.yaml:1:2: error: key\n\tkāpēc: ž\n\t^~~~~\n"
               "x.yaml:1:9: error: value\n\tkāpēc: ž\n\t       ^\n");
}

static void test_places_outside_the_text(void **state) {
  (void)state;
  struct findings *findings = findings_of("one\n");
  findings_add(findings, 1, 99, 7, NULL, "past the line");
  findings_add(findings, 9, 1, 1, NULL, "past the text");
  expect_print(findings, "x.yaml:1:99: error: past the line\none\n   ^\nx.yaml:9:1: error: past the text\n");
}

static void test_underline_ends_with_the_line(void **state) {
  (void)state;
  struct findings *findings = findings_of("one two");
  findings_add(findings, 1, 5, 50, NULL, "long");
  expect_print(findings, "x.yaml:1:5: error: long\none two\n    ^~~\n");
}

static void test_long_line_is_cut_around_the_place(void **state) {
  (void)state;
  struct buf source = {0}, out = {0};
  for (int i = 0; i < 300; i++) buf_puts(&source, "ā");
  buf_puts(&source, "HERE");
  for (int i = 0; i < 300; i++) buf_puts(&source, "č");
  struct findings *findings = findings_of(buf_text(&source));
  findings_add(findings, 1, 301, 4, NULL, "wrong");
  findings_print(findings, &out);
  const char *quote = strchr(buf_text(&out), '\n') + 1;
  assert_int_equal(strncmp(quote, "…ā", strlen("…ā")), 0);
  assert_non_null(strstr(quote, "āHEREč"));
  assert_non_null(strstr(quote, "č…\n"));
  const char *caret = strchr(quote, '\n') + 1;
  assert_int_equal(strspn(caret, " "), 61); /* the ellipsis and sixty characters */
  assert_string_equal(caret + 61, "^~~~\n");
  buf_free(&source);
  buf_free(&out);
  findings_free(findings);
}

static void test_bad_utf8_is_one_character_a_byte(void **state) {
  (void)state;
  struct findings *findings = findings_new("x.yaml");
  findings_set_source(findings, "a\xFF\xFE z", 5);
  findings_add(findings, 1, 5, 1, NULL, "here");
  expect_print(findings, "x.yaml:1:5: error: here\na\xEF\xBF\xBD\xEF\xBF\xBD z\n    ^\n");
}

static void test_byte_order_mark_has_no_column(void **state) {
  (void)state;
  struct findings *findings = findings_of("\xEF\xBB\xBFone\n");
  findings_add(findings, 1, 1, 3, NULL, "here");
  expect_print(findings, "x.yaml:1:1: error: here\none\n^~~\n");
}

static void test_control_characters_do_not_reach_the_terminal(void **state) {
  (void)state;
  struct findings *findings = findings_of("a\x1B[31mb\n");
  findings_add(findings, 1, 1, 1, NULL, "said \"%s\"", "x\x1B]0;y\a\xC2\x9B");
  expect_print(findings, "x.yaml:1:1: error: said \"x ]0;y   \"\na [31mb\n^\n");
}

static void test_more_than_are_kept(void **state) {
  (void)state;
  struct findings *findings = findings_of("one\n");
  for (int i = 0; i < FINDINGS_MAX + 3; i++) findings_add(findings, 1, 1, 1, NULL, "wrong %d", i);
  assert_int_equal(findings_count(findings), FINDINGS_MAX);
  assert_int_equal(findings_dropped(findings), 3);
  struct buf out = {0};
  findings_print(findings, &out);
  assert_non_null(strstr(buf_text(&out), "x.yaml: and 3 more\n"));
  buf_free(&out);
  findings_free(findings);
}

static void test_nothing_found_prints_nothing(void **state) {
  (void)state;
  expect_print(findings_of("one\n"), "");
  findings_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_order_of_places),
      cmocka_unit_test(test_same_twice_is_one),
      cmocka_unit_test(test_columns_are_characters),
      cmocka_unit_test(test_places_outside_the_text),
      cmocka_unit_test(test_underline_ends_with_the_line),
      cmocka_unit_test(test_long_line_is_cut_around_the_place),
      cmocka_unit_test(test_bad_utf8_is_one_character_a_byte),
      cmocka_unit_test(test_byte_order_mark_has_no_column),
      cmocka_unit_test(test_control_characters_do_not_reach_the_terminal),
      cmocka_unit_test(test_more_than_are_kept),
      cmocka_unit_test(test_nothing_found_prints_nothing),
  };
  return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
