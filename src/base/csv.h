/* Comma-separated text as RFC 4180 has it: reading a whole text row by row, writing field by field.
 * The one place that knows libcsv.
 */
#ifndef ANKETA_BASE_CSV_H
#define ANKETA_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define CSV_COLUMNS_MAX 16384 /* cells of one row; as many as a spreadsheet has */

/* One row; everything in it is borrowed until the callback returns. */
struct csv_row {
  int line; /* 1-based, where the row begins */
  int count;
  const char *const *cells; /* NUL-terminated, well-formed UTF-8, spaces kept; "" when empty */
};

/* Called for each row, the header too; empty lines are left out. False stops the reading: then *err must be set. */
typedef bool csv_row_fn(void *context, const struct csv_row *row, struct err *err);

/* Reads text; a byte order mark at its start is skipped; rows end with LF, CRLF or CR. where names the text in errors.
 * False with ERR_INPUT (where and line set) on bad UTF-8, a stray or missing quote, ERR_TOO_LARGE on too many cells, or
 * with what the callback set. Rows before the fault have been delivered. */
bool csv_read(const char *text, size_t len, char separator, const char *where, csv_row_fn *row, void *context,
              struct err *err);

/* The separator that a text most likely uses, from its first line: ',' ';' or a tab. */
char csv_guess_separator(const char *text, size_t len);

/* Adds one field, in quotes only when it needs them. The caller adds separators and line ends (CRLF). */
void csv_write_field(struct buf *out, const char *text, size_t len, char separator);

#endif
