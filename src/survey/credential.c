#include "survey/credential.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/totp.h"
#include "store/browser.h"
#include "store/credential.h"
#include "store/event.h"
#include "store/person.h"
#include "store/session.h"
#include "survey/email.h"

#define SETTING_UP 's' /* the steps that a ticket is for */
#define SIGNING_IN 'p'

/* ---- tickets */

static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static char ticket_key[SECRET_TOKEN_LEN + 1]; /* in memory alone: who reads a backup can make no ticket */

static void make_key(void) { secret_token(ticket_key); }

static void sign_ticket(char step, int64_t person, int64_t made_ms, const char *password_hash, struct arena *arena,
                        char out[SECRET_HASH_LEN + 1]) {
  pthread_once(&key_once, make_key);
  secret_keyed_hash(ticket_key, arena_printf(arena, "%c.%" PRId64 ".%" PRId64 ".%s", step, person, made_ms, password_hash),
                    out);
}

static const char *make_ticket(char step, int64_t person, const char *password_hash, struct arena *arena) {
  char signature[SECRET_HASH_LEN + 1];
  int64_t now = clock_now_ms();
  sign_ticket(step, person, now, password_hash, arena, signature);
  return arena_printf(arena, "%c.%" PRId64 ".%" PRId64 ".%s", step, person, now, signature);
}

/* Whose it is, with their credential; 0 when it is not good (or on error: err set). */
static int64_t read_ticket(struct db *db, char step, const char *ticket, struct arena *arena, struct credential *out,
                           struct err *err) {
  char signature[SECRET_HASH_LEN + 1], *rest;
  if (ticket[0] != step || ticket[1] != '.') return 0;
  int64_t person = strtoll(ticket + 2, &rest, 10), now = clock_now_ms();
  int64_t made_ms = *rest == '.' ? strtoll(rest + 1, &rest, 10) : 0;
  if (*rest != '.' || made_ms > now || now - made_ms >= CREDENTIAL_TICKET_MS) return 0;
  if (!credential_find(db, person, arena, out, err)) return 0;
  sign_ticket(step, person, made_ms, out->password_hash, arena, signature);
  return secret_equal(rest + 1, signature) ? person : 0;
}

/* ---- */

static bool note(struct db *db, int64_t by, int64_t person, const char *kind, const char *detail, struct err *err) {
  char subject[40];
  snprintf(subject, sizeof subject, "person %" PRId64, person);
  return event_add(db, by, kind, subject, detail, err);
}

static void hash_code(int64_t person, const char *letters, char out[SECRET_HASH_LEN + 1]) {
  char owner[24];
  snprintf(owner, sizeof owner, "%" PRId64, person);
  secret_keyed_hash(owner, letters, out);
}

/* In place of those there were. */
static bool make_codes(struct db *db, int64_t person, struct credential_codes *out, struct err *err) {
  char letters[17], hash[SECRET_HASH_LEN + 1];
  bool ok = recovery_remove_all(db, person, err);
  for (int i = 0; ok && i < CREDENTIAL_CODES; i++) {
    secret_letters(16, letters);
    snprintf(out->code[i], sizeof out->code[i], "%.4s-%.4s-%.4s-%.4s", letters, letters + 4, letters + 8, letters + 12);
    hash_code(person, letters, hash);
    ok = recovery_add(db, person, hash, err);
  }
  return ok;
}

/* Without spaces and hyphens, in small letters. */
static const char *bare(const char *typed, struct arena *arena) {
  char *text = arena_copy(arena, typed), *to = text;
  for (const char *c = text; *c != '\0'; c++) {
    if (strchr(" -\t", *c) != NULL) continue;
    *to++ = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
  }
  *to = '\0';
  return text;
}

/* ---- setting up */

/* The owner of a link that is good for setting up; NULL with err. */
static struct actor *find_beginner(struct db *db, const char *link_token, struct arena *arena, struct err *err) {
  struct credential credential;
  struct err own = {0};
  struct actor *owner = signin_peek(db, link_token, arena, err);
  if (owner == NULL) return NULL;
  credential_find(db, owner->person, arena, &credential, &own);
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  else if (owner->role == ROLE_CONTACT) err_set(err, ERR_DENIED, "contacts sign in by their link");
  else if (credential.totp_ms != 0) err_set(err, ERR_DENIED, "this account is set up");
  else return owner;
  return NULL;
}

bool credential_choose(struct db *db, const char *link_token, const char *password_hash, struct arena *arena,
                       const char **ticket, struct err *err) {
  char secret[TOTP_SECRET_LEN + 1];
  const struct actor *owner = find_beginner(db, link_token, arena, err);
  if (owner == NULL) return false;
  totp_new_secret(secret);
  *ticket = make_ticket(SETTING_UP, owner->person, password_hash, arena);
  return credential_put_password(db, owner->person, password_hash, err) && credential_put_factor(db, owner->person, secret, err);
}

