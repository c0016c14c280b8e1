/* Lists that a coordinator comes back to: a name for a filter. */
#ifndef ANKETA_STORE_SAVED_VIEW_H
#define ANKETA_STORE_SAVED_VIEW_H

#include "store/db.h"

struct saved_view {
  int64_t id;
  const char *name, *filter;
};

/* Writer. True also when the same is there already; ERR_CONFLICT when the name stands for another filter. */
bool saved_view_add(struct db *db, int64_t person, const char *name, const char *filter, struct err *err);

/* Writer. ERR_NOT_FOUND when the person has no such view. */
bool saved_view_remove(struct db *db, int64_t person, int64_t id, struct err *err);

/* The person's, the oldest first; end with stmt_end. */
struct stmt *saved_view_list(struct db *db, int64_t person);
bool saved_view_next(struct stmt *stmt, struct saved_view *out, struct err *err); /* strings until the next call */

#endif
