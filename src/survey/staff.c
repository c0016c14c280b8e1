#include "survey/staff.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "mail/mail.h"
#include "store/browser.h"
#include "store/credential.h"
#include "store/event.h"
#include "store/person.h"
#include "store/session.h"
#include "survey/collate.h"
#include "survey/credential.h"
#include "survey/email.h"
#include "survey/text.h"

/* The event that says which role somebody was given. */
static const char *const role_events[ROLE_COUNT] = {
    [ROLE_COORDINATOR] = "role-coordinator",
    [ROLE_RESEARCHER] = "role-researcher",
    [ROLE_EXPERT] = "role-expert",
    [ROLE_ADMINISTRATOR] = "role-administrator",
};

static bool check_right(const struct actor *actor, struct err *err) {
  return rights_allow(actor, ACTION_ACCOUNTS, 0) || err_set(err, ERR_DENIED, "accounts are for administrators");
}

static bool note(struct db *db, const struct actor *actor, int64_t person, const char *kind, const char *detail,
                 struct err *err) {
  char subject[40];
  snprintf(subject, sizeof subject, "person %" PRId64, person);
  return event_add(db, actor->person, kind, subject, detail, err);
}

/* ---- looking */

static void copy_texts(struct staff_row *row, struct arena *arena) {
  row->email = arena_copy(arena, row->email);
  row->name = arena_copy(arena, row->name);
  row->language = arena_copy(arena, row->language);
  row->institution_name = arena_copy(arena, row->institution_name);
}

static bool has_text(const struct staff_row *row, const char *folded) {
  struct buf all = {0};
  collate_fold(row->name, &all);
  buf_putc(&all, '\n');
  buf_puts(&all, row->email);
  bool has = strstr(buf_text(&all), folded) != NULL;
  buf_free(&all);
  return has;
}

/* The rows with the text, "" any; ends the statement. */
static size_t collect(struct stmt *stmt, const char *folded, size_t most, struct arena *arena, const struct staff_row **out,
                      struct err *err) {
  struct staff_row row, *list = arena_array(arena, most, sizeof *list);
  size_t count = 0;
  while (count < most && staff_next(stmt, &row, err)) {
    if (!has_text(&row, folded)) continue;
    copy_texts(&row, arena);
    list[count++] = row;
  }
  stmt_end(stmt);
  *out = list;
  return count;
}

size_t staff_all(struct db *db, const struct actor *actor, struct arena *arena, const struct staff_row **out,
                 struct err *err) {
  enum { MOST = 1000 }; /* what a page shows of them */
  *out = NULL;
  return check_right(actor, err) ? collect(staff_list(db), "", MOST, arena, out, err) : 0;
}

size_t staff_find_contacts(struct db *db, const struct actor *actor, const char *text, struct arena *arena,
                           const struct staff_row **out, struct err *err) {
  struct buf folded = {0};
  *out = NULL;
  if (!check_right(actor, err)) return 0;
  const char *line = text_line(text, ACCOUNT_NAME_MAX, arena);
  if (line == NULL || line[0] == '\0') return 0;
  collate_fold(line, &folded);
  size_t count = collect(staff_contacts(db), buf_text(&folded), STAFF_FOUND_MAX, arena, out, err);
  buf_free(&folded);
  return count;
}

bool staff_get(struct db *db, const struct actor *actor, int64_t person, struct arena *arena, struct staff_row *out,
               struct err *err) {
  struct err own = {0};
  if (!check_right(actor, err)) return false;
  struct stmt *stmt = staff_one(db, person);
  bool found = staff_next(stmt, out, &own);
  if (found) copy_texts(out, arena);
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return found || err_set(err, ERR_NOT_FOUND, "there is no such person");
}

/* ---- changing */

/* A link to set up an account; a message for each time. */
static bool send_link(struct db *db, const struct actor *actor, int64_t person, enum mail_kind kind, struct err *err) {
  char token[SECRET_TOKEN_LEN + 1], reason[SECRET_TOKEN_LEN + 20];
  secret_token(token);
  snprintf(reason, sizeof reason, "account %s", token);
  const struct mail_message message = {.kind = kind, .person = person, .reason = reason, .inviter = actor->name};
  return mail_put(db, &message, err);
}

static bool is_staff_role(int role) { return role > ROLE_CONTACT && role < ROLE_COUNT; }

