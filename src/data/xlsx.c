#include "data/xlsx.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/utf8.h"

#define EXCEL_1970 25569        /* 1970-01-01 in days of a spreadsheet */
#define EXCEL_FIRST_DAY (-25508) /* 1900-03-01: before it, programs disagree about leap days */
#define DAY_MS 86400000.0
#define ZIP32_MAX ((off_t)3 << 30) /* bytes of a member that are safely below the 4 GiB of plain zip */
#define LINE_COLOUR 0xB8BEC7
#define QUIET_COLOUR 0x4A525C
#define FRAME_COLOUR 0xE9ECF0
#define INPUT_COLOUR 0xFFF6DC
#define PAPER_A4 9
#define STEP_LEN 65536
#define CLOSE_ROOM (2 << 20)       /* bytes beside the rows: what stands before and behind them in a sheet */

struct xlsx_sheet {
  struct xlsx *xlsx;
  lxw_worksheet *sheet;
};

struct xlsx {
  char *folder, *path;
  struct arena *arena;
  lxw_workbook *book;
  lxw_format *styles[XLSX_STYLES]; /* NULL: plain */
  lxw_format *date, *time;
  struct xlsx_sheet sheets[XLSX_SHEETS_MAX];
  int sheet_count;
  struct buf escaped;
};

static bool fail_disk(struct err *err, const char *folder, const char *action) {
  int number = errno;
  if (number == ENOSPC || number == EDQUOT || number == EFBIG) {
    return err_set(err, ERR_FULL, "the disk with temporary files is full (%s)", folder);
  }
  return err_set(err, ERR_SYSTEM, "cannot %s in %s: %s", action, folder, strerror(number));
}

static bool make_folder(struct xlsx *xlsx, struct err *err) {
  const char *parent = getenv("TMPDIR");
  xlsx->folder = file_join(parent != NULL && *parent != '\0' ? parent : "/tmp", "anketa-XXXXXX");
  if (mkdtemp(xlsx->folder) != NULL) {
    xlsx->path = file_join(xlsx->folder, "export.xlsx");
    return true;
  }
  fail_disk(err, xlsx->folder, "make a temporary folder");
  free(xlsx->folder);
  xlsx->folder = NULL;
  return false;
}

static lxw_format *make_format(struct xlsx *xlsx, bool bold, bool wrapped, unsigned ground) {
  lxw_format *format = workbook_add_format(xlsx->book);
  if (bold) format_set_bold(format);
  if (wrapped) {
    format_set_text_wrap(format);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
  }
  if (ground != 0) {
    format_set_bg_color(format, ground);
    format_set_border(format, LXW_BORDER_THIN);
    format_set_border_color(format, LINE_COLOUR);
  }
  return format;
}

static void make_formats(struct xlsx *xlsx) {
  lxw_format **styles = xlsx->styles;
  styles[XLSX_HEADER] = make_format(xlsx, true, false, 0);
  styles[XLSX_WRAPPED] = make_format(xlsx, false, true, 0);
  styles[XLSX_TITLE] = make_format(xlsx, true, true, 0);
  format_set_font_size(styles[XLSX_TITLE], 14);
  styles[XLSX_HEADING] = make_format(xlsx, true, true, 0);
  styles[XLSX_QUIET] = make_format(xlsx, false, true, 0);
  format_set_font_color(styles[XLSX_QUIET], QUIET_COLOUR);
  styles[XLSX_FRAME] = make_format(xlsx, true, true, FRAME_COLOUR);
  for (int style = XLSX_INPUT; style <= XLSX_INPUT_NAME; style++) {
    styles[style] = make_format(xlsx, style == XLSX_INPUT_NAME, true, INPUT_COLOUR);
    format_set_unlocked(styles[style]);
  }
  format_set_num_format(styles[XLSX_INPUT_DATE], "dd.mm.yyyy");
  xlsx->date = workbook_add_format(xlsx->book);
  format_set_num_format(xlsx->date, "yyyy-mm-dd");
  xlsx->time = workbook_add_format(xlsx->book);
  format_set_num_format(xlsx->time, "yyyy-mm-dd hh:mm:ss");
}

