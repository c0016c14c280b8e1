#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "survey/text.h"

static void a_line_is_trimmed(void **state) {
  struct arena *arena = arena_new();
  (void)state;
  assert_string_equal(text_line(" \t Anna  Bērziņa\r\n", 20, arena), "Anna  Bērziņa");
  assert_string_equal(text_line(" \n ", 20, arena), "");
  assert_string_equal(text_line("āčē", 3, arena), "āčē");
  assert_null(text_line("āčēģ", 3, arena));
  assert_null(text_line("a\nb", 20, arena));
  assert_null(text_line("a\tb", 20, arena));
  assert_null(text_line("a\x7F" "b", 20, arena));
  assert_null(text_line("a\xFF" "b", 20, arena));
  assert_null(text_line("\xEF\xBB\xBF" "A", 20, arena)); /* a byte order mark */
  assert_null(text_line("\xD8\x9C" "A", 20, arena));     /* the Arabic letter mark */
  assert_null(text_line("Ann" "\xC2\xAD", 20, arena));   /* a soft hyphen */
  assert_string_equal(text_line("\xC2\xA0", 20, arena), "");        /* nothing but a space that is none */
  assert_string_equal(text_line("\xCC\x81", 20, arena), "");        /* an accent alone */
  assert_string_equal(text_line("A\xCC\x81", 20, arena), "A\xCC\x81");
  assert_null(text_line("a\xE2\x80\xAE" "b", 20, arena)); /* what turns the direction of writing */
  arena_free(arena);
}

static void lines_keep_their_ends(void **state) {
  struct arena *arena = arena_new();
  (void)state;
  assert_string_equal(text_lines("\r\n pirmā\r\notrā\rtrešā \n", 99, arena), "pirmā\notrā\ntrešā");
  assert_string_equal(text_lines("a\vb\x01" "c\xC2\x85" "d", 99, arena), "a\nbcd");
  assert_string_equal(text_lines(" \r\n\t", 99, arena), "");
  assert_string_equal(text_lines("  ab  ", 2, arena), "ab"); /* what is counted is what is kept */
  assert_null(text_lines("abc", 2, arena));
  assert_null(text_lines("a\xC3", 99, arena));
  arena_free(arena);
}

static void good_text_is_not_copied(void **state) {
  struct arena *arena = arena_new();
  const char *good = "rinda\r\n\trinda", *cut = "a\xC2";
  (void)state;
  assert_ptr_equal(text_without_controls(good, arena), good);
  assert_ptr_equal(text_without_controls(cut, arena), cut);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_line_is_trimmed),
      cmocka_unit_test(lines_keep_their_ends),
      cmocka_unit_test(good_text_is_not_copied),
  };
  return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
