/* What the rules of data control find in the responses of a round, to be suggested to coordinators as queries:
 *
 * - an unusual answer by a soft check of the questionnaire, confirmed with a comment or not;
 * - a figure far from those of other institutions (survey/query_figures.h, survey/query_spread.h);
 * - an unusual change since the previous round, as survey/prior.h judges it.
 *
 * In responses that are submitted, frozen as partial, or that nothing stands in the way of submitting; what is still being
 * filled in is left alone. A finding comes with a text in the institution's language that names its figures. Its reason
 * holds the version of the answer (of a soft check also its message), so that a new answer is judged anew. Only reads. */
#ifndef ANKETA_SURVEY_QUERY_RULES_H
#define ANKETA_SURVEY_QUERY_RULES_H

#include "survey/query.h"

struct query_scope {
  const char *round, *questionnaire;
  const int64_t *responses; /* only these */
  size_t response_count;    /* 0: all */
};

/* Called with all that was found in one response that was judged, also when that is nothing. False stops, with err. */
typedef bool query_found(void *context, int64_t response, const struct query_finding *findings, size_t count,
                         struct err *err);

/* The actor is who may ask. */
bool query_rules_run(struct db *db, const struct actor *actor, const struct query_scope *scope, query_found *found,
                     void *context, struct err *err);

#endif
