/* The book of what happened: sign-ins, submissions, exports, changes of people. Only ever added to. */
#ifndef ANKETA_STORE_EVENT_H
#define ANKETA_STORE_EVENT_H

#include "store/db.h"

/* person 0: the command line. subject names one thing and its id: "response 17"; detail may be "". */
bool event_add(struct db *db, int64_t person, const char *kind, const char *subject, const char *detail,
               struct err *err);

/* The same about a response. */
bool event_add_response(struct db *db, int64_t person, const char *kind, int64_t response, const char *detail,
                        struct err *err);

#endif
