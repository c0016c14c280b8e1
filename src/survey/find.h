/* Searching a questionnaire by words: its questions, their options and hints, the titles of its sections. Case and
 * diacritics do not count, nor does the order of the words. Knows nothing of answers. */
#ifndef ANKETA_SURVEY_FIND_H
#define ANKETA_SURVEY_FIND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "form/form.h"

#define FIND_CHARACTERS_MAX 200 /* of what is searched for */

struct find_query {
  const char *whole;        /* folded */
  const char *const *words; /* folded, each once */
  size_t word_count;        /* 0: nothing to search by */
};

/* text is well-formed UTF-8; lives in the arena. */
struct find_query find_parse(const char *text, struct arena *arena);

struct find_result {
  int section;
  int question;     /* -1: the section itself, by its title */
  const char *also; /* a word was found outside the question's own text: the hint, the option or the heading with it; NULL */
  int score;
};

/* What has every word of the query, the best first: an id or number that is the query, then texts, then the rest; of
 * equals the one that stands first. A question is found by its section's title only together with a text of its own. */
size_t find_in_form(const struct form *form, int language, const struct find_query *query, struct arena *arena,
                    const struct find_result **out);

/* A text in pieces, so that what matched can be marked; together they are the text. */
struct find_piece {
  const char *text;
  bool marked;
};
size_t find_pieces(const char *text, const struct find_query *query, struct arena *arena, const struct find_piece **out);

#endif
