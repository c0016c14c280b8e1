#include "web/section_view.h"

#include <stdio.h>
#include <string.h>

#include "form/typed.h"
#include "survey/next.h"
#include "web/corrected_view.h"
#include "web/locale.h"
#include "web/prior_view.h"
#include "web/query_view.h"
#include "web/section_builder.h"
#include "web/steer_view.h"

const char *section_key(const struct form *form, const struct response *response, int question, int row,
                        struct arena *arena) {
  const struct form_question *q = &form->questions[question];
  if (row < 0) return q->id;
  return arena_printf(arena, "%s:%s", q->id, response_row(response, q->roster, row)->id);
}

const char *section_field_link(struct arena *arena, const char *base, const struct form *form, int question,
                               const char *row_id) {
  const struct form_question *q = &form->questions[question];
  const char *section = form->sections[q->section].id;
  if (row_id[0] == '\0') return arena_printf(arena, "%s/s/%s#q-%s", base, section, q->id);
  return arena_printf(arena, "%s/s/%s?row=%s#q-%s:%s", base, section, row_id, q->id, row_id);
}

struct builder section_builder(struct request *request, const struct section_page *page) {
  struct builder builder = {
      .request = request,
      .page = page,
      .form = page->form,
      .state = page->state,
      .response = page->state->response,
      .arena = request->arena,
      .language = form_language(page->form, request->language),
  };
  struct templates *templates = request->app->templates;
  builder.error_word = template_message(templates, "problem.error", request->language, NULL, request->arena);
  builder.warning_word = template_message(templates, "problem.warning", request->language, NULL, request->arena);
  return builder;
}

const char *section_state_line(struct request *request, int64_t changed_ms, const char *person) {
  if (changed_ms == 0) return "";
  struct view *view = view_new(request->arena);
  view_text(view, "when", locale_time(changed_ms, LOCALE_DATE_TIME, request->language, request->arena));
  view_text(view, "who", person);
  return request_message(request, "question.changed", view);
}

/* --- sections and steps --- */

int section_step(const struct state *state, int section, int step) {
  for (int i = section + step; i >= 0 && i < state->form->section_count; i += step)
    if (state_section_relevant(state, i)) return i;
  return -1;
}

int section_resume(const struct state *state) {
  int first = -1;
  for (int i = 0; i < state->form->section_count; i++) {
    if (!state_section_relevant(state, i)) continue;
    if (first < 0) first = i;
    if (!state_section_done(state, i)) return i;
  }
  return first < 0 ? 0 : first;
}

/* A section may hold nothing but notes and calculated values. */
static bool asks_something(const struct form *form, int section) {
  const struct form_section *its = &form->sections[section];
  for (int i = its->first; i < its->first + its->count; i++)
    if (form_is_answerable(&form->questions[i])) return true;
  return false;
}

/* "5 no 7"; nothing when there is nothing to count. */
const char *section_progress_text(struct request *request, const struct state *state, int section) {
  const struct section_progress *progress = &state->sections[section];
  bool relevant = state_section_relevant(state, section);
  if (relevant && progress->required == 0) return "";
  struct view *view = view_new(request->arena);
  view_int(view, "answered", progress->answered);
  view_int(view, "required", progress->required);
  return request_message(request, relevant ? "work.of" : "state.skipped", view);
}

static bool has_choices(const struct work *work, int section) {
  for (const struct work_rival *rival = work == NULL ? NULL : work->rivals; rival != NULL; rival = rival->next)
    if (work->item.form->questions[rival->question].section == section && work_asks(work, rival)) return true;
  return false;
}

static const char *section_state_name(const struct section_page *page, int section) {
  const struct state *state = page->state;
  const struct section_progress *progress = &state->sections[section];
  if (!state_section_relevant(state, section)) return "skipped";
  if (has_choices(page->work, section)) return "choose";
  if (progress->errors > 0) return "wrong";
  if (!asks_something(state->form, section)) return "";
  if (progress->answered == 0) return "none";
  return progress->answered < progress->required ? "some" : "done";
}

