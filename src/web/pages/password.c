/* Signing in by password and second factor; one's own password and recovery codes. */
#include <string.h>

#include "web/exchange.h"
#include "web/locale.h"
#include "web/pages/signin_parts.h"

static const char *next_of(const struct request *request) {
  return strcmp(request->method, "POST") == 0 ? request_field(request, "next") : request_query(request, "next");
}

/* What is wrong with an entry, in words; sets the status. */
static const char *fault_words(struct request *request, enum credential_fault fault, int64_t wait_ms, const char *wrong,
                               int *status) {
  struct view *words = view_new(request->arena);
  *status = fault == CREDENTIAL_GOOD ? 200 : 400;
  if (fault == CREDENTIAL_GOOD) return "";
  if (fault == CREDENTIAL_WRONG) return request_message(request, wrong, NULL);
  if (fault == CREDENTIAL_STALE) return request_message(request, "sign_in.stale", NULL);
  *status = 429;
  reply_retry_after(request, wait_ms);
  view_text(words, "wait", locale_duration(wait_ms, request->language, request->arena));
  return request_message(request, "sign_in.wait", words);
}

/* ---- address and password */

struct password_use {
  const char *password, *chosen;
  struct signin_visit visit;
  struct credential_try try;
  enum { CHANGES_PASSWORD, MAKES_CODES } what; /* of one's own */
  char hash[SECRET_PASSWORD_LEN + 1];
  struct credential_codes codes;
};

static void show_sign_in(struct request *request, enum credential_fault fault, int64_t wait_ms) {
  int status;
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.sign_in");
  view_text(view, "email", request_field(request, "email"));
  view_text(view, "next", next_of(request));
  view_text(view, "fault", fault_words(request, fault, wait_ms, "sign_in.wrong", &status));
  reply_page(request, status, "sign_in", view);
}

void page_sign_in(struct request *request) {
  if (request->actor != NULL) reply_redirect(request, "/");
  else show_sign_in(request, request_query(request, "stale")[0] != '\0' ? CREDENTIAL_STALE : CREDENTIAL_GOOD, 0);
}

static bool settle_try(struct db *db, struct request *request, void *context, struct err *err) {
  struct password_use *use = context;
  return credential_settle(db, &use->try, request->arena, err);
}

static void try_settled(struct request *request, void *context, const struct err *err) {
  struct password_use *use = context;
  if (err->code != ERR_NONE) {
    reply_error(request, err);
  } else if (use->try.fault != CREDENTIAL_GOOD) {
    show_sign_in(request, use->try.fault, 0);
  } else {
    ticket_write(request, use->try.ticket);
    reply_redirect(request, signin_address(request, "/sign-in/code", next_of(request)));
  }
}

static bool verify_try(struct db *db, struct request *request, void *context, struct err *err) {
  struct password_use *use = context;
  (void)db, (void)request, (void)err;
  credential_verify(&use->try, use->password);
  return true;
}

static void try_verified(struct request *request, void *context, const struct err *err) {
  (void)err;
  request_write(request, settle_try, try_settled, context);
}

static bool begin_try(struct db *db, struct request *request, void *context, struct err *err) {
  struct password_use *use = context;
  return credential_begin(db, &use->try, request->arena, err);
}

static void try_begun(struct request *request, void *context, const struct err *err) {
  struct password_use *use = context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else if (use->try.fault == CREDENTIAL_WAIT) show_sign_in(request, CREDENTIAL_WAIT, use->try.wait_ms);
  else request_work(request, verify_try, try_verified, NULL, use);
}

static struct password_use *new_use(struct request *request) {
  struct password_use *use = arena_alloc(request->arena, sizeof *use);
  request_visit(request, true, &use->visit);
  use->password = password_field(request, "password");
  use->try.email = request_field(request, "email");
  use->try.network = use->visit.network;
  use->try.browser = use->visit.browser;
  return use;
}

void page_sign_in_try(struct request *request) {
  if (request->actor != NULL) reply_redirect(request, "/");
  else request_write(request, begin_try, try_begun, new_use(request));
}

/* ---- the second factor */

struct code_use {
  struct signin_visit visit;
  struct credential_entry entry;
};

static void show_code(struct request *request, enum credential_fault fault, int64_t wait_ms) {
  int status;
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.sign_in");
  view_text(view, "next", next_of(request));
  view_text(view, "fault", fault_words(request, fault, wait_ms, "factor.wrong", &status));
  reply_page(request, status, "sign_in_code", view);
}

static void begin_anew(struct request *request) {
  const char *next = next_of(request);
  ticket_write(request, "");
  reply_redirect(request, arena_printf(request->arena, "%s%sstale=1", signin_address(request, "/sign-in", next),
                                       next[0] != '\0' ? "&" : "?"));
}

void page_sign_in_code(struct request *request) {
  if (request->actor != NULL) reply_redirect(request, "/");
  else if (!credential_knows(request_db(request), ticket_read(request))) begin_anew(request);
  else show_code(request, CREDENTIAL_GOOD, 0);
}

static bool enter(struct db *db, struct request *request, void *context, struct err *err) {
  struct code_use *use = context;
  (void)request;
  return credential_enter(db, &use->visit, &use->entry, err);
}

