#include "store/message.h"

#include <string.h>

#include "base/clock.h"

#define MINUTE_MS INT64_C(60000)

bool message_put(struct db *db, const struct stored_message *message, int64_t *id, struct err *err) {
  struct err own = {0};
  struct stmt *stmt = db_query(db,
      "INSERT INTO message (person_id, address, kind, reason, language, reply_to, subject, body, state, attempts,"
      "  created_ms, due_ms, sent_ms, fault, round, institution, mailing_id)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, 0, $12, $13, $14, $15)"
      " ON CONFLICT (reason) DO NOTHING"
      " RETURNING id");
  if (message->person != 0) stmt_bind_int(stmt, 1, message->person);
  stmt_bind_text(stmt, 2, message->address);
  stmt_bind_text(stmt, 3, message->kind);
  stmt_bind_text(stmt, 4, message->reason);
  stmt_bind_text(stmt, 5, message->language);
  stmt_bind_text(stmt, 6, message->reply_to);
  stmt_bind_text(stmt, 7, message->subject);
  stmt_bind_text(stmt, 8, message->body);
  stmt_bind_int(stmt, 9, message->state);
  stmt_bind_int(stmt, 10, clock_now_ms());
  stmt_bind_int(stmt, 11, message->due_ms);
  stmt_bind_text(stmt, 12, message->fault);
  stmt_bind_text(stmt, 13, message->round);
  if (message->institution != 0) stmt_bind_int(stmt, 14, message->institution);
  if (message->mailing != 0) stmt_bind_int(stmt, 15, message->mailing);
  *id = stmt_step(stmt, &own) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

enum { ID, PERSON, ADDRESS, KIND, REASON, LANGUAGE, REPLY_TO, SUBJECT, BODY, STATE, ATTEMPTS, CREATED_MS, DUE_MS, SENT_MS,
       FAULT, ROUND, INSTITUTION, MAILING, BOUNCED_MS, BOUNCE };
#define COLUMNS \
  "id, person_id, address, kind, reason, language, reply_to, subject, body, state, attempts, created_ms, due_ms, sent_ms," \
  "  fault, round, institution, mailing_id, bounced_ms, bounce"

bool message_next(struct stmt *stmt, struct stored_message *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_int(stmt, ID);
  out->person = stmt_int(stmt, PERSON);
  out->address = stmt_text(stmt, ADDRESS);
  out->kind = stmt_text(stmt, KIND);
  out->reason = stmt_text(stmt, REASON);
  out->language = stmt_text(stmt, LANGUAGE);
  out->reply_to = stmt_text(stmt, REPLY_TO);
  out->subject = stmt_text(stmt, SUBJECT);
  out->body = stmt_text(stmt, BODY);
  out->state = (enum message_state)stmt_int(stmt, STATE);
  out->attempts = (int)stmt_int(stmt, ATTEMPTS);
  out->created_ms = stmt_int(stmt, CREATED_MS);
  out->due_ms = stmt_int(stmt, DUE_MS);
  out->sent_ms = stmt_int(stmt, SENT_MS);
  out->fault = stmt_text(stmt, FAULT);
  out->round = stmt_text(stmt, ROUND);
  out->institution = stmt_int(stmt, INSTITUTION);
  out->mailing = stmt_int(stmt, MAILING);
  out->bounced_ms = stmt_int(stmt, BOUNCED_MS);
  out->bounce = stmt_text(stmt, BOUNCE);
  return true;
}

struct stmt *message_list(struct db *db, int64_t mailing) {
  struct stmt *stmt = db_query(db,
      "SELECT " COLUMNS
      " FROM message"
      " WHERE ($1 = 0 OR mailing_id = $1)"
      " ORDER BY id");
  stmt_bind_int(stmt, 1, mailing);
  return stmt;
}

struct stmt *message_list_some(struct db *db, int64_t mailing, unsigned states, bool bounced, int64_t before) {
  struct stmt *stmt = mailing != 0
      ? db_query(db,
          "SELECT " COLUMNS
          " FROM message"
          " WHERE mailing_id = $1"
          "  AND ((1 << state) & $2 <> 0 OR ($3 = 1 AND bounced_ms > 0))"
          "  AND ($4 = 0 OR id < $4)"
          " ORDER BY id DESC")
      : db_query(db,
          "SELECT " COLUMNS
          " FROM message"
          " WHERE ((1 << state) & $2 <> 0 OR ($3 = 1 AND bounced_ms > 0))"
          "  AND ($4 = 0 OR id < $4)"
          " ORDER BY id DESC");
  if (mailing != 0) stmt_bind_int(stmt, 1, mailing);
  stmt_bind_int(stmt, 2, states);
  stmt_bind_int(stmt, 3, bounced);
  stmt_bind_int(stmt, 4, before);
  return stmt;
}

struct stmt *message_list_of_institution(struct db *db, int64_t institution) {
  struct stmt *stmt = db_query(db,
      "SELECT " COLUMNS
      " FROM message"
      " WHERE institution = $1"
      " ORDER BY id DESC");
  stmt_bind_int(stmt, 1, institution);
  return stmt;
}

bool message_get(struct db *db, int64_t id, struct stmt **stmt, struct stored_message *out, struct err *err) {
  *stmt = db_query(db,
      "SELECT " COLUMNS
      " FROM message"
      " WHERE id = $1");
  stmt_bind_int(*stmt, 1, id);
  return message_next(*stmt, out, err);
}

bool message_reset(struct db *db, int64_t id, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE message"
      " SET state = $1, attempts = 0, due_ms = $2, fault = ''"
      " WHERE id = $3");
  stmt_bind_int(stmt, 1, MESSAGE_WAITING);
  stmt_bind_int(stmt, 2, clock_now_ms());
  stmt_bind_int(stmt, 3, id);
  return stmt_run(stmt, err);
}

