/* Submissions: what was handed in, by whom, with a checksum over its answers. */
#ifndef ANKETA_STORE_SUBMISSION_H
#define ANKETA_STORE_SUBMISSION_H

#include "store/db.h"

/* Writer. The response's next submission, now; revision is what was submitted. */
bool submission_add(struct db *db, int64_t response, int64_t revision, int64_t person, const char *checksum,
                    struct err *err);

#endif
