/* Which questionnaires a round has, and which versions of them its responses are on. */
#ifndef ANKETA_STORE_VERSION_H
#define ANKETA_STORE_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

/* The ids of the round's questionnaires in its order; end with stmt_end. */
struct stmt *version_questionnaires(struct db *db, const char *round);
bool version_next_questionnaire(struct stmt *stmt, const char **id, struct err *err); /* text until the next call */

/* The versions that a questionnaire's responses are on, and the one for new responses: that one first, then the newest
 * before the older ones. Nothing when the round does not have the questionnaire. End with stmt_end. */
struct stmt *version_list(struct db *db, const char *round, const char *questionnaire);
bool version_next(struct stmt *stmt, int64_t *version_id, struct err *err);

#endif
