/* Comma-separated text as RFC 4180 has it: reading a text or a file row by row, writing field by field.
 * The one place that knows libcsv.
 */
#ifndef ANKETA_BASE_CSV_H
#define ANKETA_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

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

#define CSV_ROW_MAX (16 << 20) /* bytes of one row of a file */

/* The same with a file, of any length in constant memory; its separator is guessed. where is the path. Also fails with
 * ERR_NOT_FOUND, ERR_SYSTEM and, when a row does not end, ERR_TOO_LARGE. */
bool csv_read_file(const char *path, csv_row_fn *row, void *context, struct err *err);

/* The same with an open file, from where it stands. */
bool csv_read_stream(FILE *file, const char *where, csv_row_fn *row, void *context, struct err *err);

/* Would a spreadsheet run the text instead of showing it? The characters are OWASP's list for CSV injection, with the
 * full-width forms that East Asian settings read alike. Such a field is written with an apostrophe before it. */
bool csv_is_formula(const char *text);

/* The separator that a text most likely uses, from its first line without what stands in quotes: ',' ';' or a tab. */
char csv_guess_separator(const char *text, size_t len);

/* Adds one field, in quotes only when it needs them. The caller adds separators and line ends (CRLF). */
void csv_write_field(struct buf *out, const char *text, size_t len, char separator);

#endif
