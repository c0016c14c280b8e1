/* `anketa round`: loading and listing rounds, closing them, their report. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "data/table.h"
#include "data/xlsx.h"
#include "store/writer.h"
#include "survey/closing.h"
#include "survey/field.h"
#include "survey/round_report.h"
#include "survey/steer.h"

static const struct actor operator = {.role = ROLE_ADMINISTRATOR, .name = "", .email = "", .institution_name = "",
                                      .language = "lv", .session_hash = ""};

struct load {
  const char *folder, *opens, *deadline;
  struct buf notes;
};

static bool load(struct db *db, struct writer_job *job, struct err *err) {
  struct load *what = job->context;
  return field_load_round_noted(db, what->folder, what->opens, what->deadline, &what->notes, err);
}

static int run_load(const struct cli_call *call) {
  struct err err = {0};
  struct load what = {.folder = call->arguments[0], .opens = cli_value(call, "--opens"),
                      .deadline = cli_value(call, "--deadline")};
  struct writer_job job = {.run = load, .context = &what};
  struct writer *writer = writer_new(call->data, &err);
  if (writer != NULL) writer_run(writer, &job, &err);
  writer_free(writer);
  if (err.code == ERR_NONE) fputs(buf_text(&what.notes), stderr);
  buf_free(&what.notes);
  return err.code == ERR_NONE ? 0 : cli_fail(&err);
}

static void put_round(const struct field_round *round, bool json, bool first, struct buf *out) {
  if (!json) {
    buf_printf(out, "%s\t%s\t%s\t%s\n", round->id, round->opens, round->deadline, round->title);
    return;
  }
  buf_puts(out, first ? "\n{\"round\":" : ",\n{\"round\":");
  buf_json_string(out, round->id);
  buf_puts(out, ",\"title\":");
  buf_json_string(out, round->title);
  buf_puts(out, ",\"opens\":");
  buf_json_string(out, round->opens);
  buf_puts(out, ",\"deadline\":");
  buf_json_string(out, round->deadline);
  buf_putc(out, '}');
}

static int run_list(const struct cli_call *call) {
  struct err err = {0};
  struct buf out = {0};
  const struct field_round *rounds;
  struct arena *arena = arena_new();
  struct db *db = db_open(call->data, DB_READ, &err);
  size_t count = db != NULL ? field_rounds(db, &operator, arena, &rounds, &err) : 0;
  if (call->json) buf_putc(&out, '[');
  for (size_t i = 0; i < count; i++) put_round(&rounds[i], call->json, i == 0, &out);
  if (call->json) buf_puts(&out, "]\n");
  int code = err.code == ERR_NONE ? cli_print(&out) : cli_fail(&err);
  db_close(db);
  arena_free(arena);
  buf_free(&out);
  return code;
}

/* ---- closing, and opening again */

struct change {
  const char *round, *reason; /* reason NULL: it is closed */
};

static bool run_change(struct db *db, struct writer_job *job, struct err *err) {
  const struct change *change = job->context;
  enum closing_fault fault;
  if (change->reason != NULL) return closing_undo(db, &operator, change->round, change->reason, &fault, err);
  return closing_begin(db, &operator, change->round, change->round, err);
}

static int make_change(const struct cli_call *call, const char *reason, const char *said) {
  struct err err = {0};
  struct buf out = {0};
  struct change change = {call->arguments[0], reason};
  struct writer_job job = {.run = run_change, .context = &change};
  struct writer *writer = writer_new(call->data, &err);
  bool ok = writer != NULL && writer_run(writer, &job, &err) && closing_finish(writer, change.round, &err);
  writer_free(writer);
  buf_printf(&out, "%s\n", said);
  int code = ok ? cli_print(&out) : cli_fail(&err);
  buf_free(&out);
  return code;
}

/* The report's rows; false with err, also when there is no such round. */
static bool read_report(const struct cli_call *call, struct arena *arena, const struct report_row **rows, size_t *count,
                        struct err *err) {
  struct steer_place place;
  struct db *db = db_open(call->data, DB_READ, err);
  bool ok = db != NULL && steer_find(db, &operator, call->arguments[0], 0, arena, &place, err);
  *count = ok ? round_report_read(db, &operator, place.round, arena, rows, err) : 0;
  db_close(db);
  return ok && err->code == ERR_NONE;
}

static void put_list(const struct report_row *rows, size_t count, bool included, const char *heading, struct buf *out) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++)
    found += rows[i].included == included && rows[i].comment != REPORT_NONE;
  buf_printf(out, "%s: %zu\n", heading, found);
  for (size_t i = 0; i < count; i++)
    if (rows[i].included == included && rows[i].comment != REPORT_NONE) buf_printf(out, "  %s\n", rows[i].name);
}

