/* A coordinator's mail to many: mailings, and the walk over the people whom one concerns, with what decides whether they get
 * it. Who gets what is decided in survey/mailing.c. */
#ifndef ANKETA_STORE_MAILING_H
#define ANKETA_STORE_MAILING_H

#include "store/db.h"

struct mailing {
  int64_t id;
  const char *round, *kind, *filter;
  int64_t rule, person; /* 0: a person made it; 0: a rule did */
  const char *person_name; /* "" */
  int64_t created_ms, due_ms;
  int64_t made_ms;    /* when all its messages were put into the outbox, 0: not yet */
  int64_t removed_ms; /* called off, 0 */
  int messages;
};

/* Writer. The id, 0 with err. id, person_name, and what follows from being made are not read. */
int64_t mailing_put(struct db *db, const struct mailing *mailing, struct err *err);

/* Writer. Its messages are made; how many there are is counted. */
bool mailing_set_made(struct db *db, int64_t id, struct err *err);
bool mailing_set_removed(struct db *db, int64_t id, struct err *err); /* writer */

/* *stmt must be ended and owns the strings. False when there is none (or on error: err set). */
bool mailing_get(struct db *db, int64_t id, struct stmt **stmt, struct mailing *out, struct err *err);
/* The one that has been due longest and is not made. */
bool mailing_get_due(struct db *db, struct stmt **stmt, struct mailing *out, struct err *err);
/* A round's (NULL: all), the newest first, those with a smaller id than before (0: all); end with stmt_end. */
struct stmt *mailing_list(struct db *db, const char *round, int64_t before);
bool mailing_next(struct stmt *stmt, struct mailing *out, struct err *err); /* strings until the next call */
/* The newest one's id, 0 when there is none. */
int64_t mailing_last(struct db *db, struct err *err);

/* The person whom its last message went to, 0 when it has none: the walk goes on behind them. */
int64_t mailing_reached(struct db *db, int64_t id, struct err *err);

/* Whom a walk is about. Texts "" and numbers 0 leave open what they stand for. */
struct mailing_target {
  const char *round;
  const char *sector, *kind, *find; /* of the institution; find: part of its search text */
  const char *questionnaire;
  unsigned dispositions;    /* bits: of its response to that questionnaire, or to any */
  int64_t overdue_ms;       /* its deadline is over at that moment */
  const char *institutions; /* ",3,17," */
  int64_t person;
};

struct mailing_candidate {
  int64_t person;
  const char *name, *email, *language;
  int notify;
  int64_t institution;
  const char *institution_name;
  bool takes_part;
  int64_t invited_ms, opened_ms; /* of the institution in the round, 0 */
  int64_t deadline_ms;           /* its own or the round's */
  int64_t closed_ms;             /* of the round, 0 */
  int responses, open, started;  /* for contacts: all, not submitted, of these begun */
  int64_t changed_ms;            /* the last change in one that is begun and not submitted, 0 */
  bool today;                    /* got a message of the kind about the round since the day began, of another mailing */
  bool troubled;                 /* mail to the address came back or was refused */
};

/* Contacts with an id over after, in the order of ids; end with stmt_end. kind, since_ms and mailing are for "today". */
struct stmt *mailing_walk(struct db *db, const struct mailing_target *target, int64_t after, const char *kind,
                          int64_t since_ms, int64_t mailing);
bool mailing_next_candidate(struct stmt *stmt, struct mailing_candidate *out, struct err *err);

/* The institutions of a target by name, with how many contacts each has; end with stmt_end. */
struct stmt *mailing_institutions(struct db *db, const struct mailing_target *target);
struct mailing_institution {
  int64_t id;
  const char *name;
  int contacts;
};
bool mailing_next_institution(struct stmt *stmt, struct mailing_institution *out, struct err *err);

/* Whether a reminder of the deadline still has a reason: the round is not closed, the person's institution takes part and has
 * not submitted everything. */
bool mailing_is_owed(struct db *db, const char *round, int64_t person, bool *owed, struct err *err);

/* What became of a mailing's messages, by enum message_state; and how many came back. */
struct mailing_counts {
  int states[5], bounced;
};
bool mailing_count(struct db *db, int64_t id, struct mailing_counts *out, struct err *err);

#endif
