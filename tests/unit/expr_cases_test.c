/* Runs tests/expr/NAME.test. A case is three lines (more where more is expected), cases are parted by empty lines, # begins
 * a comment line:
 *
 *   F14 = 1 and sum(s.P52) > 10                        the expression
 *   F14=choice(1,2,3):1 s.P52=number:10|-|na           the variables and their values, - when there are none
 *   true                                               what it comes to
 *
 * Variables: NAME=TYPE:VALUE with choice(CODES), set(CODES), number, text, date, bool. Values: - missing, na, nodata,
 * 47, 1,99 (a set), "text", 2017-11-06, true. ROSTER.NAME=TYPE:VALUE|VALUE|… is a question of a roster, one value a row,
 * none when there is nothing behind the colon. @ROSTER:2 evaluates in the second row.
 *
 * Expected: true, false, unknown; number N, number unknown; date D, date unknown; text "T", text unknown;
 * error COLUMN: MESSAGE (one line for each, in order; the first one after "number" when a number is wanted); prints TEXT.
 *
 * Every case that parses is also printed, parsed and printed again; every name must be where expr_variables says; and what
 * came out true must not count as impossible. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>

#include "base/clock.h"
#include "base/file.h"
#include "expr/expr.h"

#define NAMES_MAX 16
#define ROWS_MAX 8
#define CODES_MAX 64

struct variable {
  const char *name;
  enum expr_type type;
  int roster; /* index of its roster, -1 */
  int codes[CODES_MAX];
  int code_count;
  struct value values[ROWS_MAX]; /* [0] outside of rosters */
  int value_count;
};

struct test_case {
  const char *file;
  int line;
  char *expression;
  struct variable variables[NAMES_MAX];
  int variable_count;
  int roster, row; /* where it is evaluated, -1 */
  struct buf found; /* what came out, one line for each */
  struct arena *arena;
};

static struct variable *find_variable(struct test_case *c, const char *name) {
  for (int i = 0; i < c->variable_count; i++) {
    if (strcmp(c->variables[i].name, name) == 0) return &c->variables[i];
  }
  return NULL;
}

static int add_roster(struct test_case *c, const char *name) {
  struct variable *roster = find_variable(c, name);
  if (roster == NULL) {
    roster = &c->variables[c->variable_count++];
    *roster = (struct variable){.name = name, .type = EXPR_ROSTER, .roster = -1};
  }
  return (int)(roster - c->variables);
}

static int read_codes(struct test_case *c, const char *text, int **out) {
  int *codes = arena_array(c->arena, CODES_MAX, sizeof *codes);
  int count = 0;
  char *end;
  for (const char *at = text; count < CODES_MAX; at = end + 1) {
    codes[count++] = (int)strtol(at, &end, 10);
    assert_true(end > at);
    if (*end != ',') break;
  }
  *out = codes;
  return count;
}

static struct value read_value(struct test_case *c, enum expr_type type, const char *text) {
  struct value value = {.kind = VALUE_NUMBER};
  int days, *codes;
  if (strcmp(text, "-") == 0) return (struct value){.kind = VALUE_MISSING};
  if (strcmp(text, "na") == 0) return (struct value){.kind = VALUE_NA};
  if (strcmp(text, "nodata") == 0) return (struct value){.kind = VALUE_NODATA};
  switch (type) {
    case EXPR_SET:
      value.kind = VALUE_SET;
      value.code_count = read_codes(c, text, &codes);
      value.codes = codes;
      break;
    case EXPR_TEXT:
      value.kind = VALUE_TEXT;
      value.text = arena_copy_len(c->arena, text + 1, strlen(text) - 2);
      break;
    case EXPR_DATE:
      assert_true(clock_parse_date(text, strlen(text), &days));
      value.kind = VALUE_DATE;
      value.number = days;
      break;
    case EXPR_BOOL:
      value.kind = VALUE_BOOL;
      value.number = strcmp(text, "true") == 0;
      break;
    default:
      value.number = strtod(text, NULL);
      break;
  }
  return value;
}

static void read_type(struct test_case *c, struct variable *variable, char *text) {
  static const struct {
    const char *name;
    enum expr_type type;
  } types[] = {{"number", EXPR_NUMBER}, {"text", EXPR_TEXT},     {"date", EXPR_DATE},
               {"bool", EXPR_BOOL},     {"choice", EXPR_CHOICE}, {"set", EXPR_SET}};
  char *open = strchr(text, '(');
  if (open != NULL) {
    int *codes;
    *open = '\0';
    variable->code_count = read_codes(c, open + 1, &codes);
    memcpy(variable->codes, codes, (size_t)variable->code_count * sizeof *codes);
  }
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    if (strcmp(types[i].name, text) != 0) continue;
    variable->type = types[i].type;
    return;
  }
  fail_msg("%s:%d: no type %s", c->file, c->line, text);
}

