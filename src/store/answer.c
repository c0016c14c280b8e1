#include "store/answer.h"

enum { QUESTION, ROW, VERSION, STATE, TEXT, PERSON, CHANGED_MS, PERSON_NAME };

struct stmt *answer_list(struct db *db, int64_t response) {
  struct stmt *stmt = db_query(db,
      "SELECT question, row_id, version, state, value, person_id, changed_ms"
      " FROM answer"
      " WHERE response_id = $1"
      " ORDER BY question, row_id");
  stmt_bind_int(stmt, 1, response);
  return stmt;
}

struct stmt *answer_list_at(struct db *db, int64_t response, int64_t at_ms) {
  struct stmt *stmt = db_query(db,
      "SELECT a.question, a.row_id, a.version, a.state, a.value, a.person_id, a.changed_ms"
      " FROM answer a"
      " WHERE a.response_id = $1"
      "  AND a.changed_ms <= $2"
      " UNION ALL"
      " SELECT p.question, p.row_id, p.version, p.state, p.value, p.person_id, p.changed_ms"
      " FROM answer_past p"
      " WHERE p.response_id = $1"
      "  AND p.changed_ms <= $2"
      "  AND NOT EXISTS (SELECT 1 FROM answer_past n WHERE n.response_id = $1 AND n.question = p.question"
      "   AND n.row_id = p.row_id AND n.version > p.version AND n.changed_ms <= $2)"
      "  AND NOT EXISTS (SELECT 1 FROM answer n WHERE n.response_id = $1 AND n.question = p.question"
      "   AND n.row_id = p.row_id AND n.changed_ms <= $2)"
      " ORDER BY 1, 2");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_int(stmt, 2, at_ms);
  return stmt;
}

bool answer_next(struct stmt *stmt, struct answer_row *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->question = stmt_text(stmt, QUESTION);
  out->row = stmt_text(stmt, ROW);
  out->version = (int)stmt_int(stmt, VERSION);
  out->state = (enum answer_state)stmt_int(stmt, STATE);
  out->value = stmt_text(stmt, TEXT);
  out->person = stmt_int(stmt, PERSON);
  out->changed_ms = stmt_int(stmt, CHANGED_MS);
  out->person_name = NULL;
  return true;
}

struct stmt *answer_history(struct db *db, int64_t response, const char *question, const char *row) {
  struct stmt *stmt = db_query(db,
      "SELECT a.question, a.row_id, a.version, a.state, a.value, a.person_id, a.changed_ms, p.name"
      " FROM answer a"
      " JOIN person p ON p.id = a.person_id"
      " WHERE a.response_id = $1"
      "  AND a.question = $2"
      "  AND a.row_id = $3"
      " UNION ALL"
      " SELECT a.question, a.row_id, a.version, a.state, a.value, a.person_id, a.changed_ms, p.name"
      " FROM answer_past a"
      " JOIN person p ON p.id = a.person_id"
      " WHERE a.response_id = $1"
      "  AND a.question = $2"
      "  AND a.row_id = $3"
      " ORDER BY 3 DESC");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, question);
  stmt_bind_text(stmt, 3, row);
  return stmt;
}

bool answer_history_next(struct stmt *stmt, struct answer_row *out, struct err *err) {
  if (!answer_next(stmt, out, err)) return false;
  out->person_name = stmt_text(stmt, PERSON_NAME);
  return true;
}

bool answer_find_past(struct db *db, int64_t response, const char *question, const char *row, int version,
                      struct stmt **stmt, struct answer_row *out, struct err *err) {
  *stmt = db_query(db,
      "SELECT question, row_id, version, state, value, person_id, changed_ms"
      " FROM answer_past"
      " WHERE response_id = $1"
      "  AND question = $2"
      "  AND row_id = $3"
      "  AND version = $4");
  stmt_bind_int(*stmt, 1, response);
  stmt_bind_text(*stmt, 2, question);
  stmt_bind_text(*stmt, 3, row);
  stmt_bind_int(*stmt, 4, version);
  return answer_next(*stmt, out, err);
}

static bool keep_past(struct db *db, int64_t response, const struct answer_row *answer, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO answer_past (response_id, question, row_id, version, state, value, person_id, changed_ms)"
      " SELECT response_id, question, row_id, version, state, value, person_id, changed_ms"
      " FROM answer"
      " WHERE response_id = $1"
      "  AND question = $2"
      "  AND row_id = $3"
      "  AND version = $4");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, answer->question);
  stmt_bind_text(stmt, 3, answer->row);
  stmt_bind_int(stmt, 4, answer->version - 1);
  if (!stmt_run(stmt, err)) return false;
  return db_changes(db) == 1 ||
         err_set(err, ERR_CONFLICT, "version %d of an answer is not the stored one", answer->version - 1);
}

bool answer_put(struct db *db, int64_t response, const struct answer_row *answer, struct err *err) {
  if (answer->version > 1 && !keep_past(db, response, answer, err)) return false;
  struct stmt *stmt = answer->version > 1
      ? db_query(db,
          "UPDATE answer"
          " SET version = $4, state = $5, value = $6, person_id = $7, changed_ms = $8"
          " WHERE response_id = $1"
          "  AND question = $2"
          "  AND row_id = $3")
      : db_query(db,
          "INSERT INTO answer (response_id, question, row_id, version, state, value, person_id, changed_ms)"
          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, answer->question);
  stmt_bind_text(stmt, 3, answer->row);
  stmt_bind_int(stmt, 4, answer->version);
  stmt_bind_int(stmt, 5, answer->state);
  stmt_bind_text(stmt, 6, answer->value);
  stmt_bind_int(stmt, 7, answer->person);
  stmt_bind_int(stmt, 8, answer->changed_ms);
  return stmt_run(stmt, err);
}
