#include "survey/correction_pair.h"

#include <string.h>

#include "form/report.h"

const char *correction_roster(const struct form *form, int question) {
  int roster = form->questions[question].roster;
  return roster < 0 ? "" : form->containers[form->rosters[roster]].id;
}

/* Changes of order and number alone concern nobody who answers; that a question moved to another roster is seen by its
 * answers. */
static bool concerns_people(const char *change) {
  static const char *const quiet[] = {"moved", "renumbered", "options moved", "default", "check removed", "recalculated"};
  for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++)
    if (strcmp(change, quiet[i]) == 0) return false;
  return true;
}

struct marks {
  const struct form *new;
  bool *told, *added;
};

static void mark(void *context, const struct form_change *change) {
  const struct marks *marks = context;
  int question = change->question != NULL ? form_find(marks->new, change->question) : -1;
  if (question < 0 || !form_is_answerable(&marks->new->questions[question])) return;
  if (concerns_people(change->change)) marks->told[question] = true;
  if (strcmp(change->change, "added") == 0) marks->added[question] = true;
}

struct correction_pair *correction_pair_new(const struct form *old, const struct form *new, struct arena *arena) {
  struct correction_pair *pair = arena_alloc(arena, sizeof *pair);
  int *to = arena_array(arena, (size_t)old->question_count, sizeof *to);
  struct marks marks = {.new = new};
  marks.told = arena_array(arena, (size_t)new->question_count, sizeof *marks.told);
  marks.added = arena_array(arena, (size_t)new->question_count, sizeof *marks.added);
  for (int i = 0; i < old->question_count; i++) {
    int at = form_find(new, old->questions[i].id);
    bool same_place = at >= 0 && strcmp(correction_roster(old, i), correction_roster(new, at)) == 0;
    to[i] = same_place && form_is_answerable(&new->questions[at]) ? at : -1;
  }
  form_diff_each(old, new, "en", mark, &marks);
  *pair = (struct correction_pair){.old = old, .new = new, .to = to, .told = marks.told, .added = marks.added};
  return pair;
}

static bool fits(const struct form_question *question, enum answer_state state, const char *value, struct arena *arena) {
  switch (state) {
    case ANSWER_CLEARED:
      return true;
    case ANSWER_NA:
      return (question->specials & SPECIAL_NA) != 0;
    case ANSWER_NODATA:
      return (question->specials & SPECIAL_NODATA) != 0;
    case ANSWER_VALUE:
    case ANSWER_INVALID:
      return response_fits_stored(question, value != NULL ? value : "", arena);
  }
  return false;
}

bool correction_fits(const struct form *form, const char *question, const char *roster, enum answer_state state,
                     const char *value, struct arena *arena) {
  int at = form_find(form, question);
  if (at < 0 || !form_is_answerable(&form->questions[at])) return false;
  return strcmp(correction_roster(form, at), roster) == 0 && fits(&form->questions[at], state, value, arena);
}

static bool is_select(const struct form_question *question) {
  return question->type == QUESTION_SELECT_ONE || question->type == QUESTION_SELECT_MULTIPLE;
}

const char *correction_fault(const struct correction_pair *pair, const struct answer_row *answer, struct arena *arena) {
  int at = form_find(pair->old, answer->question);
  if (answer->state == ANSWER_CLEARED || at < 0) return NULL;
  const struct form_question *old = &pair->old->questions[at];
  if ((old->roster < 0) != (answer->row[0] == '\0') || !form_is_answerable(old)) return NULL;
  if (pair->to[at] < 0) return "removed";
  const struct form_question *new = &pair->new->questions[pair->to[at]];
  if (!fits(old, answer->state, answer->value, arena) || fits(new, answer->state, answer->value, arena)) return NULL;
  if (old->type != new->type) return "type";
  bool special = answer->state == ANSWER_NA || answer->state == ANSWER_NODATA;
  return special || is_select(new) ? "option" : "value";
}
