#include "paper/lines.h"

#include <string.h>

#include "base/utf8.h"

#define PIECE_BYTES 1200
#define MARK_WIDTH 14.0   /* a ring or a square and the gap behind it */
#define MARK_RADIUS 3.9
#define BOX_WIDTH 84.0
#define BOX_HEIGHT 17.0
#define BOX_GAP 6.0
#define PART_GAP 16.0     /* between parts that stand beside each other */
#define WRITING_HEIGHT 24.0
#define BOX_LINE_HEIGHT 22.0
#define MARK_RISE 0.36    /* of the size: the middle of a letter above the baseline */

void lines_start(struct lines *lines, struct pdf *pdf, const struct pdf_style *style, const char *text, double width) {
  *lines = (struct lines){.pdf = pdf, .style = style, .width = width, .at = text};
}

void lines_end(struct lines *lines) { pdf_text_free(lines->piece); }

void line_drop(struct line *line) {
  for (int i = 0; i < line->count; i++) pdf_text_free(line->parts[i].text);
}

static bool is_mark(char c) { return c >= 1 && c <= MARK_LAST; }

static double mark_width(char mark, double room) {
  if (mark == *MARK_BOX) return BOX_WIDTH + BOX_GAP < room ? BOX_WIDTH + BOX_GAP : room;
  if (mark == *MARK_RULE) return room;
  return mark != 0 ? MARK_WIDTH : 0;
}

static double mark_height(const struct lines *lines, char mark) {
  if (mark == *MARK_BOX) return BOX_LINE_HEIGHT;
  if (mark == *MARK_RULE) return WRITING_HEIGHT;
  return mark != 0 ? lines->now.leading : 0;
}

static const struct line_style {
  enum pdf_weight weight;
  double grey, size; /* size: at most */
} line_styles[] = {
    {PDF_ITALIC, 0.40, 99},  /* LINE_MUTED */
    {PDF_BOLD, 0.10, 99},    /* LINE_STRONG */
    {PDF_REGULAR, 0.33, 8.5}, /* LINE_HINT */
    {PDF_ITALIC, 0.33, 8.5}, /* LINE_NOTE */
    {PDF_BOLD, 0.10, 8.5},   /* LINE_ALERT */
    {PDF_REGULAR, 0.33, 8},  /* LINE_NUMBER */
};

/* A style at the beginning of a line of the text; it keeps the leading, so that neighbours stand on one line. */
static void read_style(struct lines *lines) {
  lines->now = *lines->style;
  lines->has_style = true;
  if (*lines->at < LINE_FIRST || *lines->at > LINE_LAST) return;
  const struct line_style *its = &line_styles[*lines->at++ - LINE_FIRST];
  lines->now.weight = its->weight;
  lines->now.grey = its->grey;
  if (lines->now.size > its->size) lines->now.size = its->size;
}

static struct line_part *add_part(const struct lines *lines, struct line *line, char mark, double x) {
  struct line_part *part = &line->parts[line->count++];
  *part = (struct line_part){.mark = mark, .x = x, .text_x = x};
  double height = mark_height(lines, mark);
  if (height > line->height) line->height = height;
  return part;
}

static void give_text(struct line *line, struct line_part *part, struct pdf_text *text, int text_line, double width) {
  double height = pdf_text_height(text, text_line);
  part->text = text;
  part->text_line = text_line;
  part->text_width = width;
  line->width = part->text_x + pdf_text_width(text, text_line);
  if (height > line->height) line->height = height;
}

/* The next piece of the run. Its last line may go on in the piece after it, so it is laid out again with that one. */
static void lay_piece(struct lines *lines) {
  size_t left = (size_t)(lines->run_end - lines->run), len = left;
  if (len > PIECE_BYTES) len = utf8_cut(lines->run, left, PIECE_BYTES);
  lines->piece = pdf_text_new(lines->pdf, &lines->now, lines->run, len, lines->width - lines->run_x);
  lines->piece_line = 0;
  lines->piece_lines = pdf_text_lines(lines->piece);
  if (len < left && lines->piece_lines > 1) len = pdf_text_line_start(lines->piece, --lines->piece_lines);
  lines->run += len;
}

/* A line of the run; ends it when it was the last. */
static void take_run_line(struct lines *lines, struct line *out) {
  if (lines->piece == NULL) lay_piece(lines);
  struct line_part *part = add_part(lines, out, lines->run_mark, 0);
  part->text_x = lines->run_x;
  give_text(out, part, pdf_text_hold(lines->piece), lines->piece_line++, lines->width - lines->run_x);
  lines->run_mark = 0;
  if (lines->piece_line < lines->piece_lines) return;
  pdf_text_free(lines->piece);
  lines->piece = NULL;
  if (lines->run < lines->run_end) return;
  lines->run = NULL;
}

