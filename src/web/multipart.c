#include "web/multipart.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

#define TYPE "multipart/form-data"
#define BOUNDARY_MAX 70 /* RFC 2046 */

bool multipart_is(const char *content_type) {
  size_t len = strlen(TYPE);
  return content_type != NULL && strncasecmp(content_type, TYPE, len) == 0 && strchr("; \t", content_type[len]) != NULL;
}

/* The value of a parameter of a header, `; name="value"` or `; name=value`, in the arena; NULL when it is not there. A
 * quoted one may have backslashes before quotes. */
static char *find_parameter(const char *header, const char *end, const char *name, struct arena *arena) {
  size_t name_len = strlen(name);
  const char *at = memchr(header, ';', (size_t)(end - header));
  while (at != NULL && at < end) {
    at++;
    while (at < end && (*at == ' ' || *at == '\t')) at++;
    const char *equals = at;
    while (equals < end && *equals != '=' && *equals != ';') equals++;
    if (equals == end || *equals == ';') {
      at = equals;
      continue;
    }
    bool found = (size_t)(equals - at) == name_len && strncasecmp(at, name, name_len) == 0;
    const char *value = equals + 1;
    bool quoted = value < end && *value == '"';
    char *copy = arena_alloc(arena, (size_t)(end - value) + 1);
    size_t len = 0;
    value += quoted;
    while (value < end && *value != (quoted ? '"' : ';')) {
      if (quoted && *value == '\\' && value + 1 < end && (value[1] == '"' || value[1] == '\\')) value++;
      copy[len++] = *value++;
    }
    while (!quoted && len > 0 && (copy[len - 1] == ' ' || copy[len - 1] == '\t')) len--;
    copy[len] = '\0';
    if (found) return copy;
    at = memchr(value, ';', (size_t)(end - value));
  }
  return NULL;
}

/* Browsers write three characters of a name as escapes: quotes and line ends. */
static void unescape(char *text) {
  char *to = text;
  for (const char *from = text; *from != '\0'; from++) {
    char c = *from;
    if (strncasecmp(from, "%22", 3) == 0) c = '"';
    else if (strncasecmp(from, "%0D", 3) == 0) c = '\r';
    else if (strncasecmp(from, "%0A", 3) == 0) c = '\n';
    if (c != *from) from += 2;
    *to++ = c;
  }
  *to = '\0';
}

/* The header's line within a part's head, its end in *end; NULL when it is not there. */
static const char *find_header(const char *head, const char *head_end, const char *name, const char **end) {
  size_t name_len = strlen(name);
  while (head < head_end) {
    const char *line_end = memmem(head, (size_t)(head_end - head), "\r\n", 2);
    if (line_end == NULL) line_end = head_end;
    if ((size_t)(line_end - head) > name_len && strncasecmp(head, name, name_len) == 0 && head[name_len] == ':') {
      *end = line_end;
      return head + name_len + 1;
    }
    head = line_end + 2;
  }
  return NULL;
}

static bool read_head(const char *head, const char *head_end, struct arena *arena, struct multipart_part *part,
                      struct err *err) {
  const char *end, *disposition = find_header(head, head_end, "Content-Disposition", &end);
  char *name = disposition != NULL ? find_parameter(disposition, end, "name", arena) : NULL;
  if (name == NULL) return err_set(err, ERR_INPUT, "a part of the form has no name");
  char *file_name = find_parameter(disposition, end, "filename", arena);
  unescape(name);
  if (file_name != NULL) {
    unescape(file_name);
    for (char *c = file_name; *c != '\0'; c++) {
      if (*c == '/' || *c == '\\') file_name = c + 1;
    }
  }
  bool sound = utf8_check(name, strlen(name), NULL) && (file_name == NULL || utf8_check(file_name, strlen(file_name), NULL));
  part->name = name;
  part->file_name = file_name;
  return sound || err_set(err, ERR_INPUT, "the name of a part is not UTF-8");
}

struct walk {
  const char *at, *end;
  const char *line; /* CRLF, two dashes, the boundary */
  size_t line_len;
};

/* Behind a boundary: *last when it closes the body, else *at is behind its line end. */
static bool pass_boundary(struct walk *walk, bool *last, struct err *err) {
  const char *at = walk->at;
  *last = walk->end - at >= 2 && at[0] == '-' && at[1] == '-';
  if (*last) return true;
  while (at < walk->end && (*at == ' ' || *at == '\t')) at++;
  if (walk->end - at < 2 || at[0] != '\r' || at[1] != '\n') return err_set(err, ERR_INPUT, "a boundary with something behind it");
  walk->at = at + 2;
  return true;
}

static bool read_part(struct walk *walk, struct arena *arena, struct multipart_part *part, struct err *err) {
  size_t left = (size_t)(walk->end - walk->at);
  const char *head_end = memmem(walk->at, left < MULTIPART_HEAD_MAX ? left : MULTIPART_HEAD_MAX, "\r\n\r\n", 4);
  if (head_end == NULL) {
    return err_set(err, left < MULTIPART_HEAD_MAX ? ERR_INPUT : ERR_TOO_LARGE, "a part whose head does not end");
  }
  if (!read_head(walk->at, head_end, arena, part, err)) return false;
  part->bytes = head_end + 4;
  /* The line end of the head may be that of the boundary, too, when the part is empty. */
  const char *from = head_end + 2;
  const char *stop = memmem(from, (size_t)(walk->end - from), walk->line, walk->line_len);
  if (stop == NULL) return err_set(err, ERR_INPUT, "the last part does not end with its boundary");
  part->len = stop > part->bytes ? (size_t)(stop - part->bytes) : 0;
  walk->at = stop + walk->line_len;
  return true;
}

bool multipart_parse(const char *content_type, const char *body, size_t len, size_t max, struct arena *arena,
                     const struct multipart_part **out, size_t *count, struct err *err) {
  const char *boundary = find_parameter(content_type, content_type + strlen(content_type), "boundary", arena);
  size_t cap = 0;
  struct multipart_part *list = NULL;
  *out = NULL;
  *count = 0;
  if (boundary == NULL || boundary[0] == '\0' || strlen(boundary) > BOUNDARY_MAX)
    return err_set(err, ERR_INPUT, "a form with files, but without a boundary");
  const char *line = arena_printf(arena, "\r\n--%s", boundary);
  struct walk walk = {.at = body, .end = body + len, .line = line, .line_len = strlen(line)};
  bool last, at_start = len >= walk.line_len - 2 && memcmp(body, line + 2, walk.line_len - 2) == 0;
  const char *first = at_start ? body : memmem(body, len, line, walk.line_len);
  if (first == NULL) return err_set(err, ERR_INPUT, "a form with files, but its boundary is not there");
  walk.at = first + walk.line_len - (at_start ? 2 : 0);
  for (;;) {
    if (!pass_boundary(&walk, &last, err)) return false;
    if (last) break;
    if (*count == max) return err_set(err, ERR_TOO_LARGE, "a form of more than %zu parts", max);
    if (*count == cap) {
      cap = cap > 0 ? cap * 2 : 16;
      struct multipart_part *more = arena_array(arena, cap, sizeof *more);
      if (*count > 0) memcpy(more, list, *count * sizeof *more);
      list = more;
    }
    if (!read_part(&walk, arena, &list[*count], err)) return false;
    ++*count;
  }
  *out = list;
  return true;
}