struct xlsx *xlsx_new(int64_t created_ms, const char *title, struct err *err) {
  struct xlsx *xlsx = calloc(1, sizeof *xlsx);
  if (xlsx == NULL) log_out_of_memory();
  xlsx->arena = arena_new();
  if (!make_folder(xlsx, err)) {
    xlsx_free(xlsx);
    return NULL;
  }
  lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = xlsx->folder};
  xlsx->book = workbook_new_opt(xlsx->path, &options);
  if (xlsx->book == NULL) log_out_of_memory();
  lxw_doc_properties properties = {.title = arena_copy(xlsx->arena, title), .created = (time_t)(created_ms / 1000)};
  workbook_set_properties(xlsx->book, &properties);
  make_formats(xlsx);
  return xlsx;
}

/* Everything but the library's workbook. */
static void free_rest(struct xlsx *xlsx) {
  if (xlsx->path != NULL) unlink(xlsx->path);
  if (xlsx->folder != NULL) rmdir(xlsx->folder);
  free(xlsx->path);
  free(xlsx->folder);
  buf_free(&xlsx->escaped);
  arena_free(xlsx->arena);
  free(xlsx);
}

void xlsx_free(struct xlsx *xlsx) {
  if (xlsx == NULL) return;
  if (xlsx->book != NULL) lxw_workbook_free(xlsx->book);
  free_rest(xlsx);
}

/* The library does not look whether its temporary files could be written, and copies each once more when it closes. So
 * look for it: whether what was written is there, and whether the copies will fit. */
static bool check_space(struct xlsx *xlsx, struct err *err) {
  off_t largest = 0, total = 0;
  for (int i = 0; i < xlsx->sheet_count; i++) {
    FILE *file = xlsx->sheets[i].sheet->optimize_tmpfile;
    errno = ENOSPC; /* when the error came earlier, this is the only one there can have been */
    if (ferror(file) || fflush(file) != 0) return fail_disk(err, xlsx->folder, "write");
    off_t len = ftello(file);
    if (len > largest) largest = len;
    total += len;
  }
  if (largest > ZIP32_MAX) xlsx->book->options.use_zip64 = LXW_TRUE;
  struct statvfs disk;
  struct rlimit limit;
  if (statvfs(xlsx->folder, &disk) != 0) return fail_disk(err, xlsx->folder, "look for space");
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0) return fail_disk(err, xlsx->folder, "look for limits");
  unsigned long long room = (unsigned long long)disk.f_bavail * disk.f_frsize;
  bool fits = limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= (rlim_t)largest + CLOSE_ROOM;
  if (fits && room >= (unsigned long long)(largest + total) + CLOSE_ROOM) return true;
  errno = ENOSPC;
  return fail_disk(err, xlsx->folder, "write");
}

int xlsx_finish(struct xlsx *xlsx, struct err *err) {
  int file = -1;
  if (!check_space(xlsx, err)) {
    xlsx_free(xlsx);
    return -1;
  }
  errno = 0;
  lxw_error code = workbook_close(xlsx->book); /* frees it, whatever comes */
  xlsx->book = NULL;
  if (code != LXW_NO_ERROR) {
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) fail_disk(err, xlsx->folder, "write");
    else err_set(err, ERR_SYSTEM, "cannot put the workbook together in %s: %s", xlsx->folder, lxw_strerror(code));
    goto out;
  }
  file = open(xlsx->path, O_RDONLY | O_CLOEXEC);
  if (file < 0) fail_disk(err, xlsx->folder, "open the workbook");
out:
  free_rest(xlsx);
  return file;
}

bool xlsx_read(int file, struct buf *out, bool *done, struct err *err) {
  ssize_t got = read(file, buf_reserve(out, STEP_LEN), STEP_LEN);
  if (got < 0) return err_set(err, ERR_SYSTEM, "cannot read the workbook back from its temporary file");
  out->len += (size_t)got;
  out->data[out->len] = '\0';
  *done = got == 0;
  return true;
}

