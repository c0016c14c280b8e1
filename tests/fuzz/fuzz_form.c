/* Any bytes, compiled and printed: no crash, findings or a form, and what is returned holds together. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "form/load.h"

static void require(int holds) {
  if (!holds) abort();
}

static void check_form(const struct form *form) {
  char *seen = calloc((size_t)form->question_count, 1);
  for (int i = 0; i < form->question_count; i++) {
    const struct form_question *question = &form->questions[i];
    require(form_find(form, question->id) == i);
    require(question->text.in[form->language_count - 1] != NULL);
    require(question->section >= 0 && question->section < form->section_count);
    int place = form->order[i];
    require(place >= 0 && place < form->question_count && !seen[place]);
    seen[place] = 1;
    for (int j = 0; j < question->option_count; j++) {
      require(question->options[j].other < form->question_count);
      require(question->options[j].code == question->codes[j]);
    }
  }
  free(seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
  struct findings *findings = findings_new("fuzz.yaml");
  char *text = malloc(len > 0 ? len : 1); /* no byte more than it says */
  if (len > 0) memcpy(text, bytes, len);
  struct form *form = form_load(text, len, findings);
  free(text);
  struct buf out = {0};
  findings_print(findings, &out);
  require(form != NULL || findings_count(findings) > 0);
  for (size_t i = 0; i < findings_count(findings); i++) {
    const struct finding *finding = findings_get(findings, i);
    require(finding->line >= 1 && finding->column >= 1 && finding->len >= 1 && finding->text[0] != '\0');
  }
  if (form != NULL) check_form(form);
  buf_free(&out);
  form_free(form);
  findings_free(findings);
  return 0;
}
