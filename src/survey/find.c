#include "survey/find.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "survey/collate.h"

/* How much a word counts for by where it stands. An exact id is above whatever many words can add up to. */
enum score {
  SCORE_EXACT = 1000000,
  SCORE_ID_BEGINS = 40,
  SCORE_ID = 5,
  SCORE_WORD_BEGINS = 20,
  SCORE_WORD = 10,
  SCORE_ALSO = 4,
  SCORE_SECTION = 1
};

static const char *fold(const char *text, struct arena *arena) {
  struct buf folded = {0};
  collate_fold(text, &folded);
  const char *copy = arena_copy_len(arena, buf_text(&folded), folded.len);
  buf_free(&folded);
  return copy;
}

/* ---- the query */

static bool is_ascii_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* What stands between words: white space and punctuation, also the quotation marks and dashes of Unicode. */
static bool is_gap(unsigned c) {
  if (c < 0x80) return !is_ascii_word((char)c);
  return c <= 0xBF || (c >= 0x2000 && c <= 0x206F) || c == 0x3000 || c == 0xFEFF;
}

static bool is_known(const char *const *words, size_t count, const char *word) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(words[i], word) == 0) return true;
  }
  return false;
}

struct find_query find_parse(const char *text, struct arena *arena) {
  const char *folded = fold(text + strspn(text, " \t\r\n"), arena);
  size_t len = strlen(folded), at = 0, count = 0;
  while (len > 0 && strchr(" \t\r\n", folded[len - 1]) != NULL) len--;
  const char **words = arena_array(arena, len / 2 + 1, sizeof *words);
  while (at < len) {
    size_t start = at, end = at;
    while (at < len && !is_gap(utf8_next(folded, len, &at))) end = at;
    const char *word = arena_copy_len(arena, folded + start, end - start);
    if (end > start && !is_known(words, count, word)) words[count++] = word;
  }
  return (struct find_query){arena_copy_len(arena, folded, len), words, count};
}

/* ---- scores */

/* Does the word stand at the beginning of a word somewhere, or inside one? 0 when it does not stand there at all. */
static int score_in(const char *folded, const char *word, int begins, int inside) {
  int score = 0;
  for (const char *at = strstr(folded, word); at != NULL; at = strstr(at + 1, word)) {
    bool continues = at > folded && (is_ascii_word(at[-1]) || ((unsigned char)at[-1] & 0x80) != 0);
    if (!continues) return begins;
    score = inside;
  }
  return score;
}

struct search {
  const struct form *form;
  int language;
  const struct find_query *query;
  struct arena *arena;
  const char *section; /* the title of the section at hand, folded */
  struct buf scratch;
};

/* The text is looked through for the word; kept as the one to show when it is the first with a word that the question's own
 * text has not. */
static int score_also(struct search *search, const char *text, const char *word, const char **also) {
  buf_reset(&search->scratch);
  collate_fold(text, &search->scratch);
  if (score_in(buf_text(&search->scratch), word, 1, 1) == 0) return 0;
  if (*also == NULL) *also = text;
  return SCORE_ALSO;
}

static int score_around(struct search *search, const struct form_question *q, const char *word, const char **also) {
  int score = score_also(search, q->hint.in[search->language], word, also);
  for (int i = 0; i < q->option_count && score == 0; i++)
    score = score_also(search, q->options[i].text.in[search->language], word, also);
  for (int c = q->container; c >= 0 && score == 0; c = search->form->containers[c].parent) {
    const struct form_container *container = &search->form->containers[c];
    score = score_also(search, container->text.in[search->language], word, also);
    if (score == 0) score = score_also(search, container->hint.in[search->language], word, also);
  }
  return score;
}

