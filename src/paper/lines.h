/* A text of a manuscript, with its marks, as lines one after the other; for typeset.c.
 *
 * A long paragraph is laid out in pieces, so that it takes no more memory and no more time a line than a short one:
 * shaping a word of a hundred thousand letters at once would take minutes. */
#ifndef ANKETA_PAPER_LINES_H
#define ANKETA_PAPER_LINES_H

#include "paper/manuscript.h"
#include "paper/pdf.h"

#define LINE_PARTS_MAX 12

/* What a line is made of: a mark, a line of a text, or both. */
struct line_part {
  char mark; /* 0: none */
  double x;  /* of the mark; the text follows it */
  double text_x, text_width; /* the space that the text has */
  struct pdf_text *text; /* held by the line; NULL: none */
  int text_line;
};

struct line {
  struct line_part parts[LINE_PARTS_MAX];
  int count;
  double height;
  double width; /* up to the end of the last part */
};

struct lines {
  struct pdf *pdf;
  const struct pdf_style *style;
  double width;
  const char *at;      /* what is left of the text; NULL: nothing */
  bool has_style;      /* the style of this line of the text was read */
  struct pdf_style now;
  const char *run, *run_end; /* a paragraph, or part of one, that takes several lines */
  double run_x;
  struct pdf_text *piece;
  int piece_line, piece_lines; /* of the piece, those to use */
  char run_mark;
};

/* The text stays where it is until lines_end. */
void lines_start(struct lines *lines, struct pdf *pdf, const struct pdf_style *style, const char *text, double width);
bool lines_next(struct lines *lines, struct line *out); /* false at the end; the caller drops the line */
void lines_end(struct lines *lines);

void line_drop(struct line *line);
void line_draw(struct pdf *pdf, const struct line *line, double x, double y);

#endif
