#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "expr/expr.h"

/* What tests/expr/ cannot say in three lines: caps, joined trees, sources that misbehave, places over several lines. */

struct fixture {
  struct arena *arena;
  struct value values[8]; /* by slot */
  int visits;
  char visited[200];
  int problems;
  int line, column, len;
};

enum { SLOT_A, SLOT_B, SLOT_T, SLOT_CHOICE, SLOT_SET, SLOT_ROSTER, SLOT_ROW };

static bool find(void *context, const char *name, struct expr_variable *out) {
  static const int codes[] = {1, 2, 3};
  static const struct {
    const char *name;
    struct expr_variable variable;
  } names[] = {
      {"a", {EXPR_NUMBER, SLOT_A, -1, NULL, 0}}, {"b", {EXPR_BOOL, SLOT_B, -1, NULL, 0}},
      {"t", {EXPR_TEXT, SLOT_T, -1, NULL, 0}},   {"c", {EXPR_CHOICE, SLOT_CHOICE, -1, codes, 3}},
      {"m", {EXPR_SET, SLOT_SET, -1, codes, 3}}, {"s", {EXPR_ROSTER, SLOT_ROSTER, -1, NULL, 0}},
      {"r", {EXPR_NUMBER, SLOT_ROW, SLOT_ROSTER, NULL, 0}},
  };
  (void)context;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(names[i].name, name) != 0) continue;
    *out = names[i].variable;
    return true;
  }
  return false;
}

static struct value get(void *context, int slot, int row) {
  struct fixture *f = context;
  (void)row;
  return f->values[slot];
}

static int row_count(void *context, int slot) {
  (void)context;
  (void)slot;
  return 2;
}

static void report(void *context, int line, int column, int len, const char *message) {
  struct fixture *f = context;
  f->problems++;
  f->line = line;
  f->column = column;
  f->len = len;
  assert_true(strlen(message) > 0);
}

static void visit(void *context, int slot, int line, int column, int len) {
  struct fixture *f = context;
  size_t used = strlen(f->visited);
  f->visits++;
  snprintf(f->visited + used, sizeof f->visited - used, "%d@%d:%d+%d ", slot, line, column, len);
}

static const struct expr_scope scope = {NULL, -1, find, NULL};

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

static struct expr *parse(struct fixture *f, const char *text) {
  struct err err = {0};
  struct expr *expr = expr_parse(text, strlen(text), f->arena, &err);
  if (expr == NULL) fail_msg("%s: %s", text, err.text);
  return expr;
}

static struct expr *checked(struct fixture *f, const char *text, enum expr_type want) {
  struct expr *expr = parse(f, text);
  if (!expr_check(expr, want, &scope, report, f)) fail_msg("%s is refused", text);
  return expr;
}

static struct value eval(struct fixture *f, const struct expr *expr) {
  struct expr_source source = {f, -1, get, row_count};
  return expr_eval(expr, &source);
}

static void assert_prints(const struct expr *expr, const char *expected) {
  struct buf text = {0};
  expr_print(expr, &text);
  assert_string_equal(buf_text(&text), expected);
  buf_free(&text);
}

static void assert_refused(struct fixture *f, const char *text, size_t len, enum err_code code, int line, int column) {
  struct err err = {0};
  assert_null(expr_parse(text, len, f->arena, &err));
  assert_int_equal(err.code, code);
  assert_int_equal(err.line, line);
  assert_int_equal(err.column, column);
  assert_null(expr_parse(text, len, f->arena, NULL));
}

static void empty(void **state) {
  assert_refused(*state, "", 0, ERR_INPUT, 1, 1);
  assert_refused(*state, " \n\t ", 4, ERR_INPUT, 1, 1);
}

static void not_utf8(void **state) {
  assert_refused(*state, "a = \"\xC4\"", 7, ERR_INPUT, 1, 1);
  assert_refused(*state, "a\0b", 3, ERR_INPUT, 1, 1);
}

/* Only len bytes are looked at: there need not be a NUL. */
static void length_given(void **state) {
  struct fixture *f = *state;
  char text[] = {'a', '=', '1', '2', '='};
  struct expr *expr = expr_parse(text, 4, f->arena, NULL);
  assert_non_null(expr);
  assert_prints(expr, "a = 12");
  assert_prints(expr_parse(text, 3, f->arena, NULL), "a = 1");
  assert_refused(f, text, 2, ERR_INPUT, 1, 3);
}

