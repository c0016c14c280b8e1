#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "form/typed.h"
#include "store/stored_response.h"
#include "survey/work_answers.h"

#define TYPED_LEN_MAX (1024 * 1024) /* bytes of an entry that is kept as typed */

bool work_keep_progress(struct db *db, struct work *work, struct arena *arena, struct err *err) {
  work->state = state_compute(work->response, arena);
  const struct section_progress *total = &work->state->total;
  return stored_response_change(db, work->item.response, RESPONSE_STARTED, total->required, total->answered, err);
}

/* An entry as it would be stored. */
struct input {
  int question, row;
  enum typed_fault fault;
  struct value value;
  enum answer_state state;
  const char *text; /* NULL unless ANSWER_VALUE or ANSWER_INVALID */
};

/* What the person typed, for an entry that is no answer. */
static const char *join_typed(const struct save_entry *entry, struct arena *arena) {
  struct buf text = {0};
  for (size_t i = 0; i < entry->value_count; i++) {
    if (entry->values[i][0] == '\0') continue;
    if (text.len > 0) buf_putc(&text, ',');
    buf_puts(&text, entry->values[i]);
  }
  const char *copy = arena_copy(arena, buf_text(&text));
  buf_free(&text);
  return copy;
}

static bool is_storable(const char *text) {
  size_t len = strlen(text);
  if (len > TYPED_LEN_MAX || !utf8_check(text, len, NULL)) return false;
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)text[i];
    if ((c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 0x7F) return false;
  }
  return true;
}

/* True for what no form sends; such an entry is not kept. */
static bool is_nonsense(enum typed_fault fault) {
  return fault == TYPED_NO_SUCH_OPTION || fault == TYPED_NO_SUCH_SPECIAL || fault == TYPED_NOT_TEXT;
}

static bool find_place(const struct work *work, const struct save_entry *entry, struct input *input) {
  const struct form *form = work->item.form;
  input->question = form_find(form, entry->question);
  input->row = -1;
  if (input->question < 0 || !form_is_answerable(&form->questions[input->question])) return false;
  int roster = form->questions[input->question].roster;
  if (roster < 0) return entry->row[0] == '\0';
  input->row = response_find_row(work->response, roster, entry->row);
  return input->row >= 0;
}

/* False: nothing that can be stored. */
static bool read_input(const struct work *work, const struct save_entry *entry, struct arena *arena,
                       struct input *input) {
  if (!find_place(work, entry, input)) return false;
  const struct form_question *question = &work->item.form->questions[input->question];
  input->fault = typed_parse(question, entry->values, entry->value_count, entry->special, arena, &input->value);
  if (is_nonsense(input->fault)) return false;
  if (input->fault != TYPED_OK) {
    input->state = ANSWER_INVALID;
    input->text = join_typed(entry, arena);
    return is_storable(input->text);
  }
  input->text = NULL;
  if (input->value.kind == VALUE_MISSING) input->state = ANSWER_CLEARED;
  else if (input->value.kind == VALUE_NA) input->state = ANSWER_NA;
  else if (input->value.kind == VALUE_NODATA) input->state = ANSWER_NODATA;
  else {
    struct buf text = {0};
    input->state = ANSWER_VALUE;
    response_format_stored(question, &input->value, &text);
    input->text = arena_copy(arena, buf_text(&text));
    buf_free(&text);
  }
  return true;
}

static bool is_same(const struct work_answer *stored, const struct input *input) {
  if (stored->state != input->state) return false;
  return input->text == NULL || strcmp(input->text, stored->value) == 0;
}

static void show_mark(const struct work_answer *stored, struct save_entry *entry) {
  entry->version = stored->mark.version;
  entry->changed_ms = stored->mark.changed_ms;
  entry->person = stored->mark.person != NULL ? stored->mark.person : "";
}

