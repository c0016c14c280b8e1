/* `anketa export`: a dataset to a file. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "data/dataset.h"
#include "data/writer_table.h"
#include "store/db.h"

static volatile sig_atomic_t interrupted;

static void interrupt(int number) {
  (void)number;
  interrupted = 1;
}

/* So that what was begun can be removed. */
static void catch_interrupts(void) {
  struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

static bool show_progress(void *context, int64_t rows) {
  const bool *terminal = context;
  if (*terminal) fprintf(stderr, "\r%" PRId64 " rows", rows);
  return interrupted == 0;
}

static bool read_separator(const char *text, char *separator, struct err *err) {
  *separator = ',';
  if (text == NULL) return true;
  if (strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0) *separator = '\t';
  else if (strlen(text) == 1) *separator = *text;
  else return err_set(err, ERR_USAGE, "--separator takes one of , ; | tab, not '%s'", text);
  return true;
}

static bool pump(const struct export_format *format, void *state, struct output *output, struct err *err) {
  struct buf bytes = {0};
  bool done = false, ok = true;
  while (ok && !done) {
    buf_reset(&bytes);
    ok = format->step(state, &bytes, &done, err) && output_write(output, bytes.data, bytes.len, err);
  }
  buf_free(&bytes);
  return ok;
}

static bool write_dataset(struct dataset *dataset, const struct export_format *format,
                          const struct export_options *options, const char *path, struct err *err) {
  struct output *output = NULL;
  void *state = format->start(dataset, options, err);
  bool ok = state != NULL;
  if (ok) {
    output = output_open(path, err);
    ok = output != NULL && pump(format, state, output, err);
  }
  if (ok) ok = output_finish(output, err);
  else output_drop(output);
  format->end(state);
  return ok;
}

static int run_export(const struct cli_call *call) {
  struct err err = {0};
  struct db *db = NULL;
  struct dataset *dataset = NULL;
  bool terminal = isatty(STDERR_FILENO) == 1;
  const char *format_name = cli_value(call, "--format");
  const struct export_format *format = export_format_find(format_name);
  struct dataset_spec spec = {
      .round = cli_value(call, "--round"),
      .questionnaire = cli_value(call, "--questionnaire"),
      .roster = cli_value(call, "--roster"),
      .paradata = cli_value(call, "--paradata") != NULL,
      .language = cli_value(call, "--language"),
      .labels = cli_value(call, "--labels") != NULL,
      .submitted_only = cli_value(call, "--submitted") != NULL,
  };
  struct export_options options = {.bom = cli_value(call, "--bom") != NULL, .progress = show_progress};
  options.progress_context = &terminal;
  if (format == NULL) {
    err_set(&err, ERR_USAGE, "--format takes csv or xlsx, not '%s'", format_name);
    goto out;
  }
  if (spec.paradata && spec.roster != NULL) {
    err_set(&err, ERR_USAGE, "--paradata and --roster are datasets of their own; choose one");
    goto out;
  }
  if (!read_separator(cli_value(call, "--separator"), &options.separator, &err)) goto out;
  catch_interrupts();
  db = db_open(call->data, DB_READ, &err);
  if (db == NULL) goto out;
  dataset = dataset_open(db, &spec, &err);
  if (dataset == NULL || !cli_check_language(dataset_form(dataset), spec.language, &err)) goto out;
  write_dataset(dataset, format, &options, cli_value(call, "--output"), &err);
  if (terminal) fputs("\r\033[K", stderr);
out:
  dataset_close(dataset);
  db_close(db);
  return err.code == ERR_NONE ? 0 : cli_fail(&err);
}

static const struct cli_option export_options[] = {
    {"--round", "ID", "the round", true},
    {"--questionnaire", "ID", "the questionnaire in it", true},
    {"--format", "csv|xlsx", "what is written", true},
    {"--roster", "ID", "a row for each row of this roster instead of each response", false},
    {"--paradata", NULL, "time spent: a row for each person, sitting and section instead of each response", false},
    {"--language", "CODE", "of labels and headings (default: the questionnaire's first)", false},
    {"--labels", NULL, "texts of the answers instead of codes, missing values in words", false},
    {"--submitted", NULL, "submitted responses only", false},
    {"--bom", NULL, "csv: begins with a byte order mark, for spreadsheets", false},
    {"--separator", "CHAR", "csv: , ; | or tab (default ,)", false},
    {"--output", "FILE", "where to (-: standard output)", true},
    {NULL, NULL, NULL, false},
};

const struct cli_command cli_export_commands[] = {
    {"export", NULL, "", 0, 0, "Writes the answers to a questionnaire as a dataset.", export_options, run_export},
    {NULL, NULL, NULL, 0, 0, NULL, NULL, NULL},
};
