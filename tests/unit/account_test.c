#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "survey/account.h"
#include "work_fixture.h"

static struct account read_good(struct work_fixture *fixture, int who) {
  struct err err = {0};
  struct account account;
  assert_good(account_read(fixture->db, &fixture->people[who], fixture->arena, &account, &err), &err);
  return account;
}

static int64_t number(struct stmt *stmt) {
  assert_true(stmt_step(stmt, NULL));
  int64_t value = stmt_int(stmt, 0);
  stmt_end(stmt);
  return value;
}

static void details_are_changed(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct account account = read_good(fixture, WORK_ANNA);
  assert_string_equal(account.name, "Anna");
  assert_string_equal(account.email, "anna@example.org");
  assert_int_equal(account.notify, 7);
  account = (struct account){.name = "  Anna Bērziņa\n", .phone = " +371 (67) 000-001 ", .language = "en", .notify = 5 | 64,
                             .email = "other@example.org"};
  assert_good(account_change(fixture->db, &fixture->people[WORK_ANNA], &account, &err), &err);
  account = read_good(fixture, WORK_ANNA);
  assert_string_equal(account.name, "Anna Bērziņa");
  assert_string_equal(account.phone, "+371 (67) 000-001");
  assert_string_equal(account.language, "en");
  assert_string_equal(account.email, "anna@example.org"); /* never by oneself */
  assert_int_equal(account.notify, 5);                    /* and no bits that are not there */
  assert_int_equal(number(db_query(fixture->db, "SELECT count(*) FROM event WHERE kind = 'account'"
                                                " AND detail LIKE '%name, before: Anna'")), 1);
  assert_good(account_change(fixture->db, &fixture->people[WORK_ANNA], &account, &err), &err);
  assert_int_equal(number(db_query(fixture->db, "SELECT count(*) FROM event WHERE kind = 'account' AND id > 0")), 1);
  struct account staff = {.name = "Ilze O.", .phone = "", .language = "lv", .notify = 0};
  assert_good(account_change(fixture->db, &fixture->people[WORK_COORDINATOR], &staff, &err), &err);
  assert_int_equal(read_good(fixture, WORK_COORDINATOR).notify, 7); /* staff are not asked */
}

static void a_new_name_makes_kept_pages_old(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  int64_t revision = work_open_good(fixture, WORK_ANNA)->item.revision;
  int64_t others = number(db_query(fixture->db, "SELECT sum(talk) FROM response"));
  struct account account = {.name = "Anna", .phone = "12345", .language = "lv"};
  assert_good(account_change(fixture->db, &fixture->people[WORK_ANNA], &account, &err), &err);
  assert_int_equal(work_open_good(fixture, WORK_BRUNO)->item.talk, 0); /* only the phone */
  account.name = "Anna Liepa";
  assert_good(account_change(fixture->db, &fixture->people[WORK_ANNA], &account, &err), &err);
  const struct work *work = work_open_good(fixture, WORK_BRUNO);
  assert_int_equal(work->item.talk, 1);
  assert_int_equal(work->item.revision, revision); /* nobody's answers changed */
  assert_string_equal(work_mark(work, form_find(work->item.form, "C3"), -1)->person, "Anna Liepa");
  /* of her institution: the one for contacts, and those for experts */
  assert_int_equal(number(db_query(fixture->db, "SELECT sum(talk) FROM response WHERE id > 0")), others + 2);
}

static unsigned faults_of(struct work_fixture *fixture, const char *name, const char *phone, const char *language) {
  struct account account = {.name = name, .phone = phone, .language = language};
  return account_check(&account, fixture->arena);
}

static void wrong_details_are_named(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  char hundred[201], more[203];
  for (int i = 0; i < 100; i++) memcpy(hundred + 2 * i, "ā", 2);
  hundred[200] = '\0';
  snprintf(more, sizeof more, "%sā", hundred);
  assert_int_equal(faults_of(fixture, "A", "", "lv"), 0);
  assert_int_equal(faults_of(fixture, hundred, "  ", "ru"), 0);
  static const char *const names[] = {"", "  ", "A\nB", "A\x01", "\xff", "A\xE2\x80\xAE" "B", "A\xC2\x85"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    assert_int_equal(faults_of(fixture, names[i], "", "lv"), ACCOUNT_BAD_NAME);
  assert_int_equal(faults_of(fixture, more, "", "lv"), ACCOUNT_BAD_NAME);
  static const char *const phones[] = {"1234", "abc 12345", "12345x", "0123456789012345678901234567890", "+-() (", "12\n345",
                                       "<script>", "12345\xff"};
  for (size_t i = 0; i < sizeof phones / sizeof *phones; i++)
    assert_int_equal(faults_of(fixture, "A", phones[i], "lv"), ACCOUNT_BAD_PHONE);
  assert_int_equal(faults_of(fixture, "A", "012345678901234567890123456789", "lv"), 0);
  static const char *const languages[] = {"", "de", "LV", "lv "};
  for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
    assert_int_equal(faults_of(fixture, "A", "", languages[i]), ACCOUNT_BAD_LANGUAGE);
  assert_int_equal(faults_of(fixture, "", "x", "x"), ACCOUNT_BAD_NAME | ACCOUNT_BAD_PHONE | ACCOUNT_BAD_LANGUAGE);
  struct account bad = {.name = "", .phone = "", .language = "lv"};
  assert_err(account_change(fixture->db, &fixture->people[WORK_ANNA], &bad, &err), &err, ERR_INPUT, "wrong");
  assert_string_equal(read_good(fixture, WORK_ANNA).name, "Anna");
}

static size_t session_count(struct work_fixture *fixture, int who) {
  struct err err = {0};
  const struct account_session *list;
  size_t count = account_sessions(fixture->db, &fixture->people[who], fixture->arena, &list, &err);
  assert_int_equal(err.code, ERR_NONE);
  for (size_t i = 0, own = 0; i < count; i++) {
    own += list[i].is_this;
    assert_true(own <= 1);
  }
  return count;
}

static void sessions_are_seen_and_ended(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  assert_int_equal(session_count(fixture, WORK_ANNA), 1);
  struct actor again = work_sign_in(fixture, "anna@example.org");
  assert_int_equal(session_count(fixture, WORK_ANNA), 2);
  assert_int_equal(session_count(fixture, WORK_BRUNO), 1);
  clock_set_ms(clock_now_ms() + SIGNIN_SESSION_MS + 1000);
  assert_int_equal(session_count(fixture, WORK_ANNA), 0); /* over by themselves */
  clock_set_ms(0);
  assert_good(account_sign_out_all(fixture->db, &again, &err), &err);
  assert_int_equal(session_count(fixture, WORK_ANNA), 0);
  assert_int_equal(session_count(fixture, WORK_BRUNO), 1);
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
      TEST(details_are_changed), TEST(a_new_name_makes_kept_pages_old), TEST(wrong_details_are_named),
      TEST(sessions_are_seen_and_ended),
  };
  return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
