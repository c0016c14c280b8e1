/* Writing a workbook row by row in constant memory; the one place that knows libxlsxwriter.
 *
 * Every text goes in as a text, never as a formula. Rows of a sheet are written from the top; a sheet that was left
 * behind may be gone on with.
 */
#ifndef ANKETA_DATA_XLSX_H
#define ANKETA_DATA_XLSX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define XLSX_ROWS_MAX 1048576 /* the header too */
#define XLSX_COLUMNS_MAX 16384
#define XLSX_TEXT_MAX 32767 /* UTF-16 units of one cell */

struct xlsx;
struct xlsx_sheet;

/* A workbook in a folder of its own under $TMPDIR (/tmp). created_ms: the time in its properties. */
struct xlsx *xlsx_new(int64_t created_ms, const char *title, struct err *err);

/* Puts it together and closes it: a descriptor to read the finished file from its start, which has no name any more and
 * goes when it is closed; -1 with err, ERR_FULL when the disk is. Frees the workbook in either case. */
int xlsx_finish(struct xlsx *xlsx, struct err *err);

/* Drops a workbook that is not wanted any more; NULL is fine. */
void xlsx_free(struct xlsx *xlsx);

/* name: at most 31 characters, none of []:*?/\ NULL with err when its temporary file cannot be made. */
struct xlsx_sheet *xlsx_add_sheet(struct xlsx *xlsx, const char *name, struct err *err);

enum xlsx_style { XLSX_PLAIN, XLSX_HEADER, XLSX_WRAPPED };

/* Put one cell; rows and columns count from 0. xlsx_put_text says false when the text was too long and has been cut. */
bool xlsx_put_text(struct xlsx_sheet *sheet, int row, int column, const char *text, enum xlsx_style style);
void xlsx_put_number(struct xlsx_sheet *sheet, int row, int column, double number);
void xlsx_put_date(struct xlsx_sheet *sheet, int row, int column, int days);     /* since 1970 */
void xlsx_put_time(struct xlsx_sheet *sheet, int row, int column, int64_t ms); /* since 1970, UTC */

/* In characters of the usual font. */
void xlsx_set_width(struct xlsx_sheet *sheet, int column, double width);

/* The first row stays in sight and gets filter buttons over count columns; row_count: with the header. */
void xlsx_freeze_header(struct xlsx_sheet *sheet, int column_count, int row_count);

/* "A", "XFD"; out holds at least 4 bytes. */
void xlsx_column_name(int column, char out[4]);

#endif
