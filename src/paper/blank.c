#include <string.h>

#include "base/utf8.h"
#include "paper/builder.h"

#define SHORT_OPTIONS_MAX 5
#define SHORT_CHARACTERS_MAX 56 /* of all options that stand in one line */
#define LINES_TO_WRITE 5
#define GRID_OPTIONS_MAX 7      /* columns of a matrix; with more it is a list */
#define GRID_COLUMN_MIN 38
#define GRID_COLUMN_MAX 64
#define GRID_WIDTH 260

/* ---- the question itself */

static void put_exclusive(const struct builder *b, const struct form_question *q, struct buf *out) {
  struct buf names = {0};
  for (int i = 0; i < q->option_count; i++) {
    if (!q->options[i].exclusive) continue;
    if (names.len > 0) buf_puts(&names, ", ");
    builder_phrase(b, PAPER_QUOTE, q->options[i].text.in[b->language], NULL, &names);
  }
  if (names.len > 0) {
    buf_putc(out, ' ');
    builder_phrase(b, PAPER_EXCLUSIVE, buf_text(&names), NULL, out);
  }
  buf_free(&names);
}

static void put_remarks(const struct builder *b, const struct form_question *q, struct buf *out) {
  struct buf remark = {0};
  if (q->relevant != NULL) {
    builder_filter(b, PAPER_ASK_IF, q->relevant, &remark);
    builder_lines(LINE_NOTE, buf_text(&remark), out);
    buf_reset(&remark);
  }
  if (q->type == QUESTION_SELECT_MULTIPLE) {
    buf_puts(&remark, builder_word(b, PAPER_CHOOSE_MANY));
    put_exclusive(b, q, &remark);
  }
  if (q->type == QUESTION_CALCULATE) buf_puts(&remark, builder_word(b, PAPER_CALCULATED));
  if (form_is_answerable(q) && !q->required) {
    if (remark.len > 0) buf_putc(&remark, ' ');
    buf_puts(&remark, builder_word(b, PAPER_OPTIONAL));
  }
  if (remark.len > 0) builder_lines(LINE_NOTE, buf_text(&remark), out);
  buf_free(&remark);
}

/* Number and text with hint and remarks in two cells. */
static void put_question(struct builder *b, const struct form_question *q) {
  if (q->type != QUESTION_NOTE) builder_number(q->number, &b->cells[0]);
  builder_lines(q->type == QUESTION_NOTE ? "" : LINE_STRONG, q->text.in[b->language], &b->cells[1]);
  if (*q->hint.in[b->language] != '\0') builder_lines(LINE_HINT, q->hint.in[b->language], &b->cells[1]);
  put_remarks(b, q, &b->cells[1]);
}

/* ---- room for the answer */

static void put_option(const struct builder *b, const struct form_question *q, int option, bool last, struct buf *out) {
  bool one = q->type == QUESTION_SELECT_ONE;
  buf_puts(out, one ? MARK_RADIO : MARK_CHECK);
  manuscript_clean(q->options[option].text.in[b->language], out);
  if (q->options[option].relevant != NULL) {
    buf_putc(out, ' ');
    builder_filter(b, PAPER_OPTION_IF, q->options[option].relevant, out);
  }
  if (!last) buf_putc(out, '\n');
}

static bool are_short(const struct builder *b, const struct form_question *q) {
  size_t characters = 0;
  for (int i = 0; i < q->option_count; i++) {
    const char *text = q->options[i].text.in[b->language];
    characters += utf8_count(text, strlen(text));
    if (q->options[i].relevant != NULL) return false;
  }
  return q->option_count <= SHORT_OPTIONS_MAX && characters <= SHORT_CHARACTERS_MAX;
}

static void put_options(struct builder *b, const struct form_question *q, struct buf *out) {
  bool in_line = are_short(b, q);
  for (int i = 0; i < q->option_count; i++) put_option(b, q, i, in_line || i + 1 == q->option_count, out);
}

static void put_specials(const struct builder *b, const struct form_question *q, const char *style, const char *between,
                         struct buf *out) {
  for (unsigned special = SPECIAL_NA; special <= SPECIAL_NODATA; special <<= 1) {
    if (!(q->specials & special)) continue;
    if (out->len > 0) buf_puts(out, between);
    buf_printf(out, "%s" MARK_CHECK, style);
    manuscript_clean(builder_special(b, q, (enum special)special), out);
  }
}

static void put_box(const struct builder *b, const struct form_question *q, struct buf *out) {
  buf_puts(out, MARK_BOX);
  manuscript_clean(q->type == QUESTION_DATE ? builder_word(b, PAPER_DATE_FORM) : q->unit.in[b->language], out);
}

static void put_room(struct builder *b, const struct form_question *q, struct buf *out) {
  switch (q->type) {
    case QUESTION_SELECT_ONE:
    case QUESTION_SELECT_MULTIPLE:
      put_options(b, q, out);
      put_specials(b, q, "", "\n", out);
      break;
    case QUESTION_INTEGER:
    case QUESTION_DECIMAL:
    case QUESTION_DATE:
      put_box(b, q, out);
      put_specials(b, q, "", "", out);
      break;
    case QUESTION_TEXT:
      for (int i = 0; i < (q->multiline ? LINES_TO_WRITE : 1); i++) buf_puts(out, i > 0 ? "\n" MARK_RULE : MARK_RULE);
      put_specials(b, q, "", "\n", out);
      break;
    case QUESTION_NOTE:
    case QUESTION_CALCULATE:
      break;
  }
}

