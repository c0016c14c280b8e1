/* The book of events: looking at it, and whether it is whole. */
#ifndef ANKETA_SURVEY_AUDIT_H
#define ANKETA_SURVEY_AUDIT_H

#include "store/event.h"
#include "survey/survey.h"

/* A page of the book, newest first, at most max. ERR_DENIED. */
size_t audit_list(struct db *db, const struct actor *actor, const struct event_filter *filter, size_t max,
                  struct arena *arena, const struct event **out, struct err *err);

/* The kinds of events that there are, by name. ERR_DENIED. */
size_t audit_kinds(struct db *db, const struct actor *actor, struct arena *arena, const char *const **out, struct err *err);

enum audit_fault {
  AUDIT_WHOLE,
  AUDIT_MISSING,  /* the events from `at` up to the next one that is there are gone */
  AUDIT_CHANGED,  /* the event `at` does not fit the one before it: it was changed, moved or put in */
  AUDIT_UNLINKED, /* the event `at` carries no link, though earlier ones do */
  AUDIT_NO_HEAD   /* the link that was kept elsewhere is of none of the events */
};
struct audit_report {
  int64_t count;   /* events that fit */
  int64_t older;   /* of these, from before there were links */
  char head[SECRET_HASH_LEN + 1]; /* the link of the last of them, "" when there is none */
  enum audit_fault fault;
  int64_t at;      /* the event where it stops to fit; with a kept head that was found: the event it is of */
};

/* Walks the whole book in constant memory. kept: a link that was noted elsewhere, NULL. False only on error. For the command
 * line, which asks nobody; so has audit_head(), the report's count and head without looking at the rest. */
bool audit_verify(struct db *db, const char *kept, struct audit_report *out, struct err *err);
bool audit_head(struct db *db, struct audit_report *out, struct err *err);

#endif
