/* Time as the program keeps it: milliseconds since 1970-01-01T00:00:00Z. */
#ifndef ANKETA_BASE_CLOCK_H
#define ANKETA_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Now. Tests may fix it with clock_set_ms(ms > 0); 0 lets it run again. */
int64_t clock_now_ms(void);
void clock_set_ms(int64_t ms);

/* For tests of a whole program: from now on the first line of this file says how many milliseconds the clock is ahead of the
 * real one (behind: a minus); it is read anew for each clock_now_ms. False when it cannot be opened. */
bool clock_follow(const char *path);

/* For measuring only: never goes back. */
int64_t clock_monotonic_us(void);

/* "2017-12-06T10:32:00Z"; out holds at least 25 bytes. */
void clock_iso(int64_t ms, char out[25]);

/* "2017-12-06" as days since 1970-01-01; false when the text is not a date of the Gregorian calendar. */
bool clock_parse_date(const char *text, size_t len, int *days);
void clock_format_date(int days, char out[11]);

/* A moment by the clocks of Riga: minute of the day, by the European Union's rule for summer time. In the night when they
 * are put forward, 3.30 stands for 4.30; when they are put back, the first 3.30 is meant. */
int64_t clock_riga_ms(int days, int minute);

/* The day in Riga at a moment, as days since 1970-01-01. */
int clock_riga_day(int64_t ms);

#endif
