/* The dataset of time spent: a row for each person, sitting and section, with columns of its own. Nobody is named: persons
 * are numbered within their institution. Knows nothing of answers.
 */
#ifndef ANKETA_DATA_SITTING_ROWS_H
#define ANKETA_DATA_SITTING_ROWS_H

#include "base/arena.h"
#include "data/columns.h"
#include "data/dataset.h"
#include "data/versions.h"
#include "store/db.h"

/* Its columns, in the arena. */
struct columns *sitting_columns(const char *language, struct arena *arena);

struct sitting_rows;

/* Borrows everything. The walk begins with the first row. */
struct sitting_rows *sitting_rows_new(struct db *db, const struct dataset_spec *spec, const struct versions *versions);
void sitting_rows_free(struct sitting_rows *rows); /* NULL is fine */

/* The next row, valid until the next call; NULL at the end or with err. */
const struct cell *sitting_rows_next(struct sitting_rows *rows, struct err *err);

#endif
