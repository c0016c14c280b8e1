#include "web/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "survey/signin.h"
#include "web/exchange.h"
#include "web/listen.h"
#include "web/multipart.h"

#define CONNECTIONS_MAX 2000u
#define IDLE_S 60u                           /* a connection on which nothing moves is closed */
#define BODY_US (120LL * 1000000)            /* a body has to be there by then ... */
#define UPLOAD_US (600LL * 1000000)          /* ... or by then, with files */
#define LINGER_US (10LL * 1000000)           /* how long a refused body is thrown away ... */
#define LINGER_TIMES 8                       /* ... and how much of it: so many bodies, or one upload */
#define CONNECTION_MEMORY ((size_t)2 * SERVER_HEADER_MAX) /* the header as it came, its parts, and the reply's */
#define STREAM_BLOCK ((size_t)32 << 10)
#define FREE_MAX 16                          /* exchanges kept for reuse */
#define BUFFER_KEPT ((size_t)256 << 10)
#define DRAIN_S 5

const char *exchange_header(const struct exchange *exchange, const char *name) {
  return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

const struct sockaddr *exchange_peer(const struct exchange *exchange) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return info != NULL ? info->client_addr : NULL;
}

static void trim(struct buf *buf) {
  if (buf->cap > BUFFER_KEPT) buf_free(buf);
  else buf_reset(buf);
}

/* Empty but for its memory. */
static void exchange_clear(struct exchange *exchange) {
  struct arena *arena = exchange->request.arena;
  struct buf body = exchange->body, out = exchange->out, pending = exchange->stream.pending;
  spool_clear(&exchange->spool);
  arena_reset(arena);
  trim(&body);
  trim(&out);
  trim(&pending);
  *exchange = (struct exchange){.request = {.arena = arena}, .body = body, .out = out, .stream = {.pending = pending}};
}

static void exchange_free(struct exchange *exchange) {
  arena_free(exchange->request.arena);
  buf_free(&exchange->body);
  buf_free(&exchange->out);
  buf_free(&exchange->stream.pending);
  free(exchange);
}

static struct exchange *exchange_take(struct server *server) {
  pthread_mutex_lock(&server->lock);
  struct exchange *exchange = server->free_list;
  if (exchange != NULL) {
    server->free_list = exchange->next_free;
    server->free_count--;
  }
  server->active++;
  pthread_mutex_unlock(&server->lock);
  if (exchange == NULL) {
    exchange = calloc(1, sizeof *exchange);
    if (exchange == NULL) log_out_of_memory();
    exchange->request.arena = arena_new();
  }
  exchange->server = server;
  exchange->request.app = server->app;
  exchange->request.internal = exchange;
  atomic_store(&exchange->holders, 1);
  return exchange;
}

static void exchange_release(struct exchange *exchange) {
  if (atomic_fetch_sub(&exchange->holders, 1) != 1) return;
  struct server *server = exchange->server;
  exchange_clear(exchange);
  pthread_mutex_lock(&server->lock);
  bool keep = server->free_count < FREE_MAX;
  if (keep) {
    exchange->next_free = server->free_list;
    server->free_list = exchange;
    server->free_count++;
  }
  server->active--;
  pthread_cond_broadcast(&server->change);
  pthread_mutex_unlock(&server->lock);
  if (!keep) exchange_free(exchange);
}

/* While the request waited for the writer, its person may have been removed or signed out. */
static bool is_still_in(struct db *db, const struct request *request, struct err *err) {
  struct err own = {0};
  if (request->actor == NULL || signin_actor(db, request->session, request->arena, &own) != NULL) return true;
  return err_set(err, own.code == ERR_NOT_FOUND ? ERR_DENIED : own.code, "%s", own.text);
}

static bool run_write(struct db *db, struct writer_job *job, struct err *err) {
  struct exchange *exchange = job->context;
  if (!is_still_in(db, &exchange->request, err)) return false;
  return exchange->run(db, &exchange->request, exchange->write_context, err);
}

