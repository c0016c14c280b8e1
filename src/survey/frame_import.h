/* Taking a list of institutions or contacts (frame_rows.h) over into a round: first what would change, then all of it or
 * nothing.
 *
 * An institution is found by its registration number; without one, or when the number is new, by its name. What is in no
 * column, or in an empty cell, stays as it is; institutions that are not in the file are left alone. A person is an address
 * at an institution: who works for two is in two rows. Somebody who was removed before is back. An institution that joins
 * after the round has opened is marked as included late. */
#ifndef ANKETA_SURVEY_FRAME_IMPORT_H
#define ANKETA_SURVEY_FRAME_IMPORT_H

#include "base/secret.h"
#include "survey/frame_rows.h"
#include "survey/survey.h"

struct frame_field {
  enum frame_column column;
  const char *before, *after; /* before "" of something new */
};

enum frame_change_kind {
  FRAME_INSTITUTION_NEW,     /* not known before */
  FRAME_INSTITUTION_JOINS,   /* known, but not asked in this round before */
  FRAME_INSTITUTION_CHANGED,
  FRAME_CONTACT_NEW,
  FRAME_CONTACT_BACK,        /* had been removed */
  FRAME_CONTACT_CHANGED
};

struct frame_change {
  enum frame_change_kind kind;
  int line;
  const char *name;        /* of the institution, of the contact */
  const char *institution; /* the contact's, "" */
  const char *email;       /* the contact's, "" */
  const struct frame_field *fields;
  size_t field_count;
};

struct frame_plan {
  const struct frame_change *changes; /* in the order of the file, institutions first */
  size_t count;
  int institutions_new, institutions_changed, institutions_same;
  int contacts_new, contacts_changed, contacts_same;
  const char *const *absent; /* names of institutions of the round that are not in the file; NULL for a file of contacts */
  size_t absent_count;
  char hash[SECRET_HASH_LEN + 1]; /* of all changes: while it is the same, nothing has happened meanwhile */
};

/* What the rows would change; faults that show beside the store are added to rows->problems, so a list is planned once.
 * The plan lives in the rows' arena. ERR_DENIED; ERR_NOT_FOUND: no such round; ERR_INPUT: not even a header. With problems
 * that are no warnings (rows->errors) the plan is only what can be said. */
bool frame_import_plan(struct db *db, const struct actor *actor, struct frame_rows *rows, const char *round,
                       struct frame_plan *plan, struct err *err);

/* Writer. Plans and does it. ERR_INPUT when rows->errors; ERR_CONFLICT when hash is not NULL and not the plan's, since
 * somebody has changed something meanwhile: nothing has happened then. source: what the book calls the file. */
bool frame_import_commit(struct db *db, const struct actor *actor, struct frame_rows *rows, const char *round, const char *hash,
                         const char *source, struct frame_plan *plan, struct err *err);

#endif
