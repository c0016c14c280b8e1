#include "store/misfit.h"

#include "base/clock.h"

bool misfit_add(struct db *db, int64_t response, const struct misfit *misfit, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO misfit (correction_id, response_id, question, row_id, version, fault, settled_ms)"
      " VALUES ($1, $2, $3, $4, $5, $6, 0)"
      " ON CONFLICT (correction_id, response_id, question, row_id) DO NOTHING");
  stmt_bind_int(stmt, 1, misfit->correction);
  stmt_bind_int(stmt, 2, response);
  stmt_bind_text(stmt, 3, misfit->question);
  stmt_bind_text(stmt, 4, misfit->row);
  stmt_bind_int(stmt, 5, misfit->version);
  stmt_bind_text(stmt, 6, misfit->fault);
  return stmt_run(stmt, err);
}

struct stmt *misfit_list(struct db *db, int64_t response) {
  struct stmt *stmt = db_query(db,
      "SELECT m.correction_id, m.question, m.row_id, m.version, m.fault, c.old_version, c.new_version, c.created_ms,"
      "  coalesce(a.state, p.state, 0), coalesce(a.value, p.value), c.note"
      " FROM misfit m"
      " JOIN correction c ON c.id = m.correction_id"
      " LEFT JOIN answer a ON a.response_id = m.response_id AND a.question = m.question AND a.row_id = m.row_id"
      "  AND a.version = m.version"
      " LEFT JOIN answer_past p ON p.response_id = m.response_id AND p.question = m.question AND p.row_id = m.row_id"
      "  AND p.version = m.version"
      " WHERE m.response_id = $1"
      "  AND m.settled_ms = 0"
      " ORDER BY m.question, m.row_id, m.correction_id DESC");
  stmt_bind_int(stmt, 1, response);
  return stmt;
}

bool misfit_next(struct stmt *stmt, struct misfit *out, struct err *err) {
  enum { CORRECTION, QUESTION, ROW, VERSION, FAULT, OLD_VERSION, NEW_VERSION, CREATED_MS, STATE, TEXT, NOTE };
  if (!stmt_step(stmt, err)) return false;
  out->correction = stmt_int(stmt, CORRECTION);
  out->question = stmt_text(stmt, QUESTION);
  out->row = stmt_text(stmt, ROW);
  out->version = (int)stmt_int(stmt, VERSION);
  out->fault = stmt_text(stmt, FAULT);
  out->old_version = stmt_int(stmt, OLD_VERSION);
  out->new_version = stmt_int(stmt, NEW_VERSION);
  out->created_ms = stmt_int(stmt, CREATED_MS);
  out->state = (enum answer_state)stmt_int(stmt, STATE);
  out->value = stmt_text(stmt, TEXT);
  out->note = stmt_text(stmt, NOTE);
  return true;
}

bool misfit_settle(struct db *db, int64_t response, const char *question, const char *row, unsigned about,
                   struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE misfit"
      " SET settled_ms = $1"
      " WHERE response_id = $2"
      "  AND question = $3"
      "  AND row_id = $4"
      "  AND settled_ms = 0"
      "  AND CASE WHEN fault IN ('changed', 'new') THEN $5 ELSE $6 END = 1");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_int(stmt, 2, response);
  stmt_bind_text(stmt, 3, question);
  stmt_bind_text(stmt, 4, row);
  stmt_bind_int(stmt, 5, (about & MISFIT_QUESTION) != 0);
  stmt_bind_int(stmt, 6, (about & MISFIT_ANSWER) != 0);
  return stmt_run(stmt, err);
}

int misfit_count_responses(struct db *db, const char *round, const char *questionnaire, struct err *err) {
  struct err own = {0};
  struct stmt *stmt = db_query(db,
      "SELECT count(DISTINCT m.response_id)"
      " FROM correction c"
      " JOIN misfit m ON m.correction_id = c.id"
      " WHERE c.round = $1"
      "  AND c.questionnaire = $2"
      "  AND m.settled_ms = 0"
      "  AND m.fault IN ('removed', 'type', 'option', 'value')");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  int count = stmt_step(stmt, &own) ? (int)stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  return count;
}
