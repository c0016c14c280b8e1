#include "store/rival.h"

enum { QUESTION, ROW, NUMBER, STATE, TEXT, PERSON, CREATED_MS, PERSON_NAME, SETTLED_BY, SETTLED_MS };

struct stmt *rival_list_open(struct db *db, int64_t response) {
  struct stmt *stmt = db_query(db,
      "SELECT question, row_id, number, state, value, person_id, created_ms"
      " FROM rival"
      " WHERE response_id = $1"
      "  AND settled_ms = 0"
      " ORDER BY question, row_id, number");
  stmt_bind_int(stmt, 1, response);
  return stmt;
}

bool rival_next(struct stmt *stmt, struct rival *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->question = stmt_text(stmt, QUESTION);
  out->row = stmt_text(stmt, ROW);
  out->number = (int)stmt_int(stmt, NUMBER);
  out->state = (enum answer_state)stmt_int(stmt, STATE);
  out->value = stmt_text(stmt, TEXT);
  out->person = stmt_int(stmt, PERSON);
  out->created_ms = stmt_int(stmt, CREATED_MS);
  out->person_name = out->settled_by = NULL;
  out->settled_ms = 0;
  return true;
}

struct stmt *rival_history(struct db *db, int64_t response, const char *question, const char *row) {
  struct stmt *stmt = db_query(db,
      "SELECT r.question, r.row_id, r.number, r.state, r.value, r.person_id, r.created_ms, p.name,"
      "  coalesce(s.name, ''), r.settled_ms"
      " FROM rival r"
      " JOIN person p ON p.id = r.person_id"
      " LEFT JOIN person s ON s.id = r.settled_by"
      " WHERE r.response_id = $1"
      "  AND r.question = $2"
      "  AND r.row_id = $3"
      " ORDER BY r.number DESC");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, question);
  stmt_bind_text(stmt, 3, row);
  return stmt;
}

bool rival_history_next(struct stmt *stmt, struct rival *out, struct err *err) {
  if (!rival_next(stmt, out, err)) return false;
  out->person_name = stmt_text(stmt, PERSON_NAME);
  out->settled_by = stmt_text(stmt, SETTLED_BY);
  out->settled_ms = stmt_int(stmt, SETTLED_MS);
  return true;
}

bool rival_add(struct db *db, int64_t response, const struct rival *rival, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO rival (response_id, question, row_id, number, state, value, person_id, created_ms, settled_ms)"
      " SELECT $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7, 0"
      " FROM rival"
      " WHERE response_id = $1"
      "  AND question = $2"
      "  AND row_id = $3");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, rival->question);
  stmt_bind_text(stmt, 3, rival->row);
  stmt_bind_int(stmt, 4, rival->state);
  stmt_bind_text(stmt, 5, rival->value);
  stmt_bind_int(stmt, 6, rival->person);
  stmt_bind_int(stmt, 7, rival->created_ms);
  return stmt_run(stmt, err);
}

bool rival_settle(struct db *db, int64_t response, const struct rival_settling *settling, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE rival"
      " SET settled_by = $4, settled_ms = $5"
      " WHERE response_id = $1"
      "  AND question = $2"
      "  AND row_id = $3"
      "  AND settled_ms = 0"
      "  AND (person_id = $6 OR $6 = 0)");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, settling->question);
  stmt_bind_text(stmt, 3, settling->row);
  stmt_bind_int(stmt, 4, settling->person);
  stmt_bind_int(stmt, 5, settling->settled_ms);
  stmt_bind_int(stmt, 6, settling->owner);
  return stmt_run(stmt, err);
}
