#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "survey/checksum.h"
#include "survey/work_paper.h"
#include "work_fixture.h"

static struct work_paper read_paper(struct work_fixture *fixture, const char *language, struct work **work) {
  struct err err = {0};
  struct work_paper paper;
  *work = work_open_good(fixture, WORK_ANNA);
  assert_good(work_paper(fixture->db, *work, language, fixture->arena, &paper, &err), &err);
  return paper;
}

static void names_round_and_people(void **state) {
  struct work_fixture *fixture = *state;
  struct work *work;
  struct work_paper paper = read_paper(fixture, "en", &work);
  assert_string_equal(paper.round_title, "Round");
  assert_string_equal(paper.abbreviation, "VK");
  assert_string_equal(paper.checksum, "");
  assert_int_equal(paper.people_count, 0);
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  work_save_one(fixture, WORK_BRUNO, "B2", "", "3", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  paper = read_paper(fixture, "lv", &work);
  assert_string_equal(paper.round_title, "Kārta");
  assert_int_equal(paper.people_count, 2);
  assert_string_equal(paper.people[0], "Anna");
  assert_string_equal(paper.people[1], "Bruno");
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 1); /* B2 is filtered out now */
  assert_int_equal(read_paper(fixture, "lv", &work).people_count, 1);
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 2);
  work_save_one(fixture, WORK_BRUNO, "B2", "", "", 1); /* and now cleared */
  assert_int_equal(read_paper(fixture, "lv", &work).people_count, 1);
}

static void finds_explanations_and_the_checksum(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct work *work;
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "500", 0);
  struct work_paper paper = read_paper(fixture, "lv", &work);
  assert_int_equal(work->state->violation_count, 1);
  assert_null(paper.confirmations[0]);
  const char *key = work->state->violations[0].check->key;
  assert_good(work_confirm(fixture->db, &fixture->people[WORK_BRUNO], fixture->response, key, "", "Tik tiešām", &err), &err);
  paper = read_paper(fixture, "lv", &work);
  assert_string_equal(paper.confirmations[0]->comment, "Tik tiešām");
  assert_string_equal(paper.confirmations[0]->person, "Bruno");
  assert_string_equal(paper.checksum, "");
  assert_good(work_submit(fixture->db, &fixture->people[WORK_ANNA], fixture->response, work->item.revision, &err), &err);
  paper = read_paper(fixture, "lv", &work);
  char expected[SECRET_HASH_LEN + 1];
  assert_good(checksum_compute(fixture->db, work, expected, &err), &err);
  assert_string_equal(paper.checksum, expected);
}

static int set_up(void **state) {
  *state = work_fixture_new();
  return 0;
}

static int tear_down(void **state) {
  work_fixture_free(*state);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(names_round_and_people, set_up, tear_down),
      cmocka_unit_test_setup_teardown(finds_explanations_and_the_checksum, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
