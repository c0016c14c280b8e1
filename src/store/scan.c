#include "store/scan.h"

enum {
  RESPONSE_ID,
  RESPONSE_VERSION_ID,
  RESPONSE_INSTITUTION,
  RESPONSE_NAME,
  RESPONSE_REGISTRATION_NUMBER,
  RESPONSE_ABBREVIATION,
  RESPONSE_KIND,
  RESPONSE_SECTOR,
  RESPONSE_SEGMENTS,
  RESPONSE_VERSION,
  RESPONSE_STATUS,
  RESPONSE_SUBMITTED_MS,
  RESPONSE_CHANGED_MS,
  RESPONSE_COMPLETE
};

/* CROSS JOIN fixes the order of the loops: responses along their index, then what belongs to each; so nothing is ever
 * sorted, whatever the number. */
struct stmt *scan_responses(struct db *db, const char *round, const char *questionnaire) {
  struct stmt *stmt = db_query(db,
      "SELECT r.id, r.version_id, r.institution, i.name, i.registration_number, i.abbreviation, i.kind, i.sector,"
      "  i.segments, v.version, r.status, r.submitted_ms, r.changed_ms, r.complete"
      " FROM response r"
      " CROSS JOIN institution i"
      " CROSS JOIN questionnaire_version v"
      " WHERE r.round = $1"
      "  AND r.questionnaire = $2"
      "  AND i.id = r.institution"
      "  AND v.id = r.version_id"
      " ORDER BY r.id");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  return stmt;
}

static const char *text_or_empty(struct stmt *stmt, int column) {
  const char *text = stmt_text(stmt, column);
  return text != NULL ? text : "";
}

bool scan_next_response(struct stmt *stmt, struct scan_response *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->response = stmt_int(stmt, RESPONSE_ID);
  out->version_id = stmt_int(stmt, RESPONSE_VERSION_ID);
  out->institution = stmt_int(stmt, RESPONSE_INSTITUTION);
  out->name = stmt_text(stmt, RESPONSE_NAME);
  out->registration_number = text_or_empty(stmt, RESPONSE_REGISTRATION_NUMBER);
  out->abbreviation = stmt_text(stmt, RESPONSE_ABBREVIATION);
  out->kind = stmt_text(stmt, RESPONSE_KIND);
  out->sector = stmt_text(stmt, RESPONSE_SECTOR);
  out->segments = stmt_text(stmt, RESPONSE_SEGMENTS);
  out->questionnaire_version = stmt_text(stmt, RESPONSE_VERSION);
  out->status = (int)stmt_int(stmt, RESPONSE_STATUS);
  out->submitted_ms = stmt_int(stmt, RESPONSE_SUBMITTED_MS);
  out->changed_ms = stmt_int(stmt, RESPONSE_CHANGED_MS);
  out->complete = stmt_int(stmt, RESPONSE_COMPLETE) != 0;
  return true;
}

enum { ANSWER_RESPONSE, ANSWER_QUESTION, ANSWER_ROW, ANSWER_STATE, ANSWER_TEXT };

struct stmt *scan_answers(struct db *db, const char *round, const char *questionnaire) {
  struct stmt *stmt = db_query(db,
      "SELECT a.response_id, a.question, a.row_id, a.state, a.value"
      " FROM response r"
      " CROSS JOIN answer a"
      " WHERE r.round = $1"
      "  AND r.questionnaire = $2"
      "  AND a.response_id = r.id"
      " ORDER BY r.id, a.question, a.row_id");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  return stmt;
}

bool scan_next_answer(struct stmt *stmt, struct scan_answer *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->response = stmt_int(stmt, ANSWER_RESPONSE);
  out->question = stmt_text(stmt, ANSWER_QUESTION);
  out->row = stmt_text(stmt, ANSWER_ROW);
  out->state = (enum answer_state)stmt_int(stmt, ANSWER_STATE);
  out->value = stmt_text(stmt, ANSWER_TEXT);
  out->value_len = stmt_len(stmt, ANSWER_TEXT);
  return true;
}

enum { ROW_RESPONSE, ROW_ROSTER, ROW_ID, ROW_LABEL };

struct stmt *scan_rows(struct db *db, const char *round, const char *questionnaire) {
  struct stmt *stmt = db_query(db,
      "SELECT w.response_id, w.roster, w.row_id, w.label"
      " FROM response r"
      " CROSS JOIN roster_row w"
      " WHERE r.round = $1"
      "  AND r.questionnaire = $2"
      "  AND w.response_id = r.id"
      "  AND w.removed_ms = 0"
      " ORDER BY r.id, w.roster, w.position");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  return stmt;
}

bool scan_next_row(struct stmt *stmt, struct scan_row *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->response = stmt_int(stmt, ROW_RESPONSE);
  out->roster = stmt_text(stmt, ROW_ROSTER);
  out->row = stmt_text(stmt, ROW_ID);
  out->label = stmt_text(stmt, ROW_LABEL);
  return true;
}
