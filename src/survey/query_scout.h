/* Looks for what to ask, and keeps what the rules find as suggestions: when somebody presses the button, and by itself after
 * each submission. Reading is done over a connection of the caller's, in the caller's thread; the writer gets a small job for
 * each response, so nobody who saves waits for it. */
#ifndef ANKETA_SURVEY_QUERY_SCOUT_H
#define ANKETA_SURVEY_QUERY_SCOUT_H

#include "store/writer.h"
#include "survey/survey.h"

/* All responses of a round; *added: how many suggestions are new. Tells the book of events. ERR_DENIED for who may not ask,
 * ERR_NOT_FOUND when there is no such round. */
bool query_scout_round(struct db *db, struct writer *writer, const struct actor *actor, const char *round, int *added,
                       struct err *err);

/* The responses that were submitted since the last call, whoever submitted them how; the first call only marks the place.
 * Where it is, is kept in the store, so that a server that was down misses nothing. */
bool query_scout_submitted(struct db *db, struct writer *writer, int *added, struct err *err);

/* The same every few seconds, in a thread with a connection of its own; NULL with err. Stop it before the writer; NULL is
 * fine. */
struct query_scout;
struct query_scout *query_scout_start(const char *folder, struct writer *writer, struct err *err);
void query_scout_stop(struct query_scout *scout);

#endif
