/* Prints a manuscript in a process of its own.
 *
 * Fonts take tens of megabytes that libraries keep, and texts that people typed go through shapers and font readers: both
 * stay out of the server. The process is the program itself (`anketa typeset`); it has the manuscript and nothing else,
 * and when it takes too long it is ended. */
#ifndef ANKETA_PAPER_PRESS_H
#define ANKETA_PAPER_PRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Takes bytes of the PDF. */
typedef bool press_write(void *context, const void *bytes, size_t len, struct err *err);

/* False with err, also when the process failed; then part of the PDF may have been written. Waits; may be called in
 * several threads. */
bool press_print(int manuscript, press_write *write, void *context, struct err *err);

#endif
