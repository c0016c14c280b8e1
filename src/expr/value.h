/* A value of the filter language: what an answer is to a filter, and what an expression comes to. */
#ifndef ANKETA_EXPR_VALUE_H
#define ANKETA_EXPR_VALUE_H

#include <stdbool.h>

enum value_kind {
  VALUE_MISSING = 0, /* not asked, not answered, or unknown */
  VALUE_NA,          /* neattiecas: not applicable */
  VALUE_NODATA,      /* dati nav pieejami: no data */
  VALUE_NUMBER,      /* number; select_one: the code */
  VALUE_DATE,        /* number: days since 1970-01-01 */
  VALUE_TEXT,        /* text */
  VALUE_SET,         /* codes, code_count: the chosen options, ascending */
  VALUE_BOOL         /* number: 0 or 1; expressions only */
};

struct value {
  enum value_kind kind;
  int code_count;
  double number;
  const char *text; /* borrowed, NUL-terminated */
  const int *codes; /* borrowed */
};

/* Missing to a comparison: VALUE_MISSING, VALUE_NA, VALUE_NODATA. */
bool value_is_missing(const struct value *value);

/* Same kind and same content. */
bool value_equal(const struct value *a, const struct value *b);

#endif
