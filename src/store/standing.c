#include "store/standing.h"

#include "base/clock.h"
#include "store/tally.h"

/* Status: 0 new, 1 started, 2 submitted, 3 reopened, 4 partial. Who takes no part is that unless it has submitted all the
 * same; invitations and sign-ins are those of contacts, so they say nothing of what experts fill in. */
#define DISPOSITION \
  "(SELECT CASE" \
  "   WHEN response.status = 2 THEN 5" \
  "   WHEN response.status = 4 THEN CASE WHEN response.opened_ms > 0 THEN 7 ELSE 8 END" \
  "   WHEN m.participation = 1 THEN 8" \
  "   WHEN response.status = 3 THEN 6" \
  "   WHEN response.status = 1 THEN CASE WHEN response.complete = 1 THEN 4 ELSE 3 END" \
  "   WHEN q.filled_by <> 0 THEN 0" \
  "   WHEN m.opened_ms > 0 THEN 2" \
  "   WHEN m.invited_ms > 0 THEN 1" \
  "   ELSE 0 END" \
  "  FROM round_institution m, round_questionnaire q" \
  "  WHERE m.round = response.round" \
  "   AND m.institution = response.institution" \
  "   AND q.round = response.round" \
  "   AND q.questionnaire = response.questionnaire)"

bool standing_keep_response(struct db *db, int64_t response, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET disposition = " DISPOSITION
      " WHERE id = $1");
  stmt_bind_int(stmt, 1, response);
  return tally_response(db, response, TALLY_TAKE_OUT, err) && stmt_run(stmt, err) &&
         tally_response(db, response, TALLY_PUT_IN, err);
}

bool standing_keep_institution(struct db *db, const char *round, int64_t institution, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET disposition = " DISPOSITION
      " WHERE institution = $1"
      "  AND round = $2");
  stmt_bind_int(stmt, 1, institution);
  stmt_bind_text(stmt, 2, round);
  return tally_institution(db, institution, TALLY_TAKE_OUT, err) && stmt_run(stmt, err) &&
         tally_institution(db, institution, TALLY_PUT_IN, err);
}

bool standing_keep_everywhere(struct db *db, int64_t institution, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET disposition = " DISPOSITION
      " WHERE institution = $1");
  stmt_bind_int(stmt, 1, institution);
  return tally_institution(db, institution, TALLY_TAKE_OUT, err) && stmt_run(stmt, err) &&
         tally_institution(db, institution, TALLY_PUT_IN, err);
}

bool standing_keep_round(struct db *db, const char *round, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET disposition = " DISPOSITION
      " WHERE round = $1");
  stmt_bind_text(stmt, 1, round);
  return stmt_run(stmt, err) && tally_round(db, round, err);
}

bool standing_invited(struct db *db, const char *round, int64_t institution, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE round_institution"
      " SET invited_ms = $1"
      " WHERE round = $2"
      "  AND institution = $3"
      "  AND invited_ms = 0");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_text(stmt, 2, round);
  stmt_bind_int(stmt, 3, institution);
  return stmt_run(stmt, err);
}

bool standing_opened(struct db *db, int64_t institution, bool *changed, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE round_institution"
      " SET opened_ms = $1"
      " WHERE institution = $2"
      "  AND opened_ms = 0"
      "  AND round IN (SELECT id FROM round WHERE closed_ms = 0)"
      " RETURNING institution");
  struct err own = {0};
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_int(stmt, 2, institution);
  *changed = false;
  while (stmt_step(stmt, &own)) *changed = true;
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}
