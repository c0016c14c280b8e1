/* Filters: whatever parses is printed, and parsed and printed again to the same text; whatever checks has the same value
 * before and after, and when it is true it does not count as impossible. The first byte picks the answers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "expr/expr.h"

#define SATISFIABLE_LEN_MAX 160 /* longer ones would take the fuzzer's time */

static const int codes[] = {1, 2, 3, 99};
static const int chosen[] = {1, 99};

static const struct {
  const char *name;
  struct expr_variable variable;
} names[] = {
    {"F14", {EXPR_CHOICE, 0, -1, codes, 4}}, {"K13M", {EXPR_SET, 1, -1, codes, 4}}, {"D21", {EXPR_NUMBER, 2, -1, NULL, 0}},
    {"D24", {EXPR_NUMBER, 3, -1, NULL, 0}},  {"T", {EXPR_TEXT, 4, -1, NULL, 0}},    {"d", {EXPR_DATE, 5, -1, NULL, 0}},
    {"b", {EXPR_BOOL, 6, -1, NULL, 0}},      {"s", {EXPR_ROSTER, 7, -1, NULL, 0}},  {"P52", {EXPR_NUMBER, 8, 7, NULL, 0}},
    {"P50", {EXPR_CHOICE, 9, 7, codes, 4}},
};

static bool find(void *context, const char *name, struct expr_variable *out) {
  (void)context;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(names[i].name, name) != 0) continue;
    *out = names[i].variable;
    return true;
  }
  return false;
}

static const char *suggest(void *context, const char *name) {
  (void)context;
  return name[0] == 'D' ? "D21" : NULL;
}

static struct value get(void *context, int slot, int row) {
  unsigned pick = *(const uint8_t *)context + (unsigned)slot * 7 + (unsigned)(row + 1) * 3;
  if (pick % 5 < 3) {
    switch (names[slot].variable.type) {
      case EXPR_SET:
        return (struct value){.kind = VALUE_SET, .codes = chosen, .code_count = 2};
      case EXPR_TEXT:
        return (struct value){.kind = VALUE_TEXT, .text = "a"};
      case EXPR_DATE:
        return (struct value){.kind = VALUE_DATE, .number = 17476};
      case EXPR_BOOL:
        return (struct value){.kind = VALUE_BOOL, .number = pick % 2};
      default:
        return (struct value){.kind = VALUE_NUMBER, .number = 1 + pick % 3};
    }
  }
  return (struct value){.kind = pick % 5 == 3 ? VALUE_MISSING : VALUE_NA};
}

static int row_count(void *context, int slot) {
  (void)slot;
  return *(const uint8_t *)context % 4;
}

static void report(void *context, int line, int column, int len, const char *message) {
  (void)context;
  if (line < 1 || column < 1 || len < 1 || message[0] == '\0') abort();
}

static void visit(void *context, int slot, int line, int column, int len) {
  (void)context;
  if (slot < 0 || line < 1 || column < 1 || len < 1) abort();
}

static void try_type(const char *text, struct buf *printed, enum expr_type want, uint8_t *world, struct arena *arena) {
  struct expr_scope scope = {NULL, 7, find, suggest};
  struct expr_source source = {world, 0, get, row_count};
  struct expr *expr = expr_parse(text, strlen(text), arena, NULL);
  struct expr *again = expr_parse(printed->data, printed->len, arena, NULL);
  if (!expr_check(expr, want, &scope, report, NULL)) return;
  if (!expr_check(again, want, &scope, report, NULL)) abort();
  expr_variables(expr, visit, NULL);
  struct value value = expr_eval(expr, &source), same = expr_eval(again, &source);
  if (!value_equal(&value, &same)) abort();
  const struct expr *list[] = {expr};
  if (want != EXPR_BOOL || strlen(text) > SATISFIABLE_LEN_MAX || *world % 4 == 0) return;
  enum expr_verdict verdict = expr_satisfiable(list, 1, NULL, NULL);
  if (verdict == EXPR_NEVER && expr_is_true(expr, &source)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1) return 0;
  struct arena *arena = arena_new();
  struct err err = {0};
  struct buf first = {0}, second = {0};
  uint8_t world = data[0];
  const char *text = arena_copy_len(arena, (const char *)data + 1, size - 1);
  struct expr *expr = expr_parse(text, size - 1, arena, &err);
  if ((expr == NULL) != (err.code != ERR_NONE)) abort();
  if (expr == NULL && (err.line < 1 || err.column < 1 || err.text[0] == '\0')) abort();
  if (expr != NULL) {
    expr_print(expr, &first);
    /* What is printed may be longer than what was written, and then too long. */
    struct expr *again = first.len <= EXPR_LEN_MAX ? expr_parse(first.data, first.len, arena, NULL) : NULL;
    if (first.len <= EXPR_LEN_MAX && again == NULL) abort();
    if (again != NULL) {
      expr_print(again, &second);
      if (strcmp(first.data, second.data) != 0) abort();
      try_type(text, &first, EXPR_BOOL, &world, arena);
      try_type(text, &first, EXPR_NUMBER, &world, arena);
    }
  }
  buf_free(&first);
  buf_free(&second);
  arena_free(arena);
  return 0;
}
