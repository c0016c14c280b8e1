#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "form/diff_words.h"
#include "form/report.h"
#include "form_help.h"

static const char *const base =
    "questionnaire: test\n"
    "version: \"1\"\n"
    "languages: [lv, en]\n"
    "title: {lv: Tests, en: Test}\n"
    "sections:\n"
    "  - id: S1\n"
    "    title: {lv: Pirmā, en: First}\n"
    "    questions:\n"
    "      - {id: A, type: select_one, text: {lv: A, en: A}, options: [{code: 1, text: {lv: jā, en: \"yes\"}}, {code: 2, text: {lv: nē, en: \"no\"}}]}\n"
    "      - {id: B, type: integer, max: 100, text: {lv: B, en: B}, relevant: A = 1, specials: [na]}\n"
    "      - {id: C, type: decimal, text: {lv: C, en: C}, constraint: [{check: C <= B, message: {lv: m, en: m}}]}\n"
    "      - {id: K, type: select_multiple, text: {lv: K, en: K}, options: [{code: 1, text: {lv: v, en: o}}, {code: 7, text: {lv: s, en: s}, relevant: A = 1}]}\n"
    "      - {id: W, type: text, required: false, text: {lv: W, en: W}}\n"
    "  - id: S2\n"
    "    title: {lv: Otrā, en: Second}\n"
    "    questions:\n"
    "      - {id: X, type: integer, text: {lv: X, en: X}}\n"
    "      - {id: Z, type: calculate, calculation: B + 1, text: {lv: Z, en: Z}}\n"
    "      - roster:\n"
    "          id: services\n"
    "          text: {lv: Pakalpojumi, en: Services}\n"
    "          label: {lv: P, en: P}\n"
    "          min: 1\n"
    "          questions:\n"
    "            - {id: P, type: integer, text: {lv: P, en: P}}\n"
    "            - {id: Q, type: integer, text: {lv: Q, en: Q}}\n";

struct change {
  const char *find, *replace; /* in the base text, the first time */
  const char *expected;       /* of the whole output */
};

#define UNFIT " no longer fit: kept in history, listed as invalid until put right\n"
#define W_LINE "      - {id: W, type: text, required: false, text: {lv: W, en: W}}\n"
#define X_LINE "      - {id: X, type: integer, text: {lv: X, en: X}}\n"

