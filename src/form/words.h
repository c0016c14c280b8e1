/* A filter in words, for people who read a questionnaire on paper or in a workbook: questions by their numbers, options by
 * their texts, „K13M ir atzīmēts „Cits””. */
#ifndef ANKETA_FORM_WORDS_H
#define ANKETA_FORM_WORDS_H

#include "base/buf.h"
#include "form/form.h"

/* language: index in the form. In words of lv, en or ru; in any other language of a questionnaire, English ones. */
void form_words(const struct form *form, const struct expr *filter, int language, struct buf *out);

#endif