static void entered(struct request *request, void *context, const struct err *err) {
  struct code_use *use = context;
  if (err->code != ERR_NONE) {
    reply_error(request, err);
  } else if (use->entry.fault == CREDENTIAL_STALE) {
    begin_anew(request);
  } else if (use->entry.fault != CREDENTIAL_GOOD) {
    show_code(request, use->entry.fault, use->entry.wait_ms);
  } else {
    ticket_write(request, "");
    signin_reply(request, use->entry.session, NULL, use->entry.recovered ? "/account?recovered=1#security" : next_of(request));
  }
}

void page_sign_in_code_try(struct request *request) {
  struct code_use *use = arena_alloc(request->arena, sizeof *use);
  if (request->actor != NULL) {
    reply_redirect(request, "/");
    return;
  }
  use->entry.ticket = ticket_read(request);
  use->entry.code = request_field(request, "code");
  request_visit(request, true, &use->visit);
  request_write(request, enter, entered, use);
}

/* ---- one's own password and recovery codes: the present password is asked for again */

static void show_own(struct request *request, const struct password_use *use, enum password_fault fault, bool differs) {
  int status = 400;
  const char *wrong = fault_words(request, use->try.fault, use->try.wait_ms, "password.wrong", &status);
  bool codes = use->what == MAKES_CODES;
  const char *chosen = password_fault_words(request, fault, differs);
  struct view *view = view_new(request->arena);
  page_frame(request, view, codes ? "title.new_codes" : "title.password");
  view_bool(view, "codes", codes);
  view_text(view, "wrong", wrong);
  view_text(view, "fault", chosen);
  view_bool(view, "differs", fault == PASSWORD_GOOD && differs);
  view_bool(view, "own", true);
  view_text(view, "email", request->actor->email);
  reply_page(request, status == 200 && chosen[0] != '\0' ? 400 : status, "password", view);
}

/* Who signs in by a link has no password. */
static bool has_account(struct request *request) {
  struct err err = {0};
  struct credential_standing standing;
  if (!credential_read(request_db(request), request->actor, &standing, &err)) {
    reply_error(request, &err);
    return false;
  }
  if (standing.set_up) return true;
  err_set(&err, ERR_NOT_FOUND, "no password was set");
  reply_error(request, &err);
  return false;
}

static void page_own(struct request *request, int what) {
  struct password_use use = {.what = what};
  if (has_account(request)) show_own(request, &use, PASSWORD_GOOD, false);
}

void page_password(struct request *request) { page_own(request, CHANGES_PASSWORD); }

void page_new_codes(struct request *request) { page_own(request, MAKES_CODES); }

static bool settle_own(struct db *db, struct request *request, void *context, struct err *err) {
  struct password_use *use = context;
  if (!credential_settle(db, &use->try, request->arena, err)) return false;
  if (use->try.fault != CREDENTIAL_GOOD) return true;
  return use->what == MAKES_CODES ? credential_new_codes(db, request->actor, &use->codes, err)
                                  : credential_change(db, request->actor, use->hash, err);
}

static void own_settled(struct request *request, void *context, const struct err *err) {
  struct password_use *use = context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else if (use->try.fault != CREDENTIAL_GOOD) show_own(request, use, PASSWORD_GOOD, false);
  else if (use->what == MAKES_CODES) codes_show(request, &use->codes, "/account");
  else reply_redirect(request, "/account?saved=password#security");
}

static bool verify_own(struct db *db, struct request *request, void *context, struct err *err) {
  struct password_use *use = context;
  (void)db, (void)request;
  credential_verify(&use->try, use->password);
  if (!use->try.right || use->what == MAKES_CODES) return true;
  return secret_password_hash(use->chosen, use->hash) || err_set(err, ERR_SYSTEM, "no memory to hash a password");
}

static void own_verified(struct request *request, void *context, const struct err *err) {
  if (err->code != ERR_NONE) reply_error(request, err);
  else request_write(request, settle_own, own_settled, context);
}

static bool begin_own(struct db *db, struct request *request, void *context, struct err *err) {
  struct password_use *use = context;
  return credential_begin_own(db, request->actor, &use->try, request->arena, err);
}

static void own_begun(struct request *request, void *context, const struct err *err) {
  struct password_use *use = context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else if (use->try.fault == CREDENTIAL_WAIT) show_own(request, use, PASSWORD_GOOD, false);
  else request_work(request, verify_own, own_verified, NULL, use);
}

void page_password_change(struct request *request) {
  struct password_use *use = new_use(request);
  use->what = CHANGES_PASSWORD;
  use->chosen = password_field(request, "chosen");
  enum password_fault fault = password_check(use->chosen, request->actor->name, request->actor->email, request->arena);
  bool differs = strcmp(use->chosen, password_field(request, "again")) != 0;
  if (fault != PASSWORD_GOOD || differs) show_own(request, use, fault, differs);
  else request_write(request, begin_own, own_begun, use);
}

void page_new_codes_make(struct request *request) {
  struct password_use *use = new_use(request);
  use->what = MAKES_CODES;
  request_write(request, begin_own, own_begun, use);
}
