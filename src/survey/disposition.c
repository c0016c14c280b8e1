#include "survey/disposition.h"

#include <string.h>

#include "store/standing.h"

static const char *const names[DISPOSITION_COUNT] = {
    [DISPOSITION_NOT_INVITED] = "not_invited", [DISPOSITION_INVITED] = "invited",
    [DISPOSITION_OPENED] = "opened",           [DISPOSITION_STARTED] = "started",
    [DISPOSITION_CHECKED] = "checked",         [DISPOSITION_SUBMITTED] = "submitted",
    [DISPOSITION_REOPENED] = "reopened",       [DISPOSITION_PARTIAL] = "partial",
    [DISPOSITION_NOT_PARTICIPATING] = "not_participating",
};

const char *disposition_name(enum disposition disposition) { return names[disposition]; }

int disposition_find(const char *name) {
  for (int i = 0; i < DISPOSITION_COUNT; i++)
    if (strcmp(names[i], name) == 0) return i;
  return -1;
}

bool disposition_keep(struct db *db, int64_t response, struct err *err) {
  return standing_keep_response(db, response, err);
}

bool disposition_keep_institution(struct db *db, const char *round, int64_t institution, struct err *err) {
  return standing_keep_institution(db, round, institution, err);
}

bool disposition_keep_round(struct db *db, const char *round, struct err *err) {
  return standing_keep_round(db, round, err);
}

bool disposition_note_invited(struct db *db, const char *round, int64_t institution, struct err *err) {
  return standing_invited(db, round, institution, err) && standing_keep_institution(db, round, institution, err);
}

bool disposition_note_opened(struct db *db, int64_t institution, struct err *err) {
  bool changed;
  if (!standing_opened(db, institution, &changed, err)) return false;
  return !changed || standing_keep_everywhere(db, institution, err);
}
