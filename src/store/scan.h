/* Reading a whole round in constant memory: every response with its institution, and every answer, in one order.
 *
 * Both walks are sorted by response id, so a caller merges them: take a response, then its answers while the response id
 * is the same. Answers of a response come sorted by question id (bytes), then row id. Run inside db_begin (DB_READ) so
 * that both see the same moment.
 */
#ifndef ANKETA_STORE_SCAN_H
#define ANKETA_STORE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

enum answer_state { ANSWER_CLEARED = 0, ANSWER_VALUE = 1, ANSWER_NA = 2, ANSWER_NODATA = 3, ANSWER_INVALID = 4 };

struct scan_response {
  int64_t response, version_id;
  int64_t institution;
  const char *name, *registration_number, *abbreviation, *kind, *sector, *segments; /* segments: joined with ';' */
  const char *questionnaire_version;
  int status;             /* enum response_status of survey/work.h: 0 new, 1 started, 2 submitted */
  int64_t submitted_ms;   /* 0 */
  int64_t changed_ms;
  bool complete;          /* nothing stands in the way of submitting */
};

struct scan_answer {
  int64_t response;
  const char *question, *row; /* row "" outside rosters */
  enum answer_state state;
  const char *value; /* stored form; NULL unless ANSWER_VALUE or ANSWER_INVALID */
  size_t value_len;
};

struct scan_row { /* a roster row */
  int64_t response;
  const char *roster, *row, *label;
};

struct stmt *scan_responses(struct db *db, const char *round, const char *questionnaire);
bool scan_next_response(struct stmt *stmt, struct scan_response *out, struct err *err); /* strings until the next call */
struct stmt *scan_answers(struct db *db, const char *round, const char *questionnaire);
bool scan_next_answer(struct stmt *stmt, struct scan_answer *out, struct err *err);
/* By response, roster, position; rows that were removed are left out. */
struct stmt *scan_rows(struct db *db, const char *round, const char *questionnaire);
bool scan_next_row(struct stmt *stmt, struct scan_row *out, struct err *err);
/* End with stmt_end. Ids of questionnaire versions in use come with each response. */

#endif
