#include "store/session.h"

#include "base/clock.h"

bool link_add(struct db *db, const char *token_hash, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO link (token_hash, person, created_ms, revoked_ms)"
      " VALUES ($1, $2, $3, 0)");
  stmt_bind_text(stmt, 1, token_hash);
  stmt_bind_int(stmt, 2, person);
  stmt_bind_int(stmt, 3, clock_now_ms());
  return stmt_run(stmt, err);
}

bool link_revoke_all(struct db *db, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE link"
      " SET revoked_ms = $1"
      " WHERE person = $2"
      "  AND revoked_ms = 0");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_int(stmt, 2, person);
  return stmt_run(stmt, err);
}

bool session_add(struct db *db, const char *token_hash, int64_t person, const char *browser, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO session (token_hash, person, created_ms, used_ms, browser)"
      " VALUES ($1, $2, $3, $3, $4)");
  stmt_bind_text(stmt, 1, token_hash);
  stmt_bind_int(stmt, 2, person);
  stmt_bind_int(stmt, 3, clock_now_ms());
  stmt_bind_text(stmt, 4, browser);
  return stmt_run(stmt, err);
}

bool session_touch(struct db *db, const char *token_hash, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE session"
      " SET used_ms = $1"
      " WHERE token_hash = $2");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_text(stmt, 2, token_hash);
  return stmt_run(stmt, err);
}

bool session_remove(struct db *db, const char *token_hash, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM session"
      " WHERE token_hash = $1");
  stmt_bind_text(stmt, 1, token_hash);
  return stmt_run(stmt, err);
}

bool session_remove_all(struct db *db, int64_t person, struct err *err) {
  return session_remove_others(db, person, "", err);
}

bool session_remove_others(struct db *db, int64_t person, const char *but, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM session"
      " WHERE person = $1"
      "  AND token_hash <> $2");
  stmt_bind_int(stmt, 1, person);
  stmt_bind_text(stmt, 2, but);
  return stmt_run(stmt, err);
}

bool session_remove_one(struct db *db, int64_t person, const char *token_hash, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM session"
      " WHERE person = $1"
      "  AND token_hash = $2");
  stmt_bind_int(stmt, 1, person);
  stmt_bind_text(stmt, 2, token_hash);
  return stmt_run(stmt, err);
}

bool session_remove_unused(struct db *db, int64_t since_ms, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM session"
      " WHERE used_ms < $1");
  stmt_bind_int(stmt, 1, since_ms);
  return stmt_run(stmt, err);
}

struct stmt *session_list(struct db *db, int64_t person, int64_t since_ms) {
  struct stmt *stmt = db_query(db,
      "SELECT token_hash, created_ms, used_ms, browser"
      " FROM session"
      " WHERE person = $1"
      "  AND used_ms > $2"
      " ORDER BY used_ms DESC, token_hash");
  stmt_bind_int(stmt, 1, person);
  stmt_bind_int(stmt, 2, since_ms);
  return stmt;
}

bool session_next(struct stmt *stmt, struct session_line *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *out = (struct session_line){stmt_text(stmt, 0), stmt_int(stmt, 1), stmt_int(stmt, 2), stmt_text(stmt, 3)};
  return true;
}

enum { ID, EMAIL, NAME, PHONE, LANGUAGE, ROLE, INSTITUTION, INSTITUTION_NAME, CREATED_MS, USED_MS };

static void read_person(struct stmt *stmt, struct person *out) {
  out->id = stmt_int(stmt, ID);
  out->email = stmt_text(stmt, EMAIL);
  out->name = stmt_text(stmt, NAME);
  out->phone = stmt_text(stmt, PHONE);
  out->language = stmt_text(stmt, LANGUAGE);
  out->role = (int)stmt_int(stmt, ROLE);
  out->institution = stmt_int(stmt, INSTITUTION);
  out->institution_name = stmt_text(stmt, INSTITUTION_NAME);
}

bool link_person(struct db *db, const char *token_hash, struct stmt **stmt, struct person *out, struct err *err) {
  *stmt = db_query(db,
      "SELECT p.id, p.email, p.name, p.phone, p.language, p.role, p.institution, coalesce(i.name, '')"
      " FROM link l"
      " JOIN person p ON p.id = l.person"
      " LEFT JOIN institution i ON i.id = p.institution"
      " WHERE l.token_hash = $1"
      "  AND l.revoked_ms = 0"
      "  AND p.removed_ms = 0");
  stmt_bind_text(*stmt, 1, token_hash);
  if (!stmt_step(*stmt, err)) return false;
  read_person(*stmt, out);
  return true;
}

bool person_get(struct db *db, int64_t person, struct stmt **stmt, struct person *out, struct err *err) {
  *stmt = db_query(db,
      "SELECT p.id, p.email, p.name, p.phone, p.language, p.role, p.institution, coalesce(i.name, '')"
      " FROM person p"
      " LEFT JOIN institution i ON i.id = p.institution"
      " WHERE p.id = $1"
      "  AND p.removed_ms = 0");
  stmt_bind_int(*stmt, 1, person);
  if (!stmt_step(*stmt, err)) return false;
  read_person(*stmt, out);
  return true;
}

bool session_find(struct db *db, const char *token_hash, struct stmt **stmt, struct session *out, struct err *err) {
  *stmt = db_query(db,
      "SELECT p.id, p.email, p.name, p.phone, p.language, p.role, p.institution, coalesce(i.name, ''),"
      "  s.created_ms, s.used_ms"
      " FROM session s"
      " JOIN person p ON p.id = s.person"
      " LEFT JOIN institution i ON i.id = p.institution"
      " WHERE s.token_hash = $1"
      "  AND p.removed_ms = 0");
  stmt_bind_text(*stmt, 1, token_hash);
  if (!stmt_step(*stmt, err)) return false;
  read_person(*stmt, &out->person);
  out->created_ms = stmt_int(*stmt, CREATED_MS);
  out->used_ms = stmt_int(*stmt, USED_MS);
  return true;
}
