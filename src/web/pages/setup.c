/* Setting up an account by a personal link: password, second factor, recovery codes. */
#include <string.h>

#include "web/exchange.h"
#include "web/locale.h"
#include "web/pages/signin_parts.h"
#include "web/qr.h"

#define TICKET_COOKIE_S (CREDENTIAL_TICKET_MS / 1000)

const char *password_field(struct request *request, const char *name) {
  return locale_normalize(request_field(request, name), request->arena);
}

const char *ticket_read(struct request *request) {
  struct exchange *exchange = request->internal;
  return request_cookie(exchange, session_cookie_name(request->app, STEP_COOKIE));
}

void ticket_write(struct request *request, const char *ticket) {
  reply_cookie(request, STEP_COOKIE, ticket, ticket[0] != '\0' ? TICKET_COOKIE_S : 0);
}

const char *password_fault_words(struct request *request, enum password_fault fault, bool differs) {
  static const char *const messages[] = {[PASSWORD_GOOD] = NULL,
                                         [PASSWORD_SHORT] = "password.short",
                                         [PASSWORD_LONG] = "password.long",
                                         [PASSWORD_COMMON] = "password.common",
                                         [PASSWORD_PERSONAL] = "password.personal"};
  const char *message = messages[fault];
  if (message == NULL && differs) message = "password.differs";
  return message != NULL ? request_message(request, message, NULL) : "";
}

/* ---- the password */

void setup_show(struct request *request, int status, const struct actor *owner, enum password_fault fault, bool differs) {
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.setup");
  view_text(view, "link", arena_printf(request->arena, "/e/%s", request->params[0]));
  view_text(view, "link_person", owner->name);
  view_text(view, "link_email", owner->email);
  view_text(view, "fault", password_fault_words(request, fault, differs));
  view_bool(view, "differs", fault == PASSWORD_GOOD && differs);
  view_bool(view, "own", false);
  reply_page(request, status, "setup", view);
}

struct choice {
  const char *link, *password, *ticket;
  char hash[SECRET_PASSWORD_LEN + 1];
};

static bool store_choice(struct db *db, struct request *request, void *context, struct err *err) {
  struct choice *choice = context;
  return credential_choose(db, choice->link, choice->hash, request->arena, &choice->ticket, err);
}

static void choice_stored(struct request *request, void *context, const struct err *err) {
  struct choice *choice = context;
  const char *link = arena_printf(request->arena, "/e/%s", choice->link);
  if (err->code == ERR_NOT_FOUND || err->code == ERR_DENIED) {
    reply_redirect(request, link); /* spent, or set up meanwhile */
  } else if (err->code != ERR_NONE) {
    reply_error(request, err);
  } else {
    ticket_write(request, choice->ticket);
    reply_redirect(request, arena_printf(request->arena, "%s/factor", link));
  }
}

static bool hash_choice(struct db *db, struct request *request, void *context, struct err *err) {
  struct choice *choice = context;
  (void)db, (void)request;
  return secret_password_hash(choice->password, choice->hash) || err_set(err, ERR_SYSTEM, "no memory to hash a password");
}

static void choice_hashed(struct request *request, void *context, const struct err *err) {
  if (err->code != ERR_NONE) reply_error(request, err);
  else request_write(request, store_choice, choice_stored, context);
}

void page_setup_password(struct request *request) {
  struct signin_visit visit;
  enum signin_step step;
  struct choice *choice = arena_alloc(request->arena, sizeof *choice);
  const struct actor *owner = link_owner(request, &visit, &step);
  if (owner == NULL) return;
  choice->link = request->params[0];
  choice->password = password_field(request, "password");
  if (step != SIGNIN_SET_UP) {
    reply_redirect(request, arena_printf(request->arena, "/e/%s", choice->link));
    return;
  }
  enum password_fault fault = password_check(choice->password, owner->name, owner->email, request->arena);
  bool differs = strcmp(choice->password, password_field(request, "again")) != 0;
  if (fault != PASSWORD_GOOD || differs) setup_show(request, 400, owner, fault, differs);
  else request_work(request, hash_choice, choice_hashed, NULL, choice);
}

/* ---- the second factor */

static const char *in_fours(const char *secret, struct arena *arena) {
  struct buf out = {0};
  for (size_t i = 0; secret[i] != '\0'; i++) {
    if (i > 0 && i % 4 == 0) buf_putc(&out, ' ');
    buf_putc(&out, secret[i]);
  }
  const char *copy = arena_copy(arena, buf_text(&out));
  buf_free(&out);
  return copy;
}

static void show_factor(struct request *request, int status, const char *fault) {
  struct err err = {0};
  struct credential_offer offer;
  int size = 0;
  const char *link = arena_printf(request->arena, "/e/%s", request->params[0]);
  if (!credential_offer(request_db(request), request->params[0], ticket_read(request), request->arena, &offer, &err)) {
    if (err.code == ERR_NONE || err.code == ERR_DENIED || err.code == ERR_NOT_FOUND) reply_redirect(request, link);
    else reply_error(request, &err);
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.factor");
  view_text(view, "link", link);
  view_text(view, "link_email", offer.email);
  view_text(view, "secret", in_fours(offer.secret, request->arena));
  view_text(view, "otpauth", offer.address);
  view_text(view, "qr", qr_path(offer.address, &size, request->arena));
  view_int(view, "qr_size", size);
  view_text(view, "fault", fault);
  reply_page(request, status, "setup_factor", view);
}

void page_setup_factor(struct request *request) { show_factor(request, 200, ""); }

struct proof {
  const char *link;
  struct signin_visit visit;
  struct credential_entry entry;
  struct credential_codes codes;
};

void codes_show(struct request *request, const struct credential_codes *codes, const char *next) {
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.codes");
  view_list(view, "codes");
  for (int i = 0; i < CREDENTIAL_CODES; i++) view_text(view_item(view, "codes"), "code", codes->code[i]);
  view_text(view, "next", next);
  reply_page(request, 200, "codes", view);
}

static bool prove(struct db *db, struct request *request, void *context, struct err *err) {
  struct proof *proof = context;
  (void)request;
  return credential_finish(db, proof->link, &proof->visit, &proof->entry, &proof->codes, err);
}

static void proven(struct request *request, void *context, const struct err *err) {
  struct proof *proof = context;
  if (err->code == ERR_NOT_FOUND || err->code == ERR_DENIED || (err->code == ERR_NONE && proof->entry.fault == CREDENTIAL_STALE)) {
    reply_redirect(request, arena_printf(request->arena, "/e/%s", proof->link));
  } else if (err->code != ERR_NONE) {
    reply_error(request, err);
  } else if (proof->entry.fault == CREDENTIAL_WAIT) {
    reply_wait(request, proof->entry.wait_ms);
  } else if (proof->entry.fault != CREDENTIAL_GOOD) {
    show_factor(request, 400, request_message(request, "factor.wrong", NULL));
  } else {
    reply_cookie(request, SESSION_COOKIE, proof->entry.session, SESSION_COOKIE_S);
    ticket_write(request, "");
    codes_show(request, &proof->codes, "/");
  }
}

void page_setup_factor_prove(struct request *request) {
  struct proof *proof = arena_alloc(request->arena, sizeof *proof);
  proof->link = request->params[0];
  proof->entry.ticket = ticket_read(request);
  proof->entry.code = request_field(request, "code");
  request_visit(request, true, &proof->visit);
  request_write(request, prove, proven, proof);
}
