/* The contacts of one institution among themselves: who takes part, who invites whom, who answers for the responses. What
 * coordinators do with people is field.h's; signing in is signin.h's. */
#ifndef ANKETA_SURVEY_PEOPLE_H
#define ANKETA_SURVEY_PEOPLE_H

#include "survey/work.h"

#define PEOPLE_NAME_MAX 200       /* characters, of a phone number too */
#define PEOPLE_INVITATIONS_MAX 20 /* by one institution within 24 hours */

struct people_item {
  int64_t id;
  const char *email, *name, *phone;
  int64_t since_ms;
  int64_t signed_in_ms;   /* the last time, 0: never */
  const char *invited_by; /* name, "": staff */
  int64_t inviter;        /* 0: staff */
  bool self;              /* the actor */
  bool responsible;       /* answers for the responses of the latest round */
  bool removable;         /* by the actor */
};

struct people {
  const struct people_item *items; /* in the order in which they came */
  size_t count;
  bool named;     /* somebody is responsible */
  bool may_name;  /* the actor may name who is */
};

/* The actor's colleagues, the actor among them. ERR_DENIED for who is not a contact. */
bool people_list(struct db *db, const struct actor *actor, struct arena *arena, struct people *out, struct err *err);

/* Whether the person is a contact who takes part for the institution; ERR_NOT_FOUND. */
bool people_find(struct db *db, int64_t person, int64_t institution, struct err *err);

/* A section that was given to somebody, of a response that is not submitted. */
struct people_section {
  int64_t person, response;
  const struct form *form;
  int section;
};
size_t people_sections(struct db *db, const struct actor *actor, struct arena *arena, const struct people_section **out,
                       struct err *err);

enum people_fault {
  PEOPLE_OK,
  PEOPLE_NO_NAME,    /* or one that is too long */
  PEOPLE_BAD_EMAIL,
  PEOPLE_BAD_PHONE,
  PEOPLE_COLLEAGUE,  /* takes part already */
  PEOPLE_REFUSED,    /* somebody else's: neither whose nor why may be said */
  PEOPLE_TOO_MANY    /* PEOPLE_INVITATIONS_MAX are sent */
};

struct people_invitation {
  const char *name, *email, *phone, *language; /* as typed */
  /* out */
  enum people_fault fault;
  int64_t person; /* who was invited, 0 */
  bool back;      /* had been removed before */
};

/* Writer. Makes a contact of the actor's institution and tells them by mail. Nothing has changed when there is a fault.
 * ERR_DENIED for who is not a contact. */
bool people_invite(struct db *db, const struct actor *actor, struct people_invitation *invitation, struct err *err);

/* Writer. The person may not sign in any more, links and sessions are void, sections are free; what they did stays under
 * their name. The responsible contact may do that to everybody, who invited somebody to them, unless they have become
 * responsible; nobody to the last contact. ERR_NOT_FOUND: no colleague; ERR_DENIED. */
bool people_remove(struct db *db, const struct actor *actor, int64_t person, struct err *err);

/* Writer. Names who answers for the responses of the latest round: the responsible contact may, any contact while nobody
 * is. ERR_NOT_FOUND: no colleague; ERR_DENIED. */
bool people_name_responsible(struct db *db, const struct actor *actor, int64_t person, struct err *err);

/* Writer. The same for callers that know that it may be; actor 0: the command line. */
bool people_take_out(struct db *db, int64_t actor, int64_t person, struct err *err);

/* Writer; the command line: the same without asking who may. ERR_NOT_FOUND: nobody has this address; ERR_INPUT: not a
 * contact of an institution that a round asks. */
bool people_remove_address(struct db *db, const char *email, struct err *err);
bool people_name_person(struct db *db, int64_t person, struct err *err);
bool people_name_address(struct db *db, const char *email, struct err *err);

#endif
