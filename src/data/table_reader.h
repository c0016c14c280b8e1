/* A table that somebody has in a file: CSV, or the first sheet of an Excel workbook (XLSX). One interface over both: rows
 * of text cells with their place. Knows nothing of what is in the cells.
 *
 * CSV: comma, semicolon or tab; UTF-8, UTF-16 with its mark, or Windows-1257, which is told by being no UTF-8 and having
 * Latvian letters. XLSX: the first sheet that is not hidden; a formula gives its last value, a date its ISO form (a time of
 * day behind it when there is one), a number its plain text (1250, 0.5), a truth value 1 or 0. Macros, pictures and links are
 * not looked at. Memory does not grow with the rows; what may come out of a file is bounded (data/archive.h).
 */
#ifndef ANKETA_DATA_TABLE_READER_H
#define ANKETA_DATA_TABLE_READER_H

#include "base/csv.h"

#define TABLE_SHEET_MAX 200 /* bytes of a sheet's name */

/* Why a file cannot be read; the message of it is table.fault.NAME. */
enum table_fault {
  TABLE_OK,
  TABLE_EMPTY,     /* no bytes, or no cell with anything in it */
  TABLE_UNKNOWN,   /* no text, and no workbook */
  TABLE_ENCODING,  /* text in an encoding that we do not know */
  TABLE_QUOTES,    /* CSV with a quote out of place, from the line on */
  TABLE_OLD,       /* XLS, or a workbook with a password */
  TABLE_ENCRYPTED,
  TABLE_BROKEN,    /* a workbook that cannot be read */
  TABLE_TOO_LARGE,
  TABLE_FAULTS
};
const char *table_fault_name(enum table_fault fault);

struct table_info {
  enum table_fault fault;
  int line;                      /* of the fault, 0 */
  bool is_workbook;
  const char *encoding;          /* of CSV: UTF-8, UTF-16, Windows-1257 */
  char sheet[TABLE_SHEET_MAX + 1]; /* that was read, "" for CSV */
  int sheet_count;               /* of the workbook that are not hidden */
};

/* Calls row for each row that has anything in it; `line` of a row counts the sheet's rows or the file's lines from 1. All rows
 * of a workbook have at least as many cells as the first. False with err and info->fault (TABLE_OK: what row has set, or the
 * system's fault); rows before the fault have been delivered. */
bool table_read(const char *path, csv_row_fn *row, void *context, struct table_info *info, struct err *err);

/* Adds the place of a cell, for the command line: "line 17", "sheet Lapa1, cell C17"; column counts from 0, -1: the row. */
void table_place(const struct table_info *info, int line, int column, struct buf *out);

/* Adds the letters of a column that counts from 0: A, Z, AA. */
void table_column(int column, struct buf *out);

#endif
