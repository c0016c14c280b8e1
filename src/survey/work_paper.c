#include "survey/work_paper.h"

#include <string.h>

#include "store/institution.h"
#include "store/round.h"
#include "store/submission.h"
#include "survey/work_answers.h"

#define PEOPLE_MAX 64 /* names on the paper; a response of more people has "…" at the end */

static bool read_title(struct db *db, const struct work *work, const char *language, struct arena *arena,
                       struct work_paper *out, struct err *err) {
  struct round round;
  struct err own = {0};
  out->round_title = work->item.round;
  struct stmt *stmt = round_list(db, language);
  while (round_next(stmt, &round, &own)) {
    if (strcmp(round.id, work->item.round) == 0) out->round_title = arena_copy(arena, round.title);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool read_stored(struct db *db, const struct work *work, struct arena *arena, struct work_paper *out,
                        struct err *err) {
  struct err own = {0};
  struct stmt *stmt;
  const char *abbreviation = institution_abbreviation(db, work->institution, &stmt, &own);
  out->abbreviation = arena_copy(arena, abbreviation != NULL ? abbreviation : "");
  stmt_end(stmt);
  out->checksum = "";
  if (work->item.status == RESPONSE_SUBMITTED && own.code == ERR_NONE) {
    const char *checksum = submission_checksum(db, work->item.response, &stmt, &own);
    out->checksum = arena_copy(arena, checksum != NULL ? checksum : "");
    stmt_end(stmt);
  }
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

struct people {
  int64_t ids[PEOPLE_MAX];
  const char **names;
  size_t count;
};

/* Who gave the answer that stands there now. */
static void add_person(struct people *people, const struct work_answer *answer) {
  if (answer->mark.version == 0 || answer->state == ANSWER_CLEARED) return;
  if (people->count > PEOPLE_MAX) return;
  for (size_t i = 0; i < people->count; i++)
    if (people->ids[i] == answer->mark.person_id) return;
  people->names[people->count] = people->count < PEOPLE_MAX ? answer->mark.person : "…";
  if (people->count < PEOPLE_MAX) people->ids[people->count] = answer->mark.person_id;
  people->count++;
}

static void collect_people(const struct work *work, struct arena *arena, struct work_paper *out) {
  const struct form *form = work->item.form;
  struct people people = {.names = arena_array(arena, PEOPLE_MAX + 1, sizeof *people.names)};
  for (int i = 0; i < form->question_count; i++) {
    int roster = form->questions[i].roster;
    int rows = roster < 0 ? 1 : response_row_count(work->response, roster);
    for (int row = 0; row < rows; row++)
      if (state_relevant(work->state, i, roster < 0 ? -1 : row)) add_person(&people, work_answer(work, i, row));
  }
  out->people = people.names;
  out->people_count = people.count;
}

static void collect_confirmations(const struct work *work, struct arena *arena, struct work_paper *out) {
  const struct work_confirmation **list = arena_array(arena, work->state->violation_count, sizeof *list);
  for (size_t i = 0; i < work->state->violation_count; i++) {
    const struct violation *violation = &work->state->violations[i];
    if (!work_confirmed(work, violation)) continue;
    const char *row = work_row_id(work, violation->question, violation->row);
    for (size_t k = 0; k < work->confirmation_count; k++) {
      const struct work_confirmation *confirmation = &work->confirmations[k];
      if (strcmp(confirmation->check_key, violation->check->key) == 0 && strcmp(confirmation->row, row) == 0)
        list[i] = confirmation;
    }
  }
  out->confirmations = list;
}

bool work_paper(struct db *db, const struct work *work, const char *language, struct arena *arena,
                struct work_paper *out, struct err *err) {
  *out = (struct work_paper){.abbreviation = ""};
  if (!read_title(db, work, language, arena, out, err) || !read_stored(db, work, arena, out, err)) return false;
  collect_people(work, arena, out);
  collect_confirmations(work, arena, out);
  return true;
}
