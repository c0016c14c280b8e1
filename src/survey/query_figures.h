/* The figures of a questionnaire in a round, question by question, and which of them lie far from those of other institutions.
 *
 * Each figure is compared with those of the other institutions of its sector, when there are QUERY_SPREAD_MIN of them; else
 * with all institutions of the same kind; else with none. Only figures that count: of responses that are submitted, or that
 * nothing stands in the way of, to questions that apply. In a roster every row is a figure. Among more than
 * QUERY_FIGURES_EXACT figures an institution's own stay in: they hardly move the middle of so many.
 *
 * Memory is bounded: QUERY_FIGURES_MAX figures are held at once, and what does not fit is read in another pass. */
#ifndef ANKETA_SURVEY_QUERY_FIGURES_H
#define ANKETA_SURVEY_QUERY_FIGURES_H

#include "survey/query_spread.h"
#include "survey/work.h"

#define QUERY_FIGURES_MAX 2000000
#define QUERY_FIGURES_EXACT 1000

struct query_outlier {
  const struct query_outlier *next; /* of the same response */
  const char *question;             /* id */
  int row;                          /* -1 outside rosters; where it was when it was read */
  double figure;
  struct query_spread spread;
  const char *sector;               /* "": compared with those of the same kind */
};

struct query_respondent {
  int64_t response;
  bool judged; /* asked for, and its figures count */
  const struct query_outlier *outliers;
};

/* Reads them as the actor; wanted: response ids, none for all. Results, in the order of responses, live in the arena. */
bool query_figures_judge(struct db *db, const struct actor *actor, const char *round, const char *questionnaire,
                         const int64_t *wanted, size_t wanted_count, struct arena *arena,
                         const struct query_respondent **out, size_t *count, struct err *err);

#endif
