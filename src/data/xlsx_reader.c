#include "data/xlsx_reader.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "base/utf8.h"
#include "data/archive.h"
#include "data/xml.h"

#define FORMATS_MAX 65536   /* cell formats of a workbook; Excel has as many */
#define STRINGS_MAX 4000000 /* shared ones */
#define RELATIONS_MAX 2000
#define ROWS_MAX 1048576    /* of a sheet in Excel */

/* ---- numbers and dates */

/* Letters of dates and of clocks in a format's code, outside of quotes, brackets and escapes; only its first part. */
enum xlsx_format xlsx_format_of(int id, const char *code) {
  if (code == NULL) {
    bool date = (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58);
    bool clock = (id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47);
    return date ? XLSX_DAY : clock ? XLSX_CLOCK : XLSX_NUMBER;
  }
  bool date = false, clock = false;
  for (const char *c = code; *c != '\0' && *c != ';'; c++) {
    if (*c == '"') c += strcspn(c + 1, "\"") + 1;
    else if (*c == '[' && c[1 + strspn(c + 1, "hmsHMS")] == ']') clock = true;
    else if (*c == '[') c += strcspn(c, "]");
    else if ((*c == '\\' || *c == '_' || *c == '*') && c[1] != '\0') c++;
    else if (strchr("yd", *c | 32) != NULL) date = true;
    else if (strchr("hs", *c | 32) != NULL) clock = true;
    else if ((*c | 32) == 'm' && (c[1] | 32) == 'm' && (c[2] | 32) == 'm') date = true;
    if (*c == '\0') break;
  }
  return date ? XLSX_DAY : clock ? XLSX_CLOCK : XLSX_NUMBER;
}

/* The Gregorian day of days since 1970-01-01 (Howard Hinnant's algorithm). */
static void put_day(long long days, struct buf *out) {
  days += 719468;
  long long era = days / 146097, in_era = days - era * 146097;
  long long year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
  long long in_year = in_era - (365 * year + year / 4 - year / 100), month = (5 * in_year + 2) / 153;
  long long day = in_year - (153 * month + 2) / 5 + 1;
  month += month < 10 ? 3 : -9;
  buf_printf(out, "%04lld-%02lld-%02lld", year + era * 400 + (month <= 2), month, day);
}

static void put_clock(long long seconds, struct buf *out) {
  buf_printf(out, "%02lld:%02lld", seconds / 3600, seconds / 60 % 60);
  if (seconds % 60 != 0) buf_printf(out, ":%02lld", seconds % 60);
}

/* Days are counted from 1900 as if that year had a 29 February, or from 1904. */
static void put_date(double value, bool since_1904, struct buf *out) {
  long long seconds = llround(value * 86400), days = seconds / 86400;
  seconds -= days * 86400;
  long long epoch = since_1904 ? -24107 : days < 60 ? -25568 : -25569;
  put_day(days + epoch, out);
  if (seconds != 0) {
    buf_putc(out, ' ');
    put_clock(seconds, out);
  }
}

static void put_plain(double value, struct buf *out) {
  char text[400];
  if (fabs(value) < 1e15 && value == floor(value)) {
    snprintf(text, sizeof text, "%.0f", value == 0 ? 0.0 : value);
  } else {
    snprintf(text, sizeof text, "%.15g", value);
    const char *exponent = strchr(text, 'e');
    long power = exponent != NULL ? strtol(exponent + 1, NULL, 10) : 0;
    if (power > 0 && power < 30) snprintf(text, sizeof text, "%.0f", value);
    if (power < 0 && power > -30) snprintf(text, sizeof text, "%.*f", (int)(14 - power), value);
    if (power < 0 && power > -30) {
      size_t len = strlen(text);
      while (len > 1 && text[len - 1] == '0') text[--len] = '\0';
    }
  }
  buf_puts(out, text);
}

void xlsx_show_number(const char *text, enum xlsx_format format, bool since_1904, struct buf *out) {
  char *end;
  double value = strtod(text, &end);
  if (end == text || *end != '\0' || !isfinite(value)) {
    buf_puts(out, text);
  } else if (format == XLSX_DAY && value >= 1 && value < 2958466) {
    put_date(value, since_1904, out);
  } else if (format != XLSX_NUMBER && value >= 0 && value < 1) {
    put_clock(llround(value * 86400) % 86400, out);
  } else {
    put_plain(value, out);
  }
}

