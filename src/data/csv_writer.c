#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/csv.h"
#include "base/log.h"
#include "base/number.h"
#include "data/writer_table.h"

#define STEP_LEN 65536
#define SHORT_LEN 32 /* room for a small integer, a date, a time or a mark, with its separator */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

struct csv_export {
  struct dataset *dataset;
  struct export_options options;
  const char *marks[MISSING_NODATA + 1];
  int column_count;
  int64_t rows;
  bool started, ended;
};

static void *start(struct dataset *dataset, const struct export_options *options, struct err *err) {
  char separator = options->separator != '\0' ? options->separator : ',';
  if (strchr(",;\t|", separator) == NULL) {
    err_set(err, ERR_USAGE, "'%c' cannot separate fields; use , ; | or a tab", separator);
    return NULL;
  }
  struct csv_export *export = calloc(1, sizeof *export);
  if (export == NULL) log_out_of_memory();
  export->dataset = dataset;
  export->options = *options;
  export->options.separator = separator;
  export->column_count = dataset_column_count(dataset);
  const struct dataset_spec *spec = dataset_spec(dataset);
  for (int kind = MISSING_EMPTY; kind <= MISSING_NODATA; kind++) {
    export->marks[kind] = dataset_missing_text((enum missing_kind)kind, spec->language, spec->labels);
  }
  return export;
}

static void write_text(struct buf *out, const char *text, char separator) {
  if (!csv_is_formula(text)) {
    csv_write_field(out, text, strlen(text), separator);
    return;
  }
  struct buf safe = {0};
  buf_putc(&safe, '\'');
  buf_puts(&safe, text);
  csv_write_field(out, safe.data, safe.len, separator);
  buf_free(&safe);
}

/* Digits of 0 <= number < 10^9, written at `at`; returns behind them. Most cells are codes and small figures. */
static char *put_digits(char *at, int number) {
  char digits[10];
  int len = 0;
  do {
    digits[len++] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  while (len > 0) *at++ = digits[--len];
  return at;
}

static void write_number(struct buf *out, double number) {
  if (number >= 0 && number < 1e9 && number == (double)(int)number) {
    char *at = out->data + out->len; /* SHORT_LEN is reserved */
    out->len += (size_t)(put_digits(at, (int)number) - at);
    return;
  }
  number_write(number, out);
}

static void write_short(struct buf *out, const char *text) {
  size_t len = strlen(text);
  memcpy(buf_reserve(out, len), text, len);
  out->len += len;
}

static void write_cell(struct csv_export *export, struct buf *out, const struct cell *cell) {
  char text[25];
  buf_reserve(out, SHORT_LEN);
  switch (cell->kind) {
    case CELL_NUMBER:
      write_number(out, cell->number);
      break;
    case CELL_TEXT:
      write_text(out, cell->text, export->options.separator);
      break;
    case CELL_DATE:
      clock_format_date((int)cell->number, text);
      write_short(out, text);
      break;
    case CELL_TIME:
      clock_iso((int64_t)cell->number, text);
      write_short(out, text);
      break;
    case CELL_MISSING:
      write_short(out, export->marks[(int)cell->number]);
      break;
  }
}

static void write_header(struct csv_export *export, struct buf *out) {
  if (export->options.bom) buf_puts(out, BYTE_ORDER_MARK);
  for (int i = 0; i < export->column_count; i++) {
    if (i > 0) buf_putc(out, export->options.separator);
    write_text(out, dataset_column(export->dataset, i)->name, export->options.separator);
  }
  buf_puts(out, "\r\n");
}

static bool step(void *state, struct buf *out, bool *done, struct err *err) {
  struct csv_export *export = state;
  struct err failed = {0};
  size_t end = out->len + STEP_LEN;
  *done = export->ended;
  if (!export->started) write_header(export, out);
  export->started = true;
  while (out->len < end && !export->ended) {
    const struct cell *cells = dataset_next(export->dataset, &failed);
    if (cells == NULL) {
      export->ended = true;
      break;
    }
    for (int i = 0; i < export->column_count; i++) {
      write_cell(export, out, &cells[i]);
      buf_reserve(out, 2);
      out->data[out->len++] = export->options.separator;
    }
    out->len--; /* the last separator */
    buf_puts(out, "\r\n");
    if (!export_report(&export->options, ++export->rows, &failed)) break;
  }
  return failed.code == ERR_NONE || err_set(err, failed.code, "%s", failed.text);
}

static void end(void *state) { free(state); }

const struct export_format export_csv = {
    .name = "csv",
    .extension = "csv",
    .media_type = "text/csv; charset=utf-8",
    .start = start,
    .step = step,
    .end = end,
};
