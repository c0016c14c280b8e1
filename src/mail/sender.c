#include "mail/sender.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "mail/compose.h"
#include "mail/mail.h"
#include "mail/outbox.h"
#include "mail/smtp.h"
#include "mail/text.h"
#include "store/event.h"
#include "store/message.h"
#include "store/reminder.h"
#include "store/session.h"

#define ID_HASH_LEN 24 /* figures of a Message-ID's hash */

/* How the sending of a message ended. */
struct outcome {
  enum smtp_result result;
  struct buf words;
};

/* The message under way. Its texts live in the sender's arena. */
struct under_way {
  struct stored_message message;
  const char *name; /* of whom it is for */
  char token[SECRET_TOKEN_LEN + 1]; /* of the personal link, "" */
  char secret[SECRET_TOKEN_LEN + 1];
  bool taken, called_off;
  bool settled; /* what became of it is on disk */
  struct outcome outcome;
};

struct sender {
  struct sender_options options;
  struct db *db;
  struct arena *arena;
  struct smtp *smtp; /* NULL: not needed so far */
  int lock;          /* file descriptor, -1 */
  struct under_way now;
};

struct sender *sender_new(const struct sender_options *options, struct err *err) {
  struct db *db = db_open(options->folder, DB_READ, err);
  if (db == NULL) return NULL;
  struct sender *sender = calloc(1, sizeof *sender);
  if (sender == NULL) log_out_of_memory();
  sender->options = *options;
  sender->db = db;
  sender->arena = arena_new();
  sender->lock = -1;
  sender->now.settled = true;
  return sender;
}

void sender_free(struct sender *sender) {
  if (sender == NULL) return;
  smtp_free(sender->smtp);
  buf_free(&sender->now.outcome.words);
  arena_free(sender->arena);
  db_close(sender->db);
  if (sender->lock >= 0) close(sender->lock);
  free(sender);
}

static bool change(struct sender *sender, bool (*run)(struct db *, struct writer_job *, struct err *), struct err *err) {
  struct writer_job job = {.run = run, .context = sender};
  return writer_run(sender->options.writer, &job, err);
}

/* ---- being the only one */

static bool recover(struct db *db, struct writer_job *job, struct err *err) {
  (void)job;
  return message_recover(db, err);
}

static bool take_lock(struct sender *sender, struct err *err) {
  if (sender->lock >= 0) return true;
  char *path = file_join(sender->options.folder, "mail.lock");
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  bool ok = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
  if (ok) {
    sender->lock = fd;
    ok = change(sender, recover, err);
    if (!ok) sender->lock = -1;
  } else if (fd >= 0 && errno == EWOULDBLOCK) {
    err_set(err, ERR_LOCKED, "another program is sending the mail of %s", sender->options.folder);
  } else {
    err_set(err, ERR_SYSTEM, "cannot lock %s: %s", path, strerror(errno));
  }
  if (!ok && fd >= 0) close(fd);
  free(path);
  return ok;
}

/* ---- taking a message */

static void copy_message(struct sender *sender, const struct stored_message *from) {
  struct stored_message *to = &sender->now.message;
  *to = *from;
  to->address = arena_copy(sender->arena, from->address);
  to->kind = arena_copy(sender->arena, from->kind);
  to->reason = arena_copy(sender->arena, from->reason);
  to->language = arena_copy(sender->arena, from->language);
  to->reply_to = arena_copy(sender->arena, from->reply_to);
  to->subject = arena_copy(sender->arena, from->subject);
  to->body = arena_copy(sender->arena, from->body);
}

/* Somebody who was removed or changed their mind after the message was made gets none. */
static bool check_recipient(struct sender *sender, struct db *db, struct err *err) {
  struct under_way *now = &sender->now;
  struct stmt *stmt;
  struct message_recipient to;
  const char *why = NULL;
  now->name = "";
  if (now->message.person == 0) return true;
  if (!message_recipient(db, now->message.person, &stmt, &to, err)) why = "the person is not there any more";
  else if (to.removed) why = "the person was removed";
  else if (!mail_is_wanted(now->message.kind, to.notify)) why = "the person does not want this mail";
  else now->name = arena_copy(sender->arena, to.name);
  stmt_end(stmt);
  now->called_off = why != NULL;
  return why == NULL || message_call_off(db, now->message.id, why, err);
}

