#include <math.h>
#include <string.h>

#include "expr/tree.h"

static enum truth truth_of(const struct expr *node, const struct expr_source *source);

double tree_arithmetic(enum op op, double a, double b) {
  double result = NAN;
  switch (op) {
#define RULE(id, spelling, precedence, rule) \
  case id:                                   \
    result = rule;                           \
    break;
    EXPR_ARITHMETIC(RULE)
#undef RULE
    default:
      break;
  }
  return isfinite(result) ? result : NAN;
}

bool tree_compare(enum op op, double a, double b) {
  switch (op) {
#define RULE(id, spelling, precedence, rule) \
  case id:                                   \
    return rule;
    EXPR_EQUALITY(RULE) EXPR_ORDER(RULE) EXPR_MEMBER(RULE)
#undef RULE
    default:
      return false;
  }
}

/* The truth that decides alone, whatever the other side is. */
static enum truth deciding(enum op op) {
  switch (op) {
#define RULE(id, spelling, precedence, rule) \
  case id:                                   \
    return rule;
    EXPR_LOGIC(RULE)
#undef RULE
    default:
      return TRUTH_UNKNOWN;
  }
}

enum truth tree_logic(enum op op, enum truth a, enum truth b) {
  enum truth decides = deciding(op);
  if (a == decides || b == decides) return decides;
  return a == TRUTH_UNKNOWN ? a : b;
}

bool tree_has_code(const int *codes, int count, double code) {
  for (int i = 0; i < count; i++) {
    if (codes[i] == code) return true;
  }
  return false;
}

static struct value variable_value(const struct expr *node, const struct expr_source *source) {
  return source->get(source->context, node->slot, node->in_row ? source->row : -1);
}

static double figure_of(const struct value *value) {
  bool has_one = value->kind == VALUE_NUMBER || value->kind == VALUE_DATE;
  return has_one && isfinite(value->number) ? value->number : NAN;
}

static double count_of(const struct expr *variable, const struct expr_source *source) {
  if (variable->type == EXPR_ROSTER) return source->row_count(source->context, variable->slot);
  if (variable->roster_name == NULL) {
    struct value value = variable_value(variable, source);
    return value.kind == VALUE_SET ? value.code_count : 0;
  }
  int rows = source->row_count(source->context, variable->roster);
  int count = 0;
  for (int row = 0; row < rows; row++) {
    struct value value = source->get(source->context, variable->slot, row);
    if (!value_is_missing(&value)) count++;
  }
  return count;
}

/* sum, min or max over the rows that have a figure; NaN when none has. */
static double figure_of_rows(enum op op, const struct expr *variable, const struct expr_source *source) {
  int rows = source->row_count(source->context, variable->roster);
  double result = NAN;
  for (int row = 0; row < rows; row++) {
    struct value value = source->get(source->context, variable->slot, row);
    double figure = figure_of(&value);
    if (isnan(figure)) continue;
    if (isnan(result)) {
      result = figure;
    } else if (op == OP_SUM) {
      result += figure;
    } else if (op == OP_MIN ? figure < result : figure > result) {
      result = figure;
    }
  }
  return isfinite(result) ? result : NAN;
}

double tree_number(const struct expr *node, const struct expr_source *source) {
  switch ((enum op)node->op) {
    case OP_NUMBER:
    case OP_DATE:
      return node->number;
    case OP_VARIABLE: {
      struct value value = variable_value(node, source);
      return figure_of(&value);
    }
    case OP_NEGATE:
      return -tree_number(node->left, source);
    case OP_COUNT:
      return count_of(node->left, source);
    case OP_SUM:
    case OP_MIN:
    case OP_MAX:
      return figure_of_rows((enum op)node->op, node->left, source);
    default:
      return tree_arithmetic((enum op)node->op, tree_number(node->left, source), tree_number(node->right, source));
  }
}

/* NULL when unknown. */
static const char *text_of(const struct expr *node, const struct expr_source *source) {
  if (node->op == OP_TEXT) return node->text;
  struct value value = variable_value(node, source);
  return value.kind == VALUE_TEXT ? value.text : NULL;
}

static enum truth truth_from(bool holds) { return holds ? TRUTH_TRUE : TRUTH_FALSE; }

static enum truth compare_numbers(const struct expr *node, const struct expr_source *source) {
  double a = tree_number(node->left, source), b = tree_number(node->right, source);
  if (isnan(a) || isnan(b)) return TRUTH_UNKNOWN;
  return truth_from(tree_compare((enum op)node->op, a, b));
}

static enum truth compare_texts(const struct expr *node, const struct expr_source *source) {
  const char *a = text_of(node->left, source), *b = text_of(node->right, source);
  if (a == NULL || b == NULL) return TRUTH_UNKNOWN;
  return truth_from(tree_compare((enum op)node->op, strcmp(a, b), 0));
}

static enum truth compare_truths(const struct expr *node, const struct expr_source *source) {
  enum truth a = truth_of(node->left, source), b = truth_of(node->right, source);
  if (a == TRUTH_UNKNOWN || b == TRUTH_UNKNOWN) return TRUTH_UNKNOWN;
  return truth_from(tree_compare((enum op)node->op, a, b));
}

