#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "survey/dashboard.h"
#include "survey/field_views.h"
#include "survey/timeline.h"
#include "work_fixture.h"

#define DAY_MS (24 * INT64_C(3600000))
#define IN_ROUND INT64_C(1794823200000) /* 2026-11-16 10:00 UTC; the round is from 1 November to 6 December */
#define LAST_DAYS INT64_C(1796209200000) /* 2026-12-02 */
#define AFTER_ROUND INT64_C(1796637600000) /* 2026-12-07 */

static const struct actor *coordinator(struct work_fixture *fixture) { return &fixture->people[WORK_COORDINATOR]; }

static struct dashboard *look(struct work_fixture *fixture) {
  struct err err = {0};
  struct dashboard *dashboard = arena_alloc(fixture->arena, sizeof *dashboard);
  assert_good(dashboard_open(fixture->db, coordinator(fixture), "", "", fixture->arena, dashboard, &err), &err);
  return dashboard;
}

static void run(struct work_fixture *fixture, const char *sql, int64_t value, int64_t institution) {
  struct err err = {0};
  struct stmt *stmt = db_query(fixture->db, sql);
  stmt_bind_int(stmt, 1, value);
  stmt_bind_int(stmt, 2, institution);
  assert_good(stmt_run(stmt, &err), &err);
  assert_good(disposition_keep_round(fixture->db, "r1", &err), &err);
}

/* "VK:idle;", the abbreviation and the reason of each call. */
static void assert_calls(struct work_fixture *fixture, const char *expected) {
  struct buf got = {0};
  const struct dashboard *dashboard = look(fixture);
  for (size_t i = 0; i < dashboard->call_count; i++) {
    buf_printf(&got, "%s:%s;", dashboard->calls[i].row.abbreviation, dashboard_reason_name(dashboard->calls[i].reason));
  }
  assert_string_equal(buf_text(&got), expected);
  buf_free(&got);
}

static void it_counts(void **state) {
  struct work_fixture *fixture = *state;
  clock_set_ms(IN_ROUND);
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  const struct dashboard *dashboard = look(fixture);
  assert_int_equal(dashboard->questionnaire_count, 2);
  assert_string_equal(dashboard->chosen->id, "q");
  assert_int_equal(dashboard->chosen->group.total, 3);
  assert_int_equal(dashboard_count(&dashboard->chosen->group, FIELD_WORKING), 2);
  assert_int_equal(dashboard_count(&dashboard->chosen->group, FIELD_UNOPENED), 1);
  assert_int_equal(dashboard_share(&dashboard->chosen->group), 0);
  assert_int_equal(dashboard->sector_count, 3);
  assert_string_equal(dashboard->sectors[0].name, "Ārlietas");
  assert_int_equal(dashboard->kind_count, 2);
  assert_int_equal(dashboard->section_count, 1);
  assert_int_equal(dashboard->sections[0].answered, 1);
  assert_int_equal(dashboard->sections[0].required, 3);
  clock_set_ms(0);
}

static void who_does_not_move_is_called(void **state) {
  struct work_fixture *fixture = *state;
  int64_t kase = fixture->people[WORK_ANNA].institution, ministry = fixture->people[WORK_OTHER].institution;
  clock_set_ms(IN_ROUND);
  run(fixture, "UPDATE round_institution SET opened_ms = $1 WHERE opened_ms > $2", IN_ROUND - DAY_MS, 0);
  assert_calls(fixture, "");
  run(fixture, "UPDATE round_institution SET opened_ms = $1 WHERE institution = $2", IN_ROUND - 4 * DAY_MS, ministry);
  assert_calls(fixture, "ĀM:opened;");
  run(fixture, "UPDATE round_institution SET opened_ms = 0, invited_ms = $1 WHERE institution = $2", IN_ROUND - 5 * DAY_MS, kase);
  assert_calls(fixture, "VK:unopened;ĀM:opened;");
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  assert_calls(fixture, "ĀM:opened;");
  clock_set_ms(LAST_DAYS);
  assert_calls(fixture, "ĀM:opened;VK:idle;");
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  assert_calls(fixture, "ĀM:opened;");
  clock_set_ms(LAST_DAYS + DAY_MS + 1000);
  assert_calls(fixture, "ĀM:opened;VK:ready;");
  clock_set_ms(0);
}

