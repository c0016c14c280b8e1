/* How often one may try to sign in. A few failures are free; after them each next attempt has to wait, longer each time, up
 * to a quarter of an hour. So guessing is slow, and yet nobody can lock anybody else out: the wait ends by itself, a browser
 * that the person signed in with before is counted on its own, and a success forgets the failures.
 *
 * An attempt counts as failed before it is made and is forgiven when it succeeds, in the writer; so many at once are counted
 * one by one. */
#ifndef ANKETA_SURVEY_ATTEMPT_H
#define ANKETA_SURVEY_ATTEMPT_H

#include "survey/survey.h"

#define ATTEMPT_FREE 5              /* failures of an account or a code without a wait */
#define ATTEMPT_NETWORK_FREE 20     /* of a network: many people may share one */
#define ATTEMPT_WAIT_MS INT64_C(15000)          /* the first wait; each next one is twice as long */
#define ATTEMPT_WAIT_MAX_MS (15 * INT64_C(60000))
#define ATTEMPT_REMEMBERED_MS (24 * INT64_C(3600000))
#define ATTEMPT_NETWORK_REMEMBERED_MS INT64_C(3600000) /* so that a day's slips of a large office do not add up */

/* What an attempt counts against; "" and 0: not. */
struct attempt {
  const char *network; /* where it comes from: 192.0.2.1, 2001:db8::/64 */
  const char *address; /* the e-mail address that was typed, whether anybody has it or not */
  const char *browser; /* hash of a browser known to be the person's: counts in place of the address */
  int64_t person;      /* whose second factor or password is asked for again */
  int64_t code;        /* whose one-time code is sent or typed */
};

/* Milliseconds until one may be made, 0: now; -1 with err. */
int64_t attempt_wait_ms(struct db *db, const struct attempt *attempt, struct err *err);

/* Writer. The same, and when it is 0, it is counted. */
int64_t attempt_take(struct db *db, const struct attempt *attempt, struct err *err);

/* Writer. It was none of somebody who guesses. The network keeps the failures it had before. */
bool attempt_forgive(struct db *db, const struct attempt *attempt, struct err *err);

#endif
