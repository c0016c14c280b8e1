/* `anketa serve`: the web server over a data folder, until it is asked to stop. */
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "base/asset.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "cli/cli.h"
#include "mail/post.h"
#include "mail/text.h"
#include "store/db.h"
#include "store/writer.h"
#include "survey/audit.h"
#include "survey/closing.h"
#include "survey/mover.h"
#include "survey/presence.h"
#include "survey/mailing.h"
#include "survey/query_scout.h"
#include "web/server.h"
#include "web/template.h"

#define ADDRESS_DEFAULT "127.0.0.1"
#define PORT_DEFAULT 8080
#define ARENAS_MAX 2   /* of malloc; more only spread the same memory thinner */
#define FILES_WANTED 4096 /* connections, database files and some more */

static const struct cli_option serve_options[] = {
    {"--address", "IP", "where to listen (default " ADDRESS_DEFAULT ")", false},
    {"--port", "N", "the port; 0 takes a free one (default 8080)", false},
    {"--base", "URL", "the address that people use, when a proxy stands before the server", false},
    {"--templates", "DIR", "read templates from this source tree instead of the program", false},
    {"--secure", NULL, "people come by https: cookies are marked for it", false},
    {"--proxy", NULL, "all come through a proxy that says for whom in X-Forwarded-For", false},
    {"--staff-links", NULL, "staff sign in by their link alone, for demonstrations", false},
    {"--mail", "FILE", "the settings of mail (default mail.conf in the data folder)", false},
    {0},
};

/* A mistyped folder must not become a new, empty one. */
static bool check_folder(const char *folder, struct err *err) {
  struct stat info;
  if (stat(folder, &info) == 0 && S_ISDIR(info.st_mode)) return true;
  return err_set(err, ERR_INPUT, "there is no data folder %s; `anketa round load` makes one", folder);
}

/* The thread that called this is the only one that gets them, by sigtimedwait; the others are started after it. */
static void hold_signals(sigset_t *stop) {
  sigemptyset(stop);
  sigaddset(stop, SIGTERM);
  sigaddset(stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, stop, NULL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes is a full disk, not the end */
}

static void allow_files(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= FILES_WANTED) return;
  limit.rlim_cur = limit.rlim_max < FILES_WANTED ? limit.rlim_max : FILES_WANTED;
  setrlimit(RLIMIT_NOFILE, &limit);
}

static bool is_loopback(const char *address) {
  return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

/* Once a day the log gets the head of the book of events, so that it is kept outside the data folder. */
static void log_head(struct db_pool *pool, int *logged_day) {
  struct audit_report report;
  struct err err = {0};
  int day = clock_riga_day(clock_now_ms());
  if (day == *logged_day) return;
  *logged_day = day;
  struct db *db = db_pool_take(pool);
  if (audit_head(db, &report, &err)) log_info("audit head: %" PRId64 " %s", report.count, report.head);
  else log_error("audit head: %s", err.text);
  db_pool_give(pool, db);
}

static void wait_for_signal(const struct app *app, const sigset_t *stop) {
  static const struct timespec a_minute = {.tv_sec = 60};
  int logged_day = 0;
  do log_head(app->pool, &logged_day);
  while (sigtimedwait(stop, NULL, &a_minute) < 0);
}

/* Serves until a signal. */
static bool serve(struct app *app, const struct mail_settings *mail, const char *address, int port,
                  const sigset_t *stop, struct err *err) {
  struct server *server = server_start(app, routes_all, address, port, err);
  if (server == NULL) return false;
  const struct sender_options options = {.folder = app->folder, .writer = app->writer, .settings = mail,
                                         .base_url = app->base_url, .sources = mailing_sources()};
  struct post *post = post_start(&options, err);
  struct query_scout *scout = post != NULL ? query_scout_start(app->folder, app->writer, err) : NULL;
  if (scout != NULL) {
    log_info("mail goes to %s", mail->server != NULL ? mail->server : "the folder outbox");
    fprintf(stderr, "anketa: serving %s at http://%s:%d\n", app->folder, address, server_port(server));
    wait_for_signal(app, stop);
    log_info("stopping");
  }
  query_scout_stop(scout);
  post_stop(post);
  server_stop(server);
  return scout != NULL;
}

static void warn(const struct app *app) {
  if (app->staff_links) log_info("--staff-links: staff sign in by their link alone; this is for demonstrations");
  if (app->secure && !app->proxy)
    log_error("--secure without --proxy: behind a proxy all attempts to sign in count as from one place");
}

static int run_serve(const struct cli_call *call) {
  struct err err = {0};
  struct app app = {.folder = call->data, .secure = cli_value(call, "--secure") != NULL,
                    .proxy = cli_value(call, "--proxy") != NULL, .staff_links = cli_value(call, "--staff-links") != NULL};
  const char *address = cli_value(call, "--address"), *strict = getenv("ANKETA_STRICT");
  struct arena *arena = arena_new();
  struct mail_settings mail;
  sigset_t stop;
  int port;
  if (address == NULL) address = ADDRESS_DEFAULT;
  app.base_url = cli_value(call, "--base");
  mallopt(M_ARENA_MAX, ARENAS_MAX);
  hold_signals(&stop);
  allow_files();
  if (cli_value(call, "--templates") != NULL) asset_use_folder(cli_value(call, "--templates"));
  if (!cli_read_port(call, PORT_DEFAULT, &port, &err) || !check_folder(app.folder, &err)) goto out;
  if (!settings_load(app.folder, cli_value(call, "--mail"), arena, &mail, &err)) goto out;
  if (!is_loopback(address) && !app.secure) {
    log_error("%s is open to other machines without https: put a proxy with https before it and use --secure", address);
  }
  app.mail_to_files = mail.server == NULL;
  warn(&app);
  app.templates = templates_load(strict != NULL && strcmp(strict, "1") == 0, &err);
  if (app.templates != NULL && text_check(&err)) app.writer = writer_new(app.folder, &err);
  if (app.writer != NULL && !closing_resume(app.writer, app.folder, &err)) goto out;
  if (app.writer != NULL) app.pool = db_pool_new(app.folder, server_threads(), &err);
  app.presence = presence_new();
  if (app.pool != NULL) {
    app.paradata = paradata_new();
    if (paradata_start(app.paradata, app.writer, &err)) app.mover = mover_start(app.writer, &err);
    if (app.mover != NULL) serve(&app, &mail, address, port, &stop, &err);
  }
out:
  mover_stop(app.mover);
  paradata_stop(app.paradata);
  paradata_free(app.paradata);
  presence_free(app.presence);
  writer_free(app.writer);
  db_pool_free(app.pool);
  templates_free(app.templates);
  arena_free(arena);
  return err.code == ERR_NONE ? 0 : cli_fail(&err);
}

const struct cli_command cli_serve_commands[] = {
    {.noun = "serve",
     .arguments = "",
     .argument_min = 0,
     .argument_max = 0,
     .help = "Serves the pages of a data folder over HTTP.",
     .options = serve_options,
     .run = run_serve},
    {0},
};
