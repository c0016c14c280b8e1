#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "survey/mailing.h"
#include "survey/rule.h"
#include "work_fixture.h"

/* Saturday, 21 November 2026, midnight in Riga; the deadline is 6 December. */
#define MIDNIGHT (INT64_C(1795248000000) - 10 * HOUR)
#define HOUR INT64_C(3600000)

static void at(int day, int hour) { clock_set_ms(MIDNIGHT + (day - 21) * 24 * HOUR + hour * HOUR); }

static void run(struct work_fixture *fixture, const char *sql) {
  struct err err = {0};
  assert_good(stmt_run(db_query(fixture->db, sql), &err), &err);
}

static int count(struct work_fixture *fixture) {
  struct err err = {0};
  struct stmt *stmt = db_query(fixture->db, "SELECT count(*) FROM message");
  int found = stmt_step(stmt, &err) ? (int)stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return found;
}

static void add(struct work_fixture *fixture, const char *kind, const char *days, const char *hour) {
  struct err err = {0};
  enum rule_fault fault;
  assert_good(rule_add(fixture->db, &fixture->people[WORK_COORDINATOR], "r1", kind, days, hour, &fault, &err), &err);
}

/* What the post thread does; how many new messages came of it. */
static int post(struct work_fixture *fixture) {
  struct err err = {0};
  int before = count(fixture);
  for (const struct sender_source *source = mailing_sources(); source->is_due != NULL; source++)
    while (source->is_due(fixture->db, &err)) assert_good(source->make(fixture->db, &err), &err);
  assert_int_equal(err.code, ERR_NONE);
  return count(fixture) - before;
}

static void days_before_the_deadline(void **state) {
  struct work_fixture *fixture = *state;
  at(21, 8);
  add(fixture, "before", "7", "9");
  at(28, 10);
  assert_int_equal(post(fixture), 0); /* eight days before */
  at(29, 8);
  assert_int_equal(post(fixture), 0); /* not yet nine o'clock */
  at(29, 9);
  assert_int_equal(post(fixture), 3);
  at(29, 15);
  assert_int_equal(post(fixture), 0);
  at(30, 9);
  assert_int_equal(post(fixture), 0);
}

static void an_institutions_own_deadline_counts(void **state) {
  struct work_fixture *fixture = *state;
  /* 13 December, its last moment */
  run(fixture, "UPDATE round_institution SET deadline = '2026-12-13', deadline_ms = 1797199199999 WHERE institution = 1");
  at(21, 8);
  add(fixture, "before", "7", "9");
  at(29, 9);
  assert_int_equal(post(fixture), 1);
  at(36, 9);
  assert_int_equal(post(fixture), 2);
}

static void a_look_is_late_until_the_evening_else_on_the_next_day(void **state) {
  struct work_fixture *fixture = *state;
  at(21, 8);
  add(fixture, "before", "7", "9");
  at(28, 9);
  post(fixture);
  at(29, 20); /* the program was not there all day */
  assert_int_equal(post(fixture), 0);
  at(30, 8);
  assert_int_equal(post(fixture), 0);
  at(30, 9);
  assert_int_equal(post(fixture), 3); /* six days before: the seventh was not lost */
  at(31, 19);
  assert_int_equal(post(fixture), 0);
}

static void a_late_look_counts_the_same_day(void **state) {
  struct work_fixture *fixture = *state;
  at(21, 8);
  add(fixture, "before", "7", "9");
  at(29, 19);
  assert_int_equal(post(fixture), 3);
}

static void after_the_deadline_no_day_before_it_is_made_up_for(void **state) {
  struct work_fixture *fixture = *state;
  at(21, 8);
  add(fixture, "before", "1", "9");
  at(37, 10); /* 7 December */
  assert_int_equal(post(fixture), 0);
}

