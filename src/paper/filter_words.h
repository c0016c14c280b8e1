/* A filter of a questionnaire as people read it: `K13M = 99` is „K13M ir atzīmēts „Cits””. */
#ifndef ANKETA_PAPER_FILTER_WORDS_H
#define ANKETA_PAPER_FILTER_WORDS_H

#include "base/buf.h"
#include "form/form.h"

/* Questions by their numbers, options by their texts, in a language of the form. */
void filter_words(const struct form *form, const struct expr *filter, int language, struct buf *out);

#endif
