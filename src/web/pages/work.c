#include <string.h>

#include "survey/activity.h"
#include "survey/desk.h"
#include "survey/field.h"
#include "web/corrected_view.h"
#include "web/deadline.h"
#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/section_view.h"
#include "web/steer_view.h"

#define LATEST_SHOWN 5 /* of what the person did */

static const char *base_of(struct request *request, const struct work_item *item) {
  return arena_printf(request->arena, "/r/%lld", (long long)item->response);
}

static const char *title_of(struct request *request, const struct work_item *item) {
  return item->form->title.in[form_language(item->form, request->language)];
}

static const char *deadline_words(struct request *request, const struct work_item *item) {
  return deadline_text(request->app->templates, item->deadline_ms, request->language, request->arena);
}

/* --- what waits --- */

/* For messages: desk.NAME in the list, next.NAME in the first line. */
static const char *kind_name(enum desk_kind kind) {
  switch (kind) {
    case DESK_QUERY: return "query";
    case DESK_MINE: return "mine";
    case DESK_ANSWER: return "answer";
    case DESK_CHOOSE: return "choose";
    case DESK_WRONG: return "wrong";
    case DESK_CONFIRM: return "confirm";
    case DESK_CHECK: return "check";
    case DESK_SUBMIT: return "submit";
    case DESK_WAIT: return "wait";
    case DESK_BEGIN:
    case DESK_KINDS: break;
  }
  return "begin";
}

static const char *place_link(struct request *request, const struct desk_task *task, const char *base) {
  const struct form *form = task->card->item->form;
  const struct form_container *roster = task->question < 0 ? &form->containers[task->container] : NULL;
  if (roster != NULL)
    return arena_printf(request->arena, "%s/s/%s#roster-%s", base, form->sections[roster->section].id, roster->id);
  const char *row = task->row < 0 ? "" : response_row(task->card->work->response, form->questions[task->question].roster, task->row)->id;
  return section_field_link(request->arena, base, form, task->question, row);
}

/* To the exchange: beside the one answer, or all of the response. */
static const char *query_link(struct request *request, const struct desk_task *task, const char *base) {
  const struct form *form = task->card->item->form;
  if (task->count > 1 || task->question < 0) return arena_printf(request->arena, "%s/queries", base);
  const struct form_question *q = &form->questions[task->question];
  const char *row = task->row < 0 ? "" : response_row(task->card->work->response, q->roster, task->row)->id;
  return arena_printf(request->arena, "%s/h/%s%s%s#queries", base, q->id, row[0] != '\0' ? "?row=" : "", row);
}

/* To the very field, or to the page with the button. */
static const char *task_link(struct request *request, const struct desk_task *task) {
  const char *base = base_of(request, task->card->item);
  switch (task->kind) {
    case DESK_QUERY: return query_link(request, task, base);
    case DESK_MINE: return arena_printf(request->arena, "%s/s/%s", base, task->card->item->form->sections[task->section].id);
    case DESK_ANSWER: return arena_printf(request->arena, "%s/next", base);
    case DESK_CHOOSE:
    case DESK_CHECK:
    case DESK_WRONG: return place_link(request, task, base);
    case DESK_CONFIRM: {
      const struct violation *finding = task->finding;
      int roster = task->card->item->form->questions[finding->question].roster;
      const char *row = finding->row < 0 ? "" : response_row(task->card->work->response, roster, finding->row)->id;
      return arena_printf(request->arena, "%s/check#w-%s-%s", base, finding->check->key, row);
    }
    case DESK_SUBMIT:
    case DESK_WAIT: return arena_printf(request->arena, "%s/check", base);
    case DESK_BEGIN:
    case DESK_KINDS: break;
  }
  return base;
}

static const char *about(struct request *request, const struct work_item *item) {
  const char *title = title_of(request, item);
  return request->actor->role == ROLE_EXPERT ? arena_printf(request->arena, "%s, %s", title, item->institution_name) : title;
}

