/* Reminders that go out by themselves: a round's rules, and whom each would reach today. */
#include "survey/rule.h"

#include <stdlib.h>
#include <string.h>

#include "survey/mailing.h"
#include "web/mailing_view.h"
#include "web/pages/pages.h"

struct change {
  const char *round, *action, *kind, *days, *hour;
  int64_t id;
  enum rule_fault fault;
};

static const char *rule_text(struct request *request, const struct rule *rule) {
  struct view *words = view_new(request->arena);
  view_int(words, "days", rule->days);
  return request_message(request, arena_printf(request->arena, "rule.%s", rule_kind_name(rule->kind)), words);
}

/* Whom a rule would reach if it looked now. */
static bool today_view(struct request *request, struct view *item, const char *round, int64_t id, struct err *err) {
  struct mailing_aim aim = {.filter = field_filter_all(), .rule = id};
  struct mailing_forecast seen;
  aim.filter.round = round;
  if (!rule_find_span(request_db(request), round, id, &aim.span, err)) return false;
  if (!mailing_forecast(request_db(request), request->actor, MAIL_DEADLINE, &aim, request->arena, &seen, err)) return false;
  view_int(item, "people_count", seen.people);
  view_int(item, "today_count", seen.left_out[MAILING_TODAY]);
  view_int(item, "more_people", seen.people - (int)seen.list_count);
  view_list(item, "people");
  for (size_t i = 0; i < seen.list_count; i++) {
    struct view *person = view_item(item, "people");
    view_text(person, "person_name", seen.list[i].name);
    view_text(person, "institution_name", seen.list[i].institution);
  }
  return true;
}

static void kinds_view(struct request *request, struct view *view, const char *chosen) {
  view_list(view, "rule_kinds");
  for (int i = 0; i < RULE_KINDS; i++) {
    struct view *item = view_item(view, "rule_kinds");
    const char *name = rule_kind_name((enum rule_kind)i);
    view_text(item, "code", name);
    view_text(item, "name", request_message(request, arena_printf(request->arena, "rule.kind_%s", name), NULL));
    view_bool(item, "chosen", strcmp(name, chosen) == 0);
  }
}

static void fault_view(struct request *request, struct view *view, enum rule_fault fault) {
  static const char *const keys[] = {[RULE_NO_DAYS] = "rule.no_days", [RULE_NO_HOUR] = "rule.no_hour",
                                     [RULE_TWICE] = "rule.twice", [RULE_TOO_MANY] = "rule.too_many"};
  const char *text = fault == RULE_OK ? "" : request_message(request, keys[fault], NULL);
  view_text(view, "page_error", text);
  view_text(view, "days_problem", fault == RULE_NO_DAYS || fault == RULE_TWICE ? text : "");
  view_text(view, "hour_problem", fault == RULE_NO_HOUR ? text : "");
}

static void show(struct request *request, int status, const struct change *typed) {
  struct err err = {0};
  struct view *view = view_new(request->arena);
  const struct rule *rules;
  const char *done = request_query(request, "done");
  page_frame(request, view, "mailing.title_rules");
  const char *round = mailing_page(request, view, "/mailings/rules", &err);
  size_t count = rule_list(request_db(request), request->actor, round, request->arena, &rules, &err);
  view_list(view, "rules");
  for (size_t i = 0; i < count && err.code == ERR_NONE; i++) {
    struct view *item = view_item(view, "rules");
    view_int(item, "id", rules[i].id);
    view_text(item, "rule_text", rule_text(request, &rules[i]));
    view_int(item, "hour", rules[i].hour);
    view_bool(item, "active", rules[i].active);
    view_bool(item, "looked_today", rules[i].looked_today);
    today_view(request, item, round, rules[i].id, &err);
  }
  kinds_view(request, view, typed->kind);
  fault_view(request, view, typed->fault);
  view_text(view, "typed_days", typed->days);
  view_text(view, "typed_hour", typed->hour);
  view_bool(view, "added", strcmp(done, "added") == 0);
  view_bool(view, "changed", strcmp(done, "changed") == 0);
  view_bool(view, "removed", strcmp(done, "removed") == 0);
  if (err.code == ERR_NONE) reply_page(request, status, "rules", view);
  else reply_error(request, &err);
}

void page_rules(struct request *request) {
  const struct change nothing = {.kind = "before", .days = "", .hour = "9"};
  show(request, 200, &nothing);
}

static bool run_change(struct db *db, struct request *request, void *context, struct err *err) {
  struct change *change = context;
  const struct actor *actor = request->actor;
  if (change->id == 0) return rule_add(db, actor, change->round, change->kind, change->days, change->hour, &change->fault, err);
  if (strcmp(change->action, "remove") == 0) return rule_drop(db, actor, change->round, change->id, err);
  return rule_set_active(db, actor, change->round, change->id, strcmp(change->action, "on") == 0, err);
}

static void changed(struct request *request, void *context, const struct err *err) {
  const struct change *change = context;
  const char *done = change->id == 0 ? "added" : strcmp(change->action, "remove") == 0 ? "removed" : "changed";
  if (err->code == ERR_NONE)
    reply_redirect(request, arena_printf(request->arena, "/mailings/rules?round=%s&done=%s", change->round, done));
  else if (err->code == ERR_INPUT && change->fault != RULE_OK) show(request, 400, change);
  else reply_error(request, err);
}

static void start(struct request *request, int64_t id) {
  struct err err = {0};
  struct change *change = arena_alloc(request->arena, sizeof *change);
  *change = (struct change){.action = request_field(request, "do"), .kind = request_field(request, "kind"),
                            .days = request_field(request, "days"), .hour = request_field(request, "hour"), .id = id};
  change->round = mailing_round(request, NULL, &err);
  if (err.code != ERR_NONE) reply_error(request, &err);
  else request_write(request, run_change, changed, change);
}

void page_rule_add(struct request *request) { start(request, 0); }

void page_rule_change(struct request *request) {
  char *end;
  long long id = strtoll(request->params[0], &end, 10);
  start(request, *end == '\0' && id > 0 ? id : -1);
}
