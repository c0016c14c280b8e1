#include "store/tally.h"

#include <string.h>

/* Three counts, each of the responses that the condition chooses; $2 is 1 or -1. What is in progress (started, checked,
 * reopened) and what is submitted are numbers of survey/disposition.h. The time of a submission is its own, whatever has
 * become of the response. */
#define STANDING(condition) \
  "INSERT INTO tally (round, questionnaire, disposition, sector, kind, responses)" \
  " SELECT r.round, r.questionnaire, r.disposition, i.sector, i.kind, $2 * count(*)" \
  " FROM response r" \
  " JOIN institution i ON i.id = r.institution" \
  " WHERE " condition \
  " GROUP BY r.round, r.questionnaire, r.disposition, i.sector, i.kind" \
  " ON CONFLICT (round, questionnaire, disposition, sector, kind) DO UPDATE" \
  " SET responses = tally.responses + excluded.responses"
#define HOURS(condition) \
  "INSERT INTO tally_hour (round, questionnaire, hour, responses)" \
  " SELECT t.round, t.questionnaire, t.hour, $2 * count(*)" \
  " FROM (SELECT r.round, r.questionnaire, coalesce((SELECT max(s.submitted_ms) FROM submission s" \
  "   WHERE s.response_id = r.id), 0) / 3600000 AS hour" \
  "  FROM response r" \
  "  WHERE " condition \
  "   AND r.disposition = 5) t" \
  " WHERE true" \
  " GROUP BY t.round, t.questionnaire, t.hour" \
  " ON CONFLICT (round, questionnaire, hour) DO UPDATE" \
  " SET responses = tally_hour.responses + excluded.responses"
#define SECTIONS(condition) \
  "INSERT INTO tally_section (round, questionnaire, section, responses, done, required, answered)" \
  " SELECT r.round, r.questionnaire, s.section, $2 * count(*)," \
  "  $2 * sum(CASE WHEN s.answered >= s.required THEN 1 ELSE 0 END), $2 * sum(s.required), $2 * sum(s.answered)" \
  " FROM response r" \
  " JOIN response_section s ON s.response_id = r.id" \
  " WHERE " condition \
  "  AND r.disposition IN (3, 4, 6)" \
  " GROUP BY r.round, r.questionnaire, s.section" \
  " ON CONFLICT (round, questionnaire, section) DO UPDATE" \
  " SET responses = tally_section.responses + excluded.responses, done = tally_section.done + excluded.done," \
  "  required = tally_section.required + excluded.required, answered = tally_section.answered + excluded.answered"

#define ONE "r.id = $1"
#define INSTITUTION "r.institution = $1"
#define ROUND "r.round = $1"

static bool run(struct stmt *stmt, int64_t id, enum tally_way way, struct err *err) {
  stmt_bind_int(stmt, 1, id);
  stmt_bind_int(stmt, 2, way);
  return stmt_run(stmt, err);
}

bool tally_response(struct db *db, int64_t response, enum tally_way way, struct err *err) {
  return run(db_query(db, STANDING(ONE)), response, way, err) && run(db_query(db, HOURS(ONE)), response, way, err) &&
         run(db_query(db, SECTIONS(ONE)), response, way, err);
}

bool tally_institution(struct db *db, int64_t institution, enum tally_way way, struct err *err) {
  return run(db_query(db, STANDING(INSTITUTION)), institution, way, err) &&
         run(db_query(db, HOURS(INSTITUTION)), institution, way, err) &&
         run(db_query(db, SECTIONS(INSTITUTION)), institution, way, err);
}

static bool run_round(struct stmt *stmt, const char *round, bool counts, struct err *err) {
  stmt_bind_text(stmt, 1, round);
  if (counts) stmt_bind_int(stmt, 2, TALLY_PUT_IN);
  return stmt_run(stmt, err);
}

bool tally_round(struct db *db, const char *round, struct err *err) {
  return run_round(db_query(db, "DELETE FROM tally WHERE round = $1"), round, false, err) &&
         run_round(db_query(db, "DELETE FROM tally_hour WHERE round = $1"), round, false, err) &&
         run_round(db_query(db, "DELETE FROM tally_section WHERE round = $1"), round, false, err) &&
         run_round(db_query(db, STANDING(ROUND)), round, true, err) &&
         run_round(db_query(db, HOURS(ROUND)), round, true, err) &&
         run_round(db_query(db, SECTIONS(ROUND)), round, true, err);
}

/* ---- sections of a response */

/* Adds what has changed of a section to the count of those in progress. */
static bool count_section(struct db *db, int64_t response, const struct tally_section *now, int required, int answered,
                          bool was_there, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO tally_section (round, questionnaire, section, responses, done, required, answered)"
      " SELECT round, questionnaire, $2, $3, $4, $5, $6"
      " FROM response"
      " WHERE id = $1"
      "  AND disposition IN (3, 4, 6)"
      " ON CONFLICT (round, questionnaire, section) DO UPDATE"
      " SET responses = tally_section.responses + excluded.responses, done = tally_section.done + excluded.done,"
      "  required = tally_section.required + excluded.required, answered = tally_section.answered + excluded.answered");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, now->section);
  stmt_bind_int(stmt, 3, !was_there);
  stmt_bind_int(stmt, 4, (now->answered >= now->required) - (was_there && answered >= required));
  stmt_bind_int(stmt, 5, now->required - required);
  stmt_bind_int(stmt, 6, now->answered - answered);
  return stmt_run(stmt, err);
}

