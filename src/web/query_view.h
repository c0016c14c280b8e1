/* What coordinators ask about answers, as pages show it: the exchange with its forms, and the mark beside an answer. */
#ifndef ANKETA_WEB_QUERY_VIEW_H
#define ANKETA_WEB_QUERY_VIEW_H

#include "survey/query.h"
#include "web/server.h"

/* What was typed and could not be taken. */
struct query_refusal {
  int64_t id; /* of the query, 0: a new one */
  const char *text, *reason;
  const char *wrong; /* why, in words */
};

/* Sets query_list (partial query_list), asks and answers (what the actor may do), and what the form of a new question needs;
 * question "": of the whole response, with the place of each. from: the page that the forms come back to, "question" or
 * "list". refusal may be NULL. False with err. */
bool query_list_view(struct request *request, struct view *view, const struct work *work, const char *question,
                     const char *row, const char *from, const struct query_refusal *refusal, struct err *err);

/* The state that the mark beside an answer tells the actor, the most pressing one; -1: none. */
int query_mark_state(const struct actor *actor, const struct work *work, const struct work_talk *talk);

/* The words of a mark; of -1, the invitation to ask, "" for who may not. */
const char *query_mark_text(struct request *request, const struct work *work, int state);

#endif
