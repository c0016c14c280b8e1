/* A response read from the store: inside of work_*.c. */
#ifndef ANKETA_SURVEY_WORK_ANSWERS_H
#define ANKETA_SURVEY_WORK_ANSWERS_H

#include "store/answer.h"
#include "survey/work.h"

/* An answer as it is stored now. */
struct work_answer {
  struct work_mark mark; /* version 0: there is none */
  struct work_talk talk; /* work_open and work_fill only */
  enum answer_state state;
  const char *value; /* as answer_row has it */
  const struct work_rival *rivals; /* the first open one */
};

/* By question; by row and question for a roster. */
struct work_answers {
  struct work_answer *plain;
  struct work_answer **rosters; /* rows × the roster's questions */
};

/* The stored answer; row is -1 outside rosters. */
struct work_answer *work_answer(const struct work *work, int question, int row);

/* A stored answer into a response; what does not fit its question (any more) is an entry that is no answer. */
void work_place(struct response *response, int question, int row, enum answer_state state, const char *value);

/* A stored answer, or one that came too late, in a language. */
struct work_value work_show(const struct form *form, int question, enum answer_state state, const char *value,
                            const char *language, struct arena *arena);

/* work_open without the state: enough for a change. */
struct work *work_load(struct db *db, const struct actor *actor, int64_t response_id, struct arena *arena,
                       struct err *err);

/* The same for somebody who is going to change it: ERR_DENIED, ERR_LOCKED. */
struct work *work_load_to_change(struct db *db, const struct actor *actor, int64_t response_id, struct arena *arena,
                                 struct err *err);

/* Nothing stands in the way of submitting; the state must be computed. */
bool work_is_ready(const struct work *work);

/* Writer. After a change: computes the state and brings status, counts and revision in the store up to date. */
bool work_keep_progress(struct db *db, struct work *work, struct arena *arena, struct err *err);

/* Writer. What work_save, work_add_row and work_submit do once they know that the actor may. After work_put_row the answers
 * in memory have no place for the new row's: load the response anew. */
bool work_save_loaded(struct db *db, struct work *work, const struct actor *actor, struct save_entry *entries, size_t count,
                      struct arena *arena, struct err *err);
const char *work_put_row(struct db *db, struct work *work, const struct actor *actor, const char *roster,
                         const char *label, struct arena *arena, struct err *err);
bool work_store_submission(struct db *db, const struct work *work, const struct actor *actor, struct err *err);

/* Writer. The place has a new answer: what corrections left there is settled. shown: the version of the questionnaire that
 * its author saw, 0: the present one; over an older one only the old answer is. */
bool work_settle_misfits(struct db *db, const struct work *work, int question, int row, int64_t shown, struct err *err);

/* The id of the row a question's answer is in, "" outside rosters. */
const char *work_row_id(const struct work *work, int question, int row);

#endif
