/* Reminders that go out by themselves: a coordinator's rules for a round.
 *
 * A rule looks once a day of Riga's calendar, at its hour or, when the program was not there, as soon as it is, until the
 * evening; else on the next day. Each look covers all days since the one before, so that a day on which nothing ran is not
 * lost, and no day counts twice. What it finds becomes a mailing (survey/mailing.h).
 */
#ifndef ANKETA_SURVEY_RULE_H
#define ANKETA_SURVEY_RULE_H

#include "store/mailing.h"
#include "survey/survey.h"

#define RULE_DAYS_MAX 60
#define RULE_HOUR_MIN 6
#define RULE_HOUR_MAX 19 /* a look that is late waits for the next day at 20 */
#define RULE_COUNT_MAX 20 /* in a round */

enum rule_kind {
  RULE_BEFORE,   /* days before the institution's deadline; 0: on the day */
  RULE_UNOPENED, /* nobody of the institution signed in for days after the invitation */
  RULE_IDLE,     /* begun, and nothing changed for days */
  RULE_AFTER,    /* not submitted, days after the deadline */
  RULE_KINDS
};
/* "before", …; also the last part of its message's key, rule.NAME. */
const char *rule_kind_name(enum rule_kind kind);

struct rule {
  int64_t id;
  enum rule_kind kind;
  int days, hour;
  bool active;
  bool looked_today;
};
size_t rule_list(struct db *db, const struct actor *actor, const char *round, struct arena *arena, const struct rule **out,
                 struct err *err);

enum rule_fault { RULE_OK, RULE_NO_DAYS, RULE_NO_HOUR, RULE_TWICE, RULE_TOO_MANY };

/* Writer. Adds one, as it was typed; ERR_INPUT with *fault. */
bool rule_add(struct db *db, const struct actor *actor, const char *round, const char *kind, const char *days,
              const char *hour, enum rule_fault *fault, struct err *err);
/* Writer. Turning one on does not catch up with the days before. ERR_NOT_FOUND. */
bool rule_set_active(struct db *db, const struct actor *actor, const char *round, int64_t id, bool active, struct err *err);
bool rule_drop(struct db *db, const struct actor *actor, const char *round, int64_t id, struct err *err);

/* Whom a mailing of a rule goes to: those for whom the rule's day lies between two days, both included. */
struct rule_span {
  enum rule_kind kind;
  int days, first, last;
};
bool rule_applies(const struct rule_span *span, const struct mailing_candidate *candidate);

/* What a rule's look would be about now. ERR_NOT_FOUND. */
bool rule_find_span(struct db *db, const char *round, int64_t id, struct rule_span *out, struct err *err);

/* For mail/sender.h: whether a rule has to look; lets one of them look and, when it finds somebody, makes a mailing. */
bool rule_is_due(struct db *db, struct err *err);
bool rule_look(struct db *db, struct err *err); /* writer */

#endif
