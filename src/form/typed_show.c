#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "form/response.h"
#include "form/typed.h"

#define DISPLAY_DIGITS 15   /* 0.1 + 0.2 is shown as 0.3 */
#define DATE_LEN 10         /* 2017-12-06 */
#define THIN_SPACE "\u202F" /* narrow no-break space */

/* The languages that the program itself speaks. */
enum tongue { TONGUE_LV, TONGUE_EN, TONGUE_RU, TONGUE_COUNT };

static enum tongue tongue_of(const char *language) {
  if (strcmp(language, "lv") == 0) return TONGUE_LV;
  return strcmp(language, "ru") == 0 ? TONGUE_RU : TONGUE_EN;
}

static const char *const special_names[][TONGUE_COUNT] = {
    {"neattiecas", "not applicable", "неприменимо"},
    {"dati nav pieejami", "no data", "данные отсутствуют"},
};

const char *typed_special_name(enum special special, const char *language) {
  return special_names[special == SPECIAL_NA ? 0 : 1][tongue_of(language)];
}

static bool uses_comma(const char *language) { return tongue_of(language) != TONGUE_EN; }

void typed_format_number(double number, const char *language, struct buf *out) {
  struct buf plain = {0};
  number_write_digits(number, DISPLAY_DIGITS, &plain);
  const char *digits = buf_text(&plain);
  if (*digits == '-') buf_putc(out, *digits++);
  size_t whole = strcspn(digits, ".");
  bool comma = uses_comma(language);
  bool grouped = whole > (comma ? 4 : 3);
  for (size_t i = 0; i < whole; i++) {
    if (grouped && i > 0 && (whole - i) % 3 == 0) buf_puts(out, comma ? THIN_SPACE : ",");
    buf_putc(out, digits[i]);
  }
  if (digits[whole] == '.') {
    buf_putc(out, comma ? ',' : '.');
    buf_puts(out, digits + whole + 1);
  }
  buf_free(&plain);
}

void typed_format_entry(const struct form_question *question, const struct value *value, const char *language,
                        struct buf *out) {
  size_t start = out->len;
  response_format_stored(question, value, out);
  if (value->kind != VALUE_NUMBER || !uses_comma(language)) return;
  char *point = out->len > start ? strchr(out->data + start, '.') : NULL;
  if (point != NULL) *point = ',';
}

static void put_special(const struct form *form, const struct form_question *question, enum special special,
                        int language, struct buf *out) {
  const char *own = question->special_text[special == SPECIAL_NA ? 0 : 1].in[language];
  buf_puts(out, own != NULL && *own != '\0' ? own : typed_special_name(special, form->languages[language]));
}

static void put_option(const struct form_question *question, int code, int language, struct buf *out) {
  int option = form_option_index(question, code);
  if (option >= 0) buf_puts(out, question->options[option].text.in[language]);
  else buf_printf(out, "%d", code);
}

static void put_date(double days, struct buf *out) {
  char iso[DATE_LEN + 1];
  clock_format_date((int)days, iso);
  buf_printf(out, "%.2s.%.2s.%.4s", iso + 8, iso + 5, iso);
}

void typed_format_display(const struct form *form, int question, const struct value *value, int language,
                          struct buf *out) {
  const struct form_question *asked = &form->questions[question];
  switch (value->kind) {
    case VALUE_MISSING:
      break;
    case VALUE_NA:
      put_special(form, asked, SPECIAL_NA, language, out);
      break;
    case VALUE_NODATA:
      put_special(form, asked, SPECIAL_NODATA, language, out);
      break;
    case VALUE_NUMBER:
    case VALUE_BOOL:
      if (asked->type == QUESTION_SELECT_ONE) put_option(asked, (int)value->number, language, out);
      else typed_format_number(value->number, form->languages[language], out);
      break;
    case VALUE_DATE:
      put_date(value->number, out);
      break;
    case VALUE_TEXT:
      buf_puts(out, value->text);
      break;
    case VALUE_SET:
      for (int i = 0; i < value->code_count; i++) {
        if (i > 0) buf_puts(out, "; ");
        put_option(asked, value->codes[i], language, out);
      }
      break;
  }
}

