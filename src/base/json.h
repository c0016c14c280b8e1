/* The pieces of JSON that a program writes by hand. */
#ifndef ANKETA_BASE_JSON_H
#define ANKETA_BASE_JSON_H

#include <stdbool.h>

#include "base/buf.h"

/* The text in quotes, escaped; NULL becomes null. The text is well-formed UTF-8. */
void buf_json_string(struct buf *out, const char *text);

/* Shortest text that reads back as the same number; null when it is not finite. */
void buf_json_number(struct buf *out, double number);

void buf_json_bool(struct buf *out, bool value);

#endif
