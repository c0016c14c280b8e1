#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "web/exchange.h"
#include "web/locale.h"

#define FILE_NAME_MAX 150
#define ADDRESS_LEN_MAX 2000 /* of a redirect: a header has its limits */

/* What a person sees of an error: the messages error.MESSAGE.heading and .text. */
static const struct problem {
  enum err_code code;
  int status;
  const char *name, *message;
} problems[] = {{ERR_INPUT, 400, "input", "input"},
                {ERR_NONE, 401, "signin", "denied"},
                {ERR_DENIED, 403, "denied", "denied"},
                {ERR_NONE, 403, "csrf", "csrf"},
                {ERR_NOT_FOUND, 404, "not_found", "not_found"},
                {ERR_NONE, 405, "method", "method"},
                {ERR_LOCKED, 409, "locked", "locked"},
                {ERR_CONFLICT, 409, "conflict", "conflict"},
                {ERR_TOO_LARGE, 413, "too_large", "too_large"},
                {ERR_NONE, 429, "wait", "wait"},
                {ERR_FULL, 507, "full", "full"},
                {ERR_NONE, 503, "busy", "system"},
                {ERR_SYSTEM, 500, "system", "system"}}; /* the last one stands for all that are not listed */

const struct header *reply_common_headers(void) {
  static const struct header headers[] = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
       "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
       NULL},
      {"X-Content-Type-Options", "nosniff", NULL},
      {"Referrer-Policy", "same-origin", NULL},
      {"Cross-Origin-Opener-Policy", "same-origin", NULL},
      {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()", NULL},
      {NULL, NULL, NULL}};
  return headers;
}

const char *reply_cache_control(const struct exchange *exchange) { return exchange->lasting ? NULL : "no-store"; }

void reply_header(struct exchange *exchange, const char *name, const char *value) {
  struct header *header = arena_alloc(exchange->request.arena, sizeof *header);
  header->name = name;
  header->value = arena_copy(exchange->request.arena, value);
  for (const char *c = header->value; *c != '\0'; c++) assert((unsigned char)*c >= ' ');
  header->next = exchange->headers;
  exchange->headers = header;
}

static void put_cookie(struct request *request, const char *name, const char *value, int64_t max_age_s) {
  struct exchange *exchange = request->internal;
  const char *age = max_age_s < 0 ? "" : arena_printf(request->arena, "; Max-Age=%lld", (long long)max_age_s);
  reply_header(exchange, "Set-Cookie",
               arena_printf(request->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s",
                            session_cookie_name(request->app, name), value, request->app->secure ? "; Secure" : "",
                            age));
}

void reply_cookie(struct request *request, const char *name, const char *value, int64_t max_age_s) {
  assert(strpbrk(value, "; \t\r\n\",\\") == NULL);
  put_cookie(request, name, value, max_age_s);
}

/* Everything else about the reply is set. */
static void finish(struct exchange *exchange, int status, const char *media_type) {
  assert(!exchange->replied);
  exchange->replied = true;
  exchange->status = status;
  exchange->media_type = media_type;
  exchange->bytes = buf_text(&exchange->out);
  exchange->byte_count = exchange->out.len;
}

static const char *route_name(const struct exchange *exchange) {
  return exchange->route != NULL ? exchange->route->pattern : "(no route)";
}

static void reply_broken_template(struct exchange *exchange, const char *name, const struct err *err) {
  log_error("%s %s: template %s: %s:%d: %s", exchange->request.method, route_name(exchange), name, err->where,
            err->line, err->text);
  buf_reset(&exchange->out);
  buf_puts(&exchange->out, "500\n");
  finish(exchange, 500, "text/plain; charset=utf-8");
}

void reply_page(struct request *request, int status, const char *template_name, struct view *view) {
  struct exchange *exchange = request->internal;
  struct err err = {0};
  buf_reset(&exchange->out);
  if (!template_render(request->app->templates, template_name, request->language, view, &exchange->out, &err)) {
    reply_broken_template(exchange, template_name, &err);
    return;
  }
  if (exchange->visit != NULL) put_cookie(request, VISIT_COOKIE, exchange->visit, -1);
  finish(exchange, status, "text/html; charset=utf-8");
}

void reply_json(struct request *request, int status, const struct buf *json) {
  struct exchange *exchange = request->internal;
  buf_reset(&exchange->out);
  buf_add(&exchange->out, buf_text(json), json->len);
  finish(exchange, status, "application/json");
}

/* An address of this server and nothing else: "/x", but not "//other" or "/\other". */
static bool is_own_path(const char *path) {
  if (path[0] != '/' || path[1] == '/' || path[1] == '\\') return false;
  for (const char *c = path; *c != '\0'; c++) {
    if ((unsigned char)*c <= ' ' || (unsigned char)*c == 0x7F) return false;
  }
  return true;
}

/* Bytes over 0x7F do not belong in a header. */
static void add_ascii(struct buf *out, const char *text) {
  for (; *text != '\0'; text++) {
    if ((unsigned char)*text < 0x80) buf_putc(out, *text);
    else buf_printf(out, "%%%02X", (unsigned char)*text);
  }
}

