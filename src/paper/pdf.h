/* A PDF of A4 pages: lines of text, a few shapes, and what a reader or a search finds in it: metadata, headings as
 * structure, bookmarks, links. The one place that knows pango and cairo.
 *
 * Coordinates are points from the upper left corner of the page. Pages go out one by one. Of what was drawn only the
 * structure, some hundred bytes a paragraph, and the letters used stay in memory until the end: the format wants them
 * there. Out of memory ends the process. */
#ifndef ANKETA_PAPER_PDF_H
#define ANKETA_PAPER_PDF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define PDF_PAGE_WIDTH 595.28
#define PDF_PAGE_HEIGHT 841.89

struct pdf;

struct pdf_info {
  const char *title, *author, *language, *created; /* created: ISO 8601 or "" */
};

/* Takes bytes; false when they cannot be kept. */
typedef bool pdf_write(void *context, const void *bytes, size_t len);

/* Begins a document. write NULL: nothing is drawn, so that somebody can count pages. ERR_SYSTEM when the machine has no
 * fonts. */
struct pdf *pdf_new(const struct pdf_info *info, pdf_write *write, void *context, struct err *err);

/* Writes what is left. False with err when anything of it could not be written. Frees in any case. */
bool pdf_finish(struct pdf *pdf, struct err *err);

/* Ends the page that is drawn on. False with err when it could not be written. */
bool pdf_end_page(struct pdf *pdf, struct err *err);

/* ---- text */

enum pdf_weight { PDF_REGULAR, PDF_BOLD, PDF_ITALIC };

struct pdf_style {
  double size;
  double leading; /* least height of a line */
  enum pdf_weight weight;
  double grey;    /* 0: black */
};

struct pdf_text; /* a paragraph in lines */

/* Lays out a paragraph without line ends; width 0: in one line. A word that is wider than a line is broken anywhere.
 * Two owners may hold it. */
struct pdf_text *pdf_text_new(struct pdf *pdf, const struct pdf_style *style, const char *text, size_t len, double width);
/* In one line that ends with "…" when there is more of it than the width takes. */
struct pdf_text *pdf_text_cut(struct pdf *pdf, const struct pdf_style *style, const char *text, double width);
struct pdf_text *pdf_text_hold(struct pdf_text *text);
void pdf_text_free(struct pdf_text *text); /* NULL is fine */
int pdf_text_lines(const struct pdf_text *text);
double pdf_text_height(const struct pdf_text *text, int line);
double pdf_text_width(const struct pdf_text *text, int line);
size_t pdf_text_line_start(const struct pdf_text *text, int line); /* byte */
bool pdf_text_is_right_to_left(const struct pdf_text *text);
/* Draws one line in a space of that width, from its left or, when it reads so, its right end. */
void pdf_text_draw(struct pdf *pdf, const struct pdf_text *text, int line, double x, double y, double width);

/* ---- shapes */

void pdf_line(struct pdf *pdf, double x1, double y1, double x2, double y2, double width, double grey);
void pdf_box(struct pdf *pdf, double x, double y, double width, double height, double line, double grey);
/* A ring or a square, marked as chosen or not; (x, y) is its centre. */
void pdf_circle(struct pdf *pdf, double x, double y, double radius, bool filled);
void pdf_square(struct pdf *pdf, double x, double y, double side, bool crossed);
/* A word across the page, light enough to read what stands on it. A shape, so that it is not among the words of a text
 * that is copied or read out. */
void pdf_watermark(struct pdf *pdf, const char *text);

/* ---- structure */

/* "H1", "P", "Table", "TR", "TH", "TD", "L", "LI"; they nest. */
void pdf_tag(struct pdf *pdf, const char *name);
void pdf_end_tag(struct pdf *pdf, const char *name);
/* What is drawn until the end leads to that page. */
void pdf_link(struct pdf *pdf, int page);
void pdf_end_link(struct pdf *pdf);
/* A bookmark of the page that is drawn on; level 1 stands at the top. */
void pdf_bookmark(struct pdf *pdf, int level, const char *title, int page, double y);

#endif