static bool put_section(struct db *db, int64_t response, const struct tally_section *now, struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO response_section (response_id, section, required, answered)"
      " VALUES ($1, $2, $3, $4)"
      " ON CONFLICT (response_id, section) DO UPDATE"
      " SET required = excluded.required, answered = excluded.answered");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, now->section);
  stmt_bind_int(stmt, 3, now->required);
  stmt_bind_int(stmt, 4, now->answered);
  return stmt_run(stmt, err);
}

/* Those of a version that the response is not on any more. */
static bool drop_sections(struct db *db, int64_t response, struct err *err) {
  struct stmt *stmt = db_query(db,
      "DELETE FROM response_section"
      " WHERE response_id = $1");
  stmt_bind_int(stmt, 1, response);
  return run(db_query(db, SECTIONS(ONE)), response, TALLY_TAKE_OUT, err) && stmt_run(stmt, err);
}

struct stmt *tally_sections_of(struct db *db, int64_t response) {
  struct stmt *stmt = db_query(db,
      "SELECT section, required, answered"
      " FROM response_section"
      " WHERE response_id = $1");
  stmt_bind_int(stmt, 1, response);
  return stmt;
}

bool tally_next_section_of(struct stmt *stmt, struct tally_section *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->section = stmt_text(stmt, 0);
  out->required = (int)stmt_int(stmt, 1);
  out->answered = (int)stmt_int(stmt, 2);
  return true;
}

/* What was there of each section. *strange: there is one that is not among them. */
static bool compare(struct db *db, int64_t response, const struct tally_section *sections, size_t count,
                    struct tally_section *was, bool *there, bool *strange, struct err *err) {
  struct err own = {0};
  struct tally_section stored;
  struct stmt *stmt = tally_sections_of(db, response);
  while (tally_next_section_of(stmt, &stored, &own)) {
    size_t i = 0;
    while (i < count && strcmp(sections[i].section, stored.section) != 0) i++;
    if (i == count) {
      *strange = true;
      continue;
    }
    there[i] = true;
    was[i] = stored;
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool tally_put_sections(struct db *db, int64_t response, const struct tally_section *sections, size_t count,
                        struct err *err) {
  struct tally_section was[TALLY_SECTIONS_MAX] = {0};
  bool there[TALLY_SECTIONS_MAX] = {0}, strange = false;
  if (count > TALLY_SECTIONS_MAX) count = TALLY_SECTIONS_MAX;
  if (!compare(db, response, sections, count, was, there, &strange, err)) return false;
  if (strange) {
    if (!drop_sections(db, response, err)) return false;
    memset(was, 0, sizeof was);
    memset(there, 0, sizeof there);
  }
  for (size_t i = 0; i < count; i++) {
    const struct tally_section *now = &sections[i];
    if (there[i] && was[i].required == now->required && was[i].answered == now->answered) continue;
    if (!put_section(db, response, now, err) ||
        !count_section(db, response, now, was[i].required, was[i].answered, there[i], err)) return false;
  }
  return true;
}

/* ---- reading */

struct stmt *tally_list(struct db *db, const char *round) {
  struct stmt *stmt = db_query(db,
      "SELECT questionnaire, sector, kind, disposition, responses"
      " FROM tally"
      " WHERE round = $1"
      "  AND responses <> 0");
  stmt_bind_text(stmt, 1, round);
  return stmt;
}

bool tally_next(struct stmt *stmt, struct tally_line *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->questionnaire = stmt_text(stmt, 0);
  out->sector = stmt_text(stmt, 1);
  out->kind = stmt_text(stmt, 2);
  out->disposition = (int)stmt_int(stmt, 3);
  out->responses = (int)stmt_int(stmt, 4);
  return true;
}

struct stmt *tally_hours(struct db *db, const char *round, const char *questionnaire) {
  struct stmt *stmt = db_query(db,
      "SELECT hour, responses"
      " FROM tally_hour"
      " WHERE round = $1"
      "  AND questionnaire = $2"
      "  AND responses <> 0"
      "  AND hour > 0"
      " ORDER BY hour");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  return stmt;
}

bool tally_next_hour(struct stmt *stmt, int64_t *hour, int *responses, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *hour = stmt_int(stmt, 0);
  *responses = (int)stmt_int(stmt, 1);
  return true;
}

struct stmt *tally_sections(struct db *db, const char *round, const char *questionnaire) {
  struct stmt *stmt = db_query(db,
      "SELECT section, responses, done, required, answered"
      " FROM tally_section"
      " WHERE round = $1"
      "  AND questionnaire = $2"
      "  AND responses <> 0");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  return stmt;
}

bool tally_next_section(struct stmt *stmt, struct tally_progress *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->section = stmt_text(stmt, 0);
  out->responses = (int)stmt_int(stmt, 1);
  out->done = (int)stmt_int(stmt, 2);
  out->required = stmt_int(stmt, 3);
  out->answered = stmt_int(stmt, 4);
  return true;
}
