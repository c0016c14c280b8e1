#include "base/totp.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"

#define SECRET_BYTES 20
#define SHA1_BYTES 20
#define SHA1_BLOCK 64

/* ---- SHA-1 (FIPS 180-4) of messages of up to 2^29 bytes that are there as a whole */

static uint32_t rotate(uint32_t word, int bits) { return word << bits | word >> (32 - bits); }

static void sha1_block(uint32_t state[5], const uint8_t block[SHA1_BLOCK]) {
  uint32_t w[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
  for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  for (int i = 0; i < 80; i++) {
    uint32_t f, k;
    if (i < 20) f = (b & c) | (~b & d), k = 0x5A827999;
    else if (i < 40) f = b ^ c ^ d, k = 0x6ED9EBA1;
    else if (i < 60) f = (b & c) | (b & d) | (c & d), k = 0x8F1BBCDC;
    else f = b ^ c ^ d, k = 0xCA62C1D6;
    uint32_t next = rotate(a, 5) + f + e + k + w[i];
    e = d, d = c, c = rotate(b, 30), b = a, a = next;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

static void sha1(const uint8_t *bytes, size_t len, uint8_t out[SHA1_BYTES]) {
  uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  uint8_t tail[2 * SHA1_BLOCK] = {0};
  size_t rest = len % SHA1_BLOCK, tail_len = rest < SHA1_BLOCK - 8 ? SHA1_BLOCK : 2 * SHA1_BLOCK;
  for (size_t at = 0; at + SHA1_BLOCK <= len; at += SHA1_BLOCK) sha1_block(state, bytes + at);
  memcpy(tail, bytes + len - rest, rest);
  tail[rest] = 0x80;
  for (int i = 0; i < 4; i++) tail[tail_len - 1 - (size_t)i] = (uint8_t)(len << 3 >> (8 * i));
  for (size_t at = 0; at < tail_len; at += SHA1_BLOCK) sha1_block(state, tail + at);
  for (int i = 0; i < SHA1_BYTES; i++) out[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}

/* HMAC (RFC 2104) of eight bytes under a key that is shorter than a block. */
static void hmac(const uint8_t key[SECRET_BYTES], const uint8_t text[8], uint8_t out[SHA1_BYTES]) {
  uint8_t inner[SHA1_BLOCK + 8], outer[SHA1_BLOCK + SHA1_BYTES];
  memset(inner, 0x36, SHA1_BLOCK);
  memset(outer, 0x5C, SHA1_BLOCK);
  for (int i = 0; i < SECRET_BYTES; i++) {
    inner[i] ^= key[i];
    outer[i] ^= key[i];
  }
  memcpy(inner + SHA1_BLOCK, text, 8);
  sha1(inner, sizeof inner, outer + SHA1_BLOCK);
  sha1(outer, sizeof outer, out);
}

/* ---- base32 */

static const char figures32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void totp_new_secret(char out[TOTP_SECRET_LEN + 1]) {
  uint8_t bytes[TOTP_SECRET_LEN]; /* 5 bits of each */
  secret_random(bytes, sizeof bytes);
  for (int i = 0; i < TOTP_SECRET_LEN; i++) out[i] = figures32[bytes[i] & 31];
  out[TOTP_SECRET_LEN] = '\0';
}

static bool read_secret(const char *secret, uint8_t out[SECRET_BYTES]) {
  uint32_t bits = 0;
  int count = 0, at = 0;
  if (strlen(secret) != TOTP_SECRET_LEN) return false;
  for (const char *c = secret; *c != '\0'; c++) {
    const char *found = strchr(figures32, *c);
    if (found == NULL) return false;
    bits = bits << 5 | (uint32_t)(found - figures32);
    count += 5;
    if (count < 8) continue;
    count -= 8;
    out[at++] = (uint8_t)(bits >> count);
  }
  return true;
}

/* ---- codes */

bool totp_code(const char *secret, int64_t step, char out[TOTP_FIGURES + 1]) {
  uint8_t key[SECRET_BYTES], text[8], hash[SHA1_BYTES];
  if (!read_secret(secret, key)) return false;
  for (int i = 0; i < 8; i++) text[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
  hmac(key, text, hash);
  const uint8_t *at = hash + (hash[SHA1_BYTES - 1] & 15);
  uint32_t number = (uint32_t)(at[0] & 0x7F) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
  snprintf(out, TOTP_FIGURES + 1, "%06u", (unsigned)(number % 1000000));
  return true;
}

int64_t totp_find_step(const char *secret, const char *code, int64_t now_ms, int64_t last_step) {
  char right[TOTP_FIGURES + 1];
  int64_t now = now_ms / TOTP_STEP_MS, found = 0;
  for (int64_t step = now - 1; step <= now + 1; step++)
    if (totp_code(secret, step, right) && secret_equal(right, code) && step > last_step && found == 0) found = step;
  return found;
}
