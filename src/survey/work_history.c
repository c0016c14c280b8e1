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

const char *work_show_stored(const struct form *form, int question, int language, const struct answer_row *stored,
                             struct arena *arena, bool *invalid) {
  struct value value = read_value(&form->questions[question], stored, arena, invalid);
  if (*invalid) return arena_copy(arena, stored->value != NULL ? stored->value : "");
  if (stored->state == ANSWER_CLEARED) return "";
  struct buf text = {0};
  typed_format_display(form, question, &value, language, &text);
  const char *shown = arena_copy_len(arena, buf_text(&text), text.len);
  buf_free(&text);
  return shown;
}

static struct work_past show(const struct form *form, int question, int language, const struct answer_row *stored,
                             struct arena *arena) {
  struct work_past past = {.version = stored->version, .changed_ms = stored->changed_ms};
  past.value = work_show_stored(form, question, language, stored, arena, &past.invalid);
  past.person = arena_copy(arena, stored->person_name);
  return past;
}

/* The newest version has the highest number, and there are no gaps: it says how many there are. */
static size_t read_history(struct stmt *stmt, const struct form *form, int question, int language,
                           struct arena *arena, const struct work_past **out, struct err *err) {
  struct answer_row stored;
  struct work_past *list = NULL;
  size_t count = 0, cap = 0;
  while (answer_history_next(stmt, &stored, err)) {
    if (list == NULL) {
      cap = (size_t)stored.version;
      list = arena_array(arena, cap, sizeof *list);
    }
    if (count < cap) list[count++] = show(form, question, language, &stored, arena);
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
  if (index < 0) {
    err_set(err, ERR_NOT_FOUND, "there is no question \"%s\"", question);
    return 0;
  }
  struct stmt *stmt = answer_history(db, response_id, question, row);
  size_t count = read_history(stmt, form, index, form_language(form, actor->language), arena, out, err);
  stmt_end(stmt);
  return count;
}