void blank_question(struct builder *b, int question) {
  static const struct manuscript_column columns[] = {{ALIGN_LEFT, NUMBER_WIDTH}, {ALIGN_LEFT, PAPER_WIDTH - NUMBER_WIDTH}};
  const struct form_question *q = &b->form->questions[question];
  manuscript_keep(b->manuscript);
  manuscript_table(b->manuscript, false, columns, 2, NULL);
  builder_cells(b, 2);
  put_question(b, q);
  builder_row(b, 2);
  manuscript_end_table(b->manuscript);
  buf_reset(&b->text);
  put_room(b, q, &b->text);
  if (b->text.len > 0) manuscript_text(b->manuscript, STYLE_OPTIONS, buf_text(&b->text));
  manuscript_end_keep(b->manuscript);
  manuscript_space(b->manuscript, 7);
}

/* ---- matrices and tables of figures */

static void list_of_questions(struct builder *b, const struct form_container *container) {
  for (int i = container->first; i < container->first + container->count; i++) blank_question(b, i);
}

void blank_matrix(struct builder *b, int index) {
  const struct form_container *container = &b->form->containers[index];
  const struct form_question *first = &b->form->questions[container->first];
  unsigned specials = 0;
  for (int i = container->first; i < container->first + container->count; i++) specials |= b->form->questions[i].specials;
  int marks = first->option_count + ((specials & SPECIAL_NA) != 0) + ((specials & SPECIAL_NODATA) != 0);
  if (marks > GRID_OPTIONS_MAX) {
    list_of_questions(b, container);
    return;
  }
  int width = marks > 0 ? GRID_WIDTH / marks : 0;
  if (width < GRID_COLUMN_MIN) width = GRID_COLUMN_MIN;
  if (width > GRID_COLUMN_MAX) width = GRID_COLUMN_MAX;
  struct manuscript_column columns[2 + GRID_OPTIONS_MAX] = {{ALIGN_LEFT, NUMBER_WIDTH},
                                                           {ALIGN_LEFT, PAPER_WIDTH - NUMBER_WIDTH - marks * width}};
  const char *names[2 + GRID_OPTIONS_MAX] = {"", ""};
  builder_cells(b, 2 + marks);
  for (int i = 0; i < marks; i++) {
    columns[2 + i] = (struct manuscript_column){ALIGN_CENTRE, width};
    bool option = i < first->option_count;
    enum special special = i == first->option_count && (specials & SPECIAL_NA) ? SPECIAL_NA : SPECIAL_NODATA;
    manuscript_clean(option ? first->options[i].text.in[b->language] : builder_special(b, first, special),
                     &b->cells[2 + i]);
    names[2 + i] = arena_copy(b->arena, buf_text(&b->cells[2 + i]));
  }
  manuscript_table(b->manuscript, true, columns, 2 + marks, names);
  for (int i = container->first; i < container->first + container->count; i++) {
    const struct form_question *q = &b->form->questions[i];
    builder_cells(b, 2 + marks);
    builder_number(q->number, &b->cells[0]);
    builder_lines("", q->text.in[b->language], &b->cells[1]);
    if (*q->hint.in[b->language] != '\0') builder_lines(LINE_HINT, q->hint.in[b->language], &b->cells[1]);
    if (q->relevant != NULL) put_remarks(b, q, &b->cells[1]);
    for (int mark = 0; mark < marks; mark++)
      buf_puts(&b->cells[2 + mark], mark < first->option_count && q->type == QUESTION_SELECT_ONE ? MARK_RADIO : MARK_CHECK);
    builder_row(b, 2 + marks);
  }
  manuscript_end_table(b->manuscript);
  manuscript_space(b->manuscript, 10);
}

void blank_table(struct builder *b, int index) {
  static const struct manuscript_column columns[] = {
      {ALIGN_LEFT, NUMBER_WIDTH}, {ALIGN_LEFT, 163}, {ALIGN_LEFT, 96}, {ALIGN_LEFT, 64}, {ALIGN_LEFT, 100}};
  const struct form_container *container = &b->form->containers[index];
  const char *const names[] = {"", builder_word(b, PAPER_QUESTION), builder_word(b, PAPER_FIGURE), "", ""};
  manuscript_table(b->manuscript, true, columns, 5, names);
  for (int i = container->first; i < container->first + container->count; i++) {
    const struct form_question *q = &b->form->questions[i];
    builder_cells(b, 5);
    builder_number(q->number, &b->cells[0]);
    builder_lines("", q->text.in[b->language], &b->cells[1]);
    if (*q->hint.in[b->language] != '\0') builder_lines(LINE_HINT, q->hint.in[b->language], &b->cells[1]);
    put_remarks(b, q, &b->cells[1]);
    buf_puts(&b->cells[2], MARK_BOX);
    builder_lines(LINE_HINT, q->unit.in[b->language], &b->cells[3]);
    put_specials(b, q, LINE_HINT, "\n", &b->cells[4]);
    builder_row(b, 5);
  }
  manuscript_end_table(b->manuscript);
  manuscript_space(b->manuscript, 10);
}
