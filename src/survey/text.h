/* Texts that people type into fields, cleaned where they enter. Knows nothing of what they mean. */
#ifndef ANKETA_SURVEY_TEXT_H
#define ANKETA_SURVEY_TEXT_H

#include <stdbool.h>

#include "base/arena.h"

/* Whether it is the code of a language of pages and mail: lv, en, ru. */
bool text_is_language(const char *code);

/* Text from a word processor brings soft line breaks and other control characters: the former become line ends, the latter
 * go, so that the text itself can be kept. Carriage returns and tabs stay. text is any bytes; returned as it is, or a copy
 * in the arena. */
const char *text_without_controls(const char *text, struct arena *arena);

/* One line, without white space around it; NULL when it is not UTF-8, has a control character or one that turns the
 * direction of writing, or more than max characters. "" is good. */
const char *text_line(const char *text, size_t max, struct arena *arena);

/* Several lines: without control characters, line ends are \n, nothing blank around it; NULL when it is not UTF-8 or has
 * more than max characters. "" is good. */
const char *text_lines(const char *text, size_t max, struct arena *arena);

/* A day as people write it ("6.12.2026", "2026-12-06") as days since 1970-01-01, and a time ("9", "9.00", "09:30") as a minute
 * of the day; false for anything else. */
bool text_day(const char *text, struct arena *arena, int *day);
bool text_minute(const char *text, int *minute);

#endif
