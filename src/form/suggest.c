#include "form/suggest.h"

#include <string.h>
#include <strings.h>

#define WORD_MAX 64

void suggest_start(struct suggest *suggest, const char *word) {
  size_t len = strlen(word), most = len / 3 > 2 ? len / 3 : 2;
  if (len <= 3) most = 1; /* of three letters, two are another word */
  *suggest = (struct suggest){.word = word, .changes = most + 1};
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Levenshtein's distance, two neighbours swapped counting as one change. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len) {
  size_t rows[3][WORD_MAX + 1];
  size_t *before = rows[0], *above = rows[1], *row = rows[2];
  for (size_t j = 0; j <= b_len; j++) above[j] = j;
  for (size_t i = 1; i <= a_len; i++) {
    row[0] = i;
    for (size_t j = 1; j <= b_len; j++) {
      size_t change = above[j - 1] + (a[i - 1] != b[j - 1]);
      row[j] = least(change, least(above[j], row[j - 1]) + 1);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = least(row[j], before[j - 2] + 1);
    }
    size_t *spare = before;
    before = above;
    above = row;
    row = spare;
  }
  return above[b_len];
}

void suggest_offer(struct suggest *suggest, const char *known) {
  size_t len = strlen(suggest->word), known_len = strlen(known);
  if (len > WORD_MAX || known_len > WORD_MAX) return;
  if (len + suggest->changes <= known_len || known_len + suggest->changes <= len) return;
  size_t changes = strcasecmp(suggest->word, known) == 0 ? 0 : distance(suggest->word, len, known, known_len);
  if (changes >= suggest->changes) return;
  suggest->changes = changes;
  suggest->nearest = known;
}
