/* `anketa audit`: the book of events from the command line, and whether it is whole. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/cli.h"
#include "survey/audit.h"

/* ---- list */

static void put_json(struct buf *out, const struct event *event, bool first) {
  char iso[25];
  clock_iso(event->happened_ms, iso);
  buf_printf(out, "%s{\"id\":%" PRId64 ",\"happened\":\"%s\",\"person\":", first ? "\n" : ",\n", event->id, iso);
  buf_json_string(out, event->person != 0 ? event->person_name : NULL);
  buf_puts(out, ",\"kind\":");
  buf_json_string(out, event->kind);
  buf_puts(out, ",\"subject\":");
  buf_json_string(out, event->subject);
  buf_puts(out, ",\"detail\":");
  buf_json_string(out, event->detail);
  buf_puts(out, ",\"chain\":");
  buf_json_string(out, event->chain);
  buf_putc(out, '}');
}

static void put_line(struct buf *out, const struct event *event) {
  char iso[25];
  clock_iso(event->happened_ms, iso);
  buf_printf(out, "%" PRId64 "\t%s\t%s\t%s\t%s\t", event->id, iso, event->person != 0 ? event->person_name : "-", event->kind,
             event->subject);
  for (const char *c = event->detail; *c != '\0'; c++) buf_putc(out, (unsigned char)*c < ' ' ? ' ' : *c); /* one line */
  buf_putc(out, '\n');
}

static bool parse_since(const char *text, int64_t *ms, struct err *err) {
  int days;
  *ms = 0;
  if (text == NULL) return true;
  if (!clock_parse_date(text, strlen(text), &days))
    return err_set(err, ERR_USAGE, "--since %s: expected a date like 2026-11-21", text);
  *ms = clock_riga_ms(days, 0);
  return true;
}

static int run_list(const struct cli_call *call) {
  struct err err = {0};
  struct buf out = {0};
  struct event_filter filter = {.person = 0};
  struct event event;
  struct stmt *stmt = NULL;
  bool first = true;
  int code = 0;
  if (!parse_since(cli_value(call, "--since"), &filter.since_ms, &err)) return cli_fail(&err);
  struct db *db = db_open(call->data, DB_READ, &err);
  if (db != NULL) stmt = event_list(db, &filter);
  if (call->json) buf_putc(&out, '[');
  while (code == 0 && stmt != NULL && event_next(stmt, &event, &err)) {
    if (call->json) put_json(&out, &event, first);
    else put_line(&out, &event);
    first = false;
    code = cli_print(&out); /* line by line: the book may be long */
    buf_reset(&out);
  }
  if (call->json) buf_puts(&out, "]\n");
  if (code == 0) code = err.code == ERR_NONE ? cli_print(&out) : cli_fail(&err);
  stmt_end(stmt);
  db_close(db);
  buf_free(&out);
  return code;
}

/* ---- is it whole */

static void say(const struct audit_report *report, const char *kept, struct buf *out) {
  switch (report->fault) {
    case AUDIT_WHOLE:
      buf_printf(out, "OK: %" PRId64 " events", report->count);
      if (report->older > 0) buf_printf(out, ", %" PRId64 " of them from before they were linked", report->older);
      buf_printf(out, "\nhead: %" PRId64 " %s\n", report->count, report->head);
      if (kept != NULL) buf_printf(out, "the given head is event %" PRId64 "\n", report->at);
      break;
    case AUDIT_MISSING:
      buf_printf(out, "NOT WHOLE: event %" PRId64 " is missing\n", report->at);
      break;
    case AUDIT_CHANGED:
      buf_printf(out, "NOT WHOLE: event %" PRId64 " does not fit: it was changed, moved or put in%s\n", report->at,
                 report->older > 0 && report->older == report->count ? ", or one before it was" : "");
      break;
    case AUDIT_UNLINKED:
      buf_printf(out, "NOT WHOLE: event %" PRId64 " was put in past the program\n", report->at);
      break;
    case AUDIT_NO_HEAD:
      buf_printf(out, "NOT WHOLE: the given head is of none of the %" PRId64 " events: the end was cut off, or the book was "
                 "written anew\n", report->count);
      break;
  }
}

static int run_verify(const struct cli_call *call) {
  struct err err = {0};
  struct buf out = {0};
  struct audit_report report;
  const char *kept = cli_value(call, "--head");
  struct db *db = db_open(call->data, DB_READ, &err);
  if (db != NULL && audit_verify(db, kept, &report, &err)) say(&report, kept, &out);
  db_close(db);
  int code = err.code == ERR_NONE ? cli_print(&out) : cli_fail(&err);
  buf_free(&out);
  return code != 0 || report.fault == AUDIT_WHOLE ? code : 1;
}

static int run_head(const struct cli_call *call) {
  struct err err = {0};
  struct buf out = {0};
  struct audit_report report;
  struct db *db = db_open(call->data, DB_READ, &err);
  if (db != NULL && audit_head(db, &report, &err)) buf_printf(&out, "%" PRId64 " %s\n", report.count, report.head);
  db_close(db);
  int code = err.code == ERR_NONE ? cli_print(&out) : cli_fail(&err);
  buf_free(&out);
  return code;
}

static const struct cli_option list_options[] = {
    {"--since", "DATE", "only from this day on", false},
    {NULL, NULL, NULL, false},
};

static const struct cli_option verify_options[] = {
    {"--head", "HASH", "a head that was noted elsewhere: is it still in the chain?", false},
    {NULL, NULL, NULL, false},
};

const struct cli_command cli_audit_commands[] = {
    {"audit", "list", "", 0, 0, "Lists the book of events, newest first.", list_options, run_list},
    {"audit", "verify", "", 0, 0, "Checks that no event was changed, removed, moved or put in.", verify_options, run_verify},
    {"audit", "head", "", 0, 0, "Prints number and hash of the last event, to be kept elsewhere.", NULL, run_head},
    {NULL, NULL, NULL, 0, 0, NULL, NULL, NULL},
};