/* What the words of a task have besides its count. */
static void task_words(struct request *request, struct view *words, const struct desk_task *task) {
  const struct work_item *item = task->card->item;
  const struct form_section *section = task->kind == DESK_MINE ? &item->form->sections[task->section] : NULL;
  view_text(words, "about", about(request, item));
  view_text(words, "section", section == NULL ? "" : section->title.in[form_language(item->form, request->language)]);
  view_text(words, "responsible", item->responsible_name);
}

static void task_view(struct request *request, struct view *item, const struct desk_task *task) {
  const char *kind = kind_name(task->kind);
  task_words(request, item, task);
  view_int(item, "count", task->count);
  view_text(item, "kind", kind);
  view_text(item, "link", task_link(request, task));
  view_text(item, "text", request_message(request, arena_printf(request->arena, "desk.%s", kind), item));
}

/* The open card whose deadline is the first to come; NULL. */
static const struct work_item *most_urgent(const struct desk *desk) {
  const struct work_item *urgent = NULL;
  for (size_t i = 0; i < desk->card_count; i++) {
    const struct work_item *item = desk->cards[i].item;
    if (!item->locked && (urgent == NULL || item->deadline_ms < urgent->deadline_ms)) urgent = item;
  }
  return urgent;
}

/* A near deadline is the last of what waits, with the list of what stands in its way. */
static void deadline_view(struct request *request, struct view *view, const struct desk *desk) {
  const struct work_item *urgent = most_urgent(desk);
  if (urgent == NULL || deadline_days(urgent->deadline_ms) > DEADLINE_NEAR_DAYS) return;
  int count = 0;
  for (size_t i = 0; i < desk->card_count; i++) {
    const struct work_item *item = desk->cards[i].item;
    count += !item->locked && item->deadline_ms == urgent->deadline_ms;
  }
  struct view *item = view_item(view, "waits");
  view_int(item, "count", count);
  view_text(item, "deadline_text", deadline_words(request, urgent));
  view_text(item, "kind", "deadline");
  view_text(item, "link", arena_printf(request->arena, "%s/check", base_of(request, urgent)));
  view_text(item, "about", locale_time(urgent->deadline_ms, LOCALE_DATE, request->language, request->arena));
  view_text(item, "text", request_message(request, "desk.deadline", item));
}

/* Something was not submitted before its round was closed; of the latest round. */
static bool is_frozen(const struct desk *desk) {
  for (size_t i = 0; i < desk->card_count; i++) {
    const struct work_item *item = desk->cards[i].item;
    if (strcmp(item->round, desk->cards[0].item->round) != 0) break;
    if (item->locked && item->status != RESPONSE_SUBMITTED) return true;
  }
  return false;
}

/* The first line and its button. */
static void next_view(struct request *request, struct view *view, const struct desk *desk) {
  struct view *words = view_new(request->arena);
  const struct desk_task *task = desk->task_count > 0 ? &desk->tasks[0] : NULL;
  view_text(view, "next_link", "");
  if (task == NULL) {
    view_text(view, "next_text", request_message(request, desk->card_count == 0 ? "work.next_none"
                                                          : is_frozen(desk) ? "work.next_closed" : "work.next_done", NULL));
    return;
  }
  const char *key = arena_printf(request->arena, "next.%s", kind_name(task->kind));
  view_text(words, "deadline_text", deadline_words(request, task->card->item));
  view_int(words, "left", desk->left);
  view_int(words, "required", desk->required);
  view_int(words, "count", task->count);
  task_words(request, words, task);
  view_text(view, "next_text", request_message(request, key, words));
  view_text(view, "next_link", task_link(request, task));
  view_text(view, "next_button", request_message(request, arena_printf(request->arena, "%s_button", key), NULL));
}

/* --- the questionnaires --- */

static void status_view(struct request *request, struct view *card, const struct work_item *item) {
  const char *status = work_status_name(item->status);
  view_int(card, "response", item->response);
  view_text(card, "card_title", title_of(request, item));
  view_text(card, "status", status);
  view_text(card, "status_text", request_message(request, arena_printf(request->arena, "status.%s", status), NULL));
}

