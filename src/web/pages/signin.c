#include <string.h>

#include "survey/attempt.h"
#include "survey/confirm.h"
#include "survey/place.h"
#include "web/exchange.h"
#include "web/pages/signin_parts.h"
#include "web/urlencoded.h"

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
  const char *next = request_query(request, "next");
  view_bool(view, "ended", next[0] != '\0');
  view_text(view, "sign_in_link", signin_address(request, "/sign-in", next));
  reply_page(request, 200, "welcome", view);
}

/* ---- a personal link */

struct link_use {
  const char *link;
  const char *next;
  struct signin_visit visit;
  enum signin_step step;
  int64_t wait_ms;
  char session[SECRET_TOKEN_LEN + 1];
};

static void show_bad_link(struct request *request) {
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.link");
  reply_page(request, 404, "link_bad", view);
}

/* Links cannot be guessed; that somebody tries costs the server little, all the same. */
static bool count_guess(struct db *db, struct request *request, void *context, struct err *err) {
  struct link_use *use = context;
  const struct attempt attempt = {.network = use->visit.network};
  (void)request;
  use->wait_ms = attempt_take(db, &attempt, err);
  return use->wait_ms >= 0;
}

static void guess_counted(struct request *request, void *context, const struct err *err) {
  const struct link_use *use = context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else if (use->wait_ms > 0) reply_wait(request, use->wait_ms);
  else show_bad_link(request);
}

/* A link that is good is never made to wait for what others at the same network tried. */
void link_is_bad(struct request *request) {
  struct err err = {0};
  struct link_use *use = arena_alloc(request->arena, sizeof *use);
  request_visit(request, false, &use->visit);
  const struct attempt attempt = {.network = use->visit.network};
  use->wait_ms = attempt_wait_ms(request_db(request), &attempt, &err);
  if (err.code != ERR_NONE || use->wait_ms > 0) guess_counted(request, use, &err);
  else request_write(request, count_guess, guess_counted, use);
}

const struct actor *link_owner(struct request *request, struct signin_visit *visit, enum signin_step *step) {
  struct err err = {0};
  request_visit(request, false, visit);
  const struct actor *owner = signin_peek(request_db(request), request->params[0], request->arena, &err);
  if (owner != NULL && signin_next_step(request_db(request), owner, visit, step, &err)) return owner;
  if (err.code == ERR_NOT_FOUND) link_is_bad(request);
  else reply_error(request, &err);
  return NULL;
}

const char *signin_address(struct request *request, const char *path, const char *next) {
  struct buf address = {0};
  buf_puts(&address, path);
  if (next[0] != '\0') {
    buf_puts(&address, "?next=");
    urlencoded_write(&address, next);
  }
  const char *copy = arena_copy(request->arena, buf_text(&address));
  buf_free(&address);
  return copy;
}

