#include "base/csv.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/utf8.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define STEP_LEN (64 << 10)   /* of a file */
#define FIELD_STEP (256 << 10) /* by which libcsv's field grows, so that a long one is not copied for every 128 bytes */

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
  size_t row_len;
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

static bool fail_length(struct reader *reader) {
  return err_set_at(reader->err, ERR_TOO_LARGE, reader->where, reader->row_line, 1, "a row of more than %d bytes",
                    CSV_ROW_MAX);
}

/* The parser gets the text line by line, since it does not count lines itself. */
static bool feed(struct reader *reader, struct csv_parser *parser, const char *text, size_t len) {
  size_t at = 0;
  while (at < len) {
    size_t step = line_len(text + at, len - at);
    reader->line++;
    if (!reader->in_row) {
      reader->row_line = reader->line;
      reader->row_len = 0;
    }
    reader->row_len += step;
    if (reader->row_len > CSV_ROW_MAX) return fail_length(reader);
    bool blank = text[at] == '\n' || text[at] == '\r';
    if (!blank) reader->in_row = true;
    if (csv_parse(parser, text + at, step, add_cell, end_row, reader) != step) return fail_quotes(reader);
    if (reader->failed) return false;
    at += step;
  }
  return true;
}

static bool finish(struct reader *reader, struct csv_parser *parser) {
  if (csv_fini(parser, add_cell, end_row, reader) != 0) return fail_quotes(reader);
  return !reader->failed;
}

/* line: where the text begins. */
static bool check_utf8(const char *text, size_t len, int line, const char *where, struct err *err) {
  size_t bad;
  if (utf8_check(text, len, &bad)) return true;
  for (size_t at = 0, step; (step = line_len(text + at, len - at)) > 0 && at + step <= bad; at += step) line++;
  return err_set_at(err, ERR_INPUT, where, line, 1, "this is not UTF-8 text; save the file as UTF-8");
}

static size_t mark_len(const char *text, size_t len) {
  return len >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0 ? 3 : 0;
}

static void start(struct reader *reader, struct csv_parser *parser, char separator) {
  if (csv_init(parser, CSV_STRICT | CSV_STRICT_FINI) != 0) log_out_of_memory();
  csv_set_delim(parser, (unsigned char)separator);
  csv_set_space_func(parser, is_no_space);
  csv_set_blk_size(parser, FIELD_STEP);
  reader->arena = arena_new();
}

static void stop(struct reader *reader, struct csv_parser *parser) {
  csv_free(parser);
  arena_free(reader->arena);
  free(reader->cells);
}

bool csv_read(const char *text, size_t len, char separator, const char *where, csv_row_fn *row, void *context,
              struct err *err) {
  size_t skipped = mark_len(text, len);
  text += skipped;
  len -= skipped;
  if (!check_utf8(text, len, 1, where, err)) return false;
  struct reader reader = {.where = where, .row = row, .context = context, .err = err};
  struct csv_parser parser;
  start(&reader, &parser, separator);
  bool ok = feed(&reader, &parser, text, len) && finish(&reader, &parser);
  stop(&reader, &parser);
  return ok;
}

/* The length of the whole lines at the start of text, 0 when there is none; no line ends in the first `searched` bytes. A
 * CR at the end may be half of a line end. */
static size_t whole_lines(const char *text, size_t searched, size_t len) {
  if (len > 0 && text[len - 1] == '\r') len--;
  while (len > searched && text[len - 1] != '\n' && text[len - 1] != '\r') len--;
  return len > searched ? len : 0;
}

/* Feeds what is at hand: whole lines, or everything when the file has ended. False with err. */
static bool feed_part(struct reader *reader, struct csv_parser *parser, struct buf *part, size_t searched, bool ended) {
  size_t len = ended ? part->len : whole_lines(part->data, searched, part->len);
  if (len == 0) {
    if (!reader->in_row) reader->row_line = reader->line + 1;
    return part->len <= CSV_ROW_MAX || fail_length(reader);
  }
  if (!check_utf8(part->data, len, reader->line + 1, reader->where, reader->err)) return false;
  if (!feed(reader, parser, part->data, len)) return false;
  part->len -= len;
  memmove(part->data, part->data + len, part->len);
  return true;
}

bool csv_read_file(const char *path, csv_row_fn *row, void *context, struct err *err) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    return err_set_at(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, path, 0, 0, "%s", strerror(errno));
  }
  bool ok = csv_read_stream(file, path, row, context, err);
  fclose(file);
  return ok;
}

bool csv_read_stream(FILE *file, const char *where, csv_row_fn *row, void *context, struct err *err) {
  struct reader reader = {.where = where, .row = row, .context = context, .err = err};
  struct csv_parser parser;
  struct buf part = {0};
  bool started = false, ended = false, ok = true;
  while (ok && !ended) {
    size_t kept = part.len, got = fread(buf_reserve(&part, STEP_LEN), 1, STEP_LEN, file);
    part.len += got;
    ended = got == 0;
    if (ferror(file)) ok = err_set_at(err, ERR_SYSTEM, where, 0, 0, "could not be read: %s", strerror(errno));
    if (ok && !started) {
      size_t skipped = mark_len(part.data, part.len);
      part.len -= skipped;
      memmove(part.data, part.data + skipped, part.len);
      start(&reader, &parser, csv_guess_separator(part.data, part.len));
      started = true;
    }
    if (ok && part.len > 0) ok = feed_part(&reader, &parser, &part, kept > 0 ? kept - 1 : 0, ended);
  }
  if (started) {
    ok = ok && finish(&reader, &parser);
    stop(&reader, &parser);
  }
  buf_free(&part);
  return ok;
}

char csv_guess_separator(const char *text, size_t len) {
  size_t commas = 0, semicolons = 0, tabs = 0;
  bool quoted = false;
  for (size_t at = 0; at < len && (quoted || (text[at] != '\n' && text[at] != '\r')); at++) {
    if (text[at] == '"') quoted = !quoted;
    if (quoted) continue;
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

/* Bytes of an ignorable character at the start of text, 0: spaces (also no-break and wide ones, byte order marks) and
 * quotes, behind which some programs still see a formula. */
static size_t ignorable_len(const char *text) {
  static const char *const ignorable[] = {" ", "\"", "'", "\xC2\xA0", "\xE2\x80\x8B", "\xE2\x80\xAF", "\xE3\x80\x80",
                                          "\xEF\xBB\xBF"};
  for (size_t i = 0; i < sizeof ignorable / sizeof *ignorable; i++) {
    size_t len = strlen(ignorable[i]);
    if (strncmp(text, ignorable[i], len) == 0) return len;
  }
  return 0;
}

bool csv_is_formula(const char *text) {
  static const char *const wide[] = {"＝", "＋", "－", "＠"};
  for (size_t len; (len = ignorable_len(text)) > 0;) text += len;
  if (*text != '\0' && strchr("=+-@\t\r\n", *text) != NULL) return true;
  if ((unsigned char)*text != 0xEF) return false;
  for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
    if (strncmp(text, wide[i], strlen(wide[i])) == 0) return true;
  }
  return false;
}
