/* The coordinator's dashboard and list at 10,000 institutions, beside the same pages at 104: how many times as long one takes.
 * One client that asks again and again; wrk, in a process of its own. */
#include <stdio.h>
#include <unistd.h>

#include "round_bench.h"
#include "survey/disposition.h"
#include "survey/signin.h"
#include "web/server.h"

#define SECONDS 2
#define ROUNDS 3
#define BUDGET 3.0
#define FEW 104
#define MANY 10000

/* A round of so many institutions, in all states of the field, with a server. */
struct desk {
  char *folder, session[SECRET_TOKEN_LEN + 1];
  struct app app;
  struct server *server;
};

static void run(struct db *db, const char *sql, int64_t number) {
  struct err err = {0};
  struct stmt *stmt = db_query(db, sql);
  if (number != 0) stmt_bind_int(stmt, 1, number);
  bench_check(stmt_run(stmt, &err), &err);
}

/* The round's institutions once more, under other names, until there are as many as wanted. */
static void multiply(struct db *db, int64_t institutions) {
  run(db, "INSERT INTO institution (name, abbreviation, kind, sector, segments, sort_key, search_text)"
          " WITH RECURSIVE n (i) AS (SELECT 105 UNION ALL SELECT i + 1 FROM n WHERE i < $1)"
          " SELECT s.name || ' ' || n.i, s.abbreviation, s.kind, s.sector, s.segments, s.sort_key || n.i,"
          "  s.search_text || ' ' || n.i"
          " FROM n JOIN institution s ON s.id = 1 + n.i % 104 WHERE n.i <= $1", institutions);
  run(db, "INSERT INTO round_institution (round, institution, status, comment, position)"
          " SELECT m.round, i.id, '', '', i.id FROM institution i CROSS JOIN round_institution m"
          " WHERE i.id > 104 AND m.institution = 1", 0);
  run(db, "INSERT INTO response (round, questionnaire, institution, version_id, status, revision, required, answered,"
          "  opened_ms, changed_ms, submitted_ms, receipt, sort_key)"
          " SELECT r.round, r.questionnaire, i.id, r.version_id, 0, 0, r.required, 0, 0, 0, 0, '', i.sort_key"
          " FROM institution i CROSS JOIN response r WHERE i.id > 104 AND r.institution = 1", 0);
}

static void fill(struct db *db) {
  struct err err = {0};
  int64_t now = clock_now_ms();
  run(db, "INSERT INTO person (email, name, phone, language, role, institution, created_ms, changed_ms)"
          " SELECT 'p' || id || '@example.org', 'Anna Bērziņa', '+371 67' || (100000 + id), 'lv', 0, id, 0, 0 FROM institution", 0);
  run(db, "UPDATE round SET opens = '2026-11-01', deadline_ms = $1", now + INT64_C(864000000));
  run(db, "UPDATE round_institution SET invited_ms = CASE WHEN institution % 5 > 0 THEN $1 ELSE 0 END,"
          "  opened_ms = CASE WHEN institution % 5 > 1 THEN $1 ELSE 0 END,"
          "  deadline_ms = CASE WHEN institution % 50 = 7 THEN $1 ELSE 0 END", now - INT64_C(432000000));
  run(db, "UPDATE response SET status = CASE institution % 5 WHEN 3 THEN 1 ELSE 2 END, answered = required / 2,"
          "  opened_ms = $1, changed_ms = $1 + institution * 1000, active_ms = 3600000, complete = institution % 2"
          " WHERE institution % 5 > 2", now - INT64_C(400000000));
  run(db, "INSERT INTO submission (response_id, number, revision, person_id, submitted_ms, checksum)"
          " SELECT id, 1, 1, 1, changed_ms, '' FROM response WHERE status = 2 AND $1 > 0", 1);
  run(db, "INSERT INTO response_section (response_id, section, required, answered)"
          " SELECT id, '2100' || n, 10, 5 FROM response CROSS JOIN (SELECT 1 n UNION ALL SELECT 2 UNION ALL SELECT 3)"
          " WHERE status = 1 AND $1 > 0", 1);
  run(db, "INSERT INTO contact_log (round, institution, kind, incoming, with_whom, text, happened_ms, person_id, created_ms,"
          "  removed_ms) SELECT round, institution, 0, 0, '', '', $1, 1, 0, 0 FROM round_institution WHERE institution % 20 = 1", now);
  bench_check(disposition_keep_round(db, "e-index-2017", &err), &err);
}

