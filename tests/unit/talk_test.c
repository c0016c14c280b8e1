#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "survey/people.h"
#include "survey/talk.h"
#include "work_fixture.h"

static struct talk read_good(struct work_fixture *fixture, int who, const char *question, const char *row) {
  struct err err = {0};
  struct talk talk;
  const struct work *work = work_open_good(fixture, who);
  assert_good(talk_read(fixture->db, &fixture->people[who], work, question, row, fixture->arena, &talk, &err), &err);
  return talk;
}

static bool say(struct work_fixture *fixture, int who, const char *question, const char *row, const char *text,
                struct err *err) {
  return talk_add_note(fixture->db, &fixture->people[who], fixture->response, question, row, text, err);
}

static void say_good(struct work_fixture *fixture, int who, const char *question, const char *text) {
  struct err err = {0};
  assert_good(say(fixture, who, question, "", text, &err), &err);
}

static bool set_flag(struct work_fixture *fixture, int who, const char *question, bool up, struct err *err) {
  return talk_set_flag(fixture->db, &fixture->people[who], fixture->response, question, "", up, err);
}

static struct work_talk counts(struct work_fixture *fixture, int who, const char *question) {
  const struct work *work = work_open_good(fixture, who);
  return *work_talk(work, form_find(work->item.form, question), -1);
}

static int64_t talk_number(struct work_fixture *fixture) { return work_open_good(fixture, WORK_ANNA)->item.talk; }

static const char *new_row(struct work_fixture *fixture) {
  struct err err = {0};
  const char *row = work_add_row(fixture->db, &fixture->people[WORK_ANNA], fixture->response, "services", "Reģistrs",
                                 fixture->arena, &err);
  assert_good(row != NULL, &err);
  return row;
}

static void submit(struct work_fixture *fixture) {
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  int64_t revision = work_open_good(fixture, WORK_ANNA)->item.revision;
  assert_good(work_submit(fixture->db, &fixture->people[WORK_ANNA], fixture->response, revision, &err), &err);
}

/* ---- notes */

static void colleagues_read_notes(void **state) {
  struct work_fixture *fixture = *state;
  int64_t before = talk_number(fixture), revision = work_open_good(fixture, WORK_ANNA)->item.revision;
  say_good(fixture, WORK_ANNA, "C3", " <b>Zvanīt</b>\r\nIlzei \r\n");
  say_good(fixture, WORK_BRUNO, "C3", "Piezvanīju");
  struct talk talk = read_good(fixture, WORK_BRUNO, "C3", "");
  assert_int_equal(talk.note_count, 2);
  assert_string_equal(talk.notes[0].text, "<b>Zvanīt</b>\nIlzei"); /* as typed; the page escapes it */
  assert_string_equal(talk.notes[0].person, "Anna");
  assert_false(talk.notes[0].own);
  assert_true(talk.notes[1].own);
  assert_int_equal(counts(fixture, WORK_BRUNO, "C3").notes, 2);
  assert_int_equal(counts(fixture, WORK_BRUNO, "A1").notes, 0);
  assert_int_equal(read_good(fixture, WORK_ANNA, "A1", "").note_count, 0);
  assert_int_equal(talk_number(fixture), before + 2);
  assert_int_equal(work_open_good(fixture, WORK_ANNA)->item.revision, revision);
}

static void the_same_note_twice_is_one(void **state) {
  struct work_fixture *fixture = *state;
  say_good(fixture, WORK_ANNA, "C3", "Jā");
  int64_t before = talk_number(fixture);
  say_good(fixture, WORK_ANNA, "C3", "Jā\r\n");
  assert_int_equal(read_good(fixture, WORK_ANNA, "C3", "").note_count, 1);
  assert_int_equal(talk_number(fixture), before);
  say_good(fixture, WORK_BRUNO, "C3", "Jā");
  assert_int_equal(read_good(fixture, WORK_ANNA, "C3", "").note_count, 2);
}

