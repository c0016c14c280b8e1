/* Which responses of a round a coordinator looks at, and in what order. A filter has an address: the query behind
 * "/field/list?", which is also how saved views and mailings keep it. */
#ifndef ANKETA_SURVEY_FIELD_FILTER_H
#define ANKETA_SURVEY_FIELD_FILTER_H

#include "base/arena.h"
#include "survey/disposition.h"

enum field_sort {
  FIELD_SORT_NAME,
  FIELD_SORT_DISPOSITION,
  FIELD_SORT_PROGRESS,
  FIELD_SORT_CHANGED,
  FIELD_SORT_DEADLINE,
  FIELD_SORT_COUNT
};

/* Several dispositions at once, as bits 1 << enum disposition; 0: any. */
#define FIELD_ONLY(disposition) (1u << (disposition))
#define FIELD_UNOPENED (FIELD_ONLY(DISPOSITION_NOT_INVITED) | FIELD_ONLY(DISPOSITION_INVITED))
#define FIELD_WORKING \
  (FIELD_ONLY(DISPOSITION_OPENED) | FIELD_ONLY(DISPOSITION_STARTED) | FIELD_ONLY(DISPOSITION_CHECKED) | \
   FIELD_ONLY(DISPOSITION_REOPENED))
#define FIELD_OPEN (FIELD_UNOPENED | FIELD_WORKING) /* still to be submitted */

struct field_filter {
  const char *round, *questionnaire; /* "": the latest, its first */
  unsigned dispositions;
  const char *sector, *kind; /* "": any */
  const char *find;          /* part of the institution's name or abbreviation, "": any */
  bool overdue;              /* only those still to be submitted whose deadline has passed */
  enum field_sort sort;
  bool descending;
  int offset, limit; /* of field_list; the limit has no place in the address */
};

/* Of all institutions, by name. */
struct field_filter field_filter_all(void);

/* From the query of an address ("q=self-assessment&status=started&sort=-changed"); what it does not know is ignored. The
 * texts live in the arena. Good for any text. */
struct field_filter field_filter_parse(const char *query, struct arena *arena);

/* The same way back, in the arena: only what is not as in field_filter_all, always in the same order; "" for that. */
const char *field_filter_print(const struct field_filter *filter, struct arena *arena);

/* "name", …: of an order in the address; the last part of its message's key, field.sort_NAME. */
const char *field_sort_name(enum field_sort sort);

/* The name of several dispositions in the address: a disposition's own, or open, unopened, working; "" for any. */
const char *field_dispositions_name(unsigned dispositions);

#endif
