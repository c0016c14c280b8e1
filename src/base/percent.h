/* Percent escapes of addresses and forms. */
#ifndef ANKETA_BASE_PERCENT_H
#define ANKETA_BASE_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Decodes len bytes in place and ends them with a NUL (text[len] must be there to be written). ERR_INPUT for a bad escape
 * and for what has become no UTF-8 or has a NUL. */
bool percent_decode(char *text, size_t len, bool plus_is_space, struct err *err);

/* Adds text so that it may be a value in a query. */
void percent_write(struct buf *out, const char *text);

#endif
