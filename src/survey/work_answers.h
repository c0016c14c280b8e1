/* A response read from the store: inside of work_*.c. */
#ifndef ANKETA_SURVEY_WORK_ANSWERS_H
#define ANKETA_SURVEY_WORK_ANSWERS_H

#include "store/answer.h"
#include "survey/work.h"

/* An answer as it is stored now. */
struct work_answer {
  struct work_mark mark; /* version 0: there is none */
  enum answer_state state;
  const char *value; /* as answer_row has it */
};

/* By question; by row and question for a roster. */
struct work_answers {
  struct work_answer *plain;
  struct work_answer **rosters; /* rows × the roster's questions */
};

/* The stored answer; row is -1 outside rosters. */
struct work_answer *work_answer(const struct work *work, int question, int row);

/* work_open without the state: enough for a change. */
struct work *work_load(struct db *db, const struct actor *actor, int64_t response_id, struct arena *arena,
                       struct err *err);

/* The same for somebody who is going to change it: ERR_DENIED, ERR_LOCKED. */
struct work *work_load_to_change(struct db *db, const struct actor *actor, int64_t response_id, struct arena *arena,
                                 struct err *err);

/* Writer. After a change: computes the state and brings status, counts and revision in the store up to date. */
bool work_keep_progress(struct db *db, struct work *work, struct arena *arena, struct err *err);

/* A stored version as a person reads it, in the arena: "" when it was cleared, as it was typed when it is no answer. */
const char *work_show_stored(const struct form *form, int question, int language, const struct answer_row *stored,
                             struct arena *arena, bool *invalid);

/* The id of the row a question's answer is in, "" outside rosters. */
const char *work_row_id(const struct work *work, int question, int row);

#endif
