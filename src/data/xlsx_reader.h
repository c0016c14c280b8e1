/* The first sheet of an XLSX file, row by row; table_reader.h says how cells become text. */
#ifndef ANKETA_DATA_XLSX_READER_H
#define ANKETA_DATA_XLSX_READER_H

#include "data/table_reader.h"

#define XLSX_READER_TEXT_MAX ((size_t)256 << 10) /* bytes of one cell; Excel has 32,767 characters */

bool xlsx_read_rows(const char *path, csv_row_fn *row, void *context, struct table_info *info, struct err *err);

/* How a cell shows its number, and what the number becomes. */
enum xlsx_format { XLSX_NUMBER, XLSX_DAY, XLSX_CLOCK };
enum xlsx_format xlsx_format_of(int id, const char *code); /* code NULL: built in */
void xlsx_show_number(const char *text, enum xlsx_format format, bool since_1904, struct buf *out);

#endif