bool credential_offer(struct db *db, const char *link_token, const char *ticket, struct arena *arena,
                      struct credential_offer *out, struct err *err) {
  struct credential credential;
  struct buf label = {0};
  const struct actor *owner = find_beginner(db, link_token, arena, err);
  if (owner == NULL || read_ticket(db, SETTING_UP, ticket, arena, &credential, err) != owner->person) return false;
  for (const char *c = owner->email; *c != '\0'; c++) {
    bool plain = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || strchr("-_.~@", *c) != NULL;
    if (plain) buf_putc(&label, *c);
    else buf_printf(&label, "%%%02X", (unsigned char)*c);
  }
  out->email = owner->email;
  out->secret = credential.totp_secret;
  out->address = arena_printf(arena, "otpauth://totp/Anketa:%s?secret=%s&issuer=Anketa&algorithm=SHA1&digits=6&period=30",
                              buf_text(&label), out->secret);
  buf_free(&label);
  return true;
}

static bool finish(struct db *db, const struct actor *owner, const struct signin_visit *visit, int64_t step,
                   struct credential_entry *entry, struct credential_codes *codes, struct err *err) {
  return credential_use_step(db, owner->person, step, err) && make_codes(db, owner->person, codes, err) &&
         link_revoke_all(db, owner->person, err) && note(db, owner->person, owner->person, "account-set-up", "", err) &&
         signin_begin(db, owner, visit, true, entry->session, err);
}

bool credential_finish(struct db *db, const char *link_token, const struct signin_visit *visit, struct credential_entry *entry,
                       struct credential_codes *codes, struct err *err) {
  struct arena *arena = arena_new();
  struct credential credential;
  struct err own = {0};
  bool ok = false;
  entry->session[0] = '\0';
  const struct actor *owner = find_beginner(db, link_token, arena, &own);
  if (owner == NULL) goto out;
  int64_t person = read_ticket(db, SETTING_UP, entry->ticket, arena, &credential, &own);
  struct attempt attempt = {.network = visit->network, .person = owner->person};
  entry->fault = person == owner->person ? CREDENTIAL_GOOD : CREDENTIAL_STALE;
  if (own.code != ERR_NONE || entry->fault != CREDENTIAL_GOOD) goto out;
  entry->wait_ms = attempt_take(db, &attempt, &own);
  if (entry->wait_ms > 0) entry->fault = CREDENTIAL_WAIT;
  if (entry->wait_ms != 0) goto out;
  int64_t step = totp_find_step(credential.totp_secret, bare(entry->code, arena), clock_now_ms(), 0);
  if (step == 0) entry->fault = CREDENTIAL_WRONG;
  else ok = attempt_forgive(db, &attempt, &own) && finish(db, owner, visit, step, entry, codes, &own);
out:
  arena_free(arena);
  ok = ok || own.code == ERR_NONE;
  return ok || err_set(err, own.code, "%s", own.text);
}

/* ---- signing in */

