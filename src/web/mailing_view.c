#include "web/mailing_view.h"

#include <string.h>

#include "survey/field.h"
#include "web/locale.h"

static const struct tab {
  const char *address, *message;
} tabs[] = {
    {"/mailings", "mailing.tab_all"},
    {"/mailings/new", "mailing.tab_new"},
    {"/mailings/templates", "mailing.tab_templates"},
    {"/mailings/rules", "mailing.tab_rules"},
    {"/mailings/outbox", "mailing.tab_outbox"},
};

const char *mailing_round(struct request *request, const char **title, struct err *err) {
  const struct field_round *rounds;
  const char *wanted = request_query(request, "round");
  if (wanted[0] == '\0') wanted = request_field(request, "round");
  size_t count = field_rounds(request_db(request), request->actor, request->arena, &rounds, err), at = 0;
  for (size_t i = 0; i < count; i++)
    if (strcmp(rounds[i].id, wanted) == 0) at = i;
  if (title != NULL) *title = count > 0 ? rounds[at].title : "";
  return count > 0 ? rounds[at].id : "";
}

const char *mailing_page(struct request *request, struct view *view, const char *current, struct err *err) {
  const char *title, *round = mailing_round(request, &title, err);
  view_text(view, "round_id", round);
  view_text(view, "mailing_round", title);
  view_list(view, "mailing_tabs");
  for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++) {
    struct view *item = view_item(view, "mailing_tabs");
    view_text(item, "link", arena_printf(request->arena, "%s?round=%s", tabs[i].address, round));
    view_text(item, "name", request_message(request, tabs[i].message, NULL));
    view_bool(item, "current", strcmp(tabs[i].address, current) == 0);
  }
  return round;
}

const char *mailing_moment(struct request *request, int64_t ms) {
  return ms == 0 ? "–" : locale_time(ms, LOCALE_DATE_TIME, request->language, request->arena);
}

const char *mailing_kind_text(struct request *request, const char *kind) {
  static const char *const known[] = {"invitation", "assignment", "note",       "reminder", "query",   "extension",  "reopened", "behalf",
                                      "behalf_end", "correction", "deadline",   "letter",   "code",    "account",    "reset",    "nomination",
                                      "test"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(kind, known[i]) == 0) return request_message(request, arena_printf(request->arena, "mailing.kind_%s", kind), NULL);
  return request_message(request, "mailing.kind_other", NULL);
}

const char *mailing_status_text(struct request *request, const char *name) {
  bool group = disposition_find(name) < 0;
  return request_message(request, arena_printf(request->arena, group ? "mailing.status_%s" : "disposition.%s", name), NULL);
}

/* ---- to whom */

static void add_part(struct request *request, struct buf *out, const char *key, const char *text) {
  if (text[0] == '\0') return;
  struct view *words = view_new(request->arena);
  view_text(words, "what", text);
  buf_printf(out, "%s%s", out->len > 0 ? "; " : "", request_message(request, key, words));
}

static const char *filter_text(struct request *request, const struct field_filter *filter) {
  struct buf out = {0};
  const char *status = field_dispositions_name(filter->dispositions);
  add_part(request, &out, "mailing.aim_status", status[0] != '\0' ? mailing_status_text(request, status) : "");
  add_part(request, &out, "mailing.aim_sector", filter->sector);
  add_part(request, &out, "mailing.aim_kind", filter->kind);
  add_part(request, &out, "mailing.aim_find", filter->find);
  if (filter->overdue) add_part(request, &out, "mailing.aim_overdue", " ");
  if (out.len == 0) buf_puts(&out, request_message(request, "mailing.aim_all", NULL));
  const char *text = arena_copy(request->arena, buf_text(&out));
  buf_free(&out);
  return text;
}

const char *mailing_aim_text(struct request *request, const struct mailing_aim *aim, const char *name) {
  struct view *words = view_new(request->arena);
  if (aim->rule != 0) {
    view_int(words, "days", aim->span.days);
    return request_message(request, arena_printf(request->arena, "rule.%s", rule_kind_name(aim->span.kind)), words);
  }
  if (name[0] != '\0') return name;
  if (aim->institution_count == 0) return filter_text(request, &aim->filter);
  view_int(words, "chosen", (int64_t)aim->institution_count);
  return request_message(request, "mailing.aim_chosen", words);
}

/* ---- messages */

/* Why a message was not sent, in the reader's words where they are ours; a mail server's own words follow ours. */
static const char *fault_text(struct request *request, const struct stored_message *message) {
  static const struct {
    const char *stored, *key;
  } known[] = {
      {MAIL_WHY_GONE, "mailing.why_gone"},
      {MAIL_WHY_REMOVED, "mailing.why_removed"},
      {MAIL_WHY_UNWANTED, "mailing.why_unwanted"},
      {MAIL_WHY_NOT_OWED, "mailing.why_not_owed"},
      {MAIL_WHY_COORDINATOR, "mailing.why_coordinator"},
  };
  const char *fault = message->fault;
  if (fault[0] == '\0') return "";
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(fault, known[i].stored) == 0) return request_message(request, known[i].key, NULL);
  if (message->state == MESSAGE_CALLED_OFF) return request_message(request, "mailing.why_joined", NULL);
  struct view *words = view_new(request->arena);
  view_text(words, "server_words", fault);
  const char *key = fault[0] == '5' ? "mailing.why_refused" : fault[0] == '4' ? "mailing.why_put_off" : "mailing.why_line";
  return request_message(request, key, words);
}

void mailing_message_view(struct request *request, struct view *item, const struct letterbox_item *entry) {
  static const char *const states[] = {[MESSAGE_WAITING] = "waiting", [MESSAGE_SENDING] = "sending", [MESSAGE_SENT] = "sent",
                                       [MESSAGE_GIVEN_UP] = "given_up", [MESSAGE_CALLED_OFF] = "called_off"};
  static const char *const tags[] = {[MESSAGE_WAITING] = "some", [MESSAGE_SENDING] = "some", [MESSAGE_SENT] = "done",
                                     [MESSAGE_GIVEN_UP] = "wrong", [MESSAGE_CALLED_OFF] = "off"};
  const struct stored_message *message = &entry->message;
  bool bounced = message->bounced_ms != 0;
  const char *state = bounced ? "bounced" : states[message->state];
  view_int(item, "id", message->id);
  view_text(item, "kind_text", mailing_kind_text(request, message->kind));
  view_text(item, "address", message->address);
  view_text(item, "person_name", entry->name);
  view_text(item, "institution_name", entry->institution);
  view_text(item, "subject", message->subject);
  view_text(item, "state_tag", bounced ? "wrong" : tags[message->state]);
  view_text(item, "state_text", request_message(request, arena_printf(request->arena, "mailing.state_%s", state), NULL));
  view_int(item, "attempts", message->attempts);
  view_text(item, "created", mailing_moment(request, message->created_ms));
  view_text(item, "sent", message->sent_ms != 0 ? mailing_moment(request, message->sent_ms) : "");
  view_text(item, "next", message->state == MESSAGE_WAITING ? mailing_moment(request, message->due_ms) : "");
  view_text(item, "fault", fault_text(request, message));
  view_bool(item, "bounced", bounced);
  view_text(item, "bounced_on", bounced ? mailing_moment(request, message->bounced_ms) : "");
  view_text(item, "bounce", message->bounce);
}
