/* The outbox: every message and what became of it; one read alone, without its personal link. */
#include "survey/letterbox.h"

#include <stdlib.h>
#include <string.h>

#include "web/mailing_view.h"
#include "web/pages/pages.h"

#define PAGE_ROWS 50

static const struct {
  const char *name;
  int state;
} states[] = {
    {"", -1},
    {"waiting", MESSAGE_WAITING},
    {"sent", MESSAGE_SENT},
    {"troubled", LETTERBOX_TROUBLED},
    {"called_off", MESSAGE_CALLED_OFF},
};

static int states_view(struct request *request, struct view *view) {
  const char *chosen = request_query(request, "state");
  int state = -1;
  view_list(view, "states");
  for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
    struct view *item = view_item(view, "states");
    bool current = strcmp(states[i].name, chosen) == 0;
    const char *key = states[i].name[0] == '\0' ? "mailing.any" : arena_printf(request->arena, "mailing.state_%s", states[i].name);
    view_text(item, "code", states[i].name);
    view_text(item, "name", request_message(request, key, NULL));
    view_bool(item, "chosen", current);
    if (current) state = states[i].state;
  }
  return state;
}

void page_outbox(struct request *request) {
  struct err err = {0};
  struct view *view = view_new(request->arena);
  const struct letterbox_item *items;
  page_frame(request, view, "mailing.title_outbox");
  const char *round = mailing_page(request, view, "/mailings/outbox", &err);
  struct letterbox_filter filter = {.state = states_view(request, view), .limit = PAGE_ROWS + 1,
                                    .before = strtoll(request_query(request, "before"), NULL, 10)};
  size_t count = letterbox_list(request_db(request), request->actor, &filter, request->arena, &items, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  bool more = count > PAGE_ROWS;
  view_list(view, "messages");
  view_bool(view, "has_messages", count > 0);
  for (size_t i = 0; i < count - more; i++) mailing_message_view(request, view_item(view, "messages"), &items[i]);
  view_text(view, "older", more ? arena_printf(request->arena, "/mailings/outbox?round=%s&state=%s&before=%lld", round,
                                               filter.state < 0 ? "" : request_query(request, "state"),
                                               (long long)items[PAGE_ROWS - 1].message.id) : "");
  view_bool(view, "files", request->app->mail_to_files);
  reply_page(request, 200, "outbox", view);
}

/* ---- one message */

struct act {
  int64_t id;
  const char *action, *note;
  const char *problem; /* message key, NULL */
};

static int64_t param_id(const struct request *request) {
  char *end;
  long long id = strtoll(request->params[0], &end, 10);
  return *end == '\0' && id > 0 ? id : 0;
}

static void show(struct request *request, int status, const struct act *act) {
  struct err err = {0};
  struct view *view = view_new(request->arena);
  struct letterbox_item item;
  const char *done = request_query(request, "done");
  const char *link = request_message(request, "mailing.hidden_link", NULL);
  page_frame(request, view, "mailing.title_message");
  mailing_page(request, view, "", &err);
  if (!letterbox_read(request_db(request), request->actor, act->id, link,
                      request_message(request, "mailing.sample_unsubscribe", NULL), request->arena, &item, &err)) {
    reply_error(request, &err);
    return;
  }
  const struct stored_message *message = &item.message;
  mailing_message_view(request, view, &item);
  view_text(view, "body", message->body);
  view_int(view, "mailing_id", message->mailing);
  view_int(view, "of_institution", message->institution);
  view_bool(view, "again", message->state >= MESSAGE_SENT && message->body[0] != '\0');
  view_bool(view, "was_sent", message->state == MESSAGE_SENT);
  view_bool(view, "callable", message->state == MESSAGE_WAITING);
  view_bool(view, "bounceable", message->state == MESSAGE_SENT && message->bounced_ms == 0);
  view_text(view, "typed_note", act->note);
  view_text(view, "page_error", act->problem != NULL ? request_message(request, act->problem, NULL) : "");
  view_bool(view, "note_problem", act->problem != NULL && status == 400);
  view_text(view, "said", strcmp(done, "again") == 0 || strcmp(done, "off") == 0 || strcmp(done, "bounced") == 0 ||
                                  strcmp(done, "not-bounced") == 0
                              ? request_message(request, arena_printf(request->arena, "mailing.done_%s", done), NULL) : "");
  reply_page(request, status, "message", view);
}

void page_message(struct request *request) {
  const struct act nothing = {.id = param_id(request), .note = ""};
  show(request, 200, &nothing);
}

static bool run_act(struct db *db, struct request *request, void *context, struct err *err) {
  const struct act *act = context;
  const struct actor *actor = request->actor;
  if (strcmp(act->action, "again") == 0) return letterbox_send_again(db, actor, act->id, err);
  if (strcmp(act->action, "off") == 0) return letterbox_call_off(db, actor, act->id, err);
  if (strcmp(act->action, "bounced") == 0) return letterbox_bounce(db, actor, act->id, act->note, err);
  if (strcmp(act->action, "not-bounced") == 0) return letterbox_bounce(db, actor, act->id, NULL, err);
  return err_set(err, ERR_INPUT, "there is no such button");
}

static void acted(struct request *request, void *context, const struct err *err) {
  struct act *act = context;
  bool bad_note = err->code == ERR_INPUT && strcmp(act->action, "bounced") == 0;
  act->problem = bad_note ? "mailing.bad_note" : err->code == ERR_LOCKED ? "mailing.too_late" : NULL;
  if (err->code == ERR_NONE)
    reply_redirect(request, arena_printf(request->arena, "/mailings/outbox/%lld?done=%s", (long long)act->id, act->action));
  else if (act->problem != NULL) show(request, bad_note ? 400 : 409, act);
  else reply_error(request, err);
}

void page_message_act(struct request *request) {
  struct act *act = arena_alloc(request->arena, sizeof *act);
  *act = (struct act){.id = param_id(request), .action = request_field(request, "do"), .note = request_field(request, "note")};
  request_write(request, run_act, acted, act);
}

/* ---- turning reminders off: whoever has the address may, signed in or not */

static void unsubscribe_page(struct request *request, bool done) {
  struct err err = {0};
  struct letterbox_owner owner;
  struct view *view = view_new(request->arena);
  page_frame(request, view, "unsubscribe.title");
  if (!letterbox_owner(request_db(request), request->params[0], request->arena, &owner, &err)) {
    reply_error(request, &err);
    return;
  }
  view_text(view, "token", request->params[0]);
  view_text(view, "owner_email", owner.email);
  view_text(view, "owner_institution", owner.institution);
  view_bool(view, "unwanted", done || owner.unwanted);
  reply_page(request, 200, "unsubscribe", view);
}

void page_unsubscribe(struct request *request) { unsubscribe_page(request, false); }

static bool run_unsubscribe(struct db *db, struct request *request, void *context, struct err *err) {
  (void)context;
  return letterbox_unsubscribe(db, request->params[0], err);
}

/* No redirect: a mail program that presses the button follows none (RFC 8058). */
static void unsubscribed(struct request *request, void *context, const struct err *err) {
  (void)context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else unsubscribe_page(request, true);
}

void page_unsubscribe_now(struct request *request) { request_write(request, run_unsubscribe, unsubscribed, NULL); }
