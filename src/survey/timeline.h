/* The timeline of an institution in a round: everything that happened, newest first, a page at a time. A page ends with a
 * whole day, since what somebody answered on a day is one entry. */
#ifndef ANKETA_SURVEY_TIMELINE_H
#define ANKETA_SURVEY_TIMELINE_H

#include "store/timeline.h"
#include "survey/survey.h"

/* What may be looked at alone. */
enum timeline_choice {
  TIMELINE_ALL,
  TIMELINE_CALLS, /* calls and letters */
  TIMELINE_MAILS,
  TIMELINE_WORK,  /* sittings and answers */
  TIMELINE_ENTRIES, /* sign-ins */
  TIMELINE_ACTS,  /* the rest: deadlines, submissions, people, queries */
  TIMELINE_CHOICES
};
const char *timeline_choice_name(enum timeline_choice choice); /* "all", "calls", …: also its message's last part */
enum timeline_choice timeline_choice_find(const char *name);   /* TIMELINE_ALL when there is none */

struct timeline_entry {
  int64_t at_ms;
  enum timeline_part part;
  const char *kind, *about, *text;
  const struct form *form; /* of the response, NULL when it is about none */
  int64_t response, number, more;
  const char *who;
  int answers; /* TIMELINE_ANSWER: how many this person changed on that day */
};

/* Entries of the days before the given one (since 1970, in Riga; 0: up to now), until there are as many as wanted. *more
 * gets the day to go on before, 0 when there is none. ERR_NOT_FOUND when the actor may not see the institution. */
size_t timeline_page(struct db *db, const struct actor *actor, int64_t institution, const char *round,
                     enum timeline_choice choice, int before, size_t wanted, struct arena *arena,
                     const struct timeline_entry **out, int *more, struct err *err);

#endif
