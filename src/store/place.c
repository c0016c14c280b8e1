#include "store/place.h"

bool place_put(struct db *db, const struct place *place, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO place (person_id, response_id, section, question_key, changed_ms)"
      " VALUES ($1, $2, $3, $4, $5)"
      " ON CONFLICT (person_id) DO UPDATE"
      " SET response_id = excluded.response_id, section = excluded.section, changed_ms = excluded.changed_ms,"
      "  question_key = CASE"
      "   WHEN excluded.question_key = '' AND place.response_id = excluded.response_id"
      "     AND place.section = excluded.section"
      "   THEN place.question_key"
      "   ELSE excluded.question_key END"
      " WHERE excluded.changed_ms >= place.changed_ms");
  stmt_bind_int(stmt, 1, place->person);
  stmt_bind_int(stmt, 2, place->response);
  stmt_bind_text(stmt, 3, place->section);
  stmt_bind_text(stmt, 4, place->key);
  stmt_bind_int(stmt, 5, place->changed_ms);
  return stmt_run(stmt, err);
}

enum { PERSON, RESPONSE, SECTION, KEY, CHANGED_MS };

bool place_get(struct db *db, int64_t person, struct arena *arena, struct place *out, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT person_id, response_id, section, question_key, changed_ms"
      " FROM place"
      " WHERE person_id = $1");
  stmt_bind_int(stmt, 1, person);
  bool found = stmt_step(stmt, err);
  if (found) {
    out->person = stmt_int(stmt, PERSON);
    out->response = stmt_int(stmt, RESPONSE);
    out->section = arena_copy(arena, stmt_text(stmt, SECTION));
    out->key = arena_copy(arena, stmt_text(stmt, KEY));
    out->changed_ms = stmt_int(stmt, CHANGED_MS);
  }
  stmt_end(stmt);
  return found;
}
