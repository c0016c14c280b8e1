/* A connection to a mail server (libcurl, which smtp.c alone knows). It is made with the first message and kept for the
 * next. Used by one thread. */
#ifndef ANKETA_MAIL_SMTP_H
#define ANKETA_MAIL_SMTP_H

#include <stdatomic.h>

#include "base/buf.h"
#include "mail/settings.h"

enum smtp_result {
  SMTP_SENT,
  SMTP_LATER,     /* the server did not take this message now, or was lost while it did */
  SMTP_REFUSED,   /* it will never take it (a reply of 5xx) */
  SMTP_NO_SERVER, /* no connection, no trust, no sign-in: nothing to do with this message */
  SMTP_STOPPED    /* stop was set before the server had taken it */
};

struct smtp;

/* The settings must outlive it, and stop too: when that becomes true, sending ends within two seconds. NULL: it never
 * does. */
struct smtp *smtp_new(const struct mail_settings *settings, const atomic_bool *stop);

/* Hands one message over. words gets what the server said last, or what went wrong, one line. */
enum smtp_result smtp_send(struct smtp *smtp, const char *to, const struct buf *message, struct buf *words);

void smtp_free(struct smtp *smtp);

#endif
