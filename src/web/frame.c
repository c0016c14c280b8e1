/* What every page shows around its own content. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "survey/field.h"
#include "web/exchange.h"
#include "web/locale.h"

#define ROUND_KEPT_US (60LL * 1000000)

_Static_assert(sizeof(((struct server *)0)->rounds) / sizeof(struct frame_round) == LOCALE_LANGUAGES,
               "a round's texts are kept by language");

static char *copy_text(const char *text) {
  char *copy = strdup(text != NULL ? text : "");
  if (copy == NULL) log_out_of_memory();
  return copy;
}

static void round_free(struct frame_round *round) {
  free(round->title);
  free(round->phone);
  free(round->email);
  *round = (struct frame_round){.until_us = 0};
}

void frame_free(struct server *server) {
  for (int i = 0; i < LOCALE_LANGUAGES; i++) round_free(&server->rounds[i]);
}

/* The first round, read as the program itself: its title and help are for everybody. */
static struct frame_round read_round(struct request *request) {
  const struct actor program = {.role = ROLE_ADMINISTRATOR, .name = "", .email = "", .institution_name = "",
                                .language = request->language, .session_hash = ""};
  const struct field_round *rounds = NULL;
  struct err err = {0};
  struct db *db = request_db(request);
  size_t count = db != NULL ? field_rounds(db, &program, request->arena, &rounds, &err) : 0;
  if (err.code != ERR_NONE) log_error("round for the frame: %s", err.text);
  struct frame_round round;
  round.until_us = clock_monotonic_us() + ROUND_KEPT_US;
  round.title = copy_text(count > 0 ? rounds[0].title : "");
  round.phone = copy_text(count > 0 ? rounds[0].help_phone : "");
  round.email = copy_text(count > 0 ? rounds[0].help_email : "");
  return round;
}

/* "tel:" takes digits and a leading plus. */
static const char *phone_link(struct arena *arena, const char *phone) {
  char *link = arena_alloc(arena, strlen(phone) + 1);
  size_t len = 0;
  for (const char *c = phone; *c != '\0'; c++) {
    if ((*c >= '0' && *c <= '9') || (*c == '+' && len == 0)) link[len++] = *c;
  }
  return link;
}

static void show_round(struct request *request, struct view *view) {
  struct server *server = ((struct exchange *)request->internal)->server;
  struct frame_round *kept = &server->rounds[locale_index(request->language)];
  pthread_mutex_lock(&server->lock);
  bool fresh = kept->until_us > clock_monotonic_us();
  pthread_mutex_unlock(&server->lock);
  struct frame_round read = {.until_us = 0};
  if (!fresh) read = read_round(request);
  pthread_mutex_lock(&server->lock);
  if (!fresh) {
    round_free(kept);
    *kept = read;
  }
  const char *phone = arena_copy(request->arena, kept->phone);
  view_text(view, "round_title", arena_copy(request->arena, kept->title));
  view_text(view, "help_email", arena_copy(request->arena, kept->email));
  pthread_mutex_unlock(&server->lock);
  view_text(view, "help_phone", phone);
  view_text(view, "help_phone_link", phone_link(request->arena, phone));
}

static void show_languages(const struct request *request, struct view *view) {
  view_list(view, "languages");
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    struct view *item = view_item(view, "languages");
    view_text(item, "code", locale_language(i));
    view_text(item, "name", locale_language_name(i));
    view_bool(item, "current", strcmp(locale_language(i), request->language) == 0);
  }
}

static void show_actor(const struct actor *actor, struct view *view) {
  int role = actor != NULL ? (int)actor->role : -1;
  view_bool(view, "signed_in", actor != NULL);
  view_int(view, "person_id", actor != NULL ? actor->person : 0);
  view_text(view, "person", actor != NULL ? actor->name : "");
  view_text(view, "institution", actor != NULL ? actor->institution_name : "");
  view_bool(view, "is_contact", role == ROLE_CONTACT);
  view_bool(view, "is_coordinator", role == ROLE_COORDINATOR);
  view_bool(view, "is_researcher", role == ROLE_RESEARCHER);
  view_bool(view, "is_expert", role == ROLE_EXPERT);
  view_bool(view, "is_administrator", role == ROLE_ADMINISTRATOR);
}