static const struct change changes[] = {
    {"version: \"1\"", "version: \"2\"", ""},
    {"id: B, type: integer, max: 100", "id: B, type: decimal, max: 100",
     "B\n  retyped: integer → decimal — all answers fit\n"},
    {"id: C, type: decimal", "id: C, type: integer",
     "C\n  retyped: decimal → integer — answers with decimals" UNFIT},
    {"id: A, type: select_one", "id: A, type: select_multiple",
     "A\n  retyped: select_one → select_multiple — all answers fit, as a single choice\n"},
    {"id: K, type: select_multiple", "id: K, type: select_one",
     "K\n  retyped: select_multiple → select_one — answers with more than one option" UNFIT},
    {"id: X, type: integer", "id: X, type: text", "X\n  retyped: integer → text — all answers fit\n"},
    {"id: X, type: integer", "id: X, type: date", "X\n  retyped: integer → date — answers that are not dates" UNFIT},
    {"id: W, type: text, required: false", "id: W, type: note",
     "W\n  retyped: text → note — answers are kept in history and no longer used\n"},
    {W_LINE, "", "W\n  removed: text — answers are kept in history, neither shown nor exported; 1 question less to answer\n"},
    {W_LINE, W_LINE "      - {id: V, type: integer, text: {lv: V, en: V}}\n",
     "V\n  added: integer — no answers yet: 1 question more to answer, responses are incomplete where it is asked\n"},
    {W_LINE, W_LINE "      - {id: V, type: integer, required: false, text: {lv: V, en: V}}\n",
     "V\n  added: integer — no answers yet; responses stay complete\n"},
    {W_LINE, W_LINE "      - {id: V, type: note, text: {lv: V, en: V}}\n", "V\n  added: note — nothing to answer\n"},
    {"relevant: A = 1, specials", "relevant: A = 2, specials",
     "B\n  refiltered: A = 1 → A = 2 — shown to other respondents: answers that become hidden are kept, hidden ones that are "
     "shown again are back\n"},
    {"relevant: A = 1, specials", "specials", "B\n  refiltered: A = 1 → everyone — shown to everyone: hidden answers are back\n"},
    {"relevant: A = 1, specials", "relevant: (A  =  1), specials", ""},
    {"id: C, type: decimal", "id: C, type: decimal, relevant: A = 1",
     "C\n  refiltered: everyone → A = 1 — shown to fewer respondents: answers that become hidden are kept, not exported\n"},
    {"    title: {lv: Otrā, en: Second}\n", "    title: {lv: Otrā, en: Second}\n    relevant: answered(A)\n",
     "X\n  refiltered: everyone → answered(A) — shown to fewer respondents: answers that become hidden are kept, not exported\n"
     "Z\n  refiltered: everyone → answered(A) — shown to fewer respondents: answers that become hidden are kept, not exported\n"
     "P\n  refiltered: everyone → answered(A) — shown to fewer respondents: answers that become hidden are kept, not exported\n"
     "Q\n  refiltered: everyone → answered(A) — shown to fewer respondents: answers that become hidden are kept, not exported\n"},
    {"required: false", "required: true",
     "W\n  required: optional → required — answers are kept; responses that left it empty become incomplete\n"},
    {"id: X, type: integer", "id: X, type: integer, required: false",
     "X\n  required: required → optional — answers are kept; 1 question less that must be answered\n"},
    {", {code: 7, text: {lv: s, en: s}, relevant: A = 1}", "",
     "K\n  option removed: 7 “s” — answers that chose option 7" UNFIT},
    {"{code: 7, text: {lv: s, en: s}", "{code: 8, text: {lv: s, en: s}",
     "K\n  option recoded: 7 “s” → 8 — answers that chose option 7" UNFIT "  option added: 8 “s” — answers are kept\n"},
    {"{code: 7, text: {lv: s, en: s}", "{code: 7, text: {lv: s2, en: s}",
     "K\n  option reworded: 7 “s” → “s2” — answers that chose option 7 are kept and now read “s2”\n"},
    {"{code: 1, text: {lv: jā, en: \"yes\"}}, {code: 2, text: {lv: nē, en: \"no\"}}",
     "{code: 2, text: {lv: jā, en: \"yes\"}}, {code: 1, text: {lv: nē, en: \"no\"}}",
     "A\n  option recoded: 1 “jā” → “nē” — answers that chose option 1 are kept and now read “nē”: the old wording now has "
     "another code\n  option recoded: 2 “nē” → “jā” — answers that chose option 2 are kept and now read “jā”: the old wording "
     "now has another code\n  options moved: another order — answers are kept\n"},
    {"s}, relevant: A = 1}", "s}}",
     "K\n  option refiltered: 7: A = 1 → everyone — offered to other respondents: where it is not offered the choice is kept "
     "but unseen\n"},
    {"s}, relevant: A = 1}", "s}, relevant: A = 1, exclusive: true}",
     "K\n  option exclusive: 7 is now exclusive — answers that combine option 7 with others" UNFIT},
    {"max: 100", "max: 50", "B\n  bounds: min 0, max 100 → min 0, max 50 — answers outside the new bounds" UNFIT},
    {"max: 100", "max: 200", "B\n  bounds: min 0, max 100 → min 0, max 200 — all answers fit\n"},
    {", max: 100", "", "B\n  bounds: min 0, max 100 → min 0, max none — all answers fit\n"},
    {"id: W, type: text", "id: W, type: text, max_length: 5",
     "W\n  length: at most 10000 characters → 5 — longer answers" UNFIT},
    {"specials: [na]", "specials: [nodata]",
     "B\n  specials: na no longer offered — answers “na”" UNFIT "  specials: nodata offered — answers are kept\n"},
    {"check: C <= B", "check: C < B",
     "C\n  check changed: C <= B (error) → C < B (error) — answers are kept; responses that violate it are not complete until "
     "put right\n"},
    {"check: C <= B", "severity: warning, check: C <= B",
     "C\n  check changed: C <= B (error) → warning — answers are kept; responses that violate it show a warning\n"},
    {"message: {lv: m, en: m}", "message: {lv: m, en: n}", "C\n  check reworded: message: en — answers are kept\n"},
    {", constraint: [{check: C <= B, message: {lv: m, en: m}}]", "",
     "C\n  check removed: C <= B (error) — answers are kept; nothing to put right any more\n"},
    {"en: X}}", "en: X}, constraint: [{check: X > 1, severity: warning, message: {lv: m, en: m}}]}",
     "X\n  check added: X > 1 (warning) — answers are kept; responses that violate it show a warning\n"},
    {"lv: B, en: B", "lv: B?, en: B!", "B\n  reworded: text: lv, en — answers are kept; check that they still mean the same\n"},
    {"text: {lv: X, en: X}", "text: {lv: X, en: X}, hint: {lv: h, en: h}, number: X.1",
     "X\n  reworded: hint: lv, en — answers are kept; check that they still mean the same\n"
     "  renumbered: X → X.1 — answers are kept\n"},
    {"calculation: B + 1", "calculation: B + 2",
     "Z\n  recalculated: B + 1 → B + 2 — its value changes where the answers make a difference\n"},
    {"id: X, type: integer", "id: X, type: integer, default: 5",
     "X\n  default — answers are kept; another value is offered where there is none\n"},
    {"          min: 1\n", "          min: 2\n",
     "roster services\n  rows: 1 to 5000 → 2 to 5000 — rows are kept; responses with too few or too many are not complete "
     "until put right\n"},
    {"lv: Otrā", "lv: Cita", "section S2\n  reworded: title: lv — answers are kept\n"},
    {"lv: Pakalpojumi", "lv: Citi", "roster services\n  reworded: text: lv — answers are kept\n"},
    {"title: {lv: Tests,", "title: {lv: Cits,", "questionnaire\n  reworded: title: lv — answers are kept\n"},
    {"            - {id: Q, type: integer, text: {lv: Q, en: Q}}\n", "      - {id: Q, type: integer, text: {lv: Q, en: Q}}\n",
     "Q\n  moved: roster services → (none) — its answers stood elsewhere: kept in history, not carried over\n"},
};