static struct view *section_item(struct request *request, struct view *view, const struct section_page *page, int index) {
  const struct form_section *section = &page->form->sections[index];
  struct view *item = view_item(view, "sections");
  view_text(item, "id", section->id);
  view_text(item, "section_title", section->title.in[form_language(page->form, request->language)]);
  view_text(item, "link", arena_printf(request->arena, "%s/s/%s", page->base, section->id));
  view_text(item, "progress_text", section_progress_text(request, page->state, index));
  view_bool(item, "current", index == page->section);
  const struct work_assignee *assignee = page->work != NULL ? &page->work->assignees[index] : NULL;
  bool given = assignee != NULL && assignee->person != 0;
  view_text(item, "assignee", given ? assignee->name : "");
  view_bool(item, "mine", given && assignee->person == request->actor->person);
  return item;
}

void section_list_view(struct request *request, struct view *view, const struct section_page *page) {
  view_list(view, "sections");
  for (int i = 0; i < page->form->section_count; i++) {
    const struct section_progress *progress = &page->state->sections[i];
    const char *name = section_state_name(page, i);
    const char *key = arena_printf(request->arena, "state.%s", name);
    struct view *item = section_item(request, view, page, i);
    view_int(item, "answered", progress->answered);
    view_int(item, "required", progress->required);
    view_int(item, "max", progress->required > 0 ? progress->required : 1);
    view_bool(item, "counted", progress->required > 0 && state_section_relevant(page->state, i));
    view_text(item, "state", name);
    view_text(item, "state_text",
              name[0] == '\0' ? "" : request_message(request, key, NULL));
  }
}

/* --- one question --- */

/* The entry to be shown in place of what is stored. */
static const struct save_entry *find_entry(const struct builder *b, const char *id, const char *row_id) {
  for (size_t i = 0; i < b->page->entry_count; i++) {
    const struct save_entry *entry = &b->page->entries[i];
    if (entry->result != SAVE_REFUSED) continue;
    if (strcmp(entry->question, id) == 0 && strcmp(entry->row, row_id) == 0) return entry;
  }
  return NULL;
}

static bool special_chosen(const struct save_entry *entry, const struct value *value, enum special special) {
  if (entry != NULL) return strcmp(entry->special, special == SPECIAL_NA ? "na" : "nodata") == 0;
  return value->kind == (special == SPECIAL_NA ? VALUE_NA : VALUE_NODATA);
}

static const char *special_text(const struct builder *b, const struct form_question *q, enum special special) {
  const char *own = q->special_text[special == SPECIAL_NA ? 0 : 1].in[b->language];
  return own != NULL && own[0] != '\0' ? own : typed_special_name(special, b->request->language);
}

static void special_view(const struct builder *b, struct view *item, const struct form_question *q,
                         const struct save_entry *entry, const struct value *value, enum special special) {
  const char *text = special_text(b, q, special);
  view_text(item, "special", special == SPECIAL_NA ? "na" : "nodata");
  view_text(item, "special_text", text);
  view_text(item, "aria", arena_printf(b->arena, "%s: %s", q->text.in[b->language], text));
  view_bool(item, "offered", (q->specials & special) != 0);
  view_bool(item, "checked", special_chosen(entry, value, special));
}

static bool option_chosen(const struct save_entry *entry, const struct value *value, int code) {
  if (entry != NULL) {
    const char *text;
    char wanted[16];
    snprintf(wanted, sizeof wanted, "%d", code);
    for (size_t i = 0; i < entry->value_count; i++) {
      text = entry->values[i];
      if (strcmp(text, wanted) == 0) return true;
    }
    return false;
  }
  if (value->kind == VALUE_NUMBER) return value->number == code;
  if (value->kind != VALUE_SET) return false;
  for (int i = 0; i < value->code_count; i++)
    if (value->codes[i] == code) return true;
  return false;
}

static void options_view(const struct builder *b, struct view *view, int question, int row,
                         const struct save_entry *entry, const struct value *value) {
  const struct form_question *q = &b->form->questions[question];
  const char *kind = q->type == QUESTION_SELECT_ONE ? "radio" : "checkbox";
  view_list(view, "options");
  for (int i = 0; i < q->option_count; i++) {
    const struct form_option *option = &q->options[i];
    struct view *item = view_item(view, "options");
    view_text(item, "kind", kind);
    view_int(item, "code", option->code);
    view_text(item, "option_text", option->text.in[b->language]);
    view_bool(item, "checked", option_chosen(entry, value, option->code));
    view_bool(item, "exclusive", option->exclusive);
    view_bool(item, "option_hidden", option->relevant != NULL && !state_option_relevant(b->state, question, row, i));
    if (q->matrix >= 0)
      view_text(item, "aria", arena_printf(b->arena, "%s: %s", q->text.in[b->language], option->text.in[b->language]));
  }
}

