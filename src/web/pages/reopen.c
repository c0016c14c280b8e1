/* Giving a submitted response back to be changed, and what changed since. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "survey/compare.h"
#include "survey/mover.h"
#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/steer_view.h"

struct giving_back {
  int64_t response;
  struct reopening_wish wish;
};

static int read_number(const char *text) {
  long number = strtol(text, NULL, 10);
  return number < 0 || number > INT_MAX ? -1 : (int)number;
}

static const char *form_title(struct request *request, const struct work *work) {
  return work->item.form->title.in[form_language(work->item.form, request->language)];
}

/* key: of what went wrong with the page as a whole, NULL. */
static void show(struct request *request, int status, const struct giving_back *it, const char *key) {
  static const char *const names[] = {"reason_problem", NULL};
  static const char *const faults[] = {NULL, "deadline.no_reason", "deadline.bad_reason"};
  struct err err = {0};
  const struct submitted *list;
  struct work *work = open_response(request);
  if (work == NULL) return;
  size_t count = submitted_list(request_db(request), work, request->arena, &list, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "reopen.title");
  steer_problem(request, view, names, "reason", faults[it->wish.fault]);
  view_text(view, "page_error", key == NULL ? "" : request_message(request, key, NULL));
  view_text(view, "whose", work->institution_name);
  view_text(view, "place_link", arena_printf(request->arena, "/field/i/%lld?round=%s", (long long)work->institution, work->item.round));
  view_text(view, "form_title", form_title(request, work));
  view_int(view, "response", work->item.response);
  view_bool(view, "can", work->item.status == RESPONSE_SUBMITTED && !work->item.closed);
  view_text(view, "status_text", request_message(request, arena_printf(request->arena, "status.%s", work_status_name(work->item.status)), NULL));
  view_int(view, "seen", count > 0 ? list[0].submission.number : 0);
  view_text(view, "when", locale_time(work->item.submitted_ms, LOCALE_MOMENT, request->language, request->arena));
  view_text(view, "by", work->item.submitted_by);
  view_text(view, "typed_reason", it->wish.reason);
  view_list(view, "submissions");
  for (size_t i = 0; i < count; i++) steer_submission_view(request, view_item(view, "submissions"), work, &list[i]);
  view_bool(view, "has_submissions", count > 0);
  reply_page(request, status, "reopen", view);
}

void page_reopen(struct request *request) {
  const struct giving_back nothing = {.wish = {.reason = ""}};
  show(request, 200, &nothing, NULL);
}

static bool run_reopen(struct db *db, struct request *request, void *context, struct err *err) {
  struct giving_back *it = context;
  return reopening_put(db, request->actor, it->response, &it->wish, err);
}

static void reopened(struct request *request, void *context, const struct err *err) {
  const struct giving_back *it = context;
  switch (err->code) {
    case ERR_NONE:
      mover_wake(request->app->mover); /* it may have been submitted on a questionnaire that was corrected since */
      reply_redirect(request, arena_printf(request->arena, "/r/%lld/reopen", (long long)it->response));
      break;
    case ERR_INPUT: show(request, 400, it, NULL); break;
    case ERR_CONFLICT: show(request, 409, it, "reopen.conflict"); break;
    case ERR_LOCKED: show(request, 409, it, "round.is_closed"); break;
    case ERR_FULL: show(request, 507, it, "error.full.text"); break;
    case ERR_SYSTEM: show(request, 500, it, "error.system.text"); break;
    default: reply_error(request, err); break;
  }
}

void page_reopen_now(struct request *request) {
  struct giving_back *it = arena_alloc(request->arena, sizeof *it);
  it->response = strtoll(request->params[0], NULL, 10);
  it->wish = (struct reopening_wish){.reason = request_field(request, "reason"), .seen = read_number(request_field(request, "seen"))};
  request_write(request, run_reopen, reopened, it);
}

/* ---- comparing */

