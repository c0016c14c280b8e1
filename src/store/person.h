/* People: contacts of institutions and staff. An e-mail address is one person. */
#ifndef ANKETA_STORE_PERSON_H
#define ANKETA_STORE_PERSON_H

#include "store/db.h"

struct person {
  int64_t id;
  const char *email; /* in small letters */
  const char *name, *phone, *language;
  int role;             /* enum role of survey/survey.h */
  int64_t institution;  /* 0: none */
  const char *institution_name; /* ""; not read by person_put */
};

/* Writer. Adds or changes the person with this e-mail and returns the id, 0 with err. person->id is not read. */
int64_t person_put(struct db *db, const struct person *person, struct err *err);

/* Writer. The person who stands for the program itself where a person must be named; added as one who was removed, so
 * that no link lets anybody in. Returns the id, 0 with err. */
int64_t person_put_program(struct db *db, const char *email, const char *name, int role, struct err *err);

/* The id of the person with this e-mail; 0 when there is none (or on error: err set). */
int64_t person_find(struct db *db, const char *email, struct err *err);

bool person_set_language(struct db *db, int64_t person, const char *language, struct err *err); /* writer */

/* The person's name: until stmt_end of the statement that *stmt gets; NULL when there is none. */
const char *person_name(struct db *db, int64_t person, struct stmt **stmt, struct err *err);

/* Everybody by e-mail; end with stmt_end. */
struct stmt *person_list(struct db *db);
bool person_next(struct stmt *stmt, struct person *out, struct err *err); /* strings until the next call */

#endif
