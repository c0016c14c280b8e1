#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "expr/expr.h"

/* A small questionnaire. */
static const int codes_1_3[] = {1, 2, 3};
static const int codes_many[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 99};

static const struct question {
  const char *name;
  enum expr_type type;
  int roster;
  const int *codes;
  int code_count;
} questions[] = {
    {"F00", EXPR_CHOICE, -1, codes_1_3, 3},  {"F14", EXPR_CHOICE, -1, codes_1_3, 3},
    {"M", EXPR_SET, -1, codes_1_3, 3},       {"BIG", EXPR_SET, -1, codes_many, 13},
    {"D21", EXPR_NUMBER, -1, NULL, 0},       {"D22", EXPR_NUMBER, -1, NULL, 0},
    {"when", EXPR_DATE, -1, NULL, 0},        {"T", EXPR_TEXT, -1, NULL, 0},
    {"U", EXPR_TEXT, -1, NULL, 0},           {"flag", EXPR_BOOL, -1, NULL, 0},
    {"s", EXPR_ROSTER, -1, NULL, 0},         {"P52", EXPR_NUMBER, 10, NULL, 0},
    {"P50", EXPR_CHOICE, 10, codes_1_3, 3},  {"WIDE", EXPR_CHOICE, -1, codes_many, 13},
};
enum { QUESTION_COUNT = sizeof questions / sizeof *questions };

struct fixture {
  struct arena *arena;
  const struct expr *guards[QUESTION_COUNT];
};

static bool find(void *context, const char *name, struct expr_variable *out) {
  (void)context;
  for (int i = 0; i < QUESTION_COUNT; i++) {
    const struct question *q = &questions[i];
    if (strcmp(q->name, name) != 0) continue;
    *out = (struct expr_variable){q->type, i, q->roster, q->codes, q->code_count};
    return true;
  }
  return false;
}

static void report(void *context, int line, int column, int len, const char *message) {
  (void)context;
  (void)len;
  print_error("%d:%d: %s\n", line, column, message);
}

static const struct expr *compile(struct fixture *f, const char *text) {
  struct err err = {0};
  struct expr_scope scope = {NULL, 10, find, NULL};
  struct expr *expr = expr_parse(text, strlen(text), f->arena, &err);
  if (expr == NULL) fail_msg("%s: %s", text, err.text);
  if (!expr_check(expr, EXPR_BOOL, &scope, report, NULL)) fail_msg("%s is refused", text);
  return expr;
}

static const struct expr *guard_of(void *context, int slot) {
  struct fixture *f = context;
  return f->guards[slot];
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  if (f == NULL) return 1;
  f->arena = arena_new();
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  arena_free(f->arena);
  free(f);
  return 0;
}

static const char *const verdicts[] = {[EXPR_NEVER] = "never", [EXPR_POSSIBLE] = "possible", [EXPR_MAYBE] = "maybe"};

static void expect(struct fixture *f, const char *text, enum expr_verdict expected) {
  const struct expr *list[] = {compile(f, text)};
  enum expr_verdict verdict = expr_satisfiable(list, 1, guard_of, f);
  if (verdict != expected) fail_msg("%s: expected %s, got %s", text, verdicts[expected], verdicts[verdict]);
}

static void set_guard(struct fixture *f, const char *name, const char *text) {
  for (int i = 0; i < QUESTION_COUNT; i++) {
    if (strcmp(questions[i].name, name) == 0) f->guards[i] = compile(f, text);
  }
}

