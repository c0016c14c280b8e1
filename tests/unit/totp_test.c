#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/secret.h"
#include "base/totp.h"

/* "12345678901234567890" of RFC 6238, in base32. */
static const char rfc_secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

static int start(void **state) {
  (void)state;
  return secret_start() ? 0 : 1;
}

/* RFC 6238, appendix B, SHA-1; of its eight figures the last six. */
static void codes_of_the_rfc(void **state) {
  static const struct {
    int64_t seconds;
    const char *code;
  } cases[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
               {1234567890, "005924"}, {2000000000, "279037"}, {INT64_C(20000000000), "353130"}};
  char code[TOTP_FIGURES + 1];
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_true(totp_code(rfc_secret, cases[i].seconds / 30, code));
    assert_string_equal(code, cases[i].code);
  }
}

static void secrets_have_one_shape(void **state) {
  char one[TOTP_SECRET_LEN + 1], two[TOTP_SECRET_LEN + 1], code[TOTP_FIGURES + 1];
  (void)state;
  totp_new_secret(one);
  totp_new_secret(two);
  assert_int_equal(strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), TOTP_SECRET_LEN);
  assert_string_not_equal(one, two);
  assert_true(totp_code(one, 1, code));
  assert_false(totp_code("", 1, code));
  assert_false(totp_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", 1, code));
  assert_false(totp_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ", 1, code));
}

static void a_step_to_either_side_counts(void **state) {
  char code[TOTP_FIGURES + 1];
  const int64_t step = 1000, now_ms = step * TOTP_STEP_MS + 29999;
  (void)state;
  for (int64_t at = step - 2; at <= step + 2; at++) {
    assert_true(totp_code(rfc_secret, at, code));
    assert_int_equal(totp_find_step(rfc_secret, code, now_ms, 0), at >= step - 1 && at <= step + 1 ? at : 0);
  }
}

static void a_code_counts_once(void **state) {
  char code[TOTP_FIGURES + 1], next[TOTP_FIGURES + 1];
  const int64_t step = 1000, now_ms = step * TOTP_STEP_MS;
  (void)state;
  assert_true(totp_code(rfc_secret, step, code));
  assert_true(totp_code(rfc_secret, step + 1, next));
  assert_int_equal(totp_find_step(rfc_secret, code, now_ms, step), 0);
  assert_int_equal(totp_find_step(rfc_secret, code, now_ms, step - 1), step);
  assert_int_equal(totp_find_step(rfc_secret, next, now_ms, step), step + 1);
  assert_int_equal(totp_find_step(rfc_secret, code, now_ms, step + 1), 0); /* nor an earlier one afterwards */
  assert_int_equal(totp_find_step(rfc_secret, "", now_ms, 0), 0);
}

static void passwords_are_hashed(void **state) {
  char one[SECRET_PASSWORD_LEN + 1], two[SECRET_PASSWORD_LEN + 1];
  (void)state;
  assert_true(secret_password_hash("garā pīle lido", one));
  assert_true(secret_password_hash("garā pīle lido", two));
  assert_string_not_equal(one, two);
  assert_memory_equal(one, "$argon2id$v=19$m=65536,t=3,p=1$", 31);
  assert_true(secret_password_check(one, "garā pīle lido"));
  assert_false(secret_password_check(one, "garā pīle lido "));
  assert_false(secret_password_check("", ""));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(codes_of_the_rfc),    cmocka_unit_test(secrets_have_one_shape), cmocka_unit_test(a_step_to_either_side_counts),
      cmocka_unit_test(a_code_counts_once), cmocka_unit_test(passwords_are_hashed),
  };
  return cmocka_run_group_tests_name("totp", tests, start, NULL);
}
