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
#include "store/mailing.h"
#include "store/message.h"
#include "store/nomination.h"
#include "store/session.h"

#define ID_HASH_LEN 24 /* figures of a Message-ID's hash */
#define LOOK_EVERY 50  /* messages between two looks whether others are to be made */

/* How the sending of a message ended. */
struct outcome {
  enum smtp_result result;
  struct buf words;
};

/* A message under way. */
struct under_way {
  struct arena *arena; /* its texts */
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
  struct smtp *smtp; /* NULL: not needed so far */
  int lock;          /* file descriptor, -1 */
  struct under_way *now, *next; /* next is what a commit takes while it settles now */
  struct under_way places[2];
  const struct sender_source *source; /* the one that is asked to make messages */
};

struct sender *sender_new(const struct sender_options *options, struct err *err) {
  struct db *db = db_open(options->folder, DB_READ, err);
  if (db == NULL) return NULL;
  struct sender *sender = calloc(1, sizeof *sender);
  if (sender == NULL) log_out_of_memory();
  sender->options = *options;
  sender->db = db;
  sender->lock = -1;
  for (int i = 0; i < 2; i++) sender->places[i] = (struct under_way){.arena = arena_new(), .settled = true};
  sender->now = &sender->places[0];
  sender->next = &sender->places[1];
  return sender;
}

