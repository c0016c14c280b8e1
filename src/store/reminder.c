#include "store/reminder.h"

#include <inttypes.h>

#include "base/clock.h"

bool reminder_put(struct db *db, const struct reminder *reminder, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO reminder (person_id, due_ms, text, created_ms, removed_ms, message_id)"
      " VALUES ($1, $2, $3, $4, 0, NULL)");
  stmt_bind_int(stmt, 1, reminder->person);
  stmt_bind_int(stmt, 2, reminder->due_ms);
  stmt_bind_text(stmt, 3, reminder->text);
  stmt_bind_int(stmt, 4, clock_now_ms());
  return stmt_run(stmt, err);
}

bool reminder_remove(struct db *db, int64_t person, int64_t id, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE reminder"
      " SET removed_ms = $1"
      " WHERE id = $2"
      "  AND person_id = $3"
      "  AND message_id IS NULL"
      "  AND removed_ms = 0");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_int(stmt, 2, id);
  stmt_bind_int(stmt, 3, person);
  if (!stmt_run(stmt, err)) return false;
  return db_changes(db) > 0 || err_set(err, ERR_NOT_FOUND, "no open reminder %" PRId64, id);
}

bool reminder_settle(struct db *db, int64_t id, const char *reason, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE reminder"
      " SET message_id = (SELECT m.id FROM message m WHERE m.reason = $1),"
      "  removed_ms = CASE WHEN EXISTS (SELECT m.id FROM message m WHERE m.reason = $1) THEN 0 ELSE $2 END"
      " WHERE id = $3");
  stmt_bind_text(stmt, 1, reason);
  stmt_bind_int(stmt, 2, clock_now_ms());
  stmt_bind_int(stmt, 3, id);
  return stmt_run(stmt, err);
}

struct stmt *reminder_list(struct db *db, int64_t person) {
  struct stmt *stmt = db_query(db,
      "SELECT id, person_id, due_ms, text"
      " FROM reminder"
      " WHERE person_id = $1"
      "  AND message_id IS NULL"
      "  AND removed_ms = 0"
      " ORDER BY due_ms, id");
  stmt_bind_int(stmt, 1, person);
  return stmt;
}

struct stmt *reminder_list_due(struct db *db) {
  struct stmt *stmt = db_query(db,
      "SELECT id, person_id, due_ms, text"
      " FROM reminder"
      " WHERE due_ms <= $1"
      "  AND message_id IS NULL"
      "  AND removed_ms = 0"
      " ORDER BY due_ms, id");
  stmt_bind_int(stmt, 1, clock_now_ms());
  return stmt;
}

enum { ID, PERSON, DUE_MS, TEXT };

bool reminder_next(struct stmt *stmt, struct reminder *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_int(stmt, ID);
  out->person = stmt_int(stmt, PERSON);
  out->due_ms = stmt_int(stmt, DUE_MS);
  out->text = stmt_text(stmt, TEXT);
  return true;
}
