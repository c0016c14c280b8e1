#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store/message.h"
#include "survey/reminder.h"
#include "work_fixture.h"

/* Saturday, 21 November 2026, 10.00 in Riga */
#define NOW INT64_C(1795248000000)

static enum remind_fault add(struct work_fixture *fixture, int who, const char *date, const char *time, const char *text) {
  struct err err = {0};
  enum remind_fault fault;
  const struct remind_wish wish = {.date = date, .time = time, .choice = "", .text = text};
  bool ok = remind_add(fixture->db, &fixture->people[who], &wish, &fault, &err);
  assert_int_equal(ok, fault == REMIND_OK);
  assert_int_equal(err.code, ok ? ERR_NONE : ERR_INPUT);
  return fault;
}

static size_t list(struct work_fixture *fixture, int who, const struct remind_entry **out) {
  struct err err = {0};
  size_t count = remind_list(fixture->db, &fixture->people[who], fixture->arena, out, &err);
  assert_int_equal(err.code, ERR_NONE);
  return count;
}

static void a_moment_is_read_as_people_write_it(void **state) {
  struct work_fixture *fixture = *state;
  static const struct {
    const char *date, *time, *utc;
  } cases[] = {
      {"6.12.2026", "9.00", "2026-12-06T07:00:00Z"},
      {"06.12.2026.", "09:00", "2026-12-06T07:00:00Z"},
      {"2026-12-06", "9", "2026-12-06T07:00:00Z"},
      {" 6. 12. 2026 ", " 23.59 ", "2026-12-06T21:59:00Z"},
      {"21.11.2026", "10.01", "2026-11-21T08:01:00Z"},
      {"28.03.2027", "02:59", "2027-03-28T00:59:00Z"},
      {"28.03.2027", "03:30", "2027-03-28T01:30:00Z"}, /* is not there: half past four */
      {"28.03.2027", "04:00", "2027-03-28T01:00:00Z"},
      {"31.10.2027", "03:30", "2027-10-31T00:30:00Z"}, /* is there twice: the first */
      {"31.10.2027", "04:00", "2027-10-31T02:00:00Z"},
      {"1.7.2027", "0.00", "2027-06-30T21:00:00Z"},
      {"20.11.2028", "9.00", "2028-11-20T07:00:00Z"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct remind_entry *entries;
    struct err err = {0};
    char utc[25];
    assert_int_equal(add(fixture, WORK_ANNA, cases[i].date, cases[i].time, ""), REMIND_OK);
    assert_int_equal(list(fixture, WORK_ANNA, &entries), 1);
    clock_iso(entries[0].due_ms, utc);
    assert_string_equal(utc, cases[i].utc);
    assert_good(remind_remove(fixture->db, &fixture->people[WORK_ANNA], entries[0].id, &err), &err);
  }
}

static void what_is_no_moment_is_refused(void **state) {
  struct work_fixture *fixture = *state;
  const struct remind_entry *entries;
  static const struct {
    const char *date, *time;
    enum remind_fault fault;
  } cases[] = {
      {"", "9.00", REMIND_NO_DATE},        {"rīt", "9.00", REMIND_NO_DATE},   {"31.2.2027", "9.00", REMIND_NO_DATE},
      {"6.12.", "9.00", REMIND_NO_DATE},   {"6.12.2026", "", REMIND_NO_TIME}, {"6.12.2026", "24.00", REMIND_NO_TIME},
      {"6.12.2026", "9.60", REMIND_NO_TIME}, {"6.12.2026", "9.", REMIND_NO_TIME}, {"6.12.2026", "9.5", REMIND_NO_TIME},
      {"6.12.2026", "-9", REMIND_NO_TIME}, {"6.12.2026", "9.00x", REMIND_NO_TIME}, {"6.12.2026", "900", REMIND_NO_TIME},
      {"21.11.2026", "10.00", REMIND_PAST}, {"1.1.1999", "9.00", REMIND_PAST}, {"1.1.2029", "9.00", REMIND_FAR},
      {"31.12.9999", "9.00", REMIND_FAR},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    if (add(fixture, WORK_ANNA, cases[i].date, cases[i].time, "") != cases[i].fault)
      fail_msg("%s %s", cases[i].date, cases[i].time);
  }
  assert_int_equal(list(fixture, WORK_ANNA, &entries), 0);
}

static void a_text_has_its_bounds(void **state) {
  struct work_fixture *fixture = *state;
  const struct remind_entry *entries;
  char text[2 * REMIND_TEXT_MAX + 3];
  for (int i = 0; i < REMIND_TEXT_MAX + 1; i++) memcpy(text + 2 * i, "ā", 2);
  text[2 * REMIND_TEXT_MAX + 2] = '\0';
  assert_int_equal(add(fixture, WORK_ANNA, "6.12.2026", "9", text), REMIND_TEXT_LONG);
  text[2 * REMIND_TEXT_MAX] = '\0';
  assert_int_equal(add(fixture, WORK_ANNA, "6.12.2026", "9", text), REMIND_OK);
  assert_int_equal(add(fixture, WORK_ANNA, "6.12.2026", "9", "a\x01z"), REMIND_TEXT_BAD);
  assert_int_equal(add(fixture, WORK_ANNA, "6.12.2026", "9", "\xff"), REMIND_TEXT_BAD);
  assert_int_equal(add(fixture, WORK_ANNA, "7.12.2026", "9", " viens\r\ndivi "), REMIND_OK);
  assert_int_equal(list(fixture, WORK_ANNA, &entries), 2);
  assert_string_equal(entries[1].text, "viens\ndivi");
}

static void fifty_may_be_open(void **state) {
  struct work_fixture *fixture = *state;
  const struct remind_entry *entries;
  struct err err = {0};
  for (int i = 0; i < REMIND_OPEN_MAX; i++)
    assert_int_equal(add(fixture, WORK_ANNA, "6.12.2026", "9", ""), REMIND_OK);
  assert_int_equal(add(fixture, WORK_ANNA, "6.12.2026", "9", ""), REMIND_TOO_MANY);
  assert_int_equal(add(fixture, WORK_BRUNO, "6.12.2026", "9", ""), REMIND_OK); /* each for themselves */
  list(fixture, WORK_ANNA, &entries);
  assert_good(remind_remove(fixture->db, &fixture->people[WORK_ANNA], entries[0].id, &err), &err);
  assert_int_equal(add(fixture, WORK_ANNA, "6.12.2026", "9", ""), REMIND_OK);
}

static void they_are_ones_own(void **state) {
  struct work_fixture *fixture = *state;
  const struct remind_entry *entries;
  struct err err = {0};
  const struct remind_wish wish = {.date = "6.12.2026", .time = "9", .choice = "", .text = ""};
  enum remind_fault fault;
  add(fixture, WORK_ANNA, "6.12.2026", "9", "");
  list(fixture, WORK_ANNA, &entries);
  assert_err(remind_remove(fixture->db, &fixture->people[WORK_BRUNO], entries[0].id, &err), &err, ERR_NOT_FOUND, "");
  assert_int_equal(list(fixture, WORK_BRUNO, &entries), 0);
  err = (struct err){0};
  assert_err(remind_add(fixture->db, &fixture->people[WORK_COORDINATOR], &wish, &fault, &err), &err, ERR_DENIED, "");
}

static void choices_are_ahead_and_in_order(void **state) {
  struct work_fixture *fixture = *state;
  struct remind_choice choices[REMIND_CHOICES_MAX];
  struct err err = {0};
  static const char *const names[] = {"tomorrow", "monday", "before_3", "before_1"};
  size_t count = remind_choices(fixture->db, &fixture->people[WORK_ANNA], fixture->arena, choices, &err);
  assert_int_equal(count, 4);
  for (size_t i = 0; i < count; i++) assert_string_equal(choices[i].name, names[i]);
  assert_true(choices[0].due_ms == NOW + 23 * INT64_C(3600000)); /* tomorrow at nine */
  assert_true(choices[2].due_ms - choices[1].due_ms == 10 * INT64_C(86400000)); /* Monday the 23rd, the 3rd */
  clock_set_ms(NOW + 13 * INT64_C(86400000)); /* 4 December, a Friday */
  count = remind_choices(fixture->db, &fixture->people[WORK_ANNA], fixture->arena, choices, &err);
  assert_int_equal(count, 2); /* the day before the deadline is tomorrow */
  assert_string_equal(choices[1].name, "monday");
  assert_int_equal(err.code, ERR_NONE);
}

static int message_count(struct work_fixture *fixture, struct stored_message *last) {
  struct err err = {0};
  struct stored_message message;
  int count = 0;
  struct stmt *stmt = message_list(fixture->db, 0);
  for (; message_next(stmt, &message, &err); count++) {
    *last = message;
    last->subject = arena_copy(fixture->arena, message.subject);
    last->body = arena_copy(fixture->arena, message.body);
    last->reason = arena_copy(fixture->arena, message.reason);
  }
  stmt_end(stmt);
  return count;
}

static void assert_has(const char *text, const char *part) {
  if (strstr(text, part) == NULL) fail_msg("expected \"%s\" in \"%s\"", part, text);
}

static void a_due_one_becomes_a_message_once(void **state) {
  struct work_fixture *fixture = *state;
  const struct remind_entry *entries;
  struct stored_message message;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  add(fixture, WORK_ANNA, "6.12.2026", "9", "Pajautāt Bruno");
  assert_good(remind_make_mail(fixture->db, &err), &err);
  assert_int_equal(message_count(fixture, &message), 0);
  clock_set_ms(clock_riga_ms(clock_riga_day(NOW) + 15, 9 * 60));
  assert_good(remind_make_mail(fixture->db, &err), &err);
  assert_good(remind_make_mail(fixture->db, &err), &err);
  assert_int_equal(message_count(fixture, &message), 1);
  assert_int_equal(list(fixture, WORK_ANNA, &entries), 0);
  assert_string_equal(message.subject, "Atgādinājums: Kārta");
  assert_has(message.body, "\nJūsu piezīme: Pajautāt Bruno\n");
  assert_has(message.body, "\nAnketa: atbildēts 1 no 2\n");
  assert_has(message.body, "\n{link}\n");
}

static void an_experts_says_how_many_are_submitted(void **state) {
  struct work_fixture *fixture = *state;
  struct stored_message message;
  struct err err = {0};
  add(fixture, WORK_EXPERT, "6.12.2026", "9", "");
  clock_set_ms(NOW + 30 * INT64_C(86400000));
  assert_good(remind_make_mail(fixture->db, &err), &err);
  assert_int_equal(message_count(fixture, &message), 1);
  assert_has(message.body, "\nEksperts: iesniegtas 0 no 3 anketām\n");
  assert_null(strstr(message.body, "piezīme"));
}

static void who_wants_none_or_is_gone_gets_none(void **state) {
  struct work_fixture *fixture = *state;
  const struct remind_entry *entries;
  struct stored_message message;
  struct err err = {0};
  add(fixture, WORK_ANNA, "6.12.2026", "9", "");
  add(fixture, WORK_BRUNO, "6.12.2026", "9", "");
  stmt_run(db_query(fixture->db, "UPDATE person SET notify = 3 WHERE email = 'anna@example.org'"), &err);
  stmt_run(db_query(fixture->db, "UPDATE person SET removed_ms = 1 WHERE email = 'bruno@example.org'"), &err);
  assert_false(remind_is_wanted(fixture->db, &fixture->people[WORK_ANNA], &err));
  clock_set_ms(NOW + 30 * INT64_C(86400000));
  assert_good(remind_make_mail(fixture->db, &err), &err);
  assert_int_equal(message_count(fixture, &message), 0);
  assert_int_equal(list(fixture, WORK_ANNA, &entries), 0); /* and it is not asked again and again */
}

static int set_up(void **state) {
  *state = work_fixture_new();
  clock_set_ms(NOW);
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
      TEST(a_moment_is_read_as_people_write_it),
      TEST(what_is_no_moment_is_refused),
      TEST(a_text_has_its_bounds),
      TEST(fifty_may_be_open),
      TEST(they_are_ones_own),
      TEST(choices_are_ahead_and_in_order),
      TEST(a_due_one_becomes_a_message_once),
      TEST(an_experts_says_how_many_are_submitted),
      TEST(who_wants_none_or_is_gone_gets_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
