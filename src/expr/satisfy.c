/* Whether filters can be true together: a search over what their questions may be answered.
 *
 * Every question named, and every question named in the guards of those, becomes a variable with a short list of points.
 * A point is a set of answers that the expressions cannot tell apart: a code, the codes that nobody names, a constant,
 * the figures between two constants, missing. Expressions are evaluated over points to the set of truths they may come
 * to, which is never too small; so what is never true here is never true. Figures that are calculated, sums over rosters
 * and the like may be anything. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "expr/tree.h"

#define EVALUATIONS_MAX 40000 /* nodes looked at: about a millisecond */
#define SET_CODES_MAX 10  /* codes of a multiple choice that are told apart */
#define VARIABLES_MAX 256 /* guards beyond are left out, which is on the safe side */

/* A set of truths: bit 1 << enum truth. */
typedef unsigned truths;
#define MAY_BE(truth) (1u << (truth))
#define ANY_TRUTH (MAY_BE(TRUTH_FALSE) | MAY_BE(TRUTH_UNKNOWN) | MAY_BE(TRUTH_TRUE))
#define FALSE_OR_TRUE (MAY_BE(TRUTH_FALSE) | MAY_BE(TRUTH_TRUE))

/* What a figure may be: unknown, or from low to high, or both. */
struct range {
  bool unknown, known;
  double low, high;
};

/* What a text may be. */
struct wording {
  bool unknown, known;
  const char *text; /* NULL: anything */
  bool apart;       /* not equal to any constant it is compared with */
};

struct point {
  enum value_kind kind; /* VALUE_MISSING, VALUE_NA, VALUE_NODATA; everything else stands for an answer */
  double low, high;     /* figures; choices: the code; multiple choices: how many are chosen */
  const char *text;     /* texts; NULL: another than those that are named */
  unsigned chosen;      /* multiple choices: bit i for the i-th named code */
};

/* A constant that the variable is compared with. */
struct mark {
  double number;
  const char *text;
  struct mark *next;
};

struct variable {
  int slot;
  int type;
  const int *codes;
  int code_count;
  bool counted; /* count(X): all codes matter */
  struct mark *marks;
  double *named; /* the marks' numbers, ascending */
  int named_count;
  bool coarse; /* a multiple choice with too many named codes to tell them apart */
  struct point *points;
  size_t point_count;
  const struct expr *guard;
  const struct point *now; /* NULL: not chosen yet, may be anything */
};

struct search {
  struct arena *arena;
  const struct expr *const *list;
  size_t list_count;
  struct variable *variables;
  size_t count;
  long evaluations;
};

enum standing { STANDS_NEVER, STANDS_OPEN, STANDS_TRUE };

static truths truths_of(struct search *search, const struct expr *node);

static struct variable *find_variable(struct search *search, int slot) {
  for (size_t i = 0; i < search->count; i++) {
    if (search->variables[i].slot == slot) return &search->variables[i];
  }
  return NULL;
}

/* NULL when there are too many. */
static struct variable *add_variable(struct search *search, int slot, int type) {
  struct variable *variable = find_variable(search, slot);
  if (variable != NULL || search->count == VARIABLES_MAX) return variable;
  variable = &search->variables[search->count++];
  variable->slot = slot;
  variable->type = type;
  return variable;
}

static struct variable *add_node(struct search *search, const struct expr *node) {
  bool rows = node->roster_name != NULL;
  struct variable *variable = add_variable(search, rows ? node->roster : node->slot, rows ? EXPR_ROSTER : node->type);
  if (variable != NULL && !rows) {
    variable->codes = node->codes;
    variable->code_count = node->code_count;
  }
  return variable;
}

static bool is_constant(const struct expr *node) {
  if (node->op >= OP_NUMBER) return node->op != OP_VARIABLE;
  enum op_class class = expr_operators[node->op].class;
  if (class == CLASS_FUNCTION) return false;
  return is_constant(node->left) && (class == CLASS_PREFIX || class == CLASS_MEMBER || is_constant(node->right));
}

static void add_mark(struct search *search, const struct expr *side, const struct expr *constant) {
  if (side->op != OP_VARIABLE || !is_constant(constant)) return;
  struct variable *variable = find_variable(search, side->slot);
  if (variable == NULL || variable->type == EXPR_BOOL) return;
  struct mark *mark = arena_alloc(search->arena, sizeof *mark);
  if (variable->type == EXPR_TEXT) {
    mark->text = constant->text;
  } else {
    mark->number = tree_number(constant, NULL);
    if (isnan(mark->number)) return;
  }
  mark->next = variable->marks;
  variable->marks = mark;
}

