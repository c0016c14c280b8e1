/* Members of staff with the state of their accounts, as an administrator sees them. */
#ifndef ANKETA_STORE_STAFF_H
#define ANKETA_STORE_STAFF_H

#include "store/db.h"

struct staff_row {
  int64_t id;
  const char *email, *name, *language;
  int role;
  int64_t institution; /* 0: none */
  const char *institution_name; /* "" */
  int64_t created_ms;
  int64_t password_ms, totp_ms; /* 0: not yet */
  int64_t codes_left;
  int64_t signed_in_ms; /* the last time, 0: never */
};

/* Who was not removed and belongs to no institution, by name; end with stmt_end. */
struct stmt *staff_list(struct db *db);
/* One person, also a contact. */
struct stmt *staff_one(struct db *db, int64_t person);
/* Contacts who were not removed, by name, to be searched through. */
struct stmt *staff_contacts(struct db *db);
bool staff_next(struct stmt *stmt, struct staff_row *out, struct err *err); /* strings until the next call */

bool staff_set_role(struct db *db, int64_t person, int role, struct err *err); /* writer */

/* How many have the role who were not removed, besides this one; -1 with err. */
int64_t staff_count_others(struct db *db, int role, int64_t person, struct err *err);

#endif
