#include "form/typed.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

#define NUMBER_LEN_MAX 64 /* characters of a typed number */
#define DATE_LEN 10       /* 2017-12-06 */

static bool is_space(unsigned character) {
  return character == ' ' || character == '\t' || character == '\n' || character == '\r' || character == 0xA0 ||
         (character >= 0x2000 && character <= 0x200A) || character == 0x202F || character == 0x205F ||
         character == 0x3000 || character == 0xFEFF;
}

/* The entry without white space around it; *len gets its length. */
static const char *trim(const char *text, size_t *len) {
  size_t end = strlen(text), start = 0, at = 0, last = 0;
  bool leading = true;
  while (at < end) {
    size_t before = at;
    if (is_space(utf8_next(text, end, &at))) continue;
    if (leading) start = before;
    leading = false;
    last = at;
  }
  *len = leading ? 0 : last - start;
  return text + start;
}

/* Copies an entry to out in ASCII: digits, '.', ',', '-' in front, ' ' for any space. False when anything else is there
 * or it is too long. */
static bool number_characters(const char *text, size_t len, char out[NUMBER_LEN_MAX + 1]) {
  size_t at = 0, count = 0;
  while (at < len) {
    unsigned character = utf8_next(text, len, &at);
    if (character == 0x2212) character = '-';
    if (is_space(character)) character = ' ';
    bool good = (character >= '0' && character <= '9') || character == '.' || character == ',' || character == ' ' ||
                (character == '-' && count == 0);
    if (!good || count == NUMBER_LEN_MAX) return false;
    if (character == ' ' && count == 1 && out[0] == '-') continue;
    out[count++] = (char)character;
  }
  out[count] = '\0';
  return true;
}

/* Drops the separators of a whole part: one to three digits, then groups of exactly three. False when they are
 * not such groups; without a separator any digits are good. */
static bool join_groups(char *text, char separator) {
  size_t from = 0, to = 0, group = 0;
  bool grouped = false;
  for (; text[from] != '\0'; from++) {
    if (text[from] == separator) {
      if (group == 0 || group > 3 || (grouped && group != 3)) return false;
      grouped = true;
      group = 0;
    } else if (text[from] < '0' || text[from] > '9') {
      return false;
    } else {
      text[to++] = text[from];
      group++;
    }
  }
  text[to] = '\0';
  return to > 0 && (!grouped || group == 3);
}

static size_t count_of(const char *text, char c) {
  size_t count = 0;
  for (; *text != '\0'; text++) count += *text == c;
  return count;
}

/* The decimal separator in the text, NULL when there is none; *grouping is what may stand between its thousands. False
 * when the separators make no sense. */
static bool find_separators(char *text, char **decimal, char *grouping) {
  size_t points = count_of(text, '.'), commas = count_of(text, ',');
  char *point = strrchr(text, '.'), *comma = strrchr(text, ',');
  *decimal = NULL;
  *grouping = ' ';
  if (points > 0 && commas > 0) {
    *decimal = point > comma ? point : comma;
    *grouping = point > comma ? ',' : '.';
    return (point > comma ? points : commas) == 1;
  }
  if (points > 1 || commas > 1) *grouping = points > 1 ? '.' : ',';
  else *decimal = points == 1 ? point : comma;
  return true;
}

/* A typed number. *doubtful: "1.234", which may mean a thousand. */
static bool parse_number(const char *entry, size_t len, double *out, bool *doubtful) {
  char text[NUMBER_LEN_MAX + 1];
  char plain[NUMBER_LEN_MAX + 4];
  char *decimal, grouping;
  *doubtful = false;
  if (!number_characters(entry, len, text)) return false;
  char *digits = text + (text[0] == '-');
  if (!find_separators(digits, &decimal, &grouping)) return false;
  const char *fraction = "";
  if (decimal != NULL) {
    *decimal = '\0';
    fraction = decimal + 1;
    if (*fraction == '\0' || fraction[strspn(fraction, "0123456789")] != '\0') return false;
    *doubtful = grouping == ' ' && strlen(fraction) == 3;
  }
  bool bare = decimal == digits; /* ",5" */
  if (!bare && !join_groups(digits, grouping)) return false;
  snprintf(plain, sizeof plain, "%s%s.%s", text[0] == '-' ? "-" : "", bare ? "0" : digits, fraction);
  *out = strtod(plain, NULL);
  if (*out == 0) *out = 0; /* no minus zero */
  return true;
}

