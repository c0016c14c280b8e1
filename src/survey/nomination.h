/* An institution names its contacts itself, on a page that a link of its own opens, without signing in; a coordinator
 * decides. The link's token is stored hashed, as personal links are. */
#ifndef ANKETA_SURVEY_NOMINATION_H
#define ANKETA_SURVEY_NOMINATION_H

#include "base/secret.h"
#include "store/nomination.h"
#include "survey/survey.h"

#define NOMINATION_WAITING_MAX 5 /* of one institution at once */
#define NOMINATION_DAY_MAX 20    /* sent by one institution within 24 hours */
#define NOMINATION_REMARK_MAX 1000

struct nomination_list {
  const struct stored_nomination *items; /* those that wait first */
  size_t count;
};

/* ---- the institution's page; ERR_NOT_FOUND: the link is unknown or revoked, or the round is closed */

struct nomination_page {
  const char *round, *round_title, *deadline; /* title in the language that was asked for */
  int64_t institution;
  const char *institution_name;
  struct nomination_list list;
  const char *by; /* who filled it in last, "" */
};
bool nomination_open(struct db *db, const char *token, const char *language, struct arena *arena, struct nomination_page *out,
                     struct err *err);

enum nomination_fault {
  NOMINATION_OK,
  NOMINATION_NO_BY,
  NOMINATION_NO_NAME,
  NOMINATION_BAD_EMAIL,
  NOMINATION_BAD_PHONE,
  NOMINATION_BAD_POSITION,
  NOMINATION_KNOWN,    /* takes part already, or was named and waits */
  NOMINATION_TOO_MANY,
  NOMINATION_BAD_REMARK
};

/* What the page sends: a contact, or with a wish (a refusal's name of frame.h) that the institution takes no part. */
struct nomination_entry {
  const char *by, *name, *position, *email, *phone, *language; /* as typed */
  bool responsible;
  const char *wish, *remark;   /* wish "": a contact */
  enum nomination_fault fault; /* out */
};

/* Writer. Nothing is stored when there is a fault. */
bool nomination_send(struct db *db, const char *token, struct nomination_entry *entry, struct err *err);
/* Writer. Takes back what waits. ERR_NOT_FOUND: not this institution's; ERR_CONFLICT: decided meanwhile. */
bool nomination_withdraw(struct db *db, const char *token, int64_t id, struct err *err);

/* ---- the coordinator */

/* Writer. A new link; earlier ones stay good. */
bool nomination_link_new(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                         char out[SECRET_TOKEN_LEN + 1], struct err *err);
/* Writer. None of the institution's links is good any more. */
bool nomination_links_revoke(struct db *db, const struct actor *actor, const char *round, int64_t institution, struct err *err);
/* Writer. Sends the letter with a link to the institution's official address, once a day at most. ERR_INPUT: it has none. */
bool nomination_letter(struct db *db, const struct actor *actor, const char *round, int64_t institution, struct err *err);
/* Writer. The same to all that take part, have an address and no contact; *count gets how many. */
bool nomination_letters(struct db *db, const struct actor *actor, const char *round, int *count, struct err *err);

bool nomination_read(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                     struct nomination_list *out, struct err *err);

/* Writer. Approving makes a contact (or keeps the one with this address, who came meanwhile), names the responsible one and
 * sends the personal link when it is wanted; a wish becomes that the institution takes no part. ERR_CONFLICT: decided already,
 * by whomever; ERR_INPUT: the address is of staff, or too long a reason. */
bool nomination_approve(struct db *db, const struct actor *actor, int64_t id, bool invites, struct err *err);
bool nomination_refuse(struct db *db, const struct actor *actor, int64_t id, const char *reason, struct err *err);

#endif
