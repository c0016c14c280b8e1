#include "survey/frame_people.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "mail/mail.h"
#include "store/event.h"
#include "store/frame.h"
#include "store/person.h"
#include "store/round.h"
#include "store/stored_response.h"
#include "survey/disposition.h"
#include "survey/email.h"
#include "survey/people.h"
#include "survey/signin.h"
#include "survey/text.h"

#define MINUTE_MS 60000

enum frame_person_fault frame_contact_check(struct frame_contact *contact, struct arena *arena) {
  const char *name = text_line(contact->name, PEOPLE_NAME_MAX, arena), *phone = text_line(contact->phone, PEOPLE_NAME_MAX, arena);
  const char *email = email_normalize(contact->email, arena, NULL);
  const char *language = contact->language;
  if (name == NULL || name[0] == '\0') return FRAME_PERSON_NO_NAME;
  if (email == NULL) return FRAME_PERSON_BAD_EMAIL;
  if (phone == NULL) return FRAME_PERSON_BAD_PHONE;
  contact->name = name;
  contact->email = email;
  contact->phone = phone;
  if (strcmp(language, "en") != 0 && strcmp(language, "ru") != 0) contact->language = "lv";
  return FRAME_PERSON_OK;
}

static bool may(const struct actor *actor, int64_t institution, struct err *err) {
  return rights_allow(actor, ACTION_FRAME, institution) || err_set(err, ERR_DENIED, "only who runs the round may do this");
}

static bool note(struct db *db, const struct actor *actor, const char *kind, int64_t person, const char *detail, struct err *err) {
  struct arena *arena = arena_new();
  bool ok = event_add(db, actor->person, kind, arena_printf(arena, "person %" PRId64, person), detail, err);
  arena_free(arena);
  return ok;
}

