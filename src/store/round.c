#include "store/round.h"

#include <string.h>

#include "base/clock.h"

#define IDLE_DEFAULT_MS (5 * 60 * 1000)

bool round_put(struct db *db, const struct round *round, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO round (id, opens, deadline, deadline_ms, help_phone, help_email, created_ms,"
      "  submit_rule, previous, take_over, idle_ms, confirm_browser)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
      " ON CONFLICT (id) DO UPDATE"
      " SET opens = excluded.opens,"
      "  deadline = CASE WHEN EXISTS (SELECT 1 FROM round_deadline d WHERE d.round = round.id) THEN round.deadline"
      "   ELSE excluded.deadline END,"
      "  deadline_ms = CASE WHEN EXISTS (SELECT 1 FROM round_deadline d WHERE d.round = round.id) THEN round.deadline_ms"
      "   ELSE excluded.deadline_ms END,"
      "  help_phone = excluded.help_phone, help_email = excluded.help_email, submit_rule = excluded.submit_rule,"
      "  previous = excluded.previous, take_over = excluded.take_over, idle_ms = excluded.idle_ms,"
      "  confirm_browser = excluded.confirm_browser");
  stmt_bind_text(stmt, 1, round->id);
  stmt_bind_text(stmt, 2, round->opens);
  stmt_bind_text(stmt, 3, round->deadline);
  stmt_bind_int(stmt, 4, round->deadline_ms);
  stmt_bind_text(stmt, 5, round->help_phone);
  stmt_bind_text(stmt, 6, round->help_email);
  stmt_bind_int(stmt, 7, clock_now_ms());
  stmt_bind_int(stmt, 8, round->responsible_submits);
  stmt_bind_text(stmt, 9, round->previous != NULL ? round->previous : "");
  stmt_bind_int(stmt, 10, round->take_over);
  stmt_bind_int(stmt, 11, round->idle_ms > 0 ? round->idle_ms : IDLE_DEFAULT_MS);
  stmt_bind_int(stmt, 12, round->confirm_browser);
  return stmt_run(stmt, err);
}

bool round_put_title(struct db *db, const char *round, const char *language, const char *title, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO round_title (round, language, title)"
      " VALUES ($1, $2, $3)"
      " ON CONFLICT (round, language) DO UPDATE SET title = excluded.title");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, language);
  stmt_bind_text(stmt, 3, title);
  return stmt_run(stmt, err);
}

bool round_put_segment(struct db *db, const char *id, const char *language, const char *title, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO segment (id, language, title)"
      " VALUES ($1, $2, $3)"
      " ON CONFLICT (id, language) DO UPDATE SET title = excluded.title");
  stmt_bind_text(stmt, 1, id);
  stmt_bind_text(stmt, 2, language);
  stmt_bind_text(stmt, 3, title);
  return stmt_run(stmt, err);
}

bool round_put_questionnaire(struct db *db, const char *round, const char *questionnaire, int64_t version_id,
                             enum round_filler filled_by, int position, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO round_questionnaire (round, questionnaire, version_id, filled_by, position)"
      " VALUES ($1, $2, $3, $4, $5)"
      " ON CONFLICT (round, questionnaire) DO UPDATE"
      " SET version_id = excluded.version_id, filled_by = excluded.filled_by, position = excluded.position");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  stmt_bind_int(stmt, 3, version_id);
  stmt_bind_int(stmt, 4, filled_by);
  stmt_bind_int(stmt, 5, position);
  return stmt_run(stmt, err);
}

bool round_put_institution(struct db *db, const struct round_institution *entry, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO round_institution (round, institution, status, comment, position)"
      " VALUES ($1, $2, $3, $4, $5)"
      " ON CONFLICT (round, institution) DO UPDATE"
      " SET status = excluded.status, comment = excluded.comment, position = excluded.position");
  stmt_bind_text(stmt, 1, entry->round);
  stmt_bind_int(stmt, 2, entry->institution);
  stmt_bind_text(stmt, 3, entry->status);
  stmt_bind_text(stmt, 4, entry->comment);
  stmt_bind_int(stmt, 5, entry->position);
  return stmt_run(stmt, err);
}

