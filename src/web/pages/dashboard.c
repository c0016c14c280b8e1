#include "survey/dashboard.h"

#include <string.h>

#include "base/clock.h"
#include "web/deadline.h"
#include "web/locale.h"
#include "web/pages/field_view.h"
#include "web/pages/pages.h"

/* The chart, in units of its view box. */
#define CHART_LEFT 44
#define CHART_TOP 12
#define CHART_WIDTH 660
#define CHART_HEIGHT 190
#define CHART_DAYS 5 /* dates written below it; 3 of a round that is longer than a year, since they have years then */
#define LONG_ROUND_DAYS 366

/* A filter of the round and the questionnaire on the page. */
static struct field_filter about(const struct dashboard *dashboard, const char *questionnaire) {
  struct field_filter filter = field_filter_all();
  if (dashboard->round != dashboard->rounds) filter.round = dashboard->round->id;
  filter.questionnaire = questionnaire;
  return filter;
}

static const char *day_text(struct request *request, int day) {
  return locale_time(clock_riga_ms(day, 12 * 60), LOCALE_DATE, request->language, request->arena);
}

static const char *share_text(struct request *request, const struct dashboard_group *group) {
  int share = dashboard_share(group);
  return share < 0 ? "–" : arena_printf(request->arena, "%d\u00a0%%", share);
}

/* ---- whom to call, what waits */

static void call_view(struct request *request, struct view *item, const struct dashboard *dashboard,
                      const struct dashboard_call *call) {
  const struct field_row *row = &call->row;
  struct view *words = view_new(request->arena);
  view_text(words, "since", field_date(request, call->since_ms));
  view_text(words, "contacted", field_date(request, row->contacted_ms));
  view_text(item, "link", arena_printf(request->arena, "/field/i/%lld?round=%s", (long long)row->institution,
                                       dashboard->round->id));
  view_text(item, "name", row->name);
  view_text(item, "abbreviation", row->abbreviation);
  view_text(item, "reason", dashboard_reason_name(call->reason));
  view_text(item, "reason_text",
            request_message(request, arena_printf(request->arena, "dashboard.why_%s", dashboard_reason_name(call->reason)),
                            words));
  view_text(item, "contacted_text", row->contacted_ms == 0 ? "" : request_message(request, "dashboard.contacted", words));
  view_bool(item, "counts", row->answered > 0);
  view_int(item, "answered", row->answered);
  view_int(item, "required", row->required);
  field_tag_view(request, item, row->disposition);
  field_contact_view(request, item, row->contact_name, row->contact_phone);
}

static void calls_view(struct request *request, struct view *view, const struct dashboard *dashboard) {
  struct field_filter late = about(dashboard, dashboard->chosen->id);
  late.overdue = true;
  late.sort = FIELD_SORT_DEADLINE;
  view_int(view, "overdue", dashboard->overdue);
  view_text(view, "overdue_link", field_link(request, &late));
  view_bool(view, "calls_made", dashboard->chosen->by_contact);
  view_bool(view, "has_calls", dashboard->call_count > 0);
  view_list(view, "calls");
  for (size_t i = 0; i < dashboard->call_count; i++)
    call_view(request, view_item(view, "calls"), dashboard, &dashboard->calls[i]);
}

static bool wait_view(struct request *request, struct view *view, const char *name, int number, const char *link) {
  if (number == 0) return false;
  struct view *words = view_new(request->arena);
  struct view *item = view_item(view, "waits");
  view_int(words, "number", number);
  view_text(item, "name", name);
  view_text(item, "link", link);
  view_text(item, "text", request_message(request, arena_printf(request->arena, "dashboard.wait_%s", name), words));
  return true;
}

static void waiting_view(struct request *request, struct view *view, const struct dashboard *dashboard) {
  view_list(view, "waits");
  bool any = wait_view(request, view, "nominations", dashboard->waiting.nominations, "/frame/nominations");
  any = wait_view(request, view, "answered", dashboard->waiting.answered, "/queries") || any;
  any = wait_view(request, view, "bounced", dashboard->waiting.bounced, "/mailings/outbox") || any;
  any = wait_view(request, view, "unsent", dashboard->waiting.unsent, "/mailings/outbox") || any;
  any = wait_view(request, view, "unanswered", dashboard->waiting.unanswered, "/queries") || any;
  any = wait_view(request, view, "suggested", dashboard->waiting.suggested, "/queries") || any;
  view_bool(view, "has_waits", any);
}

/* ---- counts */

static void number_view(struct request *request, struct view *item, const char *key, const char *link_key,
                        const struct dashboard_group *group, unsigned dispositions, struct field_filter filter) {
  int number = dashboard_count(group, dispositions);
  filter.dispositions = dispositions;
  view_int(item, key, number);
  view_text(item, link_key, number > 0 ? field_link(request, &filter) : "");
}

