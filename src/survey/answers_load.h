/* Answers that come in from outside, such as those of an earlier round: row by row, each stored by the ordinary rules of
 * saving, in one transaction. Knows nothing of the file they come from.
 *
 * Only an administrator may. An answer row names a person, so the loaded ones name "Datu ielāde", a person who stands for
 * the command line: they are nobody's word, and the history must not say otherwise. That person is made removed, so no
 * link ever signs anybody in as it. What is loaded is added to what is there; nothing is cleared.
 */
#ifndef ANKETA_SURVEY_ANSWERS_LOAD_H
#define ANKETA_SURVEY_ANSWERS_LOAD_H

#include "form/findings.h"
#include "survey/work.h"

#define ANSWERS_LOAD_EMAIL "datu-ielade@anketa.invalid" /* a name that can never be an address, RFC 2606 */
#define ANSWERS_LOAD_NAME "Datu ielāde"

/* What was done, or would be. */
struct answers_load_counts {
  int64_t institutions, rows; /* rows: added to rosters */
  int64_t fresh, changed, same; /* answers: there was none; there was another; there was this one */
  int64_t submitted;
};

struct answers_load_row {
  int line;
  const char *institution; /* registration number, name or abbreviation */
  int institution_column;
  const char *roster, *label; /* the roster's row; NULL when the row is a response's */
  int label_column;
  struct save_entry *entries; /* question, values and special; the rest is filled in */
  const int *columns;         /* of the entries, for the findings */
  size_t count;
};

struct answers_load;

/* Writer. submitted: mark the responses submitted, whatever is missing or unusual in them. What is wrong with rows goes to
 * the findings. NULL with err. */
struct answers_load *answers_load_new(struct db *db, const struct actor *actor, const char *round,
                                      const char *questionnaire, bool submitted, struct findings *findings,
                                      struct err *err);

/* Takes a copy of the row. The rows of an institution stand together; each is stored when the next begins. False with err
 * only when the store fails. */
bool answers_load_row(struct answers_load *load, const struct answers_load_row *row, struct err *err);

/* Stores the last one. */
bool answers_load_finish(struct answers_load *load, struct answers_load_counts *counts, struct err *err);
void answers_load_free(struct answers_load *load);

#endif
