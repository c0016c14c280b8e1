#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "expr/tree.h"

#define DIGITS_MAX 15 /* so that the digits and ten to the places are exact in a double, and their quotient rounds once */

struct parser {
  struct lexer lexer;
  struct token token;    /* the one to be looked at */
  struct token previous; /* the one before it; len 0 at the start */
  int depth;
  struct arena *arena;
  struct err *err;
};

static struct expr *parse_binary(struct parser *parser, int precedence);

static struct expr *fail_at(struct parser *parser, const struct token *token, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static struct expr *fail_at(struct parser *parser, const struct token *token, const char *format, ...) {
  struct buf text = {0};
  char *line = buf_reserve(&text, sizeof parser->err->text);
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof parser->err->text, format, args);
  va_end(args);
  err_set_at(parser->err, ERR_INPUT, NULL, token->line, token->column, "%s", line);
  buf_free(&text);
  return NULL;
}

/* "expected WHAT after PREVIOUS, found TOKEN". */
static struct expr *fail_expected(struct parser *parser, const char *what) {
  struct buf after = {0}, found = {0};
  if (parser->previous.len > 0) {
    buf_puts(&after, " after ");
    lex_describe(&parser->previous, &after);
  }
  lex_describe(&parser->token, &found);
  fail_at(parser, &parser->token, "expected %s%s, found %s", what, buf_text(&after), buf_text(&found));
  buf_free(&after);
  buf_free(&found);
  return NULL;
}

/* A word like AND where an operator belongs. */
static const char *miswritten_operator(const struct token *token) {
  if (token->kind != TOKEN_NAME) return NULL;
  for (int i = 0; i < OP_ANSWERED; i++) {
    const char *spelling = expr_operators[i].spelling;
    if (strlen(spelling) == token->len && strncasecmp(spelling, token->text, token->len) == 0) return spelling;
  }
  return NULL;
}

/* 0,5 */
static bool is_decimal_comma(const struct parser *parser) {
  const struct token *token = &parser->token, *previous = &parser->previous;
  const char *behind = token->text + token->len;
  return token->kind == TOKEN_COMMA && previous->kind == TOKEN_NUMBER && previous->text + previous->len == token->text &&
         behind < parser->lexer.end && *behind >= '0' && *behind <= '9';
}

/* The current token cannot follow the value before it. */
static struct expr *fail_operator(struct parser *parser, const char *expected) {
  const struct token *suspects[] = {&parser->token, &parser->previous};
  for (int i = 0; i < 2; i++) {
    const char *meant = miswritten_operator(suspects[i]);
    if (meant == NULL) continue;
    return fail_at(parser, suspects[i], "found \"%.*s\"; did you mean \"%s\"?", (int)suspects[i]->len,
                   suspects[i]->text, meant);
  }
  if (is_decimal_comma(parser)) {
    return fail_at(parser, &parser->token, "found \",\" after a number; the decimal sign is \".\"");
  }
  return fail_expected(parser, expected);
}

static bool advance(struct parser *parser) {
  parser->previous = parser->token;
  return lex_next(&parser->lexer, &parser->token, parser->err);
}

/* Every level of nesting comes through here, so that no text can exhaust the stack. */
static bool descend(struct parser *parser) {
  if (parser->depth < EXPR_DEPTH_MAX) {
    parser->depth++;
    return true;
  }
  fail_at(parser, &parser->token, "the expression is nested more than %d deep", EXPR_DEPTH_MAX);
  return false;
}

static struct expr *node_new(enum op op, const struct token *token, struct arena *arena) {
  struct expr *node = arena_alloc(arena, sizeof *node);
  node->op = (uint8_t)op;
  node->type = TYPE_BROKEN;
  node->slot = node->roster = -1;
  if (token != NULL) {
    node->line = token->line;
    node->column = token->column;
    node->len = token->chars;
  }
  return node;
}

struct expr *tree_join(enum op op, struct expr *left, struct expr *right, const struct token *token,
                       struct arena *arena) {
  struct expr *node = node_new(op, token, arena);
  node->left = left;
  node->right = right;
  /* a and (b and c) becomes (a and b) and c: the new node goes down to where right's chain begins. */
  struct expr *top = node;
  struct expr **link = &top;
  for (struct expr *chain = right; chain->op == op; chain = chain->left) {
    struct expr *copy = arena_alloc(arena, sizeof *copy);
    *copy = *chain;
    *link = copy;
    link = &copy->left;
    node->right = chain->left;
  }
  *link = node;
  return top;
}

