/* A dataset read back: a CSV as the export writes it, row by row, as answers in the shape of form fields.
 *
 * Columns are known by their names, in any order; those that say who and when only tell which institution a row is of. A
 * multiple choice is gathered from its columns. Empty cells, `.q` and `.n` are no answers and are left out. Knows nothing
 * of responses or the store: what the answers are worth is for the caller to judge.
 */
#ifndef ANKETA_DATA_ANSWERS_CSV_H
#define ANKETA_DATA_ANSWERS_CSV_H

#include "form/findings.h"
#include "form/form.h"

struct answers_csv_entry {
  const char *question; /* id */
  const char *const *values;
  size_t value_count;
  const char *special; /* "na", "nodata", "" */
  int column;          /* where it stands, from 1; of a multiple choice its first */
};

/* Borrowed until the callback returns. */
struct answers_csv_row {
  int line;
  const char *institution; /* its registration number, or name, or abbreviation: the first of them that is not empty */
  int institution_column;
  const char *roster; /* id, NULL when a row is a response */
  const char *label;  /* of the roster's row, NULL */
  int label_column;
  const struct answers_csv_entry *entries;
  size_t count;
};

/* False stops the reading: then *err must be set. */
typedef bool answers_csv_fn(void *context, const struct answers_csv_row *row, struct err *err);

/* forms: the versions of the questionnaire, newest first. language NULL: the cells are codes and marks; else texts of the
 * answers and words in that language. What is wrong with header or cells goes to the findings, with its line and the number
 * of its column; a row is delivered without such cells. False with err when the file cannot be read, or when a header
 * cannot be understood (then the findings say why and err does not). */
bool answers_csv_read(const char *path, const struct form *const *forms, int form_count, const char *language,
                      struct findings *findings, answers_csv_fn *row, void *context, struct err *err);

#endif
