/* Runs tests/form/: NAME.yaml must print exactly the findings in NAME.error; good-NAME.yaml none, and give a form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>

#include "base/file.h"
#include "form/load.h"

static int failures;

/* The lines on which two texts differ, as got (-) and expected (+). */
static void print_difference(const char *path, const char *expected, const char *got) {
  failures++;
  print_error("%s\n", path);
  while (*expected != '\0' || *got != '\0') {
    size_t expected_len = strcspn(expected, "\n"), got_len = strcspn(got, "\n");
    if (expected_len != got_len || memcmp(expected, got, got_len) != 0) {
      print_error("  expected: %.*s\n  got:      %.*s\n", (int)expected_len, expected, (int)got_len, got);
    }
    expected += expected_len + (expected[expected_len] == '\n');
    got += got_len + (got[got_len] == '\n');
  }
}

static void run_case(const char *path) {
  const char *name = strrchr(path, '/') + 1;
  struct buf expected_path = {0}, expected = {0}, got = {0};
  struct err err = {0};
  bool good = strncmp(name, "good-", 5) == 0;
  buf_printf(&expected_path, "%.*s.error", (int)(strlen(path) - strlen(".yaml")), path);
  if (!good && !file_read(buf_text(&expected_path), 1 << 20, &expected, &err)) {
    failures++;
    print_error("%s: %s\n", path, err.text);
  }
  struct findings *findings = findings_new(name);
  struct form *form = form_load_file(path, findings, &err);
  findings_print(findings, &got);
  if (strcmp(buf_text(&expected), buf_text(&got)) != 0) print_difference(path, buf_text(&expected), buf_text(&got));
  if (good && form == NULL) {
    failures++;
    print_error("%s: expected a form\n", path);
  }
  form_free(form);
  findings_free(findings);
  buf_free(&expected_path);
  buf_free(&expected);
  buf_free(&got);
}

static void test_cases(void **state) {
  (void)state;
  failures = 0;
  glob_t paths;
  assert_int_equal(glob("tests/form/*.yaml", 0, NULL, &paths), 0);
  for (size_t i = 0; i < paths.gl_pathc; i++) run_case(paths.gl_pathv[i]);
  assert_true(paths.gl_pathc > 80);
  globfree(&paths);
  assert_int_equal(failures, 0);
}

/* What stands in the project's own questionnaires is meant as it stands. */
static void test_questionnaires(void **state) {
  (void)state;
  failures = 0;
  glob_t paths;
  assert_int_equal(glob("questionnaires/*/*.yaml", 0, NULL, &paths), 0);
  size_t loaded = 0;
  for (size_t i = 0; i < paths.gl_pathc; i++) {
    if (strcmp(strrchr(paths.gl_pathv[i], '/'), "/round.yaml") == 0) continue; /* a round's, no questionnaire */
    struct buf got = {0};
    struct err err = {0};
    struct findings *findings = findings_new(paths.gl_pathv[i]);
    struct form *form = form_load_file(paths.gl_pathv[i], findings, &err);
    findings_print(findings, &got);
    if (form == NULL || findings_count(findings) > 0) print_difference(paths.gl_pathv[i], "", buf_text(&got));
    loaded++;
    form_free(form);
    findings_free(findings);
    buf_free(&got);
  }
  globfree(&paths);
  assert_true(loaded >= 5);
  assert_int_equal(failures, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cases),
      cmocka_unit_test(test_questionnaires),
  };
  return cmocka_run_group_tests_name("form_cases", tests, NULL, NULL);
}