static bool make_link(struct under_way *now, struct db *db, struct err *err) {
  char hash[SECRET_HASH_LEN + 1], person[40], mail[40];
  if (now->message.person == 0 || strstr(now->message.body, "{link}") == NULL) return true;
  secret_token(now->token);
  secret_hash(now->token, strlen(now->token), hash);
  snprintf(person, sizeof person, "person %" PRId64, now->message.person);
  snprintf(mail, sizeof mail, "message %" PRId64, now->message.id);
  return link_add(db, hash, now->message.person, err) && event_add(db, 0, "link-new", person, mail, err);
}

static bool take(struct db *db, struct writer_job *job, struct err *err) {
  struct sender *sender = job->context;
  struct under_way *now = &sender->now;
  struct stmt *stmt;
  struct stored_message message;
  struct err own = {0};
  now->taken = message_take(db, &stmt, &message, &own);
  if (now->taken) copy_message(sender, &message);
  stmt_end(stmt);
  bool ok = own.code == ERR_NONE;
  if (ok && now->taken) {
    ok = message_secret(db, now->secret, &own) && check_recipient(sender, db, &own);
    if (ok && !now->called_off) ok = make_link(now, db, &own);
  }
  return ok || err_set(err, own.code, "%s", own.text);
}

/* ---- sending it */

static void write_message_id(const struct sender *sender, struct buf *out) {
  char what[40], hash[SECRET_HASH_LEN + 1];
  const char *domain = strchr(sender->options.settings->from, '@') + 1;
  snprintf(what, sizeof what, "message %" PRId64, sender->now.message.id);
  secret_keyed_hash(sender->now.secret, what, hash);
  buf_printf(out, "%" PRId64 ".%.*s@%s", sender->now.message.id, ID_HASH_LEN, hash, domain);
}

/* By the one way or the other. */
static bool deliver(struct sender *sender, const struct buf *bytes, const struct stored_message *message,
                    struct outcome *outcome, struct err *err) {
  const struct sender_options *options = &sender->options;
  if (options->settings->server == NULL) {
    outcome->result = SMTP_SENT;
    return outbox_write(options->folder, message->id, message->kind, message->address, bytes, &outcome->words, err);
  }
  if (sender->smtp == NULL) sender->smtp = smtp_new(options->settings, options->stop);
  outcome->result = smtp_send(sender->smtp, message->address, bytes, &outcome->words);
  return true;
}

static bool send_message(struct sender *sender, struct err *err) {
  struct under_way *now = &sender->now;
  const struct mail_settings *settings = sender->options.settings;
  struct buf link = {0}, body = {0}, message_id = {0}, bytes = {0};
  struct err own = {0};
  const char *base = sender->options.base_url;
  size_t base_len = strlen(base);
  while (base_len > 0 && base[base_len - 1] == '/') base_len--;
  buf_printf(&link, "%.*s/e/%s", (int)base_len, base, now->token);
  text_finish(now->message.body, buf_text(&link), &body);
  write_message_id(sender, &message_id);
  const struct letter letter = {
      .message_id = buf_text(&message_id), .from = settings->from, .from_name = settings->from_name,
      .to = now->message.address, .to_name = now->name, .reply_to = now->message.reply_to,
      .subject = now->message.subject, .language = now->message.language, .body = buf_text(&body),
      .date_ms = clock_now_ms(), .readable = settings->server == NULL,
  };
  bool ok = true;
  if (compose(&letter, &bytes, &own)) {
    ok = deliver(sender, &bytes, &now->message, &now->outcome, err);
  } else {
    now->outcome.result = SMTP_REFUSED; /* nothing that a later attempt could change */
    buf_puts(&now->outcome.words, own.text);
  }
  buf_free(&link);
  buf_free(&body);
  buf_free(&message_id);
  buf_free(&bytes);
  return ok;
}

/* ---- saying how it went */

static bool settle(struct db *db, struct writer_job *job, struct err *err) {
  struct sender *sender = job->context;
  const struct under_way *now = &sender->now;
  int64_t id = now->message.id;
  const char *words = buf_text(&now->outcome.words);
  switch (now->outcome.result) {
    case SMTP_SENT: return message_mark_sent(db, id, err);
    case SMTP_LATER: return message_mark_failed(db, id, false, words, err);
    case SMTP_REFUSED: return message_mark_failed(db, id, true, words, err);
    case SMTP_NO_SERVER: return message_put_back(db, id, words, err);
    case SMTP_STOPPED: break;
  }
  return message_put_back(db, id, "", err);
}

