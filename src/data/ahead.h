/* Loads responses ahead in a thread of its own, a few batches at most, so that reading the store and writing a file go on
 * at the same time. */
#ifndef ANKETA_DATA_AHEAD_H
#define ANKETA_DATA_AHEAD_H

#include "base/err.h"
#include "data/loader.h"

struct ahead;

/* Starts reading. Until ahead_free, the loader and its connection belong to the thread. NULL with err. */
struct ahead *ahead_new(struct loader *loader, struct err *err);

/* The next response, valid until the next call; NULL at the end, then for ever, or with err. */
const struct loaded *ahead_next(struct ahead *ahead, struct err *err);

/* Stops the thread, wherever it is, and waits for it. NULL is fine. */
void ahead_free(struct ahead *ahead);

#endif