/* What somebody else has stored meanwhile. */
static void show_theirs(const struct work *work, const struct actor *actor, const struct input *input,
                        struct arena *arena, struct save_entry *entry) {
  const struct form *form = work->item.form;
  const struct work_answer *stored = work_answer(work, input->question, input->row);
  const char *invalid = response_invalid(work->response, input->question, input->row, NULL);
  const struct value *value = response_get(work->response, input->question, input->row);
  entry->theirs_special = value->kind == VALUE_NA ? "na" : value->kind == VALUE_NODATA ? "nodata" : "";
  if (invalid != NULL) {
    entry->theirs = entry->theirs_entry = arena_copy(arena, invalid);
    return;
  }
  struct buf text = {0};
  typed_format_display(form, input->question, value, form_language(form, actor->language), &text);
  entry->theirs = arena_copy(arena, buf_text(&text));
  enum question_type type = form->questions[input->question].type;
  if (type == QUESTION_SELECT_ONE || type == QUESTION_SELECT_MULTIPLE) {
    entry->theirs_entry = stored->state == ANSWER_VALUE ? stored->value : "";
  } else if (entry->theirs_special[0] == '\0') {
    buf_reset(&text);
    typed_format_entry(&form->questions[input->question], value, actor->language, &text);
    entry->theirs_entry = arena_copy(arena, buf_text(&text));
  }
  buf_free(&text);
}

static void keep_in_memory(struct work *work, const struct actor *actor, const struct input *input, int64_t now) {
  struct work_answer *stored = work_answer(work, input->question, input->row);
  if (input->state == ANSWER_INVALID) {
    response_set_invalid(work->response, input->question, input->row, input->text, input->fault);
  } else {
    response_set(work->response, input->question, input->row, input->value);
  }
  stored->mark = (struct work_mark){stored->mark.version + 1, now, actor->name, actor->person};
  stored->state = input->state;
  stored->value = input->text;
}

static bool store(struct db *db, struct work *work, const struct actor *actor, const struct save_entry *entry,
                  const struct input *input, struct err *err) {
  int64_t now = clock_now_ms();
  struct answer_row row = {
      .question = entry->question,
      .row = entry->row,
      .version = work_answer(work, input->question, input->row)->mark.version + 1,
      .state = input->state,
      .value = input->text,
      .person = actor->person,
      .changed_ms = now,
  };
  if (!answer_put(db, work->item.response, &row, err)) return false;
  keep_in_memory(work, actor, input, now);
  return true;
}

/* False only when the store fails. */
static bool save_entry(struct db *db, struct work *work, const struct actor *actor, struct save_entry *entry,
                       struct arena *arena, bool *changed, struct err *err) {
  struct input input = {0};
  entry->result = SAVE_REFUSED;
  entry->fault = TYPED_OK;
  entry->version = 0;
  entry->changed_ms = 0;
  entry->person = entry->theirs = entry->theirs_entry = entry->theirs_special = "";
  bool storable = read_input(work, entry, arena, &input);
  entry->fault = input.fault;
  if (!storable) return true;
  struct work_answer *stored = work_answer(work, input.question, input.row);
  entry->result = input.state == ANSWER_INVALID ? SAVE_INVALID : SAVE_DONE;
  if (!is_same(stored, &input)) {
    if (stored->mark.version > 0 && stored->mark.version != entry->seen) {
      entry->result = SAVE_CONFLICT;
      show_theirs(work, actor, &input, arena, entry);
    } else {
      if (!store(db, work, actor, entry, &input, err)) return false;
      *changed = true;
    }
  }
  show_mark(stored, entry);
  return true;
}

bool work_save_loaded(struct db *db, struct work *work, const struct actor *actor, struct save_entry *entries, size_t count,
                      struct arena *arena, struct err *err) {
  bool changed = false;
  for (size_t i = 0; i < count; i++) {
    if (!save_entry(db, work, actor, &entries[i], arena, &changed, err)) return false;
  }
  return !changed || work_keep_progress(db, work, arena, err);
}

bool work_save(struct db *db, const struct actor *actor, int64_t response_id, struct save_entry *entries, size_t count,
               struct arena *arena, struct err *err) {
  struct work *work = work_load_to_change(db, actor, response_id, arena, err);
  return work != NULL && work_save_loaded(db, work, actor, entries, count, arena, err);
}