static void count(const struct under_way *now, struct sender_counts *counts) {
  bool last = now->message.attempts >= MESSAGE_ATTEMPTS_MAX;
  switch (now->outcome.result) {
    case SMTP_SENT: counts->sent++; break;
    case SMTP_REFUSED: counts->given_up++; break;
    case SMTP_LATER: *(last ? &counts->given_up : &counts->put_off) += 1; break;
    case SMTP_NO_SERVER:
    case SMTP_STOPPED: break;
  }
}

/* One message from the first commit to the last. *more: there may be others. */
static bool send_one(struct sender *sender, struct sender_counts *counts, bool *more, struct err *err) {
  struct under_way *now = &sender->now;
  struct buf words = now->outcome.words;
  buf_reset(&words);
  *now = (struct under_way){.outcome.words = words, .settled = true};
  arena_reset(sender->arena);
  if (!change(sender, take, err)) return false;
  *more = now->taken;
  counts->called_off += now->called_off;
  if (!now->taken || now->called_off) return true;
  bool ok = send_message(sender, err);
  if (!ok) now->outcome.result = SMTP_NO_SERVER; /* the folder could not be written */
  if (!ok && err != NULL) buf_puts(&now->outcome.words, err->text);
  now->settled = false;
  if (!change(sender, settle, err)) return false;
  now->settled = true;
  count(now, counts);
  if (ok && now->outcome.result == SMTP_NO_SERVER)
    ok = err_set(err, ERR_SYSTEM, "%s: %s", sender->options.settings->server, buf_text(&now->outcome.words));
  if (now->outcome.result == SMTP_STOPPED) *more = false;
  return ok;
}

/* ---- a run */

static bool make_reminders(struct db *db, struct writer_job *job, struct err *err) {
  const struct sender *sender = job->context;
  return sender->options.make_reminders(db, err);
}

static bool reminders_are_due(struct sender *sender, struct err *err) {
  struct reminder reminder;
  struct stmt *stmt = reminder_list_due(sender->db);
  bool due = reminder_next(stmt, &reminder, err);
  stmt_end(stmt);
  return due;
}

static bool is_stopping(const struct sender *sender) {
  return sender->options.stop != NULL && atomic_load(sender->options.stop);
}

bool sender_run(struct sender *sender, struct sender_counts *counts, struct err *err) {
  struct err own = {0};
  bool more = true, ok = take_lock(sender, &own);
  /* The last one went out, but that could not be written down then. Until it is, nothing else may be sent. */
  if (ok && !sender->now.settled) ok = sender->now.settled = change(sender, settle, &own);
  while (ok && !is_stopping(sender) && reminders_are_due(sender, &own)) ok = change(sender, make_reminders, &own);
  while (ok && own.code == ERR_NONE && more && !is_stopping(sender)) {
    more = message_is_due(sender->db, &own);
    if (more) ok = send_one(sender, counts, &more, &own);
  }
  smtp_free(sender->smtp); /* a server would not wait for the next message anyway */
  sender->smtp = NULL;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool sender_test(struct sender *sender, const char *address, const char *language, struct buf *words, struct err *err) {
  const struct mail_settings *settings = sender->options.settings;
  struct buf subject = {0}, body = {0}, text = {0}, bytes = {0}, message_id = {0};
  struct outcome outcome = {.result = SMTP_NO_SERVER};
  char token[SECRET_TOKEN_LEN + 1];
  secret_token(token);
  buf_printf(&message_id, "test.%s@%s", token, strchr(settings->from, '@') + 1);
  bool ok = text_render(language, "test", NULL, &subject, &body, err);
  text_finish(buf_text(&body), "", &text);
  const struct letter letter = {
      .message_id = buf_text(&message_id), .from = settings->from, .from_name = settings->from_name, .to = address,
      .to_name = "", .reply_to = "", .subject = buf_text(&subject), .language = language, .body = buf_text(&text),
      .date_ms = clock_now_ms(), .readable = settings->server == NULL,
  };
  const struct stored_message message = {.address = address, .kind = "test"};
  ok = ok && compose(&letter, &bytes, err) && deliver(sender, &bytes, &message, &outcome, err);
  buf_puts(words, buf_text(&outcome.words));
  buf_free(&outcome.words);
  buf_free(&subject);
  buf_free(&body);
  buf_free(&text);
  buf_free(&bytes);
  buf_free(&message_id);
  return ok && outcome.result == SMTP_SENT;
}