/* The title of a round that is not the latest one, whose title every page bears; "" for that. */
static const char *other_round(struct request *request, const char *round, struct err *err) {
  const struct field_round *rounds = NULL;
  size_t count = field_rounds(request_db(request), request->actor, request->arena, &rounds, err);
  for (size_t i = 1; i < count; i++)
    if (strcmp(rounds[i].id, round) == 0) return rounds[i].title;
  return "";
}

static void card_view(struct request *request, struct view *card, const struct work *work) {
  const struct work_item *item = &work->item;
  const struct section_progress *total = &work->state->total;
  bool submitted = item->status == RESPONSE_SUBMITTED, open = !item->locked;
  struct section_page page = {
      .form = item->form, .state = work->state, .work = work, .section = -1, .base = base_of(request, item)};
  status_view(request, card, item);
  corrected_line_view(request, card, work);
  view_int(card, "answered", total->answered);
  view_int(card, "required", total->required);
  view_text(card, "deadline", locale_time(item->deadline_ms, LOCALE_DATE, request->language, request->arena));
  view_text(card, "deadline_text", open ? deadline_words(request, item) : "");
  view_bool(card, "counts", !submitted && total->required > 0);
  view_bool(card, "open", open);
  view_bool(card, "submitted", submitted);
  view_bool(card, "new", item->status == RESPONSE_NEW);
  view_bool(card, "ready", item->status != RESPONSE_NEW && work->state->complete);
  view_text(card, "resume", item->form->sections[talk_resume(request, work)].id);
  view_text(card, "when", locale_time(item->submitted_ms, LOCALE_MOMENT, request->language, request->arena));
  view_text(card, "by", item->submitted_by);
  section_list_view(request, card, &page);
  if (open) talk_card_view(request, card, work);
  steer_card_view(request, card, work);
}

/* An expert fills one for every institution: a line each, from the counts that are kept with the response. */
static void line_view(struct request *request, struct view *line, const struct work_item *item) {
  status_view(request, line, item);
  view_text(line, "card_institution", item->institution_name);
  view_int(line, "answered", item->answered);
  view_int(line, "required", item->required);
}

static bool latest_view(struct request *request, struct view *view, struct err *err) {
  const struct activity *list;
  const char *more;
  size_t count = activity_page(request_db(request), request->actor, "", LATEST_SHOWN, request->arena, &list, &more, err);
  view_list(view, "latest");
  for (size_t i = 0; i < count; i++) activity_line_view(request, view_item(view, "latest"), &list[i]);
  return err->code == ERR_NONE;
}

void page_work(struct request *request) {
  struct err err = {0};
  struct desk desk;
  const char *round = "";
  struct view *view = view_new(request->arena);
  bool expert = request->actor->role == ROLE_EXPERT;
  page_frame(request, view, "title.work");
  bool ok = desk_open(request_db(request), request->actor, request->arena, &desk, &err) && latest_view(request, view, &err);
  if (ok && !expert) talk_people_view(request, view, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  next_view(request, view, &desk);
  view_list(view, "waits");
  for (size_t i = 0; i < desk.task_count; i++) task_view(request, view_item(view, "waits"), &desk.tasks[i]);
  deadline_view(request, view, &desk);
  view_bool(view, "has_waits", desk.task_count > 0);
  view_list(view, "cards");
  for (size_t i = 0; i < desk.card_count; i++) {
    struct view *card = view_item(view, "cards");
    const struct work_item *item = desk.cards[i].item;
    if (i == 0 || strcmp(item->round, desk.cards[i - 1].item->round) != 0) round = other_round(request, item->round, &err);
    view_text(card, "card_round", round);
    if (expert) line_view(request, card, desk.cards[i].item);
    else card_view(request, card, desk.cards[i].work);
  }
  view_bool(view, "has_cards", desk.card_count > 0);
  steer_behalf_view(request, view, desk.card_count > 0 ? desk.cards[0].item : NULL, &err);
  reply_page(request, 200, expert ? "expert" : "work", view);
}
