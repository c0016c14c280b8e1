/* Last round's answers beside this round's questions: the answers of the same institution to the questionnaire with the
 * same id, in the round that this one names as its previous. By question id where both ask for the same kind of answer;
 * options go by their codes; rows of a roster by their labels, when one label means one row on both sides.
 *
 * Only what counted then is shown: no entries that were no answers, nothing that was filtered out. Who may not read the
 * earlier response sees nothing of it.
 */
#ifndef ANKETA_SURVEY_PRIOR_H
#define ANKETA_SURVEY_PRIOR_H

#include "survey/work.h"

/* What is unusual about a figure, in one place. A figure that doubles or halves is worth a second look, but not when the
 * figures are so small that a person or two make the difference; a share moves on a scale with an end, so there the
 * distance counts and not the ratio. Nothing here blocks: a check with a severity is the author's to write. */
#define PRIOR_FACTOR 2.0      /* this many times more, or less */
#define PRIOR_DIFFERENCE 10.0 /* and at least so far apart */
#define PRIOR_POINTS 30.0     /* shares: percentage points */
#define PRIOR_SHARE_UNIT "%"  /* the unit, in the questionnaire's first language, that makes a figure a share */

struct prior; /* lives in an arena */

/* Beside the answers of a work that was opened for the actor, in the same snapshot. NULL without err when there is nothing
 * to show. */
const struct prior *prior_load(struct db *db, const struct actor *actor, const struct work *work, struct arena *arena,
                               struct err *err);

/* The end of that round, and whether the response was submitted in it. */
int64_t prior_deadline_ms(const struct prior *prior);
bool prior_submitted(const struct prior *prior);

/* False when there is no earlier answer to this question (row -1 outside rosters); prior may be NULL. Else adds it as a
 * person reads it, with the texts of then, and its unit when that was another one. */
bool prior_show(const struct prior *prior, int question, int row, const char *language, struct buf *out);

/* Is the answer now the same as then? */
bool prior_same(const struct prior *prior, int question, int row);

enum prior_change {
  PRIOR_USUAL,   /* or nothing to compare */
  PRIOR_BY_PERCENT,
  PRIOR_BY_POINTS,
  PRIOR_ANEW     /* from zero, or to the other side of it: no percentage says that */
};
struct prior_mark {
  enum prior_change change;
  double by;           /* percent or points, rounded, with its sign */
  double before, now;
};
struct prior_mark prior_compare(const struct prior *prior, int question, int row);

/* Could the earlier answer be taken over: the round allows it, the response is open to the actor, the answer fits the
 * question as it is now? The field need not be empty yet. */
bool prior_fits(const struct prior *prior, int question, int row);

/* Would prior_take_section take it: it fits, the question applies and has no answer. */
bool prior_takeable(const struct prior *prior, int question, int row);

/* Writer. Takes over one earlier answer by the ordinary rules of saving. question, row and seen of the entry are given; its
 * values and its result are set. ERR_DENIED when the round does not allow it, ERR_NOT_FOUND when there is no such answer or
 * it does not fit, ERR_INPUT when the question does not apply or has an answer that the page had seen; else as
 * work_save. */
bool prior_take(struct db *db, const struct actor *actor, int64_t response_id, struct save_entry *entry,
                struct arena *arena, struct err *err);

/* Writer. Takes over all that is takeable in a section as it is now; *taken says how many. Questions that come to apply by
 * it are left to be looked at and taken over in turn. */
bool prior_take_section(struct db *db, const struct actor *actor, int64_t response_id, const char *section,
                        struct arena *arena, int *taken, struct err *err);

#endif
