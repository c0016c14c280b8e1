#include <string.h>

#include "form/typed.h"
#include "survey/work_answers.h"

static struct value read_value(const struct form_question *question, const struct answer_row *stored,
                               struct arena *arena, bool *invalid) {
  struct value value = {0};
  if (stored->state == ANSWER_NA) value.kind = VALUE_NA;
  if (stored->state == ANSWER_NODATA) value.kind = VALUE_NODATA;
  *invalid = stored->state == ANSWER_INVALID;
  if (stored->state == ANSWER_VALUE) *invalid = !response_parse_stored(question, stored->value, arena, &value);
  return value;
}

static struct work_past show(const struct form *form, int question, int language, const struct answer_row *stored,
                             struct arena *arena) {
  struct work_past past = {.version = stored->version, .value = "", .changed_ms = stored->changed_ms};
  struct value value = read_value(&form->questions[question], stored, arena, &past.invalid);
  past.person = arena_copy(arena, stored->person_name);
  if (past.invalid) {
    past.value = arena_copy(arena, stored->value != NULL ? stored->value : "");
  } else if (stored->state != ANSWER_CLEARED) {
    struct buf text = {0};
    typed_format_display(form, question, &value, language, &text);
    past.value = arena_copy(arena, buf_text(&text));
    buf_free(&text);
  }
  return past;
}

static bool same_text(const char *a, const char *b) {
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The newest version has the highest number, and there are no gaps: it says how many there are. */
static size_t read_history(struct stmt *stmt, const struct form *form, int question, int language,
                           struct arena *arena, const struct work_past **out, struct err *err) {
  struct answer_row stored;
  struct work_past *list = NULL;
  size_t count = 0, cap = 0;
  enum answer_state newest_state = ANSWER_CLEARED;
  const char *newest = NULL;
  while (answer_history_next(stmt, &stored, err)) {
    if (list == NULL) {
      cap = (size_t)stored.version;
      list = arena_array(arena, cap, sizeof *list);
      newest_state = stored.state;
      if (stored.value != NULL) newest = arena_copy(arena, stored.value);
    }
    if (count == cap) break;
    list[count] = show(form, question, language, &stored, arena);
    list[count++].differs = stored.state != newest_state || !same_text(stored.value, newest);
  }
  *out = list;
  return count;
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
  struct stmt *stmt = answer_history(db, response_id, question, row);
  size_t count = read_history(stmt, form, index, form_language(form, actor->language), arena, out, err);
  stmt_end(stmt);
  return count;
}
