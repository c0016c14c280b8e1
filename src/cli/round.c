/* `anketa round`: loading and listing rounds. */

#include "base/json.h"
#include "cli/cli.h"
#include "store/writer.h"
#include "survey/field.h"

struct load {
  const char *folder, *opens, *deadline;
};

static bool load(struct db *db, struct writer_job *job, struct err *err) {
  const struct load *what = job->context;
  return field_load_round(db, what->folder, what->opens, what->deadline, err);
}

static int run_load(const struct cli_call *call) {
  struct err err = {0};
  struct load what = {call->arguments[0], cli_value(call, "--opens"), cli_value(call, "--deadline")};
  struct writer_job job = {.run = load, .context = &what};
  struct writer *writer = writer_new(call->data, &err);
  if (writer != NULL) writer_run(writer, &job, &err);
  writer_free(writer);
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
  const struct actor operator = {.role = ROLE_ADMINISTRATOR, .language = "lv", .session_hash = ""};
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

static const struct cli_option load_options[] = {
    {"--opens", "DATE", "the first day (default: the file's)", false},
    {"--deadline", "DATE", "the last day (default: the file's)", false},
    {NULL, NULL, NULL, false},
};

const struct cli_command cli_round_commands[] = {
    {"round", "load", "FOLDER", 1, 1, "Loads a round: its questionnaires and institutions. Repeating it changes nothing.",
     load_options, run_load},
    {"round", "list", "", 0, 0, "Lists the rounds.", NULL, run_list},
    {NULL, NULL, NULL, 0, 0, NULL, NULL, NULL},
};
