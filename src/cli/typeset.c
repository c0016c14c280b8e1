/* `anketa typeset`: what paper/press.c runs in a process of its own. */
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"
#include "paper/typeset.h"

static bool write_stdout(void *context, const void *bytes, size_t len) {
  (void)context;
  return file_put(STDOUT_FILENO, bytes, len);
}

static int run_typeset(const struct cli_call *call) {
  struct err err = {0};
  (void)call;
  bool ok = typeset(STDIN_FILENO, write_stdout, NULL, &err);
  return ok ? 0 : cli_fail(&err);
}

const struct cli_command cli_typeset_commands[] = {
    {"typeset", NULL, "", 0, 0, "Makes a PDF of what the program hands itself on stdin; not for people.", NULL, run_typeset},
    {0},
};