bool credential_begin(struct db *db, struct credential_try *try, struct arena *arena, struct err *err) {
  struct err own = {0};
  struct credential credential = {.password_hash = ""};
  char hash[SECRET_HASH_LEN + 1];
  bool confirmed = false;
  const char *email = email_normalize(try->email, arena, NULL);
  if (email != NULL) try->person = person_find_staff(db, email, &own);
  if (try->person != 0) credential_find(db, try->person, arena, &credential, &own);
  if (credential.totp_ms != 0) try->hash = credential.password_hash;
  else try->person = 0;
  try->attempt = (struct attempt){.network = try->network, .address = email != NULL ? email : ""};
  secret_hash(try->browser, strlen(try->browser), hash);
  if (try->person != 0) browser_find(db, hash, try->person, &confirmed, &own);
  if (confirmed) try->attempt.browser = arena_copy(arena, hash);
  if (own.code == ERR_NONE) try->wait_ms = attempt_take(db, &try->attempt, &own);
  try->fault = try->wait_ms > 0 ? CREDENTIAL_WAIT : CREDENTIAL_GOOD;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool credential_begin_own(struct db *db, const struct actor *actor, struct credential_try *try, struct arena *arena,
                          struct err *err) {
  struct err own = {0};
  struct credential credential;
  credential_find(db, actor->person, arena, &credential, &own);
  if (own.code == ERR_NONE && credential.totp_ms == 0) err_set(&own, ERR_NOT_FOUND, "no password was set");
  try->person = actor->person;
  try->hash = credential.password_hash;
  try->attempt = (struct attempt){.network = try->network, .person = actor->person};
  if (own.code == ERR_NONE) try->wait_ms = attempt_take(db, &try->attempt, &own);
  try->fault = try->wait_ms > 0 ? CREDENTIAL_WAIT : CREDENTIAL_GOOD;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static pthread_once_t nobody_once = PTHREAD_ONCE_INIT;
static char nobodys_hash[SECRET_PASSWORD_LEN + 1];

static void make_nobodys_hash(void) {
  char token[SECRET_TOKEN_LEN + 1];
  secret_token(token);
  if (!secret_password_hash(token, nobodys_hash)) nobodys_hash[0] = '\0';
}

void credential_verify(struct credential_try *try, const char *password) {
  pthread_once(&nobody_once, make_nobodys_hash);
  bool same = secret_password_check(try->hash != NULL ? try->hash : nobodys_hash, password);
  try->right = same && try->hash != NULL;
}

bool credential_settle(struct db *db, struct credential_try *try, struct arena *arena, struct err *err) {
  try->fault = try->right ? CREDENTIAL_GOOD : CREDENTIAL_WRONG;
  if (try->right) {
    try->ticket = make_ticket(SIGNING_IN, try->person, try->hash, arena);
    return attempt_forgive(db, &try->attempt, err);
  }
  return try->person == 0 || note(db, 0, try->person, "sign-in-failed", try->network, err);
}

bool credential_knows(struct db *db, const char *ticket) {
  struct credential credential;
  struct arena *arena = arena_new();
  bool knows = read_ticket(db, SIGNING_IN, ticket, arena, &credential, NULL) != 0;
  arena_free(arena);
  return knows;
}

/* Whether it is the code of a step that was not used, or a recovery code that was not; uses it. */
static bool use_code(struct db *db, int64_t person, const struct credential *credential, const char *code,
                     struct credential_entry *entry, bool *right, struct err *err) {
  char hash[SECRET_HASH_LEN + 1];
  int64_t step = totp_find_step(credential->totp_secret, code, clock_now_ms(), credential->totp_step);
  *right = step != 0;
  if (step != 0) return credential_use_step(db, person, step, err);
  hash_code(person, code, hash);
  if (!recovery_use(db, person, hash, right, err)) return false;
  entry->recovered = *right;
  return !*right || note(db, person, person, "recovery-code", "", err);
}

static bool enter(struct db *db, int64_t person, const struct credential *credential, const struct signin_visit *visit,
                  struct credential_entry *entry, struct arena *arena, struct err *err) {
  struct attempt attempt = {.network = visit->network, .person = person};
  bool right;
  const struct actor *owner = signin_person(db, person, arena, err);
  if (owner == NULL) return false;
  entry->wait_ms = attempt_take(db, &attempt, err);
  if (entry->wait_ms > 0) entry->fault = CREDENTIAL_WAIT;
  if (entry->wait_ms != 0) return entry->wait_ms > 0;
  if (!use_code(db, person, credential, bare(entry->code, arena), entry, &right, err)) return false;
  if (!right) entry->fault = CREDENTIAL_WRONG;
  if (!right) return note(db, 0, person, "sign-in-failed", visit->network, err);
  entry->codes_left = recovery_count(db, person, err);
  return entry->codes_left >= 0 && attempt_forgive(db, &attempt, err) &&
         signin_begin(db, owner, visit, true, entry->session, err);
}

bool credential_enter(struct db *db, const struct signin_visit *visit, struct credential_entry *entry, struct err *err) {
  struct arena *arena = arena_new();
  struct credential credential;
  struct err own = {0};
  entry->session[0] = '\0';
  entry->fault = CREDENTIAL_GOOD;
  int64_t person = read_ticket(db, SIGNING_IN, entry->ticket, arena, &credential, &own);
  bool ok = own.code == ERR_NONE;
  if (ok && person == 0) entry->fault = CREDENTIAL_STALE;
  if (ok && person != 0) ok = enter(db, person, &credential, visit, entry, arena, &own);
  arena_free(arena);
  return ok || err_set(err, own.code, "%s", own.text);
}

/* ---- one's own */

bool credential_read(struct db *db, const struct actor *actor, struct credential_standing *out, struct err *err) {
  struct err own = {0};
  struct credential credential;
  struct arena *arena = arena_new();
  credential_find(db, actor->person, arena, &credential, &own);
  arena_free(arena);
  *out = (struct credential_standing){.set_up = credential.totp_ms != 0, .password_ms = credential.password_ms,
                                      .totp_ms = credential.totp_ms};
  if (own.code == ERR_NONE) out->codes_left = recovery_count(db, actor->person, &own);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool credential_change(struct db *db, const struct actor *actor, const char *password_hash, struct err *err) {
  return credential_put_password(db, actor->person, password_hash, err) &&
         session_remove_others(db, actor->person, actor->session_hash, err) &&
         note(db, actor->person, actor->person, "password", "", err);
}

bool credential_new_codes(struct db *db, const struct actor *actor, struct credential_codes *out, struct err *err) {
  return make_codes(db, actor->person, out, err) && note(db, actor->person, actor->person, "recovery-codes-new", "", err);
}

/* ---- others' */

bool credential_reset(struct db *db, int64_t by, int64_t person, struct err *err) {
  return credential_remove(db, person, err) && signin_revoke(db, by, person, err) &&
         note(db, by, person, "account-reset", "", err);
}

bool credential_reset_address(struct db *db, const char *email, struct err *err) {
  struct arena *arena = arena_new();
  struct err own = {0};
  const char *address = email_normalize(email, arena, &own);
  int64_t person = address != NULL ? person_find_staff(db, address, &own) : 0;
  if (own.code == ERR_NONE && person == 0) err_set(&own, ERR_NOT_FOUND, "no member of staff has the e-mail address %s", address);
  bool ok = own.code == ERR_NONE && credential_reset(db, 0, person, &own);
  arena_free(arena);
  return ok || err_set(err, own.code, "%s", own.text);
}
