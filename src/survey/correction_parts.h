/* What the parts of a correction share: inside of correction*.c. */
#ifndef ANKETA_SURVEY_CORRECTION_PARTS_H
#define ANKETA_SURVEY_CORRECTION_PARTS_H

#include "survey/correction.h"

/* Compiles the text and decides whether it can be published; sets what does not depend on answers. *form is the caller's
 * also when the text is refused, NULL when it is no questionnaire; so are out->findings. Texts of out are the form's. */
bool correction_judge(struct db *db, const char *round, const char *text, size_t len, struct form **form,
                      struct correction_preview *out, struct err *err);

#endif
