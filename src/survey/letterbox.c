#include "survey/letterbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "mail/mail.h"
#include "store/event.h"
#include "store/person.h"
#include "survey/text.h"

#define ANY_STATE (~0u)
#define REMINDERS_BIT 4

static bool may_mail(const struct actor *actor, struct err *err) {
  return rights_allow(actor, ACTION_MAIL, 0) || err_set(err, ERR_DENIED, "you may not see the outbox");
}

/* ---- looking */

static void copy_item(const struct stored_message *from, struct arena *arena, struct letterbox_item *to) {
  *to = (struct letterbox_item){.message = *from, .name = "", .institution = ""};
  struct stored_message *copy = &to->message;
  copy->address = arena_copy(arena, from->address);
  copy->kind = arena_copy(arena, from->kind);
  copy->reason = arena_copy(arena, from->reason);
  copy->language = arena_copy(arena, from->language);
  copy->reply_to = arena_copy(arena, from->reply_to);
  copy->subject = arena_copy(arena, from->subject);
  copy->body = "";
  copy->fault = arena_copy(arena, from->fault);
  copy->bounce = arena_copy(arena, from->bounce);
  copy->round = from->round != NULL ? arena_copy(arena, from->round) : NULL;
}

static bool read_names(struct db *db, struct letterbox_item *item, struct arena *arena, struct err *err) {
  struct message_recipient to;
  struct stmt *stmt;
  struct err own = {0};
  if (item->message.person == 0) return true;
  if (message_recipient(db, item->message.person, &stmt, &to, &own)) {
    item->name = arena_copy(arena, to.name);
    item->institution = arena_copy(arena, to.institution_name);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static struct stmt *query(struct db *db, const struct letterbox_filter *filter) {
  bool troubled = filter->state == LETTERBOX_TROUBLED;
  unsigned states = filter->state < 0 ? ANY_STATE >> 1 : 1u << (troubled ? MESSAGE_GIVEN_UP : filter->state);
  if (filter->institution != 0) return message_list_of_institution(db, filter->institution);
  return message_list_some(db, filter->mailing, states, troubled, filter->before);
}

size_t letterbox_list(struct db *db, const struct actor *actor, const struct letterbox_filter *filter, struct arena *arena,
                      const struct letterbox_item **out, struct err *err) {
  struct letterbox_item *list = arena_array(arena, (size_t)filter->limit, sizeof *list);
  struct stored_message message;
  size_t count = 0;
  *out = list;
  if (!may_mail(actor, err)) return 0;
  struct stmt *stmt = query(db, filter);
  while (count < (size_t)filter->limit && message_next(stmt, &message, err)) copy_item(&message, arena, &list[count++]);
  stmt_end(stmt);
  for (size_t i = 0; i < count; i++)
    if (!read_names(db, &list[i], arena, err)) return 0;
  return count;
}

/* The stored body without where links lead after signing in: to readers of the outbox a link is a word. */
static const char *without_paths(const char *body, struct arena *arena) {
  char *copy = arena_copy(arena, body), *to = copy;
  static const char path[] = "{link}?next=";
  for (const char *from = body; *from != '\0';) {
    bool cuts = strncmp(from, path, strlen(path)) == 0 && (from == body || from[-1] != '{');
    if (!cuts) {
      *to++ = *from++;
      continue;
    }
    memcpy(to, from, strlen("{link}"));
    to += strlen("{link}");
    from += strcspn(from, " \n");
  }
  *to = '\0';
  return copy;
}

/* A message for which rights have been asked. */
static bool find(struct db *db, const struct actor *actor, int64_t id, struct arena *arena, struct letterbox_item *out,
                 const char **body, struct err *err) {
  struct stored_message message;
  struct stmt *stmt;
  struct err own = {0};
  if (!may_mail(actor, err)) return false;
  bool found = message_get(db, id, &stmt, &message, &own);
  if (found) {
    copy_item(&message, arena, out);
    *body = arena_copy(arena, message.body);
  }
  stmt_end(stmt);
  if (!found) err_set(&own, ERR_NOT_FOUND, "no message %" PRId64, id);
  return found || err_set(err, own.code, "%s", own.text);
}

bool letterbox_read(struct db *db, const struct actor *actor, int64_t id, const char *link, const char *unsubscribe,
                    struct arena *arena, struct letterbox_item *out, struct err *err) {
  const char *body;
  struct buf text = {0};
  if (!find(db, actor, id, arena, out, &body, err)) return false;
  text_finish(without_paths(body, arena), link, unsubscribe, &text);
  out->message.body = arena_copy(arena, buf_text(&text));
  buf_free(&text);
  return read_names(db, out, arena, err);
}

/* ---- acts */

static bool note(struct db *db, const struct actor *actor, const struct stored_message *message, const char *kind,
                 const char *detail, struct err *err) {
  char subject[40];
  bool at_institution = message->institution != 0;
  snprintf(subject, sizeof subject, "%s %" PRId64, at_institution ? "institution" : "person",
           at_institution ? message->institution : message->person);
  return event_add(db, actor->person, kind, subject, detail, err);
}

/* Another one like it, unless one is on its way. */
static bool put_again(struct db *db, const struct letterbox_item *item, const char *body, struct arena *arena, struct err *err) {
  struct stored_message again = item->message, waiting;
  struct err own = {0};
  struct stmt *stmt;
  int64_t id;
  bool pressed = again.person != 0 && message_find_waiting(db, again.person, again.kind, &stmt, &waiting, &own);
  if (again.person != 0) stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  if (pressed) return true;
  again.body = body;
  again.reason = arena_printf(arena, "again %" PRId64 " %" PRId64, again.id, clock_now_ms());
  again.state = MESSAGE_WAITING;
  again.due_ms = clock_now_ms();
  again.fault = "";
  return message_put(db, &again, &id, err);
}

bool letterbox_send_again(struct db *db, const struct actor *actor, int64_t id, struct err *err) {
  struct arena *arena = arena_new();
  struct letterbox_item item;
  const char *body;
  bool ok = find(db, actor, id, arena, &item, &body, err);
  enum message_state state = ok ? item.message.state : MESSAGE_WAITING;
  if (ok && state == MESSAGE_SENDING) ok = err_set(err, ERR_LOCKED, "the message is being sent");
  if (ok && body[0] == '\0') ok = err_set(err, ERR_LOCKED, "it went out with another message");
  if (ok && state != MESSAGE_WAITING) {
    ok = state == MESSAGE_SENT ? put_again(db, &item, body, arena, err) : message_reset(db, id, err);
    ok = ok && note(db, actor, &item.message, "mail-again", item.message.address, err);
  }
  arena_free(arena);
  return ok;
}

bool letterbox_call_off(struct db *db, const struct actor *actor, int64_t id, struct err *err) {
  struct arena *arena = arena_new();
  struct letterbox_item item;
  const char *body;
  bool ok = find(db, actor, id, arena, &item, &body, err);
  enum message_state state = ok ? item.message.state : MESSAGE_CALLED_OFF;
  if (ok && (state == MESSAGE_SENDING || state == MESSAGE_SENT)) ok = err_set(err, ERR_LOCKED, "the message was sent");
  if (ok && state == MESSAGE_WAITING)
    ok = message_call_off(db, id, MAIL_WHY_COORDINATOR, err) &&
         note(db, actor, &item.message, "mail-off", item.message.address, err);
  arena_free(arena);
  return ok;
}

bool letterbox_bounce(struct db *db, const struct actor *actor, int64_t id, const char *words, struct err *err) {
  struct arena *arena = arena_new();
  struct letterbox_item item;
  const char *body, *clean = words != NULL ? text_lines(words, LETTERBOX_NOTE_MAX, arena) : "";
  bool ok = find(db, actor, id, arena, &item, &body, err);
  if (ok && clean == NULL) ok = err_set(err, ERR_INPUT, "a note has at most %d characters", LETTERBOX_NOTE_MAX);
  if (ok && words != NULL && item.message.state != MESSAGE_SENT) ok = err_set(err, ERR_LOCKED, "the message was not sent");
  bool same = ok && (item.message.bounced_ms != 0) == (words != NULL) && strcmp(item.message.bounce, clean) == 0;
  if (ok && !same) {
    int64_t since = item.message.bounced_ms != 0 ? item.message.bounced_ms : clock_now_ms();
    ok = message_set_bounced(db, id, words != NULL ? since : 0, clean, err) &&
         note(db, actor, &item.message, words != NULL ? "mail-bounced" : "mail-not-bounced", item.message.address, err);
  }
  arena_free(arena);
  return ok;
}

/* ---- addresses */

size_t letterbox_troubles(struct db *db, const struct actor *actor, int64_t institution, struct arena *arena,
                          const struct letterbox_trouble **out, struct err *err) {
  struct letterbox_trouble *list = NULL;
  struct stored_message message;
  size_t count = 0, cap = 0;
  *out = NULL;
  if (!may_mail(actor, err)) return 0;
  struct stmt *stmt = message_list_troubles(db, institution);
  while (message_next(stmt, &message, err)) {
    if (count > 0 && list[count - 1].person == message.person) continue;
    if (count == cap) {
      cap = cap > 0 ? 2 * cap : 8;
      struct letterbox_trouble *more = arena_array(arena, cap, sizeof *more);
      for (size_t i = 0; i < count; i++) more[i] = list[i];
      list = more;
    }
    bool bounced = message.bounced_ms != 0;
    list[count++] = (struct letterbox_trouble){message.person, message.id, bounced ? message.bounced_ms : message.due_ms,
                                               bounced, arena_copy(arena, bounced ? message.bounce : message.fault)};
  }
  stmt_end(stmt);
  *out = list;
  return count;
}

/* ---- turning reminders off */

/* The person of a token, 0 when it is none. */
static int64_t read_token(struct db *db, const char *token, struct err *err) {
  char secret[SECRET_TOKEN_LEN + 1], good[MAIL_TOKEN_MAX], *end;
  int64_t person = strtoll(token, &end, 10);
  if (end == token || *end != '-' || person <= 0) return 0;
  if (!message_find_secret(db, secret, err)) return 0;
  mail_unsubscribe_token(secret, person, good);
  return secret_equal(token, good) ? person : 0;
}

bool letterbox_owner(struct db *db, const char *token, struct arena *arena, struct letterbox_owner *out, struct err *err) {
  struct message_recipient to;
  struct stmt *stmt;
  struct err own = {0};
  out->person = read_token(db, token, &own);
  if (own.code == ERR_NONE && out->person == 0) err_set(&own, ERR_NOT_FOUND, "no such address");
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  bool found = message_recipient(db, out->person, &stmt, &to, &own);
  if (found) {
    out->email = arena_copy(arena, to.address);
    out->institution = arena_copy(arena, to.institution_name);
    out->unwanted = (to.notify & REMINDERS_BIT) == 0;
  }
  stmt_end(stmt);
  if (!found) err_set(&own, ERR_NOT_FOUND, "no such person");
  return found || err_set(err, own.code, "%s", own.text);
}

bool letterbox_unsubscribe(struct db *db, const char *token, struct err *err) {
  struct arena *arena = arena_new();
  struct letterbox_owner owner;
  struct person_details details;
  struct stmt *stmt;
  char subject[40];
  bool ok = letterbox_owner(db, token, arena, &owner, err);
  if (ok && !owner.unwanted) {
    ok = person_details(db, owner.person, &stmt, &details, err);
    details.name = ok ? arena_copy(arena, details.name) : "";
    details.phone = ok ? arena_copy(arena, details.phone) : "";
    details.language = ok ? arena_copy(arena, details.language) : "";
    details.notify &= ~REMINDERS_BIT;
    stmt_end(stmt);
    snprintf(subject, sizeof subject, "person %" PRId64, owner.person);
    ok = ok && person_change(db, owner.person, &details, err) && event_add(db, owner.person, "unsubscribe", subject, "", err);
  }
  arena_free(arena);
  return ok;
}
