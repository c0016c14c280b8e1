#include "survey/password.h"

#include <stdbool.h>
#include <string.h>

#include "base/asset.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "survey/collate.h"

#define COMMON_ASSET "src/survey/passwords.txt"
#define UNIT_MIN 4    /* repeating fewer characters is no password ... */
#define UNIT_FROM 6   /* ... where it makes at least so many */
#define LETTERS_MIN 4 /* that must be left without the person's words */
#define WORD_MIN 3    /* shorter parts of a name or an address may stand in anything */

/* A line of the list. */
static bool is_common(const char *text, size_t len) {
  const struct asset *list = asset_find(COMMON_ASSET);
  const char *at = list != NULL ? list->data : "";
  while (*at != '\0') {
    size_t line = strcspn(at, "\n");
    if (line == len && memcmp(at, text, len) == 0) return true;
    at += line + (at[line] == '\n');
  }
  return false;
}

/* The shortest piece that gives the text when it is repeated; the last time may be cut. */
static size_t find_unit(const char *text, size_t len) {
  size_t unit = 1;
  while (unit < len && memcmp(text, text + unit, len - unit) != 0) unit++;
  return unit;
}

/* Once or again and again. */
static bool is_common_unit(const char *text, size_t len) {
  size_t unit = find_unit(text, len);
  return (unit < UNIT_MIN && len >= UNIT_FROM) || is_common(text, unit) || is_common(text, len);
}

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80; }

/* Each figure one more, or each one less, than the one before. */
static bool is_run(const char *text, size_t len) {
  bool up = true, down = true;
  for (size_t i = 0; i < len; i++) {
    if (text[i] < '0' || text[i] > '9') return false;
    if (i == 0) continue;
    up = up && text[i] == (text[i - 1] == '9' ? '0' : text[i - 1] + 1);
    down = down && text[i] == (text[i - 1] == '0' ? '9' : text[i - 1] - 1);
  }
  return up || down;
}

static bool is_weak(const char *folded) {
  size_t len = strlen(folded), start = 0;
  if (is_run(folded, len) || is_common_unit(folded, len)) return true;
  while (len > 0 && !is_letter(folded[len - 1])) len--;
  if (len > 0 && is_common_unit(folded, len)) return true;
  while (start < len && !is_letter(folded[start])) start++;
  return start > 0 && start < len && is_common_unit(folded + start, len - start);
}

/* Takes every place where the word stands out of the text. */
static void take_out(char *text, const char *word, size_t len) {
  char *at = text, *to = text;
  while (*at != '\0') {
    if (strncmp(at, word, len) == 0) at += len;
    else *to++ = *at++;
  }
  *to = '\0';
}

/* The same for each word of a text, as it is parted by anything but letters and figures. */
static void take_out_words(char *text, const char *words, struct arena *arena) {
  struct buf folded = {0};
  collate_fold(words, &folded);
  const char *at = arena_copy(arena, buf_text(&folded));
  buf_free(&folded);
  while (*at != '\0') {
    size_t len = 0;
    while (is_letter(at[len]) || (at[len] >= '0' && at[len] <= '9')) len++;
    if (len >= WORD_MIN) take_out(text, at, len);
    at += len > 0 ? len : 1;
  }
}

enum password_fault password_check(const char *password, const char *name, const char *email, struct arena *arena) {
  size_t len = strlen(password);
  if (!utf8_check(password, len, NULL) || utf8_count(password, len) > PASSWORD_MAX) return PASSWORD_LONG;
  if (utf8_count(password, len) < PASSWORD_MIN) return PASSWORD_SHORT;
  struct buf folded = {0};
  collate_fold(password, &folded);
  char *text = arena_copy(arena, buf_text(&folded));
  buf_free(&folded);
  if (is_weak(text)) return PASSWORD_COMMON;
  size_t whole = strlen(text), letters = 0;
  take_out_words(text, name, arena);
  take_out_words(text, email, arena);
  take_out_words(text, "anketa", arena);
  for (const char *c = text; *c != '\0'; c++) letters += is_letter(*c);
  return strlen(text) < whole && letters < LETTERS_MIN ? PASSWORD_PERSONAL : PASSWORD_GOOD;
}
