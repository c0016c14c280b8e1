#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "survey/audit.h"
#include "work_fixture.h"

static struct audit_report verify(struct work_fixture *fixture, const char *kept) {
  struct err err = {0};
  struct audit_report report;
  assert_good(audit_verify(fixture->db, kept, &report, &err), &err);
  return report;
}

static void run(struct stmt *stmt) {
  struct err err = {0};
  assert_good(stmt_run(stmt, &err), &err);
}

static void add(struct work_fixture *fixture, const char *kind, const char *detail) {
  struct err err = {0};
  assert_good(event_add(fixture->db, 0, kind, "person 1", detail, &err), &err);
}

static void assert_broken(struct work_fixture *fixture, enum audit_fault fault, int64_t at) {
  struct audit_report report = verify(fixture, NULL);
  assert_int_equal(report.fault, fault);
  assert_int_equal(report.at, at);
}

static void the_book_of_the_program_is_whole(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct audit_report report = verify(fixture, NULL), head;
  assert_int_equal(report.fault, AUDIT_WHOLE);
  assert_true(report.count > 10);
  assert_int_equal(report.older, 0);
  assert_good(audit_head(fixture->db, &head, &err), &err);
  assert_int_equal(head.count, report.count);
  assert_string_equal(head.head, report.head);
  int64_t count = report.count;
  char kept[SECRET_HASH_LEN + 1];
  memcpy(kept, report.head, sizeof kept);
  add(fixture, "test", "");
  report = verify(fixture, kept);
  assert_int_equal(report.fault, AUDIT_WHOLE);
  assert_int_equal(report.count, count + 1);
  assert_int_equal(report.at, count);
  assert_string_not_equal(report.head, kept);
}

static void every_field_counts(void **state) {
  struct work_fixture *fixture = *state;
  static const char *const fields[] = {"kind", "subject", "detail", "happened", "person"};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    assert_true(stmt_run(db_query(fixture->db, "SAVEPOINT job"), NULL));
    switch (i) {
      case 0: run(db_query(fixture->db, "UPDATE event SET kind = kind || 'x' WHERE id = 5")); break;
      case 1: run(db_query(fixture->db, "UPDATE event SET subject = 'person 99' WHERE id = 5")); break;
      case 2: run(db_query(fixture->db, "UPDATE event SET detail = detail || ' ' WHERE id = 5")); break;
      case 3: run(db_query(fixture->db, "UPDATE event SET happened_ms = happened_ms + 1 WHERE id = 5")); break;
      case 4: run(db_query(fixture->db, "UPDATE event SET person_id = CASE WHEN person_id IS NULL THEN 1 END WHERE id = 5")); break;
    }
    assert_broken(fixture, AUDIT_CHANGED, 5);
    db_undo(fixture->db);
  }
  assert_int_equal(verify(fixture, NULL).fault, AUDIT_WHOLE);
}

/* What is moved from one field to the next must not look the same. */
static void fields_do_not_run_together(void **state) {
  struct work_fixture *fixture = *state;
  int64_t last = verify(fixture, NULL).count;
  add(fixture, "a", "bc");
  struct stmt *stmt = db_query(fixture->db, "UPDATE event SET subject = subject || 'b', detail = 'c' WHERE id = $1");
  stmt_bind_int(stmt, 1, last + 1);
  run(stmt);
  assert_broken(fixture, AUDIT_CHANGED, last + 1);
}

static void a_removed_event_is_missed(void **state) {
  struct work_fixture *fixture = *state;
  run(db_query(fixture->db, "DELETE FROM event WHERE id IN (4, 5)"));
  assert_broken(fixture, AUDIT_MISSING, 4);
  run(db_query(fixture->db, "UPDATE event SET id = id - 2 WHERE id > 5"));
  assert_broken(fixture, AUDIT_CHANGED, 4); /* also when the numbers are closed up */
}

static void the_first_events_are_missed(void **state) {
  struct work_fixture *fixture = *state;
  run(db_query(fixture->db, "DELETE FROM event WHERE id < 3"));
  assert_broken(fixture, AUDIT_MISSING, 1);
}

static void an_inserted_event_is_seen(void **state) {
  struct work_fixture *fixture = *state;
  int64_t next = verify(fixture, NULL).count + 1;
  run(db_query(fixture->db, "INSERT INTO event (happened_ms, kind, subject, detail) VALUES (1, 'x', 'y', '')"));
  assert_broken(fixture, AUDIT_UNLINKED, next);
  add(fixture, "after", ""); /* the program goes on, and the place stays visible */
  assert_broken(fixture, AUDIT_UNLINKED, next);
  run(db_query(fixture->db, "UPDATE event SET chain = (SELECT chain FROM event WHERE id = 3) WHERE chain = ''"));
  assert_broken(fixture, AUDIT_CHANGED, next);
}

