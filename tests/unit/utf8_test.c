#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

struct sample {
  const char *text;
  size_t len;
  int bad; /* offset of the first wrong byte, -1: well-formed */
};
#define SAMPLE(text, bad) {text, sizeof text - 1, bad}

/* The bounds are those of table 3-7 of the Unicode standard. */
static void checks(void **state) {
  (void)state;
  static const struct sample samples[] = {
      SAMPLE("", -1), SAMPLE("abc", -1), SAMPLE("Pārbaudīt un saglabāt", -1), SAMPLE("€😀", -1), SAMPLE("\x7F", -1),
      SAMPLE("\xC2\x80", -1), SAMPLE("\xDF\xBF", -1), SAMPLE("\xE0\xA0\x80", -1), SAMPLE("\xED\x9F\xBF", -1),
      SAMPLE("\xEE\x80\x80", -1), SAMPLE("\xEF\xBF\xBF", -1), SAMPLE("\xF0\x90\x80\x80", -1),
      SAMPLE("\xF4\x8F\xBF\xBF", -1),
      SAMPLE("\0", 0), SAMPLE("abcdefgh\0", 8), SAMPLE("abcdefg\0abc", 7), SAMPLE("ab\x80", 2), SAMPLE("\xBF", 0),
      SAMPLE("\xC0\x80", 0), SAMPLE("\xC1\xBF", 0), SAMPLE("\xE0\x9F\xBF", 0), SAMPLE("\xED\xA0\x80", 0),
      SAMPLE("\xED\xBF\xBF", 0), SAMPLE("\xF0\x8F\xBF\xBF", 0), SAMPLE("\xF4\x90\x80\x80", 0),
      SAMPLE("\xF5\x80\x80\x80", 0), SAMPLE("\xFF", 0), SAMPLE("a\xC4", 1), SAMPLE("a\xE2\x82", 1),
      SAMPLE("a\xF0\x9F\x98", 1), SAMPLE("\xC4\x41", 0), SAMPLE("\xE2\x82\x41", 0), SAMPLE("\xF0\x9F\x41\x80", 0),
      SAMPLE("abcdefgh\xC4\x81" "abcdefgh\xC4", 18),
  };
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
    size_t bad = 12345;
    bool good = utf8_check(samples[i].text, samples[i].len, &bad);
    if (good != (samples[i].bad < 0)) fail_msg("sample %zu", i);
    if (!good) assert_int_equal(bad, samples[i].bad);
    assert_int_equal(utf8_check(samples[i].text, samples[i].len, NULL), good);
  }
}

static void counts(void **state) {
  (void)state;
  assert_int_equal(utf8_count("", 0), 0);
  assert_int_equal(utf8_count("aā€😀", 10), 4);
}

static void cuts(void **state) {
  (void)state;
  static const size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (size_t max = 0; max < 12; max++) assert_int_equal(utf8_cut("aā€😀", 10, max), expected[max]);
}

/* Every code point, there and back. */
static void decodes_all(void **state) {
  (void)state;
  for (unsigned c = 1; c <= 0x10FFFF; c++) {
    char text[4];
    size_t len = 0, at = 0;
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    if (c < 0x80) {
      text[len++] = (char)c;
    } else {
      int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
      text[len++] = (char)((more == 1 ? 0xC0u : more == 2 ? 0xE0u : 0xF0u) | c >> (6 * more));
      while (more-- > 0) text[len++] = (char)(0x80u | (c >> (6 * more) & 0x3Fu));
    }
    if (!utf8_check(text, len, NULL) || utf8_next(text, len, &at) != c || at != len) fail_msg("U+%04X", c);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(checks),
      cmocka_unit_test(counts),
      cmocka_unit_test(cuts),
      cmocka_unit_test(decodes_all),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