/* 0: not found. */
static int score_question(struct search *search, const struct form_question *q, const char **also) {
  const struct find_query *query = search->query;
  const char *id = fold(q->id, search->arena), *number = fold(q->number, search->arena);
  const char *text = fold(q->text.in[search->language], search->arena);
  bool exact = strcmp(id, query->whole) == 0 || strcmp(number, query->whole) == 0, own = exact;
  int score = exact ? SCORE_EXACT : 0;
  *also = NULL;
  for (size_t i = 0; i < query->word_count && !exact; i++) {
    const char *word = query->words[i];
    int by_id = score_in(id, word, SCORE_ID_BEGINS, SCORE_ID), by_number = score_in(number, word, SCORE_ID_BEGINS, SCORE_ID);
    int best = by_id > by_number ? by_id : by_number, by_text = score_in(text, word, SCORE_WORD_BEGINS, SCORE_WORD);
    if (by_text > best) best = by_text;
    if (best == 0) best = score_around(search, q, word, also);
    own = own || best > 0;
    if (best == 0) best = score_in(search->section, word, SCORE_SECTION, SCORE_SECTION);
    if (best == 0) return 0;
    score += best;
  }
  return own ? score : 0;
}

static int score_section(const struct search *search, const struct form_section *section) {
  int score = strcmp(fold(section->id, search->arena), search->query->whole) == 0 ? SCORE_EXACT : 0;
  for (size_t i = 0; i < search->query->word_count && score < SCORE_EXACT; i++) {
    int best = score_in(search->section, search->query->words[i], SCORE_WORD_BEGINS, SCORE_WORD);
    if (best == 0) return 0;
    score += best;
  }
  return score;
}

static int by_score(const void *a, const void *b) {
  const struct find_result *left = a, *right = b;
  if (left->score != right->score) return left->score > right->score ? -1 : 1;
  if (left->section != right->section) return left->section < right->section ? -1 : 1;
  return (left->question > right->question) - (left->question < right->question);
}

size_t find_in_form(const struct form *form, int language, const struct find_query *query, struct arena *arena,
                    const struct find_result **out) {
  struct search search = {.form = form, .language = language, .query = query, .arena = arena};
  size_t count = 0;
  struct find_result *list =
      arena_array(arena, (size_t)form->question_count + (size_t)form->section_count, sizeof *list);
  *out = list;
  for (int s = 0; s < form->section_count && query->word_count > 0; s++) {
    const struct form_section *section = &form->sections[s];
    search.section = fold(section->title.in[language], arena);
    int score = score_section(&search, section);
    if (score > 0) list[count++] = (struct find_result){.section = s, .question = -1, .score = score};
    for (int i = section->first; i < section->first + section->count; i++) {
      const char *also;
      score = score_question(&search, &form->questions[i], &also);
      if (score > 0) list[count++] = (struct find_result){.section = s, .question = i, .also = also, .score = score};
    }
  }
  buf_free(&search.scratch);
  if (count > 0) qsort(list, count, sizeof *list, by_score);
  return count;
}

/* ---- marks */

/* Sets marks[i] for every byte of the folded text that a word covers. */
static void mark_words(const char *folded, const struct find_query *query, bool *marks) {
  for (size_t i = 0; i < query->word_count; i++) {
    size_t len = strlen(query->words[i]);
    for (const char *at = strstr(folded, query->words[i]); at != NULL; at = strstr(at + len, query->words[i]))
      memset(marks + (at - folded), true, len);
  }
}

size_t find_pieces(const char *text, const struct find_query *query, struct arena *arena, const struct find_piece **out) {
  const char *folded = fold(text, arena);
  size_t len = strlen(text), folded_len = strlen(folded), at = 0, folded_at = 0, start = 0, count = 0;
  bool *marks = arena_array(arena, folded_len + 1, sizeof *marks);
  struct find_piece *pieces = arena_array(arena, utf8_count(text, len) + 1, sizeof *pieces);
  mark_words(folded, query, marks);
  while (at < len) { /* folding makes one character of one */
    bool marked = marks[folded_at];
    utf8_next(text, len, &at);
    utf8_next(folded, folded_len, &folded_at);
    if (at < len && marks[folded_at] == marked) continue;
    pieces[count++] = (struct find_piece){arena_copy_len(arena, text + start, at - start), marked};
    start = at;
  }
  *out = pieces;
  return count;
}