/* In the writer's thread. Once resumed, the exchange belongs to a worker again and may be gone. */
static void done_write(struct writer_job *job) {
  struct exchange *exchange = job->context;
  struct server *server = exchange->server;
  exchange->write_done = true;
  MHD_resume_connection(exchange->connection);
  pthread_mutex_lock(&server->lock);
  server->suspended--;
  pthread_cond_broadcast(&server->change);
  pthread_mutex_unlock(&server->lock);
}

static void *run_work(void *context) {
  struct exchange *exchange = context;
  struct server *server = exchange->server;
  exchange->run(NULL, &exchange->request, exchange->write_context, &exchange->job.err);
  pthread_mutex_lock(&server->lock);
  server->works--;
  pthread_mutex_unlock(&server->lock);
  done_write(&exchange->job);
  return NULL;
}

/* The connection sleeps until the thread is done. */
static bool start_work(struct exchange *exchange) {
  struct server *server = exchange->server;
  pthread_t thread;
  exchange->works_alone = false;
  exchange->job = (struct writer_job){.context = exchange};
  pthread_mutex_lock(&server->lock);
  bool starts = !server->stopping && server->works < SERVER_WORK_MAX;
  if (starts) {
    server->works++;
    server->suspended++;
  }
  pthread_mutex_unlock(&server->lock);
  if (starts) {
    MHD_suspend_connection(exchange->connection);
    if (pthread_create(&thread, NULL, run_work, exchange) == 0) pthread_detach(thread);
    else run_work(exchange);
    return true;
  }
  if (exchange->drop != NULL) exchange->drop(exchange->write_context);
  reply_busy(exchange, SERVER_WORK_MAX);
  return false;
}

/* True: the writer has the job and the connection sleeps. False: `after` was called, with no writer (a preview keeps
 * nothing) or because the server is stopping. */
static bool start_write(struct exchange *exchange) {
  struct server *server = exchange->server;
  struct err err = {0};
  if (exchange->works_alone) return start_work(exchange);
  pthread_mutex_lock(&server->lock);
  bool stopping = server->stopping;
  bool submits = !stopping && server->app->writer != NULL;
  if (submits) server->suspended++;
  pthread_mutex_unlock(&server->lock);
  if (submits) {
    exchange->job = (struct writer_job){.run = run_write, .done = done_write, .context = exchange};
    MHD_suspend_connection(exchange->connection);
    writer_submit(server->app->writer, &exchange->job);
    return true;
  }
  if (stopping) err_set(&err, ERR_SYSTEM, "the server is stopping");
  else exchange->run(NULL, &exchange->request, exchange->write_context, &err);
  exchange->after(&exchange->request, exchange->write_context, &err);
  return false;
}

static ssize_t read_stream(void *cls, uint64_t position, char *bytes, size_t max) {
  struct exchange *exchange = cls;
  struct stream *stream = &exchange->stream;
  (void)position;
  while (stream->sent == stream->pending.len) {
    struct err err = {0};
    if (stream->done) return MHD_CONTENT_READER_END_OF_STREAM;
    buf_reset(&stream->pending);
    stream->sent = 0;
    if (!stream->step(stream->context, &stream->pending, &stream->done, &err)) {
      log_error("%s: download broken off: %s", exchange->route != NULL ? exchange->route->pattern : "", err.text);
      return MHD_CONTENT_READER_END_WITH_ERROR;
    }
  }
  size_t len = stream->pending.len - stream->sent;
  if (len > max) len = max;
  memcpy(bytes, stream->pending.data + stream->sent, len);
  stream->sent += len;
  return (ssize_t)len;
}

static void end_stream(void *cls) {
  struct exchange *exchange = cls;
  struct server *server = exchange->server;
  exchange->stream.end(exchange->stream.context);
  pthread_mutex_lock(&server->lock);
  server->streams--;
  pthread_mutex_unlock(&server->lock);
  exchange_release(exchange);
}

static struct MHD_Response *make_response(struct exchange *exchange) {
  struct MHD_Response *response;
  if (exchange->streams) {
    atomic_fetch_add(&exchange->holders, 1);
    response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, exchange, end_stream);
    if (response == NULL) end_stream(exchange);
  } else {
    /* The library wants memory it might write to, and does not write to it. */
    union {
      const void *given;
      void *taken;
    } bytes = {exchange->bytes};
    response = MHD_create_response_from_buffer(exchange->byte_count, bytes.taken, MHD_RESPMEM_PERSISTENT);
  }
  return response;
}

