#include "data/table.h"

#include <string.h>

#include "base/clock.h"
#include "base/csv.h"
#include "base/utf8.h"
#include "data/xlsx.h"

#define WIDTH_MAX 60

static void put_cell(struct buf *out, const char *text) {
  struct buf cell = {0};
  buf_printf(&cell, "%s%s", csv_is_formula(text) ? "'" : "", text);
  csv_write_field(out, buf_text(&cell), cell.len, ',');
  buf_free(&cell);
}

static void put_row(struct buf *out, const char *const *cells, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (i > 0) buf_putc(out, ',');
    put_cell(out, cells[i]);
  }
  buf_puts(out, "\r\n");
}

void table_csv(const struct table *table, struct buf *out) {
  put_row(out, table->headings, table->column_count);
  for (size_t i = 0; i < table->row_count; i++) put_row(out, table->cells + i * table->column_count, table->column_count);
}

/* As wide as its longest text. */
static double width_of(const struct table *table, size_t column) {
  size_t width = utf8_count(table->headings[column], strlen(table->headings[column]));
  for (size_t i = 0; i < table->row_count; i++) {
    const char *text = table->cells[i * table->column_count + column];
    size_t len = utf8_count(text, strlen(text));
    if (len > width) width = len;
  }
  return (double)(width < WIDTH_MAX ? width : WIDTH_MAX) + 2;
}

int table_xlsx(const struct table *table, struct err *err) {
  struct xlsx *xlsx = xlsx_new(clock_now_ms(), table->title, err);
  struct xlsx_sheet *sheet = xlsx != NULL ? xlsx_add_sheet(xlsx, "1", err) : NULL;
  if (sheet == NULL) {
    xlsx_free(xlsx);
    return -1;
  }
  for (size_t c = 0; c < table->column_count; c++) {
    xlsx_set_width(sheet, (int)c, width_of(table, c));
    xlsx_put_text(sheet, 0, (int)c, table->headings[c], XLSX_HEADER);
  }
  for (size_t r = 0; r < table->row_count; r++)
    for (size_t c = 0; c < table->column_count; c++)
      xlsx_put_text(sheet, (int)r + 1, (int)c, table->cells[r * table->column_count + c], XLSX_PLAIN);
  xlsx_freeze_header(sheet, (int)table->column_count, (int)table->row_count + 1);
  return xlsx_finish(xlsx, err);
}
