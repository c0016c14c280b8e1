/* The published versions of a questionnaire that a round uses, compiled from their stored text. */
#ifndef ANKETA_DATA_VERSIONS_H
#define ANKETA_DATA_VERSIONS_H

#include <stdint.h>

#include "base/err.h"
#include "form/form.h"
#include "store/db.h"

struct version {
  int64_t id;
  struct form *form;
};

struct versions {
  struct version *list; /* newest first, at least one */
  int count;
};

/* NULL with ERR_NOT_FOUND, which names what there is, when the round or the questionnaire in it does not exist. */
struct versions *versions_load(struct db *db, const char *round, const char *questionnaire, struct err *err);
void versions_free(struct versions *versions);

#endif
