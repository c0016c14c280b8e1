#include "store/submission.h"

#include "base/clock.h"

bool submission_add(struct db *db, int64_t response, int64_t revision, int64_t person, const char *checksum,
                    struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO submission (response_id, number, revision, person_id, submitted_ms, checksum, version_id)"
      " SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, (SELECT version_id FROM response WHERE id = $1)"
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

enum { NUMBER, PERSON, SUBMITTED_MS, PERSON_NAME, CHECKSUM, PARTIAL, REOPENED_MS, REOPENED_BY, REASON, VERSION_ID };

struct stmt *submission_list(struct db *db, int64_t response) {
  struct stmt *stmt = db_query(db,
      "SELECT s.number, s.person_id, s.submitted_ms, p.name, s.checksum, s.partial, coalesce(o.reopened_ms, 0),"
      "  coalesce(b.name, ''), coalesce(o.reason, ''), s.version_id"
      " FROM submission s"
      " JOIN person p ON p.id = s.person_id"
      " LEFT JOIN reopening o ON o.response_id = s.response_id AND o.number = s.number"
      " LEFT JOIN person b ON b.id = o.person_id"
      " WHERE s.response_id = $1"
      " ORDER BY s.number DESC");
  stmt_bind_int(stmt, 1, response);
  return stmt;
}

bool submission_next(struct stmt *stmt, struct submission *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->number = (int)stmt_int(stmt, NUMBER);
  out->person = stmt_int(stmt, PERSON);
  out->submitted_ms = stmt_int(stmt, SUBMITTED_MS);
  out->person_name = stmt_text(stmt, PERSON_NAME);
  out->checksum = stmt_text(stmt, CHECKSUM);
  out->partial = stmt_int(stmt, PARTIAL) != 0;
  out->reopened_ms = stmt_int(stmt, REOPENED_MS);
  out->reopened_by = stmt_text(stmt, REOPENED_BY);
  out->reason = stmt_text(stmt, REASON);
  out->version_id = stmt_int(stmt, VERSION_ID);
  return true;
}

bool submission_reopen(struct db *db, int64_t response, int number, const char *reason, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO reopening (response_id, number, reason, person_id, reopened_ms)"
      " VALUES ($1, $2, $3, $4, $5)");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_int(stmt, 2, number);
  stmt_bind_text(stmt, 3, reason);
  stmt_bind_int(stmt, 4, person);
  stmt_bind_int(stmt, 5, clock_now_ms());
  return stmt_run(stmt, err);
}