static void too_long(void **state) {
  struct fixture *f = *state;
  char *text = malloc(EXPR_LEN_MAX + 1);
  memset(text, ' ', EXPR_LEN_MAX + 1);
  text[0] = 'b';
  assert_non_null(expr_parse(text, EXPR_LEN_MAX, f->arena, NULL));
  assert_refused(f, text, EXPR_LEN_MAX + 1, ERR_TOO_LARGE, 1, 1);
  free(text);
}

/* before repeated count times, then middle, then after count times. */
static struct expr *nested(struct fixture *f, const char *before, const char *middle, const char *after, int count) {
  struct buf text = {0};
  for (int i = 0; i < count; i++) buf_puts(&text, before);
  buf_puts(&text, middle);
  for (int i = 0; i < count; i++) buf_puts(&text, after);
  struct expr *expr = expr_parse(text.data, text.len, f->arena, NULL);
  buf_free(&text);
  return expr;
}

static void nesting(void **state) {
  struct fixture *f = *state;
  assert_non_null(nested(f, "(", "b", ")", EXPR_DEPTH_MAX));
  assert_null(nested(f, "(", "b", ")", EXPR_DEPTH_MAX + 1));
  assert_non_null(nested(f, "not ", "b", "", EXPR_DEPTH_MAX));
  assert_null(nested(f, "not ", "b", "", EXPR_DEPTH_MAX + 1));
  assert_non_null(nested(f, "-", "a", "", EXPR_DEPTH_MAX));
  assert_null(nested(f, "-", "a", "", EXPR_DEPTH_MAX + 1));
  assert_null(nested(f, "(", "", "", 5000));
  /* Brackets side by side are not nested. */
  assert_non_null(nested(f, "(b) or ", "b", "", 500));
}

static void long_chains(void **state) {
  struct fixture *f = *state;
  f->values[SLOT_A] = (struct value){.kind = VALUE_NUMBER, .number = 1};
  f->values[SLOT_B] = (struct value){.kind = VALUE_BOOL, .number = 1};
  struct expr *sum = nested(f, "a+", "a", "", 4095);
  assert_true(expr_check(sum, EXPR_NUMBER, &scope, report, f));
  assert_true(eval(f, sum).number == 4096);
  struct expr *all = nested(f, "b and ", "b", "", 1365);
  assert_true(expr_check(all, EXPR_BOOL, &scope, report, f));
  assert_true(eval(f, all).number == 1);
  const struct expr *list[] = {all};
  assert_int_equal(expr_satisfiable(list, 1, NULL, NULL), EXPR_POSSIBLE);
  struct buf text = {0};
  expr_print(all, &text);
  assert_int_equal(text.len, 1365 * 6 + 1);
  buf_free(&text);
}

static void joined(void **state) {
  struct fixture *f = *state;
  struct expr *left = checked(f, "a = 1 or b", EXPR_BOOL);
  struct expr *right = checked(f, "b and c = 2 and m = 3", EXPR_BOOL);
  assert_ptr_equal(expr_and(NULL, right, f->arena), right);
  assert_ptr_equal(expr_and(left, NULL, f->arena), left);
  assert_null(expr_and(NULL, NULL, f->arena));
  struct expr *both = expr_and(left, right, f->arena);
  assert_int_equal(expr_type_of(both), EXPR_BOOL);
  assert_prints(both, "(a = 1 or b) and b and c = 2 and m = 3");
  assert_prints(left, "a = 1 or b");
  assert_prints(right, "b and c = 2 and m = 3");
  assert_prints(expr_and(right, both, f->arena),
                "b and c = 2 and m = 3 and (a = 1 or b) and b and c = 2 and m = 3");
  static const int three[] = {3};
  f->values[SLOT_B] = (struct value){.kind = VALUE_BOOL, .number = 1};
  f->values[SLOT_CHOICE] = (struct value){.kind = VALUE_NUMBER, .number = 2};
  assert_int_equal(eval(f, both).kind, VALUE_MISSING);
  f->values[SLOT_SET] = (struct value){.kind = VALUE_SET, .codes = three, .code_count = 1};
  assert_true(eval(f, both).number == 1);
  f->values[SLOT_CHOICE].number = 1;
  assert_int_equal(eval(f, both).kind, VALUE_BOOL);
  assert_true(eval(f, both).number == 0);
  expr_variables(both, visit, f);
  assert_int_equal(f->visits, 5);
}

