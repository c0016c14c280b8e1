#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "expr/tree.h"

#define LABEL_MAX 48   /* bytes of an expression that a message repeats */
#define OPTIONS_MAX 30 /* codes that a message lists */
#define MESSAGE_MAX 1024

struct check {
  const struct expr_scope *scope;
  expr_report *report;
  void *report_context;
  struct arena *arena; /* texts of messages; only there once something is wrong */
  bool ok;
};

static int check_node(struct check *check, struct expr *node);

static struct arena *texts(struct check *check) {
  if (check->arena == NULL) check->arena = arena_new();
  return check->arena;
}

static void problem_at(struct check *check, const struct expr *node, int skip, int len, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* skip, len: the part of the node's token that is meant. */
static void problem_at(struct check *check, const struct expr *node, int skip, int len, const char *format, ...) {
  char *text = arena_alloc(texts(check), MESSAGE_MAX);
  va_list args;
  va_start(args, format);
  vsnprintf(text, MESSAGE_MAX, format, args);
  va_end(args);
  check->ok = false;
  if (check->report != NULL) check->report(check->report_context, node->line, node->column + skip, len, text);
}

#define problem(check, node, ...) problem_at(check, node, 0, (node)->len, __VA_ARGS__)

/* The expression as text for a message, cut when it is long. */
static const char *label(struct check *check, const struct expr *node) {
  struct buf text = {0};
  expr_print(node, &text);
  size_t len = utf8_cut(buf_text(&text), text.len, LABEL_MAX);
  const char *copy = arena_printf(texts(check), "%.*s%s", (int)len, buf_text(&text), len < text.len ? "…" : "");
  buf_free(&text);
  return copy;
}

static const char *noun(int type) {
  switch (type) {
    case EXPR_BOOL:
      return "a condition";
    case EXPR_NUMBER:
      return "a number";
    case EXPR_TEXT:
      return "a text";
    case EXPR_DATE:
      return "a date";
    case EXPR_CHOICE:
      return "a choice";
    case EXPR_SET:
      return "a multiple choice";
    default:
      return "a roster";
  }
}

static const char *spelling(const struct expr *node) { return expr_operators[node->op].spelling; }

static bool has_codes(int type) { return type == EXPR_CHOICE || type == EXPR_SET; }
static bool is_figure(int type) { return type == EXPR_NUMBER || type == EXPR_DATE; }

static bool find(struct check *check, const struct expr *node, const char *what, const char *name, int skip,
                 struct expr_variable *out) {
  *out = (struct expr_variable){.slot = -1, .roster = -1};
  if (check->scope->find(check->scope->context, name, out)) return true;
  const char *near = check->scope->suggest != NULL ? check->scope->suggest(check->scope->context, name) : NULL;
  if (near != NULL) {
    problem_at(check, node, skip, (int)strlen(name), "unknown %s \"%s\"; did you mean \"%s\"?", what, name, near);
  } else {
    problem_at(check, node, skip, (int)strlen(name), "unknown %s \"%s\"", what, name);
  }
  return false;
}

static int bind(struct expr *node, const struct expr_variable *variable) {
  node->slot = variable->slot;
  node->roster = variable->roster;
  node->codes = variable->codes;
  node->code_count = variable->code_count;
  node->type = (int8_t)variable->type;
  return node->type;
}

/* A name without a dot, rosters included. */
static int check_bare(struct check *check, struct expr *node) {
  struct expr_variable variable;
  if (!find(check, node, "question", node->spelling, 0, &variable)) return TYPE_BROKEN;
  if (variable.roster >= 0 && variable.roster != check->scope->roster) {
    problem(check, node, "%s is asked once for every row: outside of its roster use count, sum, min or max of ROSTER.%s",
            node->spelling, node->spelling);
    return TYPE_BROKEN;
  }
  node->in_row = variable.roster >= 0;
  return bind(node, &variable);
}

/* roster.question */
static int check_dotted(struct check *check, struct expr *node) {
  struct expr_variable roster, question;
  int skip = (int)strlen(node->roster_name) + 1;
  bool found = find(check, node, "roster", node->roster_name, 0, &roster);
  if (found && roster.type != EXPR_ROSTER) {
    problem_at(check, node, 0, skip - 1, "%s is not a roster", node->roster_name);
    found = false;
  }
  if (!find(check, node, "question", node->spelling, skip, &question) || !found) return TYPE_BROKEN;
  if (question.type == EXPR_ROSTER || question.roster != roster.slot) {
    problem_at(check, node, skip, (int)strlen(node->spelling), "%s is not a question of %s", node->spelling,
               node->roster_name);
    return TYPE_BROKEN;
  }
  return bind(node, &question);
}

/* A name that stands for one value. */
static int check_variable(struct check *check, struct expr *node) {
  if (node->roster_name != NULL) {
    problem(check, node, "%s.%s has a value for every row: use it inside count, sum, min or max", node->roster_name,
            node->spelling);
    return TYPE_BROKEN;
  }
  int type = check_bare(check, node);
  if (type != EXPR_ROSTER) return type;
  problem(check, node, "%s is a roster; count(%s) is the number of its rows", node->spelling, node->spelling);
  return TYPE_BROKEN;
}

static void check_rows(struct check *check, const struct expr *node) {
  const struct expr *argument = node->left;
  if (argument->roster_name == NULL) {
    problem(check, argument, "\"%s\" takes roster.question, but %s is %s", spelling(node), argument->spelling,
            noun(argument->type));
  } else if (node->op == OP_SUM && argument->type != EXPR_NUMBER) {
    problem(check, argument, "\"sum\" needs numbers, but %s is %s", label(check, argument), noun(argument->type));
  } else if (!is_figure(argument->type)) {
    problem(check, argument, "\"%s\" needs numbers or dates, but %s is %s", spelling(node), label(check, argument),
            noun(argument->type));
  }
}

static int check_function(struct check *check, struct expr *node) {
  struct expr *argument = node->left;
  bool of_rows = node->op == OP_SUM || node->op == OP_MIN || node->op == OP_MAX;
  bool aggregate = of_rows || node->op == OP_COUNT;
  int result = aggregate ? EXPR_NUMBER : EXPR_BOOL;
  int type;
  if (!aggregate) {
    check_variable(check, argument);
    return result;
  }
  type = argument->roster_name != NULL ? check_dotted(check, argument) : check_bare(check, argument);
  if (type == TYPE_BROKEN) return node->op == OP_MIN || node->op == OP_MAX ? TYPE_BROKEN : result;
  if (of_rows) {
    check_rows(check, node);
    return node->op != OP_SUM && type == EXPR_DATE ? EXPR_DATE : EXPR_NUMBER;
  }
  if (argument->roster_name == NULL && type != EXPR_SET && type != EXPR_ROSTER) {
    problem(check, argument, "\"count\" takes %s, but %s is %s", expr_operators[OP_COUNT].takes, argument->spelling,
            noun(type));
  }
  return result;
}

/* In `F14 = 1 or 2` the right side is a number: what was meant needs saying. */
static const char *hint_of_list(struct check *check, const struct expr *node, const struct expr *side) {
  const struct expr *left = node->left;
  if (node->op != OP_OR || side != node->right || side->op != OP_NUMBER) return "";
  if (left->op != OP_EQ || left->right->op != OP_NUMBER) return "";
  return arena_printf(texts(check), "; write %s in (%s, %s)", label(check, left->left), left->right->spelling,
                      side->spelling);
}

static void need(struct check *check, const struct expr *node, const struct expr *side, int type, int wanted) {
  if (type == wanted || type == TYPE_BROKEN) return;
  problem(check, side, "\"%s\" needs %s, but %s is %s%s", spelling(node),
          wanted == EXPR_BOOL ? "conditions" : "numbers", label(check, side), noun(type),
          hint_of_list(check, node, side));
}

static void check_code(struct check *check, const struct expr *variable, const struct expr *code) {
  if (tree_has_code(variable->codes, variable->code_count, code->number)) return;
  struct buf list = {0};
  for (int i = 0; i < variable->code_count && i < OPTIONS_MAX; i++) {
    buf_printf(&list, "%s%d", i > 0 ? ", " : "", variable->codes[i]);
  }
  if (variable->code_count > OPTIONS_MAX) buf_puts(&list, ", …");
  problem(check, code, "%s has no option %s; its options are %s", variable->spelling, code->spelling, buf_text(&list));
  buf_free(&list);
}

static void cannot_compare(struct check *check, const struct expr *node, const struct expr *other) {
  const struct expr *left = node->left;
  bool date_as_text = (left->type == EXPR_DATE && other->op == OP_TEXT) ||
                      (other->type == EXPR_DATE && left->op == OP_TEXT);
  problem(check, node->op == OP_IN ? other : node, "\"%s\" cannot compare %s, %s, with %s, %s%s", spelling(node),
          label(check, left), noun(left->type), label(check, other), noun(other->type),
          date_as_text ? "; a date is written date(\"2017-11-06\")" : "");
}

/* One side is a choice or a multiple choice. */
static void check_coded(struct check *check, struct expr *node) {
  bool coded_left = has_codes(node->left->type);
  const struct expr *coded = coded_left ? node->left : node->right;
  const struct expr *code = coded_left ? node->right : node->left;
  if (has_codes(code->type)) {
    problem(check, node, "two choices cannot be compared; compare %s with one of its codes", coded->spelling);
  } else if (code->op != OP_NUMBER) {
    problem(check, code, "%s is %s: compare it with one of its codes, not with %s", coded->spelling, noun(coded->type),
            label(check, code));
  } else {
    check_code(check, coded, code);
  }
  node->compare = coded->type == EXPR_SET ? COMPARE_SET : COMPARE_NUMBER;
}

static void set_compare(struct expr *node, int type) {
  node->compare = COMPARE_NUMBER;
  if (type == EXPR_TEXT) node->compare = COMPARE_TEXT;
  if (type == EXPR_BOOL) node->compare = COMPARE_BOOL;
  if (type == EXPR_SET) node->compare = COMPARE_SET;
}

static void check_equality(struct check *check, struct expr *node, int left, int right) {
  if (left == TYPE_BROKEN || right == TYPE_BROKEN) return;
  if (has_codes(left) || has_codes(right)) {
    check_coded(check, node);
  } else if (left != right) {
    cannot_compare(check, node, node->right);
  } else {
    set_compare(node, left);
  }
}

static void check_order(struct check *check, struct expr *node, int left, int right) {
  if (left == TYPE_BROKEN || right == TYPE_BROKEN) return;
  bool date_as_text = (left == EXPR_DATE && right == EXPR_TEXT) || (left == EXPR_TEXT && right == EXPR_DATE);
  if (date_as_text || (left != right && is_figure(left) && is_figure(right))) {
    cannot_compare(check, node, node->right);
    return;
  }
  const struct expr *sides[] = {node->left, node->right};
  for (int i = 0; i < 2; i++) {
    if (is_figure(sides[i]->type)) continue;
    problem(check, sides[i], "\"%s\" compares numbers or dates, but %s is %s", spelling(node), label(check, sides[i]),
            noun(sides[i]->type));
  }
  node->compare = COMPARE_NUMBER;
}

static void check_member(struct check *check, struct expr *node, int left) {
  for (struct expr *item = node->right; item != NULL; item = item->next) check_node(check, item);
  if (left == TYPE_BROKEN) return;
  if (left == EXPR_BOOL) {
    problem(check, node->left, "\"in\" needs a choice, a number, a text or a date, but %s is a condition",
            label(check, node->left));
    return;
  }
  for (struct expr *item = node->right; item != NULL; item = item->next) {
    if (has_codes(left) && item->type == EXPR_NUMBER) {
      check_code(check, node->left, item);
    } else if (item->type != left) {
      cannot_compare(check, node, item);
    }
  }
  set_compare(node, left);
}

static int check_operator(struct check *check, struct expr *node) {
  enum op_class class = expr_operators[node->op].class;
  int left = check_node(check, node->left);
  int right = class == CLASS_MEMBER || class == CLASS_PREFIX ? TYPE_BROKEN : check_node(check, node->right);
  switch (class) {
    case CLASS_EQUALITY:
      check_equality(check, node, left, right);
      return EXPR_BOOL;
    case CLASS_ORDER:
      check_order(check, node, left, right);
      return EXPR_BOOL;
    case CLASS_MEMBER:
      check_member(check, node, left);
      return EXPR_BOOL;
    default: { /* logic, arithmetic and the prefixes: every side has the type of the result */
      int type = class == CLASS_LOGIC || node->op == OP_NOT ? EXPR_BOOL : EXPR_NUMBER;
      need(check, node, node->left, left, type);
      need(check, node, node->right, right, type);
      return type;
    }
  }
}

/* Sets and returns the node's type. */
static int check_node(struct check *check, struct expr *node) {
  int type;
  switch ((enum op)node->op) {
    case OP_NUMBER:
      type = EXPR_NUMBER;
      break;
    case OP_TEXT:
      type = EXPR_TEXT;
      break;
    case OP_BOOL:
      type = EXPR_BOOL;
      break;
    case OP_DATE:
      type = EXPR_DATE;
      break;
    case OP_VARIABLE:
      type = check_variable(check, node);
      break;
    default:
      type = expr_operators[node->op].class == CLASS_FUNCTION ? check_function(check, node)
                                                              : check_operator(check, node);
      break;
  }
  node->type = (int8_t)type;
  return type;
}

bool expr_check(struct expr *expr, enum expr_type want, const struct expr_scope *scope, expr_report *report,
                void *report_context) {
  struct check check = {.scope = scope, .report = report, .report_context = report_context, .ok = true};
  int type = check_node(&check, expr);
  if (type != TYPE_BROKEN && type != (int)want) {
    problem(&check, expr, "expected %s, but %s is %s", noun((int)want), label(&check, expr), noun(type));
  }
  arena_free(check.arena);
  return check.ok;
}

enum expr_type expr_type_of(const struct expr *expr) { return (enum expr_type)expr->type; }

static void visit_variable(const struct expr *node, expr_visit *visit, void *context) {
  int skip = 0;
  if (node->roster_name != NULL) {
    skip = (int)strlen(node->roster_name) + 1;
    visit(context, node->roster, node->line, node->column, skip - 1);
  }
  visit(context, node->slot, node->line, node->column + skip, node->len - skip);
}

void expr_variables(const struct expr *expr, expr_visit *visit, void *context) {
  if (expr->op == OP_VARIABLE) {
    visit_variable(expr, visit, context);
  } else if (expr->op < OP_NUMBER) {
    enum op_class class = expr_operators[expr->op].class;
    expr_variables(expr->left, visit, context);
    bool one_sided = class == CLASS_PREFIX || class == CLASS_FUNCTION || class == CLASS_MEMBER;
    if (!one_sided) expr_variables(expr->right, visit, context);
  }
}
