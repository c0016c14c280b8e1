/* The text of a quoted YAML scalar. libfyaml finds where one begins and ends; what it makes of escapes is not used:
 * version 0.7.12 loses the end of a text that holds '''' between single quotes, or a backslash before a line end. */
#ifndef ANKETA_FORM_UNQUOTE_H
#define ANKETA_FORM_UNQUOTE_H

#include <stddef.h>

#include "base/arena.h"

/* source is what stands between the quotes, checked by libfyaml; the result is NUL-terminated, its length in *out_len. */
const char *unquote_single(struct arena *arena, const char *source, size_t len, size_t *out_len);
const char *unquote_double(struct arena *arena, const char *source, size_t len, size_t *out_len);

#endif
