/* The people of an institution as who runs the round sees them: also those who were removed. */
#ifndef ANKETA_STORE_CONTACT_H
#define ANKETA_STORE_CONTACT_H

#include "store/db.h"

struct contact {
  int64_t person;
  const char *email, *name, *phone;
  int64_t created_ms;
  const char *invited_by; /* name of the colleague, "" when staff added them */
  int64_t removed_ms;     /* 0: still there */
  int64_t signed_in_ms;   /* last time, 0: never */
};

/* By name, the removed ones last; end with stmt_end. */
struct stmt *contact_list(struct db *db, int64_t institution);
bool contact_next(struct stmt *stmt, struct contact *out, struct err *err); /* strings until the next call */

#endif