void reply_redirect(struct request *request, const char *path) {
  struct exchange *exchange = request->internal;
  struct buf address = {0};
  add_ascii(&address, strlen(path) <= ADDRESS_LEN_MAX && is_own_path(path) ? path : "/");
  reply_header(exchange, "Location", buf_text(&address));
  buf_free(&address);
  buf_reset(&exchange->out);
  finish(exchange, 303, "text/html; charset=utf-8");
}

/* words: what the text has in place of placeholders, NULL. */
static void show_problem(struct exchange *exchange, const struct problem *problem, const struct view *words) {
  struct request *request = &exchange->request;
  const struct templates *templates = request->app->templates;
  const char *heading = arena_printf(request->arena, "error.%s.heading", problem->message);
  const char *text = template_message(templates, arena_printf(request->arena, "error.%s.text", problem->message),
                                      request->language, words, request->arena);
  if (request->wants_json) {
    struct buf json = {0};
    buf_puts(&json, "{\"error\":");
    buf_json_string(&json, problem->name);
    buf_puts(&json, ",\"message\":");
    buf_json_string(&json, text);
    buf_puts(&json, "}\n");
    reply_json(request, problem->status, &json);
    buf_free(&json);
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, heading);
  view_int(view, "code", problem->status);
  view_text(view, "heading", template_message(templates, heading, request->language, NULL, request->arena));
  view_text(view, "text", text);
  reply_page(request, problem->status, "error", view);
}

static const struct problem *find_problem(int status, const char *name) {
  const struct problem *problem = problems;
  while (strcmp(problem->name, name) != 0 || problem->status != status) problem++;
  return problem;
}

void reply_problem(struct exchange *exchange, int status, const char *name) {
  show_problem(exchange, find_problem(status, name), NULL);
}

void reply_retry_after(struct request *request, int64_t wait_ms) {
  reply_header(request->internal, "Retry-After", arena_printf(request->arena, "%lld", (long long)(wait_ms + 999) / 1000));
}

void reply_wait(struct request *request, int64_t wait_ms) {
  struct view *words = view_new(request->arena);
  view_text(words, "wait", locale_duration(wait_ms, request->language, request->arena));
  reply_retry_after(request, wait_ms);
  show_problem(request->internal, find_problem(429, "wait"), words);
}

void reply_error(struct request *request, const struct err *err) {
  struct exchange *exchange = request->internal;
  size_t count = sizeof problems / sizeof *problems, at = 0;
  while (at + 1 < count && (err->code == ERR_NONE || problems[at].code != err->code)) at++;
  if (problems[at].status >= 500) {
    log_error("%s %s: %d: %s", request->method, route_name(exchange), problems[at].status, err->text);
  }
  show_problem(exchange, &problems[at], NULL);
}

/* A name that no system stumbles over, and the real one for those that can show it (RFC 6266). */
static const char *disposition(struct arena *arena, const char *file_name) {
  struct buf out = {0};
  buf_puts(&out, "attachment; filename=\"");
  for (const char *c = file_name; *c != '\0' && c - file_name < FILE_NAME_MAX; c++) {
    bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
                 (strchr("-_.", *c) != NULL && c > file_name);
    if (plain) buf_putc(&out, *c);
    else if (((unsigned char)*c & 0xC0) != 0x80) buf_putc(&out, '_');
  }
  buf_puts(&out, "\"; filename*=UTF-8''");
  for (const char *c = file_name; *c != '\0' && c - file_name < FILE_NAME_MAX; c++) {
    bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
    if (plain || strchr("-_.", *c) != NULL) buf_putc(&out, *c);
    else buf_printf(&out, "%%%02X", (unsigned char)*c);
  }
  const char *copy = arena_copy(arena, buf_text(&out));
  buf_free(&out);
  return copy;
}

void reply_busy(struct exchange *exchange, int limit) {
  log_error("%s %s: 503: %d downloads under way", exchange->request.method, route_name(exchange), limit);
  reply_header(exchange, "Retry-After", "10");
  reply_problem(exchange, 503, "busy");
}

static bool take_stream(struct server *server) {
  pthread_mutex_lock(&server->lock);
  bool free_place = server->streams < SERVER_STREAMS_MAX;
  if (free_place) server->streams++;
  pthread_mutex_unlock(&server->lock);
  return free_place;
}

void reply_stream(struct request *request, const char *media_type, const char *file_name, reply_step *step,
                  void (*end)(void *context), void *context) {
  struct exchange *exchange = request->internal;
  if (!take_stream(exchange->server)) {
    end(context);
    reply_busy(exchange, SERVER_STREAMS_MAX);
    return;
  }
  exchange->stream.step = step;
  exchange->stream.end = end;
  exchange->stream.context = context;
  exchange->streams = true;
  if (file_name != NULL) reply_header(exchange, "Content-Disposition", disposition(request->arena, file_name));
  buf_reset(&exchange->out);
  finish(exchange, 200, media_type);
}
