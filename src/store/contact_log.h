/* Calls and letters with institutions, as they were written down. */
#ifndef ANKETA_STORE_CONTACT_LOG_H
#define ANKETA_STORE_CONTACT_LOG_H

#include "store/db.h"

struct contact_entry {
  int64_t id;
  const char *round;
  int64_t institution;
  const char *institution_name; /* not read by contact_log_add */
  int kind;                     /* 0 call, 1 letter, 2 e-mail, 3 meeting */
  bool incoming;                /* the institution began */
  const char *with_whom, *text; /* with_whom "" */
  int64_t happened_ms;
  int64_t person;               /* who wrote it down */
  const char *person_name;      /* not read by contact_log_add */
};

/* Those of an institution in a round that were not taken back; those of all between two moments. The newest first; end with
 * stmt_end. */
struct stmt *contact_log_list(struct db *db, const char *round, int64_t institution);
struct stmt *contact_log_between(struct db *db, int64_t from_ms, int64_t until_ms);
bool contact_log_next(struct stmt *stmt, struct contact_entry *out, struct err *err); /* strings until the next call */

bool contact_log_add(struct db *db, const struct contact_entry *entry, struct err *err); /* writer */
/* Writer. A person's own entry is taken back now; ERR_NOT_FOUND when there is none. *institution: whose it was. */
bool contact_log_remove(struct db *db, int64_t id, int64_t person, int64_t *institution, struct err *err);

#endif
