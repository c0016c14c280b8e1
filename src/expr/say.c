#include "expr/say.h"

#include <string.h>

#include "expr/tree.h"

static void say(const struct expr *node, const struct expr_speech *speech, struct buf *out);

/* A phrase with its parts. */
static void put(const struct expr_speech *speech, enum expr_phrase phrase, const struct buf *first,
                const struct buf *second, struct buf *out) {
  for (const char *at = speech->phrases[phrase]; *at != '\0'; at++) {
    bool part = at[0] == '$' && (at[1] == '1' || at[1] == '2');
    if (!part) buf_putc(out, *at);
    else buf_puts(out, buf_text(*++at == '1' ? first : second));
  }
}

static void put_about(const struct expr *node, enum expr_phrase phrase, const struct expr_speech *speech,
                      struct buf *out) {
  struct buf part = {0};
  say(node, speech, &part);
  put(speech, phrase, &part, NULL, out);
  buf_free(&part);
}

static bool is_choice(const struct expr *node) {
  return node->op == OP_VARIABLE && (node->type == EXPR_CHOICE || node->type == EXPR_SET);
}

/* A figure that stands beside `other`: an option's text when that is a choice. */
static void say_beside(const struct expr *node, const struct expr *other, const struct expr_speech *speech,
                       struct buf *out) {
  if (node->op == OP_NUMBER && is_choice(other)) speech->option(speech->context, other->slot, (int)node->number, out);
  else say(node, speech, out);
}

/* `=`, `!=` and `in`: the question, and one or several things that it is. */
static void say_is(const struct expr *subject, const struct expr *first, bool not, const struct expr_speech *speech,
                   struct buf *out) {
  bool set = is_choice(subject) && subject->type == EXPR_SET;
  enum expr_phrase phrase = set ? (not ? SAY_NOT_CHOSEN : SAY_CHOSEN) : not ? SAY_IS_NOT : SAY_IS;
  struct buf what = {0}, things = {0};
  say(subject, speech, &what);
  for (const struct expr *item = first; item != NULL; item = item->next) {
    if (item != first) buf_puts(&things, speech->phrases[SAY_OR]);
    say_beside(item, subject, speech, &things);
  }
  put(speech, phrase, &what, &things, out);
  buf_free(&what);
  buf_free(&things);
}

static int precedence_of(const struct expr *node) {
  return node->op < OP_NUMBER ? expr_operators[node->op].precedence : PRECEDENCE_PRIMARY;
}

static void say_operand(const struct expr *node, int precedence, const struct expr_speech *speech, struct buf *out) {
  bool brackets = precedence_of(node) < precedence;
  if (brackets) buf_putc(out, '(');
  say(node, speech, out);
  if (brackets) buf_putc(out, ')');
}

static const char *sign_of(enum op op) {
  switch (op) {
    case OP_NE: return "≠";
    case OP_LE: return "≤";
    case OP_GE: return "≥";
    case OP_SUBTRACT: return "−";
    case OP_MULTIPLY: return "×";
    default: return expr_operators[op].spelling;
  }
}

static void say_binary(const struct expr *node, const struct expr_speech *speech, struct buf *out) {
  const struct operator_info *info = &expr_operators[node->op];
  bool logic = info->class == CLASS_LOGIC;
  int right = logic || info->precedence == PRECEDENCE_COMPARISON ? info->precedence : info->precedence + 1;
  say_operand(node->left, info->precedence, speech, out);
  if (logic) buf_puts(out, speech->phrases[node->op == OP_OR ? SAY_OR : SAY_AND]);
  else buf_printf(out, " %s ", sign_of((enum op)node->op));
  say_operand(node->right, right, speech, out);
}

static void say_equality(const struct expr *node, const struct expr_speech *speech, struct buf *out) {
  bool not = node->op == OP_NE;
  bool calculated = node->left->op < OP_NUMBER && expr_operators[node->left->op].class != CLASS_FUNCTION;
  if (calculated) say_binary(node, speech, out);
  else if (!is_choice(node->left) && is_choice(node->right)) say_is(node->right, node->left, not, speech, out);
  else say_is(node->left, node->right, not, speech, out);
}

static enum expr_phrase count_phrase(const struct expr *argument) {
  if (argument->type == EXPR_ROSTER) return SAY_COUNT_ROWS;
  return argument->type == EXPR_SET && argument->roster_name == NULL ? SAY_COUNT_CHOSEN : SAY_COUNT;
}

static void say_function(const struct expr *node, const struct expr_speech *speech, struct buf *out) {
  switch ((enum op)node->op) {
    case OP_ANSWERED: put_about(node->left, SAY_ANSWERED, speech, out); break;
    case OP_SPECIAL: put_about(node->left, SAY_SPECIAL, speech, out); break;
    case OP_NA: put_about(node->left, SAY_NA, speech, out); break;
    case OP_NODATA: put_about(node->left, SAY_NODATA, speech, out); break;
    case OP_SUM: put_about(node->left, SAY_SUM, speech, out); break;
    case OP_MIN: put_about(node->left, SAY_MIN, speech, out); break;
    case OP_MAX: put_about(node->left, SAY_MAX, speech, out); break;
    default: put_about(node->left, count_phrase(node->left), speech, out); break;
  }
}

static void say_prefix(const struct expr *node, const struct expr_speech *speech, struct buf *out) {
  if (node->op == OP_NOT && node->left->op == OP_ANSWERED) {
    put_about(node->left->left, SAY_NOT_ANSWERED, speech, out);
  } else if (node->op == OP_NOT) {
    put_about(node->left, SAY_NOT, speech, out);
  } else {
    buf_puts(out, "−");
    say_operand(node->left, expr_operators[node->op].precedence, speech, out);
  }
}

static void say_literal(const struct expr *node, const struct expr_speech *speech, struct buf *out) {
  switch ((enum op)node->op) {
    case OP_NUMBER: speech->number(speech->context, node->number, out); break;
    case OP_TEXT: speech->text(speech->context, node->text, out); break;
    case OP_BOOL: buf_puts(out, speech->phrases[node->number != 0 ? SAY_TRUE : SAY_FALSE]); break;
    case OP_DATE: speech->date(speech->context, (int)node->number, out); break;
    default: speech->name(speech->context, node->slot, out); break;
  }
}

static void say(const struct expr *node, const struct expr_speech *speech, struct buf *out) {
  if (node->op >= OP_NUMBER) {
    say_literal(node, speech, out);
    return;
  }
  switch (expr_operators[node->op].class) {
    case CLASS_FUNCTION: say_function(node, speech, out); break;
    case CLASS_PREFIX: say_prefix(node, speech, out); break;
    case CLASS_EQUALITY: say_equality(node, speech, out); break;
    case CLASS_MEMBER: say_is(node->left, node->right, false, speech, out); break;
    default: say_binary(node, speech, out); break;
  }
}

void expr_say(const struct expr *expr, const struct expr_speech *speech, struct buf *out) { say(expr, speech, out); }