static void readers_see_no_notes(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  say_good(fixture, WORK_ANNA, "C3", "Mūsu starpā");
  assert_true(set_flag(fixture, WORK_ANNA, "C3", true, &err));
  struct talk talk = read_good(fixture, WORK_COORDINATOR, "C3", "");
  assert_int_equal(talk.note_count, 0);
  assert_true(talk.flagged);
  assert_int_equal(counts(fixture, WORK_COORDINATOR, "C3").notes, 0);
  assert_true(counts(fixture, WORK_COORDINATOR, "C3").flagged);
  assert_err(say(fixture, WORK_COORDINATOR, "C3", "", "Es arī", &err), &err, ERR_DENIED, "read");
  err = (struct err){0};
  assert_err(set_flag(fixture, WORK_COORDINATOR, "C3", false, &err), &err, ERR_DENIED, "read");
}

static void bad_notes_are_refused(void **state) {
  struct work_fixture *fixture = *state;
  char *just = malloc(2 * (TALK_NOTE_MAX + 2)), *at = just;
  for (int i = 0; i < TALK_NOTE_MAX; i++) at += sprintf(at, "ā");
  say_good(fixture, WORK_ANNA, "C3", just);
  strcpy(at, "ā");
  const char *const bad[] = {"", " \r\n\t ", just, "a\xFF", "\x01"};
  int64_t before = talk_number(fixture);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct err err = {0};
    assert_err(say(fixture, WORK_ANNA, "C3", "", bad[i], &err), &err, ERR_INPUT, "1 to 2000");
  }
  free(just);
  assert_int_equal(read_good(fixture, WORK_ANNA, "C3", "").note_count, 1);
  assert_int_equal(talk_number(fixture), before);
}

static void wrong_places_are_not_found(void **state) {
  struct work_fixture *fixture = *state;
  const char *row = new_row(fixture);
  const char *const wrong[][2] = {{"X9", ""}, {"", ""}, {"C3", "r1"}, {"P1", ""}, {"P1", "r9"}, {"K6", ""}};
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    struct err err = {0};
    struct talk talk;
    assert_err(say(fixture, WORK_ANNA, wrong[i][0], wrong[i][1], "Jā", &err), &err, ERR_NOT_FOUND, "no question");
    err = (struct err){0};
    assert_err(talk_read(fixture->db, &fixture->people[WORK_ANNA], work, wrong[i][0], wrong[i][1], fixture->arena, &talk,
                         &err), &err, ERR_NOT_FOUND, "no question");
    err = (struct err){0};
    assert_err(talk_set_flag(fixture->db, &fixture->people[WORK_ANNA], fixture->response, wrong[i][0], wrong[i][1], true,
                             &err), &err, ERR_NOT_FOUND, "no question");
  }
  struct err err = {0};
  assert_good(say(fixture, WORK_ANNA, "P1", row, "Rindai", &err), &err);
  work = work_open_good(fixture, WORK_BRUNO);
  assert_int_equal(work_talk(work, form_find(work->item.form, "P1"), 0)->notes, 1);
  assert_good(work_remove_row(fixture->db, &fixture->people[WORK_ANNA], fixture->response, "services", row, &err), &err);
  assert_err(say(fixture, WORK_ANNA, "P1", row, "Vēl", &err), &err, ERR_NOT_FOUND, "no question");
}

static void others_find_nothing(void **state) {
  struct work_fixture *fixture = *state;
  const int strangers[] = {WORK_OTHER, WORK_RESEARCHER, WORK_EXPERT};
  for (int i = 0; i < 3; i++) {
    const struct actor *actor = &fixture->people[strangers[i]];
    struct err err = {0};
    assert_err(say(fixture, strangers[i], "C3", "", "Jā", &err), &err, ERR_NOT_FOUND, "no such response");
    err = (struct err){0};
    assert_err(set_flag(fixture, strangers[i], "C3", true, &err), &err, ERR_NOT_FOUND, "no such response");
    err = (struct err){0};
    assert_err(talk_remove_note(fixture->db, actor, fixture->response, 1, &err), &err, ERR_NOT_FOUND, "no such response");
    err = (struct err){0};
    assert_err(talk_assign(fixture->db, actor, fixture->response, "s1", actor->person, &err), &err, ERR_NOT_FOUND,
               "no such response");
  }
}