const char *section_message(const struct builder *b, const struct violation *violation) {
  struct buf text = {0};
  state_message(b->state, violation, b->language, &text);
  const char *copy = arena_copy_len(b->arena, buf_text(&text), text.len);
  buf_free(&text);
  return copy;
}

bool section_shows(const struct builder *b, const struct violation *violation) {
  return b->page->work == NULL || !work_confirmed(b->page->work, violation);
}

/* What is wrong with the definition of the question, beside it; "line:column" as the label. */
static void findings_view(const struct builder *b, struct view *view, const char *id) {
  size_t count = b->page->findings == NULL ? 0 : findings_count(b->page->findings);
  for (size_t i = 0; i < count; i++) {
    const struct finding *finding = findings_get(b->page->findings, i);
    if (finding->question == NULL || strcmp(finding->question, id) != 0) continue;
    struct view *item = view_item(view, "problem_items");
    view_text(item, "severity", "error");
    view_text(item, "severity_text", arena_printf(b->arena, "%d:%d", finding->line, finding->column));
    view_text(item, "message", finding->text);
  }
}

/* Returns whether one of them is an error. */
static bool problems_view(const struct builder *b, struct view *view, int question, int row) {
  bool wrong = false;
  view_list(view, "problem_items");
  findings_view(b, view, b->form->questions[question].id);
  for (size_t i = 0; i < b->state->violation_count; i++) {
    const struct violation *violation = &b->state->violations[i];
    if (violation->question != question || violation->row != row || !section_shows(b, violation)) continue;
    bool error = violation->severity == SEVERITY_ERROR;
    struct view *item = view_item(view, "problem_items");
    view_text(item, "severity", error ? "error" : "warning");
    view_text(item, "severity_text", error ? b->error_word : b->warning_word);
    view_text(item, "message", section_message(b, violation));
    wrong = wrong || error;
  }
  return wrong;
}

bool section_must_choose(const struct builder *b, int question, int row) {
  const struct work_rival *rival = b->page->work == NULL ? NULL : work_rivals(b->page->work, question, row);
  return rival != NULL && work_asks(b->page->work, rival);
}

static void conflict_view(const struct builder *b, struct view *view, int question, int row) {
  bool conflict = section_must_choose(b, question, row);
  view_bool(view, "conflict", conflict);
  if (conflict) section_rivals_view(b->request, view, b->page->work, question, row);
}

static const char *shown_value(const struct builder *b, int question, int row, const struct save_entry *entry,
                               const struct value *value) {
  if (entry != NULL) return entry->value_count > 0 ? entry->values[0] : "";
  enum typed_fault fault;
  const char *invalid = response_invalid(b->response, question, row, &fault);
  if (invalid != NULL) return invalid;
  struct buf text = {0};
  typed_format_entry(&b->form->questions[question], value, b->request->language, &text);
  const char *copy = arena_copy_len(b->arena, buf_text(&text), text.len);
  buf_free(&text);
  return copy;
}

static void entry_view(const struct builder *b, struct view *view, int question, int row, const struct save_entry *entry,
                       const struct value *value) {
  const struct form_question *q = &b->form->questions[question];
  bool number = q->type == QUESTION_INTEGER || q->type == QUESTION_DECIMAL;
  view_bool(view, "is_number", number);
  view_bool(view, "is_date", q->type == QUESTION_DATE);
  view_bool(view, "is_line", q->type == QUESTION_TEXT && !q->multiline);
  view_bool(view, "is_lines", q->type == QUESTION_TEXT && q->multiline);
  view_int(view, "width", 12);
  view_text(view, "value", shown_value(b, question, row, entry, value));
}

