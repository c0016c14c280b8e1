#include "data/form_xlsx.h"

#include <string.h>

#include "base/number.h"
#include "data/words.h"
#include "data/xlsx.h"
#include "form/typed.h"
#include "form/words.h"

#define ENTRIES_MIN 10 /* columns for the rows of a roster */
#define ENTRIES_MORE 5 /* beyond those that are there */
#define LISTS_FIRST 16
#define DATE_MIN 0       /* 1970-01-01 */
#define DATE_MAX 2932896 /* 9999-12-31 */

enum { COLUMN_NUMBER, COLUMN_QUESTION, COLUMN_HINT, COLUMN_WHEN, COLUMN_TYPE, COLUMN_ANSWER };

static const double widths[] = {11, 52, 44, 28, 22};

/* What may be chosen: a column of the sheet of lists. */
struct list {
  const char **items;
  int count;
};

struct maker {
  const struct form *form;
  const struct form_xlsx *spec;
  int language;
  struct arena *arena;
  struct xlsx *xlsx;
  struct list *lists;
  int list_count, list_cap;
};

/* The sheet at hand: of a section or of a roster. */
struct page {
  struct maker *maker;
  struct xlsx_sheet *sheet;
  int row;
  int roster;              /* number, -1 */
  int first, last;         /* columns for answers */
  int comment;
};

static const char *word(const struct maker *maker, enum word word) {
  return words_get(word, maker->form->languages[maker->language]);
}

static const char *take(const struct maker *maker, struct buf *text) {
  const char *copy = arena_copy_len(maker->arena, buf_text(text), text->len);
  buf_free(text);
  return copy;
}

static const char *special_text(const struct maker *maker, const struct form_question *question, enum special special) {
  const char *own = question->special_text[special == SPECIAL_NA ? 0 : 1].in[maker->language];
  return own != NULL && *own != '\0' ? own : typed_special_name(special, maker->form->languages[maker->language]);
}

static int special_texts(const struct maker *maker, const struct form_question *question, const char *out[2]) {
  int count = 0;
  if (question->specials & SPECIAL_NA) out[count++] = special_text(maker, question, SPECIAL_NA);
  if (question->specials & SPECIAL_NODATA) out[count++] = special_text(maker, question, SPECIAL_NODATA);
  return count;
}

/* ---- what may be typed */

static int find_list(const struct maker *maker, const char *const *items, int count) {
  for (int i = 0; i < maker->list_count; i++) {
    int same = 0;
    while (maker->lists[i].count == count && same < count && strcmp(maker->lists[i].items[same], items[same]) == 0) same++;
    if (same == count && maker->lists[i].count == count) return i;
  }
  return -1;
}

/* The range that holds the items; "'Lists'!$A$1:$A$3". */
static const char *range_of(struct maker *maker, const char *const *items, int count) {
  int at = find_list(maker, items, count);
  if (at < 0) {
    if (maker->list_count == maker->list_cap) {
      int cap = maker->list_cap > 0 ? maker->list_cap * 2 : LISTS_FIRST;
      struct list *lists = arena_array(maker->arena, (size_t)cap, sizeof *lists);
      if (maker->list_count > 0) memcpy(lists, maker->lists, (size_t)maker->list_count * sizeof *lists);
      maker->lists = lists;
      maker->list_cap = cap;
    }
    at = maker->list_count++;
    maker->lists[at].items = arena_array(maker->arena, (size_t)count, sizeof *items);
    memcpy(maker->lists[at].items, items, (size_t)count * sizeof *items);
    maker->lists[at].count = count;
  }
  char column[4];
  xlsx_column_name(at, column);
  return arena_printf(maker->arena, "'%s'!$%s$1:$%s$%d", word(maker, WORD_FORM_LISTS_SHEET), column, column, count);
}

static void add_list(const struct page *page, const char *const *items, int count) {
  struct maker *maker = page->maker;
  struct xlsx_check check = {.rule = XLSX_LIST, .title = word(maker, WORD_FORM_WRONG), .message = word(maker, WORD_FORM_CHOOSE)};
  if (count == 0) return;
  check.formula = range_of(maker, items, count);
  xlsx_add_check(page->sheet, page->row, page->first, page->last, &check);
}

