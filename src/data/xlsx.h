/* Writing a workbook row by row in constant memory; the one place that knows libxlsxwriter.
 *
 * Every text goes in as a text, never as a formula. Rows of a sheet are written from the top; a sheet that was left
 * behind may be gone on with.
 */
#ifndef ANKETA_DATA_XLSX_H
#define ANKETA_DATA_XLSX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define XLSX_ROWS_MAX 1048576 /* the header too */
#define XLSX_COLUMNS_MAX 16384
#define XLSX_TEXT_MAX 32767 /* UTF-16 units of one cell */
#define XLSX_SHEETS_MAX 100 /* each has a temporary file while it is written */
#define XLSX_NAME_MAX 31    /* characters of a sheet's name */
#define XLSX_FORMULA_MAX 255 /* of a check */

struct xlsx;
struct xlsx_sheet;

/* A workbook in a folder of its own under $TMPDIR (/tmp). created_ms: the time in its properties. */
struct xlsx *xlsx_new(int64_t created_ms, const char *title, struct err *err);

/* Puts it together and closes it: a descriptor to read the finished file from its start, which has no name any more and
 * goes when it is closed; -1 with err, ERR_FULL when the disk is. Frees the workbook in either case. */
int xlsx_finish(struct xlsx *xlsx, struct err *err);

/* Adds the next part of the finished file to out; *done when there is no more. */
bool xlsx_read(int file, struct buf *out, bool *done, struct err *err);

/* Drops a workbook that is not wanted any more; NULL is fine. */
void xlsx_free(struct xlsx *xlsx);

/* name: at most 31 characters, none of []:*?/\ NULL with err when its temporary file cannot be made, or ERR_TOO_LARGE when
 * there are XLSX_SHEETS_MAX already. */
struct xlsx_sheet *xlsx_add_sheet(struct xlsx *xlsx, const char *name, struct err *err);

enum xlsx_style {
  XLSX_PLAIN,
  XLSX_HEADER,
  XLSX_WRAPPED,
  XLSX_TITLE,      /* of a sheet */
  XLSX_HEADING,    /* of a group of rows */
  XLSX_QUIET,      /* wrapped, grey: what explains */
  XLSX_FRAME,      /* a heading over columns, wrapped, on a ground */
  XLSX_INPUT,      /* to be filled in: coloured, open when the sheet is protected */
  XLSX_INPUT_DATE,
  XLSX_INPUT_NAME, /* the same for a heading */
  XLSX_STYLES
};

/* Put one cell; rows and columns count from 0. xlsx_put_text says false when the text was too long and has been cut. */
bool xlsx_put_text(struct xlsx_sheet *sheet, int row, int column, const char *text, enum xlsx_style style);
void xlsx_put_number(struct xlsx_sheet *sheet, int row, int column, double number);
void xlsx_put_date(struct xlsx_sheet *sheet, int row, int column, int days);     /* since 1970 */
void xlsx_put_time(struct xlsx_sheet *sheet, int row, int column, int64_t ms); /* since 1970, UTC */

/* A number, or nothing, in a style. */
void xlsx_put_styled(struct xlsx_sheet *sheet, int row, int column, double number, enum xlsx_style style);
void xlsx_put_blank(struct xlsx_sheet *sheet, int row, int column, enum xlsx_style style);

/* A day as a styled number; false when spreadsheets have no such day. */
bool xlsx_put_styled_date(struct xlsx_sheet *sheet, int row, int column, int days, enum xlsx_style style);

/* In characters of the usual font. */
void xlsx_set_width(struct xlsx_sheet *sheet, int column, double width);

/* The first row stays in sight and gets filter buttons over count columns; row_count: with the header. */
void xlsx_freeze_header(struct xlsx_sheet *sheet, int column_count, int row_count);

/* Rows above and columns left of a cell stay in sight. */
void xlsx_freeze(struct xlsx_sheet *sheet, int row, int column);

/* On A4 across, as wide as the page, with the first rows on every page and the page's number below. */
void xlsx_set_print(struct xlsx_sheet *sheet, int repeated_rows);

/* Only input cells may be changed; widths and heights too. Without a password: it keeps from slips, not from people. */
void xlsx_protect(struct xlsx_sheet *sheet);
void xlsx_hide(struct xlsx_sheet *sheet);

/* What may be typed into cells of a row; the spreadsheet says title and message (at most 32 and 255 characters, cut) when
 * something else is. A formula is over the first cell of the range, and at most XLSX_FORMULA_MAX bytes: with a longer one
 * anything may be typed. */
enum xlsx_rule {
  XLSX_LIST, /* formula: the range with what may be chosen, 'Lists'!$A$1:$A$3 */
  XLSX_WHOLE,
  XLSX_DECIMAL,
  XLSX_DATE,
  XLSX_LENGTH,
  XLSX_FORMULA
};
struct xlsx_check {
  enum xlsx_rule rule;
  double min, max;
  const char *formula;
  const char *title, *message;
};
void xlsx_add_check(struct xlsx_sheet *sheet, int row, int first_column, int last_column, const struct xlsx_check *check);

/* "A", "XFD"; out holds at least 4 bytes. */
void xlsx_column_name(int column, char out[4]);

#endif