void page_link(struct request *request) {
  struct signin_visit visit;
  enum signin_step step;
  const char *next = request_query(request, "next");
  const struct actor *owner = link_owner(request, &visit, &step);
  if (owner == NULL) return;
  if (step == SIGNIN_PASSWORD) {
    reply_redirect(request, signin_address(request, "/sign-in", next));
    return;
  }
  if (step == SIGNIN_SET_UP) {
    setup_show(request, 200, owner, PASSWORD_GOOD, false);
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.link");
  view_text(view, "link_person", owner->name);
  view_text(view, "link_institution", owner->institution_name);
  view_text(view, "link_email", owner->email);
  view_bool(view, "by_code", step == SIGNIN_CODE);
  view_bool(view, "staff_link", owner->role != ROLE_CONTACT);
  view_text(view, "next", next);
  reply_page(request, 200, "link", view);
}

static bool use_link(struct db *db, struct request *request, void *context, struct err *err) {
  struct link_use *use = context;
  (void)request;
  if (!signin_use_link(db, use->link, &use->visit, &use->step, use->session, err)) return false;
  return use->step != SIGNIN_CODE || confirm_send(db, use->link, &use->visit, &use->wait_ms, err);
}

/* Where the person was when they last worked; "/" leads to where their role begins. */
static const char *place_to_resume(struct request *request, const char *link, struct err *err) {
  struct place known;
  struct place_resume at;
  struct db *db = request_db(request);
  const struct actor *owner = signin_peek(db, link, request->arena, err);
  if (owner == NULL) return "/";
  bool knows = paradata_place(request->app->paradata, owner->person, request->arena, &known);
  if (!place_find(db, owner, knows ? &known : NULL, request->arena, &at, err)) return "/";
  const char *row = at.row[0] == '\0' ? "" : arena_printf(request->arena, "&row=%s", at.row);
  const char *field = at.question[0] == '\0' ? "" : arena_printf(request->arena, "#q-%s%s%s", at.question,
                                                                 at.row[0] == '\0' ? "" : ":", at.row);
  return arena_printf(request->arena, "/r/%lld/s/%s?resumed=1%s%s", (long long)at.response, at.section, row, field);
}

void signin_reply(struct request *request, const char *session, const char *link, const char *next) {
  struct err lost = {0}; /* without the place they begin where their role does */
  reply_cookie(request, SESSION_COOKIE, session, SESSION_COOKIE_S);
  const char *place = link != NULL && next[0] == '\0' ? place_to_resume(request, link, &lost) : next;
  reply_redirect(request, place[0] != '\0' ? place : "/");
}

static void link_used(struct request *request, void *context, const struct err *err) {
  struct link_use *use = context;
  const char *link = arena_printf(request->arena, "/e/%s", use->link);
  if (err->code == ERR_NOT_FOUND) link_is_bad(request);
  else if (err->code != ERR_NONE) reply_error(request, err);
  else if (use->wait_ms > 0) reply_wait(request, use->wait_ms);
  else if (use->step == SIGNIN_IN) signin_reply(request, use->session, use->link, use->next);
  else if (use->step == SIGNIN_CODE)
    reply_redirect(request, signin_address(request, arena_printf(request->arena, "%s/code", link), use->next));
  else reply_redirect(request, signin_address(request, link, use->next));
}

void page_link_use(struct request *request) {
  struct link_use *use = arena_alloc(request->arena, sizeof *use);
  use->link = request->params[0];
  use->next = request_field(request, "next");
  request_visit(request, true, &use->visit);
  request_write(request, use_link, link_used, use);
}

/* ---- the code that confirms a contact's browser */

struct code_use {
  const char *link, *next;
  struct signin_visit visit;
  struct confirm_entry entry;
};

static void show_code(struct request *request, int status, const struct actor *owner, const struct confirm_entry *entry) {
  struct view *view = view_new(request->arena);
  bool post = strcmp(request->method, "POST") == 0;
  page_frame(request, view, "title.confirm");
  view_text(view, "link_email", owner->email);
  view_text(view, "link", arena_printf(request->arena, "/e/%s", request->params[0]));
  view_text(view, "next", post ? request_field(request, "next") : request_query(request, "next"));
  view_bool(view, "wrong", entry != NULL && entry->fault == CONFIRM_WRONG);
  view_bool(view, "over", entry != NULL && entry->fault == CONFIRM_OVER);
  view_int(view, "tries_left", entry != NULL ? entry->tries_left : 0);
  reply_page(request, status, "confirm", view);
}

void page_confirm_code(struct request *request) {
  struct signin_visit visit;
  enum signin_step step;
  const struct actor *owner = link_owner(request, &visit, &step);
  if (owner == NULL) return;
  if (step != SIGNIN_CODE) {
    const char *link = arena_printf(request->arena, "/e/%s", request->params[0]);
    reply_redirect(request, signin_address(request, link, request_query(request, "next")));
  } else {
    show_code(request, 200, owner, NULL);
  }
}

static bool enter_code(struct db *db, struct request *request, void *context, struct err *err) {
  struct code_use *use = context;
  (void)request;
  return confirm_enter(db, use->link, &use->visit, &use->entry, err);
}

static void code_entered(struct request *request, void *context, const struct err *err) {
  struct code_use *use = context;
  struct err own = {0};
  if (err->code == ERR_NOT_FOUND) { /* the link is bad, or the browser was confirmed meanwhile */
    reply_redirect(request, signin_address(request, arena_printf(request->arena, "/e/%s", use->link), use->next));
    return;
  }
  const struct actor *owner = err->code == ERR_NONE ? signin_peek(request_db(request), use->link, request->arena, &own) : NULL;
  if (err->code != ERR_NONE) reply_error(request, err);
  else if (owner == NULL) reply_error(request, &own);
  else if (use->entry.fault == CONFIRM_WAIT) reply_wait(request, use->entry.wait_ms);
  else if (use->entry.fault != CONFIRM_GOOD) show_code(request, 400, owner, &use->entry);
  else signin_reply(request, use->entry.session, use->link, use->next);
}

void page_confirm_code_use(struct request *request) {
  struct code_use *use = arena_alloc(request->arena, sizeof *use);
  use->link = request->params[0];
  use->next = request_field(request, "next");
  use->entry.code = request_field(request, "code");
  request_visit(request, true, &use->visit);
  request_write(request, enter_code, code_entered, use);
}

/* ---- signing out, language, words */

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
  reply_cookie(request, SESSION_COOKIE, "", 0);
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
