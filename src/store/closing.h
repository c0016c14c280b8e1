/* Closing a round: what is still to be frozen, and the report of how every institution stands. */
#ifndef ANKETA_STORE_CLOSING_H
#define ANKETA_STORE_CLOSING_H

#include "store/db.h"

/* Writer. closed_ms now, by a person or 0; or open again. False with ERR_CONFLICT when it is so already. */
bool closing_mark(struct db *db, const char *round, int64_t person, struct err *err);
bool closing_unmark(struct db *db, const char *round, struct err *err);

/* Whether it is closed, and by whom, 0: the command line. */
bool closing_state(struct db *db, const char *round, bool *closed, int64_t *person, struct err *err);

/* How many of a round's responses that contacts fill stand where; end with stmt_end. */
struct stmt *closing_counts(struct db *db, const char *round);
bool closing_next_count(struct stmt *stmt, int *disposition, int *count, struct err *err);

/* Begun responses of a closed round that are neither submitted nor frozen, of institutions that take part: their ids from the
 * first one after `after`; end with stmt_end. */
struct stmt *closing_list_begun(struct db *db, const char *round, int64_t after, int limit);
/* Frozen ones of a round that was opened again. */
struct stmt *closing_list_frozen(struct db *db, const char *round, int64_t after, int limit);
bool closing_next_id(struct stmt *stmt, int64_t *id, struct err *err);

/* Rounds that are closed and have something left to be frozen; or open with something frozen. The first one in *round until
 * stmt_end. */
struct stmt *closing_list_unfinished(struct db *db);
bool closing_next_unfinished(struct stmt *stmt, const char **round, bool *closed, struct err *err);

/* Whether anything is answered: an answer that was not cleared, or a row. */
bool closing_has_answers(struct db *db, int64_t response, struct err *err);

/* Writer. Frozen as it stands, with its checksum; empty: nobody had begun it after all. And back: as it was before. */
bool closing_freeze(struct db *db, int64_t response, int64_t person, const char *checksum, struct err *err);
bool closing_empty(struct db *db, int64_t response, struct err *err);
bool closing_thaw(struct db *db, int64_t response, struct err *err);

/* How an institution of a round stands over all questionnaires that contacts fill. */
struct round_standing {
  int64_t institution;
  const char *name, *registration_number, *abbreviation; /* "" */
  bool excluded;         /* takes no part */
  const char *refusal;   /* why, "" */
  const char *remark;    /* "" */
  int contacts;          /* people who may sign in */
  int64_t opened_ms;
  int responses, submitted, reopened, begun; /* begun: with answers, neither submitted nor reopened; partial ones too */
};
/* In the order of the sample frame; end with stmt_end. */
struct stmt *round_standings(struct db *db, const char *round);
bool round_standing_next(struct stmt *stmt, struct round_standing *out, struct err *err); /* strings until the next call */

#endif
