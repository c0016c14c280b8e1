#include "store/questionnaire.h"

#include <inttypes.h>

#include "base/clock.h"

int64_t questionnaire_find(struct db *db, const char *hash, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT id"
      " FROM questionnaire_version"
      " WHERE hash = $1");
  stmt_bind_text(stmt, 1, hash);
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

int64_t questionnaire_add(struct db *db, const struct questionnaire_version *version, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO questionnaire_version (questionnaire, version, hash, source, published_ms)"
      " VALUES ($1, $2, $3, $4, $5)"
      " RETURNING id");
  stmt_bind_text(stmt, 1, version->questionnaire);
  stmt_bind_text(stmt, 2, version->version);
  stmt_bind_text(stmt, 3, version->hash);
  stmt_bind_text_len(stmt, 4, version->source, version->source_len);
  stmt_bind_int(stmt, 5, clock_now_ms());
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

bool questionnaire_get(struct db *db, int64_t id, struct arena *arena, struct questionnaire_version *out,
                       struct err *err) {
  enum { QUESTIONNAIRE, VERSION, HASH, SOURCE };
  struct stmt *stmt = db_query(db,
      "SELECT questionnaire, version, hash, source"
      " FROM questionnaire_version"
      " WHERE id = $1");
  stmt_bind_int(stmt, 1, id);
  bool found = stmt_step(stmt, err);
  if (found) {
    out->id = id;
    out->questionnaire = arena_copy(arena, stmt_text(stmt, QUESTIONNAIRE));
    out->version = arena_copy(arena, stmt_text(stmt, VERSION));
    out->hash = arena_copy(arena, stmt_text(stmt, HASH));
    out->source = arena_copy(arena, stmt_text(stmt, SOURCE));
    out->source_len = stmt_len(stmt, SOURCE);
  }
  stmt_end(stmt);
  return found || err_set(err, ERR_NOT_FOUND, "there is no version %" PRId64 " of a questionnaire", id);
}

const char *questionnaire_hash(struct db *db, int64_t id, struct arena *arena, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT hash"
      " FROM questionnaire_version"
      " WHERE id = $1");
  stmt_bind_int(stmt, 1, id);
  const char *hash = stmt_step(stmt, err) ? arena_copy(arena, stmt_text(stmt, 0)) : NULL;
  stmt_end(stmt);
  if (hash == NULL) err_set(err, ERR_NOT_FOUND, "there is no version %" PRId64 " of a questionnaire", id);
  return hash;
}