static void add_option_list(const struct page *page, const struct form_question *question) {
  const struct maker *maker = page->maker;
  const char **items = arena_array(maker->arena, (size_t)question->option_count + 2, sizeof *items);
  int count = question->option_count;
  for (int i = 0; i < count; i++) items[i] = question->options[i].text.in[maker->language];
  count += special_texts(maker, question, items + count);
  add_list(page, items, count);
}

static void put_bound(struct buf *out, const char *cell, const char *sign, double bound) {
  buf_printf(out, ",%s%s", cell, sign);
  number_write(bound, out);
}

/* A figure or one of the words: only a formula can say that. */
static const char *formula_of(const struct page *page, const struct form_question *question) {
  const struct maker *maker = page->maker;
  const char *specials[2];
  int count = special_texts(maker, question, specials);
  struct buf formula = {0};
  char column[4];
  xlsx_column_name(page->first, column);
  const char *cell = arena_printf(maker->arena, "%s%d", column, page->row + 1);
  buf_printf(&formula, "=OR(AND(ISNUMBER(%s)", cell);
  if (question->has_min) put_bound(&formula, cell, ">=", question->min);
  if (question->has_max) put_bound(&formula, cell, "<=", question->max);
  if (question->type == QUESTION_INTEGER) buf_printf(&formula, ",%s=INT(%s)", cell, cell);
  buf_putc(&formula, ')');
  for (int i = 0; i < count; i++) {
    buf_printf(&formula, ",%s=\"", cell);
    for (const char *c = specials[i]; *c != '\0'; c++) {
      if (*c == '"') buf_putc(&formula, '"');
      buf_putc(&formula, *c);
    }
    buf_putc(&formula, '"');
  }
  buf_putc(&formula, ')');
  return take(maker, &formula);
}

static const char *fault_text(const struct maker *maker, const struct form_question *question, enum typed_fault fault) {
  struct buf text = {0};
  typed_fault_message(question, fault, maker->form->languages[maker->language], &text);
  return take(maker, &text);
}

static void add_check(const struct page *page, const struct form_question *question) {
  const struct maker *maker = page->maker;
  struct xlsx_check check = {.title = word(maker, WORD_FORM_WRONG), .min = -TYPED_NUMBER_MAX, .max = TYPED_NUMBER_MAX};
  switch (question->type) {
    case QUESTION_SELECT_ONE:
      add_option_list(page, question);
      return;
    case QUESTION_SELECT_MULTIPLE:
    case QUESTION_NOTE:
    case QUESTION_CALCULATE:
      return;
    case QUESTION_INTEGER:
    case QUESTION_DECIMAL:
      check.rule = question->type == QUESTION_INTEGER ? XLSX_WHOLE : XLSX_DECIMAL;
      if (question->specials != 0) check.rule = XLSX_FORMULA;
      if (question->has_min) check.min = question->min;
      if (question->has_max) check.max = question->max;
      check.formula = formula_of(page, question);
      check.message = fault_text(maker, question, TYPED_NOT_A_NUMBER);
      break;
    case QUESTION_DATE:
      if (question->specials != 0) return; /* a day or one of the words: the page says what is wrong */
      check.rule = XLSX_DATE;
      check.min = DATE_MIN;
      check.max = DATE_MAX;
      check.message = fault_text(maker, question, TYPED_NOT_A_DATE);
      break;
    case QUESTION_TEXT:
      if (question->max_length <= 0 || question->max_length > XLSX_TEXT_MAX) return;
      check.rule = XLSX_LENGTH;
      check.min = 0;
      check.max = question->max_length;
      check.message = fault_text(maker, question, TYPED_TOO_LONG);
      break;
  }
  xlsx_add_check(page->sheet, page->row, page->first, page->last, &check);
}

/* ---- a question */

