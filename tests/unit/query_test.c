#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "survey/desk.h"
#include "survey/query.h"
#include "work_fixture.h"

static const struct actor *who(struct work_fixture *fixture, int person) { return &fixture->people[person]; }

static size_t list_as(struct work_fixture *fixture, int person, const struct query **out) {
  struct err err = {0};
  const struct work *work = work_open_good(fixture, person);
  size_t count = query_list(fixture->db, who(fixture, person), work, "", "", fixture->arena, out, &err);
  assert_good(err.code == ERR_NONE, &err);
  return count;
}

static const struct query *last(struct work_fixture *fixture, int person) {
  const struct query *list;
  size_t count = list_as(fixture, person, &list);
  assert_true(count > 0);
  return &list[count - 1];
}

static int64_t ask(struct work_fixture *fixture, const char *question, const char *row, const char *text) {
  struct err err = {0};
  assert_good(query_ask(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, question, row, text, &err), &err);
  return last(fixture, WORK_COORDINATOR)->id;
}

static int count_mail(struct work_fixture *fixture) {
  struct err err = {0};
  struct stmt *stmt = db_query(fixture->db, "SELECT count(*) FROM message WHERE kind = 'query'");
  assert_true(stmt_step(stmt, &err));
  int count = (int)stmt_int(stmt, 0);
  stmt_end(stmt);
  return count;
}

static int64_t talk_number(struct work_fixture *fixture) { return work_open_good(fixture, WORK_ANNA)->item.talk; }

/* A suggestion about C3 as it is now. */
static int64_t suggest(struct work_fixture *fixture, const char *reason, const char *text, int version) {
  struct err err = {0};
  int added;
  struct query_finding finding = {.question = "C3", .row = "", .version = version, .origin = QUERY_OUTLIER,
                                  .reason = reason, .text = text};
  assert_good(query_suggest(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, &finding, 1, &added, &err), &err);
  const struct query *list;
  size_t count = list_as(fixture, WORK_COORDINATOR, &list);
  return added == 0 || count == 0 ? 0 : list[count - 1].id;
}

/* ---- the exchange */

static void a_question_goes_to_and_fro(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "C3", "", "120", 0);
  int64_t talk = talk_number(fixture), id = ask(fixture, "C3", "", " Vai tiešām <b>120</b>?\r\nPaskaidrojiet. ");
  assert_int_equal(talk_number(fixture), talk + 1);
  assert_int_equal(count_mail(fixture), 2); /* both contacts, not the other institution's */
  const struct query *query = last(fixture, WORK_BRUNO);
  assert_string_equal(query->text, "Vai tiešām <b>120</b>?\nPaskaidrojiet.");
  assert_string_equal(query->person, "Ilze");
  assert_int_equal(query->state, QUERY_OPEN);
  assert_int_equal(query->version, 1);
  assert_false(query->corrected);
  assert_good(query_answer(fixture->db, who(fixture, WORK_BRUNO), fixture->response, id, "Jā", &err), &err);
  assert_int_equal(last(fixture, WORK_COORDINATOR)->state, QUERY_ANSWERED);
  assert_good(query_reply(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, id, "Kāpēc?", &err), &err);
  assert_int_equal(last(fixture, WORK_ANNA)->state, QUERY_OPEN);
  assert_good(query_answer(fixture->db, who(fixture, WORK_ANNA), fixture->response, id, "Tāpēc", &err), &err);
  assert_good(query_close(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, id, 3, &err), &err);
  query = last(fixture, WORK_ANNA);
  assert_int_equal(query->state, QUERY_CLOSED);
  assert_string_equal(query->closed_by, "Ilze");
  assert_int_equal(query->said_count, 3);
  assert_string_equal(query->said[0].person, "Bruno");
  assert_false(query->said[0].staff);
  assert_true(query->said[1].staff);
  assert_string_equal(query->said[2].text, "Tāpēc");
  assert_int_equal(talk_number(fixture), talk + 5);
}

static void correcting_the_answer_answers(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "C3", "", "120", 0);
  ask(fixture, "C3", "", "Vai 120?");
  work_save_one(fixture, WORK_ANNA, "T4", "", "cita", 0);
  assert_int_equal(last(fixture, WORK_ANNA)->state, QUERY_OPEN); /* another answer says nothing */
  work_save_one(fixture, WORK_BRUNO, "C3", "", "12", 1);
  const struct query *query = last(fixture, WORK_COORDINATOR);
  assert_int_equal(query->state, QUERY_ANSWERED);
  assert_true(query->corrected);
  assert_string_equal(query->was, "120");
  assert_string_equal(query->now, "12");
}

