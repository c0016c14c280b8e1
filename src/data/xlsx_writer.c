#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "data/words.h"
#include "data/writer_table.h"
#include "data/xlsx.h"
#include "expr/expr.h"

#define CUTS_NAMED 20 /* cells named among those that were cut */

/* While the workbook is made. */
struct making {
  struct dataset *dataset;
  const struct export_options *options;
  const struct dataset_spec *spec;
  struct xlsx *xlsx;
  const char *marks[MISSING_NODATA + 1];
  int column_count;
  int64_t rows;
  int64_t cut_count;
  struct buf cuts; /* "Dati!BX5, …" */
};

static const char *word(const struct making *making, enum word word) {
  return words_get(word, making->spec->language);
}

static double width_of(const struct making *making, int column) {
  const struct dataset_column *described = dataset_column(making->dataset, column);
  double name = (double)strlen(described->name) + 4; /* the filter button */
  double width = 10;
  if (described->kind == CELL_TEXT) width = described->question >= 0 ? 40 : 16;
  if (described->kind == CELL_TIME) width = 19;
  if (described->kind == CELL_DATE) width = 11;
  if (strcmp(described->name, "institution") == 0 || strcmp(described->name, "row_label") == 0) width = 50;
  return name > width ? name : width;
}

static void note_cut(struct making *making, enum word sheet, int column, int row) {
  if (++making->cut_count > CUTS_NAMED) return;
  char name[4];
  xlsx_column_name(column, name);
  buf_printf(&making->cuts, "%s%s!%s%d", making->cuts.len > 0 ? ", " : "", word(making, sheet), name, row + 1);
}

static void put_cell(struct making *making, struct xlsx_sheet *sheet, int row, int column, const struct cell *cell) {
  switch (cell->kind) {
    case CELL_NUMBER:
      xlsx_put_number(sheet, row, column, cell->number);
      break;
    case CELL_TEXT:
      if (!xlsx_put_text(sheet, row, column, cell->text, XLSX_PLAIN)) note_cut(making, WORD_DATA_SHEET, column, row);
      break;
    case CELL_DATE:
      xlsx_put_date(sheet, row, column, (int)cell->number);
      break;
    case CELL_TIME:
      xlsx_put_time(sheet, row, column, (int64_t)cell->number);
      break;
    case CELL_MISSING:
      if ((int)cell->number != MISSING_EMPTY) {
        xlsx_put_text(sheet, row, column, making->marks[(int)cell->number], XLSX_PLAIN);
      }
      break;
  }
}

static bool make_data(struct making *making, struct err *err) {
  struct xlsx_sheet *sheet = xlsx_add_sheet(making->xlsx, word(making, WORD_DATA_SHEET), err);
  struct err failed = {0};
  if (sheet == NULL) return false;
  for (int i = 0; i < making->column_count; i++) {
    xlsx_put_text(sheet, 0, i, dataset_column(making->dataset, i)->name, XLSX_HEADER);
    xlsx_set_width(sheet, i, width_of(making, i));
  }
  const struct cell *cells;
  while ((cells = dataset_next(making->dataset, &failed)) != NULL) {
    int row = (int)++making->rows;
    for (int i = 0; i < making->column_count; i++) put_cell(making, sheet, row, i, &cells[i]);
    if (!export_report(making->options, making->rows, &failed)) break;
  }
  xlsx_freeze_header(sheet, making->column_count, (int)making->rows + 1);
  return failed.code == ERR_NONE || err_set(err, failed.code, "%s", failed.text);
}

enum codebook_column {
  BOOK_NAME,
  BOOK_SECTION,
  BOOK_TEXT,
  BOOK_TYPE,
  BOOK_CODE,
  BOOK_OPTION,
  BOOK_FILTER,
  BOOK_MISSING,
  BOOK_COLUMNS
};

struct codebook {
  struct making *making;
  struct xlsx_sheet *sheet;
  int row;
  struct buf text;
};

static void book_put(struct codebook *book, enum codebook_column column, const char *text) {
  if (*text == '\0') return;
  bool wide = column == BOOK_TEXT || column == BOOK_OPTION || column == BOOK_FILTER;
  if (!xlsx_put_text(book->sheet, book->row, column, text, wide ? XLSX_WRAPPED : XLSX_PLAIN)) {
    note_cut(book->making, WORD_CODEBOOK_SHEET, column, book->row);
  }
}

/* Both must hold; either may be NULL. */
static void book_put_filter(struct codebook *book, const struct expr *first, const struct expr *second) {
  buf_reset(&book->text);
  bool both = first != NULL && second != NULL;
  if (both) buf_putc(&book->text, '(');
  if (first != NULL) expr_print(first, &book->text);
  if (both) buf_puts(&book->text, ") and (");
  if (second != NULL) expr_print(second, &book->text);
  if (both) buf_putc(&book->text, ')');
  book_put(book, BOOK_FILTER, buf_text(&book->text));
}