static enum truth compare_set(const struct expr *node, const struct expr_source *source) {
  bool set_left = node->left->type == EXPR_SET;
  const struct expr *code = set_left ? node->right : node->left;
  struct value set = variable_value(set_left ? node->left : node->right, source);
  if (set.kind != VALUE_SET) return TRUTH_UNKNOWN;
  return truth_from(tree_compare((enum op)node->op, tree_has_code(set.codes, set.code_count, code->number), true));
}

static enum truth compare(const struct expr *node, const struct expr_source *source) {
  switch ((enum compare)node->compare) {
    case COMPARE_NUMBER:
      return compare_numbers(node, source);
    case COMPARE_TEXT:
      return compare_texts(node, source);
    case COMPARE_BOOL:
      return compare_truths(node, source);
    case COMPARE_SET:
      return compare_set(node, source);
  }
  return TRUTH_UNKNOWN;
}

static enum truth member_number(const struct expr *node, const struct expr_source *source) {
  double number = tree_number(node->left, source);
  if (isnan(number)) return TRUTH_UNKNOWN;
  for (const struct expr *item = node->right; item != NULL; item = item->next) {
    if (tree_compare(OP_IN, number, item->number)) return TRUTH_TRUE;
  }
  return TRUTH_FALSE;
}

static enum truth member_text(const struct expr *node, const struct expr_source *source) {
  const char *text = text_of(node->left, source);
  if (text == NULL) return TRUTH_UNKNOWN;
  for (const struct expr *item = node->right; item != NULL; item = item->next) {
    if (strcmp(text, item->text) == 0) return TRUTH_TRUE;
  }
  return TRUTH_FALSE;
}

static enum truth member_set(const struct expr *node, const struct expr_source *source) {
  struct value set = variable_value(node->left, source);
  if (set.kind != VALUE_SET) return TRUTH_UNKNOWN;
  for (const struct expr *item = node->right; item != NULL; item = item->next) {
    if (tree_has_code(set.codes, set.code_count, item->number)) return TRUTH_TRUE;
  }
  return TRUTH_FALSE;
}

static enum truth member(const struct expr *node, const struct expr_source *source) {
  if (node->compare == COMPARE_SET) return member_set(node, source);
  return node->compare == COMPARE_TEXT ? member_text(node, source) : member_number(node, source);
}

static enum truth logic(const struct expr *node, const struct expr_source *source) {
  enum truth left = truth_of(node->left, source);
  if (left == deciding((enum op)node->op)) return left;
  return tree_logic((enum op)node->op, left, truth_of(node->right, source));
}

static enum truth truth_of_variable(const struct expr *node, const struct expr_source *source) {
  struct value value = variable_value(node, source);
  return value.kind == VALUE_BOOL ? truth_from(value.number != 0) : TRUTH_UNKNOWN;
}

static enum truth truth_of(const struct expr *node, const struct expr_source *source) {
  switch ((enum op)node->op) {
    case OP_OR:
    case OP_AND:
      return logic(node, source);
    case OP_NOT:
      return (enum truth)(TRUTH_TRUE - truth_of(node->left, source));
    case OP_IN:
      return member(node, source);
    case OP_ANSWERED:
      return truth_from(variable_value(node->left, source).kind != VALUE_MISSING);
    case OP_NA:
      return truth_from(variable_value(node->left, source).kind == VALUE_NA);
    case OP_NODATA:
      return truth_from(variable_value(node->left, source).kind == VALUE_NODATA);
    case OP_SPECIAL: {
      enum value_kind kind = variable_value(node->left, source).kind;
      return truth_from(kind == VALUE_NA || kind == VALUE_NODATA);
    }
    case OP_BOOL:
      return truth_from(node->number != 0);
    case OP_VARIABLE:
      return truth_of_variable(node, source);
    default:
      return compare(node, source);
  }
}

static struct value eval_figure(const struct expr *expr, const struct expr_source *source, enum value_kind kind) {
  double number = tree_number(expr, source);
  return isnan(number) ? (struct value){.kind = VALUE_MISSING} : (struct value){.kind = kind, .number = number};
}

struct value expr_eval(const struct expr *expr, const struct expr_source *source) {
  switch (expr->type) {
    case EXPR_BOOL: {
      enum truth truth = truth_of(expr, source);
      if (truth == TRUTH_UNKNOWN) return (struct value){.kind = VALUE_MISSING};
      return (struct value){.kind = VALUE_BOOL, .number = truth == TRUTH_TRUE};
    }
    case EXPR_NUMBER:
    case EXPR_CHOICE:
      return eval_figure(expr, source, VALUE_NUMBER);
    case EXPR_DATE:
      return eval_figure(expr, source, VALUE_DATE);
    case EXPR_TEXT: {
      const char *text = text_of(expr, source);
      return text != NULL ? (struct value){.kind = VALUE_TEXT, .text = text} : (struct value){.kind = VALUE_MISSING};
    }
    default: /* a set as a whole, which only a variable can be */
      return (struct value){.kind = VALUE_MISSING};
  }
}

bool expr_is_true(const struct expr *expr, const struct expr_source *source) {
  return truth_of(expr, source) == TRUTH_TRUE;
}

bool expr_is_false(const struct expr *expr, const struct expr_source *source) {
  return truth_of(expr, source) == TRUTH_FALSE;
}
