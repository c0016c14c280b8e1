#include "paper/filter_words.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "form/typed.h"
#include "paper/words.h"

#define OPTION_BYTES_MAX 90 /* of an option that is quoted */

struct speaker {
  const struct form *form;
  int language;
  const char *code; /* of the language */
};

static void quote(const struct speaker *speaker, const char *text, struct buf *out) {
  const char *pattern = paper_word(PAPER_QUOTE, speaker->code), *place = strstr(pattern, "$1");
  size_t len = strlen(text), shown = utf8_cut(text, len, OPTION_BYTES_MAX);
  buf_add(out, pattern, (size_t)(place - pattern));
  buf_add(out, text, shown);
  if (shown < len) buf_puts(out, "…");
  buf_puts(out, place + 2);
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

void filter_words(const struct form *form, const struct expr *filter, int language, struct buf *out) {
  struct speaker speaker = {.form = form, .language = language, .code = form->languages[language]};
  struct expr_speech speech = {.phrases = paper_phrases(speaker.code),
                               .context = &speaker,
                               .name = put_name,
                               .option = put_option,
                               .number = put_number,
                               .date = put_date,
                               .text = put_text};
  expr_say(filter, &speech, out);
}
