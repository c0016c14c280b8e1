/* What a correction leaves a response's people to look at: answers that no longer fit, questions that changed or are new. */
#ifndef ANKETA_STORE_MISFIT_H
#define ANKETA_STORE_MISFIT_H

#include "store/scan.h"

struct misfit {
  int64_t correction;
  const char *question; /* id */
  const char *row;      /* "" outside rosters, and for a changed question of one */
  int version;          /* of the answer, 0: there is none */
  const char *fault;    /* removed, type, option, value: the answer no longer fits; changed, new: only the question did */
  /* misfit_list only */
  int64_t old_version, new_version; /* of the questionnaire */
  int64_t created_ms; /* of the correction */
  enum answer_state state; /* of the answer's version; ANSWER_CLEARED when there is none */
  const char *value;
  const char *note; /* of the correction */
};

/* Writer. Adds one, unless it is there. */
bool misfit_add(struct db *db, int64_t response, const struct misfit *misfit, struct err *err);

/* The open ones of a response, by question, row and correction (the latest first); end with stmt_end. */
struct stmt *misfit_list(struct db *db, int64_t response);
bool misfit_next(struct stmt *stmt, struct misfit *out, struct err *err); /* strings until the next call */

/* Writer. Settles what is open at a place: what is said of its answer, what is said of its question, or both. */
enum misfit_about { MISFIT_ANSWER = 1, MISFIT_QUESTION = 2 }; /* bits */
bool misfit_settle(struct db *db, int64_t response, const char *question, const char *row, unsigned about, struct err *err);

/* Open answers that no longer fit, of a round: how many responses have one. -1 on error. */
int misfit_count_responses(struct db *db, const char *round, const char *questionnaire, struct err *err);

#endif
