/* An institution's authority for a coordinator to enter and correct answers in its name: who gave it, how, for whom. It holds
 * until somebody ends it, the institution's contacts too, or the round is closed. What a coordinator may change with it is
 * decided where a response is opened (survey/work.h). */
#ifndef ANKETA_SURVEY_AUTHORITY_H
#define ANKETA_SURVEY_AUTHORITY_H

#include "store/authority.h"
#include "survey/work.h"

#define AUTHORITY_NAME_MAX 100     /* characters */
#define AUTHORITY_DOCUMENT_MAX 300
#define AUTHORITY_ENTRIES_MAX 500

enum authority_fault {
  AUTHORITY_OK,
  AUTHORITY_NO_PERSON, /* nobody, or no coordinator */
  AUTHORITY_HOLDS,     /* the coordinator has one already */
  AUTHORITY_BAD_NAME,
  AUTHORITY_BAD_POSITION,
  AUTHORITY_BAD_DOCUMENT
};

struct authority_wish {
  int64_t person;                        /* the coordinator */
  const char *name, *position, *document; /* as typed: who gave it, what they are there, how */
  bool may_submit;
  enum authority_fault fault; /* out */
};

/* Writer. ERR_INPUT with a fault; ERR_LOCKED when the round is closed. The contacts get a mail. */
bool authority_put(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                   struct authority_wish *wish, struct err *err);

/* Writer. For coordinators and the institution's contacts. ERR_NOT_FOUND also when it has ended. */
bool authority_stop(struct db *db, const struct actor *actor, int64_t id, struct err *err);
/* Writer. The round is being closed: all that hold end. */
bool authority_stop_round(struct db *db, const char *round, struct err *err);

/* Those of an institution in a round, the newest first; for who sees the field and the institution's contacts. */
size_t authority_read(struct db *db, const struct actor *actor, const char *round, int64_t institution,
                      struct arena *arena, const struct authority **out, struct err *err);

/* Coordinators who can be given one. */
struct authority_person {
  int64_t person;
  const char *name;
};
size_t authority_people(struct db *db, const struct actor *actor, struct arena *arena,
                        const struct authority_person **out, struct err *err);

/* One of them, with what was entered on it, the newest first; *cut: there is more. */
struct authority_change {
  int64_t response;
  const struct form *form;
  int question; /* -1: not in the form any more */
  const char *question_id, *row, *value; /* value "": cleared */
  int64_t changed_ms;
};
bool authority_open(struct db *db, const struct actor *actor, int64_t id, struct arena *arena, struct authority *out,
                    const struct authority_change **changes, size_t *count, bool *cut, struct err *err);

#endif
