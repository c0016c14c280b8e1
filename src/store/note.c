#include "store/note.h"

#include "base/clock.h"

enum { ID, TEXT, PERSON, PERSON_NAME, CREATED_MS };

struct stmt *note_list(struct db *db, int64_t response, const char *question, const char *row) {
  struct stmt *stmt = db_query(db,
      "SELECT n.id, n.text, n.person_id, p.name, n.created_ms"
      " FROM note n"
      " JOIN person p ON p.id = n.person_id"
      " WHERE n.response_id = $1"
      "  AND n.question = $2"
      "  AND n.row_id = $3"
      "  AND n.removed_ms = 0"
      " ORDER BY n.id");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, question);
  stmt_bind_text(stmt, 3, row);
  return stmt;
}

bool note_next(struct stmt *stmt, struct note *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_int(stmt, ID);
  out->text = stmt_text(stmt, TEXT);
  out->person = stmt_int(stmt, PERSON);
  out->person_name = stmt_text(stmt, PERSON_NAME);
  out->created_ms = stmt_int(stmt, CREATED_MS);
  return true;
}

enum { COUNT_QUESTION, COUNT_ROW, COUNT };

struct stmt *note_counts(struct db *db, int64_t response) {
  struct stmt *stmt = db_query(db,
      "SELECT question, row_id, count(*)"
      " FROM note"
      " WHERE response_id = $1"
      "  AND removed_ms = 0"
      " GROUP BY question, row_id");
  stmt_bind_int(stmt, 1, response);
  return stmt;
}

bool note_next_count(struct stmt *stmt, struct note_count *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->question = stmt_text(stmt, COUNT_QUESTION);
  out->row = stmt_text(stmt, COUNT_ROW);
  out->count = (int)stmt_int(stmt, COUNT);
  return true;
}

int64_t note_add(struct db *db, int64_t response, const char *question, const char *row, int64_t person, const char *text,
                 struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO note (response_id, question, row_id, text, person_id, created_ms, removed_ms)"
      " VALUES ($1, $2, $3, $4, $5, $6, 0)"
      " RETURNING id");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, question);
  stmt_bind_text(stmt, 3, row);
  stmt_bind_text(stmt, 4, text);
  stmt_bind_int(stmt, 5, person);
  stmt_bind_int(stmt, 6, clock_now_ms());
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

bool note_remove(struct db *db, int64_t response, int64_t id, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE note"
      " SET removed_ms = $1"
      " WHERE id = $2"
      "  AND response_id = $3"
      "  AND person_id = $4"
      "  AND removed_ms = 0");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_int(stmt, 2, id);
  stmt_bind_int(stmt, 3, response);
  stmt_bind_int(stmt, 4, person);
  return stmt_run(stmt, err);
}