void sender_free(struct sender *sender) {
  if (sender == NULL) return;
  smtp_free(sender->smtp);
  for (int i = 0; i < 2; i++) {
    buf_free(&sender->places[i].outcome.words);
    arena_free(sender->places[i].arena);
  }
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

static void copy_message(struct under_way *now, const struct stored_message *from) {
  struct stored_message *to = &now->message;
  *to = *from;
  to->address = arena_copy(now->arena, from->address);
  to->kind = arena_copy(now->arena, from->kind);
  to->reason = arena_copy(now->arena, from->reason);
  to->language = arena_copy(now->arena, from->language);
  to->reply_to = arena_copy(now->arena, from->reply_to);
  to->subject = arena_copy(now->arena, from->subject);
  to->body = arena_copy(now->arena, from->body);
  to->round = from->round != NULL ? arena_copy(now->arena, from->round) : NULL;
}

/* Somebody who was removed or changed their mind after the message was made gets none, nor is anybody reminded of what was
 * submitted meanwhile. */
static bool check_recipient(struct under_way *now, struct db *db, struct err *err) {
  struct stmt *stmt;
  struct message_recipient to;
  const char *why = NULL;
  bool owed = true;
  now->name = "";
  if (now->message.person == 0) return true;
  if (!message_recipient(db, now->message.person, &stmt, &to, err)) why = MAIL_WHY_GONE;
  else if (to.removed) why = MAIL_WHY_REMOVED;
  else if (!mail_is_wanted(now->message.kind, to.notify)) why = MAIL_WHY_UNWANTED;
  else now->name = arena_copy(now->arena, to.name);
  stmt_end(stmt);
  bool reminds = why == NULL && strcmp(now->message.kind, mail_kind_name(MAIL_DEADLINE)) == 0 && now->message.round != NULL;
  if (reminds && !mailing_is_owed(db, now->message.round, now->message.person, &owed, err)) return false;
  if (!owed) why = MAIL_WHY_NOT_OWED;
  now->called_off = why != NULL;
  return why == NULL || message_call_off(db, now->message.id, why, err);
}

static bool make_link(struct under_way *now, struct db *db, struct err *err) {
  char hash[SECRET_HASH_LEN + 1], person[40], mail[40];
  bool nominates = strcmp(now->message.kind, mail_kind_name(MAIL_NOMINATION)) == 0 && now->message.round != NULL;
  if ((now->message.person == 0 && !nominates) || strstr(now->message.body, "{link}") == NULL) return true;
  secret_token(now->token);
  secret_hash(now->token, strlen(now->token), hash);
  if (nominates) return nomination_link_add(db, hash, now->message.round, now->message.institution, err);
  snprintf(person, sizeof person, "person %" PRId64, now->message.person);
  snprintf(mail, sizeof mail, "message %" PRId64, now->message.id);
  return link_add(db, hash, now->message.person, err) && event_add(db, 0, "link-new", person, mail, err);
}

static bool take(struct under_way *now, struct db *db, struct err *err) {
  struct stmt *stmt;
  struct stored_message message;
  struct err own = {0};
  now->taken = message_take(db, &stmt, &message, &own);
  if (now->taken) copy_message(now, &message);
  stmt_end(stmt);
  bool ok = own.code == ERR_NONE;
  if (ok && now->taken) {
    ok = message_secret(db, now->secret, &own) && check_recipient(now, db, &own);
    if (ok && !now->called_off) ok = make_link(now, db, &own);
  }
  return ok || err_set(err, own.code, "%s", own.text);
}

/* ---- sending it */

static void write_message_id(const struct sender *sender, struct buf *out) {
  char what[40], hash[SECRET_HASH_LEN + 1];
  const char *domain = strchr(sender->options.settings->from, '@') + 1;
  snprintf(what, sizeof what, "message %" PRId64, sender->now->message.id);
  secret_keyed_hash(sender->now->secret, what, hash);
  buf_printf(out, "%" PRId64 ".%.*s@%s", sender->now->message.id, ID_HASH_LEN, hash, domain);
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

/* Where the recipient turns reminders off; NULL for other mail. */
static const char *unsubscribe_link(struct sender *sender, const char *base, size_t base_len) {
  char token[MAIL_TOKEN_MAX];
  const struct under_way *now = sender->now;
  if (now->message.person == 0 || !mail_is_reminder(now->message.kind)) return NULL;
  mail_unsubscribe_token(now->secret, now->message.person, token);
  return arena_printf(now->arena, "%.*s/u/%s", (int)base_len, base, token);
}

static bool send_message(struct sender *sender, struct err *err) {
  struct under_way *now = sender->now;
  const struct mail_settings *settings = sender->options.settings;
  struct buf link = {0}, body = {0}, message_id = {0}, bytes = {0};
  struct err own = {0};
  const char *base = sender->options.base_url;
  size_t base_len = strlen(base);
  while (base_len > 0 && base[base_len - 1] == '/') base_len--;
  buf_printf(&link, "%.*s/%s/%s", (int)base_len, base, now->message.person != 0 ? "e" : "n", now->token);
  const char *unsubscribe = unsubscribe_link(sender, base, base_len);
  text_finish(now->message.body, buf_text(&link), unsubscribe != NULL ? unsubscribe : "", &body);
  write_message_id(sender, &message_id);
  const struct letter letter = {
      .message_id = buf_text(&message_id), .from = settings->from, .from_name = settings->from_name,
      .to = now->message.address, .to_name = now->name, .reply_to = now->message.reply_to,
      .subject = now->message.subject, .language = now->message.language, .body = buf_text(&body),
      .date_ms = clock_now_ms(), .readable = settings->server == NULL, .unsubscribe = unsubscribe,
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

static bool settle(const struct under_way *now, struct db *db, struct err *err) {
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

/* ---- a run */

static bool is_stopping(const struct sender *sender) {
  return sender->options.stop != NULL && atomic_load(sender->options.stop);
}

static bool settle_alone(struct db *db, struct writer_job *job, struct err *err) {
  const struct sender *sender = job->context;
  return settle(sender->now, db, err);
}

static bool settle_and_take(struct db *db, struct writer_job *job, struct err *err) {
  struct sender *sender = job->context;
  return (sender->now->settled || settle(sender->now, db, err)) && take(sender->next, db, err);
}

/* One commit for two things: how the last one went, and which is the next. If it fails, the last one is still there. */
static bool take_next(struct sender *sender, bool *taken, struct err *err) {
  struct under_way *next = sender->next;
  struct buf words = next->outcome.words;
  buf_reset(&words);
  arena_reset(next->arena);
  *next = (struct under_way){.arena = next->arena, .outcome.words = words, .settled = true};
  *taken = false;
  if (!change(sender, settle_and_take, err)) return false;
  sender->next = sender->now;
  sender->now = next;
  *taken = next->taken;
  return true;
}

/* The last one went out, but that could not be written down then. Until it is, nothing else may be sent. */
static bool finish(struct sender *sender, struct err *err) {
  if (!sender->now->settled) sender->now->settled = change(sender, settle_alone, err);
  return sender->now->settled;
}

/* Hands over what was taken, and takes the next one. *more: there is one. */
static bool send_one(struct sender *sender, struct sender_counts *counts, bool *more, struct err *err) {
  struct under_way *now = sender->now;
  struct err own = {0};
  *more = false;
  if (now->called_off) {
    counts->called_off++;
    return is_stopping(sender) || take_next(sender, more, err);
  }
  if (!send_message(sender, &own)) { /* the folder could not be written */
    now->outcome.result = SMTP_NO_SERVER;
    buf_puts(&now->outcome.words, own.text);
  }
  now->settled = false;
  count(now, counts);
  bool goes_on = now->outcome.result != SMTP_NO_SERVER && now->outcome.result != SMTP_STOPPED;
  if (goes_on && !is_stopping(sender)) return take_next(sender, more, err);
  if (!finish(sender, err)) return false;
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return now->outcome.result != SMTP_NO_SERVER ||
         err_set(err, ERR_SYSTEM, "%s: %s", sender->options.settings->server, buf_text(&now->outcome.words));
}

static bool make_batch(struct db *db, struct writer_job *job, struct err *err) {
  const struct sender *sender = job->context;
  return sender->source->make(db, err);
}

/* Lets everything whose time has come make its messages. */
static bool make_due(struct sender *sender, struct err *err) {
  struct err own = {0};
  sender->source = sender->options.sources;
  for (; sender->source != NULL && sender->source->is_due != NULL; sender->source++) {
    while (!is_stopping(sender) && sender->source->is_due(sender->db, &own) && own.code == ERR_NONE)
      if (!change(sender, make_batch, &own)) break;
    if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  }
  return true;
}

bool sender_run(struct sender *sender, struct sender_counts *counts, struct err *err) {
  struct err own = {0};
  bool more = false;
  bool ok = take_lock(sender, &own) && finish(sender, &own) && make_due(sender, &own);
  if (ok && !is_stopping(sender) && message_is_due(sender->db, &own)) ok = take_next(sender, &more, &own);
  for (int n = 1; ok && more; n++) {
    ok = send_one(sender, counts, &more, &own);
    if (ok && more && n % LOOK_EVERY == 0) ok = make_due(sender, &own);
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
  text_finish(buf_text(&body), "", "", &text);
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
