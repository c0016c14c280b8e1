#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/secret.h"
#include "form/load.h"
#include "form/response.h"
#include "form/suggest.h"

/* What a good file becomes; what tests/form/ cannot show. */

static const char text[] =
    "questionnaire: e-index\n"
    "version: 2017.1\n"
    "languages: [lv, en]\n"
    "title: {lv: Anketa, en: Form}\n"
    "option_lists:\n"
    "  yes_no: [{code: 1, text: {lv: jā, en: 'yes'}}, {code: 2, text: {lv: nē, en: 'no'}}]\n"
    "sections:\n"
    "  - id: '21001'\n"
    "    title: {lv: Pirmā, en: First}\n"
    "    questions:\n"
    "      - {id: C1, type: calculate, calculation: K2 * 2}\n"
    "      - {id: K1, type: select_one, number: A.1, text: {lv: Vai?, en: Is it?}, options: yes_no, default: 2}\n"
    "      - block:\n"
    "          relevant: K1 = 1\n"
    "          questions:\n"
    "            - table:\n"
    "                id: T\n"
    "                text: {lv: Skaitļi, en: Figures}\n"
    "                unit: {lv: gab., en: pcs}\n"
    "                required: false\n"
    "                specials: {na: {lv: nav, en: none}}\n"
    "                questions:\n"
    "                  - {id: K2, type: integer, text: {lv: Cik?, en: How many?}}\n"
    "                  - {id: K3, type: decimal, text: {lv: Cik?, en: How much?}, min: -0.25, max: 8,\n"
    "                     specials: [nodata], required: true, relevant: K2 > 3}\n"
    "  - id: rows\n"
    "    title: {lv: Rindas, en: Rows}\n"
    "    relevant: K1 = 1\n"
    "    questions:\n"
    "      - roster:\n"
    "          id: services\n"
    "          text: {lv: Pakalpojumi, en: Services}\n"
    "          label: {lv: Pakalpojums, en: Service}\n"
    "          max: 7\n"
    "          questions:\n"
    "            - matrix:\n"
    "                id: M\n"
    "                text: {lv: Kuri?, en: Which?}\n"
    "                options: yes_no\n"
    "                questions: [{id: M_1, text: {lv: A, en: A}}]\n";

/* A matrix cannot stand in a roster: the text without it. */
static struct form *load(const char *source, size_t len, struct findings **findings) {
  *findings = findings_new("x.yaml");
  return form_load(source, len, *findings);
}

static struct form *load_good(void) {
  struct buf source = {0};
  const char *roster = strstr(text, "            - matrix:");
  buf_add(&source, text, (size_t)(roster - text));
  buf_puts(&source,
           "            - {id: P52, type: integer, text: {lv: Cik?, en: How many?}, constraint: [{check: P52 > K2,\n"
           "               severity: warning, message: {lv: '{P52}', en: '{P52}'}}]}\n"
           "      - {id: S, type: text, text: {lv: Kāpēc?, en: Why?}, max_length: 9,\n"
           "         relevant: sum(services.P52) > 1}\n");
  struct findings *findings;
  struct form *form = load(buf_text(&source), source.len, &findings);
  struct buf out = {0};
  findings_print(findings, &out);
  assert_string_equal(buf_text(&out), "");
  assert_non_null(form);
  char hash[SECRET_HASH_LEN + 1];
  secret_hash(buf_text(&source), source.len, hash);
  assert_string_equal(form->hash, hash);
  buf_free(&out);
  buf_free(&source);
  findings_free(findings);
  return form;
}

static void expect_expr(const struct expr *expr, const char *expected) {
  struct buf out = {0};
  if (expected == NULL) {
    assert_null(expr);
    return;
  }
  assert_non_null(expr);
  expr_print(expr, &out);
  assert_string_equal(buf_text(&out), expected);
  buf_free(&out);
}

static void test_head(void **state) {
  (void)state;
  struct form *form = load_good();
  assert_string_equal(form->id, "e-index");
  assert_string_equal(form->version, "2017.1");
  assert_int_equal(form->language_count, 2);
  assert_string_equal(form->title.in[1], "Form");
  assert_string_equal(form->hint.in[0], "");
  assert_int_equal(form->section_count, 2);
  assert_int_equal(form->question_count, 6);
  assert_int_equal(form->container_count, 3);
  assert_int_equal(form->roster_count, 1);
  assert_int_equal(form_language(form, "en"), 1);
  assert_int_equal(form_language(form, "ru"), 0);
  form_free(form);
}

