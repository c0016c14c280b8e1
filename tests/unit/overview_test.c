#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/overview.h"
#include "work_fixture.h"

/* How SQLite runs a statement, a step a line; what is looked up for each row (whom to call) left out. */
static const char *plan(struct work_fixture *fixture, const char *sql) {
  const char *text = arena_printf(fixture->arena, "EXPLAIN QUERY PLAN %s", sql), *steps = "";
  struct err err = {0};
  bool aside[512] = {0};
  struct stmt *stmt = db_query(fixture->db, text); /* a text of its own, which the arena keeps as long as the connection */
  while (stmt_step(stmt, &err)) {
    int64_t id = stmt_int(stmt, 0), parent = stmt_int(stmt, 1);
    assert_in_range(id, 0, 511);
    aside[id] = aside[parent] || strstr(stmt_text(stmt, 3), "CORRELATED") != NULL;
    if (!aside[id]) steps = arena_printf(fixture->arena, "%s%s\n", steps, stmt_text(stmt, 3));
  }
  stmt_end(stmt);
  assert_int_equal(err.code, ERR_NONE);
  return steps;
}

static int occurrences(const char *text, const char *part) {
  int count = 0;
  for (const char *at = text; (at = strstr(at, part)) != NULL; at++) count++;
  return count;
}

static struct overview_filter all(enum overview_order order, bool descending) {
  return (struct overview_filter){.round = "r1", .questionnaire = "q", .sector = "", .kind = "", .find = "",
                                  .order = order, .descending = descending, .limit = 50};
}

static void no_page_sorts_all_rows(void **state) {
  struct work_fixture *fixture = *state;
  static const char *const indexes[] = {"response_list", "response_disposition", "response_progress", "response_changed"};
  for (int order = OVERVIEW_BY_NAME; order < OVERVIEW_BY_DEADLINE; order++) {
    for (int descending = 0; descending < 2; descending++) {
      struct overview_filter filter = all((enum overview_order)order, descending);
      const char *steps = plan(fixture, overview_list_text(&filter));
      /* The page is found along the index of its order; then its few rows are put in order. */
      if (strstr(steps, arena_printf(fixture->arena, "INDEX %s (round=? AND questionnaire=?)", indexes[order])) == NULL ||
          occurrences(steps, "TEMP B-TREE") > 1 || strstr(steps, "SCAN") != NULL) {
        fail_msg("order %d: %s", order, steps);
      }
    }
  }
}

static void no_search_sorts_all_rows(void **state) {
  struct work_fixture *fixture = *state;
  for (int order = OVERVIEW_BY_NAME; order < OVERVIEW_BY_DEADLINE; order++) {
    for (int descending = 0; descending < 2; descending++) {
      struct overview_filter filter = all((enum overview_order)order, descending);
      filter.find = "kase";
      const char *steps = plan(fixture, overview_list_text(&filter));
      bool sorts = occurrences(steps, "TEMP B-TREE") > 1; /* but for the page's own rows */
      if (sorts || strstr(steps, "SCAN r") != NULL || strstr(steps, "INDEX response_") == NULL)
        fail_msg("order %d: %s", order, steps);
    }
  }
}

static void a_disposition_has_an_index(void **state) {
  struct work_fixture *fixture = *state;
  struct overview_filter filter = all(OVERVIEW_BY_NAME, false);
  filter.dispositions = 1u << 3;
  assert_non_null(strstr(plan(fixture, overview_list_text(&filter)),
                         "USING COVERING INDEX response_disposition (round=? AND questionnaire=? AND disposition=?)"));
}

static int setup(void **state) {
  *state = work_fixture_new();
  return 0;
}

static int teardown(void **state) {
  work_fixture_free(*state);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(no_page_sorts_all_rows, setup, teardown),
      cmocka_unit_test_setup_teardown(no_search_sorts_all_rows, setup, teardown),
      cmocka_unit_test_setup_teardown(a_disposition_has_an_index, setup, teardown),
  };
  return cmocka_run_group_tests_name("overview", tests, NULL, NULL);
}
