#include <string.h>

#include "survey/place.h"
#include "survey/signin.h"
#include "web/pages/pages.h"

#define SESSION_COOKIE_S (30 * 24 * 3600)
#define LANGUAGE_COOKIE_S (365 * 24 * 3600)

/* Where each role begins. */
static const char *home(const struct actor *actor) {
  switch (actor->role) {
    case ROLE_CONTACT:
    case ROLE_EXPERT: return "/work";
    case ROLE_RESEARCHER: return "/data";
    case ROLE_COORDINATOR:
    case ROLE_ADMINISTRATOR: break;
  }
  return "/field";
}

void page_welcome(struct request *request) {
  if (request->actor != NULL) {
    reply_redirect(request, home(request->actor));
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.welcome");
  view_bool(view, "ended", request_query(request, "next")[0] != '\0');
  reply_page(request, 200, "welcome", view);
}

void page_link(struct request *request) {
  struct err err = {0};
  struct actor *owner = signin_peek(request_db(request), request->params[0], request->arena, &err);
  if (owner == NULL && err.code != ERR_NOT_FOUND) {
    reply_error(request, &err);
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.link");
  if (owner == NULL) {
    reply_page(request, 404, "link_bad", view);
    return;
  }
  view_text(view, "link_person", owner->name);
  view_text(view, "link_institution", owner->institution_name);
  view_text(view, "link_email", owner->email);
  view_text(view, "next", request_query(request, "next"));
  reply_page(request, 200, "link", view);
}

struct link_use {
  const char *link;
  const char *next;
  char session[SECRET_TOKEN_LEN + 1];
};

static bool use_link(struct db *db, struct request *request, void *context, struct err *err) {
  struct link_use *use = context;
  (void)request;
  return signin_start(db, use->link, use->session, err);
}

/* Where the person was when they last worked; "/" leads to where their role begins. */
static const char *place_to_resume(struct request *request, const struct link_use *use, struct err *err) {
  struct place known;
  struct place_resume at;
  struct db *db = request_db(request);
  const struct actor *owner = signin_peek(db, use->link, request->arena, err);
  if (owner == NULL) return "/";
  bool knows = paradata_place(request->app->paradata, owner->person, request->arena, &known);
  if (!place_find(db, owner, knows ? &known : NULL, request->arena, &at, err)) return "/";
  const char *row = at.row[0] == '\0' ? "" : arena_printf(request->arena, "&row=%s", at.row);
  const char *field = at.question[0] == '\0' ? "" : arena_printf(request->arena, "#q-%s%s%s", at.question,
                                                                 at.row[0] == '\0' ? "" : ":", at.row);
  return arena_printf(request->arena, "/r/%lld/s/%s?resumed=1%s%s", (long long)at.response, at.section, row, field);
}

static void link_used(struct request *request, void *context, const struct err *err) {
  struct link_use *use = context;
  if (err->code == ERR_NOT_FOUND) {
    struct view *view = view_new(request->arena);
    page_frame(request, view, "title.link");
    reply_page(request, 404, "link_bad", view);
  } else if (err->code != ERR_NONE) {
    reply_error(request, err);
  } else {
    struct err lost = {0}; /* without the place they begin where their role does */
    reply_cookie(request, "anketa", use->session, SESSION_COOKIE_S);
    reply_redirect(request, use->next[0] != '\0' ? use->next : place_to_resume(request, use, &lost));
  }
}

void page_link_use(struct request *request) {
  struct link_use *use = arena_alloc(request->arena, sizeof *use);
  use->link = request->params[0];
  use->next = request_field(request, "next");
  request_write(request, use_link, link_used, use);
}

static bool end_session(struct db *db, struct request *request, void *context, struct err *err) {
  (void)context;
  return signin_end(db, request->session, err);
}

void session_ended(struct request *request, void *context, const struct err *err) {
  (void)context;
  if (err->code != ERR_NONE) {
    reply_error(request, err);
    return;
  }
  reply_cookie(request, "anketa", "", 0);
  reply_redirect(request, "/");
}

void page_sign_out(struct request *request) {
  if (request->actor == NULL) reply_redirect(request, "/");
  else request_write(request, end_session, session_ended, NULL);
}

struct language_choice {
  const char *language, *back;
};

static bool store_language(struct db *db, struct request *request, void *context, struct err *err) {
  struct language_choice *choice = context;
  return signin_set_language(db, request->actor->person, choice->language, err);
}

static void language_stored(struct request *request, void *context, const struct err *err) {
  struct language_choice *choice = context;
  if (err->code != ERR_NONE) {
    reply_error(request, err);
    return;
  }
  reply_cookie(request, "lang", choice->language, LANGUAGE_COOKIE_S);
  reply_redirect(request, choice->back);
}

void page_language(struct request *request) {
  static const char *const known[] = {"lv", "en", "ru"};
  struct language_choice *choice = arena_alloc(request->arena, sizeof *choice);
  const char *wanted = request_field(request, "language"), *back = request_field(request, "return");
  choice->language = "lv";
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    if (strcmp(wanted, known[i]) == 0) choice->language = known[i];
  choice->back = back;
  if (request->actor != NULL && request->app->writer != NULL) {
    request_write(request, store_language, language_stored, choice);
    return;
  }
  language_stored(request, choice, &(struct err){0});
}

static void words_page(struct request *request, const char *which) {
  struct view *view = view_new(request->arena);
  page_frame(request, view, arena_printf(request->arena, "title.%s", which));
  view_bool(view, "accessibility", strcmp(which, "accessibility") == 0);
  view_bool(view, "privacy", strcmp(which, "privacy") == 0);
  reply_page(request, 200, "words", view);
}

void page_accessibility(struct request *request) { words_page(request, "accessibility"); }

void page_privacy(struct request *request) { words_page(request, "privacy"); }
