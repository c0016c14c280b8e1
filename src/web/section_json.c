#include "base/json.h"
#include "form/typed.h"
#include "web/corrected_view.h"
#include "web/prior_view.h"
#include "web/query_view.h"
#include "web/section_builder.h"
#include "web/steer_view.h"

static void json_name(struct buf *out, bool *first, const char *name) {
  if (!*first) buf_putc(out, ',');
  *first = false;
  buf_json_string(out, name);
}

/* Calls one with every question of the section, row by row inside rosters. */
typedef void each_question(const struct builder *b, int question, int row, struct buf *out, bool *first);

static void for_each_question(const struct builder *b, each_question *one, struct buf *out) {
  const struct form_section *section = &b->form->sections[b->page->section];
  bool first = true;
  for (int i = section->first; i < section->first + section->count; i++) {
    int roster = b->form->questions[i].roster;
    int rows = roster < 0 ? 1 : response_row_count(b->response, roster);
    for (int row = 0; row < rows; row++) one(b, i, roster < 0 ? -1 : row, out, &first);
  }
}

static void json_hidden(const struct builder *b, int question, int row, struct buf *out, bool *first) {
  if (!state_relevant(b->state, question, row))
    json_name(out, first, section_key(b->form, b->response, question, row, b->arena));
}

static void json_hidden_options(const struct builder *b, int question, int row, struct buf *out, bool *first) {
  const struct form_question *q = &b->form->questions[question];
  for (int i = 0; i < q->option_count; i++) {
    if (q->options[i].relevant == NULL || state_option_relevant(b->state, question, row, i)) continue;
    const char *key = section_key(b->form, b->response, question, row, b->arena);
    json_name(out, first, arena_printf(b->arena, "%s:%d", key, q->options[i].code));
  }
}

static void json_calculated(const struct builder *b, int question, int row, struct buf *out, bool *first) {
  if (b->form->questions[question].type != QUESTION_CALCULATE) return;
  json_name(out, first, section_key(b->form, b->response, question, row, b->arena));
  buf_putc(out, ':');
  buf_json_string(out, section_calculated(b, question, row));
}

static void json_problems(const struct builder *b, int question, int row, struct buf *out, bool *first) {
  bool open = false;
  for (size_t i = 0; i < b->state->violation_count; i++) {
    const struct violation *violation = &b->state->violations[i];
    if (violation->question != question || violation->row != row || !section_shows(b, violation)) continue;
    bool error = violation->severity == SEVERITY_ERROR;
    if (!open) json_name(out, first, section_key(b->form, b->response, question, row, b->arena));
    buf_puts(out, open ? ",{\"severity\":" : ":[{\"severity\":");
    buf_json_string(out, error ? "error" : "warning");
    buf_puts(out, ",\"label\":");
    buf_json_string(out, error ? b->error_word : b->warning_word);
    buf_puts(out, ",\"message\":");
    buf_json_string(out, section_message(b, violation));
    buf_putc(out, '}');
    open = true;
  }
  if (open) buf_putc(out, ']');
}

static void json_rivals(const struct builder *b, int question, int row, struct buf *out, bool *first) {
  if (!section_must_choose(b, question, row)) return;
  json_name(out, first, section_key(b->form, b->response, question, row, b->arena));
  buf_putc(out, ':');
  section_json_rivals(b->request, b->page->work, question, row, out);
}

static void json_talk(const struct builder *b, int question, int row, struct buf *out, bool *first) {
  const struct work_talk *talk = b->page->work != NULL ? work_talk(b->page->work, question, row) : NULL;
  if (talk == NULL || (talk->notes == 0 && !talk->flagged && query_mark_state(b->request->actor, b->page->work, talk) < 0)) return;
  json_name(out, first, section_key(b->form, b->response, question, row, b->arena));
  buf_putc(out, ':');
  section_talk_json(b, question, row, talk, out);
}

static void json_containers(const struct builder *b, struct buf *out) {
  bool first = true;
  for (int c = 0; c < b->form->container_count; c++) {
    if (b->form->containers[c].section != b->page->section || state_container_relevant(b->state, c)) continue;
    buf_printf(out, "%s%d", first ? "" : ",", c);
    first = false;
  }
}

