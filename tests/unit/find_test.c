#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "form_help.h"
#include "survey/find.h"

static const char sections[] =
    "  - id: one\n"
    "    title: {lv: Saziņa ar sabiedrību}\n"
    "    questions:\n"
    "      - {id: K13M, type: select_multiple, text: {lv: Sociālie tīkli}, hint: {lv: Arī forumi un ziņotāji},\n"
    "         options: [{code: 1, text: {lv: Draugiem.lv}}, {code: 2, text: {lv: Twitter}}]}\n"
    "      - {id: K13, type: integer, text: {lv: Cik PAKALPOJUMU sniedz iestāde?}}\n"
    "      - {id: N1, number: '3.2', type: integer, text: {lv: 'Pakalpojumi, kas ir elektroniski'}}\n"
    "      - matrix:\n"
    "          id: m\n"
    "          text: {lv: Kādā mērā tiek lietotas veidlapas}\n"
    "          options: [{code: 1, text: {lv: pilnībā}}, {code: 2, text: {lv: daļēji}}]\n"
    "          questions: [{id: M1, text: {lv: vietnē}}, {id: M2, text: {lv: klātienē}}]\n"
    "  - id: two\n"
    "    title: {lv: Pakalpojumu nodrošināšana}\n"
    "    questions:\n"
    "      - {id: X1, type: text, text: {lv: 'Šķirošana «ātri» un ērti <b>'}}\n"
    "      - {id: X2, type: text, text: {lv: Kā ar forumiem?}}\n";

static struct form *form;
static struct arena *arena;

/* The ids of what is found, best first: "K13 N1 [two]". */
static const char *found(const char *text) {
  const struct find_result *results;
  struct find_query query = find_parse(text, arena);
  size_t count = find_in_form(form, 0, &query, arena, &results);
  const char *out = "";
  for (size_t i = 0; i < count; i++) {
    const char *id = results[i].question < 0 ? arena_printf(arena, "[%s]", form->sections[results[i].section].id)
                                             : form->questions[results[i].question].id;
    out = arena_printf(arena, "%s%s%s", out, i == 0 ? "" : " ", id);
  }
  return out;
}

static void diacritics_case_and_order_do_not_count(void **state) {
  (void)state;
  assert_string_equal(found("pakalpojumu"), "K13 [two]");
  assert_string_equal(found("PAKALPOJUMU"), "K13 [two]");
  assert_string_equal(found("  iestade   pakalpojumu "), "K13");
  assert_string_equal(found("iestāde, sniedz"), "K13");
  assert_string_equal(found("skirosana ATRI"), "X1");
  assert_string_equal(found("„ātri”"), "X1");
  assert_string_equal(found("sabiedriba"), ""); /* another ending is another word: */
  assert_string_equal(found("sabiedrib"), "[one]"); /* its beginning finds it */
}

static void looks_everywhere_in_a_question(void **state) {
  (void)state;
  assert_string_equal(found("draugiem lv"), "K13M");
  assert_string_equal(found("ziņotāji tīkli"), "K13M");
  assert_string_equal(found("veidlapas"), "M1 M2");
  assert_string_equal(found("veidlapas klātienē"), "M2");
  assert_string_equal(found("daļēji vietnē"), "M1");
  assert_string_equal(found("saziņa pakalpojumi"), "N1"); /* with its section's title */
  assert_string_equal(found("saziņa draugiem"), "K13M");
}

static void every_word_must_be_there(void **state) {
  (void)state;
  assert_string_equal(found("pakalpojumi zirgs"), "");
  assert_string_equal(found("zirgs"), "");
}

static void the_best_comes_first(void **state) {
  (void)state;
  assert_string_equal(found("k13"), "K13 K13M"); /* the id itself before one that begins so */
  assert_string_equal(found("K13m"), "K13M");
  assert_string_equal(found("3.2"), "N1");
  assert_string_equal(found("forumi"), "X2 K13M"); /* in the text before in the hint */
  assert_string_equal(found("two"), "[two]");      /* a section by its id */
}

static void nothing_to_search_by_finds_nothing(void **state) {
  (void)state;
  static const char *const empty[] = {"", "   ", "?!", "<>", "„”", "– —", "\t\n", "%"};
  for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
    assert_int_equal(find_parse(empty[i], arena).word_count, 0);
    assert_string_equal(found(empty[i]), "");
  }
  struct find_query twice = find_parse("Viens VIENS viēns divi", arena);
  assert_int_equal(twice.word_count, 2);
  assert_string_equal(twice.whole, "viens viens viens divi");
}

/* "[x]" around what is marked. */
static const char *marked(const char *text, const char *query_text) {
  const struct find_piece *pieces;
  struct find_query query = find_parse(query_text, arena);
  size_t count = find_pieces(text, &query, arena, &pieces);
  const char *out = "";
  for (size_t i = 0; i < count; i++)
    out = arena_printf(arena, pieces[i].marked ? "%s[%s]" : "%s%s", out, pieces[i].text);
  return out;
}

static void marks_what_matched(void **state) {
  (void)state;
  assert_string_equal(marked("Cik PAKALPOJUMU sniedz?", "pakalpojumu"), "Cik [PAKALPOJUMU] sniedz?");
  assert_string_equal(marked("Šķirošana", "sk"), "[Šķ]irošana");
  assert_string_equal(marked("Šķirošana", "osan"), "Šķir[ošan]a");
  assert_string_equal(marked("aaa", "aa"), "[aa]a");
  assert_string_equal(marked("anans", "ana nans"), "[anans]"); /* what overlaps is one mark */
  assert_string_equal(marked("<b>ā</b>", "b a"), "<[b]>[ā]</[b]>");
  assert_string_equal(marked("Россия Ёлка", "елка"), "Россия [Ёлка]");
  assert_string_equal(marked("nekā", "zirgs"), "nekā");
  assert_string_equal(marked("", "zirgs"), "");
  assert_string_equal(marked("x", ""), "x");
}

static void says_where_a_word_was_found(void **state) {
  (void)state;
  const struct find_result *results;
  struct find_query query = find_parse("twitter", arena);
  assert_int_equal(find_in_form(form, 0, &query, arena, &results), 1);
  assert_string_equal(results[0].also, "Twitter");
  query = find_parse("tīkli", arena);
  assert_int_equal(find_in_form(form, 0, &query, arena, &results), 1);
  assert_null(results[0].also);
}

static int start(void **state) {
  (void)state;
  arena = arena_new();
  form = form_with(sections);
  return 0;
}

static int end(void **state) {
  (void)state;
  form_free(form);
  arena_free(arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(diacritics_case_and_order_do_not_count), cmocka_unit_test(looks_everywhere_in_a_question),
      cmocka_unit_test(every_word_must_be_there),               cmocka_unit_test(the_best_comes_first),
      cmocka_unit_test(nothing_to_search_by_finds_nothing),     cmocka_unit_test(marks_what_matched),
      cmocka_unit_test(says_where_a_word_was_found),
  };
  return cmocka_run_group_tests_name("find", tests, start, end);
}
