#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

#define PLAIN_MAX 1e15 /* from here on, and below its inverse, with an exponent */

static void put_escape(struct buf *out, unsigned char c) {
  switch (c) {
    case '"':
    case '\\':
      buf_putc(out, '\\');
      buf_putc(out, (char)c);
      break;
    case '\n':
      buf_puts(out, "\\n");
      break;
    case '\r':
      buf_puts(out, "\\r");
      break;
    case '\t':
      buf_puts(out, "\\t");
      break;
    default:
      buf_printf(out, "\\u%04x", (unsigned)c);
  }
}

void buf_json_string(struct buf *out, const char *text) {
  if (text == NULL) {
    buf_puts(out, "null");
    return;
  }
  buf_putc(out, '"');
  const char *from = text, *at = text;
  for (; *at != '\0'; at++) {
    unsigned char c = (unsigned char)*at;
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    buf_add(out, from, (size_t)(at - from));
    put_escape(out, c);
    from = at + 1;
  }
  buf_add(out, from, (size_t)(at - from));
  buf_putc(out, '"');
}

void buf_json_number(struct buf *out, double number) {
  if (!isfinite(number)) {
    buf_puts(out, "null");
    return;
  }
  double size = fabs(number);
  if (size == 0 || (size < PLAIN_MAX && size > 1 / PLAIN_MAX)) {
    number_write(number, out);
    return;
  }
  size_t start = out->len;
  buf_printf(out, "%.15g", number);
  if (strtod(out->data + start, NULL) == number) return;
  out->len = start;
  buf_printf(out, "%.17g", number);
}

void buf_json_bool(struct buf *out, bool value) { buf_puts(out, value ? "true" : "false"); }
