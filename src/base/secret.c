#include "base/secret.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define HASH_BYTES 32
#define PASSWORD_PASSES 3
#define PASSWORD_MEMORY ((size_t)64 << 20)

_Static_assert(SECRET_PASSWORD_LEN + 1 == crypto_pwhash_STRBYTES, "room for a password's hash");

static pthread_mutex_t password_turn = PTHREAD_MUTEX_INITIALIZER;

bool secret_start(void) { return sodium_init() >= 0; }

void secret_token(char out[SECRET_TOKEN_LEN + 1]) {
  unsigned char random[32];
  randombytes_buf(random, sizeof random);
  sodium_bin2base64(out, SECRET_TOKEN_LEN + 1, random, sizeof random, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  sodium_memzero(random, sizeof random);
}

void secret_hash(const void *bytes, size_t len, char out[SECRET_HASH_LEN + 1]) {
  unsigned char hash[HASH_BYTES];
  crypto_generichash(hash, sizeof hash, bytes, len, NULL, 0);
  sodium_bin2hex(out, SECRET_HASH_LEN + 1, hash, sizeof hash);
}

void secret_keyed_hash(const char *key, const char *text, char out[SECRET_HASH_LEN + 1]) {
  /* The key is hashed first, since BLAKE2b takes 64 bytes of key at most. */
  unsigned char short_key[HASH_BYTES], hash[HASH_BYTES];
  crypto_generichash(short_key, sizeof short_key, (const unsigned char *)key, strlen(key), NULL, 0);
  crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text), short_key, sizeof short_key);
  sodium_bin2hex(out, SECRET_HASH_LEN + 1, hash, sizeof hash);
  sodium_memzero(short_key, sizeof short_key);
}

void secret_random(void *bytes, size_t len) { randombytes_buf(bytes, len); }

void secret_figures(int count, char *out) {
  for (int i = 0; i < count; i++) out[i] = (char)('0' + randombytes_uniform(10));
  out[count] = '\0';
}

void secret_letters(size_t count, char *out) {
  static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* no i, l, o, 0, 1 */
  for (size_t i = 0; i < count; i++) out[i] = letters[randombytes_uniform(sizeof letters - 1)];
  out[count] = '\0';
}

bool secret_password_hash(const char *password, char out[SECRET_PASSWORD_LEN + 1]) {
  pthread_mutex_lock(&password_turn);
  int code = crypto_pwhash_str_alg(out, password, strlen(password), PASSWORD_PASSES, PASSWORD_MEMORY,
                                   crypto_pwhash_ALG_ARGON2ID13);
  pthread_mutex_unlock(&password_turn);
  return code == 0;
}

bool secret_password_check(const char *hash, const char *password) {
  char padded[crypto_pwhash_STRBYTES] = {0}; /* the library compares all of it */
  snprintf(padded, sizeof padded, "%s", hash);
  pthread_mutex_lock(&password_turn);
  int code = crypto_pwhash_str_verify(padded, password, strlen(password));
  pthread_mutex_unlock(&password_turn);
  return code == 0;
}

bool secret_equal(const char *a, const char *b) {
  size_t len = strlen(a);
  return strlen(b) == len && sodium_memcmp(a, b, len) == 0;
}
