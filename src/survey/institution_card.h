/* One institution as a coordinator sees it: what it is, its responses, its people, the time it has spent. */
#ifndef ANKETA_SURVEY_INSTITUTION_CARD_H
#define ANKETA_SURVEY_INSTITUTION_CARD_H

#include "store/sitting.h"
#include "survey/disposition.h"
#include "survey/survey.h"
#include "survey/work.h"

struct card_section {
  const char *id;    /* of the form; a section that the response's version does not have is left out */
  int64_t active_ms; /* more than 0 */
  int people;
};

/* How far a section is, as of the last change. */
struct card_progress {
  int section; /* of the form */
  int required, answered;
};

struct card_response {
  int64_t response;
  const struct form *form;
  enum response_status status;
  enum disposition disposition;
  int required, answered;
  int64_t deadline_ms, changed_ms, submitted_ms; /* the latter two 0 when it has not happened */
  int64_t active_ms;                             /* time spent, as last written: up to a minute old */
  struct sitting_total total;
  struct sitting_average average;                /* of all institutions with any time; not read while this one has none */
  const struct card_section *sections;           /* in the order of the form */
  size_t section_count;
  const struct card_progress *progress; /* in the order of the form; none before the first change */
  size_t progress_count;
};

struct card_person {
  const char *name, *email, *phone; /* phone "" when not known */
  const char *invited_by;           /* "": added by staff */
  int64_t since_ms, removed_ms, signed_in_ms; /* the latter two 0 when it has not happened */
  bool responsible;
};

struct institution_card {
  int64_t institution;
  const char *name, *registration_number, *abbreviation, *kind, *sector; /* "" when there is none */
  const char *disposition, *comment; /* as the sample frame of the round gives them, "" */
  const char *round, *round_title;   /* in the actor's language */
  const struct card_response *responses;
  size_t response_count;
  const struct card_person *people;
  size_t person_count;
  const struct card_person *call; /* the responsible one or, of the others, one with a phone; NULL when there is nobody */
  int64_t deadline_ms;            /* the institution's own, else the round's */
  bool own_deadline;
  int64_t contacted_ms;           /* the last call or letter, 0 */
};

/* round "": the latest. NULL with ERR_NOT_FOUND also when the actor may not see it. An institution that is not asked in the
 * round has no responses. */
struct institution_card *institution_card_open(struct db *db, const struct actor *actor, int64_t institution,
                                               const char *round, struct arena *arena, struct err *err);

#endif
