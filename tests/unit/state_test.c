#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "form_help.h"

static const char *const yaml =
    "questionnaire: test\n"
    "version: \"1\"\n"
    "languages: [lv, en, ru]\n"
    "title: {lv: T, en: T, ru: T}\n"
    "option_lists:\n"
    "  yes_no:\n"
    "    - {code: 1, text: {lv: jā, en: \"yes\", ru: да}}\n"
    "    - {code: 2, text: {lv: nē, en: \"no\", ru: нет}}\n"
    "sections:\n"
    "  - id: S1\n"
    "    title: {lv: S, en: S, ru: S}\n"
    "    questions:\n"
    "      - {id: A, type: select_one, text: {lv: A, en: A, ru: A}, options: yes_no}\n"
    "      - {id: F, type: integer, required: false, text: {lv: F, en: F, ru: F}}\n"
    "      - matrix:\n"
    "          id: M\n"
    "          text: {lv: M, en: M, ru: M}\n"
    "          relevant: A = 1\n"
    "          options: [{code: 1, text: {lv: v, en: o, ru: o}}, {code: 2, text: {lv: d, en: t, ru: d}, relevant: F = 1}]\n"
    "          questions:\n"
    "            - {id: M_1, text: {lv: r, en: r, ru: r}}\n"
    "            - {id: M_2, text: {lv: r, en: r, ru: r}}\n"
    "  - id: S2\n"
    "    title: {lv: S, en: S, ru: S}\n"
    "    relevant: A = 1\n"
    "    questions:\n"
    "      - {id: B, type: integer, text: {lv: B, en: B, ru: B}, constraint: [{check: B <= F, severity: warning,\n"
    "         message: {lv: \"{B} un {F}\", en: \"{B} and {F}\", ru: \"{B} и {F}\"}}]}\n"
    "      - roster:\n"
    "          id: services\n"
    "          text: {lv: Pakalpojumi, en: Services, ru: Услуги}\n"
    "          label: {lv: P, en: P, ru: P}\n"
    "          min: 2\n"
    "          max: 3\n"
    "          questions:\n"
    "            - {id: P, type: integer, text: {lv: P, en: P, ru: P}}\n"
    "            - {id: Q, type: text, required: false, relevant: P > 5, text: {lv: Q, en: Q, ru: Q}}\n"
    "            - {id: X, type: calculate, calculation: P * 2, text: {lv: X, en: X, ru: X}}\n"
    "      - {id: T, type: calculate, calculation: sum(services.X), text: {lv: T, en: T, ru: T}}\n";

static struct form *form;
static struct arena *arena;

static int start(void **state) {
  (void)state;
  form = form_from(yaml);
  arena = arena_new();
  return 0;
}

static int finish(void **state) {
  (void)state;
  form_free(form);
  arena_free(arena);
  return 0;
}

static struct state *state_of(const char *json) {
  struct err err = {0};
  struct response *response = response_from_json(form, json, strlen(json), arena, &err);
  if (response == NULL) fail_msg("%s: %s", err.where, err.text);
  return state_compute(response, arena);
}

static int index_of(const char *id) { return form_find(form, id); }

static void progress(void **unused) {
  (void)unused;
  const struct state *state = state_of("{\"A\":1,\"F\":3,\"M_1\":1,\"B\":-4,\"services\":[{\"id\":\"a\",\"P\":9},{\"id\":\"b\"}]}");
  const struct section_progress *first = &state->sections[0], *second = &state->sections[1];
  assert_int_equal(first->relevant, 4);
  assert_int_equal(first->required, 3);
  assert_int_equal(first->answered, 2);
  assert_int_equal(first->errors, 0);
  assert_int_equal(second->relevant, 4); /* B, P twice, Q in row a */
  assert_int_equal(second->required, 3);
  assert_int_equal(second->answered, 1); /* an invalid entry is no answer */
  assert_int_equal(second->errors, 1);
  assert_int_equal(state->total.relevant, 8);
  assert_int_equal(state->total.required, 6);
  assert_int_equal(state->total.answered, 3);
  assert_int_equal(state->missing_count, 2);
  assert_int_equal(state->missing[0].question, index_of("M_2"));
  assert_int_equal(state->missing[0].row, -1);
  assert_int_equal(state->missing[1].question, index_of("P"));
  assert_int_equal(state->missing[1].row, 1);
  assert_false(state->complete);
}

