/* A questionnaire as a workbook, to collect figures from colleagues who do not sign in: a sheet that says how to use it, one
 * for each section, one for each roster. Only the cells for answers are open, each with what may be typed into it. Made to
 * be copied from, not to be read back.
 */
#ifndef ANKETA_DATA_FORM_XLSX_H
#define ANKETA_DATA_FORM_XLSX_H

#include "base/err.h"
#include "form/state.h"

struct form_xlsx {
  const char *language;      /* of texts and words; NULL: the questionnaire's first */
  const struct state *state; /* of the response whose answers are filled in, NULL: none are */
  /* On the first sheet, as people read it; "" when there is nothing to say. */
  const char *round, *institution, *deadline, *help, *address;
  int64_t made_ms;
};

/* A descriptor to read the finished file from its start; -1 with err, ERR_TOO_LARGE when there are more sections and
 * rosters than sheets, ERR_FULL when the disk with temporary files is full. */
int form_xlsx_make(const struct form *form, const struct form_xlsx *spec, struct err *err);

#endif