static struct form *changed_form(const struct change *change) {
  const char *at = strstr(base, change->find);
  struct buf text = {0};
  if (at == NULL) fail_msg("the base has no '%s'", change->find);
  buf_add(&text, base, (size_t)(at - base));
  buf_puts(&text, change->replace);
  buf_puts(&text, at + strlen(change->find));
  struct form *form = form_from(buf_text(&text));
  buf_free(&text);
  return form;
}

static void one_change_each(void **state) {
  (void)state;
  int failed = 0;
  struct form *old = form_from(base);
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    struct buf out = {0};
    struct form *new = changed_form(&changes[i]);
    form_diff(old, new, false, &out);
    if (strcmp(buf_text(&out), changes[i].expected) != 0) {
      print_error("'%s' → '%s':\nexpected:\n%sgot:\n%s", changes[i].find, changes[i].replace, changes[i].expected,
                  buf_text(&out));
      failed++;
    }
    form_free(new);
    buf_free(&out);
  }
  form_free(old);
  assert_int_equal(failed, 0);
}

static char *swapped(const char *text, const char *first, const char *second) {
  const char *a = strstr(text, first), *b = strstr(text, second);
  assert_true(a != NULL && b != NULL && a < b);
  struct buf out = {0};
  buf_add(&out, text, (size_t)(a - text));
  buf_puts(&out, second);
  buf_add(&out, a + strlen(first), (size_t)(b - a) - strlen(first));
  buf_puts(&out, first);
  buf_puts(&out, b + strlen(second));
  return out.data;
}

static void check_pair(const char *old_text, const char *new_text, bool json, size_t count, const char *expected) {
  struct form *old = form_from(old_text), *new = form_from(new_text);
  struct buf out = {0};
  assert_int_equal(form_diff(old, new, json, &out), count);
  if (expected != NULL) assert_string_equal(buf_text(&out), expected);
  if (json) {
    json_t *list = json_loads(buf_text(&out), JSON_REJECT_DUPLICATES, NULL);
    assert_int_equal(json_array_size(list), count);
    json_decref(list);
  }
  buf_free(&out);
  form_free(new);
  form_free(old);
}

/* Only as few questions as needed count as moved. */
static void moves(void **state) {
  (void)state;
  char *text = swapped(base, W_LINE, X_LINE);
  check_pair(base, text, false, 2,
             "X\n  moved: section S2 → S1 — answers are kept\nW\n  moved: section S1 → S2 — answers are kept\n");
  free(text);
  static const char *const k = "      - {id: K, type: select_multiple, text: {lv: K, en: K}, options: [{code: 1, text: {lv: v, "
                               "en: o}}, {code: 7, text: {lv: s, en: s}, relevant: A = 1}]}\n";
  text = swapped(base, k, W_LINE);
  check_pair(base, text, false, 1, NULL);
  free(text);
}