const char *section_history_link(const struct builder *b, int question, int row) {
  const struct form_question *q = &b->form->questions[question];
  if (row < 0) return arena_printf(b->arena, "%s/h/%s", b->page->base, q->id);
  return arena_printf(b->arena, "%s/h/%s?row=%s", b->page->base, q->id, response_row(b->response, q->roster, row)->id);
}

static void mark_view(const struct builder *b, struct view *view, int question, int row, const struct save_entry *entry) {
  const struct work_mark *mark = b->page->work == NULL ? NULL : work_mark(b->page->work, question, row);
  bool changed = mark != NULL && mark->version > 0;
  view_bool(view, "changed", changed);
  view_int(view, "version", entry != NULL ? entry->seen : changed ? mark->version : 0);
  section_talk_view(b, view, question, row);
  if (!changed) return;
  view_text(view, "when", locale_time(mark->changed_ms, LOCALE_DATE_TIME, b->request->language, b->arena));
  view_text(view, "who", steer_person(b->request, mark->person, mark->on_behalf));
}

static bool filtered_below_section(const struct form *form, const struct form_question *q) {
  if (q->relevant != NULL) return true;
  for (int c = q->container; c >= 0; c = form->containers[c].parent)
    if (form->containers[c].relevant != NULL) return true;
  return false;
}

static const char *described_by(const struct builder *b, const struct form_question *q, const char *key) {
  bool hint = q->hint.in[b->language][0] != '\0', unit = q->unit.in[b->language][0] != '\0' && q->table < 0;
  return arena_printf(b->arena, "%s%s%s%sp-%s", hint ? "h-" : "", hint ? key : "", hint ? " " : "",
                      unit ? arena_printf(b->arena, "u-%s ", key) : "", key);
}

static void question_view(const struct builder *b, struct view *view, int question, int row) {
  const struct form_question *q = &b->form->questions[question];
  const struct value *value = response_get(b->response, question, row);
  const char *row_id = row < 0 ? "" : response_row(b->response, q->roster, row)->id;
  const char *key = section_key(b->form, b->response, question, row, b->arena);
  const struct save_entry *entry = find_entry(b, q->id, row_id);
  bool choice = q->type == QUESTION_SELECT_ONE || q->type == QUESTION_SELECT_MULTIPLE;
  view_text(view, "id", q->id);
  view_text(view, "row", row_id);
  view_text(view, "key", key);
  view_text(view, "number", q->number);
  view_text(view, "text", q->text.in[b->language]);
  view_text(view, "hint", q->hint.in[b->language]);
  view_text(view, "unit", q->unit.in[b->language]);
  view_text(view, "described", described_by(b, q, key));
  view_bool(view, "required", q->required || q->table >= 0);
  view_bool(view, "conditional", filtered_below_section(b->form, q));
  view_bool(view, "hidden", !state_relevant(b->state, question, row));
  view_bool(view, "locked", !b->page->editable);
  view_bool(view, "is_choice", choice);
  view_bool(view, "clearable", q->type == QUESTION_SELECT_ONE && !q->required && b->page->editable);
  view_bool(view, "has_error", problems_view(b, view, question, row));
  conflict_view(b, view, question, row);
  corrected_question_view(b, view, question, row);
  mark_view(b, view, question, row, entry);
  prior_view(b, view, question, row);
  if (choice) options_view(b, view, question, row, entry, value);
  else entry_view(b, view, question, row, entry, value);
  view_list(view, "specials");
  for (unsigned special = SPECIAL_NA; special <= SPECIAL_NODATA; special <<= 1)
    if (q->specials & special) special_view(b, view_item(view, "specials"), q, entry, value, (enum special)special);
}

const char *section_calculated(const struct builder *b, int question, int row) {
  struct value value = state_value(b->state, question, row);
  if (value_is_missing(&value)) return "–";
  struct buf text = {0};
  typed_format_display(b->form, question, &value, b->language, &text);
  const char *copy = arena_copy_len(b->arena, buf_text(&text), text.len);
  buf_free(&text);
  return copy;
}