/* ---- the workbook */

/* Texts that many cells share, in a file, since there may be any number of them. */
struct strings {
  FILE *texts, *ends; /* the texts one behind the other; where each ends */
  uint64_t len;
  size_t count;
  const char *text_map; /* once they are all there */
  const uint64_t *end_map;
};

struct relation {
  const char *id, *type, *target;
};

struct reading {
  struct archive *archive;
  struct arena *arena, *row_arena;
  struct table_info *info;
  csv_row_fn *row;
  void *context;
  struct xml *xml; /* of the part under way */

  struct relation relations[RELATIONS_MAX];
  size_t relation_count;
  const char *sheet_id; /* relation of the first sheet */
  bool since_1904;

  unsigned char *formats; /* enum xlsx_format by cell style */
  int format_count;
  struct {
    int id;
    enum xlsx_format format;
  } *own_formats;
  int own_count;
  bool in_cell_formats;

  struct strings strings;

  struct buf text; /* of the element under way */
  bool takes_text, in_item, in_phonetic;

  const char **cells;
  int cell_cap, count;     /* count: up to the last one that is not empty */
  int header_count;        /* of the first row */
  int line, column;
  size_t row_len;
  char type[12];           /* of the cell */
  int style;
  bool in_row, in_value, in_data;
};

static bool add_text(struct reading *reading, const char *bytes, size_t len, struct err *err) {
  if (reading->text.len + len > XLSX_READER_TEXT_MAX) return err_set(err, ERR_TOO_LARGE, "a cell with too long a text");
  buf_add(&reading->text, bytes, len);
  return true;
}

static bool take_text(void *context, const char *bytes, size_t len, struct err *err) {
  struct reading *reading = context;
  return !reading->takes_text || add_text(reading, bytes, len, err);
}

static bool feed(void *context, const char *bytes, size_t len, struct err *err) {
  struct reading *reading = context;
  return xml_feed(reading->xml, bytes, len, false, err);
}

/* Reads one part of the workbook. */
static bool read_part(struct reading *reading, const char *name, const struct xml_reader *reader, struct err *err) {
  reading->xml = xml_new(reader, reading);
  bool ok = archive_read(reading->archive, name, feed, reading, err) && xml_feed(reading->xml, "", 0, true, err);
  xml_free(reading->xml);
  reading->xml = NULL;
  return ok;
}

static bool end_nothing(void *context, const char *name, struct err *err) {
  (void)context, (void)name, (void)err;
  return true;
}

static int number_of(const char *text, int otherwise) {
  char *end;
  if (text == NULL) return otherwise;
  long value = strtol(text, &end, 10);
  return end != text && *end == '\0' && value >= 0 && value < (1 << 30) ? (int)value : otherwise;
}

