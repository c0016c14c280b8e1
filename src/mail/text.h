/* The words of mail: templates/mail/LANG/KIND.txt, the first line the subject, an empty line, the body; shorter pieces are
 * in words.txt, `key = text` a line, # comments. LANG is lv, en, ru.
 *
 * {name} stands for a value. A line with a value that is empty is left out, and of several empty lines one stays. Some are
 * filled in when the message is sent, so a stored body has them still: {link}, the personal link, {unsubscribe}, where
 * reminders are turned off, and {more}, where further pieces may be added. A brace that came with a value is doubled until
 * then.
 *
 * A coordinator may write words of their own in place of those of a file; text_find_fault says what is wrong with them.
 */
#ifndef ANKETA_MAIL_TEXT_H
#define ANKETA_MAIL_TEXT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct text_value {
  const char *name;
  const char *text;  /* NULL counts as "" */
  bool stored_form; /* made by text_word or with {link}, {more} in it: put in as it is */
};

/* Once at start: every text is there in every language, with the same placeholders, all of them known. */
bool text_check(struct err *err);

/* Values end with a NULL name. The subject is one line, ready to be sent; the body is in its stored form. A language that
 * is none of ours counts as lv. */
bool text_render(const char *language, const char *kind, const struct text_value *values, struct buf *subject,
                 struct buf *body, struct err *err);

/* The same with a coordinator's words. */
struct text_words {
  const char *subject, *body;
};
void text_render_own(const struct text_words *words, const struct text_value *values, struct buf *subject,
                     struct buf *body);

/* The built-in words as a coordinator edits them, in the arena. False when the kind has none. */
bool text_built_in(const char *language, const char *kind, struct arena *arena, struct text_words *out);

/* The first placeholder in text that is none of names (which end with NULL), or a brace that begins or ends none. line and
 * column count from 1, characters; name points into text. False when there is nothing wrong. */
struct text_fault {
  int line, column;
  const char *name; /* behind the brace; "" for a stray one */
  size_t len;
};
bool text_find_fault(const char *text, const char *const *names, struct text_fault *out);

/* A piece of words.txt in stored form, in the arena; "" when one of its values is empty. */
const char *text_word(const char *language, const char *key, const struct text_value *values, struct arena *arena);

/* "6. decembris" of a date like 2017-12-06, with the year; "" for "". In the arena. */
const char *text_date(const char *language, const char *iso, struct arena *arena);

/* The stored body with one more piece (in stored form) where {more} stands. */
void text_add_piece(const char *body, const char *piece, struct buf *out);

/* The body as it is sent. */
void text_finish(const char *body, const char *link, const char *unsubscribe, struct buf *out);

#endif
