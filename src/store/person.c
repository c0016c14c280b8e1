#include "store/person.h"

#include "base/clock.h"

int64_t person_put(struct db *db, const struct person *person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO person (email, name, phone, language, role, institution, created_ms, changed_ms)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $7)"
      " ON CONFLICT (email) DO UPDATE"
      " SET name = excluded.name, phone = excluded.phone, language = excluded.language, role = excluded.role,"
      "  institution = excluded.institution, changed_ms = excluded.changed_ms"
      " RETURNING id");
  stmt_bind_text(stmt, 1, person->email);
  stmt_bind_text(stmt, 2, person->name);
  stmt_bind_text(stmt, 3, person->phone);
  stmt_bind_text(stmt, 4, person->language);
  stmt_bind_int(stmt, 5, person->role);
  if (person->institution != 0) stmt_bind_int(stmt, 6, person->institution);
  stmt_bind_int(stmt, 7, clock_now_ms());
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

int64_t person_put_program(struct db *db, const char *email, const char *name, int role, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO person (email, name, phone, language, role, created_ms, changed_ms, removed_ms, notify)"
      " VALUES ($1, $2, '', 'lv', $3, $4, $4, $4, 0)"
      " ON CONFLICT (email) DO UPDATE"
      " SET removed_ms = CASE WHEN person.removed_ms = 0 THEN excluded.removed_ms ELSE person.removed_ms END"
      " RETURNING id");
  stmt_bind_text(stmt, 1, email);
  stmt_bind_text(stmt, 2, name);
  stmt_bind_int(stmt, 3, role);
  stmt_bind_int(stmt, 4, clock_now_ms());
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

int64_t person_find(struct db *db, const char *email, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT id"
      " FROM person"
      " WHERE email = $1");
  stmt_bind_text(stmt, 1, email);
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

bool person_set_language(struct db *db, int64_t person, const char *language, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE person"
      " SET language = $1"
      " WHERE id = $2");
  stmt_bind_text(stmt, 1, language);
  stmt_bind_int(stmt, 2, person);
  return stmt_run(stmt, err);
}

const char *person_name(struct db *db, int64_t person, struct stmt **stmt, struct err *err) {
  *stmt = db_query(db,
      "SELECT name"
      " FROM person"
      " WHERE id = $1");
  stmt_bind_int(*stmt, 1, person);
  return stmt_step(*stmt, err) ? stmt_text(*stmt, 0) : NULL;
}

enum { ID, EMAIL, NAME, PHONE, LANGUAGE, ROLE, INSTITUTION, INSTITUTION_NAME };

struct stmt *person_list(struct db *db) {
  return db_query(db,
      "SELECT p.id, p.email, p.name, p.phone, p.language, p.role, p.institution, coalesce(i.name, '')"
      " FROM person p"
      " LEFT JOIN institution i ON i.id = p.institution"
      " ORDER BY p.email");
}

bool person_next(struct stmt *stmt, struct person *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_int(stmt, ID);
  out->email = stmt_text(stmt, EMAIL);
  out->name = stmt_text(stmt, NAME);
  out->phone = stmt_text(stmt, PHONE);
  out->language = stmt_text(stmt, LANGUAGE);
  out->role = (int)stmt_int(stmt, ROLE);
  out->institution = stmt_int(stmt, INSTITUTION);
  out->institution_name = stmt_text(stmt, INSTITUTION_NAME);
  return true;
}
