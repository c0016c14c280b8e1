#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "work_fixture.h"

static const struct work_rival *rivals_of(const struct work *work, const char *question, const char *row) {
  int index, row_index;
  assert_true(work_find_place(work, question, row, &index, &row_index));
  return work_rivals(work, index, row_index);
}

static size_t count_rivals(const struct work *work) {
  size_t count = 0;
  for (const struct work_rival *rival = work->rivals; rival != NULL; rival = rival->next) count++;
  return count;
}

static struct work_value shown(struct work_fixture *fixture, const struct work *work, const struct work_rival *rival) {
  return work_rival_value(work, rival, "lv", fixture->arena);
}

static struct work_value stored(struct work_fixture *fixture, const struct work *work, const char *question) {
  return work_stored_value(work, form_find(work->item.form, question), -1, "lv", fixture->arena);
}

static bool settle(struct work_fixture *fixture, int who, const char *question, int number, struct err *err) {
  struct work_choice choice = {.question = question, .row = "", .number = number};
  *err = (struct err){0};
  return work_settle(fixture->db, &fixture->people[who], fixture->response, &choice, err);
}

/* Anna stores 5, Bruno's 7 comes too late. */
static void differ(struct work_fixture *fixture) {
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  struct save_entry entry = work_save_one(fixture, WORK_BRUNO, "C3", "", "7", 0);
  assert_int_equal(entry.result, SAVE_CONFLICT);
  assert_int_equal(entry.version, 1);
  assert_string_equal(entry.person, "Anna");
}

static void both_are_shown_both_values(void **state) {
  struct work_fixture *fixture = *state;
  int64_t revision = work_open_good(fixture, WORK_ANNA)->item.revision;
  differ(fixture);
  static const int who[] = {WORK_ANNA, WORK_BRUNO};
  for (size_t i = 0; i < 2; i++) {
    struct work *work = work_open_good(fixture, who[i]);
    const struct work_rival *rival = rivals_of(work, "C3", "");
    assert_non_null(rival);
    assert_int_equal(rival->number, 1);
    assert_string_equal(rival->person, "Bruno");
    assert_int_equal(rival->person_id, fixture->people[WORK_BRUNO].person);
    assert_true(rival->created_ms > 0);
    assert_string_equal(shown(fixture, work, rival).text, "7");
    assert_string_equal(stored(fixture, work, "C3").text, "5");
    assert_null(work_next_rival(rival));
    assert_true(work_asks(work, rival));
    assert_int_equal(work->item.revision, revision + 1); /* of Anna's answer */
    assert_int_equal(work->item.talk, 1);
  }
}

static void a_save_that_arrives_twice_changes_nothing(void **state) {
  struct work_fixture *fixture = *state;
  differ(fixture);
  struct save_entry entry = work_save_one(fixture, WORK_BRUNO, "C3", "", "7,0", 0);
  assert_int_equal(entry.result, SAVE_CONFLICT);
  struct work *work = work_open_good(fixture, WORK_BRUNO);
  assert_int_equal(count_rivals(work), 1);
  assert_int_equal(work->item.talk, 1);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0); /* and what is stored */
  assert_int_equal(work_open_good(fixture, WORK_BRUNO)->item.talk, 1);
}

static void a_person_has_one_rival_of_a_place(void **state) {
  struct work_fixture *fixture = *state;
  differ(fixture);
  work_save_one(fixture, WORK_BRUNO, "C3", "", "8", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "9", 0); /* from another browser of hers */
  struct work *work = work_open_good(fixture, WORK_ANNA);
  const struct work_rival *rival = rivals_of(work, "C3", "");
  assert_int_equal(count_rivals(work), 2);
  assert_int_equal(rival->number, 2);
  assert_string_equal(shown(fixture, work, rival).text, "8");
  rival = work_next_rival(rival);
  assert_int_equal(rival->number, 3);
  assert_string_equal(rival->person, "Anna");
}

static void keeping_what_is_stored(void **state) {
  struct work_fixture *fixture = *state;
  struct err err;
  differ(fixture);
  assert_good(settle(fixture, WORK_BRUNO, "C3", 0, &err), &err);
  struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_null(work->rivals);
  assert_int_equal(work->item.talk, 2);
  assert_string_equal(stored(fixture, work, "C3").text, "5");
  assert_int_equal(work_mark(work, form_find(work->item.form, "C3"), -1)->version, 1);
}