static void json_form(void **state) {
  (void)state;
  const struct change change = {"id: X, type: integer", "id: Y, type: text", NULL};
  struct form *old = form_from(base), *new = changed_form(&change);
  struct buf out = {0};
  assert_int_equal(form_diff(old, new, true, &out), 2);
  assert_string_equal(buf_text(&out),
                      "[\n{\"change\":\"added\",\"question\":\"Y\",\"detail\":\"text\",\"effect\":\"no answers yet: 1 question more "
                      "to answer, responses are incomplete where it is asked\"},\n{\"change\":\"removed\",\"question\":\"X\","
                      "\"detail\":\"integer\",\"effect\":\"answers are kept in history, neither shown nor exported; 1 question "
                      "less to answer\"}\n]");
  buf_free(&out);
  form_free(new);
  form_free(old);
  check_pair(base, base, true, 0, "[]");
  check_pair(base, base, false, 0, "");
}

struct told {
  int count, without_words;
};

static void count_change(void *context, const struct form_change *change) {
  struct told *told = context;
  told->count++;
  if (strpbrk(change->detail, "%{") != NULL || strstr(change->detail, "(null)") != NULL) told->without_words++;
}

/* The details have words of their own in every language, and a sentence's gaps are filled. */
static void details_in_languages(void **state) {
  (void)state;
  static const char *const languages[] = {"lv", "en", "ru"};
  struct form *old = form_from(base);
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    struct form *new = changed_form(&changes[i]);
    struct buf out = {0};
    int count = (int)form_diff(old, new, false, &out);
    buf_free(&out);
    for (size_t k = 0; k < 3; k++) {
      struct told told = {0};
      assert_int_equal(form_diff_each(old, new, languages[k], count_change, &told), count);
      assert_int_equal(told.count, count);
      if (strpbrk(changes[i].replace, "{%") == NULL) assert_int_equal(told.without_words, 0);
    }
    form_free(new);
  }
  form_free(old);
  for (int word = 0; word < DIFF_WORDS; word++) {
    const char *lv = diff_word("lv", (enum diff_word)word), *en = diff_word("en", (enum diff_word)word);
    if (word == DIFF_CLOSE) continue; /* the same in both */
    assert_true(lv != NULL && en != NULL && strcmp(lv, en) != 0);
    assert_string_not_equal(diff_word("ru", (enum diff_word)word), en);
  }
}

static void whole(void **state) {
  (void)state;
  static const char *const other =
      "questionnaire: test\nversion: \"2\"\nlanguages: [lv, ru]\ntitle: {lv: Tests, ru: T}\nsections:\n"
      "  - id: S3\n    title: {lv: Pirmā, ru: F}\n    questions:\n"
      "      - {id: W, type: text, required: false, text: {lv: W, ru: W}}\n";
  struct form *old = form_from(base), *new = form_from(other);
  struct buf out = {0};
  form_diff(old, new, true, &out);
  static const char *const parts[] = {
      "{\"change\":\"language removed\",\"question\":null,\"detail\":\"questionnaire: en\"",
      "{\"change\":\"language added\",\"question\":null,\"detail\":\"questionnaire: ru\"",
      "{\"change\":\"removed\",\"question\":null,\"detail\":\"section S1\"",
      "{\"change\":\"added\",\"question\":null,\"detail\":\"section S3\"",
      "{\"change\":\"moved\",\"question\":\"W\",\"detail\":\"section S1 → S3\"",
      "{\"change\":\"removed\",\"question\":\"P\"",
      "{\"change\":\"removed\",\"question\":\"Z\",\"detail\":\"calculate\",\"effect\":\"there are no answers to keep\"",
  };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (strstr(buf_text(&out), parts[i]) == NULL) fail_msg("no %s in:\n%s", parts[i], buf_text(&out));
  }
  buf_free(&out);
  form_free(new);
  form_free(old);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(one_change_each), cmocka_unit_test(moves),
                                     cmocka_unit_test(json_form), cmocka_unit_test(details_in_languages),
      cmocka_unit_test(whole)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
