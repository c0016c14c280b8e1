#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>

#include "base/clock.h"
#include "web/locale.h"

#define HOUR_MS INT64_C(3600000)

static struct arena *arena;

static int start(void **state) {
  (void)state;
  arena = arena_new();
  return 0;
}

static int end(void **state) {
  (void)state;
  clock_set_ms(0);
  arena_free(arena);
  return 0;
}

/* "2017-12-06T08:32" in UTC. */
static int64_t utc(const char *text) {
  int days;
  assert_true(clock_parse_date(text, 10, &days));
  int hour = (text[11] - '0') * 10 + text[12] - '0', minute = (text[14] - '0') * 10 + text[15] - '0';
  return days * (24 * HOUR_MS) + hour * HOUR_MS + minute * INT64_C(60000);
}

static void writes_times_as_people_do(void **state) {
  (void)state;
  static const struct {
    const char *time;
    enum locale_time_style style;
    const char *language, *expected;
  } cases[] = {
      {"2017-12-06T08:32", LOCALE_TIME, "lv", "10:32"},
      {"2017-12-06T07:05", LOCALE_TIME, "en", "09:05"},
      {"2017-12-06T08:32", LOCALE_DATE, "lv", "6. decembris"},
      {"2017-12-06T08:32", LOCALE_DATE, "en", "6 December"},
      {"2017-12-06T08:32", LOCALE_DATE, "ru", "6 декабря"},
      {"2016-12-06T08:32", LOCALE_DATE, "lv", "2016. gada 6. decembris"},
      {"2018-01-01T08:32", LOCALE_DATE, "en", "1 January 2018"},
      {"2018-03-31T08:32", LOCALE_DATE, "ru", "31 марта 2018 года"},
      {"2017-12-05T08:32", LOCALE_DATE_TIME, "lv", "5. decembris, 10:32"},
      {"2017-12-05T08:32", LOCALE_DATE_TIME, "en", "5 December, 10:32"},
      {"2016-12-05T08:32", LOCALE_DATE_TIME, "lv", "2016. gada 5. decembris, 10:32"},
      {"2017-12-06T08:32", LOCALE_DATE_TIME, "lv", "10:32"}, /* today */
      {"2017-12-06T21:59", LOCALE_DATE_TIME, "ru", "23:59"},
      {"2017-12-06T22:00", LOCALE_DATE_TIME, "lv", "7. decembris, 00:00"}, /* tomorrow, in Riga */
      {"2017-12-05T22:00", LOCALE_DATE_TIME, "lv", "00:00"},
      {"2017-12-20T21:59", LOCALE_UNTIL, "lv", "20. decembrim"},
      {"2017-08-01T08:00", LOCALE_UNTIL, "lv", "1. augustam"},
      {"2018-03-01T08:00", LOCALE_UNTIL, "lv", "2018. gada 1. martam"},
      {"2017-05-31T08:00", LOCALE_UNTIL, "ru", "31 мая"},
      {"2017-05-31T08:00", LOCALE_UNTIL, "en", "31 May"},
      {"2017-06-15T08:32", LOCALE_TIME, "lv", "11:32"}, /* summer */
      {"1969-12-31T23:59", LOCALE_TIME, "lv", "02:59"}, /* before 1970; Moscow's time then */
  };
  clock_set_ms(utc("2017-12-06T10:00"));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *got = locale_time(utc(cases[i].time), cases[i].style, cases[i].language, arena);
    if (strcmp(got, cases[i].expected) != 0) fail_msg("%s: expected %s, got %s", cases[i].time, cases[i].expected, got);
  }
}

static void says_how_long(void **state) {
  static const struct {
    int64_t ms;
    const char *lv, *ru;
  } cases[] = {
      {0, "mazāk par 1\u00A0min", "менее 1\u00A0мин"},
      {29999, "mazāk par 1\u00A0min", "менее 1\u00A0мин"},
      {30000, "1\u00A0min", "1\u00A0мин"},
      {35 * 60000, "35\u00A0min", "35\u00A0мин"},
      {59 * 60000 + 30000, "1\u00A0h", "1\u00A0ч"},
      {HOUR_MS, "1\u00A0h", "1\u00A0ч"},
      {2 * HOUR_MS + 35 * 60000, "2\u00A0h 35\u00A0min", "2\u00A0ч 35\u00A0мин"},
      {1234 * HOUR_MS + 60000, "1234\u00A0h 1\u00A0min", "1234\u00A0ч 1\u00A0мин"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_string_equal(locale_duration(cases[i].ms, "lv", arena), cases[i].lv);
    assert_string_equal(locale_duration(cases[i].ms, "ru", arena), cases[i].ru);
  }
  assert_string_equal(locale_duration(1, "en", arena), "less than 1\u00A0min");
}

static void knows_the_hours_of_the_changes(void **state) {
  (void)state;
  /* 2017-03-26 03:00 becomes 04:00; 2017-10-29 04:00 becomes 03:00; both at 01:00 UTC. */
  assert_string_equal(locale_time(utc("2017-03-26T00:59"), LOCALE_TIME, "lv", arena), "02:59");
  assert_string_equal(locale_time(utc("2017-03-26T01:00"), LOCALE_TIME, "lv", arena), "04:00");
  assert_string_equal(locale_time(utc("2017-10-29T00:59"), LOCALE_TIME, "lv", arena), "03:59");
  assert_string_equal(locale_time(utc("2017-10-29T01:00"), LOCALE_TIME, "lv", arena), "03:00");
}

static void every_month_has_its_two_forms(void **state) {
  (void)state;
  static const char *const until[] = {"janvārim", "februārim", "martam",     "aprīlim",   "maijam",    "jūnijam",
                                      "jūlijam",  "augustam",  "septembrim", "oktobrim",  "novembrim", "decembrim"};
  clock_set_ms(utc("2017-06-06T10:00"));
  for (int month = 1; month <= 12; month++) {
    const char *date = arena_printf(arena, "2017-%02d-15T10:00", month);
    const char *text = locale_time(utc(date), LOCALE_UNTIL, "lv", arena);
    assert_string_equal(text, arena_printf(arena, "15. %s", until[month - 1]));
    assert_string_not_equal(locale_time(utc(date), LOCALE_DATE, "lv", arena), text);
  }
}

static void *ask_many(void *unused) {
  struct arena *own = arena_new();
  for (int i = 0; i < 20000; i++) {
    int64_t ms = i * (9 * HOUR_MS);
    const char *text = locale_time(ms, LOCALE_TIME, "lv", own);
    /* Riga is 2, 3 or 4 hours ahead of UTC, in all years since 1970. */
    int hour = (text[0] - '0') * 10 + text[1] - '0';
    int ahead = (hour - (int)(ms / HOUR_MS % 24) + 24) % 24;
    if (ahead < 2 || ahead > 4) unused = own;
    arena_reset(own);
  }
  arena_free(own);
  return unused;
}

static void threads_share_the_offsets(void **state) {
  (void)state;
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) assert_int_equal(pthread_create(&threads[i], NULL, ask_many, NULL), 0);
  for (int i = 0; i < 4; i++) {
    void *bad;
    pthread_join(threads[i], &bad);
    assert_null(bad);
  }
}