static void collect(struct search *search, const struct expr *node) {
  if (node->op == OP_VARIABLE) {
    add_node(search, node);
    return;
  }
  if (node->op >= OP_NUMBER) return;
  enum op_class class = expr_operators[node->op].class;
  collect(search, node->left);
  if (class == CLASS_FUNCTION) {
    struct variable *variable = find_variable(search, node->left->slot);
    if (node->op == OP_COUNT && variable != NULL) variable->counted = true;
  } else if (class == CLASS_MEMBER) {
    for (const struct expr *item = node->right; item != NULL; item = item->next) add_mark(search, node->left, item);
  } else if (class != CLASS_PREFIX) {
    collect(search, node->right);
    if (class == CLASS_EQUALITY || class == CLASS_ORDER) {
      add_mark(search, node->left, node->right);
      add_mark(search, node->right, node->left);
    }
  }
}

static void collect_all(struct search *search, expr_guard *guard, void *context) {
  search->variables = arena_array(search->arena, VARIABLES_MAX, sizeof *search->variables);
  for (size_t i = 0; i < search->list_count; i++) {
    if (search->list[i] != NULL) collect(search, search->list[i]);
  }
  if (guard == NULL) return;
  for (size_t i = 0; i < search->count; i++) { /* grows while guards name new variables */
    search->variables[i].guard = guard(context, search->variables[i].slot);
    if (search->variables[i].guard != NULL) collect(search, search->variables[i].guard);
  }
}

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The numbers among the marks, ascending, each once; for a counted multiple choice all its codes. */
static void name_numbers(struct search *search, struct variable *variable) {
  size_t count = 0, at = 0;
  for (struct mark *mark = variable->marks; mark != NULL; mark = mark->next) count++;
  bool all_codes = variable->type == EXPR_SET && variable->counted && variable->code_count <= SET_CODES_MAX;
  if (all_codes) count += (size_t)variable->code_count;
  double *numbers = arena_array(search->arena, count + 1, sizeof *numbers);
  for (struct mark *mark = variable->marks; mark != NULL; mark = mark->next) numbers[at++] = mark->number;
  for (int i = 0; all_codes && i < variable->code_count; i++) numbers[at++] = variable->codes[i];
  qsort(numbers, count, sizeof *numbers, compare_doubles);
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    if (kept == 0 || numbers[kept - 1] != numbers[i]) numbers[kept++] = numbers[i];
  }
  variable->named = numbers;
  variable->named_count = (int)kept;
}

static int find_named(const struct variable *variable, double number) {
  for (int i = 0; i < variable->named_count; i++) {
    if (variable->named[i] == number) return i;
  }
  return -1;
}

static void add_point(struct variable *variable, struct point point) {
  point.kind = VALUE_NUMBER;
  variable->points[variable->point_count++] = point;
}

static void add_range(struct variable *variable, double low, double high) {
  if (low <= high) add_point(variable, (struct point){.low = low, .high = high});
}

/* Each constant, and what lies between two of them; days are whole. */
static void point_figures(struct variable *variable) {
  bool whole = variable->type == EXPR_DATE;
  double low = -DBL_MAX;
  for (int i = 0; i < variable->named_count; i++) {
    double mark = variable->named[i];
    add_range(variable, low, whole ? mark - 1 : nextafter(mark, -INFINITY));
    add_range(variable, mark, mark);
    low = whole ? mark + 1 : nextafter(mark, INFINITY);
  }
  add_range(variable, low, DBL_MAX);
}

/* Each named code, and one that stands for all the others. */
static void point_choice(struct variable *variable) {
  bool other = false;
  for (int i = 0; i < variable->code_count; i++) {
    double code = variable->codes[i];
    bool named = find_named(variable, code) >= 0;
    if (!named && other) continue;
    if (!named) other = true;
    add_range(variable, code, code);
  }
}

/* Each selection of named codes, with any number of the others. */
static void point_set(struct variable *variable) {
  int others = variable->code_count - variable->named_count;
  for (unsigned chosen = 0; !variable->coarse && chosen < 1u << variable->named_count; chosen++) {
    int count = __builtin_popcount(chosen);
    int least = count > 0 ? count : 1; /* a selection of nothing is a missing answer */
    if (others == 0 && count == 0) continue;
    add_point(variable, (struct point){.low = least, .high = count + others, .chosen = chosen});
  }
  if (variable->coarse) add_point(variable, (struct point){.low = 1, .high = variable->code_count});
}

static void point_texts(struct variable *variable) {
  for (struct mark *mark = variable->marks; mark != NULL; mark = mark->next) {
    add_point(variable, (struct point){.text = mark->text});
  }
  add_point(variable, (struct point){.text = NULL});
}