static enum MHD_Result queue_reply(struct exchange *exchange) {
  struct MHD_Response *response = make_response(exchange);
  if (response == NULL) return MHD_NO;
  for (const struct header *h = reply_common_headers(); h->name != NULL; h++) {
    MHD_add_response_header(response, h->name, h->value);
  }
  for (const struct header *h = exchange->headers; h != NULL; h = h->next) {
    MHD_add_response_header(response, h->name, h->value);
  }
  MHD_add_response_header(response, "Content-Type", exchange->media_type);
  const char *cache = reply_cache_control(exchange);
  if (cache != NULL) MHD_add_response_header(response, "Cache-Control", cache);
  enum MHD_Result result = MHD_queue_response(exchange->connection, (unsigned)exchange->status, response);
  MHD_destroy_response(response);
  return result;
}

/* After a handler: sends its reply, or lets its change be written first. */
static enum MHD_Result settle(struct exchange *exchange) {
  for (;;) {
    request_give_db(exchange);
    if (exchange->replied || !exchange->write_wanted) break;
    exchange->write_wanted = false;
    if (start_write(exchange)) return MHD_YES;
  }
  if (!exchange->replied) {
    struct err err = {0};
    err_set(&err, ERR_SYSTEM, "the handler gave no reply");
    reply_error(&exchange->request, &err);
    request_give_db(exchange);
  }
  return queue_reply(exchange);
}

static void send_head(struct exchange *exchange, struct buf *out) {
  buf_printf(out, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %zu\r\n",
             exchange->status, MHD_get_reason_phrase_for((unsigned)exchange->status), exchange->media_type,
             exchange->byte_count);
  for (const struct header *h = reply_common_headers(); h->name != NULL; h++) {
    buf_printf(out, "%s: %s\r\n", h->name, h->value);
  }
  for (const struct header *h = exchange->headers; h != NULL; h = h->next) {
    buf_printf(out, "%s: %s\r\n", h->name, h->value);
  }
  buf_printf(out, "Cache-Control: no-store\r\n\r\n");
}

static bool read_head(struct exchange *exchange) { return exchange->head_read || request_read_head(exchange); }

static size_t body_max(const struct exchange *exchange) {
  return exchange->spool.open ? SERVER_UPLOAD_MAX : SERVER_BODY_MAX;
}

static void say_too_large(const struct exchange *exchange, struct err *err) {
  err_set(err, ERR_TOO_LARGE, "body over %zu bytes", body_max(exchange));
}

/* The library takes a reply only before or after the body. So that a body over the limit is answered at once, the reply
 * goes straight to the socket, and what still comes is read and thrown away for a while: a connection closed with bytes
 * unread would be reset, and the browser would never show the page. */
static enum MHD_Result refuse_body(struct exchange *exchange, const struct err *err) {
  if (read_head(exchange)) reply_error(&exchange->request, err);
  request_give_db(exchange);
  struct buf whole = {0};
  send_head(exchange, &whole);
  buf_add(&whole, exchange->bytes, exchange->byte_count);
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  ssize_t sent = send(info->connect_fd, whole.data, whole.len, MSG_NOSIGNAL | MSG_DONTWAIT);
  (void)sent; /* a few kilobytes into an empty socket buffer; who does not read them does not get them */
  shutdown(info->connect_fd, SHUT_WR);
  buf_free(&whole);
  exchange->refused = true;
  exchange->start_us = clock_monotonic_us();
  return MHD_YES;
}

/* Whether the body goes on being read. */
static enum MHD_Result throw_away(struct exchange *exchange, size_t len) {
  exchange->thrown_away += len;
  size_t most = exchange->spool.open ? SERVER_UPLOAD_MAX : (size_t)LINGER_TIMES * SERVER_BODY_MAX;
  bool patient = clock_monotonic_us() - exchange->start_us < LINGER_US;
  return patient && exchange->thrown_away < most ? MHD_YES : MHD_NO;
}

