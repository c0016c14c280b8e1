#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store/message.h"
#include "survey/authority.h"
#include "work_fixture.h"

#define NOW INT64_C(1795248000000)

static int64_t now;
static void wait(void) { clock_set_ms(now += 1000); }

static struct authority_wish usual(struct work_fixture *fixture) {
  return (struct authority_wish){.person = fixture->people[WORK_COORDINATOR].person, .name = "Jānis Kalns",
                                 .position = "direktors", .document = "vēstule Nr. 1-7/23"};
}

static enum err_code put(struct work_fixture *fixture, int who, struct authority_wish *wish) {
  struct err err = {0};
  wait();
  authority_put(fixture->db, &fixture->people[who], "r1", fixture->people[WORK_ANNA].institution, wish, &err);
  return err.code;
}

static enum err_code save(struct work_fixture *fixture, int who, int64_t response, const char *value, int seen) {
  struct err err = {0};
  struct save_entry entry = {.question = "A1", .row = "", .values = &value, .value_count = 1, .special = "", .seen = seen};
  wait();
  work_save(fixture->db, &fixture->people[who], response, &entry, 1, fixture->arena, &err);
  return err.code;
}

static const struct authority *newest(struct work_fixture *fixture) {
  struct err err = {0};
  const struct authority *list;
  size_t count = authority_read(fixture->db, &fixture->people[WORK_ANNA], "r1", fixture->people[WORK_ANNA].institution,
                                fixture->arena, &list, &err);
  assert_good(count > 0, &err);
  return list;
}

static int count_mail(struct work_fixture *fixture, const char *kind) {
  struct stored_message message;
  struct err err = {0};
  int count = 0;
  struct stmt *stmt = message_list(fixture->db, 0);
  while (message_next(stmt, &message, &err)) count += strcmp(message.kind, kind) == 0 && strstr(message.body, "1-7/23");
  stmt_end(stmt);
  return count;
}

static void a_coordinator_enters_answers_on_it(void **state) {
  struct work_fixture *fixture = *state;
  struct authority_wish wish = usual(fixture);
  assert_int_equal(save(fixture, WORK_COORDINATOR, fixture->response, "1", 0), ERR_DENIED);
  assert_int_equal(put(fixture, WORK_COORDINATOR, &wish), ERR_NONE);
  assert_int_equal(count_mail(fixture, "behalf"), 2);
  assert_int_equal(save(fixture, WORK_COORDINATOR, fixture->response, "1", 0), ERR_NONE);
  assert_int_equal(save(fixture, WORK_COORDINATOR, fixture->other_response, "1", 0), ERR_DENIED);
  assert_int_equal(save(fixture, WORK_COORDINATOR, fixture->expert_response, "1", 0), ERR_DENIED);
  struct work *work = work_open_good(fixture, WORK_ANNA);
  const struct work_mark *mark = work_mark(work, form_find(work->item.form, "A1"), -1);
  assert_string_equal(mark->person, "Ilze");
  assert_true(mark->on_behalf);
  work = work_open_good(fixture, WORK_COORDINATOR);
  assert_true(work->editable);
  assert_false(work->among); /* what colleagues say to each other stays theirs */
  assert_int_equal(save(fixture, WORK_ANNA, fixture->response, "2", 1), ERR_NONE);
  const struct work_past *past;
  struct err err = {0};
  assert_int_equal(work_history(fixture->db, &fixture->people[WORK_BRUNO], fixture->response, "A1", "", fixture->arena, &past, &err), 2);
  assert_false(past[0].on_behalf);
  assert_true(past[1].on_behalf);
}

