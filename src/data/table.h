/* A plain table of texts as a file that spreadsheets open. Knows nothing of what it holds. */
#ifndef ANKETA_DATA_TABLE_H
#define ANKETA_DATA_TABLE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct table {
  const char *title;          /* of the workbook and its sheet */
  const char *const *headings;
  size_t column_count;
  const char *const *cells;   /* row by row */
  size_t row_count;
};

/* What a spreadsheet would run as a formula gets an apostrophe before it. */
void table_csv(const struct table *table, struct buf *out);

/* A descriptor to read the workbook from, as xlsx_finish gives it; -1 with err. */
int table_xlsx(const struct table *table, struct err *err);

#endif
