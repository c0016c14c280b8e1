#include "survey/account.h"

#include <string.h>

#include "base/clock.h"
#include "store/event.h"
#include "store/session.h"
#include "store/stored_response.h"
#include "survey/text.h"
#include "survey/signin.h"

#define PHONE_MIN 5
#define PHONE_MAX 30
#define ALL_NOTIFY (ACCOUNT_NOTIFY_SECTIONS | ACCOUNT_NOTIFY_NOTES | ACCOUNT_NOTIFY_REMINDERS)

bool account_read(struct db *db, const struct actor *actor, struct arena *arena, struct account *out, struct err *err) {
  struct stmt *stmt;
  struct person_details stored;
  bool found = person_details(db, actor->person, &stmt, &stored, err);
  if (found) {
    *out = (struct account){.name = arena_copy(arena, stored.name), .phone = arena_copy(arena, stored.phone),
                            .language = arena_copy(arena, stored.language), .email = arena_copy(arena, stored.email),
                            .notify = (unsigned)stored.notify};
  }
  stmt_end(stmt);
  return found || err_set(err, ERR_NOT_FOUND, "there is no such person");
}

static bool is_phone(const char *text) {
  size_t len = strspn(text, "0123456789 +-()");
  return text[len] == '\0' && len >= PHONE_MIN && len <= PHONE_MAX && strpbrk(text, "0123456789") != NULL;
}

unsigned account_check(struct account *account, struct arena *arena) {
  unsigned faults = 0;
  const char *name = text_line(account->name, ACCOUNT_NAME_MAX, arena), *language = account->language;
  const char *phone = text_line(account->phone, PHONE_MAX, arena);
  if (name == NULL || name[0] == '\0') faults |= ACCOUNT_BAD_NAME;
  else account->name = name;
  if (phone == NULL || (phone[0] != '\0' && !is_phone(phone))) faults |= ACCOUNT_BAD_PHONE;
  else account->phone = phone;
  if (!text_is_language(language)) faults |= ACCOUNT_BAD_LANGUAGE;
  return faults;
}

static bool note(struct db *db, const struct actor *actor, const char *kind, const char *detail, struct arena *arena,
                 struct err *err) {
  return event_add(db, actor->person, kind, arena_printf(arena, "person %lld", (long long)actor->person), detail, err);
}

/* What changed, for the book: which details, and the name that is no more. */
static const char *describe(const struct account *old, const struct account *now, struct arena *arena) {
  bool renamed = strcmp(old->name, now->name) != 0;
  return arena_printf(arena, "%s%s%s%s%s", strcmp(old->phone, now->phone) != 0 ? "phone " : "",
                      strcmp(old->language, now->language) != 0 ? "language " : "",
                      old->notify != now->notify ? "notify " : "", renamed ? "name, before: " : "", renamed ? old->name : "");
}

bool account_change(struct db *db, const struct actor *actor, const struct account *account, struct err *err) {
  struct arena *arena = arena_new();
  struct account old, now = *account;
  bool ok = false, fills = actor->role == ROLE_CONTACT || actor->role == ROLE_EXPERT;
  if (!account_read(db, actor, arena, &old, err)) goto out;
  if (account_check(&now, arena) != 0) {
    err_set(err, ERR_INPUT, "name, phone or language is wrong");
    goto out;
  }
  now.notify = fills ? now.notify & ALL_NOTIFY : old.notify;
  const char *detail = describe(&old, &now, arena);
  const struct person_details details = {
      .name = now.name, .phone = now.phone, .language = now.language, .notify = (int)now.notify};
  ok = *detail == '\0' || (person_change(db, actor->person, &details, err) && note(db, actor, "account", detail, arena, err));
  if (ok && strcmp(old.name, now.name) != 0) ok = stored_response_rename(db, actor->person, actor->institution, err);
out:
  arena_free(arena);
  return ok;
}

size_t account_sessions(struct db *db, const struct actor *actor, struct arena *arena, const struct account_session **out,
                        struct err *err) {
  enum { MOST = 200 }; /* what a page shows of them */
  struct account_session *list = arena_array(arena, MOST, sizeof *list);
  struct session_line line;
  int64_t now = clock_now_ms();
  size_t count = 0;
  struct stmt *stmt = session_list(db, actor->person, now - SIGNIN_SESSION_MS);
  while (count < MOST && session_next(stmt, &line, err)) {
    if (now - line.created_ms >= SIGNIN_SESSION_MAX_MS) continue;
    list[count++] = (struct account_session){.id = arena_copy(arena, line.token_hash), .began_ms = line.created_ms,
                                             .used_ms = line.used_ms, .browser = arena_copy(arena, line.browser),
                                             .is_this = strcmp(line.token_hash, actor->session_hash) == 0};
  }
  stmt_end(stmt);
  *out = list;
  return count;
}

bool account_end_session(struct db *db, const struct actor *actor, const char *id, struct err *err) {
  struct arena *arena = arena_new();
  bool ok = session_remove_one(db, actor->person, id, err);
  if (ok && db_changes(db) == 0) ok = err_set(err, ERR_NOT_FOUND, "there is no such session of this person");
  ok = ok && note(db, actor, "session-end", "", arena, err);
  arena_free(arena);
  return ok;
}

bool account_end_others(struct db *db, const struct actor *actor, struct err *err) {
  struct arena *arena = arena_new();
  bool ok = session_remove_others(db, actor->person, actor->session_hash, err) &&
            note(db, actor, "session-end-others", "", arena, err);
  arena_free(arena);
  return ok;
}

bool account_sign_out_all(struct db *db, const struct actor *actor, struct err *err) {
  struct arena *arena = arena_new();
  bool ok = session_remove_all(db, actor->person, err) && note(db, actor, "sign-out-all", "", arena, err);
  arena_free(arena);
  return ok;
}