static void rows_view(struct request *request, struct view *view, const struct compare *compare) {
  static const char *const keys[] = {
      [COMPARE_ROW_ADDED] = "compare.row_added", [COMPARE_ROW_REMOVED] = "compare.row_removed", [COMPARE_ROW_RENAMED] = "compare.row_renamed"};
  const struct form *form = compare->work->item.form;
  view_list(view, "compare_rows");
  for (size_t i = 0; i < compare->row_count; i++) {
    const struct compare_row *row = &compare->rows[i];
    struct view *item = view_item(view, "compare_rows");
    view_text(item, "roster_title", form->containers[row->container].text.in[form_language(form, request->language)]);
    view_text(item, "row_label", row->label);
    view_text(item, "before", row->before);
    view_text(item, "row_text", request_message(request, keys[row->kind], item));
  }
}

static void changes_view(struct request *request, struct view *view, const struct compare *compare) {
  const struct form *form = compare->work->item.form;
  int language = form_language(form, request->language), section = -1;
  struct view *group = NULL;
  view_list(view, "groups");
  for (size_t i = 0; i < compare->change_count; i++) {
    const struct compare_change *change = &compare->changes[i];
    const struct form_question *q = &form->questions[change->question];
    if (q->section != section) {
      section = q->section;
      group = view_item(view, "groups");
      view_text(group, "section_title", form->sections[section].title.in[language]);
      view_list(group, "changes");
    }
    struct view *item = view_item(group, "changes");
    view_text(item, "number", q->number);
    view_text(item, "text", q->text.in[language]);
    view_text(item, "row_label", change->row_label);
    view_text(item, "before", change->before);
    view_text(item, "after", change->after);
    view_text(item, "who", steer_person(request, change->person, change->on_behalf));
    view_text(item, "when", locale_time(change->changed_ms, LOCALE_DATE_TIME, request->language, request->arena));
    view_bool(item, "asked", change->asked);
    view_text(item, "link", arena_printf(request->arena, "/r/%lld/h/%s%s%s", (long long)compare->work->item.response, q->id,
                                         change->row[0] != '\0' ? "?row=" : "", change->row));
  }
}

static void choices_view(struct request *request, struct view *view, const struct compare *compare) {
  view_list(view, "from_choices");
  view_list(view, "to_choices");
  for (size_t i = compare->submission_count; i-- > 0;) {
    const struct submitted *submitted = &compare->submissions[i];
    struct view *from = view_item(view, "from_choices"), *to = view_item(view, "to_choices");
    steer_submission_view(request, from, compare->work, submitted);
    steer_submission_view(request, to, compare->work, submitted);
    view_bool(from, "chosen", submitted == compare->from);
    view_bool(to, "chosen", submitted == compare->to);
  }
}

/* The earlier one of the two that are looked at when nobody says: what stands now is compared with what was submitted last, or
 * before that when it is itself what was submitted. */
static int usual_from(struct request *request, int64_t response) {
  struct err err = {0};
  const struct submitted *list;
  const struct work *work = work_peek(request_db(request), request->actor, response, request->arena, &err);
  size_t count = work != NULL ? submitted_list(request_db(request), work, request->arena, &list, &err) : 0;
  if (count == 0) return 0;
  bool current = work->item.status == RESPONSE_SUBMITTED || work->item.status == RESPONSE_PARTIAL;
  return list[current && count > 1 ? 1 : 0].submission.number;
}

void page_compare(struct request *request) {
  struct err err = {0};
  struct compare compare;
  int64_t response = strtoll(request->params[0], NULL, 10);
  int from = read_number(request_query(request, "from")), to = read_number(request_query(request, "to"));
  if (from == 0) from = usual_from(request, response);
  if (!compare_open(request_db(request), request->actor, response, from, to, request->arena, &compare, &err)) {
    reply_error(request, &err);
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "compare.title");
  view_int(view, "response", response);
  view_text(view, "form_title", form_title(request, compare.work));
  view_text(view, "whose", request->actor->role == ROLE_CONTACT ? "" : compare.work->institution_name);
  view_bool(view, "verified", compare.verified);
  view_text(view, "code", compare.from->receipt);
  view_int(view, "change_count", (int64_t)compare.change_count);
  view_int(view, "fresh_count", compare.fresh);
  view_int(view, "cleared_count", compare.cleared);
  view_int(view, "row_count", (int64_t)compare.row_count);
  view_bool(view, "to_now", compare.to == NULL);
  view_bool(view, "same", compare.change_count == 0 && compare.row_count == 0);
  choices_view(request, view, &compare);
  rows_view(request, view, &compare);
  changes_view(request, view, &compare);
  reply_page(request, 200, "compare", view);
}
