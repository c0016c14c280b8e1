/* Runs tests/eval/NAME.yaml with NAME.answers.json against NAME.expected.json: the same values, and the same keys in the
 * same order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>
#include <jansson.h>

#include "base/file.h"
#include "form/report.h"
#include "form_help.h"

#define FILE_MAX (1 << 20)
#define CASES_MIN 30

static void read_beside(const char *yaml, const char *ending, struct buf *out) {
  struct buf path = {0};
  struct err err = {0};
  buf_add(&path, yaml, strlen(yaml) - strlen(".yaml"));
  buf_puts(&path, ending);
  if (!file_read(buf_text(&path), FILE_MAX, out, &err)) fail_msg("%s: %s", buf_text(&path), err.text);
  buf_free(&path);
}

/* Compact, keys as they came; the caller frees. */
static char *compact(const char *name, const char *text, size_t len) {
  json_error_t fault;
  json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &fault);
  if (json == NULL) fail_msg("%s:%d: %s", name, fault.line, fault.text);
  char *dump = json_dumps(json, JSON_COMPACT);
  json_decref(json);
  return dump;
}

static void eval(const struct form *form, const char *yaml, struct buf *out) {
  struct arena *arena = arena_new();
  struct buf answers = {0};
  struct err err = {0};
  read_beside(yaml, ".answers.json", &answers);
  struct response *response = response_from_json(form, buf_text(&answers), answers.len, arena, &err);
  if (response == NULL) fail_msg("%s: %s: %s", yaml, err.where, err.text);
  state_dump_json(state_compute(response, arena), 0, out);
  buf_free(&answers);
  arena_free(arena);
}

static void run_case(void **state) {
  const char *yaml = *state;
  struct buf text = {0}, expected = {0}, found = {0};
  read_beside(yaml, ".yaml", &text);
  struct form *form = form_from(buf_text(&text));
  eval(form, yaml, &found);
  read_beside(yaml, ".expected.json", &expected);
  char *want = compact(yaml, buf_text(&expected), expected.len);
  char *got = compact(yaml, buf_text(&found), found.len);
  if (strcmp(want, got) != 0) fail_msg("%s:\nexpected %s\ngot      %s", yaml, want, got);
  free(want);
  free(got);
  buf_free(&text);
  buf_free(&expected);
  buf_free(&found);
  form_free(form);
}

static char **paths;

static void has_cases(void **state) {
  size_t count = 0;
  (void)state;
  while (paths[count] != NULL) count++;
  assert_true(count >= CASES_MIN);
}

int main(void) {
  glob_t found = {0};
  if (glob("tests/eval/*.yaml", 0, NULL, &found) != 0) return EXIT_FAILURE;
  paths = found.gl_pathv;
  struct CMUnitTest *tests = calloc(found.gl_pathc + 1, sizeof *tests);
  if (tests == NULL) return EXIT_FAILURE;
  for (size_t i = 0; i < found.gl_pathc; i++) {
    tests[i] = (struct CMUnitTest){.name = found.gl_pathv[i], .test_func = run_case, .initial_state = found.gl_pathv[i]};
  }
  tests[found.gl_pathc] = (struct CMUnitTest)cmocka_unit_test(has_cases);
  int failed = _cmocka_run_group_tests("eval", tests, found.gl_pathc + 1, NULL, NULL);
  free(tests);
  globfree(&found);
  return failed;
}
