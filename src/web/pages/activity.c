#include "survey/activity.h"

#include "base/clock.h"
#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/section_view.h"

#define PAGE_ENTRIES 50

/* For messages: activity.NAME. */
static const char *kind_name(enum activity_kind kind) {
  switch (kind) {
    case ACTIVITY_ROW_ADD: return "row_add";
    case ACTIVITY_ROW_RENAME: return "row_rename";
    case ACTIVITY_ROW_REMOVE: return "row_remove";
    case ACTIVITY_SUBMIT: return "submit";
    case ACTIVITY_SIGN_IN: return "sign_in";
    case ACTIVITY_ACCOUNT: return "account";
    case ACTIVITY_SIGN_OUT_ALL: return "sign_out_all";
    case ACTIVITY_ANSWER: break;
  }
  return "answer";
}

static const char *answer_link(struct request *request, const struct activity *activity) {
  const char *base = arena_printf(request->arena, "/r/%lld", (long long)activity->response);
  if (!activity->there) return "";
  return section_field_link(request->arena, base, activity->form, activity->question, activity->row);
}

void activity_line_view(struct request *request, struct view *item, const struct activity *activity) {
  int language = activity->form == NULL ? 0 : form_language(activity->form, request->language);
  const struct form_question *q = activity->question < 0 ? NULL : &activity->form->questions[activity->question];
  bool answer = activity->kind == ACTIVITY_ANSWER;
  view_text(item, "time", locale_time(activity->at_ms, LOCALE_TIME, request->language, request->arena));
  view_text(item, "when", locale_time(activity->at_ms, LOCALE_DATE_TIME, request->language, request->arena));
  view_bool(item, "is_answer", answer);
  view_text(item, "link", answer ? answer_link(request, activity) : "");
  view_text(item, "number", q != NULL ? q->number : activity->question_id);
  view_text(item, "text", q != NULL ? q->text.in[language] : "");
  view_text(item, "label", activity->label);
  view_text(item, "value", activity->value);
  view_bool(item, "invalid", activity->invalid);
  view_text(item, "form_title", activity->form == NULL ? "" : activity->form->title.in[language]);
  view_text(item, "about", request->actor->role == ROLE_EXPERT ? activity->institution_name : "");
  view_text(item, "event", answer ? "" : request_message(request, arena_printf(request->arena, "activity.%s", kind_name(activity->kind)), item));
}

static const char *day_name(struct request *request, int64_t ms) {
  int64_t ago = locale_day(clock_now_ms()) - locale_day(ms);
  if (ago == 0 || ago == 1) return request_message(request, ago == 0 ? "activity.today" : "activity.yesterday", NULL);
  return locale_time(ms, LOCALE_DATE, request->language, request->arena);
}

void page_activity(struct request *request) {
  struct err err = {0};
  const struct activity *list;
  const char *more, *from = request_query(request, "from");
  size_t count = activity_page(request_db(request), request->actor, from, PAGE_ENTRIES, request->arena, &list, &more, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  struct view *view = view_new(request->arena), *day = NULL;
  page_frame(request, view, "title.activity");
  view_list(view, "days");
  for (size_t i = 0; i < count; i++) {
    if (i == 0 || locale_day(list[i].at_ms) != locale_day(list[i - 1].at_ms)) {
      day = view_item(view, "days");
      view_text(day, "day", day_name(request, list[i].at_ms));
      view_list(day, "entries");
    }
    activity_line_view(request, view_item(day, "entries"), &list[i]);
  }
  view_bool(view, "later_page", from[0] != '\0');
  view_text(view, "older", more[0] == '\0' ? "" : arena_printf(request->arena, "/history?from=%s", more));
  reply_page(request, 200, "activity", view);
}