bool round_of_institution(struct db *db, int64_t institution, struct stmt **stmt, const char **round,
                          int64_t *responsible, struct err *err) {
  *stmt = db_query(db,
      "SELECT m.round, p.id"
      " FROM round_institution m"
      " JOIN round o ON o.id = m.round"
      " LEFT JOIN person p ON p.id = m.responsible AND p.institution = m.institution AND p.removed_ms = 0"
      " WHERE m.institution = $1"
      " ORDER BY o.deadline DESC, o.id"
      " LIMIT 1");
  stmt_bind_int(*stmt, 1, institution);
  if (!stmt_step(*stmt, err)) return false;
  *round = stmt_text(*stmt, 0);
  *responsible = stmt_int(*stmt, 1);
  return true;
}

bool round_confirms_browser(struct db *db, int64_t institution, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT o.confirm_browser"
      " FROM round_institution m"
      " JOIN round o ON o.id = m.round"
      " WHERE m.institution = $1"
      " ORDER BY o.deadline DESC, o.id"
      " LIMIT 1");
  stmt_bind_int(stmt, 1, institution);
  bool confirms = stmt_step(stmt, err) && stmt_int(stmt, 0) != 0;
  stmt_end(stmt);
  return confirms;
}

bool round_set_responsible(struct db *db, const char *round, int64_t institution, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE round_institution"
      " SET responsible = $1"
      " WHERE round = $2"
      "  AND institution = $3");
  stmt_bind_int(stmt, 1, person);
  stmt_bind_text(stmt, 2, round);
  stmt_bind_int(stmt, 3, institution);
  return stmt_run(stmt, err);
}

bool round_clear_responsible(struct db *db, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE round_institution"
      " SET responsible = NULL"
      " WHERE responsible = $1");
  stmt_bind_int(stmt, 1, person);
  return stmt_run(stmt, err);
}

enum { ROUND_ID, ROUND_TITLE, ROUND_OPENS, ROUND_DEADLINE, ROUND_DEADLINE_MS, ROUND_PHONE, ROUND_EMAIL, ROUND_RULE,
       ROUND_PREVIOUS, ROUND_TAKE_OVER, ROUND_IDLE, ROUND_CLOSED_MS };

struct stmt *round_list(struct db *db, const char *language) {
  struct stmt *stmt = db_query(db,
      "SELECT r.id, coalesce(t.title, o.title, r.id), r.opens, r.deadline, r.deadline_ms, r.help_phone, r.help_email,"
      "  r.submit_rule, r.previous, r.take_over, r.idle_ms, r.closed_ms"
      " FROM round r"
      " LEFT JOIN round_title t ON t.round = r.id AND t.language = $1"
      " LEFT JOIN round_title o ON o.round = r.id AND o.language = 'lv'"
      " ORDER BY r.deadline DESC, r.id");
  stmt_bind_text(stmt, 1, language);
  return stmt;
}

bool round_next(struct stmt *stmt, struct round *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_text(stmt, ROUND_ID);
  out->title = stmt_text(stmt, ROUND_TITLE);
  out->opens = stmt_text(stmt, ROUND_OPENS);
  out->deadline = stmt_text(stmt, ROUND_DEADLINE);
  out->deadline_ms = stmt_int(stmt, ROUND_DEADLINE_MS);
  out->help_phone = stmt_text(stmt, ROUND_PHONE);
  out->help_email = stmt_text(stmt, ROUND_EMAIL);
  out->responsible_submits = stmt_int(stmt, ROUND_RULE) == 1;
  out->previous = stmt_text(stmt, ROUND_PREVIOUS);
  out->take_over = stmt_int(stmt, ROUND_TAKE_OVER) != 0;
  out->idle_ms = stmt_int(stmt, ROUND_IDLE);
  out->closed_ms = stmt_int(stmt, ROUND_CLOSED_MS);
  return true;
}