static enum MHD_Result take_body(struct exchange *exchange, const char *bytes, size_t *len) {
  size_t count = *len;
  *len = 0;
  if (exchange->refused) return throw_away(exchange, count);
  if (clock_monotonic_us() - exchange->start_us > (exchange->spool.open ? UPLOAD_US : BODY_US)) return MHD_NO;
  struct err err = {0};
  if (exchange->body.len + exchange->spool.len + count > body_max(exchange)) say_too_large(exchange, &err);
  else if (!exchange->spool.open) buf_add(&exchange->body, bytes, count);
  else spool_add(&exchange->spool, bytes, count, &err);
  return err.code == ERR_NONE ? MHD_YES : refuse_body(exchange, &err);
}

static bool is_known_method(const char *method) {
  return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 || strcmp(method, "POST") == 0;
}

/* A form with files goes to the disk, when who sends it may send files there. False when there is a reply. */
static bool expect_files(struct exchange *exchange) {
  struct err err = {0};
  if (!multipart_is(exchange_header(exchange, "Content-Type"))) return true;
  if (!request_read_head(exchange)) return false;
  exchange->head_read = true;
  bool takes = router_takes_files(exchange) && exchange->request.app->folder != NULL;
  request_give_db(exchange);
  if (!takes || spool_open(&exchange->spool, exchange->request.app->folder, exchange->request.arena, &err)) return true;
  reply_error(&exchange->request, &err);
  return false;
}

/* The header is there, the body is not. */
static enum MHD_Result begin(struct exchange *exchange, struct MHD_Connection *connection, const char *method) {
  struct err err = {0};
  exchange->begun = true;
  exchange->connection = connection;
  exchange->request.method = arena_copy(exchange->request.arena, method);
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  if (info != NULL && info->header_size > SERVER_HEADER_MAX) {
    if (request_read_head(exchange)) {
      err_set(&err, ERR_TOO_LARGE, "header over %d bytes", SERVER_HEADER_MAX);
      reply_error(&exchange->request, &err);
    }
    return settle(exchange);
  }
  if (!is_known_method(method)) {
    if (request_read_head(exchange)) {
      reply_header(exchange, "Allow", "GET, HEAD, POST");
      reply_problem(exchange, 405, "method");
    }
    return settle(exchange);
  }
  if (!expect_files(exchange)) return settle(exchange);
  const char *length = exchange_header(exchange, "Content-Length");
  if (length == NULL || strtoull(length, NULL, 10) <= body_max(exchange)) return MHD_YES;
  say_too_large(exchange, &err);
  return refuse_body(exchange, &err);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *bytes, size_t *len, void **context) {
  struct exchange *exchange = *context;
  (void)cls, (void)url, (void)version;
  if (exchange == NULL) return MHD_NO;
  if (!exchange->begun) return begin(exchange, connection, method);
  if (*len > 0) return take_body(exchange, bytes, len);
  if (exchange->refused) return MHD_NO;
  if (exchange->write_done) {
    exchange->write_done = false;
    exchange->after(&exchange->request, exchange->write_context, &exchange->job.err);
  } else if (read_head(exchange) && request_read_body(exchange)) {
    router_handle(exchange);
  }
  return settle(exchange);
}

/* The first word of a request: its address as it was sent. */
static void *on_address(void *cls, const char *address, struct MHD_Connection *connection) {
  struct exchange *exchange = exchange_take(cls);
  exchange->connection = connection;
  exchange->address = arena_copy(exchange->request.arena, address);
  exchange->start_us = clock_monotonic_us();
  return exchange;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code) {
  (void)cls, (void)connection, (void)code;
  struct exchange *exchange = *context;
  *context = NULL;
  if (exchange == NULL) return;
  if (exchange->write_done && exchange->drop != NULL) exchange->drop(exchange->write_context);
  exchange_release(exchange);
}

/* Addresses are decoded by request.c, which refuses what is not sound. */
static size_t leave_escapes(void *cls, struct MHD_Connection *connection, char *text) {
  (void)cls, (void)connection;
  return strlen(text);
}

