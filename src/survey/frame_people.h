/* The contacts of an institution as a coordinator keeps them: who they are, their links, who answers for the responses. What
 * they do among themselves is people.h's. */
#ifndef ANKETA_SURVEY_FRAME_PEOPLE_H
#define ANKETA_SURVEY_FRAME_PEOPLE_H

#include "survey/survey.h"

enum frame_person_fault {
  FRAME_PERSON_OK,
  FRAME_PERSON_NO_NAME, /* or one that is too long */
  FRAME_PERSON_BAD_EMAIL,
  FRAME_PERSON_BAD_PHONE,
  FRAME_PERSON_TAKEN,   /* a contact of this institution has the address */
  FRAME_PERSON_IS_STAFF /* the address is of somebody who runs the round */
};

/* What a form has of a contact. */
struct frame_contact {
  const char *name, *email, *phone, *language; /* as typed; what was cleaned comes back in the arena */
  enum frame_person_fault fault;               /* out */
  int64_t person;                              /* out: who was added */
};

/* What is wrong with it in itself, apart from the store; then name, email, phone are cleaned. */
enum frame_person_fault frame_contact_check(struct frame_contact *contact, struct arena *arena);

/* All of these are a writer's. ERR_DENIED; ERR_NOT_FOUND: no contact of this institution, or one who was removed. Nothing
 * has changed when there is a fault; that is no error. */

/* A new contact, or one who was removed before and is back; invites: sends the personal link, too. */
bool frame_contact_add(struct db *db, const struct actor *actor, const char *round, int64_t institution, bool invites,
                       struct frame_contact *contact, struct arena *arena, struct err *err);
/* With another address the links to the old one are void. The same again changes nothing. */
bool frame_contact_change(struct db *db, const struct actor *actor, int64_t institution, int64_t person,
                          struct frame_contact *contact, struct arena *arena, struct err *err);
bool frame_contact_remove(struct db *db, const struct actor *actor, int64_t institution, int64_t person, struct err *err);
/* Names who answers for the responses of the round. */
bool frame_contact_name(struct db *db, const struct actor *actor, const char *round, int64_t institution, int64_t person,
                        struct err *err);
/* Sends a new personal link; two presses within a minute are one. */
bool frame_contact_invite(struct db *db, const struct actor *actor, const char *round, int64_t institution, int64_t person,
                          struct err *err);
/* All links of the person are void, and the sessions end. */
bool frame_contact_revoke(struct db *db, const struct actor *actor, int64_t institution, int64_t person, struct err *err);

/* A contact who takes part, for a form; ERR_NOT_FOUND. */
bool frame_contact_get(struct db *db, const struct actor *actor, int64_t institution, int64_t person, struct arena *arena,
                       struct frame_contact *out, struct err *err);

#endif