struct expr *expr_and(struct expr *left, struct expr *right, struct arena *arena) {
  if (left == NULL) return right;
  if (right == NULL) return left;
  struct expr *both = tree_join(OP_AND, left, right, NULL, arena);
  for (struct expr *node = both; node->op == OP_AND && node->type == TYPE_BROKEN; node = node->left) {
    node->type = EXPR_BOOL;
  }
  return both;
}

static struct expr *parse_number(struct parser *parser) {
  struct token *token = &parser->token;
  struct expr *node = node_new(OP_NUMBER, token, parser->arena);
  const char *at = token->text, *end = token->text + token->len;
  while (at + 1 < end && at[0] == '0' && at[1] != '.') at++;
  const char *point = memchr(at, '.', (size_t)(end - at));
  if (point != NULL) {
    while (end[-1] == '0') end--;
    if (end[-1] == '.') end--;
  }
  double digits = 0, places = 1;
  int count = 0, place_count = 0;
  for (const char *c = at; c < end; c++) {
    if (*c == '.') continue;
    digits = digits * 10 + (*c - '0');
    if (digits > 0) count++; /* zeros in front are not counted */
    if (point == NULL || c < point) continue;
    places *= 10;
    place_count++;
  }
  if (count > DIGITS_MAX || place_count > DIGITS_MAX) {
    return fail_at(parser, token, "a number has at most %d digits", DIGITS_MAX);
  }
  node->number = digits / places;
  node->spelling = arena_copy_len(parser->arena, at, (size_t)(end - at));
  return advance(parser) ? node : NULL;
}

/* The text between the quotes, \" and \\ resolved. */
static char *unquote(const struct token *token, struct arena *arena) {
  char *text = arena_alloc(arena, token->len);
  size_t len = 0;
  for (size_t i = 1; i + 1 < token->len; i++) {
    if (token->text[i] == '\\') i++;
    text[len++] = token->text[i];
  }
  return text;
}

static struct expr *parse_text(struct parser *parser) {
  struct expr *node = node_new(OP_TEXT, &parser->token, parser->arena);
  node->text = unquote(&parser->token, parser->arena);
  return advance(parser) ? node : NULL;
}

static bool token_is(const struct token *token, const char *word) {
  return token->len == strlen(word) && memcmp(token->text, word, token->len) == 0;
}

/* The current token is the "(" of date(…). */
static struct expr *parse_date(struct parser *parser, const struct token *name) {
  if (!advance(parser)) return NULL;
  if (parser->token.kind != TOKEN_TEXT) return fail_expected(parser, "a text like \"2017-11-06\"");
  struct expr *node = node_new(OP_DATE, name, parser->arena);
  const char *text = unquote(&parser->token, parser->arena);
  int days;
  if (!clock_parse_date(text, strlen(text), &days)) {
    return fail_at(parser, &parser->token, "\"%s\" is not a date; expected year-month-day like \"2017-11-06\"", text);
  }
  node->number = days;
  if (!advance(parser)) return NULL;
  if (parser->token.kind != TOKEN_CLOSE) return fail_expected(parser, "\")\"");
  return advance(parser) ? node : NULL;
}

static struct expr *variable_new(struct parser *parser, const struct token *token) {
  struct expr *node = node_new(OP_VARIABLE, token, parser->arena);
  const char *point = memchr(token->text, '.', token->len);
  size_t before = point != NULL ? (size_t)(point - token->text) : 0;
  if (point != NULL) node->roster_name = arena_copy_len(parser->arena, token->text, before);
  size_t skip = point != NULL ? before + 1 : 0;
  node->spelling = arena_copy_len(parser->arena, token->text + skip, token->len - skip);
  return node;
}

static struct expr *fail_function(struct parser *parser, const struct token *name) {
  struct buf names = {0};
  for (int i = OP_ANSWERED; i < OP_NUMBER; i++) buf_printf(&names, "%s, ", expr_operators[i].spelling);
  size_t len = utf8_cut(name->text, name->len, 40);
  fail_at(parser, name, "unknown function \"%.*s\"; the functions are %sdate", (int)len, name->text, buf_text(&names));
  buf_free(&names);
  return NULL;
}

