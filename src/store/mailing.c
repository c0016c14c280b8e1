#include "store/mailing.h"

#include "base/clock.h"

/* ---- mailings */

enum { ID, ROUND, KIND, FILTER, RULE, PERSON, PERSON_NAME, CREATED_MS, DUE_MS, MADE_MS, REMOVED_MS, MESSAGES };
#define COLUMNS \
  "SELECT m.id, m.round, m.kind, m.filter, m.rule_id, m.person_id, coalesce(p.name, ''), m.created_ms, m.due_ms, m.made_ms," \
  "  m.removed_ms, m.message_count" \
  " FROM mailing m" \
  " LEFT JOIN person p ON p.id = m.person_id"

int64_t mailing_put(struct db *db, const struct mailing *mailing, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO mailing (round, kind, filter, rule_id, person_id, created_ms, due_ms, made_ms, removed_ms, message_count)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0)"
      " RETURNING id");
  stmt_bind_text(stmt, 1, mailing->round);
  stmt_bind_text(stmt, 2, mailing->kind);
  stmt_bind_text(stmt, 3, mailing->filter);
  if (mailing->rule != 0) stmt_bind_int(stmt, 4, mailing->rule);
  if (mailing->person != 0) stmt_bind_int(stmt, 5, mailing->person);
  stmt_bind_int(stmt, 6, clock_now_ms());
  stmt_bind_int(stmt, 7, mailing->due_ms);
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

bool mailing_set_made(struct db *db, int64_t id, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE mailing"
      " SET made_ms = $1,"
      "  message_count = (SELECT count(*) FROM message g WHERE g.mailing_id = $2)"
      " WHERE id = $2");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_int(stmt, 2, id);
  return stmt_run(stmt, err);
}

bool mailing_set_removed(struct db *db, int64_t id, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE mailing"
      " SET removed_ms = $1"
      " WHERE id = $2"
      "  AND removed_ms = 0");
  stmt_bind_int(stmt, 1, clock_now_ms());
  stmt_bind_int(stmt, 2, id);
  return stmt_run(stmt, err);
}

bool mailing_next(struct stmt *stmt, struct mailing *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_int(stmt, ID);
  out->round = stmt_text(stmt, ROUND);
  out->kind = stmt_text(stmt, KIND);
  out->filter = stmt_text(stmt, FILTER);
  out->rule = stmt_int(stmt, RULE);
  out->person = stmt_int(stmt, PERSON);
  out->person_name = stmt_text(stmt, PERSON_NAME);
  out->created_ms = stmt_int(stmt, CREATED_MS);
  out->due_ms = stmt_int(stmt, DUE_MS);
  out->made_ms = stmt_int(stmt, MADE_MS);
  out->removed_ms = stmt_int(stmt, REMOVED_MS);
  out->messages = (int)stmt_int(stmt, MESSAGES);
  return true;
}

bool mailing_get(struct db *db, int64_t id, struct stmt **stmt, struct mailing *out, struct err *err) {
  *stmt = db_query(db,
      COLUMNS
      " WHERE m.id = $1");
  stmt_bind_int(*stmt, 1, id);
  return mailing_next(*stmt, out, err);
}

bool mailing_get_due(struct db *db, struct stmt **stmt, struct mailing *out, struct err *err) {
  *stmt = db_query(db,
      COLUMNS
      " WHERE m.made_ms = 0"
      "  AND m.removed_ms = 0"
      "  AND m.due_ms <= $1"
      " ORDER BY m.due_ms, m.id"
      " LIMIT 1");
  stmt_bind_int(*stmt, 1, clock_now_ms());
  return mailing_next(*stmt, out, err);
}

struct stmt *mailing_list(struct db *db, const char *round, int64_t before) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE ($1 IS NULL OR m.round = $1)"
      "  AND ($2 = 0 OR m.id < $2)"
      " ORDER BY m.id DESC");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_int(stmt, 2, before);
  return stmt;
}

static int64_t read_number(struct stmt *stmt, struct err *err) {
  int64_t number = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return number;
}

int64_t mailing_last(struct db *db, struct err *err) {
  return read_number(db_query(db, "SELECT max(id) FROM mailing"), err);
}

