/* What one person did, newest first: answers they gave, whether they still stand or were replaced, and what the book of
 * events says of them. */
#ifndef ANKETA_STORE_ACTIVITY_H
#define ANKETA_STORE_ACTIVITY_H

#include "store/answer.h"

/* Where an entry stands in the list; every entry has one of its own. */
struct activity_place {
  int64_t at_ms;
  int64_t response;            /* an answer's; 0: an event */
  const char *question, *row; /* an answer's; "" */
  int64_t number;              /* an answer's version; an event's id */
};

struct activity_row {
  struct activity_place place;
  struct answer_row answer;           /* place.response > 0; without the person */
  const char *kind, *subject, *detail; /* else, as in event */
};

/* From behind the given place on, NULL: from the newest. Reads only as far as it is stepped. End with stmt_end. */
struct stmt *activity_list(struct db *db, int64_t person, const struct activity_place *behind);
bool activity_next(struct stmt *stmt, struct activity_row *out, struct err *err); /* strings until the next call */

#endif
