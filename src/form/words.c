#include "form/words.h"

#include <string.h>

#include "expr/tree.h"
#include "form/typed.h"

enum word { AND, OR, NOT, NOT_ONE, QUOTE, QUOTE_END, ANSWERED, UNANSWERED, SPECIAL, CHOSEN, ROWS, SUM, LEAST, MOST, WORDS };

static const char *const words[][WORDS] = {
    {" un ", " vai ", "nav tā, ka ", "ne ", "„", "”", "ir atbilde", "nav atbildes",
     "izvēlēts „neattiecas” vai „dati nav pieejami”", "izvēlēto skaits", "ierakstu skaits", "summa", "mazākais", "lielākais"},
    {" and ", " or ", "it is not so that ", "not ", "“", "”", "is answered", "is not answered",
     "“not applicable” or “no data” is chosen", "number chosen", "number of entries", "sum", "smallest", "largest"},
    {" и ", " или ", "неверно, что ", "не ", "«", "»", "есть ответ", "нет ответа",
     "выбрано «неприменимо» или «данные отсутствуют»", "число выбранных", "число записей", "сумма", "наименьшее",
     "наибольшее"},
};

struct speaker {
  const struct form *form;
  int language;
  const char *const *words;
  struct buf *out;
};

static void say(const struct speaker *speaker, const struct expr *node);

static void say_name(const struct speaker *speaker, const struct expr *variable) {
  const struct form *form = speaker->form;
  bool roster = variable->slot >= FORM_ROSTER_SLOT;
  if (roster) buf_puts(speaker->out, form->containers[form->rosters[variable->slot - FORM_ROSTER_SLOT]].text.in[speaker->language]);
  else buf_puts(speaker->out, form->questions[variable->slot].number);
}

static void say_quoted(const struct speaker *speaker, const char *text) {
  buf_printf(speaker->out, "%s%s%s", speaker->words[QUOTE], text, speaker->words[QUOTE_END]);
}

static void say_code(const struct speaker *speaker, const struct form_question *question, const struct expr *code) {
  int option = form_option_index(question, (int)code->number);
  if (option >= 0) say_quoted(speaker, question->options[option].text.in[speaker->language]);
  else say(speaker, code);
}

/* The choice that is compared with a code, NULL when it is something else. */
static const struct form_question *choice_of(const struct speaker *speaker, const struct expr *node) {
  bool choice = node->op == OP_VARIABLE && (node->type == EXPR_CHOICE || node->type == EXPR_SET);
  return choice ? &speaker->form->questions[node->slot] : NULL;
}

static void say_choice(const struct speaker *speaker, const struct expr *node, const struct form_question *question) {
  say_name(speaker, node->left);
  buf_puts(speaker->out, ": ");
  if (node->op == OP_NE) buf_puts(speaker->out, speaker->words[NOT_ONE]);
  for (const struct expr *code = node->right; code != NULL; code = node->op == OP_IN ? code->next : NULL) {
    if (code != node->right) buf_puts(speaker->out, speaker->words[OR]);
    say_code(speaker, question, code);
  }
}

/* In brackets, where it would be read together with what stands beside it. */
static void say_part(const struct speaker *speaker, const struct expr *node, const struct expr *whole) {
  bool brackets = node->op < OP_NUMBER && expr_operators[node->op].class != CLASS_FUNCTION &&
                  expr_operators[node->op].precedence < expr_operators[whole->op].precedence;
  if (brackets) buf_putc(speaker->out, '(');
  say(speaker, node);
  if (brackets) buf_putc(speaker->out, ')');
}

static void say_function(const struct speaker *speaker, const struct expr *node) {
  static const enum word names[] = {[OP_SUM - OP_COUNT] = SUM, [OP_MIN - OP_COUNT] = LEAST, [OP_MAX - OP_COUNT] = MOST};
  enum op op = (enum op)node->op;
  if (op >= OP_COUNT) {
    enum word name = op != OP_COUNT ? names[op - OP_COUNT] : node->left->type == EXPR_SET ? CHOSEN : ROWS;
    buf_printf(speaker->out, "%s (", speaker->words[name]);
    say_name(speaker, node->left);
    buf_putc(speaker->out, ')');
    return;
  }
  say_name(speaker, node->left);
  const char *language = speaker->form->languages[speaker->language];
  if (op == OP_NA || op == OP_NODATA) {
    buf_puts(speaker->out, ": ");
    say_quoted(speaker, typed_special_name(op == OP_NA ? SPECIAL_NA : SPECIAL_NODATA, language));
  } else {
    buf_printf(speaker->out, ": %s", speaker->words[op == OP_ANSWERED ? ANSWERED : SPECIAL]);
  }
}

static void say_not(const struct speaker *speaker, const struct expr *node) {
  if (node->left->op == OP_ANSWERED) {
    say_name(speaker, node->left->left);
    buf_printf(speaker->out, ": %s", speaker->words[UNANSWERED]);
    return;
  }
  buf_printf(speaker->out, "%s(", speaker->words[NOT]);
  say(speaker, node->left);
  buf_putc(speaker->out, ')');
}

static void say_binary(const struct speaker *speaker, const struct expr *node) {
  static const char *const signs[] = {[OP_NE] = "≠", [OP_LE] = "≤", [OP_GE] = "≥", [OP_SUBTRACT] = "−", [OP_MULTIPLY] = "·"};
  const struct form_question *question = choice_of(speaker, node->left);
  bool compares = node->op == OP_EQ || node->op == OP_NE || node->op == OP_IN;
  if (question != NULL && compares && node->right->op == OP_NUMBER) {
    say_choice(speaker, node, question);
    return;
  }
  const char *sign = node->op < sizeof signs / sizeof *signs ? signs[node->op] : NULL;
  say_part(speaker, node->left, node);
  if (node->op == OP_AND || node->op == OP_OR) buf_puts(speaker->out, speaker->words[node->op == OP_AND ? AND : OR]);
  else buf_printf(speaker->out, " %s ", node->op == OP_IN ? "=" : sign != NULL ? sign : expr_operators[node->op].spelling);
  for (const struct expr *item = node->right; item != NULL; item = node->op == OP_IN ? item->next : NULL) {
    if (item != node->right) buf_puts(speaker->out, speaker->words[OR]);
    say_part(speaker, item, node);
  }
}

static void say(const struct speaker *speaker, const struct expr *node) {
  if (node->op == OP_VARIABLE) say_name(speaker, node);
  else if (node->op == OP_NUMBER) typed_format_number(node->number, speaker->form->languages[speaker->language], speaker->out);
  else if (node->op >= OP_NUMBER) expr_print(node, speaker->out); /* a text, a date, true */
  else if (expr_operators[node->op].class == CLASS_FUNCTION) say_function(speaker, node);
  else if (node->op == OP_NOT) say_not(speaker, node);
  else if (node->op == OP_NEGATE) {
    buf_puts(speaker->out, "−");
    say_part(speaker, node->left, node);
  } else say_binary(speaker, node);
}

void form_words(const struct form *form, const struct expr *filter, int language, struct buf *out) {
  const char *code = form->languages[language];
  int tongue = strcmp(code, "lv") == 0 ? 0 : strcmp(code, "ru") == 0 ? 2 : 1;
  struct speaker speaker = {.form = form, .language = language, .words = words[tongue], .out = out};
  say(&speaker, filter);
}
