/* A questionnaire on paper: blank, or with the answers of a response.
 *
 * It becomes a manuscript, which typeset.h or press.h make a PDF of. Blank it has every question with all options, its
 * filter in words and room to write. With answers it has only what applies, each answer as a person reads it. */
#ifndef ANKETA_PAPER_QUESTIONNAIRE_PDF_H
#define ANKETA_PAPER_QUESTIONNAIRE_PDF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "form/form.h"
#include "form/state.h"

enum paper_status { PAPER_BLANK, PAPER_FILLED, PAPER_DRAFT, PAPER_SUBMITTED };

/* A soft finding that somebody explained; comment NULL: nobody did. */
struct paper_explanation {
  const char *comment, *person;
};

/* What stands around the answers. Texts that are "" or NULL are left out; times come in words. */
struct paper_particulars {
  enum paper_status status;
  const char *institution, *round;
  const char *printed;  /* when */
  const char *created;  /* the same as ISO 8601, for the document's own data */
  const char *revision; /* of a draft */
  const char *submitted_when, *submitted_by;
  const char *const *people; /* who answered */
  size_t people_count;
  const char *receipt, *checksum, *receipt_address;
  const struct paper_explanation *explanations; /* one for each of the state's violations; NULL: none at all */
};

/* The manuscript as a file to be read from its beginning; the caller closes it. state NULL: blank. -1 with err. */
int questionnaire_manuscript(const struct form *form, int language, const struct state *state,
                             const struct paper_particulars *particulars, struct err *err);

#endif
