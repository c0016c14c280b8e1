/* Names and other texts of one line, as people type them into a form. */
#ifndef ANKETA_SURVEY_LINE_H
#define ANKETA_SURVEY_LINE_H

#include <stddef.h>

#include "base/arena.h"

/* The text without white space around it, in the arena. NULL when nothing is left of it, when it has more than max
 * characters, or when it is not a line: bad UTF-8, a control character, or one that turns the direction of writing. */
const char *line_clean(const char *text, size_t max, struct arena *arena);

#endif
