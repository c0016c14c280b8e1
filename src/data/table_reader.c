#include "data/table_reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"
#include "data/xlsx_reader.h"

#define STEP ((size_t)64 << 10)
#define HIGH_RUN_MAX 3 /* letters outside of ASCII in a row: Latvian words have no more, Russian ones do */

const char *table_fault_name(enum table_fault fault) {
  static const char *const names[TABLE_FAULTS] = {"ok",  "empty",     "unknown", "encoding", "quotes",
                                                  "old", "encrypted", "broken",  "too_large"};
  return names[fault];
}

void table_column(int column, struct buf *out) {
  char letters[8];
  int at = sizeof letters;
  for (column++; column > 0; column = (column - 1) / 26) letters[--at] = (char)('A' + (column - 1) % 26);
  buf_add(out, letters + at, sizeof letters - (size_t)at);
}

void table_place(const struct table_info *info, int line, int column, struct buf *out) {
  if (!info->is_workbook) {
    buf_printf(out, "line %d", line);
    return;
  }
  buf_printf(out, "sheet %s, %s ", info->sheet, column >= 0 ? "cell" : "row");
  if (column >= 0) table_column(column, out);
  buf_printf(out, "%d", line);
}

static bool fail(struct table_info *info, enum table_fault fault, int line, const char *text, struct err *err) {
  info->fault = fault;
  info->line = line;
  return err_set_at(err, fault == TABLE_TOO_LARGE ? ERR_TOO_LARGE : ERR_INPUT, "", line, 0, "%s", text);
}

/* ---- what encoding a text has */

/* The characters of the bytes from 128 on, 0 where there is none. */
static const unsigned short windows_1257[128] = {
    0x20AC, 0x0000, 0x201A, 0x0000, 0x201E, 0x2026, 0x2020, 0x2021, 0x0000, 0x2030, 0x0000, 0x2039,
    0x0000, 0x00A8, 0x02C7, 0x00B8, 0x0000, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x0000, 0x2122, 0x0000, 0x203A, 0x0000, 0x00AF, 0x02DB, 0x0000, 0x00A0, 0x0000, 0x00A2, 0x00A3,
    0x00A4, 0x0000, 0x00A6, 0x00A7, 0x00D8, 0x00A9, 0x0156, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x00C6,
    0x00B0, 0x00B1, 0x00B2, 0x00B3, 0x00B4, 0x00B5, 0x00B6, 0x00B7, 0x00F8, 0x00B9, 0x0157, 0x00BB,
    0x00BC, 0x00BD, 0x00BE, 0x00E6, 0x0104, 0x012E, 0x0100, 0x0106, 0x00C4, 0x00C5, 0x0118, 0x0112,
    0x010C, 0x00C9, 0x0179, 0x0116, 0x0122, 0x0136, 0x012A, 0x013B, 0x0160, 0x0143, 0x0145, 0x00D3,
    0x014C, 0x00D5, 0x00D6, 0x00D7, 0x0172, 0x0141, 0x015A, 0x016A, 0x00DC, 0x017B, 0x017D, 0x00DF,
    0x0105, 0x012F, 0x0101, 0x0107, 0x00E4, 0x00E5, 0x0119, 0x0113, 0x010D, 0x00E9, 0x017A, 0x0117,
    0x0123, 0x0137, 0x012B, 0x013C, 0x0161, 0x0144, 0x0146, 0x00F3, 0x014D, 0x00F5, 0x00F6, 0x00F7,
    0x0173, 0x0142, 0x015B, 0x016B, 0x00FC, 0x017C, 0x017E, 0x02D9,
};

static bool is_letter(unsigned character) { return character >= 0xC0 && character != 0xD7 && character != 0xF7 && character < 0x180; }

static bool is_latvian(unsigned character) {
  static const unsigned short letters[] = {0x100, 0x101, 0x10C, 0x10D, 0x112, 0x113, 0x122, 0x123, 0x12A, 0x12B, 0x136, 0x137,
                                           0x13B, 0x13C, 0x145, 0x146, 0x14C, 0x14D, 0x156, 0x157, 0x160, 0x161, 0x16A, 0x16B,
                                           0x17D, 0x17E};
  for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
    if (letters[i] == character) return true;
  }
  return false;
}