bool message_set_bounced(struct db *db, int64_t id, int64_t bounced_ms, const char *bounce, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE message"
      " SET bounced_ms = $1, bounce = $2"
      " WHERE id = $3");
  stmt_bind_int(stmt, 1, bounced_ms);
  stmt_bind_text(stmt, 2, bounce);
  stmt_bind_int(stmt, 3, id);
  return stmt_run(stmt, err);
}

struct stmt *message_list_troubles(struct db *db, int64_t institution) {
  struct stmt *stmt = db_query(db,
      "SELECT " COLUMNS
      " FROM message"
      " WHERE id IN ("
      "   SELECT g.id"
      "   FROM person p, message g"
      "   WHERE p.institution = $1"
      "    AND p.removed_ms = 0"
      "    AND g.person_id = p.id"
      "    AND g.address = p.email"
      "    AND (g.bounced_ms > 0 OR (g.state = 3 AND g.fault LIKE '5%' AND NOT EXISTS"
      "     (SELECT l.id FROM message l WHERE l.person_id = p.id AND l.address = p.email AND l.state = 2 AND l.id > g.id))))"
      " ORDER BY person_id, id DESC");
  stmt_bind_int(stmt, 1, institution);
  return stmt;
}

bool message_find_waiting(struct db *db, int64_t person, const char *kind, struct stmt **stmt,
                          struct stored_message *out, struct err *err) {
  *stmt = db_query(db,
      "SELECT " COLUMNS
      " FROM message"
      " WHERE person_id = $1"
      "  AND kind = $2"
      "  AND state = $3"
      "  AND attempts = 0"
      " ORDER BY id DESC"
      " LIMIT 1");
  stmt_bind_int(*stmt, 1, person);
  stmt_bind_text(*stmt, 2, kind);
  stmt_bind_int(*stmt, 3, MESSAGE_WAITING);
  return message_next(*stmt, out, err);
}