static void complete_with_warning(void **unused) {
  (void)unused;
  const struct state *state =
      state_of("{\"A\":1,\"F\":3,\"M_1\":1,\"M_2\":1,\"B\":4,\"services\":[{\"id\":\"a\",\"P\":1},{\"id\":\"b\",\"P\":2}]}");
  assert_true(state->complete);
  assert_int_equal(state->total.warnings, 1);
  assert_int_equal(state->sections[1].warnings, 1);
  assert_int_equal(state->violation_count, 1);
  assert_int_equal(state->violations[0].kind, VIOLATION_CHECK);
  assert_int_equal(state->violations[0].severity, SEVERITY_WARNING);
  assert_ptr_equal(state->violations[0].check, form->questions[index_of("B")].checks);
}

static void places(void **unused) {
  (void)unused;
  const struct state *on = state_of("{\"A\":1,\"F\":1,\"services\":[{\"id\":\"a\",\"P\":9},{\"id\":\"b\",\"P\":1}]}");
  const struct state *off = state_of("{\"A\":2,\"F\":2,\"services\":[{\"id\":\"a\",\"P\":9}]}");
  int matrix = form->questions[index_of("M_1")].matrix;
  assert_true(state_section_relevant(on, 0));
  assert_true(state_section_relevant(on, 1));
  assert_false(state_section_relevant(off, 1));
  assert_true(state_container_relevant(on, matrix));
  assert_false(state_container_relevant(off, matrix));
  assert_true(state_container_relevant(on, form->rosters[0]));
  assert_false(state_container_relevant(off, form->rosters[0]));
  assert_true(state_relevant(on, index_of("Q"), 0));
  assert_false(state_relevant(on, index_of("Q"), 1));
  assert_false(state_relevant(off, index_of("Q"), 0));
  assert_true(state_relevant(on, index_of("B"), -1));
  assert_true(state_option_relevant(on, index_of("M_1"), -1, 1));
  assert_false(state_option_relevant(off, index_of("M_1"), -1, 1));
  assert_true(state_option_relevant(off, index_of("M_1"), -1, 0));
}

static void values(void **unused) {
  (void)unused;
  const struct state *state = state_of("{\"A\":1,\"F\":2,\"M_1\":2,\"services\":[{\"id\":\"a\",\"P\":9},{\"id\":\"b\"}]}");
  assert_true(state_value(state, index_of("X"), 0).number == 18);
  assert_int_equal(state_value(state, index_of("X"), 1).kind, VALUE_MISSING);
  assert_true(state_value(state, index_of("T"), -1).number == 18);
  assert_int_equal(state_value(state, index_of("M_1"), -1).kind, VALUE_MISSING); /* the option is not offered */
  assert_true(response_get(state->response, index_of("M_1"), -1)->number == 2);  /* and kept */
  state = state_of("{\"A\":2,\"B\":2,\"services\":[{\"id\":\"a\",\"P\":9}]}");
  assert_int_equal(state_value(state, index_of("B"), -1).kind, VALUE_MISSING);
  assert_int_equal(state_value(state, index_of("P"), 0).kind, VALUE_MISSING);
  assert_int_equal(state_value(state, index_of("T"), -1).kind, VALUE_MISSING);
}

static void check_messages(const struct state *state, size_t violation, const char *lv, const char *en, const char *ru) {
  const char *const expected[] = {lv, en, ru};
  for (int language = 0; language < 3; language++) {
    struct buf out = {0};
    assert_true(violation < state->violation_count);
    state_message(state, &state->violations[violation], language, &out);
    assert_string_equal(buf_text(&out), expected[language]);
    buf_free(&out);
  }
}

