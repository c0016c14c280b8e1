#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/totp.h"
#include "survey/confirm.h"
#include "survey/credential.h"
#include "survey/staff.h"
#include "work_fixture.h"

#define NOW INT64_C(1795000000000)
#define BROWSER "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const struct signin_visit visit = {.browser = BROWSER, .words = "Firefox, Windows", .network = "192.0.2.1"};

static const char *new_link(struct work_fixture *fixture, const char *email) {
  struct err err = {0};
  char *link = arena_alloc(fixture->arena, SECRET_TOKEN_LEN + 1);
  assert_good(signin_new_link(fixture->db, email, link, &err), &err);
  return link;
}

/* The hash need not be one: passwords are checked elsewhere. */
static const char *choose(struct work_fixture *fixture, const char *link) {
  struct err err = {0};
  const char *ticket = NULL;
  assert_good(credential_choose(fixture->db, link, "$hash", fixture->arena, &ticket, &err), &err);
  return ticket;
}

static const char *code_now(struct work_fixture *fixture, const char *secret, int64_t steps) {
  char *code = arena_alloc(fixture->arena, TOTP_FIGURES + 1);
  assert_true(totp_code(secret, clock_now_ms() / TOTP_STEP_MS + steps, code));
  return code;
}

static const char *set_up(struct work_fixture *fixture, const char *email, struct credential_codes *codes) {
  struct err err = {0};
  struct credential_offer offer;
  const char *link = new_link(fixture, email);
  struct credential_entry entry = {.ticket = choose(fixture, link)};
  assert_good(credential_offer(fixture->db, link, entry.ticket, fixture->arena, &offer, &err), &err);
  entry.code = code_now(fixture, offer.secret, 0);
  assert_good(credential_finish(fixture->db, link, &visit, &entry, codes, &err), &err);
  assert_int_equal(entry.fault, CREDENTIAL_GOOD);
  assert_int_equal(strlen(entry.session), SECRET_TOKEN_LEN);
  return offer.secret;
}

static enum credential_fault enter(struct work_fixture *fixture, const char *ticket, const char *code) {
  struct err err = {0};
  struct credential_entry entry = {.ticket = ticket, .code = code};
  assert_good(credential_enter(fixture->db, &visit, &entry, &err), &err);
  assert_int_equal(entry.session[0] != '\0', entry.fault == CREDENTIAL_GOOD);
  return entry.fault;
}

/* A ticket for the second step, as after the right password. */
static const char *pass(struct work_fixture *fixture, const char *email) {
  struct err err = {0};
  struct credential_try try = {.email = email, .network = "192.0.2.1", .browser = BROWSER};
  assert_good(credential_begin(fixture->db, &try, fixture->arena, &err), &err);
  assert_int_equal(try.fault, CREDENTIAL_GOOD);
  try.right = true;
  assert_good(credential_settle(fixture->db, &try, fixture->arena, &err), &err);
  return try.ticket;
}

static void a_code_and_a_ticket_count_once_and_for_a_while(void **state) {
  struct work_fixture *fixture = *state;
  struct credential_codes codes;
  clock_set_ms(NOW);
  const char *secret = set_up(fixture, "coordinator@example.org", &codes);
  const char *ticket = pass(fixture, "coordinator@example.org");
  assert_int_equal(enter(fixture, ticket, code_now(fixture, secret, 0)), CREDENTIAL_WRONG); /* proved the factor */
  assert_int_equal(enter(fixture, ticket, code_now(fixture, secret, 1)), CREDENTIAL_GOOD);
  assert_int_equal(enter(fixture, ticket, code_now(fixture, secret, 1)), CREDENTIAL_WRONG);
  assert_int_equal(enter(fixture, ticket, codes.code[3]), CREDENTIAL_GOOD);
  assert_int_equal(enter(fixture, ticket, codes.code[3]), CREDENTIAL_WRONG);
  clock_set_ms(NOW + CREDENTIAL_TICKET_MS - 1);
  assert_int_equal(enter(fixture, ticket, code_now(fixture, secret, 0)), CREDENTIAL_GOOD);
  clock_set_ms(NOW + CREDENTIAL_TICKET_MS);
  assert_int_equal(enter(fixture, ticket, codes.code[4]), CREDENTIAL_STALE);
  static const char *const forged[] = {"", "p", "p.1.1.", "p.9999.1795000000000.00", "s.4.1795000000000.00", "p.-1.1.x"};
  for (size_t i = 0; i < sizeof forged / sizeof *forged; i++)
    assert_int_equal(enter(fixture, forged[i], codes.code[5]), CREDENTIAL_STALE);
}

