/* Sections of a response that were given to one of the colleagues. */
#ifndef ANKETA_STORE_ASSIGNMENT_H
#define ANKETA_STORE_ASSIGNMENT_H

#include "store/db.h"

struct assignment {
  int64_t response;
  const char *section; /* id */
  int64_t person;
  const char *person_name;
};

/* Those of a response, and those of all responses of an institution; only to people who still are its contacts. End with
 * stmt_end. */
struct stmt *assignment_list(struct db *db, int64_t response);
struct stmt *assignment_of_institution(struct db *db, int64_t institution);
bool assignment_next(struct stmt *stmt, struct assignment *out, struct err *err); /* strings until the next call */

/* Writer. Gives the section to a person, in place of whoever had it. */
bool assignment_put(struct db *db, int64_t response, const char *section, int64_t person, int64_t assigned_by,
                    struct err *err);
/* Writer. Takes the section back; all of a person's sections. */
bool assignment_remove(struct db *db, int64_t response, const char *section, struct err *err);
bool assignment_remove_all(struct db *db, int64_t person, struct err *err);

#endif
