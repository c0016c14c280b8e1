/* Two versions of a questionnaire and what becomes of answers between them: inside of correction*.c. */
#ifndef ANKETA_SURVEY_CORRECTION_PAIR_H
#define ANKETA_SURVEY_CORRECTION_PAIR_H

#include "store/answer.h"
#include "survey/survey.h"

struct correction_pair {
  const struct form *old, *new;
  const int *to;       /* by old question: the new one that its answers go to, -1: none */
  const bool *told;    /* by new question: people who gave an answer, or are asked, have something to look at */
  const bool *added;   /* by new question */
};

/* In the arena; the forms must live as long. */
struct correction_pair *correction_pair_new(const struct form *old, const struct form *new, struct arena *arena);

/* What is wrong with a stored answer after the change: "removed", "type", "option", "value"; NULL when it fits, was cleared,
 * or did not fit before either. An entry that was no answer counts for "removed" alone: elsewhere its field still shows it. */
const char *correction_fault(const struct correction_pair *pair, const struct answer_row *answer, struct arena *arena);

/* Whether a stored answer is one of the form, now: the question is there, with its row, and it fits. */
bool correction_fits(const struct form *form, const char *question, const char *roster, enum answer_state state,
                     const char *value, struct arena *arena);

/* The id of the roster a question is in, "" when in none. */
const char *correction_roster(const struct form *form, int question);

#endif