static void calculate_view(const struct builder *b, struct view *view, int question, int row) {
  const struct form_question *q = &b->form->questions[question];
  view_text(view, "id", q->id);
  view_text(view, "row", row < 0 ? "" : response_row(b->response, q->roster, row)->id);
  view_text(view, "key", section_key(b->form, b->response, question, row, b->arena));
  view_text(view, "number", q->number);
  view_text(view, "text", q->text.in[b->language]);
  view_text(view, "unit", q->unit.in[b->language]);
  view_text(view, "value", section_calculated(b, question, row));
  view_bool(view, "conditional", filtered_below_section(b->form, q));
  view_bool(view, "hidden", !state_relevant(b->state, question, row));
  view_bool(view, "conflict", false);
  corrected_question_view(b, view, question, row);
  problems_view(b, view, question, row);
}

/* --- groups --- */

static struct view *item_of_kind(struct view *view, const char *list, const char *kind) {
  static const char *const kinds[] = {"is_heading", "is_question", "is_note",  "is_calculate",
                                      "is_matrix",  "is_table",    "is_roster"};
  struct view *item = view_item(view, list);
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) view_bool(item, kinds[i], strcmp(kinds[i], kind) == 0);
  return item;
}

static bool container_filtered(const struct form *form, int container) {
  for (int c = container; c >= 0; c = form->containers[c].parent)
    if (form->containers[c].relevant != NULL) return true;
  return false;
}

static bool any_relevant(const struct builder *b, const struct form_container *container, int row) {
  for (int i = container->first; i < container->first + container->count; i++)
    if (state_relevant(b->state, i, row)) return true;
  return false;
}

static void group_view(const struct builder *b, struct view *view, int index, int row) {
  const struct form_container *container = &b->form->containers[index];
  view_text(view, "group_text", container->text.in[b->language]);
  view_text(view, "group_hint", container->hint.in[b->language]);
  view_int(view, "cid", row < 0 ? index : -1);
  view_bool(view, "conditional", container_filtered(b->form, index));
  view_bool(view, "hidden", row < 0 ? !state_container_relevant(b->state, index) : !any_relevant(b, container, row));
}

static void rows_view(const struct builder *b, struct view *view, const struct form_container *container, int row) {
  view_list(view, "rows");
  for (int i = container->first; i < container->first + container->count; i++)
    question_view(b, view_item(view, "rows"), i, row);
}

static void matrix_view(const struct builder *b, struct view *view, int index, int row) {
  const struct form_container *container = &b->form->containers[index];
  const struct form_question *first = &b->form->questions[container->first];
  group_view(b, view, index, row);
  view_list(view, "columns");
  for (int i = 0; i < first->option_count; i++)
    view_text(view_item(view, "columns"), "option_text", first->options[i].text.in[b->language]);
  rows_view(b, view, container, row);
}

static void table_view(const struct builder *b, struct view *view, int index, int row) {
  const struct form_container *container = &b->form->containers[index];
  unsigned offered = 0;
  int with_specials = container->first;
  for (int i = container->first; i < container->first + container->count; i++) {
    if (b->form->questions[i].specials & ~offered) with_specials = i;
    offered |= b->form->questions[i].specials;
  }
  group_view(b, view, index, row);
  view_list(view, "special_columns");
  for (unsigned special = SPECIAL_NA; special <= SPECIAL_NODATA; special <<= 1)
    if (offered & special)
      view_text(view_item(view, "special_columns"), "special_text",
                special_text(b, &b->form->questions[with_specials], (enum special)special));
  view_list(view, "rows");
  for (int i = container->first; i < container->first + container->count; i++) {
    const struct form_question *q = &b->form->questions[i];
    struct view *item = view_item(view, "rows");
    question_view(b, item, i, row);
    const struct save_entry *entry =
        find_entry(b, q->id, row < 0 ? "" : response_row(b->response, q->roster, row)->id);
    view_list(item, "special_cells");
    for (unsigned special = SPECIAL_NA; special <= SPECIAL_NODATA; special <<= 1)
      if (offered & special)
        special_view(b, view_item(item, "special_cells"), q, entry, response_get(b->response, i, row),
                     (enum special)special);
  }
}

/* Headings of the blocks that begin at this question. */
static void headings_view(const struct builder *b, struct view *view, const char *list, int question, int row) {
  for (int c = 0; c < b->form->container_count; c++) {
    const struct form_container *container = &b->form->containers[c];
    if (container->kind != CONTAINER_BLOCK || container->first != question) continue;
    if (container->text.in[b->language][0] == '\0') continue;
    struct view *item = item_of_kind(view, list, "is_heading");
    group_view(b, item, c, row);
    view_text(item, "text", container->text.in[b->language]);
    view_text(item, "hint", container->hint.in[b->language]);
  }
}