static void choosing_a_rival_makes_a_version(void **state) {
  struct work_fixture *fixture = *state;
  struct err err;
  differ(fixture);
  int64_t revision = work_open_good(fixture, WORK_ANNA)->item.revision;
  assert_good(settle(fixture, WORK_ANNA, "C3", 1, &err), &err);
  struct work *work = work_open_good(fixture, WORK_BRUNO);
  const struct work_mark *mark = work_mark(work, form_find(work->item.form, "C3"), -1);
  assert_null(work->rivals);
  assert_string_equal(stored(fixture, work, "C3").text, "7");
  assert_int_equal(mark->version, 2);
  assert_string_equal(mark->person, "Anna");
  assert_int_equal(work->item.revision, revision + 1);
}

static void a_choice_brings_the_counts_up_to_date(void **state) {
  struct work_fixture *fixture = *state;
  struct err err;
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_BRUNO, "A1", "", "1", 0); /* asks B2 too */
  assert_int_equal(work_open_good(fixture, WORK_ANNA)->item.required, 2);
  assert_good(settle(fixture, WORK_ANNA, "A1", 1, &err), &err);
  assert_int_equal(work_open_good(fixture, WORK_ANNA)->item.required, 3);
}

static void of_two_who_choose_the_second_is_told(void **state) {
  struct work_fixture *fixture = *state;
  struct err err;
  differ(fixture);
  assert_good(settle(fixture, WORK_ANNA, "C3", 1, &err), &err);
  struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_err(settle(fixture, WORK_BRUNO, "C3", 0, &err), &err, ERR_CONFLICT, "C3");
  assert_err(settle(fixture, WORK_BRUNO, "C3", 1, &err), &err, ERR_CONFLICT, "C3");
  assert_string_equal(stored(fixture, work_open_good(fixture, WORK_ANNA), "C3").text, "7");
  assert_int_equal(work_open_good(fixture, WORK_ANNA)->item.revision, work->item.revision);
  assert_int_equal(work_open_good(fixture, WORK_ANNA)->item.talk, work->item.talk);
}

static void a_choice_is_between_what_was_shown(void **state) {
  struct work_fixture *fixture = *state;
  struct err err;
  struct work_choice choice = {.question = "C3", .row = "", .number = 0, .seen = 1};
  differ(fixture);
  assert_good(settle(fixture, WORK_ANNA, "C3", 1, &err), &err); /* 7, version 2 */
  work_save_one(fixture, WORK_ANNA, "C3", "", "9", 1);
  assert_false(work_settle(fixture->db, &fixture->people[WORK_BRUNO], fixture->response, &choice, &err));
  assert_int_equal(err.code, ERR_CONFLICT); /* "keep 5", but 5 is not what is stored */
  assert_int_equal(count_rivals(work_open_good(fixture, WORK_ANNA)), 1);
  choice.seen = 2;
  err = (struct err){0};
  assert_good(work_settle(fixture->db, &fixture->people[WORK_BRUNO], fixture->response, &choice, &err), &err);
}

static void nothing_to_choose(void **state) {
  struct work_fixture *fixture = *state;
  struct err err;
  differ(fixture);
  static const struct work_choice wrong[] = {
      {.question = "C3", .row = "", .number = 2}, {.question = "C3", .row = "", .number = -1},
      {.question = "C3", .row = "r1", .number = 0}, {.question = "T4", .row = "", .number = 0},
      {.question = "X9", .row = "", .number = 0},  {.question = "P1", .row = "r1", .number = 0},
      {.question = "K6", .row = "", .number = 0},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    err = (struct err){0};
    assert_false(work_settle(fixture->db, &fixture->people[WORK_ANNA], fixture->response, &wrong[i], &err));
    assert_int_equal(err.code, ERR_CONFLICT);
  }
  assert_int_equal(count_rivals(work_open_good(fixture, WORK_ANNA)), 1);
}

static void a_deliberate_answer_settles(void **state) {
  struct work_fixture *fixture = *state;
  differ(fixture);
  struct save_entry entry = work_save_one(fixture, WORK_ANNA, "C3", "", "6", 1);
  assert_int_equal(entry.result, SAVE_DONE);
  assert_int_equal(entry.version, 2);
  struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_null(work->rivals);
  assert_int_equal(work->item.talk, 2);
  assert_string_equal(stored(fixture, work, "C3").text, "6");
}

