#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "survey/contact_log.h"
#include "work_fixture.h"

/* Saturday, 21 November 2026, 10.00 in Riga */
#define NOW INT64_C(1795248000000)

static int64_t institution(struct work_fixture *fixture) { return fixture->people[WORK_ANNA].institution; }

static struct contact_wish wish_of(const char *text) {
  return (struct contact_wish){.kind = "call", .with_whom = "Anna", .text = text, .date = "", .time = ""};
}

static enum err_code put(struct work_fixture *fixture, int who, struct contact_wish *wish) {
  struct err err = {0};
  contact_log_put(fixture->db, &fixture->people[who], "r1", institution(fixture), wish, &err);
  return err.code;
}

static size_t list(struct work_fixture *fixture, const struct contact_entry **out) {
  struct err err = {0};
  return contact_log_read(fixture->db, &fixture->people[WORK_COORDINATOR], "r1", institution(fixture), fixture->arena, out, &err);
}

static void the_newest_comes_first(void **state) {
  struct work_fixture *fixture = *state;
  const struct contact_entry *entries;
  struct err err = {0};
  struct contact_wish first = wish_of("Zvanīja par termiņu"), earlier = wish_of("Vakar");
  earlier.date = "20.11.2026";
  earlier.incoming = true;
  assert_int_equal(put(fixture, WORK_COORDINATOR, &first), ERR_NONE);
  assert_int_equal(put(fixture, WORK_COORDINATOR, &earlier), ERR_NONE);
  assert_int_equal(list(fixture, &entries), 2);
  assert_string_equal(entries[0].text, "Zvanīja par termiņu");
  assert_int_equal(entries[0].happened_ms, NOW);
  assert_true(entries[1].incoming);
  int today = clock_riga_day(NOW);
  assert_int_equal(contact_log_day(fixture->db, &fixture->people[WORK_COORDINATOR], today, fixture->arena, &entries, &err), 1);
  assert_string_equal(entries[0].institution_name, "Valsts kase");
  assert_int_equal(contact_log_day(fixture->db, &fixture->people[WORK_COORDINATOR], today - 1, fixture->arena, &entries, &err), 1);
  assert_int_equal(contact_log_day(fixture->db, &fixture->people[WORK_ANNA], today, fixture->arena, &entries, &err), 0);
  assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void one_takes_back_ones_own(void **state) {
  struct work_fixture *fixture = *state;
  const struct contact_entry *entries;
  struct err err = {0};
  struct contact_wish wish = wish_of("x");
  work_put_person(fixture->db, "second@example.org", "Otra", ROLE_COORDINATOR, NULL);
  struct actor second = work_sign_in(fixture, "second@example.org");
  assert_int_equal(put(fixture, WORK_COORDINATOR, &wish), ERR_NONE);
  assert_int_equal(list(fixture, &entries), 1);
  assert_false(contact_log_take_back(fixture->db, &second, entries[0].id, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  err = (struct err){0};
  assert_good(contact_log_take_back(fixture->db, &fixture->people[WORK_COORDINATOR], entries[0].id, &err), &err);
  assert_false(contact_log_take_back(fixture->db, &fixture->people[WORK_COORDINATOR], entries[0].id, &err));
  assert_int_equal(list(fixture, &entries), 0);
}

static void what_cannot_be_is_refused(void **state) {
  struct work_fixture *fixture = *state;
  static const struct {
    struct contact_wish wish;
    enum contact_fault fault;
  } cases[] = {
      {{.kind = "call", .with_whom = "", .text = " ", .date = "", .time = ""}, CONTACT_NO_TEXT},
      {{.kind = "call", .with_whom = "", .text = "\xFF", .date = "", .time = ""}, CONTACT_BAD_TEXT},
      {{.kind = "call", .with_whom = "a\nb", .text = "x", .date = "", .time = ""}, CONTACT_BAD_NAME},
      {{.kind = "fax", .with_whom = "", .text = "x", .date = "", .time = ""}, CONTACT_BAD_KIND},
      {{.kind = "call", .with_whom = "", .text = "x", .date = "31.2.2026", .time = ""}, CONTACT_NO_DATE},
      {{.kind = "call", .with_whom = "", .text = "x", .date = "", .time = "25"}, CONTACT_NO_TIME},
      {{.kind = "call", .with_whom = "", .text = "x", .date = "", .time = "10.10"}, CONTACT_FUTURE},
      {{.kind = "call", .with_whom = "", .text = "x", .date = "22.11.2026", .time = ""}, CONTACT_FUTURE},
      {{.kind = "call", .with_whom = "", .text = "x", .date = "1.1.2025", .time = ""}, CONTACT_FAR},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct contact_wish wish = cases[i].wish;
    assert_int_equal(put(fixture, WORK_COORDINATOR, &wish), ERR_INPUT);
    if (wish.fault != cases[i].fault) fail_msg("case %zu: %d", i, wish.fault);
  }
  struct contact_wish wish = wish_of("x");
  assert_int_equal(put(fixture, WORK_ANNA, &wish), ERR_NOT_FOUND);
  assert_int_equal(put(fixture, WORK_EXPERT, &wish), ERR_NOT_FOUND);
}

static int setup(void **state) {
  clock_set_ms(NOW);
  *state = work_fixture_new();
  return 0;
}

static int teardown(void **state) {
  work_fixture_free(*state);
  clock_set_ms(0);
  return 0;
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      test(the_newest_comes_first),
      test(one_takes_back_ones_own),
      test(what_cannot_be_is_refused),
  };
  return cmocka_run_group_tests_name("contact_log", tests, NULL, NULL);
}
