/* Where each person worked last: one place a person. */
#ifndef ANKETA_STORE_PLACE_H
#define ANKETA_STORE_PLACE_H

#include "base/arena.h"
#include "store/db.h"

struct place {
  int64_t person, response;
  const char *section; /* id */
  const char *key;     /* of the field: K13M, P52:r1; "" when they were in none */
  int64_t changed_ms;
};

/* Writer. Takes the place of an older one; nothing changes when a newer one is known already. No field, in the section that
 * is known, leaves the field as it is. */
bool place_put(struct db *db, const struct place *place, struct err *err);

/* Copied into the arena; false when there is none (or on error: err set). */
bool place_get(struct db *db, int64_t person, struct arena *arena, struct place *out, struct err *err);

#endif
