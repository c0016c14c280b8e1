/* The HTTP server: libmicrohttpd, requests and replies, routes, who asks. The one place that knows microhttpd.h.
 *
 * A handler runs in a worker thread with a read connection at hand. A change goes through request_write: the request is
 * suspended, its job runs in the writer's batch, and `after` builds the reply in a worker thread once the commit is on
 * disk (or has failed).
 *
 * Caps: body SERVER_BODY_MAX (SERVER_UPLOAD_MAX for routes that take files), header 16 KB, fields 20,000, connections
 * 2,000. Every change needs the CSRF token of its session (field "csrf") and an Origin that is ours when the browser sends
 * one; the server checks both before a handler sees the request. Every reply carries the security headers.
 */
#ifndef ANKETA_WEB_SERVER_H
#define ANKETA_WEB_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/db.h"
#include "store/writer.h"
#include "survey/paradata.h"
#include "survey/signin.h"
#include "survey/survey.h"
#include "web/template.h"
#include "web/view.h"

#define SERVER_BODY_MAX (2 << 20)
#define SERVER_UPLOAD_MAX (32 << 20)
#define SERVER_FIELDS_MAX 20000
#define SERVER_WORK_MAX 4

struct field {
  const char *name, *value;
};

/* A file that came with a form (multipart/form-data). It is removed when the request is over; who wants to keep it renames
 * it before that, best within its folder. */
struct upload {
  const char *field, *file_name; /* as the browser calls it, "" when it does not; without folders, never to be trusted */
  const char *path;              /* where it is */
  size_t len;
};

/* What the whole server shares. */
struct app {
  struct templates *templates;
  struct db_pool *pool;     /* NULL in a preview */
  struct writer *writer;    /* NULL in a preview */
  const char *folder;       /* the data folder; NULL in a preview */
  const char *base_url;     /* "http://127.0.0.1:8080"; NULL: server_start sets where it listens */
  struct presence *presence; /* who works where; NULL in a preview */
  bool secure;              /* behind https: cookies are Secure */
  bool mail_to_files;       /* there is no mail server: messages become files in the data folder */
  bool staff_links;         /* staff sign in by their link alone: demonstrations, tests */
  bool proxy;               /* all requests come through a proxy that says in X-Forwarded-For for whom */
  void *extra;              /* preview's own */
  struct paradata *paradata; /* time spent; NULL: it is not measured */
  struct mover_thread *mover; /* brings responses to corrected questionnaires; NULL in a preview */
};

struct request {
  struct app *app;
  struct arena *arena;
  const char *method, *path;   /* path without the query, decoded, valid UTF-8 */
  const char *params[4];       /* what the pattern's :names matched */
  const struct actor *actor;   /* NULL when nobody is signed in */
  const char *session;         /* token of the session cookie, "" */
  const char *csrf;            /* for this session's forms */
  const char *language;        /* actor's; else the lang cookie, else Accept-Language */
  bool wants_json;             /* Accept: application/json */
  const struct field *query;
  size_t query_count;
  const struct field *fields;  /* of the body (urlencoded), in order */
  size_t field_count;
  const struct upload *files;  /* only where the route takes files; a file field left empty is not among them */
  size_t file_count;
  void *internal;
};

typedef void handler(struct request *request);

/* First value of a query or body field, "" when absent. */
const char *request_query(const struct request *request, const char *name);
const char *request_field(const struct request *request, const char *name);
/* First file of a field, NULL when none was chosen. */
const struct upload *request_file(const struct request *request, const char *name);

/* The query of the address as it was sent, without "?"; "" when there is none. */
const char *request_query_text(const struct request *request);

/* The read connection of this request (taken on first use, given back when the handler returns), in a snapshot: a page
 * is of one moment. */
struct db *request_db(struct request *request);

/* A change. run gets the writer's connection and `context`; it must only use memory of the request's arena (which stays
 * untouched while it runs). after runs when it is committed or undone; *err tells which. The handler must return right
 * after calling this. */
