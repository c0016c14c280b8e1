#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "form/typed.h"
#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/section_view.h"

struct work *open_response(struct request *request) {
  struct err err = {0};
  char *end;
  long long id = strtoll(request->params[0], &end, 10);
  struct work *work = NULL;
  if (id <= 0 || *end != '\0') err_set(&err, ERR_NOT_FOUND, "no response %s", request->params[0]);
  else work = work_open(request_db(request), request->actor, id, request->arena, &err);
  if (work == NULL) reply_error(request, &err);
  return work;
}

static const char *message(struct request *request, const char *key, const struct view *view) {
  return template_message(request->app->templates, key, request->language, view, request->arena);
}

static const char *status_name(enum response_status status) {
  switch (status) {
    case RESPONSE_SUBMITTED: return "submitted";
    case RESPONSE_STARTED: return "started";
    case RESPONSE_NEW: break;
  }
  return "new";
}

/* What remains over all questionnaires of the workplace; the page's first line says it. */
struct remaining {
  int left, required, open;
  const char *unstarted; /* the first questionnaire nobody has begun, NULL */
  int64_t deadline_ms;
};

static void card_view(struct request *request, struct view *card, const struct work *work, struct remaining *remaining) {
  const struct section_progress *total = &work->state->total;
  int language = form_language(work->item.form, request->language);
  bool submitted = work->item.status == RESPONSE_SUBMITTED;
  const char *base = arena_printf(request->arena, "/r/%lld", (long long)work->item.response);
  struct section_page page = {.form = work->item.form, .state = work->state, .work = work, .section = -1, .base = base};
  view_int(card, "response", work->item.response);
  view_text(card, "card_title", work->item.form->title.in[language]);
  view_text(card, "status", status_name(work->item.status));
  view_text(card, "status_text", message(request, arena_printf(request->arena, "status.%s", status_name(work->item.status)), NULL));
  view_int(card, "answered", total->answered);
  view_int(card, "required", total->required);
  view_text(card, "deadline", locale_time(work->item.deadline_ms, LOCALE_DATE, request->language, request->arena));
  view_text(card, "deadline_text", message(request, "work.deadline", card));
  view_bool(card, "counts", !submitted && total->required > 0);
  view_bool(card, "open", !submitted);
  view_bool(card, "submitted", submitted);
  view_bool(card, "ready", total->answered == total->required && total->required > 0);
  view_text(card, "resume", work->item.form->sections[section_resume(work->state)].id);
  view_text(card, "resume_text", message(request, work->item.status == RESPONSE_NEW ? "work.start" : "work.resume", NULL));
  if (submitted) {
    view_text(card, "when", locale_time(work->item.submitted_ms, LOCALE_MOMENT, request->language, request->arena));
    view_text(card, "by", work->item.submitted_by);
    return;
  }
  section_list_view(request, card, &page);
  remaining->left += total->required - total->answered;
  remaining->required += total->required;
  remaining->open++;
  if (work->item.status == RESPONSE_NEW && remaining->unstarted == NULL)
    remaining->unstarted = work->item.form->title.in[language];
  remaining->deadline_ms = work->item.deadline_ms;
}

static const char *next_text(struct request *request, size_t count, const struct remaining *remaining) {
  struct view *view = view_new(request->arena);
  if (count == 0) return message(request, "work.next_none", NULL);
  if (remaining->open == 0) return message(request, "work.next_done", NULL);
  if (remaining->left == 0 && remaining->unstarted == NULL) return message(request, "work.next_check", NULL);
  bool late = remaining->deadline_ms < clock_now_ms();
  view_text(view, "deadline", locale_time(remaining->deadline_ms, late ? LOCALE_DATE : LOCALE_UNTIL, request->language, request->arena));
  view_int(view, "left", remaining->left);
  view_int(view, "required", remaining->required);
  view_text(view, "open_title", remaining->unstarted);
  if (remaining->left == 0) return message(request, "work.next_open", view);
  return message(request, late ? "work.next_late" : "work.next_left", view);
}

/* An expert fills one for every institution: a line each, from the counts that are kept with the response. */
static void line_view(struct request *request, struct view *line, const struct work_item *item, struct remaining *remaining) {
  const char *status = status_name(item->status);
  view_int(line, "response", item->response);
  view_text(line, "card_institution", item->institution_name);
  view_text(line, "card_title", item->form->title.in[form_language(item->form, request->language)]);
  view_text(line, "status", status);
  view_text(line, "status_text", message(request, arena_printf(request->arena, "status.%s", status), NULL));
  view_int(line, "answered", item->answered);
  view_int(line, "required", item->required);
  if (item->status == RESPONSE_SUBMITTED) return;
  remaining->left += item->required - item->answered;
  remaining->required += item->required;
  remaining->open++;
  remaining->deadline_ms = item->deadline_ms;
}

void page_work(struct request *request) {
  struct err err = {0};
  const struct work_item *items = NULL;
  struct remaining remaining = {0};
  bool expert = request->actor->role == ROLE_EXPERT;
  size_t count = work_list(request_db(request), request->actor, request->arena, &items, &err);
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.work");
  view_list(view, "cards");
  for (size_t i = 0; i < count && err.code == ERR_NONE; i++) {
    if (expert) {
      line_view(request, view_item(view, "cards"), &items[i], &remaining);
      continue;
    }
    struct work *work = work_open(request_db(request), request->actor, items[i].response, request->arena, &err);
    if (work != NULL) card_view(request, view_item(view, "cards"), work, &remaining);
  }
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  view_text(view, "next_text", next_text(request, count, &remaining));
  view_bool(view, "colleagues", !expert && count > 0);
  view_bool(view, "has_cards", count > 0);
  reply_page(request, 200, expert ? "expert" : "work", view);
}