static void every_kind_of_value_can_be_a_rival(void **state) {
  struct work_fixture *fixture = *state;
  struct err err;
  static const struct {
    const char *question, *first, *late, *text, *special;
    bool invalid;
    size_t value_count;
  } cases[] = {
      {"A1", "1", "2", "nē", "", false, 1},      {"B2", "3", "nodata:", "dati nav pieejami", "nodata", false, 0},
      {"C3", "5", "ap 7", "ap 7", "", true, 1},  {"T4", "viens", "", "", "", false, 0},
      {"M5", "1", "2", "divi", "", false, 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *question = cases[i].question;
    work_save_one(fixture, WORK_ANNA, question, "", cases[i].first, 0);
    assert_int_equal(work_save_one(fixture, WORK_BRUNO, question, "", cases[i].late, 0).result, SAVE_CONFLICT);
    struct work *work = work_open_good(fixture, WORK_ANNA);
    struct work_value value = shown(fixture, work, rivals_of(work, question, ""));
    assert_string_equal(value.text, cases[i].text);
    assert_string_equal(value.special, cases[i].special);
    assert_int_equal(value.invalid, cases[i].invalid);
    assert_int_equal(value.value_count, cases[i].value_count);
    assert_good(settle(fixture, WORK_ANNA, question, 1, &err), &err);
    value = stored(fixture, work_open_good(fixture, WORK_ANNA), question);
    assert_string_equal(value.text, cases[i].text);
    assert_int_equal(value.invalid, cases[i].invalid);
  }
}

/* What a form without script sends: every field, touched or not. */
static struct save_entry carry(struct work_fixture *fixture, int who, const char *question, const char *value, int seen,
                               bool aside) {
  struct err err = {0};
  struct save_entry entry = {.question = question, .row = "", .values = &value, .value_count = 1, .special = "",
                             .seen = seen, .carried = true, .aside = aside};
  assert_good(work_save(fixture->db, &fixture->people[who], fixture->response, &entry, 1, fixture->arena, &err), &err);
  return entry;
}

static void an_untouched_field_says_nothing(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "6", 1);
  struct save_entry entry = carry(fixture, WORK_BRUNO, "C3", "5", 1, false);
  assert_int_equal(entry.result, SAVE_DONE);
  assert_true(entry.untouched);
  assert_int_equal(entry.version, 2);
  assert_true(carry(fixture, WORK_BRUNO, "C3", "", 0, false).untouched); /* a page from before the first answer */
  assert_null(work_open_good(fixture, WORK_ANNA)->rivals);
  assert_int_equal(carry(fixture, WORK_BRUNO, "C3", "7", 1, false).result, SAVE_CONFLICT);
  assert_int_equal(carry(fixture, WORK_BRUNO, "C3", "5", 99, false).result, SAVE_CONFLICT); /* a version that never was */
}

static void what_stands_beside_a_choice_is_kept(void **state) {
  struct work_fixture *fixture = *state;
  differ(fixture);
  assert_int_equal(carry(fixture, WORK_ANNA, "C3", "5", 1, true).result, SAVE_DONE); /* what is stored */
  assert_int_equal(carry(fixture, WORK_ANNA, "C3", "", 1, true).result, SAVE_DONE);
  carry(fixture, WORK_ANNA, "C3", "7", 1, true); /* one of them */
  assert_int_equal(count_rivals(work_open_good(fixture, WORK_ANNA)), 1);
  carry(fixture, WORK_BRUNO, "C3", "9", 1, true); /* yet another */
  struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_int_equal(count_rivals(work), 2);
  assert_string_equal(stored(fixture, work, "C3").text, "5");
}

static void rivals_of_rows(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct actor *anna = &fixture->people[WORK_ANNA];
  const char *row = work_add_row(fixture->db, anna, fixture->response, "services", "Viens", fixture->arena, &err);
  work_save_one(fixture, WORK_ANNA, "P1", row, "1", 0);
  work_save_one(fixture, WORK_BRUNO, "P1", row, "2", 0);
  struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_string_equal(shown(fixture, work, rivals_of(work, "P1", row)).text, "2");
  assert_true(work_remove_row(fixture->db, anna, fixture->response, "services", row, &err));
  assert_null(work_open_good(fixture, WORK_ANNA)->rivals);
  struct work_choice choice = {.question = "P1", .row = row, .number = 1};
  assert_false(work_settle(fixture->db, anna, fixture->response, &choice, &err));
  assert_int_equal(err.code, ERR_CONFLICT);
}

