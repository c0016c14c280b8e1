#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void empty(void **state) {
  (void)state;
  struct buf buf = {0};
  assert_string_equal(buf_text(&buf), "");
  buf_reset(&buf);
  buf_printf(&buf, "%s", "");
  assert_string_equal(buf_text(&buf), "");
  buf_add(&buf, NULL, 0);
  assert_int_equal(buf.len, 0);
  assert_non_null(buf.data);
  buf_free(&buf);
  buf_free(&buf);
  assert_null(buf.data);
}

static void grows(void **state) {
  (void)state;
  struct buf buf = {0};
  for (int i = 0; i < 5000; i++) {
    if (i % 3 == 0) buf_putc(&buf, 'a');
    if (i % 3 == 1) buf_puts(&buf, "bc");
    if (i % 3 == 2) buf_add(&buf, "def", 3);
    assert_int_equal(buf.data[buf.len], '\0');
    assert_true(buf.len < buf.cap);
  }
  assert_int_equal(buf.len, 9999); /* 1667 + 2 * 1667 + 3 * 1666 */
  assert_memory_equal(buf.data + 6000, "abcdefabc", 9);
  buf_free(&buf);
}

/* Around the size at which the text must move. */
static void printf_at_every_length(void **state) {
  (void)state;
  for (int before = 0; before < 130; before++) {
    for (int width = 1; width < 130; width += 3) {
      struct buf buf = {0};
      for (int i = 0; i < before; i++) buf_putc(&buf, '.');
      buf_printf(&buf, "%0*d", width, 7);
      assert_int_equal(buf.len, before + width);
      assert_int_equal(strlen(buf.data), before + width);
      assert_int_equal(buf.data[buf.len - 1], '7');
      buf_free(&buf);
    }
  }
}

static void bytes(void **state) {
  (void)state;
  struct buf buf = {0};
  buf_add(&buf, "a\0b", 3);
  assert_int_equal(buf.len, 3);
  assert_memory_equal(buf.data, "a\0b", 4);
  buf_free(&buf);
}

static void reserve(void **state) {
  (void)state;
  struct buf buf = {0};
  buf_puts(&buf, "ab");
  memcpy(buf_reserve(&buf, 1000), "cd", 3);
  buf.len += 2;
  buf_puts(&buf, "e");
  assert_string_equal(buf_text(&buf), "abcde");
  buf_reset(&buf);
  assert_string_equal(buf_text(&buf), "");
  assert_true(buf.cap > 1000);
  buf_free(&buf);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(empty), cmocka_unit_test(grows),   cmocka_unit_test(printf_at_every_length),
      cmocka_unit_test(bytes), cmocka_unit_test(reserve),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
