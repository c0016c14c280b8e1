/* Personal links and sessions. Both are random tokens of which only hashes are stored.
 *
 * What a link is good for: it signs a contact in, in a round that says so after a code sent by mail has confirmed the browser
 * (survey/confirm.h). Staff set up their account with it (survey/credential.h) and never sign in by it, unless the server
 * was told to let them, for demonstrations and tests. */
#ifndef ANKETA_SURVEY_SIGNIN_H
#define ANKETA_SURVEY_SIGNIN_H

#include "base/secret.h"
#include "survey/survey.h"

#define SIGNIN_SESSION_MS (12LL * 3600 * 1000)      /* a session ends after this long without a request */
#define SIGNIN_SESSION_MAX_MS (30LL * 24 * 3600 * 1000) /* and after this long in any case */

/* Who the link is for, without signing in (the page asks "continue as …?"). ERR_NOT_FOUND: unknown or revoked,
 * or the person was removed. */
struct actor *signin_peek(struct db *db, const char *link_token, struct arena *arena, struct err *err);

/* What is known of the browser that asks. */
struct signin_visit {
  const char *browser; /* token of its cookie */
  const char *words;   /* "Firefox, Windows"; "" */
  const char *network; /* where it is: 192.0.2.1, 2001:db8::/64; "" */
  bool staff_links;    /* staff sign in by their link alone */
};

/* What the owner of a link does next. */
enum signin_step {
  SIGNIN_IN,       /* continue: the link is enough */
  SIGNIN_CODE,     /* confirm this browser by a code */
  SIGNIN_SET_UP,   /* choose a password and set up the second factor */
  SIGNIN_PASSWORD  /* sign in by password: the account is set up */
};
/* False only on error. */
bool signin_next_step(struct db *db, const struct actor *owner, const struct signin_visit *visit, enum signin_step *step,
                      struct err *err);

/* Writer: a new session when the step is SIGNIN_IN; for any other step nothing happens and out is "". */
bool signin_use_link(struct db *db, const char *link_token, const struct signin_visit *visit, enum signin_step *step,
                     char out[SECRET_TOKEN_LEN + 1], struct err *err);

/* Writer: a session of somebody who has proven who they are; the browser is remembered, as confirmed when that was by more
 * than a link. */
bool signin_begin(struct db *db, const struct actor *owner, const struct signin_visit *visit, bool confirmed,
                  char out[SECRET_TOKEN_LEN + 1], struct err *err);

/* Writer: a new session for the link's person, whoever they are; its token goes to out. For tests. */
bool signin_start(struct db *db, const char *link_token, char out[SECRET_TOKEN_LEN + 1], struct err *err);

/* Who a session token belongs to; ERR_NOT_FOUND when unknown or over. Does not write. */
struct actor *signin_actor(struct db *db, const char *session_token, struct arena *arena, struct err *err);

/* True when last use is old enough that the session should be touched (a writer job, at most once in ten minutes). */
bool signin_needs_touch(struct db *db, const char *session_token);
bool signin_touch(struct db *db, const char *session_token, struct err *err);          /* writer */
bool signin_end(struct db *db, const char *session_token, struct err *err);            /* writer */

/* Who is meant by the number of a person, as signin_peek gives it; ERR_NOT_FOUND also when removed. */
struct actor *signin_person(struct db *db, int64_t person, struct arena *arena, struct err *err);
bool signin_set_language(struct db *db, int64_t person, const char *language, struct err *err); /* writer */

/* Writer: a new personal link for a person found by e-mail; earlier links stay good unless revoked. ERR_INPUT: removed. */
bool signin_new_link(struct db *db, const char *email, char out[SECRET_TOKEN_LEN + 1], struct err *err);

/* Writer: none of the person's links is good any more, sessions end, browsers are to be confirmed anew. by 0: the command
 * line. Who may do that is the caller's to ask. */
bool signin_revoke(struct db *db, int64_t by, int64_t person, struct err *err);

/* A new link for one person by id, and the person's id by address; institution (number, abbreviation or name, NULL: not
 * said) tells apart who has the address at several: ERR_INPUT when it must. ERR_NOT_FOUND. */
bool signin_new_link_of(struct db *db, int64_t person, char out[SECRET_TOKEN_LEN + 1], struct err *err);
int64_t signin_find_person(struct db *db, const char *email, const char *institution, struct err *err);

/* A contact whose address is another institution's contact, too. */
struct signin_other {
  int64_t person;
  const char *institution_name;
};
size_t signin_others(struct db *db, const struct actor *actor, struct arena *arena, const struct signin_other **out,
                     struct err *err);
/* Writer: a session of that person in place of this one. ERR_NOT_FOUND: not one of signin_others; ERR_DENIED: the other's
 * round wants the browser confirmed by a code, and it never was. */
bool signin_switch(struct db *db, const struct actor *actor, const char *session_token, int64_t person,
                   const struct signin_visit *visit, char out[SECRET_TOKEN_LEN + 1], struct err *err);

/* Writer, for the command line: signin_revoke by address. ERR_NOT_FOUND: no such person. */
bool signin_revoke_links(struct db *db, const char *email, struct err *err);

#endif
