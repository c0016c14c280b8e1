/* Answers and their history. A version that is replaced goes to answer_past; nothing is ever lost. */
#ifndef ANKETA_STORE_ANSWER_H
#define ANKETA_STORE_ANSWER_H

#include "store/db.h"
#include "store/scan.h"

struct answer_row {
  const char *question;
  const char *row; /* "" outside rosters */
  int version;
  enum answer_state state;
  const char *value; /* NULL unless ANSWER_VALUE or ANSWER_INVALID */
  int64_t person;
  int64_t changed_ms;
  const char *person_name; /* answer_history only */
};

/* A response's answers as they are now, by question id (bytes) and row id; end with stmt_end. */
struct stmt *answer_list(struct db *db, int64_t response);
/* The same as they were at a moment: of each answer the newest version up to then. */
struct stmt *answer_list_at(struct db *db, int64_t response, int64_t at_ms);
bool answer_next(struct stmt *stmt, struct answer_row *out, struct err *err); /* strings until the next call */

/* All versions of one answer, newest first; end with stmt_end. */
struct stmt *answer_history(struct db *db, int64_t response, const char *question, const char *row);
bool answer_history_next(struct stmt *stmt, struct answer_row *out, struct err *err);

/* A version that was replaced; *stmt must be ended and owns the strings. False when there is none (or on error: err set). */
bool answer_find_past(struct db *db, int64_t response, const char *question, const char *row, int version,
                      struct stmt **stmt, struct answer_row *out, struct err *err);

/* Writer. Stores the version that follows answer->version - 1, which moves to the past; version 1 is a new answer. */
bool answer_put(struct db *db, int64_t response, const struct answer_row *answer, struct err *err);

#endif