static void book_put_marks(struct codebook *book, const struct form_question *question) {
  const char *const *marks = book->making->marks;
  buf_reset(&book->text);
  buf_printf(&book->text, "%s; %s", marks[MISSING_NOT_ASKED], marks[MISSING_NOT_ANSWERED]);
  if (question->specials & SPECIAL_NA) buf_printf(&book->text, "; %s", marks[MISSING_NA]);
  if (question->specials & SPECIAL_NODATA) buf_printf(&book->text, "; %s", marks[MISSING_NODATA]);
  book_put(book, BOOK_MISSING, book->text.data);
}

static void book_put_option(struct codebook *book, const struct form_option *option, int language) {
  xlsx_put_number(book->sheet, book->row, BOOK_CODE, option->code);
  book_put(book, BOOK_OPTION, option->text.in[language]);
}

static void book_own(struct codebook *book, const struct dataset_column *column) {
  book_put(book, BOOK_TEXT, column->label);
  book_put(book, BOOK_TYPE, column->kind == CELL_NUMBER ? "integer" : column->kind == CELL_TIME ? "datetime" : "text");
  book->row++;
}

/* A row for the column, and behind it one for each code of a single choice. Cells go from left to right. */
static void book_question(struct codebook *book, const struct form *form, const struct dataset_column *column) {
  const struct form_question *question = &form->questions[column->question];
  int language = form_language(form, book->making->spec->language);
  book_put(book, BOOK_SECTION, form->sections[question->section].title.in[language]);
  book_put(book, BOOK_TEXT, question->text.in[language]);
  book_put(book, BOOK_TYPE, form_type_name(question->type));
  const struct form_option *option = column->option >= 0 ? &question->options[column->option] : NULL;
  if (option != NULL) book_put_option(book, option, language);
  book_put_filter(book, question->effective, option != NULL ? option->relevant : NULL);
  book_put_marks(book, question);
  book->row++;
  for (int i = 0; question->type == QUESTION_SELECT_ONE && i < question->option_count; i++) {
    book_put(book, BOOK_NAME, column->name);
    book_put_option(book, &question->options[i], language);
    book_put_filter(book, question->options[i].relevant, NULL);
    book->row++;
  }
}

static bool make_codebook(struct making *making, struct err *err) {
  static const double widths[BOOK_COLUMNS] = {20, 30, 60, 16, 8, 50, 50, 30};
  struct codebook book = {.making = making};
  book.sheet = xlsx_add_sheet(making->xlsx, word(making, WORD_CODEBOOK_SHEET), err);
  if (book.sheet == NULL) return false;
  for (int i = 0; i < BOOK_COLUMNS; i++) {
    xlsx_put_text(book.sheet, 0, i, word(making, (enum word)(WORD_BOOK_NAME + i)), XLSX_HEADER);
    xlsx_set_width(book.sheet, i, widths[i]);
  }
  book.row = 1;
  for (int i = 0; i < making->column_count; i++) {
    const struct dataset_column *column = dataset_column(making->dataset, i);
    book_put(&book, BOOK_NAME, column->name);
    if (column->question < 0) book_own(&book, column);
    else book_question(&book, dataset_column_form(making->dataset, i), column);
  }
  xlsx_freeze_header(book.sheet, BOOK_COLUMNS, book.row);
  buf_free(&book.text);
  return true;
}

static void about_text(struct xlsx_sheet *sheet, int *row, const char *key, const char *text) {
  xlsx_put_text(sheet, *row, 0, key, XLSX_HEADER);
  if (*text != '\0') xlsx_put_text(sheet, *row, 1, text, XLSX_WRAPPED);
  ++*row;
}

static void about_missing(struct making *making, struct xlsx_sheet *sheet, int *row) {
  about_text(sheet, row, word(making, WORD_MARKS), "");
  for (int kind = MISSING_NOT_ASKED; kind <= MISSING_NODATA; kind++) {
    enum word meaning = (enum word)(WORD_MEANS_NOT_ASKED + kind - MISSING_NOT_ASKED);
    xlsx_put_text(sheet, *row, 0, making->marks[kind], XLSX_PLAIN);
    xlsx_put_text(sheet, *row, 1, word(making, meaning), XLSX_WRAPPED);
    ++*row;
  }
  about_text(sheet, row, word(making, WORD_APOSTROPHE), word(making, WORD_APOSTROPHE_MEANS));
}

