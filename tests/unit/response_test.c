#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "form_help.h"

static const char *const sections =
    "  - id: S\n"
    "    title: {lv: S}\n"
    "    questions:\n"
    "      - {id: I, type: integer, text: {lv: I}, specials: [na]}\n"
    "      - {id: D, type: decimal, text: {lv: D}}\n"
    "      - {id: T, type: date, text: {lv: T}}\n"
    "      - {id: W, type: text, text: {lv: W}}\n"
    "      - {id: O, type: select_one, text: {lv: O}, options: [{code: 1, text: {lv: viens}}, {code: 2, text: {lv: divi}}]}\n"
    "      - {id: K, type: select_multiple, text: {lv: K},\n"
    "         options: [{code: 99, text: {lv: cits}}, {code: 1, text: {lv: viens}},\n"
    "                   {code: 5, text: {lv: nekas}, exclusive: true}]}\n"
    "      - {id: N, type: note, text: {lv: N}}\n"
    "      - roster:\n"
    "          id: services\n"
    "          text: {lv: Pakalpojumi}\n"
    "          label: {lv: Pakalpojums}\n"
    "          questions:\n"
    "            - {id: P, type: integer, text: {lv: P}}\n"
    "            - {id: Q, type: text, text: {lv: Q}}\n";

static struct form *form;
static struct arena *arena;

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

static int index_of(const char *id) { return form_find(form, id); }

static void values_are_copied(void **state) {
  (void)state;
  struct response *response = response_new(form, arena);
  char text[] = "abc";
  int codes[] = {1, 99};
  response_set(response, index_of("W"), -1, (struct value){.kind = VALUE_TEXT, .text = text});
  response_set(response, index_of("K"), -1, (struct value){.kind = VALUE_SET, .codes = codes, .code_count = 2});
  text[0] = 'x';
  codes[1] = 5;
  assert_string_equal(response_get(response, index_of("W"), -1)->text, "abc");
  assert_int_equal(response_get(response, index_of("K"), -1)->codes[1], 99);
  assert_int_equal(response_get(response, index_of("I"), -1)->kind, VALUE_MISSING);
  assert_ptr_equal(response_form(response), form);
}

static void invalid_entries(void **state) {
  (void)state;
  struct response *response = response_new(form, arena);
  enum typed_fault fault;
  int question = index_of("I");
  response_set(response, question, -1, (struct value){.kind = VALUE_NUMBER, .number = 5});
  assert_null(response_invalid(response, question, -1, &fault));
  assert_int_equal(fault, TYPED_OK);
  response_set_invalid(response, question, -1, "12a", TYPED_NOT_A_NUMBER);
  assert_string_equal(response_invalid(response, question, -1, &fault), "12a");
  assert_int_equal(fault, TYPED_NOT_A_NUMBER);
  assert_int_equal(response_get(response, question, -1)->kind, VALUE_MISSING);
  response_set(response, question, -1, (struct value){.kind = VALUE_NUMBER, .number = 12});
  assert_null(response_invalid(response, question, -1, NULL));
}

static void rows(void **state) {
  (void)state;
  struct response *response = response_new(form, arena);
  char id[16];
  assert_int_equal(response_find_row(response, 0, "s1"), -1);
  for (int i = 0; i < RESPONSE_ROWS_MAX; i++) {
    snprintf(id, sizeof id, "s%d", i);
    assert_int_equal(response_add_row(response, 0, id, i % 2 == 0 ? "nosaukums" : NULL), i);
    response_set(response, index_of("P"), i, (struct value){.kind = VALUE_NUMBER, .number = i});
  }
  assert_int_equal(response_add_row(response, 0, "one more", ""), -1);
  assert_int_equal(response_row_count(response, 0), RESPONSE_ROWS_MAX);
  for (int i = 0; i < RESPONSE_ROWS_MAX; i++) {
    snprintf(id, sizeof id, "s%d", i);
    assert_int_equal(response_find_row(response, 0, id), i);
    assert_true(response_get(response, index_of("P"), i)->number == i);
    assert_int_equal(response_get(response, index_of("Q"), i)->kind, VALUE_MISSING);
  }
  assert_string_equal(response_row(response, 0, 7)->id, "s7");
  assert_string_equal(response_row(response, 0, 7)->label, "");
}

static void row_ids_are_unique(void **state) {
  (void)state;
  struct response *response = response_new(form, arena);
  assert_int_equal(response_add_row(response, 0, "a", "x"), 0);
  assert_int_equal(response_add_row(response, 0, "a", "y"), -1);
  assert_int_equal(response_row_count(response, 0), 1);
}

