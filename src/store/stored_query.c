#include "store/stored_query.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum {
  ID,
  RESPONSE,
  QUESTION,
  ROW,
  VERSION,
  ORIGIN,
  REASON,
  TEXT,
  STATE,
  PERSON,
  CREATED_MS,
  CHANGED_MS,
  CLOSED_BY,
  CLOSED_MS,
  MESSAGES,
  ROUND,
  QUESTIONNAIRE,
  VERSION_ID,
  INSTITUTION,
  INSTITUTION_NAME
};
#define COLUMNS \
  "SELECT q.id, q.response_id, q.question, q.row_id, q.version, q.origin, q.reason, q.text, q.state," \
  "  coalesce(p.name, ''), q.created_ms, q.changed_ms, coalesce(c.name, ''), q.closed_ms," \
  "  (SELECT count(*) FROM query_message m WHERE m.query_id = q.id)," \
  "  r.round, r.questionnaire, r.version_id, r.institution, i.name" \
  " FROM query q" \
  " JOIN response r ON r.id = q.response_id" \
  " JOIN institution i ON i.id = r.institution" \
  " LEFT JOIN person p ON p.id = q.person_id" \
  " LEFT JOIN person c ON c.id = q.closed_by"

bool stored_query_next(struct stmt *stmt, struct stored_query *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *out = (struct stored_query){
      .id = stmt_int(stmt, ID),
      .response = stmt_int(stmt, RESPONSE),
      .question = stmt_text(stmt, QUESTION),
      .row = stmt_text(stmt, ROW),
      .version = (int)stmt_int(stmt, VERSION),
      .origin = (enum query_origin)stmt_int(stmt, ORIGIN),
      .reason = stmt_text(stmt, REASON),
      .text = stmt_text(stmt, TEXT),
      .state = (enum query_state)stmt_int(stmt, STATE),
      .person = stmt_text(stmt, PERSON),
      .created_ms = stmt_int(stmt, CREATED_MS),
      .changed_ms = stmt_int(stmt, CHANGED_MS),
      .closed_by = stmt_text(stmt, CLOSED_BY),
      .closed_ms = stmt_int(stmt, CLOSED_MS),
      .messages = (int)stmt_int(stmt, MESSAGES),
      .round = stmt_text(stmt, ROUND),
      .questionnaire = stmt_text(stmt, QUESTIONNAIRE),
      .version_id = stmt_int(stmt, VERSION_ID),
      .institution = stmt_int(stmt, INSTITUTION),
      .institution_name = stmt_text(stmt, INSTITUTION_NAME),
  };
  return true;
}

bool stored_query_find(struct db *db, int64_t id, struct stmt **stmt, struct stored_query *out, struct err *err) {
  *stmt = db_query(db,
      COLUMNS
      " WHERE q.id = $1");
  stmt_bind_int(*stmt, 1, id);
  return stored_query_next(*stmt, out, err);
}

struct stmt *stored_query_list(struct db *db, int64_t response, const char *question, const char *row) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE q.response_id = $1"
      "  AND ($2 = '' OR (q.question = $2 AND q.row_id = $3))"
      " ORDER BY q.id");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, question);
  stmt_bind_text(stmt, 3, row);
  return stmt;
}

/* ---- the list */

/* LIKE with what was typed taken literally. */
#define LIKE(column, parameter) \
  column " LIKE '%' || replace(replace(replace(" parameter ", '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%' ESCAPE '\\'"
#define CHOSEN \
  " WHERE r.round = $1" \
  "  AND ($2 = '' OR r.questionnaire = $2)" \
  "  AND ($3 = '' OR lower(q.question) = lower($3))" \
  "  AND ($4 = 0 OR r.institution = $4)" \
  "  AND ($5 < 0 OR q.origin = $5)" \
  "  AND ($6 = 0 OR q.changed_ms < $6)" \
  "  AND ($7 = '' OR " LIKE("i.search_text", "$8") " OR " LIKE("q.text", "$7") ")"

static void bind_filter(struct stmt *stmt, const struct stored_query_filter *filter) {
  stmt_bind_text(stmt, 1, filter->round);
  stmt_bind_text(stmt, 2, filter->questionnaire);
  stmt_bind_text(stmt, 3, filter->question);
  stmt_bind_int(stmt, 4, filter->institution);
  stmt_bind_int(stmt, 5, filter->origin);
  stmt_bind_int(stmt, 6, filter->changed_before_ms);
  stmt_bind_text(stmt, 7, filter->find);
  stmt_bind_text(stmt, 8, filter->find_name);
}

struct stmt *stored_query_page(struct db *db, const struct stored_query_filter *filter) {
  /* The page is found first; what belongs to its rows is looked up for them alone. */
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE q.id IN ("
      "   SELECT q.id"
      "   FROM query q"
      "   JOIN response r ON r.id = q.response_id"
      "   JOIN institution i ON i.id = r.institution"
      CHOSEN
      "    AND ($9 < 0 OR q.state = $9)"
      "   ORDER BY q.changed_ms DESC, q.id DESC"
      "   LIMIT $10 OFFSET $11)"
      " ORDER BY q.changed_ms DESC, q.id DESC");
  bind_filter(stmt, filter);
  stmt_bind_int(stmt, 9, filter->state);
  stmt_bind_int(stmt, 10, filter->limit);
  stmt_bind_int(stmt, 11, filter->offset);
  return stmt;
}

