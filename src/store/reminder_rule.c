#include "store/reminder_rule.h"

#include "base/clock.h"

int64_t reminder_rule_put(struct db *db, const struct reminder_rule *rule, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO reminder_rule (round, kind, days, hour, active, person_id, created_ms, looked_day, removed_ms)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)"
      " RETURNING id");
  stmt_bind_text(stmt, 1, rule->round);
  stmt_bind_int(stmt, 2, rule->kind);
  stmt_bind_int(stmt, 3, rule->days);
  stmt_bind_int(stmt, 4, rule->hour);
  stmt_bind_int(stmt, 5, rule->active);
  stmt_bind_int(stmt, 6, rule->person);
  stmt_bind_int(stmt, 7, clock_now_ms());
  stmt_bind_int(stmt, 8, rule->looked_day);
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

bool reminder_rule_change(struct db *db, const struct reminder_rule *rule, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE reminder_rule"
      " SET days = $1, hour = $2, active = $3, looked_day = $4"
      " WHERE id = $5");
  stmt_bind_int(stmt, 1, rule->days);
  stmt_bind_int(stmt, 2, rule->hour);
  stmt_bind_int(stmt, 3, rule->active);
  stmt_bind_int(stmt, 4, rule->looked_day);
  stmt_bind_int(stmt, 5, rule->id);
  return stmt_run(stmt, err);
}

bool reminder_rule_remove(struct db *db, int64_t id, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE reminder_rule"
      " SET removed_ms = $1, active = 0"
      " WHERE id = $2");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_int(stmt, 2, id);
  return stmt_run(stmt, err);
}

#define COLUMNS "SELECT u.id, u.round, u.kind, u.days, u.hour, u.active, u.person_id, u.looked_day"
enum { ID, ROUND, KIND, DAYS, HOUR, ACTIVE, PERSON, LOOKED_DAY };

struct stmt *reminder_rule_list(struct db *db, const char *round) {
  if (round == NULL)
    return db_query(db,
        COLUMNS
        " FROM reminder_rule u, round n"
        " WHERE u.active = 1"
        "  AND u.removed_ms = 0"
        "  AND n.id = u.round"
        "  AND n.closed_ms = 0"
        " ORDER BY u.id");
  struct stmt *stmt = db_query(db,
      COLUMNS
      " FROM reminder_rule u"
      " WHERE u.round = $1"
      "  AND u.removed_ms = 0"
      " ORDER BY u.kind, u.days DESC, u.id");
  stmt_bind_text(stmt, 1, round);
  return stmt;
}

bool reminder_rule_next(struct stmt *stmt, struct reminder_rule *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_int(stmt, ID);
  out->round = stmt_text(stmt, ROUND);
  out->kind = (int)stmt_int(stmt, KIND);
  out->days = (int)stmt_int(stmt, DAYS);
  out->hour = (int)stmt_int(stmt, HOUR);
  out->active = stmt_int(stmt, ACTIVE) != 0;
  out->person = stmt_int(stmt, PERSON);
  out->looked_day = (int)stmt_int(stmt, LOOKED_DAY);
  return true;
}
