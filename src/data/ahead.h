/* Reads responses ahead in a thread of its own, so that reading the store and writing a file go on at the same time.
 *
 * Responses come in batches: first loaded, then filled (their rows made). Loading is the thread's work. Filling is done
 * by whoever has time: by the thread when it is as far ahead as it may be, by the caller when it would have to wait.
 * So a quick writer and a slow one both keep two processors busy.
 */
#ifndef ANKETA_DATA_AHEAD_H
#define ANKETA_DATA_AHEAD_H

#include "base/arena.h"
#include "base/err.h"
#include "data/dataset.h"
#include "data/loader.h"

#define BATCH_RESPONSES 32

/* What one response makes. */
struct filled {
  const struct cell *cells; /* row by row */
  int row_count;
};

struct batch {
  struct loaded loaded[BATCH_RESPONSES];
  struct filled filled[BATCH_RESPONSES];
  int count;
  struct arena *arena; /* of everything in it */
  /* the ring's own */
  int stage;
  bool last;
  struct err err;
};

struct ahead;

/* Makes the rows of all that is loaded in the batch; called in either thread, for one batch in one thread. */
typedef void ahead_fill(const void *context, struct batch *batch);

/* Starts reading. Until ahead_free, the loader and its connection belong to the thread. NULL with err. */
struct ahead *ahead_new(struct loader *loader, ahead_fill *fill, const void *context, struct err *err);

/* The next batch, filled, valid until the next call; NULL at the end, then for ever, or with err. */
const struct batch *ahead_next(struct ahead *ahead, struct err *err);

/* Stops the thread, wherever it is, and waits for it. NULL is fine. */
void ahead_free(struct ahead *ahead);

#endif
