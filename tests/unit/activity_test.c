#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "survey/activity.h"
#include "work_fixture.h"

#define START INT64_C(1795000000000)

/* All pages of so many entries, newest first: "answer C3=5; sign-in". Also that each page but the last is full. */
static const char *did_in_pages(struct work_fixture *fixture, const struct actor *actor, size_t limit) {
  static const char *const names[] = {"answer", "row-add", "row-rename", "row-remove", "submit", "sign-in", "account", "out"};
  const char *out = "", *from = "";
  do {
    struct err err = {0};
    const struct activity *list;
    size_t count = activity_page(fixture->db, actor, from, limit, fixture->arena, &list, &from, &err);
    assert_int_equal(err.code, ERR_NONE);
    assert_true(count == limit || *from == '\0');
    for (size_t i = 0; i < count; i++) {
      const char *about = list[i].kind == ACTIVITY_ANSWER
                              ? arena_printf(fixture->arena, " %s%s%s=%s%s", list[i].question_id, list[i].row[0] != '\0' ? ":" : "",
                                             list[i].label, list[i].value, list[i].invalid ? "!" : "")
                              : arena_printf(fixture->arena, "%s%s", list[i].label[0] != '\0' ? " " : "", list[i].label);
      out = arena_printf(fixture->arena, "%s%s%s%s", out, *out != '\0' ? "; " : "", names[list[i].kind], about);
    }
  } while (*from != '\0');
  return out;
}

static const char *did(struct work_fixture *fixture, int who) {
  return did_in_pages(fixture, &fixture->people[who], 100);
}

static void answers_and_events_newest_first(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct actor *anna = &fixture->people[WORK_ANNA];
  int64_t now = START;
  clock_set_ms(now += 1000);
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  clock_set_ms(now += 1000);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  clock_set_ms(now += 1000);
  work_save_one(fixture, WORK_BRUNO, "C3", "", "6", 1); /* somebody else's; hers is in the past now */
  clock_set_ms(now += 1000);
  work_save_one(fixture, WORK_ANNA, "B2", "", "daudz", 0);
  clock_set_ms(now += 1000);
  work_save_one(fixture, WORK_ANNA, "B2", "", "nodata:", 1);
  clock_set_ms(now += 1000);
  assert_good(work_add_row(fixture->db, anna, fixture->response, "services", "Izziņa: A", fixture->arena, &err) != NULL, &err);
  clock_set_ms(now += 1000);
  work_save_one(fixture, WORK_ANNA, "P1", "r1", "3", 0);
  clock_set_ms(now += 1000);
  assert_good(work_rename_row(fixture->db, anna, fixture->response, "services", "r1", "Izziņa", &err), &err);
  clock_set_ms(now += 1000);
  assert_good(work_remove_row(fixture->db, anna, fixture->response, "services", "r1", &err), &err);
  clock_set_ms(now += 1000);
  work_save_one(fixture, WORK_ANNA, "T4", "", "teksts", 0);
  clock_set_ms(now += 1000);
  work_save_one(fixture, WORK_ANNA, "T4", "", "", 1);
  clock_set_ms(now += 1000);
  assert_good(work_submit(fixture->db, anna, fixture->response, work_open_good(fixture, WORK_ANNA)->item.revision, &err), &err);
  static const char expected[] =
      "submit; answer T4=; answer T4=teksts; row-remove Izziņa; row-rename Izziņa; answer P1:Izziņa=3; row-add Izziņa: A; "
      "answer B2=dati nav pieejami; answer B2=daudz!; answer C3=5; answer A1=jā; sign-in";
  assert_string_equal(did(fixture, WORK_ANNA), expected);
  for (size_t limit = 1; limit < 15; limit++) assert_string_equal(did_in_pages(fixture, anna, limit), expected);
  assert_string_equal(did(fixture, WORK_BRUNO), "answer C3=6; sign-in");
  assert_string_equal(did(fixture, WORK_OTHER), "sign-in");
}

static void places_of_one_moment_are_told_apart(void **state) {
  struct work_fixture *fixture = *state;
  clock_set_ms(START);
  const char *ids[] = {"A1", "B2", "C3", "M5"};
  for (int i = 0; i < 4; i++) work_save_one(fixture, WORK_ANNA, ids[i], "", "1", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "2", 1);
  work_save_one(fixture, WORK_ANNA, "C3", "", "3", 2);
  static const char expected[] =
      "answer M5=viens; answer C3=3; answer C3=2; answer C3=1; answer B2=1; answer A1=jā; sign-in";
  for (size_t limit = 1; limit < 8; limit++)
    assert_string_equal(did_in_pages(fixture, &fixture->people[WORK_ANNA], limit), expected);
}

static void where_a_link_leads(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct activity *list;
  const char *more;
  const struct actor *anna = &fixture->people[WORK_ANNA];
  clock_set_ms(START);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  assert_int_equal(activity_page(fixture->db, anna, "", 1, fixture->arena, &list, &more, &err), 1);
  assert_true(list[0].there);
  assert_int_equal(list[0].response, fixture->response);
  assert_string_equal(list[0].form->questions[list[0].question].id, "C3");
  clock_set_ms(START + 1000);
  assert_good(work_add_row(fixture->db, anna, fixture->response, "services", "A", fixture->arena, &err) != NULL, &err);
  clock_set_ms(START + 2000);
  work_save_one(fixture, WORK_ANNA, "P1", "r1", "3", 0);
  assert_int_equal(activity_page(fixture->db, anna, "", 1, fixture->arena, &list, &more, &err), 1);
  assert_true(list[0].there);
  assert_good(work_remove_row(fixture->db, anna, fixture->response, "services", "r1", &err), &err);
  assert_int_equal(activity_page(fixture->db, anna, "", 3, fixture->arena, &list, &more, &err), 3);
  for (int i = 0; i < 3; i++)
    if (list[i].kind == ACTIVITY_ANSWER && list[i].row[0] != '\0') assert_false(list[i].there);
}

static void what_one_may_not_see_is_left_out(void **state) {
  struct work_fixture *fixture = *state;
  clock_set_ms(START);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  struct actor moved = fixture->people[WORK_ANNA];
  moved.institution = fixture->people[WORK_OTHER].institution;
  assert_string_equal(did_in_pages(fixture, &moved, 10), "sign-in");
}

static void a_bad_place_begins_at_the_newest(void **state) {
  struct work_fixture *fixture = *state;
  static const char *const bad[] = {"x", "....", "1.2.3", "1.2.3.4.5.6", "a.1.Q..1", "1.a.Q..1", "1.1.Q..a", ".1.Q..1"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct err err = {0};
    const struct activity *list;
    const char *more;
    size_t count = activity_page(fixture->db, &fixture->people[WORK_ANNA], bad[i], 5, fixture->arena, &list, &more, &err);
    if (count != 1) fail_msg("%s: %zu", bad[i], count);
  }
  struct err err = {0};
  const struct activity *list;
  const char *more;
  assert_int_equal(activity_page(fixture->db, &fixture->people[WORK_ANNA], "0.0...0", 5, fixture->arena, &list, &more, &err), 0);
}

static int setup(void **state) {
  clock_set_ms(START - 60000);
  *state = work_fixture_new();
  return 0;
}

static int teardown(void **state) {
  clock_set_ms(0);
  work_fixture_free(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(answers_and_events_newest_first), TEST(places_of_one_moment_are_told_apart), TEST(where_a_link_leads),
      TEST(what_one_may_not_see_is_left_out), TEST(a_bad_place_begins_at_the_newest),
  };
  return cmocka_run_group_tests_name("activity", tests, NULL, NULL);
}
