#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store/message.h"
#include "store/round.h"
#include "survey/extension.h"
#include "work_fixture.h"

/* Saturday, 21 November 2026, 10.00 in Riga; the round is asked from 1 November to 6 December. */
#define NOW INT64_C(1795248000000)

static int64_t institution(struct work_fixture *fixture) { return fixture->people[WORK_ANNA].institution; }

static enum err_code put(struct work_fixture *fixture, int who, int64_t where, struct extension_wish *wish) {
  struct err err = {0};
  extension_put(fixture->db, &fixture->people[who], "r1", where, wish, &err);
  return err.code;
}

static enum err_code extend(struct work_fixture *fixture, int64_t where, const char *date, const char *reason, int seen) {
  struct extension_wish wish = {.date = date, .reason = reason, .shown = true, .seen = seen};
  return put(fixture, WORK_COORDINATOR, where, &wish);
}

static const char *deadline(struct work_fixture *fixture, int who) {
  const struct work_item *items;
  struct err err = {0};
  assert_true(work_list(fixture->db, &fixture->people[who], fixture->arena, &items, &err) > 0);
  char *day = arena_alloc(fixture->arena, 11);
  clock_format_date(clock_riga_day(items[0].deadline_ms), day);
  return day;
}

static int count_mail(struct work_fixture *fixture, const char *part) {
  struct stored_message message;
  struct err err = {0};
  int count = 0;
  struct stmt *stmt = message_list(fixture->db, 0);
  while (message_next(stmt, &message, &err))
    count += strcmp(message.kind, "extension") == 0 && strstr(message.body, part) != NULL;
  stmt_end(stmt);
  return count;
}

static void an_institution_gets_more_time(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  assert_int_equal(extend(fixture, institution(fixture), "13.12.2026", "Slimība", 0), ERR_NONE);
  assert_string_equal(deadline(fixture, WORK_ANNA), "2026-12-13");
  assert_string_equal(deadline(fixture, WORK_OTHER), "2026-12-06");
  assert_int_equal(count_mail(fixture, "13. decembris"), 2);
  assert_int_equal(count_mail(fixture, "Slimība"), 2);
  assert_string_equal(extension_reason(fixture->db, &fixture->people[WORK_ANNA], "r1", fixture->arena, &err), "Slimība");
  assert_null(extension_reason(fixture->db, &fixture->people[WORK_OTHER], "r1", fixture->arena, &err));
}

static void a_reason_that_is_not_shown_stays_with_the_staff(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct extension_wish wish = {.date = "13.12.2026", .reason = "Lēni", .seen = 0};
  assert_int_equal(put(fixture, WORK_COORDINATOR, institution(fixture), &wish), ERR_NONE);
  assert_int_equal(count_mail(fixture, "Lēni"), 0);
  assert_int_equal(count_mail(fixture, "decembris"), 2);
  assert_string_equal(extension_reason(fixture->db, &fixture->people[WORK_ANNA], "r1", fixture->arena, &err), "");
}

static void what_is_no_last_day_is_refused(void **state) {
  struct work_fixture *fixture = *state;
  static const struct {
    const char *date, *reason;
    enum extension_fault of_institution, of_round;
  } cases[] = {
      {"", "x", EXTENSION_NO_DATE, EXTENSION_NO_DATE},
      {"rīt", "x", EXTENSION_NO_DATE, EXTENSION_NO_DATE},
      {"31.2.2027", "x", EXTENSION_NO_DATE, EXTENSION_NO_DATE},
      {"20.11.2026", "x", EXTENSION_PAST, EXTENSION_PAST},
      {"1.1.1999", "x", EXTENSION_PAST, EXTENSION_PAST},
      {"23.11.2027", "x", EXTENSION_FAR, EXTENSION_FAR},
      {"13.12.9999", "x", EXTENSION_FAR, EXTENSION_FAR},
      {"1.12.2026", "x", EXTENSION_NOT_LATER, EXTENSION_OK},
      {"6.12.2026", "x", EXTENSION_NOT_LATER, EXTENSION_SAME},
      {"13.12.2026", "", EXTENSION_NO_REASON, EXTENSION_NO_REASON},
      {"13.12.2026", " \n ", EXTENSION_NO_REASON, EXTENSION_NO_REASON},
      {"13.12.2026", "\xFF", EXTENSION_BAD_REASON, EXTENSION_BAD_REASON},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct extension_wish wish = {.date = cases[i].date, .reason = cases[i].reason};
    assert_int_equal(put(fixture, WORK_COORDINATOR, institution(fixture), &wish), ERR_INPUT);
    if (wish.fault != cases[i].of_institution) fail_msg("institution: %s: %d", cases[i].date, wish.fault);
    if (cases[i].of_round == EXTENSION_OK) continue;
    assert_int_equal(put(fixture, WORK_COORDINATOR, 0, &wish), ERR_INPUT);
    if (wish.fault != cases[i].of_round) fail_msg("round: %s: %d", cases[i].date, wish.fault);
  }
  assert_string_equal(deadline(fixture, WORK_ANNA), "2026-12-06");
  clock_set_ms(NOW - INT64_C(40) * 86400000); /* before the round */
  struct extension_wish early = {.date = "31.10.2026", .reason = "x"};
  assert_int_equal(put(fixture, WORK_COORDINATOR, 0, &early), ERR_INPUT);
  assert_int_equal(early.fault, EXTENSION_EARLY);
}

