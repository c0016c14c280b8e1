#include "store/extension.h"

#include "base/clock.h"

enum { NUMBER, DEADLINE, REASON, SHOWN, PERSON, CREATED_MS };

struct stmt *extension_list(struct db *db, const char *round, int64_t institution) {
  struct stmt *stmt = institution == 0
      ? db_query(db,
          "SELECT d.number, d.deadline, d.reason, 0, p.name, d.created_ms"
          " FROM round_deadline d"
          " JOIN person p ON p.id = d.person_id"
          " WHERE d.round = $1"
          " ORDER BY d.number DESC")
      : db_query(db,
          "SELECT e.number, e.deadline, e.reason, e.shown, p.name, e.created_ms"
          " FROM extension e"
          " JOIN person p ON p.id = e.person_id"
          " WHERE e.round = $1"
          "  AND e.institution = $2"
          " ORDER BY e.number DESC");
  stmt_bind_text(stmt, 1, round);
  if (institution != 0) stmt_bind_int(stmt, 2, institution);
  return stmt;
}

bool extension_next(struct stmt *stmt, struct extension *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->number = (int)stmt_int(stmt, NUMBER);
  out->deadline = stmt_text(stmt, DEADLINE);
  out->reason = stmt_text(stmt, REASON);
  out->shown = stmt_int(stmt, SHOWN) != 0;
  out->person = stmt_text(stmt, PERSON);
  out->created_ms = stmt_int(stmt, CREATED_MS);
  return true;
}

static bool add_for_round(struct db *db, const char *round, const struct extension *extension, int64_t person,
                          struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO round_deadline (round, number, deadline, reason, person_id, created_ms)"
      " SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5"
      " FROM round_deadline"
      " WHERE round = $1");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, extension->deadline);
  stmt_bind_text(stmt, 3, extension->reason);
  stmt_bind_int(stmt, 4, person);
  stmt_bind_int(stmt, 5, clock_now_ms());
  return stmt_run(stmt, err);
}

static bool add_for_institution(struct db *db, const char *round, int64_t institution, const struct extension *extension,
                                int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO extension (round, institution, number, deadline, reason, person_id, created_ms, shown)"
      " SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7"
      " FROM extension"
      " WHERE round = $1"
      "  AND institution = $2");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_int(stmt, 2, institution);
  stmt_bind_text(stmt, 3, extension->deadline);
  stmt_bind_text(stmt, 4, extension->reason);
  stmt_bind_int(stmt, 5, person);
  stmt_bind_int(stmt, 6, clock_now_ms());
  stmt_bind_int(stmt, 7, extension->shown);
  return stmt_run(stmt, err);
}

static bool set_deadline(struct db *db, const char *round, int64_t institution, const char *deadline, int64_t deadline_ms,
                         struct err *err) {
  struct stmt *stmt = institution == 0
      ? db_query(db,
          "UPDATE round"
          " SET deadline = $2, deadline_ms = $3"
          " WHERE id = $1")
      : db_query(db,
          "UPDATE round_institution"
          " SET deadline = $2, deadline_ms = $3"
          " WHERE round = $1"
          "  AND institution = $4");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, deadline);
  stmt_bind_int(stmt, 3, deadline_ms);
  if (institution != 0) stmt_bind_int(stmt, 4, institution);
  return stmt_run(stmt, err);
}

bool extension_add(struct db *db, const char *round, int64_t institution, const struct extension *extension,
                   int64_t deadline_ms, int64_t person, struct err *err) {
  bool added = institution == 0 ? add_for_round(db, round, extension, person, err)
                                : add_for_institution(db, round, institution, extension, person, err);
  return added && set_deadline(db, round, institution, extension->deadline, deadline_ms, err);
}

bool terms_find(struct db *db, const char *round, int64_t institution, struct stmt **stmt, struct terms *out,
                struct err *err) {
  *stmt = db_query(db,
      "SELECT o.opens, o.deadline, o.deadline_ms, o.closed_ms, coalesce(m.deadline, ''), coalesce(m.deadline_ms, 0)"
      " FROM round o"
      " LEFT JOIN round_institution m ON m.round = o.id AND m.institution = $2"
      " WHERE o.id = $1"
      "  AND ($2 = 0 OR m.institution IS NOT NULL)");
  stmt_bind_text(*stmt, 1, round);
  stmt_bind_int(*stmt, 2, institution);
  if (!stmt_step(*stmt, err)) return false;
  out->opens = stmt_text(*stmt, 0);
  out->deadline = stmt_text(*stmt, 1);
  out->deadline_ms = stmt_int(*stmt, 2);
  out->closed_ms = stmt_int(*stmt, 3);
  out->own_deadline = stmt_text(*stmt, 4);
  out->own_deadline_ms = stmt_int(*stmt, 5);
  return true;
}

const char *terms_deadline(const struct terms *terms) {
  return terms->own_deadline_ms > terms->deadline_ms ? terms->own_deadline : terms->deadline;
}

int64_t terms_deadline_ms(const struct terms *terms) {
  return terms->own_deadline_ms > terms->deadline_ms ? terms->own_deadline_ms : terms->deadline_ms;
}