static bool ends_with(const char *text, const char *end) {
  size_t len = strlen(text), end_len = strlen(end);
  return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static bool take_relation(void *context, const char *name, const char *const *attributes, struct err *err) {
  struct reading *reading = context;
  const char *id = xml_attribute(attributes, "Id"), *type = xml_attribute(attributes, "Type");
  const char *target = xml_attribute(attributes, "Target");
  if (strcmp(name, "Relationship") != 0 || id == NULL || type == NULL || target == NULL) return true;
  if (reading->relation_count == RELATIONS_MAX) return err_set(err, ERR_TOO_LARGE, "a workbook of too many parts");
  reading->relations[reading->relation_count++] = (struct relation){
      arena_copy(reading->arena, id), arena_copy(reading->arena, type), arena_copy(reading->arena, target)};
  return true;
}

/* The entry that a relation of a part in this folder leads to. */
static const char *resolve(struct reading *reading, const char *folder, const char *target) {
  if (target[0] == '/') return target + 1;
  size_t len = strlen(folder);
  while (strncmp(target, "../", 3) == 0 || strncmp(target, "./", 2) == 0) {
    bool up = target[1] == '.';
    target += up ? 3 : 2;
    if (up && len > 0) len--;
    while (up && len > 0 && folder[len - 1] != '/') len--;
  }
  return arena_printf(reading->arena, "%.*s%s", (int)len, folder, target);
}

static const char *find_relation(struct reading *reading, const char *folder, const char *id, const char *type) {
  for (size_t i = 0; i < reading->relation_count; i++) {
    const struct relation *relation = &reading->relations[i];
    bool found = id != NULL ? strcmp(relation->id, id) == 0 : ends_with(relation->type, type);
    if (found) return resolve(reading, folder, relation->target);
  }
  return NULL;
}

static bool take_workbook(void *context, const char *name, const char *const *attributes, struct err *err) {
  struct reading *reading = context;
  (void)err;
  if (strcmp(name, "workbookPr") == 0) {
    const char *since = xml_attribute(attributes, "date1904");
    reading->since_1904 = since != NULL && (strcmp(since, "1") == 0 || strcmp(since, "true") == 0);
  }
  if (strcmp(name, "sheet") != 0) return true;
  const char *id = xml_attribute(attributes, "id"), *title = xml_attribute(attributes, "name");
  const char *state = xml_attribute(attributes, "state");
  if (id == NULL || title == NULL || (state != NULL && strcmp(state, "visible") != 0)) return true;
  if (reading->info->sheet_count++ > 0) return true;
  reading->sheet_id = arena_copy(reading->arena, id);
  size_t len = utf8_cut(title, strlen(title), TABLE_SHEET_MAX);
  memcpy(reading->info->sheet, title, len);
  reading->info->sheet[len] = '\0';
  return true;
}

/* ---- formats */

static enum xlsx_format format_by_id(const struct reading *reading, int id) {
  for (int i = 0; i < reading->own_count; i++) {
    if (reading->own_formats[i].id == id) return reading->own_formats[i].format;
  }
  return xlsx_format_of(id, NULL);
}

static void add_own_format(struct reading *reading, int id, const char *code) {
  enum { MOST = 1000 };
  if (reading->own_formats == NULL) reading->own_formats = arena_array(reading->arena, MOST, sizeof *reading->own_formats);
  if (reading->own_count == MOST) return;
  reading->own_formats[reading->own_count].id = id;
  reading->own_formats[reading->own_count++].format = xlsx_format_of(id, code);
}

static bool start_style(void *context, const char *name, const char *const *attributes, struct err *err) {
  struct reading *reading = context;
  (void)err;
  int id = number_of(xml_attribute(attributes, "numFmtId"), 0);
  const char *code = xml_attribute(attributes, "formatCode");
  if (strcmp(name, "numFmt") == 0 && code != NULL) add_own_format(reading, id, code);
  if (strcmp(name, "cellXfs") == 0) reading->in_cell_formats = true;
  if (!reading->in_cell_formats || strcmp(name, "xf") != 0) return true;
  if (reading->formats == NULL) reading->formats = arena_alloc(reading->arena, FORMATS_MAX);
  if (reading->format_count < FORMATS_MAX) reading->formats[reading->format_count++] = (unsigned char)format_by_id(reading, id);
  return true;
}

static bool end_style(void *context, const char *name, struct err *err) {
  struct reading *reading = context;
  (void)err;
  if (strcmp(name, "cellXfs") == 0) reading->in_cell_formats = false;
  return true;
}

/* ---- shared texts */

static FILE *open_temporary(struct err *err) {
  int descriptor = file_temporary(err);
  FILE *file = descriptor >= 0 ? fdopen(descriptor, "w+b") : NULL;
  if (file != NULL) return file;
  if (descriptor >= 0) close(descriptor);
  err_set(err, ERR_SYSTEM, "no temporary file: %s", strerror(errno));
  return NULL;
}

/* XML cannot have every character: _x000D_ stands for one. Others that control are no part of a text. */
static void unescape(struct buf *text) {
  size_t to = 0;
  for (size_t from = 0; from < text->len; from++) {
    char *at = text->data + from;
    char c = *at;
    if (c == '_' && text->len - from >= 7 && at[1] == 'x' && at[6] == '_' && strspn(at + 2, "0123456789ABCDEFabcdef") >= 4) {
      unsigned long value = strtoul((char[]){at[2], at[3], at[4], at[5], '\0'}, NULL, 16);
      if (value < 0x80) {
        c = (char)value;
        from += 6;
      }
    }
    if (((unsigned char)c >= ' ' && c != 0x7F) || c == '\n' || c == '\t') text->data[to++] = c;
  }
  text->len = to;
  if (text->data != NULL) text->data[to] = '\0';
}

static bool store_string(struct reading *reading, struct err *err) {
  struct strings *strings = &reading->strings;
  if (strings->count == STRINGS_MAX) return err_set(err, ERR_TOO_LARGE, "more than %d texts", STRINGS_MAX);
  unescape(&reading->text);
  strings->len += reading->text.len;
  strings->count++;
  bool ok = fwrite(buf_text(&reading->text), 1, reading->text.len, strings->texts) == reading->text.len &&
            fwrite(&strings->len, sizeof strings->len, 1, strings->ends) == 1;
  return ok || err_set(err, errno == ENOSPC || errno == EFBIG ? ERR_FULL : ERR_SYSTEM, "a temporary file: %s", strerror(errno));
}

/* An item (si, is) has its text in t, or in runs that have each a t; what helps to pronounce it is no part of it. */
static void start_item_part(struct reading *reading, const char *name) {
  if (strcmp(name, "rPh") == 0) reading->in_phonetic = true;
  reading->takes_text = strcmp(name, "t") == 0 && !reading->in_phonetic;
}

static void end_item_part(struct reading *reading, const char *name) {
  if (strcmp(name, "rPh") == 0) reading->in_phonetic = false;
  if (strcmp(name, "t") == 0) reading->takes_text = false;
}

static bool start_string(void *context, const char *name, const char *const *attributes, struct err *err) {
  struct reading *reading = context;
  (void)attributes, (void)err;
  if (strcmp(name, "si") == 0) {
    reading->in_item = true;
    buf_reset(&reading->text);
  }
  if (reading->in_item) start_item_part(reading, name);
  return true;
}

static bool end_string(void *context, const char *name, struct err *err) {
  struct reading *reading = context;
  end_item_part(reading, name);
  if (strcmp(name, "si") != 0) return true;
  reading->in_item = false;
  return store_string(reading, err);
}

static bool map_strings(struct strings *strings, struct err *err) {
  bool ok = fflush(strings->texts) == 0 && fflush(strings->ends) == 0;
  if (ok && strings->len > 0) {
    void *map = mmap(NULL, strings->len, PROT_READ, MAP_PRIVATE, fileno(strings->texts), 0);
    if (map != MAP_FAILED) strings->text_map = map;
    ok = map != MAP_FAILED;
  }
  if (ok && strings->count > 0) {
    void *map = mmap(NULL, strings->count * sizeof *strings->end_map, PROT_READ, MAP_PRIVATE, fileno(strings->ends), 0);
    if (map != MAP_FAILED) strings->end_map = map;
    ok = map != MAP_FAILED;
  }
  return ok || err_set(err, errno == ENOSPC || errno == EFBIG ? ERR_FULL : ERR_SYSTEM, "a temporary file: %s", strerror(errno));
}

static void close_strings(struct strings *strings) {
  union {
    const void *mapped;
    void *taken;
  } texts = {strings->text_map}, ends = {strings->end_map};
  if (texts.taken != NULL) munmap(texts.taken, strings->len);
  if (ends.taken != NULL) munmap(ends.taken, strings->count * sizeof *strings->end_map);
  if (strings->texts != NULL) fclose(strings->texts);
  if (strings->ends != NULL) fclose(strings->ends);
}

/* ---- the sheet */

/* Column of "C17", counting from 0; -1 when it is none. */
static int column_of(const char *reference) {
  int column = 0;
  for (; *reference >= 'A' && *reference <= 'Z' && column <= CSV_COLUMNS_MAX; reference++) column = column * 26 + *reference - 'A' + 1;
  return column > 0 && column <= CSV_COLUMNS_MAX ? column - 1 : -1;
}

static bool start_row(struct reading *reading, const char *const *attributes, struct err *err) {
  int line = number_of(xml_attribute(attributes, "r"), reading->line + 1);
  if (line <= reading->line || line > ROWS_MAX) return err_set(err, ERR_INPUT, "rows that are out of order");
  reading->line = line;
  reading->column = -1;
  reading->count = 0;
  reading->row_len = 0;
  reading->in_row = true;
  return true;
}

static bool start_cell(struct reading *reading, const char *const *attributes, struct err *err) {
  const char *reference = xml_attribute(attributes, "r"), *type = xml_attribute(attributes, "t");
  int column = reference != NULL ? column_of(reference) : reading->column + 1;
  if (column <= reading->column || column >= CSV_COLUMNS_MAX) return err_set(err, ERR_INPUT, "cells that are out of order");
  reading->column = column;
  snprintf(reading->type, sizeof reading->type, "%s", type != NULL ? type : "n");
  reading->style = number_of(xml_attribute(attributes, "s"), 0);
  buf_reset(&reading->text);
  return true;
}

static bool start_in_sheet(void *context, const char *name, const char *const *attributes, struct err *err) {
  struct reading *reading = context;
  if (strcmp(name, "sheetData") == 0) reading->in_data = true;
  if (!reading->in_data) return true;
  if (strcmp(name, "row") == 0) return start_row(reading, attributes, err);
  if (!reading->in_row) return true;
  if (strcmp(name, "c") == 0) return start_cell(reading, attributes, err);
  if (strcmp(name, "is") == 0) reading->in_item = true;
  if (reading->in_item) start_item_part(reading, name);
  else reading->takes_text = strcmp(name, "v") == 0 && reading->column >= 0;
  return true;
}

static bool set_cell(struct reading *reading, const char *text, size_t len, struct err *err) {
  if (len == 0) return true;
  reading->row_len += len;
  if (reading->row_len > CSV_ROW_MAX) return err_set(err, ERR_TOO_LARGE, "a row of more than %d bytes", CSV_ROW_MAX);
  if (reading->column >= reading->cell_cap) {
    int cap = reading->cell_cap > 0 ? reading->cell_cap : 32;
    while (cap <= reading->column) cap *= 2;
    const char **cells = realloc(reading->cells, (size_t)cap * sizeof *cells);
    if (cells == NULL) log_out_of_memory();
    reading->cells = cells;
    reading->cell_cap = cap;
  }
  while (reading->count < reading->column) reading->cells[reading->count++] = "";
  reading->cells[reading->count++] = arena_copy_len(reading->row_arena, text, len);
  return true;
}

static bool set_shared(struct reading *reading, struct err *err) {
  const struct strings *strings = &reading->strings;
  int index = number_of(buf_text(&reading->text), -1);
  if (reading->text.len == 0) return true;
  if (index < 0 || (size_t)index >= strings->count) return err_set(err, ERR_INPUT, "a cell whose text is not there");
  uint64_t from = index > 0 ? strings->end_map[index - 1] : 0;
  size_t len = (size_t)(strings->end_map[index] - from);
  return len == 0 || set_cell(reading, strings->text_map + from, len, err);
}

/* 2026-11-21T00:00:00 as 2026-11-21. */
static void shorten_date(struct buf *text) {
  if (text->len > 10 && text->data[10] == 'T' && strcmp(text->data + 10, "T00:00:00") == 0) text->len = 10;
  if (text->len > 10 && text->data[10] == 'T') text->data[10] = ' ';
}

static bool end_cell(struct reading *reading, struct err *err) {
  if (strcmp(reading->type, "s") == 0) return set_shared(reading, err);
  if (strcmp(reading->type, "n") == 0 && reading->text.len > 0) {
    bool known = reading->style < reading->format_count;
    struct buf shown = {0};
    xlsx_show_number(buf_text(&reading->text), known ? reading->formats[reading->style] : XLSX_NUMBER, reading->since_1904, &shown);
    bool ok = set_cell(reading, buf_text(&shown), shown.len, err);
    buf_free(&shown);
    return ok;
  }
  if (strcmp(reading->type, "d") == 0) shorten_date(&reading->text);
  else unescape(&reading->text);
  return set_cell(reading, buf_text(&reading->text), reading->text.len, err);
}

static bool end_row(struct reading *reading, struct err *err) {
  reading->in_row = false;
  if (reading->count == 0) return true;
  if (reading->header_count == 0) reading->header_count = reading->count;
  while (reading->count < reading->header_count) reading->cells[reading->count++] = "";
  struct csv_row row = {reading->line, reading->count, reading->cells};
  bool ok = reading->row(reading->context, &row, err);
  arena_reset(reading->row_arena);
  return ok;
}

static bool end_in_sheet(void *context, const char *name, struct err *err) {
  struct reading *reading = context;
  end_item_part(reading, name);
  if (strcmp(name, "v") == 0) reading->takes_text = false;
  if (strcmp(name, "is") == 0) reading->in_item = false;
  if (strcmp(name, "sheetData") == 0) reading->in_data = false;
  if (!reading->in_row) return true;
  if (strcmp(name, "c") == 0) return end_cell(reading, err);
  return strcmp(name, "row") != 0 || end_row(reading, err);
}

static const struct xml_reader relation_reader = {take_relation, end_nothing, take_text};
static const struct xml_reader workbook_reader = {take_workbook, end_nothing, take_text};
static const struct xml_reader style_reader = {start_style, end_style, take_text};
static const struct xml_reader string_reader = {start_string, end_string, take_text};
static const struct xml_reader sheet_reader = {start_in_sheet, end_in_sheet, take_text};

/* ---- all of it */

/* Reads the relations of a part: "xl/workbook.xml" has them in "xl/_rels/workbook.xml.rels". */
static bool read_relations(struct reading *reading, const char *part, const char **folder, struct err *err) {
  const char *slash = strrchr(part, '/'), *name = slash != NULL ? slash + 1 : part;
  *folder = arena_copy_len(reading->arena, part, (size_t)(name - part));
  reading->relation_count = 0;
  return read_part(reading, arena_printf(reading->arena, "%s_rels/%s.rels", *folder, name), &relation_reader, err);
}

static bool read_strings(struct reading *reading, const char *part, struct err *err) {
  struct strings *strings = &reading->strings;
  if (part == NULL || !archive_has(reading->archive, part)) return true;
  strings->texts = open_temporary(err);
  strings->ends = strings->texts != NULL ? open_temporary(err) : NULL;
  return strings->ends != NULL && read_part(reading, part, &string_reader, err) && map_strings(strings, err);
}

static bool read_workbook(struct reading *reading, struct err *err) {
  const char *folder;
  const char *workbook = NULL;
  if (!read_relations(reading, "", &folder, err)) return false;
  workbook = find_relation(reading, folder, NULL, "/officeDocument");
  if (workbook == NULL) return err_set(err, ERR_INPUT, "a zip file without a workbook");
  if (!read_part(reading, workbook, &workbook_reader, err) || !read_relations(reading, workbook, &folder, err)) return false;
  const char *sheet = reading->sheet_id != NULL ? find_relation(reading, folder, reading->sheet_id, NULL) : NULL;
  const char *styles = find_relation(reading, folder, NULL, "/styles");
  if (sheet == NULL) return err_set(err, ERR_INPUT, "a workbook without a sheet");
  if (styles != NULL && archive_has(reading->archive, styles) && !read_part(reading, styles, &style_reader, err)) return false;
  return read_strings(reading, find_relation(reading, folder, NULL, "/sharedStrings"), err) &&
         read_part(reading, sheet, &sheet_reader, err);
}

/* What of the reading failed: the file's fault, unless the machine is at fault or `row` refused. */
static void tell(struct table_info *info, const struct err *own) {
  switch (own->code) {
    case ERR_DENIED: info->fault = TABLE_ENCRYPTED; break;
    case ERR_TOO_LARGE: info->fault = TABLE_TOO_LARGE; break;
    case ERR_INPUT:
    case ERR_NOT_FOUND: info->fault = TABLE_BROKEN; break;
    default: break;
  }
}

bool xlsx_read_rows(const char *path, csv_row_fn *row, void *context, struct table_info *info, struct err *err) {
  struct err own = {0};
  struct reading *reading = calloc(1, sizeof *reading);
  if (reading == NULL) log_out_of_memory();
  reading->info = info;
  reading->row = row;
  reading->context = context;
  reading->arena = arena_new();
  reading->row_arena = arena_new();
  reading->archive = archive_open(path, &own);
  bool ok = reading->archive != NULL && read_workbook(reading, &own);
  if (!ok) {
    tell(info, &own);
    err_set_at(err, own.code == ERR_DENIED || own.code == ERR_NOT_FOUND ? ERR_INPUT : own.code, own.where, own.line, own.column,
               "%s", own.text);
  }
  archive_close(reading->archive);
  close_strings(&reading->strings);
  arena_free(reading->arena);
  arena_free(reading->row_arena);
  buf_free(&reading->text);
  free(reading->cells);
  free(reading);
  return ok;
}
