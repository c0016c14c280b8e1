/* Any bytes as what was typed: the first chooses the question, the second the special, the rest are the entries, one a line.
 * What is accepted must be stored, read, shown in a field and typed again as the same value. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "form/load.h"
#include "form/response.h"

#define ENTRIES_MAX 8

static const char *const yaml =
    "questionnaire: fuzz\n"
    "version: \"1\"\n"
    "languages: [lv]\n"
    "title: {lv: T}\n"
    "sections:\n"
    "  - id: S\n"
    "    title: {lv: S}\n"
    "    questions:\n"
    "      - {id: I, type: integer, text: {lv: I}, specials: [na]}\n"
    "      - {id: D, type: decimal, min: -100000, text: {lv: D}}\n"
    "      - {id: T, type: date, text: {lv: T}}\n"
    "      - {id: W, type: text, max_length: 20, text: {lv: W}}\n"
    "      - {id: A, type: select_one, text: {lv: A}, options: [{code: 1, text: {lv: v}}, {code: 20, text: {lv: d}}]}\n"
    "      - {id: K, type: select_multiple, specials: [na, nodata], text: {lv: K}, options: [{code: 1, text: {lv: v}},\n"
    "         {code: 20, text: {lv: d}}, {code: 9, text: {lv: n}, exclusive: true}]}\n"
    "      - {id: N, type: note, text: {lv: N}}\n";

static const struct form *fuzz_form(void) {
  static struct form *form;
  if (form == NULL) {
    struct findings *findings = findings_new("fuzz.yaml");
    form = form_load(yaml, strlen(yaml), findings);
    assert(form != NULL && findings_count(findings) == 0);
    findings_free(findings);
  }
  return form;
}

/* Cuts text at line ends; returns how many entries. */
static size_t cut_entries(char *text, const char *entries[ENTRIES_MAX]) {
  size_t count = 0;
  for (char *next = text; next != NULL && count < ENTRIES_MAX;) {
    entries[count++] = next;
    next = strchr(next, '\n');
    if (next != NULL) *next++ = '\0';
  }
  return count;
}

static void check_returns(const struct form *form, int question, const struct value *value, struct arena *arena) {
  static const char *const languages[] = {"lv", "en", "ru"};
  const struct form_question *asked = &form->questions[question];
  struct buf out = {0};
  struct value again;
  typed_format_display(form, question, value, 0, &out);
  assert(utf8_check(buf_text(&out), out.len, NULL));
  if (value_is_missing(value)) {
    buf_free(&out);
    return;
  }
  buf_reset(&out);
  response_format_stored(asked, value, &out);
  assert(response_parse_stored(asked, buf_text(&out), arena, &again) && value_equal(value, &again));
  for (size_t i = 0; i < 3; i++) {
    buf_reset(&out);
    typed_format_entry(asked, value, languages[i], &out);
    const char *entry = buf_text(&out);
    assert(typed_parse(asked, &entry, 1, NULL, arena, &again) == TYPED_OK && value_equal(value, &again));
  }
  buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const specials[] = {NULL, "", "na", "nodata", "x"};
  const struct form *form = fuzz_form();
  if (size < 2) return 0;
  struct arena *arena = arena_new();
  const char *entries[ENTRIES_MAX];
  int question = data[0] % form->question_count;
  size_t count = cut_entries(arena_copy_len(arena, (const char *)data + 2, size - 2), entries);
  struct value value;
  struct buf message = {0};
  enum typed_fault fault =
      typed_parse(&form->questions[question], entries, count, specials[data[1] % 5], arena, &value);
  if (fault == TYPED_OK) check_returns(form, question, &value, arena);
  else assert(value.kind == VALUE_MISSING);
  typed_fault_message(&form->questions[question], fault, "lv", &message);
  assert((message.len == 0) == (fault == TYPED_OK));
  buf_free(&message);
  arena_free(arena);
  return 0;
}
