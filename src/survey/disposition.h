/* Where a response stands for a coordinator: its disposition, as fieldwork calls it. It follows from the response's status,
 * from invitations and sign-ins, and from whether the institution takes part; it is stored with the response, so that a page
 * of the list costs the same at any size. Nobody else writes it.
 */
#ifndef ANKETA_SURVEY_DISPOSITION_H
#define ANKETA_SURVEY_DISPOSITION_H

#include "store/db.h"

enum disposition {
  DISPOSITION_NOT_INVITED,       /* of those whom an expert fills in: not begun */
  DISPOSITION_INVITED,           /* a contact was sent an invitation */
  DISPOSITION_OPENED,            /* a contact signed in, nothing is answered */
  DISPOSITION_STARTED,           /* there are answers */
  DISPOSITION_CHECKED,           /* nothing stands in the way of submitting */
  DISPOSITION_SUBMITTED,
  DISPOSITION_REOPENED,          /* was submitted, and was given back to be changed */
  DISPOSITION_PARTIAL,           /* frozen as it stood when the round was closed, with answers */
  DISPOSITION_NOT_PARTICIPATING, /* takes no part, or had no answers when the round was closed */
  DISPOSITION_COUNT
};

/* "not_invited", …; also the last part of its message's key, disposition.NAME. */
const char *disposition_name(enum disposition disposition);
/* The disposition of a name, -1 for none. */
int disposition_find(const char *name);

/* Writer. Brings it up to date after a change of anything that it follows from: one response, or all responses of an
 * institution in a round, or all of a round. */
bool disposition_keep(struct db *db, int64_t response, struct err *err);
bool disposition_keep_institution(struct db *db, const char *round, int64_t institution, struct err *err);
bool disposition_keep_round(struct db *db, const char *round, struct err *err);

/* Writer. A contact of the institution was sent an invitation, or signed in: the first time counts. */
bool disposition_note_invited(struct db *db, const char *round, int64_t institution, struct err *err);
bool disposition_note_opened(struct db *db, int64_t institution, struct err *err); /* in all rounds that are not closed */

#endif
