#include "paper/typeset.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "paper/lines.h"
#include "paper/manuscript.h"

#define LEFT 57.0
#define RIGHT 538.0
#define TOP 64.0
#define BOTTOM 782.0
#define HEAD_Y 34.0
#define FOOT_Y 796.0
#define WIDTH (RIGHT - LEFT)
#define BODY_HEIGHT (BOTTOM - TOP)
#define INDENT 63.0               /* where questions stand; their numbers are left of it */
#define KEPT_MAX (BODY_HEIGHT * 0.45) /* what is to stay together is, up to this height */
#define ROW_MAX (BODY_HEIGHT * 0.4)   /* a higher row is set as paragraphs */
#define CELL_X 5.0
#define CELL_Y 3.5
#define HAIRLINE_GREY 0.75
#define PAGE_NUMBER_WIDTH 40.0

struct paragraph_style {
  struct pdf_style text;
  double before, after, indent;
  bool leads; /* what follows stays with it */
};

static const struct paragraph_style headings[] = {
    {{21, 27, PDF_BOLD, 0.08}, 0, 8, 0, true},
    {{14, 19, PDF_BOLD, 0.08}, 24, 8, 0, true},
    {{10.5, 14.5, PDF_BOLD, 0.08}, 14, 4, 0, true},
    {{9.5, 13.5, PDF_BOLD, 0.08}, 9, 3, 0, true},
};
static const struct paragraph_style styles[] = {
    [STYLE_BODY] = {{9.5, 13.5, PDF_REGULAR, 0.1}, 0, 5, 0},
    [STYLE_HINT] = {{8.5, 12, PDF_REGULAR, 0.33}, 0, 6, 0, true},
    [STYLE_NOTE] = {{8.5, 12, PDF_ITALIC, 0.33}, 4, 6, 0, true},
    [STYLE_ANSWER] = {{9.5, 13.5, PDF_REGULAR, 0.1}, 2, 6, INDENT},
    [STYLE_OPTIONS] = {{9.5, 14.5, PDF_REGULAR, 0.1}, 0, 4, INDENT},
};
static const struct pdf_style cell_style = {9.5, 13.5, PDF_REGULAR, 0.1};
static const struct pdf_style head_style = {8, 10.5, PDF_BOLD, 0.2};
static const struct pdf_style running_style = {7.5, 10, PDF_REGULAR, 0.35};

/* A table while one of its rows waits or may come. */
struct table {
  int holders, count;
  bool ruled;
  double x[MANUSCRIPT_COLUMNS_MAX], width[MANUSCRIPT_COLUMNS_MAX];
  int align[MANUSCRIPT_COLUMNS_MAX];
  char *headings[MANUSCRIPT_COLUMNS_MAX];
  bool has_headings;
  struct strip *held[2]; /* its last rows, which stay together */
};

struct placed {
  struct line line;
  double x, y; /* from the strip's corner */
  int cell;
};

/* What a page break cannot cut: a line, or a row of a table. */
struct strip {
  double before, height, after;
  bool natural_glue, kept; /* no page break behind it; kept: because of a BLOCK_KEEP */
  struct placed *lines;
  int count, cap;
  const char *outer, *tag; /* structure: "Table" and "TR"; outer may be NULL */
  unsigned block;          /* strips of one block are one element */
  int level;               /* of a heading whose first line this is, else 0 */
  char *title;
  int link_page;
  struct table *table;     /* its row */
  bool is_head;            /* the row of headings */
};

struct typesetter {
  struct pdf *pdf;
  struct err *err;
  bool counting, failed;
  char *about[MANUSCRIPT_ABOUT_TEXTS];
  int page, total; /* page: 0 before the first */
  bool page_open;
  double y;
  struct strip **waiting;
  int waiting_count, waiting_cap;
  int keep; /* depth */
  bool keep_spent;
  unsigned block;
  struct table *table;
  const char *open_outer, *open_tag;
  unsigned open_block;
  struct table *open_table;
  int *places; /* pages of the headings of level 2, from the first pass */
  int place_count, place_cap, heading_number, contents_number;
};