static void who_was_called_is_left_alone(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  clock_set_ms(IN_ROUND);
  run(fixture, "UPDATE round_institution SET opened_ms = $1 WHERE institution = $2", IN_ROUND - 4 * DAY_MS,
      fixture->people[WORK_OTHER].institution);
  assert_calls(fixture, "ĀM:opened;");
  struct stmt *stmt = db_query(fixture->db,
      "INSERT INTO contact_log (round, institution, kind, incoming, with_whom, text, happened_ms, person_id, created_ms,"
      "  removed_ms) VALUES ('r1', $2, 0, 0, 'Cita', 'Sola', $1, 4, 0, 0)");
  stmt_bind_int(stmt, 1, IN_ROUND - DAY_MS);
  stmt_bind_int(stmt, 2, fixture->people[WORK_OTHER].institution);
  assert_good(stmt_run(stmt, &err), &err);
  assert_calls(fixture, "");
  clock_set_ms(IN_ROUND + 3 * DAY_MS);
  assert_int_equal(look(fixture)->call_count, 1);
  assert_int_equal(look(fixture)->calls[0].row.contacted_ms, IN_ROUND - DAY_MS);
  clock_set_ms(0);
}

static void deadlines_pass(void **state) {
  struct work_fixture *fixture = *state;
  int64_t kase = fixture->people[WORK_ANNA].institution;
  clock_set_ms(IN_ROUND);
  assert_int_equal(look(fixture)->overdue, 0);
  run(fixture, "UPDATE round_institution SET deadline_ms = $1 WHERE institution = $2", IN_ROUND - 1, kase);
  assert_int_equal(look(fixture)->overdue, 1);
  assert_string_equal(look(fixture)->calls[0].row.abbreviation, "VK");
  assert_int_equal(look(fixture)->calls[0].reason, DASHBOARD_OVERDUE);
  clock_set_ms(AFTER_ROUND);
  assert_int_equal(look(fixture)->overdue, 3);
  assert_calls(fixture, "ĀM:overdue;VK:overdue;ČP:overdue;");
  run(fixture, "UPDATE round_institution SET deadline_ms = $1 WHERE institution = $2", AFTER_ROUND + DAY_MS, kase);
  assert_int_equal(look(fixture)->overdue, 2);
  assert_calls(fixture, "ĀM:overdue;ČP:overdue;");
  clock_set_ms(0);
}

static void the_curve_stands_beside_the_plan(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  clock_set_ms(IN_ROUND);
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_good(work_submit(fixture->db, &fixture->people[WORK_ANNA], fixture->response, work->item.revision, &err), &err);
  clock_set_ms(IN_ROUND + 2 * DAY_MS);
  const struct dashboard *dashboard = look(fixture);
  assert_int_equal(dashboard->point_count, 36);
  assert_int_equal(dashboard->points[0].planned, 0);
  assert_int_equal(dashboard->points[35].planned, 3);
  assert_int_equal(dashboard->points[14].submitted, 0); /* 15 November */
  assert_int_equal(dashboard->points[15].submitted, 1);
  assert_int_equal(dashboard->points[17].submitted, 1);
  assert_int_equal(dashboard->points[18].submitted, -1);
  assert_int_equal(dashboard_share(&dashboard->chosen->group), 33);
  clock_set_ms(0);
}

static void a_long_round_has_a_short_curve(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  assert_good(stmt_run(db_query(fixture->db, "UPDATE round SET deadline = '2099-12-06'"), &err), &err);
  const struct dashboard *dashboard = look(fixture);
  assert_in_range(dashboard->point_count, 2, DASHBOARD_POINTS_MAX);
  assert_int_equal(dashboard->points[dashboard->point_count - 1].planned, 3);
}

static void it_is_not_for_all(void **state) {
  struct work_fixture *fixture = *state;
  struct dashboard dashboard;
  static const int denied[] = {WORK_ANNA, WORK_RESEARCHER, WORK_EXPERT};
  for (int i = 0; i < 3; i++) {
    struct err err = {0};
    assert_false(dashboard_open(fixture->db, &fixture->people[denied[i]], "", "", fixture->arena, &dashboard, &err));
    assert_int_equal(err.code, ERR_DENIED);
  }
}

/* ---- saved views */

static enum field_view_fault save(struct work_fixture *fixture, int who, const char *name, const char *query) {
  struct err err = {0};
  enum field_view_fault fault;
  struct field_filter filter = field_filter_parse(query, fixture->arena);
  bool ok = field_views_save(fixture->db, &fixture->people[who], name, &filter, &fault, &err);
  assert_true(ok == (fault == FIELD_VIEW_GOOD));
  return fault;
}

