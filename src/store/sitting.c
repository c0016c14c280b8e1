#include "store/sitting.h"

bool sitting_put(struct db *db, const struct sitting *sitting, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO sitting (response_id, person_id, started_ms, section, device, active_ms, last_ms)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7)"
      " ON CONFLICT (response_id, person_id, started_ms, section) DO UPDATE"
      " SET device = excluded.device, active_ms = excluded.active_ms, last_ms = excluded.last_ms");
  stmt_bind_int(stmt, 1, sitting->response);
  stmt_bind_int(stmt, 2, sitting->person);
  stmt_bind_int(stmt, 3, sitting->started_ms);
  stmt_bind_text(stmt, 4, sitting->section);
  stmt_bind_int(stmt, 5, sitting->device);
  stmt_bind_int(stmt, 6, sitting->active_ms);
  stmt_bind_int(stmt, 7, sitting->last_ms);
  return stmt_run(stmt, err);
}

bool sitting_sum(struct db *db, int64_t response, struct err *err) {
  struct stmt *stmt = db_query(db,
      "UPDATE response"
      " SET active_ms = (SELECT coalesce(sum(s.active_ms), 0) FROM sitting s WHERE s.response_id = response.id)"
      " WHERE id = $1");
  stmt_bind_int(stmt, 1, response);
  return stmt_run(stmt, err);
}

/* The walk is along response_time alone, whose entries are in the order of the time. */
static bool read_median(struct db *db, const char *round, const char *questionnaire, struct sitting_average *out,
                        struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT active_ms"
      " FROM response"
      " WHERE round = $1"
      "  AND questionnaire = $2"
      "  AND active_ms > 0"
      " ORDER BY active_ms"
      " LIMIT $3 OFFSET $4");
  bool even = out->count % 2 == 0;
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  stmt_bind_int(stmt, 3, even ? 2 : 1);
  stmt_bind_int(stmt, 4, (out->count - 1) / 2);
  int64_t sum = 0, count = 0;
  for (; stmt_step(stmt, err); count++) sum += stmt_int(stmt, 0);
  stmt_end(stmt);
  out->median_ms = count > 0 ? sum / count : 0;
  return count == (even ? 2 : 1);
}

bool sitting_average(struct db *db, const char *round, const char *questionnaire, struct sitting_average *out,
                     struct err *err) {
  *out = (struct sitting_average){0};
  struct stmt *stmt = db_query(db,
      "SELECT count(*), coalesce(sum(active_ms), 0)"
      " FROM response"
      " WHERE round = $1"
      "  AND questionnaire = $2"
      "  AND active_ms > 0");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  bool found = stmt_step(stmt, err);
  if (found && stmt_int(stmt, 0) > 0) {
    out->count = stmt_int(stmt, 0);
    out->mean_ms = stmt_int(stmt, 1) / out->count;
  }
  stmt_end(stmt);
  return found && (out->count == 0 || read_median(db, round, questionnaire, out, err));
}

enum { SECTION_ID, SECTION_ACTIVE_MS, SECTION_PEOPLE };

struct stmt *sitting_sections(struct db *db, int64_t response) {
  struct stmt *stmt = db_query(db,
      "SELECT section, sum(active_ms) AS spent, count(DISTINCT person_id)"
      " FROM sitting"
      " WHERE response_id = $1"
      " GROUP BY section"
      " ORDER BY spent DESC, section");
  stmt_bind_int(stmt, 1, response);
  return stmt;
}

bool sitting_next_section(struct stmt *stmt, struct sitting_section *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->section = stmt_text(stmt, SECTION_ID);
  out->active_ms = stmt_int(stmt, SECTION_ACTIVE_MS);
  out->people = stmt_int(stmt, SECTION_PEOPLE);
  return true;
}

enum { TOTAL_SITTINGS, TOTAL_PEOPLE, TOTAL_LAST_MS };

