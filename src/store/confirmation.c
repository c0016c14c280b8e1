#include "store/confirmation.h"

#include "base/clock.h"

enum { CHECK_KEY, ROW, MESSAGE, COMMENT, PERSON, CHANGED_MS };

struct stmt *confirmation_list(struct db *db, int64_t response) {
  struct stmt *stmt = db_query(db,
      "SELECT c.check_key, c.row_id, c.message, c.comment, c.person_id, c.changed_ms"
      " FROM confirmation c"
      " WHERE c.response_id = $1"
      "  AND NOT EXISTS ("
      "   SELECT 1"
      "   FROM confirmation n"
      "   WHERE n.response_id = c.response_id"
      "    AND n.check_key = c.check_key"
      "    AND n.row_id = c.row_id"
      "    AND n.number > c.number)"
      " ORDER BY c.check_key, c.row_id");
  stmt_bind_int(stmt, 1, response);
  return stmt;
}

bool confirmation_next(struct stmt *stmt, struct confirmation *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->check_key = stmt_text(stmt, CHECK_KEY);
  out->row = stmt_text(stmt, ROW);
  out->message = stmt_text(stmt, MESSAGE);
  out->comment = stmt_text(stmt, COMMENT);
  out->person = stmt_int(stmt, PERSON);
  out->changed_ms = stmt_int(stmt, CHANGED_MS);
  return true;
}

bool confirmation_add(struct db *db, int64_t response, const struct confirmation *confirmation, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO confirmation (response_id, check_key, row_id, number, message, comment, person_id, changed_ms)"
      " SELECT $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7"
      " FROM confirmation"
      " WHERE response_id = $1"
      "  AND check_key = $2"
      "  AND row_id = $3");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, confirmation->check_key);
  stmt_bind_text(stmt, 3, confirmation->row);
  stmt_bind_text(stmt, 4, confirmation->message);
  stmt_bind_text(stmt, 5, confirmation->comment);
  stmt_bind_int(stmt, 6, confirmation->person);
  stmt_bind_int(stmt, 7, clock_now_ms());
  return stmt_run(stmt, err);
}
