#include "web/urlencoded.h"

#include <string.h>

#include "base/percent.h"

static size_t count_pieces(const char *text, size_t len) {
  size_t pieces = 1;
  for (size_t i = 0; i < len; i++) pieces += text[i] == '&';
  return pieces;
}

bool urlencoded_parse(char *text, size_t len, size_t max, struct arena *arena, const struct field **out, size_t *count,
                      struct err *err) {
  *out = NULL;
  *count = 0;
  if (len == 0) return true;
  size_t pieces = count_pieces(text, len);
  if (pieces > max) return err_set(err, ERR_TOO_LARGE, "%zu fields, expected at most %zu", pieces, max);
  struct field *fields = arena_array(arena, pieces, sizeof *fields);
  size_t found = 0;
  char *end = text + len;
  for (char *at = text; at <= end;) {
    char *stop = memchr(at, '&', (size_t)(end - at));
    if (stop == NULL) stop = end;
    char *equals = memchr(at, '=', (size_t)(stop - at));
    char *name_end = equals != NULL ? equals : stop;
    char *value = equals != NULL ? equals + 1 : stop;
    if (stop > at) {
      if (!percent_decode(value, (size_t)(stop - value), true, err)) return false;
      if (!percent_decode(at, (size_t)(name_end - at), true, err)) return false;
      fields[found++] = (struct field){at, value};
    }
    at = stop + 1;
  }
  *out = fields;
  *count = found;
  return true;
}

bool urlencoded_path(char *path, struct err *err) { return percent_decode(path, strlen(path), false, err); }

void urlencoded_write(struct buf *out, const char *text) { percent_write(out, text); }