static void views_are_kept(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct field_view *views;
  assert_int_equal(save(fixture, WORK_COORDINATOR, " Kavētāji ", "overdue=1&from=50"), FIELD_VIEW_GOOD);
  assert_int_equal(save(fixture, WORK_COORDINATOR, "Kavētāji", "overdue=1"), FIELD_VIEW_GOOD); /* pressed twice */
  assert_int_equal(save(fixture, WORK_COORDINATOR, "Kavētāji", "status=open"), FIELD_VIEW_TAKEN);
  assert_int_equal(save(fixture, WORK_COORDINATOR, "  ", "status=open"), FIELD_VIEW_NO_NAME);
  assert_int_equal(save(fixture, WORK_COORDINATOR, "a\tb", "status=open"), FIELD_VIEW_LONG);
  assert_int_equal(save(fixture, WORK_COORDINATOR, "\xC4", "status=open"), FIELD_VIEW_LONG);
  assert_int_equal(field_views_list(fixture->db, coordinator(fixture), fixture->arena, &views, &err), 1);
  assert_string_equal(views[0].name, "Kavētāji");
  assert_string_equal(views[0].filter, "overdue=1");
  for (int i = 1; i < FIELD_VIEWS_MAX; i++)
    assert_int_equal(save(fixture, WORK_COORDINATOR, arena_printf(fixture->arena, "%d", i), ""), FIELD_VIEW_GOOD);
  assert_int_equal(save(fixture, WORK_COORDINATOR, "one more", ""), FIELD_VIEW_FULL);
  assert_good(field_views_remove(fixture->db, coordinator(fixture), views[0].id, &err), &err);
  assert_false(field_views_remove(fixture->db, coordinator(fixture), views[0].id, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
}

/* ---- the timeline */

static size_t events(struct work_fixture *fixture, enum timeline_choice choice, int before, size_t wanted,
                     const struct timeline_entry **out, int *more) {
  struct err err = {0};
  size_t count = timeline_page(fixture->db, coordinator(fixture), fixture->people[WORK_ANNA].institution, "r1", choice,
                               before, wanted, fixture->arena, out, more, &err);
  assert_int_equal(err.code, ERR_NONE);
  return count;
}

static void the_timeline_tells_all(void **state) {
  struct work_fixture *fixture = *state;
  const struct timeline_entry *entries;
  struct err err = {0};
  int more;
  clock_set_ms(IN_ROUND);
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  work_save_one(fixture, WORK_BRUNO, "B2", "", "5", 0);
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 1);
  clock_set_ms(IN_ROUND + DAY_MS);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  assert_int_equal(events(fixture, TIMELINE_WORK, 0, 50, &entries, &more), 3);
  assert_int_equal(more, 0);
  assert_int_equal(entries[0].answers, 1);
  assert_string_equal(entries[0].who, "Anna");
  int both = entries[1].answers + entries[2].answers;
  assert_int_equal(both, 3);
  assert_int_equal(events(fixture, TIMELINE_WORK, 0, 1, &entries, &more), 1); /* a page ends with its day */
  assert_int_equal(more, clock_riga_day(IN_ROUND) + 1);
  assert_int_equal(events(fixture, TIMELINE_WORK, more, 1, &entries, &more), 2);
  assert_int_equal(more, 0);
  assert_true(events(fixture, TIMELINE_ENTRIES, 0, 50, &entries, &more) >= 2);
  assert_int_equal(events(fixture, TIMELINE_CALLS, 0, 50, &entries, &more), 0);
  size_t acts = events(fixture, TIMELINE_ACTS, 0, 50, &entries, &more);
  for (size_t i = 0; i < acts; i++) assert_string_not_equal(entries[i].kind, "sign-in");
  assert_int_equal(timeline_page(fixture->db, &fixture->people[WORK_OTHER], fixture->people[WORK_ANNA].institution, "r1",
                                 TIMELINE_ALL, 0, 50, fixture->arena, &entries, &more, &err), 0);
  assert_int_equal(err.code, ERR_NOT_FOUND);
  clock_set_ms(0);
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
      WORK(it_counts), WORK(who_does_not_move_is_called), WORK(who_was_called_is_left_alone), WORK(deadlines_pass),
      WORK(the_curve_stands_beside_the_plan), WORK(a_long_round_has_a_short_curve), WORK(it_is_not_for_all),
      WORK(views_are_kept), WORK(the_timeline_tells_all),
  };
  return cmocka_run_group_tests_name("dashboard", tests, NULL, NULL);
}