static void an_answer_that_was_not_there_is_named_so(void **state) {
  struct work_fixture *fixture = *state;
  ask(fixture, "C3", "", "Kāpēc nav?");
  assert_int_equal(last(fixture, WORK_ANNA)->version, 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "7", 0);
  const struct query *query = last(fixture, WORK_ANNA);
  assert_true(query->corrected);
  assert_string_equal(query->was, "");
  assert_string_equal(query->now, "7");
}

static void the_same_press_twice_changes_nothing(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct query *list;
  int64_t id = ask(fixture, "C3", "", "Vai?");
  assert_int_equal(ask(fixture, "C3", "", "Vai?"), id);
  assert_int_equal(list_as(fixture, WORK_ANNA, &list), 1);
  for (int i = 0; i < 2; i++)
    assert_good(query_answer(fixture->db, who(fixture, WORK_ANNA), fixture->response, id, "Jā", &err), &err);
  assert_int_equal(last(fixture, WORK_ANNA)->said_count, 1);
  for (int i = 0; i < 2; i++)
    assert_good(query_close(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, id, 1, &err), &err);
  assert_int_equal(count_mail(fixture), 2);
}

/* ---- who may */

static void strangers_find_nothing(void **state) {
  struct work_fixture *fixture = *state;
  int64_t id = ask(fixture, "C3", "", "Vai?");
  struct err err = {0};
  assert_err(query_answer(fixture->db, who(fixture, WORK_OTHER), fixture->response, id, "x", &err), &err, ERR_NOT_FOUND, "");
  err = (struct err){0};
  assert_err(query_answer(fixture->db, who(fixture, WORK_OTHER), fixture->other_response, id, "x", &err), &err, ERR_NOT_FOUND, "");
  err = (struct err){0};
  assert_err(query_answer(fixture->db, who(fixture, WORK_EXPERT), fixture->response, id, "x", &err), &err, ERR_NOT_FOUND, "");
  err = (struct err){0};
  assert_err(query_answer(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, id, "x", &err), &err, ERR_DENIED, "");
  err = (struct err){0};
  assert_err(query_close(fixture->db, who(fixture, WORK_ANNA), fixture->response, id, -1, &err), &err, ERR_DENIED, "");
  err = (struct err){0};
  assert_err(query_reply(fixture->db, who(fixture, WORK_ANNA), fixture->response, id, "x", &err), &err, ERR_DENIED, "");
  err = (struct err){0};
  assert_err(query_ask(fixture->db, who(fixture, WORK_ANNA), fixture->response, "C3", "", "x", &err), &err, ERR_DENIED, "");
  err = (struct err){0};
  assert_err(query_ask(fixture->db, who(fixture, WORK_RESEARCHER), fixture->response, "C3", "", "x", &err), &err, ERR_NOT_FOUND, "");
  err = (struct err){0};
  assert_err(query_answer(fixture->db, who(fixture, WORK_ANNA), fixture->response, 99999, "x", &err), &err, ERR_NOT_FOUND, "");
}

static void experts_answer_for_what_experts_fill(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct query *list;
  struct work *work;
  assert_good(query_ask(fixture->db, who(fixture, WORK_COORDINATOR), fixture->expert_response, "E1", "", "Vai?", &err), &err);
  assert_int_equal(count_mail(fixture), 1); /* to the expert */
  work = work_open(fixture->db, who(fixture, WORK_EXPERT), fixture->expert_response, fixture->arena, &err);
  assert_int_equal(query_list(fixture->db, who(fixture, WORK_EXPERT), work, "E1", "", fixture->arena, &list, &err), 1);
  assert_good(query_answer(fixture->db, who(fixture, WORK_EXPERT), fixture->expert_response, list[0].id, "Jā", &err), &err);
  assert_err(query_answer(fixture->db, who(fixture, WORK_ANNA), fixture->expert_response, list[0].id, "x", &err), &err, ERR_NOT_FOUND, "");
}

/* ---- bad cases */

static void texts_have_bounds(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  char *long_text = calloc(1, 100001);
  const struct query *list;
  memset(long_text, 'a', 100000);
  const char *const bad[] = {"", " \r\n", "\xff", long_text};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    err = (struct err){0};
    assert_err(query_ask(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, "C3", "", bad[i], &err), &err, ERR_INPUT, "");
  }
  long_text[QUERY_TEXT_MAX] = '\0';
  ask(fixture, "C3", "", long_text);
  assert_int_equal(list_as(fixture, WORK_ANNA, &list), 1);
  free(long_text);
}

static void places_that_are_not_there(void **state) {
  struct work_fixture *fixture = *state;
  static const char *const places[][2] = {{"NONE", ""}, {"C3", "r1"}, {"P1", ""}, {"P1", "r9"}, {"K6", ""}};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    struct err err = {0};
    assert_err(query_ask(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, places[i][0], places[i][1], "x", &err),
               &err, ERR_NOT_FOUND, "");
  }
}