static void who_may_choose(void **state) {
  struct work_fixture *fixture = *state;
  static const enum err_code expected[WORK_PEOPLE] = {
      [WORK_OTHER] = ERR_NOT_FOUND, [WORK_COORDINATOR] = ERR_DENIED,
      [WORK_RESEARCHER] = ERR_NOT_FOUND, [WORK_EXPERT] = ERR_NOT_FOUND};
  struct err err;
  differ(fixture);
  for (int who = WORK_OTHER; who < WORK_PEOPLE; who++) {
    assert_false(settle(fixture, who, "C3", 1, &err));
    assert_int_equal(err.code, expected[who]);
  }
  struct work *work = work_open_good(fixture, WORK_COORDINATOR); /* but reads */
  assert_int_equal(count_rivals(work), 1);
  assert_string_equal(stored(fixture, work, "C3").text, "5");
}

static bool submit(struct work_fixture *fixture, struct err *err) {
  int64_t revision = work_open_good(fixture, WORK_ANNA)->item.revision;
  *err = (struct err){0};
  return work_submit(fixture->db, &fixture->people[WORK_ANNA], fixture->response, revision, err);
}

static void what_is_to_be_chosen_is_not_submitted(void **state) {
  struct work_fixture *fixture = *state;
  struct err err;
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  work_save_one(fixture, WORK_ANNA, "B2", "", "3", 0);
  work_save_one(fixture, WORK_BRUNO, "B2", "", "4", 0);
  differ(fixture);
  assert_err(submit(fixture, &err), &err, ERR_INPUT, "chosen");
  assert_good(settle(fixture, WORK_BRUNO, "C3", 0, &err), &err);
  assert_err(submit(fixture, &err), &err, ERR_INPUT, "B2");
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 1); /* B2 does not apply now */
  assert_false(work_asks(work_open_good(fixture, WORK_ANNA), work_open_good(fixture, WORK_ANNA)->rivals));
  assert_good(submit(fixture, &err), &err);
  assert_err(settle(fixture, WORK_BRUNO, "B2", 1, &err), &err, ERR_LOCKED, "submitted");
}

static void the_history_has_them_in_their_place(void **state) {
  struct work_fixture *fixture = *state;
  struct err err;
  const struct work_past *past;
  differ(fixture);                                   /* version 1; 7 */
  work_save_one(fixture, WORK_BRUNO, "C3", "", "8", 0); /* in place of 7 */
  assert_good(settle(fixture, WORK_ANNA, "C3", 2, &err), &err); /* version 2 */
  work_save_one(fixture, WORK_ANNA, "C3", "", "9", 0);
  size_t count = work_history(fixture->db, &fixture->people[WORK_ANNA], fixture->response, "C3", "", fixture->arena, &past, &err);
  assert_int_equal(count, 5);
  static const struct {
    enum work_past_kind kind;
    int version;
    const char *value, *person, *settled_by;
  } expected[] = {
      {PAST_OPEN, 0, "9", "Anna", ""},       {PAST_VERSION, 2, "8", "Anna", ""}, {PAST_CHOSEN, 0, "8", "Bruno", "Anna"},
      {PAST_LEFT, 0, "7", "Bruno", "Bruno"}, {PAST_VERSION, 1, "5", "Anna", ""},
  };
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(past[i].kind, expected[i].kind);
    assert_int_equal(past[i].version, expected[i].version);
    assert_string_equal(past[i].value, expected[i].value);
    assert_string_equal(past[i].person, expected[i].person);
    assert_string_equal(past[i].settled_by, expected[i].settled_by);
  }
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
      TEST(both_are_shown_both_values), TEST(a_save_that_arrives_twice_changes_nothing),
      TEST(a_person_has_one_rival_of_a_place), TEST(keeping_what_is_stored), TEST(choosing_a_rival_makes_a_version),
      TEST(a_choice_brings_the_counts_up_to_date), TEST(of_two_who_choose_the_second_is_told),
      TEST(a_choice_is_between_what_was_shown), TEST(nothing_to_choose), TEST(a_deliberate_answer_settles),
      TEST(every_kind_of_value_can_be_a_rival), TEST(an_untouched_field_says_nothing),
      TEST(what_stands_beside_a_choice_is_kept), TEST(rivals_of_rows), TEST(who_may_choose),
      TEST(what_is_to_be_chosen_is_not_submitted), TEST(the_history_has_them_in_their_place),
  };
  return cmocka_run_group_tests_name("rival", tests, NULL, NULL);
}