static void test_find(void **state) {
  (void)state;
  struct form *form = load_good();
  assert_int_equal(form_find(form, "C1"), 0);
  assert_int_equal(form_find(form, "S"), 5);
  assert_int_equal(form_find(form, "k1"), -1);
  assert_int_equal(form_find(form, "services"), -1);
  assert_int_equal(form_find_roster(form, "services"), 2);
  assert_int_equal(form_find_roster(form, "T"), -1);
  assert_int_equal(form_find_section(form, "21001"), 0);
  assert_int_equal(form_find_section(form, "rows"), 1);
  assert_int_equal(form_option_index(&form->questions[1], 2), 1);
  assert_int_equal(form_option_index(&form->questions[1], 3), -1);
  assert_false(form_is_answerable(&form->questions[0]));
  assert_true(form_is_answerable(&form->questions[1]));
  assert_string_equal(form_type_name(QUESTION_SELECT_MULTIPLE), "select_multiple");
  form_free(form);
}

static void test_questions(void **state) {
  (void)state;
  struct form *form = load_good();
  const struct form_question *q = form->questions;
  assert_string_equal(q[1].number, "A.1");
  assert_string_equal(q[2].number, "K2");
  assert_true(q[1].has_default && q[1].default_value.kind == VALUE_NUMBER && q[1].default_value.number == 2);
  assert_true(q[1].required);
  assert_false(q[0].required);
  assert_true(q[2].has_min && q[2].min == 0 && !q[2].has_max); /* figures are counts unless the file says otherwise */
  assert_true(q[3].min == -0.25 && q[3].max == 8 && q[3].has_max);
  assert_int_equal(q[5].max_length, 9);
  assert_int_equal(q[1].line, 12);
  assert_int_equal(q[1].column, 9);
  form_free(form);
}

static void test_what_a_table_shares(void **state) {
  (void)state;
  struct form *form = load_good();
  const struct form_question *q = form->questions;
  assert_string_equal(q[2].unit.in[1], "pcs");
  assert_string_equal(q[3].unit.in[0], "gab.");
  assert_int_equal(q[2].specials, SPECIAL_NA);
  assert_string_equal(q[2].special_text[0].in[0], "nav");
  assert_int_equal(q[3].specials, SPECIAL_NODATA);
  assert_string_equal(q[3].special_text[0].in[0], "");
  assert_false(q[2].required);
  assert_true(q[3].required);
  form_free(form);
}

static void test_containers(void **state) {
  (void)state;
  struct form *form = load_good();
  const struct form_container *c = form->containers;
  assert_true(c[0].kind == CONTAINER_BLOCK && c[0].parent == -1 && c[0].first == 2 && c[0].count == 2);
  assert_true(c[1].kind == CONTAINER_TABLE && c[1].parent == 0 && c[1].first == 2 && c[1].count == 2);
  assert_true(c[2].kind == CONTAINER_ROSTER && c[2].roster == 0 && c[2].row_min == 0 && c[2].row_max == 7);
  assert_int_equal(form->rosters[0], 2);
  assert_int_equal(form->questions[2].container, 1);
  assert_int_equal(form->questions[2].table, 1);
  assert_int_equal(form->questions[2].matrix, -1);
  assert_int_equal(form->questions[4].roster, 0);
  assert_int_equal(form->questions[5].roster, -1);
  assert_int_equal(form->sections[1].first, 4);
  assert_int_equal(form->sections[1].count, 2);
  form_free(form);
}

static void test_filters(void **state) {
  (void)state;
  struct form *form = load_good();
  const struct form_question *q = form->questions;
  expect_expr(q[0].effective, NULL);
  expect_expr(q[0].calculation, "K2 * 2");
  expect_expr(q[2].relevant, NULL);
  expect_expr(q[2].effective, "K1 = 1");
  expect_expr(q[3].relevant, "K2 > 3");
  expect_expr(q[3].effective, "K1 = 1 and K2 > 3");
  expect_expr(form->containers[0].relevant, "K1 = 1");
  expect_expr(form->sections[1].relevant, "K1 = 1");
  expect_expr(q[5].effective, "K1 = 1 and sum(services.P52) > 1");
  form_free(form);
}

static void remember_slot(void *context, int slot, int line, int column, int len) {
  int *slots = context;
  (void)line, (void)column, (void)len;
  slots[slots[0]++ + 1] = slot;
}

