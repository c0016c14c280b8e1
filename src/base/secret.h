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

void secret_random(void *bytes, size_t len);

/* A number of that many random figures, at most 9, e.g. "004711". */
void secret_figures(int count, char *out);

/* Random small letters and figures that are hard to mistake for one another (31 of them). */
void secret_letters(size_t count, char *out);

/* A password's hash with its salt and parameters: Argon2id with 64 MiB in three passes, which RFC 9106 recommends where
 * memory is scarce. It takes a tenth of a second or two. One at a time in the whole program, whoever calls, so that many who
 * sign in at once take turns and never more than that memory. False when there is not even that much. */
#define SECRET_PASSWORD_LEN 127
bool secret_password_hash(const char *password, char out[SECRET_PASSWORD_LEN + 1]);

/* Whether it is the password of this hash; takes as long when it is not. */
bool secret_password_check(const char *hash, const char *password);

/* Equal, in time that depends on the lengths alone. */
bool secret_equal(const char *a, const char *b);

#endif
