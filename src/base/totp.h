/* Codes that a phone shows anew every half minute: RFC 6238 with HMAC-SHA-1, 30 seconds, six figures, as every such program
 * knows them. SHA-1 is enough for that, and libsodium has none, so it is here, for nothing else. */
#ifndef ANKETA_BASE_TOTP_H
#define ANKETA_BASE_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOTP_STEP_MS 30000
#define TOTP_FIGURES 6
#define TOTP_SECRET_LEN 32 /* 20 bytes in base32 */

/* A new secret in base32 (RFC 4648, capitals, no padding). */
void totp_new_secret(char out[TOTP_SECRET_LEN + 1]);

/* The code of a step (milliseconds since 1970 / TOTP_STEP_MS). False when the secret is not one of totp_new_secret's shape. */
bool totp_code(const char *secret, int64_t step, char out[TOTP_FIGURES + 1]);

/* The step near now_ms (itself, or one to either side) that is behind last_step and has this code; 0 when there is none. */
int64_t totp_find_step(const char *secret, const char *code, int64_t now_ms, int64_t last_step);

#endif