/* NAME=TYPE:VALUE, ROSTER.NAME=TYPE:VALUE|VALUE or @ROSTER:ROW; text is changed. */
static void read_variable(struct test_case *c, char *text) {
  char *equals = strchr(text, '='), *colon = strchr(text, ':');
  assert_non_null(colon);
  *colon = '\0';
  if (text[0] == '@') {
    c->roster = add_roster(c, text + 1);
    c->row = atoi(colon + 1) - 1;
    return;
  }
  assert_non_null(equals);
  *equals = '\0';
  char *point = strchr(text, '.');
  if (point != NULL) *point = '\0';
  int roster = point != NULL ? add_roster(c, text) : -1;
  assert_true(c->variable_count < NAMES_MAX);
  struct variable *variable = &c->variables[c->variable_count++];
  *variable = (struct variable){.name = point != NULL ? point + 1 : text, .roster = roster};
  read_type(c, variable, equals + 1);
  char *save = NULL;
  for (char *one = strtok_r(colon + 1, "|", &save); one != NULL; one = strtok_r(NULL, "|", &save)) {
    variable->values[variable->value_count++] = read_value(c, variable->type, one);
  }
  if (roster >= 0) c->variables[roster].value_count = variable->value_count;
}

/* Words are parted by spaces outside of quotes. */
static void read_variables(struct test_case *c, char *line) {
  if (strcmp(line, "-") == 0) return;
  bool quoted = false;
  char *start = line;
  for (char *at = line;; at++) {
    if (*at == '"') quoted = !quoted;
    if (*at != '\0' && (*at != ' ' || quoted)) continue;
    bool last = *at == '\0';
    *at = '\0';
    if (at > start) read_variable(c, start);
    start = at + 1;
    if (last) return;
  }
}

static bool scope_find(void *context, const char *name, struct expr_variable *out) {
  struct test_case *c = context;
  struct variable *variable = find_variable(c, name);
  if (variable == NULL) return false;
  *out = (struct expr_variable){variable->type, (int)(variable - c->variables), variable->roster, variable->codes,
                                variable->code_count};
  return true;
}

/* The first name that begins with the same letter: what is near is not this module's to say. */
static const char *scope_suggest(void *context, const char *name) {
  struct test_case *c = context;
  for (int i = 0; i < c->variable_count; i++) {
    if (c->variables[i].name[0] == name[0]) return c->variables[i].name;
  }
  return NULL;
}

static struct value source_get(void *context, int slot, int row) {
  struct test_case *c = context;
  const struct variable *variable = &c->variables[slot];
  assert_true(variable->roster >= 0 ? row >= 0 : row == -1);
  int index = row < 0 ? 0 : row;
  assert_true(index < variable->value_count);
  return variable->values[index];
}

static int source_rows(void *context, int slot) {
  struct test_case *c = context;
  assert_int_equal(c->variables[slot].type, EXPR_ROSTER);
  return c->variables[slot].value_count;
}

static void report(void *context, int line, int column, int len, const char *message) {
  struct test_case *c = context;
  assert_int_equal(line, 1);
  assert_true(len > 0);
  buf_printf(&c->found, "error %d: %s\n", column, message);
}

static void check_place(void *context, int slot, int line, int column, int len) {
  struct test_case *c = context;
  const char *name = c->variables[slot].name;
  size_t at = 0;
  assert_int_equal(line, 1);
  for (int i = 1; i < column; i++) { /* columns are characters */
    at++;
    while (((unsigned char)c->expression[at] & 0xC0) == 0x80) at++;
  }
  if (strlen(name) != (size_t)len || strncmp(c->expression + at, name, strlen(name)) != 0) {
    fail_msg("%s:%d: %s is not at column %d", c->file, c->line, name, column);
  }
}

static void print_result(struct test_case *c, enum expr_type want, const struct value *value) {
  static const char *const kinds[] = {"", "number ", "text ", "date "};
  char date[11];
  buf_puts(&c->found, kinds[want]);
  switch (value->kind) {
    case VALUE_MISSING:
      buf_puts(&c->found, "unknown");
      break;
    case VALUE_BOOL:
      buf_puts(&c->found, value->number != 0 ? "true" : "false");
      break;
    case VALUE_NUMBER:
      buf_printf(&c->found, "%.15g", value->number);
      break;
    case VALUE_DATE:
      clock_format_date((int)value->number, date);
      buf_puts(&c->found, date);
      break;
    case VALUE_TEXT:
      buf_printf(&c->found, "\"%s\"", value->text);
      break;
    default:
      buf_printf(&c->found, "kind %d", (int)value->kind);
      break;
  }
  buf_putc(&c->found, '\n');
}

static const char *print(struct test_case *c, const struct expr *expr) {
  struct buf text = {0};
  expr_print(expr, &text);
  const char *copy = arena_copy(c->arena, buf_text(&text));
  buf_free(&text);
  return copy;
}

/* NULL after an error, which is then in found. */
static struct expr *parse(struct test_case *c, const char *text) {
  struct err err = {0};
  struct expr *expr = expr_parse(text, strlen(text), c->arena, &err);
  assert_int_equal(expr == NULL, err.code != ERR_NONE);
  if (expr == NULL) buf_printf(&c->found, "error %d: %s\n", err.column, err.text);
  return expr;
}