static void variables(void **state) {
  struct fixture *f = *state;
  struct expr *expr = checked(f, "sum(s.r) > 1 and\n not (a in (1, 2) or\r\n\tcount(s) = -a)", EXPR_BOOL);
  expr_variables(expr, visit, f);
  assert_string_equal(f->visited, "5@1:5+1 6@1:7+1 0@2:7+1 5@3:8+1 0@3:14+1 ");
}

static void places(void **state) {
  struct fixture *f = *state;
  assert_refused(f, "a = 1 and\n  b or )", 18, ERR_INPUT, 2, 8);
  struct expr *expr = parse(f, "b and\n t");
  assert_false(expr_check(expr, EXPR_BOOL, &scope, report, f));
  assert_int_equal(f->problems, 1);
  assert_int_equal(f->line, 2);
  assert_int_equal(f->column, 2);
  assert_int_equal(f->len, 1);
  /* Nobody listens. */
  assert_false(expr_check(parse(f, "b and t"), EXPR_BOOL, &scope, NULL, NULL));
}

/* A value of another kind than the scope promised is as good as none. */
static void wrong_kinds(void **state) {
  struct fixture *f = *state;
  static const char *const texts[] = {"a = 1", "b", "t = \"x\"", "c = 1", "m = 1", "m in (1)", "t in (\"x\")", "r = r"};
  static const int codes[] = {1};
  const struct value values[] = {{.kind = VALUE_TEXT, .text = "x"},
                                 {.kind = VALUE_SET, .codes = codes, .code_count = 1},
                                 {.kind = VALUE_NUMBER, .number = NAN},
                                 {.kind = VALUE_NUMBER, .number = INFINITY},
                                 {.kind = VALUE_BOOL, .number = 1}};
  struct expr_scope row_scope = {NULL, SLOT_ROSTER, find, NULL};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct expr *expr = parse(f, texts[i]);
    assert_true(expr_check(expr, EXPR_BOOL, &row_scope, report, f));
    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
      for (int slot = 0; slot < 8; slot++) f->values[slot] = values[v];
      struct value value = eval(f, expr);
      bool right = (v == 0 && texts[i][0] == 't') || (v == 1 && texts[i][0] == 'm') || (v == 4 && texts[i][0] == 'b');
      if ((value.kind == VALUE_MISSING) == right) fail_msg("%s with value %zu", texts[i], v);
    }
  }
}

static void values(void **state) {
  (void)state;
  static const int one_two[] = {1, 2}, one_three[] = {1, 3};
  const struct value all[] = {{.kind = VALUE_MISSING},
                              {.kind = VALUE_NA},
                              {.kind = VALUE_NODATA},
                              {.kind = VALUE_NUMBER, .number = 1},
                              {.kind = VALUE_NUMBER, .number = 2},
                              {.kind = VALUE_DATE, .number = 1},
                              {.kind = VALUE_BOOL, .number = 1},
                              {.kind = VALUE_TEXT, .text = "a"},
                              {.kind = VALUE_TEXT, .text = "b"},
                              {.kind = VALUE_SET, .codes = one_two, .code_count = 2},
                              {.kind = VALUE_SET, .codes = one_two, .code_count = 1},
                              {.kind = VALUE_SET, .codes = one_three, .code_count = 2},
                              {.kind = VALUE_SET}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    assert_int_equal(value_is_missing(&all[i]), i < 3);
    for (size_t j = 0; j < sizeof all / sizeof *all; j++) {
      struct value copy = all[j];
      assert_int_equal(value_equal(&all[i], &copy), i == j);
    }
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(empty),  TEST(not_utf8),  TEST(length_given), TEST(too_long),    TEST(nesting), TEST(long_chains),
      TEST(joined), TEST(variables), TEST(places),       TEST(wrong_kinds), TEST(values),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
