#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "web/locale.h"

static void now(void **state) {
  (void)state;
  int64_t before = (int64_t)time(NULL) * 1000;
  int64_t ms = clock_now_ms();
  assert_true(ms >= before - 1000 && ms <= before + 5000);
  clock_set_ms(1512556320000);
  assert_int_equal(clock_now_ms(), 1512556320000);
  clock_set_ms(0);
  assert_true(clock_now_ms() >= ms);
  int64_t us = clock_monotonic_us();
  assert_true(clock_monotonic_us() >= us);
}

static void iso(void **state) {
  (void)state;
  static const struct {
    int64_t ms;
    const char *text;
  } samples[] = {
      {0, "1970-01-01T00:00:00Z"},
      {1512556320999, "2017-12-06T10:32:00Z"},
      {-1, "1969-12-31T23:59:59Z"},
      {951782400000, "2000-02-29T00:00:00Z"},
      {4107542399000, "2100-02-28T23:59:59Z"},
      {4107542400000, "2100-03-01T00:00:00Z"},
      {253402300799999, "9999-12-31T23:59:59Z"},
  };
  char out[25];
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
    clock_iso(samples[i].ms, out);
    assert_string_equal(out, samples[i].text);
  }
  clock_iso(INT64_MAX, out);
  assert_int_equal(strlen(out), 20);
  clock_iso(INT64_MIN, out);
  assert_int_equal(strlen(out), 20);
}

/* Every day of the calendar against the C library's. */
static void all_days(void **state) {
  (void)state;
  for (int day = -719162; day <= 2932896; day++) {
    char text[11];
    int parsed = day + 1;
    time_t seconds = (time_t)day * 86400;
    struct tm tm;
    clock_format_date(day, text);
    if (!clock_parse_date(text, 10, &parsed) || parsed != day) fail_msg("day %d is %s", day, text);
    if (day % 13 != 0) continue; /* the library is slow */
    gmtime_r(&seconds, &tm);
    int year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
    int month = (text[5] - '0') * 10 + (text[6] - '0'), mday = (text[8] - '0') * 10 + (text[9] - '0');
    if (year != tm.tm_year + 1900 || month != tm.tm_mon + 1 || mday != tm.tm_mday) fail_msg("day %d is %s", day, text);
  }
}

static void not_dates(void **state) {
  (void)state;
  static const char *const texts[] = {
      "",           "2017",       "2017-1-06",  "2017-11-6",  "2017/11/06",  "2017-11-06 ", "2017-00-01", "2017-13-01",
      "2017-11-00", "2017-11-31", "2017-02-29", "1900-02-29", "0000-01-01",  "-017-11-06",  "2017-1a-06", "+017-11-06",
      "20171106",   "06.11.2017", "2017-11-0 ", "2017--1-06", "2017-11-06T",
  };
  int days = 42;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    if (clock_parse_date(texts[i], strlen(texts[i]), &days)) fail_msg("\"%s\" is no date", texts[i]);
  }
  assert_int_equal(days, 42);
  assert_true(clock_parse_date("2017-11-06 and more", 10, &days));
  assert_int_equal(days, 17476);
  assert_true(clock_parse_date("2000-02-29", 10, &days));
}

static void out_of_range(void **state) {
  (void)state;
  char out[11];
  clock_format_date(INT32_MAX, out);
  assert_string_equal(out, "9999-12-31");
  clock_format_date(INT32_MIN, out);
  assert_string_equal(out, "0001-01-01");
}

static void a_file_moves_the_clock(void **state) {
  (void)state;
  char path[] = "/tmp/anketa-clock-XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_false(clock_follow("/nowhere/clock"));
  int64_t before = clock_now_ms();
  assert_true(clock_follow(path));
  assert_in_range(clock_now_ms() - before, 0, 60000); /* an empty file moves nothing */
  assert_int_equal(write(fd, "86400000\n", 9), 9);
  assert_in_range(clock_now_ms() - before, 86400000, 86460000);
  assert_int_equal(pwrite(fd, "-3600000\n", 9, 0), 9);
  assert_in_range(before - clock_now_ms(), 3540000, 3600000);
  assert_int_equal(ftruncate(fd, 0), 0);
  close(fd);
  unlink(path);
}

/* Every half hour from 2025 to 2031, against ICU. */
static void riga(void **state) {
  (void)state;
  int first = clock_riga_day(INT64_C(1735682400000)), last = clock_riga_day(INT64_C(1924984800000));
  for (int day = first; day < last; day++) {
    for (int minute = 0; minute < 24 * 60; minute += 30) {
      int64_t ms = clock_riga_ms(day, minute);
      if (clock_riga_day(ms) != day || locale_day(ms) != day) fail_msg("day %d, minute %d", day, minute);
    }
    int64_t hours = (clock_riga_ms(day + 1, 0) - clock_riga_ms(day, 0)) / 3600000;
    if (hours < 23 || hours > 25) fail_msg("day %d has %d hours", day, (int)hours);
    if (locale_day(clock_riga_ms(day, 0) - 1) != day - 1) fail_msg("day %d does not begin at midnight", day);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(now),       cmocka_unit_test(iso),          cmocka_unit_test(all_days),
      cmocka_unit_test(not_dates), cmocka_unit_test(out_of_range),
      cmocka_unit_test(riga),      cmocka_unit_test(a_file_moves_the_clock),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
