/* A response as people work on it: opening, saving answers, roster rows, confirming soft checks, checking, submitting. */
#ifndef ANKETA_SURVEY_WORK_H
#define ANKETA_SURVEY_WORK_H

#include "survey/survey.h"

enum response_status { RESPONSE_NEW, RESPONSE_STARTED, RESPONSE_SUBMITTED };

/* One response at the workplace. */
struct work_item {
  int64_t response; /* id in addresses */
  const char *round, *questionnaire;
  int64_t version_id;
  const struct form *form;
  enum response_status status;
  int64_t deadline_ms;     /* end of the last day, local to Europe/Riga */
  int64_t submitted_ms;    /* 0 */
  const char *submitted_by;
  const char *receipt;     /* short code on the receipt, "" */
  int64_t revision;        /* grows with every change */
  const char *institution_name;
  int required, answered;  /* as of the last change */
  int64_t talk;            /* grows with every note, flag and assignment */
  bool responsible_submits;
  int64_t responsible;     /* person, 0: nobody was named */
  const char *previous;    /* the round whose answers stand beside the fields, "" */
  bool take_over;
  int64_t prior;           /* the institution's response in that round, 0: there is none */
  enum response_status prior_status;
  int64_t prior_revision, prior_deadline_ms;
};

/* The responses an actor may fill, in the round's order. Rounds hold a response per institution and questionnaire from
 * the start. */
size_t work_list(struct db *db, const struct actor *actor, struct arena *arena, const struct work_item **out,
                 struct err *err);

/* Who changed an answer and when; by question and row like the response. */
struct work_mark {
  int version;        /* 0: never answered */
  int64_t changed_ms;
  const char *person; /* name */
  int64_t person_id;
};

/* A soft check that somebody confirmed. Counts only while the message (its figures) is what was confirmed. */
struct work_confirmation {
  const char *check_key, *row, *message, *comment, *person;
  int64_t changed_ms;
};

struct work_answers; /* how the answers are stored: work_answers.h */

struct work {
  struct work_item item;
  int64_t institution;
  const char *institution_name;
  struct response *response;
  struct state *state;
  const struct work_confirmation *confirmations;
  size_t confirmation_count;
  bool editable; /* for this actor, now */
  struct work_answers *answers;
};

/* What stands above the answers, and whether the actor may change them: response and state are NULL. Costs one query.
 * work_fill adds the rest, inside the same snapshot. */
struct work *work_peek(struct db *db, const struct actor *actor, int64_t response_id, struct arena *arena,
                       struct err *err);
bool work_fill(struct db *db, struct work *work, struct arena *arena, struct err *err);

/* Everything about one response, with its state computed. */
struct work *work_open(struct db *db, const struct actor *actor, int64_t response_id, struct arena *arena,
                       struct err *err);
const struct work_mark *work_mark(const struct work *work, int question, int row);
bool work_confirmed(const struct work *work, const struct violation *violation);

/* What became of one entry. */
enum save_result {
  SAVE_DONE,      /* stored (also when it is the same as before) */
  SAVE_INVALID,   /* stored as typed, marked invalid: fault says why */
  SAVE_REFUSED,   /* not stored: nonsense that no form sends (unknown option, special not offered, bad UTF-8) */
  SAVE_CONFLICT   /* not stored: somebody changed it since `seen`, to another value */
};

struct save_entry {
  const char *question; /* id */
  const char *row;      /* row id, "" outside rosters */
  const char *const *values;
  size_t value_count;
  const char *special; /* "na", "nodata", "" */
  int seen;            /* the version the page showed */
  /* out */
  enum save_result result;
  enum typed_fault fault;
  int version;         /* the stored version now */
  int64_t changed_ms;
  const char *person;  /* who changed it last */
  const char *theirs;  /* SAVE_CONFLICT: what is stored now, as a person reads it; `theirs_entry` as a field shows it */
  const char *theirs_entry;   /* "" for a special */
  const char *theirs_special; /* "na", "nodata", "" */
};

/* Writer. Saves the entries that differ from what is stored; the whole call is one transaction but entries succeed or
 * conflict one by one. Fails as a whole only with ERR_DENIED, ERR_NOT_FOUND, ERR_LOCKED, ERR_SYSTEM, ERR_FULL. Also brings
 * the response's status, revision and progress counts up to date. Strings of the result live in the arena. */
bool work_save(struct db *db, const struct actor *actor, int64_t response_id, struct save_entry *entries, size_t count,
               struct arena *arena, struct err *err);

/* Writer. Roster rows. add returns the new row's id in the arena, NULL with err. Removing hides the row; its answers stay
 * in the store. */
const char *work_add_row(struct db *db, const struct actor *actor, int64_t response_id, const char *roster,
                         const char *label, struct arena *arena, struct err *err);
bool work_rename_row(struct db *db, const struct actor *actor, int64_t response_id, const char *roster, const char *row,
                     const char *label, struct err *err);
bool work_remove_row(struct db *db, const struct actor *actor, int64_t response_id, const char *roster, const char *row,
                     struct err *err);

/* Writer. Confirms a soft finding as it reads now (message in the original language) with a comment. */
bool work_confirm(struct db *db, const struct actor *actor, int64_t response_id, const char *check_key, const char *row,
                  const char *comment, struct err *err);

/* Writer. Check and submit in one transaction: ERR_INPUT when anything is missing, wrong or unconfirmed, ERR_CONFLICT
 * when `revision` (what the person read through) is not the current one. Locks the response and makes the receipt. */
bool work_submit(struct db *db, const struct actor *actor, int64_t response_id, int64_t revision, struct err *err);

/* Versions of one answer, newest first. */
struct work_past {
  int version;
  const char *value; /* as a person reads it, in the actor's language; "" when it was cleared */
  bool invalid;
  const char *person;
  int64_t changed_ms;
};
size_t work_history(struct db *db, const struct actor *actor, int64_t response_id, const char *question, const char *row,
                    struct arena *arena, const struct work_past **out, struct err *err);

#endif
