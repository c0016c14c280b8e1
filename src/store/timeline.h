/* Everything that happened with an institution, newest first: what the book of events says of it, its responses and its
 * people, mail, sittings, answers, calls and letters. Each part is a walk along an index that begins at the institution, its
 * responses or its people; the parts are merged for this one institution. */
#ifndef ANKETA_STORE_TIMELINE_H
#define ANKETA_STORE_TIMELINE_H

#include "store/db.h"

/* Also bits, 1 << part, of what is asked for. */
enum timeline_part {
  TIMELINE_EVENT,   /* kind, about (the event's subject), text (its detail) */
  TIMELINE_SIGN_IN, /* an event too */
  TIMELINE_MAIL,    /* kind, about: address, text: subject; number: state as in message, 5 when it came back */
  TIMELINE_SITTING, /* response; number: ms of work, more: sections */
  TIMELINE_ANSWER,  /* response; one changed answer */
  TIMELINE_CONTACT, /* about: with whom, text; number: kind as in contact_log, more: 1 incoming */
  TIMELINE_PARTS
};

struct timeline_row {
  int64_t at_ms;
  enum timeline_part part;
  const char *kind, *about, *text; /* "" */
  int64_t response, number, more;
  const char *who; /* name of the person who did it, "" for the program */
};

/* What happened before a moment, in a round: responses, calls and letters of others are left out. End with stmt_end. */
struct stmt *timeline_list(struct db *db, int64_t institution, const char *round, unsigned parts, int64_t before_ms);
bool timeline_next(struct stmt *stmt, struct timeline_row *out, struct err *err); /* strings until the next call */

/* The last call or letter, 0 when there was none (or on error: err set). */
int64_t timeline_last_contact(struct db *db, int64_t institution, const char *round, struct err *err);

#endif
