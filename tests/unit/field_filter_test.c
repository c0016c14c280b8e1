#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "survey/field_filter.h"

/* An address is read and written: what stays is what counts. */
static void assert_address(const char *query, const char *expected) {
  struct arena *arena = arena_new();
  struct field_filter filter = field_filter_parse(query, arena);
  const char *once = field_filter_print(&filter, arena);
  assert_string_equal(once, expected);
  struct field_filter again = field_filter_parse(once, arena);
  assert_string_equal(field_filter_print(&again, arena), expected);
  arena_free(arena);
}

static void an_address_is_stable(void **state) {
  (void)state;
  assert_address("", "");
  assert_address("q=self-assessment&status=started", "q=self-assessment&status=started");
  assert_address("from=50&sort=-changed&find=kase&round=r1", "round=r1&find=kase&sort=-changed&from=50");
  assert_address("sector=Izgl%C4%ABt%C4%ABba+un+zin%C4%81tne&kind=ministry", "sector=Izgl%C4%ABt%C4%ABba%20un%20zin%C4%81tne&kind=ministry");
  assert_address("overdue=1&status=open", "status=open&overdue=1");
  assert_address("find=a%26b%3Dc", "find=a%26b%3Dc");
  assert_address("sort=name", "");
  assert_address("sort=-name", "sort=-name");
}

static void what_is_unknown_is_ignored(void **state) {
  (void)state;
  assert_address("x=1&status=nowhere&sort=colour&from=-7&overdue=yes&&=&q", "");
  assert_address("from=99999999999999999999", "");
  assert_address("from=1000001", "");
  assert_address("find=%zz&q=a", "q=a");
  assert_address("find=%C4&q=a", "q=a");
  assert_address("find=%00&q=a", "q=a");
  assert_address("find=++", "");
  assert_address("find=++a+b++", "find=a%20b");
  assert_address("limit=7", "");
}

static void long_texts_are_cut(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  char query[1024] = "find=";
  for (int i = 0; i < 250; i++) memcpy(query + 5 + 2 * i, "\xC4\x81", 3);
  struct field_filter filter = field_filter_parse(query, arena);
  assert_int_equal(strlen(filter.find), 400);
  arena_free(arena);
}

static void dispositions_have_names(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  for (int i = 0; i < DISPOSITION_COUNT; i++) {
    const char *query = arena_printf(arena, "status=%s", disposition_name((enum disposition)i));
    struct field_filter filter = field_filter_parse(query, arena);
    assert_int_equal(filter.dispositions, 1u << i);
    assert_string_equal(field_filter_print(&filter, arena), query);
  }
  assert_int_equal(field_filter_parse("status=unopened", arena).dispositions, FIELD_UNOPENED);
  assert_int_equal(field_filter_parse("status=working", arena).dispositions, FIELD_WORKING);
  assert_int_equal(FIELD_OPEN & (FIELD_ONLY(DISPOSITION_SUBMITTED) | FIELD_ONLY(DISPOSITION_PARTIAL) |
                                 FIELD_ONLY(DISPOSITION_NOT_PARTICIPATING)), 0);
  assert_string_equal(field_dispositions_name(0), "");
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_address_is_stable),
      cmocka_unit_test(what_is_unknown_is_ignored),
      cmocka_unit_test(long_texts_are_cut),
      cmocka_unit_test(dispositions_have_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
