#include <string.h>

#include "base/utf8.h"
#include "expr/tree.h"

#define QUOTED_MAX 40 /* bytes of a token that a message repeats */

const struct operator_info expr_operators[] = {
#define LOGIC(id, spelling, precedence, rule) [id] = {spelling, NULL, CLASS_LOGIC, precedence},
#define EQUALITY(id, spelling, precedence, rule) [id] = {spelling, NULL, CLASS_EQUALITY, precedence},
#define ORDER(id, spelling, precedence, rule) [id] = {spelling, NULL, CLASS_ORDER, precedence},
#define MEMBER(id, spelling, precedence, rule) [id] = {spelling, NULL, CLASS_MEMBER, precedence},
#define ARITHMETIC(id, spelling, precedence, rule) [id] = {spelling, NULL, CLASS_ARITHMETIC, precedence},
#define PREFIX(id, spelling, precedence, rule) [id] = {spelling, NULL, CLASS_PREFIX, precedence},
#define FUNCTION(id, name, takes) [id] = {name, takes, CLASS_FUNCTION, PRECEDENCE_PRIMARY},
    EXPR_LOGIC(LOGIC) EXPR_EQUALITY(EQUALITY) EXPR_ORDER(ORDER) EXPR_MEMBER(MEMBER) EXPR_ARITHMETIC(ARITHMETIC)
        EXPR_PREFIX(PREFIX) EXPR_FUNCTIONS(FUNCTION)};

/* What people write who know other languages, and what a word processor makes of it; longer ones first. */
static const struct mistake {
  const char *found;
  const char *meant;
} mistakes[] = {
    {"==", "="},  {"<>", "!="}, {"=<", "<="}, {"=>", ">="}, {"&&", "and"}, {"||", "or"}, {"!", "not"}, {"&", "and"},
    {"|", "or"},  {"≠", "!="},  {"≤", "<="},  {"≥", ">="},  {"−", "-"},    {"–", "-"},   {"×", "*"},   {"÷", "/"},
    {"'", "\""},  {"“", "\""},  {"”", "\""},  {"„", "\""},  {"[", "("},    {"]", ")"},   {";", ","},
};

