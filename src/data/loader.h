/* The responses of a dataset one after another: the store's walks over responses, roster rows and answers merged, each
 * answer put onto its question. Constant memory. Knows nothing of columns.
 */
#ifndef ANKETA_DATA_LOADER_H
#define ANKETA_DATA_LOADER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "data/dataset.h"
#include "data/versions.h"
#include "form/response.h"
#include "store/db.h"
#include "store/scan.h"

struct loaded {
  struct scan_response about;
  int version; /* index among the versions */
  struct response *answers;
};

struct loader;

/* Borrows everything. */
struct loader *loader_new(struct db *db, const struct dataset_spec *spec, const struct versions *versions);
void loader_free(struct loader *loader);

/* At most how many rows the responses will make; only before the first loader_next. */
bool loader_count(struct loader *loader, int64_t *count, struct err *err);

/* The next response, all of it in the arena. False at the end (not to be called again then) or with err. */
bool loader_next(struct loader *loader, struct arena *arena, struct loaded *out, struct err *err);

#endif