static void only_ones_own_note_is_taken_back(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  say_good(fixture, WORK_ANNA, "C3", "Kļūda");
  int64_t id = read_good(fixture, WORK_ANNA, "C3", "").notes[0].id;
  assert_err(talk_remove_note(fixture->db, &fixture->people[WORK_BRUNO], fixture->response, id, &err), &err,
             ERR_NOT_FOUND, "of yours");
  err = (struct err){0};
  assert_good(talk_remove_note(fixture->db, &fixture->people[WORK_ANNA], fixture->response, id, &err), &err);
  assert_int_equal(read_good(fixture, WORK_ANNA, "C3", "").note_count, 0);
  assert_int_equal(counts(fixture, WORK_ANNA, "C3").notes, 0);
  struct stmt *stmt = db_query(fixture->db, "SELECT text FROM note");
  assert_true(stmt_step(stmt, &err));
  assert_string_equal(stmt_text(stmt, 0), "Kļūda"); /* kept */
  stmt_end(stmt);
  assert_err(talk_remove_note(fixture->db, &fixture->people[WORK_ANNA], fixture->response, id, &err), &err,
             ERR_NOT_FOUND, "of yours");
}

static void experts_talk_among_themselves(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct talk talk;
  const struct actor *expert = &fixture->people[WORK_EXPERT];
  assert_good(talk_add_note(fixture->db, expert, fixture->expert_response, "E1", "", "Jā", &err), &err);
  struct work *work = work_open(fixture->db, expert, fixture->expert_response, fixture->arena, &err);
  assert_good(talk_read(fixture->db, expert, work, "E1", "", fixture->arena, &talk, &err), &err);
  assert_int_equal(talk.note_count, 1);
  assert_err(talk_assign(fixture->db, expert, fixture->expert_response, "s1", expert->person, &err), &err, ERR_DENIED, "");
}

/* ---- flags */

static void flags_go_up_and_down(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  assert_string_equal(read_good(fixture, WORK_ANNA, "C3", "").raised_by, "");
  assert_true(set_flag(fixture, WORK_ANNA, "C3", false, &err)); /* is down already */
  int64_t before = talk_number(fixture);
  assert_good(set_flag(fixture, WORK_ANNA, "C3", true, &err), &err);
  assert_good(set_flag(fixture, WORK_BRUNO, "C3", true, &err), &err); /* is up already: Anna's stays */
  struct talk talk = read_good(fixture, WORK_BRUNO, "C3", "");
  assert_true(talk.flagged);
  assert_string_equal(talk.raised_by, "Anna");
  assert_int_equal(talk_number(fixture), before + 1);
  assert_good(set_flag(fixture, WORK_BRUNO, "C3", false, &err), &err);
  talk = read_good(fixture, WORK_ANNA, "C3", "");
  assert_false(talk.flagged);
  assert_string_equal(talk.raised_by, "Anna");
  assert_string_equal(talk.lowered_by, "Bruno");
  assert_false(counts(fixture, WORK_ANNA, "C3").flagged);
  assert_good(set_flag(fixture, WORK_BRUNO, "C3", true, &err), &err);
  talk = read_good(fixture, WORK_ANNA, "C3", "");
  assert_true(talk.flagged);
  assert_string_equal(talk.raised_by, "Bruno");
  assert_string_equal(talk.lowered_by, "");
}

/* ---- assignments */

static int64_t assignee(struct work_fixture *fixture) { return work_open_good(fixture, WORK_ANNA)->assignees[0].person; }

