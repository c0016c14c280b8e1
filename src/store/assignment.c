#include "store/assignment.h"

#include "base/clock.h"

enum { RESPONSE, SECTION, PERSON, PERSON_NAME };
#define COLUMNS \
  "SELECT a.response_id, a.section, a.person_id, p.name" \
  " FROM response r" \
  " JOIN assignment a ON a.response_id = r.id" \
  " JOIN person p ON p.id = a.person_id AND p.institution = r.institution AND p.removed_ms = 0"

struct stmt *assignment_list(struct db *db, int64_t response) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE r.id = $1");
  stmt_bind_int(stmt, 1, response);
  return stmt;
}

struct stmt *assignment_of_institution(struct db *db, int64_t institution) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE r.institution = $1"
      " ORDER BY a.response_id, a.section");
  stmt_bind_int(stmt, 1, institution);
  return stmt;
}

bool assignment_next(struct stmt *stmt, struct assignment *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->response = stmt_int(stmt, RESPONSE);
  out->section = stmt_text(stmt, SECTION);
  out->person = stmt_int(stmt, PERSON);
  out->person_name = stmt_text(stmt, PERSON_NAME);
  return true;
}

bool assignment_put(struct db *db, int64_t response, const char *section, int64_t person, int64_t assigned_by,
                    struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO assignment (response_id, section, person_id, assigned_by, assigned_ms)"
      " VALUES ($1, $2, $3, $4, $5)"
      " ON CONFLICT (response_id, section) DO UPDATE"
      " SET person_id = excluded.person_id, assigned_by = excluded.assigned_by, assigned_ms = excluded.assigned_ms");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, section);
  stmt_bind_int(stmt, 3, person);
  stmt_bind_int(stmt, 4, assigned_by);
  stmt_bind_int(stmt, 5, clock_now_ms());
  return stmt_run(stmt, err);
}

bool assignment_remove(struct db *db, int64_t response, const char *section, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM assignment"
      " WHERE response_id = $1"
      "  AND section = $2");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, section);
  return stmt_run(stmt, err);
}

bool assignment_remove_all(struct db *db, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM assignment"
      " WHERE person_id = $1");
  stmt_bind_int(stmt, 1, person);
  return stmt_run(stmt, err);
}