/* What a walk over the bytes has found. */
struct look {
  bool utf8, nul, undefined; /* undefined: a byte that Windows-1257 has not */
  size_t len, latvian, other;
  int run, longest_run;
  char tail[4]; /* the begin of a character whose rest is in the next piece */
  size_t tail_len;
};

static void look_at_bytes(struct look *look, const char *bytes, size_t len) {
  look->len += len;
  for (size_t i = 0; i < len; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    if (byte == 0) look->nul = true;
    unsigned character = byte >= 128 ? windows_1257[byte - 128] : 0;
    if (byte >= 128 && character == 0) look->undefined = true;
    bool letter = is_letter(character);
    if (letter) *(is_latvian(character) ? &look->latvian : &look->other) += 1;
    look->run = letter ? look->run + 1 : 0;
    if (look->run > look->longest_run) look->longest_run = look->run;
  }
}

/* bytes has room for the tail before it. */
static void look_at_utf8(struct look *look, char *bytes, size_t len, bool last) {
  size_t bad;
  if (!look->utf8) return;
  bytes -= look->tail_len;
  len += look->tail_len;
  memcpy(bytes, look->tail, look->tail_len);
  look->tail_len = 0;
  if (utf8_check(bytes, len, &bad)) return;
  look->utf8 = !last && len - bad < 4;
  look->tail_len = look->utf8 ? len - bad : 0;
  memcpy(look->tail, bytes + bad, look->tail_len);
}

static bool is_windows_1257(const struct look *look) {
  return !look->undefined && look->latvian > 0 && look->latvian >= look->other && look->longest_run <= HIGH_RUN_MAX;
}

/* The encoding, NULL with info->fault when it is none of ours. */
static const char *find_encoding(FILE *file, struct table_info *info, struct err *err) {
  char room[4 + STEP], *bytes = room + 4;
  struct look look = {.utf8 = true};
  size_t got;
  while ((got = fread(bytes, 1, STEP, file)) > 0) {
    if (look.len == 0 && got >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) return "UTF-16";
    look_at_bytes(&look, bytes, got);
    look_at_utf8(&look, bytes, got, false);
  }
  look_at_utf8(&look, bytes, 0, true);
  if (ferror(file)) err_set(err, ERR_SYSTEM, "could not be read: %s", strerror(errno));
  else if (look.nul) fail(info, TABLE_UNKNOWN, 0, "this is neither a text nor a workbook", err);
  else if (look.utf8) return "UTF-8";
  else if (is_windows_1257(&look)) return "Windows-1257";
  else fail(info, TABLE_ENCODING, 0, "this is neither UTF-8 nor Windows-1257 text; save the file as UTF-8", err);
  return NULL;
}

/* ---- making UTF-8 of it */

static void put_character(FILE *out, unsigned c) {
  if (c < 0x80) {
    putc((int)c, out);
  } else if (c < 0x800) {
    putc((int)(0xC0 | c >> 6), out);
    putc((int)(0x80 | (c & 0x3F)), out);
  } else if (c < 0x10000) {
    putc((int)(0xE0 | c >> 12), out);
    putc((int)(0x80 | (c >> 6 & 0x3F)), out);
    putc((int)(0x80 | (c & 0x3F)), out);
  } else {
    putc((int)(0xF0 | c >> 18), out);
    putc((int)(0x80 | (c >> 12 & 0x3F)), out);
    putc((int)(0x80 | (c >> 6 & 0x3F)), out);
    putc((int)(0x80 | (c & 0x3F)), out);
  }
}

static void convert_1257(FILE *in, FILE *out) {
  for (int byte; (byte = getc(in)) != EOF;) put_character(out, byte < 128 ? (unsigned)byte : windows_1257[byte - 128]);
}

/* A unit of UTF-16; false at the end. */
static bool next_unit(FILE *in, bool big, unsigned *unit, bool *whole) {
  int first = getc(in), second = getc(in);
  *whole = first == EOF || second != EOF;
  if (second == EOF) return false;
  *unit = big ? (unsigned)first << 8 | (unsigned)second : (unsigned)second << 8 | (unsigned)first;
  return true;
}

