#include "store/correction.h"

enum { ID, ROUND, QUESTIONNAIRE, OLD_VERSION, NEW_VERSION, NOTE, PERSON, CREATED_MS, NEW_LABEL, PERSON_NAME };
#define COLUMNS \
  "SELECT c.id, c.round, c.questionnaire, c.old_version, c.new_version, c.note, c.person_id, c.created_ms, v.version," \
  "  coalesce(p.name, '')" \
  " FROM correction c" \
  " JOIN questionnaire_version v ON v.id = c.new_version" \
  " LEFT JOIN person p ON p.id = c.person_id"

bool correction_next(struct stmt *stmt, struct stored_correction *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_int(stmt, ID);
  out->round = stmt_text(stmt, ROUND);
  out->questionnaire = stmt_text(stmt, QUESTIONNAIRE);
  out->old_version = stmt_int(stmt, OLD_VERSION);
  out->new_version = stmt_int(stmt, NEW_VERSION);
  out->note = stmt_text(stmt, NOTE);
  out->person = stmt_int(stmt, PERSON);
  out->created_ms = stmt_int(stmt, CREATED_MS);
  out->new_label = stmt_text(stmt, NEW_LABEL);
  out->person_name = stmt_text(stmt, PERSON_NAME);
  return true;
}

bool correction_find(struct db *db, int64_t id, struct stmt **stmt, struct stored_correction *out, struct err *err) {
  *stmt = db_query(db,
      COLUMNS
      " WHERE c.id = $1");
  stmt_bind_int(*stmt, 1, id);
  return correction_next(*stmt, out, err);
}

struct stmt *correction_list(struct db *db, const char *round) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE c.round = $1"
      " ORDER BY c.id DESC");
  stmt_bind_text(stmt, 1, round);
  return stmt;
}

int64_t correction_add(struct db *db, const struct stored_correction *correction, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO correction (round, questionnaire, old_version, new_version, note, person_id, created_ms)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7)"
      " RETURNING id");
  stmt_bind_text(stmt, 1, correction->round);
  stmt_bind_text(stmt, 2, correction->questionnaire);
  stmt_bind_int(stmt, 3, correction->old_version);
  stmt_bind_int(stmt, 4, correction->new_version);
  stmt_bind_text(stmt, 5, correction->note);
  if (correction->person != 0) stmt_bind_int(stmt, 6, correction->person);
  stmt_bind_int(stmt, 7, correction->created_ms);
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

bool correction_current(struct db *db, const char *round, const char *questionnaire, int64_t *version_id, bool *closed,
                        struct err *err) {
  struct err own = {0};
  struct stmt *stmt = db_query(db,
      "SELECT o.closed_ms > 0, q.version_id"
      " FROM round o"
      " LEFT JOIN round_questionnaire q ON q.round = o.id AND q.questionnaire = $2"
      " WHERE o.id = $1");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  bool found = stmt_step(stmt, &own);
  *closed = found && stmt_int(stmt, 0) != 0;
  *version_id = found ? stmt_int(stmt, 1) : 0;
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return found || err_set(err, ERR_NOT_FOUND, "there is no round '%s'", round);
}

bool correction_set_current(struct db *db, const char *round, const char *questionnaire, int64_t version_id,
                            struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE round_questionnaire"
      " SET version_id = $1"
      " WHERE round = $2"
      "  AND questionnaire = $3");
  stmt_bind_int(stmt, 1, version_id);
  stmt_bind_text(stmt, 2, round);
  stmt_bind_text(stmt, 3, questionnaire);
  return stmt_run(stmt, err);
}

/* Is there a row? */
static bool any(struct stmt *stmt, bool *is, struct err *err) {
  struct err own = {0};
  *is = stmt_step(stmt, &own);
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool correction_label_used(struct db *db, const char *questionnaire, const char *label, const char *hash, bool *used,
                           struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT 1"
      " FROM questionnaire_version"
      " WHERE questionnaire = $1"
      "  AND version = $2"
      "  AND hash <> $3");
  stmt_bind_text(stmt, 1, questionnaire);
  stmt_bind_text(stmt, 2, label);
  stmt_bind_text(stmt, 3, hash);
  return any(stmt, used, err);
}

bool correction_was_replaced(struct db *db, const char *round, const char *questionnaire, const char *hash, bool *was,
                             struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT 1"
      " FROM correction c"
      " JOIN questionnaire_version v ON v.id = c.old_version"
      " WHERE c.round = $1"
      "  AND c.questionnaire = $2"
      "  AND v.hash = $3");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  stmt_bind_text(stmt, 3, hash);
  return any(stmt, was, err);
}

