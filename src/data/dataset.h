/* A dataset: the responses of a questionnaire in a round as a stream of typed rows with a codebook. Writers take rows
 * from it one at a time; memory does not grow with their number.
 *
 * One row per response, per row of one roster, or per sitting of a person in a section (time spent). Columns: who (institution, status, times), then the questions in
 * order; a multiple choice is a 0/1 column per option, named ID_code. What was filtered out is not asked; an invalid
 * entry counts as not answered. The four kinds of missing stay apart in every writer.
 */
#ifndef ANKETA_DATA_DATASET_H
#define ANKETA_DATA_DATASET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "form/form.h"
#include "store/db.h"

enum missing_kind {
  MISSING_EMPTY = 0, /* our own columns only: there is nothing to say (not submitted yet), an empty cell */
  MISSING_NOT_ASKED = 1,
  MISSING_NOT_ANSWERED,
  MISSING_NA,
  MISSING_NODATA
};

enum cell_kind { CELL_NUMBER, CELL_TEXT, CELL_DATE, CELL_TIME, CELL_MISSING };

struct cell {
  enum cell_kind kind;
  double number;    /* number; date: days, time: milliseconds since 1970; missing: enum missing_kind */
  const char *text; /* until the next row */
};

struct dataset_column {
  const char *name;      /* stable: the question's id, ID_code (ID__code when ID_code is a question), or one of ours */
  const char *label;     /* the question's text in the chosen language (and the option's) */
  enum cell_kind kind;   /* of its values that are not missing */
  int question;          /* index in dataset_column_form; -1 for ours */
  int option;            /* index, -1 */
  int decimals;          /* 0 for integers and codes */
};

struct dataset_spec {
  const char *round, *questionnaire;
  const char *roster;    /* NULL: one row per response */
  bool paradata;         /* time spent: one row per person, sitting and section; roster is NULL */
  const char *language;  /* of labels and words; NULL: the original; where the form lacks it, its texts are original */
  bool labels;           /* select_one as text instead of codes; missing in words */
  bool submitted_only;
};

struct dataset;

/* Opens a snapshot: what is written is one moment, however long it takes. ERR_NOT_FOUND, which names what there is,
 * when the round, questionnaire or roster does not exist. Responses on several versions of the questionnaire
 * share the columns of all. */
struct dataset *dataset_open(struct db *db, const struct dataset_spec *spec, struct err *err);
void dataset_close(struct dataset *dataset);

const struct form *dataset_form(const struct dataset *dataset); /* newest version */
const struct dataset_spec *dataset_spec(const struct dataset *dataset);
int dataset_column_count(const struct dataset *dataset);
const struct dataset_column *dataset_column(const struct dataset *dataset, int index);
/* The newest version that has the column's question; dataset_form for ours. */
const struct form *dataset_column_form(const struct dataset *dataset, int index);

/* When the snapshot was taken. */
int64_t dataset_opened_ms(const struct dataset *dataset);

/* At most how many rows there will be (a roster that is filtered out has none), by walking the responses; only before
 * the first dataset_next. False with err. */
bool dataset_count_rows(struct dataset *dataset, int64_t *count, struct err *err);

/* The next row: column_count cells, valid until the next call; NULL at the end or on error (err set). Responses are
 * read ahead in a thread: from the first call to dataset_close the connection is the dataset's alone. */
const struct cell *dataset_next(struct dataset *dataset, struct err *err);

/* What a missing cell is written as: ".q" not asked, ".n" not answered, ".a" not applicable, ".d" no data (Stata's
 * letters, so that a sum over the column can never count them), or the words in a language with labels (lv, ru; any
 * other reads English). "" for MISSING_EMPTY. A text answer that reads like a mark comes from the dataset with an
 * apostrophe before it, so that the two cannot be mistaken: who reads takes one apostrophe off such a text. */
const char *dataset_missing_text(enum missing_kind kind, const char *language, bool labels);

#endif
