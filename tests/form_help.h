/* For tests: a form from text, and the state of answers. */
#ifndef ANKETA_TESTS_FORM_HELP_H
#define ANKETA_TESTS_FORM_HELP_H

#include <stdio.h>
#include <string.h>

#include "form/load.h"
#include "form/state.h"

/* A form that must be good; the test fails with its findings otherwise. */
static inline struct form *form_from(const char *yaml) {
  struct findings *findings = findings_new("test.yaml");
  struct form *form = form_load(yaml, strlen(yaml), findings);
  struct buf text = {0};
  if (findings_count(findings) > 0) findings_print(findings, &text);
  if (text.len > 0) print_error("%s", buf_text(&text));
  assert_int_equal(text.len, 0);
  assert_non_null(form);
  buf_free(&text);
  findings_free(findings);
  return form;
}

/* The same with only the sections given; the texts are in lv. */
static inline struct form *form_with(const char *sections) {
  struct buf text = {0};
  buf_puts(&text, "questionnaire: test\nversion: \"1\"\nlanguages: [lv]\ntitle: {lv: Tests}\nsections:\n");
  buf_puts(&text, sections);
  struct form *form = form_from(buf_text(&text));
  buf_free(&text);
  return form;
}

#endif