static void what_was_filtered_out_or_removed_is_answered_still(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  int64_t filtered = ask(fixture, "B2", "", "Cik?");
  const char *row = work_add_row(fixture->db, who(fixture, WORK_ANNA), fixture->response, "services", "Reģistrs", fixture->arena, &err);
  int64_t removed = ask(fixture, "P1", row, "Cik?");
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 1);
  assert_good(work_remove_row(fixture->db, who(fixture, WORK_ANNA), fixture->response, "services", row, &err), &err);
  const struct query *list;
  assert_int_equal(list_as(fixture, WORK_ANNA, &list), 2);
  assert_false(list[0].applies);
  assert_int_equal(list[1].row_index, -2);
  assert_string_equal(list[1].row_label, "Reģistrs");
  assert_good(query_answer(fixture->db, who(fixture, WORK_ANNA), fixture->response, filtered, "Nav", &err), &err);
  assert_good(query_answer(fixture->db, who(fixture, WORK_ANNA), fixture->response, removed, "Nav", &err), &err);
  assert_good(query_close(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, removed, 1, &err), &err);
}

static void closing_does_not_pass_over_an_answer(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  int64_t id = ask(fixture, "C3", "", "Vai?");
  assert_good(query_answer(fixture->db, who(fixture, WORK_ANNA), fixture->response, id, "Pagaidiet", &err), &err);
  assert_err(query_close(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, id, 0, &err), &err, ERR_CONFLICT, "");
  int done, late;
  struct query_choice choices[] = {{id, 0}, {99999, 0}, {ask(fixture, "A1", "", "Un šis?"), 0}};
  err = (struct err){0};
  assert_good(query_close_several(fixture->db, who(fixture, WORK_COORDINATOR), choices, 3, &done, &late, &err), &err);
  assert_int_equal(done, 1);
  assert_int_equal(late, 1);
  choices[0].seen = 1;
  assert_good(query_close_several(fixture->db, who(fixture, WORK_COORDINATOR), choices, 1, &done, &late, &err), &err);
  assert_err(query_answer(fixture->db, who(fixture, WORK_ANNA), fixture->response, id, "Vēl", &err), &err, ERR_LOCKED, "");
  err = (struct err){0};
  assert_err(query_close_several(fixture->db, who(fixture, WORK_ANNA), choices, 1, &done, &late, &err), &err, ERR_DENIED, "");
}

static void submitted_responses_are_answered_in_words(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct desk desk;
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  int64_t id = ask(fixture, "C3", "", "Vai?"), revision = work_open_good(fixture, WORK_ANNA)->item.revision;
  assert_good(work_submit(fixture->db, who(fixture, WORK_ANNA), fixture->response, revision, &err), &err); /* blocks nothing */
  assert_good(desk_open(fixture->db, who(fixture, WORK_BRUNO), fixture->arena, &desk, &err), &err);
  assert_int_equal(desk.tasks[0].kind, DESK_QUERY);
  assert_int_equal(desk.tasks[0].count, 1);
  assert_string_equal(desk.tasks[0].card->item->form->questions[desk.tasks[0].question].id, "C3");
  assert_good(query_answer(fixture->db, who(fixture, WORK_BRUNO), fixture->response, id, "Jā", &err), &err);
  assert_good(desk_open(fixture->db, who(fixture, WORK_BRUNO), fixture->arena, &desk, &err), &err);
  assert_int_equal(desk.task_count, 0);
}

/* ---- suggestions */

static void suggestions_are_the_coordinators(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct query *list;
  work_save_one(fixture, WORK_ANNA, "C3", "", "500", 0);
  int64_t id = suggest(fixture, "v1", "Tik daudz?", 1);
  assert_true(id > 0);
  assert_int_equal(list_as(fixture, WORK_ANNA, &list), 0);
  assert_int_equal(count_mail(fixture), 0);
  assert_err(query_answer(fixture->db, who(fixture, WORK_ANNA), fixture->response, id, "x", &err), &err, ERR_NOT_FOUND, "");
  err = (struct err){0};
  assert_good(query_send(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, id, "Lūdzu, pārbaudiet.", &err), &err);
  assert_good(query_send(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, id, "Lūdzu, pārbaudiet.", &err), &err);
  assert_string_equal(last(fixture, WORK_ANNA)->text, "Lūdzu, pārbaudiet.");
  assert_int_equal(count_mail(fixture), 2);
  assert_int_equal(suggest(fixture, "v1", "Tik daudz?", 1), 0); /* it waits already */
}

