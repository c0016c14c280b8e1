#include "form/unquote.h"

#include <stdbool.h>
#include <string.h>

/* The text is at most half as long again as its source: \L and \P take two bytes and mean a character of three. */
struct unquoting {
  const char *at, *end;
  char *to;
};

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* White space up to the next character. A line break with what surrounds it is a space, each further one a line break;
 * behind an escaped line break only further ones count. */
static void read_space(struct unquoting *unquoting, bool escaped) {
  const char *start = unquoting->at;
  int breaks = 0;
  while (unquoting->at < unquoting->end && is_space(*unquoting->at)) breaks += *unquoting->at++ == '\n';
  if (breaks == 0) {
    memcpy(unquoting->to, start, (size_t)(unquoting->at - start));
    unquoting->to += unquoting->at - start;
  }
  if (breaks == 1 && !escaped) *unquoting->to++ = ' ';
  for (int i = 1; i < breaks; i++) *unquoting->to++ = '\n';
}

static void write_character(struct unquoting *unquoting, unsigned long c) {
  char *to = unquoting->to;
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = 0xFFFD;
  if (c < 0x80) {
    *to++ = (char)c;
  } else if (c < 0x800) {
    *to++ = (char)(0xC0 | c >> 6);
    *to++ = (char)(0x80 | (c & 0x3F));
  } else {
    if (c >= 0x10000) {
      *to++ = (char)(0xF0 | c >> 18);
      *to++ = (char)(0x80 | (c >> 12 & 0x3F));
    } else {
      *to++ = (char)(0xE0 | c >> 12);
    }
    *to++ = (char)(0x80 | (c >> 6 & 0x3F));
    *to++ = (char)(0x80 | (c & 0x3F));
  }
  unquoting->to = to;
}

static unsigned long read_hex(struct unquoting *unquoting, int digits) {
  unsigned long number = 0;
  for (; digits > 0 && unquoting->at < unquoting->end; digits--) {
    const char *all = "0123456789abcdef";
    char c = *unquoting->at;
    const char *digit = strchr(all, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    if (digit == NULL || c == '\0') break;
    number = number * 16 + (unsigned long)(digit - all);
    unquoting->at++;
  }
  return number;
}

/* Behind a backslash. */
static void read_escape(struct unquoting *unquoting) {
  static const struct {
    char name;
    unsigned short means;
  } names[] = {{'0', 0},    {'a', '\a'}, {'b', '\b'}, {'t', '\t'}, {'\t', '\t'}, {'n', '\n'},   {'v', '\v'},
               {'f', '\f'}, {'r', '\r'}, {'e', 0x1B}, {'N', 0x85}, {'_', 0xA0},  {'L', 0x2028}, {'P', 0x2029}};
  if (is_space(*unquoting->at) && *unquoting->at != ' ' && *unquoting->at != '\t') {
    read_space(unquoting, true);
    return;
  }
  char name = *unquoting->at++;
  int digits = name == 'x' ? 2 : name == 'u' ? 4 : name == 'U' ? 8 : 0;
  if (digits > 0) {
    write_character(unquoting, read_hex(unquoting, digits));
    return;
  }
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (names[i].name != name) continue;
    write_character(unquoting, names[i].means);
    return;
  }
  *unquoting->to++ = name; /* a space, a quote, a slash, a backslash: themselves */
}

static const char *finish(const struct unquoting *unquoting, char *text, size_t *out_len) {
  *out_len = (size_t)(unquoting->to - text);
  *unquoting->to = '\0';
  return text;
}

const char *unquote_single(struct arena *arena, const char *source, size_t len, size_t *out_len) {
  char *text = arena_alloc(arena, len + 1);
  struct unquoting unquoting = {source, source + len, text};
  while (unquoting.at < unquoting.end) {
    read_space(&unquoting, false);
    if (unquoting.at == unquoting.end) break;
    if (*unquoting.at == '\'' && unquoting.at + 1 < unquoting.end) unquoting.at++; /* '' */
    *unquoting.to++ = *unquoting.at++;
  }
  return finish(&unquoting, text, out_len);
}

const char *unquote_double(struct arena *arena, const char *source, size_t len, size_t *out_len) {
  char *text = arena_alloc(arena, len + len / 2 + 1);
  struct unquoting unquoting = {source, source + len, text};
  while (unquoting.at < unquoting.end) {
    read_space(&unquoting, false);
    if (unquoting.at == unquoting.end) break;
    char c = *unquoting.at++;
    if (c == '\\' && unquoting.at < unquoting.end) {
      read_escape(&unquoting);
    } else {
      *unquoting.to++ = c;
    }
  }
  return finish(&unquoting, text, out_len);
}