static void a_section_is_given_and_taken_back(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct actor *anna = &fixture->people[WORK_ANNA], *bruno = &fixture->people[WORK_BRUNO];
  int64_t before = talk_number(fixture);
  assert_int_equal(assignee(fixture), 0);
  assert_good(talk_assign(fixture->db, anna, fixture->response, "s1", bruno->person, &err), &err);
  assert_good(talk_assign(fixture->db, anna, fixture->response, "s1", bruno->person, &err), &err); /* pressed twice */
  struct stmt *mails = db_query(fixture->db, "SELECT count(*) FROM message WHERE kind = 'assignment'");
  assert_true(stmt_step(mails, &err));
  assert_int_equal(stmt_int(mails, 0), 1);
  stmt_end(mails);
  assert_int_equal(assignee(fixture), bruno->person);
  assert_string_equal(work_open_good(fixture, WORK_COORDINATOR)->assignees[0].name, "Bruno");
  assert_good(talk_assign(fixture->db, bruno, fixture->response, "s1", anna->person, &err), &err);
  assert_int_equal(assignee(fixture), anna->person);
  assert_int_equal(talk_number(fixture), before + 2);
  const int64_t nobodies[] = {fixture->people[WORK_OTHER].person, fixture->people[WORK_COORDINATOR].person, 999, -1};
  for (int i = 0; i < 4; i++) {
    err = (struct err){0};
    assert_err(talk_assign(fixture->db, anna, fixture->response, "s1", nobodies[i], &err), &err, ERR_NOT_FOUND, "contact");
  }
  err = (struct err){0};
  assert_err(talk_assign(fixture->db, anna, fixture->response, "s9", anna->person, &err), &err, ERR_NOT_FOUND, "section");
  err = (struct err){0};
  assert_int_equal(assignee(fixture), anna->person);
  assert_good(talk_assign(fixture->db, bruno, fixture->response, "s1", 0, &err), &err);
  assert_int_equal(assignee(fixture), 0);
}

/* ---- when it is submitted */

static void what_was_said_stays_readable(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  say_good(fixture, WORK_ANNA, "C3", "Pārbaudīts");
  int64_t id = read_good(fixture, WORK_ANNA, "C3", "").notes[0].id;
  submit(fixture);
  assert_string_equal(read_good(fixture, WORK_BRUNO, "C3", "").notes[0].text, "Pārbaudīts");
  assert_int_equal(counts(fixture, WORK_BRUNO, "C3").notes, 1);
  assert_err(say(fixture, WORK_ANNA, "C3", "", "Vēl", &err), &err, ERR_LOCKED, "submitted");
  err = (struct err){0};
  assert_err(set_flag(fixture, WORK_ANNA, "C3", true, &err), &err, ERR_LOCKED, "submitted");
  err = (struct err){0};
  assert_err(talk_remove_note(fixture->db, &fixture->people[WORK_ANNA], fixture->response, id, &err), &err, ERR_LOCKED,
             "submitted");
  err = (struct err){0};
  assert_err(talk_assign(fixture->db, &fixture->people[WORK_ANNA], fixture->response, "s1", 0, &err), &err, ERR_LOCKED,
             "submitted");
}

/* ---- restoring */

static struct save_entry restore(struct work_fixture *fixture, int who, const char *question, const char *row,
                                 int version, int seen) {
  struct err err = {0};
  struct save_entry entry = {.question = question, .row = row, .special = "", .restore = version, .seen = seen};
  assert_good(work_save(fixture->db, &fixture->people[who], fixture->response, &entry, 1, fixture->arena, &err), &err);
  return entry;
}

static const struct work_past *past(struct work_fixture *fixture, const char *question, size_t expected) {
  struct err err = {0};
  const struct work_past *list;
  size_t count = work_history(fixture->db, &fixture->people[WORK_ANNA], fixture->response, question, "", fixture->arena,
                              &list, &err);
  assert_int_equal(count, expected);
  return list;
}

