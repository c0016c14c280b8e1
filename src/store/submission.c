#include "store/submission.h"

#include "base/clock.h"

bool submission_add(struct db *db, int64_t response, int64_t revision, int64_t person, const char *checksum,
                    struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO submission (response_id, number, revision, person_id, submitted_ms, checksum)"
      " SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5"
      " FROM submission"
      " WHERE response_id = $1");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_int(stmt, 2, revision);
  stmt_bind_int(stmt, 3, person);
  stmt_bind_int(stmt, 4, clock_now_ms());
  stmt_bind_text(stmt, 5, checksum);
  return stmt_run(stmt, err);
}

const char *submission_checksum(struct db *db, int64_t response, struct stmt **stmt, struct err *err) {
  *stmt = db_query(db,
      "SELECT checksum"
      " FROM submission"
      " WHERE response_id = $1"
      " ORDER BY number DESC"
      " LIMIT 1");
  stmt_bind_int(*stmt, 1, response);
  return stmt_step(*stmt, err) ? stmt_text(*stmt, 0) : NULL;
}