static void start_run(struct lines *lines, char mark, double x, const char *text, size_t len) {
  lines->run = text;
  lines->run_end = text + len;
  lines->run_mark = mark;
  lines->run_x = x;
}

static size_t part_len(const char *at) {
  size_t len = 0;
  while (at[len] != '\0' && at[len] != '\n' && !is_mark(at[len])) len++;
  return len;
}

/* The line of the text is read: the next one follows. */
static void pass_end(struct lines *lines) {
  if (lines->at == NULL || is_mark(*lines->at)) return;
  lines->at = *lines->at == '\n' ? lines->at + 1 : NULL;
  lines->has_style = false;
}

/* One part beside those that are there; false when it has no room. */
static bool put_beside(struct lines *lines, struct line *out) {
  double x = out->count == 0 ? 0 : out->width + PART_GAP, room = lines->width - x;
  char mark = *lines->at;
  size_t len = part_len(lines->at + 1);
  double offset = mark_width(mark, room);
  if (out->count == LINE_PARTS_MAX || (out->count > 0 && (room < BOX_WIDTH || len > PIECE_BYTES))) return false;
  if (len > PIECE_BYTES) {
    start_run(lines, mark, offset, lines->at + 1, len);
    lines->at += 1 + len;
    return false;
  }
  struct pdf_text *text = len > 0 ? pdf_text_new(lines->pdf, &lines->now, lines->at + 1, len, 0) : NULL;
  bool fits = text == NULL || offset + pdf_text_width(text, 0) <= room;
  if (fits) {
    struct line_part *part = add_part(lines, out, mark, x);
    part->text_x = x + offset;
    out->width = x + offset;
    if (text != NULL) give_text(out, part, text, 0, room - offset);
  } else {
    pdf_text_free(text);
    if (out->count > 0) return false;
    start_run(lines, mark, offset, lines->at + 1, len);
  }
  lines->at += 1 + len;
  return fits;
}

bool lines_next(struct lines *lines, struct line *out) {
  *out = (struct line){.count = 0};
  if (lines->run == NULL && lines->at == NULL) return false;
  if (lines->run == NULL && !lines->has_style) read_style(lines);
  if (lines->run == NULL && !is_mark(*lines->at)) {
    size_t len = part_len(lines->at);
    start_run(lines, 0, 0, lines->at, len);
    lines->at += len;
  }
  if (lines->run == NULL) {
    while (is_mark(*lines->at) && put_beside(lines, out)) continue;
  }
  if (out->count == 0) take_run_line(lines, out);
  if (lines->run == NULL) pass_end(lines);
  return true;
}

static void draw_mark(struct pdf *pdf, const struct line_part *part, double x, double y, double height) {
  double middle = y + height / 2;
  switch (part->mark) {
    case 1: pdf_circle(pdf, x + MARK_RADIUS + 0.5, middle, MARK_RADIUS, false); break;
    case 2: pdf_circle(pdf, x + MARK_RADIUS + 0.5, middle, MARK_RADIUS, true); break;
    case 3: pdf_square(pdf, x + MARK_RADIUS + 0.5, middle, 2 * MARK_RADIUS, false); break;
    case 4: pdf_square(pdf, x + MARK_RADIUS + 0.5, middle, 2 * MARK_RADIUS, true); break;
    case 5: pdf_box(pdf, x, y + (height - BOX_HEIGHT) / 2, part->text_x - part->x - BOX_GAP, BOX_HEIGHT, 0.7, 0.35); break;
    case 6: pdf_line(pdf, x, y + height - 4, x + part->text_x - part->x, y + height - 4, 0.5, 0.5); break;
    default: break;
  }
}

void line_draw(struct pdf *pdf, const struct line *line, double x, double y) {
  for (int i = 0; i < line->count; i++) {
    const struct line_part *part = &line->parts[i];
    double own = part->text != NULL ? pdf_text_height(part->text, part->text_line) : line->height;
    double down = (line->height - own) / 2;
    bool room = part->mark == *MARK_BOX || part->mark == *MARK_RULE;
    draw_mark(pdf, part, x + part->x, room ? y : y + down, room ? line->height : own);
    if (part->text != NULL)
      pdf_text_draw(pdf, part->text, part->text_line, x + part->text_x, y + down, part->text_width);
  }
}
