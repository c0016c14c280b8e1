/* Questions about answers: a coordinator's to an institution, and those that a rule suggests to a coordinator; with what was
 * said about each. What a state means and who may change it is survey/query.h's business. */
#ifndef ANKETA_STORE_STORED_QUERY_H
#define ANKETA_STORE_STORED_QUERY_H

#include "store/db.h"

enum query_state { QUERY_SUGGESTED, QUERY_OPEN, QUERY_ANSWERED, QUERY_CLOSED, QUERY_DISMISSED, QUERY_STATES };

enum query_origin { QUERY_BY_PERSON, QUERY_SOFT_CHECK, QUERY_OUTLIER, QUERY_CHANGE, QUERY_ORIGINS };

struct stored_query {
  int64_t id, response;
  const char *question, *row; /* ids; row "" outside rosters */
  int version;                /* of the answer it is about, 0: there was none */
  enum query_origin origin;
  const char *reason, *text;
  enum query_state state;
  const char *person; /* name of who asked, "" */
  int64_t created_ms, changed_ms;
  const char *closed_by; /* name, "" */
  int64_t closed_ms;
  int messages; /* how many were said about it */
  const char *round, *questionnaire; /* of the response */
  int64_t version_id, institution;
  const char *institution_name;
};

/* One; *stmt must be ended and owns the strings. False when there is none (or on error: err set). */
bool stored_query_find(struct db *db, int64_t id, struct stmt **stmt, struct stored_query *out, struct err *err);

/* Those of a response, of a place ("" for all of the response), the oldest first; end with stmt_end. */
struct stmt *stored_query_list(struct db *db, int64_t response, const char *question, const char *row);
bool stored_query_next(struct stmt *stmt, struct stored_query *out, struct err *err); /* strings until the next call */

/* Pages of a list, those that changed last first. "" and 0 stand for any. */
struct stored_query_filter {
  const char *round, *questionnaire, *question;
  int64_t institution;
  int state, origin;      /* -1: any */
  int64_t changed_before_ms;
  const char *find;       /* part of the text */
  const char *find_name;  /* part of the institution's search text */
  int offset, limit;
};
struct stmt *stored_query_page(struct db *db, const struct stored_query_filter *filter);
/* How many there are in each state, whatever the filter's state. */
bool stored_query_count(struct db *db, const struct stored_query_filter *filter, int out[QUERY_STATES], struct err *err);

/* How many there are for each place and state of a response; end with stmt_end. */
struct stored_query_mark {
  const char *question, *row;
  enum query_state state;
  int count;
};
struct stmt *stored_query_marks(struct db *db, int64_t response);
bool stored_query_next_mark(struct stmt *stmt, struct stored_query_mark *out, struct err *err);

/* Responses that were submitted since the place that was kept, at most max of them. before: that place, an event's id, -1 when
 * none was kept: then only the newest event is looked up. last: the place to keep when they have been looked at. */
bool stored_query_submissions(struct db *db, int64_t *responses, size_t max, size_t *count, int64_t *before, int64_t *last,
                              struct err *err);
bool stored_query_set_place(struct db *db, int64_t event, struct err *err); /* writer */

/* Open ones by response: of an institution's contacts, or of what experts fill in (institution 0). End with stmt_end. */
struct stored_query_open {
  int64_t response;
  int count;
  const char *question, *row; /* of the first */
};
struct stmt *stored_query_open(struct db *db, int64_t institution);
bool stored_query_next_open(struct stmt *stmt, struct stored_query_open *out, struct err *err);

/* Writer, all that follows. The new one's id, 0 with err; with an origin that is known already (response, place, origin and
 * reason) it is not added: 0 without err. person 0: nobody. Only response, question, row, version, origin, reason, text and
 * state are read. */
int64_t stored_query_add(struct db *db, const struct stored_query *query, int64_t person, struct err *err);
/* Asks what was suggested. */
bool stored_query_send(struct db *db, int64_t id, const char *text, int version, int64_t person, struct err *err);
/* Closed and dismissed ones remember who did it when. */
bool stored_query_set_state(struct db *db, int64_t id, enum query_state state, int64_t person, struct err *err);
/* Asks again, about this version of the answer. */
bool stored_query_reopen(struct db *db, int64_t id, int version, struct err *err);
/* What waits for an answer to a place whose answer is another one now is answered. */
bool stored_query_note_corrected(struct db *db, int64_t response, struct err *err);
/* A suggestion that does not hold any more. */
bool stored_query_withdraw(struct db *db, int64_t id, struct err *err);
/* Says something about it. */
bool stored_query_say(struct db *db, int64_t id, int64_t person, const char *text, struct err *err);

/* What was said, the oldest first; end with stmt_end. */
struct query_message {
  int number;
  int64_t person;
  const char *person_name, *text;
  int role; /* of the person, enum role */
  int64_t created_ms;
};
struct stmt *query_message_list(struct db *db, int64_t query);
bool query_message_next(struct stmt *stmt, struct query_message *out, struct err *err); /* strings until the next call */

#endif
