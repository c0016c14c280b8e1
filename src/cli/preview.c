/* `anketa form preview`: a questionnaire in a browser for its author. */
#include "web/preview.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "web/server.h"

#define PORT_DEFAULT 8090

static const struct cli_option preview_options[] = {
    {"--port", "N", "the port; 0 takes a free one (default 8090)", false},
    {0},
};

/* Only this machine can see it: it has no sign-in. */
static bool serve_preview(struct app *app, const char *path, int port, struct err *err) {
  sigset_t stop;
  int signal_number;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, NULL);
  signal(SIGPIPE, SIG_IGN);
  struct server *server = server_start(app, routes_preview, "127.0.0.1", port, err);
  if (server == NULL) return false;
  printf("%s at http://127.0.0.1:%d (Ctrl-C ends it)\n", path, server_port(server));
  fflush(stdout);
  sigwait(&stop, &signal_number);
  server_stop(server);
  return true;
}

static int run_preview(const struct cli_call *call) {
  struct err err = {0};
  struct app app = {0};
  const char *strict = getenv("ANKETA_STRICT");
  int port;
  if (!cli_read_port(call, PORT_DEFAULT, &port, &err)) return cli_fail(&err);
  app.templates = templates_load(strict != NULL && strcmp(strict, "1") == 0, &err);
  if (app.templates != NULL) app.extra = preview_new(call->arguments[0], &err);
  if (app.extra != NULL) serve_preview(&app, call->arguments[0], port, &err);
  preview_free(app.extra);
  templates_free(app.templates);
  return err.code == ERR_NONE ? 0 : cli_fail(&err);
}

const struct cli_command cli_preview_commands[] = {
    {.noun = "form",
     .verb = "preview",
     .arguments = "FILE",
     .argument_min = 1,
     .argument_max = 1,
     .help = "Shows a questionnaire in a browser, loaded anew when its file is saved, with what is wrong beside it.",
     .options = preview_options,
     .run = run_preview},
    {0},
};
