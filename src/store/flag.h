/* Questions marked "to be checked". The last flag of a place counts: it is up until somebody lowers it. */
#ifndef ANKETA_STORE_FLAG_H
#define ANKETA_STORE_FLAG_H

#include "store/db.h"

struct flag {
  const char *question, *row;
  int number;             /* from 1 */
  const char *person_name; /* who raised it */
  int64_t raised_ms;
  const char *lowered_by; /* name, "" while it is up */
  int64_t lowered_ms;     /* 0 while it is up */
};

/* The last one of a question, up or not; *stmt must be ended and owns the strings. False when there never was one (or on
 * error: err set). */
bool flag_find(struct db *db, int64_t response, const char *question, const char *row, struct stmt **stmt,
               struct flag *out, struct err *err);

/* Those of a response that are up; end with stmt_end. */
struct stmt *flag_list(struct db *db, int64_t response);
bool flag_next(struct stmt *stmt, struct flag *out, struct err *err); /* strings until the next call */

/* Writer. number: one more than the last one's. */
bool flag_raise(struct db *db, int64_t response, const char *question, const char *row, int number, int64_t person,
                struct err *err);
bool flag_lower(struct db *db, int64_t response, const char *question, const char *row, int64_t person,
                struct err *err);

#endif
