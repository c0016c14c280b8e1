#include "expr/value.h"

#include <string.h>

bool value_is_missing(const struct value *value) {
  return value->kind == VALUE_MISSING || value->kind == VALUE_NA || value->kind == VALUE_NODATA;
}

bool value_equal(const struct value *a, const struct value *b) {
  if (a->kind != b->kind) return false;
  switch (a->kind) {
    case VALUE_MISSING:
    case VALUE_NA:
    case VALUE_NODATA:
      return true;
    case VALUE_NUMBER:
    case VALUE_DATE:
    case VALUE_BOOL:
      return a->number == b->number;
    case VALUE_TEXT:
      return strcmp(a->text, b->text) == 0;
    case VALUE_SET:
      return a->code_count == b->code_count &&
             (a->code_count == 0 || memcmp(a->codes, b->codes, (size_t)a->code_count * sizeof *a->codes) == 0);
  }
  return false;
}
