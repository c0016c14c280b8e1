#include "store/stored_response.h"

#include "base/clock.h"
#include "store/tally.h"

enum {
  ID,
  ROUND,
  QUESTIONNAIRE,
  VERSION_ID,
  HASH,
  FILLED_BY,
  STATUS,
  REVISION,
  REQUIRED,
  ANSWERED,
  DEADLINE_MS,
  CHANGED_MS,
  SUBMITTED_MS,
  SUBMITTED_BY,
  RECEIPT,
  INSTITUTION,
  INSTITUTION_NAME,
  TALK,
  SUBMIT_RULE,
  RESPONSIBLE,
  RESPONSIBLE_NAME,
  PREVIOUS,
  TAKE_OVER,
  IDLE_MS,
  ACTIVE_MS,
  PRIOR,
  PRIOR_STATUS,
  PRIOR_REVISION,
  PRIOR_DEADLINE_MS,
  COMPLETE,
  CLOSED,
  DISPOSITION
};
#define COLUMNS \
  "SELECT r.id, r.round, r.questionnaire, r.version_id, v.hash, q.filled_by, r.status, r.revision, r.required," \
  "  r.answered," \
  "  CASE WHEN m.deadline_ms > 0 THEN m.deadline_ms ELSE o.deadline_ms END, r.changed_ms, r.submitted_ms, coalesce(p.name, ''), r.receipt, r.institution, i.name," \
  "  r.talk, o.submit_rule, h.id, coalesce(h.name, ''), o.previous, o.take_over, o.idle_ms, r.active_ms," \
  "  b.id, b.status, b.revision, c.deadline_ms, r.complete, o.closed_ms > 0, r.disposition" \
  " FROM response r" \
  " JOIN round o ON o.id = r.round" \
  " JOIN round_questionnaire q ON q.round = r.round AND q.questionnaire = r.questionnaire" \
  " JOIN questionnaire_version v ON v.id = r.version_id" \
  " JOIN institution i ON i.id = r.institution" \
  " LEFT JOIN round_institution m ON m.round = r.round AND m.institution = r.institution" \
  " LEFT JOIN person h ON h.id = m.responsible AND h.institution = r.institution AND h.removed_ms = 0" \
  " LEFT JOIN person p ON p.id = r.submitted_by" \
  " LEFT JOIN response b" \
  "  ON b.round = o.previous AND b.questionnaire = r.questionnaire AND b.institution = r.institution" \
  " LEFT JOIN round c ON c.id = b.round"

bool stored_response_next(struct stmt *stmt, struct stored_response *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_int(stmt, ID);
  out->round = stmt_text(stmt, ROUND);
  out->questionnaire = stmt_text(stmt, QUESTIONNAIRE);
  out->version_id = stmt_int(stmt, VERSION_ID);
  out->hash = stmt_text(stmt, HASH);
  out->filled_by = (enum round_filler)stmt_int(stmt, FILLED_BY);
  out->status = (int)stmt_int(stmt, STATUS);
  out->disposition = (int)stmt_int(stmt, DISPOSITION);
  out->revision = stmt_int(stmt, REVISION);
  out->required = (int)stmt_int(stmt, REQUIRED);
  out->answered = (int)stmt_int(stmt, ANSWERED);
  out->deadline_ms = stmt_int(stmt, DEADLINE_MS);
  out->changed_ms = stmt_int(stmt, CHANGED_MS);
  out->submitted_ms = stmt_int(stmt, SUBMITTED_MS);
  out->submitted_by = stmt_text(stmt, SUBMITTED_BY);
  out->receipt = stmt_text(stmt, RECEIPT);
  out->institution = stmt_int(stmt, INSTITUTION);
  out->institution_name = stmt_text(stmt, INSTITUTION_NAME);
  out->talk = stmt_int(stmt, TALK);
  out->responsible_submits = stmt_int(stmt, SUBMIT_RULE) == 1;
  out->responsible = stmt_int(stmt, RESPONSIBLE);
  out->responsible_name = stmt_text(stmt, RESPONSIBLE_NAME);
  out->previous = stmt_text(stmt, PREVIOUS);
  out->take_over = stmt_int(stmt, TAKE_OVER) != 0;
  out->idle_ms = stmt_int(stmt, IDLE_MS);
  out->active_ms = stmt_int(stmt, ACTIVE_MS);
  out->prior = stmt_int(stmt, PRIOR);
  out->prior_status = (int)stmt_int(stmt, PRIOR_STATUS);
  out->prior_revision = stmt_int(stmt, PRIOR_REVISION);
  out->complete = stmt_int(stmt, COMPLETE) != 0;
  out->closed = stmt_int(stmt, CLOSED) != 0;
  out->prior_deadline_ms = stmt_int(stmt, PRIOR_DEADLINE_MS);
  return true;
}

