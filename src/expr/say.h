/* An expression in words of a language, for people: `K13M = 99` as „K13M ir atzīmēts „Cits””.
 *
 * Knows no language and no questionnaire: phrases, names of questions and texts of options come from the caller. */
#ifndef ANKETA_EXPR_SAY_H
#define ANKETA_EXPR_SAY_H

#include "base/buf.h"
#include "expr/expr.h"

enum expr_phrase {
  SAY_OR,           /* between alternatives, with its spaces */
  SAY_AND,
  SAY_NOT,          /* $1: a condition */
  SAY_IS,           /* $1: a question or figure, $2: what it is */
  SAY_IS_NOT,
  SAY_CHOSEN,       /* $1: a multiple choice, $2: an option */
  SAY_NOT_CHOSEN,
  SAY_ANSWERED,     /* $1: a question */
  SAY_NOT_ANSWERED,
  SAY_SPECIAL,      /* not applicable or no data */
  SAY_NA,
  SAY_NODATA,
  SAY_COUNT_CHOSEN, /* $1: a multiple choice */
  SAY_COUNT_ROWS,   /* $1: a roster */
  SAY_COUNT,        /* $1: a question of a roster */
  SAY_SUM,
  SAY_MIN,
  SAY_MAX,
  SAY_TRUE,
  SAY_FALSE,
  SAY_PHRASES
};

struct expr_speech {
  const char *const *phrases; /* SAY_PHRASES of them; $1 and $2 stand for the parts */
  void *context;
  void (*name)(void *context, int slot, struct buf *out);             /* of a question or roster */
  void (*option)(void *context, int slot, int code, struct buf *out); /* an option of a choice, in quotes */
  void (*number)(void *context, double number, struct buf *out);
  void (*date)(void *context, int days, struct buf *out);
  void (*text)(void *context, const char *text, struct buf *out);     /* a literal, in quotes */
};

/* The words of a checked expression. */
void expr_say(const struct expr *expr, const struct expr_speech *speech, struct buf *out);

#endif
