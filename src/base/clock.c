#include "base/clock.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define FIRST_DAY (-719162) /* 0001-01-01 */
#define LAST_DAY 2932896    /* 9999-12-31 */

static _Atomic int64_t fixed_ms;
static _Atomic int followed_fd = -1;

static int64_t followed_ms(int fd) {
  char text[32];
  ssize_t len = pread(fd, text, sizeof text - 1, 0);
  text[len > 0 ? len : 0] = '\0';
  return strtoll(text, NULL, 10);
}

bool clock_follow(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd >= 0) atomic_store(&followed_fd, fd);
  return fd >= 0;
}

int64_t clock_now_ms(void) {
  int64_t fixed = atomic_load_explicit(&fixed_ms, memory_order_relaxed);
  if (fixed > 0) return fixed;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  int fd = atomic_load_explicit(&followed_fd, memory_order_relaxed);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + (fd >= 0 ? followed_ms(fd) : 0);
}

void clock_set_ms(int64_t ms) { atomic_store(&fixed_ms, ms > 0 ? ms : 0); }

int64_t clock_monotonic_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Days from the civil date and back: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". Years begin in March, so
 * that the leap day is a year's last. */
static int days_from_civil(int year, int month, int day) {
  int y = month <= 2 ? year - 1 : year;
  int era = (y >= 0 ? y : y - 399) / 400;
  int year_of_era = y - era * 400;
  int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int days, int *year, int *month, int *day) {
  int z = days + 719468;
  int era = (z >= 0 ? z : z - 146096) / 146097;
  int day_of_era = z - era * 146097;
  int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int shifted_month = (5 * day_of_year + 2) / 153;
  *day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

static int clamp_days(int64_t days) {
  if (days < FIRST_DAY) return FIRST_DAY;
  if (days > LAST_DAY) return LAST_DAY;
  return (int)days;
}

/* 0 <= number < 10^width, in digits with leading zeros. */
static void put_digits(char *out, int number, int width) {
  for (int i = width - 1; i >= 0; i--) {
    out[i] = (char)('0' + number % 10);
    number /= 10;
  }
}

void clock_format_date(int days, char out[11]) {
  int year, month, day;
  civil_from_days(clamp_days(days), &year, &month, &day);
  put_digits(out, year, 4);
  out[4] = '-';
  put_digits(out + 5, month, 2);
  out[7] = '-';
  put_digits(out + 8, day, 2);
  out[10] = '\0';
}

void clock_iso(int64_t ms, char out[25]) {
  int64_t days = ms / DAY_MS, rest = ms % DAY_MS;
  if (rest < 0) {
    days--;
    rest += DAY_MS;
  }
  int second = (int)(rest / 1000);
  clock_format_date(clamp_days(days), out);
  out[10] = 'T';
  put_digits(out + 11, second / 3600, 2);
  out[13] = ':';
  put_digits(out + 14, second / 60 % 60, 2);
  out[16] = ':';
  put_digits(out + 17, second % 60, 2);
  out[19] = 'Z';
  out[20] = '\0';
}

/* -1 when the bytes are not all digits. */
static int read_digits(const char *text, int width) {
  int number = 0;
  for (int i = 0; i < width; i++) {
    if (text[i] < '0' || text[i] > '9') return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

bool clock_parse_date(const char *text, size_t len, int *days) {
  static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (len != 10 || text[4] != '-' || text[7] != '-') return false;
  int year = read_digits(text, 4), month = read_digits(text + 5, 2), day = read_digits(text + 8, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day > month_days[month - 1] + (month == 2 && leap ? 1 : 0)) return false;
  *days = days_from_civil(year, month, day);
  return true;
}

/* The last Sunday of a month of 31 days; 1970-01-01 was a Thursday. */
static int last_sunday(int year, int month) {
  int days = days_from_civil(year, month, 31);
  return days - (days + 4) % 7;
}

/* Summer time begins and ends at one o'clock in Greenwich. */
static int64_t riga_offset_ms(int64_t ms) {
  int year, month, day;
  civil_from_days(clamp_days(ms / DAY_MS), &year, &month, &day);
  bool summer = ms >= last_sunday(year, 3) * DAY_MS + HOUR_MS && ms < last_sunday(year, 10) * DAY_MS + HOUR_MS;
  return (summer ? 3 : 2) * HOUR_MS;
}

int64_t clock_riga_ms(int days, int minute) {
  int64_t local = days * DAY_MS + minute * INT64_C(60000);
  int64_t in_summer = local - 3 * HOUR_MS;
  return riga_offset_ms(in_summer) == 3 * HOUR_MS ? in_summer : local - 2 * HOUR_MS;
}

int clock_riga_day(int64_t ms) { return clamp_days((ms + riga_offset_ms(ms)) / DAY_MS); }