static void about_cuts(struct making *making, struct xlsx_sheet *sheet, int *row) {
  if (making->cut_count == 0) return;
  struct buf text = {0};
  buf_printf(&text, "%" PRId64 ": %s%s", making->cut_count, buf_text(&making->cuts),
             making->cut_count > CUTS_NAMED ? ", …" : "");
  about_text(sheet, row, word(making, WORD_CUT), text.data);
  buf_free(&text);
}

static bool make_about(struct making *making, struct err *err) {
  const struct form *form = dataset_form(making->dataset);
  const struct dataset_spec *spec = making->spec;
  struct xlsx_sheet *sheet = xlsx_add_sheet(making->xlsx, word(making, WORD_ABOUT_SHEET), err);
  int row = 0;
  if (sheet == NULL) return false;
  xlsx_set_width(sheet, 0, 30);
  xlsx_set_width(sheet, 1, 80);
  about_text(sheet, &row, word(making, WORD_ROUND), spec->round);
  about_text(sheet, &row, word(making, WORD_QUESTIONNAIRE), form->id);
  about_text(sheet, &row, word(making, WORD_TITLE), form->title.in[form_language(form, spec->language)]);
  about_text(sheet, &row, word(making, WORD_VERSION), form->version);
  about_text(sheet, &row, word(making, WORD_HASH), form->hash);
  about_text(sheet, &row, word(making, WORD_LANGUAGE), spec->language);
  about_text(sheet, &row, word(making, WORD_VALUES), word(making, spec->labels ? WORD_LABELS : WORD_CODES));
  const char *row_is = spec->roster != NULL ? spec->roster : word(making, spec->paradata ? WORD_SITTING : WORD_RESPONSE);
  about_text(sheet, &row, word(making, WORD_ROW_IS), row_is);
  about_text(sheet, &row, word(making, WORD_RESPONSES), word(making, spec->submitted_only ? WORD_SUBMITTED : WORD_ALL));
  xlsx_put_text(sheet, row, 0, word(making, WORD_TIME), XLSX_HEADER);
  xlsx_put_time(sheet, row++, 1, dataset_opened_ms(making->dataset));
  xlsx_put_text(sheet, row, 0, word(making, WORD_ROWS), XLSX_HEADER);
  xlsx_put_number(sheet, row++, 1, (double)making->rows);
  const char *who = making->options->exported_by;
  about_text(sheet, &row, word(making, WORD_WHO), who != NULL && *who != '\0' ? who : word(making, WORD_COMMAND_LINE));
  about_missing(making, sheet, &row);
  about_cuts(making, sheet, &row);
  return true;
}

/* A sheet has room for so much; say so before any work is done. */
static bool check_size(const struct making *making, struct err *err) {
  if (making->column_count > XLSX_COLUMNS_MAX) {
    return err_set(err, ERR_TOO_LARGE, "the dataset has %d columns, but a sheet has room for %d; export it as csv",
                   making->column_count, XLSX_COLUMNS_MAX);
  }
  int64_t rows;
  if (!dataset_count_rows(making->dataset, &rows, err)) return false;
  if (rows <= XLSX_ROWS_MAX - 1) return true;
  return err_set(err, ERR_TOO_LARGE, "the dataset has %" PRId64 " rows, but a sheet has room for %d; export it as csv",
                 rows, XLSX_ROWS_MAX - 1);
}

struct xlsx_export {
  int file;
};

static void *start(struct dataset *dataset, const struct export_options *options, struct err *err) {
  struct making making = {.dataset = dataset, .options = options, .spec = dataset_spec(dataset)};
  struct xlsx_export *export = NULL;
  making.column_count = dataset_column_count(dataset);
  for (int kind = MISSING_EMPTY; kind <= MISSING_NODATA; kind++) {
    making.marks[kind] = dataset_missing_text((enum missing_kind)kind, making.spec->language, making.spec->labels);
  }
  if (!check_size(&making, err)) return NULL;
  making.xlsx = xlsx_new(dataset_opened_ms(dataset), making.spec->round, err);
  if (making.xlsx == NULL) return NULL;
  if (!make_data(&making, err) || !make_codebook(&making, err) || !make_about(&making, err)) {
    xlsx_free(making.xlsx);
    goto out;
  }
  int file = xlsx_finish(making.xlsx, err);
  if (file < 0) goto out;
  export = malloc(sizeof *export);
  if (export == NULL) log_out_of_memory();
  export->file = file;
out:
  buf_free(&making.cuts);
  return export;
}

static bool step(void *state, struct buf *out, bool *done, struct err *err) {
  struct xlsx_export *export = state;
  return xlsx_read(export->file, out, done, err);
}

static void end(void *state) {
  struct xlsx_export *export = state;
  if (export == NULL) return;
  close(export->file);
  free(export);
}

const struct export_format export_xlsx = {
    .name = "xlsx",
    .extension = "xlsx",
    .media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    .start = start,
    .step = step,
    .end = end,
};