int64_t mailing_reached(struct db *db, int64_t id, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT person_id"
      " FROM message"
      " WHERE mailing_id = $1"
      " ORDER BY id DESC"
      " LIMIT 1");
  stmt_bind_int(stmt, 1, id);
  return read_number(stmt, err);
}

bool mailing_count(struct db *db, int64_t id, struct mailing_counts *out, struct err *err) {
  struct err own = {0};
  struct stmt *stmt = db_query(db,
      "SELECT state, count(*), sum(CASE WHEN bounced_ms > 0 THEN 1 ELSE 0 END)"
      " FROM message"
      " WHERE mailing_id = $1"
      " GROUP BY state");
  stmt_bind_int(stmt, 1, id);
  *out = (struct mailing_counts){.bounced = 0};
  while (stmt_step(stmt, &own)) {
    int64_t state = stmt_int(stmt, 0);
    if (state >= 0 && state < 5) out->states[state] = (int)stmt_int(stmt, 1);
    out->bounced += (int)stmt_int(stmt, 2);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- whom they concern */

/* Of an institution i, its part m in the round n; what a contact fills in. */
#define FILLED_BY_CONTACTS \
  "FROM response r, round_questionnaire q" \
  " WHERE r.institution = i.id AND r.round = $1 AND q.round = $1 AND q.questionnaire = r.questionnaire AND q.filled_by = 0"
#define TARGET \
  " n.id = $1" \
  " AND ($2 = '' OR i.sector = $2)" \
  " AND ($3 = '' OR i.kind = $3)" \
  " AND ($4 = '' OR i.search_text LIKE" \
  "   '%' || replace(replace(replace($4, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%' ESCAPE '\\')" \
  " AND (($5 = '' AND $6 = 0) OR EXISTS (SELECT r.id FROM response r WHERE r.institution = i.id AND r.round = $1" \
  "   AND ($5 = '' OR r.questionnaire = $5) AND ($6 = 0 OR (1 << r.disposition) & $6 <> 0)))" \
  " AND ($7 = 0 OR " DEADLINE " <= $7)" \
  " AND ($8 = '' OR $8 LIKE '%,' || i.id || ',%')"
#define DEADLINE "(CASE WHEN m.deadline_ms > 0 THEN m.deadline_ms ELSE n.deadline_ms END)"

static void bind_target(struct stmt *stmt, const struct mailing_target *target) {
  stmt_bind_text(stmt, 1, target->round);
  stmt_bind_text(stmt, 2, target->sector);
  stmt_bind_text(stmt, 3, target->kind);
  stmt_bind_text(stmt, 4, target->find);
  stmt_bind_text(stmt, 5, target->questionnaire);
  stmt_bind_int(stmt, 6, target->dispositions);
  stmt_bind_int(stmt, 7, target->overdue_ms);
  stmt_bind_text(stmt, 8, target->institutions);
}

enum {
  TO_PERSON, TO_NAME, TO_EMAIL, TO_LANGUAGE, TO_NOTIFY, TO_INSTITUTION, TO_INSTITUTION_NAME, TO_PARTICIPATION, TO_INVITED_MS,
  TO_OPENED_MS, TO_DEADLINE_MS, TO_CLOSED_MS, TO_RESPONSES, TO_OPEN, TO_STARTED, TO_CHANGED_MS, TO_TODAY, TO_TROUBLED
};

struct stmt *mailing_walk(struct db *db, const struct mailing_target *target, int64_t after, const char *kind,
                          int64_t since_ms, int64_t mailing) {
  struct stmt *stmt = db_query(db,
      "SELECT p.id, p.name, p.email, p.language, p.notify, i.id, i.name, m.participation, m.invited_ms, m.opened_ms, " DEADLINE ","
      "  n.closed_ms,"
      "  (SELECT count(*) " FILLED_BY_CONTACTS "),"
      "  (SELECT count(*) " FILLED_BY_CONTACTS " AND r.status IN (0, 1, 3)),"
      "  (SELECT count(*) " FILLED_BY_CONTACTS " AND r.status IN (1, 3)),"
      "  (SELECT max(r.changed_ms) " FILLED_BY_CONTACTS " AND r.status IN (1, 3)),"
      "  EXISTS (SELECT g.id FROM message g WHERE g.person_id = p.id AND g.kind = $9 AND g.round = $1"
      "   AND g.created_ms >= $10 AND g.state <> 4 AND coalesce(g.mailing_id, 0) <> $11),"
      "  EXISTS (SELECT g.id FROM message g WHERE g.person_id = p.id AND g.address = p.email"
      "   AND (g.bounced_ms > 0 OR (g.state = 3 AND g.fault LIKE '5%' AND NOT EXISTS"
      "    (SELECT l.id FROM message l WHERE l.person_id = p.id AND l.address = p.email AND l.state = 2 AND l.id > g.id))))"
      " FROM person p"
      " CROSS JOIN institution i"
      " CROSS JOIN round_institution m"
      " CROSS JOIN round n"
      " WHERE p.id > $12"
      "  AND ($13 = 0 OR p.id = $13)"
      "  AND p.role = 0"
      "  AND p.removed_ms = 0"
      "  AND i.id = p.institution"
      "  AND m.round = $1"
      "  AND m.institution = i.id"
      "  AND " TARGET
      " ORDER BY p.id");
  bind_target(stmt, target);
  stmt_bind_text(stmt, 9, kind);
  stmt_bind_int(stmt, 10, since_ms);
  stmt_bind_int(stmt, 11, mailing);
  stmt_bind_int(stmt, 12, after);
  stmt_bind_int(stmt, 13, target->person);
  return stmt;
}

bool mailing_next_candidate(struct stmt *stmt, struct mailing_candidate *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->person = stmt_int(stmt, TO_PERSON);
  out->name = stmt_text(stmt, TO_NAME);
  out->email = stmt_text(stmt, TO_EMAIL);
  out->language = stmt_text(stmt, TO_LANGUAGE);
  out->notify = (int)stmt_int(stmt, TO_NOTIFY);
  out->institution = stmt_int(stmt, TO_INSTITUTION);
  out->institution_name = stmt_text(stmt, TO_INSTITUTION_NAME);
  out->takes_part = stmt_int(stmt, TO_PARTICIPATION) == 0;
  out->invited_ms = stmt_int(stmt, TO_INVITED_MS);
  out->opened_ms = stmt_int(stmt, TO_OPENED_MS);
  out->deadline_ms = stmt_int(stmt, TO_DEADLINE_MS);
  out->closed_ms = stmt_int(stmt, TO_CLOSED_MS);
  out->responses = (int)stmt_int(stmt, TO_RESPONSES);
  out->open = (int)stmt_int(stmt, TO_OPEN);
  out->started = (int)stmt_int(stmt, TO_STARTED);
  out->changed_ms = stmt_int(stmt, TO_CHANGED_MS);
  out->today = stmt_int(stmt, TO_TODAY) != 0;
  out->troubled = stmt_int(stmt, TO_TROUBLED) != 0;
  return true;
}

struct stmt *mailing_institutions(struct db *db, const struct mailing_target *target) {
  struct stmt *stmt = db_query(db,
      "SELECT i.id, i.name,"
      "  (SELECT count(*) FROM person p WHERE p.institution = i.id AND p.role = 0 AND p.removed_ms = 0)"
      " FROM round n, round_institution m, institution i"
      " WHERE m.round = $1"
      "  AND i.id = m.institution"
      "  AND ($9 = 0 OR EXISTS (SELECT p.id FROM person p WHERE p.id = $9 AND p.institution = i.id))"
      "  AND " TARGET
      " ORDER BY i.sort_key, i.id");
  bind_target(stmt, target);
  stmt_bind_int(stmt, 9, target->person);
  return stmt;
}

bool mailing_next_institution(struct stmt *stmt, struct mailing_institution *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *out = (struct mailing_institution){stmt_int(stmt, 0), stmt_text(stmt, 1), (int)stmt_int(stmt, 2)};
  return true;
}

bool mailing_is_owed(struct db *db, const char *round, int64_t person, bool *owed, struct err *err) {
  const struct mailing_target target = {.round = round, .sector = "", .kind = "", .find = "", .questionnaire = "",
                                        .institutions = "", .person = person};
  struct mailing_candidate found;
  struct err own = {0};
  struct stmt *stmt = mailing_walk(db, &target, person - 1, "", 0, 0);
  *owed = mailing_next_candidate(stmt, &found, &own) && found.takes_part && found.open > 0 && found.closed_ms == 0;
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}
