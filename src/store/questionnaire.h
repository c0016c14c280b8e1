/* Published versions of questionnaires: texts that never change. */
#ifndef ANKETA_STORE_QUESTIONNAIRE_H
#define ANKETA_STORE_QUESTIONNAIRE_H

#include "base/arena.h"
#include "store/db.h"

struct questionnaire_version {
  int64_t id;
  const char *questionnaire, *version;
  const char *hash; /* of source */
  const char *source; /* YAML */
  size_t source_len;
};

/* The id of the version with this hash, 0 when there is none (or on error: err set). */
int64_t questionnaire_find(struct db *db, const char *hash, struct err *err);

/* Writer. Adds a version and returns its id, 0 with err; version->id is not read. */
int64_t questionnaire_add(struct db *db, const struct questionnaire_version *version, struct err *err);

/* A version with its text, copied into the arena; false with err, ERR_NOT_FOUND when there is none. */
bool questionnaire_get(struct db *db, int64_t id, struct arena *arena, struct questionnaire_version *out,
                       struct err *err);

/* Only its hash, copied into the arena; NULL with err. */
const char *questionnaire_hash(struct db *db, int64_t id, struct arena *arena, struct err *err);

#endif
