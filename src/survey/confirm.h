/* A code sent by mail confirms that it is the owner of the address who opens a contact's link in a new browser. So a link
 * that was forwarded lets nobody else in. */
#ifndef ANKETA_SURVEY_CONFIRM_H
#define ANKETA_SURVEY_CONFIRM_H

#include "survey/attempt.h"
#include "survey/signin.h"

#define CONFIRM_CODE_MS (15 * INT64_C(60000))
#define CONFIRM_TRIES 5
#define CONFIRM_PAUSE_MS INT64_C(30000) /* a second press within it sends no second code */

enum confirm_fault {
  CONFIRM_GOOD,
  CONFIRM_WRONG,
  CONFIRM_OVER, /* no code was sent to this browser, its time is over, or CONFIRM_TRIES wrong ones were typed */
  CONFIRM_WAIT  /* too many codes were sent or typed: wait_ms */
};

/* Writer. Sends a code to the link's owner, good in this browser alone, in place of an earlier one. ERR_NOT_FOUND: the link
 * is no good, or no code is asked for. */
bool confirm_send(struct db *db, const char *link_token, const struct signin_visit *visit, int64_t *wait_ms, struct err *err);

struct confirm_entry {
  const char *code; /* as typed */
  enum confirm_fault fault;
  int tries_left; /* CONFIRM_WRONG */
  int64_t wait_ms;
  char session[SECRET_TOKEN_LEN + 1];
};
/* Writer. A good code lets the link's owner in and is void; the browser is remembered until links are revoked. */
bool confirm_enter(struct db *db, const char *link_token, const struct signin_visit *visit, struct confirm_entry *entry,
                   struct err *err);

#endif
