/* The rows of a response's rosters. A removed row stays in the store, with its answers. */
#ifndef ANKETA_STORE_ROSTER_H
#define ANKETA_STORE_ROSTER_H

#include "store/db.h"

struct roster_row {
  const char *roster, *row, *label;
};

/* The rows that are not removed, by roster and position; end with stmt_end. */
struct stmt *roster_list(struct db *db, int64_t response);
/* The same as they were, and were called, at a moment. */
struct stmt *roster_list_at(struct db *db, int64_t response, int64_t at_ms);
bool roster_next(struct stmt *stmt, struct roster_row *out, struct err *err); /* strings until the next call */

/* How many rows a roster has and ever had; -1 on error. */
int roster_count(struct db *db, int64_t response, const char *roster, struct err *err);

/* Writer. Adds a row at the end; its id must be new in the roster. */
bool roster_add(struct db *db, int64_t response, const struct roster_row *row, int position, int64_t person,
                struct err *err);

/* Writer. ERR_NOT_FOUND when there is no such row. */
bool roster_rename(struct db *db, int64_t response, const struct roster_row *row, int64_t person, struct err *err);
bool roster_remove(struct db *db, int64_t response, const char *roster, const char *row, struct err *err);

/* A row, also one that was removed; *stmt must be ended and owns the label. False when there is none (or on error: err
 * set). */
bool roster_find(struct db *db, int64_t response, const char *roster, const char *row, struct stmt **stmt,
                 const char **label, bool *removed, struct err *err);

#endif