bool stored_query_count(struct db *db, const struct stored_query_filter *filter, int out[QUERY_STATES], struct err *err) {
  struct err own = {0};
  struct stmt *stmt = db_query(db,
      "SELECT q.state, count(*)"
      " FROM query q"
      " JOIN response r ON r.id = q.response_id"
      " JOIN institution i ON i.id = r.institution"
      CHOSEN
      " GROUP BY q.state");
  bind_filter(stmt, filter);
  for (int i = 0; i < QUERY_STATES; i++) out[i] = 0;
  while (stmt_step(stmt, &own)) out[stmt_int(stmt, 0)] = (int)stmt_int(stmt, 1);
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- beside the answers, on desks */

enum { MARK_QUESTION, MARK_ROW, MARK_STATE, MARK_COUNT };

struct stmt *stored_query_marks(struct db *db, int64_t response) {
  struct stmt *stmt = db_query(db,
      "SELECT question, row_id, state, count(*)"
      " FROM query"
      " WHERE response_id = $1"
      " GROUP BY question, row_id, state");
  stmt_bind_int(stmt, 1, response);
  return stmt;
}

bool stored_query_next_mark(struct stmt *stmt, struct stored_query_mark *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->question = stmt_text(stmt, MARK_QUESTION);
  out->row = stmt_text(stmt, MARK_ROW);
  out->state = (enum query_state)stmt_int(stmt, MARK_STATE);
  out->count = (int)stmt_int(stmt, MARK_COUNT);
  return true;
}

enum { OPEN_RESPONSE, OPEN_COUNT, OPEN_QUESTION, OPEN_ROW };

struct stmt *stored_query_open(struct db *db, int64_t institution) {
  struct stmt *stmt = db_query(db,
      "SELECT o.response_id, o.number, q.question, q.row_id"
      " FROM (SELECT f.response_id, count(*) AS number, min(f.id) AS first"
      "   FROM query f"
      "   JOIN response r ON r.id = f.response_id"
      "   JOIN round_questionnaire s ON s.round = r.round AND s.questionnaire = r.questionnaire"
      "   WHERE f.state = 1"
      "    AND (($1 <> 0 AND r.institution = $1 AND s.filled_by = 0) OR ($1 = 0 AND s.filled_by <> 0))"
      "   GROUP BY f.response_id) o"
      " JOIN query q ON q.id = o.first"
      " ORDER BY o.response_id");
  stmt_bind_int(stmt, 1, institution);
  return stmt;
}

bool stored_query_next_open(struct stmt *stmt, struct stored_query_open *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->response = stmt_int(stmt, OPEN_RESPONSE);
  out->count = (int)stmt_int(stmt, OPEN_COUNT);
  out->question = stmt_text(stmt, OPEN_QUESTION);
  out->row = stmt_text(stmt, OPEN_ROW);
  return true;
}

/* ---- what was submitted */

#define PLACE "query_event" /* in meta */
#define PASSED_MAX 500      /* other events that are looked at again and again; after so many the place moves on */

static bool read_number(struct stmt *stmt, int64_t *out, struct err *err) {
  struct err own = {0};
  bool found = stmt_step(stmt, &own) && !stmt_is_null(stmt, 0);
  if (found) *out = strtoll(stmt_text(stmt, 0), NULL, 10);
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool stored_query_submissions(struct db *db, int64_t *responses, size_t max, size_t *count, int64_t *before, int64_t *last,
                              struct err *err) {
  struct err own = {0};
  int passed = 0;
  *count = 0;
  *before = -1;
  *last = 0;
  struct stmt *stmt = db_query(db, "SELECT value FROM meta WHERE name = $1");
  stmt_bind_text(stmt, 1, PLACE);
  if (!read_number(stmt, before, err)) return false;
  if (*before < 0) return read_number(db_query(db, "SELECT max(id) FROM event"), last, err);
  *last = *before;
  stmt = db_query(db,
      "SELECT id, kind, subject"
      " FROM event"
      " WHERE id > $1"
      " ORDER BY id");
  stmt_bind_int(stmt, 1, *before);
  while (*count < max && stmt_step(stmt, &own)) {
    long long response;
    bool submitted = strcmp(stmt_text(stmt, 1), "submit") == 0 && sscanf(stmt_text(stmt, 2), "response %lld", &response) == 1;
    if (submitted) responses[(*count)++] = response;
    if (submitted || ++passed == PASSED_MAX) *last = stmt_int(stmt, 0);
    if (submitted || passed == PASSED_MAX) passed = 0;
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool stored_query_set_place(struct db *db, int64_t event, struct err *err) {
  char text[24];
  snprintf(text, sizeof text, "%" PRId64, event);
  struct stmt *stmt = db_query(db,
      "INSERT INTO meta (name, value)"
      " VALUES ($1, $2)"
      " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
  stmt_bind_text(stmt, 1, PLACE);
  stmt_bind_text(stmt, 2, text);
  return stmt_run(stmt, err);
}

/* ---- changing */

int64_t stored_query_add(struct db *db, const struct stored_query *query, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO query (response_id, question, row_id, version, origin, reason, text, state, person_id, created_ms,"
      "  changed_ms, closed_ms)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, 0)"
      " ON CONFLICT DO NOTHING"
      " RETURNING id");
  stmt_bind_int(stmt, 1, query->response);
  stmt_bind_text(stmt, 2, query->question);
  stmt_bind_text(stmt, 3, query->row);
  stmt_bind_int(stmt, 4, query->version);
  stmt_bind_int(stmt, 5, query->origin);
  stmt_bind_text(stmt, 6, query->reason);
  stmt_bind_text(stmt, 7, query->text);
  stmt_bind_int(stmt, 8, query->state);
  if (person != 0) stmt_bind_int(stmt, 9, person);
  stmt_bind_int(stmt, 10, clock_now_ms());
  int64_t id = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return id;
}

bool stored_query_send(struct db *db, int64_t id, const char *text, int version, int64_t person, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE query"
      " SET state = 1, text = $2, version = $3, person_id = $4, created_ms = $5, changed_ms = $5"
      " WHERE id = $1");
  stmt_bind_int(stmt, 1, id);
  stmt_bind_text(stmt, 2, text);
  stmt_bind_int(stmt, 3, version);
  stmt_bind_int(stmt, 4, person);
  stmt_bind_int(stmt, 5, clock_now_ms());
  return stmt_run(stmt, err);
}

bool stored_query_set_state(struct db *db, int64_t id, enum query_state state, int64_t person, struct err *err) {
  bool ends = state == QUERY_CLOSED || state == QUERY_DISMISSED;
  int64_t now = clock_now_ms();
  struct stmt *stmt = db_query(db,
      "UPDATE query"
      " SET state = $2, changed_ms = $3, closed_by = $4, closed_ms = $5"
      " WHERE id = $1");
  stmt_bind_int(stmt, 1, id);
  stmt_bind_int(stmt, 2, state);
  stmt_bind_int(stmt, 3, now);
  if (ends) stmt_bind_int(stmt, 4, person);
  stmt_bind_int(stmt, 5, ends ? now : 0);
  return stmt_run(stmt, err);
}

bool stored_query_reopen(struct db *db, int64_t id, int version, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE query"
      " SET state = 1, version = $2, changed_ms = $3, closed_by = NULL, closed_ms = 0"
      " WHERE id = $1");
  stmt_bind_int(stmt, 1, id);
  stmt_bind_int(stmt, 2, version);
  stmt_bind_int(stmt, 3, clock_now_ms());
  return stmt_run(stmt, err);
}

bool stored_query_note_corrected(struct db *db, int64_t response, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE query"
      " SET state = 2, changed_ms = $2"
      " WHERE response_id = $1"
      "  AND state = 1"
      "  AND version < (SELECT a.version"
      "   FROM answer a"
      "   WHERE a.response_id = $1"
      "    AND a.question = query.question"
      "    AND a.row_id = query.row_id)");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_int(stmt, 2, clock_now_ms());
  return stmt_run(stmt, err);
}

bool stored_query_withdraw(struct db *db, int64_t id, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM query"
      " WHERE id = $1"
      "  AND state = 0");
  stmt_bind_int(stmt, 1, id);
  return stmt_run(stmt, err);
}

bool stored_query_say(struct db *db, int64_t id, int64_t person, const char *text, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO query_message (query_id, number, person_id, text, created_ms)"
      " SELECT $1, count(*) + 1, $2, $3, $4"
      " FROM query_message"
      " WHERE query_id = $1");
  stmt_bind_int(stmt, 1, id);
  stmt_bind_int(stmt, 2, person);
  stmt_bind_text(stmt, 3, text);
  stmt_bind_int(stmt, 4, clock_now_ms());
  return stmt_run(stmt, err);
}

enum { SAID_NUMBER, SAID_PERSON, SAID_NAME, SAID_TEXT, SAID_ROLE, SAID_MS };

struct stmt *query_message_list(struct db *db, int64_t query) {
  struct stmt *stmt = db_query(db,
      "SELECT m.number, m.person_id, p.name, m.text, p.role, m.created_ms"
      " FROM query_message m"
      " JOIN person p ON p.id = m.person_id"
      " WHERE m.query_id = $1"
      " ORDER BY m.number");
  stmt_bind_int(stmt, 1, query);
  return stmt;
}

bool query_message_next(struct stmt *stmt, struct query_message *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->number = (int)stmt_int(stmt, SAID_NUMBER);
  out->person = stmt_int(stmt, SAID_PERSON);
  out->person_name = stmt_text(stmt, SAID_NAME);
  out->text = stmt_text(stmt, SAID_TEXT);
  out->role = (int)stmt_int(stmt, SAID_ROLE);
  out->created_ms = stmt_int(stmt, SAID_MS);
  return true;
}
