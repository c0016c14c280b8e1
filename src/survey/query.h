/* Questions about answers, as those who collect them control what comes in: a coordinator asks the institution about one
 * answer, its contacts (experts, of what experts fill in) answer in words or correct the answer, the coordinator asks again
 * or closes it. What a rule finds (survey/query_rules.h) is a suggestion to the coordinator: institutions know nothing of it
 * until it is sent.
 *
 *   suggested → open (sent) or dismissed;   open → answered → closed;   answered, closed → open (asked again)
 *
 * Correcting the answer is an answer too. Words can be said also when the response is submitted or the round closed;
 * correcting it needs reopening then. Each change makes response.talk grow, as kept pages depend on it. */
#ifndef ANKETA_SURVEY_QUERY_H
#define ANKETA_SURVEY_QUERY_H

#include "store/stored_query.h"
#include "survey/work.h"

#define QUERY_TEXT_MAX 2000 /* characters */

/* "suggested", "open", …; "person", "check", "outlier", "change": also the last part of message keys. */
const char *query_state_name(enum query_state state);
const char *query_origin_name(enum query_origin origin);

struct query_said {
  const char *person, *text;
  bool staff; /* by those who asked */
  int64_t created_ms;
};

struct query {
  int64_t id;
  enum query_state state;
  enum query_origin origin;
  const char *text;
  const char *person; /* who asked, "" */
  int64_t created_ms;
  const char *closed_by; /* "" */
  int64_t closed_ms;
  const struct query_said *said; /* the oldest first */
  size_t said_count;
  const char *question, *row; /* ids */
  int question_index, row_index; /* question -1: not in the questionnaire any more; row -2: removed */
  const char *row_label;         /* also of a row that was removed; "" outside rosters */
  bool applies;                  /* the place is there and the question is asked at present */
  int version;                   /* of the answer it is about */
  bool corrected;                /* the answer is another one now */
  const char *was, *now;         /* as a person reads them, "" when there was none; now also when it is not corrected */
};

/* Those of an open response that the actor may see, the oldest first: of one place, or all with question "". */
size_t query_list(struct db *db, const struct actor *actor, const struct work *work, const char *question, const char *row,
                  struct arena *arena, const struct query **out, struct err *err);

/* May the actor ask about it, answer what was asked? */
bool query_may_ask(const struct actor *actor, const struct work *work);
bool query_may_answer(const struct actor *actor, const struct work *work);

/* All that follows, until the list: writer, of one transaction. ERR_NOT_FOUND: no such place or query, or none for the actor;
 * ERR_DENIED; ERR_INPUT: not a text of 1 to QUERY_TEXT_MAX characters; ERR_LOCKED: too late, somebody closed, sent or
 * dismissed it; ERR_CONFLICT: something was said since the actor read it (`seen` messages; -1: not looked at). The same again,
 * as a second press of a button sends it, changes nothing. */

bool query_ask(struct db *db, const struct actor *actor, int64_t response, const char *question, const char *row,
               const char *text, struct err *err);
/* A suggestion, with the text as the coordinator left it. */
bool query_send(struct db *db, const struct actor *actor, int64_t response, int64_t id, const char *text, struct err *err);
/* A reason may be "". */
bool query_dismiss(struct db *db, const struct actor *actor, int64_t response, int64_t id, const char *reason,
                   struct err *err);
bool query_answer(struct db *db, const struct actor *actor, int64_t response, int64_t id, const char *text,
                  struct err *err);
/* Asks again; about the answer as it is now. */
bool query_reply(struct db *db, const struct actor *actor, int64_t response, int64_t id, const char *text, struct err *err);
bool query_close(struct db *db, const struct actor *actor, int64_t response, int64_t id, int seen, struct err *err);

/* Closes several, whatever response they are about; suggestions are dismissed. done: how many are closed now; late: how many
 * are not, since something was said meanwhile. Unknown ones are passed over. */
struct query_choice {
  int64_t id;
  int seen;
};
bool query_close_several(struct db *db, const struct actor *actor, const struct query_choice *choices, size_t count,
                         int *done, int *late, struct err *err);

/* Suggestions of the rules about one response, in place of those before: what holds no more and was not sent is withdrawn.
 * Nothing is suggested about an answer that has changed since it was judged, nor while a question of the same origin waits at
 * its place, nor twice with the same reason. *added: how many are new. */
struct query_finding {
  const char *question, *row;
  int version; /* of the answer */
  enum query_origin origin;
  const char *reason, *text;
};
bool query_suggest(struct db *db, const struct actor *actor, int64_t response, const struct query_finding *findings,
                   size_t count, int *added, struct err *err);

/* One line of the coordinators' list. */
struct query_line {
  struct stored_query query; /* strings live in the arena */
  const struct form *form;
  int question; /* -1: not in the questionnaire any more */
  const char *row_label;
  bool row_removed;
};
/* A page of the list, and the counts of all states (NULL: not wanted). ERR_DENIED for who may not ask. find_name of the filter is filled in. */
size_t query_page(struct db *db, const struct actor *actor, struct stored_query_filter *filter, struct arena *arena,
                  const struct query_line **out, int counts[QUERY_STATES], struct err *err);

/* How many of a round wait for an answer, and how many answers for a coordinator; closing the round leaves them as they are.
 * ERR_DENIED for who may not see the field. */
bool query_count_waiting(struct db *db, const struct actor *actor, const char *round, int *open, int *answered,
                         struct err *err);

#endif