void page_response(struct request *request) {
  struct work *work = open_response(request);
  if (work == NULL) return;
  const char *section = work->item.form->sections[section_resume(work->state)].id;
  reply_redirect(request, arena_printf(request->arena, "/r/%lld/s/%s", (long long)work->item.response, section));
}

/* --- reading a whole response --- */

const char *answer_text(struct request *request, const struct work *work, int question, int row) {
  enum typed_fault fault;
  const char *invalid = response_invalid(work->response, question, row, &fault);
  if (invalid != NULL) return invalid;
  struct value value = state_value(work->state, question, row);
  if (value.kind == VALUE_MISSING) return "";
  struct buf text = {0};
  typed_format_display(work->item.form, question, &value, form_language(work->item.form, request->language), &text);
  const char *copy = arena_copy_len(request->arena, buf_text(&text), text.len);
  buf_free(&text);
  return copy;
}

static void answer_view(struct request *request, struct view *section, const struct work *work, int question, int row) {
  const struct form *form = work->item.form;
  const struct form_question *q = &form->questions[question];
  if (q->type == QUESTION_NOTE || !state_relevant(work->state, question, row)) return;
  const char *text = answer_text(request, work, question, row);
  struct view *item = view_item(section, "answers");
  view_text(item, "number", q->number);
  view_text(item, "text", q->text.in[form_language(form, request->language)]);
  view_text(item, "row_label", row < 0 ? "" : response_row(work->response, q->roster, row)->label);
  view_bool(item, "empty", text[0] == '\0');
  view_text(item, "answer", text[0] != '\0' ? text : message(request, "answer.empty", NULL));
}

/* A roster reads row by row. */
static int answers_of_item(struct request *request, struct view *section, const struct work *work, int question) {
  const struct form *form = work->item.form;
  int roster = form->questions[question].roster;
  if (roster < 0) {
    answer_view(request, section, work, question, -1);
    return question + 1;
  }
  const struct form_container *container = &form->containers[form->rosters[roster]];
  int end = container->first + container->count;
  for (int row = 0; row < response_row_count(work->response, roster); row++)
    for (int i = container->first; i < end; i++) answer_view(request, section, work, i, row);
  return end;
}

void answers_view(struct request *request, struct view *view, const struct work *work) {
  const struct form *form = work->item.form;
  int language = form_language(form, request->language);
  view_list(view, "answer_sections");
  for (int s = 0; s < form->section_count; s++) {
    if (!state_section_relevant(work->state, s)) continue;
    const struct form_section *section = &form->sections[s];
    struct view *item = view_item(view, "answer_sections");
    view_text(item, "section_title", section->title.in[language]);
    view_text(item, "link", arena_printf(request->arena, "/r/%lld/s/%s", (long long)work->item.response, section->id));
    view_list(item, "answers");
    for (int i = section->first; i < section->first + section->count;) i = answers_of_item(request, item, work, i);
  }
}

void page_receipt(struct request *request) {
  struct work *work = open_response(request);
  if (work == NULL) return;
  if (work->item.status != RESPONSE_SUBMITTED) {
    reply_redirect(request, arena_printf(request->arena, "/r/%lld/check", (long long)work->item.response));
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.receipt");
  view_text(view, "form_title", work->item.form->title.in[form_language(work->item.form, request->language)]);
  view_text(view, "receipt_institution", work->institution_name);
  view_text(view, "time", locale_time(work->item.submitted_ms, LOCALE_MOMENT, request->language, request->arena));
  view_text(view, "by", work->item.submitted_by);
  view_text(view, "code", work->item.receipt);
  view_int(view, "response", work->item.response);
  view_bool(view, "editable", false);
  answers_view(request, view, work);
  reply_page(request, 200, "receipt", view);
}

static void version_view(struct request *request, struct view *item, const struct work_past *past, bool newest) {
  view_text(item, "when", locale_time(past->changed_ms, LOCALE_MOMENT, request->language, request->arena));
  view_text(item, "who", past->person);
  view_text(item, "value", past->value);
  view_bool(item, "invalid", past->invalid);
  view_bool(item, "current_version", newest);
}

void page_history(struct request *request) {
  struct work *work = open_response(request);
  if (work == NULL) return;
  struct err err = {0};
  const struct form *form = work->item.form;
  const struct work_past *versions = NULL;
  const char *row = request_query(request, "row");
  int question = form_find(form, request->params[1]);
  size_t count = 0;
  if (question < 0) err_set(&err, ERR_NOT_FOUND, "no question %s", request->params[1]);
  else count = work_history(request_db(request), request->actor, work->item.response, request->params[1], row,
                            request->arena, &versions, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  const struct form_question *q = &form->questions[question];
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.history");
  view_text(view, "number", q->number);
  view_text(view, "text", q->text.in[form_language(form, request->language)]);
  const char *query = row[0] != '\0' ? arena_printf(request->arena, "?row=%s", row) : "";
  const char *key = row[0] != '\0' ? arena_printf(request->arena, "%s:%s", q->id, row) : q->id;
  view_text(view, "back", arena_printf(request->arena, "/r/%lld/s/%s%s#q-%s", (long long)work->item.response,
                                       form->sections[q->section].id, query, key));
  view_list(view, "versions");
  for (size_t i = 0; i < count; i++) version_view(request, view_item(view, "versions"), &versions[i], i == 0);
  reply_page(request, 200, "history", view);
}
