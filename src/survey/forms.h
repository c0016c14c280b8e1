/* The published questionnaires, compiled once and shared by all threads for the life of the process. */
#ifndef ANKETA_SURVEY_FORMS_H
#define ANKETA_SURVEY_FORMS_H

#include "base/err.h"
#include "form/form.h"
#include "store/db.h"

/* The compiled form of a published version; loaded on first use, kept for ever. NULL with err when it does not exist. */
const struct form *forms_get(struct db *db, int64_t version_id, struct err *err);

/* The same for a caller that has read the version's hash already; asks the database only on first use. */
const struct form *forms_get_hash(struct db *db, int64_t version_id, const char *hash, struct err *err);

/* Publishes the text as a version (immutable, found again by its hash) and returns its id; 0 with err when the text has
 * findings. */
int64_t forms_publish(struct db *db, const char *text, size_t len, struct err *err);

#endif
