#include <string.h>

#include "base/clock.h"
#include "form/typed.h"
#include "store/rival.h"
#include "store/stored_response.h"
#include "survey/work_answers.h"

/* ---- looking at them */

const struct work_rival *work_rivals(const struct work *work, int question, int row) {
  return work_answer(work, question, row)->rivals;
}

const struct work_rival *work_next_rival(const struct work_rival *rival) {
  const struct work_rival *next = rival->next;
  return next != NULL && next->question == rival->question && next->row == rival->row ? next : NULL;
}

bool work_asks(const struct work *work, const struct work_rival *rival) {
  return state_relevant(work->state, rival->question, rival->row);
}

/* False for an entry that is no answer. */
static bool read_value(const struct form_question *question, enum answer_state state, const char *stored,
                       struct arena *arena, struct value *out) {
  *out = (struct value){.kind = VALUE_MISSING};
  if (state == ANSWER_NA) out->kind = VALUE_NA;
  if (state == ANSWER_NODATA) out->kind = VALUE_NODATA;
  if (state == ANSWER_VALUE) return response_parse_stored(question, stored, arena, out);
  return state != ANSWER_INVALID;
}

static void add_field(struct work_value *shown, const char **fields, const char *text) {
  fields[shown->value_count++] = text;
  shown->values = fields;
}

static void show_fields(const struct form_question *question, const struct value *value, const char *language,
                        struct arena *arena, struct work_value *shown) {
  bool codes = value->kind == VALUE_SET;
  const char **fields = arena_array(arena, codes ? (size_t)value->code_count : 1, sizeof *fields);
  if (value->kind == VALUE_NA) shown->special = "na";
  else if (value->kind == VALUE_NODATA) shown->special = "nodata";
  else if (codes) {
    for (int i = 0; i < value->code_count; i++) add_field(shown, fields, arena_printf(arena, "%d", value->codes[i]));
  } else if (value->kind != VALUE_MISSING) {
    struct buf text = {0};
    typed_format_entry(question, value, language, &text);
    add_field(shown, fields, arena_copy(arena, buf_text(&text)));
    buf_free(&text);
  }
}

struct work_value work_show(const struct form *form, int question, enum answer_state state, const char *value,
                            const char *language, struct arena *arena) {
  struct work_value shown = {.text = "", .special = ""};
  struct value read;
  if (!read_value(&form->questions[question], state, value, arena, &read)) {
    const char **fields = arena_array(arena, 1, sizeof *fields);
    shown.invalid = true;
    shown.text = arena_copy(arena, value != NULL ? value : "");
    add_field(&shown, fields, shown.text);
    return shown;
  }
  struct buf text = {0};
  typed_format_display(form, question, &read, form_language(form, language), &text);
  shown.text = arena_copy(arena, buf_text(&text));
  buf_free(&text);
  show_fields(&form->questions[question], &read, language, arena, &shown);
  return shown;
}

struct work_value work_stored_value(const struct work *work, int question, int row, const char *language,
                                    struct arena *arena) {
  const struct work_answer *stored = work_answer(work, question, row);
  return work_show(work->item.form, question, stored->state, stored->value, language, arena);
}

struct work_value work_rival_value(const struct work *work, const struct work_rival *rival, const char *language,
                                   struct arena *arena) {
  return work_show(work->item.form, rival->question, rival->state, rival->value, language, arena);
}

/* ---- settling */

/* The rival that was chosen, as the next version of the answer. */
static bool put_version(struct db *db, const struct work *work, const struct actor *actor,
                        const struct work_choice *choice, const struct work_rival *rival, int64_t now,
                        struct err *err) {
  struct answer_row version = {
      .question = choice->question,
      .row = choice->row,
      .version = work_mark(work, rival->question, rival->row)->version + 1,
      .state = rival->state,
      .value = rival->value,
      .person = actor->person,
      .changed_ms = now,
  };
  return answer_put(db, work->item.response, &version, err) &&
         work_settle_misfits(db, work, rival->question, rival->row, 0, err);
}

/* False with ERR_CONFLICT when the choice is not one between what is there now. *rival stays NULL for what is stored. */
static bool find_chosen(const struct work *work, const struct work_choice *choice, const struct work_rival **rival,
                        struct err *err) {
  int question, row;
  bool there = work_find_place(work, choice->question, choice->row, &question, &row);
  const struct work_rival *first = there ? work_rivals(work, question, row) : NULL;
  *rival = NULL;
  if (first != NULL && choice->number == 0 &&
      (choice->seen == 0 || choice->seen == work_mark(work, question, row)->version))
    return true;
  for (const struct work_rival *r = first; r != NULL && choice->number != 0; r = work_next_rival(r))
    if (r->number == choice->number) *rival = r;
  return *rival != NULL || err_set(err, ERR_CONFLICT, "%s: somebody has chosen already", choice->question);
}

bool work_settle(struct db *db, const struct actor *actor, int64_t response_id, const struct work_choice *choice,
                 struct err *err) {
  struct arena *arena = arena_new();
  const struct work_rival *rival;
  bool ok = false;
  struct work *work = work_load_to_change(db, actor, response_id, arena, err);
  if (work == NULL || !find_chosen(work, choice, &rival, err)) goto out;
  struct rival_settling settling = {
      .question = choice->question, .row = choice->row, .person = actor->person, .settled_ms = clock_now_ms()};
  if (rival != NULL && !put_version(db, work, actor, choice, rival, settling.settled_ms, err)) goto out;
  if (!rival_settle(db, response_id, &settling, err) || !stored_response_talk(db, response_id, err)) goto out;
  if (rival != NULL) {
    work = work_load(db, actor, response_id, arena, err); /* with the new version */
    ok = work != NULL && work_keep_progress(db, work, arena, err);
  } else ok = true;
out:
  arena_free(arena);
  return ok;
}