/* Status: 0 new, 1 started, 3 reopened. */
struct stmt *correction_pending(struct db *db, int limit) {
  struct stmt *stmt = db_query(db,
      "SELECT r.id, c.id, r.institution, r.status <> 0, q.filled_by = 0"
      " FROM round_questionnaire q"
      " JOIN round o ON o.id = q.round AND o.closed_ms = 0"
      " JOIN (SELECT max(id) AS id, round, questionnaire, old_version, new_version"
      "       FROM correction"
      "       GROUP BY round, questionnaire, old_version, new_version) AS c"
      "  ON c.round = q.round AND c.questionnaire = q.questionnaire AND c.new_version = q.version_id"
      " JOIN response r ON r.round = q.round AND r.questionnaire = q.questionnaire AND r.version_id = c.old_version"
      " WHERE r.status IN (0, 1, 3)"
      "  AND c.old_version <> c.new_version"
      " ORDER BY r.id"
      " LIMIT $1");
  stmt_bind_int(stmt, 1, limit);
  return stmt;
}

bool correction_next_pending(struct stmt *stmt, struct correction_pending *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->response = stmt_int(stmt, 0);
  out->correction = stmt_int(stmt, 1);
  out->institution = stmt_int(stmt, 2);
  out->begun = stmt_int(stmt, 3) != 0;
  out->for_contacts = stmt_int(stmt, 4) != 0;
  return true;
}

struct stmt *correction_versions(struct db *db, const char *round) {
  struct stmt *stmt = db_query(db,
      "SELECT q.questionnaire, v.id, v.version, v.hash, v.published_ms, v.id = q.version_id,"
      "  coalesce(n.fresh, 0), coalesce(n.begun, 0), coalesce(n.locked, 0)"
      " FROM round_questionnaire q"
      " JOIN questionnaire_version v ON v.questionnaire = q.questionnaire"
      " LEFT JOIN (SELECT questionnaire, version_id, sum(CASE WHEN status = 0 THEN 1 ELSE 0 END) AS fresh,"
      "              sum(CASE WHEN status IN (1, 3) THEN 1 ELSE 0 END) AS begun,"
      "              sum(CASE WHEN status IN (2, 4) THEN 1 ELSE 0 END) AS locked"
      "            FROM response"
      "            WHERE round = $1"
      "            GROUP BY questionnaire, version_id) AS n"
      "  ON n.questionnaire = q.questionnaire AND n.version_id = v.id"
      " WHERE q.round = $1"
      "  AND (v.id = q.version_id OR n.version_id IS NOT NULL"
      "   OR v.id IN (SELECT old_version FROM correction WHERE round = $1)"
      "   OR v.id IN (SELECT new_version FROM correction WHERE round = $1))"
      " ORDER BY q.position, v.id DESC");
  stmt_bind_text(stmt, 1, round);
  return stmt;
}

bool correction_next_version(struct stmt *stmt, struct correction_version *out, struct err *err) {
  enum { OF, VERSION_ID, LABEL, HASH, PUBLISHED_MS, CURRENT, FRESH, BEGUN, LOCKED };
  if (!stmt_step(stmt, err)) return false;
  out->questionnaire = stmt_text(stmt, OF);
  out->version_id = stmt_int(stmt, VERSION_ID);
  out->label = stmt_text(stmt, LABEL);
  out->hash = stmt_text(stmt, HASH);
  out->published_ms = stmt_int(stmt, PUBLISHED_MS);
  out->current = stmt_int(stmt, CURRENT) != 0;
  out->fresh = (int)stmt_int(stmt, FRESH);
  out->begun = (int)stmt_int(stmt, BEGUN);
  out->locked = (int)stmt_int(stmt, LOCKED);
  return true;
}

bool correction_move_response(struct db *db, int64_t response, const struct response_move *move, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET version_id = $1, required = $2, answered = $3, complete = $4, revision = revision + 1"
      " WHERE id = $5");
  stmt_bind_int(stmt, 1, move->version_id);
  stmt_bind_int(stmt, 2, move->required);
  stmt_bind_int(stmt, 3, move->answered);
  stmt_bind_int(stmt, 4, move->complete);
  stmt_bind_int(stmt, 5, response);
  return stmt_run(stmt, err);
}
