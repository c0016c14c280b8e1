#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "form_help.h"

static struct form *form;
static struct arena *arena;

static const char *const sections =
    "  - id: S\n"
    "    title: {lv: S}\n"
    "    questions:\n"
    "      - {id: I, type: integer, text: {lv: I}, specials: [na]}\n"
    "      - {id: M, type: integer, min: -10, max: 12500, text: {lv: M}}\n"
    "      - {id: D, type: decimal, min: -999999999999999, text: {lv: D}}\n"
    "      - {id: T, type: date, text: {lv: T}}\n"
    "      - {id: W, type: text, max_length: 5, text: {lv: W}}\n"
    "      - {id: O, type: select_one, text: {lv: O}, options: [{code: 1, text: {lv: viens}}, {code: 2, text: {lv: divi}}]}\n"
    "      - {id: K, type: select_multiple, text: {lv: K}, specials: {na: {lv: nav attiecināms}, nodata: {lv: nezinu}},\n"
    "         options: [{code: 99, text: {lv: cits}}, {code: 1, text: {lv: viens}},\n"
    "                   {code: 5, text: {lv: nekas}, exclusive: true}]}\n"
    "      - {id: N, type: note, text: {lv: N}}\n";

static int start(void **state) {
  (void)state;
  form = form_with(sections);
  arena = arena_new();
  return 0;
}

static int finish(void **state) {
  (void)state;
  form_free(form);
  arena_free(arena);
  return 0;
}

static const struct form_question *question(const char *id) { return &form->questions[form_find(form, id)]; }

static enum typed_fault parse(const char *id, const char *entry, struct value *out) {
  return typed_parse(question(id), &entry, 1, NULL, arena, out);
}

struct number_case {
  const char *id, *entry;
  enum typed_fault fault;
  double number;
};

