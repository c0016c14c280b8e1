/* What a printed response says besides its answers. */
#ifndef ANKETA_SURVEY_WORK_PAPER_H
#define ANKETA_SURVEY_WORK_PAPER_H

#include "survey/work.h"

struct work_paper {
  const char *abbreviation; /* of the institution, "" */
  const char *round_title;
  const char *checksum;     /* of what was submitted; "" while it is not */
  const char *const *people; /* names of those whose answers stand in it, in the order of the questions */
  size_t people_count;
  const struct work_confirmation *const *confirmations; /* one for each of the state's violations, NULL where none counts */
};

/* For a response that was opened with its state, from the same snapshot. language: of the round's title. In the arena. */
bool work_paper(struct db *db, const struct work *work, const char *language, struct arena *arena,
                struct work_paper *out, struct err *err);

#endif
