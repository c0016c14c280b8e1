#include "survey/confirm.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "mail/mail.h"
#include "store/browser.h"
#include "store/event.h"

#define FIGURES 6

static void hash_browser(const char *token, char out[SECRET_HASH_LEN + 1]) { secret_hash(token, strlen(token), out); }

/* The owner of a link who has to confirm the browser; NULL with err. */
static struct actor *find_owner(struct db *db, const char *link_token, const struct signin_visit *visit, struct arena *arena,
                                struct err *err) {
  enum signin_step step;
  struct actor *owner = signin_peek(db, link_token, arena, err);
  if (owner == NULL || !signin_next_step(db, owner, visit, &step, err)) return NULL;
  if (step == SIGNIN_CODE) return owner;
  err_set(err, ERR_NOT_FOUND, "no code is asked for here");
  return NULL;
}

static bool put_code(struct db *db, const struct actor *owner, const struct signin_visit *visit, struct arena *arena,
                     struct err *err) {
  char code[FIGURES + 1], code_hash[SECRET_HASH_LEN + 1], browser_hash[SECRET_HASH_LEN + 1], token[SECRET_TOKEN_LEN + 1];
  secret_figures(FIGURES, code);
  secret_keyed_hash(visit->browser, code, code_hash);
  hash_browser(visit->browser, browser_hash);
  secret_token(token);
  const struct mail_message message = {
      .kind = MAIL_CODE, .person = owner->person, .reason = arena_printf(arena, "code %s", token), .text = code};
  return one_time_code_put(db, owner->person, code_hash, browser_hash, err) && mail_put(db, &message, err) &&
         event_add(db, 0, "code-sent", arena_printf(arena, "person %" PRId64, owner->person), visit->words, err);
}

bool confirm_send(struct db *db, const char *link_token, const struct signin_visit *visit, int64_t *wait_ms, struct err *err) {
  struct arena *arena = arena_new();
  struct err own = {0};
  struct one_time_code sent;
  char browser_hash[SECRET_HASH_LEN + 1];
  *wait_ms = 0;
  const struct actor *owner = find_owner(db, link_token, visit, arena, &own);
  if (owner == NULL) goto out;
  hash_browser(visit->browser, browser_hash);
  bool waits = one_time_code_find(db, owner->person, "", browser_hash, &sent, &own) &&
               clock_now_ms() - sent.created_ms < CONFIRM_PAUSE_MS && sent.wrong < CONFIRM_TRIES;
  if (waits || own.code != ERR_NONE) goto out;
  const struct attempt attempt = {.code = owner->person};
  *wait_ms = attempt_take(db, &attempt, &own);
  if (*wait_ms == 0) put_code(db, owner, visit, arena, &own);
out:
  arena_free(arena);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* As typed, "123 456" or "123-456" too. */
static const char *figures_of(const char *typed, struct arena *arena) {
  char *text = arena_copy(arena, typed), *to = text;
  for (const char *c = text; *c != '\0'; c++)
    if (strchr(" -\t", *c) == NULL) *to++ = *c;
  *to = '\0';
  return text;
}

static bool let_in(struct db *db, const struct actor *owner, const struct signin_visit *visit, const struct attempt *attempt,
                   struct confirm_entry *entry, struct err *err) {
  const struct attempt sent = {.code = owner->person};
  return one_time_code_remove(db, owner->person, err) && attempt_forgive(db, attempt, err) &&
         attempt_forgive(db, &sent, err) && signin_begin(db, owner, visit, true, entry->session, err);
}

bool confirm_enter(struct db *db, const char *link_token, const struct signin_visit *visit, struct confirm_entry *entry,
                   struct err *err) {
  struct arena *arena = arena_new();
  struct err own = {0};
  struct one_time_code sent;
  char code_hash[SECRET_HASH_LEN + 1], browser_hash[SECRET_HASH_LEN + 1];
  entry->session[0] = '\0';
  entry->fault = CONFIRM_OVER;
  const struct actor *owner = find_owner(db, link_token, visit, arena, &own);
  if (owner == NULL) goto out;
  secret_keyed_hash(visit->browser, figures_of(entry->code, arena), code_hash);
  hash_browser(visit->browser, browser_hash);
  if (!one_time_code_find(db, owner->person, code_hash, browser_hash, &sent, &own)) goto out;
  if (sent.wrong >= CONFIRM_TRIES || clock_now_ms() - sent.created_ms >= CONFIRM_CODE_MS) goto out;
  const struct attempt attempt = {.network = visit->network};
  entry->wait_ms = attempt_take(db, &attempt, &own);
  if (entry->wait_ms > 0) entry->fault = CONFIRM_WAIT;
  if (entry->wait_ms != 0) goto out;
  entry->tries_left = CONFIRM_TRIES - 1 - sent.wrong;
  entry->fault = sent.fits ? CONFIRM_GOOD : entry->tries_left > 0 ? CONFIRM_WRONG : CONFIRM_OVER;
  if (sent.fits) let_in(db, owner, visit, &attempt, entry, &own);
  else one_time_code_count_wrong(db, owner->person, &own);
out:
  arena_free(arena);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}