bool message_set_body(struct db *db, int64_t id, const char *body, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE message"
      " SET body = $1"
      " WHERE id = $2");
  stmt_bind_text(stmt, 1, body);
  stmt_bind_int(stmt, 2, id);
  return stmt_run(stmt, err);
}

int64_t message_last_ms(struct db *db, int64_t person, const char *kind, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT coalesce(max(CASE WHEN sent_ms > due_ms THEN sent_ms ELSE due_ms END), 0)"
      " FROM message"
      " WHERE person_id = $1"
      "  AND kind = $2"
      "  AND state <> $3");
  stmt_bind_int(stmt, 1, person);
  stmt_bind_text(stmt, 2, kind);
  stmt_bind_int(stmt, 3, MESSAGE_CALLED_OFF);
  int64_t last = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return last;
}

bool message_is_due(struct db *db, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT id"
      " FROM message"
      " WHERE state = $1"
      "  AND due_ms <= $2"
      " LIMIT 1");
  stmt_bind_int(stmt, 1, MESSAGE_WAITING);
  stmt_bind_int(stmt, 2, clock_now_ms());
  bool due = stmt_step(stmt, err);
  stmt_end(stmt);
  return due;
}

bool message_take(struct db *db, struct stmt **stmt, struct stored_message *out, struct err *err) {
  *stmt = db_query(db,
      "UPDATE message"
      " SET state = $1, attempts = attempts + 1"
      " WHERE id = coalesce("
      "   (SELECT id FROM message WHERE state = 0 AND mailing_id IS NULL AND due_ms <= $3 ORDER BY due_ms, id LIMIT 1),"
      "   (SELECT id FROM message WHERE state = $2 AND due_ms <= $3 ORDER BY due_ms, id LIMIT 1))"
      " RETURNING " COLUMNS);
  stmt_bind_int(*stmt, 1, MESSAGE_SENDING);
  stmt_bind_int(*stmt, 2, MESSAGE_WAITING);
  stmt_bind_int(*stmt, 3, clock_now_ms());
  return message_next(*stmt, out, err);
}

bool message_mark_sent(struct db *db, int64_t id, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE message"
      " SET state = $1, sent_ms = $2, fault = ''"
      " WHERE id = $3");
  stmt_bind_int(stmt, 1, MESSAGE_SENT);
  stmt_bind_int(stmt, 2, clock_now_ms());
  stmt_bind_int(stmt, 3, id);
  return stmt_run(stmt, err);
}

bool message_mark_failed(struct db *db, int64_t id, bool for_good, const char *fault, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE message"
      " SET state = CASE WHEN attempts >= $1 THEN $2 ELSE $3 END,"
      "  due_ms = $4 + $5 * CASE attempts WHEN 1 THEN 1 WHEN 2 THEN 5 WHEN 3 THEN 15 WHEN 4 THEN 60 ELSE 240 END,"
      "  fault = $6"
      " WHERE id = $7");
  stmt_bind_int(stmt, 1, for_good ? 0 : MESSAGE_ATTEMPTS_MAX);
  stmt_bind_int(stmt, 2, MESSAGE_GIVEN_UP);
  stmt_bind_int(stmt, 3, MESSAGE_WAITING);
  stmt_bind_int(stmt, 4, clock_now_ms());
  stmt_bind_int(stmt, 5, MINUTE_MS);
  stmt_bind_text(stmt, 6, fault);
  stmt_bind_int(stmt, 7, id);
  return stmt_run(stmt, err);
}

bool message_put_back(struct db *db, int64_t id, const char *fault, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE message"
      " SET state = $1, attempts = attempts - 1, fault = $2"
      " WHERE id = $3");
  stmt_bind_int(stmt, 1, MESSAGE_WAITING);
  stmt_bind_text(stmt, 2, fault);
  stmt_bind_int(stmt, 3, id);
  return stmt_run(stmt, err);
}

