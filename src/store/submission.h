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

#endif
