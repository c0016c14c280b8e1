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
  int64_t invited_ms, signed_in_ms;          /* of a contact: first invitation, first sign-in after it; 0 */
  int64_t contacted_ms;                      /* the last call or letter in this round, 0 */
};

/* End with stmt_end. */
struct stmt *overview_list(struct db *db, const struct overview_filter *filter);
bool overview_next(struct stmt *stmt, struct overview_row *out, struct err *err); /* strings until the next call */

/* Its text, for those who ask how it is run. */
const char *overview_list_text(const struct overview_filter *filter);

/* The institutions of all rows, in their order; offset and limit do not count. End with stmt_end. */
struct stmt *overview_institutions(struct db *db, const struct overview_filter *filter);
bool overview_next_institution(struct stmt *stmt, int64_t *institution, struct err *err);

/* Rows that somebody should be called about: of one disposition or of those that are worked on (started and reopened
 * together), where nothing has moved and nobody was called for a while. The longest unmoved first, or by name. End with
 * stmt_end; overview_next. */
struct overview_call {
  const char *round, *questionnaire;
  unsigned dispositions;
  int64_t unmoved_ms;   /* invited, first signed in or changed before that, as the disposition has it */
  int64_t contacted_ms; /* no call or letter after that */
  int64_t deadline_ms;  /* not 0: only those whose deadline was before that */
  bool own_only;        /* only deadlines of their own; then unmoved_ms does not count, and dispositions may be several */
  int limit;
};
struct stmt *overview_calls(struct db *db, const struct overview_call *call);

/* Responses of these dispositions whose institution has a deadline of its own, before now or not. */
bool overview_own_deadlines(struct db *db, const char *round, const char *questionnaire, unsigned dispositions,
                            int64_t now_ms, int *passed, int *ahead, struct err *err);

/* What waits for a coordinator in a round. */
struct overview_waiting {
  int nominations;
  int answered, suggested, unanswered; /* queries; the last: asked before since_ms */
  int bounced, unsent;                 /* people whose last message came back; messages given up */
};
bool overview_waiting(struct db *db, const char *round, int64_t since_ms, struct overview_waiting *out, struct err *err);

/* How many rows there are on all pages; -1 on error. */
int overview_count(struct db *db, const struct overview_filter *filter, struct err *err);

/* What the institutions of a round are grouped by, each once, in no order; the ids of its questionnaires, in its order. End with stmt_end. */
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
