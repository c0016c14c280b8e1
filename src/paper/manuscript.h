/* What is to be printed: a list of headings, texts and tables in a temporary file, in the order of reading.
 *
 * Knows no fonts and no pages; typeset.h makes those of it, in another process if need be (press.h). Only its file grows
 * with what is written.
 *
 * A text may hold line ends, and these codes, which manuscript_clean() takes out of what people wrote: a code of a style
 * at the beginning of a line; before a part of a line the code of a mark. Parts stand beside each other as long as they
 * fit. */
#ifndef ANKETA_PAPER_MANUSCRIPT_H
#define ANKETA_PAPER_MANUSCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define MARK_RADIO "\x01"
#define MARK_RADIO_ON "\x02"
#define MARK_CHECK "\x03"
#define MARK_CHECK_ON "\x04"
#define MARK_BOX "\x05"  /* room for a figure */
#define MARK_RULE "\x06" /* a line to write on, as wide as there is room */
#define MARK_LAST 0x06

#define LINE_MUTED "\x0E"  /* what is no answer */
#define LINE_STRONG "\x0F"
#define LINE_HINT "\x10"
#define LINE_NOTE "\x11"   /* a filter, a remark */
#define LINE_ALERT "\x12"  /* what has to be put right */
#define LINE_NUMBER "\x13" /* of a question */
#define LINE_FIRST 0x0E
#define LINE_LAST 0x13

enum block_kind {
  BLOCK_START,     /* texts in the order of struct manuscript_about */
  BLOCK_HEADING,   /* level, text */
  BLOCK_TEXT,      /* enum manuscript_style, text */
  BLOCK_CONTENTS,  /* text: a line of the list of contents; the nth is the nth heading of level 2 */
  BLOCK_TABLE,     /* ruled, then an align and a width for each column; the texts are the headings, if there are any */
  BLOCK_ROW,       /* texts: a cell for each column */
  BLOCK_TABLE_END,
  BLOCK_KEEP,      /* up to its end it stays on one page, if it is not too long */
  BLOCK_KEEP_END,
  BLOCK_SPACE      /* points */
};

enum manuscript_style {
  STYLE_BODY,
  STYLE_HINT,
  STYLE_NOTE,
  STYLE_ANSWER,  /* below its question, indented like it */
  STYLE_OPTIONS  /* a list with marks, indented like the question */
};

enum manuscript_align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };

struct manuscript_about {
  const char *title, *author, *language, *created; /* of the document; created: ISO 8601 or "" */
  const char *head_left, *head_right, *foot;       /* on every page */
  const char *page_of;                             /* between page number and number of pages: " no " */
  const char *watermark;                           /* "" for none */
};
#define MANUSCRIPT_ABOUT_TEXTS 9

struct manuscript_column {
  enum manuscript_align align;
  int width; /* a share of the whole */
};

#define MANUSCRIPT_COLUMNS_MAX 16

struct manuscript;

/* An empty one; NULL with err. What cannot be written later is told by manuscript_finish. */
struct manuscript *manuscript_new(struct err *err);
void manuscript_start(struct manuscript *manuscript, const struct manuscript_about *about); /* first of all */
void manuscript_heading(struct manuscript *manuscript, int level, const char *text);
void manuscript_text(struct manuscript *manuscript, enum manuscript_style style, const char *text);
void manuscript_contents(struct manuscript *manuscript, const char *text);
/* ruled: with a line below each row; without, it is no table to a reader but an order of columns. headings NULL: none. */
void manuscript_table(struct manuscript *manuscript, bool ruled, const struct manuscript_column *columns, int count,
                      const char *const *headings);
void manuscript_row(struct manuscript *manuscript, const char *const *cells, int count);
void manuscript_end_table(struct manuscript *manuscript);
void manuscript_keep(struct manuscript *manuscript);
void manuscript_end_keep(struct manuscript *manuscript);
void manuscript_space(struct manuscript *manuscript, int points);

/* The file, to be read from its beginning; the caller closes it. -1 with err. Frees the manuscript. */
int manuscript_finish(struct manuscript *manuscript, struct err *err);
void manuscript_free(struct manuscript *manuscript);

/* Adds a text that people wrote: line ends become \n, tabs a space, control characters and what Unicode calls no
 * character U+FFFD, so that they are seen; and marks that would tower on one letter get a dotted circle (U+25CC) to stand
 * on. The text is well-formed UTF-8. */
void manuscript_clean(const char *text, struct buf *out);

/* ---- reading */

struct block {
  enum block_kind kind;
  const int *values;
  int value_count;
  const char *const *texts;
  int text_count;
};

struct manuscript_reader;

struct manuscript_reader *manuscript_open(int file, struct err *err); /* NULL with err; borrows the file */
/* The next block, valid until the next call; false at the end, and with err when this is no manuscript. */
bool manuscript_next(struct manuscript_reader *reader, struct block *out, struct err *err);
bool manuscript_rewind(struct manuscript_reader *reader, struct err *err);
void manuscript_close(struct manuscript_reader *reader);

#endif
