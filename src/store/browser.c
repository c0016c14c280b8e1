#include "store/browser.h"

#include "base/clock.h"

bool browser_put(struct db *db, const char *token_hash, int64_t person, bool confirmed, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO browser (token_hash, person_id, confirmed_ms)"
      " VALUES ($1, $2, $3)"
      " ON CONFLICT (token_hash, person_id) DO UPDATE"
      " SET confirmed_ms = CASE WHEN excluded.confirmed_ms > 0 THEN excluded.confirmed_ms ELSE browser.confirmed_ms END");
  stmt_bind_text(stmt, 1, token_hash);
  stmt_bind_int(stmt, 2, person);
  stmt_bind_int(stmt, 3, confirmed ? clock_now_ms() : 0);
  return stmt_run(stmt, err);
}

bool browser_remove_all(struct db *db, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM browser"
      " WHERE person_id = $1");
  stmt_bind_int(stmt, 1, person);
  return stmt_run(stmt, err) && one_time_code_remove(db, person, err);
}

bool browser_find(struct db *db, const char *token_hash, int64_t person, bool *confirmed, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT confirmed_ms"
      " FROM browser"
      " WHERE token_hash = $1"
      "  AND person_id = $2");
  stmt_bind_text(stmt, 1, token_hash);
  stmt_bind_int(stmt, 2, person);
  bool found = stmt_step(stmt, err);
  *confirmed = found && stmt_int(stmt, 0) > 0;
  stmt_end(stmt);
  return found;
}

int64_t browser_count(struct db *db, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT count(*)"
      " FROM browser"
      " WHERE person_id = $1");
  stmt_bind_int(stmt, 1, person);
  int64_t count = stmt_step(stmt, err) ? stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return count;
}

bool one_time_code_put(struct db *db, int64_t person, const char *code_hash, const char *browser_hash, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO one_time_code (person_id, code_hash, browser_hash, created_ms, wrong)"
      " VALUES ($1, $2, $3, $4, 0)"
      " ON CONFLICT (person_id) DO UPDATE"
      " SET code_hash = excluded.code_hash, browser_hash = excluded.browser_hash, created_ms = excluded.created_ms, wrong = 0");
  stmt_bind_int(stmt, 1, person);
  stmt_bind_text(stmt, 2, code_hash);
  stmt_bind_text(stmt, 3, browser_hash);
  stmt_bind_int(stmt, 4, clock_now_ms());
  return stmt_run(stmt, err);
}

bool one_time_code_count_wrong(struct db *db, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE one_time_code"
      " SET wrong = wrong + 1"
      " WHERE person_id = $1");
  stmt_bind_int(stmt, 1, person);
  return stmt_run(stmt, err);
}

bool one_time_code_remove(struct db *db, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM one_time_code"
      " WHERE person_id = $1");
  stmt_bind_int(stmt, 1, person);
  return stmt_run(stmt, err);
}

bool one_time_code_find(struct db *db, int64_t person, const char *code_hash, const char *browser_hash,
                        struct one_time_code *out, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT code_hash = $3, created_ms, wrong"
      " FROM one_time_code"
      " WHERE person_id = $1"
      "  AND browser_hash = $2");
  stmt_bind_int(stmt, 1, person);
  stmt_bind_text(stmt, 2, browser_hash);
  stmt_bind_text(stmt, 3, code_hash);
  bool found = stmt_step(stmt, err);
  if (found) *out = (struct one_time_code){stmt_int(stmt, 0) != 0, stmt_int(stmt, 1), (int)stmt_int(stmt, 2)};
  stmt_end(stmt);
  return found;
}
