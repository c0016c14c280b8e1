/* Where the institutions of a round stand: pages of a list, in the order of their sort keys. */
#ifndef ANKETA_STORE_OVERVIEW_H
#define ANKETA_STORE_OVERVIEW_H

#include "store/db.h"

struct overview_filter {
  const char *round, *questionnaire;
  int status;       /* -1: any */
  const char *find; /* part of the institutions' search text, "": any */
  int offset, limit;
};

struct overview_row {
  int64_t institution;
  const char *name, *abbreviation, *kind, *sector;
  int64_t response;
  int status, required, answered;
  int64_t changed_ms, submitted_ms;
  int contacts; /* people of the institution who may fill it */
};

/* End with stmt_end. */
struct stmt *overview_list(struct db *db, const struct overview_filter *filter);
bool overview_next(struct stmt *stmt, struct overview_row *out, struct err *err); /* strings until the next call */

/* How many rows there are on all pages; -1 on error. */
int overview_count(struct db *db, const struct overview_filter *filter, struct err *err);

/* A questionnaire of a round with how its responses stand; in the round's order. End with stmt_end. */
struct overview_totals {
  const char *questionnaire;
  int filled_by; /* enum round_filler */
  int64_t version_id;
  int responses, started, submitted;
  int64_t changed_ms; /* last change of an answer, 0 */
};
struct stmt *overview_questionnaires(struct db *db, const char *round);
bool overview_next_totals(struct stmt *stmt, struct overview_totals *out, struct err *err);

#endif