/* By fault; with %s for the bound or the number of characters. */
static const char *const fault_sentences[][TONGUE_COUNT] = {
    [TYPED_NOT_A_NUMBER] = {"Ierakstiet skaitli, piemēram, 12,5.", "Enter a number, for example 12.5.",
                            "Введите число, например 12,5."},
    [TYPED_NOT_AN_INTEGER] = {"Ierakstiet veselu skaitli tikai ar cipariem, bez komata un punkta, piemēram, 1250.",
                              "Enter a whole number in digits only, without a comma or a point, for example 1250.",
                              "Введите целое число только цифрами, без запятой и точки, например 1250."},
    [TYPED_BELOW_MIN] = {"Ierakstiet skaitli, kas nav mazāks par %s.", "Enter a number that is not less than %s.",
                         "Введите число не меньше %s."},
    [TYPED_ABOVE_MAX] = {"Ierakstiet skaitli, kas nav lielāks par %s.", "Enter a number that is not greater than %s.",
                         "Введите число не больше %s."},
    [TYPED_NOT_A_DATE] = {"Ierakstiet datumu, piemēram, 06.12.2017.", "Enter a date, for example 06.12.2017.",
                          "Введите дату, например 06.12.2017."},
    [TYPED_TOO_LONG] = {"Teksts ir par garu. Lielākais pieļaujamais zīmju skaits ir %s.",
                        "The text is too long. The greatest number of characters is %s.",
                        "Текст слишком длинный. Наибольшее допустимое количество знаков: %s."},
    [TYPED_NO_SUCH_OPTION] = {"Izvēlieties kādu no piedāvātajām atbildēm.", "Choose one of the answers offered.",
                              "Выберите один из предложенных ответов."},
    [TYPED_EXCLUSIVE] = {"Viena no izvēlētajām atbildēm nav savienojama ar pārējām. "
                         "Atstājiet tikai to vai tikai pārējās.",
                         "One of the answers chosen excludes the others. Keep only that one or only the others.",
                         "Один из выбранных ответов исключает остальные. "
                         "Оставьте либо только его, либо только остальные."},
    [TYPED_NO_SUCH_SPECIAL] = {"Uz šo jautājumu ir vajadzīga atbilde: „neattiecas” vai „dati nav pieejami” šeit neder.",
                               "This question needs an answer: “not applicable” or “no data” cannot be chosen here.",
                               "На этот вопрос нужен ответ: "
                               "«неприменимо» или «данные отсутствуют» здесь выбрать нельзя."},
    [TYPED_NOT_TEXT] = {"Tekstā ir zīmes, ko nevar saglabāt. Lūdzu, ierakstiet to vēlreiz.",
                        "The text contains characters that cannot be saved. Please type it again.",
                        "В тексте есть знаки, которые нельзя сохранить. Пожалуйста, введите его ещё раз."},
};

static const char *const whole_number_sentence[TONGUE_COUNT] = {"Ierakstiet veselu skaitli, piemēram, 1250.",
                                                                "Enter a whole number, for example 1250.",
                                                                "Введите целое число, например 1250."};

static double bound_of(const struct form_question *question, enum typed_fault fault) {
  if (fault == TYPED_TOO_LONG) return question->max_length;
  if (fault == TYPED_BELOW_MIN) return question->has_min ? question->min : -TYPED_NUMBER_MAX;
  return question->has_max ? question->max : TYPED_NUMBER_MAX;
}

void typed_fault_message(const struct form_question *question, enum typed_fault fault, const char *language,
                         struct buf *out) {
  if (fault == TYPED_OK) return;
  enum tongue tongue = tongue_of(language);
  const char *sentence = fault_sentences[fault][tongue];
  if (fault == TYPED_NOT_A_NUMBER && question->type == QUESTION_INTEGER) sentence = whole_number_sentence[tongue];
  const char *gap = strstr(sentence, "%s");
  if (gap == NULL) {
    buf_puts(out, sentence);
    return;
  }
  buf_add(out, sentence, (size_t)(gap - sentence));
  typed_format_number(bound_of(question, fault), language, out);
  buf_puts(out, gap + 2);
}