static void *must(void *memory) {
  if (memory == NULL) log_out_of_memory();
  return memory;
}

/* ---- strips */

static void table_drop(struct table *table) {
  if (table == NULL || --table->holders > 0) return;
  for (int i = 0; i < table->count; i++) free(table->headings[i]);
  free(table);
}

static struct strip *strip_new(unsigned block, const char *outer, const char *tag) {
  struct strip *strip = must(calloc(1, sizeof *strip));
  strip->block = block;
  strip->outer = outer;
  strip->tag = tag;
  return strip;
}

static void strip_free(struct strip *strip) {
  for (int i = 0; i < strip->count; i++) line_drop(&strip->lines[i].line);
  table_drop(strip->table);
  free(strip->lines);
  free(strip->title);
  free(strip);
}

/* Takes the line. */
static struct placed *strip_add(struct strip *strip, const struct line *line, double x, double y) {
  if (strip->count == strip->cap) {
    strip->cap = strip->cap > 0 ? strip->cap * 2 : 2;
    strip->lines = must(realloc(strip->lines, (size_t)strip->cap * sizeof *strip->lines));
  }
  struct placed *placed = &strip->lines[strip->count++];
  *placed = (struct placed){.line = *line, .x = x, .y = y};
  return placed;
}

/* ---- structure */

static void close_tags(struct typesetter *t) {
  if (t->open_tag != NULL) pdf_end_tag(t->pdf, t->open_tag);
  if (t->open_outer != NULL) pdf_end_tag(t->pdf, t->open_outer);
  t->open_tag = t->open_outer = NULL;
  t->open_block = 0;
  t->open_table = NULL;
}

/* An element goes on while its strips follow each other on a page. Rows of a table share the outer one only. */
static void open_tags(struct typesetter *t, const struct strip *strip) {
  bool same_outer = t->open_outer != NULL && strip->outer != NULL && strcmp(t->open_outer, strip->outer) == 0 &&
                    t->open_table == strip->table;
  if (t->open_block == strip->block && t->open_tag != NULL) return;
  if (!same_outer) close_tags(t);
  else if (t->open_tag != NULL) pdf_end_tag(t->pdf, t->open_tag);
  if (!same_outer && strip->outer != NULL) pdf_tag(t->pdf, strip->outer);
  pdf_tag(t->pdf, strip->tag);
  t->open_outer = strip->outer;
  t->open_tag = strip->tag;
  t->open_block = strip->block;
  t->open_table = strip->table;
}

/* ---- pages */

/* At the left or at the right end. */
static void draw_running(struct typesetter *t, const char *text, double x, double width, bool at_right, double y) {
  if (*text == '\0') return;
  struct pdf_text *line = pdf_text_cut(t->pdf, &running_style, text, width);
  if (at_right) x += width - pdf_text_width(line, 0);
  pdf_text_draw(t->pdf, line, 0, x, y, 0);
  pdf_text_free(line);
}

enum { TITLE, AUTHOR, LANGUAGE, CREATED, HEAD_LEFT, HEAD_RIGHT, FOOT, PAGE_OF, WATERMARK };

static void draw_frame(struct typesetter *t) {
  char number[64];
  bool first = t->page == 1; /* it has the title below; but that it is a draft stands on each page */
  if (!first) draw_running(t, t->about[HEAD_LEFT], LEFT, WIDTH * 0.56, false, HEAD_Y);
  if (!first || *t->about[WATERMARK] != '\0') {
    draw_running(t, t->about[HEAD_RIGHT], LEFT + WIDTH * 0.58, WIDTH * 0.42, true, HEAD_Y);
    pdf_line(t->pdf, LEFT, HEAD_Y + 14, RIGHT, HEAD_Y + 14, 0.4, HAIRLINE_GREY);
  }
  snprintf(number, sizeof number, "%d%.40s%d", t->page, t->about[PAGE_OF], t->total);
  pdf_line(t->pdf, LEFT, FOOT_Y - 4, RIGHT, FOOT_Y - 4, 0.4, HAIRLINE_GREY);
  draw_running(t, t->about[FOOT], LEFT, WIDTH * 0.82, false, FOOT_Y);
  draw_running(t, number, LEFT + WIDTH * 0.84, WIDTH * 0.16, true, FOOT_Y);
}

