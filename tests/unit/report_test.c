#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "form/report.h"
#include "form_help.h"

static const char *const yaml =
    "questionnaire: test\n"
    "version: \"1.0\"\n"
    "languages: [lv, en]\n"
    "title: {lv: \"Tests \\\"1\\\"\", en: Test}\n"
    "sections:\n"
    "  - id: S1\n"
    "    title: {lv: Sadaļa, en: Section}\n"
    "    questions:\n"
    "      - {id: A, type: select_one, text: {lv: A, en: a}, options: [{code: 1, text: {lv: jā, en: \"yes\"}}]}\n"
    "      - block:\n"
    "          relevant: A = 1\n"
    "          questions:\n"
    "            - {id: B, type: integer, text: {lv: B, en: b}, relevant: not (A != 1), specials: [nodata, na]}\n"
    "            - matrix:\n"
    "                id: M\n"
    "                text: {lv: M, en: m}\n"
    "                options: [{code: 1, text: {lv: jā, en: \"yes\"}}]\n"
    "                questions: [{id: M_1, text: {lv: r, en: r}, required: false}]\n"
    "  - id: S2\n"
    "    title: {lv: Otrā, en: Second}\n"
    "    questions:\n"
    "      - roster:\n"
    "          id: services\n"
    "          text: {lv: P, en: P}\n"
    "          label: {lv: P, en: P}\n"
    "          questions:\n"
    "            - {id: P, type: decimal, text: {lv: P, en: P}, specials: [nodata], constraint: [{check: P < 5,\n"
    "               severity: warning, message: {lv: \"{P} \\\"par\\\" daudz\", en: \"{P} too many\"}}]}\n"
    "            - {id: X, type: calculate, calculation: P / 4, text: {lv: X, en: X}, relevant: P > 1}\n"
    "      - {id: T, type: calculate, calculation: sum(services.X), text: {lv: T, en: T}}\n";

static const char *const dump =
    "{\"id\":\"test\",\"version\":\"1.0\",\"languages\":[\"lv\",\"en\"],\"title\":{\"lv\":\"Tests \\\"1\\\"\",\"en\":\"Test\"},"
    "\"sections\":[{\"id\":\"S1\",\"title\":{\"lv\":\"Sadaļa\",\"en\":\"Section\"},\"questions\":[\n"
    "{\"id\":\"A\",\"type\":\"select_one\",\"text\":{\"lv\":\"A\",\"en\":\"a\"},\"options\":[{\"code\":1,\"text\":{\"lv\":\"jā\","
    "\"en\":\"yes\"}}],\"relevant\":null,\"required\":true,\"specials\":[],\"matrix\":null,\"roster\":null},\n"
    "{\"id\":\"B\",\"type\":\"integer\",\"text\":{\"lv\":\"B\",\"en\":\"b\"},\"options\":[],\"relevant\":\"A = 1 and not A != 1\","
    "\"required\":true,\"specials\":[\"na\",\"nodata\"],\"matrix\":null,\"roster\":null},\n"
    "{\"id\":\"M_1\",\"type\":\"select_one\",\"text\":{\"lv\":\"r\",\"en\":\"r\"},\"options\":[{\"code\":1,\"text\":{\"lv\":\"jā\","
    "\"en\":\"yes\"}}],\"relevant\":\"A = 1\",\"required\":false,\"specials\":[],\"matrix\":\"M\",\"roster\":null}]},"
    "{\"id\":\"S2\",\"title\":{\"lv\":\"Otrā\",\"en\":\"Second\"},\"questions\":[\n"
    "{\"id\":\"P\",\"type\":\"decimal\",\"text\":{\"lv\":\"P\",\"en\":\"P\"},\"options\":[],\"relevant\":null,\"required\":true,"
    "\"specials\":[\"nodata\"],\"matrix\":null,\"roster\":\"services\"},\n"
    "{\"id\":\"X\",\"type\":\"calculate\",\"text\":{\"lv\":\"X\",\"en\":\"X\"},\"options\":[],\"relevant\":\"P > 1\","
    "\"required\":false,\"specials\":[],\"matrix\":null,\"roster\":\"services\"},\n"
    "{\"id\":\"T\",\"type\":\"calculate\",\"text\":{\"lv\":\"T\",\"en\":\"T\"},\"options\":[],\"relevant\":null,"
    "\"required\":false,\"specials\":[],\"matrix\":null,\"roster\":null}]}]}";

static void dumps_forms(void **state) {
  (void)state;
  struct form *form = form_from(yaml);
  struct buf out = {0};
  form_dump_json(form, &out);
  assert_string_equal(buf_text(&out), dump);
  buf_free(&out);
  form_free(form);
}

static void check_state(const char *answers, int language, const char *expected) {
  struct form *form = form_from(yaml);
  struct arena *arena = arena_new();
  struct buf out = {0};
  struct response *response = response_from_json(form, answers, strlen(answers), arena, NULL);
  assert_non_null(response);
  state_dump_json(state_compute(response, arena), language, &out);
  assert_string_equal(buf_text(&out), expected);
  buf_free(&out);
  arena_free(arena);
  form_free(form);
}

static void dumps_states(void **state) {
  (void)state;
  check_state("{}", 0, "{\"relevant\":[\"A\",\"T\"],\"missing\":[\"A\"],\"violations\":[],\"calculated\":{\"T\":null},"
                       "\"complete\":false}");
  check_state("{\"A\":1,\"B\":{\"special\":\"na\"},\"services\":[{\"id\":\"s\\\"1\",\"P\":5.5},{\"id\":\"s2\",\"P\":0.5}]}", 0,
              "{\"relevant\":[\"A\",\"B\",\"M_1\",\"P[s\\\"1]\",\"P[s2]\",\"X[s\\\"1]\",\"T\"],\"missing\":[],\"violations\":["
              "{\"question\":\"P\",\"row\":\"s\\\"1\",\"severity\":\"warning\",\"message\":\"5,5 \\\"par\\\" daudz\"}],"
              "\"calculated\":{\"X\":{\"s\\\"1\":1.375},\"T\":1.375},\"complete\":true}");
  check_state("{\"A\":1,\"B\":-1}", 1,
              "{\"relevant\":[\"A\",\"B\",\"M_1\",\"T\"],\"missing\":[],\"violations\":[{\"question\":\"B\",\"row\":null,"
              "\"severity\":\"error\",\"message\":\"Enter a number that is not less than 0. You typed “-1”.\"}],"
              "\"calculated\":{\"T\":null},\"complete\":false}");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(dumps_forms), cmocka_unit_test(dumps_states)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
