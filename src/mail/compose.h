/* One message as it travels: headers and a plain text body in UTF-8 (RFC 5322, 2045, 2047, 3834), lines ended by CR LF.
 *
 * It is our own and not libcurl's MIME interface, because that encodes no words in headers and is only to be read in the
 * course of a transfer, while a message for the outbox folder must be the same without any.
 */
#ifndef ANKETA_MAIL_COMPOSE_H
#define ANKETA_MAIL_COMPOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct letter {
  const char *message_id;       /* without the angle brackets */
  const char *from, *from_name; /* a name may be "" */
  const char *to, *to_name;
  const char *reply_to; /* "": to who sent it */
  const char *subject, *language, *body;
  const char *unsubscribe; /* an address of the web where one POST ends such mail (RFC 8058); NULL: none */
  int64_t date_ms;
  bool readable; /* for a file that people look into: the body as it is, as far as that is allowed */
};

/* Adds the message to out. Control characters in texts become spaces, so no header can be smuggled in. ERR_INPUT when an
 * address is none. */
bool compose(const struct letter *letter, struct buf *out, struct err *err);

/* Whether a mail server can be given it as an address. */
bool compose_is_address(const char *text);

#endif
