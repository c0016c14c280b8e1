#include "store/frame.h"

enum { ID, NUMBER, NAME, ABBREVIATION, KIND, SECTOR, SEGMENTS, EMAIL, PHONE, ASKED, STATUS, COMMENT, RESPONSIBLE };

struct stmt *frame_list(struct db *db, const char *round) {
  struct stmt *stmt = db_query(db,
      "SELECT i.id, coalesce(i.registration_number, ''), i.name, i.abbreviation, i.kind, i.sector, i.segments, i.email,"
      "  i.phone, m.round IS NOT NULL, coalesce(m.status, ''), coalesce(m.comment, ''), m.responsible"
      " FROM institution i"
      " LEFT JOIN round_institution m ON m.round = $1 AND m.institution = i.id"
      " ORDER BY i.id");
  stmt_bind_text(stmt, 1, round);
  return stmt;
}

bool frame_next(struct stmt *stmt, struct frame_institution *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *out = (struct frame_institution){
      .id = stmt_int(stmt, ID),
      .institution = {.registration_number = stmt_text(stmt, NUMBER),
                      .name = stmt_text(stmt, NAME),
                      .abbreviation = stmt_text(stmt, ABBREVIATION),
                      .kind = stmt_text(stmt, KIND),
                      .sector = stmt_text(stmt, SECTOR),
                      .segments = stmt_text(stmt, SEGMENTS),
                      .email = stmt_text(stmt, EMAIL),
                      .phone = stmt_text(stmt, PHONE)},
      .asked = stmt_int(stmt, ASKED) != 0,
      .status = stmt_text(stmt, STATUS),
      .comment = stmt_text(stmt, COMMENT),
      .responsible = stmt_int(stmt, RESPONSIBLE),
  };
  return true;
}

enum { ROW_ID, ROW_NAME, ROW_ABBREVIATION, ROW_NUMBER, ROW_EMAIL, ROW_CONTACTS, ROW_WAITING, ROW_PARTICIPATION, ROW_JOINED_MS };

struct stmt *frame_page(struct db *db, const char *round, const char *find, int offset, int limit) {
  struct stmt *stmt = db_query(db,
      "SELECT i.id, i.name, i.abbreviation, coalesce(i.registration_number, ''), i.email,"
      "  (SELECT count(*) FROM person p WHERE p.institution = i.id AND p.role = 0 AND p.removed_ms = 0),"
      "  (SELECT count(*) FROM nomination n WHERE n.institution = i.id AND n.round = m.round AND n.decision = 0),"
      "  m.participation, m.joined_ms"
      " FROM round_institution m"
      " JOIN institution i ON i.id = m.institution"
      " WHERE m.round = $1"
      "  AND ($2 = '' OR i.search_text LIKE '%' || $2 || '%' OR i.registration_number = $2)"
      " ORDER BY i.sort_key, i.id"
      " LIMIT $4 OFFSET $3");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, find);
  stmt_bind_int(stmt, 3, offset);
  stmt_bind_int(stmt, 4, limit);
  return stmt;
}

bool frame_next_row(struct stmt *stmt, struct frame_row *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *out = (struct frame_row){
      .id = stmt_int(stmt, ROW_ID),
      .name = stmt_text(stmt, ROW_NAME),
      .abbreviation = stmt_text(stmt, ROW_ABBREVIATION),
      .registration_number = stmt_text(stmt, ROW_NUMBER),
      .email = stmt_text(stmt, ROW_EMAIL),
      .contacts = (int)stmt_int(stmt, ROW_CONTACTS),
      .waiting = (int)stmt_int(stmt, ROW_WAITING),
      .participates = stmt_int(stmt, ROW_PARTICIPATION) == 0,
      .joined_ms = stmt_int(stmt, ROW_JOINED_MS),
  };
  return true;
}

int frame_count(struct db *db, const char *round, const char *find, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT count(*)"
      " FROM round_institution m"
      " JOIN institution i ON i.id = m.institution"
      " WHERE m.round = $1"
      "  AND ($2 = '' OR i.search_text LIKE '%' || $2 || '%' OR i.registration_number = $2)");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, find);
  int count = stmt_step(stmt, err) ? (int)stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return count;
}

struct stmt *frame_segments(struct db *db) {
  return db_query(db,
      "SELECT id, title"
      " FROM segment"
      " ORDER BY id, language");
}

