/* The filter language: parse, type check, evaluate, print.
 *
 * It knows nothing of questionnaires: names become variables through a scope when an expression is checked, and
 * variables get values through a source when it is evaluated. Reference: questionnaires/README.md.
 */
#ifndef ANKETA_EXPR_EXPR_H
#define ANKETA_EXPR_EXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "expr/value.h"

enum expr_type { EXPR_BOOL, EXPR_NUMBER, EXPR_TEXT, EXPR_DATE, EXPR_CHOICE, EXPR_SET, EXPR_ROSTER };

struct expr; /* immutable once checked; lives in the arena it was parsed into */

#define EXPR_LEN_MAX 8192  /* bytes of one expression */
#define EXPR_DEPTH_MAX 64  /* nesting */

/* Parses text. NULL on failure: err->column is the 1-based character in text, err->line is 1-based in text. */
struct expr *expr_parse(const char *text, size_t len, struct arena *arena, struct err *err);

/* What a name means. */
struct expr_variable {
  enum expr_type type;
  int slot;         /* the scope's own number for it, given back to the source */
  int roster;       /* slot of the roster it belongs to, -1 outside any */
  const int *codes; /* EXPR_CHOICE, EXPR_SET: the codes that exist, so that X = 7 can be refused */
  int code_count;
};

struct expr_scope {
  void *context;
  int roster; /* the roster whose row is evaluated, -1 when none: inside, its questions may be named bare */
  bool (*find)(void *context, const char *name, struct expr_variable *out);
  /* The known name nearest to a misspelt one, or NULL; borrowed. */
  const char *(*suggest)(void *context, const char *name);
};

/* Collects what is wrong: one call per problem. text_line, text_column (1-based, within the expression's text) and
 * text_len point at the token. */
typedef void expr_report(void *context, int text_line, int text_column, int text_len, const char *message);

/* Resolves names and checks types; want is the type the whole must have (EXPR_BOOL for filters and checks, EXPR_NUMBER
 * for calculations; EXPR_CHOICE counts as a number only in calculations that say so: it does not). Reports every problem
 * it finds; true when there was none. */
bool expr_check(struct expr *expr, enum expr_type want, const struct expr_scope *scope, expr_report *report,
                void *report_context);

/* The type of a checked expression. */
enum expr_type expr_type_of(const struct expr *expr);

/* Where values come from. row is -1 outside a roster. */
struct expr_source {
  void *context;
  int row; /* the row that is evaluated, -1 outside */
  struct value (*get)(void *context, int slot, int row);
  int (*row_count)(void *context, int roster_slot);
};

/* The value of a checked expression: VALUE_BOOL, VALUE_NUMBER, VALUE_DATE, VALUE_TEXT, or VALUE_MISSING for unknown.
 * Division by zero and numbers out of range are unknown. Never fails, allocates nothing. */
struct value expr_eval(const struct expr *expr, const struct expr_source *source);

/* True only when the expression is a true VALUE_BOOL / a false one (three-valued logic). */
bool expr_is_true(const struct expr *expr, const struct expr_source *source);
bool expr_is_false(const struct expr *expr, const struct expr_source *source);

/* Calls visit for every variable that is named, rosters included; with its place in the text. */
typedef void expr_visit(void *context, int slot, int text_line, int text_column, int text_len);
void expr_variables(const struct expr *expr, expr_visit *visit, void *context);

/* Canonical text: single spaces, no needless brackets; parses to the same tree. */
void expr_print(const struct expr *expr, struct buf *out);

/* left and right joined with `and` as a new tree that borrows both; either may be NULL (returns the other). */
struct expr *expr_and(struct expr *left, struct expr *right, struct arena *arena);

/* Can any answers make the expressions in the list all true at once? Answers with codes range over their codes and over
 * missing; other variables over anything. guard(context, slot) may name an expression that must be true before slot can
 * have a value at all (NULL: none), so that a filter on a question that is itself filtered out is seen.
 * EXPR_MAYBE: too many combinations to say. */
enum expr_verdict { EXPR_NEVER, EXPR_POSSIBLE, EXPR_MAYBE };
typedef const struct expr *expr_guard(void *context, int slot);
enum expr_verdict expr_satisfiable(const struct expr *const *list, size_t count, expr_guard *guard, void *context);

#endif