static void numbers(void **state) {
  (void)state;
  static const struct number_case cases[] = {
      {"I", "0", TYPED_OK, 0},
      {"I", "47", TYPED_OK, 47},
      {"I", "  47\t", TYPED_OK, 47},
      {"I", "007", TYPED_OK, 7},
      {"I", "1 250", TYPED_OK, 1250},
      {"I", "1\u00A0250", TYPED_OK, 1250},
      {"I", "1\u202F234\u202F567", TYPED_OK, 1234567},
      {"I", "1\u2009250", TYPED_OK, 1250},
      {"I", "1.234.567", TYPED_OK, 1234567},
      {"I", "1,234,567", TYPED_OK, 1234567},
      {"I", "12,0", TYPED_OK, 12},
      {"I", "1,234.00", TYPED_OK, 1234},
      {"I", "-0", TYPED_OK, 0},
      {"M", "-5", TYPED_OK, -5},
      {"M", "\u22125", TYPED_OK, -5},
      {"M", "- 5", TYPED_OK, -5},
      {"M", "12500", TYPED_OK, 12500},
      {"D", "1 234,5", TYPED_OK, 1234.5},
      {"D", "1.234,5", TYPED_OK, 1234.5},
      {"D", "1,234.5", TYPED_OK, 1234.5},
      {"D", "1.234", TYPED_OK, 1.234},
      {"D", "1,234", TYPED_OK, 1.234},
      {"D", "1.234.567,25", TYPED_OK, 1234567.25},
      {"D", ",5", TYPED_OK, 0.5},
      {"D", "-,5", TYPED_OK, -0.5},
      {"D", "0,1", TYPED_OK, 0.1},
      {"D", "999999999999999", TYPED_OK, 999999999999999.0},
      {"D", "1000000000000000", TYPED_OK, 1e15},
      {"I", "1.234", TYPED_NOT_AN_INTEGER, 0},
      {"I", "1,234", TYPED_NOT_AN_INTEGER, 0},
      {"I", "1,000", TYPED_NOT_AN_INTEGER, 0},
      {"I", "1,5", TYPED_NOT_AN_INTEGER, 0},
      {"I", "-1", TYPED_BELOW_MIN, 0},
      {"M", "-11", TYPED_BELOW_MIN, 0},
      {"M", "12501", TYPED_ABOVE_MAX, 0},
      {"I", "10000000000000000", TYPED_ABOVE_MAX, 0},
      {"D", "1000000000000001", TYPED_ABOVE_MAX, 0},
      {"D", "-1000000000000001", TYPED_BELOW_MIN, 0},
      {"I", "12a", TYPED_NOT_A_NUMBER, 0},
      {"I", "a", TYPED_NOT_A_NUMBER, 0},
      {"I", "12 50", TYPED_NOT_A_NUMBER, 0},
      {"I", "1  250", TYPED_NOT_A_NUMBER, 0},
      {"I", "1250 000", TYPED_NOT_A_NUMBER, 0},
      {"I", "1.2345.678", TYPED_NOT_A_NUMBER, 0},
      {"I", "1.234.56", TYPED_NOT_A_NUMBER, 0},
      {"I", "1.23.456", TYPED_NOT_A_NUMBER, 0},
      {"I", ".234.567", TYPED_NOT_A_NUMBER, 0},
      {"I", "1.234,567,8", TYPED_NOT_A_NUMBER, 0},
      {"D", "1 234.567,5", TYPED_NOT_A_NUMBER, 0},
      {"D", "5,", TYPED_NOT_A_NUMBER, 0},
      {"D", ",", TYPED_NOT_A_NUMBER, 0},
      {"D", "-", TYPED_NOT_A_NUMBER, 0},
      {"D", "--5", TYPED_NOT_A_NUMBER, 0},
      {"D", "+5", TYPED_NOT_A_NUMBER, 0},
      {"D", "1e5", TYPED_NOT_A_NUMBER, 0},
      {"D", "0x10", TYPED_NOT_A_NUMBER, 0},
      {"D", "nan", TYPED_NOT_A_NUMBER, 0},
      {"D", "inf", TYPED_NOT_A_NUMBER, 0},
      {"D", "5 €", TYPED_NOT_A_NUMBER, 0},
      {"D", "١", TYPED_NOT_A_NUMBER, 0},
      {"D", "\xFF", TYPED_NOT_TEXT, 0},
      {"D", "11111111111111111111111111111111111111111111111111111111111111111", TYPED_NOT_A_NUMBER, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct value value;
    enum typed_fault fault = parse(cases[i].id, cases[i].entry, &value);
    if (fault != cases[i].fault) fail_msg("'%s': fault %d, expected %d", cases[i].entry, fault, cases[i].fault);
    assert_int_equal(value.kind, fault == TYPED_OK ? VALUE_NUMBER : VALUE_MISSING);
    if (value.number != cases[i].number) fail_msg("'%s': %.17g", cases[i].entry, value.number);
  }
}

static void dates(void **state) {
  (void)state;
  static const char *const good[] = {"2017-12-06", "6.12.2017.", "06.12.2017", "6.12.2017", "06. 12. 2017.", " 2017-12-06 "};
  static const char *const bad[] = {"2017-13-06", "2017-02-29", "31.11.2017.", "6.12.17", "6.12.", "12/06/2017", "6.12.2017..",
                                    "0.12.2017", "6 12 2017", "6.12.20177", "x", "20171206", "6..12.2017", "6.12.2017.1"};
  struct value value;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    if (parse("T", good[i], &value) != TYPED_OK) fail_msg("'%s'", good[i]);
    assert_int_equal(value.kind, VALUE_DATE);
    assert_int_equal((int)value.number, 17506);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    if (parse("T", bad[i], &value) != TYPED_NOT_A_DATE) fail_msg("'%s'", bad[i]);
    assert_int_equal(value.kind, VALUE_MISSING);
  }
}

static void texts(void **state) {
  (void)state;
  struct value value;
  assert_int_equal(parse("W", "  ā\r\nb\rc \u00A0", &value), TYPED_OK);
  assert_string_equal(value.text, "ā\nb\nc");
  assert_int_equal(parse("W", "āēīōū", &value), TYPED_OK);
  assert_int_equal(parse("W", "āēīōūa", &value), TYPED_TOO_LONG);
  assert_int_equal(parse("W", "a\x01", &value), TYPED_NOT_TEXT);
  assert_int_equal(parse("W", "a\x7F", &value), TYPED_NOT_TEXT);
  assert_int_equal(parse("W", "a\xC2\x85", &value), TYPED_NOT_TEXT);
  assert_int_equal(parse("W", "a\uFFFE", &value), TYPED_NOT_TEXT);
  assert_int_equal(parse("W", "a\xC3", &value), TYPED_NOT_TEXT);
  assert_int_equal(parse("W", "a\tb", &value), TYPED_OK);
  assert_int_equal(parse("W", " \n ", &value), TYPED_OK);
  assert_int_equal(value.kind, VALUE_MISSING);
  assert_int_equal(parse("N", "a", &value), TYPED_NOT_TEXT);
}

static enum typed_fault choose(const char *id, const char *a, const char *b, const char *c, struct value *out) {
  const char *const entries[] = {a, b, c};
  return typed_parse(question(id), entries, 3, NULL, arena, out);
}

