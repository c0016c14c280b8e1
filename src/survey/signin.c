#include "survey/signin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/event.h"
#include "store/session.h"
#include "survey/email.h"
#include "survey/disposition.h"
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

static bool note_signin(struct db *db, int64_t person, struct err *err) {
  char subject[40];
  snprintf(subject, sizeof subject, "person %" PRId64, person);
  return event_add(db, person, "sign-in", subject, "", err);
}

bool signin_start(struct db *db, const char *link_token, char out[SECRET_TOKEN_LEN + 1], struct err *err) {
  char hash[SECRET_HASH_LEN + 1];
  struct arena *arena = arena_new();
  const struct actor *actor = signin_peek(db, link_token, arena, err);
  bool ok = actor != NULL;
  secret_token(out);
  hash_token(out, hash);
  ok = ok && session_remove_unused(db, clock_now_ms() - SIGNIN_SESSION_MS, err);
  ok = ok && session_add(db, hash, actor->person, err) && note_signin(db, actor->person, err);
  ok = ok && (actor->institution == 0 || disposition_note_opened(db, actor->institution, err));
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

static bool note_links(struct db *db, int64_t person, const char *kind, struct err *err) {
  char subject[40];
  snprintf(subject, sizeof subject, "person %" PRId64, person);
  return event_add(db, 0, kind, subject, "", err);
}

bool signin_new_link(struct db *db, const char *email, char out[SECRET_TOKEN_LEN + 1], struct err *err) {
  char hash[SECRET_HASH_LEN + 1];
  struct person_standing standing;
  int64_t person = find_person(db, email, err);
  if (person == 0 || !person_stand(db, person, &standing, err)) return false;
  if (standing.removed_ms != 0) return err_set(err, ERR_INPUT, "%s was removed; add the person again first", email);
  secret_token(out);
  hash_token(out, hash);
  return link_add(db, hash, person, err) && note_links(db, person, "link-new", err);
}

bool signin_revoke_links(struct db *db, const char *email, struct err *err) {
  int64_t person = find_person(db, email, err);
  if (person == 0) return false;
  return link_revoke_all(db, person, err) && session_remove_all(db, person, err) &&
         note_links(db, person, "link-revoke", err);
}
