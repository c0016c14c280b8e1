#include "base/percent.h"

#include <string.h>

#include "base/utf8.h"

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool percent_decode(char *text, size_t len, bool plus_is_space, struct err *err) {
  size_t to = 0;
  for (size_t from = 0; from < len; from++) {
    char c = text[from];
    if (c == '+' && plus_is_space) c = ' ';
    if (c == '%') {
      int high = len - from > 2 ? hex_digit(text[from + 1]) : -1;
      int low = high >= 0 ? hex_digit(text[from + 2]) : -1;
      if (low < 0) return err_set(err, ERR_INPUT, "bad escape: expected %% and two hexadecimal digits");
      c = (char)(high * 16 + low);
      from += 2;
    }
    text[to++] = c;
  }
  text[to] = '\0';
  if (!utf8_check(text, to, NULL)) return err_set(err, ERR_INPUT, "text that is not UTF-8 or has a NUL");
  return true;
}

void percent_write(struct buf *out, const char *text) {
  static const char digits[] = "0123456789ABCDEF";
  for (; *text != '\0'; text++) {
    unsigned char c = (unsigned char)*text;
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 strchr("-._~/", c) != NULL;
    if (plain) {
      buf_putc(out, (char)c);
    } else {
      char escape[3] = {'%', digits[c >> 4], digits[c & 15]};
      buf_add(out, escape, sizeof escape);
    }
  }
}
