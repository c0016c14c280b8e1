#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/scan.h"
#include "work_fixture.h"

/* Two responses with answers and rows, put in the wrong order. */
static void fill(struct work_fixture *fixture) {
  struct err err = {0};
  int64_t first = fixture->response;
  fixture->response = fixture->other_response;
  work_save_one(fixture, WORK_OTHER, "C3", "", "3", 0);
  fixture->response = first;
  work_save_one(fixture, WORK_ANNA, "T4", "", "teksts", 0);
  work_save_one(fixture, WORK_ANNA, "B2", "", "nodata:", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "xx", 0);
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "A1", "", "", 1);
  const struct actor *anna = &fixture->people[WORK_ANNA];
  for (int i = 0; i < 3; i++) {
    const char *label = i == 0 ? "pirmais" : i == 1 ? "otrais" : "trešais";
    const char *row = work_add_row(fixture->db, anna, first, "services", label, fixture->arena, &err);
    work_save_one(fixture, WORK_ANNA, "P1", row, "9", 0);
  }
  assert_good(work_remove_row(fixture->db, anna, first, "services", "r2", &err), &err);
}

static void responses_by_id(void **state) {
  struct work_fixture *fixture = *state;
  struct scan_response response;
  struct err err = {0};
  int64_t last = 0;
  int seen = 0;
  fill(fixture);
  struct stmt *stmt = scan_responses(fixture->db, "r1", "q");
  while (scan_next_response(stmt, &response, &err)) {
    assert_true(response.response > last);
    last = response.response;
    seen++;
    assert_string_equal(response.questionnaire_version, "1");
    if (response.response == fixture->response) {
      assert_string_equal(response.name, "Valsts kase");
      assert_string_equal(response.segments, "mass;business");
      assert_string_equal(response.registration_number, "90000000001");
      assert_int_equal(response.status, RESPONSE_STARTED);
      assert_true(response.changed_ms > 0 && response.submitted_ms == 0);
    }
    if (strcmp(response.abbreviation, "ČP") == 0) assert_string_equal(response.registration_number, "");
  }
  stmt_end(stmt);
  assert_int_equal(err.code, ERR_NONE);
  assert_int_equal(seen, 3);
}

static void answers_by_response_question_and_row(void **state) {
  struct work_fixture *fixture = *state;
  struct scan_answer answer;
  struct err err = {0};
  struct buf got = {0};
  fill(fixture);
  struct stmt *stmt = scan_answers(fixture->db, "r1", "q");
  while (scan_next_answer(stmt, &answer, &err)) {
    assert_int_equal(answer.value_len, answer.value != NULL ? strlen(answer.value) : 0);
    buf_printf(&got, "%s%s/%s %d %s\n", answer.response == fixture->response ? "" : "other ", answer.question,
               answer.row, (int)answer.state, answer.value != NULL ? answer.value : "-");
  }
  stmt_end(stmt);
  assert_int_equal(err.code, ERR_NONE);
  assert_string_equal(got.data,
                      "A1/ 0 -\nB2/ 3 -\nC3/ 4 xx\nP1/r1 1 9\nP1/r2 1 9\nP1/r3 1 9\nT4/ 1 teksts\nother C3/ 1 3\n");
  buf_free(&got);
}

static void rows_by_position_without_removed_ones(void **state) {
  struct work_fixture *fixture = *state;
  struct scan_row row;
  struct err err = {0};
  struct buf got = {0};
  fill(fixture);
  struct stmt *stmt = scan_rows(fixture->db, "r1", "q");
  while (scan_next_row(stmt, &row, &err)) buf_printf(&got, "%s %s %s\n", row.roster, row.row, row.label);
  stmt_end(stmt);
  assert_string_equal(got.data, "services r1 pirmais\nservices r3 trešais\n");
  buf_free(&got);
}

static void other_questionnaires_are_left_out(void **state) {
  struct work_fixture *fixture = *state;
  struct scan_answer answer;
  fill(fixture);
  struct stmt *stmt = scan_answers(fixture->db, "r1", "e");
  assert_false(scan_next_answer(stmt, &answer, NULL));
  stmt_end(stmt);
  stmt = scan_answers(fixture->db, "r2", "q");
  assert_false(scan_next_answer(stmt, &answer, NULL));
  stmt_end(stmt);
}

static int setup(void **state) {
  *state = work_fixture_new();
  return 0;
}

static int teardown(void **state) {
  work_fixture_free(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(responses_by_id), TEST(answers_by_response_question_and_row), TEST(rows_by_position_without_removed_ones),
      TEST(other_questionnaires_are_left_out),
  };
  return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
