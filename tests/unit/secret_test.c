#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/secret.h"

static int start(void **state) {
  (void)state;
  return secret_start() ? 0 : 1;
}

static void tokens(void **state) {
  (void)state;
  char token[SECRET_TOKEN_LEN + 1], last[SECRET_TOKEN_LEN + 1] = "";
  for (int i = 0; i < 1000; i++) {
    secret_token(token);
    assert_int_equal(strlen(token), SECRET_TOKEN_LEN);
    assert_int_equal(strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), SECRET_TOKEN_LEN);
    assert_string_not_equal(token, last);
    memcpy(last, token, sizeof last);
  }
}

/* BLAKE2b-256 as Python's hashlib.blake2b(…, digest_size=32) has it. */
static void hashes(void **state) {
  (void)state;
  char hash[SECRET_HASH_LEN + 1];
  secret_hash("", 0, hash);
  assert_string_equal(hash, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  secret_hash("abc", 3, hash);
  assert_string_equal(hash, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static void keyed(void **state) {
  (void)state;
  char a[SECRET_HASH_LEN + 1], b[SECRET_HASH_LEN + 1], long_key[200];
  secret_keyed_hash("key", "text", a);
  assert_int_equal(strlen(a), SECRET_HASH_LEN);
  secret_keyed_hash("key", "text", b);
  assert_string_equal(a, b);
  secret_keyed_hash("kez", "text", b);
  assert_string_not_equal(a, b);
  secret_keyed_hash("key", "texu", b);
  assert_string_not_equal(a, b);
  /* All of a long key counts. */
  memset(long_key, 'k', sizeof long_key);
  long_key[199] = '\0';
  secret_keyed_hash(long_key, "text", a);
  long_key[198] = 'l';
  secret_keyed_hash(long_key, "text", b);
  assert_string_not_equal(a, b);
  secret_keyed_hash("", "", a);
  assert_int_equal(strlen(a), SECRET_HASH_LEN);
}

static void equal(void **state) {
  (void)state;
  assert_true(secret_equal("", ""));
  assert_true(secret_equal("abc", "abc"));
  assert_false(secret_equal("abc", "abd"));
  assert_false(secret_equal("abc", "ab"));
  assert_false(secret_equal("", "a"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tokens),
      cmocka_unit_test(hashes),
      cmocka_unit_test(keyed),
      cmocka_unit_test(equal),
  };
  return cmocka_run_group_tests(tests, start, NULL);
}
