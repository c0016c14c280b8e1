/* The last day: of a round, and of an institution that has more time. Both are changed with a reason, both by somebody who
 * saw the change before; institution 0 stands for the round. */
#ifndef ANKETA_SURVEY_EXTENSION_H
#define ANKETA_SURVEY_EXTENSION_H

#include "store/extension.h"
#include "survey/survey.h"

#define EXTENSION_REASON_MAX 500 /* characters */

enum extension_fault {
  EXTENSION_OK,
  EXTENSION_NO_DATE,
  EXTENSION_PAST,      /* before today */
  EXTENSION_EARLY,     /* before the round's first day */
  EXTENSION_NOT_LATER, /* an institution's that is not after the round's */
  EXTENSION_FAR,       /* more than a year ahead */
  EXTENSION_SAME,      /* it is that day already */
  EXTENSION_NO_REASON,
  EXTENSION_BAD_REASON
};

struct extension_wish {
  const char *date, *reason; /* as typed */
  bool shown;                /* the institution is to read the reason */
  bool takes_back;           /* the institution's own; date and shown are not read, a reason may be missing */
  int seen;                  /* the number of the last change that the page showed, 0: there was none */
  enum extension_fault fault; /* out */
};

/* How it is, with all changes, the newest first. */
struct extension_state {
  struct terms terms;
  const struct extension *changes;
  size_t count;
};
/* For who steers. ERR_NOT_FOUND also for who may not see it. */
bool extension_read(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                    struct arena *arena, struct extension_state *out, struct err *err);

/* Why a contact's institution has more time: the reason when it is to be shown, ""; NULL when it has none that counts. */
const char *extension_reason(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                             struct err *err);

/* Writer. ERR_INPUT with a fault; ERR_CONFLICT when there is a newer change than the one seen; ERR_LOCKED when the round is
 * closed. The contacts of an institution get a mail. */
bool extension_put(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                   struct extension_wish *wish, struct err *err);

#endif
