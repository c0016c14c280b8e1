#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "web/deadline.h"
#include "web/locale.h"

/* "2017-12-06T08:32" in UTC. */
static int64_t utc(const char *text) {
  int days;
  assert_true(clock_parse_date(text, 10, &days));
  int hour = (text[11] - '0') * 10 + text[12] - '0', minute = (text[14] - '0') * 10 + text[15] - '0';
  return days * INT64_C(86400000) + hour * INT64_C(3600000) + minute * INT64_C(60000);
}

static void days_are_of_rigas_calendar(void **state) {
  (void)state;
  static const struct {
    const char *now, *deadline; /* the last minute of the last day */
    int days;
  } cases[] = {
      {"2017-11-24T10:00", "2017-12-06T21:59", 12},
      {"2017-12-05T21:59", "2017-12-06T21:59", 1},  /* 23:59 in Riga */
      {"2017-12-05T22:00", "2017-12-06T21:59", 0},  /* midnight in Riga, not yet in Greenwich */
      {"2017-12-06T14:50", "2017-12-06T21:59", 0},  /* 16:50 on the last day */
      {"2017-12-06T21:59", "2017-12-06T21:59", 0},
      {"2017-12-06T22:00", "2017-12-06T21:59", -1},
      {"2017-12-08T05:00", "2017-12-06T21:59", -2},
      {"2017-03-25T12:00", "2017-03-26T20:59", 1},  /* a day of 23 hours */
      {"2017-03-24T22:30", "2017-03-26T20:59", 1},
      {"2017-10-28T21:30", "2017-10-29T21:59", 0},  /* a day of 25 hours */
      {"2016-02-28T12:00", "2016-03-01T21:59", 2},
      {"2017-12-31T12:00", "2018-01-01T21:59", 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    clock_set_ms(utc(cases[i].now));
    int64_t got = deadline_days(utc(cases[i].deadline));
    if (got != cases[i].days) fail_msg("%s: expected %d, got %d", cases[i].now, cases[i].days, (int)got);
  }
  clock_set_ms(0);
}

static void says_it_in_three_languages(void **state) {
  (void)state;
  static const struct {
    int days;
    const char *texts[LOCALE_LANGUAGES];
  } cases[] = {
      {12, {"Līdz termiņam 12 dienas", "12 days to the deadline", "До срока 12 дней"}},
      {2, {"Līdz termiņam 2 dienas", "2 days to the deadline", "До срока 2 дня"}},
      {1, {"Līdz termiņam 1 diena", "1 day to the deadline", "До срока 1 день"}},
      {10, {"Līdz termiņam 10 dienas", "10 days to the deadline", "До срока 10 дней"}},
      {21, {"Līdz termiņam 21 diena", "21 days to the deadline", "До срока 21 день"}},
      {0, {"Termiņš ir šodien", "The deadline is today", "Срок сегодня"}},
      {-1, {"Termiņš bija pirms 1 dienas", "The deadline was 1 day ago", "Срок истёк 1 день назад"}},
      {-2, {"Termiņš bija pirms 2 dienām", "The deadline was 2 days ago", "Срок истёк 2 дня назад"}},
      {-11, {"Termiņš bija pirms 11 dienām", "The deadline was 11 days ago", "Срок истёк 11 дней назад"}},
  };
  struct err err = {0};
  struct arena *arena = arena_new();
  struct templates *templates = templates_load(true, &err);
  if (templates == NULL) fail_msg("%s:%d: %s", err.where, err.line, err.text);
  clock_set_ms(utc("2017-12-06T10:00"));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (int language = 0; language < LOCALE_LANGUAGES; language++)
      assert_string_equal(deadline_text(templates, clock_now_ms() + cases[i].days * INT64_C(86400000),
                                        locale_language(language), arena),
                          cases[i].texts[language]);
  clock_set_ms(0);
  templates_free(templates);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(days_are_of_rigas_calendar),
      cmocka_unit_test(says_it_in_three_languages),
  };
  return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}
