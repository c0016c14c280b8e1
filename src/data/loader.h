/* The responses of a dataset one after another: the store's walks over responses, roster rows and answers merged, each
 * answer matched with its question. Constant memory. Knows nothing of columns.
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

/* As they are stored; not parsed yet. */
struct loaded_answer {
  int question; /* index in the version's form */
  enum answer_state state;
  const char *row, *value;
};

struct loaded_row {
  int roster; /* number */
  const char *row, *label;
};

struct loaded {
  struct scan_response about;
  int version; /* index among the versions */
  struct loaded_row *rows;
  struct loaded_answer *answers;
  int row_count, answer_count;
  int row_cap, answer_cap;
};

struct loader;

/* Borrows everything. */
struct loader *loader_new(struct db *db, const struct dataset_spec *spec, const struct versions *versions);
void loader_free(struct loader *loader);

/* At most how many rows the responses will make; only before the first loader_next. */
bool loader_count(struct loader *loader, int64_t *count, struct err *err);

/* The next response, all of it in the arena. False at the end (not to be called again then) or with err. */
bool loader_next(struct loader *loader, struct arena *arena, struct loaded *out, struct err *err);

/* The response that it is, made in the arena of what its answers say. */
struct response *loaded_response(const struct loaded *loaded, const struct form *form, struct arena *arena);

#endif
