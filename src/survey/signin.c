#include "survey/signin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/browser.h"
#include "store/credential.h"
#include "store/event.h"
#include "store/institution.h"
#include "store/round.h"
#include "store/session.h"
#include "survey/disposition.h"
#include "survey/email.h"
#include "survey/text.h"

#define TOUCH_MS (10LL * 60 * 1000)

static void hash_token(const char *token, char out[SECRET_HASH_LEN + 1]) { secret_hash(token, strlen(token), out); }

static struct actor *make_actor(const struct person *person, const char *session_hash, struct arena *arena) {
  struct actor *actor = arena_alloc(arena, sizeof *actor);
  actor->person = person->id;
  actor->role = (enum role)person->role;
  actor->institution = person->institution;
  actor->name = arena_copy(arena, person->name);
  actor->email = arena_copy(arena, person->email);
  actor->institution_name = arena_copy(arena, person->institution_name);
  actor->language = arena_copy(arena, person->language);
  actor->session_hash = arena_copy(arena, session_hash);
  return actor;
}

struct actor *signin_peek(struct db *db, const char *link_token, struct arena *arena, struct err *err) {
  char hash[SECRET_HASH_LEN + 1];
  struct stmt *stmt;
  struct person person;
  hash_token(link_token, hash);
  struct actor *actor = link_person(db, hash, &stmt, &person, err) ? make_actor(&person, "", arena) : NULL;
  stmt_end(stmt);
  if (actor == NULL) err_set(err, ERR_NOT_FOUND, "this link is unknown or was revoked");
  return actor;
}

struct actor *signin_person(struct db *db, int64_t person, struct arena *arena, struct err *err) {
  struct err own = {0};
  struct stmt *stmt;
  struct person found;
  struct actor *actor = person_get(db, person, &stmt, &found, &own) ? make_actor(&found, "", arena) : NULL;
  stmt_end(stmt);
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  else if (actor == NULL) err_set(err, ERR_NOT_FOUND, "there is no such person");
  return actor;
}

/* ---- what a link is good for */

