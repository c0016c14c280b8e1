#include "store/nomination.h"

#include "base/clock.h"

bool nomination_link_add(struct db *db, const char *token_hash, const char *round, int64_t institution, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO nomination_link (token_hash, round, institution, created_ms, revoked_ms)"
      " VALUES ($1, $2, $3, $4, 0)");
  stmt_bind_text(stmt, 1, token_hash);
  stmt_bind_text(stmt, 2, round);
  stmt_bind_int(stmt, 3, institution);
  stmt_bind_int(stmt, 4, clock_now_ms());
  return stmt_run(stmt, err);
}

bool nomination_link_revoke(struct db *db, const char *round, int64_t institution, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE nomination_link"
      " SET revoked_ms = $1"
      " WHERE round = $2"
      "  AND institution = $3"
      "  AND revoked_ms = 0");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_text(stmt, 2, round);
  stmt_bind_int(stmt, 3, institution);
  return stmt_run(stmt, err);
}

bool nomination_link_find(struct db *db, const char *token_hash, struct stmt **stmt, const char **round,
                          int64_t *institution, struct err *err) {
  *stmt = db_query(db,
      "SELECT round, institution"
      " FROM nomination_link"
      " WHERE token_hash = $1"
      "  AND revoked_ms = 0");
  stmt_bind_text(*stmt, 1, token_hash);
  if (!stmt_step(*stmt, err)) return false;
  *round = stmt_text(*stmt, 0);
  *institution = stmt_int(*stmt, 1);
  return true;
}

int64_t nomination_add(struct db *db, const struct stored_nomination *nomination, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO nomination (round, institution, name, email, phone, position_title, language, responsible, nominated_by,"
      "  created_ms, decision, decided_ms, reason, wish, remark)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, '', $11, $12)"
      " RETURNING id");
  stmt_bind_text(stmt, 1, nomination->round);
  stmt_bind_int(stmt, 2, nomination->institution);
  stmt_bind_text(stmt, 3, nomination->name);
  stmt_bind_text(stmt, 4, nomination->email);
  stmt_bind_text(stmt, 5, nomination->phone);
  stmt_bind_text(stmt, 6, nomination->position);
  stmt_bind_text(stmt, 7, nomination->language);
  stmt_bind_int(stmt, 8, nomination->responsible);
  stmt_bind_text(stmt, 9, nomination->by);
  stmt_bind_int(stmt, 10, clock_now_ms());
  stmt_bind_text(stmt, 11, nomination->wish);
  stmt_bind_text(stmt, 12, nomination->remark);
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

enum { ID, ROUND, INSTITUTION, INSTITUTION_NAME, NAME, EMAIL, PHONE, POSITION, LANGUAGE, RESPONSIBLE, BY, CREATED_MS, DECISION,
       DECIDED_MS, REASON, WISH, REMARK };

#define COLUMNS \
  "SELECT n.id, n.round, n.institution, i.name, n.name, n.email, n.phone, n.position_title, n.language, n.responsible," \
  "  n.nominated_by, n.created_ms, n.decision, n.decided_ms, n.reason, n.wish, n.remark" \
  " FROM nomination n" \
  " JOIN institution i ON i.id = n.institution"

struct stmt *nomination_list(struct db *db, const char *round, int64_t institution) {
  struct stmt *stmt = db_query(db, COLUMNS
      " WHERE n.round = $1"
      "  AND ($2 = 0 OR n.institution = $2)"
      " ORDER BY n.decision > 0, n.id DESC"
      " LIMIT 500");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_int(stmt, 2, institution);
  return stmt;
}

bool nomination_next(struct stmt *stmt, struct stored_nomination *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *out = (struct stored_nomination){
      .id = stmt_int(stmt, ID),
      .round = stmt_text(stmt, ROUND),
      .institution = stmt_int(stmt, INSTITUTION),
      .institution_name = stmt_text(stmt, INSTITUTION_NAME),
      .name = stmt_text(stmt, NAME),
      .email = stmt_text(stmt, EMAIL),
      .phone = stmt_text(stmt, PHONE),
      .position = stmt_text(stmt, POSITION),
      .language = stmt_text(stmt, LANGUAGE),
      .responsible = stmt_int(stmt, RESPONSIBLE) != 0,
      .by = stmt_text(stmt, BY),
      .created_ms = stmt_int(stmt, CREATED_MS),
      .decided_ms = stmt_int(stmt, DECIDED_MS),
      .decision = (enum nomination_decision)stmt_int(stmt, DECISION),
      .reason = stmt_text(stmt, REASON),
      .wish = stmt_text(stmt, WISH),
      .remark = stmt_text(stmt, REMARK),
  };
  return true;
}

bool nomination_get(struct db *db, int64_t id, struct stmt **stmt, struct stored_nomination *out, struct err *err) {
  *stmt = db_query(db, COLUMNS
      " WHERE n.id = $1");
  stmt_bind_int(*stmt, 1, id);
  return nomination_next(*stmt, out, err);
}

bool nomination_decide(struct db *db, int64_t id, const struct nomination_verdict *verdict, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE nomination"
      " SET decision = $1, decided_by = $2, decided_ms = $3, reason = $4, person_id = $5"
      " WHERE id = $6"
      "  AND decision = 0");
  stmt_bind_int(stmt, 1, verdict->decision);
  if (verdict->by != 0) stmt_bind_int(stmt, 2, verdict->by);
  stmt_bind_int(stmt, 3, clock_now_ms());
  stmt_bind_text(stmt, 4, verdict->reason);
  if (verdict->person != 0) stmt_bind_int(stmt, 5, verdict->person);
  stmt_bind_int(stmt, 6, id);
  return stmt_run(stmt, err) && db_changes(db) == 1;
}

static int count(struct stmt *stmt, const char *round, int64_t institution, struct err *err) {
  stmt_bind_text(stmt, 1, round);
  stmt_bind_int(stmt, 2, institution);
  int found = stmt_step(stmt, err) ? (int)stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return found;
}

int nomination_count_waiting(struct db *db, const char *round, int64_t institution, struct err *err) {
  return count(db_query(db,
      "SELECT count(*)"
      " FROM nomination"
      " WHERE round = $1"
      "  AND institution = $2"
      "  AND decision = 0"
      "  AND wish = ''"), round, institution, err);
}

int nomination_count_since(struct db *db, const char *round, int64_t institution, int64_t since_ms, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT count(*)"
      " FROM nomination"
      " WHERE round = $1"
      "  AND institution = $2"
      "  AND created_ms >= $3");
  stmt_bind_int(stmt, 3, since_ms);
  return count(stmt, round, institution, err);
}