/* The pages that stand in the frame of everybody with one of the roles, in this order. */
static const struct frame_link {
  const char *address, *message;
  unsigned roles;
} frame_links[] = {
    {"/work", "nav.work", ROUTE_CONTACT | ROUTE_EXPERT},
    {"/field", "nav.field", ROUTE_COORDINATOR | ROUTE_ADMINISTRATOR},
    {"/frame", "nav.frame", ROUTE_COORDINATOR | ROUTE_ADMINISTRATOR},
    {"/mailings", "nav.mailings", ROUTE_COORDINATOR | ROUTE_ADMINISTRATOR},
    {"/queries", "nav.queries", ROUTE_COORDINATOR},
    {"/field/calls", "nav.calls", ROUTE_COORDINATOR | ROUTE_ADMINISTRATOR},
    {"/field/round", "nav.round", ROUTE_COORDINATOR | ROUTE_ADMINISTRATOR},
    {"/field/questionnaires", "nav.questionnaires", ROUTE_COORDINATOR | ROUTE_ADMINISTRATOR},
    {"/data", "nav.data", ROUTE_RESEARCHER | ROUTE_COORDINATOR | ROUTE_ADMINISTRATOR},
    {"/staff", "nav.staff", ROUTE_ADMINISTRATOR},
    {"/audit", "nav.audit", ROUTE_ADMINISTRATOR},
    {"/people", "nav.people", ROUTE_CONTACT},
    {"/reminders", "nav.reminders", ROUTE_CONTACT | ROUTE_EXPERT},
    {"/history", "nav.history", ROUTE_CONTACT | ROUTE_EXPERT},
    {"/account", "nav.account", ROUTE_SIGNED_IN},
};

/* How much of the path the address stands for: 0 when the path is not within it. */
static size_t link_covers(const struct request *request, const struct frame_link *link) {
  size_t len = strlen(link->address);
  bool within = strncmp(request->path, link->address, len) == 0;
  return within && (request->path[len] == '\0' || request->path[len] == '/') ? len : 0;
}

/* The current one is the nearest: "/field/calls" is not "/field", where somebody has a link to both. */
static void show_links(const struct request *request, struct view *view) {
  size_t nearest = 1;
  for (size_t i = 0; request->actor != NULL && i < sizeof frame_links / sizeof *frame_links; i++) {
    size_t covers = link_covers(request, &frame_links[i]);
    if ((frame_links[i].roles & 1u << request->actor->role) != 0 && covers > nearest) nearest = covers;
  }
  view_list(view, "frame_links");
  for (size_t i = 0; request->actor != NULL && i < sizeof frame_links / sizeof *frame_links; i++) {
    const struct frame_link *link = &frame_links[i];
    if ((link->roles & 1u << request->actor->role) == 0) continue;
    struct view *item = view_item(view, "frame_links");
    view_text(item, "link", link->address);
    view_text(item, "name",
              request_message(request, link->message, NULL));
    view_bool(item, "current", link_covers(request, link) == nearest);
  }
}

void page_frame(struct request *request, struct view *view, const char *title_message) {
  const struct exchange *exchange = request->internal;
  view_text(view, "lang", request->language);
  view_text(view, "csrf", request->csrf);
  view_text(view, "css", static_address(exchange->server, "anketa.css", request->arena));
  view_text(view, "js", static_address(exchange->server, "anketa.js", request->arena));
  view_text(view, "js_outbox", static_address(exchange->server, "outbox.js", request->arena));
  view_text(view, "js_form", static_address(exchange->server, "form.js", request->arena));
  view_text(view, "js_live", static_address(exchange->server, "live.js", request->arena));
  view_text(view, "question_js", static_address(exchange->server, "question.js", request->arena));
  view_text(view, "prior_js", static_address(exchange->server, "prior.js", request->arena));
  /* Where the language form comes back to: a change's page is shown by its address alone. */
  view_text(view, "path", strcmp(request->method, "POST") == 0 ? request->path : exchange->address);
  show_languages(request, view);
  show_actor(request->actor, view);
  show_links(request, view);
  show_round(request, view);
  if (title_message != NULL) {
    view_text(view, "title",
              request_message(request, title_message, view));
  }
}
