#include "survey/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "form/typed.h"

#define BLANK " \t\r\n"

bool text_is_language(const char *code) {
  return strcmp(code, "lv") == 0 || strcmp(code, "en") == 0 || strcmp(code, "ru") == 0;
}

static bool is_control(const unsigned char *c) {
  return (*c < ' ' && *c != '\n' && *c != '\r' && *c != '\t') || *c == 0x7F || (*c == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0);
}

const char *text_without_controls(const char *text, struct arena *arena) {
  const unsigned char *from = (const unsigned char *)text;
  while (*from != '\0' && !is_control(from)) from++;
  if (*from == '\0') return text;
  char *copy = arena_copy(arena, text), *to = copy;
  for (from = (const unsigned char *)text; *from != '\0'; from++) {
    if (!is_control(from)) *to++ = (char)*from;
    else if (*from == '\v' || *from == '\f') *to++ = '\n';
    else if (*from == 0xC2) from++;
  }
  *to = '\0';
  return copy;
}

/* NULL when what is between the blanks is not good. */
static char *trim(const char *text, size_t max, struct arena *arena) {
  text += strspn(text, BLANK);
  size_t len = strlen(text);
  while (len > 0 && strchr(BLANK, text[len - 1]) != NULL) len--;
  if (!utf8_check(text, len, NULL) || utf8_count(text, len) > max) return NULL;
  return arena_copy_len(arena, text, len);
}

/* Unicode's controls, line ends and marks of direction: what could make a name look like another one. */
static bool is_unseen(unsigned c) {
  return c < ' ' || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x34F || c == 0x61C || c == 0x115F || c == 0x1160 ||
         c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) ||
         c == 0x3164 || c == 0xFEFF || c == 0xFFA0 || (c >= 0xE0000 && c <= 0xE007F);
}

/* White space of any width, and marks that stand on a letter only. */
static bool is_nothing_alone(unsigned c) {
  return c == ' ' || c == 0xA0 || (c >= 0x300 && c <= 0x36F) || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

const char *text_line(const char *text, size_t max, struct arena *arena) {
  const char *line = trim(text, max, arena);
  size_t len = line != NULL ? strlen(line) : 0, at = 0;
  bool shows = false;
  while (at < len) {
    unsigned c = utf8_next(line, len, &at);
    if (is_unseen(c)) return NULL;
    shows = shows || !is_nothing_alone(c);
  }
  return shows || line == NULL ? line : "";
}

const char *text_lines(const char *text, size_t max, struct arena *arena) {
  char *unix_ends = arena_copy(arena, text_without_controls(text, arena)), *to = unix_ends;
  for (const char *from = unix_ends; *from != '\0'; from++) {
    if (*from != '\r') *to++ = *from;
    else if (from[1] != '\n') *to++ = '\n';
  }
  *to = '\0';
  return trim(unix_ends, max, arena);
}

bool text_day(const char *text, struct arena *arena, int *day) {
  const struct form_question question = {.type = QUESTION_DATE};
  struct value value;
  if (typed_parse(&question, &text, 1, NULL, arena, &value) != TYPED_OK || value.kind != VALUE_DATE) return false;
  *day = (int)value.number;
  return true;
}

/* Two figures at most; -1 when there are none or more. */
static int read_figures(const char **text) {
  size_t len = strspn(*text, "0123456789");
  if (len < 1 || len > 2) return -1;
  int number = (int)strtol(*text, NULL, 10);
  *text += len;
  return number;
}

bool text_minute(const char *text, int *minute) {
  text += strspn(text, " ");
  int hour = read_figures(&text), minutes = 0;
  if (hour >= 0 && (*text == '.' || *text == ':')) {
    text++;
    if (strspn(text, "0123456789") != 2) return false;
    minutes = read_figures(&text);
  }
  text += strspn(text, " ");
  *minute = hour * 60 + minutes;
  return hour >= 0 && hour < 24 && minutes >= 0 && minutes < 60 && *text == '\0';
}