static void messages(void **unused) {
  (void)unused;
  const struct state *state = state_of("{\"A\":1,\"F\":1000,\"B\":12345}");
  assert_int_equal(state->violation_count, 2);
  check_messages(state, 0, "12\u202F345 un 1000", "12,345 and 1,000", "12\u202F345 и 1000");
  assert_int_equal(state->violations[1].kind, VIOLATION_ROWS_MIN);
  assert_int_equal(state->violations[1].question, -1);
  assert_int_equal(state->violations[1].container, form->rosters[0]);
  check_messages(state, 1, "Pakalpojumi: rindu skaits ir 0, bet tam jābūt vismaz 2.",
                 "Services: the number of rows is 0, but it must be at least 2.",
                 "Услуги: количество строк — 0, а должно быть не меньше 2.");
  state = state_of("{\"A\":1,\"services\":[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"c\"},{\"id\":\"d\"}]}");
  assert_int_equal(state->violations[0].kind, VIOLATION_ROWS_MAX);
  check_messages(state, 0, "Pakalpojumi: rindu skaits ir 4, bet tas nedrīkst pārsniegt 3.",
                 "Services: the number of rows is 4, but it must be at most 3.",
                 "Услуги: количество строк — 4, а должно быть не больше 3.");
}

static void invalid_messages(void **unused) {
  (void)unused;
  struct response *response = response_new(form, arena);
  char text[301];
  memset(text, 'x', 300);
  text[300] = '\0';
  response_set_invalid(response, index_of("F"), -1, "12a", TYPED_NOT_A_NUMBER);
  const struct state *state = state_compute(response, arena);
  assert_int_equal(state->violations[0].kind, VIOLATION_INVALID);
  check_messages(state, 0, "Ierakstiet veselu skaitli, piemēram, 1250. Jūs ierakstījāt: „12a”.",
                 "Enter a whole number, for example 1250. You typed “12a”.",
                 "Введите целое число, например 1250. Вы ввели: «12a».");
  response_set_invalid(response, index_of("F"), -1, text, TYPED_NOT_A_NUMBER);
  struct buf out = {0};
  state = state_compute(response, arena);
  state_message(state, &state->violations[0], 1, &out);
  assert_true(out.len < 200);
  assert_non_null(strstr(buf_text(&out), "xxx…”."));
  buf_free(&out);
}

/* Nothing but the result is allocated, and little of that. */
static void allocates_little(void **unused) {
  (void)unused;
  struct arena *own = arena_new();
  const struct state *state = state_of("{\"A\":1}");
  state_compute(state->response, own);
  assert_true(arena_used(own) < 200 * (size_t)form->question_count + 2048);
  arena_free(own);
}

static void many_rows(void **unused) {
  (void)unused;
  struct response *response = response_new(form, arena);
  char id[16];
  response_set(response, index_of("A"), -1, (struct value){.kind = VALUE_NUMBER, .number = 1});
  for (int i = 0; i < RESPONSE_ROWS_MAX; i++) {
    snprintf(id, sizeof id, "s%d", i);
    int row = response_add_row(response, 0, id, "");
    if (i % 2 == 0) response_set(response, index_of("P"), row, (struct value){.kind = VALUE_NUMBER, .number = 1});
    else response_set_invalid(response, index_of("P"), row, "?", TYPED_NOT_A_NUMBER);
  }
  const struct state *state = state_compute(response, arena);
  assert_true(state_value(state, index_of("T"), -1).number == RESPONSE_ROWS_MAX);
  assert_int_equal(state->violation_count, RESPONSE_ROWS_MAX / 2 + 1);
  assert_int_equal(state->violations[0].kind, VIOLATION_ROWS_MAX);
  assert_int_equal(state->violations[RESPONSE_ROWS_MAX / 2].row, RESPONSE_ROWS_MAX - 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(progress),         cmocka_unit_test(complete_with_warning), cmocka_unit_test(places),
      cmocka_unit_test(values),           cmocka_unit_test(messages),              cmocka_unit_test(invalid_messages),
      cmocka_unit_test(allocates_little), cmocka_unit_test(many_rows),
  };
  return cmocka_run_group_tests(tests, start, finish);
}
