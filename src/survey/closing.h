/* Closing a round, and opening it again.
 *
 * Closing first marks the round, in a commit of its own: from then on nobody changes a response, and every authority ends.
 * Then what was begun and not submitted is frozen as it stands, with a checksum, in batches between which others write; so a
 * round of ten thousand institutions holds nobody up. What was interrupted goes on with the next start. Institutions that take
 * no part are left as they are.
 */
#ifndef ANKETA_SURVEY_CLOSING_H
#define ANKETA_SURVEY_CLOSING_H

#include "store/writer.h"
#include "survey/disposition.h"
#include "survey/survey.h"

#define CLOSING_REASON_MAX 500 /* characters */

/* How many responses that contacts fill stand where. */
bool closing_counts_read(struct db *db, const struct actor *actor, const char *round, int counts[DISPOSITION_COUNT],
                         struct err *err);

/* Writer. Marks it. typed must be the round's id: ERR_INPUT. ERR_CONFLICT when it is closed already. */
bool closing_begin(struct db *db, const struct actor *actor, const char *round, const char *typed, struct err *err);

enum closing_fault { CLOSING_OK, CLOSING_NO_REASON, CLOSING_BAD_REASON };
/* Writer. Opens it again: what was frozen may be filled in as before. ERR_INPUT with a fault; ERR_CONFLICT when it is open. */
bool closing_undo(struct db *db, const struct actor *actor, const char *round, const char *reason,
                  enum closing_fault *fault, struct err *err);

/* After either: brings all responses to where they are to be, batch by batch. For a thread that may wait. */
bool closing_finish(struct writer *writer, const char *round, struct err *err);
/* The same for whatever an earlier run of the program left. */
bool closing_resume(struct writer *writer, const char *folder, struct err *err);

#endif
