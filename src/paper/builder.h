/* What the files that write a questionnaire's manuscript share: questionnaire_pdf.c walks, blank.c and filled.c print one
 * question, one matrix, one table. */
#ifndef ANKETA_PAPER_BUILDER_H
#define ANKETA_PAPER_BUILDER_H

#include "base/arena.h"
#include "paper/manuscript.h"
#include "paper/questionnaire_pdf.h"
#include "paper/words.h"

#define NUMBER_WIDTH 58 /* of the column with the questions' numbers */
#define PAPER_WIDTH 481

struct builder {
  struct manuscript *manuscript;
  const struct form *form;
  int language;
  const char *code;          /* of the language */
  const struct state *state; /* NULL: blank */
  const struct paper_particulars *particulars;
  struct arena *arena;
  struct buf text;         /* for putting texts together */
  struct buf cells[MANUSCRIPT_COLUMNS_MAX];
  enum { TABLE_CLOSED, TABLE_ANSWERS, TABLE_FIGURES } open; /* filled: the table that the next answer may go on */
  const size_t *violations; /* filled: by question, the first of its violations; one more at the end */
};

const char *builder_word(const struct builder *b, enum paper_word word);
/* Adds a phrase with its parts, which are cleaned. */
void builder_phrase(const struct builder *b, enum paper_word word, const char *first, const char *second,
                    struct buf *out);
/* Adds "Atbild, ja …" for a filter. */
void builder_filter(const struct builder *b, enum paper_word word, const struct expr *filter, struct buf *out);
/* Empties the cells, writes a row of them. */
void builder_cells(struct builder *b, int count);
void builder_row(struct builder *b, int count);
/* Adds each line of a text with a style of its own (LINE_…). */
void builder_lines(const char *style, const char *text, struct buf *out);
/* A question's number into a cell; a long one goes on below at one of its underscores. */
void builder_number(const char *number, struct buf *out);
const char *builder_special(const struct builder *b, const struct form_question *question, enum special special);

/* blank.c */
void blank_question(struct builder *b, int question);
void blank_matrix(struct builder *b, int container);
void blank_table(struct builder *b, int container);

/* filled.c. Only what applies in that row. */
void filled_question(struct builder *b, int question, int row);
void filled_table(struct builder *b, int container, int row);
void filled_close(struct builder *b); /* ends the table of answers, if one is open */
void filled_roster_problem(struct builder *b, int container);
const size_t *filled_index(const struct state *state, struct arena *arena); /* builder.violations */

#endif
