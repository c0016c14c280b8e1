#include "store/contact_log.h"

#include "base/clock.h"

enum { ID, ROUND, INSTITUTION, INSTITUTION_NAME, KIND, INCOMING, WITH_WHOM, ENTRY_TEXT, HAPPENED_MS, PERSON, PERSON_NAME };
#define COLUMNS \
  "SELECT c.id, c.round, c.institution, i.name, c.kind, c.incoming, c.with_whom, c.text, c.happened_ms, c.person_id, p.name" \
  " FROM contact_log c" \
  " JOIN institution i ON i.id = c.institution" \
  " JOIN person p ON p.id = c.person_id"

struct stmt *contact_log_list(struct db *db, const char *round, int64_t institution) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE c.institution = $1"
      "  AND c.round = $2"
      "  AND c.removed_ms = 0"
      " ORDER BY c.happened_ms DESC, c.id DESC");
  stmt_bind_int(stmt, 1, institution);
  stmt_bind_text(stmt, 2, round);
  return stmt;
}

struct stmt *contact_log_between(struct db *db, int64_t from_ms, int64_t until_ms) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE c.happened_ms BETWEEN $1 AND $2"
      "  AND c.removed_ms = 0"
      " ORDER BY c.happened_ms DESC, c.id DESC");
  stmt_bind_int(stmt, 1, from_ms);
  stmt_bind_int(stmt, 2, until_ms);
  return stmt;
}

bool contact_log_next(struct stmt *stmt, struct contact_entry *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_int(stmt, ID);
  out->round = stmt_text(stmt, ROUND);
  out->institution = stmt_int(stmt, INSTITUTION);
  out->institution_name = stmt_text(stmt, INSTITUTION_NAME);
  out->kind = (int)stmt_int(stmt, KIND);
  out->incoming = stmt_int(stmt, INCOMING) != 0;
  out->with_whom = stmt_text(stmt, WITH_WHOM);
  out->text = stmt_text(stmt, ENTRY_TEXT);
  out->happened_ms = stmt_int(stmt, HAPPENED_MS);
  out->person = stmt_int(stmt, PERSON);
  out->person_name = stmt_text(stmt, PERSON_NAME);
  return true;
}

bool contact_log_add(struct db *db, const struct contact_entry *entry, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO contact_log"
      " (round, institution, kind, incoming, with_whom, text, happened_ms, person_id, created_ms, removed_ms)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)");
  stmt_bind_text(stmt, 1, entry->round);
  stmt_bind_int(stmt, 2, entry->institution);
  stmt_bind_int(stmt, 3, entry->kind);
  stmt_bind_int(stmt, 4, entry->incoming);
  stmt_bind_text(stmt, 5, entry->with_whom);
  stmt_bind_text(stmt, 6, entry->text);
  stmt_bind_int(stmt, 7, entry->happened_ms);
  stmt_bind_int(stmt, 8, entry->person);
  stmt_bind_int(stmt, 9, clock_now_ms());
  return stmt_run(stmt, err);
}

bool contact_log_remove(struct db *db, int64_t id, int64_t person, int64_t *institution, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE contact_log"
      " SET removed_ms = $1"
      " WHERE id = $2"
      "  AND person_id = $3"
      "  AND removed_ms = 0"
      " RETURNING institution");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_int(stmt, 2, id);
  stmt_bind_int(stmt, 3, person);
  bool found = stmt_step(stmt, err);
  if (found) *institution = stmt_int(stmt, 0);
  stmt_end(stmt);
  return found || err_set(err, ERR_NOT_FOUND, "there is no such entry of yours");
}