static void nobody_signed_in(void **state) {
  struct work_fixture *fixture = *state;
  run(fixture, "UPDATE round_institution SET opened_ms = 0, invited_ms = 0");
  at(21, 8);
  add(fixture, "unopened", "5", "9");
  at(22, 12);
  run(fixture, "UPDATE round_institution SET invited_ms = 1795300000000"); /* on the 22nd */
  at(26, 12);
  assert_int_equal(post(fixture), 0);
  run(fixture, "UPDATE round_institution SET opened_ms = 1795300000001 WHERE institution = 2");
  at(27, 9);
  assert_int_equal(post(fixture), 2); /* the two of the first institution */
  at(28, 9);
  assert_int_equal(post(fixture), 0);
}

static void begun_and_left(void **state) {
  struct work_fixture *fixture = *state;
  at(21, 8);
  add(fixture, "idle", "3", "9");
  at(22, 12);
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  at(23, 12);
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 1);
  at(25, 12);
  assert_int_equal(post(fixture), 0); /* three days after the first change, two after the last */
  at(26, 9);
  assert_int_equal(post(fixture), 2);
  at(29, 9);
  assert_int_equal(post(fixture), 0); /* once for each time it was left */
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 2);
  at(32, 9);
  assert_int_equal(post(fixture), 2);
}

static void not_submitted_after_the_deadline(void **state) {
  struct work_fixture *fixture = *state;
  at(21, 8);
  add(fixture, "after", "2", "9");
  run(fixture, "UPDATE response SET status = 2 WHERE institution = 2 AND questionnaire = 'q'");
  at(37, 9);
  assert_int_equal(post(fixture), 0);
  at(38, 9);
  assert_int_equal(post(fixture), 2);
}

static void whatever_rules_and_hands_do_one_a_day(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  int64_t id;
  enum mailing_fault fault;
  enum remind_fault moment;
  at(21, 8);
  run(fixture, "UPDATE round_institution SET opened_ms = 0, invited_ms = 1795215600001"); /* on the 21st */
  add(fixture, "before", "7", "9");
  add(fixture, "before", "8", "10");
  add(fixture, "unopened", "8", "9");
  add(fixture, "idle", "1", "11");
  at(28, 12);
  assert_int_equal(post(fixture), 3); /* eight days before */
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  at(29, 9);
  assert_int_equal(post(fixture), 3); /* seven days before, and eight after the invitation: one each */
  at(29, 11);
  assert_int_equal(post(fixture), 0); /* and a day since it was left */
  struct mailing_wish wish = {.kind = MAIL_DEADLINE, .aim = mailing_parse("", fixture->arena), .seen = 1000};
  assert_false(mailing_plan(fixture->db, &fixture->people[WORK_COORDINATOR], &wish, &id, &fault, &moment, &err));
  assert_int_equal(fault, MAILING_NOBODY);
  err = (struct err){0};
  wish.later = true;
  wish.moment = (struct remind_wish){.date = "29.11.2026", .time = "12", .choice = "", .text = ""};
  assert_good(mailing_plan(fixture->db, &fixture->people[WORK_COORDINATOR], &wish, &id, &fault, &moment, &err), &err);
  at(29, 13);
  assert_int_equal(post(fixture), 0);
}

static void a_hand_is_before_the_rule(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  int64_t id;
  enum mailing_fault fault;
  enum remind_fault moment;
  at(21, 8);
  add(fixture, "before", "7", "9");
  at(29, 8);
  const struct mailing_wish wish = {.kind = MAIL_DEADLINE, .aim = mailing_parse("institution=1", fixture->arena)};
  assert_good(mailing_plan(fixture->db, &fixture->people[WORK_COORDINATOR], &wish, &id, &fault, &moment, &err), &err);
  assert_int_equal(post(fixture), 2);
  at(29, 9);
  assert_int_equal(post(fixture), 1);
}

static void nothing_to_whom_it_does_not_concern(void **state) {
  struct work_fixture *fixture = *state;
  at(21, 8);
  add(fixture, "before", "7", "9");
  add(fixture, "before", "6", "9");
  add(fixture, "before", "5", "9");
  run(fixture, "UPDATE round_institution SET participation = 1 WHERE institution = 1");
  run(fixture, "UPDATE response SET status = 2 WHERE institution = 2");
  at(29, 9);
  assert_int_equal(post(fixture), 0);
  run(fixture, "UPDATE round_institution SET participation = 0");
  run(fixture, "UPDATE person SET removed_ms = 1 WHERE email = 'anna@example.org'");
  run(fixture, "UPDATE person SET notify = 3 WHERE email = 'bruno@example.org'");
  at(30, 9);
  assert_int_equal(post(fixture), 0);
  run(fixture, "UPDATE person SET removed_ms = 0, notify = 7");
  run(fixture, "UPDATE round SET closed_ms = 1");
  at(31, 9);
  assert_int_equal(post(fixture), 0);
}

