#include "store/timeline.h"

enum { AT_MS, PART, KIND, ABOUT, TEXT, RESPONSE, NUMBER, MORE, WHO };

#define RESPONSES "(SELECT id FROM response WHERE institution = $1 AND round = $2)"

struct stmt *timeline_list(struct db *db, int64_t institution, const char *round, unsigned parts, int64_t before_ms) {
  struct stmt *stmt = db_query(db,
      "SELECT e.happened_ms, CASE e.kind WHEN 'sign-in' THEN 1 ELSE 0 END, e.kind, e.subject, e.detail, 0, e.id, 0,"
      "  coalesce(p.name, '')"
      " FROM event e"
      " LEFT JOIN person p ON p.id = e.person_id"
      " WHERE e.subject IN ("
      "   SELECT 'institution ' || $1"
      "   UNION ALL SELECT 'response ' || id FROM response WHERE institution = $1 AND round = $2"
      "   UNION ALL SELECT 'person ' || id FROM person WHERE institution = $1)"
      "  AND e.kind <> 'contact'" /* the log of calls has it */
      "  AND e.happened_ms < $4"
      "  AND ($3 & CASE e.kind WHEN 'sign-in' THEN 2 ELSE 1 END) <> 0"
      " UNION ALL"
      " SELECT m.created_ms, 2, m.kind, m.address, m.subject, 0,"
      "  CASE WHEN m.bounced_ms > 0 THEN 5 ELSE m.state END, m.sent_ms, coalesce(p.name, '')"
      " FROM message m"
      " LEFT JOIN person p ON p.id = m.person_id"
      " WHERE m.institution = $1"
      "  AND (m.round IS NULL OR m.round = $2)"
      "  AND m.created_ms < $4"
      "  AND ($3 & 4) <> 0"
      " UNION ALL"
      " SELECT m.created_ms, 2, m.kind, m.address, m.subject, 0,"
      "  CASE WHEN m.bounced_ms > 0 THEN 5 ELSE m.state END, m.sent_ms, p.name"
      " FROM person p"
      " CROSS JOIN message m"
      " WHERE p.institution = $1"
      "  AND m.person_id = p.id"
      "  AND m.institution IS NULL"
      "  AND (m.round IS NULL OR m.round = $2)"
      "  AND m.created_ms < $4"
      "  AND ($3 & 4) <> 0"
      " UNION ALL"
      " SELECT s.started_ms, 3, '', '', '', s.response_id, sum(s.active_ms), count(*), p.name"
      " FROM sitting s"
      " JOIN person p ON p.id = s.person_id"
      " WHERE s.response_id IN " RESPONSES
      "  AND s.started_ms < $4"
      "  AND ($3 & 8) <> 0"
      " GROUP BY s.response_id, s.person_id, s.started_ms, p.name"
      " UNION ALL"
      " SELECT a.changed_ms, 4, '', '', '', a.response_id, a.person_id, 0, p.name"
      " FROM answer a"
      " JOIN person p ON p.id = a.person_id"
      " WHERE a.response_id IN " RESPONSES
      "  AND a.changed_ms < $4"
      "  AND ($3 & 16) <> 0"
      " UNION ALL"
      " SELECT a.changed_ms, 4, '', '', '', a.response_id, a.person_id, 0, p.name"
      " FROM answer_past a"
      " JOIN person p ON p.id = a.person_id"
      " WHERE a.response_id IN " RESPONSES
      "  AND a.changed_ms < $4"
      "  AND ($3 & 16) <> 0"
      " UNION ALL"
      " SELECT c.happened_ms, 5, '', c.with_whom, c.text, 0, c.kind, c.incoming, p.name"
      " FROM contact_log c"
      " JOIN person p ON p.id = c.person_id"
      " WHERE c.institution = $1"
      "  AND c.round = $2"
      "  AND c.removed_ms = 0"
      "  AND c.happened_ms < $4"
      "  AND ($3 & 32) <> 0"
      " ORDER BY 1 DESC, 2, 6, 7");
  stmt_bind_int(stmt, 1, institution);
  stmt_bind_text(stmt, 2, round);
  stmt_bind_int(stmt, 3, parts);
  stmt_bind_int(stmt, 4, before_ms);
  return stmt;
}

bool timeline_next(struct stmt *stmt, struct timeline_row *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->at_ms = stmt_int(stmt, AT_MS);
  out->part = (enum timeline_part)stmt_int(stmt, PART);
  out->kind = stmt_text(stmt, KIND);
  out->about = stmt_text(stmt, ABOUT);
  out->text = stmt_text(stmt, TEXT);
  out->response = stmt_int(stmt, RESPONSE);
  out->number = stmt_int(stmt, NUMBER);
  out->more = stmt_int(stmt, MORE);
  out->who = stmt_text(stmt, WHO);
  return true;
}

int64_t timeline_last_contact(struct db *db, int64_t institution, const char *round, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT coalesce(max(happened_ms), 0)"
      " FROM contact_log"
      " WHERE institution = $1"
      "  AND round = $2"
      "  AND removed_ms = 0");
  stmt_bind_int(stmt, 1, institution);
  stmt_bind_text(stmt, 2, round);
  int64_t at_ms = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return at_ms;
}
