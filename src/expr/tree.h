/* The tree behind struct expr and the list of operators; for the files of src/expr/ and for form/words.c, which says one.
 *
 * The operators are data: the lexer and the parser take spelling and precedence from the lists below, the printer too,
 * the checker the class, and the evaluator the rule. */
#ifndef ANKETA_EXPR_TREE_H
#define ANKETA_EXPR_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "expr/expr.h"

/* Three-valued logic, in this order: `and` is the smaller, `or` the larger. */
enum truth { TRUTH_FALSE, TRUTH_UNKNOWN, TRUTH_TRUE };

/* X(id, spelling, precedence, rule). The rule is over a and b, except for logic, where it is the value that decides
 * alone. A rule never sees an unknown. */
#define PRECEDENCE_COMPARISON 4
#define PRECEDENCE_PRIMARY 8

#define EXPR_LOGIC(X)           \
  X(OP_OR, "or", 1, TRUTH_TRUE) \
  X(OP_AND, "and", 2, TRUTH_FALSE)
#define EXPR_EQUALITY(X)                         \
  X(OP_EQ, "=", PRECEDENCE_COMPARISON, a == b)   \
  X(OP_NE, "!=", PRECEDENCE_COMPARISON, a != b)
#define EXPR_ORDER(X)                            \
  X(OP_LE, "<=", PRECEDENCE_COMPARISON, a <= b)  \
  X(OP_LT, "<", PRECEDENCE_COMPARISON, a < b)    \
  X(OP_GE, ">=", PRECEDENCE_COMPARISON, a >= b)  \
  X(OP_GT, ">", PRECEDENCE_COMPARISON, a > b)
#define EXPR_MEMBER(X) X(OP_IN, "in", PRECEDENCE_COMPARISON, a == b)
#define EXPR_ARITHMETIC(X)       \
  X(OP_ADD, "+", 5, a + b)       \
  X(OP_SUBTRACT, "-", 5, a - b)  \
  X(OP_MULTIPLY, "*", 6, a * b)  \
  X(OP_DIVIDE, "/", 6, a / b)
#define EXPR_BINARY(X) EXPR_LOGIC(X) EXPR_EQUALITY(X) EXPR_ORDER(X) EXPR_MEMBER(X) EXPR_ARITHMETIC(X)
#define EXPR_PREFIX(X)   \
  X(OP_NOT, "not", 3, 0) \
  X(OP_NEGATE, "-", 7, 0)

/* X(id, name, what it takes), in the order in which messages name them; date(…) is a literal and not among them. */
#define EXPR_FUNCTIONS(X)                                                \
  X(OP_ANSWERED, "answered", "the name of a question")                   \
  X(OP_SPECIAL, "special", "the name of a question")                     \
  X(OP_NA, "na", "the name of a question")                               \
  X(OP_NODATA, "nodata", "the name of a question")                       \
  X(OP_COUNT, "count", "a multiple choice, a roster or roster.question") \
  X(OP_SUM, "sum", "roster.question")                                    \
  X(OP_MIN, "min", "roster.question")                                    \
  X(OP_MAX, "max", "roster.question")

enum op {
#define ID(id, spelling, precedence, rule) id,
  EXPR_BINARY(ID) EXPR_PREFIX(ID)
#undef ID
#define ID(id, name, takes) id,
  EXPR_FUNCTIONS(ID)
#undef ID
  OP_NUMBER,
  OP_TEXT,
  OP_BOOL,
  OP_DATE,
  OP_VARIABLE
};

enum op_class { CLASS_LOGIC, CLASS_EQUALITY, CLASS_ORDER, CLASS_MEMBER, CLASS_ARITHMETIC, CLASS_PREFIX, CLASS_FUNCTION };

struct operator_info {
  const char *spelling; /* "and", "<=", "count" */
  const char *takes;    /* functions only */
  enum op_class class;
  int precedence;
};

/* Indexed by enum op, up to OP_NUMBER. */
extern const struct operator_info expr_operators[];

/* How two sides are compared; set by expr_check. */
enum compare { COMPARE_NUMBER, COMPARE_TEXT, COMPARE_BOOL, COMPARE_SET };

#define TYPE_BROKEN (-1) /* its problem was reported; says nothing about what is built on it */

/* What evaluation reads stands first. */
struct expr {
  uint8_t op;      /* enum op */
  int8_t type;     /* enum expr_type or TYPE_BROKEN; set by expr_check */
  uint8_t compare; /* enum compare, for comparisons and `in` */
  bool in_row;     /* variable: named bare inside its roster, so it means the same row */
  int slot;        /* variable */
  union {
    struct expr *left; /* operators; the argument of a function */
    double number;     /* number; date: days; bool: 0 or 1 */
    const char *text;  /* text */
  };
  union {
    struct expr *right;   /* binary operators; `in`: the first item */
    const char *spelling; /* number: as it is printed; variable: its name */
  };
  struct expr *next; /* item of `in`: the next one */
  int roster;        /* variable: slot of its roster or -1 */
  int code_count;
  const int *codes;        /* variable: those of its choice */
  const char *roster_name; /* variable: the part before the dot, NULL without a dot */
  int line, column, len;   /* its token in the text, in characters */
};

enum token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_NAME, TOKEN_OPERATOR, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA };

struct token {
  enum token_kind kind;
  enum op op;       /* TOKEN_OPERATOR; "-" comes as OP_SUBTRACT */
  const char *text; /* in the source */
  size_t len;       /* bytes */
  int line, column, chars;
};

struct lexer {
  const char *at, *end;
  int line, column;
};

/* The next token; false with err set when there is none that the language knows. */
bool lex_next(struct lexer *lexer, struct token *token, struct err *err);

/* As it is quoted in messages: `"and"`, `the end`. */
void lex_describe(const struct token *token, struct buf *out);

/* The operator that is spelt so ("-" is OP_SUBTRACT); false when there is none. */
bool lex_find_operator(const char *text, size_t len, enum op *op);

/* left OP right for an associative OP, with every chain of OP leaning left, so that what is printed without brackets is
 * parsed to the same tree. Nodes of right's chain are copied, not changed. */
struct expr *tree_join(enum op op, struct expr *left, struct expr *right, const struct token *token,
                       struct arena *arena);

/* The figure that a number, date or choice comes to, NaN when unknown. source may be NULL for an expression without
 * variables. */
double tree_number(const struct expr *expr, const struct expr_source *source);

/* One arithmetic operator; NaN when the result is not a finite number. */
double tree_arithmetic(enum op op, double a, double b);

/* One comparison of figures. */
bool tree_compare(enum op op, double a, double b);

/* a and b, a or b. */
enum truth tree_logic(enum op op, enum truth a, enum truth b);

bool tree_has_code(const int *codes, int count, double code);

#endif