bool sitting_total(struct db *db, int64_t response, struct sitting_total *out, struct err *err) {
  *out = (struct sitting_total){0};
  struct stmt *stmt = db_query(db,
      "SELECT count(*), count(DISTINCT person_id), coalesce(max(last_ms), 0)"
      " FROM ("
      "  SELECT person_id, started_ms, max(last_ms) AS last_ms"
      "  FROM sitting"
      "  WHERE response_id = $1"
      "  GROUP BY person_id, started_ms) AS whole");
  stmt_bind_int(stmt, 1, response);
  bool found = stmt_step(stmt, err);
  if (found) {
    out->sittings = stmt_int(stmt, TOTAL_SITTINGS);
    out->people = stmt_int(stmt, TOTAL_PEOPLE);
    out->last_ms = stmt_int(stmt, TOTAL_LAST_MS);
  }
  stmt_end(stmt);
  return found;
}

enum {
  LINE_RESPONSE,
  LINE_PERSON,
  LINE_STARTED_MS,
  LINE_SECTION,
  LINE_DEVICE,
  LINE_ACTIVE_MS,
  LINE_LAST_MS,
  LINE_INSTITUTION,
  LINE_NAME,
  LINE_REGISTRATION_NUMBER,
  LINE_ABBREVIATION,
  LINE_VERSION_ID,
  LINE_PERSON_NUMBER
};

/* CROSS JOIN fixes the order of the loops, as in scan.c: nothing is sorted. */
struct stmt *sitting_scan(struct db *db, const char *round, const char *questionnaire, bool submitted_only) {
  struct stmt *stmt = db_query(db,
      "SELECT s.response_id, s.person_id, s.started_ms, s.section, s.device, s.active_ms, s.last_ms,"
      "  r.institution, i.name, coalesce(i.registration_number, ''), i.abbreviation, r.version_id,"
      "  CASE WHEN p.institution IS NULL"
      "   THEN (SELECT count(*) FROM person q WHERE q.institution IS NULL AND q.id <= p.id)"
      "   ELSE (SELECT count(*) FROM person q WHERE q.institution = p.institution AND q.id <= p.id)"
      "  END"
      " FROM response r"
      " CROSS JOIN sitting s"
      " CROSS JOIN person p"
      " CROSS JOIN institution i"
      " WHERE r.round = $1"
      "  AND r.questionnaire = $2"
      "  AND ($3 = 0 OR r.status = 2)"
      "  AND s.response_id = r.id"
      "  AND p.id = s.person_id"
      "  AND i.id = r.institution"
      " ORDER BY r.id, s.person_id, s.started_ms, s.section");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  stmt_bind_int(stmt, 3, submitted_only);
  return stmt;
}

bool sitting_next_line(struct stmt *stmt, struct sitting_line *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->sitting = (struct sitting){
      .response = stmt_int(stmt, LINE_RESPONSE),
      .person = stmt_int(stmt, LINE_PERSON),
      .started_ms = stmt_int(stmt, LINE_STARTED_MS),
      .section = stmt_text(stmt, LINE_SECTION),
      .device = (int)stmt_int(stmt, LINE_DEVICE),
      .active_ms = stmt_int(stmt, LINE_ACTIVE_MS),
      .last_ms = stmt_int(stmt, LINE_LAST_MS),
  };
  out->institution = stmt_int(stmt, LINE_INSTITUTION);
  out->institution_name = stmt_text(stmt, LINE_NAME);
  out->registration_number = stmt_text(stmt, LINE_REGISTRATION_NUMBER);
  out->abbreviation = stmt_text(stmt, LINE_ABBREVIATION);
  out->version_id = stmt_int(stmt, LINE_VERSION_ID);
  out->person_number = stmt_int(stmt, LINE_PERSON_NUMBER);
  return true;
}

int64_t sitting_count(struct db *db, const char *round, const char *questionnaire, bool submitted_only, struct err *err) {
  struct stmt *stmt = db_query(db,
      "SELECT count(*)"
      " FROM response r"
      " CROSS JOIN sitting s"
      " WHERE r.round = $1"
      "  AND r.questionnaire = $2"
      "  AND ($3 = 0 OR r.status = 2)"
      "  AND s.response_id = r.id");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  stmt_bind_int(stmt, 3, submitted_only);
  int64_t count = stmt_step(stmt, err) ? stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return count;
}
