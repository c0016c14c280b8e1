/* How staff prove who they are: a password and a second factor, and recovery codes in its place.
 *
 * An account is set up by a personal link: credential_choose, credential_offer, credential_finish; signing in is
 * credential_begin, credential_verify, credential_settle, credential_enter. Between two of these stands a ticket, a text that
 * the browser keeps and only this process can make; it says that the step before was done, and is void after TICKET_MS, when
 * the password changes, and when the process ends. Passwords come in Unicode's normal form C and good by
 * survey/password.h. */
#ifndef ANKETA_SURVEY_CREDENTIAL_H
#define ANKETA_SURVEY_CREDENTIAL_H

#include "survey/attempt.h"
#include "survey/signin.h"

#define CREDENTIAL_TICKET_MS (15 * INT64_C(60000))
#define CREDENTIAL_CODES 10
#define CREDENTIAL_CODE_LEN 19 /* "abcd-efgh-jkmn-pqrs" */

enum credential_fault {
  CREDENTIAL_GOOD,
  CREDENTIAL_WRONG,  /* the password or code is; or nobody has the address, which looks the same */
  CREDENTIAL_STALE,  /* the ticket is not good any more: begin anew */
  CREDENTIAL_WAIT    /* too many failures: wait_ms */
};

struct credential_codes {
  char code[CREDENTIAL_CODES][CREDENTIAL_CODE_LEN + 1];
};

/* ---- setting up, by a link; ERR_NOT_FOUND: the link is no good; ERR_DENIED: its owner has no account to set up */

/* Writer. The hash of the chosen password; with it a new second factor that no code has proven. The ticket is in the arena. */
bool credential_choose(struct db *db, const char *link_token, const char *password_hash, struct arena *arena,
                       const char **ticket, struct err *err);

/* What the phone's program is to be given; in the arena. False with the ticket stale: err is not set then. */
struct credential_offer {
  const char *email, *secret; /* base32 */
  const char *address;        /* otpauth://… of it */
};
bool credential_offer(struct db *db, const char *link_token, const char *ticket, struct arena *arena,
                      struct credential_offer *out, struct err *err);

/* An answer to the question for a code. */
struct credential_entry {
  const char *ticket, *code; /* as typed: six figures or, signing in, a recovery code */
  /* out */
  enum credential_fault fault;
  int64_t wait_ms;
  char session[SECRET_TOKEN_LEN + 1];
  bool recovered;        /* by a recovery code */
  int64_t codes_left;
};
/* Writer. A good code proves the factor: the account is set up, the link is spent, the person is in; codes are to be shown
 * once. */
bool credential_finish(struct db *db, const char *link_token, const struct signin_visit *visit, struct credential_entry *entry,
                       struct credential_codes *codes, struct err *err);

/* ---- signing in */

struct credential_try {
  const char *email; /* as typed */
  const char *network, *browser;
  /* between the steps */
  int64_t person;    /* 0: nobody whose account is set up has the address */
  const char *hash;  /* of the password, NULL */
  struct attempt attempt;
  bool right;
  /* out */
  enum credential_fault fault;
  int64_t wait_ms;
  const char *ticket;
};
/* Writer. Counts the attempt and finds the account. */
bool credential_begin(struct db *db, struct credential_try *try, struct arena *arena, struct err *err);
/* The same for the actor's own account, where a password is asked for again. */
bool credential_begin_own(struct db *db, const struct actor *actor, struct credential_try *try, struct arena *arena,
                          struct err *err);
/* Slow, without a connection, in any thread but a worker; takes as long when there is no account. */
void credential_verify(struct credential_try *try, const char *password);
/* Writer. Forgives the attempt or notes the failure; a ticket for the next step. */
bool credential_settle(struct db *db, struct credential_try *try, struct arena *arena, struct err *err);

/* Writer. The second step. */
bool credential_enter(struct db *db, const struct signin_visit *visit, struct credential_entry *entry, struct err *err);
/* Whether the ticket is still good for credential_enter. */
bool credential_knows(struct db *db, const char *ticket);

/* ---- one's own */

struct credential_standing {
  bool set_up;
  int64_t password_ms, totp_ms;
  int64_t codes_left;
};
bool credential_read(struct db *db, const struct actor *actor, struct credential_standing *out, struct err *err);

/* Writer, after a good credential_settle. The new password's hash; other sessions end. */
bool credential_change(struct db *db, const struct actor *actor, const char *password_hash, struct err *err);
/* Writer, the same. The earlier codes are void. */
bool credential_new_codes(struct db *db, const struct actor *actor, struct credential_codes *out, struct err *err);

/* ---- others' */

/* Writer. Password, second factor, recovery codes, links, sessions, known browsers: nothing is good any more. by 0: the
 * command line. Who may is the caller's to ask. */
bool credential_reset(struct db *db, int64_t by, int64_t person, struct err *err);
/* The same for the command line. ERR_NOT_FOUND: no member of staff has the address. */
bool credential_reset_address(struct db *db, const char *email, struct err *err);

#endif