static void who_came_second_overwrites_nothing(void **state) {
  struct work_fixture *fixture = *state;
  int64_t where = institution(fixture);
  assert_int_equal(extend(fixture, where, "13.12.2026", "pirmais", 0), ERR_NONE);
  assert_int_equal(extend(fixture, where, "20.12.2026", "otrais", 0), ERR_CONFLICT);
  assert_string_equal(deadline(fixture, WORK_ANNA), "2026-12-13");
  assert_int_equal(extend(fixture, where, "20.12.2026", "otrais", 1), ERR_NONE);
  assert_string_equal(deadline(fixture, WORK_ANNA), "2026-12-20");
  assert_int_equal(extend(fixture, where, "21.12.2026", "", 7), ERR_CONFLICT);
}

static void more_time_is_taken_back(void **state) {
  struct work_fixture *fixture = *state;
  int64_t where = institution(fixture);
  struct extension_wish back = {.date = "", .reason = "", .takes_back = true};
  assert_int_equal(put(fixture, WORK_COORDINATOR, where, &back), ERR_INPUT); /* there is none */
  assert_int_equal(extend(fixture, where, "13.12.2026", "x", 0), ERR_NONE);
  back.seen = 1;
  assert_int_equal(put(fixture, WORK_COORDINATOR, where, &back), ERR_NONE);
  assert_string_equal(deadline(fixture, WORK_ANNA), "2026-12-06");
  assert_int_equal(count_mail(fixture, "6. decembris"), 2);
  struct extension_state now;
  struct err err = {0};
  assert_good(extension_read(fixture->db, &fixture->people[WORK_COORDINATOR], "r1", where, fixture->arena, &now, &err), &err);
  assert_int_equal(now.count, 2);
  assert_string_equal(now.changes[0].deadline, "");
  assert_string_equal(now.changes[1].deadline, "2026-12-13");
}

static void the_later_day_counts(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  assert_int_equal(extend(fixture, institution(fixture), "13.12.2026", "x", 0), ERR_NONE);
  assert_int_equal(extend(fixture, 0, "20.12.2026", "visiem", 0), ERR_NONE);
  assert_string_equal(deadline(fixture, WORK_ANNA), "2026-12-20");
  assert_string_equal(deadline(fixture, WORK_OTHER), "2026-12-20");
  assert_null(extension_reason(fixture->db, &fixture->people[WORK_ANNA], "r1", fixture->arena, &err));
  assert_int_equal(extend(fixture, 0, "21.12.2026", "vēlreiz", 0), ERR_CONFLICT);
}

static void loading_the_round_anew_keeps_the_day(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  assert_int_equal(extend(fixture, 0, "20.12.2026", "visiem", 0), ERR_NONE);
  char *round = file_join(fixture->folder, "round");
  assert_good(field_load_round(fixture->db, round, NULL, NULL, &err), &err);
  free(round);
  assert_string_equal(deadline(fixture, WORK_ANNA), "2026-12-20");
}

static void others_may_not(void **state) {
  struct work_fixture *fixture = *state;
  static const int who[] = {WORK_ANNA, WORK_RESEARCHER, WORK_EXPERT};
  for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
    struct extension_wish wish = {.date = "13.12.2026", .reason = "x"};
    assert_int_equal(put(fixture, who[i], institution(fixture), &wish), ERR_NOT_FOUND);
    assert_int_equal(put(fixture, who[i], 0, &wish), ERR_NOT_FOUND);
  }
  assert_int_equal(extend(fixture, 999, "13.12.2026", "x", 0), ERR_NOT_FOUND);
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
      test(an_institution_gets_more_time),
      test(a_reason_that_is_not_shown_stays_with_the_staff),
      test(what_is_no_last_day_is_refused),
      test(who_came_second_overwrites_nothing),
      test(more_time_is_taken_back),
      test(the_later_day_counts),
      test(loading_the_round_anew_keeps_the_day),
      test(others_may_not),
  };
  return cmocka_run_group_tests_name("extension", tests, NULL, NULL);
}