bool frame_next_segment(struct stmt *stmt, const char **id, const char **title, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *id = stmt_text(stmt, 0);
  *title = stmt_text(stmt, 1);
  return true;
}

enum { PERSON_ID, PERSON_NAME, PERSON_PHONE, PERSON_LANGUAGE, PERSON_REMOVED_MS };

bool frame_person(struct db *db, const char *email, int64_t institution, struct stmt **stmt, struct frame_person *out,
                  struct err *err) {
  *stmt = db_query(db,
      "SELECT id, name, phone, language, removed_ms"
      " FROM person"
      " WHERE email = $1"
      "  AND coalesce(institution, 0) = $2");
  stmt_bind_text(*stmt, 1, email);
  stmt_bind_int(*stmt, 2, institution);
  if (!stmt_step(*stmt, err)) return false;
  *out = (struct frame_person){
      .id = stmt_int(*stmt, PERSON_ID),
      .name = stmt_text(*stmt, PERSON_NAME),
      .phone = stmt_text(*stmt, PERSON_PHONE),
      .language = stmt_text(*stmt, PERSON_LANGUAGE),
      .removed = stmt_int(*stmt, PERSON_REMOVED_MS) != 0,
  };
  return true;
}

static void bind_entry(struct stmt *stmt, const struct frame_entry *entry) {
  stmt_bind_text(stmt, 1, entry->round);
  stmt_bind_int(stmt, 2, entry->institution);
  stmt_bind_text(stmt, 3, entry->status);
  stmt_bind_text(stmt, 4, entry->comment);
}

int frame_next_position(struct db *db, const char *round, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT coalesce(max(position), -1) + 1"
      " FROM round_institution"
      " WHERE round = $1");
  stmt_bind_text(stmt, 1, round);
  int position = stmt_step(stmt, err) ? (int)stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return position;
}

bool frame_join(struct db *db, const struct frame_entry *entry, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO round_institution (round, institution, status, comment, position, joined_ms, first_time)"
      " SELECT r.id, $2, $3, $4, $6, $5,"
      "  CASE WHEN EXISTS (SELECT 1 FROM round o WHERE o.opens < r.opens AND EXISTS ("
      "    SELECT 1 FROM round_institution m WHERE m.round = o.id AND m.institution = $2)) THEN 0 ELSE 1 END"
      " FROM round r"
      " WHERE r.id = $1");
  bind_entry(stmt, entry);
  stmt_bind_int(stmt, 6, entry->position);
  stmt_bind_int(stmt, 5, entry->joined_ms);
  return stmt_run(stmt, err);
}

bool frame_set_words(struct db *db, const struct frame_entry *entry, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE round_institution"
      " SET status = $3, comment = $4"
      " WHERE round = $1"
      "  AND institution = $2");
  bind_entry(stmt, entry);
  return stmt_run(stmt, err);
}

bool frame_is_closed(struct db *db, const char *round, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT closed_ms"
      " FROM round"
      " WHERE id = $1");
  stmt_bind_text(stmt, 1, round);
  bool closed = stmt_step(stmt, err) && stmt_int(stmt, 0) != 0;
  stmt_end(stmt);
  return closed;
}

bool frame_participation(struct db *db, const char *round, int64_t institution, struct stmt **stmt,
                         struct frame_participation *out, struct err *err) {
  *stmt = db_query(db,
      "SELECT participation, refusal, remark"
      " FROM round_institution"
      " WHERE round = $1"
      "  AND institution = $2");
  stmt_bind_text(*stmt, 1, round);
  stmt_bind_int(*stmt, 2, institution);
  *out = (struct frame_participation){.participates = true, .refusal = "", .remark = ""};
  if (!stmt_step(*stmt, err)) return false;
  *out = (struct frame_participation){true, stmt_int(*stmt, 0) == 0, stmt_text(*stmt, 1), stmt_text(*stmt, 2)};
  return true;
}

bool frame_set_participation(struct db *db, const char *round, int64_t institution,
                             const struct frame_participation *now, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE round_institution"
      " SET participation = $3, refusal = $4, remark = $5"
      " WHERE round = $1"
      "  AND institution = $2");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_int(stmt, 2, institution);
  stmt_bind_int(stmt, 3, now->participates ? 0 : 1);
  stmt_bind_text(stmt, 4, now->refusal);
  stmt_bind_text(stmt, 5, now->remark);
  return stmt_run(stmt, err);
}