static void test_slots(void **state) {
  (void)state;
  struct form *form = load_good();
  int slots[4] = {0};
  expr_variables(form->questions[5].relevant, remember_slot, slots);
  assert_int_equal(slots[0], 2);
  assert_int_equal(slots[1], FORM_ROSTER_SLOT + 0);
  assert_int_equal(slots[2], 4);
  form_free(form);
}

static void test_order(void **state) {
  (void)state;
  struct form *form = load_good();
  int at[6] = {0};
  for (int i = 0; i < 6; i++) at[form->order[i]] = i;
  assert_true(at[1] < at[2] && at[2] < at[3]); /* K1, K2, K3 */
  assert_true(at[2] < at[0]);                  /* the calculation that stands first reads K2 */
  assert_true(at[4] < at[5]);
  form_free(form);
}

static void test_checks(void **state) {
  (void)state;
  struct form *form = load_good();
  const struct form_question *question = &form->questions[4];
  assert_int_equal(question->check_count, 1);
  assert_int_equal(question->checks[0].severity, SEVERITY_WARNING);
  assert_int_equal(strlen(question->checks[0].key), 16);
  assert_string_equal(question->checks[0].message.in[1], "{P52}");
  expect_expr(question->checks[0].test, "P52 > K2");
  form_free(form);
}

static void test_useless_forms_are_not_returned(void **state) {
  (void)state;
  struct findings *findings;
  assert_null(load(text, sizeof text - 1, &findings)); /* a matrix in a roster */
  assert_int_equal(findings_count(findings), 1);
  assert_string_equal(findings_get(findings, 0)->text, "a roster holds questions only; a matrix cannot stand in it");
  findings_free(findings);
  assert_null(load("", 0, &findings));
  assert_int_equal(findings_count(findings), 1);
  findings_free(findings);
}

static void test_forms_with_lesser_faults_can_be_previewed(void **state) {
  (void)state;
  static const char source[] =
      "questionnaire: t\nversion: 1\nlanguages: [lv, en]\ntitle: {lv: A, en: B}\nsections:\n"
      "  - id: a\n    title: {lv: A, en: B}\n    questions:\n"
      "      - {id: K1, type: text, text: {en: Why?}, relevant: K9 = 1, colour: red}\n";
  struct findings *findings;
  struct form *form = load(source, sizeof source - 1, &findings);
  assert_non_null(form);
  assert_int_equal(findings_count(findings), 3);
  assert_string_equal(form->questions[0].text.in[0], "Why?"); /* better than nothing */
  assert_null(form->questions[0].effective);
  form_free(form);
  findings_free(findings);
}

static void test_file_that_is_not_there(void **state) {
  (void)state;
  struct findings *findings = findings_new("x.yaml");
  struct err err = {0};
  assert_null(form_load_file("tests/form/no such file.yaml", findings, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  assert_int_equal(findings_count(findings), 0);
  findings_free(findings);
}

static const char *nearest(const char *word, const char *const *known, size_t count) {
  struct suggest suggest;
  suggest_start(&suggest, word);
  for (size_t i = 0; i < count; i++) suggest_offer(&suggest, known[i]);
  return suggest.nearest;
}

static void test_suggestions(void **state) {
  (void)state;
  static const char *const known[] = {"required", "relevant", "K13M_NOTES", "k13M", "K13M", "D21"};
  assert_string_equal(nearest("requierd", known, 6), "required");
  assert_string_equal(nearest("relevent", known, 6), "relevant");
  assert_string_equal(nearest("k13m", known, 6), "k13M"); /* the first that is equal but for case */
  assert_string_equal(nearest("K13MNOTE", known, 6), "K13M_NOTES");
  assert_string_equal(nearest("d21", known, 6), "D21");
  assert_null(nearest("E22", known, 6)); /* two of three letters are another id */
  assert_null(nearest("colour", known, 6));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_head),
      cmocka_unit_test(test_find),
      cmocka_unit_test(test_questions),
      cmocka_unit_test(test_what_a_table_shares),
      cmocka_unit_test(test_containers),
      cmocka_unit_test(test_filters),
      cmocka_unit_test(test_slots),
      cmocka_unit_test(test_order),
      cmocka_unit_test(test_checks),
      cmocka_unit_test(test_useless_forms_are_not_returned),
      cmocka_unit_test(test_forms_with_lesser_faults_can_be_previewed),
      cmocka_unit_test(test_file_that_is_not_there),
      cmocka_unit_test(test_suggestions),
  };
  return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
