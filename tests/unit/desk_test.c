#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "survey/desk.h"
#include "survey/people.h"
#include "survey/talk.h"
#include "work_fixture.h"

static struct desk open_good(struct work_fixture *fixture, int who) {
  struct err err = {0};
  struct desk desk;
  assert_good(desk_open(fixture->db, &fixture->people[who], fixture->arena, &desk, &err), &err);
  return desk;
}

/* "answer 2; wrong 1 C3": kind, count, first place. */
static const char *waits(struct work_fixture *fixture, int who) {
  static const char *const names[DESK_KINDS] = {
      [DESK_MINE] = "mine", [DESK_ANSWER] = "answer", [DESK_CHOOSE] = "choose", [DESK_WRONG] = "wrong",
      [DESK_CONFIRM] = "confirm", [DESK_CHECK] = "check", [DESK_SUBMIT] = "submit", [DESK_WAIT] = "wait",
      [DESK_BEGIN] = "begin"};
  struct desk desk = open_good(fixture, who);
  const char *out = "";
  for (size_t i = 0; i < desk.task_count; i++) {
    const struct desk_task *task = &desk.tasks[i];
    const struct form_question *questions = task->card->item->form->questions;
    int place = task->finding != NULL ? task->finding->question : task->question;
    out = arena_printf(fixture->arena, "%s%s%s", out, i > 0 ? "; " : "", names[task->kind]);
    if (task->count > 0) out = arena_printf(fixture->arena, "%s %d", out, task->count);
    if (place >= 0) out = arena_printf(fixture->arena, "%s %s", out, questions[place].id);
  }
  return out;
}

static void what_waits_from_beginning_to_end(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  assert_string_equal(waits(fixture, WORK_ANNA), "begin");
  work_save_one(fixture, WORK_BRUNO, "A1", "", "1", 0);
  assert_string_equal(waits(fixture, WORK_ANNA), "answer 2");
  struct desk desk = open_good(fixture, WORK_ANNA);
  assert_int_equal(desk.open, 1);
  assert_int_equal(desk.left, 2);
  assert_int_equal(desk.required, 3);
  work_save_one(fixture, WORK_ANNA, "C3", "", "xx", 0);
  work_save_one(fixture, WORK_ANNA, "T4", "", "garāks par divdesmit zīmēm", 0);
  assert_string_equal(waits(fixture, WORK_ANNA), "answer 1; wrong 2 C3");
  work_save_one(fixture, WORK_ANNA, "C3", "", "500", 1);
  assert_string_equal(waits(fixture, WORK_ANNA), "answer 1; wrong 1 T4; confirm 1 C3");
  work_save_one(fixture, WORK_ANNA, "T4", "", "", 1);
  work_save_one(fixture, WORK_ANNA, "B2", "", "7", 0);
  assert_string_equal(waits(fixture, WORK_ANNA), "confirm 1 C3");
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_good(work_confirm(fixture->db, &fixture->people[WORK_ANNA], fixture->response, work->state->violations[0].check->key, "",
                           "tā ir", &err), &err);
  assert_string_equal(waits(fixture, WORK_ANNA), "submit");
  work = work_open_good(fixture, WORK_ANNA);
  assert_good(work_submit(fixture->db, &fixture->people[WORK_ANNA], fixture->response, work->item.revision, &err), &err);
  assert_string_equal(waits(fixture, WORK_ANNA), "");
  desk = open_good(fixture, WORK_ANNA);
  assert_int_equal(desk.open, 0);
  assert_int_equal(desk.card_count, 1);
  assert_string_equal(waits(fixture, WORK_OTHER), "begin"); /* each institution its own */
}

static void what_colleagues_bring(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct actor *anna = &fixture->people[WORK_ANNA], *bruno = &fixture->people[WORK_BRUNO];
  assert_good(talk_assign(fixture->db, anna, fixture->response, "s1", bruno->person, &err), &err);
  assert_string_equal(waits(fixture, WORK_BRUNO), "mine; begin");
  assert_string_equal(waits(fixture, WORK_ANNA), "begin");
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  work_save_one(fixture, WORK_BRUNO, "C3", "", "6", 0); /* too late: a second answer */
  assert_good(talk_set_flag(fixture->db, anna, fixture->response, "C3", "", true, &err), &err);
  assert_string_equal(waits(fixture, WORK_BRUNO), "choose 1 C3; check 1 C3"); /* the section itself is done */
  work_save_one(fixture, WORK_ANNA, "C3", "", "7", 1);
  assert_string_equal(waits(fixture, WORK_ANNA), "check 1 C3; submit"); /* a mark stands in nobody's way */
  struct stmt *stmt = db_query(fixture->db, "UPDATE round SET submit_rule = 1");
  assert_true(stmt_run(stmt, &err));
  assert_good(people_name_responsible(fixture->db, anna, anna->person, &err), &err);
  assert_string_equal(waits(fixture, WORK_ANNA), "check 1 C3; submit");
  assert_string_equal(waits(fixture, WORK_BRUNO), "check 1 C3; wait");
}

static void an_experts_desk_is_short(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct desk desk = open_good(fixture, WORK_EXPERT);
  assert_int_equal(desk.card_count, 3); /* one for each institution */
  assert_null(desk.cards[0].work);
  assert_string_equal(waits(fixture, WORK_EXPERT), "begin; begin; begin");
  const char *value = "5";
  struct save_entry entry = {.question = "E1", .row = "", .values = &value, .value_count = 1, .special = ""};
  assert_good(work_save(fixture->db, &fixture->people[WORK_EXPERT], fixture->expert_response, &entry, 1, fixture->arena, &err),
              &err);
  assert_string_equal(waits(fixture, WORK_EXPERT), "submit; begin; begin");
}

static int setup(void **state) {
  *state = work_fixture_new();
  return 0;
}

static int teardown(void **state) {
  work_fixture_free(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {TEST(what_waits_from_beginning_to_end), TEST(what_colleagues_bring),
                                      TEST(an_experts_desk_is_short)};
  return cmocka_run_group_tests_name("desk", tests, NULL, NULL);
}