static bool browser_is_confirmed(struct db *db, int64_t person, const char *browser, bool *confirmed, struct err *err) {
  struct err own = {0};
  char hash[SECRET_HASH_LEN + 1];
  hash_token(browser, hash);
  browser_find(db, hash, person, confirmed, &own);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool next_of_contact(struct db *db, const struct actor *owner, const struct signin_visit *visit, enum signin_step *step,
                            struct err *err) {
  struct err own = {0};
  bool confirmed = false, asks = round_confirms_browser(db, owner->institution, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  if (asks && !browser_is_confirmed(db, owner->person, visit->browser, &confirmed, err)) return false;
  *step = asks && !confirmed ? SIGNIN_CODE : SIGNIN_IN;
  return true;
}

bool signin_next_step(struct db *db, const struct actor *owner, const struct signin_visit *visit, enum signin_step *step,
                      struct err *err) {
  struct err own = {0};
  struct credential credential;
  *step = SIGNIN_IN;
  if (owner->role == ROLE_CONTACT) return next_of_contact(db, owner, visit, step, err);
  if (visit->staff_links) return true;
  struct arena *arena = arena_new();
  credential_find(db, owner->person, arena, &credential, &own);
  *step = credential.totp_ms != 0 ? SIGNIN_PASSWORD : SIGNIN_SET_UP;
  arena_free(arena);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- beginning a session */

static bool note(struct db *db, int64_t by, int64_t person, const char *kind, const char *detail, struct err *err) {
  char subject[40];
  snprintf(subject, sizeof subject, "person %" PRId64, person);
  return event_add(db, by, kind, subject, detail, err);
}

/* Whoever comes with another browser than before is noted, so that a person can find somebody else at their account. */
static bool remember_browser(struct db *db, const struct actor *owner, const struct signin_visit *visit, bool confirmed,
                             struct err *err) {
  struct err own = {0};
  char hash[SECRET_HASH_LEN + 1];
  bool was_confirmed;
  hash_token(visit->browser, hash);
  bool known = browser_find(db, hash, owner->person, &was_confirmed, &own);
  int64_t others = known ? 0 : browser_count(db, owner->person, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return browser_put(db, hash, owner->person, confirmed, err) &&
         (others == 0 || note(db, owner->person, owner->person, "new-browser", visit->words, err));
}

static bool add_session(struct db *db, const struct actor *owner, const char *words, char out[SECRET_TOKEN_LEN + 1],
                        struct err *err) {
  char hash[SECRET_HASH_LEN + 1];
  secret_token(out);
  hash_token(out, hash);
  return session_remove_unused(db, clock_now_ms() - SIGNIN_SESSION_MS, err) &&
         session_add(db, hash, owner->person, words, err) && note(db, owner->person, owner->person, "sign-in", "", err) &&
         (owner->institution == 0 || disposition_note_opened(db, owner->institution, err));
}

bool signin_begin(struct db *db, const struct actor *owner, const struct signin_visit *visit, bool confirmed,
                  char out[SECRET_TOKEN_LEN + 1], struct err *err) {
  return add_session(db, owner, visit->words, out, err) && remember_browser(db, owner, visit, confirmed, err);
}

bool signin_use_link(struct db *db, const char *link_token, const struct signin_visit *visit, enum signin_step *step,
                     char out[SECRET_TOKEN_LEN + 1], struct err *err) {
  struct arena *arena = arena_new();
  const struct actor *owner = signin_peek(db, link_token, arena, err);
  bool ok = owner != NULL && signin_next_step(db, owner, visit, step, err);
  out[0] = '\0';
  if (ok && *step == SIGNIN_IN) ok = signin_begin(db, owner, visit, false, out, err);
  arena_free(arena);
  return ok;
}

bool signin_start(struct db *db, const char *link_token, char out[SECRET_TOKEN_LEN + 1], struct err *err) {
  struct arena *arena = arena_new();
  const struct actor *owner = signin_peek(db, link_token, arena, err);
  bool ok = owner != NULL && add_session(db, owner, "", out, err);
  arena_free(arena);
  return ok;
}

/* False also when the session is over. */
static bool find_session(struct db *db, const char *token, char hash[SECRET_HASH_LEN + 1], struct stmt **stmt,
                         struct session *out, struct err *err) {
  hash_token(token, hash);
  if (!session_find(db, hash, stmt, out, err)) return false;
  int64_t now = clock_now_ms();
  return now - out->used_ms < SIGNIN_SESSION_MS && now - out->created_ms < SIGNIN_SESSION_MAX_MS;
}

struct actor *signin_actor(struct db *db, const char *session_token, struct arena *arena, struct err *err) {
  char hash[SECRET_HASH_LEN + 1];
  struct stmt *stmt;
  struct session session;
  bool found = find_session(db, session_token, hash, &stmt, &session, err);
  struct actor *actor = found ? make_actor(&session.person, hash, arena) : NULL;
  stmt_end(stmt);
  if (actor == NULL) err_set(err, ERR_NOT_FOUND, "this session is unknown or over");
  return actor;
}

bool signin_needs_touch(struct db *db, const char *session_token) {
  char hash[SECRET_HASH_LEN + 1];
  struct stmt *stmt;
  struct session session;
  bool found = find_session(db, session_token, hash, &stmt, &session, NULL);
  stmt_end(stmt);
  return found && clock_now_ms() - session.used_ms >= TOUCH_MS;
}

bool signin_touch(struct db *db, const char *session_token, struct err *err) {
  char hash[SECRET_HASH_LEN + 1];
  hash_token(session_token, hash);
  return session_touch(db, hash, err);
}

bool signin_end(struct db *db, const char *session_token, struct err *err) {
  char hash[SECRET_HASH_LEN + 1];
  hash_token(session_token, hash);
  return session_remove(db, hash, err);
}

bool signin_set_language(struct db *db, int64_t person, const char *language, struct err *err) {
  if (!text_is_language(language)) return err_set(err, ERR_INPUT, "the language is lv, en or ru");
  return person_set_language(db, person, language, err);
}

/* 0 with err when there is no such person. */
static int64_t find_person(struct db *db, const char *email, struct err *err) {
  struct arena *arena = arena_new();
  const char *address = email_normalize(email, arena, err);
  int64_t person = address != NULL ? person_find(db, address, err) : 0;
  if (address != NULL && person == 0) err_set(err, ERR_NOT_FOUND, "there is nobody with the e-mail address %s", address);
  arena_free(arena);
  return person;
}

int64_t signin_find_person(struct db *db, const char *email, const char *institution, struct err *err) {
  struct arena *arena = arena_new();
  struct person person;
  struct err own = {0};
  int64_t found = 0, wanted = institution != NULL ? institution_find(db, institution, &own) : 0;
  size_t count = 0;
  const char *address = own.code == ERR_NONE ? email_normalize(email, arena, &own) : NULL;
  struct stmt *stmt = address != NULL ? person_list_address(db, address) : NULL;
  while (stmt != NULL && person_next(stmt, &person, &own)) {
    if (institution != NULL && person.institution != wanted) continue;
    found = person.id;
    count++;
  }
  stmt_end(stmt);
  if (count > 1) err_set(&own, ERR_INPUT, "%s is the address of contacts of several institutions; say which with --institution", address);
  else if (address != NULL && count == 0) found = institution == NULL ? find_person(db, email, &own) : 0;
  if (found == 0) err_set(&own, ERR_NOT_FOUND, "there is nobody with the e-mail address %s", email);
  arena_free(arena);
  return own.code == ERR_NONE ? found : (err_set(err, own.code, "%s", own.text), 0);
}

bool signin_new_link_of(struct db *db, int64_t person, char out[SECRET_TOKEN_LEN + 1], struct err *err) {
  char hash[SECRET_HASH_LEN + 1];
  struct person_standing standing;
  if (!person_stand(db, person, &standing, err)) return err_set(err, ERR_NOT_FOUND, "there is no such person");
  if (standing.removed_ms != 0) return err_set(err, ERR_INPUT, "the person was removed; add the person again first");
  secret_token(out);
  hash_token(out, hash);
  return link_add(db, hash, person, err) && note(db, 0, person, "link-new", "", err);
}

bool signin_revoke(struct db *db, int64_t by, int64_t person, struct err *err) {
  return link_revoke_all(db, person, err) && session_remove_all(db, person, err) && browser_remove_all(db, person, err) &&
         note(db, by, person, "link-revoke", "", err);
}

bool signin_new_link(struct db *db, const char *email, char out[SECRET_TOKEN_LEN + 1], struct err *err) {
  int64_t person = find_person(db, email, err);
  return person != 0 && signin_new_link_of(db, person, out, err);
}

bool signin_revoke_links(struct db *db, const char *email, struct err *err) {
  int64_t person = find_person(db, email, err);
  return person != 0 && signin_revoke(db, 0, person, err);
}

/* ---- a contact of several institutions */

size_t signin_others(struct db *db, const struct actor *actor, struct arena *arena, const struct signin_other **out,
                     struct err *err) {
  enum { MOST = 50 };
  struct person person;
  size_t count = 0;
  struct signin_other *list = arena_array(arena, MOST, sizeof *list);
  *out = list;
  if (actor->role != ROLE_CONTACT) return 0;
  struct stmt *stmt = person_list_address(db, actor->email);
  while (count < MOST && person_next(stmt, &person, err)) {
    if (person.id == actor->person || person.role != ROLE_CONTACT) continue;
    list[count++] = (struct signin_other){person.id, arena_copy(arena, person.institution_name)};
  }
  stmt_end(stmt);
  return count;
}

bool signin_switch(struct db *db, const struct actor *actor, const char *session_token, int64_t person,
                   const struct signin_visit *visit, char out[SECRET_TOKEN_LEN + 1], struct err *err) {
  struct arena *arena = arena_new();
  const struct signin_other *others;
  enum signin_step step = SIGNIN_IN;
  bool confirmed = false;
  struct err own = {0};
  size_t count = signin_others(db, actor, arena, &others, &own), at = 0;
  while (at < count && others[at].person != person) at++;
  bool ok = own.code == ERR_NONE && (at < count || err_set(&own, ERR_NOT_FOUND, "no such institution of this contact"));
  const struct actor *other = ok ? signin_person(db, person, arena, &own) : NULL;
  ok = other != NULL && browser_is_confirmed(db, actor->person, visit->browser, &confirmed, &own) &&
       signin_next_step(db, other, visit, &step, &own);
  /* The address is the same, so a code that came there for one of them counts for both. */
  if (ok && step == SIGNIN_CODE && !confirmed) ok = err_set(&own, ERR_DENIED, "this browser is to be confirmed first");
  ok = ok && signin_end(db, session_token, &own) && signin_begin(db, other, visit, confirmed, out, &own);
  arena_free(arena);
  return ok || err_set(err, own.code, "%s", own.text);
}