/* Every kind of version comes back exactly: a value, an invalid one, a special, nothing. */
static void an_earlier_answer_comes_back(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  work_save_one(fixture, WORK_ANNA, "B2", "", "5", 0);
  work_save_one(fixture, WORK_BRUNO, "B2", "", "divi", 1);
  work_save_one(fixture, WORK_BRUNO, "B2", "", "na:", 2);
  work_save_one(fixture, WORK_BRUNO, "B2", "", "", 3);
  struct save_entry entry = restore(fixture, WORK_ANNA, "B2", "", 1, 4);
  assert_int_equal(entry.result, SAVE_DONE);
  assert_int_equal(entry.version, 5);
  assert_string_equal(entry.person, "Anna");
  entry = restore(fixture, WORK_ANNA, "B2", "", 2, 5);
  assert_int_equal(entry.result, SAVE_INVALID);
  restore(fixture, WORK_ANNA, "B2", "", 3, 6);
  restore(fixture, WORK_ANNA, "B2", "", 4, 7);
  restore(fixture, WORK_ANNA, "B2", "", 1, 8);
  const struct work_past *list = past(fixture, "B2", 9);
  const char *const values[] = {"5", "", "neattiecas", "divi", "5", "", "neattiecas", "divi", "5"};
  for (int i = 0; i < 9; i++) {
    if (strcasecmp(list[i].value, values[i]) != 0) fail_msg("%d: expected %s, got %s", i, values[i], list[i].value);
    assert_int_equal(list[i].differs, strcmp(values[i], "5") != 0);
    assert_int_equal(list[i].invalid, strcmp(values[i], "divi") == 0);
  }
  entry = restore(fixture, WORK_ANNA, "B2", "", 5, 9); /* the same as now: no new version */
  assert_int_equal(entry.version, 9);
}

static void several_choices_come_back(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  static const char *const both[] = {"1", "2"}, *const wrong[] = {"1", "9"};
  struct save_entry entry = {.question = "M5", .row = "", .values = both, .value_count = 2, .special = ""};
  assert_true(work_save(fixture->db, &fixture->people[WORK_ANNA], fixture->response, &entry, 1, fixture->arena, &err));
  entry = (struct save_entry){.question = "M5", .row = "", .values = wrong, .value_count = 2, .special = "", .seen = 1};
  assert_true(work_save(fixture->db, &fixture->people[WORK_ANNA], fixture->response, &entry, 1, fixture->arena, &err));
  assert_int_equal(entry.result, SAVE_INVALID);
  assert_int_equal(restore(fixture, WORK_ANNA, "M5", "", 1, 2).result, SAVE_DONE);
  assert_int_equal(restore(fixture, WORK_ANNA, "M5", "", 2, 3).result, SAVE_INVALID);
  assert_string_equal(past(fixture, "M5", 4)[1].value, "viens; divi");
  assert_int_equal(past(fixture, "M5", 4)[0].invalid, true);
}

static void a_restore_that_comes_late_changes_nothing(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "6", 1);
  work_save_one(fixture, WORK_BRUNO, "C3", "", "7", 2);
  struct save_entry entry = restore(fixture, WORK_ANNA, "C3", "", 1, 2); /* the page showed 6 */
  assert_int_equal(entry.result, SAVE_CONFLICT);
  assert_string_equal(entry.person, "Bruno");
  assert_string_equal(past(fixture, "C3", 3)[0].value, "7");
}

