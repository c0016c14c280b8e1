/* Mail that people have asked for themselves. A reminder is open until it has become a message or was removed. */
#ifndef ANKETA_STORE_REMINDER_H
#define ANKETA_STORE_REMINDER_H

#include "store/db.h"

struct reminder {
  int64_t id, person;
  int64_t due_ms;
  const char *text; /* "" */
};

/* Writer. id is not read. */
bool reminder_put(struct db *db, const struct reminder *reminder, struct err *err);

/* Writer. False with ERR_NOT_FOUND when the person has no open reminder with this id. */
bool reminder_remove(struct db *db, int64_t person, int64_t id, struct err *err);

/* Writer. It became the message of this reason; when there is no such message (the person wants none), it is removed. */
bool reminder_settle(struct db *db, int64_t id, const char *reason, struct err *err);

/* The person's open ones, the next first; end with stmt_end. */
struct stmt *reminder_list(struct db *db, int64_t person);

/* Open ones that are due now, of everybody, the oldest first; end with stmt_end. */
struct stmt *reminder_list_due(struct db *db);

bool reminder_next(struct stmt *stmt, struct reminder *out, struct err *err); /* strings until the next call */

#endif