static void never(void **state) {
  static const char *const texts[] = {
      "false", "not true", "F14 = 1 and F14 = 2", "F14 = 1 and F14 != 1", "not F14 in (1, 2, 3)",
      "F14 != 1 and F14 != 2 and F14 != 3", "F14 = 1 and not answered(F14)", "F14 = 1 and special(F14)",
      "na(F14) and nodata(F14)", "answered(F14) and not special(F14) and not F14 in (1, 2, 3)",
      "special(F14) and F14 != 1", "M = 1 and not M in (1, 2)", "M != 1 and M != 2 and M != 3", "M = 1 and M != 1",
      "count(M) > 3", "count(M) = 1 and M = 1 and M = 2", "count(M) = 0 and M = 1", "count(M) < 0", "count(BIG) > 13",
      "BIG = 99 and BIG != 99", "D21 > 5 and D21 < 5", "D21 = 1 and D21 = 2", "D21 >= 5 and D21 <= 4.5",
      "D21 = 1 and D21 != 1", "not (D21 > 1 or D21 < 1 or D21 = 1) and answered(D21)", "D21 in (1, 2) and D21 > 2",
      "1 > 2", "1 + 1 = 3", "1 / 0 = 1", "D21 > 1 / 0",
      "D21 <= D22 and D22 < 0 and D21 > 0", "D21 = D22 and D21 = 1 and D22 = 2", "-D21 > 5 and not answered(D21)",
      "when > date(\"2017-11-06\") and when < date(\"2017-11-07\")", "T = \"a\" and T = \"b\"",
      "T in (\"a\", \"b\") and T = \"c\"", "T = U and T = \"a\" and U = \"b\"", "T != T and T = \"a\"",
      "flag and not flag", "flag = true and flag = false", "flag and not answered(flag)", "count(s) < 0",
      "sum(s.P52) > 1 and count(s) = 0", "count(s.P52) > 0 and count(s) = 0", "count(s) = 0 and max(s.P52) = 1",
      "P52 > 1 and P52 < 1", "WIDE = 1 and WIDE = 99", "(F14 = 1) != (F14 = 1)", "D21 + 1 > 2 and special(D21)",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) expect(*state, texts[i], EXPR_NEVER);
}

static void possible(void **state) {
  static const char *const texts[] = {
      "true", "F14 = 1", "F14 != 1", "not answered(F14)", "special(F14)", "nodata(F14)", "F14 = 1 or F14 = 2",
      "F14 = 1 and F00 = 2", "not (F14 = 1 and F00 = 2)", "M = 1 and M = 2 and M != 3", "count(M) = 3", "count(M) = 0",
      "count(M) = 0 and answered(M)", "count(BIG) = 13", "BIG = 99 and BIG = 1 and BIG != 2", "count(BIG) > 5 and BIG = 1",
      "D21 > 5 and D21 < 6", "D21 > 5 and D21 <= 5.5", "D21 != 1 and D21 != 2", "D21 < D22", "D21 + D22 = 5",
      "D21 = D22 and D21 > 5", "100 * D21 / D22 > 5", "when > date(\"2017-11-06\") and when < date(\"2017-11-08\")",
      "T != \"a\" and T != \"b\"", "T = U and T != \"a\"", "T != U", "T = \"a\" and U = \"a\" and T = U", "flag",
      "not flag", "flag = (F14 = 1)", "sum(s.P52) > 10", "count(s) > 1000", "count(s) = 0", "count(s.P52) = 0 and count(s) > 0",
      "P52 = max(s.P52)", "P50 = 1 and count(s.P50) > 2", "WIDE != 1 and WIDE != 99", "F14 in (1, 2) and not F14 = 1",
      "D21 > 999999999999999",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) expect(*state, texts[i], EXPR_POSSIBLE);
}

static void lists(void **state) {
  struct fixture *f = *state;
  const struct expr *list[] = {compile(f, "F14 = 1 or F14 = 2"), compile(f, "F14 != 1"), compile(f, "F14 != 2")};
  assert_int_equal(expr_satisfiable(list, 0, NULL, NULL), EXPR_POSSIBLE);
  assert_int_equal(expr_satisfiable(list, 2, NULL, NULL), EXPR_POSSIBLE);
  assert_int_equal(expr_satisfiable(list, 3, NULL, NULL), EXPR_NEVER);
}

