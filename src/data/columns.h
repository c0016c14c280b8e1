/* Which columns a dataset has, and where each comes from in every version of the questionnaire.
 *
 * Columns of all versions are joined by question id (and option code) in the newest version's order; what only older
 * versions have follows behind. A question whose kind of answer changed between versions keeps a column for each kind,
 * the older one named with its version. Knows nothing of responses or the store.
 */
#ifndef ANKETA_DATA_COLUMNS_H
#define ANKETA_DATA_COLUMNS_H

#include <stdbool.h>

#include "base/arena.h"
#include "data/dataset.h"
#include "form/form.h"

/* Our own columns, before the questions; the last two in roster datasets only. */
enum own_column {
  OWN_RESPONSE_ID,
  OWN_INSTITUTION_ID,
  OWN_REGISTRATION_NUMBER,
  OWN_INSTITUTION,
  OWN_ABBREVIATION,
  OWN_KIND,
  OWN_SECTOR,
  OWN_SEGMENTS,
  OWN_STATUS,
  OWN_SUBMITTED_AT,
  OWN_CHANGED_AT,
  OWN_QUESTIONNAIRE_VERSION,
  OWN_ROW_ID,
  OWN_ROW_LABEL
};

/* Where a column's value stands in one version; question -1: that version does not have it. */
struct column_source {
  int question;
  int option; /* index, -1 */
};

struct columns {
  struct dataset_column *list; /* question and option: of the newest version that has it */
  int count;
  int own_count;
  const int *versions;                         /* by column: index of the form that question and option refer to */
  const struct column_source *const *sources;  /* by form, then by column */
};

/* forms: newest first, at least one. roster: NULL or its id. Everything lives in the arena; names and labels of
 * questions are borrowed from the forms. */
struct columns *columns_new(const struct form *const *forms, int form_count, const char *roster, const char *language,
                            bool labels, struct arena *arena);

#endif
