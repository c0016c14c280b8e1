/* Submissions: what was handed in, by whom, with a checksum over its answers. */
#ifndef ANKETA_STORE_SUBMISSION_H
#define ANKETA_STORE_SUBMISSION_H

#include "store/db.h"

/* Writer. The response's next submission, now; revision is what was submitted. */
bool submission_add(struct db *db, int64_t response, int64_t revision, int64_t person, const char *checksum,
                    struct err *err);

/* The checksum of the response's last submission: until stmt_end of the statement that *stmt gets; NULL when there is
 * none (or on error: err set). */
const char *submission_checksum(struct db *db, int64_t response, struct stmt **stmt, struct err *err);

/* What was submitted, and what was given back to be changed. */
struct submission {
  int number; /* from 1 */
  int64_t person, submitted_ms;
  const char *person_name;
  const char *checksum;
  bool partial;             /* frozen when the round was closed; the person closed it */
  int64_t reopened_ms;      /* 0: it was not given back */
  const char *reopened_by;  /* name, "" */
  const char *reason;       /* why, "" */
  int64_t version_id; /* of the questionnaire that it was given on */
};
/* The newest first; end with stmt_end. */
struct stmt *submission_list(struct db *db, int64_t response);
bool submission_next(struct stmt *stmt, struct submission *out, struct err *err); /* strings until the next call */

/* Writer. The response's last submission was given back, now. */
bool submission_reopen(struct db *db, int64_t response, int number, const char *reason, int64_t person, struct err *err);

#endif
