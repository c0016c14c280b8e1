/* Form bodies and query strings: application/x-www-form-urlencoded. */
#ifndef ANKETA_WEB_URLENCODED_H
#define ANKETA_WEB_URLENCODED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "web/server.h"

/* Decodes text in place (text[len] must be NUL) into fields that point into it; the array lives in the arena. Fails
 * with ERR_TOO_LARGE over max fields, ERR_INPUT on a bad escape, a NUL or bad UTF-8. */
bool urlencoded_parse(char *text, size_t len, size_t max, struct arena *arena, const struct field **out, size_t *count,
                      struct err *err);

/* Decodes the escapes of an address's path in place; '+' stays. The same failures. */
bool urlencoded_path(char *path, struct err *err);

/* Adds text so that it may be a value in a query. */
void urlencoded_write(struct buf *out, const char *text);

#endif
