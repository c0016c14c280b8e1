/* `anketa round correct`: a corrected questionnaire for a round that is being filled in. */
#include <stdio.h>

#include "base/file.h"
#include "base/json.h"
#include "cli/cli.h"
#include "form/load.h"
#include "store/writer.h"
#include "survey/correction.h"
#include "survey/mover.h"

static const struct actor operator = {.role = ROLE_ADMINISTRATOR, .name = "", .language = "en", .session_hash = ""};

struct publishing {
  struct correction_order order;
  bool done;
  int moved;
};

static bool publish(struct db *db, struct writer_job *job, struct err *err) {
  struct publishing *publishing = job->context;
  return correction_publish(db, &operator, &publishing->order, &publishing->done, err);
}

static bool move(struct db *db, struct writer_job *job, struct err *err) {
  struct publishing *publishing = job->context;
  return correction_move(db, MOVER_BATCH, &publishing->moved, err);
}

/* Publishes, and moves until nothing is left: also what an earlier call did not come to. */
static bool commit(const char *folder, struct publishing *publishing, struct err *err) {
  struct writer *writer = writer_new(folder, err);
  if (writer == NULL) return false;
  struct writer_job first = {.run = publish, .context = publishing};
  bool ok = writer_run(writer, &first, err);
  do {
    struct writer_job next = {.run = move, .context = publishing};
    publishing->moved = 0;
    ok = ok && writer_run(writer, &next, err);
  } while (ok && publishing->moved > 0);
  writer_free(writer);
  return ok;
}

static void put_changes(const struct correction_change *change, bool subject, struct buf *out) {
  for (; change != NULL; change = change->next) {
    bool detail = change->detail[0] != '\0';
    if (subject) buf_printf(out, "%s\n", change->subject);
    buf_printf(out, "  %s%s%s\n", change->change, detail ? ": " : "", change->detail);
  }
}

static void put_question(const struct correction_question *question, struct buf *out) {
  buf_printf(out, "%s\n", question->id);
  put_changes(question->changes, false, out);
  if (question->missing > 0) buf_printf(out, "  begun responses that must answer it now: %zu\n", question->missing);
  if (question->responses == 0) return;
  buf_printf(out, "  begun responses with an answer: %zu", question->responses);
  if (question->in_roster) buf_printf(out, " (%zu rows)", question->answers);
  buf_printf(out, "; answers that no longer fit: %zu\n", question->misfits);
  for (int i = 0; i < question->institution_count; i++) buf_printf(out, "    %s\n", question->institutions[i]);
  size_t named = (size_t)question->institution_count;
  if (question->misfit_responses > named) buf_printf(out, "    and %zu more\n", question->misfit_responses - named);
}

static void put_effect(const struct correction_preview *effect, struct buf *out) {
  buf_printf(out, "%s: version %s → %s%s\n", effect->questionnaire, effect->old_label, effect->new_label,
             effect->published_before ? " (published before)" : "");
  put_changes(effect->changes, true, out);
  for (size_t i = 0; i < effect->question_count; i++) put_question(&effect->questions[i], out);
  buf_printf(out, "responses not begun, moved: %zu\n", effect->fresh);
  buf_printf(out, "responses begun, moved: %zu\n", effect->begun);
  buf_printf(out, "  with something to look at, told by mail: %zu\n", effect->concerned);
  buf_printf(out, "  with answers that no longer fit: %zu (%zu answers)\n", effect->misfit_responses, effect->misfits);
  buf_printf(out, "  complete before and not any more: %zu\n", effect->incomplete);
  if (effect->settled > 0) buf_printf(out, "  answers that fit again: %zu\n", effect->settled);
  buf_printf(out, "responses submitted, which stay: %zu (%zu of them with answers that would not fit)\n", effect->locked,
             effect->locked_misfits);
}

static void json_text(struct buf *out, const char *name, const char *text) {
  buf_printf(out, "\"%s\":", name);
  buf_json_string(out, text);
}

static void json_changes(const struct correction_change *change, struct buf *out) {
  buf_puts(out, ",\"changes\":[");
  for (const char *between = ""; change != NULL; change = change->next, between = ",") {
    buf_printf(out, "%s{", between);
    json_text(out, "change", change->change);
    buf_putc(out, ',');
    json_text(out, "subject", change->subject);
    buf_putc(out, ',');
    json_text(out, "detail", change->detail);
    buf_putc(out, '}');
  }
  buf_putc(out, ']');
}

