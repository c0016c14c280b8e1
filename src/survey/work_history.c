#include <string.h>

#include "store/rival.h"
#include "survey/correction_told.h"
#include "survey/work_answers.h"

/* Versions and rivals of one answer, each newest first, on their way into one list. */
struct history {
  struct db *db;
  const struct work *work;
  struct arena *arena;
  int question;
  const char *language;
  enum answer_state newest_state; /* what is stored */
  const char *newest;
  struct work_past *list;
  size_t count;
};

static struct work_past *add(struct history *history, enum answer_state state, const char *value, const char *person,
                             int64_t person_id, int64_t changed_ms) {
  struct work_value shown = correction_show(history->db, history->work, history->question, state, value,
                                            history->language, history->arena);
  struct work_past *past = &history->list[history->count++];
  *past = (struct work_past){.value = shown.text, .invalid = shown.invalid, .settled_by = ""};
  past->person = arena_copy(history->arena, person);
  past->on_behalf = work_on_behalf(history->work, person_id, changed_ms);
  past->changed_ms = changed_ms;
  return past;
}

static bool same_text(const char *a, const char *b) { return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0; }

static void add_version(struct history *history, const struct answer_row *stored) {
  struct work_past *past = add(history, stored->state, stored->value, stored->person_name, stored->person,
                               stored->changed_ms);
  past->differs = stored->state != history->newest_state || !same_text(stored->value, history->newest);
  past->version = stored->version;
}

/* The version that a choice made is in the list already: it is newer than the rival. */
static bool became_version(const struct history *history, const struct work_past *rival) {
  for (size_t i = 0; i < history->count; i++) {
    const struct work_past *past = &history->list[i];
    if (past->kind == PAST_VERSION && past->changed_ms == rival->settled_ms && past->invalid == rival->invalid &&
        strcmp(past->value, rival->value) == 0)
      return true;
  }
  return false;
}

static void add_rival(struct history *history, const struct rival *stored) {
  struct work_past *past = add(history, stored->state, stored->value, stored->person_name, stored->person,
                               stored->created_ms);
  past->settled_by = arena_copy(history->arena, stored->settled_by);
  past->settled_ms = stored->settled_ms;
  past->kind = past->settled_ms == 0 ? PAST_OPEN : became_version(history, past) ? PAST_CHOSEN : PAST_LEFT;
}

/* Of the same moment, a version that settled the rival comes after it. */
static bool is_newer(const struct rival *rival, const struct answer_row *version) {
  if (rival->created_ms != version->changed_ms) return rival->created_ms > version->changed_ms;
  return rival->settled_ms != version->changed_ms;
}

/* The newest has the highest number, and there are no gaps: it says how many there are. */
static bool read_history(struct history *history, int64_t response, const char *question, const char *row,
                         struct err *err) {
  struct answer_row version;
  struct rival rival;
  struct err own = {0};
  struct stmt *versions = answer_history(history->db, response, question, row);
  struct stmt *rivals = rival_history(history->db, response, question, row);
  bool more_versions = answer_history_next(versions, &version, &own);
  bool more_rivals = rival_history_next(rivals, &rival, &own);
  if (more_versions) history->newest_state = version.state;
  if (more_versions && version.value != NULL) history->newest = arena_copy(history->arena, version.value);
  size_t cap = (size_t)(more_versions ? version.version : 0) + (size_t)(more_rivals ? rival.number : 0);
  history->list = arena_array(history->arena, cap, sizeof *history->list);
  while ((more_versions || more_rivals) && history->count < cap) {
    if (more_rivals && (!more_versions || is_newer(&rival, &version))) {
      add_rival(history, &rival);
      more_rivals = rival_history_next(rivals, &rival, &own);
    } else {
      add_version(history, &version);
      more_versions = answer_history_next(versions, &version, &own);
    }
  }
  stmt_end(rivals);
  stmt_end(versions);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

size_t work_history(struct db *db, const struct actor *actor, int64_t response_id, const char *question, const char *row,
                    struct arena *arena, const struct work_past **out, struct err *err) {
  *out = NULL;
  struct work *work = work_load(db, actor, response_id, arena, err);
  if (work == NULL) return 0;
  const struct form *form = work->item.form;
  int index = form_find(form, question);
  if (work_find_row(work, index, row) == -2) {
    err_set(err, ERR_NOT_FOUND, "there is no question \"%s\" in a row \"%s\"", question, row);
    return 0;
  }
  struct history history = {
      .db = db, .work = work, .arena = arena, .question = index, .language = actor->language};
  if (!read_history(&history, response_id, question, row, err)) return 0;
  *out = history.list;
  return history.count;
}
