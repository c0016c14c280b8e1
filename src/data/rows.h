/* The rows of a dataset one after another: the store's walks over responses, roster rows and answers merged, the state of
 * each response computed, its values put into the columns. Constant memory; works in the thread that calls.
 */
#ifndef ANKETA_DATA_ROWS_H
#define ANKETA_DATA_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "data/columns.h"
#include "data/dataset.h"
#include "data/versions.h"
#include "store/db.h"

struct rows;

/* Borrows everything; spec->language is set. columns were made of the forms of versions in their order. */
struct rows *rows_new(struct db *db, const struct dataset_spec *spec, const struct versions *versions,
                      const struct columns *columns);
void rows_free(struct rows *rows);

/* At most how many there will be; only before the first rows_next. */
bool rows_count(struct rows *rows, int64_t *count, struct err *err);

/* The cells of the next row, valid until the next call; NULL at the end or with err. */
const struct cell *rows_next(struct rows *rows, struct err *err);

#endif
