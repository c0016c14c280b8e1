#include "web/locale.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>
#include <unicode/ucal.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "base/clock.h"
#include "base/log.h"

#define DAY_MS INT64_C(86400000)

static const struct language {
  const char *code, *name;
  const char *months[12];       /* as in "6. decembris" */
  const char *months_until[12]; /* as after "līdz" */
} languages[LOCALE_LANGUAGES] = {
    {"lv",
     "Latviešu",
     {"janvāris", "februāris", "marts", "aprīlis", "maijs", "jūnijs", "jūlijs", "augusts", "septembris", "oktobris",
      "novembris", "decembris"},
     {"janvārim", "februārim", "martam", "aprīlim", "maijam", "jūnijam", "jūlijam", "augustam", "septembrim",
      "oktobrim", "novembrim", "decembrim"}},
    {"en",
     "English",
     {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December"},
     {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December"}},
    {"ru",
     "Русский",
     {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
      "декабря"},
     {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
      "декабря"}}};

const char *locale_language(int index) { return languages[index].code; }

const char *locale_language_name(int index) { return languages[index].name; }

int locale_index(const char *language) {
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    if (strcmp(languages[i].code, language) == 0) return i;
  }
  return 0;
}

/* Europe/Riga's distance from UTC, asked of ICU once per quarter of an hour in use; zones change at no finer moments. A
 * cell keeps its quarter and the offset in minutes in one word, so that threads need no lock to read it. */

#define QUARTER_MS INT64_C(900000)
#define OFFSET_CELLS 1024u
#define OFFSET_BIAS 1024 /* minutes; makes the offset positive and an empty cell (0) no quarter's */

static _Atomic uint64_t offset_cells[OFFSET_CELLS];
static pthread_mutex_t riga_lock = PTHREAD_MUTEX_INITIALIZER;
static UCalendar *riga;

static int ask_offset(int64_t ms) {
  UErrorCode status = U_ZERO_ERROR;
  pthread_mutex_lock(&riga_lock);
  if (riga == NULL) riga = ucal_open(u"Europe/Riga", -1, "en", UCAL_GREGORIAN, &status);
  ucal_setMillis(riga, (double)ms, &status);
  int offset_ms = ucal_get(riga, UCAL_ZONE_OFFSET, &status) + ucal_get(riga, UCAL_DST_OFFSET, &status);
  pthread_mutex_unlock(&riga_lock);
  return U_SUCCESS(status) ? offset_ms / 60000 : 120;
}

static int64_t to_local(int64_t ms) {
  uint64_t quarter = (uint64_t)((ms - (ms % QUARTER_MS + QUARTER_MS) % QUARTER_MS) / QUARTER_MS) & 0xFFFFFFFFFFFF;
  _Atomic uint64_t *cell = &offset_cells[quarter % OFFSET_CELLS];
  uint64_t word = atomic_load_explicit(cell, memory_order_relaxed);
  if (word >> 16 != quarter || (word & 0xFFFF) == 0) {
    word = quarter << 16 | (uint64_t)(ask_offset(ms) + OFFSET_BIAS);
    atomic_store_explicit(cell, word, memory_order_relaxed);
  }
  return ms + ((int64_t)(word & 0xFFFF) - OFFSET_BIAS) * 60000;
}

/* Texts of times are short: every piece below is bounded, and the longest whole stays under this. */
#define TIME_TEXT_MAX 96

struct time_text {
  char bytes[TIME_TEXT_MAX];
  size_t len;
};

static void put(struct time_text *text, const char *piece) {
  size_t len = strlen(piece);
  if (len > TIME_TEXT_MAX - text->len) len = TIME_TEXT_MAX - text->len;
  memcpy(text->bytes + text->len, piece, len);
  text->len += len;
}

static void put_number(struct time_text *text, int number, int width) {
  char digits[12];
  int at = (int)sizeof digits - 1;
  digits[at] = '\0';
  do {
    digits[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0 || (int)sizeof digits - 1 - at < width);
  put(text, digits + at);
}

struct date {
  int year, month, day;
};

static struct date date_of(int days) {
  char iso[11];
  clock_format_date(days, iso);
  struct date date;
  date.year = (iso[0] - '0') * 1000 + (iso[1] - '0') * 100 + (iso[2] - '0') * 10 + (iso[3] - '0');
  date.month = (iso[5] - '0') * 10 + (iso[6] - '0');
  date.day = (iso[8] - '0') * 10 + (iso[9] - '0');
  return date;
}

static void put_date(struct time_text *text, struct date date, int this_year, int language, bool until) {
  const struct language *l = &languages[language];
  const char *month = until ? l->months_until[date.month - 1] : l->months[date.month - 1];
  bool lv = language == 0;
  if (lv && date.year != this_year) {
    put_number(text, date.year, 4);
    put(text, ". gada ");
  }
  put_number(text, date.day, 1);
  put(text, lv ? ". " : " ");
  put(text, month);
  if (!lv && date.year != this_year) {
    put(text, " ");
    put_number(text, date.year, 4);
    if (strcmp(l->code, "ru") == 0) put(text, " года");
  }
}

static int day_of(int64_t local_ms) {
  int64_t rest = (local_ms % DAY_MS + DAY_MS) % DAY_MS;
  return (int)((local_ms - rest) / DAY_MS);
}

const char *locale_time(int64_t ms, enum locale_time_style style, const char *language, struct arena *arena) {
  int64_t local = to_local(ms);
  int today = day_of(to_local(clock_now_ms()));
  int day = day_of(local);
  int minute = (int)((local - day * DAY_MS) / 60000);
  struct time_text text;
  text.len = 0;
  bool with_time = style == LOCALE_TIME || style == LOCALE_DATE_TIME || style == LOCALE_MOMENT;
  bool with_date = style != LOCALE_TIME && (style != LOCALE_DATE_TIME || day != today);
  int known_year = style == LOCALE_MOMENT ? 0 : date_of(today).year;
  if (with_date) put_date(&text, date_of(day), known_year, locale_index(language), style == LOCALE_UNTIL);
  if (with_date && with_time) put(&text, ", ");
  if (with_time) {
    put_number(&text, minute / 60, 2);
    put(&text, ":");
    put_number(&text, minute % 60, 2);
  }
  return arena_copy_len(arena, text.bytes, text.len);
}

static const struct {
  const char *hours, *minutes, *less; /* behind a no-break space */
} duration_words[LOCALE_LANGUAGES] = {{"h", "min", "mazāk par 1\u00A0min"},
                                      {"h", "min", "less than 1\u00A0min"},
                                      {"ч", "мин", "менее 1\u00A0мин"}};

const char *locale_duration(int64_t ms, const char *language, struct arena *arena) {
  int index = locale_index(language);
  long long minutes = (ms + 30000) / 60000, hours = minutes / 60;
  const char *h = duration_words[index].hours, *min = duration_words[index].minutes;
  if (minutes < 1) return duration_words[index].less;
  if (hours == 0) return arena_printf(arena, "%lld\u00A0%s", minutes, min);
  if (minutes % 60 == 0) return arena_printf(arena, "%lld\u00A0%s", hours, h);
  return arena_printf(arena, "%lld\u00A0%s %lld\u00A0%s", hours, h, minutes % 60, min);
}

static const char *const category_names[LOCALE_CATEGORIES] = {"zero", "one", "two", "few", "many", "other"};

const char *locale_category_name(enum locale_category category) { return category_names[category]; }

/* The rules of lv, en and ru look at a whole number's last two digits at most (CLDR 42), except for English's 1: they
 * repeat after 100 from there on. So 200 answers of ICU tell every whole number's category. */

#define PLURAL_TABLE 200

static unsigned char plural_table[LOCALE_LANGUAGES][PLURAL_TABLE];
static UPluralRules *plural_rules[LOCALE_LANGUAGES]; /* for fractions; immutable once open */
static pthread_once_t plural_once = PTHREAD_ONCE_INIT;

static enum locale_category ask_category(const UPluralRules *rules, double number) {
  UChar wide[16];
  char name[16] = "";
  UErrorCode status = U_ZERO_ERROR;
  int len = uplrules_select(rules, number, wide, 16, &status);
  if (U_FAILURE(status) || len < 0 || len >= 16) return LOCALE_OTHER;
  u_UCharsToChars(wide, name, len);
  for (int i = 0; i < LOCALE_CATEGORIES; i++) {
    if (strcmp(category_names[i], name) == 0) return (enum locale_category)i;
  }
  return LOCALE_OTHER;
}

static void load_plurals(void) {
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    UErrorCode status = U_ZERO_ERROR;
    plural_rules[i] = uplrules_open(languages[i].code, &status);
    if (U_FAILURE(status)) log_error("no plural rules for %s: %s", languages[i].code, u_errorName(status));
    for (int n = 0; n < PLURAL_TABLE; n++) {
      enum locale_category category = U_SUCCESS(status) ? ask_category(plural_rules[i], n) : LOCALE_OTHER;
      plural_table[i][n] = (unsigned char)category;
    }
  }
}

enum locale_category locale_category(const char *language, double number) {
  pthread_once(&plural_once, load_plurals);
  int index = locale_index(language);
  double size = fabs(number);
  if (!(size < 9e15)) return LOCALE_OTHER;
  if (size != floor(size)) {
    return plural_rules[index] != NULL ? ask_category(plural_rules[index], number) : LOCALE_OTHER;
  }
  int64_t whole = (int64_t)size;
  return (enum locale_category)plural_table[index][whole < 100 ? whole : 100 + whole % 100];
}

bool locale_uses_category(const char *language, enum locale_category category) {
  pthread_once(&plural_once, load_plurals);
  return memchr(plural_table[locale_index(language)], (int)category, PLURAL_TABLE) != NULL;
}

const char *locale_plural(const char *language, double number) {
  return category_names[locale_category(language, number)];
}

/* Collators are opened when first used: their tables are large, and a server that sorts nothing needs none. */

static pthread_mutex_t collator_lock = PTHREAD_MUTEX_INITIALIZER;
static UCollator *collators[LOCALE_LANGUAGES];

static void put_hex(char *out, const uint8_t *bytes, int count) {
  static const char digits[] = "0123456789abcdef";
  for (int i = 0; i < count; i++) {
    out[2 * i] = digits[bytes[i] >> 4];
    out[2 * i + 1] = digits[bytes[i] & 15];
  }
}

const char *locale_sort_key(const char *language, const char *text, struct arena *arena) {
  int index = locale_index(language);
  int32_t len = 0;
  UErrorCode status = U_ZERO_ERROR;
  size_t room = strlen(text) + 1; /* UTF-16 never has more units than UTF-8 has bytes */
  UChar *wide = arena_array(arena, room, sizeof *wide);
  u_strFromUTF8WithSub(wide, (int32_t)room, &len, text, -1, 0xFFFD, NULL, &status);
  const char *key = "";
  pthread_mutex_lock(&collator_lock);
  if (collators[index] == NULL) collators[index] = ucol_open(languages[index].code, &status);
  if (U_SUCCESS(status)) {
    int32_t need = ucol_getSortKey(collators[index], wide, len, NULL, 0); /* with a last zero byte */
    uint8_t *bytes = arena_alloc(arena, (size_t)need + 1);
    ucol_getSortKey(collators[index], wide, len, bytes, need);
    int count = need > 0 ? need - 1 : 0;
    char *hex = arena_alloc(arena, (size_t)count * 2 + 1);
    put_hex(hex, bytes, count);
    key = hex;
  }
  pthread_mutex_unlock(&collator_lock);
  return key;
}

const char *locale_normalize(const char *text, struct arena *arena) {
  UErrorCode status = U_ZERO_ERROR;
  int32_t len = 0, bytes = 0;
  size_t room = strlen(text) + 1;
  UChar *wide = arena_array(arena, room, sizeof *wide), *normal = arena_array(arena, 3 * room, sizeof *normal);
  char *out = arena_array(arena, 9 * room, 1); /* a unit may become three, and each three bytes */
  u_strFromUTF8(wide, (int32_t)room, &len, text, -1, &status);
  len = unorm2_normalize(unorm2_getNFCInstance(&status), wide, len, normal, (int32_t)(3 * room), &status);
  u_strToUTF8(out, (int32_t)(9 * room), &bytes, normal, len, &status);
  return U_SUCCESS(status) ? out : text;
}

/* One range of the header, "en-GB;q=0.8": its language's index (-1: none of ours) and its weight in thousandths. */
static int read_range(const char *range, size_t len, int *weight) {
  size_t name = strcspn(range, ";,");
  while (name > 0 && (range[name - 1] == ' ' || range[name - 1] == '\t')) name--;
  *weight = 1000;
  const char *q = memmem(range, len, "q=", 2);
  if (q != NULL) {
    const char *end = range + len;
    const char *at = q + 2;
    *weight = at < end && *at == '1' ? 1000 : 0;
    if (end - at > 2 && *weight == 0 && at[1] == '.') {
      int unit = 100;
      for (at += 2; at < end && *at >= '0' && *at <= '9' && unit > 0; at++, unit /= 10) *weight += (*at - '0') * unit;
    }
  }
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    if (name >= 2 && strncasecmp(range, languages[i].code, 2) == 0 && (name == 2 || range[2] == '-')) return i;
  }
  return -1;
}

const char *locale_choose(const char *accept_language) {
  int best = 0, best_weight = 0;
  const char *at = accept_language;
  while (*at != '\0') {
    at += strspn(at, " \t,");
    size_t len = strcspn(at, ",");
    int weight;
    int language = len > 0 ? read_range(at, len, &weight) : -1;
    if (language >= 0 && weight > best_weight) {
      best = language;
      best_weight = weight;
    }
    at += len;
  }
  return languages[best].code;
}

int64_t locale_day(int64_t ms) { return day_of(to_local(ms)); }
