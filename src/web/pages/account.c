#include "survey/account.h"
#include "survey/credential.h"

#include <string.h>

#include "web/locale.h"
#include "web/pages/pages.h"

#define LANGUAGE_COOKIE_S (365 * 24 * 3600)

static const struct choice {
  unsigned bit;
  const char *name; /* of its checkbox; account.notify_NAME and account.notify_NAME_hint are its words */
} choices[] = {{ACCOUNT_NOTIFY_SECTIONS, "sections"}, {ACCOUNT_NOTIFY_NOTES, "notes"}, {ACCOUNT_NOTIFY_REMINDERS, "reminders"}};

static bool fills_in(const struct request *request) {
  return request->actor->role == ROLE_CONTACT || request->actor->role == ROLE_EXPERT;
}

static void choices_view(struct request *request, struct view *view, unsigned notify) {
  view_list(view, "choices");
  for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
    struct view *item = view_item(view, "choices");
    view_text(item, "name", choices[i].name);
    view_text(item, "text", request_message(request, arena_printf(request->arena, "account.notify_%s", choices[i].name), NULL));
    view_text(item, "hint", request_message(request, arena_printf(request->arena, "account.notify_%s_hint", choices[i].name), NULL));
    view_bool(item, "checked", (notify & choices[i].bit) != 0);
  }
}

static void languages_view(struct view *view, const char *language) {
  view_list(view, "own_languages");
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    struct view *item = view_item(view, "own_languages");
    view_text(item, "code", locale_language(i));
    view_text(item, "name", locale_language_name(i));
    view_bool(item, "checked", strcmp(locale_language(i), language) == 0);
  }
}

bool sessions_view(struct request *request, struct view *view, const struct account_session *list, size_t count,
                   const char *action) {
  bool others = false;
  view_list(view, "sessions");
  view_text(view, "sessions_action", action);
  for (size_t i = 0; i < count; i++) {
    struct view *item = view_item(view, "sessions");
    bool known = list[i].browser[0] != '\0';
    view_text(item, "session_id", list[i].id);
    view_text(item, "browser", known ? list[i].browser : request_message(request, "account.browser_unknown", NULL));
    view_text(item, "began", locale_time(list[i].began_ms, LOCALE_DATE_TIME, request->language, request->arena));
    view_text(item, "used", locale_time(list[i].used_ms, LOCALE_DATE_TIME, request->language, request->arena));
    view_bool(item, "is_this", list[i].is_this);
    others = others || !list[i].is_this;
  }
  return others;
}

static bool own_sessions_view(struct request *request, struct view *view, struct err *err) {
  const struct account_session *list;
  size_t count = account_sessions(request_db(request), request->actor, request->arena, &list, err);
  view_bool(view, "others", sessions_view(request, view, list, count, "/account/sessions"));
  return err->code == ERR_NONE;
}

static const char *since_words(struct request *request, int64_t ms) {
  struct view *words = view_new(request->arena);
  view_text(words, "since", locale_time(ms, LOCALE_DATE, request->language, request->arena));
  return request_message(request, "account.since", words);
}

static bool security_view(struct request *request, struct view *view, struct err *err) {
  struct credential_standing standing;
  if (!credential_read(request_db(request), request->actor, &standing, err)) return false;
  view_bool(view, "set_up", standing.set_up);
  view_text(view, "password_since", since_words(request, standing.password_ms));
  view_text(view, "factor_since", since_words(request, standing.totp_ms));
  view_text(view, "codes_left", arena_printf(request->arena, "%lld", (long long)standing.codes_left));
  view_bool(view, "recovered", request_query(request, "recovered")[0] != '\0');
  view_bool(view, "password_saved", strcmp(request_query(request, "saved"), "password") == 0);
  view_bool(view, "session_ended", request_query(request, "ended")[0] != '\0');
  return true;
}

/* What was typed, or what is stored; key: the message of what went wrong with the page as a whole, NULL. */
static void show_account(struct request *request, int status, const struct account *account, unsigned faults, const char *key) {
  struct err err = {0};
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.account");
  switch_view(request, view, &err);
  if (err.code != ERR_NONE || !own_sessions_view(request, view, &err) || !security_view(request, view, &err)) {
    reply_error(request, &err);
    return;
  }
  view_text(view, "page_error", key == NULL ? "" : request_message(request, key, NULL));
  view_bool(view, "saved", status == 200 && strcmp(request_query(request, "saved"), "1") == 0);
  view_bool(view, "faults", faults != 0);
  view_bool(view, "bad_name", (faults & ACCOUNT_BAD_NAME) != 0);
  view_bool(view, "bad_phone", (faults & ACCOUNT_BAD_PHONE) != 0);
  view_bool(view, "bad_language", (faults & ACCOUNT_BAD_LANGUAGE) != 0);
  view_text(view, "name", account->name);
  view_text(view, "phone", account->phone);
  view_text(view, "email", account->email);
  view_bool(view, "fills_in", fills_in(request));
  languages_view(view, account->language);
  choices_view(request, view, account->notify);
  reply_page(request, status, "account", view);
}

void page_account(struct request *request) {
  struct err err = {0};
  struct account account;
  if (account_read(request_db(request), request->actor, request->arena, &account, &err))
    show_account(request, 200, &account, 0, NULL);
  else reply_error(request, &err);
}

static bool run_change(struct db *db, struct request *request, void *context, struct err *err) {
  return account_change(db, request->actor, context, err);
}

static void changed(struct request *request, void *context, const struct err *err) {
  const struct account *account = context;
  if (err->code == ERR_FULL || err->code == ERR_SYSTEM) {
    bool full = err->code == ERR_FULL;
    show_account(request, full ? 507 : 500, account, 0, full ? "error.full.text" : "error.system.text");
  } else if (err->code != ERR_NONE) {
    reply_error(request, err);
  } else {
    reply_cookie(request, "lang", account->language, LANGUAGE_COOKIE_S);
    reply_redirect(request, "/account?saved=1");
  }
}

void page_account_save(struct request *request) {
  struct account *account = arena_alloc(request->arena, sizeof *account);
  *account = (struct account){
      .name = request_field(request, "name"),
      .phone = request_field(request, "phone"),
      .language = request_field(request, "language"),
      .email = request->actor->email,
  };
  for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
    if (request_field(request, choices[i].name)[0] != '\0') account->notify |= choices[i].bit;
  unsigned faults = account_check(account, request->arena);
  if (faults != 0) show_account(request, 400, account, faults, NULL);
  else request_write(request, run_change, changed, account);
}

static bool run_end(struct db *db, struct request *request, void *context, struct err *err) {
  const char *id = context;
  if (strcmp(id, "others") == 0) return account_end_others(db, request->actor, err);
  return account_end_session(db, request->actor, id, err);
}

static void ended(struct request *request, void *context, const struct err *err) {
  (void)context;
  if (err->code != ERR_NONE && err->code != ERR_NOT_FOUND) reply_error(request, err);
  else reply_redirect(request, "/account?ended=1#sessions"); /* also when it was over before */
}

void page_account_end(struct request *request) {
  char *id = arena_copy(request->arena, request_field(request, "end"));
  request_write(request, run_end, ended, id);
}

static bool run_sign_out(struct db *db, struct request *request, void *context, struct err *err) {
  (void)context;
  return account_sign_out_all(db, request->actor, err);
}

void page_account_sign_out(struct request *request) { request_write(request, run_sign_out, session_ended, NULL); }
