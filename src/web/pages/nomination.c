/* Naming contacts: the institution's page, which a link opens without signing in, and the coordinator's list. */
#include "survey/nomination.h"

#include <stdlib.h>
#include <string.h>

#include "survey/frame.h"
#include "web/institution_parts.h"
#include "web/locale.h"
#include "web/pages/pages.h"

static void item_view(struct request *request, struct view *item, const struct stored_nomination *nomination) {
  static const char *const states[] = {"waiting", "approved", "refused", "taken_back"};
  bool wishes = nomination->wish[0] != '\0';
  view_int(item, "nomination", nomination->id);
  view_text(item, "institution_name", nomination->institution_name);
  view_text(item, "person_name", wishes ? request_message(request, "nomination.wish", NULL) : nomination->name);
  view_text(item, "position", nomination->position);
  view_text(item, "email", nomination->email);
  view_text(item, "phone", nomination->phone);
  view_bool(item, "responsible", nomination->responsible);
  view_text(item, "wish", !wishes ? "" : request_message(request, arena_printf(request->arena, "frame.refusal.%s", nomination->wish), NULL));
  view_text(item, "remark", nomination->remark);
  view_text(item, "by", nomination->by);
  view_text(item, "sent", locale_time(nomination->created_ms, LOCALE_DATE_TIME, request->language, request->arena));
  view_bool(item, "waits", nomination->decision == NOMINATION_WAITING);
  view_bool(item, "approved", nomination->decision == NOMINATION_APPROVED);
  view_text(item, "reason", nomination->reason);
  view_text(item, "state_text",
            request_message(request, arena_printf(request->arena, "nomination.state_%s", states[nomination->decision]), NULL));
}

/* ---- the institution's page */

static const struct {
  const char *field, *message;
} faults[] = {
    [NOMINATION_OK] = {"", ""},
    [NOMINATION_NO_BY] = {"by", "nomination.no_by"},
    [NOMINATION_NO_NAME] = {"name", "people.no_name"},
    [NOMINATION_BAD_EMAIL] = {"email", "people.bad_email"},
    [NOMINATION_BAD_PHONE] = {"phone", "people.bad_phone"},
    [NOMINATION_BAD_POSITION] = {"position", "nomination.bad_position"},
    [NOMINATION_KNOWN] = {"email", "nomination.known"},
    [NOMINATION_TOO_MANY] = {"", "nomination.too_many"},
    [NOMINATION_BAD_REMARK] = {"remark", "nomination.bad_remark"},
};

static void form_view(struct request *request, struct view *view, const struct nomination_page *page,
                      const struct nomination_entry *entry) {
  static const char *const names[] = {"by", "name", "position", "email", "phone"};
  bool wishes = entry != NULL && entry->wish[0] != '\0';
  enum nomination_fault fault = entry != NULL ? entry->fault : NOMINATION_OK;
  const char *words = fault != NOMINATION_OK ? request_message(request, faults[fault].message, NULL) : "";
  bool general = fault == NOMINATION_TOO_MANY || (wishes && fault != NOMINATION_BAD_REMARK && fault != NOMINATION_NO_BY);
  view_text(view, "form_fault", general ? words : "");
  view_text(view, "wish_fault", wishes && !general ? words : "");
  view_list(view, "fields");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct view *item = view_item(view, "fields");
    bool wrong = !wishes && strcmp(faults[fault].field, names[i]) == 0;
    const char *key = arena_printf(request->arena, i == 0 || i == 2 ? "nomination.%s" : "people.%s", names[i]);
    const char *typed = entry != NULL ? request_field(request, names[i]) : i == 0 ? page->by : "";
    view_text(item, "field", names[i]);
    view_text(item, "label", request_message(request, key, NULL));
    view_text(item, "typed", typed);
    view_bool(item, "optional", i == 2 || i == 4);
    view_text(item, "fault", wrong ? words : "");
  }
  view_text(view, "typed_by", entry != NULL ? request_field(request, "by") : page->by);
  view_text(view, "typed_remark", wishes ? request_field(request, "remark") : "");
  view_bool(view, "typed_responsible", entry != NULL && entry->responsible);
  view_bool(view, "wish_open", wishes);
  const char *language = entry != NULL && entry->language[0] != '\0' ? entry->language : request->language;
  view_list(view, "form_languages");
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    struct view *item = view_item(view, "form_languages");
    view_text(item, "code", locale_language(i));
    view_text(item, "name", locale_language_name(i));
    view_bool(item, "chosen", strcmp(locale_language(i), language) == 0);
  }
  view_list(view, "wish_reasons");
  for (int i = 0; frame_refusal(i) != NULL; i++) {
    struct view *item = view_item(view, "wish_reasons");
    view_text(item, "reason", frame_refusal(i));
    view_text(item, "reason_text", request_message(request, arena_printf(request->arena, "frame.refusal.%s", frame_refusal(i)), NULL));
    view_bool(item, "chosen", wishes && strcmp(frame_refusal(i), entry->wish) == 0);
  }
}

