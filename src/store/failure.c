#include "store/failure.h"

#include "base/clock.h"

/* Rows have the order of time, so what is old lies before the first that is not. */
static bool remove_old(struct db *db, int64_t since_ms, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM attempt"
      " WHERE id < (SELECT id FROM attempt WHERE failed_ms >= $1 ORDER BY id LIMIT 1)");
  stmt_bind_int(stmt, 1, since_ms);
  return stmt_run(stmt, err);
}

bool failure_add(struct db *db, const char *limited, int64_t since_ms, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO attempt (limited, failed_ms)"
      " VALUES ($1, $2)");
  stmt_bind_text(stmt, 1, limited);
  stmt_bind_int(stmt, 2, clock_now_ms());
  return stmt_run(stmt, err) && remove_old(db, since_ms, err);
}

bool failure_remove_all(struct db *db, const char *limited, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM attempt"
      " WHERE limited = $1");
  stmt_bind_text(stmt, 1, limited);
  return stmt_run(stmt, err);
}

bool failure_remove_last(struct db *db, const char *limited, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM attempt"
      " WHERE id = (SELECT max(id) FROM attempt WHERE limited = $1)");
  stmt_bind_text(stmt, 1, limited);
  return stmt_run(stmt, err);
}

int64_t failure_count(struct db *db, const char *limited, int64_t since_ms, int64_t *last_ms, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT count(*), coalesce(max(failed_ms), 0)"
      " FROM attempt"
      " WHERE limited = $1"
      "  AND failed_ms >= $2");
  stmt_bind_text(stmt, 1, limited);
  stmt_bind_int(stmt, 2, since_ms);
  int64_t count = stmt_step(stmt, err) ? stmt_int(stmt, 0) : -1;
  *last_ms = count > 0 ? stmt_int(stmt, 1) : 0;
  stmt_end(stmt);
  return count;
}