static void end_page(struct typesetter *t) {
  if (!t->page_open) return;
  close_tags(t);
  t->page_open = false;
  if (!t->failed && !pdf_end_page(t->pdf, t->err)) t->failed = true;
}

static void begin_page(struct typesetter *t) {
  end_page(t);
  t->page++;
  t->y = TOP;
  t->page_open = true;
  if (t->counting) return;
  if (*t->about[WATERMARK] != '\0') pdf_watermark(t->pdf, t->about[WATERMARK]);
  draw_frame(t);
}

static void note_heading(struct typesetter *t, const struct strip *strip) {
  if (strip->level == 2 && t->counting) {
    if (t->place_count == t->place_cap) {
      t->place_cap = t->place_cap > 0 ? t->place_cap * 2 : 16;
      t->places = must(realloc(t->places, (size_t)t->place_cap * sizeof *t->places));
    }
    t->places[t->place_count++] = t->page;
  }
  if (strip->level == 2 || strip->level == 3) pdf_bookmark(t->pdf, strip->level - 1, strip->title, t->page, t->y - 6);
  if (strip->level == 2 && t->y > TOP + 1) pdf_line(t->pdf, LEFT, t->y - 6, RIGHT, t->y - 6, 0.9, 0.15);
}

static void draw_rules(struct typesetter *t, const struct strip *strip) {
  const struct table *table = strip->table;
  double bottom = t->y + strip->height;
  if (table == NULL || !table->ruled) return;
  if (strip->is_head) pdf_line(t->pdf, LEFT, bottom, RIGHT, bottom, 0.8, 0.3);
  else pdf_line(t->pdf, LEFT, bottom, RIGHT, bottom, 0.4, HAIRLINE_GREY);
}

static void draw_lines(struct typesetter *t, const struct strip *strip) {
  const char *cell_tag = strip->is_head ? "TH" : "TD";
  bool cells = strip->outer != NULL && strcmp(strip->outer, "Table") == 0 && strip->table != NULL;
  int cell = -1;
  for (int i = 0; i < strip->count; i++) {
    const struct placed *placed = &strip->lines[i];
    if (cells && placed->cell != cell) {
      if (cell >= 0) pdf_end_tag(t->pdf, cell_tag);
      pdf_tag(t->pdf, cell_tag);
      cell = placed->cell;
    }
    line_draw(t->pdf, &placed->line, LEFT + placed->x, t->y + placed->y);
  }
  if (cells && cell >= 0) pdf_end_tag(t->pdf, cell_tag);
}

static struct strip *head_strip(struct typesetter *t, struct table *table);

static bool place(struct typesetter *t, const struct strip *strip);

/* A row that begins a page stands below the headings of its table. */
static void repeat_headings(struct typesetter *t, const struct strip *strip) {
  if (strip->table == NULL || strip->is_head || !strip->table->has_headings) return;
  struct strip *head = head_strip(t, strip->table);
  place(t, head);
  strip_free(head);
}

/* Draws the strip where the page is at; false when it needs another page. */
static bool place(struct typesetter *t, const struct strip *strip) {
  double before = t->y > TOP ? strip->before : 0;
  if (t->y > TOP && t->y + before + strip->height > BOTTOM) return false;
  t->y += before;
  note_heading(t, strip);
  if (!t->counting) {
    open_tags(t, strip);
    if (strip->link_page > 0) pdf_link(t->pdf, strip->link_page);
    draw_lines(t, strip);
    if (strip->link_page > 0) pdf_end_link(t->pdf);
    draw_rules(t, strip);
  }
  t->y += strip->height + strip->after;
  return true;
}