struct xlsx_sheet *xlsx_add_sheet(struct xlsx *xlsx, const char *name, struct err *err) {
  if (xlsx->sheet_count == XLSX_SHEETS_MAX) {
    err_set(err, ERR_TOO_LARGE, "a workbook has at most %d sheets", XLSX_SHEETS_MAX);
    return NULL;
  }
  struct xlsx_sheet *sheet = &xlsx->sheets[xlsx->sheet_count];
  sheet->xlsx = xlsx;
  sheet->sheet = workbook_add_worksheet(xlsx->book, name);
  if (sheet->sheet == NULL || sheet->sheet->optimize_tmpfile == NULL) {
    fail_disk(err, xlsx->folder, "make a temporary file");
    return NULL;
  }
  xlsx->sheet_count++;
  /* Only this thread writes it; without locks that is a few per cent quicker. */
  __fsetlocking(sheet->sheet->optimize_tmpfile, FSETLOCKING_BYCALLER);
  /* Registration numbers are texts; a green corner in each cell would call that a mistake. */
  worksheet_ignore_errors(sheet->sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
  return sheet;
}

/* The length of text up to XLSX_TEXT_MAX UTF-16 units, at a character boundary. */
static size_t fitting_len(const char *text) {
  size_t len = strlen(text);
  if (len <= XLSX_TEXT_MAX) return len; /* never more units than bytes */
  size_t units = 0, at = 0;
  while (at < len) {
    unsigned char lead = (unsigned char)text[at];
    size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    units += bytes == 4 ? 2 : 1;
    if (units > XLSX_TEXT_MAX) break;
    at += bytes;
  }
  return at;
}

/* A spreadsheet reads "_x0041_" as "A"; the library does not know that (ECMA-376, ST_Xstring). */
static bool is_escape(const char *text) {
  return text[0] == '_' && text[1] == 'x' && strspn(text + 2, "0123456789abcdefABCDEF") >= 4 && text[6] == '_';
}

static const char *escape(struct buf *out, const char *text, size_t len) {
  buf_reset(out);
  for (size_t i = 0; i < len; i++) {
    if (is_escape(text + i)) buf_puts(out, "_x005F");
    buf_putc(out, text[i]);
  }
  return out->data;
}

bool xlsx_put_text(struct xlsx_sheet *sheet, int row, int column, const char *text, enum xlsx_style style) {
  size_t len = fitting_len(text);
  bool whole = text[len] == '\0';
  const char *written = text;
  if (!whole || memchr(text, '_', len) != NULL) written = escape(&sheet->xlsx->escaped, text, len);
  lxw_error code = worksheet_write_string(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column, written,
                                          sheet->xlsx->styles[style]);
  /* Escapes may push a text that just fitted over the library's limit. */
  for (; code == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED && len > 0; whole = false) {
    len = len > 1024 ? len - 1024 : 0;
    while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80) len--;
    written = escape(&sheet->xlsx->escaped, text, len);
    code = worksheet_write_string(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column, written,
                                  sheet->xlsx->styles[style]);
  }
  return whole;
}

void xlsx_put_number(struct xlsx_sheet *sheet, int row, int column, double number) {
  worksheet_write_number(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column, number, NULL);
}

void xlsx_put_date(struct xlsx_sheet *sheet, int row, int column, int days) {
  if (days < EXCEL_FIRST_DAY) {
    char text[11];
    clock_format_date(days, text);
    xlsx_put_text(sheet, row, column, text, XLSX_PLAIN);
    return;
  }
  worksheet_write_number(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column, days + EXCEL_1970, sheet->xlsx->date);
}

void xlsx_put_time(struct xlsx_sheet *sheet, int row, int column, int64_t ms) {
  int64_t second = ms / 1000; /* whole seconds, as CSV has them */
  worksheet_write_number(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column, (double)second * 1000 / DAY_MS + EXCEL_1970,
                         sheet->xlsx->time);
}

void xlsx_put_styled(struct xlsx_sheet *sheet, int row, int column, double number, enum xlsx_style style) {
  worksheet_write_number(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column, number, sheet->xlsx->styles[style]);
}

void xlsx_put_blank(struct xlsx_sheet *sheet, int row, int column, enum xlsx_style style) {
  worksheet_write_blank(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column, sheet->xlsx->styles[style]);
}

bool xlsx_put_styled_date(struct xlsx_sheet *sheet, int row, int column, int days, enum xlsx_style style) {
  if (days < EXCEL_FIRST_DAY) return false;
  xlsx_put_styled(sheet, row, column, days + EXCEL_1970, style);
  return true;
}

void xlsx_set_width(struct xlsx_sheet *sheet, int column, double width) {
  worksheet_set_column(sheet->sheet, (lxw_col_t)column, (lxw_col_t)column, width, NULL);
}

void xlsx_freeze_header(struct xlsx_sheet *sheet, int column_count, int row_count) {
  worksheet_freeze_panes(sheet->sheet, 1, 0);
  lxw_row_t last = row_count > 1 ? (lxw_row_t)row_count - 1 : 1;
  if (column_count > 0) worksheet_autofilter(sheet->sheet, 0, 0, last, (lxw_col_t)(column_count - 1));
}

