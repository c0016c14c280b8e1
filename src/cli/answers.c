/* `anketa answers`: answers that come in as a file. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/cli.h"
#include "data/answers_csv.h"
#include "data/versions.h"
#include "store/writer.h"
#include "survey/answers_load.h"

struct loading {
  const struct cli_call *call;
  struct findings *findings;
  struct answers_load *load;
  struct answers_load_counts counts;
  struct arena *arena; /* of a row */
  bool commit, done;
};

static bool take_row(void *context, const struct answers_csv_row *row, struct err *err) {
  struct loading *loading = context;
  arena_reset(loading->arena);
  struct save_entry *entries = arena_array(loading->arena, row->count, sizeof *entries);
  int *columns = arena_array(loading->arena, row->count, sizeof *columns);
  for (size_t i = 0; i < row->count; i++) {
    const struct answers_csv_entry *entry = &row->entries[i];
    entries[i] = (struct save_entry){.question = entry->question, .row = "", .values = entry->values,
                                     .value_count = entry->value_count, .special = entry->special};
    columns[i] = entry->column;
  }
  struct answers_load_row out = {
      .line = row->line,
      .institution = row->institution,
      .institution_column = row->institution_column,
      .roster = row->roster,
      .label = row->label,
      .label_column = row->label_column,
      .entries = entries,
      .columns = columns,
      .count = row->count,
  };
  return answers_load_row(loading->load, &out, err);
}

static bool read_file(struct loading *loading, const struct versions *versions, struct err *err) {
  const struct cli_call *call = loading->call;
  const struct form **forms = arena_array(loading->arena, (size_t)versions->count, sizeof *forms);
  struct arena *own = arena_new();
  struct arena *list = loading->arena; /* holds the forms while rows come and go in another */
  for (int i = 0; i < versions->count; i++) forms[i] = versions->list[i].form;
  loading->arena = own;
  struct err failed = {0};
  bool ok = answers_csv_read(call->arguments[0], forms, versions->count, cli_value(call, "--language"), loading->findings,
                             take_row, loading, &failed);
  loading->arena = list;
  arena_free(own);
  if (failed.code != ERR_NONE) return err_set_at(err, failed.code, failed.where, failed.line, failed.column, "%s", failed.text);
  return ok && answers_load_finish(loading->load, &loading->counts, err);
}

/* All of it or nothing; nothing in a dry run, which goes through it all the same. */
static bool run(struct db *db, struct writer_job *job, struct err *err) {
  struct loading *loading = job->context;
  const struct cli_call *call = loading->call;
  const struct actor operator = {.role = ROLE_ADMINISTRATOR, .language = "lv", .session_hash = ""};
  const char *round = cli_value(call, "--round"), *questionnaire = cli_value(call, "--questionnaire");
  struct err own = {0};
  struct versions *versions = versions_load(db, round, questionnaire, &own);
  if (versions != NULL && cli_check_language(versions->list[0].form, cli_value(call, "--language"), &own)) {
    loading->load = answers_load_new(db, &operator, round, questionnaire, cli_value(call, "--submitted") != NULL,
                                     loading->findings, &own);
  }
  if (loading->load != NULL) loading->done = read_file(loading, versions, &own);
  answers_load_free(loading->load);
  versions_free(versions);
  if (own.code != ERR_NONE) return err_set_at(err, own.code, own.where, own.line, own.column, "%s", own.text);
  if (findings_count(loading->findings) == 0 && loading->commit) return true;
  return err_set(err, ERR_INPUT, "nothing is to be stored");
}

static void put_counts(const struct loading *loading, struct buf *out) {
  const struct answers_load_counts *counts = &loading->counts;
  if (loading->call->json) {
    buf_printf(out, "{\"stored\":%s,\"institutions\":%" PRId64 ",\"rows\":%" PRId64 ",\"new\":%" PRId64
               ",\"changed\":%" PRId64 ",\"same\":%" PRId64 ",\"submitted\":%" PRId64 "}\n",
               loading->commit ? "true" : "false", counts->institutions, counts->rows, counts->fresh, counts->changed,
               counts->same, counts->submitted);
    return;
  }
  buf_printf(out, "institutions: %" PRId64 "\nroster rows added: %" PRId64 "\nanswers new: %" PRId64 "\nanswers changed: %"
             PRId64 "\nanswers as they were: %" PRId64 "\nresponses submitted: %" PRId64 "\n",
             counts->institutions, counts->rows, counts->fresh, counts->changed, counts->same, counts->submitted);
  buf_puts(out, loading->commit ? "stored\n" : "nothing was stored; give --commit to store it\n");
}

static int run_load(const struct cli_call *call) {
  struct err err = {0};
  struct buf out = {0};
  struct loading loading = {.call = call, .commit = cli_value(call, "--commit") != NULL};
  loading.arena = arena_new();
  loading.findings = findings_new(call->arguments[0]);
  struct writer_job job = {.run = run, .context = &loading};
  struct writer *writer = writer_new(call->data, &err);
  if (writer != NULL) writer_run(writer, &job, &err);
  writer_free(writer);
  int code;
  if (findings_count(loading.findings) > 0) {
    findings_print(loading.findings, &out);
    fputs(buf_text(&out), stderr);
    code = 1;
  } else if (err.code != ERR_NONE && !(loading.done && !loading.commit)) {
    code = cli_fail(&err);
  } else {
    put_counts(&loading, &out);
    code = cli_print(&out);
  }
  findings_free(loading.findings);
  arena_free(loading.arena);
  buf_free(&out);
  return code;
}

static const struct cli_option load_options[] = {
    {"--round", "ID", "the round", true},
    {"--questionnaire", "ID", "the questionnaire in it", true},
    {"--language", "CODE", "the file has texts of the answers in this language instead of codes", false},
    {"--submitted", NULL, "mark the responses submitted", false},
    {"--commit", NULL, "store it; without, only say what would change", false},
    {NULL, NULL, NULL, false},
};

const struct cli_command cli_answers_commands[] = {
    {"answers", "load", "FILE", 1, 1, "Loads answers from a CSV file like those of `anketa export`.", load_options, run_load},
    {NULL, NULL, NULL, 0, 0, NULL, NULL, NULL},
};
