/* Who asks: the session's cookie, its token for forms, and where a change comes from. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "survey/signin.h"
#include "web/exchange.h"
#include "web/locale.h"
#include "web/network.h"
#include "web/user_agent.h"

#define BROWSER_COOKIE_S (365 * 24 * 3600)
#define LOOK_AGAIN_US (60LL * 1000000) /* between two questions whether a session is old enough to be touched */

const char *session_cookie_name(const struct app *app, const char *name) {
  static const char *const secure_names[] = {"__Host-" SESSION_COOKIE, "__Host-" VISIT_COOKIE, "__Host-" BROWSER_COOKIE,
                                             "__Host-" STEP_COOKIE};
  for (size_t i = 0; app->secure && i < sizeof secure_names / sizeof *secure_names; i++)
    if (strcmp(secure_names[i] + strlen("__Host-"), name) == 0) return secure_names[i];
  return name;
}

static bool is_token(const char *text) {
  size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
  return len == SECRET_TOKEN_LEN && text[len] == '\0';
}

/* A cookie of ours that holds a token; "" otherwise. */
static const char *token_cookie(const struct exchange *exchange, const char *name) {
  const char *value = request_cookie(exchange, session_cookie_name(exchange->request.app, name));
  return is_token(value) ? value : "";
}

void request_visit(struct request *request, bool make, struct signin_visit *out) {
  struct exchange *exchange = request->internal;
  const struct app *app = request->app;
  if (exchange->browser == NULL) exchange->browser = token_cookie(exchange, BROWSER_COOKIE);
  if (make && exchange->browser[0] == '\0') {
    char *token = arena_alloc(request->arena, SECRET_TOKEN_LEN + 1);
    secret_token(token);
    reply_cookie(request, BROWSER_COOKIE, token, BROWSER_COOKIE_S);
    exchange->browser = token;
  }
  *out = (struct signin_visit){
      .browser = exchange->browser,
      .words = user_agent_words(exchange_header(exchange, "User-Agent"), request->arena),
      .network = network_name(exchange_peer(exchange), app->proxy ? exchange_header(exchange, "X-Forwarded-For") : NULL,
                              request->arena),
      .staff_links = app->staff_links,
  };
}

/* A change that nobody waits for. */
struct touch {
  struct writer_job job;
  char token[SECRET_TOKEN_LEN + 1];
};

static bool run_touch(struct db *db, struct writer_job *job, struct err *err) {
  struct touch *touch = job->context;
  return signin_touch(db, touch->token, err);
}

static void done_touch(struct writer_job *job) {
  if (job->err.code == ERR_SYSTEM || job->err.code == ERR_FULL) log_error("session not touched: %s", job->err.text);
  free(job->context);
}

/* True for one request of a session in a while. */
static bool is_time_to_look(struct server *server, const char *csrf) {
  unsigned cell = 0;
  for (int i = 0; i < 4; i++) cell = cell * 31 + (unsigned char)csrf[i];
  cell %= sizeof server->touched / sizeof *server->touched;
  int64_t now = clock_monotonic_us();
  pthread_mutex_lock(&server->lock);
  bool time = server->touched[cell] == 0 || now - server->touched[cell] > LOOK_AGAIN_US;
  if (time) server->touched[cell] = now;
  pthread_mutex_unlock(&server->lock);
  return time;
}

static void keep_alive(struct exchange *exchange) {
  struct request *request = &exchange->request;
  if (!is_time_to_look(exchange->server, request->csrf)) return;
  if (!signin_needs_touch(request_db(request), request->session)) return;
  struct touch *touch = calloc(1, sizeof *touch);
  if (touch == NULL) log_out_of_memory();
  memcpy(touch->token, request->session, SECRET_TOKEN_LEN);
  touch->job.run = run_touch;
  touch->job.done = done_touch;
  touch->job.context = touch;
  writer_submit(request->app->writer, &touch->job);
}

static const char *choose_language(const struct exchange *exchange) {
  const struct request *request = &exchange->request;
  if (request->actor != NULL) return locale_language(locale_index(request->actor->language));
  const char *cookie = request_cookie(exchange, "lang");
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    if (strcmp(locale_language(i), cookie) == 0) return locale_language(i);
  }
  const char *header = exchange_header(exchange, "Accept-Language");
  return locale_choose(header != NULL ? header : "");
}

/* The token that forms carry hangs on a cookie: the session's, also when it is over (so that the page which says so
 * works), else that of the visit. */
static void make_csrf(struct exchange *exchange, const char *session) {
  struct request *request = &exchange->request;
  const char *key = session[0] != '\0' ? session : token_cookie(exchange, VISIT_COOKIE);
  if (key[0] == '\0') {
    char *visit = arena_alloc(request->arena, SECRET_TOKEN_LEN + 1);
    secret_token(visit);
    exchange->visit = visit;
    key = visit;
  }
  char *csrf = arena_alloc(request->arena, SECRET_HASH_LEN + 1);
  secret_keyed_hash(key, "csrf", csrf);
  request->csrf = csrf;
}

bool session_read(struct exchange *exchange) {
  struct request *request = &exchange->request;
  struct err err = {0};
  const char *session = request->app->pool != NULL ? token_cookie(exchange, SESSION_COOKIE) : "";
  request->session = "";
  make_csrf(exchange, session);
  if (session[0] != '\0') request->actor = signin_actor(request_db(request), session, request->arena, &err);
  request->language = choose_language(exchange);
  if (request->actor != NULL) {
    request->session = session;
    keep_alive(exchange);
  }
  if (request->actor != NULL || err.code == ERR_NONE || err.code == ERR_NOT_FOUND) return true;
  reply_error(request, &err);
  return false;
}

/* The origin is the scheme and host that the address starts with. */
static bool origin_of(const char *address, const char *origin) {
  const char *host = strstr(address, "://");
  if (host == NULL) return false;
  host += strlen("://");
  size_t len = (size_t)(host - address) + strcspn(host, "/");
  return strlen(origin) == len && memcmp(address, origin, len) == 0;
}

static bool comes_from_us(const struct exchange *exchange) {
  const struct app *app = exchange->request.app;
  const char *site = exchange_header(exchange, "Sec-Fetch-Site");
  if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0) return false;
  const char *origin = exchange_header(exchange, "Origin");
  if (origin == NULL) return true;
  if (app->base_url != NULL && origin_of(app->base_url, origin)) return true;
  const char *host = exchange_header(exchange, "Host");
  const char *scheme = app->secure ? "https://" : "http://";
  return host != NULL && strncmp(origin, scheme, strlen(scheme)) == 0 && strcmp(origin + strlen(scheme), host) == 0;
}

bool session_check_change(struct exchange *exchange) {
  const struct request *request = &exchange->request;
  bool knows_token = exchange->visit == NULL && secret_equal(request_field(request, "csrf"), request->csrf);
  if (knows_token && comes_from_us(exchange)) return true;
  reply_problem(exchange, 403, "csrf");
  return false;
}
