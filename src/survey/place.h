/* Where a person was last, so that signing in again leads back there. */
#ifndef ANKETA_SURVEY_PLACE_H
#define ANKETA_SURVEY_PLACE_H

#include "store/place.h"
#include "survey/survey.h"

/* Writer. Keeps the place of somebody who has just saved something; key as in struct place. Quietly does nothing when the
 * section is not one of the response's. */
bool place_keep(struct db *db, const struct actor *actor, int64_t response, const char *section, const char *key,
                struct err *err);

/* A place one can go back to. */
struct place_resume {
  int64_t response;
  const char *section;
  const char *question, *row; /* "" when only the section is left; row "" outside rosters */
};

/* Where signing in leads the actor: false when to the workplace, because there is no place yet, the response is closed or
 * the section does not apply any more; also with err when the store fails. known: what the server knows beyond what is
 * stored (paradata_place), NULL for nothing. */
bool place_find(struct db *db, const struct actor *actor, const struct place *known, struct arena *arena,
                struct place_resume *out, struct err *err);

#endif
