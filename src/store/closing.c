#include "store/closing.h"

#include "base/clock.h"

static bool check_changed(struct db *db, struct err *err) {
  return db_changes(db) == 1 || err_set(err, ERR_CONFLICT, "somebody else was first");
}

bool closing_mark(struct db *db, const char *round, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE round"
      " SET closed_ms = $1, closed_by = $2"
      " WHERE id = $3"
      "  AND closed_ms = 0");
  stmt_bind_int(stmt, 1, clock_now_ms());
  if (person != 0) stmt_bind_int(stmt, 2, person);
  stmt_bind_text(stmt, 3, round);
  return stmt_run(stmt, err) && check_changed(db, err);
}

bool closing_unmark(struct db *db, const char *round, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE round"
      " SET closed_ms = 0, closed_by = NULL"
      " WHERE id = $1"
      "  AND closed_ms > 0");
  stmt_bind_text(stmt, 1, round);
  return stmt_run(stmt, err) && check_changed(db, err);
}

bool closing_state(struct db *db, const char *round, bool *closed, int64_t *person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT closed_ms, coalesce(closed_by, 0)"
      " FROM round"
      " WHERE id = $1");
  stmt_bind_text(stmt, 1, round);
  bool found = stmt_step(stmt, err);
  *closed = found && stmt_int(stmt, 0) != 0;
  *person = found ? stmt_int(stmt, 1) : 0;
  stmt_end(stmt);
  return found || err_set(err, ERR_NOT_FOUND, "there is no such round");
}

struct stmt *closing_counts(struct db *db, const char *round) {
  struct stmt *stmt = db_query(db,
      "SELECT r.disposition, count(*)"
      " FROM round_questionnaire q"
      " JOIN response r ON r.round = q.round AND r.questionnaire = q.questionnaire"
      " WHERE q.round = $1"
      "  AND q.filled_by = 0"
      " GROUP BY r.disposition"
      " ORDER BY r.disposition");
  stmt_bind_text(stmt, 1, round);
  return stmt;
}

bool closing_next_count(struct stmt *stmt, int *disposition, int *count, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *disposition = (int)stmt_int(stmt, 0);
  *count = (int)stmt_int(stmt, 1);
  return true;
}

struct stmt *closing_list_begun(struct db *db, const char *round, int64_t after, int limit) {
  struct stmt *stmt = db_query(db,
      "SELECT r.id"
      " FROM response r"
      " JOIN round_institution m ON m.round = r.round AND m.institution = r.institution"
      " WHERE r.round = $1"
      "  AND r.id > $2"
      "  AND r.status IN (1, 3)"
      "  AND m.participation = 0"
      " ORDER BY r.id"
      " LIMIT $3");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_int(stmt, 2, after);
  stmt_bind_int(stmt, 3, limit);
  return stmt;
}

struct stmt *closing_list_frozen(struct db *db, const char *round, int64_t after, int limit) {
  struct stmt *stmt = db_query(db,
      "SELECT r.id"
      " FROM response r"
      " WHERE r.round = $1"
      "  AND r.id > $2"
      "  AND r.status = 4"
      " ORDER BY r.id"
      " LIMIT $3");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_int(stmt, 2, after);
  stmt_bind_int(stmt, 3, limit);
  return stmt;
}

bool closing_next_id(struct stmt *stmt, int64_t *id, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *id = stmt_int(stmt, 0);
  return true;
}

struct stmt *closing_list_unfinished(struct db *db) {
  return db_query(db,
      "SELECT o.id, o.closed_ms > 0"
      " FROM round o"
      " WHERE (o.closed_ms > 0"
      "   AND EXISTS (SELECT 1 FROM response r JOIN round_institution m ON m.round = r.round AND m.institution = r.institution"
      "    WHERE r.round = o.id AND r.status IN (1, 3) AND m.participation = 0))"
      "  OR (o.closed_ms = 0 AND EXISTS (SELECT 1 FROM response r WHERE r.round = o.id AND r.status = 4))"
      " ORDER BY o.id");
}

bool closing_next_unfinished(struct stmt *stmt, const char **round, bool *closed, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *round = stmt_text(stmt, 0);
  *closed = stmt_int(stmt, 1) != 0;
  return true;
}