static const char *said_words(struct request *request, const char *prefix, const char *const *known, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(request_query(request, "said"), known[i]) == 0)
      return request_message(request, arena_printf(request->arena, "%s%s", prefix, known[i]), NULL);
  }
  return "";
}

static void show_page(struct request *request, int status, const struct nomination_entry *entry, const char *wrong) {
  static const char *const known[] = {"sent", "wish", "back"};
  struct err err = {0};
  struct nomination_page page;
  if (!nomination_open(request_db(request), request->params[0], request->language, request->arena, &page, &err)) {
    struct view *view = view_new(request->arena);
    page_frame(request, view, "title.link");
    if (err.code == ERR_NOT_FOUND) reply_page(request, 404, "link_bad", view);
    else reply_error(request, &err);
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "nomination.title");
  int waiting = 0;
  view_text(view, "institution_name", page.institution_name);
  view_text(view, "page_round", page.round_title);
  view_text(view, "token", request->params[0]);
  view_text(view, "said", status == 200 ? said_words(request, "nomination.said_", known, 3) : "");
  view_text(view, "page_error", wrong != NULL ? request_message(request, wrong, NULL) : "");
  view_bool(view, "has_nominations", page.list.count > 0);
  view_list(view, "nominations");
  for (size_t i = 0; i < page.list.count; i++) {
    item_view(request, view_item(view, "nominations"), &page.list.items[i]);
    waiting += page.list.items[i].decision == NOMINATION_WAITING && page.list.items[i].wish[0] == '\0';
  }
  view_bool(view, "more", waiting < NOMINATION_WAITING_MAX);
  form_view(request, view, &page, entry);
  reply_page(request, status, "nomination", view);
}

void page_nomination(struct request *request) { show_page(request, 200, NULL, NULL); }

struct sending {
  int64_t back; /* which to take back, 0 */
  struct nomination_entry entry;
};

static bool run_send(struct db *db, struct request *request, void *context, struct err *err) {
  struct sending *sending = context;
  if (sending->back != 0) return nomination_withdraw(db, request->params[0], sending->back, err);
  return nomination_send(db, request->params[0], &sending->entry, err);
}

static void sent(struct request *request, void *context, const struct err *err) {
  const struct sending *sending = context;
  const char *said = sending->back != 0 ? "back" : sending->entry.wish[0] != '\0' ? "wish" : "sent";
  if (err->code == ERR_CONFLICT) show_page(request, 409, NULL, "nomination.decided");
  else if (err->code == ERR_NOT_FOUND && sending->back == 0) show_page(request, 404, NULL, NULL);
  else if (err->code != ERR_NONE) reply_error(request, err);
  else if (sending->entry.fault == NOMINATION_TOO_MANY) show_page(request, 429, &sending->entry, NULL);
  else if (sending->entry.fault != NOMINATION_OK) show_page(request, 400, &sending->entry, NULL);
  else reply_redirect(request, arena_printf(request->arena, "/n/%s?said=%s", request->params[0], said));
}

