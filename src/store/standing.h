/* The disposition of responses, which follows from other columns; see survey/disposition.h for what each number means. */
#ifndef ANKETA_STORE_STANDING_H
#define ANKETA_STORE_STANDING_H

#include "store/db.h"

/* All: writer. */
bool standing_keep_response(struct db *db, int64_t response, struct err *err);
bool standing_keep_institution(struct db *db, const char *round, int64_t institution, struct err *err);
bool standing_keep_round(struct db *db, const char *round, struct err *err);

bool standing_keep_everywhere(struct db *db, int64_t institution, struct err *err); /* in all rounds */

/* Notes the first invitation, the first sign-in; later ones change nothing. */
bool standing_invited(struct db *db, const char *round, int64_t institution, struct err *err);
/* Only where a round is not closed and the institution was not there before. *changed tells whether anything was. */
bool standing_opened(struct db *db, int64_t institution, bool *changed, struct err *err);

#endif