int server_threads(void) {
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  if (processors < 2) return 2;
  return processors > 4 ? 4 : (int)processors;
}

/* Pages that write whole addresses need one, and port 0 is only known now. */
static void name_base(struct server *server, const char *address) {
  if (server->app->base_url != NULL) return;
  bool v6 = strchr(address, ':') != NULL;
  struct buf base = {0};
  buf_printf(&base, "http://%s%s%s:%d", v6 ? "[" : "", address, v6 ? "]" : "", server->port);
  server->own_base = base.data;
  server->app->base_url = base.data;
}

/* The library deals connections out to its threads by the number of the socket. */
static void take_connection(void *context, int fd, const struct sockaddr *peer, socklen_t peer_len) {
  struct server *server = context;
  /* Counted here: the library's own limit, met after a connection was dealt to a worker, can leave the worker stuck. */
  if (atomic_fetch_add(&server->connections, 1) >= CONNECTIONS_MAX) {
    atomic_fetch_sub(&server->connections, 1);
    close(fd);
    return;
  }
  if (MHD_add_connection(server->daemon, fd, peer, peer_len) != MHD_YES) atomic_fetch_sub(&server->connections, 1);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code) {
  struct server *server = cls;
  (void)connection, (void)context;
  if (code == MHD_CONNECTION_NOTIFY_CLOSED) atomic_fetch_sub(&server->connections, 1);
}

static struct server *server_new(struct app *app, const struct route *routes) {
  struct server *server = calloc(1, sizeof *server);
  if (server == NULL) log_out_of_memory();
  server->app = app;
  server->routes = routes;
  pthread_condattr_t steady;
  pthread_condattr_init(&steady);
  pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
  pthread_mutex_init(&server->lock, NULL);
  pthread_cond_init(&server->change, &steady);
  pthread_condattr_destroy(&steady);
  return server;
}

static void server_free(struct server *server) {
  while (server->free_list != NULL) {
    struct exchange *exchange = server->free_list;
    server->free_list = exchange->next_free;
    exchange_free(exchange);
  }
  listener_close(server->listener);
  if (server->own_base != NULL) server->app->base_url = NULL;
  free(server->own_base);
  static_free(server);
  frame_free(server);
  pthread_cond_destroy(&server->change);
  pthread_mutex_destroy(&server->lock);
  free(server);
}

static struct MHD_Daemon *start_daemon(struct server *server) {
  return MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request,
      server, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)server_threads(), MHD_OPTION_CONNECTION_LIMIT, 100 * CONNECTIONS_MAX,
      MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
      MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
      MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_address, server, MHD_OPTION_UNESCAPE_CALLBACK,
      leave_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
}

struct server *server_start(struct app *app, const struct route *routes, const char *address, int port,
                            struct err *err) {
  struct server *server = server_new(app, routes);
  server->listener = listener_open(address, port, err);
  if (server->listener == NULL) goto failed;
  server->port = listener_port(server->listener);
  name_base(server, address);
  if (app->folder != NULL) spool_sweep(app->folder);
  static_load(server);
  server->daemon = start_daemon(server);
  if (server->daemon == NULL) {
    err_set(err, ERR_SYSTEM, "the HTTP server does not start: %s", strerror(errno));
    goto failed;
  }
  if (!listener_start(server->listener, take_connection, server, err)) goto failed;
  return server;
failed:
  if (server->daemon != NULL) MHD_stop_daemon(server->daemon);
  server_free(server);
  return NULL;
}

int server_port(const struct server *server) { return server->port; }

void server_stop(struct server *server) {
  if (server == NULL) return;
  struct timespec until;
  listener_close(server->listener);
  server->listener = NULL;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += DRAIN_S;
  pthread_mutex_lock(&server->lock);
  while (server->active > 0 && pthread_cond_timedwait(&server->change, &server->lock, &until) == 0) continue;
  /* No connection may sleep when the library stops: from here on none falls asleep, and the writer wakes the rest. */
  server->stopping = true;
  while (server->suspended > 0) pthread_cond_wait(&server->change, &server->lock);
  pthread_mutex_unlock(&server->lock);
  MHD_stop_daemon(server->daemon);
  server_free(server);
}
