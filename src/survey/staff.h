/* Accounts of staff, as administrators manage them, and everybody's sessions. Nothing of it is silent: each act is in the book
 * of events, and who loses a password or is given an account is told by mail. All of it is ERR_DENIED for anybody else;
 * ERR_NOT_FOUND: there is no such person, or they were removed. */
#ifndef ANKETA_SURVEY_STAFF_H
#define ANKETA_SURVEY_STAFF_H

#include "store/staff.h"
#include "survey/account.h"

#define STAFF_FOUND_MAX 50 /* contacts that a search shows */

/* By name. Texts in the arena. */
size_t staff_all(struct db *db, const struct actor *actor, struct arena *arena, const struct staff_row **out, struct err *err);
/* Contacts whose name or address has the text in it, whatever diacritics; the first STAFF_FOUND_MAX by name. */
size_t staff_find_contacts(struct db *db, const struct actor *actor, const char *text, struct arena *arena,
                           const struct staff_row **out, struct err *err);
/* A member of staff or a contact. */
bool staff_get(struct db *db, const struct actor *actor, int64_t person, struct arena *arena, struct staff_row *out,
               struct err *err);

enum staff_fault {
  STAFF_GOOD,
  STAFF_BAD_NAME,
  STAFF_BAD_EMAIL,
  STAFF_BAD_ROLE,
  STAFF_TAKEN, /* a member of staff has this address */
  STAFF_SELF,  /* nobody changes the role of, removes or resets themselves */
  STAFF_LAST   /* one administrator must stay */
};

struct staff_new {
  const char *name, *email, *language; /* as typed */
  int role;
  enum staff_fault fault;
  int64_t person;
};
/* Writer. Adds a member of staff and sends the link to set up the account. Nothing has changed when there is a fault. */
bool staff_add(struct db *db, const struct actor *actor, struct staff_new *new, struct err *err);

/* Writer. Only of staff, so contacts are ERR_NOT_FOUND. */
bool staff_change_role(struct db *db, const struct actor *actor, int64_t person, int role, enum staff_fault *fault,
                       struct err *err);
bool staff_remove(struct db *db, const struct actor *actor, int64_t person, enum staff_fault *fault, struct err *err);
/* Writer. Password, second factor, links and sessions are void; a new link to set up goes to them by mail. */
bool staff_reset(struct db *db, const struct actor *actor, int64_t person, enum staff_fault *fault, struct err *err);

/* Of anybody, contacts too. */
size_t staff_sessions(struct db *db, const struct actor *actor, int64_t person, struct arena *arena,
                      const struct account_session **out, struct err *err);
/* Writer. id "": all of them. */
bool staff_end_sessions(struct db *db, const struct actor *actor, int64_t person, const char *id, struct err *err);

#endif