static const char *type_text(const struct maker *maker, const struct form_question *question) {
  static const enum word names[] = {
      [QUESTION_SELECT_ONE] = WORD_FORM_ONE, [QUESTION_SELECT_MULTIPLE] = WORD_FORM_MANY,
      [QUESTION_INTEGER] = WORD_FORM_WHOLE,  [QUESTION_DECIMAL] = WORD_FORM_DECIMAL,
      [QUESTION_TEXT] = WORD_FORM_TEXT,      [QUESTION_DATE] = WORD_FORM_DATE,
      [QUESTION_NOTE] = WORD_FORM_TEXT,      [QUESTION_CALCULATE] = WORD_FORM_CALCULATED};
  const char *language = maker->form->languages[maker->language], *unit = question->unit.in[maker->language];
  const char *specials[2];
  int count = special_texts(maker, question, specials);
  struct buf text = {0};
  buf_puts(&text, word(maker, names[question->type]));
  if (*unit != '\0') buf_printf(&text, ", %s", unit);
  if (question->has_max) {
    buf_puts(&text, question->has_min ? ", " : ", ≤ ");
    if (question->has_min) typed_format_number(question->min, language, &text);
    if (question->has_min) buf_puts(&text, "–");
    typed_format_number(question->max, language, &text);
  }
  if (!question->required && form_is_answerable(question)) buf_printf(&text, " (%s)", word(maker, WORD_FORM_OPTIONAL));
  for (int i = 0; i < count; i++) buf_printf(&text, "\n%s: %s", word(maker, WORD_FORM_OR), specials[i]);
  return take(maker, &text);
}

static const char *when_text(const struct maker *maker, const struct expr *filter) {
  if (filter == NULL) return "";
  struct buf text = {0};
  form_words(maker->form, filter, maker->language, &text);
  return take(maker, &text);
}

/* A number beside which the id says more: "DOC.S.1" and "D21". */
static const char *number_text(const struct maker *maker, const struct form_question *question) {
  if (strcmp(question->id, question->number) == 0) return question->id;
  return arena_printf(maker->arena, "%s\n%s", question->number, question->id);
}

static void put(const struct page *page, int column, const char *text, enum xlsx_style style) {
  if (*text != '\0') xlsx_put_text(page->sheet, page->row, column, text, style);
}

static bool holds_code(const struct value *value, int code) {
  for (int i = 0; value->kind == VALUE_SET && i < value->code_count; i++)
    if (value->codes[i] == code) return true;
  return false;
}

/* The column that a row of the response is in; rows that were removed in the meantime leave no gap. */
static int row_of_column(const struct page *page, int column) { return page->roster < 0 ? -1 : column - page->first; }

static bool has_answers(const struct page *page, int column) {
  const struct state *state = page->maker->spec->state;
  if (state == NULL) return false;
  return page->roster < 0 || row_of_column(page, column) < response_row_count(state->response, page->roster);
}

/* False when the text had to be cut. */
static bool put_value(const struct page *page, int question, int column, const struct value *value) {
  const struct maker *maker = page->maker;
  struct buf text = {0};
  bool whole = true;
  bool number = value->kind == VALUE_NUMBER && maker->form->questions[question].type != QUESTION_SELECT_ONE;
  bool date = value->kind == VALUE_DATE &&
              xlsx_put_styled_date(page->sheet, page->row, column, (int)value->number, XLSX_INPUT_DATE);
  if (number) xlsx_put_styled(page->sheet, page->row, column, value->number, XLSX_INPUT);
  if (number || date) return true;
  typed_format_display(maker->form, question, value, maker->language, &text);
  whole = xlsx_put_text(page->sheet, page->row, column, buf_text(&text), XLSX_INPUT);
  buf_free(&text);
  return whole;
}

static void put_answer(const struct page *page, int question, int column) {
  const struct maker *maker = page->maker;
  const struct form_question *asked = &maker->form->questions[question];
  enum xlsx_style style = asked->type == QUESTION_DATE ? XLSX_INPUT_DATE : XLSX_INPUT;
  if (!has_answers(page, column) || !state_relevant(maker->spec->state, question, row_of_column(page, column))) {
    xlsx_put_blank(page->sheet, page->row, column, style);
    return;
  }
  int row = row_of_column(page, column);
  struct value value = state_value(maker->spec->state, question, row);
  const char *invalid = response_invalid(maker->spec->state->response, question, row, NULL);
  bool whole = true;
  if (invalid != NULL) whole = xlsx_put_text(page->sheet, page->row, column, invalid, style);
  else if (value.kind == VALUE_MISSING || value.kind == VALUE_SET) xlsx_put_blank(page->sheet, page->row, column, style);
  else whole = put_value(page, question, column, &value);
  if (!whole) put(page, page->comment, word(maker, WORD_FORM_CUT), XLSX_QUIET);
}

static void put_calculated(const struct page *page, int question, int column) {
  const struct maker *maker = page->maker;
  if (!has_answers(page, column)) return;
  struct value value = state_value(maker->spec->state, question, row_of_column(page, column));
  struct buf text = {0};
  if (value.kind != VALUE_MISSING) typed_format_display(maker->form, question, &value, maker->language, &text);
  put(page, column, take(maker, &text), XLSX_WRAPPED);
}