static void reordered_events_are_seen(void **state) {
  struct work_fixture *fixture = *state;
  run(db_query(fixture->db, "UPDATE event SET id = -6 WHERE id = 6"));
  run(db_query(fixture->db, "UPDATE event SET id = 6 WHERE id = 7"));
  run(db_query(fixture->db, "UPDATE event SET id = 7 WHERE id = -6"));
  assert_broken(fixture, AUDIT_CHANGED, 6);
}

static void a_cut_off_end_shows_against_a_kept_head_only(void **state) {
  struct work_fixture *fixture = *state;
  struct audit_report before = verify(fixture, NULL);
  struct stmt *stmt = db_query(fixture->db, "DELETE FROM event WHERE id > $1");
  stmt_bind_int(stmt, 1, before.count - 2);
  run(stmt);
  assert_int_equal(verify(fixture, NULL).fault, AUDIT_WHOLE);
  assert_int_equal(verify(fixture, before.head).fault, AUDIT_NO_HEAD);
}

static void older_events_are_covered(void **state) {
  struct work_fixture *fixture = *state;
  run(db_query(fixture->db, "UPDATE event SET chain = ''")); /* as an older program left them */
  int64_t older = verify(fixture, NULL).count;
  add(fixture, "first", "");
  add(fixture, "second", "");
  struct audit_report report = verify(fixture, NULL);
  assert_int_equal(report.fault, AUDIT_WHOLE);
  assert_int_equal(report.older, older);
  assert_int_equal(report.count, older + 2);
  run(db_query(fixture->db, "UPDATE event SET detail = 'x' WHERE id = 2"));
  assert_broken(fixture, AUDIT_CHANGED, older + 1); /* all that can be said: up to there something changed */
}

static void events_of_an_undone_change_leave_no_gap(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  assert_true(db_begin(fixture->db, &err));
  add(fixture, "kept", "");
  assert_true(db_savepoint(fixture->db, &err));
  add(fixture, "undone", "");
  db_undo(fixture->db);
  add(fixture, "after", "");
  assert_true(db_commit(fixture->db, &err));
  assert_int_equal(verify(fixture, NULL).fault, AUDIT_WHOLE);
}

static void only_administrators_look(void **state) {
  struct work_fixture *fixture = *state;
  const struct event_filter all = {.person = 0};
  const struct event *events;
  const char *const *kinds;
  for (int i = 0; i < WORK_PEOPLE; i++) {
    struct err err = {0};
    assert_int_equal(audit_list(fixture->db, &fixture->people[i], &all, 10, fixture->arena, &events, &err), 0);
    assert_int_equal(err.code, ERR_DENIED);
    err = (struct err){0};
    assert_int_equal(audit_kinds(fixture->db, &fixture->people[i], fixture->arena, &kinds, &err), 0);
    assert_int_equal(err.code, ERR_DENIED);
  }
}

static size_t list(struct work_fixture *fixture, const struct event_filter *filter, const struct event **out) {
  struct err err = {0};
  const struct actor administrator = {.role = ROLE_ADMINISTRATOR};
  size_t count = audit_list(fixture->db, &administrator, filter, 3, fixture->arena, out, &err);
  assert_int_equal(err.code, ERR_NONE);
  return count;
}

static void the_list_is_filtered(void **state) {
  struct work_fixture *fixture = *state;
  const struct event *events;
  struct event_filter filter = {.kind = "sign-in"};
  assert_int_equal(list(fixture, &filter, &events), 3); /* a page */
  assert_string_equal(events[0].person_name, "Līga");
  filter.before = events[2].id;
  assert_int_equal(list(fixture, &filter, &events), 3);
  filter.before = events[2].id;
  assert_int_equal(list(fixture, &filter, &events), 0);
  filter = (struct event_filter){.person = fixture->people[WORK_ANNA].person, .kind = "link-new"};
  assert_int_equal(list(fixture, &filter, &events), 1); /* about her, by nobody */
  filter = (struct event_filter){.kind = "link-new", .since_ms = INT64_MAX};
  assert_int_equal(list(fixture, &filter, &events), 0);
  filter = (struct event_filter){.kind = "link-new", .until_ms = 1};
  assert_int_equal(list(fixture, &filter, &events), 0);
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
      TEST(the_book_of_the_program_is_whole), TEST(every_field_counts),
      TEST(fields_do_not_run_together),       TEST(a_removed_event_is_missed),
      TEST(the_first_events_are_missed),      TEST(an_inserted_event_is_seen),
      TEST(reordered_events_are_seen),        TEST(a_cut_off_end_shows_against_a_kept_head_only),
      TEST(older_events_are_covered),         TEST(events_of_an_undone_change_leave_no_gap),
      TEST(only_administrators_look),         TEST(the_list_is_filtered),
  };
  return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