static void json_sections(const struct builder *b, struct buf *out) {
  for (int i = 0; i < b->form->section_count; i++) {
    if (i > 0) buf_putc(out, ',');
    buf_json_string(out, b->form->sections[i].id);
    buf_putc(out, ':');
    buf_json_string(out, section_progress_text(b->request, b->state, i));
  }
}

static const char *filled_text(const struct builder *b, const struct form_container *container, int row) {
  int answered, required;
  struct view *view = view_new(b->arena);
  section_row_progress(b, container, row, &answered, &required);
  view_int(view, "answered", answered);
  view_int(view, "required", required);
  return request_message(b->request, "roster.filled", view);
}

static const char *row_label(const struct builder *b, const struct form_container *container, int row) {
  return response_row(b->response, container->roster, row)->label;
}

/* A text for every row of the section's rosters, by "ROSTER:ROW". */
static void json_rows(const struct builder *b, struct buf *out,
                      const char *text(const struct builder *b, const struct form_container *container, int row)) {
  bool first = true;
  for (int r = 0; r < b->form->roster_count; r++) {
    const struct form_container *container = &b->form->containers[b->form->rosters[r]];
    if (container->section != b->page->section) continue;
    for (int row = 0; row < response_row_count(b->response, r); row++) {
      json_name(out, &first, arena_printf(b->arena, "%s:%s", container->id, response_row(b->response, r, row)->id));
      buf_putc(out, ':');
      buf_json_string(out, text(b, container, row));
    }
  }
}

void section_json(struct request *request, const struct section_page *page, struct buf *out) {
  struct builder b = section_builder(request, page);
  buf_puts(out, "\"hidden\":[");
  for_each_question(&b, json_hidden, out);
  buf_puts(out, "],\"hidden_options\":[");
  for_each_question(&b, json_hidden_options, out);
  buf_puts(out, "],\"hidden_containers\":[");
  json_containers(&b, out);
  buf_puts(out, "],\"problems\":{");
  for_each_question(&b, json_problems, out);
  buf_puts(out, "},\"rivals\":{");
  for_each_question(&b, json_rivals, out);
  buf_puts(out, "},\"calculated\":{");
  for_each_question(&b, json_calculated, out);
  buf_puts(out, "},\"talk\":{");
  for_each_question(&b, json_talk, out);
  buf_puts(out, "},\"rows\":{");
  json_rows(&b, out, filled_text);
  buf_puts(out, "},\"row_labels\":{");
  json_rows(&b, out, row_label);
  buf_puts(out, "},\"sections\":{");
  json_sections(&b, out);
  buf_putc(out, '}');
  corrected_json(&b, out);
  if (page->prior != NULL) prior_json(&b, out);
}

static void json_answer(const struct builder *b, int question, int row, struct buf *out, bool *first) {
  const struct work_mark *mark = work_mark(b->page->work, question, row);
  struct request *request = b->request;
  if (mark->version == 0) return;
  buf_puts(out, *first ? "{\"key\":" : ",{\"key\":");
  *first = false;
  buf_json_string(out, section_key(b->form, b->response, question, row, b->arena));
  buf_printf(out, ",\"version\":%d", mark->version);
  const struct work_value value = work_stored_value(b->page->work, question, row, request->language, b->arena);
  section_json_value(&value, "", out);
  buf_puts(out, ",\"state\":");
  buf_json_string(out, section_state_line(request, mark->changed_ms, steer_person(request, mark->person, mark->on_behalf)));
  buf_puts(out, ",\"history\":");
  buf_json_string(out, section_history_link(b, question, row));
  buf_puts(out, ",\"history_text\":");
  buf_json_string(out, request_message(request, "question.history", NULL));
  buf_puts(out, ",\"who\":");
  buf_json_string(out, mark->person);
  buf_puts(out, ",\"mine\":");
  buf_json_bool(out, mark->person_id == request->actor->person);
  buf_putc(out, '}');
}

void section_entries_json(struct request *request, const struct section_page *page, struct buf *out) {
  struct builder b = section_builder(request, page);
  buf_puts(out, "\"entries\":[");
  for_each_question(&b, json_answer, out);
  buf_putc(out, ']');
}