static void choices(void **state) {
  (void)state;
  struct value value;
  assert_int_equal(choose("O", "", "2", "", &value), TYPED_OK);
  assert_int_equal(value.kind, VALUE_NUMBER);
  assert_true(value.number == 2);
  assert_int_equal(choose("O", "1", "2", "", &value), TYPED_NO_SUCH_OPTION);
  assert_int_equal(choose("O", "3", "", "", &value), TYPED_NO_SUCH_OPTION);
  assert_int_equal(choose("O", "1x", "", "", &value), TYPED_NO_SUCH_OPTION);
  assert_int_equal(choose("O", "99999999999", "", "", &value), TYPED_NO_SUCH_OPTION);
  assert_int_equal(choose("K", "99", "1", "99", &value), TYPED_OK);
  assert_int_equal(value.kind, VALUE_SET);
  assert_int_equal(value.code_count, 2);
  assert_int_equal(value.codes[0], 1);
  assert_int_equal(value.codes[1], 99);
  assert_int_equal(choose("K", "99,1", "", "1", &value), TYPED_OK);
  assert_int_equal(value.code_count, 2);
  assert_int_equal(choose("K", "", "", "", &value), TYPED_OK);
  assert_int_equal(value.kind, VALUE_MISSING);
  assert_int_equal(choose("K", "5", "", "", &value), TYPED_OK);
  assert_int_equal(choose("K", "5", "1", "", &value), TYPED_EXCLUSIVE);
  assert_int_equal(value.kind, VALUE_MISSING);
  assert_int_equal(choose("K", "7", "", "", &value), TYPED_NO_SUCH_OPTION);
  assert_int_equal(typed_parse(question("K"), NULL, 0, NULL, arena, &value), TYPED_OK);
  assert_int_equal(value.kind, VALUE_MISSING);
}

static void specials(void **state) {
  (void)state;
  struct value value;
  const char *entry = "47";
  assert_int_equal(typed_parse(question("I"), &entry, 1, "na", arena, &value), TYPED_OK);
  assert_int_equal(value.kind, VALUE_NA); /* wins over the entry */
  assert_int_equal(typed_parse(question("I"), &entry, 1, "", arena, &value), TYPED_OK);
  assert_int_equal(value.kind, VALUE_NUMBER);
  assert_int_equal(typed_parse(question("I"), &entry, 1, "nodata", arena, &value), TYPED_NO_SUCH_SPECIAL);
  assert_int_equal(typed_parse(question("I"), &entry, 1, "x", arena, &value), TYPED_NO_SUCH_SPECIAL);
  assert_int_equal(typed_parse(question("K"), &entry, 1, "nodata", arena, &value), TYPED_OK);
  assert_int_equal(value.kind, VALUE_NODATA);
}

static void check_number(double number, const char *language, const char *expected) {
  struct buf out = {0};
  typed_format_number(number, language, &out);
  assert_string_equal(buf_text(&out), expected);
  buf_free(&out);
}

static void shown_numbers(void **state) {
  (void)state;
  check_number(0, "lv", "0");
  check_number(1234, "lv", "1234");
  check_number(9999.5, "ru", "9999,5");
  check_number(10000, "lv", "10\u202F000");
  check_number(-1234567.25, "ru", "-1\u202F234\u202F567,25");
  check_number(999, "en", "999");
  check_number(1000, "en", "1,000");
  check_number(-1234567.25, "en", "-1,234,567.25");
  check_number(0.1 + 0.2, "lv", "0,3");
  check_number(0.000001, "en", "0.000001");
  check_number(1e15, "en", "1,000,000,000,000,000");
  check_number(100.0 / 3, "lv", "33,3333333333333");
}

/* What a field shows, typed again, is the same value. */
static void entries_return(void **state) {
  (void)state;
  static const double figures[] = {0, 7, 1234.5, -0.1, 1.234, 1e15, 0.30000000000000004, 123456.789, 1e-9};
  static const char *const languages[] = {"lv", "en", "ru"};
  for (size_t i = 0; i < 3 * sizeof figures / sizeof *figures; i++) {
    struct value value = {.kind = VALUE_NUMBER, .number = figures[i / 3]}, again;
    struct buf out = {0};
    typed_format_entry(question("D"), &value, languages[i % 3], &out);
    assert_int_equal(parse("D", buf_text(&out), &again), TYPED_OK);
    if (!value_equal(&value, &again)) fail_msg("'%s' is %.17g", buf_text(&out), again.number);
    buf_free(&out);
  }
  struct value date = {.kind = VALUE_DATE, .number = 17506}, again;
  struct buf out = {0};
  typed_format_entry(question("T"), &date, "lv", &out);
  assert_int_equal(parse("T", buf_text(&out), &again), TYPED_OK);
  assert_true(value_equal(&date, &again));
  buf_free(&out);
}