void xlsx_freeze(struct xlsx_sheet *sheet, int row, int column) {
  worksheet_freeze_panes(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column);
}

void xlsx_set_print(struct xlsx_sheet *sheet, int repeated_rows) {
  worksheet_set_landscape(sheet->sheet);
  worksheet_set_paper(sheet->sheet, PAPER_A4);
  worksheet_fit_to_pages(sheet->sheet, 1, 0);
  if (repeated_rows > 0) worksheet_repeat_rows(sheet->sheet, 0, (lxw_row_t)repeated_rows - 1);
  worksheet_set_footer(sheet->sheet, "&L&A&R&P / &N");
}

void xlsx_protect(struct xlsx_sheet *sheet) {
  lxw_protection open = {.format_columns = LXW_TRUE, .format_rows = LXW_TRUE};
  worksheet_protect(sheet->sheet, NULL, &open);
}

void xlsx_hide(struct xlsx_sheet *sheet) { worksheet_hide(sheet->sheet); }

/* At most so many characters. */
static char *cut(const char *text, size_t characters, struct arena *arena) {
  size_t len = strlen(text), at = 0;
  while (at < len && characters-- > 0) utf8_next(text, len, &at);
  return arena_copy_len(arena, text, at);
}

static struct lxw_data_val_obj *newest_check(const struct xlsx_sheet *sheet) {
  struct lxw_data_val_obj *at = STAILQ_FIRST(sheet->sheet->data_validations);
  while (STAILQ_NEXT(at, list_pointers) != NULL) at = STAILQ_NEXT(at, list_pointers);
  return at;
}

void xlsx_add_check(struct xlsx_sheet *sheet, int row, int first_column, int last_column, const struct xlsx_check *check) {
  static const uint8_t types[] = {
      [XLSX_LIST] = LXW_VALIDATION_TYPE_CUSTOM_FORMULA, [XLSX_WHOLE] = LXW_VALIDATION_TYPE_INTEGER,
      [XLSX_DECIMAL] = LXW_VALIDATION_TYPE_DECIMAL,     [XLSX_DATE] = LXW_VALIDATION_TYPE_DATE_NUMBER,
      [XLSX_LENGTH] = LXW_VALIDATION_TYPE_LENGTH,       [XLSX_FORMULA] = LXW_VALIDATION_TYPE_CUSTOM_FORMULA};
  bool formula = check->rule == XLSX_LIST || check->rule == XLSX_FORMULA;
  if (formula && strlen(check->formula) > XLSX_FORMULA_MAX) return;
  struct arena *arena = sheet->xlsx->arena;
  lxw_data_validation validation = {
      .validate = types[check->rule],
      .criteria = formula ? LXW_VALIDATION_CRITERIA_NONE : LXW_VALIDATION_CRITERIA_BETWEEN,
      .ignore_blank = LXW_VALIDATION_ON,
      .show_input = LXW_VALIDATION_ON,
      .show_error = LXW_VALIDATION_ON,
      .dropdown = LXW_VALIDATION_ON,
      .error_type = LXW_VALIDATION_ERROR_TYPE_STOP,
      .error_title = cut(check->title, 32, arena),
      .error_message = cut(check->message, 255, arena),
  };
  if (formula) validation.value_formula = arena_copy(arena, check->formula);
  validation.minimum_number = check->rule == XLSX_DATE ? check->min + EXCEL_1970 : check->min;
  validation.maximum_number = check->rule == XLSX_DATE ? check->max + EXCEL_1970 : check->max;
  lxw_error code = worksheet_data_validation_range(sheet->sheet, (lxw_row_t)row, (lxw_col_t)first_column, (lxw_row_t)row,
                                                   (lxw_col_t)last_column, &validation);
  /* Version 1.1.4 copies the formula of a list twice and loses one copy; of a formula it is the same text copied once. */
  if (code == LXW_NO_ERROR && check->rule == XLSX_LIST) newest_check(sheet)->validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
}

void xlsx_column_name(int column, char out[4]) {
  char letters[4];
  int len = 0;
  for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26) letters[len++] = (char)('A' + (rest - 1) % 26);
  for (int i = 0; i < len; i++) out[i] = letters[len - 1 - i];
  out[len] = '\0';
}
