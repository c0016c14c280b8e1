#include "survey/people.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/assignment.h"
#include "store/browser.h"
#include "store/event.h"
#include "store/person.h"
#include "store/round.h"
#include "store/session.h"
#include "store/stored_response.h"
#include "survey/email.h"
#include "survey/tell.h"
#include "survey/text.h"

#define DAY_MS INT64_C(86400000)

static bool check_contact(const struct actor *actor, struct err *err) {
  return rights_allow(actor, ACTION_COLLEAGUES, actor->institution) ||
         err_set(err, ERR_DENIED, "only contacts of an institution have colleagues");
}

static bool note(struct db *db, int64_t actor, const char *kind, int64_t person, const char *detail, struct err *err) {
  char subject[40];
  snprintf(subject, sizeof subject, "person %" PRId64, person);
  return event_add(db, actor, kind, subject, detail, err);
}

bool people_find(struct db *db, int64_t person, int64_t institution, struct err *err) {
  struct err own = {0};
  struct person_standing standing;
  bool found = person_stand(db, person, &standing, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  bool good = found && standing.role == ROLE_CONTACT && standing.removed_ms == 0 && standing.institution == institution;
  return good || err_set(err, ERR_NOT_FOUND, "there is no such contact of this institution");
}

/* Who answers for the institution in its latest round, 0: nobody; round gets its id in the arena, NULL when no round asks it.
 * False on error. */
static bool find_responsible(struct db *db, int64_t institution, struct arena *arena, const char **round,
                             int64_t *responsible, struct err *err) {
  struct err own = {0};
  struct stmt *stmt;
  const char *id;
  *round = NULL;
  *responsible = 0;
  if (round_of_institution(db, institution, &stmt, &id, responsible, &own)) *round = arena_copy(arena, id);
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- looking */

/* Nobody removes the last contact; only the responsible one the responsible one. */
static bool may_remove(int64_t actor, int64_t responsible, const struct people_item *item, size_t count) {
  return count > 1 && (actor == responsible || (!item->responsible && !item->self && item->inviter == actor));
}

bool people_list(struct db *db, const struct actor *actor, struct arena *arena, struct people *out, struct err *err) {
  struct err own = {0};
  struct colleague stored;
  const char *round;
  int64_t responsible;
  size_t cap = 0;
  struct people_item *list = NULL;
  *out = (struct people){.count = 0};
  if (!check_contact(actor, err)) return false;
  if (!find_responsible(db, actor->institution, arena, &round, &responsible, err)) return false;
  struct stmt *stmt = colleague_list(db, actor->institution);
  while (colleague_next(stmt, &stored, &own)) {
    if (out->count == cap) {
      cap = cap > 0 ? cap * 2 : 16;
      struct people_item *more = arena_array(arena, cap, sizeof *more);
      if (out->count > 0) memcpy(more, list, out->count * sizeof *more);
      list = more;
    }
    list[out->count++] = (struct people_item){
        .id = stored.id,
        .email = arena_copy(arena, stored.email),
        .name = arena_copy(arena, stored.name),
        .phone = arena_copy(arena, stored.phone),
        .since_ms = stored.since_ms,
        .signed_in_ms = stored.signed_in_ms,
        .invited_by = arena_copy(arena, stored.invited_by_name),
        .inviter = stored.invited_by,
        .self = stored.id == actor->person,
        .responsible = stored.id == responsible,
    };
  }
  stmt_end(stmt);
  for (size_t i = 0; i < out->count; i++)
    list[i].removable = may_remove(actor->person, responsible, &list[i], out->count);
  out->items = list;
  out->named = responsible != 0;
  out->may_name = round != NULL && (responsible == 0 || responsible == actor->person);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static const struct work_item *find_item(const struct work_item *items, size_t count, int64_t response) {
  for (size_t i = 0; i < count; i++) {
    if (items[i].response == response) return &items[i];
  }
  return NULL;
}

size_t people_sections(struct db *db, const struct actor *actor, struct arena *arena, const struct people_section **out,
                       struct err *err) {
  const struct work_item *items;
  struct assignment stored;
  struct err own = {0};
  size_t count = 0, cap = 0;
  *out = NULL;
  if (!check_contact(actor, err)) return 0;
  size_t item_count = work_list(db, actor, arena, &items, &own);
  for (size_t i = 0; i < item_count; i++) cap += (size_t)items[i].form->section_count;
  struct people_section *list = arena_array(arena, cap, sizeof *list);
  struct stmt *stmt = assignment_of_institution(db, actor->institution);
  while (own.code == ERR_NONE && count < cap && assignment_next(stmt, &stored, &own)) {
    const struct work_item *item = find_item(items, item_count, stored.response);
    int section = item != NULL ? form_find_section(item->form, stored.section) : -1;
    if (section < 0 || item->locked) continue;
    list[count++] = (struct people_section){stored.person, stored.response, item->form, section};
  }
  stmt_end(stmt);
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  *out = list;
  return own.code == ERR_NONE ? count : 0;
}

/* ---- inviting */

/* What of the typed texts is no good, and the good ones in their place. */
static enum people_fault clean(struct people_invitation *invitation, struct arena *arena) {
  invitation->name = text_line(invitation->name, PEOPLE_NAME_MAX, arena);
  invitation->phone = text_line(invitation->phone, PEOPLE_NAME_MAX, arena);
  invitation->email = email_normalize(invitation->email, arena, NULL);
  if (invitation->name == NULL || invitation->name[0] == '\0') return PEOPLE_NO_NAME;
  if (invitation->email == NULL) return PEOPLE_BAD_EMAIL;
  return invitation->phone == NULL ? PEOPLE_BAD_PHONE : PEOPLE_OK;
}

/* Whether the owner of the address, if there is one, may be invited to the institution. */
static enum people_fault check_owner(bool found, const struct person_standing *owner, int64_t institution) {
  if (!found) return PEOPLE_OK;
  if (owner->role != ROLE_CONTACT || owner->institution != institution) return PEOPLE_REFUSED;
  return owner->removed_ms == 0 ? PEOPLE_COLLEAGUE : PEOPLE_OK;
}

static bool add_contact(struct db *db, const struct actor *actor, struct people_invitation *invitation, struct err *err) {
  struct person person = {
      .email = invitation->email,
      .name = invitation->name,
      .phone = invitation->phone,
      .language = invitation->language,
      .role = ROLE_CONTACT,
      .institution = actor->institution,
  };
  invitation->person = person_put(db, &person, err);
  return invitation->person != 0 && person_set_invited_by(db, invitation->person, actor->person, err) &&
         note(db, actor->person, "invite", invitation->person, invitation->email, err) &&
         tell_invited(db, actor, invitation->person, err);
}

/* Finds out what speaks against it, before anything changes. */
static bool check_invitation(struct db *db, const struct actor *actor, struct people_invitation *invitation,
                             struct arena *arena, struct err *err) {
  struct err own = {0};
  struct person_standing owner = {.role = ROLE_CONTACT};
  invitation->fault = clean(invitation, arena);
  if (invitation->fault != PEOPLE_OK) return true;
  if (!text_is_language(invitation->language)) return err_set(err, ERR_INPUT, "the language is lv, en or ru");
  int64_t id = person_find(db, invitation->email, &own);
  bool found = id != 0 && person_stand(db, id, &owner, &own);
  invitation->back = found;
  invitation->fault = check_owner(found, &owner, actor->institution);
  int64_t sent = own.code == ERR_NONE
      ? colleague_count_invitations(db, actor->institution, clock_now_ms() - DAY_MS, &own) : 0;
  if (invitation->fault != PEOPLE_COLLEAGUE && sent >= PEOPLE_INVITATIONS_MAX) invitation->fault = PEOPLE_TOO_MANY;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool people_invite(struct db *db, const struct actor *actor, struct people_invitation *invitation, struct err *err) {
  struct arena *arena = arena_new();
  struct people_invitation clean_one = *invitation;
  bool ok = check_contact(actor, err) && check_invitation(db, actor, &clean_one, arena, err) &&
            (clean_one.fault != PEOPLE_OK || add_contact(db, actor, &clean_one, err));
  invitation->fault = clean_one.fault;
  invitation->person = clean_one.person;
  invitation->back = clean_one.back && clean_one.fault == PEOPLE_OK;
  arena_free(arena);
  return ok;
}

/* ---- removing */

bool people_take_out(struct db *db, int64_t actor, int64_t person, struct err *err) {
  return stored_response_talk_assigned(db, person, err) && assignment_remove_all(db, person, err) &&
         round_clear_responsible(db, person, err) && person_remove(db, person, err) &&
         link_revoke_all(db, person, err) && session_remove_all(db, person, err) && browser_remove_all(db, person, err) &&
         note(db, actor, "remove", person, "", err);
}

bool people_remove(struct db *db, const struct actor *actor, int64_t person, struct err *err) {
  struct arena *arena = arena_new();
  struct people people;
  bool ok = false;
  if (!people_list(db, actor, arena, &people, err)) goto out;
  for (size_t i = 0; i < people.count; i++) {
    if (people.items[i].id != person) continue;
    ok = people.items[i].removable ? people_take_out(db, actor->person, person, err)
                                   : err_set(err, ERR_DENIED, "you may not remove this contact");
    goto out;
  }
  err_set(err, ERR_NOT_FOUND, "there is no such contact of this institution");
out:
  arena_free(arena);
  return ok;
}

/* ---- who answers for the responses */

bool people_name_responsible(struct db *db, const struct actor *actor, int64_t person, struct err *err) {
  struct arena *arena = arena_new();
  const char *round;
  int64_t responsible;
  bool ok = false;
  if (!check_contact(actor, err) || !people_find(db, person, actor->institution, err)) goto out;
  if (!find_responsible(db, actor->institution, arena, &round, &responsible, err)) goto out;
  if (round == NULL || (responsible != 0 && responsible != actor->person)) {
    err_set(err, ERR_DENIED, "you may not name who is responsible");
    goto out;
  }
  ok = round_set_responsible(db, round, actor->institution, person, err) &&
       note(db, actor->person, "responsible", person, round, err);
out:
  arena_free(arena);
  return ok;
}

/* ---- the command line */

/* The id of the person with this address, who has not been removed; 0 with err. */
static int64_t find_address(struct db *db, const char *email, struct person_standing *out, struct err *err) {
  struct arena *arena = arena_new();
  struct err own = {0};
  const char *address = email_normalize(email, arena, &own);
  int64_t person = address != NULL ? person_find(db, address, &own) : 0;
  bool found = person != 0 && person_stand(db, person, out, &own) && out->removed_ms == 0;
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  else if (!found) err_set(err, ERR_NOT_FOUND, "nobody who takes part has the e-mail address %s", address);
  arena_free(arena);
  return found ? person : 0;
}

bool people_remove_address(struct db *db, const char *email, struct err *err) {
  struct person_standing standing;
  int64_t person = find_address(db, email, &standing, err);
  return person != 0 && people_take_out(db, 0, person, err);
}

bool people_name_person(struct db *db, int64_t person, struct err *err) {
  struct arena *arena = arena_new();
  struct person_standing standing = {.role = ROLE_CONTACT};
  const char *round = NULL;
  int64_t responsible;
  bool ok = person_stand(db, person, &standing, err) && find_responsible(db, standing.institution, arena, &round, &responsible, err);
  if (ok && (standing.role != ROLE_CONTACT || round == NULL)) {
    ok = err_set(err, ERR_INPUT, "only a contact of an institution that a round asks can be responsible");
  }
  ok = ok && round_set_responsible(db, round, standing.institution, person, err) &&
       note(db, 0, "responsible", person, round, err);
  arena_free(arena);
  return ok;
}

bool people_name_address(struct db *db, const char *email, struct err *err) {
  struct person_standing standing;
  int64_t person = find_address(db, email, &standing, err);
  return person != 0 && people_name_person(db, person, err);
}
