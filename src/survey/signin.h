/* Personal links and sessions. Both are random tokens of which only hashes are stored. */
#ifndef ANKETA_SURVEY_SIGNIN_H
#define ANKETA_SURVEY_SIGNIN_H

#include "base/secret.h"
#include "survey/survey.h"

#define SIGNIN_SESSION_MS (12LL * 3600 * 1000)      /* a session ends after this long without a request */
#define SIGNIN_SESSION_MAX_MS (30LL * 24 * 3600 * 1000) /* and after this long in any case */

/* Who the link is for, without signing in (the page asks "continue as …?"). ERR_NOT_FOUND: unknown or revoked,
 * or the person was removed. */
struct actor *signin_peek(struct db *db, const char *link_token, struct arena *arena, struct err *err);

/* Writer: a new session for the link's person; its token goes to out. */
bool signin_start(struct db *db, const char *link_token, char out[SECRET_TOKEN_LEN + 1], struct err *err);

/* Who a session token belongs to; ERR_NOT_FOUND when unknown or over. Does not write. */
struct actor *signin_actor(struct db *db, const char *session_token, struct arena *arena, struct err *err);

/* True when last use is old enough that the session should be touched (a writer job, at most once in ten minutes). */
bool signin_needs_touch(struct db *db, const char *session_token);
bool signin_touch(struct db *db, const char *session_token, struct err *err);          /* writer */
bool signin_end(struct db *db, const char *session_token, struct err *err);            /* writer */
bool signin_set_language(struct db *db, int64_t person, const char *language, struct err *err); /* writer */

/* Writer: a new personal link for a person found by e-mail; earlier links stay good unless revoked. ERR_INPUT: removed. */
bool signin_new_link(struct db *db, const char *email, char out[SECRET_TOKEN_LEN + 1], struct err *err);

/* The same for one person by id, and the person's id by address; institution (number, abbreviation or name, NULL: not
 * said) tells apart who has the address at several: ERR_INPUT when it must. ERR_NOT_FOUND. */
bool signin_new_link_of(struct db *db, int64_t person, char out[SECRET_TOKEN_LEN + 1], struct err *err);
bool signin_revoke_links_of(struct db *db, int64_t person, struct err *err);
int64_t signin_find_person(struct db *db, const char *email, const char *institution, struct err *err);

/* A contact whose address is another institution's contact, too. */
struct signin_other {
  int64_t person;
  const char *institution_name;
};
size_t signin_others(struct db *db, const struct actor *actor, struct arena *arena, const struct signin_other **out,
                     struct err *err);
/* Writer: a session of that person in place of this one. ERR_NOT_FOUND: not one of signin_others. */
bool signin_switch(struct db *db, const struct actor *actor, const char *session_token, int64_t person,
                   char out[SECRET_TOKEN_LEN + 1], struct err *err);

/* Writer: none of the person's links is good any more, and sessions that began with them end. ERR_NOT_FOUND: no such
 * person. */
bool signin_revoke_links(struct db *db, const char *email, struct err *err);

#endif