static int run_close(const struct cli_call *call) {
  struct err err = {0};
  struct buf out = {0};
  const struct report_row *rows = NULL;
  size_t count;
  if (cli_value(call, "--commit") != NULL) return make_change(call, NULL, "closed");
  struct arena *arena = arena_new();
  bool ok = read_report(call, arena, &rows, &count, &err);
  put_list(rows, count, true, "to be frozen as filled in partly", &out);
  put_list(rows, count, false, "without answers", &out);
  buf_puts(&out, "not closed; --commit closes it\n");
  int code = ok ? cli_print(&out) : cli_fail(&err);
  arena_free(arena);
  buf_free(&out);
  return code;
}

static int run_open(const struct cli_call *call) { return make_change(call, cli_value(call, "--reason"), "open"); }

/* ---- the report */

static bool put_workbook(const struct table *table, struct output *output, struct err *err) {
  struct buf part = {0};
  bool done = false;
  int file = table_xlsx(table, err);
  bool ok = file >= 0;
  while (ok && !done) {
    buf_reset(&part);
    ok = xlsx_read(file, &part, &done, err) && output_write(output, buf_text(&part), part.len, err);
  }
  if (file >= 0) close(file);
  buf_free(&part);
  return ok;
}

static bool put_csv(const struct table *table, struct output *output, struct err *err) {
  struct buf text = {0};
  table_csv(table, &text);
  bool ok = output_write(output, buf_text(&text), text.len, err);
  buf_free(&text);
  return ok;
}

static bool write_report(const struct cli_call *call, bool workbook, struct err *err) {
  struct arena *arena = arena_new();
  const struct report_row *rows;
  size_t count;
  const char *language = cli_value(call, "--language"), *path = cli_value(call, "--output");
  bool ok = read_report(call, arena, &rows, &count, err);
  struct output *output = ok ? output_open(path != NULL ? path : "-", err) : NULL;
  if (language == NULL) language = "lv";
  if (output != NULL) {
    const char **cells = arena_array(arena, count * REPORT_COLUMNS + 1, sizeof *cells);
    for (size_t i = 0; i < count; i++) round_report_cells(&rows[i], i + 1, language, arena, cells + i * REPORT_COLUMNS);
    const struct table table = {call->arguments[0], round_report_headings(language), REPORT_COLUMNS, cells, count};
    ok = workbook ? put_workbook(&table, output, err) : put_csv(&table, output, err);
    if (ok) ok = output_finish(output, err);
    else output_drop(output);
  }
  arena_free(arena);
  return ok && output != NULL;
}

static int run_report(const struct cli_call *call) {
  struct err err = {0};
  const char *format = cli_value(call, "--format");
  bool workbook = format != NULL && strcmp(format, "xlsx") == 0;
  if (format != NULL && !workbook && strcmp(format, "csv") != 0)
    err_set(&err, ERR_USAGE, "--format takes csv or xlsx, not '%s'", format);
  else write_report(call, workbook, &err);
  return err.code == ERR_NONE ? 0 : cli_fail(&err);
}

static const struct cli_option close_options[] = {
    {"--commit", NULL, "close it; without, only say what will happen", false},
    {NULL, NULL, NULL, false},
};

static const struct cli_option open_options[] = {
    {"--reason", "TEXT", "why", true},
    {NULL, NULL, NULL, false},
};

static const struct cli_option report_options[] = {
    {"--format", "csv|xlsx", "what is written (default csv)", false},
    {"--language", "CODE", "of headings and words: lv, en, ru (default lv)", false},
    {"--output", "FILE", "where to (default -: standard output)", false},
    {NULL, NULL, NULL, false},
};

static const struct cli_option load_options[] = {
    {"--opens", "DATE", "the first day (default: the file's)", false},
    {"--deadline", "DATE", "the last day (default: the file's)", false},
    {NULL, NULL, NULL, false},
};

const struct cli_command cli_round_commands[] = {
    {"round", "load", "FOLDER", 1, 1, "Loads a round: its questionnaires and institutions. Repeating it changes nothing.",
     load_options, run_load},
    {"round", "list", "", 0, 0, "Lists the rounds.", NULL, run_list},
    {"round", "close", "ROUND", 1, 1, "Closes a round: what was begun and not submitted is frozen as it stands.", close_options, run_close},
    {"round", "open", "ROUND", 1, 1, "Opens a closed round again.", open_options, run_open},
    {"round", "report", "ROUND", 1, 1, "Writes how every institution came out: included or not, and why.", report_options, run_report},
    {NULL, NULL, NULL, 0, 0, NULL, NULL, NULL},
};
