/* What the people of a response are told of a correction: the changes of the questions that they have to look at. */
#ifndef ANKETA_SURVEY_CORRECTION_TOLD_H
#define ANKETA_SURVEY_CORRECTION_TOLD_H

#include "survey/correction.h"
#include "survey/work.h"

struct correction_told {
  const struct correction_change **changes; /* by question of the response's form, NULL where nothing is to be told */
  const char *const *notes;                 /* of the coordinator, each once, the latest first */
  size_t note_count;
  size_t changed;  /* questions that changed or are new */
  size_t misfits;  /* answers that no longer fit */
  size_t gone;     /* of these, answers without a field */
  int64_t last_ms; /* when the last correction was published */
};

/* Details are in the language. NULL when there is nothing to tell (or with err). */
const struct correction_told *correction_told(struct db *db, const struct work *work, const char *language,
                                              struct arena *arena, struct err *err);

/* A stored answer in a language, as the response's form shows it or, where it does not fit that, the latest of the replaced
 * versions that it fits. */
struct work_value correction_show(struct db *db, const struct work *work, int question, enum answer_state state,
                                  const char *value, const char *language, struct arena *arena);

/* Was the questionnaire ever corrected in the response's round? Then an address of before may lead nowhere. */
bool correction_happened(struct db *db, const struct work *work, bool *happened, struct err *err);

#endif
