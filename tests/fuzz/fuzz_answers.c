/* Any bytes as a file of answers: read, the state computed, printed, every message written. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "form/load.h"
#include "form/report.h"

static const char *const yaml =
    "questionnaire: fuzz\n"
    "version: \"1\"\n"
    "languages: [lv, en, ru]\n"
    "title: {lv: T, en: T, ru: T}\n"
    "sections:\n"
    "  - id: S\n"
    "    title: {lv: S, en: S, ru: S}\n"
    "    questions:\n"
    "      - {id: A, type: select_one, text: {lv: A, en: A, ru: A}, options: [{code: 1, text: {lv: v, en: o, ru: o}},\n"
    "         {code: 2, text: {lv: d, en: t, ru: d}}]}\n"
    "      - {id: K, type: select_multiple, text: {lv: K, en: K, ru: K}, options: [{code: 1, text: {lv: v, en: o, ru: o}},\n"
    "         {code: 2, text: {lv: d, en: t, ru: d}, relevant: A = 1}, {code: 9, text: {lv: n, en: n, ru: n}, exclusive: true}]}\n"
    "      - {id: I, type: integer, max: 1000, text: {lv: I, en: I, ru: I}, relevant: K = 2 or count(K) > 1, specials: [na]}\n"
    "      - {id: D, type: decimal, min: -5, text: {lv: D, en: D, ru: D}, constraint: [{check: D <= I, message: {lv: \"{D} {I}\",\n"
    "         en: \"{D} {I} {A} {K}\", ru: \"{D}\"}}]}\n"
    "      - {id: T, type: date, text: {lv: T, en: T, ru: T}, relevant: special(I) or I > 5}\n"
    "      - {id: W, type: text, max_length: 20, text: {lv: W, en: W, ru: W}, relevant: T > date(\"2017-01-01\")}\n"
    "      - roster:\n"
    "          id: rows\n"
    "          text: {lv: R, en: R, ru: R}\n"
    "          label: {lv: R, en: R, ru: R}\n"
    "          min: 1\n"
    "          max: 3\n"
    "          relevant: A = 1\n"
    "          questions:\n"
    "            - {id: P, type: integer, text: {lv: P, en: P, ru: P}, specials: [nodata]}\n"
    "            - {id: Q, type: text, text: {lv: Q, en: Q, ru: Q}, relevant: P > 5}\n"
    "            - {id: X, type: calculate, calculation: P / (P - 7), text: {lv: X, en: X, ru: X}}\n"
    "      - {id: Z, type: calculate, calculation: sum(rows.X) + D, text: {lv: Z, en: Z, ru: Z}}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct form *form;
  if (form == NULL) {
    struct findings *findings = findings_new("fuzz.yaml");
    form = form_load(yaml, strlen(yaml), findings);
    assert(form != NULL && findings_count(findings) == 0);
    findings_free(findings);
  }
  struct arena *arena = arena_new();
  struct err err = {0};
  struct response *response = response_from_json(form, (const char *)data, size, arena, &err);
  assert((response == NULL) == (err.code != ERR_NONE));
  if (response != NULL) {
    const struct state *state = state_compute(response, arena);
    struct buf out = {0};
    for (int language = 0; language < form->language_count; language++) state_dump_json(state, language, &out);
    assert(state->total.answered <= state->total.required && state->total.required <= state->total.relevant);
    assert(state->complete == (state->missing_count == 0 && state->total.errors == 0));
    buf_free(&out);
  }
  arena_free(arena);
  return 0;
}