bool stored_response_find(struct db *db, int64_t id, struct stmt **stmt, struct stored_response *out,
                          struct err *err) {
  *stmt = db_query(db,
      COLUMNS
      " WHERE r.id = $1");
  stmt_bind_int(*stmt, 1, id);
  return stored_response_next(*stmt, out, err);
}

int64_t stored_response_id(struct db *db, const char *round, const char *questionnaire, int64_t institution,
                           struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT id"
      " FROM response"
      " WHERE round = $1"
      "  AND questionnaire = $2"
      "  AND institution = $3");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  stmt_bind_int(stmt, 3, institution);
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

struct stmt *stored_response_of_institution(struct db *db, int64_t institution) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE r.institution = $1"
      "  AND q.filled_by = 0"
      " ORDER BY o.deadline DESC, r.round, q.position");
  stmt_bind_int(stmt, 1, institution);
  return stmt;
}

struct stmt *stored_response_of_experts(struct db *db) {
  return db_query(db,
      COLUMNS
      " WHERE q.filled_by IN (1, 2)"
      " ORDER BY o.deadline DESC, r.round, q.position, r.sort_key, r.id");
}

struct stmt *stored_response_in_round(struct db *db, const char *round, int64_t institution) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE r.institution = $1"
      "  AND r.round = $2"
      " ORDER BY q.position");
  stmt_bind_int(stmt, 1, institution);
  stmt_bind_text(stmt, 2, round);
  return stmt;
}

bool stored_response_open(struct db *db, const struct response_opening *opening, struct err *err) {
  struct err own = {0};
  int64_t before = stored_response_id(db, opening->round, opening->questionnaire, opening->institution, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  struct stmt *stmt = db_query(db,
      "INSERT INTO response"
      " (round, questionnaire, institution, version_id, status, revision, required, answered, opened_ms, changed_ms,"
      "  submitted_ms, receipt, sort_key)"
      " VALUES ($1, $2, $3, $4, 0, 0, $5, 0, 0, 0, 0, '', $6)"
      " ON CONFLICT (round, questionnaire, institution) DO UPDATE"
      " SET version_id = excluded.version_id, required = excluded.required"
      " WHERE response.status = 0"
      "  AND response.version_id <> excluded.version_id"
      " RETURNING id");
  stmt_bind_text(stmt, 1, opening->round);
  stmt_bind_text(stmt, 2, opening->questionnaire);
  stmt_bind_int(stmt, 3, opening->institution);
  stmt_bind_int(stmt, 4, opening->version_id);
  stmt_bind_int(stmt, 5, opening->required);
  stmt_bind_text(stmt, 6, opening->sort_key);
  int64_t id = stmt_step(stmt, &own) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return before != 0 || tally_response(db, id, TALLY_PUT_IN, err);
}

bool stored_response_change(struct db *db, int64_t id, const struct response_progress *progress, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET status = $1, required = $2, answered = $3, revision = revision + 1, changed_ms = $4,"
      "  opened_ms = CASE WHEN opened_ms = 0 THEN $4 ELSE opened_ms END, complete = $5"
      " WHERE id = $6");
  stmt_bind_int(stmt, 1, progress->status);
  stmt_bind_int(stmt, 2, progress->required);
  stmt_bind_int(stmt, 3, progress->answered);
  stmt_bind_int(stmt, 4, clock_now_ms());
  stmt_bind_int(stmt, 5, progress->complete);
  stmt_bind_int(stmt, 6, id);
  return stmt_run(stmt, err);
}

bool stored_response_talk(struct db *db, int64_t id, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET talk = talk + 1"
      " WHERE id = $1");
  stmt_bind_int(stmt, 1, id);
  return stmt_run(stmt, err);
}

bool stored_response_talk_assigned(struct db *db, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET talk = talk + 1"
      " WHERE id IN (SELECT response_id FROM assignment WHERE person_id = $1)");
  stmt_bind_int(stmt, 1, person);
  return stmt_run(stmt, err);
}

bool stored_response_submit(struct db *db, int64_t id, int64_t person, const char *receipt, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET status = 2, submitted_ms = $1, submitted_by = $2, receipt = $3"
      " WHERE id = $4");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_int(stmt, 2, person);
  stmt_bind_text(stmt, 3, receipt);
  stmt_bind_int(stmt, 4, id);
  return stmt_run(stmt, err);
}

bool stored_response_rename(struct db *db, int64_t person, int64_t institution, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET talk = talk + 1"
      " WHERE institution = $1"
      "  OR id IN (SELECT response_id FROM answer WHERE person_id = $2)");
  stmt_bind_int(stmt, 1, institution);
  stmt_bind_int(stmt, 2, person);
  return stmt_run(stmt, err);
}
