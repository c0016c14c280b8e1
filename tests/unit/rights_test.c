/* Who may do what: every cell of the table as docs/rights.md has it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "survey/survey.h"

#define OWN_INSTITUTION 5
#define OTHER_INSTITUTION 6

/* In the order of enum action. */
static const char *const action_names[ACTION_COUNT] = {
    "fill", "submit", "talk", "colleagues", "see-field", "frame", "mail", "steer", "on-behalf",
    "query", "answer", "publish", "export", "accounts", "audit"};

/* The columns of the document, in its order. */
static const enum role columns[ROLE_COUNT] = {ROLE_CONTACT, ROLE_COORDINATOR, ROLE_RESEARCHER, ROLE_EXPERT,
                                              ROLE_ADMINISTRATOR};

static void check_cell(enum role role, enum action action, const char *cell) {
  struct actor actor = {.role = role, .institution = role == ROLE_CONTACT ? OWN_INSTITUTION : 0};
  bool all = strcmp(cell, "all") == 0, own = strcmp(cell, "own") == 0;
  if (!all && !own && strcmp(cell, "–") != 0) fail_msg("%s: what is \"%s\"?", action_names[action], cell);
  bool at_own = rights_allow(&actor, action, OWN_INSTITUTION), elsewhere = rights_allow(&actor, action, OTHER_INSTITUTION);
  if (at_own != (all || own) || elsewhere != all) {
    fail_msg("%s, role %d: the document says \"%s\", the program %d %d", action_names[action], (int)role, cell, at_own,
             elsewhere);
  }
}

static void check_line(char *line, bool *seen) {
  char *rest = NULL, *cell = strtok_r(line, "|`", &rest);
  for (; cell != NULL && cell[strspn(cell, " ")] == '\0';) cell = strtok_r(NULL, "|`", &rest);
  int action = 0;
  while (action < ACTION_COUNT && strcmp(action_names[action], cell) != 0) action++;
  if (action == ACTION_COUNT) fail_msg("there is no action %s", cell);
  seen[action] = true;
  strtok_r(NULL, "|", &rest); /* between the name's tick and the next cell */
  for (int i = 0; i < ROLE_COUNT; i++) {
    cell = strtok_r(NULL, "|", &rest);
    assert_non_null(cell);
    cell += strspn(cell, " ");
    cell[strcspn(cell, " ")] = '\0';
    check_cell(columns[i], (enum action)action, cell);
  }
}

static void the_document_and_the_program_agree(void **state) {
  struct err err = {0};
  struct buf text = {0};
  bool seen[ACTION_COUNT] = {false};
  (void)state;
  assert_true(file_read("docs/rights.md", 1 << 16, &text, &err));
  char *rest = NULL;
  for (char *line = strtok_r(text.data, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
    if (strncmp(line, "| `", 3) == 0) check_line(line, seen);
  }
  for (int i = 0; i < ACTION_COUNT; i++) assert_true(seen[i]);
  buf_free(&text);
}

static void a_contact_of_no_institution_has_no_rights(void **state) {
  const struct actor nobody = {.role = ROLE_CONTACT, .institution = 0};
  (void)state;
  for (int i = 0; i < ACTION_COUNT; i++) assert_false(rights_allow(&nobody, (enum action)i, 0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_document_and_the_program_agree),
      cmocka_unit_test(a_contact_of_no_institution_has_no_rights),
  };
  return cmocka_run_group_tests_name("rights", tests, NULL, NULL);
}
