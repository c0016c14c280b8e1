#include "store/activity.h"

enum { AT_MS, RESPONSE, QUESTION, ROW, NUMBER, STATE, TEXT, KIND, SUBJECT, DETAIL };

/* Each part is a walk along its index, and the walks are merged: a page costs the same however much there is. The first
 * condition on the time is what the index is entered with; the tuple then leaves out what was shown already. */
struct stmt *activity_list(struct db *db, int64_t person, const struct activity_place *behind) {
  static const struct activity_place newest = {INT64_MAX, INT64_MAX, "", "", 0};
  struct stmt *stmt = db_query(db,
      "SELECT changed_ms, response_id, question, row_id, version, state, value, '', '', ''"
      " FROM answer"
      " WHERE person_id = $1"
      "  AND changed_ms <= $2"
      "  AND (changed_ms, response_id, question, row_id, version) < ($2, $3, $4, $5, $6)"
      " UNION ALL"
      " SELECT changed_ms, response_id, question, row_id, version, state, value, '', '', ''"
      " FROM answer_past"
      " WHERE person_id = $1"
      "  AND changed_ms <= $2"
      "  AND (changed_ms, response_id, question, row_id, version) < ($2, $3, $4, $5, $6)"
      " UNION ALL"
      " SELECT happened_ms, 0, '', '', id, 0, NULL, kind, subject, detail"
      " FROM event"
      " WHERE person_id = $1"
      "  AND happened_ms <= $2"
      "  AND (happened_ms, 0, '', '', id) < ($2, $3, $4, $5, $6)"
      " ORDER BY 1 DESC, 2 DESC, 3 DESC, 4 DESC, 5 DESC");
  if (behind == NULL) behind = &newest;
  stmt_bind_int(stmt, 1, person);
  stmt_bind_int(stmt, 2, behind->at_ms);
  stmt_bind_int(stmt, 3, behind->response);
  stmt_bind_text(stmt, 4, behind->question);
  stmt_bind_text(stmt, 5, behind->row);
  stmt_bind_int(stmt, 6, behind->number);
  return stmt;
}

bool activity_next(struct stmt *stmt, struct activity_row *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->place.at_ms = stmt_int(stmt, AT_MS);
  out->place.response = stmt_int(stmt, RESPONSE);
  out->place.question = stmt_text(stmt, QUESTION);
  out->place.row = stmt_text(stmt, ROW);
  out->place.number = stmt_int(stmt, NUMBER);
  out->answer = (struct answer_row){
      .question = out->place.question,
      .row = out->place.row,
      .version = (int)out->place.number,
      .state = (enum answer_state)stmt_int(stmt, STATE),
      .value = stmt_text(stmt, TEXT),
      .changed_ms = out->place.at_ms,
  };
  out->kind = stmt_text(stmt, KIND);
  out->subject = stmt_text(stmt, SUBJECT);
  out->detail = stmt_text(stmt, DETAIL);
  return true;
}