static bool check_new(struct db *db, struct staff_new *new, struct arena *arena, struct err *err) {
  struct err own = {0};
  new->name = text_line(new->name, ACCOUNT_NAME_MAX, arena);
  new->email = email_normalize(new->email, arena, NULL);
  new->fault = STAFF_GOOD;
  if (new->name == NULL || new->name[0] == '\0') new->fault = STAFF_BAD_NAME;
  else if (new->email == NULL) new->fault = STAFF_BAD_EMAIL;
  else if (!is_staff_role(new->role)) new->fault = STAFF_BAD_ROLE;
  else if (person_find_staff(db, new->email, &own) != 0) new->fault = STAFF_TAKEN;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool staff_add(struct db *db, const struct actor *actor, struct staff_new *new, struct err *err) {
  struct arena *arena = arena_new();
  struct staff_new clean = *new;
  bool ok = check_right(actor, err) && check_new(db, &clean, arena, err);
  new->fault = clean.fault;
  if (ok && clean.fault == STAFF_GOOD) {
    const struct person person = {.email = clean.email, .name = clean.name, .phone = "", .language = clean.language,
                                  .role = clean.role};
    new->person = person_put(db, &person, err);
    ok = new->person != 0 && credential_remove(db, new->person, err) && /* of one who had been removed */
         note(db, actor, new->person, "person", clean.email, err) &&
         note(db, actor, new->person, role_events[clean.role], "", err) && send_link(db, actor, new->person, MAIL_ACCOUNT, err);
  }
  arena_free(arena);
  return ok;
}

/* Whether the actor may take something from a member of staff; takes_administrator: they would be none any more. */
static bool check_target(struct db *db, const struct actor *actor, int64_t person, bool takes_administrator,
                         struct staff_row *out, enum staff_fault *fault, struct err *err) {
  struct arena *arena = arena_new();
  bool ok = staff_get(db, actor, person, arena, out, err);
  *fault = STAFF_GOOD;
  if (ok && out->institution != 0) ok = err_set(err, ERR_NOT_FOUND, "there is no such member of staff");
  if (ok && person == actor->person) *fault = STAFF_SELF;
  if (ok && *fault == STAFF_GOOD && takes_administrator && out->role == ROLE_ADMINISTRATOR) {
    int64_t others = staff_count_others(db, ROLE_ADMINISTRATOR, person, err);
    ok = others >= 0;
    if (others == 0) *fault = STAFF_LAST;
  }
  arena_free(arena);
  return ok;
}

bool staff_change_role(struct db *db, const struct actor *actor, int64_t person, int role, enum staff_fault *fault,
                       struct err *err) {
  struct staff_row row;
  if (!check_target(db, actor, person, role != ROLE_ADMINISTRATOR, &row, fault, err)) return false;
  if (*fault == STAFF_GOOD && !is_staff_role(role)) *fault = STAFF_BAD_ROLE;
  if (*fault != STAFF_GOOD || row.role == role) return true;
  return staff_set_role(db, person, role, err) && note(db, actor, person, role_events[role], "", err);
}

bool staff_remove(struct db *db, const struct actor *actor, int64_t person, enum staff_fault *fault, struct err *err) {
  struct staff_row row;
  if (!check_target(db, actor, person, true, &row, fault, err)) return false;
  if (*fault != STAFF_GOOD) return true;
  return person_remove(db, person, err) && credential_remove(db, person, err) && link_revoke_all(db, person, err) &&
         session_remove_all(db, person, err) && browser_remove_all(db, person, err) &&
         note(db, actor, person, "remove", "", err);
}

bool staff_reset(struct db *db, const struct actor *actor, int64_t person, enum staff_fault *fault, struct err *err) {
  struct staff_row row;
  if (!check_target(db, actor, person, false, &row, fault, err)) return false;
  if (*fault != STAFF_GOOD) return true;
  return credential_reset(db, actor->person, person, err) &&
         send_link(db, actor, person, row.totp_ms != 0 ? MAIL_RESET : MAIL_ACCOUNT, err);
}

/* ---- sessions */

size_t staff_sessions(struct db *db, const struct actor *actor, int64_t person, struct arena *arena,
                      const struct account_session **out, struct err *err) {
  const struct actor owner = {.person = person, .session_hash = actor->session_hash};
  *out = NULL;
  return check_right(actor, err) ? account_sessions(db, &owner, arena, out, err) : 0;
}

bool staff_end_sessions(struct db *db, const struct actor *actor, int64_t person, const char *id, struct err *err) {
  struct arena *arena = arena_new();
  struct staff_row row;
  bool ok = staff_get(db, actor, person, arena, &row, err) &&
            (id[0] != '\0' ? session_remove_one(db, person, id, err) : session_remove_all(db, person, err)) &&
            note(db, actor, person, "session-end-by", "", err);
  arena_free(arena);
  return ok;
}