static bool starts_with(const struct lexer *lexer, const char *text) {
  size_t len = strlen(text);
  return (size_t)(lexer->end - lexer->at) >= len && memcmp(lexer->at, text, len) == 0;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_name_start(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
static bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

static void skip_space(struct lexer *lexer) {
  for (; lexer->at < lexer->end; lexer->at++) {
    char c = *lexer->at;
    if (c == '\n') {
      lexer->line++;
      lexer->column = 1;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      lexer->column++;
    } else {
      return;
    }
  }
}

static bool finish(struct lexer *lexer, struct token *token, enum token_kind kind, size_t len) {
  token->kind = kind;
  token->len = len;
  token->chars = (int)utf8_count(token->text, len);
  lexer->at += len;
  lexer->column += token->chars;
  return true;
}

static bool fail(const struct token *token, struct err *err, const char *problem) {
  return err_set_at(err, ERR_INPUT, NULL, token->line, token->column, "%s", problem);
}

static bool lex_number(struct lexer *lexer, struct token *token, struct err *err) {
  const char *at = lexer->at;
  while (at < lexer->end && is_digit(*at)) at++;
  if (at < lexer->end && *at == '.') {
    at++;
    if (at == lexer->end || !is_digit(*at)) return fail(token, err, "expected a digit after the point of the number");
    while (at < lexer->end && is_digit(*at)) at++;
  }
  if (at < lexer->end && is_name_start(*at)) {
    return fail(token, err, "found a letter right after a number; names begin with a letter, numbers have none");
  }
  return finish(lexer, token, TOKEN_NUMBER, (size_t)(at - lexer->at));
}

static bool lex_text(struct lexer *lexer, struct token *token, struct err *err) {
  const char *at = lexer->at + 1;
  for (; at < lexer->end && *at != '"' && *at != '\n'; at++) {
    if (*at != '\\') continue;
    at++;
    if (at == lexer->end || (*at != '"' && *at != '\\')) {
      return fail(token, err, "in a text, \\ stands before \" or \\ only");
    }
  }
  if (at == lexer->end || *at == '\n') return fail(token, err, "the text has no closing \" on its line");
  return finish(lexer, token, TOKEN_TEXT, (size_t)(at + 1 - lexer->at));
}

static bool lex_name(struct lexer *lexer, struct token *token, struct err *err) {
  const char *at = lexer->at;
  while (at < lexer->end && is_name_part(*at)) at++;
  if (at < lexer->end && *at == '.') {
    at++;
    if (at == lexer->end || !is_name_start(*at)) return fail(token, err, "expected a name after the point");
    while (at < lexer->end && is_name_part(*at)) at++;
    if (at < lexer->end && *at == '.') return fail(token, err, "a name has one point at most: roster.question");
  }
  size_t len = (size_t)(at - lexer->at);
  bool word = lex_find_operator(lexer->at, len, &token->op);
  return finish(lexer, token, word ? TOKEN_OPERATOR : TOKEN_NAME, len);
}

bool lex_find_operator(const char *text, size_t len, enum op *op) {
  for (int i = 0; i < OP_ANSWERED; i++) {
    const char *spelling = expr_operators[i].spelling;
    if (strlen(spelling) != len || memcmp(spelling, text, len) != 0) continue;
    *op = (enum op)i;
    return true;
  }
  return false;
}

static bool fail_unknown(const struct lexer *lexer, const struct token *token, struct err *err) {
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    if (!starts_with(lexer, mistakes[i].found)) continue;
    if (mistakes[i].meant[0] == '"') return fail(token, err, "a text stands between plain double quotes: \"text\"");
    return err_set_at(err, ERR_INPUT, NULL, token->line, token->column, "found \"%s\"; did you mean \"%s\"?",
                      mistakes[i].found, mistakes[i].meant);
  }
  if (starts_with(lexer, "$")) return fail(token, err, "found \"$\"; a question is named by its id alone");
  if (starts_with(lexer, ".")) return fail(token, err, "found \".\"; a number begins with a digit: 0.5");
  size_t at = 0;
  unsigned character = utf8_next(lexer->at, (size_t)(lexer->end - lexer->at), &at);
  if (character <= ' ' || (character >= 0x7F && character <= 0xA0) || (character >= 0x2000 && character <= 0x200F)) {
    return err_set_at(err, ERR_INPUT, NULL, token->line, token->column,
                      "found the invisible character U+%04X; replace it with a space", character);
  }
  return err_set_at(err, ERR_INPUT, NULL, token->line, token->column,
                    "found \"%.*s\", which the filter language does not have", (int)at, lexer->at);
}

static bool lex_sign(struct lexer *lexer, struct token *token, struct err *err) {
  switch (*lexer->at) {
    case '(':
      return finish(lexer, token, TOKEN_OPEN, 1);
    case ')':
      return finish(lexer, token, TOKEN_CLOSE, 1);
    case ',':
      return finish(lexer, token, TOKEN_COMMA, 1);
    default:
      break;
  }
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes && mistakes[i].found[1] != '\0'; i++) {
    if (starts_with(lexer, mistakes[i].found)) return fail_unknown(lexer, token, err);
  }
  for (size_t len = 2; len > 0; len--) {
    if ((size_t)(lexer->end - lexer->at) < len || !lex_find_operator(lexer->at, len, &token->op)) continue;
    return finish(lexer, token, TOKEN_OPERATOR, len);
  }
  return fail_unknown(lexer, token, err);
}

bool lex_next(struct lexer *lexer, struct token *token, struct err *err) {
  skip_space(lexer);
  *token = (struct token){.kind = TOKEN_END, .text = lexer->at, .line = lexer->line, .column = lexer->column};
  if (lexer->at == lexer->end) return true;
  if (is_digit(*lexer->at)) return lex_number(lexer, token, err);
  if (is_name_start(*lexer->at)) return lex_name(lexer, token, err);
  if (*lexer->at == '"') return lex_text(lexer, token, err);
  return lex_sign(lexer, token, err);
}

void lex_describe(const struct token *token, struct buf *out) {
  if (token->kind == TOKEN_END) {
    buf_puts(out, "the end");
    return;
  }
  size_t len = utf8_cut(token->text, token->len, QUOTED_MAX);
  const char *quote = token->kind == TOKEN_TEXT ? "" : "\"";
  buf_printf(out, "%s%.*s%s%s", quote, (int)len, token->text, len < token->len ? "…" : "", quote);
}