/* One row for each option, to put an x beside it. */
static void put_options(struct page *page, int question) {
  static const char *const marks[] = {"x"};
  const struct maker *maker = page->maker;
  const struct form_question *asked = &maker->form->questions[question];
  for (int i = 0; i < asked->option_count; i++) {
    const struct form_option *option = &asked->options[i];
    put(page, COLUMN_NUMBER, arena_printf(maker->arena, "%s: %d", asked->id, option->code), XLSX_QUIET);
    put(page, COLUMN_QUESTION, arena_printf(maker->arena, "   – %s", option->text.in[maker->language]), XLSX_WRAPPED);
    put(page, COLUMN_WHEN, when_text(maker, option->relevant), XLSX_QUIET);
    put(page, COLUMN_TYPE, "x", XLSX_QUIET);
    for (int column = page->first; column <= page->last; column++) {
      int row = row_of_column(page, column);
      struct value value = {0};
      if (has_answers(page, column)) value = state_value(maker->spec->state, question, row);
      if (holds_code(&value, option->code)) xlsx_put_text(page->sheet, page->row, column, "x", XLSX_INPUT);
      else xlsx_put_blank(page->sheet, page->row, column, XLSX_INPUT);
    }
    add_list(page, marks, 1);
    page->row++;
  }
}

static void put_question(struct page *page, int question) {
  const struct maker *maker = page->maker;
  const struct form_question *asked = &maker->form->questions[question];
  bool open = form_is_answerable(asked) && (asked->type != QUESTION_SELECT_MULTIPLE || asked->specials != 0);
  put(page, COLUMN_NUMBER, asked->type == QUESTION_NOTE ? "" : number_text(maker, asked), XLSX_QUIET);
  put(page, COLUMN_QUESTION, asked->text.in[maker->language], XLSX_WRAPPED);
  put(page, COLUMN_HINT, asked->hint.in[maker->language], XLSX_QUIET);
  put(page, COLUMN_WHEN, when_text(maker, asked->relevant), XLSX_QUIET);
  if (asked->type != QUESTION_NOTE) put(page, COLUMN_TYPE, type_text(maker, asked), XLSX_QUIET);
  if (form_is_answerable(asked)) xlsx_put_blank(page->sheet, page->row, page->comment, XLSX_INPUT);
  for (int column = page->first; column <= page->last; column++) {
    if (open) put_answer(page, question, column);
    else if (asked->type == QUESTION_CALCULATE) put_calculated(page, question, column);
  }
  const char *specials[2];
  if (asked->type == QUESTION_SELECT_MULTIPLE) add_list(page, specials, special_texts(maker, asked, specials));
  else add_check(page, asked);
  page->row++;
  if (asked->type == QUESTION_SELECT_MULTIPLE) put_options(page, question);
}

/* ---- sheets */

/* "2. Title", as far as a sheet's name may be long, without what it may not have in it. */
static const char *sheet_name(const struct maker *maker, int section, int roster, const char *title) {
  char *name = roster < 0 ? arena_printf(maker->arena, "%d. %s", section + 1, title)
                          : arena_printf(maker->arena, "%d.%d %s", section + 1, roster + 1, title);
  size_t units = 0, at = 0;
  for (char *c = name; *c != '\0'; c++)
    if (strchr("[]:*?/\\'", *c) != NULL || (unsigned char)*c < ' ') *c = ' ';
  while (name[at] != '\0') {
    unsigned char lead = (unsigned char)name[at];
    size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    units += bytes == 4 ? 2 : 1;
    if (units > XLSX_NAME_MAX) break;
    at += bytes;
  }
  while (at > 0 && name[at - 1] == ' ') at--;
  name[at] = '\0';
  return name;
}

static const char *roster_name(const struct maker *maker, int roster) {
  const struct form_container *container = &maker->form->containers[maker->form->rosters[roster]];
  const char *text = container->text.in[maker->language];
  return sheet_name(maker, container->section, roster, *text != '\0' ? text : container->label.in[maker->language]);
}

static void put_heading(struct page *page, const char *text, const char *hint, const struct expr *filter, enum xlsx_style style) {
  if (*text == '\0' && *hint == '\0' && filter == NULL) return;
  put(page, COLUMN_QUESTION, text, style);
  put(page, COLUMN_HINT, hint, XLSX_QUIET);
  put(page, COLUMN_WHEN, when_text(page->maker, filter), XLSX_QUIET);
  page->row++;
}

