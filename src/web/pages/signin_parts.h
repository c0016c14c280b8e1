/* What the pages of signing in share: signin.c (links, codes), setup.c (accounts of staff), password.c. */
#ifndef ANKETA_WEB_PAGES_SIGNIN_PARTS_H
#define ANKETA_WEB_PAGES_SIGNIN_PARTS_H

#include "survey/credential.h"
#include "survey/password.h"
#include "web/pages/pages.h"

#define SESSION_COOKIE_S (30 * 24 * 3600)

/* The owner of the link in params[0], and what they do next; NULL when it has replied. */
const struct actor *link_owner(struct request *request, struct signin_visit *visit, enum signin_step *step);
/* Counts the guess and replies. */
void link_is_bad(struct request *request);

/* "/sign-in?next=…" */
const char *signin_address(struct request *request, const char *path, const char *next);

/* Somebody is in: sets the cookie and leads to next, without one to where they worked last (link: theirs, NULL), or home. */
void signin_reply(struct request *request, const char *session, const char *link, const char *next);

/* The page that a password is chosen on. differs: it was typed in two ways. */
void setup_show(struct request *request, int status, const struct actor *owner, enum password_fault fault, bool differs);
/* The message of what is wrong with a chosen password, "" for nothing. */
const char *password_fault_words(struct request *request, enum password_fault fault, bool differs);
/* The page that shows recovery codes once. next: where the button leads. */
void codes_show(struct request *request, const struct credential_codes *codes, const char *next);

/* A new password as typed, in normal form. */
const char *password_field(struct request *request, const char *name);

/* The ticket between two steps, in a cookie. */
const char *ticket_read(struct request *request);
void ticket_write(struct request *request, const char *ticket); /* "": none any more */

#endif
