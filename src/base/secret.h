/* Randomness, hashes and comparisons that must not leak (libsodium). */
#ifndef ANKETA_BASE_SECRET_H
#define ANKETA_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#define SECRET_TOKEN_LEN 43 /* 32 random bytes in URL-safe base64 without padding */
#define SECRET_HASH_LEN 64  /* BLAKE2b-256 in hex */

/* Once at start; false when the machine has no randomness. */
bool secret_start(void);

/* A new token, NUL-terminated. */
void secret_token(char out[SECRET_TOKEN_LEN + 1]);

/* Hex hash of text; what the database keeps in place of a token, and the content hash of a questionnaire. */
void secret_hash(const void *bytes, size_t len, char out[SECRET_HASH_LEN + 1]);

/* Hash of text under a key (both texts), e.g. a CSRF token derived from a session token. */
void secret_keyed_hash(const char *key, const char *text, char out[SECRET_HASH_LEN + 1]);

/* Equal, in time that depends on the lengths alone. */
bool secret_equal(const char *a, const char *b);

#endif
