/* What changed in a response between one of its submissions and a later one, or now: answer by answer, row by row. Derived
 * from the versions of the answers, nothing of it is stored. */
#ifndef ANKETA_SURVEY_COMPARE_H
#define ANKETA_SURVEY_COMPARE_H

#include "survey/reopening.h"

struct compare_change {
  int question;          /* of the form as it is now */
  const char *row_label; /* "" outside rosters */
  const char *row;       /* id */
  const char *before, *after; /* as a person reads it, "": no answer */
  const char *person;    /* who made the version that stands after */
  bool on_behalf;        /* in the institution's name */
  int64_t changed_ms;
  bool asked; /* the question applies after */
};

enum compare_row_kind { COMPARE_ROW_ADDED, COMPARE_ROW_REMOVED, COMPARE_ROW_RENAMED };
struct compare_row {
  enum compare_row_kind kind;
  int container; /* the roster's */
  const char *label, *before; /* before: of one that was renamed, else "" */
};

struct compare {
  struct work *work; /* after */
  const struct submitted *submissions; /* of the response, the newest first */
  size_t submission_count;
  const struct submitted *from, *to; /* to NULL: as it is now */
  bool verified; /* what stands before has the checksum of its receipt */
  const struct compare_change *changes;
  size_t change_count;
  int fresh, cleared; /* of the changes: nothing before, nothing after */
  const struct compare_row *rows;
  size_t row_count;
};

/* to 0: now. ERR_NOT_FOUND when there is no such submission, or `to` is not later than `from`. */
bool compare_open(struct db *db, const struct actor *actor, int64_t response, int from, int to, struct arena *arena,
                  struct compare *out, struct err *err);

#endif
