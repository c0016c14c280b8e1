#include "survey/institution_card.h"

#include <string.h>

#include "store/contact.h"
#include "store/institution.h"
#include "store/round.h"
#include "store/stored_response.h"
#include "store/tally.h"
#include "store/timeline.h"
#include "survey/forms.h"

static bool read_round(struct db *db, const struct actor *actor, const char *id, struct institution_card *card,
                       struct arena *arena, struct err *err) {
  struct round round;
  struct stmt *stmt = round_list(db, actor->language);
  while (card->round == NULL && round_next(stmt, &round, err)) {
    if (id[0] != '\0' && strcmp(id, round.id) != 0) continue;
    card->round = arena_copy(arena, round.id);
    card->round_title = arena_copy(arena, round.title);
    card->deadline_ms = round.deadline_ms;
  }
  stmt_end(stmt);
  return card->round != NULL || err_set(err, ERR_NOT_FOUND, "there is no such round");
}

/* *responsible gets the person who answers for the responses, 0. */
static bool read_institution(struct db *db, struct institution_card *card, int64_t *responsible, struct arena *arena,
                             struct err *err) {
  struct stmt *stmt;
  struct institution_of_round found;
  bool ok = institution_get(db, card->institution, card->round, &stmt, &found, err);
  if (ok) {
    card->name = arena_copy(arena, found.institution.name);
    card->registration_number = arena_copy(arena, found.institution.registration_number);
    card->abbreviation = arena_copy(arena, found.institution.abbreviation);
    card->kind = arena_copy(arena, found.institution.kind);
    card->sector = arena_copy(arena, found.institution.sector);
    card->disposition = arena_copy(arena, found.status);
    card->comment = arena_copy(arena, found.comment);
    card->own_deadline = found.deadline_ms > 0;
    if (card->own_deadline) card->deadline_ms = found.deadline_ms;
    *responsible = found.responsible;
  }
  stmt_end(stmt);
  return ok || err_set(err, ERR_NOT_FOUND, "there is no such institution");
}