static void put(struct typesetter *t, const struct strip *strip) {
  if (!t->page_open) begin_page(t);
  if (place(t, strip)) return;
  begin_page(t);
  repeat_headings(t, strip);
  place(t, strip);
}

/* The first so many strips that wait, on one page when they fit on one. */
static void flush(struct typesetter *t, int count) {
  double need = 0;
  for (int i = 0; i < count; i++) {
    const struct strip *strip = t->waiting[i];
    need += (i > 0 || t->y > TOP ? strip->before : 0) + strip->height + (i + 1 < count ? strip->after : 0);
  }
  if (count > 0 && t->page_open && t->y > TOP && t->y + need > BOTTOM && need <= BODY_HEIGHT) {
    begin_page(t);
    repeat_headings(t, t->waiting[0]);
  }
  for (int i = 0; i < count; i++) {
    put(t, t->waiting[i]);
    strip_free(t->waiting[i]);
  }
  t->waiting_count -= count;
  memmove(t->waiting, t->waiting + count, (size_t)t->waiting_count * sizeof *t->waiting);
}

static double waiting_height(const struct typesetter *t) {
  double height = 0;
  for (int i = 0; i < t->waiting_count; i++)
    height += t->waiting[i]->before + t->waiting[i]->height + t->waiting[i]->after;
  return height;
}

/* What was kept together has become too long: everything up to the last place where a page may end is put. */
static void give_up_keeping(struct typesetter *t) {
  int count = t->waiting_count;
  t->keep_spent = true;
  while (count > 0 && t->waiting[count - 1]->natural_glue) count--;
  flush(t, count);
}

/* Takes the strip. */
static void add_strip(struct typesetter *t, struct strip *strip) {
  strip->kept = t->keep > 0 && !t->keep_spent;
  if (t->waiting_count == t->waiting_cap) {
    t->waiting_cap = t->waiting_cap > 0 ? t->waiting_cap * 2 : 16;
    t->waiting = must(realloc(t->waiting, (size_t)t->waiting_cap * sizeof *t->waiting));
  }
  t->waiting[t->waiting_count++] = strip;
  if (!strip->natural_glue && !strip->kept) flush(t, t->waiting_count);
  else if (waiting_height(t) > BODY_HEIGHT) flush(t, t->waiting_count);
  else if (strip->kept && waiting_height(t) > KEPT_MAX) give_up_keeping(t);
}

/* ---- blocks */

/* A paragraph; two lines of it stay together at either end. */
static void add_paragraph(struct typesetter *t, const struct paragraph_style *style, const char *text, const char *outer,
                          const char *tag, int level) {
  struct lines lines;
  struct line line, next;
  struct strip *previous = NULL;
  int number = 0;
  bool rule = false;
  lines_start(&lines, t->pdf, &style->text, text, WIDTH - style->indent);
  bool more = lines_next(&lines, &line);
  unsigned block = ++t->block;
  while (more) {
    more = lines_next(&lines, &next);
    struct strip *strip = strip_new(block, outer, tag);
    strip->height = line.height;
    strip->before = number == 0 ? style->before : 0;
    strip->after = more ? 0 : style->after;
    strip->natural_glue = level > 0 || (number == 0 && more) || (!more && style->leads);
    if (number == 0 && level > 0) {
      strip->level = level;
      strip->title = must(strdup(text));
    }
    strip_add(strip, &line, style->indent, 0);
    rule = line.count > 0 && line.parts[0].mark != 0;
    if (previous != NULL) {
      if (!more && !rule) previous->natural_glue = true;
      add_strip(t, previous);
    }
    previous = strip;
    line = next;
    number++;
  }
  if (previous != NULL) add_strip(t, previous);
  lines_end(&lines);
}