static void run(struct test_case *c, enum expr_type want) {
  struct expr_scope scope = {c, c->roster, scope_find, scope_suggest};
  struct expr_source source = {c, c->row, source_get, source_rows};
  struct expr *expr = parse(c, c->expression);
  if (expr == NULL) return;
  const char *text = print(c, expr);
  struct expr *again = parse(c, text);
  assert_non_null(again);
  if (strcmp(print(c, again), text) != 0) buf_printf(&c->found, "printed again: %s\n", print(c, again));
  if (!expr_check(expr, want, &scope, report, c)) return;
  assert_int_equal(expr_type_of(expr), want);
  expr_variables(expr, check_place, c);
  struct value value = expr_eval(expr, &source);
  print_result(c, want, &value);
  /* Brackets that are printed or left out wrongly come to another value. */
  assert_true(expr_check(again, want, &scope, report, c));
  struct value value_again = expr_eval(again, &source);
  if (!value_equal(&value, &value_again)) buf_printf(&c->found, "printed and parsed it differs: %s\n", text);
  if (want != EXPR_BOOL) return;
  assert_int_equal(expr_is_true(expr, &source), value.kind == VALUE_BOOL && value.number == 1);
  assert_int_equal(expr_is_false(expr, &source), value.kind == VALUE_BOOL && value.number == 0);
  const struct expr *list[] = {expr};
  if (expr_is_true(expr, &source) && expr_satisfiable(list, 1, NULL, NULL) == EXPR_NEVER) {
    buf_puts(&c->found, "true, but counted as impossible\n");
  }
}

static enum expr_type wanted_type(const char *expected) {
  if (strncmp(expected, "number ", 7) == 0) return EXPR_NUMBER;
  if (strncmp(expected, "text ", 5) == 0) return EXPR_TEXT;
  if (strncmp(expected, "date ", 5) == 0) return EXPR_DATE;
  return EXPR_BOOL;
}

/* Lines: the expression, the variables, what is expected; returns whether that came out. */
static bool run_case(const char *file, int line, char **lines, int count) {
  struct test_case c = {.file = file, .line = line, .expression = lines[0], .roster = -1, .row = -1};
  struct buf expected = {0};
  if (count < 3) fail_msg("%s:%d: a case has three lines", file, line);
  c.arena = arena_new();
  read_variables(&c, lines[1]);
  enum expr_type want = wanted_type(lines[2]);
  bool typed_error = strstr(lines[2], " error ") != NULL && want != EXPR_BOOL;
  bool prints = false;
  for (int i = 2; i < count; i++) {
    prints = prints || strncmp(lines[i], "prints ", 7) == 0;
    buf_printf(&expected, "%s\n", typed_error && i == 2 ? strchr(lines[i], ' ') + 1 : lines[i]);
  }
  run(&c, want);
  struct expr *expr = prints ? expr_parse(c.expression, strlen(c.expression), c.arena, NULL) : NULL;
  if (expr != NULL) buf_printf(&c.found, "prints %s\n", print(&c, expr));
  bool same = strcmp(buf_text(&expected), buf_text(&c.found)) == 0;
  if (!same) {
    print_error("%s:%d: %s\nexpected %sgot      %s\n", file, line, c.expression, buf_text(&expected),
                buf_text(&c.found));
  }
  buf_free(&expected);
  buf_free(&c.found);
  arena_free(c.arena);
  return same;
}

static void test_file(void **state) {
  const char *file = *state;
  struct buf text = {0};
  char *lines[16];
  int line = 0, count = 0, start = 0, cases = 0, failures = 0;
  assert_true(file_read(file, 1 << 20, &text, NULL));
  buf_puts(&text, "\n\n");
  char *next = text.data;
  for (char *at = text.data; *at != '\0'; at = next) {
    char *end = strchr(at, '\n');
    next = end != NULL ? end + 1 : at + strlen(at);
    if (end != NULL) *end = '\0';
    line++;
    if (*at == '#') continue;
    if (*at != '\0') {
      assert_true(count < 16);
      if (count == 0) start = line;
      lines[count++] = at;
    } else if (count > 0) {
      failures += run_case(file, start, lines, count) ? 0 : 1;
      cases++;
      count = 0;
    }
  }
  buf_free(&text);
  print_message("%s: %d cases\n", file, cases);
  assert_true(cases > 0);
  if (failures > 0) fail_msg("%s: %d of %d cases failed", file, failures, cases);
}

int main(void) {
  glob_t files;
  if (glob("tests/expr/*.test", 0, NULL, &files) != 0) {
    fprintf(stderr, "tests/expr/*.test: no such files\n");
    return 1;
  }
  struct CMUnitTest *tests = calloc(files.gl_pathc, sizeof *tests);
  if (tests == NULL) return 1;
  for (size_t i = 0; i < files.gl_pathc; i++) {
    tests[i] = (struct CMUnitTest){.name = files.gl_pathv[i], .test_func = test_file, .initial_state = files.gl_pathv[i]};
  }
  int failed = _cmocka_run_group_tests("expr_cases", tests, files.gl_pathc, NULL, NULL);
  free(tests);
  globfree(&files);
  return failed;
}
