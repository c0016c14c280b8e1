#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "survey/presence.h"

struct fixture {
  struct presence *presence;
  struct arena *arena;
  const struct presence_person *people;
};

static int start(void **state) {
  static struct fixture fixture;
  fixture = (struct fixture){.presence = presence_new(), .arena = arena_new()};
  *state = &fixture;
  return 0;
}

static int end(void **state) {
  struct fixture *fixture = *state;
  presence_free(fixture->presence);
  arena_free(fixture->arena);
  return 0;
}

static void say(struct fixture *fixture, int64_t response, int64_t person, const char *tab, const char *section,
                const char *key, int64_t now_ms) {
  struct presence_beat beat = {.response = response, .person = person, .name = person == 1 ? "Anna" : "Jānis", .tab = tab,
                               .section = section, .key = key};
  presence_note(fixture->presence, &beat, now_ms);
}

static size_t list(struct fixture *fixture, int64_t response, int64_t now_ms) {
  return presence_list(fixture->presence, response, now_ms, fixture->arena, &fixture->people);
}

static void lists_who_is_where(void **state) {
  struct fixture *fixture = *state;
  assert_int_equal(list(fixture, 7, 0), 0);
  say(fixture, 7, 1, "a", "one", "V1", 0);
  say(fixture, 7, 2, "b", "two", "", 10);
  say(fixture, 7 + 256, 2, "c", "one", "", 10); /* another response in the same bucket */
  assert_int_equal(list(fixture, 7, 20), 2);
  assert_string_equal(fixture->people[0].name, "Anna");
  assert_string_equal(fixture->people[0].section, "one");
  assert_string_equal(fixture->people[0].key, "V1");
  assert_int_equal(fixture->people[1].person, 2);
  assert_string_equal(fixture->people[1].key, "");
  say(fixture, 7, 1, "a", "two", "V9", 30);
  assert_int_equal(list(fixture, 7, 40), 2);
  assert_string_equal(fixture->people[0].section, "two");
  assert_string_equal(fixture->people[0].key, "V9");
}

static void a_person_is_listed_once_for_a_section(void **state) {
  struct fixture *fixture = *state;
  say(fixture, 7, 1, "a", "one", "V1", 0);
  say(fixture, 7, 1, "b", "one", "V2", 10);
  say(fixture, 7, 1, "c", "one", "", 20);
  say(fixture, 7, 1, "d", "two", "", 20);
  assert_int_equal(list(fixture, 7, 30), 2);
  assert_string_equal(fixture->people[0].key, "V2"); /* the last field anybody was in */
  say(fixture, 7, 1, "a", "one", "V3", 40);
  assert_int_equal(list(fixture, 7, 50), 2);
  assert_string_equal(fixture->people[0].key, "V3");
}

static void silence_and_leaving_end_it(void **state) {
  struct fixture *fixture = *state;
  say(fixture, 7, 1, "a", "one", "", 1000);
  say(fixture, 7, 2, "b", "one", "", 2000);
  assert_int_equal(list(fixture, 7, 1000 + PRESENCE_KEPT_MS), 2);
  assert_int_equal(list(fixture, 7, 1001 + PRESENCE_KEPT_MS), 1);
  assert_int_equal(fixture->people[0].person, 2);
  presence_leave(fixture->presence, 7, 1, "b"); /* somebody else's */
  presence_leave(fixture->presence, 8, 2, "b");
  assert_int_equal(list(fixture, 7, 2000), 1);
  presence_leave(fixture->presence, 7, 2, "b");
  assert_int_equal(list(fixture, 7, 2000), 0);
}

static void one_person_cannot_push_out_the_others(void **state) {
  struct fixture *fixture = *state;
  char tab[16];
  say(fixture, 7, 2, "b", "one", "", 0);
  for (int i = 0; i < 2 * PRESENCE_TABS_MAX; i++) {
    snprintf(tab, sizeof tab, "t%d", i);
    say(fixture, 7, 1, tab, tab, "", 1 + i % 3);
  }
  assert_int_equal(list(fixture, 7, 3), 1 + PRESENCE_PERSON_TABS_MAX);
  assert_int_equal(fixture->people[0].person, 2);
}

static void the_table_is_bounded(void **state) {
  struct fixture *fixture = *state;
  int found = 0;
  for (int i = 0; i < PRESENCE_TABS_MAX + 5; i++) say(fixture, i, 1, "a", "one", "", i);
  for (int i = 0; i < PRESENCE_TABS_MAX + 5; i++) found += (int)list(fixture, i, PRESENCE_TABS_MAX);
  assert_int_equal(found, PRESENCE_TABS_MAX);
  assert_int_equal(list(fixture, 4, PRESENCE_TABS_MAX), 0); /* the oldest are out */
  assert_int_equal(list(fixture, 5, PRESENCE_TABS_MAX), 1);
}

static void *use(void *context) {
  struct fixture *fixture = context;
  struct arena *arena = arena_new();
  const struct presence_person *people;
  char tab[16];
  for (int i = 0; i < 5000; i++) {
    snprintf(tab, sizeof tab, "t%d", i % 40);
    struct presence_beat beat = {.response = i % 5, .person = i % 7, .name = "x", .tab = tab, .section = "one", .key = ""};
    presence_note(fixture->presence, &beat, i);
    presence_list(fixture->presence, i % 5, i, arena, &people);
    if (i % 3 == 0) presence_leave(fixture->presence, i % 5, i % 7, tab);
    arena_reset(arena);
  }
  arena_free(arena);
  return NULL;
}

static void threads(void **state) {
  pthread_t running[4];
  for (int i = 0; i < 4; i++) assert_int_equal(pthread_create(&running[i], NULL, use, *state), 0);
  for (int i = 0; i < 4; i++) pthread_join(running[i], NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(lists_who_is_where, start, end),
      cmocka_unit_test_setup_teardown(a_person_is_listed_once_for_a_section, start, end),
      cmocka_unit_test_setup_teardown(silence_and_leaving_end_it, start, end),
      cmocka_unit_test_setup_teardown(one_person_cannot_push_out_the_others, start, end),
      cmocka_unit_test_setup_teardown(the_table_is_bounded, start, end),
      cmocka_unit_test_setup_teardown(threads, start, end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
