#include "web/urlencoded.h"

#include <string.h>

#include "base/utf8.h"

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* Decodes len bytes in place, ends them with a NUL and checks what they have become. */
static bool decode(char *text, size_t len, bool plus_is_space, struct err *err) {
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

static size_t count_pieces(const char *text, size_t len) {
  size_t pieces = 1;
  for (size_t i = 0; i < len; i++) pieces += text[i] == '&';
  return pieces;
}

bool urlencoded_parse(char *text, size_t len, size_t max, struct arena *arena, const struct field **out, size_t *count,
                      struct err *err) {
  *out = NULL;
  *count = 0;
  if (len == 0) return true;
  size_t pieces = count_pieces(text, len);
  if (pieces > max) return err_set(err, ERR_TOO_LARGE, "%zu fields, expected at most %zu", pieces, max);
  struct field *fields = arena_array(arena, pieces, sizeof *fields);
  size_t found = 0;
  char *end = text + len;
  for (char *at = text; at <= end;) {
    char *stop = memchr(at, '&', (size_t)(end - at));
    if (stop == NULL) stop = end;
    char *equals = memchr(at, '=', (size_t)(stop - at));
    char *name_end = equals != NULL ? equals : stop;
    char *value = equals != NULL ? equals + 1 : stop;
    if (stop > at) {
      if (!decode(value, (size_t)(stop - value), true, err)) return false;
      if (!decode(at, (size_t)(name_end - at), true, err)) return false;
      fields[found++] = (struct field){at, value};
    }
    at = stop + 1;
  }
  *out = fields;
  *count = found;
  return true;
}

bool urlencoded_path(char *path, struct err *err) { return decode(path, strlen(path), false, err); }

void urlencoded_write(struct buf *out, const char *text) {
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
