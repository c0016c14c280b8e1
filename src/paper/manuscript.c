#include "paper/manuscript.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/utf8.h"

#define BLOCK_BYTES_MAX (64u << 20)
#define REPLACEMENT "\xEF\xBF\xBD"
#define DOTTED_CIRCLE "\xE2\x97\x8C"
#define STACK_MAX 6 /* marks on one letter; every language needs fewer */

/* In the file: kind, number of values, number of texts, bytes of all texts; the values; the texts, each with its NUL. */
struct header {
  int32_t kind, value_count, text_count;
  uint32_t bytes;
};

struct manuscript {
  FILE *file;
};

static bool fail(struct err *err, const char *action) {
  int number = errno;
  bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  return err_set(err, full ? ERR_FULL : ERR_SYSTEM, "cannot %s a temporary file: %s", action, strerror(number));
}

struct manuscript *manuscript_new(struct err *err) {
  int file = file_temporary(err);
  if (file < 0) return NULL;
  struct manuscript *manuscript = calloc(1, sizeof *manuscript);
  if (manuscript == NULL) log_out_of_memory();
  manuscript->file = fdopen(file, "w+");
  if (manuscript->file == NULL) log_out_of_memory();
  return manuscript;
}

void manuscript_free(struct manuscript *manuscript) {
  if (manuscript == NULL) return;
  fclose(manuscript->file);
  free(manuscript);
}

int manuscript_finish(struct manuscript *manuscript, struct err *err) {
  int file = -1;
  errno = ENOSPC; /* when a write failed earlier, this is what it can have been */
  if (ferror(manuscript->file) || fflush(manuscript->file) != 0) {
    fail(err, "write");
    goto out;
  }
  file = fcntl(fileno(manuscript->file), F_DUPFD_CLOEXEC, 0);
  if (file < 0 || lseek(file, 0, SEEK_SET) != 0) fail(err, "read");
out:
  manuscript_free(manuscript);
  return file;
}

static void put(struct manuscript *manuscript, enum block_kind kind, const int *values, int value_count,
                const char *const *texts, int text_count) {
  struct header header = {.kind = (int32_t)kind, .value_count = value_count, .text_count = text_count};
  for (int i = 0; i < text_count; i++) header.bytes += (uint32_t)strlen(texts[i]) + 1;
  assert(header.bytes <= BLOCK_BYTES_MAX);
  fwrite(&header, sizeof header, 1, manuscript->file);
  if (value_count > 0) fwrite(values, sizeof *values, (size_t)value_count, manuscript->file);
  for (int i = 0; i < text_count; i++) fwrite(texts[i], 1, strlen(texts[i]) + 1, manuscript->file);
}

static void put_one(struct manuscript *manuscript, enum block_kind kind, int value, const char *text) {
  put(manuscript, kind, &value, 1, &text, 1);
}

static void put_bare(struct manuscript *manuscript, enum block_kind kind, int value) {
  put(manuscript, kind, &value, 1, NULL, 0);
}

void manuscript_start(struct manuscript *manuscript, const struct manuscript_about *about) {
  const char *const texts[MANUSCRIPT_ABOUT_TEXTS] = {about->title,      about->author, about->language,
                                                     about->created,    about->head_left, about->head_right,
                                                     about->foot,       about->page_of, about->watermark};
  put(manuscript, BLOCK_START, NULL, 0, texts, MANUSCRIPT_ABOUT_TEXTS);
}

void manuscript_heading(struct manuscript *manuscript, int level, const char *text) {
  put_one(manuscript, BLOCK_HEADING, level, text);
}

void manuscript_text(struct manuscript *manuscript, enum manuscript_style style, const char *text) {
  put_one(manuscript, BLOCK_TEXT, (int)style, text);
}

void manuscript_contents(struct manuscript *manuscript, const char *text) {
  put_one(manuscript, BLOCK_CONTENTS, 0, text);
}

void manuscript_table(struct manuscript *manuscript, bool ruled, const struct manuscript_column *columns, int count,
                      const char *const *headings) {
  int values[1 + 2 * MANUSCRIPT_COLUMNS_MAX] = {ruled};
  assert(count > 0 && count <= MANUSCRIPT_COLUMNS_MAX);
  for (int i = 0; i < count; i++) {
    values[1 + 2 * i] = (int)columns[i].align;
    values[2 + 2 * i] = columns[i].width;
  }
  put(manuscript, BLOCK_TABLE, values, 1 + 2 * count, headings, headings != NULL ? count : 0);
}

void manuscript_row(struct manuscript *manuscript, const char *const *cells, int count) {
  put(manuscript, BLOCK_ROW, NULL, 0, cells, count);
}

void manuscript_end_table(struct manuscript *manuscript) { put_bare(manuscript, BLOCK_TABLE_END, 0); }
void manuscript_keep(struct manuscript *manuscript) { put_bare(manuscript, BLOCK_KEEP, 0); }
void manuscript_end_keep(struct manuscript *manuscript) { put_bare(manuscript, BLOCK_KEEP_END, 0); }
void manuscript_space(struct manuscript *manuscript, int points) { put_bare(manuscript, BLOCK_SPACE, points); }

