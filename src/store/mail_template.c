#include "store/mail_template.h"

#include "base/clock.h"

bool mail_template_get(struct db *db, const char *round, const char *kind, const char *language, struct stmt **stmt,
                       struct mail_template *out, struct err *err) {
  *stmt = db_query(db,
      "SELECT t.subject, t.body, t.person_id, t.changed_ms, p.name"
      " FROM mail_template t, person p"
      " WHERE t.round = $1"
      "  AND t.kind = $2"
      "  AND t.language = $3"
      "  AND p.id = t.person_id");
  stmt_bind_text(*stmt, 1, round);
  stmt_bind_text(*stmt, 2, kind);
  stmt_bind_text(*stmt, 3, language);
  if (!stmt_step(*stmt, err)) return false;
  *out = (struct mail_template){stmt_text(*stmt, 0), stmt_text(*stmt, 1), stmt_int(*stmt, 2), stmt_int(*stmt, 3),
                                stmt_text(*stmt, 4)};
  return true;
}

bool mail_template_put(struct db *db, const char *round, const char *kind, const char *language,
                       const struct mail_template *words, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO mail_template (round, kind, language, subject, body, person_id, changed_ms)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7)"
      " ON CONFLICT (round, kind, language) DO UPDATE"
      " SET subject = excluded.subject, body = excluded.body, person_id = excluded.person_id,"
      "  changed_ms = excluded.changed_ms");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, kind);
  stmt_bind_text(stmt, 3, language);
  stmt_bind_text(stmt, 4, words->subject);
  stmt_bind_text(stmt, 5, words->body);
  stmt_bind_int(stmt, 6, words->person);
  stmt_bind_int(stmt, 7, clock_now_ms());
  return stmt_run(stmt, err);
}

bool mail_template_remove(struct db *db, const char *round, const char *kind, const char *language, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM mail_template"
      " WHERE round = $1"
      "  AND kind = $2"
      "  AND language = $3");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, kind);
  stmt_bind_text(stmt, 3, language);
  return stmt_run(stmt, err);
}

bool mail_template_copy(struct db *db, const char *round, const char *kind, const char *to, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO mail_template (round, kind, language, subject, body, person_id, changed_ms)"
      " SELECT round, $3, language, subject, body, person_id, changed_ms"
      " FROM mail_template"
      " WHERE round = $1"
      "  AND kind = $2");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, kind);
  stmt_bind_text(stmt, 3, to);
  return stmt_run(stmt, err);
}