static bool read_people(struct db *db, struct institution_card *card, int64_t responsible, struct arena *arena,
                        struct err *err) {
  struct contact contact;
  struct card_person *list = NULL;
  size_t cap = 0;
  struct err own = {0};
  struct stmt *stmt = contact_list(db, card->institution);
  while (contact_next(stmt, &contact, &own)) {
    if (card->person_count == cap) {
      struct card_person *more = arena_array(arena, cap = cap > 0 ? cap * 2 : 8, sizeof *more);
      if (list != NULL) memcpy(more, list, card->person_count * sizeof *more);
      list = more;
    }
    list[card->person_count++] = (struct card_person){
        .name = arena_copy(arena, contact.name),
        .email = arena_copy(arena, contact.email),
        .phone = arena_copy(arena, contact.phone),
        .invited_by = arena_copy(arena, contact.invited_by),
        .since_ms = contact.created_ms,
        .removed_ms = contact.removed_ms,
        .signed_in_ms = contact.signed_in_ms,
        .responsible = contact.person == responsible,
    };
  }
  stmt_end(stmt);
  card->people = list;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* Sections come in any order and are put into the form's. */
static bool read_sections(struct db *db, struct card_response *response, struct arena *arena, struct err *err) {
  const struct form *form = response->form;
  struct sitting_section spent;
  struct err own = {0};
  struct card_section *sections = arena_array(arena, (size_t)form->section_count, sizeof *sections);
  struct stmt *stmt = sitting_sections(db, response->response);
  while (sitting_next_section(stmt, &spent, &own)) {
    int index = form_find_section(form, spent.section);
    if (index >= 0 && spent.active_ms > 0)
      sections[index] = (struct card_section){form->sections[index].id, spent.active_ms, (int)spent.people};
  }
  stmt_end(stmt);
  for (int i = 0; i < form->section_count; i++)
    if (sections[i].active_ms > 0) sections[response->section_count++] = sections[i];
  response->sections = sections;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool read_progress(struct db *db, struct card_response *response, struct arena *arena, struct err *err) {
  const struct form *form = response->form;
  struct tally_section stored;
  struct err own = {0};
  struct card_progress *list = arena_array(arena, (size_t)form->section_count, sizeof *list);
  bool *there = arena_array(arena, (size_t)form->section_count, sizeof *there);
  struct stmt *stmt = tally_sections_of(db, response->response);
  while (tally_next_section_of(stmt, &stored, &own)) {
    int index = form_find_section(form, stored.section);
    if (index < 0) continue;
    there[index] = stored.required > 0;
    list[index] = (struct card_progress){index, stored.required, stored.answered};
  }
  stmt_end(stmt);
  for (int i = 0; i < form->section_count; i++)
    if (there[i]) list[response->progress_count++] = list[i];
  response->progress = list;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool read_time(struct db *db, const struct stored_response *stored, struct card_response *response,
                      struct arena *arena, struct err *err) {
  response->active_ms = stored->active_ms;
  if (stored->active_ms == 0) return true;
  return sitting_total(db, stored->id, &response->total, err) &&
         sitting_average(db, stored->round, stored->questionnaire, &response->average, err) &&
         read_sections(db, response, arena, err);
}

static bool read_responses(struct db *db, struct institution_card *card, struct arena *arena, struct err *err) {
  struct stored_response stored;
  struct err own = {0};
  struct card_response *list = NULL;
  size_t cap = 0;
  struct stmt *stmt = stored_response_in_round(db, card->round, card->institution);
  while (own.code == ERR_NONE && stored_response_next(stmt, &stored, &own)) {
    if (card->response_count == cap) {
      struct card_response *more = arena_array(arena, cap = cap > 0 ? cap * 2 : 8, sizeof *more);
      if (list != NULL) memcpy(more, list, card->response_count * sizeof *more);
      list = more;
    }
    struct card_response *response = &list[card->response_count];
    *response = (struct card_response){
        .response = stored.id,
        .status = (enum response_status)stored.status,
        .disposition = (enum disposition)stored.disposition,
        .required = stored.required,
        .answered = stored.answered,
        .deadline_ms = stored.deadline_ms,
        .changed_ms = stored.changed_ms,
        .submitted_ms = stored.submitted_ms,
        .form = forms_get_hash(db, stored.version_id, stored.hash, &own),
    };
    if (response->form == NULL || !read_time(db, &stored, response, arena, &own) ||
        !read_progress(db, response, arena, &own)) break;
    card->response_count++;
  }
  stmt_end(stmt);
  card->responses = list;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

struct institution_card *institution_card_open(struct db *db, const struct actor *actor, int64_t institution,
                                               const char *round, struct arena *arena, struct err *err) {
  struct institution_card *card = arena_alloc(arena, sizeof *card);
  int64_t responsible = 0;
  card->institution = institution;
  if (!rights_allow(actor, ACTION_SEE_FIELD, institution)) {
    err_set(err, ERR_NOT_FOUND, "there is no such institution");
    return NULL;
  }
  bool ok = read_round(db, actor, round, card, arena, err) && read_institution(db, card, &responsible, arena, err) &&
            read_responses(db, card, arena, err) && read_people(db, card, responsible, arena, err);
  if (!ok) return NULL;
  for (size_t i = 0; i < card->person_count; i++) {
    const struct card_person *person = &card->people[i];
    if (person->removed_ms != 0) continue;
    bool better = card->call == NULL || person->responsible ||
                  (!card->call->responsible && card->call->phone[0] == '\0' && person->phone[0] != '\0');
    if (better) card->call = person;
  }
  struct err own = {0};
  card->contacted_ms = timeline_last_contact(db, institution, card->round, &own);
  if (own.code == ERR_NONE) return card;
  err_set(err, own.code, "%s", own.text);
  return NULL;
}
