#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/utf8.h"
#include "web/exchange.h"
#include "web/multipart.h"
#include "web/urlencoded.h"

static const char *find_field(const struct field *fields, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(fields[i].name, name) == 0) return fields[i].value;
  }
  return "";
}

const char *request_query_text(const struct request *request) {
  const char *query = strchr(((const struct exchange *)request->internal)->address, '?');
  return query != NULL ? query + 1 : "";
}

const char *request_query(const struct request *request, const char *name) {
  return find_field(request->query, request->query_count, name);
}

const char *request_field(const struct request *request, const char *name) {
  return find_field(request->fields, request->field_count, name);
}

const struct upload *request_file(const struct request *request, const char *name) {
  for (size_t i = 0; i < request->file_count; i++) {
    if (strcmp(request->files[i].field, name) == 0) return &request->files[i];
  }
  return NULL;
}

struct db *request_db(struct request *request) {
  struct exchange *exchange = request->internal;
  if (exchange->db != NULL || request->app->pool == NULL) return exchange->db;
  exchange->db = db_pool_take(request->app->pool);
  struct err err = {0};
  if (!db_begin(exchange->db, &err)) log_error("no snapshot: %s", err.text);
  return exchange->db;
}

void request_give_db(struct exchange *exchange) {
  if (exchange->db == NULL) return;
  db_rollback(exchange->db);
  db_pool_give(exchange->request.app->pool, exchange->db);
  exchange->db = NULL;
}

void request_write(struct request *request, request_change *run, request_after *after, void *context) {
  struct exchange *exchange = request->internal;
  exchange->run = run;
  exchange->after = after;
  exchange->write_context = context;
  exchange->write_wanted = true;
}

void request_work(struct request *request, request_change *run, request_after *after, void (*drop)(void *context),
                  void *context) {
  struct exchange *exchange = request->internal;
  request_write(request, run, after, context);
  exchange->works_alone = true;
  exchange->drop = drop;
}

const char *request_cookie(const struct exchange *exchange, const char *name) {
  const char *at = exchange_header(exchange, "Cookie");
  size_t name_len = strlen(name);
  while (at != NULL && *at != '\0') {
    at += strspn(at, " \t;");
    size_t len = strcspn(at, ";");
    if (len > name_len && strncmp(at, name, name_len) == 0 && at[name_len] == '=') {
      const char *value = at + name_len + 1;
      size_t value_len = len - name_len - 1;
      while (value_len > 0 && (value[value_len - 1] == ' ' || value[value_len - 1] == '\t')) value_len--;
      return arena_copy_len(exchange->request.arena, value, value_len);
    }
    at += len;
  }
  return "";
}

static bool has_media_type(const char *header, const char *type) {
  return header != NULL && strcasestr(header, type) != NULL;
}

/* Path and query of the address. */
static bool read_address(struct exchange *exchange, struct err *err) {
  struct request *request = &exchange->request;
  if (!utf8_check(exchange->address, strlen(exchange->address), NULL) || exchange->address[0] != '/') {
    exchange->address = arena_copy(request->arena, "/");
    return err_set(err, ERR_INPUT, "bad address");
  }
  char *path = arena_copy(request->arena, exchange->address);
  char *question = strchr(path, '?');
  char *query = question != NULL ? question + 1 : path + strlen(path);
  if (question != NULL) *question = '\0';
  if (!urlencoded_path(path, err)) return false;
  request->path = path;
  return urlencoded_parse(query, strlen(query), SERVER_FIELDS_MAX, request->arena, &request->query,
                          &request->query_count, err);
}

bool request_read_head(struct exchange *exchange) {
  struct request *request = &exchange->request;
  struct err err = {0};
  request->path = "/";
  bool good = read_address(exchange, &err);
  if (good && static_handle(exchange)) return false;
  request->wants_json = has_media_type(exchange_header(exchange, "Accept"), "application/json");
  if (!session_read(exchange)) return false;
  if (!good) reply_error(request, &err);
  return good;
}

bool request_read_body(struct exchange *exchange) {
  struct request *request = &exchange->request;
  struct err err = {0};
  const char *type = exchange_header(exchange, "Content-Type");
  if (exchange->spool.open) {
    if (spool_read(&exchange->spool, type, SERVER_BODY_MAX, request->arena, &request->fields, &request->field_count, &err)) {
      request->files = exchange->spool.files;
      request->file_count = exchange->spool.file_count;
      return true;
    }
    reply_error(request, &err);
    return false;
  }
  if (exchange->body.len == 0 || strcmp(request->method, "POST") != 0) return true;
  if (multipart_is(type)) return true; /* who may not send files here: the router says why, and has no token to look at */
  if (!has_media_type(type, "application/x-www-form-urlencoded")) {
    err_set(&err, ERR_INPUT, "body of another type than application/x-www-form-urlencoded");
  } else if (urlencoded_parse(exchange->body.data, exchange->body.len, SERVER_FIELDS_MAX, request->arena,
                              &request->fields, &request->field_count, &err)) {
    return true;
  }
  reply_error(request, &err);
  return false;
}

const char *request_message(const struct request *request, const char *key, const struct view *view) {
  return template_message(request->app->templates, key, request->language, view, request->arena);
}
