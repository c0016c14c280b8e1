#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "survey/next.h"
#include "work_fixture.h"

/* What follows `from` (NULL: nothing), as a key; "" when there is nothing. */
static const char *next_key(struct work_fixture *fixture, const char *from) {
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  struct next_place start, next;
  if (from != NULL) assert_true(next_parse(work, from, &start));
  if (!next_find(work, from != NULL ? &start : NULL, &next)) return "";
  const struct form_question *q = &work->item.form->questions[next.question];
  if (next.row < 0) return q->id;
  return arena_printf(fixture->arena, "%s:%s", q->id, response_row(work->response, q->roster, next.row)->id);
}

static void add_row(struct work_fixture *fixture, const char *label) {
  struct err err = {0};
  assert_good(work_add_row(fixture->db, &fixture->people[WORK_ANNA], fixture->response, "services", label, fixture->arena,
                           &err) != NULL, &err);
}

static void goes_on_and_begins_again(void **state) {
  struct work_fixture *fixture = *state;
  assert_string_equal(next_key(fixture, NULL), "A1");
  assert_string_equal(next_key(fixture, "A1"), "C3"); /* B2 is not asked */
  assert_string_equal(next_key(fixture, "B2"), "C3"); /* nor has it to be, to be gone on from */
  assert_string_equal(next_key(fixture, "C3"), "A1"); /* T4 and M5 are optional */
  assert_string_equal(next_key(fixture, "K6"), "A1");
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  assert_string_equal(next_key(fixture, "A1"), "B2");
  work_save_one(fixture, WORK_ANNA, "B2", "", "nodata:", 0); /* that is an answer */
  assert_string_equal(next_key(fixture, NULL), "C3");
  assert_string_equal(next_key(fixture, "C3"), "C3"); /* the only one */
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  assert_string_equal(next_key(fixture, NULL), "");
  assert_string_equal(next_key(fixture, "C3"), "");
}

static void what_is_wrong_is_on_the_way(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  work_save_one(fixture, WORK_ANNA, "B2", "", "7", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "trīs", 0); /* no answer at all */
  assert_string_equal(next_key(fixture, NULL), "C3");
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 1); /* B2 <= C3 is violated */
  assert_string_equal(next_key(fixture, NULL), "C3");
  work_save_one(fixture, WORK_ANNA, "C3", "", "500", 2); /* unusual, not wrong */
  assert_string_equal(next_key(fixture, NULL), "");
  work_save_one(fixture, WORK_ANNA, "T4", "", "garāks par divdesmit zīmēm", 0); /* wrong although optional */
  assert_string_equal(next_key(fixture, NULL), "T4");
}

static void rows_follow_one_another(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  add_row(fixture, "Pirmais");
  add_row(fixture, "Otrais");
  assert_string_equal(next_key(fixture, NULL), "P1:r1");
  assert_string_equal(next_key(fixture, "P1:r1"), "P1:r2");
  assert_string_equal(next_key(fixture, "P1:r2"), "P1:r1");
  work_save_one(fixture, WORK_ANNA, "P1", "r1", "3", 0);
  assert_string_equal(next_key(fixture, "P1:r2"), "P1:r2");
}

static void a_roster_reads_row_by_row(void **state) {
  (void)state;
  const struct form_question questions[] = {{.roster = -1}, {.roster = 0}, {.roster = 0}, {.roster = 1}, {.roster = -1}};
  const struct form form = {.questions = questions, .question_count = 5};
  static const struct next_place order[] = {{0, -1}, {1, 0}, {2, 0}, {1, 1}, {2, 1}, {3, 0}, {4, -1}};
  for (int i = 0; i < 7; i++)
    for (int j = 0; j < 7; j++) {
      int got = next_compare(&form, order[i], order[j]);
      assert_int_equal((got > 0) - (got < 0), (i > j) - (i < j));
    }
}

static void nonsense_names_no_place(void **state) {
  struct work_fixture *fixture = *state;
  struct next_place place;
  add_row(fixture, "Pirmais");
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  static const char *const bad[] = {"", ":", "X", "P1", "P1:", "P1:r2", "A1:", "A1:r1", "a1", "A1 ", "P1:r1:", "<b>", "ā",
                                    "A234567890123456789012345678901234567890123456789012345678901234567890"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    if (next_parse(work, bad[i], &place)) fail_msg("\"%s\" was read", bad[i]);
  assert_true(next_parse(work, "P1:r1", &place));
  assert_int_equal(place.row, 0);
  assert_false(next_before_section(work, "s1", &place)); /* nothing is before the first */
  assert_false(next_before_section(work, "none", &place));
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
      TEST(goes_on_and_begins_again), TEST(what_is_wrong_is_on_the_way), TEST(rows_follow_one_another),
      cmocka_unit_test(a_roster_reads_row_by_row), TEST(nonsense_names_no_place),
  };
  return cmocka_run_group_tests_name("next", tests, NULL, NULL);
}