static void a_ticket_is_void_after_a_change_of_password(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct credential_codes codes;
  set_up(fixture, "coordinator@example.org", &codes);
  const char *ticket = pass(fixture, "coordinator@example.org");
  assert_true(credential_knows(fixture->db, ticket));
  assert_good(credential_change(fixture->db, &fixture->people[WORK_COORDINATOR], "$other", &err), &err);
  assert_false(credential_knows(fixture->db, ticket));
  assert_int_equal(enter(fixture, ticket, codes.code[0]), CREDENTIAL_STALE);
}

static void contacts_have_no_account(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const char *ticket;
  const char *link = new_link(fixture, "anna@example.org");
  assert_err(credential_choose(fixture->db, link, "$hash", fixture->arena, &ticket, &err), &err, ERR_DENIED, "link");
  struct credential_try try = {.email = "anna@example.org", .network = "", .browser = BROWSER};
  err = (struct err){0};
  assert_good(credential_begin(fixture->db, &try, fixture->arena, &err), &err);
  assert_int_equal(try.person, 0);
  assert_null(try.hash);
}

static void a_set_up_account_is_not_set_up_again_by_a_link(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct credential_codes codes;
  const char *ticket;
  set_up(fixture, "expert@example.org", &codes);
  const char *link = new_link(fixture, "expert@example.org");
  assert_err(credential_choose(fixture->db, link, "$hash", fixture->arena, &ticket, &err), &err, ERR_DENIED, "set up");
  char session[SECRET_TOKEN_LEN + 1];
  enum signin_step step;
  err = (struct err){0};
  assert_good(signin_use_link(fixture->db, link, &visit, &step, session, &err), &err);
  assert_int_equal(step, SIGNIN_PASSWORD);
  assert_string_equal(session, "");
  assert_good(credential_reset_address(fixture->db, "expert@example.org", &err), &err);
  assert_null(signin_peek(fixture->db, link, fixture->arena, NULL)); /* earlier links are void, too */
  assert_non_null(choose(fixture, new_link(fixture, "expert@example.org")));
}

static void one_administrator_stays(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  enum staff_fault fault;
  work_put_person(fixture->db, "a@example.org", "A", ROLE_ADMINISTRATOR, NULL);
  work_put_person(fixture->db, "b@example.org", "B", ROLE_ADMINISTRATOR, NULL);
  const struct actor a = work_sign_in(fixture, "a@example.org"), b = work_sign_in(fixture, "b@example.org");
  assert_good(staff_change_role(fixture->db, &a, b.person, ROLE_EXPERT, &fault, &err), &err);
  assert_int_equal(fault, STAFF_GOOD);
  /* b's request was under way when that happened */
  assert_good(staff_change_role(fixture->db, &b, a.person, ROLE_EXPERT, &fault, &err), &err);
  assert_int_equal(fault, STAFF_LAST);
  assert_good(staff_remove(fixture->db, &b, a.person, &fault, &err), &err);
  assert_int_equal(fault, STAFF_LAST);
  assert_good(staff_remove(fixture->db, &a, a.person, &fault, &err), &err);
  assert_int_equal(fault, STAFF_SELF);
  for (int i = 0; i < WORK_PEOPLE; i++) {
    err = (struct err){0};
    assert_err(staff_reset(fixture->db, &fixture->people[i], a.person, &fault, &err), &err, ERR_DENIED, "administrators");
  }
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
      TEST(a_code_and_a_ticket_count_once_and_for_a_while), TEST(a_ticket_is_void_after_a_change_of_password),
      TEST(contacts_have_no_account),                        TEST(a_set_up_account_is_not_set_up_again_by_a_link),
      TEST(one_administrator_stays),
  };
  return cmocka_run_group_tests_name("credential", tests, NULL, NULL);
}