typedef bool request_change(struct db *db, struct request *request, void *context, struct err *err);
typedef void request_after(struct request *request, void *context, const struct err *err);
void request_write(struct request *request, request_change *run, request_after *after, void *context);

/* Long work that must not hold up a worker, such as making a whole workbook: the same, but run has a thread of its own and
 * no connection (db is NULL). SERVER_WORK_MAX at once; over that the reply is 503. drop runs in place of `after`
 * then, and when the client has gone meanwhile. */
void request_work(struct request *request, request_change *run, request_after *after, void (*drop)(void *context),
                  void *context);

/* What is known of the browser that asks. With make, a browser that has no token of ours yet gets one with the reply. */
void request_visit(struct request *request, bool make, struct signin_visit *out);

/* A message in the reader's language, in the request's arena, not escaped; view gives the placeholders (NULL: none). */
const char *request_message(const struct request *request, const char *key, const struct view *view);

/* Exactly one reply per request. */
void reply_page(struct request *request, int status, const char *template_name, struct view *view);
void reply_json(struct request *request, int status, const struct buf *json); /* copied */
/* 303; to "/" when path is not an address of this server. */
void reply_redirect(struct request *request, const char *path);
/* An error page (or JSON {"error":…,"message":…}) in the reader's language, chosen from the error's code. */
void reply_error(struct request *request, const struct err *err);
/* 429, with the time to wait in words and as Retry-After. */
void reply_wait(struct request *request, int64_t wait_ms);
/* Retry-After alone, for a page that says so itself: replied with 429. */
void reply_retry_after(struct request *request, int64_t wait_ms);
/* A download in steps; end is called once in any case (also when the client went away). */
typedef bool reply_step(void *context, struct buf *out, bool *done, struct err *err);
void reply_stream(struct request *request, const char *media_type, const char *file_name, reply_step *step,
                  void (*end)(void *context), void *context);
void reply_cookie(struct request *request, const char *name, const char *value, int64_t max_age_s); /* before the reply */

/* Adds what every page's frame shows: language, languages with links, person, institution, csrf, title of the product,
 * help contact, static file addresses with their hashes, flash message. */
void page_frame(struct request *request, struct view *view, const char *title_message);

struct route {
  const char *method;  /* "GET", "POST" */
  const char *pattern; /* "/r/:response/s/:section" */
  handler *handle;
  unsigned roles;      /* bits 1 << enum role that may come here; none of them: anyone, signed in or not */
};

#define ROUTE_CONTACT (1u << ROLE_CONTACT)
#define ROUTE_COORDINATOR (1u << ROLE_COORDINATOR)
#define ROUTE_RESEARCHER (1u << ROLE_RESEARCHER)
#define ROUTE_EXPERT (1u << ROLE_EXPERT)
#define ROUTE_ADMINISTRATOR (1u << ROLE_ADMINISTRATOR)
#define ROUTE_FILES (1u << 16) /* no role: the route takes multipart/form-data up to SERVER_UPLOAD_MAX, besides plain forms */
#define ROUTE_STAFF (ROUTE_COORDINATOR | ROUTE_RESEARCHER | ROUTE_EXPERT | ROUTE_ADMINISTRATOR)
#define ROUTE_SIGNED_IN (ROUTE_CONTACT | ROUTE_STAFF)
/* Anyone who has the address, which is a secret: a change needs no form's token and may come from anywhere. */
#define ROUTE_BY_ADDRESS (1u << 31)

/* How many worker threads there will be; each needs one read connection in the pool. */
int server_threads(void);

struct server;
/* Listens on address:port (port 0: a free one) and serves the routes, which end with a NULL method. A request for a
 * route of another role gets the same 404 page as one for nothing at all; without a session, the sign-in page (and comes
 * back after it). */
struct server *server_start(struct app *app, const struct route *routes, const char *address, int port, struct err *err);
int server_port(const struct server *server);
/* Stops taking requests, finishes those under way, frees. */
void server_stop(struct server *server);

/* All pages of the program, and those of the preview; web/routes.c. */
extern const struct route routes_all[];
extern const struct route routes_preview[];

#endif
