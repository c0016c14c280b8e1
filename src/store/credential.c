#include "store/credential.h"

#include "base/clock.h"

bool credential_find(struct db *db, int64_t person, struct arena *arena, struct credential *out, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT password_hash, password_ms, totp_secret, totp_ms, totp_step"
      " FROM credential"
      " WHERE person_id = $1");
  stmt_bind_int(stmt, 1, person);
  bool found = stmt_step(stmt, err);
  *out = (struct credential){.password_hash = "", .totp_secret = ""};
  if (found) {
    *out = (struct credential){
        .password_hash = arena_copy(arena, stmt_text(stmt, 0)),
        .password_ms = stmt_int(stmt, 1),
        .totp_secret = arena_copy(arena, stmt_text(stmt, 2)),
        .totp_ms = stmt_int(stmt, 3),
        .totp_step = stmt_int(stmt, 4),
    };
  }
  stmt_end(stmt);
  return found;
}

bool credential_put_password(struct db *db, int64_t person, const char *password_hash, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO credential (person_id, password_hash, password_ms, totp_secret, totp_ms, totp_step)"
      " VALUES ($1, $2, $3, '', 0, 0)"
      " ON CONFLICT (person_id) DO UPDATE"
      " SET password_hash = excluded.password_hash, password_ms = excluded.password_ms");
  stmt_bind_int(stmt, 1, person);
  stmt_bind_text(stmt, 2, password_hash);
  stmt_bind_int(stmt, 3, clock_now_ms());
  return stmt_run(stmt, err);
}

bool credential_put_factor(struct db *db, int64_t person, const char *totp_secret, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE credential"
      " SET totp_secret = $1, totp_ms = 0, totp_step = 0"
      " WHERE person_id = $2");
  stmt_bind_text(stmt, 1, totp_secret);
  stmt_bind_int(stmt, 2, person);
  return stmt_run(stmt, err);
}

bool credential_use_step(struct db *db, int64_t person, int64_t step, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE credential"
      " SET totp_step = $1, totp_ms = CASE WHEN totp_ms = 0 THEN $2 ELSE totp_ms END"
      " WHERE person_id = $3");
  stmt_bind_int(stmt, 1, step);
  stmt_bind_int(stmt, 2, clock_now_ms());
  stmt_bind_int(stmt, 3, person);
  return stmt_run(stmt, err);
}

bool credential_remove(struct db *db, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM credential"
      " WHERE person_id = $1");
  stmt_bind_int(stmt, 1, person);
  return stmt_run(stmt, err) && recovery_remove_all(db, person, err);
}

bool recovery_add(struct db *db, int64_t person, const char *code_hash, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO recovery_code (person_id, code_hash, used_ms)"
      " VALUES ($1, $2, 0)");
  stmt_bind_int(stmt, 1, person);
  stmt_bind_text(stmt, 2, code_hash);
  return stmt_run(stmt, err);
}

bool recovery_use(struct db *db, int64_t person, const char *code_hash, bool *used, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE recovery_code"
      " SET used_ms = $1"
      " WHERE person_id = $2"
      "  AND code_hash = $3"
      "  AND used_ms = 0");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_int(stmt, 2, person);
  stmt_bind_text(stmt, 3, code_hash);
  bool ok = stmt_run(stmt, err);
  *used = ok && db_changes(db) == 1;
  return ok;
}

bool recovery_remove_all(struct db *db, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM recovery_code"
      " WHERE person_id = $1");
  stmt_bind_int(stmt, 1, person);
  return stmt_run(stmt, err);
}

int64_t recovery_count(struct db *db, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT count(*)"
      " FROM recovery_code"
      " WHERE person_id = $1"
      "  AND used_ms = 0");
  stmt_bind_int(stmt, 1, person);
  int64_t count = stmt_step(stmt, err) ? stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return count;
}
