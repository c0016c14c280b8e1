/* Mail without a server: each message becomes a file in DATA/outbox/, NNNNNN-kind-address.eml, to be looked at or handed
 * to another program. Sending a message once more replaces its file. */
#ifndef ANKETA_MAIL_OUTBOX_H
#define ANKETA_MAIL_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* The file is complete and on disk when this returns true; its path is added to where. */
bool outbox_write(const char *folder, int64_t id, const char *kind, const char *address, const struct buf *message,
                  struct buf *where, struct err *err);

#endif
