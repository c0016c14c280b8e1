/* What people do, and every rule of who may do what, when.
 *
 * Each function takes the actor (who asks) and refuses with ERR_DENIED, ERR_NOT_FOUND (also for things the actor must
 * not know to exist: another institution's response), ERR_LOCKED (submitted, closed). Reads take a read connection,
 * changes run inside a writer job. Results live in the arena that is passed.
 */
#ifndef ANKETA_SURVEY_SURVEY_H
#define ANKETA_SURVEY_SURVEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "form/form.h"
#include "form/response.h"
#include "form/state.h"
#include "store/db.h"

enum role { ROLE_CONTACT, ROLE_COORDINATOR, ROLE_RESEARCHER, ROLE_EXPERT, ROLE_ADMINISTRATOR };
#define ROLE_COUNT (ROLE_ADMINISTRATOR + 1)

/* Who asks. */
struct actor {
  int64_t person;
  enum role role;
  int64_t institution; /* 0 for staff */
  const char *name;    /* of the person */
  const char *email;
  const char *institution_name; /* "" for staff */
  const char *language;         /* lv, en, ru */
  const char *session_hash;     /* "" on the command line */
};

/* What an action needs; one readable table in rights.c says which role may do it, and whether only at its own
 * institution. */
enum action {
  ACTION_FILL,       /* see and answer a response; staff also where an institution's authority is recorded */
  ACTION_SUBMIT,
  ACTION_TALK,       /* notes and flags about the answers of a response that one may fill */
  ACTION_COLLEAGUES, /* who takes part for the institution, and who does what */
  ACTION_SEE_FIELD,  /* who stands where, reading any response */
  ACTION_FRAME,      /* institutions, contacts and their links, nominations, who takes part */
  ACTION_MAIL,       /* invitations, reminders, the outbox */
  ACTION_STEER,      /* deadlines, reopening, the log of calls, closing */
  ACTION_ON_BEHALF,  /* record an institution's authority, and enter answers with it */
  ACTION_QUERY,      /* ask about an answer, close what was asked */
  ACTION_ANSWER,     /* answer a query about a response that one may fill */
  ACTION_PUBLISH,    /* a corrected questionnaire in a running round */
  ACTION_EXPORT,
  ACTION_ACCOUNTS,   /* accounts of staff, everybody's sessions */
  ACTION_AUDIT,      /* the book of events */
  ACTION_COUNT
};
bool rights_allow(const struct actor *actor, enum action action, int64_t institution);

#endif
