/* How people of a language write things (ICU): times, dates, plural categories, sort keys. The one place that knows ICU. */
#ifndef ANKETA_WEB_LOCALE_H
#define ANKETA_WEB_LOCALE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* The languages of the program, in the order in which people choose: lv, en, ru. */
#define LOCALE_LANGUAGES 3
const char *locale_language(int index);      /* its code */
const char *locale_language_name(int index); /* in itself: "Latviešu" */
int locale_index(const char *language);      /* 0 (lv) when it is none of them */

enum locale_time_style {
  LOCALE_TIME,       /* 10:32 */
  LOCALE_DATE,       /* 6. decembris (lv), 6 December (en), 6 декабря (ru); with the year when it is not this one */
  LOCALE_DATE_TIME,  /* 6. decembris, 10:32; today: 10:32 alone */
  LOCALE_MOMENT,     /* 2026. gada 6. decembris, 10:32: for records, never shortened */
  LOCALE_UNTIL       /* "6. decembrim" (lv, after "līdz"), "6 December", "6 декабря" */
};

/* In Europe/Riga time; in the arena. */
const char *locale_time(int64_t ms, enum locale_time_style style, const char *language, struct arena *arena);

/* How long something took, to the minute: "2 h 35 min" (ru "2 ч 35 мин"), "35 min", "2 h"; under half a minute "less than 1
 * min". Figures and units do not break. In the arena. */
const char *locale_duration(int64_t ms, const char *language, struct arena *arena);

/* Unicode's plural categories. */
enum locale_category { LOCALE_ZERO, LOCALE_ONE, LOCALE_TWO, LOCALE_FEW, LOCALE_MANY, LOCALE_OTHER };
#define LOCALE_CATEGORIES 6
const char *locale_category_name(enum locale_category category); /* "zero" */
enum locale_category locale_category(const char *language, double number);

/* True when a whole number of that language can fall into the category. */
bool locale_uses_category(const char *language, enum locale_category category);

/* The day in Europe/Riga, counted from 1970-01-01. */
int64_t locale_day(int64_t ms);

/* "zero", "one", "few", "many", "other". */
const char *locale_plural(const char *language, double number);

/* Bytes that sort as people of that language sort (lowercase hex), in the arena. */
const char *locale_sort_key(const char *language, const char *text, struct arena *arena);

/* Text in Unicode's normal form C, so that what looks the same is the same bytes; as it is when it is not UTF-8. In the
 * arena. */
const char *locale_normalize(const char *text, struct arena *arena);

/* The best of lv, en, ru for an Accept-Language header; lv when none fits. */
const char *locale_choose(const char *accept_language);

#endif