/* "6.12.2017." with or without the last point, spaces behind the points allowed, as 2017-12-06. */
static bool date_from_points(const char *text, size_t len, char out[DATE_LEN + 1]) {
  int part[3] = {0}, digits[3] = {0}, index = 0;
  for (size_t i = 0; i < len; i++) {
    if (text[i] >= '0' && text[i] <= '9') {
      if (index > 2 || ++digits[index] > 4) return false;
      part[index] = part[index] * 10 + (text[i] - '0');
    } else if (text[i] == '.') {
      if (index > 2 || digits[index] == 0) return false;
      index++;
    } else if (text[i] != ' ' || i == 0 || text[i - 1] != '.') {
      return false;
    }
  }
  if (digits[0] < 1 || digits[0] > 2 || digits[1] < 1 || digits[1] > 2 || digits[2] != 4) return false;
  snprintf(out, DATE_LEN + 1, "%04u-%02u-%02u", (unsigned)part[2] % 10000, (unsigned)part[1] % 100,
           (unsigned)part[0] % 100);
  return true;
}

static enum typed_fault parse_date(const char *entry, size_t len, struct value *out) {
  char iso[DATE_LEN + 1];
  int days;
  bool good = clock_parse_date(entry, len, &days) ||
              (date_from_points(entry, len, iso) && clock_parse_date(iso, DATE_LEN, &days));
  if (!good) return TYPED_NOT_A_DATE;
  *out = (struct value){.kind = VALUE_DATE, .number = days};
  return TYPED_OK;
}

/* Control characters but line ends and tabs, and what XML (so a spreadsheet) cannot hold. */
static bool is_forbidden(unsigned character) {
  if (character == '\n' || character == '\t') return false;
  return character < 0x20 || (character >= 0x7F && character < 0xA0) || character == 0xFFFE || character == 0xFFFF;
}

static enum typed_fault parse_text(const char *entry, size_t len, struct arena *arena, struct value *out) {
  char *text = arena_alloc(arena, len + 1);
  size_t to = 0;
  for (size_t i = 0; i < len; i++) {
    if (entry[i] == '\r' && i + 1 < len && entry[i + 1] == '\n') continue;
    text[to++] = entry[i] == '\r' ? '\n' : entry[i];
  }
  for (size_t at = 0; at < to;) {
    if (is_forbidden(utf8_next(text, to, &at))) return TYPED_NOT_TEXT;
  }
  *out = (struct value){.kind = VALUE_TEXT, .text = text};
  return TYPED_OK;
}

static bool parse_code(const struct form_question *question, const char *entry, size_t len, int *code) {
  char text[16];
  if (len == 0 || len >= sizeof text) return false;
  memcpy(text, entry, len);
  text[len] = '\0';
  char *end;
  if (text[strspn(text, "-0123456789")] != '\0') return false;
  long long number = strtoll(text, &end, 10);
  if (*end != '\0' || number < INT32_MIN || number > INT32_MAX) return false;
  *code = (int)number;
  return form_option_index(question, *code) >= 0;
}

/* Adds a code in its place; false when there is no room, which only repeated codes could need. */
static void insert_code(int *codes, int *count, int code) {
  int at = *count;
  while (at > 0 && codes[at - 1] > code) at--;
  if (at > 0 && codes[at - 1] == code) return;
  memmove(codes + at + 1, codes + at, (size_t)(*count - at) * sizeof *codes);
  codes[at] = code;
  (*count)++;
}

/* The codes of all entries, each once, ascending; one entry may hold several with commas between. */
static enum typed_fault parse_codes(const struct form_question *question, const char *const *entries, size_t count,
                                    struct arena *arena, struct value *out) {
  int *codes = arena_array(arena, (size_t)question->option_count + 1, sizeof *codes);
  int code_count = 0, code;
  for (size_t i = 0; i < count; i++) {
    const char *at = entries[i];
    while (*at != '\0') {
      size_t len = strcspn(at, ",");
      if (!parse_code(question, at, len, &code)) return TYPED_NO_SUCH_OPTION;
      insert_code(codes, &code_count, code);
      at += len + (at[len] == ',');
    }
  }
  if (code_count == 0) return TYPED_OK;
  if (question->type == QUESTION_SELECT_ONE) {
    if (code_count > 1) return TYPED_NO_SUCH_OPTION;
    *out = (struct value){.kind = VALUE_NUMBER, .number = codes[0]};
    return TYPED_OK;
  }
  *out = (struct value){.kind = VALUE_SET, .codes = codes, .code_count = code_count};
  return TYPED_OK;
}

static enum typed_fault parse_special(const char *special, struct value *out) {
  if (strcmp(special, "na") == 0) out->kind = VALUE_NA;
  else if (strcmp(special, "nodata") == 0) out->kind = VALUE_NODATA;
  else return TYPED_NO_SUCH_SPECIAL;
  return TYPED_OK;
}

static enum typed_fault parse_number_entry(const struct form_question *question, const char *entry, size_t len,
                                           struct value *out) {
  bool doubtful;
  if (!parse_number(entry, len, &out->number, &doubtful)) return TYPED_NOT_A_NUMBER;
  out->kind = VALUE_NUMBER;
  return doubtful && question->type == QUESTION_INTEGER ? TYPED_NOT_AN_INTEGER : TYPED_OK;
}