/* A list: each line of the text is an item of its own. */
static void add_options(struct typesetter *t, const char *text) {
  struct paragraph_style style = styles[STYLE_OPTIONS];
  double after = style.after;
  const char *at = text;
  while (at != NULL) {
    size_t len = strcspn(at, "\n");
    char *item = must(strndup(at, len));
    at = at[len] == '\n' ? at + len + 1 : NULL;
    style.after = at == NULL ? after : 0;
    add_paragraph(t, &style, item, "L", "LI", 0);
    free(item);
  }
}

static void add_text(struct typesetter *t, const struct block *block) {
  int style = block->values[0];
  if (style < 0 || style > STYLE_OPTIONS) style = STYLE_BODY;
  if (style == STYLE_OPTIONS) add_options(t, block->texts[0]);
  else add_paragraph(t, &styles[style], block->texts[0], NULL, "P", 0);
}

static void add_heading(struct typesetter *t, const struct block *block) {
  static const char *const tags[] = {"H1", "H2", "H3", "H4"};
  int level = block->values[0] < 1 ? 1 : block->values[0] > 4 ? 4 : block->values[0];
  add_paragraph(t, &headings[level - 1], block->texts[0], NULL, tags[level - 1], level);
}

static void add_contents(struct typesetter *t, const struct block *block) {
  struct strip *strip = strip_new(++t->block, "L", "LI");
  int page = t->contents_number < t->place_count ? t->places[t->contents_number] : 0;
  t->contents_number++;
  char number[16];
  struct lines lines;
  struct line line;
  snprintf(number, sizeof number, "%d", page);
  lines_start(&lines, t->pdf, &styles[STYLE_BODY].text, block->texts[0], WIDTH - PAGE_NUMBER_WIDTH);
  while (lines_next(&lines, &line)) {
    strip_add(strip, &line, 0, strip->height);
    strip->height += line.height;
  }
  lines_end(&lines);
  lines_start(&lines, t->pdf, &styles[STYLE_BODY].text, number, PAGE_NUMBER_WIDTH);
  if (lines_next(&lines, &line)) strip_add(strip, &line, WIDTH - line.width, strip->height - line.height);
  lines_end(&lines);
  strip->after = 2;
  strip->link_page = page;
  add_strip(t, strip);
}

/* ---- tables */

static double shift(const struct table *table, int column, const struct line *line) {
  double room = table->width[column] - (column == 0 ? CELL_X : 2 * CELL_X);
  double left = table->x[column] + (column == 0 ? 0 : CELL_X);
  if (table->align[column] == ALIGN_RIGHT) return left + fmax(0, room - line->width);
  if (table->align[column] == ALIGN_CENTRE) return left + fmax(0, (room - line->width) / 2);
  return left;
}

static double add_cell(struct typesetter *t, struct strip *strip, const struct table *table, int column,
                       const struct pdf_style *style, const char *text) {
  struct lines lines;
  struct line line;
  double y = CELL_Y;
  lines_start(&lines, t->pdf, style, text, table->width[column] - (column == 0 ? CELL_X : 2 * CELL_X));
  while (y <= ROW_MAX && lines_next(&lines, &line)) {
    if (line.count == 1 && line.parts[0].mark != 0 && line.parts[0].text == NULL &&
        table->align[column] == ALIGN_CENTRE)
      line.width = 9; /* a mark alone stands in the middle itself, without the gap behind it */
    strip_add(strip, &line, shift(table, column, &line), y)->cell = column;
    y += line.height;
  }
  lines_end(&lines);
  return y + CELL_Y;
}

static struct strip *row_strip(struct typesetter *t, struct table *table, const struct pdf_style *style,
                               const char *const *cells, int count) {
  struct strip *strip = strip_new(++t->block, table->ruled ? "Table" : NULL, table->ruled ? "TR" : "P");
  strip->table = table;
  table->holders++;
  for (int i = 0; i < count && i < table->count; i++) {
    double height = add_cell(t, strip, table, i, style, cells[i]);
    if (height > strip->height) strip->height = height;
  }
  return strip;
}

