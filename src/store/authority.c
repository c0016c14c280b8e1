#include "store/authority.h"

#include "base/clock.h"

enum { ID, ROUND, INSTITUTION, PERSON, PERSON_NAME, GIVEN_BY, DOCUMENT, RECORDED_BY, CREATED_MS, ENDED_MS, ENDED_BY, MAY_SUBMIT };
#define COLUMNS \
  "SELECT a.id, a.round, a.institution, a.person_id, p.name, a.given_by, a.document, r.name, a.created_ms, a.ended_ms," \
  "  coalesce(e.name, ''), a.may_submit" \
  " FROM authority a" \
  " JOIN person p ON p.id = a.person_id" \
  " JOIN person r ON r.id = a.recorded_by" \
  " LEFT JOIN person e ON e.id = a.ended_by"

struct stmt *authority_list(struct db *db, const char *round, int64_t institution) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE a.institution = $1"
      "  AND a.round = $2"
      " ORDER BY a.id DESC");
  stmt_bind_int(stmt, 1, institution);
  stmt_bind_text(stmt, 2, round);
  return stmt;
}

struct stmt *authority_list_live(struct db *db, const char *round) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE a.round = $1"
      "  AND a.ended_ms = 0"
      " ORDER BY a.id");
  stmt_bind_text(stmt, 1, round);
  return stmt;
}

struct stmt *authority_query(struct db *db, int64_t id) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE a.id = $1");
  stmt_bind_int(stmt, 1, id);
  return stmt;
}

bool authority_next(struct stmt *stmt, struct authority *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_int(stmt, ID);
  out->round = stmt_text(stmt, ROUND);
  out->institution = stmt_int(stmt, INSTITUTION);
  out->person = stmt_int(stmt, PERSON);
  out->person_name = stmt_text(stmt, PERSON_NAME);
  out->given_by = stmt_text(stmt, GIVEN_BY);
  out->document = stmt_text(stmt, DOCUMENT);
  out->recorded_by = stmt_text(stmt, RECORDED_BY);
  out->created_ms = stmt_int(stmt, CREATED_MS);
  out->ended_ms = stmt_int(stmt, ENDED_MS);
  out->ended_by = stmt_text(stmt, ENDED_BY);
  out->may_submit = stmt_int(stmt, MAY_SUBMIT) != 0;
  return true;
}

int64_t authority_find_live(struct db *db, const char *round, int64_t institution, int64_t person, bool *may_submit,
                            struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT id, may_submit"
      " FROM authority"
      " WHERE institution = $1"
      "  AND round = $2"
      "  AND person_id = $3"
      "  AND ended_ms = 0"
      " ORDER BY id DESC"
      " LIMIT 1");
  stmt_bind_int(stmt, 1, institution);
  stmt_bind_text(stmt, 2, round);
  stmt_bind_int(stmt, 3, person);
  bool found = stmt_step(stmt, err);
  int64_t id = found ? stmt_int(stmt, 0) : 0;
  *may_submit = found && stmt_int(stmt, 1) != 0;
  stmt_end(stmt);
  return id;
}

int64_t authority_add(struct db *db, const struct authority *authority, int64_t recorded_by, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO authority"
      " (round, institution, person_id, given_by, document, recorded_by, created_ms, ended_ms, may_submit)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)"
      " RETURNING id");
  stmt_bind_text(stmt, 1, authority->round);
  stmt_bind_int(stmt, 2, authority->institution);
  stmt_bind_int(stmt, 3, authority->person);
  stmt_bind_text(stmt, 4, authority->given_by);
  stmt_bind_text(stmt, 5, authority->document);
  stmt_bind_int(stmt, 6, recorded_by);
  stmt_bind_int(stmt, 7, clock_now_ms());
  stmt_bind_int(stmt, 8, authority->may_submit);
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

bool authority_end(struct db *db, int64_t id, int64_t by, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE authority"
      " SET ended_ms = $1, ended_by = $2"
      " WHERE id = $3"
      "  AND ended_ms = 0");
  stmt_bind_int(stmt, 1, clock_now_ms());
  if (by != 0) stmt_bind_int(stmt, 2, by);
  stmt_bind_int(stmt, 3, id);
  if (!stmt_run(stmt, err)) return false;
  return db_changes(db) == 1 || err_set(err, ERR_NOT_FOUND, "there is no such authority that holds");
}

struct stmt *authority_staff(struct db *db) {
  return db_query(db,
      "SELECT id, name"
      " FROM person"
      " WHERE role = 1"
      "  AND removed_ms = 0"
      " ORDER BY name, id");
}

bool authority_next_staff(struct stmt *stmt, int64_t *person, const char **name, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *person = stmt_int(stmt, 0);
  *name = stmt_text(stmt, 1);
  return true;
}

struct stmt *authority_entries(struct db *db, const struct authority *authority, int limit) {
  struct stmt *stmt = db_query(db,
      "SELECT a.response_id, a.question, a.row_id, a.version, a.state, a.value, a.changed_ms"
      " FROM answer a"
      " JOIN response r ON r.id = a.response_id"
      " WHERE a.person_id = $1"
      "  AND a.changed_ms BETWEEN $2 AND $3"
      "  AND r.institution = $4"
      "  AND r.round = $5"
      " UNION ALL"
      " SELECT a.response_id, a.question, a.row_id, a.version, a.state, a.value, a.changed_ms"
      " FROM answer_past a"
      " JOIN response r ON r.id = a.response_id"
      " WHERE a.person_id = $1"
      "  AND a.changed_ms BETWEEN $2 AND $3"
      "  AND r.institution = $4"
      "  AND r.round = $5"
      " ORDER BY 7 DESC, 1, 2, 3, 4 DESC"
      " LIMIT $6");
  stmt_bind_int(stmt, 1, authority->person);
  stmt_bind_int(stmt, 2, authority->created_ms);
  stmt_bind_int(stmt, 3, authority->ended_ms != 0 ? authority->ended_ms : INT64_MAX);
  stmt_bind_int(stmt, 4, authority->institution);
  stmt_bind_text(stmt, 5, authority->round);
  stmt_bind_int(stmt, 6, limit);
  return stmt;
}

bool authority_next_entry(struct stmt *stmt, struct authority_entry *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->response = stmt_int(stmt, 0);
  out->answer = (struct answer_row){
      .question = stmt_text(stmt, 1),
      .row = stmt_text(stmt, 2),
      .version = (int)stmt_int(stmt, 3),
      .state = (enum answer_state)stmt_int(stmt, 4),
      .value = stmt_text(stmt, 5),
      .changed_ms = stmt_int(stmt, 6),
  };
  return true;
}