static void turned_off_it_looks_away_and_back_on_it_begins_anew(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct rule *rules;
  const struct actor *coordinator = &fixture->people[WORK_COORDINATOR];
  at(21, 8);
  add(fixture, "before", "7", "9");
  assert_int_equal(rule_list(fixture->db, coordinator, "r1", fixture->arena, &rules, &err), 1);
  assert_false(rules[0].looked_today);
  assert_good(rule_set_active(fixture->db, coordinator, "r1", rules[0].id, false, &err), &err);
  at(29, 9);
  assert_int_equal(post(fixture), 0);
  at(30, 8);
  assert_good(rule_set_active(fixture->db, coordinator, "r1", rules[0].id, true, &err), &err);
  at(30, 9);
  assert_int_equal(post(fixture), 0); /* the day before is over */
  assert_good(rule_drop(fixture->db, coordinator, "r1", rules[0].id, &err), &err);
  assert_int_equal(rule_list(fixture->db, coordinator, "r1", fixture->arena, &rules, &err), 0);
  assert_err(rule_drop(fixture->db, coordinator, "r1", rules[0].id, &err), &err, ERR_NOT_FOUND, "");
}

static void what_is_no_rule_is_refused(void **state) {
  struct work_fixture *fixture = *state;
  static const struct {
    const char *kind, *days, *hour;
    enum rule_fault fault;
  } cases[] = {
      {"before", "", "9", RULE_NO_DAYS},   {"before", "-1", "9", RULE_NO_DAYS},  {"before", "61", "9", RULE_NO_DAYS},
      {"before", "x", "9", RULE_NO_DAYS},  {"after", "0", "9", RULE_NO_DAYS},    {"before", "3", "5", RULE_NO_HOUR},
      {"before", "3", "20", RULE_NO_HOUR}, {"before", "3", "", RULE_NO_HOUR},    {"before", "7", "15", RULE_TWICE},
      {"before", "3 4", "9", RULE_NO_DAYS}, {"never", "3", "9", RULE_OK},
  };
  at(21, 12);
  add(fixture, "before", " 7 ", "9");
  add(fixture, "before", "0", "19");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct err err = {0};
    enum rule_fault fault;
    assert_false(rule_add(fixture->db, &fixture->people[WORK_COORDINATOR], "r1", cases[i].kind, cases[i].days, cases[i].hour,
                          &fault, &err));
    assert_int_equal(err.code, ERR_INPUT);
    if (fault != cases[i].fault) fail_msg("%s %s %s: %d", cases[i].kind, cases[i].days, cases[i].hour, (int)fault);
  }
  struct err err = {0};
  enum rule_fault fault;
  assert_err(rule_add(fixture->db, &fixture->people[WORK_ANNA], "r1", "after", "1", "9", &fault, &err), &err, ERR_DENIED, "");
}

static int set_up(void **state) {
  *state = work_fixture_new();
  return 0;
}

static int tear_down(void **state) {
  clock_set_ms(0);
  work_fixture_free(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(days_before_the_deadline),
      TEST(an_institutions_own_deadline_counts),
      TEST(a_look_is_late_until_the_evening_else_on_the_next_day),
      TEST(a_late_look_counts_the_same_day),
      TEST(after_the_deadline_no_day_before_it_is_made_up_for),
      TEST(nobody_signed_in),
      TEST(begun_and_left),
      TEST(not_submitted_after_the_deadline),
      TEST(whatever_rules_and_hands_do_one_a_day),
      TEST(a_hand_is_before_the_rule),
      TEST(nothing_to_whom_it_does_not_concern),
      TEST(turned_off_it_looks_away_and_back_on_it_begins_anew),
      TEST(what_is_no_rule_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
