/* People: contacts of institutions and staff. A person is an e-mail address at an institution: who works for two is two people
 * with the same address. */
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
  bool removed;         /* person_list only */
};

/* Writer. Adds or changes the person with this e-mail at this institution and returns the id, 0 with err; who was removed is back. person->id
 * and removed are not read. */
int64_t person_put(struct db *db, const struct person *person, struct err *err);

/* Writer. The person who stands for the program itself where a person must be named; added as one who was removed, so
 * that no link lets anybody in. Returns the id, 0 with err. */
int64_t person_put_program(struct db *db, const char *email, const char *name, int role, struct err *err);

/* The id of a person with this e-mail, first of those who were not removed; 0 when there is none (or on error: err set). */
int64_t person_find(struct db *db, const char *email, struct err *err);

/* The same among staff who were not removed. */
int64_t person_find_staff(struct db *db, const char *email, struct err *err);

/* The people with this address who were not removed, by institution; end with stmt_end. */
struct stmt *person_list_address(struct db *db, const char *email);

bool person_set_language(struct db *db, int64_t person, const char *language, struct err *err); /* writer */

/* What a person may change of themselves. */
struct person_details {
  const char *name, *phone, *email, *language; /* the e-mail is not changed */
  int notify; /* bits of mail they want */
};

/* *stmt must be ended and owns the strings. False when there is no such person (or on error: err set). */
bool person_details(struct db *db, int64_t person, struct stmt **stmt, struct person_details *out, struct err *err);
bool person_change(struct db *db, int64_t person, const struct person_details *details, struct err *err); /* writer */

/* The person's name: until stmt_end of the statement that *stmt gets; NULL when there is none. */
const char *person_name(struct db *db, int64_t person, struct stmt **stmt, struct err *err);

/* What decides who may do what with a person. False when there is nobody with this id (or on error: err set). */
struct person_standing {
  int role;
  int64_t institution; /* 0: none */
  int64_t removed_ms;  /* 0: takes part */
  int64_t invited_by;  /* 0: staff or the command line */
};
bool person_stand(struct db *db, int64_t person, struct person_standing *out, struct err *err);

/* Writer. Address, name, phone and language of a contact, as a coordinator changes them. */
bool person_set_contact(struct db *db, const struct person *person, struct err *err);

bool person_set_invited_by(struct db *db, int64_t person, int64_t by, struct err *err); /* writer */
bool person_remove(struct db *db, int64_t person, struct err *err);                     /* writer: removed now */

/* A contact who takes part, with what colleagues see of one another. */
struct colleague {
  int64_t id;
  const char *email, *name, *phone;
  int64_t since_ms;
  int64_t signed_in_ms;   /* the last time, 0: never */
  int64_t invited_by;     /* 0: staff or the command line */
  const char *invited_by_name; /* "" */
};
/* The contacts of an institution, by the time they came; end with stmt_end. */
struct stmt *colleague_list(struct db *db, int64_t institution);
bool colleague_next(struct stmt *stmt, struct colleague *out, struct err *err); /* strings until the next call */

/* How many times contacts of the institution were invited since then; -1 with err. */
int64_t colleague_count_invitations(struct db *db, int64_t institution, int64_t since_ms, struct err *err);

/* Everybody by e-mail; end with stmt_end. person_next also reads person_list_address. */
struct stmt *person_list(struct db *db);
bool person_next(struct stmt *stmt, struct person *out, struct err *err); /* strings until the next call */

#endif
