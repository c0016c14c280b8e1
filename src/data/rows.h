/* The rows of a dataset one after another: the state of each response computed, its values put into the columns.
 */
#ifndef ANKETA_DATA_ROWS_H
#define ANKETA_DATA_ROWS_H

#include "base/err.h"
#include "data/columns.h"
#include "data/dataset.h"
#include "data/loader.h"
#include "data/versions.h"

struct rows;

/* Borrows everything; spec->language is set. columns were made of the forms of versions in their order. From the first
 * rows_next to rows_free the loader belongs to a thread that reads ahead. */
struct rows *rows_new(struct loader *loader, const struct dataset_spec *spec, const struct versions *versions,
                      const struct columns *columns);
void rows_free(struct rows *rows);

/* The cells of the next row, valid until the next call; NULL at the end or with err. */
const struct cell *rows_next(struct rows *rows, struct err *err);

#endif
