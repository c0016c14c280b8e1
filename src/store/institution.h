/* Institutions. One is told from the others by its registration number or, when it has none, by its name. */
#ifndef ANKETA_STORE_INSTITUTION_H
#define ANKETA_STORE_INSTITUTION_H

#include "store/db.h"

struct institution {
  const char *registration_number; /* NULL or "" when it has none */
  const char *name;
  const char *abbreviation, *kind, *sector; /* "" when there is none */
  const char *segments;    /* ids joined with ';' */
  const char *sort_key;    /* of the name */
  const char *search_text; /* what a search looks in */
};

/* Writer. Adds the institution or changes what differs; returns its id, 0 with err. */
int64_t institution_put(struct db *db, const struct institution *institution, struct err *err);

/* By registration number, abbreviation or name; 0 when there is none or more than one (err says which). */
int64_t institution_find(struct db *db, const char *text, struct err *err);

/* One by id, with what the sample frame of a round says of it; *stmt must be ended and owns the strings. False when there is
 * none (or on error: err set). Sort key and search text are not read. */
struct institution_of_round {
  struct institution institution; /* registration_number "" when it has none */
  const char *status, *comment;   /* "" also when it is not in the round */
  int64_t responsible;            /* the contact who answers for its responses, 0 when nobody was named */
  int64_t deadline_ms;            /* its own, 0 */
};
bool institution_get(struct db *db, int64_t id, const char *round, struct stmt **stmt, struct institution_of_round *out,
                     struct err *err);

/* "" when it has none: until stmt_end of the statement that *stmt gets; NULL when there is no such institution (or on
 * error: err set). */
const char *institution_abbreviation(struct db *db, int64_t id, struct stmt **stmt, struct err *err);

#endif