static void it_ends(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct authority_wish wish = usual(fixture);
  assert_int_equal(put(fixture, WORK_COORDINATOR, &wish), ERR_NONE);
  assert_int_equal(save(fixture, WORK_COORDINATOR, fixture->response, "1", 0), ERR_NONE);
  int64_t id = newest(fixture)->id;
  assert_false(authority_stop(fixture->db, &fixture->people[WORK_OTHER], id, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  err = (struct err){0};
  assert_good(authority_stop(fixture->db, &fixture->people[WORK_BRUNO], id, &err), &err);
  assert_string_equal(newest(fixture)->ended_by, "Bruno");
  assert_int_equal(count_mail(fixture, "behalf_end"), 2);
  assert_int_equal(save(fixture, WORK_COORDINATOR, fixture->response, "2", 1), ERR_DENIED);
  assert_false(authority_stop(fixture->db, &fixture->people[WORK_ANNA], id, &err)); /* a second press */
  assert_int_equal(err.code, ERR_NOT_FOUND);
  struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_true(work_mark(work, form_find(work->item.form, "A1"), -1)->on_behalf); /* what was entered stays so */
  assert_int_equal(put(fixture, WORK_COORDINATOR, &wish), ERR_NONE); /* and another one may begin */
}

static void the_closing_of_the_round_ends_it(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct authority_wish wish = usual(fixture);
  assert_int_equal(put(fixture, WORK_COORDINATOR, &wish), ERR_NONE);
  assert_good(authority_stop_round(fixture->db, "r1", &err), &err);
  assert_true(newest(fixture)->ended_ms > 0);
  assert_string_equal(newest(fixture)->ended_by, "");
}

static void only_what_is_whole_is_recorded(void **state) {
  struct work_fixture *fixture = *state;
  int64_t me = fixture->people[WORK_COORDINATOR].person, anna = fixture->people[WORK_ANNA].person;
  const struct {
    struct authority_wish wish;
    enum authority_fault fault;
  } cases[] = {
      {{.person = 0, .name = "J", .position = "d", .document = "v"}, AUTHORITY_NO_PERSON},
      {{.person = anna, .name = "J", .position = "d", .document = "v"}, AUTHORITY_NO_PERSON},
      {{.person = me, .name = "", .position = "d", .document = "v"}, AUTHORITY_BAD_NAME},
      {{.person = me, .name = "J\nK", .position = "d", .document = "v"}, AUTHORITY_BAD_NAME},
      {{.person = me, .name = "J", .position = " ", .document = "v"}, AUTHORITY_BAD_POSITION},
      {{.person = me, .name = "J", .position = "d", .document = ""}, AUTHORITY_BAD_DOCUMENT},
      {{.person = me, .name = "J", .position = "d", .document = "\xFF"}, AUTHORITY_BAD_DOCUMENT},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct authority_wish wish = cases[i].wish;
    assert_int_equal(put(fixture, WORK_COORDINATOR, &wish), ERR_INPUT);
    if (wish.fault != cases[i].fault) fail_msg("case %zu: %d", i, wish.fault);
  }
  struct authority_wish wish = usual(fixture);
  assert_int_equal(put(fixture, WORK_ANNA, &wish), ERR_NOT_FOUND);
  assert_int_equal(put(fixture, WORK_RESEARCHER, &wish), ERR_NOT_FOUND);
  assert_int_equal(put(fixture, WORK_COORDINATOR, &wish), ERR_NONE);
  assert_int_equal(put(fixture, WORK_COORDINATOR, &wish), ERR_INPUT);
  assert_int_equal(wish.fault, AUTHORITY_HOLDS);
}

static bool submit(struct work_fixture *fixture, struct err *err) {
  *err = (struct err){0};
  wait();
  return work_submit(fixture->db, &fixture->people[WORK_COORDINATOR], fixture->response,
                     work_open_good(fixture, WORK_ANNA)->item.revision, err);
}

static void it_says_whether_to_submit(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct authority_wish wish = usual(fixture);
  assert_int_equal(put(fixture, WORK_COORDINATOR, &wish), ERR_NONE);
  assert_int_equal(save(fixture, WORK_COORDINATOR, fixture->response, "2", 0), ERR_NONE);
  work_save_one(fixture, WORK_COORDINATOR, "C3", "", "5", 0);
  assert_false(submit(fixture, &err));
  assert_int_equal(err.code, ERR_DENIED);
  err = (struct err){0};
  assert_good(authority_stop(fixture->db, &fixture->people[WORK_COORDINATOR], newest(fixture)->id, &err), &err);
  wish.may_submit = true;
  assert_int_equal(put(fixture, WORK_COORDINATOR, &wish), ERR_NONE);
  assert_good(submit(fixture, &err), &err);
}

static void what_was_entered_is_listed(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct authority authority;
  const struct authority_change *changes;
  size_t count;
  bool cut;
  struct authority_wish wish = usual(fixture);
  assert_int_equal(put(fixture, WORK_COORDINATOR, &wish), ERR_NONE);
  assert_int_equal(save(fixture, WORK_COORDINATOR, fixture->response, "1", 0), ERR_NONE);
  assert_int_equal(save(fixture, WORK_ANNA, fixture->response, "2", 1), ERR_NONE);
  assert_int_equal(save(fixture, WORK_COORDINATOR, fixture->response, "1", 2), ERR_NONE);
  int64_t id = newest(fixture)->id;
  assert_good(authority_open(fixture->db, &fixture->people[WORK_ANNA], id, fixture->arena, &authority, &changes, &count, &cut, &err), &err);
  assert_int_equal(count, 2);
  assert_string_equal(changes[0].question_id, "A1");
  assert_string_equal(changes[0].value, "jā");
  assert_false(authority_open(fixture->db, &fixture->people[WORK_OTHER], id, fixture->arena, &authority, &changes, &count, &cut, &err));
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
      test(a_coordinator_enters_answers_on_it), test(it_ends), test(the_closing_of_the_round_ends_it),
      test(only_what_is_whole_is_recorded),     test(it_says_whether_to_submit), test(what_was_entered_is_listed),
  };
  return cmocka_run_group_tests_name("authority", tests, NULL, NULL);
}