static void what_was_dismissed_comes_again_only_with_another_answer(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "C3", "", "500", 0);
  int64_t id = suggest(fixture, "v1", "Tik daudz?", 1);
  assert_int_equal(suggest(fixture, "v1", "Tik daudz?", 1), 0);
  assert_good(query_dismiss(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, id, "Zinām", &err), &err);
  assert_int_equal(suggest(fixture, "v1", "Tik daudz, citiem vārdiem?", 1), 0);
  assert_err(query_send(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, id, "x", &err), &err, ERR_LOCKED, "");
  work_save_one(fixture, WORK_ANNA, "C3", "", "600", 1);
  assert_int_equal(suggest(fixture, "v1", "Tik daudz?", 1), 0); /* about an answer that is not the newest */
  assert_true(suggest(fixture, "v2", "Tik daudz?", 2) > 0);
}

static void what_holds_no_more_is_withdrawn(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct query *list;
  int added;
  work_save_one(fixture, WORK_ANNA, "C3", "", "500", 0);
  suggest(fixture, "v1", "Tik daudz?", 1);
  assert_good(query_suggest(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, NULL, 0, &added, &err), &err);
  assert_int_equal(list_as(fixture, WORK_COORDINATOR, &list), 0);
  assert_true(suggest(fixture, "v1", "Tik daudz?", 1) > 0);
}

/* ---- the list */

static size_t page(struct work_fixture *fixture, struct stored_query_filter filter, int counts[QUERY_STATES]) {
  struct err err = {0};
  const struct query_line *lines;
  filter.round = "r1";
  if (filter.questionnaire == NULL) filter.questionnaire = "";
  if (filter.question == NULL) filter.question = "";
  if (filter.find == NULL) filter.find = "";
  filter.limit = 50;
  size_t count = query_page(fixture->db, who(fixture, WORK_COORDINATOR), &filter, fixture->arena, &lines, counts, &err);
  assert_good(err.code == ERR_NONE, &err);
  return count;
}

static void the_list_is_filtered(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  int counts[QUERY_STATES];
  const struct stored_query_filter any = {.state = -1, .origin = -1};
  struct stored_query_filter filter = any;
  query_close(fixture->db, who(fixture, WORK_COORDINATOR), fixture->response, ask(fixture, "C3", "", "100 % ?"), 0, &err);
  ask(fixture, "A1", "", "Vai ir?");
  assert_int_equal(page(fixture, any, counts), 2);
  assert_int_equal(counts[QUERY_OPEN], 1);
  assert_int_equal(counts[QUERY_CLOSED], 1);
  filter.state = QUERY_OPEN;
  assert_int_equal(page(fixture, filter, counts), 1);
  assert_int_equal(counts[QUERY_CLOSED], 1);
  int open, answered;
  assert_good(query_count_waiting(fixture->db, who(fixture, WORK_COORDINATOR), "r1", &open, &answered, &err), &err);
  assert_int_equal(open, 1);
  assert_int_equal(answered, 0);
  filter = any, filter.question = "a1";
  assert_int_equal(page(fixture, filter, counts), 1);
  filter = any, filter.find = "100 %";
  assert_int_equal(page(fixture, filter, counts), 1);
  filter = any, filter.find = "KASE";
  assert_int_equal(page(fixture, filter, counts), 2);
  filter = any, filter.find = "_";
  assert_int_equal(page(fixture, filter, counts), 0);
  filter = any, filter.origin = QUERY_OUTLIER;
  assert_int_equal(page(fixture, filter, counts), 0);
  filter = any, filter.changed_before_ms = 1;
  assert_int_equal(page(fixture, filter, counts), 0);
  filter = any, filter.institution = fixture->people[WORK_OTHER].institution;
  assert_int_equal(page(fixture, filter, counts), 0);
  filter = any, filter.questionnaire = "e";
  assert_int_equal(page(fixture, filter, counts), 0);
  const struct query_line *lines;
  filter = any, filter.round = "r1", filter.questionnaire = filter.question = filter.find = "", filter.limit = 50;
  assert_int_equal(query_page(fixture->db, who(fixture, WORK_ANNA), &filter, fixture->arena, &lines, counts, &err), 0);
  assert_int_equal(err.code, ERR_DENIED);
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
  const struct CMUnitTest tests[] = {
      TEST(a_question_goes_to_and_fro),
      TEST(correcting_the_answer_answers),
      TEST(an_answer_that_was_not_there_is_named_so),
      TEST(the_same_press_twice_changes_nothing),
      TEST(strangers_find_nothing),
      TEST(experts_answer_for_what_experts_fill),
      TEST(texts_have_bounds),
      TEST(places_that_are_not_there),
      TEST(what_was_filtered_out_or_removed_is_answered_still),
      TEST(closing_does_not_pass_over_an_answer),
      TEST(submitted_responses_are_answered_in_words),
      TEST(suggestions_are_the_coordinators),
      TEST(what_was_dismissed_comes_again_only_with_another_answer),
      TEST(what_holds_no_more_is_withdrawn),
      TEST(the_list_is_filtered),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
