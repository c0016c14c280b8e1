#include "survey/line.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

/* Unicode's controls, line ends and marks of direction: what could make a name look like another one. */
static bool is_unseen(unsigned c) {
  return c < ' ' || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

const char *line_clean(const char *text, size_t max, struct arena *arena) {
  static const char white[] = " \t\r\n";
  size_t start = strspn(text, white), len = strlen(text + start), at = 0;
  while (len > 0 && strchr(white, text[start + len - 1]) != NULL) len--;
  const char *line = arena_copy_len(arena, text + start, len);
  if (len == 0 || !utf8_check(line, len, NULL) || utf8_count(line, len) > max) return NULL;
  while (at < len) {
    if (is_unseen(utf8_next(line, len, &at))) return NULL;
  }
  return line;
}
