/* The log of calls and letters with an institution: what a coordinator writes down, often while still on the phone. */
#ifndef ANKETA_SURVEY_CONTACT_LOG_H
#define ANKETA_SURVEY_CONTACT_LOG_H

#include "store/contact_log.h"
#include "survey/survey.h"

#define CONTACT_TEXT_MAX 2000 /* characters */
#define CONTACT_NAME_MAX 200
#define CONTACT_KINDS 4
#define CONTACT_DAY_MAX 500   /* entries of a day that are shown */

enum contact_fault {
  CONTACT_OK,
  CONTACT_NO_TEXT,
  CONTACT_BAD_TEXT,
  CONTACT_BAD_NAME,
  CONTACT_BAD_KIND,
  CONTACT_NO_DATE,
  CONTACT_NO_TIME,
  CONTACT_FUTURE,
  CONTACT_FAR /* more than a year ago */
};

/* "call", "letter", "email", "meeting"; also the last part of its message's key, contact.NAME. */
const char *contact_kind_name(int kind);

struct contact_wish {
  const char *kind, *with_whom, *text; /* as typed; kind is a name */
  const char *date, *time;             /* "" both: now; a date alone: at noon; a time alone: today */
  bool incoming;
  enum contact_fault fault; /* out */
};

/* Writer. ERR_INPUT with a fault; ERR_NOT_FOUND when the round does not ask the institution. */
bool contact_log_put(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                     struct contact_wish *wish, struct err *err);
/* Writer. One's own; it stays in the store. */
bool contact_log_take_back(struct db *db, const struct actor *actor, int64_t id, struct err *err);

/* Of an institution in a round; of all on a day (days since 1970-01-01, in Riga). The newest first. */
size_t contact_log_read(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                        struct arena *arena, const struct contact_entry **out, struct err *err);
size_t contact_log_day(struct db *db, const struct actor *actor, int day, struct arena *arena,
                       const struct contact_entry **out, struct err *err);

#endif