struct stored {
  const char *id, *text;
  bool good;
};

/* What is good is written back as it was. */
static void stored_forms(void **state) {
  (void)state;
  static const struct stored cases[] = {
      {"I", "47", true},       {"I", "0", true},      {"I", "-5", false},         {"I", "1.5", false},
      {"I", "", false},        {"I", " 47", false},   {"I", "47 ", false},        {"I", "1e3", false},
      {"I", "0x10", false},    {"I", "nan", false},   {"I", "1,5", false},        {"I", "12a", false},
      {"D", "1234.5", true},   {"D", "0.1", true},    {"D", "0.30000000000000004", true},
      {"D", "1000000000000000", true},                {"D", "1.", false},         {"D", ".5", false},
      {"T", "2017-12-06", true}, {"T", "6.12.2017", false}, {"T", "2017-02-29", false},
      {"W", "ar \"pēdiņām\"\nun rindām", true},       {"W", "", false},
      {"O", "2", true},        {"O", "3", false},     {"O", "1.5", false},        {"O", "1,2", false},
      {"K", "1,99", true},     {"K", "5", true},      {"K", "99,1", false},       {"K", "1,1", false},
      {"K", "1,5", false},     {"K", "1,", false},    {"K", ",1", false},         {"K", "", false},
      {"K", "7", false},       {"K", "1 ,99", false}, {"K", "99999999999999999999", false},
      {"N", "x", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct form_question *question = &form->questions[index_of(cases[i].id)];
    struct value value;
    struct buf out = {0};
    bool good = response_parse_stored(question, cases[i].text, arena, &value);
    if (good != cases[i].good) fail_msg("%s '%s'", cases[i].id, cases[i].text);
    response_format_stored(question, &value, &out);
    assert_string_equal(buf_text(&out), good ? cases[i].text : "");
    buf_free(&out);
  }
}

/* Answers to an earlier version of the question. */
static void stored_that_no_longer_fit(void **state) {
  (void)state;
  struct response *response = response_new(form, arena);
  enum typed_fault fault;
  response_set_stored(response, index_of("I"), -1, "1.5");
  assert_string_equal(response_invalid(response, index_of("I"), -1, &fault), "1.5");
  assert_int_equal(fault, TYPED_NOT_AN_INTEGER);
  response_set_stored(response, index_of("K"), -1, "1,7");
  assert_string_equal(response_invalid(response, index_of("K"), -1, &fault), "1,7");
  assert_int_equal(fault, TYPED_NO_SUCH_OPTION);
  response_set_stored(response, index_of("K"), -1, "1,99");
  assert_null(response_invalid(response, index_of("K"), -1, NULL));
  assert_int_equal(response_get(response, index_of("K"), -1)->code_count, 2);
  response_set_stored(response, index_of("W"), -1, "2017-11-06");
  assert_string_equal(response_get(response, index_of("W"), -1)->text, "2017-11-06");
  response_set_stored(response, index_of("O"), -1, "abc");
  assert_non_null(response_invalid(response, index_of("O"), -1, NULL));
}

static struct response *read_json(const char *json, struct err *err) {
  *err = (struct err){0};
  return response_from_json(form, json, strlen(json), arena, err);
}

static void json_values(void **state) {
  (void)state;
  struct err err;
  struct response *response = read_json(
      "{\"I\":{\"special\":\"na\"},\"D\":-0.0,\"T\":\"2017-12-06\",\"W\":\" ā \",\"O\":2.0,\"K\":[99,1],"
      "\"services\":[{\"id\":\"s1\",\"label\":\"Pirmais\",\"P\":10},{\"P\":3,\"id\":\"s2\",\"Q\":null}]}", &err);
  assert_non_null(response);
  assert_int_equal(response_get(response, index_of("I"), -1)->kind, VALUE_NA);
  assert_true(response_get(response, index_of("D"), -1)->number == 0);
  assert_int_equal(response_get(response, index_of("T"), -1)->kind, VALUE_DATE);
  assert_string_equal(response_get(response, index_of("W"), -1)->text, "ā");
  assert_true(response_get(response, index_of("O"), -1)->number == 2);
  assert_int_equal(response_get(response, index_of("K"), -1)->codes[0], 1);
  assert_string_equal(response_row(response, 0, 0)->label, "Pirmais");
  assert_true(response_get(response, index_of("P"), 1)->number == 3);
}

struct refusal {
  const char *json, *where, *text;
};

static void json_refused(void **state) {
  (void)state;
  static const struct refusal cases[] = {
      {"{\"I\":47", "", "not good JSON"},
      {"", "", "not good JSON"},
      {"[]", "", "expected an object"},
      {"{\"I\":1,\"I\":2}", "", "not good JSON"},
      {"{\"W\":\"\\u0000\"}", "", "not good JSON"},
      {"{\"i\":1}", "i", "did you mean I?"},
      {"{\"service\":[]}", "service", "did you mean services?"},
      {"{\"nothing at all\":1}", "nothing at all", "no question or roster"},
      {"{\"S\":1}", "S", "no question or roster"},
      {"{\"I\":\"47\"}", "I", "expected a number"},
      {"{\"I\":true}", "I", "expected a number"},
      {"{\"I\":[47]}", "I", "expected a number"},
      {"{\"I\":{\"special\":\"nodata\"}}", "I", "does not offer"},
      {"{\"I\":{\"special\":\"x\"}}", "I", "does not offer"},
      {"{\"I\":{\"special\":\"\"}}", "I", "{\"special\": \"na\"}"},
      {"{\"I\":{\"special\":\"na\",\"x\":1}}", "I", "{\"special\": \"na\"}"},
      {"{\"I\":{}}", "I", "{\"special\": \"na\"}"},
      {"{\"O\":3}", "O", "a code of one of its options"},
      {"{\"O\":1.5}", "O", "a code of one of its options"},
      {"{\"O\":\"1\"}", "O", "expected the code"},
      {"{\"K\":1}", "K", "expected a list"},
      {"{\"K\":[1,\"99\"]}", "K", "which are integers"},
      {"{\"K\":[1,7]}", "K", "a code of one of its options"},
      {"{\"T\":20171206}", "T", "expected a date"},
      {"{\"W\":1}", "W", "expected a text"},
      {"{\"W\":\"a\\u0001\"}", "W", "control characters"},
      {"{\"N\":\"x\"}", "N", "do not answer"},
      {"{\"P\":1}", "P", "in every row of services"},
      {"{\"services\":{}}", "services", "a list of rows"},
      {"{\"services\":[1]}", "services", "expected rows"},
      {"{\"services\":[{}]}", "services", "expected rows"},
      {"{\"services\":[{\"id\":\"\"}]}", "services", "expected rows"},
      {"{\"services\":[{\"id\":\"a\",\"label\":1}]}", "services", "expected rows"},
      {"{\"services\":[{\"id\":\"a\"},{\"id\":\"a\"}]}", "services", "two rows"},
      {"{\"services\":[{\"id\":\"a\",\"I\":1}]}", "I", "not a question of the roster services"},
      {"{\"services\":[{\"id\":\"a\",\"R\":1}]}", "R", "no question or roster"},
      {"{\"services\":[{\"id\":\"a\",\"P\":\"x\"}]}", "P[a]", "expected a number"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct err err;
    if (read_json(cases[i].json, &err) != NULL) fail_msg("%s was read", cases[i].json);
    assert_int_equal(err.code, ERR_INPUT);
    assert_string_equal(err.where, cases[i].where);
    if (strstr(err.text, cases[i].text) == NULL) fail_msg("%s: %s", cases[i].json, err.text);
  }
}

static void json_places(void **state) {
  (void)state;
  struct err err;
  assert_null(read_json("{\n  \"I\": 1,\n  \"D\": x\n}", &err));
  assert_int_equal(err.line, 3);
  assert_true(err.column >= 7);
}

static void json_too_many_rows(void **state) {
  (void)state;
  struct buf json = {0};
  struct err err;
  buf_puts(&json, "{\"services\":[");
  for (int i = 0; i <= RESPONSE_ROWS_MAX; i++) buf_printf(&json, i > 0 ? ",{\"id\":\"%d\"}" : "{\"id\":\"%d\"}", i);
  buf_puts(&json, "]}");
  assert_null(read_json(buf_text(&json), &err));
  assert_int_equal(err.code, ERR_TOO_LARGE);
  buf_free(&json);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_are_copied),  cmocka_unit_test(invalid_entries),
      cmocka_unit_test(rows),               cmocka_unit_test(row_ids_are_unique),
      cmocka_unit_test(stored_forms),       cmocka_unit_test(stored_that_no_longer_fit),
      cmocka_unit_test(json_values),        cmocka_unit_test(json_refused),
      cmocka_unit_test(json_places),        cmocka_unit_test(json_too_many_rows),
  };
  return cmocka_run_group_tests(tests, start, finish);
}
