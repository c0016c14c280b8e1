#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "survey/authority.h"
#include "survey/closing.h"
#include "survey/reopening.h"
#include "survey/round_report.h"
#include "work_fixture.h"

#define NOW INT64_C(1795248000000)

static int64_t now;
static void wait(void) { clock_set_ms(now += 1000); }

static enum err_code begin(struct work_fixture *fixture, int who, const char *typed) {
  struct err err = {0};
  wait();
  closing_begin(fixture->db, &fixture->people[who], "r1", typed, &err);
  return err.code;
}

/* The writer has the only connection that writes. */
static void finish(struct work_fixture *fixture) {
  struct err err = {0};
  db_close(fixture->db);
  struct writer *writer = writer_new(fixture->folder, &err);
  assert_good(writer != NULL, &err);
  assert_good(closing_finish(writer, "r1", &err), &err);
  writer_free(writer);
  fixture->db = db_open(fixture->folder, DB_WRITE, &err);
  assert_good(fixture->db != NULL, &err);
}

static int disposition(struct work_fixture *fixture, int64_t response) {
  struct err err = {0};
  struct stmt *stmt = db_query(fixture->db, "SELECT disposition FROM response WHERE id = $1");
  stmt_bind_int(stmt, 1, response);
  assert_true(stmt_step(stmt, &err));
  int found = (int)stmt_int(stmt, 0);
  stmt_end(stmt);
  return found;
}

static enum response_status status(struct work_fixture *fixture) { return work_open_good(fixture, WORK_ANNA)->item.status; }

static enum err_code save(struct work_fixture *fixture, int who, int64_t response) {
  struct err err = {0};
  const char *value = "1";
  struct save_entry entry = {.question = "A1", .row = "", .values = &value, .value_count = 1, .special = ""};
  wait();
  work_save(fixture->db, &fixture->people[who], response, &entry, 1, fixture->arena, &err);
  return err.code;
}

static void what_was_begun_is_frozen(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  assert_int_equal(begin(fixture, WORK_COORDINATOR, "r1"), ERR_NONE);
  /* from the mark on nobody changes anything, also before it is frozen */
  assert_int_equal(save(fixture, WORK_ANNA, fixture->response), ERR_LOCKED);
  assert_int_equal(save(fixture, WORK_OTHER, fixture->other_response), ERR_LOCKED);
  finish(fixture);
  assert_int_equal(status(fixture), RESPONSE_PARTIAL);
  assert_int_equal(disposition(fixture, fixture->response), DISPOSITION_PARTIAL);
  assert_int_equal(disposition(fixture, fixture->other_response), DISPOSITION_NOT_PARTICIPATING);
  assert_int_equal(disposition(fixture, fixture->expert_response), DISPOSITION_NOT_INVITED);
  struct submitted frozen;
  bool verified;
  struct work *work = submitted_open(fixture->db, &fixture->people[WORK_ANNA], fixture->response, 1, fixture->arena, &frozen, &verified, &err);
  assert_good(work != NULL, &err);
  assert_true(frozen.submission.partial);
  assert_true(verified);
  finish(fixture); /* once more changes nothing */
  const struct submitted *list;
  assert_int_equal(submitted_list(fixture->db, work, fixture->arena, &list, &err), 1);
}

static void what_was_cleared_counts_as_nothing(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "A1", "", "", 1);
  assert_int_equal(begin(fixture, WORK_COORDINATOR, "r1"), ERR_NONE);
  finish(fixture);
  assert_int_equal(status(fixture), RESPONSE_NEW);
  assert_int_equal(disposition(fixture, fixture->response), DISPOSITION_NOT_PARTICIPATING);
}

static void it_asks_for_the_name(void **state) {
  struct work_fixture *fixture = *state;
  assert_int_equal(begin(fixture, WORK_COORDINATOR, ""), ERR_INPUT);
  assert_int_equal(begin(fixture, WORK_COORDINATOR, "r2"), ERR_INPUT);
  assert_int_equal(begin(fixture, WORK_COORDINATOR, "\xFF"), ERR_INPUT);
  assert_int_equal(begin(fixture, WORK_ANNA, "r1"), ERR_NOT_FOUND);
  assert_int_equal(begin(fixture, WORK_RESEARCHER, "r1"), ERR_NOT_FOUND);
  assert_int_equal(begin(fixture, WORK_COORDINATOR, " r1 "), ERR_NONE);
  assert_int_equal(begin(fixture, WORK_COORDINATOR, "r1"), ERR_CONFLICT);
}

