#include "store/version.h"

struct stmt *version_questionnaires(struct db *db, const char *round) {
  struct stmt *stmt = db_query(db,
      "SELECT questionnaire"
      " FROM round_questionnaire"
      " WHERE round = $1"
      " ORDER BY position, questionnaire");
  stmt_bind_text(stmt, 1, round);
  return stmt;
}

bool version_next_questionnaire(struct stmt *stmt, const char **id, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *id = stmt_text(stmt, 0);
  return true;
}

struct stmt *version_list(struct db *db, const char *round, const char *questionnaire) {
  struct stmt *stmt = db_query(db,
      "SELECT id"
      " FROM ("
      "  SELECT version_id AS id, 1 AS newest"
      "  FROM round_questionnaire"
      "  WHERE round = $1"
      "   AND questionnaire = $2"
      "  UNION"
      "  SELECT version_id AS id, 0 AS newest"
      "  FROM response"
      "  WHERE round = $1"
      "   AND questionnaire = $2) AS used"
      " GROUP BY id"
      " ORDER BY max(newest) DESC, id DESC");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  return stmt;
}

bool version_next(struct stmt *stmt, int64_t *version_id, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *version_id = stmt_int(stmt, 0);
  return true;
}
