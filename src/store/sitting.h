/* Time spent, as survey/paradata.h measures it: a row for each person, section and sitting. */
#ifndef ANKETA_STORE_SITTING_H
#define ANKETA_STORE_SITTING_H

#include "store/db.h"

struct sitting {
  int64_t response, person;
  int64_t started_ms;  /* of the sitting, the same in all of its sections */
  const char *section; /* id */
  int device;          /* enum paradata_device of survey/paradata.h: 0 unknown, 1 computer, 2 tablet, 3 phone */
  int64_t active_ms;   /* in all, not since the last time */
  int64_t last_ms;
};

/* Writer. Adds the row or brings it up to date; doing so twice is the same as once. */
bool sitting_put(struct db *db, const struct sitting *sitting, struct err *err);

/* Writer. Brings the time that is kept with the response up to date. */
bool sitting_sum(struct db *db, int64_t response, struct err *err);

/* How long a response of this questionnaire took, over those with any time. */
struct sitting_average {
  int64_t count, mean_ms, median_ms; /* all 0 when there is none */
};
bool sitting_average(struct db *db, const char *round, const char *questionnaire, struct sitting_average *out,
                     struct err *err);

/* Time by section of one response, the longest first; end with stmt_end. */
struct sitting_section {
  const char *section;
  int64_t active_ms;
  int64_t people;
};
struct stmt *sitting_sections(struct db *db, int64_t response);
bool sitting_next_section(struct stmt *stmt, struct sitting_section *out, struct err *err); /* text until the next call */

/* All of one response: how many sittings, by how many people, when the last activity was; 0 when there is none. */
struct sitting_total {
  int64_t sittings, people, last_ms;
};
bool sitting_total(struct db *db, int64_t response, struct sitting_total *out, struct err *err);

/* The whole round in constant memory, by response, person, sitting, section; end with stmt_end. Nobody is named: a person
 * is a number within the institution (staff: among staff), in the order in which they were added, and keeps it. */
struct sitting_line {
  struct sitting sitting;
  int64_t institution;
  const char *institution_name, *registration_number, *abbreviation; /* the latter two "" when there is none */
  int64_t version_id;
  int64_t person_number; /* from 1 */
};
struct stmt *sitting_scan(struct db *db, const char *round, const char *questionnaire, bool submitted_only);
bool sitting_next_line(struct stmt *stmt, struct sitting_line *out, struct err *err); /* strings until the next call */
int64_t sitting_count(struct db *db, const char *round, const char *questionnaire, bool submitted_only, struct err *err);

#endif
