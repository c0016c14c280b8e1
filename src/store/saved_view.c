#include "store/saved_view.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"

bool saved_view_add(struct db *db, int64_t person, const char *name, const char *filter, struct err *err) {
  struct err own = {0};
  struct stmt *stmt = db_query(db,
      "INSERT INTO saved_view (person_id, name, filter, created_ms)"
      " VALUES ($1, $2, $3, $4)"
      " ON CONFLICT (person_id, name) DO UPDATE SET name = excluded.name"
      " RETURNING filter");
  stmt_bind_int(stmt, 1, person);
  stmt_bind_text(stmt, 2, name);
  stmt_bind_text(stmt, 3, filter);
  stmt_bind_int(stmt, 4, clock_now_ms());
  bool same = stmt_step(stmt, &own) && strcmp(stmt_text(stmt, 0), filter) == 0;
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return same || err_set(err, ERR_CONFLICT, "there is another view of that name");
}

bool saved_view_remove(struct db *db, int64_t person, int64_t id, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM saved_view"
      " WHERE id = $1"
      "  AND person_id = $2");
  stmt_bind_int(stmt, 1, id);
  stmt_bind_int(stmt, 2, person);
  if (!stmt_run(stmt, err)) return false;
  return db_changes(db) > 0 || err_set(err, ERR_NOT_FOUND, "no saved view %" PRId64, id);
}

struct stmt *saved_view_list(struct db *db, int64_t person) {
  struct stmt *stmt = db_query(db,
      "SELECT id, name, filter"
      " FROM saved_view"
      " WHERE person_id = $1"
      " ORDER BY id");
  stmt_bind_int(stmt, 1, person);
  return stmt;
}

bool saved_view_next(struct stmt *stmt, struct saved_view *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_int(stmt, 0);
  out->name = stmt_text(stmt, 1);
  out->filter = stmt_text(stmt, 2);
  return true;
}
