#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <math.h>

#include "base/json.h"

static void strings(void **state) {
  (void)state;
  struct buf out = {0};
  buf_json_string(&out, "");
  buf_json_string(&out, "ā \"x\" \\ \n\r\t\x01\x1F\x7F/");
  buf_json_string(&out, NULL);
  assert_string_equal(buf_text(&out), "\"\"\"ā \\\"x\\\" \\\\ \\n\\r\\t\\u0001\\u001f\x7F/\"null");
  buf_free(&out);
}

static void numbers(void **state) {
  (void)state;
  static const double figures[] = {0, -0.0, 47, -1.5, 0.30000000000000004, 1e300, 1.5e-200, NAN, INFINITY};
  struct buf out = {0};
  for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
    buf_json_number(&out, figures[i]);
    buf_putc(&out, ' ');
  }
  buf_json_bool(&out, true);
  buf_json_bool(&out, false);
  assert_string_equal(buf_text(&out), "0 0 47 -1.5 0.30000000000000004 1e+300 1.5e-200 null null truefalse");
  buf_free(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(strings), cmocka_unit_test(numbers)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
