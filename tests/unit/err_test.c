#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/utf8.h"

static void first_wins(void **state) {
  (void)state;
  struct err err = {0};
  assert_false(err_set_at(&err, ERR_INPUT, "form.yaml", 3, 7, "no %s", "id"));
  assert_false(err_set(&err, ERR_SYSTEM, "later"));
  assert_int_equal(err.code, ERR_INPUT);
  assert_int_equal(err.line, 3);
  assert_int_equal(err.column, 7);
  assert_string_equal(err.where, "form.yaml");
  assert_string_equal(err.text, "no id");
}

static void nobody_listens(void **state) {
  (void)state;
  assert_false(err_set(NULL, ERR_INPUT, "%d", 1));
  assert_false(err_set_at(NULL, ERR_INPUT, "x", 1, 1, "%d", 1));
}

static void no_place(void **state) {
  (void)state;
  struct err err = {0};
  err_set(&err, ERR_DENIED, "no");
  assert_int_equal(err.line, 0);
  assert_string_equal(err.where, "");
  struct err nowhere = {0};
  err_set_at(&nowhere, ERR_INPUT, NULL, 1, 2, "no");
  assert_string_equal(nowhere.where, "");
}

/* Characters of one to four bytes at every distance from the end of the field: never half a character. */
static void cut_at_a_character(void **state) {
  (void)state;
  static const char *const characters[] = {"a", "ā", "€", "😀"};
  char text[700];
  for (size_t c = 0; c < 4; c++) {
    size_t width = strlen(characters[c]);
    for (size_t shift = 0; shift < 4; shift++) {
      size_t len = 0;
      while (len < shift) text[len++] = 'x';
      while (len + width < sizeof text) {
        memcpy(text + len, characters[c], width);
        len += width;
      }
      text[len] = '\0';
      struct err err = {0};
      err_set_at(&err, ERR_INPUT, text, 1, 1, "%s", text);
      size_t cut = utf8_cut(text, len, sizeof err.text - 1);
      assert_int_equal(strlen(err.text), cut);
      assert_memory_equal(err.text, text, cut);
      assert_int_equal(strlen(err.where), utf8_cut(text, len, sizeof err.where - 1));
    }
  }
}

/* A text that just fits is not touched, even when what it ends with is not well-formed. */
static void fits(void **state) {
  (void)state;
  char text[512];
  memset(text, 'x', sizeof text);
  text[511] = '\0';
  struct err err = {0};
  err_set(&err, ERR_INPUT, "%s", text);
  assert_string_equal(err.text, text);
}

static void exit_codes(void **state) {
  (void)state;
  static const struct {
    enum err_code code;
    int exit_code;
  } codes[] = {{ERR_NONE, 0},      {ERR_INPUT, 1},  {ERR_USAGE, 2},  {ERR_SYSTEM, 3},   {ERR_FULL, 3},
               {ERR_NOT_FOUND, 1}, {ERR_DENIED, 1}, {ERR_LOCKED, 1}, {ERR_CONFLICT, 1}, {ERR_TOO_LARGE, 1},
               {ERR_NEWER, 3}};
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    struct err err = {.code = codes[i].code};
    assert_int_equal(err_exit_code(&err), codes[i].exit_code);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(first_wins),         cmocka_unit_test(nobody_listens), cmocka_unit_test(no_place),
      cmocka_unit_test(cut_at_a_character), cmocka_unit_test(fits),           cmocka_unit_test(exit_codes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