/* A question that is not asked has no value, and its filter may hang on one that is not asked either. */
static void guarded(void **state) {
  struct fixture *f = *state;
  set_guard(f, "F14", "F00 = 1");
  expect(f, "F14 = 2", EXPR_POSSIBLE);
  expect(f, "F14 = 2 and F00 = 2", EXPR_NEVER);
  expect(f, "special(F14) and F00 = 2", EXPR_NEVER);
  expect(f, "answered(F14) and F00 != 1", EXPR_NEVER);
  expect(f, "not answered(F14) and F00 = 2", EXPR_POSSIBLE);
  expect(f, "(F14 = 2 or D21 = 1) and F00 = 2", EXPR_POSSIBLE);
  set_guard(f, "M", "F14 in (1, 2)");
  expect(f, "M = 1 and F14 = 3", EXPR_NEVER);
  expect(f, "M = 1 and F00 = 2", EXPR_NEVER);
  expect(f, "M = 1 and F00 = 1", EXPR_POSSIBLE);
  set_guard(f, "D21", "M = 1 and M != 2");
  expect(f, "D21 + 1 > 5 and M = 2", EXPR_NEVER);
  expect(f, "D21 + 1 > 5 and F00 = 3", EXPR_NEVER);
  expect(f, "D21 + 1 > 5 and F00 = 1", EXPR_POSSIBLE);
  set_guard(f, "s", "F00 = 1");
  expect(f, "count(s) > 0 and F00 = 2", EXPR_NEVER);
  expect(f, "count(s) = 0 and F00 = 2", EXPR_POSSIBLE);
  expect(f, "sum(s.P52) > 0 and F00 = 2", EXPR_NEVER);
  expect(f, "sum(s.P52) > 0 and F00 = 1", EXPR_POSSIBLE);
  /* Another row's filter says nothing of this row. */
  set_guard(f, "P52", "P50 = 1");
  expect(f, "P52 = 1 and P50 = 2", EXPR_NEVER);
  expect(f, "sum(s.P52) = 1 and P50 = 2", EXPR_POSSIBLE);
  /* A filter that can never be true hides the question for ever; one that asks for itself is no reason to hang. */
  set_guard(f, "T", "F00 = 1 and F00 = 2");
  expect(f, "T = \"a\"", EXPR_NEVER);
  set_guard(f, "flag", "flag");
  expect(f, "flag", EXPR_POSSIBLE);
  expect(f, "flag = false", EXPR_NEVER);
}

/* Whether the number of these conditions that hold is odd shows only when all are known: nothing can be left out early. */
static void too_many(void **state) {
  struct fixture *f = *state;
  static const char *const conditions[] = {"BIG = 2",  "BIG = 3",  "BIG = 4", "BIG = 5",  "BIG = 6", "BIG = 7",
                                           "WIDE = 1", "WIDE = 2", "M = 1",   "M = 2",    "M = 3",   "D21 = 1",
                                           "D21 = 2",  "F14 = 1",  "F00 = 1", "T = \"a\""};
  struct buf odd = {0}, text = {0};
  buf_puts(&odd, "(BIG = 1)");
  for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
    struct buf longer = {0};
    buf_printf(&longer, "(%s != (%s))", odd.data, conditions[i]);
    buf_free(&odd);
    odd = longer;
  }
  buf_printf(&text, "%s and not %s", odd.data, odd.data);
  int64_t start = clock_monotonic_us();
  expect(f, text.data, EXPR_MAYBE);
  assert_true(clock_monotonic_us() - start < 20 * 1000000); /* under sanitizers; a second or less without */
  expect(f, odd.data, EXPR_POSSIBLE);
  buf_free(&odd);
  buf_free(&text);
}

/* Below: random expressions against every combination of answers. */

struct world {
  struct value values[QUESTION_COUNT];
};

static struct value world_get(void *context, int slot, int row) {
  (void)row;
  return ((struct world *)context)->values[slot];
}

static int world_rows(void *context, int slot) {
  (void)context;
  (void)slot;
  return 0;
}

static unsigned seed = 20171106;
static unsigned pick(unsigned count) {
  seed = seed * 1664525u + 1013904223u;
  return (seed >> 16) % count;
}

static void add_condition(struct buf *out, int depth) {
  static const char *const orders[] = {"=", "!=", "<", "<=", ">", ">="};
  static const char *const kinds[] = {"answered", "special", "na", "nodata"};
  static const char *const names[] = {"F00", "F14", "M", "D21", "T"};
  unsigned what = pick(depth > 0 ? 12 : 8);
  if (what >= 8) {
    buf_puts(out, what == 11 ? "not (" : "(");
    add_condition(out, depth - 1);
    if (what < 11) {
      buf_puts(out, what == 8 ? ") or (" : ") and (");
      add_condition(out, depth - 1);
    }
    buf_puts(out, ")");
  } else if (what == 0) {
    buf_printf(out, "F00 %s %u", orders[pick(2)], 1 + pick(3));
  } else if (what == 1) {
    buf_printf(out, "F14 in (%u, %u)", 1 + pick(3), 1 + pick(3));
  } else if (what == 2) {
    buf_printf(out, "M %s %u", orders[pick(2)], 1 + pick(3));
  } else if (what == 3) {
    buf_printf(out, "count(M) %s %u", orders[pick(6)], pick(4));
  } else if (what == 4) {
    buf_printf(out, "D21 %s %u", orders[pick(6)], pick(3));
  } else if (what == 5) {
    buf_printf(out, "D21 + 1 %s %u", orders[pick(6)], pick(4));
  } else if (what == 6) {
    buf_printf(out, "T %s \"%c\"", orders[pick(2)], 'a' + (int)pick(2));
  } else {
    buf_printf(out, "%s(%s)", kinds[pick(4)], names[pick(5)]);
  }
}