static void it_ends_every_authority(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct authority_wish wish = {.person = fixture->people[WORK_COORDINATOR].person, .name = "J", .position = "d", .document = "v"};
  int64_t institution = fixture->people[WORK_ANNA].institution;
  assert_good(authority_put(fixture->db, &fixture->people[WORK_COORDINATOR], "r1", institution, &wish, &err), &err);
  assert_int_equal(begin(fixture, WORK_COORDINATOR, "r1"), ERR_NONE);
  assert_int_equal(save(fixture, WORK_COORDINATOR, fixture->response), ERR_DENIED);
  assert_false(authority_put(fixture->db, &fixture->people[WORK_COORDINATOR], "r1", institution, &wish, &err));
  assert_int_equal(err.code, ERR_LOCKED);
}

static void it_is_opened_again(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  enum closing_fault fault;
  const struct actor *ilze = &fixture->people[WORK_COORDINATOR];
  assert_false(closing_undo(fixture->db, ilze, "r1", "x", &fault, &err));
  assert_int_equal(err.code, ERR_CONFLICT);
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  assert_int_equal(begin(fixture, WORK_COORDINATOR, "r1"), ERR_NONE);
  finish(fixture);
  err = (struct err){0};
  assert_false(closing_undo(fixture->db, ilze, "r1", " ", &fault, &err));
  assert_int_equal(fault, CLOSING_NO_REASON);
  err = (struct err){0};
  assert_false(closing_undo(fixture->db, &fixture->people[WORK_ANNA], "r1", "x", &fault, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  err = (struct err){0};
  assert_good(closing_undo(fixture->db, ilze, "r1", "Par agru", &fault, &err), &err);
  finish(fixture);
  assert_int_equal(status(fixture), RESPONSE_STARTED);
  assert_int_equal(disposition(fixture, fixture->response), DISPOSITION_STARTED);
  assert_int_equal(disposition(fixture, fixture->other_response), DISPOSITION_OPENED);
  wait();
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 1);
  assert_int_equal(begin(fixture, WORK_COORDINATOR, "r1"), ERR_NONE);
  finish(fixture);
  assert_int_equal(status(fixture), RESPONSE_PARTIAL);
}

static void the_report_says_how_each_came_out(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct report_row *rows;
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  assert_int_equal(begin(fixture, WORK_COORDINATOR, "r1"), ERR_NONE);
  finish(fixture);
  assert_int_equal(round_report_read(fixture->db, &fixture->people[WORK_COORDINATOR], "r1", fixture->arena, &rows, &err), 3);
  assert_string_equal(rows[0].name, "Valsts kase");
  assert_string_equal(round_report_status(&rows[0], "lv"), "Iekļauts");
  assert_string_equal(round_report_comment(&rows[0], "lv"), "Daļēji aizpildīts pašvērtējums");
  assert_string_equal(round_report_status(&rows[1], "lv"), "Nepiedalās");
  assert_string_equal(round_report_comment(&rows[1], "lv"), "Neaizpildīja pašvērtējumu");
  assert_string_equal(round_report_comment(&rows[2], "lv"), "Neiesniedza kontaktpersonu");
  assert_string_equal(round_report_status(&rows[2], "en"), "Does not take part");
  assert_int_equal(round_report_read(fixture->db, &fixture->people[WORK_ANNA], "r1", fixture->arena, &rows, &err), 0);
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
      test(what_was_begun_is_frozen), test(what_was_cleared_counts_as_nothing), test(it_asks_for_the_name),
      test(it_ends_every_authority),  test(it_is_opened_again),                 test(the_report_says_how_each_came_out),
  };
  return cmocka_run_group_tests_name("closing", tests, NULL, NULL);
}
