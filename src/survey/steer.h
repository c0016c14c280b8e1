/* What a coordinator steers: a round, or one of its institutions. */
#ifndef ANKETA_SURVEY_STEER_H
#define ANKETA_SURVEY_STEER_H

#include "survey/survey.h"

struct steer_place {
  const char *round, *title; /* of the round, in the actor's language */
  const char *opens, *deadline;
  int64_t deadline_ms, closed_ms;
  int64_t institution;  /* 0: the whole round */
  const char *name, *abbreviation; /* of the institution, "" */
};

/* round "": the latest; institution 0: the round as a whole. ERR_NOT_FOUND also for who may not steer, and when the round
 * does not ask the institution. */
bool steer_find(struct db *db, const struct actor *actor, const char *round, int64_t institution, struct arena *arena,
                struct steer_place *out, struct err *err);

#endif
