/* UTF-8: what is found well-formed decodes to valid characters and encodes to the same bytes; cutting never makes it
 * ill-formed; what is found ill-formed is well-formed up to the place that is named and not one byte further. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static size_t encode(unsigned c, char out[4]) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  size_t len = 0;
  out[len++] = (char)((more == 1 ? 0xC0u : more == 2 ? 0xE0u : 0xF0u) | c >> (6 * more));
  while (more-- > 0) out[len++] = (char)(0x80u | (c >> (6 * more) & 0x3Fu));
  return len;
}

static void check_good(const char *text, size_t len) {
  size_t at = 0, count = 0;
  while (at < len) {
    char bytes[4];
    size_t start = at;
    unsigned c = utf8_next(text, len, &at);
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) abort();
    if (encode(c, bytes) != at - start || memcmp(bytes, text + start, at - start) != 0) abort();
    count++;
  }
  if (count != utf8_count(text, len)) abort();
  for (size_t max = 0; max <= len; max++) {
    size_t cut = utf8_cut(text, len, max);
    if (cut > max || max - cut > 3 || !utf8_check(text, cut, NULL)) abort();
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = malloc(size > 0 ? size : 1); /* of its own, so that reading past the end is seen */
  if (text == NULL) abort();
  if (size > 0) memcpy(text, data, size);
  size_t bad = size;
  if (utf8_check(text, size, &bad)) {
    check_good(text, size);
  } else {
    if (bad >= size || !utf8_check(text, bad, NULL)) abort();
    for (size_t more = 1; more <= 4 && bad + more <= size; more++) {
      if (utf8_check(text, bad + more, NULL)) abort();
    }
  }
  free(text);
  return 0;
}
