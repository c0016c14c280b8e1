/* Authorities that institutions gave to members of the staff, to enter answers in their name. */
#ifndef ANKETA_STORE_AUTHORITY_H
#define ANKETA_STORE_AUTHORITY_H

#include "store/answer.h"
#include "store/db.h"

struct authority {
  int64_t id;
  const char *round;
  int64_t institution, person;
  const char *person_name;  /* who may enter */
  const char *given_by, *document;
  const char *recorded_by;  /* name */
  int64_t created_ms, ended_ms; /* ended 0: it holds */
  const char *ended_by;     /* name, "" while it holds or when the closing of the round ended it */
  bool may_submit;
};

/* Those of an institution in a round, the newest first; those of a round that hold. End with stmt_end. */
struct stmt *authority_list(struct db *db, const char *round, int64_t institution);
struct stmt *authority_list_live(struct db *db, const char *round);
/* One. */
struct stmt *authority_query(struct db *db, int64_t id);
bool authority_next(struct stmt *stmt, struct authority *out, struct err *err); /* strings until the next call */

/* The id of the one that holds for a person, 0 when none does (or on error: err set). */
int64_t authority_find_live(struct db *db, const char *round, int64_t institution, int64_t person, bool *may_submit,
                            struct err *err);

/* Writer. Names and times are not read; the id of the new one, 0 with err. */
int64_t authority_add(struct db *db, const struct authority *authority, int64_t recorded_by, struct err *err);
/* Writer. It ends now; by 0: the round was closed. False with ERR_NOT_FOUND when it does not hold. */
bool authority_end(struct db *db, int64_t id, int64_t by, struct err *err);

/* Coordinators who may sign in, by name; end with stmt_end. */
struct stmt *authority_staff(struct db *db);
bool authority_next_staff(struct stmt *stmt, int64_t *person, const char **name, struct err *err);

/* What was entered on an authority: versions of answers, the newest first; end with stmt_end. */
struct authority_entry {
  int64_t response;
  struct answer_row answer; /* without a name */
};
struct stmt *authority_entries(struct db *db, const struct authority *authority, int limit);
bool authority_next_entry(struct stmt *stmt, struct authority_entry *out, struct err *err);

#endif
