/* Answers that came too late: somebody else had changed the answer since the page showed it. They are open until somebody
 * chooses one of the values, and stay in the store for ever. */
#ifndef ANKETA_STORE_RIVAL_H
#define ANKETA_STORE_RIVAL_H

#include "store/db.h"
#include "store/scan.h"

struct rival {
  const char *question;
  const char *row; /* "" outside rosters */
  int number;      /* within its place, from 1 */
  enum answer_state state;
  const char *value; /* NULL unless ANSWER_VALUE or ANSWER_INVALID */
  int64_t person;    /* whose value it is */
  int64_t created_ms;
  const char *person_name; /* this and the next two: rival_history only */
  const char *settled_by;  /* name, "" while it is open */
  int64_t settled_ms;      /* 0 while it is open */
};

/* A response's open ones, by question id (bytes), row id and number; end with stmt_end. */
struct stmt *rival_list_open(struct db *db, int64_t response);
bool rival_next(struct stmt *stmt, struct rival *out, struct err *err); /* strings until the next call */

/* All of one place, newest first; end with stmt_end. */
struct stmt *rival_history(struct db *db, int64_t response, const char *question, const char *row);
bool rival_history_next(struct stmt *stmt, struct rival *out, struct err *err);

/* Writer. Adds an open one under the place's next number (rival->number is not read). */
bool rival_add(struct db *db, int64_t response, const struct rival *rival, struct err *err);

/* Who settles what when. */
struct rival_settling {
  const char *question, *row;
  int64_t owner; /* only this person's, 0: everybody's */
  int64_t person, settled_ms;
};

/* Writer. Settles the open ones of a place; none is good too. */
bool rival_settle(struct db *db, int64_t response, const struct rival_settling *settling, struct err *err);

#endif