static size_t point_count_max(const struct variable *variable) {
  size_t marks = 0;
  for (struct mark *mark = variable->marks; mark != NULL; mark = mark->next) marks++;
  size_t count = 2 * marks + 2;
  if (variable->type == EXPR_CHOICE) count = (size_t)variable->code_count;
  if (variable->type == EXPR_SET) count = variable->coarse ? 1 : (size_t)1 << variable->named_count;
  return count + 3; /* missing, na, nodata */
}

/* Answers stand before missing: filters ask for answers mostly. */
static void make_points(struct search *search, struct variable *variable) {
  name_numbers(search, variable);
  variable->coarse = variable->type == EXPR_SET && variable->named_count > SET_CODES_MAX;
  variable->points = arena_array(search->arena, point_count_max(variable), sizeof *variable->points);
  switch (variable->type) {
    case EXPR_NUMBER:
    case EXPR_DATE:
      point_figures(variable);
      break;
    case EXPR_CHOICE:
      point_choice(variable);
      break;
    case EXPR_SET:
      point_set(variable);
      break;
    case EXPR_TEXT:
      point_texts(variable);
      break;
    case EXPR_BOOL:
      add_range(variable, 0, 0);
      add_range(variable, 1, 1);
      break;
    default: /* a roster: how many rows it has */
      add_range(variable, 1, DBL_MAX);
      break;
  }
  variable->points[variable->point_count++] = (struct point){.kind = VALUE_MISSING};
  if (variable->type == EXPR_ROSTER) return;
  variable->points[variable->point_count++] = (struct point){.kind = VALUE_NA};
  variable->points[variable->point_count++] = (struct point){.kind = VALUE_NODATA};
}

static const struct range any_range = {true, true, -DBL_MAX, DBL_MAX};

static bool is_answer(const struct point *point) { return point->kind == VALUE_NUMBER; }

/* The point a variable stands at, NULL when it may be anything. */
static const struct point *point_of(struct search *search, int slot, const struct variable **variable) {
  *variable = find_variable(search, slot);
  return *variable != NULL ? (*variable)->now : NULL;
}

static struct range variable_range(struct search *search, const struct expr *node) {
  const struct variable *variable;
  const struct point *point = point_of(search, node->slot, &variable);
  if (point == NULL) return any_range;
  return is_answer(point) ? (struct range){false, true, point->low, point->high} : (struct range){.unknown = true};
}

static struct range function_range(struct search *search, const struct expr *node) {
  const struct expr *argument = node->left;
  const struct variable *variable;
  bool rows = argument->roster_name != NULL;
  const struct point *point = point_of(search, rows ? argument->roster : argument->slot, &variable);
  bool none = point != NULL && !is_answer(point);
  if (node->op != OP_COUNT) return none ? (struct range){.unknown = true} : any_range;
  if (none) return (struct range){false, true, 0, 0};
  if (point == NULL || rows) return (struct range){false, true, 0, DBL_MAX};
  return (struct range){false, true, point->low, point->high};
}

static bool is_single(const struct range *range) { return range->known && !range->unknown && range->low == range->high; }

static struct range arithmetic_range(enum op op, const struct range *a, const struct range *b) {
  if (!a->known || !b->known) return (struct range){.unknown = true};
  if (!is_single(a) || !is_single(b)) return any_range;
  double result = tree_arithmetic(op, a->low, b->low);
  return isnan(result) ? (struct range){.unknown = true} : (struct range){false, true, result, result};
}

static struct range range_of(struct search *search, const struct expr *node) {
  if (node->op == OP_NUMBER || node->op == OP_DATE) return (struct range){false, true, node->number, node->number};
  if (node->op == OP_VARIABLE) return variable_range(search, node);
  if (expr_operators[node->op].class == CLASS_FUNCTION) return function_range(search, node);
  struct range a = range_of(search, node->left);
  if (node->op == OP_NEGATE) return (struct range){a.unknown, a.known, -a.high, -a.low};
  struct range b = range_of(search, node->right);
  return arithmetic_range((enum op)node->op, &a, &b);
}

static struct wording wording_of(struct search *search, const struct expr *node) {
  if (node->op == OP_TEXT) return (struct wording){.known = true, .text = node->text};
  const struct variable *variable;
  const struct point *point = point_of(search, node->slot, &variable);
  if (point == NULL) return (struct wording){.unknown = true, .known = true};
  if (!is_answer(point)) return (struct wording){.unknown = true};
  return (struct wording){.known = true, .text = point->text, .apart = point->text == NULL};
}

