/* Form bodies with files: multipart/form-data (RFC 7578). Knows where the parts are, not what becomes of them. */
#ifndef ANKETA_WEB_MULTIPART_H
#define ANKETA_WEB_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

#define MULTIPART_HEAD_MAX 4096 /* bytes of a part's headers */

struct multipart_part {
  const char *name;      /* of the field */
  const char *file_name; /* without a folder, "" also when none was chosen; NULL: not a file */
  const char *bytes;     /* within the body */
  size_t len;
};

/* Whether a Content-Type header (NULL: none) says that the body is one. */
bool multipart_is(const char *content_type);

/* Takes the body apart; the list and its names live in the arena. ERR_INPUT: no or a bad boundary, a part without a name,
 * a body that does not end; ERR_TOO_LARGE: more than max parts or too long a head. */
bool multipart_parse(const char *content_type, const char *body, size_t len, size_t max, struct arena *arena,
                     const struct multipart_part **out, size_t *count, struct err *err);

#endif
