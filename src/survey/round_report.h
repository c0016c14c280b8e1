/* How every institution of a round came out, as the report's annex lists them: included or not, and why. */
#ifndef ANKETA_SURVEY_ROUND_REPORT_H
#define ANKETA_SURVEY_ROUND_REPORT_H

#include "survey/survey.h"

enum report_comment {
  REPORT_NONE,
  REPORT_PARTIAL,      /* what it answered is not all submitted */
  REPORT_NO_CONTACT,   /* named nobody */
  REPORT_NOT_FILLED,   /* has contacts, answered nothing */
  REPORT_NO_ANSWER,    /* the rest: as the coordinator recorded it */
  REPORT_NO_RESOURCES,
  REPORT_REFUSED,
  REPORT_MERGED,
  REPORT_OTHER,
  REPORT_COMMENTS
};

struct report_row {
  int64_t institution;
  const char *name, *registration_number, *abbreviation; /* "" */
  bool included;
  enum report_comment comment;
  const char *remark; /* of REPORT_OTHER: the coordinator's words, "" */
};

/* In the order of the sample frame; while the round runs, how it would come out now. */
size_t round_report_read(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                         const struct report_row **out, struct err *err);

/* In words of a language (lv, en, ru; any other: lv). */
const char *round_report_status(const struct report_row *row, const char *language);
const char *round_report_comment(const struct report_row *row, const char *language);

#define REPORT_COLUMNS 6
/* The headings, and a row's cells: number, institution, registration number, abbreviation, status, comment. */
const char *const *round_report_headings(const char *language);
void round_report_cells(const struct report_row *row, size_t number, const char *language, struct arena *arena,
                        const char *cells[REPORT_COLUMNS]);

#endif
