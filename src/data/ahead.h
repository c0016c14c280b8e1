/* Reads rows ahead in a thread of its own, a few batches at most, so that reading the store and writing a file go on at
 * the same time. */
#ifndef ANKETA_DATA_AHEAD_H
#define ANKETA_DATA_AHEAD_H

#include "base/err.h"
#include "data/dataset.h"
#include "data/rows.h"

struct ahead;

/* Starts reading. Until ahead_free, rows and their connection belong to the thread. NULL with err. */
struct ahead *ahead_new(struct rows *rows, int column_count, struct err *err);

/* The next row as of rows_next. */
const struct cell *ahead_next(struct ahead *ahead, struct err *err);

/* Stops the thread, wherever it is, and waits for it. NULL is fine. */
void ahead_free(struct ahead *ahead);

#endif