/* Headings stand at the bottom of their row. */
static struct strip *head_strip(struct typesetter *t, struct table *table) {
  const char *cells[MANUSCRIPT_COLUMNS_MAX];
  double bottom[MANUSCRIPT_COLUMNS_MAX] = {0};
  for (int i = 0; i < table->count; i++) cells[i] = table->headings[i];
  struct strip *strip = row_strip(t, table, &head_style, cells, table->count);
  for (int i = 0; i < strip->count; i++) {
    const struct placed *placed = &strip->lines[i];
    bottom[placed->cell] = placed->y + placed->line.height;
  }
  for (int i = 0; i < strip->count; i++)
    strip->lines[i].y += strip->height - CELL_Y - bottom[strip->lines[i].cell];
  strip->is_head = true;
  strip->natural_glue = true;
  return strip;
}

static void add_held(struct typesetter *t, bool last) {
  struct table *table = t->table;
  if (table->held[0] == NULL) return;
  if (last && table->held[1] != NULL) table->held[0]->natural_glue = true;
  add_strip(t, table->held[0]);
  table->held[0] = table->held[1];
  table->held[1] = NULL;
}

/* A table whose headings stand above it does not leave one row alone on a page. */
static void hold_row(struct typesetter *t, struct strip *strip) {
  struct table *table = t->table;
  if (!table->has_headings) {
    add_strip(t, strip);
    return;
  }
  if (table->held[1] != NULL) add_held(t, false);
  if (table->held[0] == NULL) table->held[0] = strip;
  else table->held[1] = strip;
}

static void end_table(struct typesetter *t) {
  if (t->table == NULL) return;
  add_held(t, true);
  add_held(t, true);
  table_drop(t->table);
  t->table = NULL;
}

static void start_table(struct typesetter *t, const struct block *block) {
  end_table(t);
  int count = (block->value_count - 1) / 2, whole = 0;
  struct table *table = must(calloc(1, sizeof *table));
  table->holders = 1;
  table->count = count < 0 ? 0 : count > MANUSCRIPT_COLUMNS_MAX ? MANUSCRIPT_COLUMNS_MAX : count;
  table->ruled = block->value_count > 0 && block->values[0] != 0;
  table->has_headings = block->text_count == table->count && table->count > 0;
  for (int i = 0; i < table->count; i++) whole += block->values[2 + 2 * i] > 0 ? block->values[2 + 2 * i] : 1;
  double x = 0;
  for (int i = 0; i < table->count; i++) {
    int share = block->values[2 + 2 * i] > 0 ? block->values[2 + 2 * i] : 1;
    table->align[i] = block->values[1 + 2 * i];
    table->x[i] = x;
    table->width[i] = WIDTH * share / whole;
    table->headings[i] = must(strdup(table->has_headings ? block->texts[i] : ""));
    x += table->width[i];
  }
  t->table = table;
  if (table->has_headings) add_strip(t, head_strip(t, table));
}

/* A row that is too high to stay on a page is set cell by cell. */
static void add_row(struct typesetter *t, const struct block *block) {
  if (t->table == NULL) return;
  struct strip *strip = row_strip(t, t->table, &cell_style, block->texts, block->text_count);
  if (strip->height <= ROW_MAX) {
    hold_row(t, strip);
    return;
  }
  strip_free(strip);
  add_held(t, false);
  add_held(t, false);
  for (int i = 0; i < block->text_count; i++)
    if (*block->texts[i] != '\0') add_paragraph(t, &styles[STYLE_ANSWER], block->texts[i], NULL, "P", 0);
}

/* ---- all of it */

