/* Where in a response an answer is wanted next, in the order in which a person goes through it. */
#ifndef ANKETA_SURVEY_NEXT_H
#define ANKETA_SURVEY_NEXT_H

#include "survey/work.h"

struct next_place {
  int question;
  int row; /* -1 outside rosters */
};

/* The order of reading: the questionnaire's, and row by row within a roster. Like strcmp. */
int next_compare(const struct form *form, struct next_place left, struct next_place right);

/* The place that a key names ("K13M", "P52:r1"); false when the response has no such place. */
bool next_parse(const struct work *work, const char *key, struct next_place *out);

/* The place before everything in the section with this id; false when there is no such section, or nothing before it. */
bool next_before_section(const struct work *work, const char *section, struct next_place *out);

/* The first place after `from` (NULL: from the beginning) that applies and is either required and unanswered or wrong;
 * behind the last one the search goes on at the beginning, `from` itself comes last. False when there is none. */
bool next_find(const struct work *work, const struct next_place *from, struct next_place *out);

#endif
