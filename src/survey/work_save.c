#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "form/typed.h"
#include "store/misfit.h"
#include "store/rival.h"
#include "store/stored_response.h"
#include "store/tally.h"
#include "survey/disposition.h"
#include "survey/work_answers.h"

#define TYPED_LEN_MAX (1024 * 1024) /* bytes of an entry that is kept as typed */

/* How far each section is, for the counts of the dashboard. */
static bool keep_sections(struct db *db, const struct work *work, struct arena *arena, struct err *err) {
  const struct form *form = work->item.form;
  struct tally_section *sections = arena_array(arena, (size_t)form->section_count, sizeof *sections);
  for (int i = 0; i < form->section_count; i++) {
    const struct section_progress *progress = &work->state->sections[i];
    sections[i] = (struct tally_section){form->sections[i].id, progress->required, progress->answered};
  }
  return tally_put_sections(db, work->item.response, sections, (size_t)form->section_count, err);
}

bool work_keep_progress(struct db *db, struct work *work, struct arena *arena, struct err *err) {
  work->state = state_compute(work->response, arena);
  const struct section_progress *total = &work->state->total;
  const enum response_status was = work->item.status;
  const struct response_progress progress = {
      .status = was == RESPONSE_REOPENED ? RESPONSE_REOPENED : RESPONSE_STARTED,
      .required = total->required,
      .answered = total->answered,
      .complete = work_is_ready(work),
  };
  if (!stored_response_change(db, work->item.response, &progress, err) || !keep_sections(db, work, arena, err)) return false;
  if (!stored_query_note_corrected(db, work->item.response, err)) return false;
  bool same = (int)was == progress.status && work->item.complete == progress.complete;
  return same || disposition_keep(db, work->item.response, err);
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

bool work_find_place(const struct work *work, const char *question_id, const char *row_id, int *question, int *row) {
  const struct form *form = work->item.form;
  *question = form_find(form, question_id);
  *row = work_find_row(work, *question, row_id);
  return *row != -2 && form_is_answerable(&form->questions[*question]);
}

/* False: nothing that can be stored. */
static bool read_input(const struct work *work, const struct save_entry *entry, struct arena *arena,
                       struct input *input) {
  if (!work_find_place(work, entry->question, entry->row, &input->question, &input->row)) return false;
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

/* False when there is no such version (or on error: err set). */
static bool find_past(struct db *db, const struct work *work, const struct save_entry *entry, struct arena *arena,
                      struct answer_row *out, struct err *err) {
  bool found = false;
  struct stmt *stmt = answer_history(db, work->item.response, entry->question, entry->row);
  while (!found && answer_history_next(stmt, out, err)) found = out->version == entry->restore;
  if (found && out->value != NULL) out->value = arena_copy(arena, out->value);
  stmt_end(stmt);
  return found;
}

/* An earlier version as the entry of today. Its stored form is exact; where it does not fit (any more), it is what somebody
 * typed. False: nothing that can be stored (or on error: err set). */
static bool read_past(struct db *db, const struct work *work, const struct save_entry *entry, struct arena *arena,
                      struct input *input, struct err *err) {
  struct answer_row past;
  if (!work_find_place(work, entry->question, entry->row, &input->question, &input->row) || !find_past(db, work, entry, arena, &past, err)) return false;
  const struct form_question *question = &work->item.form->questions[input->question];
  if (past.state == ANSWER_VALUE && response_parse_stored(question, past.value, arena, &input->value)) {
    input->fault = typed_check(question, &input->value);
    input->state = input->fault == TYPED_OK ? ANSWER_VALUE : ANSWER_INVALID;
    input->text = past.value;
    return true;
  }
  struct save_entry typed = {.question = entry->question, .row = entry->row, .special = ""};
  if (past.state == ANSWER_NA) typed.special = "na";
  if (past.state == ANSWER_NODATA) typed.special = "nodata";
  typed.values = &past.value;
  typed.value_count = past.value != NULL;
  return read_input(work, &typed, arena, input);
}

/* A text is the same whether it fits or not: a correction of the questionnaire may have changed that. */
static bool is_same(const struct input *input, enum answer_state state, const char *value) {
  bool texts = (state == ANSWER_VALUE || state == ANSWER_INVALID) &&
               (input->state == ANSWER_VALUE || input->state == ANSWER_INVALID);
  if (state != input->state && !texts) return false;
  return input->text == NULL || (value != NULL && strcmp(input->text, value) == 0);
}

static void show_mark(const struct work_answer *stored, struct save_entry *entry) {
  entry->version = stored->mark.version;
  entry->changed_ms = stored->mark.changed_ms;
  entry->person = stored->mark.person != NULL ? stored->mark.person : "";
  entry->on_behalf = stored->mark.on_behalf;
}

static void keep_in_memory(struct work *work, const struct actor *actor, const struct input *input, int64_t now) {
  struct work_answer *stored = work_answer(work, input->question, input->row);
  if (input->state == ANSWER_INVALID) {
    response_set_invalid(work->response, input->question, input->row, input->text, input->fault);
  } else {
    response_set(work->response, input->question, input->row, input->value);
  }
  stored->mark = (struct work_mark){stored->mark.version + 1, now, actor->name, actor->person, work->authority != 0};
  stored->state = input->state;
  stored->value = input->text;
}

/* Settles the open rivals of the place: all, or only those of the owner. */
static bool settle(struct db *db, const struct work *work, const struct actor *actor, const struct save_entry *entry,
                   int64_t owner, int64_t now, struct err *err) {
  struct rival_settling settling = {.question = entry->question, .row = entry->row, .owner = owner,
                                    .person = actor->person, .settled_ms = now};
  return rival_settle(db, work->item.response, &settling, err);
}

bool work_settle_misfits(struct db *db, const struct work *work, int question, int row, int64_t shown, struct err *err) {
  const struct work_misfit *misfit = work_misfit(work, question, row), *changed = work_changed(work, question);
  bool seen = shown == 0 || shown == work->item.version_id;
  if (misfit == NULL && (changed == NULL || row >= 0 || !seen)) return true;
  const char *id = work->item.form->questions[question].id;
  return misfit_settle(db, work->item.response, id, work_row_id(work, question, row),
                       MISFIT_ANSWER | (seen ? MISFIT_QUESTION : 0), err);
}

static bool store(struct db *db, struct work *work, const struct actor *actor, const struct save_entry *entry,
                  const struct input *input, struct err *err) {
  int64_t now = clock_now_ms();
  struct work_answer *stored = work_answer(work, input->question, input->row);
  struct answer_row row = {
      .question = entry->question,
      .row = entry->row,
      .version = stored->mark.version + 1,
      .state = input->state,
      .value = input->text,
      .person = actor->person,
      .changed_ms = now,
  };
  if (!answer_put(db, work->item.response, &row, err)) return false;
  if (!work_settle_misfits(db, work, input->question, input->row, entry->shown, err)) return false;
  keep_in_memory(work, actor, input, now);
  if (stored->rivals == NULL) return true;
  stored->rivals = NULL;
  return settle(db, work, actor, entry, 0, now, err) && stored_response_talk(db, work->item.response, err);
}

/* Does the entry hold what the version held that the page showed? */
static bool check_untouched(struct db *db, const struct work *work, struct save_entry *entry, const struct input *input,
                            struct err *err) {
  struct err own = {0};
  struct stmt *stmt = NULL;
  struct answer_row seen;
  int64_t id = work->item.response;
  entry->untouched = entry->seen == 0
      ? input->state == ANSWER_CLEARED
      : answer_find_past(db, id, entry->question, entry->row, entry->seen, &stmt, &seen, &own) &&
        is_same(input, seen.state, seen.value);
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* A value that came too late. One a person has raised before is not raised again; another takes its place. Beside a choice
 * all are kept, and none that is chosen between is added. */
static bool add_rival(struct db *db, struct work *work, const struct actor *actor, const struct save_entry *entry,
                      const struct input *input, struct err *err) {
  int64_t now = clock_now_ms();
  struct work_answer *stored = work_answer(work, input->question, input->row);
  for (const struct work_rival *rival = stored->rivals; rival != NULL; rival = work_next_rival(rival)) {
    bool counts = entry->aside || rival->person_id == actor->person;
    if (counts && is_same(input, rival->state, rival->value)) return true;
  }
  struct rival rival = {.question = entry->question, .row = entry->row, .state = input->state, .value = input->text,
                        .person = actor->person, .created_ms = now};
  if (!entry->aside && !settle(db, work, actor, entry, actor->person, now, err)) return false;
  return rival_add(db, work->item.response, &rival, err) && stored_response_talk(db, work->item.response, err);
}

/* Something else than what is stored. False only when the store fails. */
static bool save_other(struct db *db, struct work *work, const struct actor *actor, struct save_entry *entry,
                       const struct input *input, bool *changed, struct err *err) {
  int stored = work_answer(work, input->question, input->row)->mark.version;
  bool late = stored > 0 && stored != entry->seen;
  if (late && entry->carried && !check_untouched(db, work, entry, input, err)) return false;
  if (entry->untouched || (entry->aside && input->state == ANSWER_CLEARED)) {
    entry->result = SAVE_DONE;
    return true;
  }
  if (late || entry->aside) {
    entry->result = SAVE_CONFLICT;
    return entry->restore > 0 || add_rival(db, work, actor, entry, input, err);
  }
  *changed = true;
  return store(db, work, actor, entry, input, err);
}

/* The page had nothing in the fields although something is stored: a choice that is not offered any more. */
static bool shows_nothing(const struct work *work, const struct input *input) {
  enum question_type type = work->item.form->questions[input->question].type;
  const char *typed = response_invalid(work->response, input->question, input->row, NULL);
  if (typed == NULL) return false;
  return type == QUESTION_SELECT_ONE || type == QUESTION_SELECT_MULTIPLE || typed[0] == '\0';
}

static bool is_as_typed(const struct answer_row *answer, const char *typed, const char *special) {
  if (answer->state == ANSWER_NA || answer->state == ANSWER_NODATA)
    return strcmp(special, answer->state == ANSWER_NA ? "na" : "nodata") == 0;
  return special[0] == '\0' && strcmp(answer->value != NULL ? answer->value : "", typed) == 0;
}

/* A page of before a correction sends all its fields: one that has no place any more and holds what the page showed. */
static bool check_carried_along(struct db *db, const struct work *work, struct save_entry *entry, struct arena *arena,
                                struct err *err) {
  const char *typed = join_typed(entry, arena);
  struct err own = {0};
  struct answer_row version;
  if (!entry->carried || entry->shown == 0 || entry->shown == work->item.version_id) return true;
  entry->untouched = typed[0] == '\0' && entry->special[0] == '\0';
  struct stmt *stmt = answer_history(db, work->item.response, entry->question, entry->row);
  while (!entry->untouched && answer_history_next(stmt, &version, &own))
    entry->untouched = version.version == entry->seen && is_as_typed(&version, typed, entry->special);
  stmt_end(stmt);
  if (entry->untouched) entry->result = SAVE_DONE;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* False only when the store fails. */
static bool save_entry(struct db *db, struct work *work, const struct actor *actor, struct save_entry *entry,
                       struct arena *arena, bool *changed, struct err *err) {
  struct input input = {0};
  entry->result = SAVE_REFUSED;
  entry->fault = TYPED_OK;
  entry->version = 0;
  entry->changed_ms = 0;
  entry->person = "";
  entry->untouched = false;
  struct err own = {0};
  bool storable = entry->restore > 0 ? read_past(db, work, entry, arena, &input, &own)
                                     : read_input(work, entry, arena, &input);
  entry->fault = input.fault;
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  if (!storable) return check_carried_along(db, work, entry, arena, err);
  if (entry->carried && input.state == ANSWER_CLEARED && shows_nothing(work, &input)) {
    entry->result = SAVE_DONE;
    entry->untouched = true;
    return true;
  }
  struct work_answer *stored = work_answer(work, input.question, input.row);
  entry->result = input.state == ANSWER_INVALID ? SAVE_INVALID : SAVE_DONE;
  bool same = is_same(&input, stored->state, stored->value);
  if (!same && !save_other(db, work, actor, entry, &input, changed, err)) return false;
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
