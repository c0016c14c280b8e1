/* What is wrong with a definition: collected, all of it, with the place in its text. */
#ifndef ANKETA_FORM_FINDINGS_H
#define ANKETA_FORM_FINDINGS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct finding {
  int line;         /* 1-based */
  int column;       /* 1-based, in characters */
  int len;          /* characters the caret underlines, at least 1 */
  const char *question; /* the id it concerns, NULL for the file as a whole */
  const char *text; /* says what is wrong and what was expected, with a suggestion where there is one */
};

struct findings; /* keeps a copy of the source text for the quoted lines */

#define FINDINGS_MAX 200 /* more are counted, not kept */

struct findings *findings_new(const char *path);
void findings_free(struct findings *findings);

void findings_add(struct findings *findings, int line, int column, int len, const char *question, const char *format,
                  ...) __attribute__((format(printf, 6, 7)));
void findings_vadd(struct findings *findings, int line, int column, int len, const char *question, const char *format,
                   va_list arguments) __attribute__((format(printf, 6, 0)));

/* How many are kept; 0 only when nothing was found. Two that say the same of the same place are one. */
size_t findings_count(const struct findings *findings);

/* How many more there were. */
size_t findings_dropped(const struct findings *findings);

/* In the order of their places; index < findings_count. */
const struct finding *findings_get(const struct findings *findings, size_t index);

/* `path:line:column: error: text`, the source line and a caret line, for each; then a line when some were not kept.
 * A source line over 200 characters is shown as the part around the place. */
void findings_print(const struct findings *findings, struct buf *out);

/* Given by the loader: the text that the places refer to. Copied; a byte that is not UTF-8 counts as one character and
 * is shown as U+FFFD. */
void findings_set_source(struct findings *findings, const char *text, size_t len);

#endif
