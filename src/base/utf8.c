#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* Bytes of the well-formed character at text (Unicode table 3-7), 0 when it is not well-formed. */
static size_t character_len(const unsigned char *text, size_t len) {
  unsigned char lead = text[0];
  unsigned char low = 0x80, high = 0xBF; /* bounds of the second byte */
  size_t need;
  if (lead < 0x80) return lead != 0 ? 1 : 0;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  if (lead < 0xE0) need = 2;
  else if (lead < 0xF0) need = 3;
  else need = 4;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  if (len < need || text[1] < low || text[1] > high) return 0;
  for (size_t i = 2; i < need; i++) {
    if ((text[i] & 0xC0) != 0x80) return 0;
  }
  return need;
}

/* Eight bytes, none of them NUL and none above 0x7F. */
static bool plain_word(const unsigned char *text) {
  uint64_t word;
  memcpy(&word, text, sizeof word);
  uint64_t high = word & UINT64_C(0x8080808080808080);
  uint64_t zero = (word - UINT64_C(0x0101010101010101)) & ~word & UINT64_C(0x8080808080808080);
  return high == 0 && zero == 0;
}

bool utf8_check(const char *text, size_t len, size_t *bad) {
  const unsigned char *bytes = (const unsigned char *)text;
  size_t at = 0;
  while (at < len) {
    if (len - at >= 8 && plain_word(bytes + at)) {
      at += 8;
      continue;
    }
    size_t step = character_len(bytes + at, len - at);
    if (step == 0) {
      if (bad != NULL) *bad = at;
      return false;
    }
    at += step;
  }
  return true;
}

size_t utf8_count(const char *text, size_t len) {
  size_t count = 0;
  for (size_t i = 0; i < len; i++) {
    if (((unsigned char)text[i] & 0xC0) != 0x80) count++;
  }
  return count;
}

size_t utf8_cut(const char *text, size_t len, size_t max) {
  if (len <= max) return len;
  size_t cut = max;
  while (cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80) cut--;
  return cut;
}

unsigned utf8_next(const char *text, size_t len, size_t *at) {
  const unsigned char *bytes = (const unsigned char *)text;
  unsigned lead = bytes[(*at)++];
  if (lead < 0xC0) return lead;
  int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  unsigned character = lead & (0x3Fu >> more);
  while (more-- > 0 && *at < len) character = character << 6 | (bytes[(*at)++] & 0x3Fu);
  return character;
}
