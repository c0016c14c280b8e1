#include "base/clock.h"
#include "expr/tree.h"

static void print_node(const struct expr *node, struct buf *out);

static int precedence_of(const struct expr *node) {
  return node->op < OP_NUMBER ? expr_operators[node->op].precedence : PRECEDENCE_PRIMARY;
}

/* In brackets when it binds less tightly than its place asks for. */
static void print_operand(const struct expr *node, int precedence, struct buf *out) {
  bool brackets = precedence_of(node) < precedence;
  if (brackets) buf_putc(out, '(');
  print_node(node, out);
  if (brackets) buf_putc(out, ')');
}

static void print_text(const char *text, struct buf *out) {
  buf_putc(out, '"');
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\') buf_putc(out, '\\');
    buf_putc(out, *c);
  }
  buf_putc(out, '"');
}

static void print_literal(const struct expr *node, struct buf *out) {
  char date[11];
  switch ((enum op)node->op) {
    case OP_NUMBER:
      buf_puts(out, node->spelling);
      break;
    case OP_TEXT:
      print_text(node->text, out);
      break;
    case OP_BOOL:
      buf_puts(out, node->number != 0 ? "true" : "false");
      break;
    case OP_DATE:
      clock_format_date((int)node->number, date);
      buf_printf(out, "date(\"%s\")", date);
      break;
    default: /* OP_VARIABLE */
      if (node->roster_name != NULL) buf_printf(out, "%s.", node->roster_name);
      buf_puts(out, node->spelling);
      break;
  }
}

static void print_list(const struct expr *first, struct buf *out) {
  buf_putc(out, '(');
  for (const struct expr *item = first; item != NULL; item = item->next) {
    if (item != first) buf_puts(out, ", ");
    print_node(item, out);
  }
  buf_putc(out, ')');
}

static void print_binary(const struct expr *node, const struct operator_info *info, struct buf *out) {
  bool chains = info->precedence != PRECEDENCE_COMPARISON;
  print_operand(node->left, chains ? info->precedence : info->precedence + 1, out);
  buf_printf(out, " %s ", info->spelling);
  if (info->class == CLASS_MEMBER) {
    print_list(node->right, out);
  } else {
    /* The parser leans chains of `and` and of `or` to the left by itself; (a - b) - c is not a - (b - c). */
    print_operand(node->right, info->class == CLASS_LOGIC ? info->precedence : info->precedence + 1, out);
  }
}

static void print_node(const struct expr *node, struct buf *out) {
  if (node->op >= OP_NUMBER) {
    print_literal(node, out);
    return;
  }
  const struct operator_info *info = &expr_operators[node->op];
  if (info->class == CLASS_FUNCTION) {
    buf_printf(out, "%s(", info->spelling);
    print_node(node->left, out);
    buf_putc(out, ')');
  } else if (info->class == CLASS_PREFIX) {
    buf_puts(out, node->op == OP_NOT ? "not " : "-");
    print_operand(node->left, info->precedence, out);
  } else {
    print_binary(node, info, out);
  }
}

void expr_print(const struct expr *expr, struct buf *out) { print_node(expr, out); }