/* A row of a table of groups: not opened, in progress, submitted, the rest, share. */
static void group_view(struct request *request, struct view *item, const struct dashboard_group *group,
                       struct field_filter filter) {
  const unsigned rest = FIELD_ONLY(DISPOSITION_PARTIAL) | FIELD_ONLY(DISPOSITION_NOT_PARTICIPATING);
  int share = dashboard_share(group);
  number_view(request, item, "unopened", "unopened_link", group, FIELD_UNOPENED, filter);
  number_view(request, item, "working", "working_link", group, FIELD_WORKING, filter);
  number_view(request, item, "submitted", "submitted_link", group, FIELD_ONLY(DISPOSITION_SUBMITTED), filter);
  view_int(item, "rest", dashboard_count(group, rest));
  view_int(item, "group_total", group->total);
  view_text(item, "share", share_text(request, group));
  view_int(item, "share_value", share < 0 ? 0 : share);
  view_text(item, "link", field_link(request, &filter));
}

static void groups_view(struct request *request, struct view *view, const struct dashboard *dashboard) {
  view_list(view, "sectors");
  for (size_t i = 0; i < dashboard->sector_count; i++) {
    struct field_filter filter = about(dashboard, dashboard->chosen->id);
    struct view *item = view_item(view, "sectors");
    filter.sector = dashboard->sectors[i].name;
    view_text(item, "name", filter.sector[0] != '\0' ? filter.sector : "–");
    group_view(request, item, &dashboard->sectors[i], filter);
  }
  view_list(view, "kinds");
  for (size_t i = 0; i < dashboard->kind_count; i++) {
    struct field_filter filter = about(dashboard, dashboard->chosen->id);
    struct view *item = view_item(view, "kinds");
    filter.kind = dashboard->kinds[i].name;
    view_text(item, "name", filter.kind[0] != '\0' ? field_kind_text(request, filter.kind) : "–");
    group_view(request, item, &dashboard->kinds[i], filter);
  }
}

/* The dispositions of the chosen questionnaire, those of nobody left out. */
static void dispositions_view(struct request *request, struct view *view, const struct dashboard *dashboard) {
  struct field_filter filter = about(dashboard, dashboard->chosen->id);
  view_text(view, "all_link", field_link(request, &filter));
  view_list(view, "dispositions");
  for (int i = 0; i < DISPOSITION_COUNT; i++) {
    int number = dashboard->chosen->group.counts[i];
    if (number == 0) continue;
    struct view *item = view_item(view, "dispositions");
    filter.dispositions = FIELD_ONLY(i);
    field_tag_view(request, item, (enum disposition)i);
    view_int(item, "number", number);
    view_text(item, "link", field_link(request, &filter));
  }
}

static void questionnaires_view(struct request *request, struct view *view, const struct dashboard *dashboard) {
  bool several = dashboard->round != dashboard->rounds;
  view_list(view, "questionnaires");
  for (size_t i = 0; i < dashboard->questionnaire_count; i++) {
    const struct dashboard_questionnaire *questionnaire = &dashboard->questionnaires[i];
    const struct form *form = questionnaire->form;
    struct view *item = view_item(view, "questionnaires");
    view_text(item, "form_title", form->title.in[form_language(form, request->language)]);
    view_bool(item, "chosen", questionnaire == dashboard->chosen);
    group_view(request, item, &questionnaire->group, about(dashboard, questionnaire->id));
    view_text(item, "board", arena_printf(request->arena, "/field?%s%s%sq=%s", several ? "round=" : "",
                                          several ? dashboard->round->id : "", several ? "&" : "", questionnaire->id));
  }
}

static void sections_view(struct request *request, struct view *view, const struct dashboard *dashboard) {
  const struct form *form = dashboard->chosen->form;
  view_bool(view, "has_sections", dashboard->section_count > 0);
  view_list(view, "sections");
  for (size_t i = 0; i < dashboard->section_count; i++) {
    const struct dashboard_section *section = &dashboard->sections[i];
    struct view *item = view_item(view, "sections");
    int percent = section->required > 0 ? (int)(section->answered * 100 / section->required) : 100;
    view_text(item, "section_title", form->sections[section->section].title.in[form_language(form, request->language)]);
    view_int(item, "percent", percent);
    view_text(item, "percent_text", arena_printf(request->arena, "%d\u00a0%%", percent));
    view_int(item, "done", section->done);
    view_int(item, "of", section->responses);
  }
}

/* ---- the curve */

static double x_of(const struct dashboard *dashboard, int day) {
  int first = dashboard->points[0].day, days = dashboard->points[dashboard->point_count - 1].day - first;
  return CHART_LEFT + (days > 0 ? (double)(day - first) * CHART_WIDTH / days : 0);
}

static double y_of(int number, int all) { return CHART_TOP + CHART_HEIGHT - (double)number * CHART_HEIGHT / all; }

static const char *line_path(struct request *request, const struct dashboard *dashboard, int all, bool plan) {
  struct buf path = {0};
  for (size_t i = 0; i < dashboard->point_count; i++) {
    const struct dashboard_point *point = &dashboard->points[i];
    int number = plan ? point->planned : point->submitted;
    if (number < 0) continue;
    buf_printf(&path, "%c%.1f %.1f", path.len == 0 ? 'M' : 'L', x_of(dashboard, point->day),
               y_of(number > all ? all : number, all));
  }
  const char *copy = arena_copy(request->arena, buf_text(&path));
  buf_free(&path);
  return copy;
}

