#include <string.h>

#include "web/exchange.h"
#include "web/urlencoded.h"

#define PARAMS_MAX 4

/* Matches a path with a pattern; what the :names stand for goes to params. */
static bool matches(const char *pattern, const char *path, struct arena *arena, const char *params[PARAMS_MAX]) {
  int found = 0;
  while (*pattern != '\0') {
    if (*pattern == ':') {
      size_t len = strcspn(path, "/");
      if (len == 0 || found == PARAMS_MAX) return false;
      params[found++] = arena_copy_len(arena, path, len);
      path += len;
      pattern += strcspn(pattern, "/");
    } else if (*pattern++ != *path++) {
      return false;
    }
  }
  return *path == '\0';
}

static bool same_method(const struct route *route, const char *method) {
  return strcmp(route->method, method) == 0 || (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

static bool may_come(const struct route *route, const struct actor *actor) {
  return (route->roles & ~(ROUTE_FILES | ROUTE_BY_ADDRESS)) == 0 ||
         (actor != NULL && (route->roles & 1u << actor->role) != 0);
}

/* Asks who is there, and comes back to this page afterwards; a change comes back to the page of its address. */
static void ask_to_sign_in(struct exchange *exchange) {
  struct request *request = &exchange->request;
  if (request->wants_json) {
    reply_problem(exchange, 401, "signin");
    return;
  }
  struct buf address = {0};
  buf_puts(&address, "/?next=");
  urlencoded_write(&address, strcmp(request->method, "POST") == 0 ? request->path : exchange->address);
  reply_redirect(request, buf_text(&address));
  buf_free(&address);
}

/* "GET, HEAD" and so on: what the routes of this path take. */
static const char *allowed_methods(unsigned seen) {
  if (seen == 3) return "GET, HEAD, POST";
  return seen == 2 ? "POST" : "GET, HEAD";
}

static void reply_no_route(struct exchange *exchange, unsigned other_methods) {
  struct err err = {0};
  if (other_methods != 0) {
    reply_header(exchange, "Allow", allowed_methods(other_methods));
    reply_problem(exchange, 405, "method");
    return;
  }
  err_set(&err, ERR_NOT_FOUND, "no such page");
  reply_error(&exchange->request, &err);
}

bool router_takes_files(struct exchange *exchange) {
  struct request *request = &exchange->request;
  const char *params[PARAMS_MAX];
  for (const struct route *route = exchange->server->routes; route->method != NULL; route++) {
    if ((route->roles & ROUTE_FILES) != 0 && same_method(route, request->method) && may_come(route, request->actor) &&
        matches(route->pattern, request->path, request->arena, params)) {
      return true;
    }
  }
  return false;
}

void router_handle(struct exchange *exchange) {
  struct request *request = &exchange->request;
  unsigned other_methods = 0;
  bool signs_in = false;
  for (const struct route *route = exchange->server->routes; route->method != NULL; route++) {
    const char *params[PARAMS_MAX] = {"", "", "", ""};
    if (!matches(route->pattern, request->path, request->arena, params)) continue;
    bool post = strcmp(route->method, "POST") == 0;
    if (!may_come(route, request->actor)) {
      signs_in = signs_in || (request->actor == NULL && same_method(route, request->method));
      continue;
    }
    if (!same_method(route, request->method)) {
      other_methods |= post ? 2 : 1;
      continue;
    }
    exchange->route = route;
    memcpy(request->params, params, sizeof params);
    if (!post || (route->roles & ROUTE_BY_ADDRESS) != 0 || session_check_change(exchange)) route->handle(request);
    return;
  }
  if (signs_in) ask_to_sign_in(exchange);
  else reply_no_route(exchange, other_methods);
}
