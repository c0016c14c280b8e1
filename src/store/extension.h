/* Last days that were moved: an institution's own, and that of a whole round. institution 0 stands for the round everywhere
 * here. Each change is kept; the last one counts. */
#ifndef ANKETA_STORE_EXTENSION_H
#define ANKETA_STORE_EXTENSION_H

#include "store/db.h"

struct extension {
  int number;           /* from 1, within the round or the institution */
  const char *deadline; /* 2017-12-13; "": the institution's own was taken back */
  const char *reason;   /* "" */
  bool shown;           /* the institution reads the reason; false for the round */
  const char *person;   /* name; not read by extension_add */
  int64_t created_ms;   /* not read by extension_add */
};

/* The newest first; end with stmt_end. */
struct stmt *extension_list(struct db *db, const char *round, int64_t institution);
bool extension_next(struct stmt *stmt, struct extension *out, struct err *err); /* strings until the next call */

/* Writer. Adds the change and makes it the one that counts; deadline_ms: the end of the day, 0 when it is taken back. */
bool extension_add(struct db *db, const char *round, int64_t institution, const struct extension *extension,
                   int64_t deadline_ms, int64_t person, struct err *err);

/* When a round, or one of its institutions, is asked. */
struct terms {
  const char *opens, *deadline; /* of the round */
  int64_t deadline_ms, closed_ms;
  const char *own_deadline;     /* "" when it has none */
  int64_t own_deadline_ms;      /* 0 */
};
/* *stmt must be ended and owns the strings. False when there is no such round, or it does not ask the institution (or on
 * error: err set). */
bool terms_find(struct db *db, const char *round, int64_t institution, struct stmt **stmt, struct terms *out,
                struct err *err);

/* The last day that counts for an institution: its own when that is later. */
const char *terms_deadline(const struct terms *terms);
int64_t terms_deadline_ms(const struct terms *terms);

#endif
