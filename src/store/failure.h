/* Failed attempts to sign in, by what is limited. */
#ifndef ANKETA_STORE_FAILURE_H
#define ANKETA_STORE_FAILURE_H

#include "store/db.h"

/* Writer. One more, now; those of before since_ms go for good. */
bool failure_add(struct db *db, const char *limited, int64_t since_ms, struct err *err);
bool failure_remove_all(struct db *db, const char *limited, struct err *err);  /* writer */
bool failure_remove_last(struct db *db, const char *limited, struct err *err); /* writer */

/* How many since then, and when the last one was; -1 with err. */
int64_t failure_count(struct db *db, const char *limited, int64_t since_ms, int64_t *last_ms, struct err *err);

#endif
