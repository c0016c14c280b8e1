/* `anketa mail`: the outbox from the command line. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/cli.h"
#include "mail/sender.h"
#include "mail/text.h"
#include "store/mailing.h"
#include "store/message.h"
#include "survey/email.h"
#include "survey/mailing.h"

#define BASE_DEFAULT "http://127.0.0.1:8080"

static const char *const state_names[] = {
    [MESSAGE_WAITING] = "waiting", [MESSAGE_SENDING] = "being-sent", [MESSAGE_SENT] = "sent",
    [MESSAGE_GIVEN_UP] = "given-up", [MESSAGE_CALLED_OFF] = "called-off",
};

/* ---- list */

static void put_time(struct buf *out, const char *name, int64_t ms) {
  char iso[25];
  clock_iso(ms, iso);
  buf_printf(out, ",\"%s\":", name);
  buf_json_string(out, ms != 0 ? iso : NULL);
}

static void put_text(struct buf *out, const char *name, const char *text) {
  buf_printf(out, ",\"%s\":", name);
  buf_json_string(out, text);
}

static void put_json(struct buf *out, const struct stored_message *message, bool first) {
  buf_printf(out, "%s{\"id\":%" PRId64, first ? "\n" : ",\n", message->id);
  put_text(out, "state", state_names[message->state]);
  put_text(out, "kind", message->kind);
  put_text(out, "address", message->address);
  put_text(out, "subject", message->subject);
  put_text(out, "reason", message->reason);
  buf_printf(out, ",\"attempts\":%d", message->attempts);
  put_time(out, "created", message->created_ms);
  put_time(out, "due", message->due_ms);
  put_time(out, "sent", message->sent_ms);
  put_text(out, "fault", message->fault);
  put_text(out, "round", message->round);
  buf_printf(out, ",\"mailing\":%" PRId64, message->mailing);
  put_time(out, "bounced", message->bounced_ms);
  put_text(out, "bounce", message->bounce);
  buf_putc(out, '}');
}

/* When it was sent or, as long as it was not, when it is due. */
static void put_line(struct buf *out, const struct stored_message *message) {
  char when[25];
  clock_iso(message->state == MESSAGE_SENT ? message->sent_ms : message->due_ms, when);
  buf_printf(out, "%" PRId64 "\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", message->id, state_names[message->state], message->kind,
             message->address, when, message->attempts, message->subject, message->fault);
}

/* The number behind --mailing, 0 when it is not given, -1 when it is none. */
static int64_t read_mailing(const struct cli_call *call) {
  const char *text = cli_value(call, "--mailing");
  char *end;
  if (text == NULL) return 0;
  int64_t id = strtoll(text, &end, 10);
  return *end == '\0' && id > 0 ? id : -1;
}

static int run_list(const struct cli_call *call) {
  struct err err = {0};
  struct buf out = {0};
  struct stored_message message;
  bool first = true;
  int64_t mailing = read_mailing(call);
  if (mailing < 0) err_set(&err, ERR_USAGE, "--mailing takes the number of a mailing");
  struct db *db = mailing >= 0 ? db_open(call->data, DB_READ, &err) : NULL;
  struct stmt *stmt = db != NULL ? message_list(db, mailing) : NULL;
  if (call->json) buf_putc(&out, '[');
  while (stmt != NULL && message_next(stmt, &message, &err)) {
    if (call->json) put_json(&out, &message, first);
    else put_line(&out, &message);
    first = false;
  }
  if (call->json) buf_puts(&out, "]\n");
  int code = err.code == ERR_NONE ? cli_print(&out) : cli_fail(&err);
  stmt_end(stmt);
  db_close(db);
  buf_free(&out);
  return code;
}

/* ---- mailings */

static const char *mailing_state(const struct mailing *mailing) {
  if (mailing->removed_ms != 0) return "called-off";
  return mailing->made_ms != 0 ? "made" : "planned";
}

static void put_mailing(struct buf *out, const struct mailing *mailing, bool json, bool first) {
  char due[25];
  clock_iso(mailing->due_ms, due);
  if (!json) {
    buf_printf(out, "%" PRId64 "\t%s\t%s\t%s\t%s\t%d\t%s\n", mailing->id, mailing_state(mailing), mailing->kind, mailing->round,
               due, mailing->messages, mailing->filter);
    return;
  }
  buf_printf(out, "%s{\"id\":%" PRId64, first ? "\n" : ",\n", mailing->id);
  put_text(out, "state", mailing_state(mailing));
  put_text(out, "kind", mailing->kind);
  put_text(out, "round", mailing->round);
  put_time(out, "due", mailing->due_ms);
  buf_printf(out, ",\"messages\":%d", mailing->messages);
  put_text(out, "filter", mailing->filter);
  buf_printf(out, ",\"rule\":%s}", mailing->rule != 0 ? "true" : "false");
}