/* Whose the address is: of staff, of a contact of the institution (id and whether they were removed), of nobody. */
static bool find_owner(struct db *db, const char *email, int64_t institution, bool *staff, struct frame_person *owner,
                       struct err *err) {
  struct frame_person found;
  struct stmt *stmt;
  struct err own = {0};
  *staff = frame_person(db, email, 0, &stmt, &found, &own) && !found.removed;
  stmt_end(stmt);
  *owner = (struct frame_person){.id = 0};
  if (frame_person(db, email, institution, &stmt, &found, &own)) {
    owner->id = found.id;
    owner->removed = found.removed;
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool is_asked(struct db *db, const char *round, int64_t institution, struct err *err) {
  struct frame_participation standing;
  struct stmt *stmt;
  struct err own = {0};
  frame_participation(db, round, institution, &stmt, &standing, &own);
  bool asked = standing.asked;
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return asked || err_set(err, ERR_NOT_FOUND, "the round does not ask this institution");
}

static bool send_invitation(struct db *db, const struct actor *actor, const char *round, int64_t institution, int64_t person,
                            struct err *err) {
  struct arena *arena = arena_new();
  const struct mail_message message = {
      .kind = MAIL_INVITATION,
      .person = person,
      .reason = arena_printf(arena, "invitation %" PRId64 " %s %" PRId64, person, round, clock_now_ms() / MINUTE_MS),
      .round = round,
  };
  bool ok = mail_put(db, &message, err) && disposition_note_invited(db, round, institution, err) &&
            note(db, actor, "link-send", person, "", err);
  arena_free(arena);
  return ok;
}

bool frame_contact_add(struct db *db, const struct actor *actor, const char *round, int64_t institution, bool invites,
                       struct frame_contact *contact, struct arena *arena, struct err *err) {
  struct frame_person owner;
  bool staff;
  if (!may(actor, institution, err) || !is_asked(db, round, institution, err)) return false;
  contact->fault = frame_contact_check(contact, arena);
  if (contact->fault != FRAME_PERSON_OK) return true;
  if (!find_owner(db, contact->email, institution, &staff, &owner, err)) return false;
  contact->fault = staff ? FRAME_PERSON_IS_STAFF : owner.id != 0 && !owner.removed ? FRAME_PERSON_TAKEN : FRAME_PERSON_OK;
  if (contact->fault != FRAME_PERSON_OK) return true;
  const struct person person = {.email = contact->email, .name = contact->name, .phone = contact->phone,
                                .language = contact->language, .role = ROLE_CONTACT, .institution = institution};
  contact->person = person_put(db, &person, err);
  return contact->person != 0 && note(db, actor, "contact-add", contact->person, contact->email, err) &&
         (!invites || send_invitation(db, actor, round, institution, contact->person, err));
}

bool frame_contact_get(struct db *db, const struct actor *actor, int64_t institution, int64_t person, struct arena *arena,
                       struct frame_contact *out, struct err *err) {
  struct person_details stored;
  struct stmt *stmt;
  if (!may(actor, institution, err) || !people_find(db, person, institution, err)) return false;
  bool found = person_details(db, person, &stmt, &stored, err);
  if (found) {
    *out = (struct frame_contact){.name = arena_copy(arena, stored.name), .email = arena_copy(arena, stored.email),
                                  .phone = arena_copy(arena, stored.phone), .language = arena_copy(arena, stored.language)};
  }
  stmt_end(stmt);
  return found;
}

/* "Anna Liepa → Anna Bērziņa; 1 → 2" */
static const char *say_change(const struct frame_contact *old, const struct frame_contact *now, struct arena *arena) {
  const char *const pairs[][2] = {{old->name, now->name}, {old->email, now->email}, {old->phone, now->phone}, {old->language, now->language}};
  const char *text = "";
  for (size_t i = 0; i < 4; i++) {
    if (strcmp(pairs[i][0], pairs[i][1]) == 0) continue;
    text = arena_printf(arena, "%s%s%s → %s", text, text[0] != '\0' ? "; " : "", pairs[i][0][0] != '\0' ? pairs[i][0] : "–",
                        pairs[i][1][0] != '\0' ? pairs[i][1] : "–");
  }
  return text;
}

bool frame_contact_change(struct db *db, const struct actor *actor, int64_t institution, int64_t person,
                          struct frame_contact *contact, struct arena *arena, struct err *err) {
  struct frame_contact old;
  struct frame_person owner;
  bool staff;
  if (!frame_contact_get(db, actor, institution, person, arena, &old, err)) return false;
  contact->fault = frame_contact_check(contact, arena);
  if (contact->fault != FRAME_PERSON_OK) return true;
  bool moves = strcmp(old.email, contact->email) != 0;
  if (!find_owner(db, contact->email, institution, &staff, &owner, err)) return false;
  if (moves && (staff || owner.id != 0)) contact->fault = staff ? FRAME_PERSON_IS_STAFF : FRAME_PERSON_TAKEN;
  const char *detail = say_change(&old, contact, arena);
  if (contact->fault != FRAME_PERSON_OK || detail[0] == '\0') return true;
  const struct person now = {.id = person, .email = contact->email, .name = contact->name, .phone = contact->phone,
                             .language = contact->language};
  return person_set_contact(db, &now, err) && stored_response_rename(db, person, institution, err) &&
         (!moves || signin_revoke(db, actor->person, person, err)) &&
         note(db, actor, "contact-change", person, detail, err);
}

bool frame_contact_remove(struct db *db, const struct actor *actor, int64_t institution, int64_t person, struct err *err) {
  return may(actor, institution, err) && people_find(db, person, institution, err) && people_take_out(db, actor->person, person, err);
}

bool frame_contact_name(struct db *db, const struct actor *actor, const char *round, int64_t institution, int64_t person,
                        struct err *err) {
  return may(actor, institution, err) && is_asked(db, round, institution, err) && people_find(db, person, institution, err) &&
         round_set_responsible(db, round, institution, person, err) && note(db, actor, "responsible", person, round, err);
}

bool frame_contact_invite(struct db *db, const struct actor *actor, const char *round, int64_t institution, int64_t person,
                          struct err *err) {
  return may(actor, institution, err) && is_asked(db, round, institution, err) && people_find(db, person, institution, err) &&
         send_invitation(db, actor, round, institution, person, err);
}

bool frame_contact_revoke(struct db *db, const struct actor *actor, int64_t institution, int64_t person, struct err *err) {
  return may(actor, institution, err) && people_find(db, person, institution, err) && signin_revoke(db, actor->person, person, err);
}
