/* What open pages cost: 1,000 section pages that ask every three seconds what is new, beside the same server answering the
 * same bytes as a constant. The client is this program's main thread; its own time is not counted. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "round_bench.h"
#include "survey/presence.h"
#include "survey/signin.h"
#include "web/pages/pages.h"
#include "web/server.h"

#define PAGES 1000
#define INSTITUTIONS 100
#define PEOPLE 500 /* five in each institution, two pages each */
#define EVERY_US 3000000
#define TURNS 2 /* of all pages, in one measurement */
#define ROUNDS 3
#define BUDGET_SHARE 0.10

static struct buf constant; /* the bytes of an answer */

static void send_constant(struct request *request) { reply_json(request, 200, &constant); }

struct page {
  int socket;
  char *live, *fixed; /* requests */
};

static void add_people(struct db *db, char sessions[PEOPLE][SECRET_TOKEN_LEN + 1], int64_t responses[PEOPLE], struct arena *arena) {
  struct err err = {0};
  const struct actor program = {.role = ROLE_ADMINISTRATOR, .name = "", .email = "", .institution_name = "", .language = "lv",
                                .session_hash = ""};
  const struct field_row *rows;
  int total;
  struct field_filter filter = field_filter_all();
  filter.limit = INSTITUTIONS;
  field_list(db, &program, &filter, arena, &rows, &total, &err);
  bench_check(err.code == ERR_NONE && total >= INSTITUTIONS, &err);
  bench_check(db_begin(db, &err), &err);
  for (int i = 0; i < PEOPLE; i++) {
    const struct field_row *row = &rows[i % INSTITUTIONS];
    char link[SECRET_TOKEN_LEN + 1];
    struct field_person person = {.email = arena_printf(arena, "p%d@example.org", i), .name = "Anna Bērziņa",
                                  .role = ROLE_CONTACT, .institution = row->name};
    responses[i] = row->response;
    bench_check(field_put_person(db, &person, &err), &err);
    bench_check(signin_new_link(db, person.email, link, &err), &err);
    bench_check(signin_start(db, link, sessions[i], &err), &err);
  }
  bench_check(db_commit(db, &err), &err);
}