/* Line and paragraph separators, and the next-line control, end lines too. */
static bool ends_line(unsigned character) {
  return character == '\n' || character == 0x85 || character == 0x2028 || character == 0x2029;
}

static bool is_unprintable(unsigned character) {
  return character < ' ' || (character >= 0x7F && character < 0xA0) || (character & 0xFFFE) == 0xFFFE ||
         (character >= 0xFDD0 && character <= 0xFDEF);
}

/* Marks that stand above or below a letter, each on the one before it. */
static bool is_stacking(unsigned character) {
  static const unsigned ranges[][2] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05C7}, {0x0610, 0x061A},
                                       {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06ED}, {0x0E31, 0x0E3A},
                                       {0x0E47, 0x0E4E}, {0x0EB1, 0x0ECD}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                                       {0x20D0, 0x20FF}, {0xFE20, 0xFE2F}};
  for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
    if (character >= ranges[i][0] && character <= ranges[i][1]) return true;
  return false;
}

void manuscript_clean(const char *text, struct buf *out) {
  size_t len = strlen(text), at = 0;
  int stack = 0;
  while (at < len) {
    size_t start = at;
    unsigned character = utf8_next(text, len, &at);
    stack = is_stacking(character) ? stack + 1 : 0;
    if (stack > STACK_MAX) {
      buf_puts(out, DOTTED_CIRCLE);
      stack = 1;
    }
    if (character == '\r') {
      if (text[at] != '\n') buf_putc(out, '\n');
    } else if (ends_line(character)) {
      buf_putc(out, '\n');
    } else if (character == '\t') {
      buf_putc(out, ' ');
    } else if (is_unprintable(character)) {
      buf_puts(out, REPLACEMENT);
    } else {
      buf_add(out, text + start, at - start);
    }
  }
}

/* ---- reading */

struct manuscript_reader {
  FILE *file;
  struct buf texts;
  int values[1 + 2 * MANUSCRIPT_COLUMNS_MAX];
  const char *list[MANUSCRIPT_COLUMNS_MAX];
};

struct manuscript_reader *manuscript_open(int file, struct err *err) {
  int own = fcntl(file, F_DUPFD_CLOEXEC, 0);
  FILE *stream = own < 0 ? NULL : fdopen(own, "r");
  if (stream == NULL) {
    fail(err, "read");
    return NULL;
  }
  struct manuscript_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) log_out_of_memory();
  reader->file = stream;
  return reader;
}

void manuscript_close(struct manuscript_reader *reader) {
  if (reader == NULL) return;
  fclose(reader->file);
  buf_free(&reader->texts);
  free(reader);
}

bool manuscript_rewind(struct manuscript_reader *reader, struct err *err) {
  return fseek(reader->file, 0, SEEK_SET) == 0 || fail(err, "read");
}

static bool is_sound(const struct header *header) {
  return header->kind >= BLOCK_START && header->kind <= BLOCK_SPACE && header->value_count >= 0 &&
         header->value_count <= 1 + 2 * MANUSCRIPT_COLUMNS_MAX && header->text_count >= 0 &&
         header->text_count <= MANUSCRIPT_COLUMNS_MAX && header->bytes <= BLOCK_BYTES_MAX;
}

/* The texts of the block into the list; false when they are not as many as it says, or no UTF-8. */
static bool split(struct manuscript_reader *reader, int count) {
  const char *at = buf_text(&reader->texts), *end = at + reader->texts.len;
  for (int i = 0; i < count; i++) {
    size_t len = at < end ? strlen(at) : 0;
    if (at + len >= end || !utf8_check(at, len, NULL)) return false;
    reader->list[i] = at;
    at += len + 1;
  }
  return at == end;
}

bool manuscript_next(struct manuscript_reader *reader, struct block *out, struct err *err) {
  struct header header;
  size_t got = fread(&header, 1, sizeof header, reader->file);
  if (got == 0 && feof(reader->file)) return false;
  if (got != sizeof header || !is_sound(&header)) goto bad;
  size_t value_count = (size_t)header.value_count;
  if (fread(reader->values, sizeof *reader->values, value_count, reader->file) != value_count) goto bad;
  buf_reset(&reader->texts);
  char *room = buf_reserve(&reader->texts, header.bytes);
  if (fread(room, 1, header.bytes, reader->file) != header.bytes) goto bad;
  room[header.bytes] = '\0';
  reader->texts.len = header.bytes;
  if (!split(reader, header.text_count)) goto bad;
  *out = (struct block){.kind = (enum block_kind)header.kind, .values = reader->values,
                        .value_count = header.value_count, .texts = reader->list, .text_count = header.text_count};
  return true;
bad:
  return err_set(err, ERR_INPUT, "this is no manuscript of anketa");
}
