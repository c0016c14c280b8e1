#include "store/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"

enum { ID, HAPPENED_MS, PERSON, KIND, SUBJECT, DETAIL, CHAIN, PERSON_NAME };

static void add_text(struct buf *out, const char *text) { buf_printf(out, "%zu:%s", strlen(text), text); }

void event_link(const char *before, const struct event *event, char out[SECRET_HASH_LEN + 1]) {
  struct buf whole = {0};
  add_text(&whole, before);
  buf_printf(&whole, "%" PRId64 " %" PRId64 " %" PRId64 " ", event->id, event->happened_ms, event->person);
  add_text(&whole, event->kind);
  add_text(&whole, event->subject);
  add_text(&whole, event->detail);
  secret_hash(whole.data, whole.len, out);
  buf_free(&whole);
}

/* The link of the last of an older program's events, as if they carried links. */
static bool link_older(struct db *db, char out[SECRET_HASH_LEN + 1], struct err *err) {
  struct err own = {0};
  struct event event;
  out[0] = '\0';
  struct stmt *stmt = event_walk(db);
  while (event_next(stmt, &event, &own)) event_link(out, &event, out);
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool event_head(struct db *db, int64_t *id, char link[SECRET_HASH_LEN + 1], struct err *err) {
  struct err own = {0};
  struct stmt *stmt = db_query(db,
      "SELECT id, chain"
      " FROM event"
      " ORDER BY id DESC"
      " LIMIT 1");
  bool found = stmt_step(stmt, &own);
  *id = found ? stmt_int(stmt, 0) : 0;
  snprintf(link, SECRET_HASH_LEN + 1, "%s", found ? stmt_text(stmt, 1) : "");
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return *id == 0 || link[0] != '\0' || link_older(db, link, err);
}

/* The id is given, not left to the database: two writers could then not continue the chain at the same place unseen. */
bool event_add(struct db *db, int64_t person, const char *kind, const char *subject, const char *detail,
               struct err *err) {
  struct event event = {.happened_ms = clock_now_ms(), .person = person, .kind = kind, .subject = subject, .detail = detail};
  char link[SECRET_HASH_LEN + 1];
  if (!event_head(db, &event.id, link, err)) return false;
  event.id++;
  event_link(link, &event, link);
  struct stmt *stmt = db_query(db,
      "INSERT INTO event (id, happened_ms, person_id, kind, subject, detail, chain)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7)");
  stmt_bind_int(stmt, 1, event.id);
  stmt_bind_int(stmt, 2, event.happened_ms);
  if (person != 0) stmt_bind_int(stmt, 3, person);
  stmt_bind_text(stmt, 4, kind);
  stmt_bind_text(stmt, 5, subject);
  stmt_bind_text(stmt, 6, detail);
  stmt_bind_text(stmt, 7, link);
  return stmt_run(stmt, err);
}

bool event_add_response(struct db *db, int64_t person, const char *kind, int64_t response, const char *detail,
                        struct err *err) {
  char subject[40];
  snprintf(subject, sizeof subject, "response %" PRId64, response);
  return event_add(db, person, kind, subject, detail, err);
}

struct stmt *event_list(struct db *db, const struct event_filter *filter) {
  struct stmt *stmt = db_query(db,
      "SELECT e.id, e.happened_ms, e.person_id, e.kind, e.subject, e.detail, e.chain, coalesce(p.name, '')"
      " FROM event e"
      " LEFT JOIN person p ON p.id = e.person_id"
      " WHERE ($1 = 0 OR e.person_id = $1 OR e.subject = 'person ' || $1)"
      "  AND ($2 = '' OR e.kind = $2)"
      "  AND e.happened_ms >= $3"
      "  AND ($4 = 0 OR e.happened_ms < $4)"
      "  AND ($5 = 0 OR e.id < $5)"
      " ORDER BY e.id DESC");
  stmt_bind_int(stmt, 1, filter->person);
  stmt_bind_text(stmt, 2, filter->kind != NULL ? filter->kind : "");
  stmt_bind_int(stmt, 3, filter->since_ms);
  stmt_bind_int(stmt, 4, filter->until_ms);
  stmt_bind_int(stmt, 5, filter->before);
  return stmt;
}

struct stmt *event_walk(struct db *db) {
  return db_query(db,
      "SELECT id, happened_ms, person_id, kind, subject, detail, chain, ''"
      " FROM event"
      " ORDER BY id");
}

bool event_next(struct stmt *stmt, struct event *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->id = stmt_int(stmt, ID);
  out->happened_ms = stmt_int(stmt, HAPPENED_MS);
  out->person = stmt_int(stmt, PERSON);
  out->kind = stmt_text(stmt, KIND);
  out->subject = stmt_text(stmt, SUBJECT);
  out->detail = stmt_text(stmt, DETAIL);
  out->chain = stmt_text(stmt, CHAIN);
  out->person_name = stmt_text(stmt, PERSON_NAME);
  out->subject_name = "";
  return true;
}

struct stmt *event_kinds(struct db *db) {
  return db_query(db,
      "SELECT DISTINCT kind"
      " FROM event"
      " ORDER BY kind");
}

const char *event_next_kind(struct stmt *stmt, struct err *err) { return stmt_step(stmt, err) ? stmt_text(stmt, 0) : NULL; }
