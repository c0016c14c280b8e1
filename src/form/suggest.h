/* "Did you mean …?": the known word nearest to a misspelt one. */
#ifndef ANKETA_FORM_SUGGEST_H
#define ANKETA_FORM_SUGGEST_H

#include <stddef.h>

/* A search over words that are offered one by one. Equal but for case wins; else the fewest changes, at most two or a
 * third of the word's length. Words over 64 bytes are not compared. */
struct suggest {
  const char *word;
  const char *nearest; /* borrowed; NULL while nothing is near */
  size_t changes;
};

void suggest_start(struct suggest *suggest, const char *word);
void suggest_offer(struct suggest *suggest, const char *known);

#endif
