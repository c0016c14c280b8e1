/* Rounds: what is asked of whom, when. */
#ifndef ANKETA_STORE_ROUND_H
#define ANKETA_STORE_ROUND_H

#include "store/db.h"

enum round_filler { FILLED_BY_CONTACT, FILLED_BY_EXPERT, FILLED_BY_AUTOMATIC };

struct round {
  const char *id;
  const char *title;           /* in the language that was asked for; not read by round_put */
  const char *opens, *deadline; /* 2017-11-06 */
  int64_t deadline_ms;         /* end of the last day */
  const char *help_phone, *help_email;
  bool responsible_submits; /* only the institution's responsible contact may submit; else any of its contacts */
  const char *previous;     /* the round whose answers are shown beside the fields, "" */
  bool take_over;           /* and may be taken over with one press */
  int64_t idle_ms;          /* time after the last activity that still counts as time spent */
  int64_t closed_ms;        /* 0: it is open; not read by round_put */
  bool confirm_browser;     /* a contact's new browser is confirmed by a code sent by mail */
};

/* Writer. Adds the round or changes what differs; a last day that was changed while it runs stays. idle_ms 0 stands for
 * five minutes. */
bool round_put(struct db *db, const struct round *round, struct err *err);
bool round_put_title(struct db *db, const char *round, const char *language, const char *title, struct err *err);
bool round_put_segment(struct db *db, const char *id, const char *language, const char *title, struct err *err);
bool round_put_questionnaire(struct db *db, const char *round, const char *questionnaire, int64_t version_id,
                             enum round_filler filled_by, int position, struct err *err);

struct round_institution {
  const char *round;
  int64_t institution;
  const char *status, *comment; /* its disposition as the sample frame gives it */
  int position;
};
bool round_put_institution(struct db *db, const struct round_institution *entry, struct err *err);

/* Whether the latest round that asks the institution has its contacts confirm a new browser. False also on error: err set. */
bool round_confirms_browser(struct db *db, int64_t institution, struct err *err);

/* The latest round that asks an institution, and who of its contacts answers for it (0: nobody was named). *stmt must be
 * ended and owns the id. False when no round does (or on error: err set). */
bool round_of_institution(struct db *db, int64_t institution, struct stmt **stmt, const char **round,
                          int64_t *responsible, struct err *err);

/* Writer. */
bool round_set_responsible(struct db *db, const char *round, int64_t institution, int64_t person, struct err *err);
/* Writer. The person answers for no institution any more. */
bool round_clear_responsible(struct db *db, int64_t person, struct err *err);

/* Rounds, the latest first; end with stmt_end. */
struct stmt *round_list(struct db *db, const char *language);
bool round_next(struct stmt *stmt, struct round *out, struct err *err); /* strings until the next call */

#endif
