/* Errors that travel to the caller.
 *
 * The caller owns a struct err, zeroed (ERR_NONE). The first error set wins; later ones are ignored, so a caller may run
 * several steps and look once. Text says what is wrong, where, and what was expected; it is English, for logs and the
 * command line. What a person sees in a page is chosen from the code by web/.
 */
#ifndef ANKETA_BASE_ERR_H
#define ANKETA_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum err_code {
  ERR_NONE = 0,
  ERR_INPUT,     /* what was given is wrong: file, form field, argument */
  ERR_USAGE,     /* the command was called wrongly */
  ERR_SYSTEM,    /* disk, memory, network, library */
  ERR_FULL,      /* the disk is full */
  ERR_NOT_FOUND, /* no such thing */
  ERR_DENIED,    /* this person may not do that */
  ERR_LOCKED,    /* right person, wrong time: submitted, round closed */
  ERR_CONFLICT,  /* somebody else was first */
  ERR_TOO_LARGE, /* over a cap */
  ERR_NEWER      /* the data folder was written by a newer program */
};

struct err {
  enum err_code code;
  int line;         /* 1-based, 0 when there is no place */
  int column;       /* 1-based, in characters */
  char where[256];  /* file or field; may be empty */
  char text[512];
};

/* Sets *err unless it already holds an error; err may be NULL. Always returns false, so `return err_set(...)` is the
 * idiom. A text that does not fit is cut at a character boundary. */
bool err_set(struct err *err, enum err_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same with a place. */
bool err_set_at(struct err *err, enum err_code code, const char *where, int line, int column, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* The process's exit code for an error: 1 input, 2 usage, 3 system (the command line's contract). 0 for ERR_NONE. */
int err_exit_code(const struct err *err);

#endif