/* The only entry of a field that holds one. */
static enum typed_fault parse_field(const struct form_question *question, const char *entry, struct arena *arena,
                                    struct value *out) {
  if (!utf8_check(entry, strlen(entry), NULL)) return TYPED_NOT_TEXT;
  size_t len;
  entry = trim(entry, &len);
  if (len == 0) return TYPED_OK;
  switch (question->type) {
    case QUESTION_INTEGER:
    case QUESTION_DECIMAL:
      return parse_number_entry(question, entry, len, out);
    case QUESTION_DATE:
      return parse_date(entry, len, out);
    case QUESTION_TEXT:
      return parse_text(entry, len, arena, out);
    case QUESTION_SELECT_ONE:
    case QUESTION_SELECT_MULTIPLE:
    case QUESTION_NOTE:
    case QUESTION_CALCULATE:
      break;
  }
  return TYPED_NOT_TEXT;
}

/* The last entry that is not empty, "" when there is none. */
static const char *last_entry(const char *const *entries, size_t count) {
  while (count > 0) {
    if (entries[--count][0] != '\0') return entries[count];
  }
  return "";
}

enum typed_fault typed_parse(const struct form_question *question, const char *const *entries, size_t count,
                             const char *special, struct arena *arena, struct value *out) {
  struct value value = {0};
  enum typed_fault fault;
  *out = value;
  if (special != NULL && *special != '\0') fault = parse_special(special, &value);
  else if (question->type == QUESTION_SELECT_ONE || question->type == QUESTION_SELECT_MULTIPLE)
    fault = parse_codes(question, entries, count, arena, &value);
  else fault = parse_field(question, last_entry(entries, count), arena, &value);
  if (fault == TYPED_OK) fault = typed_check(question, &value);
  if (fault == TYPED_OK) *out = value;
  return fault;
}

static enum typed_fault check_number(const struct form_question *question, double number) {
  if (!isfinite(number)) return TYPED_NOT_A_NUMBER;
  if (fabs(number) > TYPED_NUMBER_MAX) return number > 0 ? TYPED_ABOVE_MAX : TYPED_BELOW_MIN;
  if (question->type == QUESTION_INTEGER && number != floor(number)) return TYPED_NOT_AN_INTEGER;
  if (question->has_min && number < question->min) return TYPED_BELOW_MIN;
  if (question->has_max && number > question->max) return TYPED_ABOVE_MAX;
  return TYPED_OK;
}

static enum typed_fault check_codes(const struct form_question *question, const struct value *value) {
  bool exclusive = false;
  for (int i = 0; i < value->code_count; i++) {
    int option = form_option_index(question, value->codes[i]);
    if (option < 0) return TYPED_NO_SUCH_OPTION;
    exclusive = exclusive || question->options[option].exclusive;
  }
  return exclusive && value->code_count > 1 ? TYPED_EXCLUSIVE : TYPED_OK;
}

static enum typed_fault check_option(const struct form_question *question, double number) {
  bool code = number >= INT32_MIN && number <= INT32_MAX && number == floor(number);
  return code && form_option_index(question, (int)number) >= 0 ? TYPED_OK : TYPED_NO_SUCH_OPTION;
}

static enum typed_fault check_text(const struct form_question *question, const char *text) {
  if (question->max_length <= 0) return TYPED_OK;
  return utf8_count(text, strlen(text)) > (size_t)question->max_length ? TYPED_TOO_LONG : TYPED_OK;
}

enum typed_fault typed_check(const struct form_question *question, const struct value *value) {
  if (value->kind == VALUE_MISSING) return TYPED_OK;
  if (value->kind == VALUE_NA) return question->specials & SPECIAL_NA ? TYPED_OK : TYPED_NO_SUCH_SPECIAL;
  if (value->kind == VALUE_NODATA) return question->specials & SPECIAL_NODATA ? TYPED_OK : TYPED_NO_SUCH_SPECIAL;
  switch (question->type) {
    case QUESTION_SELECT_ONE:
      return value->kind == VALUE_NUMBER ? check_option(question, value->number) : TYPED_NO_SUCH_OPTION;
    case QUESTION_SELECT_MULTIPLE:
      return value->kind == VALUE_SET ? check_codes(question, value) : TYPED_NO_SUCH_OPTION;
    case QUESTION_INTEGER:
    case QUESTION_DECIMAL:
      return value->kind == VALUE_NUMBER ? check_number(question, value->number) : TYPED_NOT_A_NUMBER;
    case QUESTION_DATE:
      return value->kind == VALUE_DATE ? TYPED_OK : TYPED_NOT_A_DATE;
    case QUESTION_TEXT:
      return value->kind == VALUE_TEXT ? check_text(question, value->text) : TYPED_NOT_TEXT;
    case QUESTION_NOTE:
    case QUESTION_CALCULATE:
      break;
  }
  return TYPED_NOT_TEXT;
}
