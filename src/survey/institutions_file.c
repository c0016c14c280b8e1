#include "survey/institutions_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"

#define FILE_MAX ((size_t)256 << 20)
#define TEXT_LEN_MAX 2000

enum column {
  COLUMN_NAME,
  COLUMN_NUMBER,
  COLUMN_ABBREVIATION,
  COLUMN_KIND,
  COLUMN_SECTOR,
  COLUMN_SEGMENTS,
  COLUMN_STATUS,
  COLUMN_COMMENT,
  COLUMN_NR,
  COLUMN_SECTOR_SOURCE,
  COLUMN_COUNT
};
static const char *const column_names[COLUMN_COUNT] = {
    "name", "registration_number", "abbreviation", "kind", "sector", "segments", "status", "comment", "nr",
    "sector_source"};

struct reader {
  struct round_file *file;
  struct arena *arena;
  int at[COLUMN_COUNT]; /* where a column stands, -1 */
  int cell_count;       /* of the header; 0 before it was read */
  struct round_file_institution *list;
  size_t count, cap;
  struct err first; /* fault */
  int fault_count;
};

static void complain(struct reader *reader, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void complain(struct reader *reader, int line, const char *format, ...) {
  char text[400];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  reader->fault_count++;
  err_set_at(&reader->first, ERR_INPUT, reader->file->institutions_path, line, 1, "%s", text);
}

static void read_header(struct reader *reader, const struct csv_row *row) {
  for (int c = 0; c < COLUMN_COUNT; c++) reader->at[c] = -1;
  for (int i = 0; i < row->count; i++) {
    int c = 0;
    while (c < COLUMN_COUNT && strcmp(column_names[c], row->cells[i]) != 0) c++;
    if (c == COLUMN_COUNT) complain(reader, row->line, "unknown column \"%s\"", row->cells[i]);
    else if (reader->at[c] >= 0) complain(reader, row->line, "column \"%s\" is there twice", row->cells[i]);
    else reader->at[c] = i;
  }
  if (reader->at[COLUMN_NAME] < 0) complain(reader, row->line, "the header has no column \"name\"");
  reader->cell_count = row->count;
}

/* The cell without spaces around it; "" when the column is not there. */
static const char *read_cell(struct reader *reader, const struct csv_row *row, enum column column) {
  if (reader->at[column] < 0) return "";
  const char *text = row->cells[reader->at[column]];
  text += strspn(text, " ");
  size_t len = strlen(text);
  while (len > 0 && text[len - 1] == ' ') len--;
  if (len > TEXT_LEN_MAX) {
    complain(reader, row->line, "%s is longer than %d bytes", column_names[column], TEXT_LEN_MAX);
    len = 0;
  }
  return arena_copy_len(reader->arena, text, len);
}

static bool is_segment(const struct round_file *file, const char *id, size_t len) {
  for (int i = 0; i < file->segment_count; i++) {
    if (strlen(file->segments[i].id) == len && memcmp(file->segments[i].id, id, len) == 0) return true;
  }
  static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_;";
  return file->segment_count == 0 && len > 0 && strspn(id, good) >= len;
}

static void check_segments(struct reader *reader, int line, const char *segments) {
  while (*segments != '\0') {
    size_t len = strcspn(segments, ";");
    if (!is_segment(reader->file, segments, len)) {
      complain(reader, line, "unknown segment \"%.*s\"", (int)(len < 100 ? len : 100), segments);
    }
    segments += len;
    if (*segments == ';') segments++;
  }
}

static void check_institution(struct reader *reader, const struct round_file_institution *entry) {
  static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
  const char *number = entry->registration_number;
  if (*entry->name == '\0') complain(reader, entry->line, "the institution has no name");
  if (strspn(number, good) != strlen(number) || strlen(number) > 32) {
    complain(reader, entry->line, "\"%.100s\" is not a registration number; it has digits only", number);
  }
  check_segments(reader, entry->line, entry->segments);
}

static struct round_file_institution *add(struct reader *reader) {
  if (reader->count == reader->cap) {
    size_t cap = reader->cap > 0 ? reader->cap * 2 : 128;
    struct round_file_institution *list = arena_array(reader->arena, cap, sizeof *list);
    if (reader->count > 0) memcpy(list, reader->list, reader->count * sizeof *list);
    reader->list = list;
    reader->cap = cap;
  }
  return &reader->list[reader->count++];
}

static bool read_row(void *context, const struct csv_row *row, struct err *err) {
  (void)err;
  struct reader *reader = context;
  if (reader->cell_count == 0) {
    read_header(reader, row);
    return true;
  }
  if (row->count != reader->cell_count) {
    complain(reader, row->line, "the line has %d cells, the header %d", row->count, reader->cell_count);
    return true;
  }
  struct round_file_institution *entry = add(reader);
  entry->line = row->line;
  entry->name = read_cell(reader, row, COLUMN_NAME);
  entry->registration_number = read_cell(reader, row, COLUMN_NUMBER);
  entry->abbreviation = read_cell(reader, row, COLUMN_ABBREVIATION);
  entry->kind = read_cell(reader, row, COLUMN_KIND);
  entry->sector = read_cell(reader, row, COLUMN_SECTOR);
  entry->segments = read_cell(reader, row, COLUMN_SEGMENTS);
  entry->status = read_cell(reader, row, COLUMN_STATUS);
  entry->comment = read_cell(reader, row, COLUMN_COMMENT);
  if (reader->at[COLUMN_NAME] >= 0) check_institution(reader, entry);
  return true;
}

/* What tells an institution from the others. */
static const char *key_of(const struct round_file_institution *entry) {
  return *entry->registration_number != '\0' ? entry->registration_number : entry->name;
}

static int compare(const void *a, const void *b) {
  const struct round_file_institution *const *left = a, *const *right = b;
  int order = strcmp(key_of(*left), key_of(*right));
  return order != 0 ? order : (*left)->line - (*right)->line;
}

static void check_twice(struct reader *reader) {
  const struct round_file_institution **sorted = arena_array(reader->arena, reader->count, sizeof *sorted);
  for (size_t i = 0; i < reader->count; i++) sorted[i] = &reader->list[i];
  if (reader->count > 0) qsort(sorted, reader->count, sizeof *sorted, compare);
  for (size_t i = 1; i < reader->count; i++) {
    if (*key_of(sorted[i]) == '\0' || strcmp(key_of(sorted[i - 1]), key_of(sorted[i])) != 0) continue;
    complain(reader, sorted[i]->line, "%s \"%.100s\" is in line %d already",
             *sorted[i]->registration_number != '\0' ? "registration number" : "the institution", key_of(sorted[i]),
             sorted[i - 1]->line);
  }
}

bool institutions_file_load(struct round_file *file, struct arena *arena, struct err *err) {
  struct reader reader = {.file = file, .arena = arena};
  struct buf text = {0};
  bool ok = file_read(file->institutions_path, FILE_MAX, &text, err) &&
            csv_read(buf_text(&text), text.len, csv_guess_separator(buf_text(&text), text.len),
                     file->institutions_path, read_row, &reader, err);
  buf_free(&text);
  if (!ok) return false;
  if (reader.cell_count == 0) complain(&reader, 1, "the file is empty; it must begin with a header");
  check_twice(&reader);
  file->institutions = reader.list;
  file->institution_count = reader.count;
  if (reader.fault_count == 0) return true;
  const struct err *first = &reader.first;
  if (reader.fault_count == 1) return err_set_at(err, ERR_INPUT, first->where, first->line, 1, "%s", first->text);
  return err_set_at(err, ERR_INPUT, first->where, first->line, 1, "%s (and %d more)", first->text,
                    reader.fault_count - 1);
}