static int run_mailings(const struct cli_call *call) {
  struct err err = {0};
  struct buf out = {0};
  struct mailing mailing;
  bool first = true;
  struct db *db = db_open(call->data, DB_READ, &err);
  struct stmt *stmt = db != NULL ? mailing_list(db, NULL, 0) : NULL;
  if (call->json) buf_putc(&out, '[');
  while (stmt != NULL && mailing_next(stmt, &mailing, &err)) {
    put_mailing(&out, &mailing, call->json, first);
    first = false;
  }
  if (call->json) buf_puts(&out, "]\n");
  int code = err.code == ERR_NONE ? cli_print(&out) : cli_fail(&err);
  stmt_end(stmt);
  db_close(db);
  buf_free(&out);
  return code;
}

/* ---- sending */

/* Calls work with a sender over the data folder. */
static bool with_sender(const struct cli_call *call, bool (*work)(struct sender *, void *, struct err *), void *context,
                        struct err *err) {
  struct arena *arena = arena_new();
  struct mail_settings settings;
  struct writer *writer = NULL;
  struct sender *sender = NULL;
  struct db *db = NULL;
  bool ok = text_check(err) && settings_load(call->data, cli_value(call, "--mail"), arena, &settings, err);
  if (ok) db = db_open(call->data, DB_READ, err); /* a mistyped folder must not become a new, empty one */
  db_close(db);
  if (db != NULL) writer = writer_new(call->data, err);
  if (writer != NULL) {
    const char *base = cli_value(call, "--base");
    const struct sender_options options = {.folder = call->data, .writer = writer, .settings = &settings,
                                           .base_url = base != NULL ? base : BASE_DEFAULT,
                                           .sources = mailing_sources()};
    sender = sender_new(&options, err);
  }
  ok = sender != NULL && work(sender, context, err);
  sender_free(sender);
  writer_free(writer);
  arena_free(arena);
  return ok;
}

static bool send_due(struct sender *sender, void *context, struct err *err) { return sender_run(sender, context, err); }

static int run_send(const struct cli_call *call) {
  struct err err = {0};
  struct buf out = {0};
  struct sender_counts counts = {0};
  with_sender(call, send_due, &counts, &err);
  buf_printf(&out, "%d sent, %d put off, %d given up, %d called off\n", counts.sent, counts.put_off, counts.given_up,
             counts.called_off);
  int code = err.code == ERR_LOCKED || err.code == ERR_USAGE || err.code == ERR_INPUT ? 0 : cli_print(&out);
  if (err.code != ERR_NONE) code = cli_fail(&err);
  buf_free(&out);
  return code;
}

struct test {
  const char *address, *language;
  struct buf words;
};

static bool send_test(struct sender *sender, void *context, struct err *err) {
  struct test *test = context;
  return sender_test(sender, test->address, test->language, &test->words, err);
}

static int run_test(const struct cli_call *call) {
  struct err err = {0};
  struct arena *arena = arena_new();
  const char *language = cli_value(call, "--language");
  struct test test = {.address = email_normalize(call->arguments[0], arena, &err),
                      .language = language != NULL ? language : "lv"};
  bool sent = test.address != NULL && with_sender(call, send_test, &test, &err);
  if (!sent) err_set(&err, ERR_SYSTEM, "not sent: %s", buf_text(&test.words));
  buf_putc(&test.words, '\n');
  int code = sent ? cli_print(&test.words) : cli_fail(&err);
  buf_free(&test.words);
  arena_free(arena);
  return code;
}

static const struct cli_option list_options[] = {
    {"--mailing", "N", "only the messages of this mailing", false},
    {NULL, NULL, NULL, false},
};

static const struct cli_option send_options[] = {
    {"--mail", "FILE", "the settings of mail (default mail.conf in the data folder)", false},
    {"--base", "URL", "where the server is, for personal links (default " BASE_DEFAULT ")", false},
    {NULL, NULL, NULL, false},
};

static const struct cli_option test_options[] = {
    {"--mail", "FILE", "the settings of mail (default mail.conf in the data folder)", false},
    {"--language", "CODE", "lv, en or ru (default lv)", false},
    {NULL, NULL, NULL, false},
};

const struct cli_command cli_mail_commands[] = {
    {"mail", "list", "", 0, 0, "Lists the outbox: every message and what became of it.", list_options,
     run_list},
    {"mail", "mailings", "", 0, 0, "Lists the coordinators' mailings, the newest first.", NULL, run_mailings},
    {"mail", "send", "", 0, 0, "Sends the mail that is due, once; for cron where no server runs.", send_options, run_send},
    {"mail", "test", "ADDRESS", 1, 1, "Sends a test message now and prints what the mail server said.", test_options,
     run_test},
    {NULL, NULL, NULL, 0, 0, NULL, NULL, NULL},
};
