#include "store/institution.h"

#include <string.h>

#include "store/tally.h"

static int64_t run_find(struct stmt *stmt, const char *text, struct err *err) {
  stmt_bind_text(stmt, 1, text);
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

static int64_t find_number(struct db *db, const char *number, struct err *err) {
  return run_find(db_query(db,
      "SELECT id"
      " FROM institution"
      " WHERE registration_number = $1"), number, err);
}

static int64_t find_unnumbered(struct db *db, const char *name, struct err *err) {
  return run_find(db_query(db,
      "SELECT id"
      " FROM institution"
      " WHERE name = $1"
      "  AND registration_number IS NULL"), name, err);
}

static void bind(struct stmt *stmt, const struct institution *institution, const char *number) {
  stmt_bind_text(stmt, 1, number);
  stmt_bind_text(stmt, 2, institution->name);
  stmt_bind_text(stmt, 3, institution->abbreviation);
  stmt_bind_text(stmt, 4, institution->kind);
  stmt_bind_text(stmt, 5, institution->sector);
  stmt_bind_text(stmt, 6, institution->segments);
  stmt_bind_text(stmt, 7, institution->sort_key);
  stmt_bind_text(stmt, 8, institution->search_text);
}

static int64_t add(struct db *db, const struct institution *institution, const char *number, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO institution"
      " (registration_number, name, abbreviation, kind, sector, segments, sort_key, search_text)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
      " RETURNING id");
  bind(stmt, institution, number);
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

/* The lists of responses are walked along a copy of the sort key. */
static bool change(struct db *db, int64_t id, const struct institution *institution, const char *number,
                   struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE institution"
      " SET registration_number = $1, name = $2, abbreviation = $3, kind = $4, sector = $5, segments = $6,"
      "  sort_key = $7, search_text = $8"
      " WHERE id = $9");
  bind(stmt, institution, number);
  stmt_bind_int(stmt, 9, id);
  if (!stmt_run(stmt, err)) return false;
  stmt = db_query(db,
      "UPDATE response"
      " SET sort_key = $1"
      " WHERE institution = $2"
      "  AND sort_key <> $1");
  stmt_bind_text(stmt, 1, institution->sort_key);
  stmt_bind_int(stmt, 2, id);
  return stmt_run(stmt, err);
}

int64_t institution_put(struct db *db, const struct institution *institution, struct err *err) {
  const char *number = institution->registration_number;
  if (number != NULL && *number == '\0') number = NULL;
  struct err own = {0};
  int64_t id = number != NULL ? find_number(db, number, &own) : find_unnumbered(db, institution->name, &own);
  if (own.code == ERR_NONE && id == 0) return add(db, institution, number, err);
  bool ok = own.code == ERR_NONE && tally_institution(db, id, TALLY_TAKE_OUT, &own) &&
            change(db, id, institution, number, &own) && tally_institution(db, id, TALLY_PUT_IN, &own);
  if (ok) return id;
  err_set(err, own.code, "%s", own.text);
  return 0;
}

int64_t institution_find(struct db *db, const char *text, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT id"
      " FROM institution"
      " WHERE registration_number = $1"
      "  OR abbreviation = $1"
      "  OR name = $1"
      " LIMIT 2");
  stmt_bind_text(stmt, 1, text);
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  bool more = id != 0 && stmt_step(stmt, err);
  stmt_end(stmt);
  if (id == 0) err_set(err, ERR_NOT_FOUND, "there is no institution \"%s\"; give its registration number", text);
  if (more) err_set(err, ERR_INPUT, "more than one institution is called \"%s\"; give its registration number", text);
  return more ? 0 : id;
}

enum { NUMBER, NAME, ABBREVIATION, KIND, SECTOR, SEGMENTS, STATUS, COMMENT, RESPONSIBLE, OWN_DEADLINE_MS };

bool institution_get(struct db *db, int64_t id, const char *round, struct stmt **stmt, struct institution_of_round *out,
                     struct err *err) {
  *stmt = db_query(db,
      "SELECT coalesce(i.registration_number, ''), i.name, i.abbreviation, i.kind, i.sector, i.segments,"
      "  coalesce(m.status, ''), coalesce(m.comment, ''), m.responsible, coalesce(m.deadline_ms, 0)"
      " FROM institution i"
      " LEFT JOIN round_institution m ON m.round = $2 AND m.institution = i.id"
      " WHERE i.id = $1");
  stmt_bind_int(*stmt, 1, id);
  stmt_bind_text(*stmt, 2, round);
  if (!stmt_step(*stmt, err)) return false;
  out->institution = (struct institution){
      .registration_number = stmt_text(*stmt, NUMBER),
      .name = stmt_text(*stmt, NAME),
      .abbreviation = stmt_text(*stmt, ABBREVIATION),
      .kind = stmt_text(*stmt, KIND),
      .sector = stmt_text(*stmt, SECTOR),
      .segments = stmt_text(*stmt, SEGMENTS),
  };
  out->status = stmt_text(*stmt, STATUS);
  out->comment = stmt_text(*stmt, COMMENT);
  out->responsible = stmt_int(*stmt, RESPONSIBLE);
  out->deadline_ms = stmt_int(*stmt, OWN_DEADLINE_MS);
  return true;
}

const char *institution_abbreviation(struct db *db, int64_t id, struct stmt **stmt, struct err *err) {
  *stmt = db_query(db,
      "SELECT abbreviation"
      " FROM institution"
      " WHERE id = $1");
  stmt_bind_int(*stmt, 1, id);
  return stmt_step(*stmt, err) ? stmt_text(*stmt, 0) : NULL;
}
