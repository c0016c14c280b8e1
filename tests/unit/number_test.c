#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <math.h>

#include "base/number.h"

static void check(double number, const char *expected) {
  struct buf out = {0};
  number_write(number, &out);
  assert_string_equal(buf_text(&out), expected);
  buf_free(&out);
}

static void shortest(void **state) {
  (void)state;
  check(0, "0");
  check(-0.0, "0");
  check(47, "47");
  check(-1234.5, "-1234.5");
  check(0.1, "0.1");
  check(0.1 + 0.2, "0.30000000000000004");
  check(-0.001, "-0.001");
  check(1e-9, "0.000000001");
  check(999999999999999, "999999999999999");
  check(1e15, "1000000000000000");
  check(1e21, "1000000000000000000000");
  check(123456789.125, "123456789.125");
  check(INFINITY, "");
  check(NAN, "");
}

static void same_when_read(void **state) {
  (void)state;
  uint64_t seed = 42;
  for (int i = 0; i < 20000; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    double number = ldexp((double)(int64_t)seed, (int)(seed % 160) - 140);
    struct buf out = {0};
    number_write(number, &out);
    if (strtod(buf_text(&out), NULL) != number) fail_msg("%.17g became %s", number, buf_text(&out));
    buf_free(&out);
  }
}

static void fewer_digits(void **state) {
  (void)state;
  struct buf out = {0};
  number_write_digits(0.1 + 0.2, 15, &out);
  buf_putc(&out, ' ');
  number_write_digits(99.96, 3, &out);
  buf_putc(&out, ' ');
  number_write_digits(-1234567, 2, &out);
  assert_string_equal(buf_text(&out), "0.3 100 -1200000");
  buf_free(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(shortest), cmocka_unit_test(same_when_read),
                                     cmocka_unit_test(fewer_digits)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
