#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "survey/place.h"
#include "work_fixture.h"

static int set_up(void **state) {
  *state = work_fixture_new();
  return 0;
}

static int tear_down(void **state) {
  work_fixture_free(*state);
  clock_set_ms(0);
  return 0;
}

static void keep(struct work_fixture *fixture, const char *section, const char *key) {
  struct err err = {0};
  assert_good(place_keep(fixture->db, &fixture->people[WORK_ANNA], fixture->response, section, key, &err), &err);
}

static bool find(struct work_fixture *fixture, int who, const struct place *known, struct place_resume *out) {
  struct err err = {0};
  bool found = place_find(fixture->db, &fixture->people[who], known, fixture->arena, out, &err);
  assert_int_equal(err.code, ERR_NONE);
  return found;
}

static void assert_at(struct work_fixture *fixture, const char *question, const char *row) {
  struct place_resume at;
  assert_true(find(fixture, WORK_ANNA, NULL, &at));
  assert_int_equal(at.response, fixture->response);
  assert_string_equal(at.section, "s1");
  assert_string_equal(at.question, question);
  assert_string_equal(at.row, row);
}

static void who_was_nowhere_goes_to_the_workplace(void **state) {
  struct place_resume at;
  assert_false(find(*state, WORK_ANNA, NULL, &at));
  assert_false(find(*state, WORK_COORDINATOR, NULL, &at));
}

static void the_place_comes_back(void **state) {
  struct place_resume at;
  keep(*state, "s1", "C3");
  assert_at(*state, "C3", "");
  assert_false(find(*state, WORK_BRUNO, NULL, &at));
  keep(*state, "s1", "T4");
  assert_at(*state, "T4", "");
  keep(*state, "s1", ""); /* the page was saved, nothing in it changed */
  assert_at(*state, "T4", "");
}

static void a_row_of_a_roster_comes_back(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct actor *anna = &fixture->people[WORK_ANNA];
  const char *row = work_add_row(fixture->db, anna, fixture->response, "services", "Viens", fixture->arena, &err);
  assert_good(row != NULL, &err);
  keep(fixture, "s1", arena_printf(fixture->arena, "P1:%s", row));
  assert_at(fixture, "P1", row);
  assert_good(work_remove_row(fixture->db, anna, fixture->response, "services", row, &err), &err);
  assert_at(fixture, "", "");
}

/* What is not there, or not asked any more, leaves the section. */
static void a_field_that_is_not_asked_leaves_the_section(void **state) {
  static const char *const keys[] = {"B2", "NO_SUCH", "C3:r1", "P1", "P1:nothing", ":", "<b>", "'--"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    keep(*state, "s1", keys[i]);
    assert_at(*state, "", "");
  }
  work_save_one(*state, WORK_ANNA, "A1", "", "1", 0);
  keep(*state, "s1", "B2");
  assert_at(*state, "B2", "");
}

static void a_section_that_is_not_there_is_not_kept(void **state) {
  struct work_fixture *fixture = *state;
  struct place_resume at;
  keep(fixture, "nothing", "C3");
  assert_false(find(fixture, WORK_ANNA, NULL, &at));
  struct place gone = {.person = fixture->people[WORK_ANNA].person, .response = fixture->response, .section = "nothing",
                       .key = ""};
  struct err err = {0};
  assert_good(place_put(fixture->db, &gone, &err), &err);
  assert_false(find(fixture, WORK_ANNA, NULL, &at));
}

static void other_peoples_responses_are_nobodys_place(void **state) {
  struct work_fixture *fixture = *state;
  struct place_resume at;
  struct err err = {0};
  assert_false(place_keep(fixture->db, &fixture->people[WORK_ANNA], fixture->other_response, "s1", "", &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  struct place place = {.person = fixture->people[WORK_ANNA].person, .response = fixture->other_response,
                        .section = "s1", .key = "C3"};
  assert_good(place_put(fixture->db, &place, &(struct err){0}), &(struct err){0});
  assert_false(find(fixture, WORK_ANNA, NULL, &at));
}

static void a_submitted_response_leads_to_the_workplace(void **state) {
  struct work_fixture *fixture = *state;
  struct place_resume at;
  struct err err = {0};
  keep(fixture, "s1", "C3");
  assert_good(stmt_run(db_query(fixture->db, "UPDATE response SET status = 2"), &err), &err);
  assert_false(find(fixture, WORK_ANNA, NULL, &at));
}

static void the_newer_of_two_places_counts(void **state) {
  struct work_fixture *fixture = *state;
  struct place_resume at;
  struct err err = {0};
  int64_t anna = fixture->people[WORK_ANNA].person;
  clock_set_ms(5000);
  keep(fixture, "s1", "C3");
  struct place older = {.person = anna, .response = fixture->response, .section = "s1", .key = "A1", .changed_ms = 4000};
  struct place newer = older;
  newer.changed_ms = 6000;
  assert_good(place_put(fixture->db, &older, &err), &err);
  assert_at(fixture, "C3", "");
  assert_true(find(fixture, WORK_ANNA, &older, &at));
  assert_string_equal(at.question, "C3");
  assert_true(find(fixture, WORK_ANNA, &newer, &at));
  assert_string_equal(at.question, "A1");
  assert_good(place_put(fixture->db, &newer, &err), &err);
  assert_at(fixture, "A1", "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(who_was_nowhere_goes_to_the_workplace),
      TEST(the_place_comes_back),
      TEST(a_row_of_a_roster_comes_back),
      TEST(a_field_that_is_not_asked_leaves_the_section),
      TEST(a_section_that_is_not_there_is_not_kept),
      TEST(other_peoples_responses_are_nobodys_place),
      TEST(a_submitted_response_leads_to_the_workplace),
      TEST(the_newer_of_two_places_counts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