/* Shows the item that begins at a question and returns the question after it. */
static int item_view(const struct builder *b, struct view *view, const char *list, int question, int row) {
  const struct form_question *q = &b->form->questions[question];
  headings_view(b, view, list, question, row);
  if (q->matrix >= 0) {
    matrix_view(b, item_of_kind(view, list, "is_matrix"), q->matrix, row);
    return question + b->form->containers[q->matrix].count;
  }
  if (q->table >= 0) {
    table_view(b, item_of_kind(view, list, "is_table"), q->table, row);
    return question + b->form->containers[q->table].count;
  }
  if (q->type == QUESTION_CALCULATE) calculate_view(b, item_of_kind(view, list, "is_calculate"), question, row);
  else if (q->type == QUESTION_NOTE) question_view(b, item_of_kind(view, list, "is_note"), question, row);
  else question_view(b, item_of_kind(view, list, "is_question"), question, row);
  return question + 1;
}

static void roster_problem_view(const struct builder *b, struct view *view, int index) {
  view_text(view, "roster_problem", "");
  for (size_t i = 0; i < b->state->violation_count; i++) {
    const struct violation *violation = &b->state->violations[i];
    if (violation->question < 0 && violation->container == index)
      view_text(view, "roster_problem", section_message(b, violation));
  }
}

void section_row_progress(const struct builder *b, const struct form_container *container, int row, int *answered,
                          int *required) {
  enum typed_fault fault;
  *answered = *required = 0;
  for (int i = container->first; i < container->first + container->count; i++) {
    if (!b->form->questions[i].required || !state_relevant(b->state, i, row)) continue;
    (*required)++;
    *answered += response_get(b->response, i, row)->kind != VALUE_MISSING &&
                 response_invalid(b->response, i, row, &fault) == NULL;
  }
}

static void roster_row_view(const struct builder *b, struct view *view, const struct form_container *container, int row,
                            bool open) {
  const struct response_row *this_row = response_row(b->response, container->roster, row);
  int required, answered;
  section_row_progress(b, container, row, &answered, &required);
  view_text(view, "row_id", this_row->id);
  view_text(view, "row_label", this_row->label);
  view_int(view, "answered", answered);
  view_int(view, "required", required);
  view_bool(view, "row_open", open);
  view_list(view, "row_items");
  for (int i = container->first; i < container->first + container->count;) i = item_view(b, view, "row_items", i, row);
}

static void roster_view(const struct builder *b, struct view *view, int index) {
  const struct form_container *container = &b->form->containers[index];
  const char *open = request_query(b->request, "row");
  int count = response_row_count(b->response, container->roster);
  group_view(b, view, index, -1);
  view_text(view, "roster_id", container->id);
  view_text(view, "row_word", container->label.in[b->language]);
  view_bool(view, "row_editable", b->page->editable);
  view_text(view, "new_name", request_field(b->request, arena_printf(b->arena, "add:%s", container->id)));
  view_bool(view, "name_missing", strcmp(request_query(b->request, "unnamed"), container->id) == 0);
  roster_problem_view(b, view, index);
  view_list(view, "roster_rows");
  for (int row = 0; row < count; row++) {
    const char *id = response_row(b->response, container->roster, row)->id;
    roster_row_view(b, view_item(view, "roster_rows"), container, row, count <= 5 || strcmp(open, id) == 0);
  }
}

/* Conflicts come first: they are what the page is shown for. */
static int conflict_lines(const struct builder *b, struct view *view) {
  int count = 0;
  for (size_t i = 0; i < b->page->entry_count; i++) {
    const struct save_entry *entry = &b->page->entries[i];
    int question = entry->result == SAVE_CONFLICT ? form_find(b->form, entry->question) : -1;
    if (question < 0) continue;
    struct view *item = view_item(view, "problem_list");
    const char *key = entry->row[0] == '\0' ? entry->question : arena_printf(b->arena, "%s:%s", entry->question, entry->row);
    view_text(item, "anchor", arena_printf(b->arena, "q-%s", key));
    view_text(item, "problem_text", arena_printf(b->arena, "%s: %s", b->form->questions[question].number,
                                                 request_message(b->request, "conflict.heading", NULL)));
    count++;
  }
  return count;
}

