#include "form/words.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "expr/say.h"
#include "form/typed.h"

enum { LV, EN, RU, TONGUES };

static const char *const phrases[TONGUES][SAY_PHRASES] = {
    [LV] = {[SAY_OR] = " vai ", [SAY_AND] = " un ", [SAY_NOT] = "nav tā, ka $1", [SAY_IS] = "$1 ir $2",
            [SAY_IS_NOT] = "$1 nav $2", [SAY_CHOSEN] = "$1 ir atzīmēts $2", [SAY_NOT_CHOSEN] = "$1 nav atzīmēts $2",
            [SAY_ANSWERED] = "uz $1 ir atbildēts", [SAY_NOT_ANSWERED] = "uz $1 nav atbildēts",
            [SAY_SPECIAL] = "$1 ir „neattiecas” vai „dati nav pieejami”", [SAY_NA] = "$1 ir „neattiecas”",
            [SAY_NODATA] = "$1 ir „dati nav pieejami”", [SAY_COUNT_CHOSEN] = "$1 atzīmēto atbilžu skaits",
            [SAY_COUNT_ROWS] = "$1 ierakstu skaits", [SAY_COUNT] = "$1 atbilžu skaits", [SAY_SUM] = "$1 summa",
            [SAY_MIN] = "$1 mazākā vērtība", [SAY_MAX] = "$1 lielākā vērtība", [SAY_TRUE] = "vienmēr",
            [SAY_FALSE] = "nekad"},
    [EN] = {[SAY_OR] = " or ", [SAY_AND] = " and ", [SAY_NOT] = "it is not so that $1", [SAY_IS] = "$1 is $2",
            [SAY_IS_NOT] = "$1 is not $2", [SAY_CHOSEN] = "$2 is marked in $1",
            [SAY_NOT_CHOSEN] = "$2 is not marked in $1", [SAY_ANSWERED] = "$1 is answered",
            [SAY_NOT_ANSWERED] = "$1 is not answered", [SAY_SPECIAL] = "$1 is “not applicable” or “no data”",
            [SAY_NA] = "$1 is “not applicable”", [SAY_NODATA] = "$1 is “no data”",
            [SAY_COUNT_CHOSEN] = "the number of answers marked in $1", [SAY_COUNT_ROWS] = "the number of entries in $1",
            [SAY_COUNT] = "the number of answers to $1", [SAY_SUM] = "the sum of $1",
            [SAY_MIN] = "the smallest value of $1", [SAY_MAX] = "the greatest value of $1", [SAY_TRUE] = "always",
            [SAY_FALSE] = "never"},
    [RU] = {[SAY_OR] = " или ", [SAY_AND] = " и ", [SAY_NOT] = "неверно, что $1", [SAY_IS] = "$1 — $2",
            [SAY_IS_NOT] = "$1 — не $2", [SAY_CHOSEN] = "в $1 отмечено $2", [SAY_NOT_CHOSEN] = "в $1 не отмечено $2",
            [SAY_ANSWERED] = "на $1 дан ответ", [SAY_NOT_ANSWERED] = "на $1 нет ответа",
            [SAY_SPECIAL] = "$1 — «неприменимо» или «данные отсутствуют»", [SAY_NA] = "$1 — «неприменимо»",
            [SAY_NODATA] = "$1 — «данные отсутствуют»", [SAY_COUNT_CHOSEN] = "число отмеченных ответов в $1",
            [SAY_COUNT_ROWS] = "число записей в $1", [SAY_COUNT] = "число ответов на $1", [SAY_SUM] = "сумма $1",
            [SAY_MIN] = "наименьшее значение $1", [SAY_MAX] = "наибольшее значение $1", [SAY_TRUE] = "всегда",
            [SAY_FALSE] = "никогда"},
};
static const char *const quotes[TONGUES][2] = {[LV] = {"„", "”"}, [EN] = {"“", "”"}, [RU] = {"«", "»"}};

#define OPTION_BYTES_MAX 90 /* of an option that is quoted */

struct speaker {
  const struct form *form;
  int language;
  const char *code; /* of the language */
  int tongue;       /* in which it is said: English for a language that there are no words of */
};

static void quote(const struct speaker *speaker, const char *text, struct buf *out) {
  size_t len = strlen(text), shown = utf8_cut(text, len, OPTION_BYTES_MAX);
  buf_puts(out, quotes[speaker->tongue][0]);
  buf_add(out, text, shown);
  if (shown < len) buf_puts(out, "…");
  buf_puts(out, quotes[speaker->tongue][1]);
}

static void put_name(void *context, int slot, struct buf *out) {
  const struct speaker *speaker = context;
  const struct form *form = speaker->form;
  if (slot < FORM_ROSTER_SLOT) {
    buf_puts(out, form->questions[slot].number);
    return;
  }
  const struct form_container *roster = &form->containers[form->rosters[slot - FORM_ROSTER_SLOT]];
  const char *text = roster->text.in[speaker->language];
  quote(speaker, *text != '\0' ? text : roster->id, out);
}

static void put_option(void *context, int slot, int code, struct buf *out) {
  const struct speaker *speaker = context;
  const struct form_question *question = &speaker->form->questions[slot];
  int option = form_option_index(question, code);
  if (option >= 0) quote(speaker, question->options[option].text.in[speaker->language], out);
  else buf_printf(out, "%d", code);
}

static void put_number(void *context, double number, struct buf *out) {
  const struct speaker *speaker = context;
  if (number < 0) buf_puts(out, "−");
  typed_format_number(fabs(number), speaker->code, out);
}

static void put_date(void *context, int days, struct buf *out) {
  char iso[11];
  (void)context;
  clock_format_date(days, iso);
  buf_printf(out, "%.2s.%.2s.%.4s", iso + 8, iso + 5, iso);
}

static void put_text(void *context, const char *text, struct buf *out) { quote(context, text, out); }

void form_words(const struct form *form, const struct expr *filter, int language, struct buf *out) {
  const char *code = form->languages[language];
  int tongue = strcmp(code, "lv") == 0 ? LV : strcmp(code, "ru") == 0 ? RU : EN;
  struct speaker speaker = {.form = form, .language = language, .code = code, .tongue = tongue};
  struct expr_speech speech = {.phrases = phrases[tongue],
                               .context = &speaker,
                               .name = put_name,
                               .option = put_option,
                               .number = put_number,
                               .date = put_date,
                               .text = put_text};
  expr_say(filter, &speech, out);
}