static bool convert_utf16(FILE *in, FILE *out) {
  unsigned unit, low;
  bool whole, big = getc(in) == 0xFE;
  getc(in);
  while (next_unit(in, big, &unit, &whole)) {
    if (unit == 0 || (unit & 0xFC00) == 0xDC00) return false;
    if ((unit & 0xFC00) == 0xD800) {
      if (!next_unit(in, big, &low, &whole) || (low & 0xFC00) != 0xDC00) return false;
      unit = 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF);
    }
    put_character(out, unit);
  }
  return whole;
}

/* The text as UTF-8 in a file of its own, NULL with err. */
static FILE *convert(FILE *in, struct table_info *info, struct err *err) {
  int descriptor = file_temporary(err);
  FILE *out = descriptor >= 0 ? fdopen(descriptor, "w+b") : NULL;
  if (out == NULL) {
    if (descriptor >= 0) close(descriptor);
    err_set(err, ERR_SYSTEM, "no temporary file: %s", strerror(errno));
    return NULL;
  }
  bool ok = true;
  if (strcmp(info->encoding, "UTF-16") == 0) {
    ok = convert_utf16(in, out) || fail(info, TABLE_ENCODING, 0, "this is broken UTF-16 text; save the file as UTF-8", err);
  } else {
    convert_1257(in, out);
  }
  if (ok && (ferror(in) || fflush(out) != 0 || ferror(out)))
    ok = err_set(err, errno == ENOSPC || errno == EFBIG ? ERR_FULL : ERR_SYSTEM, "could not be converted: %s", strerror(errno));
  if (!ok) {
    fclose(out);
    return NULL;
  }
  rewind(out);
  return out;
}

/* ---- reading */

/* What the caller's function has refused is not the file's fault. */
struct relay {
  csv_row_fn *row;
  void *context;
  bool any, refused;
};

static bool relay_row(void *context, const struct csv_row *row, struct err *err) {
  struct relay *relay = context;
  bool filled = false;
  for (int i = 0; i < row->count && !filled; i++) filled = row->cells[i][strspn(row->cells[i], " \t\r\n")] != '\0';
  if (!filled) return true;
  relay->any = true;
  relay->refused = !relay->row(relay->context, row, err);
  return !relay->refused;
}

static bool read_text(FILE *file, struct relay *relay, struct table_info *info, struct err *err) {
  struct err own = {0};
  info->encoding = find_encoding(file, info, err);
  if (info->encoding == NULL) return false;
  rewind(file);
  FILE *text = strcmp(info->encoding, "UTF-8") == 0 ? file : convert(file, info, err);
  if (text == NULL) return false;
  bool ok = csv_read_stream(text, "", relay_row, relay, &own);
  if (text != file) fclose(text);
  if (!ok && !relay->refused && own.code == ERR_INPUT) return fail(info, TABLE_QUOTES, own.line, own.text, err);
  if (!ok && !relay->refused && own.code == ERR_TOO_LARGE) return fail(info, TABLE_TOO_LARGE, own.line, own.text, err);
  return ok || err_set_at(err, own.code, own.where, own.line, own.column, "%s", own.text);
}

static bool read_file(FILE *file, const char *path, struct relay *relay, struct table_info *info, struct err *err) {
  char magic[8] = {0};
  size_t got = fread(magic, 1, sizeof magic, file);
  rewind(file);
  if (got == 0) return fail(info, TABLE_EMPTY, 0, "the file is empty", err);
  if (memcmp(magic, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0)
    return fail(info, TABLE_OLD, 0, "an old workbook (XLS) or one with a password; save it as XLSX without one", err);
  info->is_workbook = memcmp(magic, "PK\3\4", 4) == 0 || memcmp(magic, "PK\5\6", 4) == 0;
  return info->is_workbook ? xlsx_read_rows(path, relay_row, relay, info, err) : read_text(file, relay, info, err);
}

bool table_read(const char *path, csv_row_fn *row, void *context, struct table_info *info, struct err *err) {
  struct relay relay = {.row = row, .context = context};
  *info = (struct table_info){.encoding = ""};
  FILE *file = fopen(path, "rb");
  if (file == NULL) return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "%s: %s", path, strerror(errno));
  bool ok = read_file(file, path, &relay, info, err);
  fclose(file);
  if (relay.refused) info->fault = TABLE_OK;
  if (ok && !relay.any) return fail(info, TABLE_EMPTY, 0, "the table is empty", err);
  return ok;
}
