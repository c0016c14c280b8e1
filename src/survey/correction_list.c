#include <string.h>

#include "store/correction.h"
#include "store/misfit.h"
#include "store/stored_response.h"
#include "survey/correction.h"
#include "survey/forms.h"
#include "survey/work_answers.h"

struct list {
  struct correction_listed *rows;
  size_t count, cap;
};

static struct correction_listed *add(struct list *list, struct arena *arena) {
  if (list->count == list->cap) {
    size_t cap = list->cap > 0 ? 2 * list->cap : 16;
    struct correction_listed *rows = arena_array(arena, cap, sizeof *rows);
    if (list->count > 0) memcpy(rows, list->rows, list->count * sizeof *rows);
    list->rows = rows;
    list->cap = cap;
  }
  return &list->rows[list->count++];
}

static bool read_versions(struct db *db, const char *round, struct list *list, struct arena *arena, struct err *err) {
  struct correction_version version;
  struct err own = {0};
  struct stmt *stmt = correction_versions(db, round);
  while (correction_next_version(stmt, &version, &own)) {
    *add(list, arena) = (struct correction_listed){
        .questionnaire = arena_copy(arena, version.questionnaire),
        .label = arena_copy(arena, version.label),
        .hash = arena_copy(arena, version.hash),
        .version_id = version.version_id,
        .published_ms = version.published_ms,
        .current = version.current,
        .fresh = version.fresh,
        .begun = version.begun,
        .locked = version.locked,
        .title = "",
        .note = "",
        .person = "",
    };
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* The version that is asked with, of the row's questionnaire. */
static const struct correction_listed *find_current(const struct list *list, const char *questionnaire) {
  for (size_t i = 0; i < list->count; i++)
    if (list->rows[i].current && strcmp(list->rows[i].questionnaire, questionnaire) == 0) return &list->rows[i];
  return NULL;
}

/* The latest of each version counts; corrections come the latest first. */
static bool read_corrections(struct db *db, const char *round, const struct list *list, struct arena *arena,
                             struct err *err) {
  struct stored_correction stored;
  struct err own = {0};
  struct stmt *stmt = correction_list(db, round);
  while (correction_next(stmt, &stored, &own)) {
    for (size_t i = 0; i < list->count; i++) {
      struct correction_listed *row = &list->rows[i];
      const struct correction_listed *current = find_current(list, row->questionnaire);
      if (row->version_id == stored.old_version && current != NULL && current->version_id == stored.new_version &&
          !row->current)
        row->waiting = row->fresh + row->begun;
      if (row->version_id != stored.new_version || row->corrected_ms != 0) continue;
      row->note = arena_copy(arena, stored.note);
      row->person = arena_copy(arena, stored.person_name);
      row->corrected_ms = stored.created_ms;
    }
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

size_t correction_versions_of(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                              const struct correction_listed **out, struct err *err) {
  struct list list = {0};
  *out = NULL;
  if (!rights_allow(actor, ACTION_PUBLISH, 0)) {
    err_set(err, ERR_DENIED, "you may not see the versions of questionnaires");
    return 0;
  }
  if (!read_versions(db, round, &list, arena, err) || !read_corrections(db, round, &list, arena, err)) return 0;
  for (size_t i = 0; i < list.count; i++) {
    struct correction_listed *row = &list.rows[i];
    const struct form *form = forms_get(db, row->version_id, err);
    if (form == NULL) return 0;
    row->title = form->title.in[form_language(form, actor->language)];
    if (row->current) row->misfit_responses = misfit_count_responses(db, round, row->questionnaire, err);
    if (row->misfit_responses < 0) return 0;
  }
  *out = list.rows;
  return list.count;
}

/* What is said of a question, and answers that have no field any more: nothing is left to be done about them. */
static bool settle_read(struct db *db, const struct work *work, struct err *err) {
  bool ok = true;
  for (const struct work_misfit *misfit = work->misfits; ok && misfit != NULL; misfit = misfit->next) {
    if (misfit->answer && misfit->at >= 0) continue;
    ok = misfit_settle(db, work->item.response, misfit->question, misfit->row,
                       misfit->answer ? MISFIT_ANSWER : MISFIT_QUESTION, err);
  }
  return ok;
}

bool correction_note_read(struct db *db, const struct actor *actor, int64_t response, struct err *err) {
  struct arena *arena = arena_new();
  const struct work *work = work_load_to_change(db, actor, response, arena, err);
  bool ok = work != NULL && settle_read(db, work, err) && stored_response_talk(db, response, err);
  arena_free(arena);
  return ok;
}
