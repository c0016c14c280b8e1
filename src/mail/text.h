/* The words of mail: templates/mail/LANG/KIND.txt, the first line the subject, an empty line, the body; shorter pieces are
 * in words.txt, `key = text` a line, # comments. LANG is lv, en, ru.
 *
 * {name} stands for a value. A line with a value that is empty is left out, and of several empty lines one stays. Some are
 * filled in when the message is sent, so a stored body has them still: {link}, the personal link, and {more}, where
 * further pieces may be added. A brace that came with a value is doubled until then.
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

/* A piece of words.txt in stored form, in the arena; "" when one of its values is empty. */
const char *text_word(const char *language, const char *key, const struct text_value *values, struct arena *arena);

/* "6. decembris" of a date like 2017-12-06, with the year; "" for "". In the arena. */
const char *text_date(const char *language, const char *iso, struct arena *arena);

/* The stored body with one more piece (in stored form) where {more} stands. */
void text_add_piece(const char *body, const char *piece, struct buf *out);

/* The body as it is sent. */
void text_finish(const char *body, const char *link, struct buf *out);

#endif
