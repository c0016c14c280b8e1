#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCIENTIFIC_LEN 32 /* "-d.dddddddddddddddde+ddd" and to spare */
#define EXACT_MAX 1e15    /* integers below are written by their digits */

/* digits: "12345" without trailing zeros; the number is 0.12345 * 10^point. */
static void write_plain(const char *digits, int point, struct buf *out) {
  int len = (int)strlen(digits);
  if (point <= 0) {
    buf_puts(out, "0.");
    for (int i = point; i < 0; i++) buf_putc(out, '0');
    buf_puts(out, digits);
    return;
  }
  for (int i = 0; i < point; i++) buf_putc(out, i < len ? digits[i] : '0');
  if (len > point) {
    buf_putc(out, '.');
    buf_puts(out, digits + point);
  }
}

void number_write_digits(double number, int digits, struct buf *out) {
  if (!isfinite(number)) return;
  if (number == 0) {
    buf_putc(out, '0');
    return;
  }
  char text[SCIENTIFIC_LEN];
  snprintf(text, sizeof text, "%.*e", digits - 1, fabs(number));
  char *exponent = strchr(text, 'e');
  int point = (int)strtol(exponent + 1, NULL, 10) + 1;
  char *end = exponent;
  while (end > text + 1 && (end[-1] == '0' || end[-1] == '.')) end--;
  *end = '\0';
  if (text[1] != '\0') memmove(text + 1, text + 2, strlen(text + 2) + 1);
  if (number < 0) buf_putc(out, '-');
  write_plain(text, point, out);
}

void number_write(double number, struct buf *out) {
  if (!isfinite(number)) return;
  if (fabs(number) < EXACT_MAX && number == floor(number)) {
    buf_printf(out, "%.0f", number == 0 ? 0.0 : number);
    return;
  }
  char text[SCIENTIFIC_LEN];
  int digits = 15;
  for (; digits < 17; digits++) {
    snprintf(text, sizeof text, "%.*e", digits - 1, number);
    if (strtod(text, NULL) == number) break;
  }
  number_write_digits(number, digits, out);
}