void page_nomination_send(struct request *request) {
  struct sending *sending = arena_alloc(request->arena, sizeof *sending);
  const char *action = request_field(request, "do");
  bool wishes = strcmp(action, "wish") == 0;
  if (strncmp(action, "back:", 5) == 0) sending->back = strtoll(action + 5, NULL, 10);
  sending->entry = (struct nomination_entry){
      .by = request_field(request, "by"),
      .name = request_field(request, "name"),
      .position = request_field(request, "position"),
      .email = request_field(request, "email"),
      .phone = request_field(request, "phone"),
      .language = request_field(request, "language"),
      .responsible = request_field(request, "responsible")[0] != '\0',
      .wish = wishes ? request_field(request, "reason") : "",
      .remark = request_field(request, "remark"),
  };
  if (wishes && sending->entry.wish[0] == '\0') sending->entry.wish = "other";
  request_write(request, run_send, sent, sending);
}

/* ---- the coordinator's list */

static void show_list(struct request *request, int status, const char *wrong) {
  static const char *const known[] = {"approved", "refused", "letters"};
  struct err err = {0};
  struct frame_round round;
  struct nomination_list list = {.count = 0};
  bool post = strcmp(request->method, "POST") == 0;
  const char *id = post ? request_field(request, "round") : request_query(request, "round");
  if (frame_check(request_db(request), request->actor, id, request->arena, &round, &err))
    nomination_read(request_db(request), request->actor, round.id, request->arena, &list, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "nomination.list_title");
  view_text(view, "frame_round", round.title);
  view_text(view, "round_id", round.id);
  view_text(view, "said", status == 200 ? said_words(request, "nomination.list_said_", known, 3) : "");
  view_text(view, "page_error", wrong != NULL ? request_message(request, wrong, NULL) : "");
  view_list(view, "waiting");
  view_list(view, "decided");
  int counts[2] = {0, 0};
  for (size_t i = 0; i < list.count; i++) {
    bool waits = list.items[i].decision == NOMINATION_WAITING;
    struct view *item = view_item(view, waits ? "waiting" : "decided");
    item_view(request, item, &list.items[i]);
    view_text(item, "link", institution_link(request, list.items[i].institution, round.id));
    view_bool(item, "wishes", list.items[i].wish[0] != '\0');
    counts[waits]++;
  }
  view_bool(view, "has_waiting", counts[1] > 0);
  view_bool(view, "has_decided", counts[0] > 0);
  reply_page(request, status, "nominations", view);
}

void page_nominations(struct request *request) { show_list(request, 200, NULL); }

struct verdict {
  char what; /* a: approve, i: approve and invite, r: refuse, l: letters */
  int64_t id;
  int letters;
};

static bool run_verdict(struct db *db, struct request *request, void *context, struct err *err) {
  struct verdict *verdict = context;
  switch (verdict->what) {
    case 'a': return nomination_approve(db, request->actor, verdict->id, false, err);
    case 'i': return nomination_approve(db, request->actor, verdict->id, true, err);
    case 'r': return nomination_refuse(db, request->actor, verdict->id, request_field(request, "reason"), err);
    case 'l': return nomination_letters(db, request->actor, request_field(request, "round"), &verdict->letters, err);
    default: return err_set(err, ERR_INPUT, "there is no such button");
  }
}

static void decided(struct request *request, void *context, const struct err *err) {
  const struct verdict *verdict = context;
  if (err->code == ERR_CONFLICT) show_list(request, 409, "nomination.decided");
  else if (err->code == ERR_INPUT && verdict->what == 'r') show_list(request, 400, "nomination.no_reason");
  else if (err->code == ERR_INPUT && verdict->what != '\0') show_list(request, 400, "frame.people.staff");
  else if (err->code != ERR_NONE) reply_error(request, err);
  else reply_redirect(request, arena_printf(request->arena, "/frame/nominations?round=%s&said=%s", request_field(request, "round"),
                                            verdict->what == 'r' ? "refused" : verdict->what == 'l' ? "letters" : "approved"));
}

void page_nominations_decide(struct request *request) {
  static const struct {
    const char *name;
    char what;
  } acts[] = {{"approve:", 'a'}, {"invite:", 'i'}, {"refuse:", 'r'}, {"letters", 'l'}};
  struct verdict *verdict = arena_alloc(request->arena, sizeof *verdict);
  const char *action = request_field(request, "do");
  for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
    size_t len = strlen(acts[i].name);
    if (strncmp(action, acts[i].name, len) != 0) continue;
    verdict->what = acts[i].what;
    verdict->id = strtoll(action + len, NULL, 10);
  }
  request_write(request, run_verdict, decided, verdict);
}