static void keep_about(struct typesetter *t, const struct block *block) {
  for (int i = 0; i < MANUSCRIPT_ABOUT_TEXTS; i++) {
    free(t->about[i]);
    t->about[i] = must(strdup(i < block->text_count ? block->texts[i] : ""));
  }
}

static void end_keep(struct typesetter *t) {
  if (t->keep > 0) t->keep--;
  if (t->keep > 0) return;
  t->keep_spent = false;
  int count = t->waiting_count;
  while (count > 0 && t->waiting[count - 1]->natural_glue) count--;
  flush(t, count);
}

static void take_block(struct typesetter *t, const struct block *block) {
  if (t->table != NULL && block->kind != BLOCK_ROW) end_table(t);
  bool wants = block->kind != BLOCK_START && block->kind != BLOCK_ROW && block->kind != BLOCK_TABLE;
  if (wants && block->value_count == 0) return;
  if ((block->kind == BLOCK_HEADING || block->kind == BLOCK_TEXT || block->kind == BLOCK_CONTENTS) &&
      block->text_count == 0)
    return;
  switch (block->kind) {
    case BLOCK_START: keep_about(t, block); break;
    case BLOCK_HEADING: add_heading(t, block); break;
    case BLOCK_TEXT: add_text(t, block); break;
    case BLOCK_CONTENTS: add_contents(t, block); break;
    case BLOCK_TABLE: start_table(t, block); break;
    case BLOCK_ROW: add_row(t, block); break;
    case BLOCK_TABLE_END: break; /* any block but a row ends it */
    case BLOCK_KEEP: t->keep++; break;
    case BLOCK_KEEP_END: end_keep(t); break;
    case BLOCK_SPACE:
      if (t->waiting_count > 0) t->waiting[t->waiting_count - 1]->after += block->values[0];
      else if (t->page_open && t->y > TOP) t->y += block->values[0];
      break;
  }
}

static void clear(struct typesetter *t) {
  free(t->waiting);
  for (int i = 0; i < MANUSCRIPT_ABOUT_TEXTS; i++) free(t->about[i]);
}

/* One pass; with write NULL it counts pages and finds out where headings are. */
static bool pass(struct typesetter *t, struct manuscript_reader *reader, pdf_write *write, void *context) {
  struct block block;
  struct err *err = t->err;
  bool ok = manuscript_next(reader, &block, err) && block.kind == BLOCK_START &&
            block.text_count == MANUSCRIPT_ABOUT_TEXTS;
  if (!ok) return err_set(err, ERR_INPUT, "this is no manuscript of anketa");
  take_block(t, &block);
  struct pdf_info info = {t->about[TITLE], t->about[AUTHOR], t->about[LANGUAGE], t->about[CREATED]};
  t->pdf = pdf_new(&info, write, context, err);
  if (t->pdf == NULL) return false;
  struct err fault = {0};
  while (!t->failed && manuscript_next(reader, &block, &fault)) take_block(t, &block);
  end_table(t);
  flush(t, t->waiting_count);
  if (t->page == 0) begin_page(t);
  end_page(t);
  bool finished = pdf_finish(t->pdf, err);
  t->pdf = NULL;
  if (fault.code != ERR_NONE) return err_set(err, fault.code, "%s", fault.text);
  return finished && !t->failed;
}

bool typeset(int manuscript, pdf_write *write, void *context, struct err *err) {
  struct manuscript_reader *reader = manuscript_open(manuscript, err);
  if (reader == NULL) return false;
  struct typesetter count = {.err = err, .counting = true}, draw = {.err = err};
  bool ok = manuscript_rewind(reader, err) && pass(&count, reader, NULL, NULL) && manuscript_rewind(reader, err);
  if (ok) {
    draw.total = count.page;
    draw.places = count.places;
    draw.place_count = count.place_count;
    ok = pass(&draw, reader, write, context);
  }
  clear(&count);
  clear(&draw);
  free(count.places);
  manuscript_close(reader);
  return ok;
}
