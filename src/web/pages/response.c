#include <stdlib.h>
#include <string.h>

#include "form/typed.h"
#include "survey/next.h"
#include "survey/reopening.h"
#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/section_view.h"
#include "web/steer_view.h"

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

void page_response(struct request *request) {
  struct work *work = open_response(request);
  if (work == NULL) return;
  const char *section = work->item.form->sections[talk_resume(request, work)].id;
  reply_redirect(request, arena_printf(request->arena, "/r/%lld/s/%s", (long long)work->item.response, section));
}

/* To the next question that waits for an answer; to the list of what stands in the way when there is none. */
void page_next(struct request *request) {
  struct work *work = open_response(request);
  if (work == NULL) return;
  if (!work->among && !work->editable) { /* who only reads has nothing to answer */
    reply_error(request, &(struct err){.code = ERR_NOT_FOUND});
    return;
  }
  struct next_place from, next;
  const struct form *form = work->item.form;
  bool known = next_parse(work, request_query(request, "from"), &from) ||
               next_before_section(work, request_query(request, "section"), &from);
  bool found = work->editable && next_find(work, known ? &from : NULL, &next);
  const char *base = arena_printf(request->arena, "/r/%lld", (long long)work->item.response);
  if (!found) {
    reply_redirect(request, arena_printf(request->arena, "%s/check", base));
    return;
  }
  const char *key = section_key(form, work->response, next.question, next.row, request->arena);
  const char *row = next.row < 0 ? "" : arena_printf(request->arena, "&row=%s", strchr(key, ':') + 1);
  reply_redirect(request, arena_printf(request->arena, "%s/s/%s?at=%s%s#q-%s", base,
                                       form->sections[form->questions[next.question].section].id, key, row, key));
}

/* --- reading a whole response --- */

const char *answer_text(struct request *request, const struct work *work, int question, int row) {
  enum typed_fault fault;
  const char *invalid = response_invalid(work->response, question, row, &fault);
  const struct work_misfit *misfit = invalid != NULL ? work_misfit(work, question, row) : NULL;
  if (misfit != NULL) return work_misfit_text(request_db(request), misfit, request->language, request->arena);
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
  view_text(item, "answer", text[0] != '\0' ? text : request_message(request, "answer.empty", NULL));
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

/* Which submission the address asks for: the last one when it says nothing and that is what stands; 0: none. */
static int asked_submission(struct request *request, const struct submitted *list, size_t count, enum response_status status) {
  const char *asked = request_query(request, "n");
  if (asked[0] != '\0') return (int)strtol(asked, NULL, 10);
  bool stands = status == RESPONSE_SUBMITTED || status == RESPONSE_PARTIAL;
  return stands && count > 0 ? list[0].submission.number : 0;
}

static void receipt_view(struct request *request, struct view *view, const struct work *work, const struct submitted *its,
                         size_t count, bool last, bool verified) {
  steer_submission_view(request, view, work, its);
  view_text(view, "form_title", work->item.form->title.in[form_language(work->item.form, request->language)]);
  view_text(view, "form_version", work->item.form->version);
  view_text(view, "receipt_institution", work->institution_name);
  view_text(view, "code", its->receipt);
  view_int(view, "response", work->item.response);
  view_bool(view, "editable", false);
  view_bool(view, "partial", its->submission.partial);
  view_bool(view, "last", last);
  view_bool(view, "several", count > 1);
  view_bool(view, "verified", verified);
  answers_view(request, view, work);
}

void page_receipt(struct request *request) {
  struct err err = {0};
  const struct submitted *list;
  struct submitted its;
  bool verified = false;
  struct work *work = open_response(request);
  if (work == NULL) return;
  size_t count = submitted_list(request_db(request), work, request->arena, &list, &err);
  int number = asked_submission(request, list, count, work->item.status);
  if (number == 0 && err.code == ERR_NONE) {
    reply_redirect(request, arena_printf(request->arena, "/r/%lld/check", (long long)work->item.response));
    return;
  }
  struct work *then = submitted_open(request_db(request), request->actor, work->item.response, number, request->arena, &its, &verified, &err);
  if (then == NULL) {
    reply_error(request, &err);
    return;
  }
  bool last = number == list[0].submission.number && work->item.locked;
  struct view *view = view_new(request->arena);
  page_frame(request, view, its.submission.partial ? "round.partial_heading" : "title.receipt");
  receipt_view(request, view, last ? work : then, &its, count, last, verified);
  reply_page(request, 200, "receipt", view);
}
