/* Soft checks that somebody confirmed. */
#ifndef ANKETA_STORE_CONFIRMATION_H
#define ANKETA_STORE_CONFIRMATION_H

#include "store/db.h"

struct confirmation {
  const char *check_key;
  const char *row; /* "" outside rosters */
  const char *message, *comment;
  int64_t person;
  int64_t changed_ms; /* not read by confirmation_add */
};

/* The last confirmation of each check and row; end with stmt_end. */
struct stmt *confirmation_list(struct db *db, int64_t response);
bool confirmation_next(struct stmt *stmt, struct confirmation *out, struct err *err); /* strings until the next call */

/* Writer. Earlier ones stay in the store. */
bool confirmation_add(struct db *db, int64_t response, const struct confirmation *confirmation, struct err *err);

#endif
