#include "base/csv.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/utf8.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

struct reader {
  const char *where;
  csv_row_fn *row;
  void *context;
  struct err *err;
  struct arena *arena; /* of the row that is read */
  const char **cells;
  int count, cap;
  int line;     /* that is being fed */
  int row_line; /* where the row began */
  bool in_row;
  bool failed;
};

static int is_no_space(unsigned char c) {
  (void)c;
  return 0;
}

static void add_cell(void *text, size_t len, void *context) {
  struct reader *reader = context;
  if (reader->failed) return;
  if (reader->count == CSV_COLUMNS_MAX) {
    reader->failed = true;
    err_set_at(reader->err, ERR_TOO_LARGE, reader->where, reader->row_line, 1, "a row has more than %d cells",
               CSV_COLUMNS_MAX);
    return;
  }
  if (reader->count == reader->cap) {
    int cap = reader->cap > 0 ? reader->cap * 2 : 32;
    const char **cells = realloc(reader->cells, (size_t)cap * sizeof *cells);
    if (cells == NULL) log_out_of_memory();
    reader->cells = cells;
    reader->cap = cap;
  }
  reader->cells[reader->count++] = arena_copy_len(reader->arena, text, len);
}

static void end_row(int terminator, void *context) {
  (void)terminator;
  struct reader *reader = context;
  struct csv_row row = {reader->row_line, reader->count, reader->cells};
  if (!reader->failed && !reader->row(reader->context, &row, reader->err)) reader->failed = true;
  reader->count = 0;
  reader->in_row = false;
  arena_reset(reader->arena);
}

/* The length of the line at text with its end: LF, CRLF or CR. */
static size_t line_len(const char *text, size_t len) {
  size_t at = 0;
  while (at < len && text[at] != '\n' && text[at] != '\r') at++;
  if (at < len && text[at] == '\r' && at + 1 < len && text[at + 1] == '\n') at++;
  return at < len ? at + 1 : len;
}

/* A fault in the quotes: the parser stopped in this line. */
static bool fail_quotes(struct reader *reader) {
  return err_set_at(reader->err, ERR_INPUT, reader->where, reader->row_line, 1,
                    "a quote is out of place; a field with quotes stands in quotes, and each of its quotes twice");
}

/* The parser gets the text line by line, since it does not count lines itself. */
static bool feed(struct reader *reader, struct csv_parser *parser, const char *text, size_t len) {
  size_t at = 0;
  while (at < len) {
    size_t step = line_len(text + at, len - at);
    reader->line++;
    if (!reader->in_row) reader->row_line = reader->line;
    bool blank = text[at] == '\n' || text[at] == '\r';
    if (!blank) reader->in_row = true;
    if (csv_parse(parser, text + at, step, add_cell, end_row, reader) != step) return fail_quotes(reader);
    if (reader->failed) return false;
    at += step;
  }
  if (csv_fini(parser, add_cell, end_row, reader) != 0) return fail_quotes(reader);
  return !reader->failed;
}

static bool check_utf8(const char *text, size_t len, const char *where, struct err *err) {
  size_t bad;
  if (utf8_check(text, len, &bad)) return true;
  int line = 1;
  for (size_t at = 0, step; (step = line_len(text + at, len - at)) > 0 && at + step <= bad; at += step) line++;
  return err_set_at(err, ERR_INPUT, where, line, 1, "this is not UTF-8 text; save the file as UTF-8");
}

bool csv_read(const char *text, size_t len, char separator, const char *where, csv_row_fn *row, void *context,
              struct err *err) {
  if (len >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0) {
    text += 3;
    len -= 3;
  }
  if (!check_utf8(text, len, where, err)) return false;
  struct reader reader = {.where = where, .row = row, .context = context, .err = err};
  struct csv_parser parser;
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) log_out_of_memory();
  csv_set_delim(&parser, (unsigned char)separator);
  csv_set_space_func(&parser, is_no_space);
  reader.arena = arena_new();
  bool ok = feed(&reader, &parser, text, len);
  csv_free(&parser);
  arena_free(reader.arena);
  free(reader.cells);
  return ok;
}

char csv_guess_separator(const char *text, size_t len) {
  size_t commas = 0, semicolons = 0, tabs = 0;
  for (size_t at = 0; at < len && text[at] != '\n' && text[at] != '\r'; at++) {
    if (text[at] == ',') commas++;
    if (text[at] == ';') semicolons++;
    if (text[at] == '\t') tabs++;
  }
  if (tabs > commas && tabs > semicolons) return '\t';
  return semicolons > commas ? ';' : ',';
}

static bool needs_quotes(const char *text, size_t len, char separator) {
  if (len == 0) return false;
  if (text[0] == ' ' || text[len - 1] == ' ') return true;
  for (size_t i = 0; i < len; i++) {
    if (text[i] == separator || text[i] == '"' || text[i] == '\n' || text[i] == '\r') return true;
  }
  return false;
}

void csv_write_field(struct buf *out, const char *text, size_t len, char separator) {
  if (!needs_quotes(text, len, separator)) {
    buf_add(out, text, len);
    return;
  }
  size_t room = 2 * len + 2; /* every byte a quote */
  char *at = buf_reserve(out, room);
  out->len += csv_write(at, room, text, len);
  out->data[out->len] = '\0';
}
