#include "store/roster.h"

#include "base/clock.h"

enum { ROSTER, ROW, LABEL };

struct stmt *roster_list(struct db *db, int64_t response) {
  struct stmt *stmt = db_query(db,
      "SELECT roster, row_id, label"
      " FROM roster_row"
      " WHERE response_id = $1"
      "  AND removed_ms = 0"
      " ORDER BY roster, position");
  stmt_bind_int(stmt, 1, response);
  return stmt;
}

struct stmt *roster_list_at(struct db *db, int64_t response, int64_t at_ms) {
  struct stmt *stmt = db_query(db,
      "SELECT r.roster, r.row_id, coalesce(("
      "   SELECT p.label"
      "   FROM roster_label_past p"
      "   WHERE p.response_id = r.response_id"
      "    AND p.roster = r.roster"
      "    AND p.row_id = r.row_id"
      "    AND p.replaced_ms > $2"
      "   ORDER BY p.number"
      "   LIMIT 1), r.label)"
      " FROM roster_row r"
      " WHERE r.response_id = $1"
      "  AND r.created_ms <= $2"
      "  AND (r.removed_ms = 0 OR r.removed_ms > $2)"
      " ORDER BY r.roster, r.position");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_int(stmt, 2, at_ms);
  return stmt;
}

bool roster_next(struct stmt *stmt, struct roster_row *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->roster = stmt_text(stmt, ROSTER);
  out->row = stmt_text(stmt, ROW);
  out->label = stmt_text(stmt, LABEL);
  return true;
}

bool roster_find(struct db *db, int64_t response, const char *roster, const char *row, struct stmt **stmt,
                 const char **label, bool *removed, struct err *err) {
  *stmt = db_query(db,
      "SELECT label, removed_ms"
      " FROM roster_row"
      " WHERE response_id = $1"
      "  AND roster = $2"
      "  AND row_id = $3");
  stmt_bind_int(*stmt, 1, response);
  stmt_bind_text(*stmt, 2, roster);
  stmt_bind_text(*stmt, 3, row);
  if (!stmt_step(*stmt, err)) return false;
  *label = stmt_text(*stmt, 0);
  *removed = stmt_int(*stmt, 1) != 0;
  return true;
}

int roster_count(struct db *db, int64_t response, const char *roster, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT count(*)"
      " FROM roster_row"
      " WHERE response_id = $1"
      "  AND roster = $2");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, roster);
  int count = stmt_step(stmt, err) ? (int)stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return count;
}

bool roster_add(struct db *db, int64_t response, const struct roster_row *row, int position, int64_t person,
                struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO roster_row (response_id, roster, row_id, label, position, person_id, created_ms, removed_ms)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, 0)");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, row->roster);
  stmt_bind_text(stmt, 3, row->row);
  stmt_bind_text(stmt, 4, row->label);
  stmt_bind_int(stmt, 5, position);
  stmt_bind_int(stmt, 6, person);
  stmt_bind_int(stmt, 7, clock_now_ms());
  return stmt_run(stmt, err);
}

static bool check_changed(struct db *db, struct err *err) {
  return db_changes(db) == 1 || err_set(err, ERR_NOT_FOUND, "there is no such row");
}

static bool keep_past(struct db *db, int64_t response, const struct roster_row *row, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO roster_label_past (response_id, roster, row_id, number, label, replaced_by, replaced_ms)"
      " SELECT r.response_id, r.roster, r.row_id,"
      "  (SELECT coalesce(max(p.number), 0) + 1 FROM roster_label_past p WHERE p.response_id = r.response_id"
      "    AND p.roster = r.roster AND p.row_id = r.row_id),"
      "  r.label, $4, $5"
      " FROM roster_row r"
      " WHERE r.response_id = $1"
      "  AND r.roster = $2"
      "  AND r.row_id = $3");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, row->roster);
  stmt_bind_text(stmt, 3, row->row);
  stmt_bind_int(stmt, 4, person);
  stmt_bind_int(stmt, 5, clock_now_ms());
  return stmt_run(stmt, err);
}

bool roster_rename(struct db *db, int64_t response, const struct roster_row *row, int64_t person, struct err *err) {
  if (!keep_past(db, response, row, person, err)) return false;
  struct stmt *stmt = db_query(db,
      "UPDATE roster_row"
      " SET label = $1"
      " WHERE response_id = $2"
      "  AND roster = $3"
      "  AND row_id = $4"
      "  AND removed_ms = 0");
  stmt_bind_text(stmt, 1, row->label);
  stmt_bind_int(stmt, 2, response);
  stmt_bind_text(stmt, 3, row->roster);
  stmt_bind_text(stmt, 4, row->row);
  return stmt_run(stmt, err) && check_changed(db, err);
}

bool roster_remove(struct db *db, int64_t response, const char *roster, const char *row, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE roster_row"
      " SET removed_ms = $1"
      " WHERE response_id = $2"
      "  AND roster = $3"
      "  AND row_id = $4"
      "  AND removed_ms = 0");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_int(stmt, 2, response);
  stmt_bind_text(stmt, 3, roster);
  stmt_bind_text(stmt, 4, row);
  return stmt_run(stmt, err) && check_changed(db, err);
}
