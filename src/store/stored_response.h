/* Responses as rows of the store: whose they are, where they stand. Their answers are answer.h's. */
#ifndef ANKETA_STORE_STORED_RESPONSE_H
#define ANKETA_STORE_STORED_RESPONSE_H

#include "store/db.h"
#include "store/round.h"

struct stored_response {
  int64_t id;
  const char *round, *questionnaire;
  int64_t version_id;
  const char *hash; /* of the questionnaire's version */
  enum round_filler filled_by;
  int status; /* enum response_status of survey/work.h: 0 new, 1 started, 2 submitted, 3 reopened, 4 partial */
  int disposition; /* see survey/disposition.h */
  int64_t revision;
  int required, answered;
  bool complete;  /* nothing stands in the way of submitting */
  bool closed;    /* the round is */
  int64_t deadline_ms, changed_ms, submitted_ms; /* deadline: the institution's own, if it has one */
  const char *submitted_by; /* name, "" */
  const char *receipt;      /* "" */
  int64_t institution;
  const char *institution_name;
  int64_t talk;             /* grows with every note, flag, assignment and rival */
  bool responsible_submits; /* the round's rule */
  int64_t responsible;      /* the contact who answers for it, 0 when nobody was named (or is a contact no more) */
  const char *responsible_name; /* "" */
  const char *previous;     /* round, "" */
  bool take_over;
  int64_t idle_ms;          /* the round's limit of time without activity */
  int64_t active_ms;        /* time spent in all */
  int64_t prior;            /* the institution's response in the previous round, 0 when there is none */
  int prior_status;
  int64_t prior_revision, prior_deadline_ms;
};

/* One; *stmt must be ended and owns the strings. False when there is none (or on error: err set). */
bool stored_response_find(struct db *db, int64_t id, struct stmt **stmt, struct stored_response *out, struct err *err);

/* The id of an institution's response; 0 when there is none (or on error: err set). */
int64_t stored_response_id(struct db *db, const char *round, const char *questionnaire, int64_t institution,
                           struct err *err);

/* Those of an institution that its contacts fill; those of all that experts fill; all of an institution in a round.
 * In the order of rounds (latest first)
 * and their questionnaires. End with stmt_end. */
struct stmt *stored_response_of_institution(struct db *db, int64_t institution);
struct stmt *stored_response_of_experts(struct db *db);
struct stmt *stored_response_in_round(struct db *db, const char *round, int64_t institution);
bool stored_response_next(struct stmt *stmt, struct stored_response *out, struct err *err); /* until the next call */

/* Writer. Opens an institution's response; when it is there and nobody has begun it, it gets the version. required: how
 * many questions an empty response must have answered. */
struct response_opening {
  const char *round, *questionnaire;
  int64_t institution, version_id;
  int required;
  const char *sort_key; /* the institution's */
};
bool stored_response_open(struct db *db, const struct response_opening *opening, struct err *err);

/* Writer. Something changed now: what follows from the answers as given, the revision one higher. */
struct response_progress {
  int status, required, answered;
  bool complete;
};
bool stored_response_change(struct db *db, int64_t id, const struct response_progress *progress, struct err *err);

/* Writer. Colleagues said or settled something about it: a note, a flag, an assignment. The revision stays. */
bool stored_response_talk(struct db *db, int64_t id, struct err *err);
/* The same for all in which the person was given a section. */
bool stored_response_talk_assigned(struct db *db, int64_t person, struct err *err);

/* Writer. Submitted now. */
bool stored_response_submit(struct db *db, int64_t id, int64_t person, const char *receipt, struct err *err);

/* Writer. A person is called otherwise now: pages that were kept with the old name, of the institution's responses and of
 * all that the person has answered, are not shown any more. */
bool stored_response_rename(struct db *db, int64_t person, int64_t institution, struct err *err);

#endif