static void what_cannot_be_restored_is_refused(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  assert_int_equal(restore(fixture, WORK_ANNA, "C3", "", 9, 1).result, SAVE_REFUSED);
  assert_int_equal(restore(fixture, WORK_ANNA, "C3", "r1", 1, 1).result, SAVE_REFUSED);
  assert_int_equal(restore(fixture, WORK_ANNA, "X9", "", 1, 1).result, SAVE_REFUSED);
  assert_int_equal(restore(fixture, WORK_ANNA, "T4", "", 1, 0).result, SAVE_REFUSED);
  const struct work_past *list;
  assert_int_equal(work_history(fixture->db, &fixture->people[WORK_ANNA], fixture->response, "C3", "r1", fixture->arena,
                                &list, &err), 0);
  assert_int_equal(err.code, ERR_NOT_FOUND);
  err = (struct err){0};
  submit(fixture);
  struct save_entry entry = {.question = "C3", .row = "", .special = "", .restore = 1, .seen = 1};
  assert_err(work_save(fixture->db, &fixture->people[WORK_ANNA], fixture->response, &entry, 1, fixture->arena, &err), &err,
             ERR_LOCKED, "submitted");
}

/* ---- who submits */

static void rule_of_the_round(struct work_fixture *fixture) {
  struct err err = {0};
  assert_true(stmt_run(db_query(fixture->db, "UPDATE round SET submit_rule = 1"), &err));
}

static bool try_submit(struct work_fixture *fixture, int who, struct err *err) {
  int64_t revision = work_open_good(fixture, WORK_ANNA)->item.revision;
  return work_submit(fixture->db, &fixture->people[who], fixture->response, revision, err);
}

static void only_the_responsible_contact_submits(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  rule_of_the_round(fixture);
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_true(work_may_submit(&fixture->people[WORK_BRUNO], work)); /* nobody is named */
  assert_good(people_name_responsible(fixture->db, &fixture->people[WORK_ANNA], fixture->people[WORK_ANNA].person, &err),
              &err);
  work = work_open_good(fixture, WORK_BRUNO);
  assert_string_equal(work->item.responsible_name, "Anna");
  assert_false(work_may_submit(&fixture->people[WORK_BRUNO], work));
  assert_err(try_submit(fixture, WORK_BRUNO, &err), &err, ERR_DENIED, "may not submit");
  err = (struct err){0};
  assert_good(try_submit(fixture, WORK_ANNA, &err), &err);
  assert_err(try_submit(fixture, WORK_BRUNO, &err), &err, ERR_LOCKED, "submitted");
}

static void without_a_responsible_contact_anybody_submits(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  rule_of_the_round(fixture);
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  assert_good(people_name_address(fixture->db, "anna@example.org", &err), &err);
  assert_good(people_remove_address(fixture->db, "anna@example.org", &err), &err);
  assert_int_equal(work_open_good(fixture, WORK_BRUNO)->item.responsible, 0);
  int64_t revision = work_open_good(fixture, WORK_BRUNO)->item.revision;
  assert_good(work_submit(fixture->db, &fixture->people[WORK_BRUNO], fixture->response, revision, &err), &err);
}

static void with_the_usual_rule_anybody_submits(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  assert_good(people_name_address(fixture->db, "anna@example.org", &err), &err);
  assert_good(try_submit(fixture, WORK_BRUNO, &err), &err);
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
      TEST(colleagues_read_notes),
      TEST(the_same_note_twice_is_one),
      TEST(readers_see_no_notes),
      TEST(bad_notes_are_refused),
      TEST(wrong_places_are_not_found),
      TEST(others_find_nothing),
      TEST(only_ones_own_note_is_taken_back),
      TEST(experts_talk_among_themselves),
      TEST(flags_go_up_and_down),
      TEST(a_section_is_given_and_taken_back),
      TEST(what_was_said_stays_readable),
      TEST(an_earlier_answer_comes_back),
      TEST(several_choices_come_back),
      TEST(a_restore_that_comes_late_changes_nothing),
      TEST(what_cannot_be_restored_is_refused),
      TEST(only_the_responsible_contact_submits),
      TEST(without_a_responsible_contact_anybody_submits),
      TEST(with_the_usual_rule_anybody_submits),
  };
  return cmocka_run_group_tests_name("talk", tests, NULL, NULL);
}
