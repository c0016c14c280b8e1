/* A section page of the e-index form for 16 clients over HTTP, beside the same server sending the same bytes as a constant;
 * and the server at rest. wrk is the client, in a process of its own. */
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "round_bench.h"
#include "survey/signin.h"
#include "web/page_cache.h"
#include "web/pages/pages.h"
#include "web/server.h"

#define CLIENTS 16
#define SECONDS 3
#define ROUNDS 3
#define BUDGET 0.4
#define BUDGET_P99_MS 20.0

static struct buf constant; /* the bytes of the page */

static void send_constant(struct request *request) { reply_json(request, 200, &constant); }

/* As after a change: nothing of the page was kept. */
static void section_anew(struct request *request) {
  page_cache_clear();
  page_section(request);
}

struct figure {
  double rate, p99_ms;
};

/* "19.92ms", "812.00us", "1.20s" in milliseconds. */
static double milliseconds(const char *text) {
  char *unit;
  double number = strtod(text, &unit);
  return strncmp(unit, "us", 2) == 0 ? number / 1000 : strncmp(unit, "ms", 2) == 0 ? number : number * 1000;
}

static struct figure run_wrk(int port, const char *path, const char *cookie) {
  struct buf command = {0};
  struct figure figure = {0};
  char line[256];
  buf_printf(&command, "wrk -t1 -c%d -d%ds --latency -H 'Cookie: anketa=%s' http://127.0.0.1:%d%s", CLIENTS, SECONDS, cookie,
             port, path);
  FILE *wrk = popen(buf_text(&command), "r");
  if (wrk == NULL) exit(EXIT_FAILURE);
  while (fgets(line, sizeof line, wrk) != NULL) {
    if (strstr(line, "Non-2xx") != NULL || strstr(line, "Socket errors") != NULL) {
      fprintf(stderr, "bench_page: %s", line);
      exit(EXIT_FAILURE);
    }
    char *at = strstr(line, "99%");
    if (at != NULL) figure.p99_ms = milliseconds(at + 3 + strspn(at + 3, " "));
    at = strstr(line, "Requests/sec:");
    if (at != NULL) figure.rate = strtod(at + 13, NULL);
  }
  if (pclose(wrk) != 0) exit(EXIT_FAILURE);
  buf_free(&command);
  return figure;
}

/* The body of a page, read through a client of its own. */
static void fetch(int port, const char *path, const char *cookie) {
  struct buf command = {0};
  char part[4096];
  size_t len;
  buf_printf(&command, "curl -s -f -H 'Cookie: anketa=%s' http://127.0.0.1:%d%s", cookie, port, path);
  FILE *curl = popen(buf_text(&command), "r");
  if (curl == NULL) exit(EXIT_FAILURE);
  while ((len = fread(part, 1, sizeof part, curl)) > 0) buf_add(&constant, part, len);
  if (pclose(curl) != 0 || constant.len == 0) {
    fprintf(stderr, "bench_page: no page at %s\n", path);
    exit(EXIT_FAILURE);
  }
  buf_free(&command);
}

static void sign_in(struct db *db, char session[SECRET_TOKEN_LEN + 1]) {
  struct err err = {0};
  char link[SECRET_TOKEN_LEN + 1];
  bench_check(db_begin(db, &err), &err);
  bench_check(signin_new_link(db, "a@example.org", link, &err), &err);
  bench_check(signin_start(db, link, session, &err), &err);
  bench_check(db_commit(db, &err), &err);
}

static struct route *routes_with_constant(void) {
  size_t count = 0;
  while (routes_all[count].method != NULL) count++;
  struct route *routes = calloc(count + 3, sizeof *routes);
  if (routes == NULL) exit(EXIT_FAILURE);
  memcpy(routes, routes_all, count * sizeof *routes);
  routes[count] = (struct route){"GET", "/constant", send_constant, 0};
  routes[count + 1] = (struct route){"GET", "/anew/:response/s/:section", section_anew, ROUTE_CONTACT};
  return routes;
}

/* The best of some rounds: other load on the machine only takes away. */
static void compare(int port, const char *name, const char *path, const char *session, size_t len) {
  struct figure best = {0}, best_base = {0};
  double best_ratio = 0;
  for (int i = 0; i < ROUNDS; i++) {
    struct figure base = run_wrk(port, "/constant", session), page = run_wrk(port, path, session);
    if (page.rate / base.rate <= best_ratio) continue;
    best_ratio = page.rate / base.rate;
    best = page;
    best_base = base;
  }
  printf("%s, %zu bytes, %d clients: %.0f requests/s  same bytes as a constant %.0f requests/s  ratio %.2f  budget %.2f: %s\n",
         name, len, CLIENTS, best.rate, best_base.rate, best_ratio, BUDGET, best_ratio >= BUDGET ? "met" : "MISSED");
  printf("%s, slowest hundredth: %.1f ms  budget %.0f ms: %s\n", name, best.p99_ms, BUDGET_P99_MS,
         best.p99_ms <= BUDGET_P99_MS ? "met" : "MISSED");
}

int main(void) {
  struct err err = {0};
  struct arena *arena = arena_new();
  char *folder = bench_folder_new(), session[SECRET_TOKEN_LEN + 1];
  log_quiet();
  bench_check(secret_start(), &err);
  struct db *db = db_open(folder, DB_WRITE, &err);
  bench_check(db != NULL, &err);
  bench_load_round(db);
  struct actor actor = bench_actor(1);
  const struct work_item *item = bench_response(db, &actor, arena);
  bench_fill(db, &actor, item, arena);
  sign_in(db, session);
  struct app app = {.folder = folder, .templates = templates_load(false, &err)};
  bench_check(app.templates != NULL, &err);
  app.writer = writer_new(folder, &err);
  app.pool = db_pool_new(folder, server_threads(), &err);
  struct route *routes = routes_with_constant();
  struct server *server = server_start(&app, routes, "127.0.0.1", 0, &err);
  bench_check(server != NULL, &err);
  char *path = arena_printf(arena, "/r/%lld/s/21002", (long long)item->response);
  fetch(server_port(server), path, session);
  compare(server_port(server), "section page as it was", path, session, constant.len);
  compare(server_port(server), "section page rendered anew", arena_printf(arena, "/anew%s", path + 2), session, constant.len);
  server_stop(server);
  writer_free(app.writer);
  db_pool_free(app.pool);
  templates_free(app.templates);
  db_close(db);
  free(routes);
  buf_free(&constant);
  arena_free(arena);
  bench_folder_remove(folder);
  return 0;
}