/* Headings of the groups that begin at this question. */
static void put_groups(struct page *page, int question) {
  const struct maker *maker = page->maker;
  for (int i = 0; i < maker->form->container_count; i++) {
    const struct form_container *container = &maker->form->containers[i];
    if (container->first != question || container->kind == CONTAINER_ROSTER || container->count == 0) continue;
    put_heading(page, container->text.in[maker->language], container->hint.in[maker->language], container->relevant,
                XLSX_HEADING);
  }
}

/* The names of the rows of a roster, or what the column is for. */
static void put_answer_headings(const struct page *page) {
  const struct maker *maker = page->maker;
  if (page->roster < 0) {
    put(page, page->first, word(maker, WORD_FORM_ANSWER), XLSX_FRAME);
    return;
  }
  const char *label = maker->form->containers[maker->form->rosters[page->roster]].label.in[maker->language];
  if (*label == '\0') label = word(maker, WORD_FORM_ENTRY);
  for (int column = page->first; column <= page->last; column++) {
    int row = row_of_column(page, column);
    const char *name = has_answers(page, column)
                           ? response_row(maker->spec->state->response, page->roster, row)->label
                           : arena_printf(maker->arena, "%s %d", label, row + 1);
    put(page, column, name, XLSX_INPUT_NAME);
  }
}

static void put_header(struct page *page) {
  const struct maker *maker = page->maker;
  for (int i = COLUMN_NUMBER; i <= COLUMN_TYPE; i++) {
    xlsx_set_width(page->sheet, i, widths[i]);
    put(page, i, word(maker, (enum word)(WORD_FORM_NUMBER + i)), XLSX_FRAME);
  }
  for (int i = page->first; i <= page->last; i++) xlsx_set_width(page->sheet, i, page->roster < 0 ? 36 : 20);
  xlsx_set_width(page->sheet, page->comment, 32);
  put_answer_headings(page);
  put(page, page->comment, word(maker, WORD_FORM_COMMENT), XLSX_FRAME);
  page->row++;
}

static bool start_page(struct page *page, const char *name, struct err *err) {
  page->sheet = xlsx_add_sheet(page->maker->xlsx, name, err);
  if (page->sheet == NULL) return false;
  xlsx_freeze(page->sheet, 1, COLUMN_HINT);
  xlsx_set_print(page->sheet, 1);
  xlsx_protect(page->sheet);
  put_header(page);
  return true;
}

static int count_entries(const struct maker *maker, int roster) {
  const struct form_container *container = &maker->form->containers[maker->form->rosters[roster]];
  const struct state *state = maker->spec->state;
  int rows = state != NULL ? response_row_count(state->response, roster) : 0;
  int count = rows + ENTRIES_MORE > ENTRIES_MIN ? rows + ENTRIES_MORE : ENTRIES_MIN;
  if (container->row_max > 0 && count > container->row_max) count = container->row_max;
  return count > rows ? count : rows;
}

static bool make_roster(struct maker *maker, int roster, struct err *err) {
  const struct form_container *container = &maker->form->containers[maker->form->rosters[roster]];
  int count = count_entries(maker, roster);
  struct page page = {.maker = maker, .roster = roster, .first = COLUMN_ANSWER, .last = COLUMN_ANSWER + count - 1,
                      .comment = COLUMN_ANSWER + count};
  if (!start_page(&page, roster_name(maker, roster), err)) return false;
  put_heading(&page, container->text.in[maker->language], container->hint.in[maker->language], container->relevant,
              XLSX_TITLE);
  for (int i = container->first; i < container->first + container->count; i++) {
    put_groups(&page, i);
    put_question(&page, i);
  }
  return true;
}

