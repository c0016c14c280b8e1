/* A coordinator's mailings: what was sent and is planned, and one of them with its messages. */
#include "survey/mailing.h"

#include <stdlib.h>
#include <string.h>

#include "web/mailing_view.h"
#include "web/pages/pages.h"

#define PAGE_ROWS 50

/* "planned", "making", "sending", "done", "off": where it stands as a whole. */
static const char *mailing_state(const struct mailing_item *item) {
  const int *states = item->counts.states;
  if (item->mailing.removed_ms != 0) return "off";
  if (item->mailing.made_ms == 0) return item->mailing.due_ms > item->mailing.created_ms ? "planned" : "making";
  return states[MESSAGE_WAITING] + states[MESSAGE_SENDING] > 0 ? "sending" : "done";
}

static void item_view(struct request *request, struct view *view, const struct mailing_item *item) {
  const struct mailing *mailing = &item->mailing;
  const int *states = item->counts.states;
  const char *state = mailing_state(item);
  bool done = strcmp(state, "done") == 0, off = strcmp(state, "off") == 0;
  view_int(view, "id", mailing->id);
  view_text(view, "kind_text", mailing_kind_text(request, mailing->kind));
  view_text(view, "aim", mailing_aim_text(request, &item->aim, item->aim_name));
  view_bool(view, "by_filter", item->aim.rule == 0 && item->aim.person == 0 && item->aim.institution_count == 0);
  view_bool(view, "by_rule", mailing->rule != 0);
  view_text(view, "who_planned", mailing->person_name);
  view_text(view, "created", mailing_moment(request, mailing->created_ms));
  view_text(view, "due", mailing_moment(request, mailing->due_ms));
  view_text(view, "state_tag", off ? "off" : done ? "done" : "some");
  view_text(view, "state_text", request_message(request, arena_printf(request->arena, "mailing.is_%s", state), NULL));
  view_bool(view, "is_planned", strcmp(state, "planned") == 0);
  view_bool(view, "callable", !off && !done);
  view_int(view, "made", states[0] + states[1] + states[2] + states[3] + states[4]);
  view_int(view, "sent_count", states[MESSAGE_SENT]);
  view_int(view, "waiting_count", states[MESSAGE_WAITING] + states[MESSAGE_SENDING]);
  view_int(view, "failed_count", states[MESSAGE_GIVEN_UP]);
  view_int(view, "off_count", states[MESSAGE_CALLED_OFF]);
  view_int(view, "bounced_count", item->counts.bounced);
}

void page_mailings(struct request *request) {
  struct err err = {0};
  struct view *view = view_new(request->arena);
  const struct mailing_item *items = NULL;
  page_frame(request, view, "mailing.title");
  const char *round = mailing_page(request, view, "/mailings", &err);
  int64_t before = strtoll(request_query(request, "before"), NULL, 10);
  size_t count = mailing_read_all(request_db(request), request->actor, round, before, PAGE_ROWS + 1, request->arena, &items, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  bool more = count > PAGE_ROWS;
  view_list(view, "mailings");
  view_bool(view, "has_mailings", count > 0);
  for (size_t i = 0; i < count - more; i++) item_view(request, view_item(view, "mailings"), &items[i]);
  view_text(view, "older", more ? arena_printf(request->arena, "/mailings?round=%s&before=%lld", round,
                                               (long long)items[PAGE_ROWS - 1].mailing.id) : "");
  reply_page(request, 200, "mailings", view);
}

/* ---- one */

static int64_t param_id(const struct request *request) {
  char *end;
  long long id = strtoll(request->params[0], &end, 10);
  return *end == '\0' && id > 0 ? id : 0;
}

void page_mailing(struct request *request) {
  struct err err = {0};
  struct view *view = view_new(request->arena);
  struct mailing_item item;
  const struct letterbox_item *messages = NULL;
  struct letterbox_filter filter = {.state = -1, .mailing = param_id(request), .limit = PAGE_ROWS + 1,
                                    .before = strtoll(request_query(request, "before"), NULL, 10)};
  struct db *db = request_db(request);
  size_t count = 0;
  page_frame(request, view, "mailing.title_one");
  if (mailing_read(db, request->actor, filter.mailing, request->arena, &item, &err) &&
      mailing_page(request, view, "", &err) != NULL)
    count = letterbox_list(db, request->actor, &filter, request->arena, &messages, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  bool more = count > PAGE_ROWS;
  view_bool(view, "just_planned", strcmp(request_query(request, "done"), "planned") == 0);
  view_bool(view, "just_off", strcmp(request_query(request, "done"), "off") == 0);
  item_view(request, view, &item);
  view_list(view, "messages");
  view_bool(view, "has_messages", count > 0);
  for (size_t i = 0; i < count - more; i++) mailing_message_view(request, view_item(view, "messages"), &messages[i]);
  view_text(view, "older", more ? arena_printf(request->arena, "/mailings/%lld?before=%lld", (long long)filter.mailing,
                                               (long long)messages[PAGE_ROWS - 1].message.id) : "");
  reply_page(request, 200, "mailing", view);
}

static bool call_off(struct db *db, struct request *request, void *context, struct err *err) {
  (void)context;
  return mailing_call_off(db, request->actor, param_id(request), err);
}

static void called_off(struct request *request, void *context, const struct err *err) {
  (void)context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else reply_redirect(request, arena_printf(request->arena, "/mailings/%lld?done=off", (long long)param_id(request)));
}

void page_mailing_call_off(struct request *request) { request_write(request, call_off, called_off, NULL); }
