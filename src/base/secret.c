#include "base/secret.h"

#include <sodium.h>
#include <string.h>

#define HASH_BYTES 32

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

bool secret_equal(const char *a, const char *b) {
  size_t len = strlen(a);
  return strlen(b) == len && sodium_memcmp(a, b, len) == 0;
}
