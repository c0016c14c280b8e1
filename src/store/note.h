/* What colleagues say to each other about a question. A note that was taken back stays, but no list shows it. */
#ifndef ANKETA_STORE_NOTE_H
#define ANKETA_STORE_NOTE_H

#include "store/db.h"

struct note {
  int64_t id;
  const char *text;
  int64_t person;
  const char *person_name;
  int64_t created_ms;
};

/* Those of a question, the oldest first; row is "" outside rosters. End with stmt_end. */
struct stmt *note_list(struct db *db, int64_t response, const char *question, const char *row);
bool note_next(struct stmt *stmt, struct note *out, struct err *err); /* strings until the next call */

/* How many there are for each question of a response that has any; end with stmt_end. */
struct note_count {
  const char *question, *row;
  int count;
};
struct stmt *note_counts(struct db *db, int64_t response);
bool note_next_count(struct stmt *stmt, struct note_count *out, struct err *err); /* strings until the next call */

/* Writer. The new note's id, 0 with err. */
int64_t note_add(struct db *db, int64_t response, const char *question, const char *row, int64_t person, const char *text,
                 struct err *err);
/* Writer. Takes back a note of this response that the person wrote; db_changes says whether there was one. */
bool note_remove(struct db *db, int64_t response, int64_t id, int64_t person, struct err *err);

#endif