static void json_question(const struct correction_question *question, struct buf *out) {
  buf_putc(out, '{');
  json_text(out, "question", question->id);
  json_changes(question->changes, out);
  buf_printf(out, ",\"responses\":%zu,\"answers\":%zu,\"misfits\":%zu,\"misfit_responses\":%zu,\"missing\":%zu",
             question->responses, question->answers, question->misfits, question->misfit_responses, question->missing);
  buf_puts(out, ",\"institutions\":[");
  for (int i = 0; i < question->institution_count; i++) {
    if (i > 0) buf_putc(out, ',');
    buf_json_string(out, question->institutions[i]);
  }
  buf_puts(out, "]}");
}

static void json_effect(const struct correction_preview *effect, bool committed, struct buf *out) {
  buf_putc(out, '{');
  json_text(out, "questionnaire", effect->questionnaire);
  buf_putc(out, ',');
  json_text(out, "old", effect->old_label);
  buf_putc(out, ',');
  json_text(out, "new", effect->new_label);
  json_changes(effect->changes, out);
  buf_puts(out, ",\"questions\":[");
  for (size_t i = 0; i < effect->question_count; i++) {
    buf_puts(out, i > 0 ? ",\n" : "\n");
    json_question(&effect->questions[i], out);
  }
  buf_printf(out, "],\n\"fresh\":%zu,\"begun\":%zu,\"submitted\":%zu,\"submitted_misfits\":%zu,\"concerned\":%zu",
             effect->fresh, effect->begun, effect->locked, effect->locked_misfits, effect->concerned);
  buf_printf(out, ",\"misfit_responses\":%zu,\"misfits\":%zu,\"incomplete\":%zu,\"settled\":%zu,\"published\":%s}\n",
             effect->misfit_responses, effect->misfits, effect->incomplete, effect->settled, committed ? "true" : "false");
}

/* All findings, with their lines. */
static void print_findings(const char *path, const struct buf *text) {
  struct buf out = {0};
  struct findings *findings = findings_new(path);
  form_free(form_load(buf_text(text), text->len, findings));
  findings_print(findings, &out);
  fputs(buf_text(&out), stderr);
  findings_free(findings);
  buf_free(&out);
}

/* The exit code; 0 also for a text that is asked with already, where a call that was cut short goes on. */
static int correct(const struct cli_call *call, struct publishing *publishing, const struct correction_preview *effect) {
  struct err err = {0};
  struct buf out = {0};
  bool wanted = cli_value(call, "--commit") != NULL, same = effect->refusal == CORRECTION_SAME;
  publishing->order.current = effect->current;
  if (correction_refuse(effect, publishing->order.round, &err)) return cli_fail(&err);
  if (wanted && !commit(call->data, publishing, &err)) return cli_fail(&err);
  if (call->json) json_effect(effect, publishing->done, &out);
  else if (same) buf_printf(&out, "%s: this text is what is asked with already\n", effect->questionnaire);
  else put_effect(effect, &out);
  if (!call->json && !same) buf_puts(&out, publishing->done ? "published\n" : "nothing was published; --commit does it\n");
  int code = cli_print(&out);
  buf_free(&out);
  return code;
}

static int run_correct(const struct cli_call *call) {
  struct err err = {0};
  struct buf text = {0};
  struct correction_preview effect = {0};
  struct publishing publishing = {.order = {.round = call->arguments[0], .note = cli_value(call, "--note")}};
  struct arena *arena = arena_new();
  const char *path = call->arguments[1];
  int code = 1;
  struct db *db = file_read(path, FORM_FILE_MAX, &text, &err) ? db_open(call->data, DB_READ, &err) : NULL;
  bool read = db != NULL && correction_preview(db, &operator, publishing.order.round, buf_text(&text), text.len, arena,
                                               &effect, &err);
  db_close(db);
  if (publishing.order.note == NULL) publishing.order.note = "";
  publishing.order.text = buf_text(&text);
  publishing.order.len = text.len;
  if (!read) code = cli_fail(&err);
  else if (effect.refusal == CORRECTION_FINDINGS) print_findings(path, &text);
  else code = correct(call, &publishing, &effect);
  findings_free(effect.findings);
  arena_free(arena);
  buf_free(&text);
  return code;
}

static const struct cli_option correct_options[] = {
    {"--commit", NULL, "publish it; without, it is only said what would happen", false},
    {"--note", "TEXT", "a word to the institutions that it concerns", false},
    {NULL, NULL, NULL, false},
};

const struct cli_command cli_correct_commands[] = {
    {"round", "correct", "ROUND FILE", 2, 2, "Publishes a corrected questionnaire to a round that is being filled in.",
     correct_options, run_correct},
    {NULL, NULL, NULL, 0, 0, NULL, NULL, NULL},
};
