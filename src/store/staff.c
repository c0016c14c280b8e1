#include "store/staff.h"

#include "base/clock.h"

enum { ID, EMAIL, NAME, LANGUAGE, ROLE, INSTITUTION, INSTITUTION_NAME, CREATED_MS, PASSWORD_MS, TOTP_MS, CODES_LEFT,
       SIGNED_IN_MS };

struct stmt *staff_list(struct db *db) {
  return db_query(db,
      "SELECT p.id, p.email, p.name, p.language, p.role, 0, '', p.created_ms,"
      "  coalesce(c.password_ms, 0), coalesce(c.totp_ms, 0),"
      "  (SELECT count(*) FROM recovery_code r WHERE r.person_id = p.id AND r.used_ms = 0),"
      "  coalesce((SELECT max(e.happened_ms) FROM event e WHERE e.subject = 'person ' || p.id AND e.kind = 'sign-in'), 0)"
      " FROM person p"
      " LEFT JOIN credential c ON c.person_id = p.id"
      " WHERE p.institution IS NULL"
      "  AND p.removed_ms = 0"
      " ORDER BY p.name, p.id");
}

struct stmt *staff_one(struct db *db, int64_t person) {
  struct stmt *stmt = db_query(db,
      "SELECT p.id, p.email, p.name, p.language, p.role, p.institution, coalesce(i.name, ''), p.created_ms,"
      "  coalesce(c.password_ms, 0), coalesce(c.totp_ms, 0),"
      "  (SELECT count(*) FROM recovery_code r WHERE r.person_id = p.id AND r.used_ms = 0),"
      "  coalesce((SELECT max(e.happened_ms) FROM event e WHERE e.subject = 'person ' || p.id AND e.kind = 'sign-in'), 0)"
      " FROM person p"
      " LEFT JOIN credential c ON c.person_id = p.id"
      " LEFT JOIN institution i ON i.id = p.institution"
      " WHERE p.id = $1"
      "  AND p.removed_ms = 0");
  stmt_bind_int(stmt, 1, person);
  return stmt;
}

struct stmt *staff_contacts(struct db *db) {
  return db_query(db,
      "SELECT p.id, p.email, p.name, p.language, p.role, p.institution, i.name, p.created_ms, 0, 0, 0, 0"
      " FROM person p"
      " JOIN institution i ON i.id = p.institution"
      " WHERE p.removed_ms = 0"
      " ORDER BY p.name, p.id");
}

bool staff_next(struct stmt *stmt, struct staff_row *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *out = (struct staff_row){
      .id = stmt_int(stmt, ID),
      .email = stmt_text(stmt, EMAIL),
      .name = stmt_text(stmt, NAME),
      .language = stmt_text(stmt, LANGUAGE),
      .role = (int)stmt_int(stmt, ROLE),
      .institution = stmt_int(stmt, INSTITUTION),
      .institution_name = stmt_text(stmt, INSTITUTION_NAME),
      .created_ms = stmt_int(stmt, CREATED_MS),
      .password_ms = stmt_int(stmt, PASSWORD_MS),
      .totp_ms = stmt_int(stmt, TOTP_MS),
      .codes_left = stmt_int(stmt, CODES_LEFT),
      .signed_in_ms = stmt_int(stmt, SIGNED_IN_MS),
  };
  return true;
}

bool staff_set_role(struct db *db, int64_t person, int role, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE person"
      " SET role = $1, changed_ms = $2"
      " WHERE id = $3");
  stmt_bind_int(stmt, 1, role);
  stmt_bind_int(stmt, 2, clock_now_ms());
  stmt_bind_int(stmt, 3, person);
  return stmt_run(stmt, err);
}

int64_t staff_count_others(struct db *db, int role, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT count(*)"
      " FROM person"
      " WHERE role = $1"
      "  AND removed_ms = 0"
      "  AND id <> $2");
  stmt_bind_int(stmt, 1, role);
  stmt_bind_int(stmt, 2, person);
  int64_t count = stmt_step(stmt, err) ? stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return count;
}