bool message_call_off(struct db *db, int64_t id, const char *fault, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE message"
      " SET state = $1, fault = $2"
      " WHERE id = $3");
  stmt_bind_int(stmt, 1, MESSAGE_CALLED_OFF);
  stmt_bind_text(stmt, 2, fault);
  stmt_bind_int(stmt, 3, id);
  return stmt_run(stmt, err);
}

bool message_call_off_mailing(struct db *db, int64_t mailing, const char *fault, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE message"
      " SET state = $1, fault = $2"
      " WHERE mailing_id = $3"
      "  AND state = $4");
  stmt_bind_int(stmt, 1, MESSAGE_CALLED_OFF);
  stmt_bind_text(stmt, 2, fault);
  stmt_bind_int(stmt, 3, mailing);
  stmt_bind_int(stmt, 4, MESSAGE_WAITING);
  return stmt_run(stmt, err);
}

bool message_recover(struct db *db, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE message"
      " SET state = CASE WHEN attempts >= $1 THEN $2 ELSE $3 END"
      " WHERE state = $4");
  stmt_bind_int(stmt, 1, MESSAGE_ATTEMPTS_MAX);
  stmt_bind_int(stmt, 2, MESSAGE_GIVEN_UP);
  stmt_bind_int(stmt, 3, MESSAGE_WAITING);
  stmt_bind_int(stmt, 4, MESSAGE_SENDING);
  return stmt_run(stmt, err);
}

bool message_secret(struct db *db, char out[SECRET_TOKEN_LEN + 1], struct err *err) {
  char fresh[SECRET_TOKEN_LEN + 1];
  secret_token(fresh);
  struct stmt *stmt = db_query(db,
      "INSERT INTO meta (name, value)"
      " VALUES ('mail_secret', $1)"
      " ON CONFLICT (name) DO UPDATE SET value = meta.value"
      " RETURNING value");
  stmt_bind_text(stmt, 1, fresh);
  bool ok = stmt_step(stmt, err);
  if (ok && stmt_len(stmt, 0) != SECRET_TOKEN_LEN) ok = err_set(err, ERR_SYSTEM, "mail_secret in meta is damaged");
  if (ok) memcpy(out, stmt_text(stmt, 0), SECRET_TOKEN_LEN + 1);
  stmt_end(stmt);
  return ok;
}

bool message_find_secret(struct db *db, char out[SECRET_TOKEN_LEN + 1], struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT value"
      " FROM meta"
      " WHERE name = 'mail_secret'");
  bool found = stmt_step(stmt, err) && stmt_len(stmt, 0) == SECRET_TOKEN_LEN;
  if (found) memcpy(out, stmt_text(stmt, 0), SECRET_TOKEN_LEN + 1);
  stmt_end(stmt);
  return found;
}

enum { TO_ADDRESS, TO_NAME, TO_LANGUAGE, TO_INSTITUTION_NAME, TO_INSTITUTION, TO_ROLE, TO_NOTIFY, TO_REMOVED_MS };

bool message_recipient(struct db *db, int64_t person, struct stmt **stmt, struct message_recipient *out,
                       struct err *err) {
  *stmt = db_query(db,
      "SELECT p.email, p.name, p.language, coalesce(i.name, ''), p.institution, p.role, p.notify, p.removed_ms"
      " FROM person p"
      " LEFT JOIN institution i ON i.id = p.institution"
      " WHERE p.id = $1");
  stmt_bind_int(*stmt, 1, person);
  if (!stmt_step(*stmt, err)) return false;
  out->address = stmt_text(*stmt, TO_ADDRESS);
  out->name = stmt_text(*stmt, TO_NAME);
  out->language = stmt_text(*stmt, TO_LANGUAGE);
  out->institution_name = stmt_text(*stmt, TO_INSTITUTION_NAME);
  out->institution = stmt_int(*stmt, TO_INSTITUTION);
  out->role = (int)stmt_int(*stmt, TO_ROLE);
  out->notify = (int)stmt_int(*stmt, TO_NOTIFY);
  out->removed = stmt_int(*stmt, TO_REMOVED_MS) != 0;
  return true;
}