static char *request_for(struct arena *arena, const char *path, const char *session, int number) {
  char csrf[SECRET_HASH_LEN + 1];
  secret_keyed_hash(session, "csrf", csrf);
  const char *body = arena_printf(arena, "csrf=%s&tab=t%d&section=21006&key=V01&rev=0&talk=0&active=2000&device=computer", csrf, number);
  return arena_printf(arena, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: anketa=%s\r\nAccept: application/json\r\n"
                      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s", path, session, strlen(body), body);
}

static int connect_to(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
    fprintf(stderr, "bench_live: no connection: %s\n", strerror(errno));
    exit(EXIT_FAILURE);
  }
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

/* The body of the answer, borrowed until the next call. */
static const char *ask(int fd, const char *request) {
  static char answer[16384];
  size_t len = 0, sent = strlen(request);
  if (write(fd, request, sent) != (ssize_t)sent) exit(EXIT_FAILURE);
  for (;;) {
    ssize_t got = read(fd, answer + len, sizeof answer - 1 - len);
    if (got <= 0) exit(EXIT_FAILURE);
    len += (size_t)got;
    answer[len] = '\0';
    const char *body = strstr(answer, "\r\n\r\n"), *length = strstr(answer, "Content-Length: ");
    if (body == NULL || length == NULL || strlen(body + 4) < strtoul(length + 16, NULL, 10)) continue;
    if (strncmp(answer, "HTTP/1.1 200", 12) == 0) return body + 4;
    fprintf(stderr, "bench_live: %s\n", answer);
    exit(EXIT_FAILURE);
  }
}

static double seconds(int who) {
  struct rusage usage;
  getrusage(who, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int resident_kb(void) {
  char line[256];
  int kb = 0;
  FILE *status = fopen("/proc/self/status", "r");
  while (status != NULL && fgets(line, sizeof line, status) != NULL) {
    if (strncmp(line, "VmRSS:", 6) == 0) kb = (int)strtol(line + 6, NULL, 10);
  }
  if (status != NULL) fclose(status);
  return kb;
}

static void sleep_until(int64_t us) {
  struct timespec until = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0) continue;
}

/* The server's share of one processor while all pages ask in turn. */
static double measure(struct page *pages, bool live) {
  double before = seconds(RUSAGE_SELF) - seconds(RUSAGE_THREAD);
  int64_t start = clock_monotonic_us();
  for (int i = 0; i < TURNS * PAGES; i++) {
    struct page *page = &pages[i % PAGES];
    ask(page->socket, live ? page->live : page->fixed);
    sleep_until(start + (int64_t)(i + 1) * (EVERY_US / PAGES));
  }
  double used = seconds(RUSAGE_SELF) - seconds(RUSAGE_THREAD) - before;
  return used / ((double)(clock_monotonic_us() - start) / 1e6);
}

static void open_pages(struct page *pages, struct db *db, int port, struct arena *arena) {
  static char sessions[PEOPLE][SECRET_TOKEN_LEN + 1];
  static int64_t responses[PEOPLE];
  add_people(db, sessions, responses, arena);
  for (int i = 0; i < PAGES; i++) {
    const char *session = sessions[i % PEOPLE];
    pages[i].live = request_for(arena, arena_printf(arena, "/r/%lld/live", (long long)responses[i % PEOPLE]), session, i);
    pages[i].fixed = request_for(arena, "/constant", session, i);
    pages[i].socket = connect_to(port);
  }
}

static struct route *routes_with_constant(void) {
  size_t count = 0;
  while (routes_all[count].method != NULL) count++;
  struct route *routes = calloc(count + 2, sizeof *routes);
  if (routes == NULL) exit(EXIT_FAILURE);
  memcpy(routes, routes_all, count * sizeof *routes);
  routes[count] = (struct route){"POST", "/constant", send_constant, 0};
  return routes;
}

static void report(struct page *pages) {
  double share = 1, base = 1;
  for (int i = 0; i < PAGES; i++) ask(pages[i].socket, pages[i].fixed);
  int connected = resident_kb();
  for (int i = 0; i < PAGES; i++) ask(pages[i].socket, pages[i].live); /* everybody is there */
  int there = resident_kb();
  buf_puts(&constant, ask(pages[0].socket, pages[0].live));
  for (int i = 0; i < ROUNDS; i++) { /* the best of several: other load only adds */
    double one = measure(pages, false);
    if (one < base) base = one;
    one = measure(pages, true);
    if (one < share) share = one;
  }
  printf("%d open pages that ask every 3 s, %zu bytes: %.1f %% of one processor (%.0f us a call)  the same bytes as a constant "
         "%.1f %%  ratio %.2f  budget %.0f %%: %s\n", PAGES, constant.len, 100 * share, share * EVERY_US / PAGES, 100 * base,
         share / base, 100 * BUDGET_SHARE, share <= BUDGET_SHARE ? "met" : "MISSED");
  printf("memory with %d open pages, client included: %.1f MiB resident  as many connections without them: %.1f MiB\n", PAGES,
         there / 1024.0, connected / 1024.0);
}

int main(void) {
  struct err err = {0};
  struct arena *arena = arena_new();
  char *folder = bench_folder_new();
  static struct page pages[PAGES];
  struct rlimit files = {.rlim_cur = 4096, .rlim_max = 4096};
  setrlimit(RLIMIT_NOFILE, &files);
  log_quiet();
  bench_check(secret_start(), &err);
  struct db *db = db_open(folder, DB_WRITE, &err);
  bench_check(db != NULL, &err);
  bench_load_round(db);
  struct app app = {.folder = folder, .templates = templates_load(false, &err), .presence = presence_new()};
  bench_check(app.templates != NULL, &err);
  app.writer = writer_new(folder, &err);
  app.pool = db_pool_new(folder, server_threads(), &err);
  struct route *routes = routes_with_constant();
  struct server *server = server_start(&app, routes, "127.0.0.1", 0, &err);
  bench_check(server != NULL, &err);
  open_pages(pages, db, server_port(server), arena);
  report(pages);
  for (int i = 0; i < PAGES; i++) close(pages[i].socket);
  server_stop(server);
  writer_free(app.writer);
  db_pool_free(app.pool);
  presence_free(app.presence);
  templates_free(app.templates);
  db_close(db);
  free(routes);
  buf_free(&constant);
  arena_free(arena);
  bench_folder_remove(folder);
  return 0;
}
