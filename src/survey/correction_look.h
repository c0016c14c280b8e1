/* One response before and after a correction: inside of correction*.c. Reads, changes nothing. */
#ifndef ANKETA_SURVEY_CORRECTION_LOOK_H
#define ANKETA_SURVEY_CORRECTION_LOOK_H

#include "store/misfit.h"
#include "survey/correction_pair.h"

struct correction_look {
  const struct answer_row *answers; /* those that are not cleared, of rows that are there */
  const char *const *faults;        /* of each, NULL when it fits */
  size_t answer_count;
  size_t misfits;                   /* how many have a fault */
  const struct misfit *open;        /* what earlier corrections left */
  size_t open_count;
  const bool *settled;              /* of these, those that fit again, or whose question is gone */
  const struct state *was, *is;
  const bool *told;                 /* by new question: it changed, and it is asked of them or they have answered it */
  size_t told_count;
};

/* Everything in the arena; NULL with err. */
const struct correction_look *correction_look(struct db *db, const struct correction_pair *pair, int64_t response,
                                              struct arena *arena, struct err *err);

#endif