static void check_display(const char *id, struct value value, const char *expected) {
  struct buf out = {0};
  typed_format_display(form, form_find(form, id), &value, 0, &out);
  assert_string_equal(buf_text(&out), expected);
  buf_free(&out);
}

static void displayed(void **state) {
  (void)state;
  static const int codes[] = {1, 99};
  check_display("I", (struct value){0}, "");
  check_display("I", (struct value){.kind = VALUE_NUMBER, .number = 12500}, "12\u202F500");
  check_display("I", (struct value){.kind = VALUE_NA}, "neattiecas");
  check_display("I", (struct value){.kind = VALUE_NODATA}, "dati nav pieejami");
  check_display("K", (struct value){.kind = VALUE_NA}, "nav attiecināms");
  check_display("K", (struct value){.kind = VALUE_NODATA}, "nezinu");
  check_display("K", (struct value){.kind = VALUE_SET, .codes = codes, .code_count = 2}, "viens; cits");
  check_display("O", (struct value){.kind = VALUE_NUMBER, .number = 2}, "divi");
  check_display("T", (struct value){.kind = VALUE_DATE, .number = 17506}, "06.12.2017");
  check_display("W", (struct value){.kind = VALUE_TEXT, .text = "abc"}, "abc");
}

static void check_message(const char *id, enum typed_fault fault, const char *language, const char *expected) {
  struct buf out = {0};
  typed_fault_message(question(id), fault, language, &out);
  assert_string_equal(buf_text(&out), expected);
  buf_free(&out);
}

static void messages(void **state) {
  (void)state;
  check_message("I", TYPED_OK, "lv", "");
  check_message("I", TYPED_NOT_A_NUMBER, "lv", "Ierakstiet veselu skaitli, piemēram, 1250.");
  check_message("D", TYPED_NOT_A_NUMBER, "lv", "Ierakstiet skaitli, piemēram, 12,5.");
  check_message("M", TYPED_ABOVE_MAX, "lv", "Ierakstiet skaitli, kas nav lielāks par 12\u202F500.");
  check_message("M", TYPED_BELOW_MIN, "en", "Enter a number that is not less than -10.");
  check_message("W", TYPED_TOO_LONG, "ru", "Текст слишком длинный. Наибольшее допустимое количество знаков: 5.");
  check_message("W", TYPED_TOO_LONG, "de", "The text is too long. The greatest number of characters is 5.");
  for (enum typed_fault fault = TYPED_NOT_A_NUMBER; fault <= TYPED_NOT_TEXT; fault++) {
    struct buf lv = {0}, en = {0}, ru = {0};
    typed_fault_message(question("M"), fault, "lv", &lv);
    typed_fault_message(question("M"), fault, "en", &en);
    typed_fault_message(question("M"), fault, "ru", &ru);
    assert_string_not_equal(buf_text(&lv), buf_text(&en));
    assert_string_not_equal(buf_text(&ru), buf_text(&en));
    assert_true(lv.len > 20 && en.len > 20 && ru.len > 20);
    buf_free(&lv);
    buf_free(&en);
    buf_free(&ru);
  }
}

/* Values from outside that no typing could make. */
static void checked_values(void **state) {
  (void)state;
  static const int codes[] = {1, 7};
  struct value value = {.kind = VALUE_NUMBER, .number = 1.5};
  assert_int_equal(typed_check(question("O"), &value), TYPED_NO_SUCH_OPTION);
  assert_int_equal(typed_check(question("I"), &value), TYPED_NOT_AN_INTEGER);
  assert_int_equal(typed_check(question("W"), &value), TYPED_NOT_TEXT);
  assert_int_equal(typed_check(question("T"), &value), TYPED_NOT_A_DATE);
  value = (struct value){.kind = VALUE_SET, .codes = codes, .code_count = 2};
  assert_int_equal(typed_check(question("K"), &value), TYPED_NO_SUCH_OPTION);
  assert_int_equal(typed_check(question("I"), &value), TYPED_NOT_A_NUMBER);
  value = (struct value){.kind = VALUE_NODATA};
  assert_int_equal(typed_check(question("I"), &value), TYPED_NO_SUCH_SPECIAL);
  assert_int_equal(typed_check(question("K"), &value), TYPED_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers),        cmocka_unit_test(dates),     cmocka_unit_test(texts),
      cmocka_unit_test(choices),        cmocka_unit_test(specials),  cmocka_unit_test(shown_numbers),
      cmocka_unit_test(entries_return), cmocka_unit_test(displayed), cmocka_unit_test(messages),
      cmocka_unit_test(checked_values),
  };
  return cmocka_run_group_tests(tests, start, finish);
}