bool closing_has_answers(struct db *db, int64_t response, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT CASE WHEN EXISTS (SELECT 1 FROM answer WHERE response_id = $1 AND state <> 0)"
      "  OR EXISTS (SELECT 1 FROM roster_row WHERE response_id = $1 AND removed_ms = 0) THEN 1 ELSE 0 END");
  stmt_bind_int(stmt, 1, response);
  bool has = stmt_step(stmt, err) && stmt_int(stmt, 0) != 0;
  stmt_end(stmt);
  return has;
}

static bool set_partial(struct db *db, int64_t response, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET status = 4"
      " WHERE id = $1");
  stmt_bind_int(stmt, 1, response);
  return stmt_run(stmt, err);
}

bool closing_freeze(struct db *db, int64_t response, int64_t person, const char *checksum, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO submission (response_id, number, revision, person_id, submitted_ms, checksum, partial, version_id)"
      " SELECT r.id, (SELECT coalesce(max(s.number), 0) + 1 FROM submission s WHERE s.response_id = r.id), r.revision, $2, $3, $4, 1, r.version_id"
      " FROM response r"
      " WHERE r.id = $1");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_int(stmt, 2, person);
  stmt_bind_int(stmt, 3, clock_now_ms());
  stmt_bind_text(stmt, 4, checksum);
  return stmt_run(stmt, err) && set_partial(db, response, err);
}

bool closing_empty(struct db *db, int64_t response, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET status = 0, opened_ms = 0"
      " WHERE id = $1");
  stmt_bind_int(stmt, 1, response);
  return stmt_run(stmt, err);
}

/* It is as before: reopened when the submission before the freezing was given back. */
bool closing_thaw(struct db *db, int64_t response, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET status = CASE WHEN EXISTS (SELECT 1 FROM submission s WHERE s.response_id = $1 AND s.partial = 0) THEN 3 ELSE 1 END"
      " WHERE id = $1");
  stmt_bind_int(stmt, 1, response);
  return stmt_run(stmt, err);
}

enum { INSTITUTION, NAME, NUMBER, ABBREVIATION, PARTICIPATION, REFUSAL, REMARK, CONTACTS, OPENED_MS, RESPONSES, SUBMITTED, REOPENED, BEGUN };

struct stmt *round_standings(struct db *db, const char *round) {
  struct stmt *stmt = db_query(db,
      "SELECT i.id, i.name, coalesce(i.registration_number, ''), i.abbreviation, m.participation, m.refusal, m.remark,"
      "  (SELECT count(*) FROM person p WHERE p.institution = i.id AND p.role = 0 AND p.removed_ms = 0),"
      "  m.opened_ms, count(r.id), coalesce(sum(CASE WHEN r.status = 2 THEN 1 ELSE 0 END), 0),"
      "  coalesce(sum(CASE WHEN r.status = 3 THEN 1 ELSE 0 END), 0),"
      "  coalesce(sum(CASE WHEN r.status IN (1, 4) AND r.opened_ms > 0 THEN 1 ELSE 0 END), 0)"
      " FROM round_institution m"
      " JOIN institution i ON i.id = m.institution"
      " LEFT JOIN response r ON r.round = m.round AND r.institution = m.institution"
      "  AND EXISTS (SELECT 1 FROM round_questionnaire q WHERE q.round = r.round AND q.questionnaire = r.questionnaire"
      "   AND q.filled_by = 0)"
      " WHERE m.round = $1"
      " GROUP BY i.id, i.name, i.registration_number, i.abbreviation, m.participation, m.refusal, m.remark, m.opened_ms,"
      "  m.position"
      " ORDER BY m.position, i.id");
  stmt_bind_text(stmt, 1, round);
  return stmt;
}

bool round_standing_next(struct stmt *stmt, struct round_standing *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->institution = stmt_int(stmt, INSTITUTION);
  out->name = stmt_text(stmt, NAME);
  out->registration_number = stmt_text(stmt, NUMBER);
  out->abbreviation = stmt_text(stmt, ABBREVIATION);
  out->excluded = stmt_int(stmt, PARTICIPATION) != 0;
  out->refusal = stmt_text(stmt, REFUSAL);
  out->remark = stmt_text(stmt, REMARK);
  out->contacts = (int)stmt_int(stmt, CONTACTS);
  out->opened_ms = stmt_int(stmt, OPENED_MS);
  out->responses = (int)stmt_int(stmt, RESPONSES);
  out->submitted = (int)stmt_int(stmt, SUBMITTED);
  out->reopened = (int)stmt_int(stmt, REOPENED);
  out->begun = (int)stmt_int(stmt, BEGUN);
  return true;
}
