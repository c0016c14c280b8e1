#include "store/person.h"

#include "base/clock.h"

int64_t person_put(struct db *db, const struct person *person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO person (email, name, phone, language, role, institution, created_ms, changed_ms)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $7)"
      " ON CONFLICT (email, coalesce(institution, 0)) DO UPDATE"
      " SET name = excluded.name, phone = excluded.phone, language = excluded.language, role = excluded.role,"
      "  changed_ms = excluded.changed_ms, removed_ms = 0"
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
      " ON CONFLICT (email, coalesce(institution, 0)) DO UPDATE"
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
      " WHERE email = $1"
      " ORDER BY removed_ms > 0, id"
      " LIMIT 1");
  stmt_bind_text(stmt, 1, email);
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

int64_t person_find_staff(struct db *db, const char *email, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT id"
      " FROM person"
      " WHERE email = $1"
      "  AND institution IS NULL"
      "  AND removed_ms = 0");
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

bool person_details(struct db *db, int64_t person, struct stmt **stmt, struct person_details *out, struct err *err) {
  *stmt = db_query(db,
      "SELECT name, phone, email, language, notify"
      " FROM person"
      " WHERE id = $1");
  stmt_bind_int(*stmt, 1, person);
  if (!stmt_step(*stmt, err)) return false;
  *out = (struct person_details){.name = stmt_text(*stmt, 0), .phone = stmt_text(*stmt, 1), .email = stmt_text(*stmt, 2),
                                 .language = stmt_text(*stmt, 3), .notify = (int)stmt_int(*stmt, 4)};
  return true;
}

bool person_change(struct db *db, int64_t person, const struct person_details *details, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE person"
      " SET name = $1, phone = $2, language = $3, notify = $4, changed_ms = $5"
      " WHERE id = $6");
  stmt_bind_text(stmt, 1, details->name);
  stmt_bind_text(stmt, 2, details->phone);
  stmt_bind_text(stmt, 3, details->language);
  stmt_bind_int(stmt, 4, details->notify);
  stmt_bind_int(stmt, 5, clock_now_ms());
  stmt_bind_int(stmt, 6, person);
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

bool person_set_contact(struct db *db, const struct person *person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE person"
      " SET email = $1, name = $2, phone = $3, language = $4, changed_ms = $5"
      " WHERE id = $6");
  stmt_bind_text(stmt, 1, person->email);
  stmt_bind_text(stmt, 2, person->name);
  stmt_bind_text(stmt, 3, person->phone);
  stmt_bind_text(stmt, 4, person->language);
  stmt_bind_int(stmt, 5, clock_now_ms());
  stmt_bind_int(stmt, 6, person->id);
  return stmt_run(stmt, err);
}

bool person_set_invited_by(struct db *db, int64_t person, int64_t by, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE person"
      " SET invited_by = $1"
      " WHERE id = $2");
  stmt_bind_int(stmt, 1, by);
  stmt_bind_int(stmt, 2, person);
  return stmt_run(stmt, err);
}

bool person_remove(struct db *db, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE person"
      " SET removed_ms = $1"
      " WHERE id = $2");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_int(stmt, 2, person);
  return stmt_run(stmt, err);
}

enum { STAND_ROLE, STAND_INSTITUTION, STAND_REMOVED_MS, STAND_INVITED_BY };

bool person_stand(struct db *db, int64_t person, struct person_standing *out, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT role, institution, removed_ms, invited_by"
      " FROM person"
      " WHERE id = $1");
  stmt_bind_int(stmt, 1, person);
  bool found = stmt_step(stmt, err);
  if (found) {
    out->role = (int)stmt_int(stmt, STAND_ROLE);
    out->institution = stmt_int(stmt, STAND_INSTITUTION);
    out->removed_ms = stmt_int(stmt, STAND_REMOVED_MS);
    out->invited_by = stmt_int(stmt, STAND_INVITED_BY);
  }
  stmt_end(stmt);
  return found;
}

enum { COLLEAGUE_ID, COLLEAGUE_EMAIL, COLLEAGUE_NAME, COLLEAGUE_PHONE, SINCE_MS, SIGNED_IN_MS, INVITED_BY, INVITED_BY_NAME };

struct stmt *colleague_list(struct db *db, int64_t institution) {
  struct stmt *stmt = db_query(db,
      "SELECT p.id, p.email, p.name, p.phone, p.created_ms,"
      "  coalesce((SELECT max(e.happened_ms) FROM event e WHERE e.subject = 'person ' || p.id AND e.kind = 'sign-in'), 0),"
      "  p.invited_by, coalesce(b.name, '')"
      " FROM person p"
      " LEFT JOIN person b ON b.id = p.invited_by"
      " WHERE p.institution = $1"
      "  AND p.role = 0"
      "  AND p.removed_ms = 0"
      " ORDER BY p.created_ms, p.id");
  stmt_bind_int(stmt, 1, institution);
  return stmt;
}

bool colleague_next(struct stmt *stmt, struct colleague *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_int(stmt, COLLEAGUE_ID);
  out->email = stmt_text(stmt, COLLEAGUE_EMAIL);
  out->name = stmt_text(stmt, COLLEAGUE_NAME);
  out->phone = stmt_text(stmt, COLLEAGUE_PHONE);
  out->since_ms = stmt_int(stmt, SINCE_MS);
  out->signed_in_ms = stmt_int(stmt, SIGNED_IN_MS);
  out->invited_by = stmt_int(stmt, INVITED_BY);
  out->invited_by_name = stmt_text(stmt, INVITED_BY_NAME);
  return true;
}

int64_t colleague_count_invitations(struct db *db, int64_t institution, int64_t since_ms, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT count(*)"
      " FROM person p"
      " JOIN event e ON e.subject = 'person ' || p.id"
      " WHERE p.institution = $1"
      "  AND e.kind = 'invite'"
      "  AND e.happened_ms >= $2");
  stmt_bind_int(stmt, 1, institution);
  stmt_bind_int(stmt, 2, since_ms);
  int64_t count = stmt_step(stmt, err) ? stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return count;
}

enum { ID, EMAIL, NAME, PHONE, LANGUAGE, ROLE, INSTITUTION, INSTITUTION_NAME, REMOVED_MS };

struct stmt *person_list(struct db *db) {
  return db_query(db,
      "SELECT p.id, p.email, p.name, p.phone, p.language, p.role, p.institution, coalesce(i.name, ''),"
      "  p.removed_ms"
      " FROM person p"
      " LEFT JOIN institution i ON i.id = p.institution"
      " ORDER BY p.email");
}

struct stmt *person_list_address(struct db *db, const char *email) {
  struct stmt *stmt = db_query(db,
      "SELECT p.id, p.email, p.name, p.phone, p.language, p.role, p.institution, coalesce(i.name, ''),"
      "  p.removed_ms"
      " FROM person p"
      " LEFT JOIN institution i ON i.id = p.institution"
      " WHERE p.email = $1"
      "  AND p.removed_ms = 0"
      " ORDER BY i.sort_key, p.id");
  stmt_bind_text(stmt, 1, email);
  return stmt;
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
  out->removed = stmt_int(stmt, REMOVED_MS) != 0;
  return true;
}