static void tells_plural_categories(void **state) {
  (void)state;
  static const struct {
    const char *language;
    double number;
    const char *expected;
  } cases[] = {
      {"lv", 0, "zero"},   {"lv", 1, "one"},    {"lv", 2, "other"},   {"lv", 10, "zero"},  {"lv", 11, "zero"},
      {"lv", 21, "one"},   {"lv", 111, "zero"}, {"lv", 121, "one"},   {"lv", 100, "zero"}, {"lv", 1000001, "one"},
      {"lv", 0.1, "one"},  {"lv", 1.5, "other"}, {"lv", -1, "one"},   {"en", 0, "other"},  {"en", 1, "one"},
      {"en", 101, "other"}, {"en", 1.5, "other"}, {"ru", 1, "one"},   {"ru", 2, "few"},    {"ru", 5, "many"},
      {"ru", 11, "many"},  {"ru", 101, "one"},  {"ru", 122, "few"},   {"ru", 1.5, "other"}, {"ru", 1e300, "other"},
      {"xx", 0, "zero"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *got = locale_plural(cases[i].language, cases[i].number);
    if (strcmp(got, cases[i].expected) != 0) {
      fail_msg("%s %g: expected %s, got %s", cases[i].language, cases[i].number, cases[i].expected, got);
    }
  }
  assert_true(locale_uses_category("lv", LOCALE_ZERO));
  assert_false(locale_uses_category("lv", LOCALE_FEW));
  assert_false(locale_uses_category("ru", LOCALE_OTHER));
}

/* Č, Ģ, Ķ … are letters of their own; a macron decides only between words that are otherwise the same. */
static void sorts_as_the_language_does(void **state) {
  (void)state;
  static const char *const lv[] = {"",       "Ādaži",     "Aizpute",  "Bauska", "Centrs", "Čiekurkalns", "Dagda", "Ērgļi",
                                   "Gulbene", "Ģimene",   "Iecava", "Īslīce", "Jelgava", "Kandava",    "Ķekava", "Zilupe",
                                   "Žīguri"};
  for (size_t i = 1; i < sizeof lv / sizeof *lv; i++) {
    if (strcmp(locale_sort_key("lv", lv[i - 1], arena), locale_sort_key("lv", lv[i], arena)) >= 0) {
      fail_msg("%s should stand before %s", lv[i - 1], lv[i]);
    }
  }
  assert_true(strcmp(locale_sort_key("ru", "Елгава", arena), locale_sort_key("ru", "Ёлка", arena)) < 0);
  assert_string_equal(locale_sort_key("lv", "Rīga", arena), locale_sort_key("lv", "Rīga", arena));
}

static void chooses_from_accept_language(void **state) {
  (void)state;
  static const struct {
    const char *header, *expected;
  } cases[] = {
      {"", "lv"},
      {"lv", "lv"},
      {"en", "en"},
      {"ru-RU,ru;q=0.9,en;q=0.8", "ru"},
      {"de-DE,de;q=0.9,en-GB;q=0.7,lv;q=0.3", "en"},
      {"de,fr;q=0.5", "lv"},
      {"en;q=0.2, lv;q=0.8", "lv"},
      {"en;q=0, ru;q=0.001", "ru"},
      {"EN-us", "en"},
      {"english", "lv"},
      {"eng", "lv"},
      {"*", "lv"},
      {",,, ;;; ,q=1,en", "en"},
      {"ru;q=1.000,en;q=1", "ru"},
      {"en;q=", "lv"},
      {"en ; q=0.5 , ru;q=0.6", "ru"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *got = locale_choose(cases[i].header);
    if (strcmp(got, cases[i].expected) != 0) {
      fail_msg("\"%s\": expected %s, got %s", cases[i].header, cases[i].expected, got);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(writes_times_as_people_do, start, end),
      cmocka_unit_test_setup_teardown(says_how_long, start, end),
      cmocka_unit_test_setup_teardown(knows_the_hours_of_the_changes, start, end),
      cmocka_unit_test_setup_teardown(every_month_has_its_two_forms, start, end),
      cmocka_unit_test(threads_share_the_offsets),
      cmocka_unit_test(tells_plural_categories),
      cmocka_unit_test_setup_teardown(sorts_as_the_language_does, start, end),
      cmocka_unit_test(chooses_from_accept_language),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
