/* The book of what happened: sign-ins, submissions, exports, changes of people. Only ever added to.
 *
 * Each event carries a link: a hash over the link of the event before it and all of its own fields. Who changes, removes,
 * inserts or reorders events breaks the chain at that place, unless all that follows is computed anew; and that, like a
 * cut-off end, shows against a link that was kept elsewhere. Events of older programs carry none; their links are computed
 * as if they did, so the first event that carries one covers them too. */
#ifndef ANKETA_STORE_EVENT_H
#define ANKETA_STORE_EVENT_H

#include "base/secret.h"
#include "store/db.h"

/* Writer. person 0: the command line. subject names one thing and its id: "response 17"; detail may be "". */
bool event_add(struct db *db, int64_t person, const char *kind, const char *subject, const char *detail,
               struct err *err);

/* The same about a response. */
bool event_add_response(struct db *db, int64_t person, const char *kind, int64_t response, const char *detail,
                        struct err *err);

struct event {
  int64_t id; /* from 1, without gaps */
  int64_t happened_ms;
  int64_t person;          /* 0: the command line */
  const char *person_name; /* ""; event_list only */
  const char *kind, *subject, *detail;
  const char *subject_name; /* of a person that it is about, also one who was removed; ""; survey/audit.h only */
  const char *chain; /* the link, "" of an older program's event */
};

/* The link of an event behind the one whose link is `before` ("" for the first); event->chain is not read. */
void event_link(const char *before, const struct event *event, char out[SECRET_HASH_LEN + 1]);

/* Id and link of the last event; 0 and "" when there is none. */
bool event_head(struct db *db, int64_t *id, char link[SECRET_HASH_LEN + 1], struct err *err);

/* What is listed: 0 or "" does not limit. */
struct event_filter {
  int64_t person;            /* by this person, or about them */
  const char *kind;
  int64_t since_ms, until_ms; /* until_ms itself is left out */
  int64_t before;             /* ids under it */
};

/* Newest first; end with stmt_end. The filter's texts must stay until then. */
struct stmt *event_list(struct db *db, const struct event_filter *filter);
/* All, oldest first, without names. */
struct stmt *event_walk(struct db *db);
bool event_next(struct stmt *stmt, struct event *out, struct err *err); /* strings until the next call */

/* The kinds that there are, by name; end with stmt_end. NULL after the last one (or on error: err set). */
struct stmt *event_kinds(struct db *db);
const char *event_next_kind(struct stmt *stmt, struct err *err);

#endif
