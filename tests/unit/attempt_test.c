#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "survey/attempt.h"
#include "work_fixture.h"

#define NOW INT64_C(1795000000000)

static int64_t take(struct work_fixture *fixture, const struct attempt *attempt) {
  struct err err = {0};
  int64_t wait = attempt_take(fixture->db, attempt, &err);
  assert_int_equal(err.code, ERR_NONE);
  return wait;
}

static void failures_wait_longer_each_time(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct attempt attempt = {.address = "a@example.org"};
  int64_t now = NOW, wait = ATTEMPT_WAIT_MS;
  clock_set_ms(now);
  for (int i = 0; i < ATTEMPT_FREE; i++) assert_int_equal(take(fixture, &attempt), 0);
  for (int i = 0; i < 12; i++) {
    assert_int_equal(take(fixture, &attempt), wait);
    assert_int_equal(attempt_wait_ms(fixture->db, &attempt, &err), wait); /* a refused one is not counted */
    now += wait - 1;
    clock_set_ms(now);
    assert_int_equal(take(fixture, &attempt), 1);
    clock_set_ms(++now);
    assert_int_equal(take(fixture, &attempt), 0);
    wait = wait * 2 < ATTEMPT_WAIT_MAX_MS ? wait * 2 : ATTEMPT_WAIT_MAX_MS;
  }
  assert_int_equal(wait, ATTEMPT_WAIT_MAX_MS);
  const struct attempt other = {.address = "b@example.org"};
  assert_int_equal(take(fixture, &other), 0);
}

static void a_success_forgets_but_for_the_network(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct attempt attempt = {.network = "192.0.2.1", .address = "a@example.org"};
  clock_set_ms(NOW);
  for (int i = 0; i < ATTEMPT_FREE; i++) assert_int_equal(take(fixture, &attempt), 0);
  assert_true(attempt_forgive(fixture->db, &attempt, &err));
  assert_int_equal(take(fixture, &attempt), 0);
  const struct attempt network = {.network = "192.0.2.1"};
  for (int i = ATTEMPT_FREE; i < ATTEMPT_NETWORK_FREE; i++) assert_int_equal(take(fixture, &network), 0);
  assert_int_equal(take(fixture, &network), ATTEMPT_WAIT_MS); /* the four that failed before the success still count */
  const struct attempt elsewhere = {.network = "192.0.2.2", .address = "c@example.org"};
  assert_int_equal(take(fixture, &elsewhere), 0);
}

static void a_known_browser_is_counted_on_its_own(void **state) {
  struct work_fixture *fixture = *state;
  const struct attempt stranger = {.address = "a@example.org"}, owner = {.address = "a@example.org", .browser = "abc"};
  clock_set_ms(NOW);
  for (int i = 0; i < ATTEMPT_FREE; i++) assert_int_equal(take(fixture, &stranger), 0);
  assert_true(take(fixture, &stranger) > 0);
  for (int i = 0; i < ATTEMPT_FREE; i++) assert_int_equal(take(fixture, &owner), 0);
  assert_true(take(fixture, &owner) > 0); /* nor is it free for ever */
}

static void what_is_old_is_forgotten_for_good(void **state) {
  struct work_fixture *fixture = *state;
  const struct attempt attempt = {.person = 1, .code = 2};
  clock_set_ms(NOW);
  for (int i = 0; i < ATTEMPT_FREE; i++) assert_int_equal(take(fixture, &attempt), 0);
  clock_set_ms(NOW + ATTEMPT_REMEMBERED_MS + 1);
  for (int i = 0; i < ATTEMPT_FREE; i++) assert_int_equal(take(fixture, &attempt), 0);
  struct stmt *stmt = db_query(fixture->db, "SELECT count(*) FROM attempt");
  assert_true(stmt_step(stmt, NULL));
  assert_int_equal(stmt_int(stmt, 0), 2 * ATTEMPT_FREE);
  stmt_end(stmt);
}

static int setup(void **state) {
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
      TEST(failures_wait_longer_each_time),
      TEST(a_success_forgets_but_for_the_network),
      TEST(a_known_browser_is_counted_on_its_own),
      TEST(what_is_old_is_forgotten_for_good),
  };
  return cmocka_run_group_tests_name("attempt", tests, NULL, NULL);
}
