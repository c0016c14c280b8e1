/* Whom institutions name as their contacts, and the links by which they do. */
#ifndef ANKETA_STORE_NOMINATION_H
#define ANKETA_STORE_NOMINATION_H

#include "store/db.h"

/* Writer. */
bool nomination_link_add(struct db *db, const char *token_hash, const char *round, int64_t institution, struct err *err);
bool nomination_link_revoke(struct db *db, const char *round, int64_t institution, struct err *err);

/* Whose a link that is good is; *stmt must be ended and owns the round. False when there is none (or on error: err set). */
bool nomination_link_find(struct db *db, const char *token_hash, struct stmt **stmt, const char **round,
                          int64_t *institution, struct err *err);

enum nomination_decision { NOMINATION_WAITING, NOMINATION_APPROVED, NOMINATION_REFUSED, NOMINATION_TAKEN_BACK };

struct stored_nomination {
  int64_t id;
  const char *round;
  int64_t institution;
  const char *institution_name;
  const char *name, *email, *phone, *position, *language; /* "" of a wish */
  bool responsible;
  const char *by;           /* who filled in the page */
  int64_t created_ms, decided_ms;
  enum nomination_decision decision;
  const char *reason;       /* of a refusal, "" */
  const char *wish, *remark; /* why the institution wishes not to take part; "" of a contact */
};

/* Writer. The id, 0 with err; id, institution_name, times and decision are not read. */
int64_t nomination_add(struct db *db, const struct stored_nomination *nomination, struct err *err);

/* Those of a round (institution 0: all), those that wait first, then the newest; end with stmt_end. */
struct stmt *nomination_list(struct db *db, const char *round, int64_t institution);
bool nomination_next(struct stmt *stmt, struct stored_nomination *out, struct err *err); /* strings until the next call */
bool nomination_get(struct db *db, int64_t id, struct stmt **stmt, struct stored_nomination *out, struct err *err);

/* Writer. False without err when it was decided already. person 0: none. */
struct nomination_verdict {
  enum nomination_decision decision;
  int64_t by;         /* 0: the institution */
  const char *reason;
  int64_t person;     /* who it became, 0 */
};
bool nomination_decide(struct db *db, int64_t id, const struct nomination_verdict *verdict, struct err *err);

/* How many wait, and how many were sent since then; -1 on error. */
int nomination_count_waiting(struct db *db, const char *round, int64_t institution, struct err *err);
int nomination_count_since(struct db *db, const char *round, int64_t institution, int64_t since_ms, struct err *err);

#endif