static truths truth_if(bool holds) { return MAY_BE(holds ? TRUTH_TRUE : TRUTH_FALSE); }

/* What = or != may come to when the sides may be equal, may differ. */
static truths equality(enum op op, bool equal, bool differ) {
  return (equal ? truth_if(tree_compare(op, 0, 0)) : 0) | (differ ? truth_if(tree_compare(op, 0, 1)) : 0);
}

static truths compare_ranges(enum op op, const struct range *a, const struct range *b) {
  truths result = a->unknown || b->unknown ? MAY_BE(TRUTH_UNKNOWN) : 0;
  if (!a->known || !b->known) return result;
  if (expr_operators[op].class == CLASS_ORDER) {
    /* An order only changes with the difference of its sides: its extremes show all that can happen. */
    return result | truth_if(tree_compare(op, a->low, b->high)) | truth_if(tree_compare(op, a->high, b->low));
  }
  bool equal = a->low <= b->high && b->low <= a->high;
  bool differ = a->low != a->high || b->low != b->high || a->low != b->low;
  return result | equality(op, equal, differ);
}

static truths compare_wordings(enum op op, const struct wording *a, const struct wording *b, bool constant) {
  truths result = a->unknown || b->unknown ? MAY_BE(TRUTH_UNKNOWN) : 0;
  if (!a->known || !b->known) return result;
  bool both = a->text != NULL && b->text != NULL;
  bool same = both && strcmp(a->text, b->text) == 0;
  bool apart = constant && (a->apart || b->apart);
  return result | equality(op, both ? same : !apart, both ? !same : true);
}

static truths compare_truths(enum op op, truths a, truths b) {
  truths result = 0;
  for (int i = TRUTH_FALSE; i <= TRUTH_TRUE; i++) {
    for (int j = TRUTH_FALSE; j <= TRUTH_TRUE; j++) {
      if (!(a & MAY_BE(i)) || !(b & MAY_BE(j))) continue;
      bool unknown = i == TRUTH_UNKNOWN || j == TRUTH_UNKNOWN;
      result |= unknown ? MAY_BE(TRUTH_UNKNOWN) : truth_if(tree_compare(op, i, j));
    }
  }
  return result;
}

/* Is the code among the chosen? */
static truths set_has(struct search *search, const struct expr *set, double code) {
  const struct variable *variable;
  const struct point *point = point_of(search, set->slot, &variable);
  if (point == NULL) return ANY_TRUTH;
  if (!is_answer(point)) return MAY_BE(TRUTH_UNKNOWN);
  int index = find_named(variable, code);
  if (variable->coarse || index < 0) return FALSE_OR_TRUE;
  return truth_if(point->chosen >> index & 1u);
}

static truths compare(struct search *search, const struct expr *node) {
  enum op op = (enum op)node->op;
  const struct expr *left = node->left, *right = node->right;
  switch ((enum compare)node->compare) {
    case COMPARE_NUMBER: {
      struct range a = range_of(search, left), b = range_of(search, right);
      return compare_ranges(op, &a, &b);
    }
    case COMPARE_TEXT: {
      struct wording a = wording_of(search, left), b = wording_of(search, right);
      return compare_wordings(op, &a, &b, left->op == OP_TEXT || right->op == OP_TEXT);
    }
    case COMPARE_BOOL:
      return compare_truths(op, truths_of(search, left), truths_of(search, right));
    case COMPARE_SET: {
      bool set_left = left->type == EXPR_SET;
      truths has = set_has(search, set_left ? left : right, (set_left ? right : left)->number);
      return compare_truths(op, has, MAY_BE(TRUTH_TRUE));
    }
  }
  return ANY_TRUTH;
}

static truths combine(enum op op, truths a, truths b) {
  truths result = 0;
  for (int i = TRUTH_FALSE; i <= TRUTH_TRUE; i++) {
    for (int j = TRUTH_FALSE; j <= TRUTH_TRUE; j++) {
      if (!(a & MAY_BE(i)) || !(b & MAY_BE(j))) continue;
      result |= MAY_BE(tree_logic(op, (enum truth)i, (enum truth)j));
    }
  }
  return result;
}

/* `in` is an `or` of comparisons. */
static truths member(struct search *search, const struct expr *node) {
  truths result = MAY_BE(TRUTH_FALSE);
  struct range range = any_range;
  struct wording wording = {.known = false};
  if (node->compare == COMPARE_NUMBER) range = range_of(search, node->left);
  if (node->compare == COMPARE_TEXT) wording = wording_of(search, node->left);
  for (const struct expr *item = node->right; item != NULL; item = item->next) {
    truths one;
    if (node->compare == COMPARE_SET) {
      one = set_has(search, node->left, item->number);
    } else if (node->compare == COMPARE_TEXT) {
      struct wording constant = {.known = true, .text = item->text};
      one = compare_wordings(OP_EQ, &wording, &constant, true);
    } else {
      struct range constant = {false, true, item->number, item->number};
      one = compare_ranges(OP_EQ, &range, &constant);
    }
    result = combine(OP_OR, result, one);
  }
  return result;
}

