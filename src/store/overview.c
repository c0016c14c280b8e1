#include "store/overview.h"

enum {
  INSTITUTION,
  NAME,
  ABBREVIATION,
  KIND,
  SECTOR,
  RESPONSE,
  STATUS,
  REQUIRED,
  ANSWERED,
  CHANGED_MS,
  SUBMITTED_MS,
  CONTACTS
};
#define COLUMNS \
  "SELECT i.id, i.name, i.abbreviation, i.kind, i.sector, r.id, r.status, r.required, r.answered, r.changed_ms," \
  "  r.submitted_ms, (SELECT count(*) FROM person p WHERE p.institution = i.id AND p.role = 0" \
  "   AND p.removed_ms = 0)" \
  " FROM response r" \
  " CROSS JOIN institution i"

/* A page is found by walking an index over responses alone; the institutions are looked up for the page's rows only. */
static struct stmt *query_page(struct db *db, const struct overview_filter *filter) {
  struct stmt *stmt = filter->status < 0
      ? db_query(db,
          COLUMNS
          " WHERE r.id IN ("
          "   SELECT id"
          "   FROM response"
          "   WHERE round = $1"
          "    AND questionnaire = $2"
          "   ORDER BY sort_key, id"
          "   LIMIT $3 OFFSET $4)"
          "  AND i.id = r.institution"
          " ORDER BY r.sort_key, r.id")
      : db_query(db,
          COLUMNS
          " WHERE r.id IN ("
          "   SELECT id"
          "   FROM response"
          "   WHERE round = $1"
          "    AND questionnaire = $2"
          "    AND status = $5"
          "   ORDER BY sort_key, id"
          "   LIMIT $3 OFFSET $4)"
          "  AND i.id = r.institution"
          " ORDER BY r.sort_key, r.id");
  stmt_bind_int(stmt, 3, filter->limit);
  stmt_bind_int(stmt, 4, filter->offset);
  if (filter->status >= 0) stmt_bind_int(stmt, 5, filter->status);
  return stmt;
}

static struct stmt *query_found(struct db *db, const struct overview_filter *filter) {
  struct stmt *stmt = db_query(db,
      COLUMNS
      " WHERE r.round = $1"
      "  AND r.questionnaire = $2"
      "  AND ($5 < 0 OR r.status = $5)"
      "  AND i.id = r.institution"
      "  AND i.search_text LIKE '%' || replace(replace(replace($6, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'"
      "   ESCAPE '\\'"
      " ORDER BY r.sort_key, r.id"
      " LIMIT $3 OFFSET $4");
  stmt_bind_int(stmt, 3, filter->limit);
  stmt_bind_int(stmt, 4, filter->offset);
  stmt_bind_int(stmt, 5, filter->status);
  stmt_bind_text(stmt, 6, filter->find);
  return stmt;
}

struct stmt *overview_list(struct db *db, const struct overview_filter *filter) {
  struct stmt *stmt = filter->find[0] == '\0' ? query_page(db, filter) : query_found(db, filter);
  stmt_bind_text(stmt, 1, filter->round);
  stmt_bind_text(stmt, 2, filter->questionnaire);
  return stmt;
}

bool overview_next(struct stmt *stmt, struct overview_row *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->institution = stmt_int(stmt, INSTITUTION);
  out->name = stmt_text(stmt, NAME);
  out->abbreviation = stmt_text(stmt, ABBREVIATION);
  out->kind = stmt_text(stmt, KIND);
  out->sector = stmt_text(stmt, SECTOR);
  out->response = stmt_int(stmt, RESPONSE);
  out->status = (int)stmt_int(stmt, STATUS);
  out->required = (int)stmt_int(stmt, REQUIRED);
  out->answered = (int)stmt_int(stmt, ANSWERED);
  out->changed_ms = stmt_int(stmt, CHANGED_MS);
  out->submitted_ms = stmt_int(stmt, SUBMITTED_MS);
  out->contacts = (int)stmt_int(stmt, CONTACTS);
  return true;
}

static struct stmt *query_count(struct db *db, const struct overview_filter *filter) {
  struct stmt *stmt;
  if (filter->find[0] != '\0') {
    stmt = db_query(db,
        "SELECT count(*)"
        " FROM response r"
        " CROSS JOIN institution i"
        " WHERE r.round = $1"
        "  AND r.questionnaire = $2"
        "  AND ($3 < 0 OR r.status = $3)"
        "  AND i.id = r.institution"
        "  AND i.search_text LIKE '%' || replace(replace(replace($4, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'"
        "   ESCAPE '\\'");
    stmt_bind_text(stmt, 4, filter->find);
  } else if (filter->status >= 0) {
    stmt = db_query(db,
        "SELECT count(*)"
        " FROM response"
        " WHERE round = $1"
        "  AND questionnaire = $2"
        "  AND status = $3");
  } else {
    return db_query(db,
        "SELECT count(*)"
        " FROM response"
        " WHERE round = $1"
        "  AND questionnaire = $2");
  }
  stmt_bind_int(stmt, 3, filter->status);
  return stmt;
}

int overview_count(struct db *db, const struct overview_filter *filter, struct err *err) {
  struct stmt *stmt = query_count(db, filter);
  stmt_bind_text(stmt, 1, filter->round);
  stmt_bind_text(stmt, 2, filter->questionnaire);
  int count = stmt_step(stmt, err) ? (int)stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return count;
}

enum { TOTALS_QUESTIONNAIRE, TOTALS_FILLED_BY, TOTALS_VERSION, TOTALS_RESPONSES, TOTALS_STARTED, TOTALS_SUBMITTED, TOTALS_CHANGED_MS };

struct stmt *overview_questionnaires(struct db *db, const char *round) {
  struct stmt *stmt = db_query(db,
      "SELECT q.questionnaire, q.filled_by, q.version_id,"
      "  (SELECT count(*) FROM response r WHERE r.round = q.round AND r.questionnaire = q.questionnaire),"
      "  (SELECT count(*) FROM response r WHERE r.round = q.round AND r.questionnaire = q.questionnaire AND r.status = 1),"
      "  (SELECT count(*) FROM response r WHERE r.round = q.round AND r.questionnaire = q.questionnaire AND r.status = 2),"
      "  (SELECT max(r.changed_ms) FROM response r WHERE r.round = q.round AND r.questionnaire = q.questionnaire)"
      " FROM round_questionnaire q"
      " WHERE q.round = $1"
      " ORDER BY q.position");
  stmt_bind_text(stmt, 1, round);
  return stmt;
}

bool overview_next_totals(struct stmt *stmt, struct overview_totals *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->questionnaire = stmt_text(stmt, TOTALS_QUESTIONNAIRE);
  out->filled_by = (int)stmt_int(stmt, TOTALS_FILLED_BY);
  out->version_id = stmt_int(stmt, TOTALS_VERSION);
  out->responses = (int)stmt_int(stmt, TOTALS_RESPONSES);
  out->started = (int)stmt_int(stmt, TOTALS_STARTED);
  out->submitted = (int)stmt_int(stmt, TOTALS_SUBMITTED);
  out->changed_ms = stmt_int(stmt, TOTALS_CHANGED_MS);
  return true;
}