/* The current token is the "(" behind the name. */
static struct expr *parse_function(struct parser *parser, const struct token *name) {
  if (token_is(name, "date")) return parse_date(parser, name);
  int op = OP_ANSWERED;
  while (op < OP_NUMBER && !token_is(name, expr_operators[op].spelling)) op++;
  if (op == OP_NUMBER) return fail_function(parser, name);
  struct expr *node = node_new((enum op)op, name, parser->arena);
  if (!advance(parser)) return NULL;
  if (parser->token.kind != TOKEN_NAME) return fail_expected(parser, expr_operators[op].takes);
  node->left = variable_new(parser, &parser->token);
  if (!advance(parser)) return NULL;
  if (parser->token.kind != TOKEN_CLOSE) return fail_expected(parser, "\")\"");
  return advance(parser) ? node : NULL;
}

static struct expr *parse_name(struct parser *parser) {
  struct token name = parser->token;
  if (!advance(parser)) return NULL;
  if (parser->token.kind == TOKEN_OPEN) return parse_function(parser, &name);
  if (!token_is(&name, "true") && !token_is(&name, "false")) return variable_new(parser, &name);
  struct expr *node = node_new(OP_BOOL, &name, parser->arena);
  node->number = token_is(&name, "true") ? 1 : 0;
  return node;
}

static struct expr *parse_brackets(struct parser *parser) {
  struct token open = parser->token;
  if (!descend(parser) || !advance(parser)) return NULL;
  struct expr *inner = parse_binary(parser, 0);
  if (inner == NULL) return NULL;
  if (parser->token.kind == TOKEN_END) return fail_at(parser, &open, "this \"(\" is never closed");
  if (parser->token.kind != TOKEN_CLOSE) return fail_operator(parser, "an operator or \")\"");
  parser->depth--;
  return advance(parser) ? inner : NULL;
}

static struct expr *negate(struct parser *parser, struct expr *operand, const struct token *minus) {
  if (operand->op == OP_NUMBER && operand->spelling[0] != '-') {
    operand->number = -operand->number;
    operand->spelling = arena_printf(parser->arena, "-%s", operand->spelling);
    operand->line = minus->line;
    operand->column = minus->column;
    operand->len = minus->chars;
    return operand;
  }
  struct expr *node = node_new(OP_NEGATE, minus, parser->arena);
  node->left = operand;
  return node;
}

static struct expr *parse_primary(struct parser *parser) {
  switch (parser->token.kind) {
    case TOKEN_NUMBER:
      return parse_number(parser);
    case TOKEN_TEXT:
      return parse_text(parser);
    case TOKEN_NAME:
      return parse_name(parser);
    case TOKEN_OPEN:
      return parse_brackets(parser);
    case TOKEN_OPERATOR:
      if (parser->token.op == OP_NOT) {
        return fail_at(parser, &parser->token, "put brackets around \"not\" and what it turns round");
      }
      return fail_expected(parser, "a value");
    case TOKEN_CLOSE:
    case TOKEN_COMMA:
    case TOKEN_END:
      return fail_expected(parser, "a value");
  }
  return NULL;
}

/* `not` and the minus sign; precedence is that of the operator on the left. */
static struct expr *parse_prefix(struct parser *parser, int precedence) {
  struct token token = parser->token;
  if (token.kind != TOKEN_OPERATOR) return parse_primary(parser);
  bool is_not = token.op == OP_NOT && precedence <= expr_operators[OP_NOT].precedence;
  if (!is_not && token.op != OP_SUBTRACT) return parse_primary(parser);
  if (!descend(parser) || !advance(parser)) return NULL;
  struct expr *operand = is_not ? parse_binary(parser, expr_operators[OP_NOT].precedence)
                                : parse_prefix(parser, expr_operators[OP_NEGATE].precedence);
  parser->depth--;
  if (operand == NULL) return NULL;
  if (!is_not) return negate(parser, operand, &token);
  struct expr *node = node_new(OP_NOT, &token, parser->arena);
  node->left = operand;
  return node;
}