static void sign_in(struct db *db, char session[SECRET_TOKEN_LEN + 1]) {
  struct err err = {0};
  char link[SECRET_TOKEN_LEN + 1];
  struct field_person person = {.email = "k@example.org", .name = "Ilze", .role = ROLE_COORDINATOR};
  bench_check(field_put_person(db, &person, &err) && signin_new_link(db, person.email, link, &err) &&
              signin_start(db, link, session, &err), &err);
}

static void start(struct desk *desk, int64_t institutions) {
  struct err err = {0};
  *desk = (struct desk){.folder = bench_folder_new()};
  struct db *db = db_open(desk->folder, DB_WRITE, &err);
  bench_check(db != NULL, &err);
  bench_load_round(db);
  bench_check(db_begin(db, &err), &err);
  if (institutions > FEW) multiply(db, institutions);
  fill(db);
  sign_in(db, desk->session);
  bench_check(db_commit(db, &err), &err);
  db_close(db);
  desk->app = (struct app){.folder = desk->folder, .templates = templates_load(false, &err)};
  bench_check(desk->app.templates != NULL, &err);
  desk->app.writer = writer_new(desk->folder, &err);
  desk->app.pool = db_pool_new(desk->folder, server_threads(), &err);
  desk->server = server_start(&desk->app, routes_all, "127.0.0.1", 0, &err);
  bench_check(desk->server != NULL, &err);
}

static void stop(struct desk *desk) {
  server_stop(desk->server);
  writer_free(desk->app.writer);
  db_pool_free(desk->app.pool);
  templates_free(desk->app.templates);
  bench_folder_remove(desk->folder);
}

/* Pages a second. */
static double ask(const struct desk *desk, const char *path) {
  struct buf command = {0};
  char line[256];
  double rate = 0;
  buf_printf(&command, "wrk -t1 -c1 -d%ds -H 'Cookie: anketa=%s' 'http://127.0.0.1:%d%s'", SECONDS, desk->session,
             server_port(desk->server), path);
  FILE *wrk = popen(buf_text(&command), "r");
  if (wrk == NULL) exit(EXIT_FAILURE);
  while (fgets(line, sizeof line, wrk) != NULL) {
    if (strstr(line, "Non-2xx") != NULL || strstr(line, "Socket errors") != NULL) {
      fprintf(stderr, "bench_field: %s: %s", path, line);
      exit(EXIT_FAILURE);
    }
    const char *at = strstr(line, "Requests/sec:");
    if (at != NULL) rate = strtod(at + 13, NULL);
  }
  if (pclose(wrk) != 0 || rate == 0) exit(EXIT_FAILURE);
  buf_free(&command);
  return rate;
}

/* The best of some rounds: other load on the machine only takes away. */
static void compare(const struct desk *few, const struct desk *many, const char *name, const char *path, double budget) {
  double few_rate = 0, many_rate = 0;
  for (int i = 0; i < ROUNDS; i++) {
    double one = ask(few, path);
    if (one > few_rate) few_rate = one;
    one = ask(many, path);
    if (one > many_rate) many_rate = one;
  }
  double ratio = few_rate / many_rate;
  printf("%s: %.2f ms at %d institutions  %.2f ms at %d  ratio %.2f", name, 1000 / few_rate, FEW, 1000 / many_rate, MANY, ratio);
  if (budget > 0) printf("  budget %.1f: %s\n", budget, ratio <= budget ? "met" : "MISSED");
  else printf("\n");
}

int main(void) {
  struct err err = {0};
  struct desk few, many;
  log_quiet();
  bench_check(secret_start(), &err);
  start(&few, FEW);
  start(&many, MANY);
  compare(&few, &many, "dashboard", "/field", BUDGET);
  compare(&few, &many, "list", "/field/list", BUDGET);
  compare(&few, &many, "list of one status (20 and 50 rows)", "/field/list?status=started", 0);
  compare(&few, &many, "list by progress", "/field/list?sort=-progress", BUDGET);
  compare(&few, &many, "list by last change", "/field/list?sort=-changed", BUDGET);
  compare(&few, &many, "list of one sector (13 and 50 rows)", "/field/list?sector=Tieslietu%20ministrija", 0);
  compare(&few, &many, "list by deadline", "/field/list?sort=deadline", 0);
  compare(&few, &many, "list, a word searched for", "/field/list?find=ministrija", 0);
  stop(&few);
  stop(&many);
  return 0;
}