enum { F00_VALUES = 6, F14_VALUES = 6, M_VALUES = 10, D21_VALUES = 9, T_VALUES = 6 };

static struct value special_value(int index) {
  return (struct value){.kind = (enum value_kind)(VALUE_MISSING + index)};
}

static void set_choice(struct value *value, int index) {
  *value = index < 3 ? special_value(index) : (struct value){.kind = VALUE_NUMBER, .number = index - 2};
}

static void set_world(struct world *world, int number) {
  static const int sets[][3] = {{1}, {2}, {3}, {1, 2}, {1, 3}, {2, 3}, {1, 2, 3}};
  static const int set_counts[] = {1, 1, 1, 2, 2, 2, 3};
  static const double figures[] = {-1, 0, 0.5, 1, 2, 3.5};
  static const char *const texts[] = {"a", "b", "c"};
  set_choice(&world->values[0], number % F00_VALUES);
  number /= F00_VALUES;
  set_choice(&world->values[1], number % F14_VALUES);
  number /= F14_VALUES;
  int m = number % M_VALUES;
  number /= M_VALUES;
  world->values[2] = m < 3 ? special_value(m)
                           : (struct value){.kind = VALUE_SET, .codes = sets[m - 3], .code_count = set_counts[m - 3]};
  int d = number % D21_VALUES;
  number /= D21_VALUES;
  world->values[4] = d < 3 ? special_value(d) : (struct value){.kind = VALUE_NUMBER, .number = figures[d - 3]};
  world->values[7] =
      number < 3 ? special_value(number) : (struct value){.kind = VALUE_TEXT, .text = texts[number - 3]};
}

/* Is the world one that the guards allow, and is the expression true in it? */
static bool holds(struct fixture *f, struct world *world, const struct expr *expr) {
  struct expr_source source = {world, -1, world_get, world_rows};
  if (!expr_is_true(expr, &source)) return false;
  for (int i = 0; i < QUESTION_COUNT; i++) {
    bool asked = f->guards[i] == NULL || world->values[i].kind == VALUE_MISSING || expr_is_true(f->guards[i], &source);
    if (!asked) return false;
  }
  return true;
}

static void random_expressions(void **state) {
  struct fixture *f = *state;
  const int worlds = F00_VALUES * F14_VALUES * M_VALUES * D21_VALUES * T_VALUES;
  int never_count = 0, missed_count = 0;
  for (int round = 0; round < 1200; round++) {
    struct world world = {0};
    struct buf text = {0}, guard = {0};
    arena_reset(f->arena);
    add_condition(&text, 4);
    bool guarded_round = round % 2 == 1;
    if (guarded_round) add_condition(&guard, 1);
    f->guards[1] = f->guards[2] = NULL;
    if (guarded_round) f->guards[1 + round / 2 % 2] = compile(f, guard.data);
    const struct expr *list[] = {compile(f, text.data)};
    enum expr_verdict verdict = expr_satisfiable(list, 1, guard_of, f);
    bool found = false;
    for (int i = 0; i < worlds && !found; i++) {
      set_world(&world, i);
      found = holds(f, &world, list[0]);
    }
    if (found && verdict != EXPR_POSSIBLE) {
      fail_msg("%s, guard %s: %s", text.data, buf_text(&guard), verdicts[verdict]);
    }
    if (!found && verdict == EXPR_NEVER) never_count++;
    if (!found && verdict != EXPR_NEVER) missed_count++;
    buf_free(&text);
    buf_free(&guard);
  }
  print_message("never: %d, not seen: %d\n", never_count, missed_count);
  /* What is missed hangs on D21 + 1, which may be anything to the search. */
  assert_true(never_count > 20 && missed_count < never_count);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(never), TEST(possible), TEST(lists), TEST(guarded), TEST(too_many), TEST(random_expressions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