/* One item of a list: a number, a text or a date. */
static struct expr *parse_item(struct parser *parser) {
  struct token token = parser->token;
  bool minus = token.kind == TOKEN_OPERATOR && token.op == OP_SUBTRACT;
  if (minus && !advance(parser)) return NULL;
  if (parser->token.kind == TOKEN_NUMBER) {
    struct expr *number = parse_number(parser);
    return number != NULL && minus ? negate(parser, number, &token) : number;
  }
  if (!minus && token.kind == TOKEN_TEXT) return parse_text(parser);
  if (!minus && token_is(&token, "date")) {
    if (!advance(parser)) return NULL;
    if (parser->token.kind == TOKEN_OPEN) return parse_date(parser, &token);
    return fail_expected(parser, "\"(\"");
  }
  return fail_expected(parser, "a number or a text");
}

/* The current token is the one behind `in`. */
static struct expr *parse_list(struct parser *parser) {
  if (parser->token.kind != TOKEN_OPEN) return fail_expected(parser, "\"(\" and a list");
  struct expr *first = NULL;
  struct expr **link = &first;
  do {
    if (!advance(parser)) return NULL;
    *link = parse_item(parser);
    if (*link == NULL) return NULL;
    link = &(*link)->next;
  } while (parser->token.kind == TOKEN_COMMA);
  if (parser->token.kind != TOKEN_CLOSE) return fail_expected(parser, "\",\" or \")\"");
  return advance(parser) ? first : NULL;
}

static struct expr *parse_right(struct parser *parser, struct expr *left, const struct token *token) {
  enum op op = token->op;
  struct expr *right = op == OP_IN ? parse_list(parser) : parse_binary(parser, expr_operators[op].precedence + 1);
  if (right == NULL) return NULL;
  if (expr_operators[op].class == CLASS_LOGIC) return tree_join(op, left, right, token, parser->arena);
  struct expr *node = node_new(op, token, parser->arena);
  node->left = left;
  node->right = right;
  return node;
}

/* Operators that bind at least as tightly as precedence. */
static struct expr *parse_binary(struct parser *parser, int precedence) {
  struct expr *left = parse_prefix(parser, precedence);
  while (left != NULL && parser->token.kind == TOKEN_OPERATOR) {
    struct token token = parser->token;
    const struct operator_info *info = &expr_operators[token.op];
    if (info->class == CLASS_PREFIX || info->precedence < precedence) break;
    if (!advance(parser)) return NULL;
    left = parse_right(parser, left, &token);
    if (left == NULL || info->precedence != PRECEDENCE_COMPARISON) continue;
    const struct token *next = &parser->token;
    if (next->kind == TOKEN_OPERATOR && expr_operators[next->op].precedence == PRECEDENCE_COMPARISON) {
      return fail_at(parser, next, "comparisons cannot be chained; join them with \"and\"");
    }
  }
  return left;
}

static struct expr *fail_rest(struct parser *parser) {
  const struct token *token = &parser->token;
  if (token->kind == TOKEN_CLOSE) return fail_at(parser, token, "found \")\" without its \"(\"");
  return fail_operator(parser, "an operator");
}

struct expr *expr_parse(const char *text, size_t len, struct arena *arena, struct err *err) {
  struct err ignored = {0};
  struct parser parser = {.lexer = {text, text + len, 1, 1}, .arena = arena, .err = err != NULL ? err : &ignored};
  struct token start = {.line = 1, .column = 1};
  size_t bad;
  if (len > EXPR_LEN_MAX) {
    err_set_at(err, ERR_TOO_LARGE, NULL, 1, 1, "the expression is longer than %d bytes", EXPR_LEN_MAX);
    return NULL;
  }
  if (!utf8_check(text, len, &bad)) return fail_at(&parser, &start, "byte %zu is not UTF-8 text", bad + 1);
  if (!lex_next(&parser.lexer, &parser.token, parser.err)) return NULL;
  if (parser.token.kind == TOKEN_END) return fail_at(&parser, &start, "the expression is empty");
  struct expr *expr = parse_binary(&parser, 0);
  if (expr == NULL) return NULL;
  return parser.token.kind == TOKEN_END ? expr : fail_rest(&parser);
}
