#include "survey/correction_told.h"

#include <string.h>

#include "form/report.h"
#include "store/correction.h"
#include "survey/correction_pair.h"
#include "survey/forms.h"
#include "survey/work_answers.h"

struct teller {
  const struct form *form;
  struct arena *arena;
  const int64_t *old_versions; /* by question: the version whose difference is told, 0: none */
  int64_t old_version;         /* the one at hand */
  const struct correction_change **changes;
  const struct correction_change ***ends;
};

static void add_change(void *context, const struct form_change *told) {
  struct teller *teller = context;
  int question = told->question != NULL ? form_find(teller->form, told->question) : -1;
  if (question < 0 || teller->old_versions[question] != teller->old_version) return;
  struct correction_change *change = arena_alloc(teller->arena, sizeof *change);
  *change = (struct correction_change){.change = told->change, .subject = "", .detail = arena_copy(teller->arena, told->detail)};
  if (teller->ends[question] == NULL) teller->ends[question] = &teller->changes[question];
  *teller->ends[question] = change;
  teller->ends[question] = &change->next;
}

/* The difference from each version that something is told about, once. */
static bool find_changes(struct db *db, const struct work *work, const char *language, struct teller *teller,
                         struct err *err) {
  for (const struct work_misfit *misfit = work->misfits; misfit != NULL; misfit = misfit->next) {
    bool first = true;
    for (const struct work_misfit *before = work->misfits; first && before != misfit; before = before->next)
      first = before->old_version != misfit->old_version;
    if (!first) continue;
    const struct form *old = forms_get(db, misfit->old_version, err);
    if (old == NULL) return false;
    teller->old_version = misfit->old_version;
    form_diff_each(old, teller->form, language, add_change, teller);
  }
  return true;
}

static void add_note(struct correction_told *told, const char **notes, const char *note) {
  for (size_t i = 0; i < told->note_count; i++)
    if (strcmp(notes[i], note) == 0) return;
  if (note[0] != '\0') notes[told->note_count++] = note;
}

const struct correction_told *correction_told(struct db *db, const struct work *work, const char *language,
                                              struct arena *arena, struct err *err) {
  if (work->misfits == NULL) return NULL;
  struct correction_told *told = arena_alloc(arena, sizeof *told);
  size_t questions = (size_t)work->item.form->question_count, count = 0;
  struct teller teller = {.form = work->item.form, .arena = arena};
  int64_t *old_versions = arena_array(arena, questions, sizeof *old_versions);
  teller.old_versions = old_versions;
  teller.changes = arena_array(arena, questions, sizeof *teller.changes);
  teller.ends = arena_array(arena, questions, sizeof *teller.ends);
  for (const struct work_misfit *misfit = work->misfits; misfit != NULL; misfit = misfit->next) count++;
  const char **notes = arena_array(arena, count, sizeof *notes);
  for (const struct work_misfit *misfit = work->misfits; misfit != NULL; misfit = misfit->next) {
    told->misfits += misfit->answer;
    told->gone += misfit->answer && misfit->at < 0;
    if (misfit->created_ms > told->last_ms) told->last_ms = misfit->created_ms;
    add_note(told, notes, misfit->note);
    if (misfit->answer || misfit->at < 0 || old_versions[misfit->at] != 0) continue;
    old_versions[misfit->at] = misfit->old_version;
    told->changed++;
  }
  told->notes = notes;
  told->changes = teller.changes;
  return find_changes(db, work, language, &teller, err) ? told : NULL;
}

bool correction_happened(struct db *db, const struct work *work, bool *happened, struct err *err) {
  struct stored_correction stored;
  struct err own = {0};
  *happened = false;
  struct stmt *stmt = correction_list(db, work->item.round);
  while (!*happened && correction_next(stmt, &stored, &own))
    *happened = strcmp(stored.questionnaire, work->item.questionnaire) == 0;
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* The ids must be read before forms are: both use the same connection. */
static const struct form *find_older(struct db *db, const struct work *work, const char *question, const char *roster,
                                     enum answer_state state, const char *value, struct arena *arena) {
  struct stored_correction stored;
  struct err err = {0};
  int64_t versions[64];
  size_t count = 0;
  struct stmt *stmt = correction_list(db, work->item.round);
  while (count < sizeof versions / sizeof *versions && correction_next(stmt, &stored, &err))
    if (strcmp(stored.questionnaire, work->item.questionnaire) == 0) versions[count++] = stored.old_version;
  stmt_end(stmt);
  for (size_t i = 0; i < count; i++) {
    const struct form *form = forms_get(db, versions[i], &err);
    if (form != NULL && correction_fits(form, question, roster, state, value, arena)) return form;
  }
  return NULL;
}

struct work_value correction_show(struct db *db, const struct work *work, int question, enum answer_state state,
                                  const char *value, const char *language, struct arena *arena) {
  const struct form *form = work->item.form, *older;
  struct work_value shown = work_show(form, question, state, value, language, arena);
  if (!shown.invalid || state != ANSWER_VALUE) return shown;
  const char *id = form->questions[question].id;
  older = find_older(db, work, id, correction_roster(form, question), state, value, arena);
  if (older != NULL) shown.text = work_show(older, form_find(older, id), state, value, language, arena).text;
  return shown;
}
