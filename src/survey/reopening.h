/* What was submitted, and a coordinator's giving it back to be changed. The answers of a submission are those up to its time,
 * so every one stays to be read and compared with (survey/compare.h). */
#ifndef ANKETA_SURVEY_REOPENING_H
#define ANKETA_SURVEY_REOPENING_H

#include "store/submission.h"
#include "survey/checksum.h"
#include "survey/work.h"

#define REOPENING_REASON_MAX 500 /* characters */

enum reopening_fault { REOPENING_OK, REOPENING_NO_REASON, REOPENING_BAD_REASON };

struct reopening_wish {
  const char *reason; /* as typed */
  int seen;           /* the number of the submission that the page showed */
  enum reopening_fault fault; /* out */
};

/* Writer. ERR_INPUT with a fault; ERR_CONFLICT when it is not submitted (any more), or was submitted anew since the page showed
 * it; ERR_LOCKED when the round is closed. The contacts get a mail. */
bool reopening_put(struct db *db, const struct actor *actor, int64_t response, struct reopening_wish *wish,
                   struct err *err);

struct submitted {
  struct submission submission;
  char receipt[CHECKSUM_RECEIPT_LEN + 1];
};
/* All submissions of a response that the actor has opened, the newest first. */
size_t submitted_list(struct db *db, const struct work *work, struct arena *arena, const struct submitted **out,
                      struct err *err);

/* The response as it was submitted; for who may read it. ERR_NOT_FOUND when there is no such submission. *verified: its answers
 * still have the checksum of the receipt. */
struct work *submitted_open(struct db *db, const struct actor *actor, int64_t response, int number, struct arena *arena,
                            struct submitted *out, bool *verified, struct err *err);

#endif
