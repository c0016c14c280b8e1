/* Personal links and the sessions that begin with them. Tokens come as hashes; the tokens themselves are never stored. */
#ifndef ANKETA_STORE_SESSION_H
#define ANKETA_STORE_SESSION_H

#include "store/person.h"

/* Writer. */
bool link_add(struct db *db, const char *token_hash, int64_t person, struct err *err);
bool link_revoke_all(struct db *db, int64_t person, struct err *err); /* db_changes says how many */
/* browser: in words, "" when not known. */
bool session_add(struct db *db, const char *token_hash, int64_t person, const char *browser, struct err *err);
bool session_touch(struct db *db, const char *token_hash, struct err *err); /* used now */
bool session_remove(struct db *db, const char *token_hash, struct err *err);
bool session_remove_all(struct db *db, int64_t person, struct err *err);
bool session_remove_others(struct db *db, int64_t person, const char *but, struct err *err); /* but: the hash of the one that stays */
bool session_remove_one(struct db *db, int64_t person, const char *token_hash, struct err *err); /* db_changes: 0, not theirs */
bool session_remove_unused(struct db *db, int64_t since_ms, struct err *err); /* last used before since_ms */

/* Who a link that is good, or a session, belongs to, unless they were removed; *stmt must be ended and owns the strings. False when there is none
 * (or on error: err set). */
bool link_person(struct db *db, const char *token_hash, struct stmt **stmt, struct person *out, struct err *err);
/* The same by number. */
bool person_get(struct db *db, int64_t person, struct stmt **stmt, struct person *out, struct err *err);
struct session {
  struct person person;
  int64_t created_ms, used_ms;
};
/* A person's sessions last used after since_ms, the one used last first; end with stmt_end. The text until the next call. */
struct stmt *session_list(struct db *db, int64_t person, int64_t since_ms);
struct session_line {
  const char *token_hash;
  int64_t created_ms, used_ms;
  const char *browser;
};
bool session_next(struct stmt *stmt, struct session_line *out, struct err *err);
bool session_find(struct db *db, const char *token_hash, struct stmt **stmt, struct session *out, struct err *err);

#endif
