#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store/message.h"
#include "survey/compare.h"
#include "survey/disposition.h"
#include "work_fixture.h"

#define NOW INT64_C(1795248000000)

static int64_t now;
static void wait(void) { clock_set_ms(now += 1000); }

static struct work_item item(struct work_fixture *fixture) { return work_open_good(fixture, WORK_ANNA)->item; }

static void submit(struct work_fixture *fixture, int who) {
  struct err err = {0};
  wait();
  assert_good(work_submit(fixture->db, &fixture->people[who], fixture->response, item(fixture).revision, &err), &err);
  wait();
}

static void fill_and_submit(struct work_fixture *fixture) {
  wait();
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  work_save_one(fixture, WORK_ANNA, "B2", "", "3", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  struct err err = {0};
  assert_string_equal(work_add_row(fixture->db, &fixture->people[WORK_ANNA], fixture->response, "services", "Pase", fixture->arena, &err), "r1");
  assert_string_equal(work_add_row(fixture->db, &fixture->people[WORK_ANNA], fixture->response, "services", "Talons", fixture->arena, &err), "r2");
  work_save_one(fixture, WORK_ANNA, "P1", "r1", "10", 0);
  work_save_one(fixture, WORK_ANNA, "P1", "r2", "20", 0);
  submit(fixture, WORK_ANNA);
}

static enum err_code reopen(struct work_fixture *fixture, int who, const char *reason, int seen, enum reopening_fault *fault) {
  struct err err = {0};
  struct reopening_wish wish = {.reason = reason, .seen = seen};
  reopening_put(fixture->db, &fixture->people[who], fixture->response, &wish, &err);
  if (fault != NULL) *fault = wish.fault;
  return err.code;
}

static void it_may_be_changed_again(void **state) {
  struct work_fixture *fixture = *state;
  fill_and_submit(fixture);
  int64_t revision = item(fixture).revision;
  assert_int_equal(reopen(fixture, WORK_COORDINATOR, "Kļūda B2", 1, NULL), ERR_NONE);
  struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_int_equal(work->item.status, RESPONSE_REOPENED);
  assert_true(work->editable);
  assert_string_equal(work->item.receipt, "");
  assert_int_equal(work->item.submitted_ms, 0);
  assert_true(work->item.revision > revision); /* a page from before cannot submit it */
  work_save_one(fixture, WORK_ANNA, "B2", "", "4", 1);
  assert_int_equal(item(fixture).status, RESPONSE_REOPENED);
  int count = 0;
  struct stored_message message;
  struct err err = {0};
  struct stmt *stmt = message_list(fixture->db, 0);
  while (message_next(stmt, &message, &err))
    count += strcmp(message.kind, "reopened") == 0 && strstr(message.body, "Kļūda B2") != NULL && strstr(message.subject, "Anketa");
  stmt_end(stmt);
  assert_int_equal(count, 2);
}

static void what_cannot_be_reopened_is_refused(void **state) {
  struct work_fixture *fixture = *state;
  enum reopening_fault fault;
  assert_int_equal(reopen(fixture, WORK_COORDINATOR, "x", 0, NULL), ERR_CONFLICT);
  fill_and_submit(fixture);
  assert_int_equal(reopen(fixture, WORK_COORDINATOR, " ", 1, &fault), ERR_INPUT);
  assert_int_equal(fault, REOPENING_NO_REASON);
  assert_int_equal(reopen(fixture, WORK_COORDINATOR, "\xFF", 1, &fault), ERR_INPUT);
  assert_int_equal(fault, REOPENING_BAD_REASON);
  assert_int_equal(reopen(fixture, WORK_COORDINATOR, "x", 2, NULL), ERR_CONFLICT);
  static const int others[] = {WORK_ANNA, WORK_RESEARCHER, WORK_EXPERT};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    assert_int_equal(reopen(fixture, others[i], "x", 1, NULL), ERR_NOT_FOUND);
  assert_int_equal(reopen(fixture, WORK_COORDINATOR, "x", 1, NULL), ERR_NONE);
  assert_int_equal(reopen(fixture, WORK_COORDINATOR, "x", 1, NULL), ERR_CONFLICT); /* a second press */
}

static void a_second_submission_leaves_the_first(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct submitted first, second;
  bool verified;
  fill_and_submit(fixture);
  const char *receipt = item(fixture).receipt;
  assert_int_equal(reopen(fixture, WORK_COORDINATOR, "x", 1, NULL), ERR_NONE);
  wait();
  work_save_one(fixture, WORK_BRUNO, "B2", "", "4", 1);
  submit(fixture, WORK_BRUNO);
  assert_string_not_equal(item(fixture).receipt, receipt);
  struct work *then = submitted_open(fixture->db, &fixture->people[WORK_COORDINATOR], fixture->response, 1, fixture->arena, &first, &verified, &err);
  assert_good(then != NULL, &err);
  assert_true(verified);
  assert_false(then->editable);
  assert_string_equal(first.receipt, receipt);
  assert_string_equal(first.submission.person_name, "Anna");
  assert_string_equal(first.submission.reason, "x");
  assert_string_equal(work_stored_value(then, form_find(then->item.form, "B2"), -1, "lv", fixture->arena).text, "3");
  assert_good(submitted_open(fixture->db, &fixture->people[WORK_ANNA], fixture->response, 2, fixture->arena, &second, &verified, &err) != NULL, &err);
  assert_true(verified);
  assert_string_equal(second.receipt, item(fixture).receipt);
  assert_null(submitted_open(fixture->db, &fixture->people[WORK_ANNA], fixture->response, 3, fixture->arena, &second, &verified, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  err = (struct err){0};
  assert_null(submitted_open(fixture->db, &fixture->people[WORK_OTHER], fixture->response, 1, fixture->arena, &second, &verified, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void changes_are_listed(void **state) {
  struct work_fixture *fixture = *state;
  const struct actor *anna = &fixture->people[WORK_ANNA];
  struct err err = {0};
  struct compare compare;
  fill_and_submit(fixture);
  assert_int_equal(reopen(fixture, WORK_COORDINATOR, "x", 1, NULL), ERR_NONE);
  wait();
  work_save_one(fixture, WORK_BRUNO, "B2", "", "nodata:", 1);
  work_save_one(fixture, WORK_ANNA, "C3", "", "6", 1);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 2); /* and back: no change */
  work_save_one(fixture, WORK_ANNA, "T4", "", "jauns", 0);
  assert_good(work_rename_row(fixture->db, anna, fixture->response, "services", "r1", "Pases", &err), &err);
  assert_good(work_remove_row(fixture->db, anna, fixture->response, "services", "r2", &err), &err);
  assert_non_null(work_add_row(fixture->db, anna, fixture->response, "services", "Atļauja", fixture->arena, &err));
  work_save_one(fixture, WORK_ANNA, "P1", "r3", "30", 0);
  wait();
  assert_good(compare_open(fixture->db, anna, fixture->response, 1, 0, fixture->arena, &compare, &err), &err);
  assert_true(compare.verified);
  assert_int_equal(compare.change_count, 3);
  assert_string_equal(compare.changes[0].before, "3");
  assert_string_equal(compare.changes[0].person, "Bruno");
  assert_string_equal(compare.changes[1].before, "");
  assert_string_equal(compare.changes[1].after, "jauns");
  assert_string_equal(compare.changes[2].row_label, "Atļauja");
  assert_int_equal(compare.fresh, 2);
  assert_int_equal(compare.cleared, 0);
  assert_int_equal(compare.row_count, 3);
  assert_int_equal(compare.rows[0].kind, COMPARE_ROW_RENAMED);
  assert_string_equal(compare.rows[0].before, "Pase");
  assert_string_equal(compare.rows[0].label, "Pases");
  assert_int_equal(compare.rows[1].kind, COMPARE_ROW_ADDED);
  assert_int_equal(compare.rows[2].kind, COMPARE_ROW_REMOVED);
  assert_string_equal(compare.rows[2].label, "Talons");
  /* the same between two submissions, whatever comes after */
  submit(fixture, WORK_ANNA);
  assert_int_equal(reopen(fixture, WORK_COORDINATOR, "y", 2, NULL), ERR_NONE);
  wait();
  work_save_one(fixture, WORK_ANNA, "T4", "", "cits", 1);
  assert_good(compare_open(fixture->db, &fixture->people[WORK_COORDINATOR], fixture->response, 1, 2, fixture->arena, &compare, &err), &err);
  assert_int_equal(compare.change_count, 3);
  assert_string_equal(compare.changes[1].after, "jauns");
  assert_false(compare_open(fixture->db, anna, fixture->response, 2, 1, fixture->arena, &compare, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
}

static int setup(void **state) {
  clock_set_ms(now = NOW);
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
      test(it_may_be_changed_again),
      test(what_cannot_be_reopened_is_refused),
      test(a_second_submission_leaves_the_first),
      test(changes_are_listed),
  };
  return cmocka_run_group_tests_name("reopening", tests, NULL, NULL);
}