static void axes_view(struct request *request, struct view *view, const struct dashboard *dashboard, int all) {
  size_t count = dashboard->point_count, labels = count < CHART_DAYS ? count : CHART_DAYS;
  if (labels > 3 && dashboard->points[count - 1].day - dashboard->points[0].day > LONG_ROUND_DAYS) labels = 3;
  view_list(view, "chart_days");
  for (size_t i = 0; i < labels; i++) {
    const struct dashboard_point *point = &dashboard->points[labels > 1 ? i * (count - 1) / (labels - 1) : 0];
    struct view *item = view_item(view, "chart_days");
    view_text(item, "x", arena_printf(request->arena, "%.1f", x_of(dashboard, point->day)));
    view_text(item, "anchor", i == 0 ? "start" : i == labels - 1 ? "end" : "middle");
    view_text(item, "day", day_text(request, point->day));
  }
  view_list(view, "chart_numbers");
  for (int i = 0; i <= 2; i++) {
    int number = all * i / 2;
    if (i == 1 && number == 0) continue;
    struct view *item = view_item(view, "chart_numbers");
    view_text(item, "y", arena_printf(request->arena, "%.1f", y_of(number, all)));
    view_text(item, "label_y", arena_printf(request->arena, "%.1f", y_of(number, all) + 5));
    view_int(item, "number", number);
  }
}

/* For who reads rather than looks: the days on which something changed, and today. */
static const struct dashboard_point *days_view(struct request *request, struct view *view,
                                               const struct dashboard *dashboard) {
  const struct dashboard_point *now = NULL;
  int before = 0;
  view_list(view, "curve_days");
  for (size_t i = 0; i < dashboard->point_count; i++) {
    const struct dashboard_point *point = &dashboard->points[i];
    if (point->submitted < 0) break;
    now = point;
    bool last = i + 1 == dashboard->point_count || dashboard->points[i + 1].submitted < 0;
    if (point->submitted == before && !last) continue;
    struct view *item = view_item(view, "curve_days");
    view_text(item, "day", day_text(request, point->day));
    view_int(item, "more", point->submitted - before);
    view_int(item, "sum", point->submitted);
    view_int(item, "plan", point->planned);
    before = point->submitted;
  }
  return now;
}

static void curve_view(struct request *request, struct view *view, const struct dashboard *dashboard) {
  const struct dashboard_group *group = &dashboard->chosen->group;
  int all = group->total - group->counts[DISPOSITION_NOT_PARTICIPATING];
  bool drawn = dashboard->point_count > 1 && all > 0;
  view_bool(view, "has_curve", drawn);
  if (!drawn) return;
  struct view *words = view_new(request->arena);
  const struct dashboard_point *now = days_view(request, view, dashboard);
  int submitted = now != NULL ? now->submitted : 0, planned = now != NULL ? now->planned : 0;
  axes_view(request, view, dashboard, all);
  view_text(view, "plan_path", line_path(request, dashboard, all, true));
  view_text(view, "curve_path", line_path(request, dashboard, all, false));
  view_text(view, "now_x", arena_printf(request->arena, "%.1f", x_of(dashboard, now != NULL ? now->day : dashboard->points[0].day)));
  view_text(view, "now_y", arena_printf(request->arena, "%.1f", y_of(submitted > all ? all : submitted, all)));
  view_int(words, "sum", submitted);
  view_int(words, "plan", planned);
  view_int(words, "all", all);
  view_text(view, "curve_text", request_message(request, "dashboard.curve_text", words));
}

void page_dashboard(struct request *request) {
  struct err err = {0};
  struct dashboard dashboard;
  if (!dashboard_open(request_db(request), request->actor, request_query(request, "round"), request_query(request, "q"),
                      request->arena, &dashboard, &err)) {
    reply_error(request, &err);
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.dashboard");
  field_rounds_view(view, dashboard.rounds, dashboard.round_count, dashboard.round != NULL ? dashboard.round->id : "");
  view_bool(view, "has_round", dashboard.chosen != NULL);
  view_text(view, "board_round", dashboard.round != NULL ? dashboard.round->title : "");
  if (dashboard.chosen != NULL) {
    view_text(view, "chosen_title",
              dashboard.chosen->form->title.in[form_language(dashboard.chosen->form, request->language)]);
    view_text(view, "deadline_text",
              deadline_text(request->app->templates, dashboard.round->deadline_ms, request->language, request->arena));
    calls_view(request, view, &dashboard);
    waiting_view(request, view, &dashboard);
    dispositions_view(request, view, &dashboard);
    questionnaires_view(request, view, &dashboard);
    groups_view(request, view, &dashboard);
    sections_view(request, view, &dashboard);
    curve_view(request, view, &dashboard);
  }
  reply_page(request, 200, "dashboard", view);
}
