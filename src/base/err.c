#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* The text was cut somewhere in its last character: drops what is left of that. */
static void drop_partial_character(char *text) {
  size_t len = strlen(text);
  size_t start = len;
  while (start > 0 && len - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) start--;
  if (start > 0 && (unsigned char)text[start - 1] >= 0xC0) start--;
  if (!utf8_check(text + start, len - start, NULL)) text[start] = '\0';
}

static bool set(struct err *err, enum err_code code, const char *where, int line, int column, const char *format,
                va_list args) __attribute__((format(printf, 6, 0)));

static bool set(struct err *err, enum err_code code, const char *where, int line, int column, const char *format,
                va_list args) {
  if (err == NULL || err->code != ERR_NONE) return false;
  err->code = code;
  err->line = line;
  err->column = column;
  int where_len = snprintf(err->where, sizeof err->where, "%s", where != NULL ? where : "");
  if (where_len >= (int)sizeof err->where) drop_partial_character(err->where);
  int text_len = vsnprintf(err->text, sizeof err->text, format, args);
  if (text_len >= (int)sizeof err->text) drop_partial_character(err->text);
  return false;
}

bool err_set(struct err *err, enum err_code code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  set(err, code, NULL, 0, 0, format, args);
  va_end(args);
  return false;
}

bool err_set_at(struct err *err, enum err_code code, const char *where, int line, int column, const char *format, ...) {
  va_list args;
  va_start(args, format);
  set(err, code, where, line, column, format, args);
  va_end(args);
  return false;
}

int err_exit_code(const struct err *err) {
  switch (err->code) {
    case ERR_NONE:
      return 0;
    case ERR_USAGE:
      return 2;
    case ERR_SYSTEM:
    case ERR_FULL:
    case ERR_NEWER:
      return 3;
    case ERR_INPUT:
    case ERR_NOT_FOUND:
    case ERR_DENIED:
    case ERR_LOCKED:
    case ERR_CONFLICT:
    case ERR_TOO_LARGE:
      return 1;
  }
  return 1;
}
