#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "survey/disposition.h"
#include "work_fixture.h"

static void assert_stands(struct work_fixture *fixture, enum disposition expected) {
  struct stmt *stmt = db_query(fixture->db, "SELECT disposition FROM response WHERE id = $1");
  stmt_bind_int(stmt, 1, fixture->response);
  assert_true(stmt_step(stmt, NULL));
  int64_t got = stmt_int(stmt, 0);
  stmt_end(stmt);
  assert_string_equal(disposition_name((enum disposition)got), disposition_name(expected));
}

static void change(struct work_fixture *fixture, const char *sql) {
  struct err err = {0};
  assert_good(stmt_run(db_query(fixture->db, sql), &err), &err);
  assert_good(disposition_keep_round(fixture->db, "r1", &err), &err);
}

static int64_t institution(struct work_fixture *fixture) { return fixture->people[WORK_ANNA].institution; }

static void it_follows_the_fieldwork(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  change(fixture, "UPDATE round_institution SET opened_ms = 0");
  assert_stands(fixture, DISPOSITION_NOT_INVITED);
  assert_good(disposition_note_invited(fixture->db, "r1", institution(fixture), &err), &err);
  assert_stands(fixture, DISPOSITION_INVITED);
  assert_good(disposition_note_opened(fixture->db, institution(fixture), &err), &err);
  assert_stands(fixture, DISPOSITION_OPENED);
  change(fixture, "UPDATE response SET status = 1, opened_ms = 1");
  assert_stands(fixture, DISPOSITION_STARTED);
  change(fixture, "UPDATE response SET complete = 1");
  assert_stands(fixture, DISPOSITION_CHECKED);
  change(fixture, "UPDATE response SET status = 2");
  assert_stands(fixture, DISPOSITION_SUBMITTED);
  change(fixture, "UPDATE response SET status = 3");
  assert_stands(fixture, DISPOSITION_REOPENED);
  change(fixture, "UPDATE response SET status = 4");
  assert_stands(fixture, DISPOSITION_PARTIAL);
}

static void who_takes_no_part_is_that_unless_submitted(void **state) {
  struct work_fixture *fixture = *state;
  change(fixture, "UPDATE round_institution SET participation = 1");
  assert_stands(fixture, DISPOSITION_NOT_PARTICIPATING);
  change(fixture, "UPDATE response SET status = 2");
  assert_stands(fixture, DISPOSITION_SUBMITTED);
}

static void nothing_answered_at_closing_is_no_part(void **state) {
  struct work_fixture *fixture = *state;
  change(fixture, "UPDATE response SET status = 4, opened_ms = 0");
  assert_stands(fixture, DISPOSITION_NOT_PARTICIPATING);
}

static void names_lead_back(void **state) {
  (void)state;
  for (int i = 0; i < DISPOSITION_COUNT; i++) assert_int_equal(disposition_find(disposition_name((enum disposition)i)), i);
  assert_int_equal(disposition_find("nothing"), -1);
}

static int setup(void **state) {
  *state = work_fixture_new();
  return 0;
}

static int teardown(void **state) {
  work_fixture_free(*state);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(it_follows_the_fieldwork, setup, teardown),
      cmocka_unit_test_setup_teardown(who_takes_no_part_is_that_unless_submitted, setup, teardown),
      cmocka_unit_test_setup_teardown(nothing_answered_at_closing_is_no_part, setup, teardown),
      cmocka_unit_test(names_lead_back),
  };
  return cmocka_run_group_tests_name("disposition", tests, NULL, NULL);
}