static void summary_view(const struct builder *b, struct view *view) {
  view_list(view, "problem_list");
  int conflicts = conflict_lines(b, view), count = conflicts;
  for (size_t i = 0; i < b->state->violation_count; i++) {
    const struct violation *violation = &b->state->violations[i];
    if (violation->question < 0 || violation->severity != SEVERITY_ERROR) continue;
    if (b->form->questions[violation->question].section != b->page->section) continue;
    struct view *item = view_item(view, "problem_list");
    view_text(item, "anchor",
              arena_printf(b->arena, "q-%s", section_key(b->form, b->response, violation->question, violation->row, b->arena)));
    view_text(item, "problem_text",
              arena_printf(b->arena, "%s: %s", b->form->questions[violation->question].number, section_message(b, violation)));
    count++;
  }
  view_int(view, "problem_count", count);
  view_bool(view, "only_choices", count == conflicts);
  view_bool(view, "problems", conflicts > 0 || (count > 0 && request_query(b->request, "e")[0] != '\0'));
}

/* Where a link to the next unanswered question goes on from: the question that such a link has led to, else the section's
 * beginning. The author's preview has neither that nor a search. */
static void ways_view(const struct builder *b, struct view *view, const struct form_section *section) {
  struct next_place place;
  const char *at = request_query(b->request, "at");
  bool led = b->page->work != NULL && next_parse(b->page->work, at, &place);
  bool wanted = b->page->work != NULL && b->page->editable;
  const char *from = led ? arena_printf(b->arena, "from=%s", at) : arena_printf(b->arena, "section=%s", section->id);
  view_text(view, "next_unanswered", wanted ? arena_printf(b->arena, "%s/next?%s", b->page->base, from) : "");
  const struct work *work = b->page->work;
  int known = work == NULL ? 0 : work->queries[QUERY_OPEN] + work->queries[QUERY_ANSWERED] + work->queries[QUERY_CLOSED];
  if (work != NULL && query_may_ask(b->request->actor, work)) known += work->queries[QUERY_SUGGESTED];
  view_int(view, "known_queries", known);
  view_text(view, "queries_link", known > 0 ? arena_printf(b->arena, "%s/queries", b->page->base) : "");
  view_text(view, "find_link", b->page->work != NULL ? arena_printf(b->arena, "%s/find", b->page->base) : "");
}

void section_view(struct request *request, struct view *view, const struct section_page *page) {
  struct builder b = section_builder(request, page);
  const struct form_section *section = &page->form->sections[page->section];
  int previous = section_step(page->state, page->section, -1), next = section_step(page->state, page->section, 1);
  view_list(view, "sections");
  for (int i = 0; i < page->form->section_count; i++) section_item(request, view, page, i);
  summary_view(&b, view);
  prior_section_view(&b, view);
  view_text(view, "section_title", section->title.in[b.language]);
  view_text(view, "section_hint", section->hint.in[b.language]);
  view_int(view, "position", page->section + 1);
  view_int(view, "total", page->form->section_count);
  view_text(view, "form_title", page->form->title.in[b.language]);
  view_text(view, "action", arena_printf(b.arena, "%s/s/%s", page->base, section->id));
  view_text(view, "previous", previous < 0 ? "" : arena_printf(b.arena, "%s/s/%s", page->base, page->form->sections[previous].id));
  view_text(view, "next", next < 0 ? "" : arena_printf(b.arena, "%s/s/%s", page->base, page->form->sections[next].id));
  view_bool(view, "editable", page->editable);
  ways_view(&b, view, section);
  view_list(view, "items");
  for (int i = section->first; i < section->first + section->count;) {
    int roster = page->form->questions[i].roster;
    if (roster < 0) {
      i = item_view(&b, view, "items", i, -1);
      continue;
    }
    int index = page->form->rosters[roster];
    roster_view(&b, item_of_kind(view, "items", "is_roster"), index);
    i = page->form->containers[index].first + page->form->containers[index].count;
  }
}
