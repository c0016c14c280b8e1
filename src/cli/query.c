/* `anketa query`: looking for what to ask institutions. */
#include "cli/cli.h"
#include "survey/query_scout.h"

static int run_suggest(const struct cli_call *call) {
  struct err err = {0};
  struct buf out = {0};
  int added = 0;
  const struct actor operator = {.role = ROLE_COORDINATOR, .language = "lv", .session_hash = ""};
  struct writer *writer = NULL;
  struct db *db = db_open(call->data, DB_READ, &err); /* a mistyped folder must not become a new, empty one */
  if (db != NULL) writer = writer_new(call->data, &err);
  if (writer != NULL) query_scout_round(db, writer, &operator, cli_value(call, "--round"), &added, &err);
  writer_free(writer);
  db_close(db);
  buf_printf(&out, call->json ? "{\"suggested\":%d}\n" : "%d suggested\n", added);
  int code = err.code == ERR_NONE ? cli_print(&out) : cli_fail(&err);
  buf_free(&out);
  return code;
}

static const struct cli_option suggest_options[] = {
    {"--round", "ID", "the round", true},
    {NULL, NULL, NULL, false},
};

const struct cli_command cli_query_commands[] = {
    {"query", "suggest", "", 0, 0, "Looks in a round for answers to ask about, and suggests them to the coordinators.",
     suggest_options, run_suggest},
    {NULL, NULL, NULL, 0, 0, NULL, NULL, NULL},
};
