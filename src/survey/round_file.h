/* A round's folder as text: round.yaml and the list of institutions it names. Knows nothing of the store. */
#ifndef ANKETA_SURVEY_ROUND_FILE_H
#define ANKETA_SURVEY_ROUND_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "store/round.h"

#define ROUND_LANGUAGES_MAX 8

struct round_text { /* a text in several languages */
  int count;
  const char *languages[ROUND_LANGUAGES_MAX];
  const char *texts[ROUND_LANGUAGES_MAX];
};

struct round_file_questionnaire {
  const char *path; /* beside round.yaml */
  enum round_filler filled_by;
  int line; /* in round.yaml */
};

struct round_file_segment {
  const char *id;
  struct round_text title;
};

/* A line of institutions.csv. */
struct round_file_institution {
  int line;
  const char *name, *registration_number, *abbreviation, *kind, *sector, *segments, *status, *comment; /* "" */
};

struct round_file {
  const char *path; /* of round.yaml */
  const char *id;
  struct round_text title;
  const char *opens, *deadline;
  int opens_days, deadline_days; /* since 1970-01-01 */
  const char *help_phone, *help_email;
  bool responsible_submits; /* submit: responsible; default anyone */
  const char *previous;     /* previous: {round: …, take_over: true}; "" */
  bool take_over;
  int64_t idle_ms;          /* idle_minutes: 1 to 60; default 5 */
  bool confirm_browser;     /* confirm_browser: true; default false */
  const struct round_file_questionnaire *questionnaires;
  int questionnaire_count;
  const struct round_file_segment *segments; /* none listed: any id is good */
  int segment_count;
  const char *institutions_path;
  const struct round_file_institution *institutions;
  size_t institution_count;
};

/* opens and deadline override the file's when they are not NULL. NULL with err: where, line and column of the first
 * fault, and how many more there are. */
const struct round_file *round_file_load(const char *folder, const char *opens, const char *deadline,
                                         struct arena *arena, struct err *err);

/* The last millisecond of a day in Riga, by the European Union's rule for summer time. */
int64_t round_file_end_of_day_ms(int days);

#endif
