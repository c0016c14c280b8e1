/* One request with its reply, and the server, as the files of web/ share them. Pages see server.h only; microhttpd.h is
 * included by server.c alone. The path of a request: server.c collects it, request.c reads it, session.c finds out who
 * asks, router.c picks the handler, reply.c holds the answer until server.c sends it. */
#ifndef ANKETA_WEB_EXCHANGE_H
#define ANKETA_WEB_EXCHANGE_H

#include <pthread.h>
#include <stdatomic.h>

#include "web/server.h"
#include "web/spool.h"

#define SERVER_HEADER_MAX (16 << 10)
#define SERVER_STREAMS_MAX 4 /* downloads at once */

#define SESSION_COOKIE "anketa"
#define VISIT_COOKIE "anketa-visit"
#define BROWSER_COOKIE "anketa-browser" /* tells a browser again for a year */
#define STEP_COOKIE "anketa-step"       /* the ticket between two steps of signing in */

struct listener;
struct sockaddr;
struct MHD_Connection;
struct MHD_Daemon;

struct header {
  const char *name, *value;
  struct header *next;
};

struct stream {
  reply_step *step;
  void (*end)(void *context);
  void *context;
  struct buf pending; /* what a step gave and the network has not taken */
  size_t sent;        /* of pending */
  bool done;
};

/* Kept from request to request: the arena and the buffers. */
struct exchange {
  struct request request;
  struct server *server;
  struct MHD_Connection *connection;
  struct exchange *next_free;
  atomic_int holders; /* the request itself and its stream's response */

  char *address;      /* as sent: path and query, in the arena */
  struct buf body;    /* decoded in place */
  struct spool spool; /* in place of body where files are taken */
  bool begun;         /* the header was looked at */
  bool head_read;     /* before the body came */
  bool refused;       /* a reply was sent while the body was still coming; the rest is thrown away */
  size_t thrown_away;
  int64_t start_us;

  const struct route *route;
  struct db *db;
  const char *visit; /* a visitor's token when it is new and its cookie must be set */
  const char *browser; /* the browser's token, once it was asked for or made */

  struct writer_job job;
  request_change *run;
  request_after *after;
  void *write_context;
  bool write_wanted, write_done;
  bool works_alone; /* the change is long work with a thread of its own */
  void (*drop)(void *context); /* what to do with its result when nobody wants it any more */

  bool replied;
  int status;
  const char *media_type;
  struct header *headers; /* besides those of every reply */
  bool lasting;           /* a static file: not Cache-Control: no-store */
  struct buf out;
  const void *bytes; /* the reply's body: out's or a static file's */
  size_t byte_count;
  bool streams;
  struct stream stream;
};

/* What a static file is served with. */
struct static_file {
  const struct asset *asset;
  const char *media_type;
  char hash[9]; /* of its bytes; for addresses and ETag */
};

/* What the frame shows of the round; texts are malloc'd. */
struct frame_round {
  int64_t until_us; /* 0: never asked */
  char *title, *phone, *email;
};

struct server {
  struct app *app;
  const struct route *routes;
  struct MHD_Daemon *daemon;
  struct listener *listener;
  int port;
  char *own_base; /* app->base_url when nobody gave one */

  pthread_mutex_t lock; /* of what follows */
  pthread_cond_t change;
  struct exchange *free_list;
  int free_count, active, suspended, streams, works;
  atomic_uint connections; /* open ones */
  bool stopping;
  int64_t touched[256]; /* when sessions were last looked at for their age, by a hash of the session */
  struct frame_round rounds[3]; /* by language */

  struct static_file *files;
  size_t file_count;
};

/* server.c: a header of the request, NULL when it is not there. */
const char *exchange_header(const struct exchange *exchange, const char *name);

/* server.c: who is at the other end of the connection. */
const struct sockaddr *exchange_peer(const struct exchange *exchange);

/* request.c: reads address and headers, then body; false when it has replied with an error. */
bool request_read_head(struct exchange *exchange);
bool request_read_body(struct exchange *exchange);
void request_give_db(struct exchange *exchange);
/* The value of a cookie in the arena, "" when absent. */
const char *request_cookie(const struct exchange *exchange, const char *name);

/* session.c: fills actor, session, csrf, language. False when it has replied. */
bool session_read(struct exchange *exchange);
/* A change must come from a page of ours. */
bool session_check_change(struct exchange *exchange);
/* The name that a cookie has for the browser. */
const char *session_cookie_name(const struct app *app, const char *name);

/* router.c: calls the handler, or replies itself. */
void router_handle(struct exchange *exchange);
/* Whether who asks may send files to this address. */
bool router_takes_files(struct exchange *exchange);

/* static.c */
void static_load(struct server *server);
void static_free(struct server *server);
/* True when the address is a static file's: it has replied. */
bool static_handle(struct exchange *exchange);
/* "/static/NAME?v=HASH", in the arena. */
const char *static_address(const struct server *server, const char *name, struct arena *arena);

/* reply.c */
void reply_header(struct exchange *exchange, const char *name, const char *value);
/* An error page by the name of its messages: "csrf", "method". */
void reply_problem(struct exchange *exchange, int status, const char *name);

/* 503: as many downloads as there may be are under way. */
void reply_busy(struct exchange *exchange, int limit);

/* The headers that every reply carries, in a list that ends with a NULL name. */
const struct header *reply_common_headers(void);
const char *reply_cache_control(const struct exchange *exchange);

/* frame.c */
void frame_free(struct server *server);

#endif
