#include "store/flag.h"

#include "base/clock.h"

enum { QUESTION, ROW, NUMBER, PERSON_NAME, RAISED_MS, LOWERED_BY, LOWERED_MS };
#define COLUMNS \
  "SELECT f.question, f.row_id, f.number, p.name, f.raised_ms, coalesce(l.name, ''), f.lowered_ms" \
  " FROM flag f" \
  " JOIN person p ON p.id = f.person_id" \
  " LEFT JOIN person l ON l.id = f.lowered_by"

bool flag_next(struct stmt *stmt, struct flag *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->question = stmt_text(stmt, QUESTION);
  out->row = stmt_text(stmt, ROW);
  out->number = (int)stmt_int(stmt, NUMBER);
  out->person_name = stmt_text(stmt, PERSON_NAME);
  out->raised_ms = stmt_int(stmt, RAISED_MS);
  out->lowered_by = stmt_text(stmt, LOWERED_BY);
  out->lowered_ms = stmt_int(stmt, LOWERED_MS);
  return true;
}

bool flag_find(struct db *db, int64_t response, const char *question, const char *row, struct stmt **stmt,
               struct flag *out, struct err *err) {
  *stmt = db_query(db,
      COLUMNS
      " WHERE f.response_id = $1"
      "  AND f.question = $2"
      "  AND f.row_id = $3"
      " ORDER BY f.number DESC"
      " LIMIT 1");
  stmt_bind_int(*stmt, 1, response);
  stmt_bind_text(*stmt, 2, question);
  stmt_bind_text(*stmt, 3, row);
  return flag_next(*stmt, out, err);
}

struct stmt *flag_list(struct db *db, int64_t response) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE f.response_id = $1"
      "  AND f.lowered_ms = 0");
  stmt_bind_int(stmt, 1, response);
  return stmt;
}

bool flag_raise(struct db *db, int64_t response, const char *question, const char *row, int number, int64_t person,
                struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO flag (response_id, question, row_id, number, person_id, raised_ms, lowered_ms)"
      " VALUES ($1, $2, $3, $4, $5, $6, 0)");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, question);
  stmt_bind_text(stmt, 3, row);
  stmt_bind_int(stmt, 4, number);
  stmt_bind_int(stmt, 5, person);
  stmt_bind_int(stmt, 6, clock_now_ms());
  return stmt_run(stmt, err);
}

bool flag_lower(struct db *db, int64_t response, const char *question, const char *row, int64_t person,
                struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE flag"
      " SET lowered_by = $4, lowered_ms = $5"
      " WHERE response_id = $1"
      "  AND question = $2"
      "  AND row_id = $3"
      "  AND lowered_ms = 0");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, question);
  stmt_bind_text(stmt, 3, row);
  stmt_bind_int(stmt, 4, person);
  stmt_bind_int(stmt, 5, clock_now_ms());
  return stmt_run(stmt, err);
}
