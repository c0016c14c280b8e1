#include "survey/nomination.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "mail/mail.h"
#include "store/event.h"
#include "store/frame.h"
#include "store/round.h"
#include "survey/frame.h"
#include "survey/frame_people.h"
#include "survey/people.h"
#include "survey/text.h"

#define DAY_MS INT64_C(86400000)
#define REASON_MAX 500

static bool note(struct db *db, int64_t by, const char *kind, int64_t institution, const char *detail, struct err *err) {
  struct arena *arena = arena_new();
  bool ok = event_add(db, by, kind, arena_printf(arena, "institution %" PRId64, institution), detail, err);
  arena_free(arena);
  return ok;
}

static struct stored_nomination copy(const struct stored_nomination *from, struct arena *arena) {
  struct stored_nomination to = *from;
  const char **texts[] = {&to.round, &to.institution_name, &to.name, &to.email, &to.phone, &to.position,
                          &to.language, &to.by, &to.reason, &to.wish, &to.remark};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) *texts[i] = arena_copy(arena, *texts[i]);
  return to;
}

static bool read_list(struct db *db, const char *round, int64_t institution, struct arena *arena, struct nomination_list *out,
                      struct err *err) {
  enum { MOST = 500 };
  struct stored_nomination stored;
  struct err own = {0};
  struct stored_nomination *list = arena_array(arena, MOST, sizeof *list);
  out->count = 0;
  struct stmt *stmt = nomination_list(db, round, institution);
  while (out->count < MOST && nomination_next(stmt, &stored, &own)) list[out->count++] = copy(&stored, arena);
  stmt_end(stmt);
  out->items = list;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- the institution's page */

static bool find_link(struct db *db, const char *token, struct arena *arena, const char **round, int64_t *institution,
                      struct err *err) {
  char hash[SECRET_HASH_LEN + 1];
  const char *id;
  struct stmt *stmt;
  struct err own = {0};
  secret_hash(token, strlen(token), hash);
  bool found = nomination_link_find(db, hash, &stmt, &id, institution, &own);
  if (found) *round = arena_copy(arena, id);
  stmt_end(stmt);
  if (found && frame_is_closed(db, *round, &own)) found = false;
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return found || err_set(err, ERR_NOT_FOUND, "this link is unknown or was revoked");
}

static void read_round(struct db *db, const char *language, struct arena *arena, struct nomination_page *out, struct err *err) {
  struct round round;
  struct stmt *stmt = round_list(db, language);
  while (round_next(stmt, &round, err)) {
    if (strcmp(round.id, out->round) != 0) continue;
    out->round_title = arena_copy(arena, round.title);
    out->deadline = arena_copy(arena, round.deadline);
  }
  stmt_end(stmt);
}

bool nomination_open(struct db *db, const char *token, const char *language, struct arena *arena, struct nomination_page *out,
                     struct err *err) {
  struct institution_of_round stored;
  struct stmt *stmt;
  struct err own = {0};
  *out = (struct nomination_page){.round_title = "", .deadline = "", .institution_name = "", .by = ""};
  if (!find_link(db, token, arena, &out->round, &out->institution, err)) return false;
  read_round(db, language, arena, out, &own);
  if (institution_get(db, out->institution, out->round, &stmt, &stored, &own))
    out->institution_name = arena_copy(arena, stored.institution.name);
  stmt_end(stmt);
  if (own.code == ERR_NONE) read_list(db, out->round, out->institution, arena, &out->list, &own);
  for (size_t i = 0; i < out->list.count && out->by[0] == '\0'; i++) out->by = out->list.items[i].by;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool is_refusal(const char *name) {
  for (int i = 0; frame_refusal(i) != NULL; i++) {
    if (strcmp(frame_refusal(i), name) == 0) return true;
  }
  return false;
}

/* The entry as it is to be stored, or what is wrong with it in itself. */
static enum nomination_fault clean(const struct nomination_entry *entry, struct arena *arena, struct stored_nomination *out) {
  const bool wishes = entry->wish[0] != '\0';
  struct frame_contact contact = {.name = entry->name, .email = entry->email, .phone = entry->phone, .language = entry->language};
  *out = (struct stored_nomination){.name = "", .email = "", .phone = "", .position = "", .language = "", .wish = "", .remark = ""};
  out->by = text_line(entry->by, PEOPLE_NAME_MAX, arena);
  if (out->by == NULL || out->by[0] == '\0') return NOMINATION_NO_BY;
  if (wishes) {
    out->wish = entry->wish;
    out->remark = text_lines(entry->remark, NOMINATION_REMARK_MAX, arena);
    return out->remark == NULL ? NOMINATION_BAD_REMARK : NOMINATION_OK;
  }
  switch (frame_contact_check(&contact, arena)) {
    case FRAME_PERSON_NO_NAME: return NOMINATION_NO_NAME;
    case FRAME_PERSON_BAD_EMAIL: return NOMINATION_BAD_EMAIL;
    case FRAME_PERSON_BAD_PHONE: return NOMINATION_BAD_PHONE;
    default: break;
  }
  out->position = text_line(entry->position, PEOPLE_NAME_MAX, arena);
  if (out->position == NULL) return NOMINATION_BAD_POSITION;
  out->name = contact.name;
  out->email = contact.email;
  out->phone = contact.phone;
  out->language = contact.language;
  out->responsible = entry->responsible;
  return NOMINATION_OK;
}

/* Takes part already, or waits to be decided; the same wish again is known too. */
static bool is_known(struct db *db, const struct stored_nomination *entry, struct arena *arena, struct err *err) {
  struct nomination_list list;
  struct frame_person person;
  struct stmt *stmt;
  bool known = false;
  if (!read_list(db, entry->round, entry->institution, arena, &list, err)) return false;
  for (size_t i = 0; i < list.count; i++) {
    const struct stored_nomination *other = &list.items[i];
    known = known || (other->decision == NOMINATION_WAITING && (entry->wish[0] != '\0' ? other->wish[0] != '\0'
                                                                                      : strcmp(other->email, entry->email) == 0));
  }
  if (entry->wish[0] == '\0' && !known) {
    known = frame_person(db, entry->email, entry->institution, &stmt, &person, err) && !person.removed;
    stmt_end(stmt);
  }
  return known;
}

bool nomination_send(struct db *db, const char *token, struct nomination_entry *entry, struct err *err) {
  struct arena *arena = arena_new();
  struct stored_nomination stored;
  struct err own = {0};
  const char *round;
  int64_t institution;
  bool ok = find_link(db, token, arena, &round, &institution, &own);
  if (ok && entry->wish[0] != '\0' && !is_refusal(entry->wish)) ok = err_set(&own, ERR_INPUT, "there is no reason \"%s\"", entry->wish);
  if (!ok) goto out;
  entry->fault = clean(entry, arena, &stored);
  if (entry->fault != NOMINATION_OK) goto out;
  stored.round = round;
  stored.institution = institution;
  bool wishes = stored.wish[0] != '\0';
  if (is_known(db, &stored, arena, &own)) entry->fault = NOMINATION_KNOWN;
  else if ((!wishes && nomination_count_waiting(db, round, institution, &own) >= NOMINATION_WAITING_MAX) ||
           nomination_count_since(db, round, institution, clock_now_ms() - DAY_MS, &own) >= NOMINATION_DAY_MAX)
    entry->fault = NOMINATION_TOO_MANY;
  ok = own.code == ERR_NONE;
  if (!ok || entry->fault != NOMINATION_OK) goto out;
  ok = nomination_add(db, &stored, &own) != 0 &&
       note(db, 0, wishes ? "nomination-wish" : "nomination", institution,
            wishes ? stored.remark : arena_printf(arena, "%s, %s", stored.name, stored.email), &own);
out:
  arena_free(arena);
  return ok || err_set(err, own.code, "%s", own.text);
}

bool nomination_withdraw(struct db *db, const char *token, int64_t id, struct err *err) {
  struct arena *arena = arena_new();
  struct stored_nomination stored = {.id = 0};
  struct stmt *stmt;
  struct err own = {0};
  const char *round;
  int64_t institution;
  const struct nomination_verdict verdict = {.decision = NOMINATION_TAKEN_BACK, .reason = ""};
  bool ok = find_link(db, token, arena, &round, &institution, &own);
  if (!ok) goto out;
  bool ours = nomination_get(db, id, &stmt, &stored, &own) && stored.institution == institution && strcmp(stored.round, round) == 0;
  const char *name = ours ? arena_copy(arena, stored.name) : "";
  stmt_end(stmt);
  if (!ours) ok = err_set(&own, ERR_NOT_FOUND, "no such nomination");
  else if (!nomination_decide(db, id, &verdict, &own)) ok = err_set(&own, ERR_CONFLICT, "it was decided meanwhile");
  ok = ok && note(db, 0, "nomination-back", institution, name, &own);
out:
  arena_free(arena);
  return ok || err_set(err, own.code, "%s", own.text);
}

/* ---- the coordinator */

static bool check_asked(struct db *db, const struct actor *actor, const char *round, int64_t institution, struct err *err) {
  struct arena *arena = arena_new();
  struct frame_standing standing = {.asked = false};
  bool ok = frame_standing(db, actor, round, institution, arena, &standing, err);
  arena_free(arena);
  return ok && (standing.asked || err_set(err, ERR_NOT_FOUND, "the round does not ask this institution"));
}

bool nomination_link_new(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                         char out[SECRET_TOKEN_LEN + 1], struct err *err) {
  char hash[SECRET_HASH_LEN + 1];
  if (!check_asked(db, actor, round, institution, err)) return false;
  secret_token(out);
  secret_hash(out, strlen(out), hash);
  return nomination_link_add(db, hash, round, institution, err) && note(db, actor->person, "nomination-link", institution, "", err);
}

bool nomination_links_revoke(struct db *db, const struct actor *actor, const char *round, int64_t institution, struct err *err) {
  return check_asked(db, actor, round, institution, err) && nomination_link_revoke(db, round, institution, err) &&
         note(db, actor->person, "nomination-revoke", institution, "", err);
}

static bool send_letter(struct db *db, const struct actor *actor, const char *round, int64_t institution, struct err *err) {
  struct arena *arena = arena_new();
  const struct mail_message message = {
      .kind = MAIL_NOMINATION,
      .institution = institution,
      .reason = arena_printf(arena, "nomination %s %" PRId64 " %d", round, institution, clock_riga_day(clock_now_ms())),
      .round = round,
  };
  bool ok = mail_put(db, &message, err) && note(db, actor->person, "nomination-letter", institution, "", err);
  arena_free(arena);
  return ok;
}

bool nomination_letter(struct db *db, const struct actor *actor, const char *round, int64_t institution, struct err *err) {
  return check_asked(db, actor, round, institution, err) && send_letter(db, actor, round, institution, err);
}

bool nomination_letters(struct db *db, const struct actor *actor, const char *round, int *count, struct err *err) {
  struct arena *arena = arena_new();
  struct frame_round known;
  struct frame_row row;
  struct err own = {0};
  size_t found = 0, cap = 0;
  int64_t *list = NULL;
  *count = 0;
  bool ok = frame_check(db, actor, round, arena, &known, &own);
  struct stmt *stmt = ok ? frame_page(db, round, "", 0, INT32_MAX) : NULL;
  while (ok && frame_next_row(stmt, &row, &own)) {
    if (row.contacts > 0 || row.email[0] == '\0' || !row.participates) continue;
    if (found == cap) {
      cap = cap > 0 ? cap * 2 : 128;
      int64_t *more = arena_array(arena, cap, sizeof *more);
      if (found > 0) memcpy(more, list, found * sizeof *more);
      list = more;
    }
    list[found++] = row.id;
  }
  if (stmt != NULL) stmt_end(stmt);
  for (size_t i = 0; own.code == ERR_NONE && i < found; i++) *count += send_letter(db, actor, round, list[i], &own);
  arena_free(arena);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool nomination_read(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                     struct nomination_list *out, struct err *err) {
  struct frame_round known;
  return frame_check(db, actor, round, arena, &known, err) && read_list(db, known.id, 0, arena, out, err);
}

/* One that waits, in the arena. */
static bool find_waiting(struct db *db, const struct actor *actor, int64_t id, struct arena *arena, struct stored_nomination *out,
                         struct err *err) {
  struct stored_nomination stored;
  struct stmt *stmt;
  struct err own = {0};
  if (!rights_allow(actor, ACTION_FRAME, 0)) return err_set(err, ERR_DENIED, "only who runs the round decides");
  bool found = nomination_get(db, id, &stmt, &stored, &own);
  if (found) *out = copy(&stored, arena);
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  if (!found) return err_set(err, ERR_NOT_FOUND, "no such nomination");
  return out->decision == NOMINATION_WAITING || err_set(err, ERR_CONFLICT, "it was decided already");
}

/* The contact it becomes; somebody with this address who came meanwhile is kept as they are. */
static bool make_contact(struct db *db, const struct actor *actor, const struct stored_nomination *nomination, bool invites,
                         struct arena *arena, int64_t *person, struct err *err) {
  struct frame_contact contact = {.name = nomination->name, .email = nomination->email, .phone = nomination->phone,
                                  .language = nomination->language};
  struct frame_person owner = {.id = 0};
  struct stmt *stmt;
  if (!frame_contact_add(db, actor, nomination->round, nomination->institution, invites, &contact, arena, err)) return false;
  *person = contact.person;
  if (contact.fault == FRAME_PERSON_TAKEN) {
    bool found = frame_person(db, nomination->email, nomination->institution, &stmt, &owner, err);
    *person = found ? owner.id : 0;
    stmt_end(stmt);
    contact.fault = FRAME_PERSON_OK;
    if (!found || (invites && !frame_contact_invite(db, actor, nomination->round, nomination->institution, *person, err))) return false;
  }
  if (contact.fault != FRAME_PERSON_OK) return err_set(err, ERR_INPUT, "the address belongs to somebody who runs the round");
  return !nomination->responsible ||
         frame_contact_name(db, actor, nomination->round, nomination->institution, *person, err);
}

bool nomination_approve(struct db *db, const struct actor *actor, int64_t id, bool invites, struct err *err) {
  struct arena *arena = arena_new();
  struct stored_nomination nomination;
  struct nomination_verdict verdict = {.decision = NOMINATION_APPROVED, .by = actor->person, .reason = ""};
  bool ok = find_waiting(db, actor, id, arena, &nomination, err);
  if (ok && nomination.wish[0] != '\0')
    ok = frame_set_part(db, actor, nomination.round, nomination.institution, nomination.wish, nomination.remark, err);
  else if (ok) ok = make_contact(db, actor, &nomination, invites, arena, &verdict.person, err);
  ok = ok && (nomination_decide(db, id, &verdict, err) || err_set(err, ERR_CONFLICT, "it was decided already")) &&
       note(db, actor->person, "nomination-approve", nomination.institution, nomination.name, err);
  arena_free(arena);
  return ok;
}

bool nomination_refuse(struct db *db, const struct actor *actor, int64_t id, const char *reason, struct err *err) {
  struct arena *arena = arena_new();
  struct stored_nomination nomination;
  const char *words = text_line(reason, REASON_MAX, arena);
  const struct nomination_verdict verdict = {.decision = NOMINATION_REFUSED, .by = actor->person, .reason = words};
  bool ok = find_waiting(db, actor, id, arena, &nomination, err);
  if (ok && (words == NULL || words[0] == '\0')) ok = err_set(err, ERR_INPUT, "a reason of at most %d characters", REASON_MAX);
  ok = ok && (nomination_decide(db, id, &verdict, err) || err_set(err, ERR_CONFLICT, "it was decided already")) &&
       note(db, actor->person, "nomination-refuse", nomination.institution, words, err);
  arena_free(arena);
  return ok;
}
