/* Where the institutions of a round stand: pages of a list. */
#ifndef ANKETA_STORE_OVERVIEW_H
#define ANKETA_STORE_OVERVIEW_H

#include "store/db.h"

/* What a page's rows are sorted by; the institution's name decides where that is the same. */
enum overview_order {
  OVERVIEW_BY_NAME,
  OVERVIEW_BY_DISPOSITION,
  OVERVIEW_BY_PROGRESS,
  OVERVIEW_BY_CHANGED,
  OVERVIEW_BY_DEADLINE,
  OVERVIEW_ORDERS
};

struct overview_filter {
  const char *round, *questionnaire;
  unsigned dispositions;     /* bits 1 << disposition, 0: any */
  const char *sector, *kind; /* "": any */
  const char *find;          /* part of the institutions' search text, "": any */
  int64_t overdue_ms;        /* not 0: only those whose deadline was before that */
  enum overview_order order;
  bool descending;
  int offset, limit;
};

struct overview_row {
  int64_t institution;
  const char *name, *abbreviation, *kind, *sector, *registration_number; /* "" when there is none */
  int64_t response;
  int status, disposition, required, answered;
  int64_t opened_ms, changed_ms, submitted_ms, active_ms;
  int64_t deadline_ms;                       /* the institution's own, else the round's */
  bool own_deadline;
  int contacts;                              /* people of the institution who may fill it */
  const char *contact_name, *contact_phone;  /* the responsible one or, of the others, one with a phone; "" */
};

/* End with stmt_end. */
struct stmt *overview_list(struct db *db, const struct overview_filter *filter);
bool overview_next(struct stmt *stmt, struct overview_row *out, struct err *err); /* strings until the next call */

/* The institutions of all rows, in their order; offset and limit do not count. End with stmt_end. */
struct stmt *overview_institutions(struct db *db, const struct overview_filter *filter);
bool overview_next_institution(struct stmt *stmt, int64_t *institution, struct err *err);

/* How many rows there are on all pages; -1 on error. */
int overview_count(struct db *db, const struct overview_filter *filter, struct err *err);

/* What the institutions of a round are grouped by, each once; the ids of its questionnaires, in its order. End with stmt_end. */
struct stmt *overview_sectors(struct db *db, const char *round);
struct stmt *overview_kinds(struct db *db, const char *round);
struct stmt *overview_questionnaire_ids(struct db *db, const char *round);
bool overview_next_text(struct stmt *stmt, const char **text, struct err *err); /* until the next call */

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