/* The section's own questions, then the sheets of its rosters. */
static bool make_section(struct maker *maker, int index, struct err *err) {
  const struct form_section *section = &maker->form->sections[index];
  struct page page = {.maker = maker, .roster = -1, .first = COLUMN_ANSWER, .last = COLUMN_ANSWER, .comment = COLUMN_ANSWER + 1};
  const char *title = section->title.in[maker->language];
  if (!start_page(&page, sheet_name(maker, index, -1, title), err)) return false;
  put_heading(&page, title, section->hint.in[maker->language], section->relevant, XLSX_TITLE);
  for (int i = section->first; i < section->first + section->count;) {
    int roster = maker->form->questions[i].roster;
    put_groups(&page, i);
    if (roster < 0) {
      put_question(&page, i++);
      continue;
    }
    const struct form_container *container = &maker->form->containers[maker->form->rosters[roster]];
    const char *see = arena_printf(maker->arena, "%s „%s”", word(maker, WORD_FORM_SEE), roster_name(maker, roster));
    put_heading(&page, container->text.in[maker->language], see, container->relevant, XLSX_HEADING);
    i = container->first + container->count;
  }
  for (int i = 0; i < maker->form->roster_count; i++)
    if (maker->form->containers[maker->form->rosters[i]].section == index && !make_roster(maker, i, err)) return false;
  return true;
}

static void put_fact(struct xlsx_sheet *sheet, int *row, const char *key, const char *text) {
  if (*text == '\0') return;
  xlsx_put_text(sheet, *row, 0, key, XLSX_HEADING);
  xlsx_put_text(sheet, (*row)++, 1, text, XLSX_WRAPPED);
}

static bool make_how(struct maker *maker, struct err *err) {
  const struct form *form = maker->form;
  const struct form_xlsx *spec = maker->spec;
  struct xlsx_sheet *sheet = xlsx_add_sheet(maker->xlsx, word(maker, WORD_FORM_HOW_SHEET), err);
  int row = 0, steps = form->roster_count > 0 ? 6 : 5;
  if (sheet == NULL) return false;
  xlsx_set_width(sheet, 0, 28);
  xlsx_set_width(sheet, 1, 100);
  xlsx_set_print(sheet, 0);
  xlsx_protect(sheet);
  xlsx_put_text(sheet, row++, 1, form->title.in[maker->language], XLSX_TITLE);
  put_fact(sheet, &row, word(maker, WORD_ROUND), spec->round);
  put_fact(sheet, &row, word(maker, WORD_FORM_INSTITUTION), spec->institution);
  put_fact(sheet, &row, word(maker, WORD_FORM_DEADLINE), spec->deadline);
  put_fact(sheet, &row, word(maker, WORD_FORM_HELP), spec->help);
  put_fact(sheet, &row, word(maker, WORD_FORM_ADDRESS), spec->address);
  put_fact(sheet, &row, word(maker, WORD_VERSION), form->version);
  xlsx_put_text(sheet, row, 0, word(maker, WORD_FORM_MADE), XLSX_HEADING);
  xlsx_put_time(sheet, row++, 1, spec->made_ms);
  row++;
  for (int i = 0; i < steps; i++)
    put_fact(sheet, &row, arena_printf(maker->arena, "%d.", i + 1), word(maker, (enum word)(WORD_FORM_STEP_1 + i)));
  row++;
  put_fact(sheet, &row, "", form->hint.in[maker->language]);
  return true;
}

/* Row by row, as a workbook is written. */
static bool make_lists(struct maker *maker, struct err *err) {
  struct xlsx_sheet *sheet = xlsx_add_sheet(maker->xlsx, word(maker, WORD_FORM_LISTS_SHEET), err);
  bool more = true;
  if (sheet == NULL) return false;
  for (int row = 0; more; row++) {
    more = false;
    for (int i = 0; i < maker->list_count; i++) {
      if (row >= maker->lists[i].count) continue;
      xlsx_put_text(sheet, row, i, maker->lists[i].items[row], XLSX_PLAIN);
      more = true;
    }
  }
  xlsx_protect(sheet);
  xlsx_hide(sheet);
  return true;
}

int form_xlsx_make(const struct form *form, const struct form_xlsx *spec, struct err *err) {
  struct maker maker = {.form = form, .spec = spec, .arena = arena_new()};
  int file = -1;
  if (spec->language != NULL) maker.language = form_language(form, spec->language);
  maker.xlsx = xlsx_new(spec->made_ms, form->title.in[maker.language], err);
  bool ok = maker.xlsx != NULL && make_how(&maker, err);
  for (int i = 0; ok && i < form->section_count; i++) ok = make_section(&maker, i, err);
  if (ok && make_lists(&maker, err)) file = xlsx_finish(maker.xlsx, err);
  else xlsx_free(maker.xlsx);
  arena_free(maker.arena);
  return file;
}
