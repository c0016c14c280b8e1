#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store/institution.h"
#include "store/tally.h"
#include "survey/disposition.h"
#include "work_fixture.h"

/* What is counted, in one text: lines that have come to nothing left out. */
static const char *counted(struct work_fixture *fixture) {
  static const char *const texts[] = {
      "SELECT group_concat(t, ';') FROM (SELECT round || questionnaire || disposition || sector || kind || '=' || responses t"
      " FROM tally WHERE responses <> 0 ORDER BY t)",
      "SELECT group_concat(t, ';') FROM (SELECT round || questionnaire || hour || '=' || responses t FROM tally_hour"
      " WHERE responses <> 0 ORDER BY t)",
      "SELECT group_concat(t, ';') FROM (SELECT round || questionnaire || section || '=' || responses || ',' || done || ','"
      " || required || ',' || answered t FROM tally_section WHERE responses <> 0 ORDER BY t)",
  };
  const char *all = "";
  for (int i = 0; i < 3; i++) {
    struct stmt *stmt = db_query(fixture->db, texts[i]);
    assert_true(stmt_step(stmt, NULL));
    all = arena_printf(fixture->arena, "%s|%s", all, stmt_is_null(stmt, 0) ? "" : stmt_text(stmt, 0));
    stmt_end(stmt);
  }
  return all;
}

/* What was kept is what a new count gives. */
static void assert_kept(struct work_fixture *fixture) {
  struct err err = {0};
  const char *kept = counted(fixture);
  assert_good(tally_round(fixture->db, "r1", &err), &err);
  assert_string_equal(kept, counted(fixture));
}

static int responses(struct work_fixture *fixture, const char *questionnaire, int disposition) {
  struct tally_line line;
  struct err err = {0};
  int found = 0;
  struct stmt *stmt = tally_list(fixture->db, "r1");
  while (tally_next(stmt, &line, &err))
    if (strcmp(line.questionnaire, questionnaire) == 0 && line.disposition == disposition) found += line.responses;
  stmt_end(stmt);
  return found;
}

static struct tally_progress section(struct work_fixture *fixture) {
  struct tally_progress progress = {0};
  struct err err = {0};
  struct stmt *stmt = tally_sections(fixture->db, "r1", "q");
  tally_next_section(stmt, &progress, &err);
  stmt_end(stmt);
  progress.section = NULL;
  return progress;
}

static void a_round_is_counted(void **state) {
  struct work_fixture *fixture = *state;
  assert_int_equal(responses(fixture, "q", DISPOSITION_OPENED), 2);
  assert_int_equal(responses(fixture, "q", DISPOSITION_NOT_INVITED), 1);
  assert_int_equal(responses(fixture, "e", DISPOSITION_NOT_INVITED), 3);
  assert_kept(fixture);
}

static void submit(struct work_fixture *fixture) {
  struct err err = {0};
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_good(work_submit(fixture->db, &fixture->people[WORK_ANNA], fixture->response, work->item.revision, &err), &err);
}

static void it_is_kept_with_the_work(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  assert_kept(fixture);
  assert_int_equal(responses(fixture, "q", DISPOSITION_STARTED), 1);
  struct tally_progress progress = section(fixture);
  assert_int_equal(progress.responses, 1);
  assert_int_equal(progress.required, 3);
  assert_int_equal(progress.answered, 1);
  assert_int_equal(progress.done, 0);
  work_save_one(fixture, WORK_ANNA, "B2", "", "5", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "7", 0);
  assert_int_equal(section(fixture).done, 1);
  assert_kept(fixture);
  submit(fixture);
  assert_kept(fixture);
  assert_int_equal(responses(fixture, "q", DISPOSITION_SUBMITTED), 1);
  assert_int_equal(section(fixture).responses, 0);
  int64_t hour;
  int at_once;
  struct stmt *stmt = tally_hours(fixture->db, "r1", "q");
  assert_true(tally_next_hour(stmt, &hour, &at_once, &err));
  assert_true(hour == clock_now_ms() / 3600000 || hour == clock_now_ms() / 3600000 - 1);
  assert_int_equal(at_once, 1);
  stmt_end(stmt);
}

static void a_reopened_one_leaves_the_curve(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "7", 0);
  submit(fixture);
  struct stmt *stmt = db_query(fixture->db, "UPDATE response SET status = 3, submitted_ms = 0 WHERE id = $1");
  stmt_bind_int(stmt, 1, fixture->response);
  assert_good(stmt_run(stmt, &err) && disposition_keep(fixture->db, fixture->response, &err), &err);
  int64_t hour;
  int at_once;
  stmt = tally_hours(fixture->db, "r1", "q");
  assert_false(tally_next_hour(stmt, &hour, &at_once, &err));
  stmt_end(stmt);
  assert_int_equal(responses(fixture, "q", DISPOSITION_REOPENED), 1);
  assert_int_equal(section(fixture).responses, 1);
  assert_kept(fixture);
}

static void a_changed_institution_moves(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  struct institution changed = {.registration_number = "90000000001", .name = "Valsts kase", .abbreviation = "VK",
                                .kind = "agency", .sector = "Cits", .segments = "", .sort_key = "00", .search_text = "x"};
  assert_true(institution_put(fixture->db, &changed, &err) > 0);
  assert_kept(fixture);
  assert_non_null(strstr(counted(fixture), "r1q3Citsagency=1"));
  assert_null(strstr(counted(fixture), "Finanses"));
}

static void invitations_and_participation_move(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  int64_t institution = fixture->people[WORK_OTHER].institution;
  assert_good(disposition_note_invited(fixture->db, "r1", institution, &err), &err);
  assert_kept(fixture);
  assert_good(stmt_run(db_query(fixture->db, "UPDATE round_institution SET participation = 1"), &err), &err);
  assert_good(disposition_keep_institution(fixture->db, "r1", institution, &err), &err);
  assert_kept(fixture);
  assert_int_equal(responses(fixture, "q", DISPOSITION_NOT_PARTICIPATING), 1);
  assert_good(disposition_keep_round(fixture->db, "r1", &err), &err);
  assert_int_equal(responses(fixture, "q", DISPOSITION_NOT_PARTICIPATING), 3);
}

static void sections_of_another_version_are_dropped(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  const struct tally_section other[] = {{"x", 4, 2}, {"y", 1, 1}};
  assert_good(tally_put_sections(fixture->db, fixture->response, other, 2, &err), &err);
  assert_kept(fixture);
  assert_non_null(strstr(counted(fixture), "r1qx=1,0,4,2;r1qy=1,1,1,1"));
  assert_null(strstr(counted(fixture), "r1qs1="));
}

static int setup(void **state) {
  *state = work_fixture_new();
  return 0;
}

static int teardown(void **state) {
  work_fixture_free(*state);
  return 0;
}

#define WORK(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      WORK(a_round_is_counted),          WORK(it_is_kept_with_the_work),
      WORK(a_reopened_one_leaves_the_curve), WORK(a_changed_institution_moves),
      WORK(invitations_and_participation_move), WORK(sections_of_another_version_are_dropped),
  };
  return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