/* answered, special, na, nodata: what they say of a kind of value. */
static truths kinds(struct search *search, const struct expr *node) {
  const struct variable *variable;
  const struct point *point = point_of(search, node->left->slot, &variable);
  if (point == NULL) return FALSE_OR_TRUE;
  if (node->op == OP_ANSWERED) return truth_if(point->kind != VALUE_MISSING);
  if (node->op == OP_NA) return truth_if(point->kind == VALUE_NA);
  if (node->op == OP_NODATA) return truth_if(point->kind == VALUE_NODATA);
  return truth_if(point->kind == VALUE_NA || point->kind == VALUE_NODATA);
}

static truths truths_of(struct search *search, const struct expr *node) {
  search->evaluations++;
  switch ((enum op)node->op) {
    case OP_OR:
    case OP_AND:
      return combine((enum op)node->op, truths_of(search, node->left), truths_of(search, node->right));
    case OP_NOT: {
      truths operand = truths_of(search, node->left);
      return (operand & MAY_BE(TRUTH_UNKNOWN)) | (operand & MAY_BE(TRUTH_TRUE) ? MAY_BE(TRUTH_FALSE) : 0) |
             (operand & MAY_BE(TRUTH_FALSE) ? MAY_BE(TRUTH_TRUE) : 0);
    }
    case OP_IN:
      return member(search, node);
    case OP_ANSWERED:
    case OP_SPECIAL:
    case OP_NA:
    case OP_NODATA:
      return kinds(search, node);
    case OP_BOOL:
      return truth_if(node->number != 0);
    case OP_VARIABLE: {
      struct range range = variable_range(search, node);
      truths unknown = range.unknown ? MAY_BE(TRUTH_UNKNOWN) : 0;
      if (!range.known) return unknown;
      return unknown | (is_single(&range) ? truth_if(range.low != 0) : FALSE_OR_TRUE);
    }
    default:
      return compare(search, node);
  }
}

static enum standing standing_of(struct search *search, const struct expr *expr) {
  truths result = truths_of(search, expr);
  if (!(result & MAY_BE(TRUTH_TRUE))) return STANDS_NEVER;
  return result == MAY_BE(TRUTH_TRUE) ? STANDS_TRUE : STANDS_OPEN;
}

/* Of the whole list and of the guards of everything that has a value. */
static enum standing standing_now(struct search *search) {
  enum standing worst = STANDS_TRUE;
  for (size_t i = 0; i < search->list_count && worst != STANDS_NEVER; i++) {
    enum standing one = search->list[i] != NULL ? standing_of(search, search->list[i]) : STANDS_TRUE;
    if (one < worst) worst = one;
  }
  for (size_t i = 0; i < search->count && worst != STANDS_NEVER; i++) {
    const struct variable *variable = &search->variables[i];
    if (variable->guard == NULL || variable->now == NULL || variable->now->kind == VALUE_MISSING) continue;
    enum standing one = standing_of(search, variable->guard);
    if (one < worst) worst = one;
  }
  return worst;
}

/* Tries the points of the variables from index on. */
static enum expr_verdict try_from(struct search *search, size_t index) {
  if (search->evaluations > EVALUATIONS_MAX) return EXPR_MAYBE;
  enum standing standing = standing_now(search);
  if (standing == STANDS_NEVER) return EXPR_NEVER;
  if (standing == STANDS_TRUE || index == search->count) return EXPR_POSSIBLE;
  struct variable *variable = &search->variables[index];
  enum expr_verdict verdict = EXPR_NEVER;
  for (size_t i = 0; i < variable->point_count && verdict == EXPR_NEVER; i++) {
    variable->now = &variable->points[i];
    verdict = try_from(search, index + 1);
  }
  variable->now = NULL;
  return verdict;
}

enum expr_verdict expr_satisfiable(const struct expr *const *list, size_t count, expr_guard *guard, void *context) {
  struct search search = {.arena = arena_new(), .list = list, .list_count = count};
  collect_all(&search, guard, context);
  for (size_t i = 0; i < search.count; i++) make_points(&search, &search.variables[i]);
  enum expr_verdict verdict = try_from(&search, 0);
  arena_free(search.arena);
  return verdict;
}
