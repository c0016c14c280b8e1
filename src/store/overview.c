#include "store/overview.h"

enum {
  INSTITUTION,
  NAME,
  ABBREVIATION,
  KIND,
  SECTOR,
  REGISTRATION_NUMBER,
  RESPONSE,
  STATUS,
  DISPOSITION,
  REQUIRED,
  ANSWERED,
  OPENED_MS,
  CHANGED_MS,
  SUBMITTED_MS,
  ACTIVE_MS,
  DEADLINE_MS,
  OWN_DEADLINE,
  CONTACTS,
  CONTACT_NAME,
  CONTACT_PHONE,
  INVITED_MS,
  SIGNED_IN_MS,
  CONTACTED_MS
};

#define DEADLINE "CASE WHEN m.deadline_ms > 0 THEN m.deadline_ms ELSE o.deadline_ms END"

/* The joins keep their order, so that the walk along an index over responses leads; the person to call is looked up for the
 * rows of the page only. */
#define JOINS \
  " FROM response r" \
  " CROSS JOIN institution i" \
  " CROSS JOIN round_institution m" \
  " CROSS JOIN round o"
#define CONTACT(column) \
  "(SELECT " column \
  " FROM person c" \
  " WHERE c.id = coalesce(" \
  "  (SELECT p.id FROM person p WHERE p.id = m.responsible AND p.institution = i.id AND p.removed_ms = 0)," \
  "  (SELECT p.id" \
  "   FROM person p" \
  "   WHERE p.institution = i.id AND p.role = 0 AND p.removed_ms = 0" \
  "   ORDER BY CASE WHEN p.phone <> '' THEN 0 ELSE 1 END, p.id" \
  "   LIMIT 1)))"
#define COLUMNS \
  "SELECT i.id, i.name, i.abbreviation, i.kind, i.sector, coalesce(i.registration_number, ''), r.id, r.status," \
  "  r.disposition, r.required, r.answered, r.opened_ms, r.changed_ms, r.submitted_ms, r.active_ms, " DEADLINE "," \
  "  m.deadline_ms > 0," \
  "  (SELECT count(*) FROM person p WHERE p.institution = i.id AND p.role = 0 AND p.removed_ms = 0)," \
  "  coalesce(" CONTACT("c.name") ", ''), coalesce(" CONTACT("c.phone") ", ''), m.invited_ms, m.opened_ms," \
  "  (SELECT coalesce(max(l.happened_ms), 0)" \
  "   FROM contact_log l" \
  "   WHERE l.institution = r.institution AND l.round = r.round AND l.removed_ms = 0)"
/* Dispositions that somebody works on: the index response_working. */
#define WORKED_ON (1u << 3 | 1u << 6)
#define JOINED \
  "  AND i.id = r.institution" \
  "  AND m.round = r.round" \
  "  AND m.institution = r.institution" \
  "  AND o.id = r.round"

/* Rows of a page that nothing but the order chooses: the page is found in an index alone. */
#define PAGE(condition, order) \
  COLUMNS JOINS \
  " WHERE r.id IN (" \
  "   SELECT r.id" \
  "   FROM response r" \
  "   WHERE r.round = $1" \
  "    AND r.questionnaire = $2" \
  condition \
  "   ORDER BY " order \
  "   LIMIT $3 OFFSET $4)" \
  JOINED \
  " ORDER BY " order

#define FOUND \
  JOINED \
  "  AND ($5 = 0 OR ((1 << r.disposition) & $5) <> 0)" \
  "  AND ($6 = '' OR i.sector = $6)" \
  "  AND ($7 = '' OR i.kind = $7)" \
  "  AND ($8 = '' OR i.search_text LIKE" \
  "   '%' || replace(replace(replace($8, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%' ESCAPE '\\')" \
  "  AND ($9 = 0 OR " DEADLINE " < $9)"
/* Rows that something else chooses too: a walk along the order's index, looking at each institution, until there are enough. */
#define SEARCH(order) \
  COLUMNS JOINS \
  " WHERE r.id IN (" \
  "   SELECT r.id" \
  JOINS \
  "   WHERE r.round = $1" \
  "    AND r.questionnaire = $2" \
  FOUND \
  "   ORDER BY " order \
  "   LIMIT $3 OFFSET $4)" \
  JOINED \
  " ORDER BY " order
#define INSTITUTIONS(order) \
  "SELECT i.id" \
  JOINS \
  " WHERE r.round = $1" \
  "  AND r.questionnaire = $2" \
  FOUND \
  " ORDER BY " order

/* The indexes response_list, response_disposition, response_progress and response_changed. Deadlines are not the response's:
 * by them the rows of the questionnaire are sorted. */
#define NAME_UP "r.sort_key, r.id"
#define NAME_DOWN "r.sort_key DESC, r.id DESC"
#define DISPOSITION_UP "r.disposition, r.sort_key, r.id"
#define DISPOSITION_DOWN "r.disposition DESC, r.sort_key DESC, r.id DESC"
#define PART "CASE WHEN r.required > 0 THEN r.answered * 1000 / r.required ELSE 0 END"
#define PROGRESS_UP PART ", r.sort_key, r.id"
#define PROGRESS_DOWN PART " DESC, r.sort_key DESC, r.id DESC"
#define CHANGED_UP "r.changed_ms, r.sort_key, r.id"
#define CHANGED_DOWN "r.changed_ms DESC, r.sort_key DESC, r.id DESC"
#define DEADLINE_UP DEADLINE ", r.sort_key, r.id"
#define DEADLINE_DOWN DEADLINE " DESC, r.sort_key DESC, r.id DESC"

#define IN_EACH_ORDER(make) \
  { \
    [OVERVIEW_BY_NAME] = {make(NAME_UP), make(NAME_DOWN)}, \
    [OVERVIEW_BY_DISPOSITION] = {make(DISPOSITION_UP), make(DISPOSITION_DOWN)}, \
    [OVERVIEW_BY_PROGRESS] = {make(PROGRESS_UP), make(PROGRESS_DOWN)}, \
    [OVERVIEW_BY_CHANGED] = {make(CHANGED_UP), make(CHANGED_DOWN)}, \
    [OVERVIEW_BY_DEADLINE] = {make(DEADLINE_UP), make(DEADLINE_DOWN)}, \
  }

static const char *const pages[OVERVIEW_ORDERS][2] = {
    [OVERVIEW_BY_NAME] = {PAGE("", NAME_UP), PAGE("", NAME_DOWN)},
    [OVERVIEW_BY_DISPOSITION] = {PAGE("", DISPOSITION_UP), PAGE("", DISPOSITION_DOWN)},
    [OVERVIEW_BY_PROGRESS] = {PAGE("", PROGRESS_UP), PAGE("", PROGRESS_DOWN)},
    [OVERVIEW_BY_CHANGED] = {PAGE("", CHANGED_UP), PAGE("", CHANGED_DOWN)},
};
/* Of one disposition, by name. */
static const char *const disposition_pages[2] = {
    PAGE("    AND r.disposition = $5", NAME_UP),
    PAGE("    AND r.disposition = $5", NAME_DOWN),
};
static const char *const searches[OVERVIEW_ORDERS][2] = IN_EACH_ORDER(SEARCH);
static const char *const institutions[OVERVIEW_ORDERS][2] = IN_EACH_ORDER(INSTITUTIONS);

static bool looks_at_institutions(const struct overview_filter *filter) {
  return filter->sector[0] != '\0' || filter->kind[0] != '\0' || filter->find[0] != '\0' || filter->overdue_ms != 0;
}

/* The number of the only one; -1 when there is none or more. */
static int only_disposition(unsigned dispositions) {
  for (int i = 0; i < 32; i++)
    if (dispositions == 1u << i) return i;
  return -1;
}

/* $5 to $9. */
static void bind_search(struct stmt *stmt, const struct overview_filter *filter) {
  stmt_bind_int(stmt, 5, filter->dispositions);
  stmt_bind_text(stmt, 6, filter->sector);
  stmt_bind_text(stmt, 7, filter->kind);
  stmt_bind_text(stmt, 8, filter->find);
  stmt_bind_int(stmt, 9, filter->overdue_ms);
}

/* Found in an index alone. */
static bool is_indexed(const struct overview_filter *filter) {
  if (looks_at_institutions(filter)) return false;
  if (filter->dispositions == 0) return filter->order != OVERVIEW_BY_DEADLINE;
  return only_disposition(filter->dispositions) >= 0 && filter->order == OVERVIEW_BY_NAME;
}

const char *overview_list_text(const struct overview_filter *filter) {
  if (!is_indexed(filter)) return searches[filter->order][filter->descending];
  return filter->dispositions == 0 ? pages[filter->order][filter->descending] : disposition_pages[filter->descending];
}

struct stmt *overview_list(struct db *db, const struct overview_filter *filter) {
  struct stmt *stmt = db_query(db, overview_list_text(filter));
  if (!is_indexed(filter)) bind_search(stmt, filter);
  else if (filter->dispositions != 0) stmt_bind_int(stmt, 5, only_disposition(filter->dispositions));
  stmt_bind_text(stmt, 1, filter->round);
  stmt_bind_text(stmt, 2, filter->questionnaire);
  stmt_bind_int(stmt, 3, filter->limit);
  stmt_bind_int(stmt, 4, filter->offset);
  return stmt;
}

bool overview_next(struct stmt *stmt, struct overview_row *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->institution = stmt_int(stmt, INSTITUTION);
  out->name = stmt_text(stmt, NAME);
  out->abbreviation = stmt_text(stmt, ABBREVIATION);
  out->kind = stmt_text(stmt, KIND);
  out->sector = stmt_text(stmt, SECTOR);
  out->registration_number = stmt_text(stmt, REGISTRATION_NUMBER);
  out->response = stmt_int(stmt, RESPONSE);
  out->status = (int)stmt_int(stmt, STATUS);
  out->disposition = (int)stmt_int(stmt, DISPOSITION);
  out->required = (int)stmt_int(stmt, REQUIRED);
  out->answered = (int)stmt_int(stmt, ANSWERED);
  out->opened_ms = stmt_int(stmt, OPENED_MS);
  out->changed_ms = stmt_int(stmt, CHANGED_MS);
  out->submitted_ms = stmt_int(stmt, SUBMITTED_MS);
  out->active_ms = stmt_int(stmt, ACTIVE_MS);
  out->deadline_ms = stmt_int(stmt, DEADLINE_MS);
  out->own_deadline = stmt_int(stmt, OWN_DEADLINE) != 0;
  out->contacts = (int)stmt_int(stmt, CONTACTS);
  out->contact_name = stmt_text(stmt, CONTACT_NAME);
  out->contact_phone = stmt_text(stmt, CONTACT_PHONE);
  out->invited_ms = stmt_int(stmt, INVITED_MS);
  out->signed_in_ms = stmt_int(stmt, SIGNED_IN_MS);
  out->contacted_ms = stmt_int(stmt, CONTACTED_MS);
  return true;
}

struct stmt *overview_institutions(struct db *db, const struct overview_filter *filter) {
  struct stmt *stmt = db_query(db, institutions[filter->order][filter->descending]);
  stmt_bind_text(stmt, 1, filter->round);
  stmt_bind_text(stmt, 2, filter->questionnaire);
  bind_search(stmt, filter);
  return stmt;
}

bool overview_next_institution(struct stmt *stmt, int64_t *institution, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *institution = stmt_int(stmt, 0);
  return true;
}

/* ---- whom to call */

#define NOT_CONTACTED \
  "  AND NOT EXISTS (" \
  "   SELECT 1" \
  "   FROM contact_log l" \
  "   WHERE l.institution = r.institution AND l.round = r.round AND l.removed_ms = 0 AND l.happened_ms > $4)"

struct stmt *overview_calls(struct db *db, const struct overview_call *call) {
  struct stmt *stmt;
  if (call->deadline_ms != 0 && call->own_only) { /* a walk along the few deadlines of their own */
    stmt = db_query(db,
        COLUMNS
        " FROM round_institution m"
        " CROSS JOIN response r"
        " CROSS JOIN institution i"
        " CROSS JOIN round o"
        " WHERE m.round = $1"
        "  AND m.deadline_ms > 0"
        "  AND m.deadline_ms < $5"
        "  AND r.round = m.round"
        "  AND r.questionnaire = $2"
        "  AND r.institution = m.institution"
        "  AND ((1 << r.disposition) & $6) <> 0"
        "  AND i.id = r.institution"
        "  AND o.id = r.round"
        NOT_CONTACTED
        " ORDER BY m.deadline_ms, m.institution"
        " LIMIT $3");
    stmt_bind_int(stmt, 5, call->deadline_ms);
    stmt_bind_int(stmt, 6, call->dispositions);
  } else if (call->dispositions == WORKED_ON) {
    stmt = db_query(db,
        COLUMNS JOINS
        " WHERE r.round = $1"
        "  AND r.questionnaire = $2"
        "  AND r.disposition IN (3, 6)"
        "  AND r.changed_ms < $5"
        "  AND ($6 = 0 OR " DEADLINE " < $6)"
        JOINED
        NOT_CONTACTED
        " ORDER BY r.changed_ms, r.id"
        " LIMIT $3");
    stmt_bind_int(stmt, 5, call->unmoved_ms);
    stmt_bind_int(stmt, 6, call->deadline_ms);
  } else {
    stmt = db_query(db,
        COLUMNS JOINS
        " WHERE r.round = $1"
        "  AND r.questionnaire = $2"
        "  AND r.disposition = $7"
        "  AND CASE r.disposition WHEN 0 THEN 0 WHEN 1 THEN m.invited_ms WHEN 2 THEN m.opened_ms ELSE r.changed_ms END < $5"
        "  AND ($6 = 0 OR " DEADLINE " < $6)"
        JOINED
        NOT_CONTACTED
        " ORDER BY r.sort_key, r.id"
        " LIMIT $3");
    stmt_bind_int(stmt, 5, call->unmoved_ms);
    stmt_bind_int(stmt, 6, call->deadline_ms);
    stmt_bind_int(stmt, 7, only_disposition(call->dispositions));
  }
  stmt_bind_text(stmt, 1, call->round);
  stmt_bind_text(stmt, 2, call->questionnaire);
  stmt_bind_int(stmt, 3, call->limit);
  stmt_bind_int(stmt, 4, call->contacted_ms);
  return stmt;
}

bool overview_own_deadlines(struct db *db, const char *round, const char *questionnaire, unsigned dispositions,
                            int64_t now_ms, int *passed, int *ahead, struct err *err) {
  struct err own = {0};
  struct stmt *stmt = db_query(db,
      "SELECT coalesce(sum(CASE WHEN m.deadline_ms < $4 THEN 1 ELSE 0 END), 0),"
      "  coalesce(sum(CASE WHEN m.deadline_ms < $4 THEN 0 ELSE 1 END), 0)"
      " FROM round_institution m"
      " CROSS JOIN response r"
      " WHERE m.round = $1"
      "  AND m.deadline_ms > 0"
      "  AND r.round = m.round"
      "  AND r.questionnaire = $2"
      "  AND r.institution = m.institution"
      "  AND ((1 << r.disposition) & $3) <> 0");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_text(stmt, 2, questionnaire);
  stmt_bind_int(stmt, 3, dispositions);
  stmt_bind_int(stmt, 4, now_ms);
  *passed = *ahead = 0;
  if (stmt_step(stmt, &own)) {
    *passed = (int)stmt_int(stmt, 0);
    *ahead = (int)stmt_int(stmt, 1);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool overview_waiting(struct db *db, const char *round, int64_t since_ms, struct overview_waiting *out, struct err *err) {
  struct err own = {0};
  struct stmt *stmt = db_query(db,
      "SELECT (SELECT count(*) FROM nomination WHERE round = $1 AND decision = 0),"
      "  (SELECT count(*) FROM query q JOIN response r ON r.id = q.response_id WHERE q.state = 2 AND r.round = $1),"
      "  (SELECT count(*) FROM query q JOIN response r ON r.id = q.response_id WHERE q.state = 0 AND r.round = $1),"
      "  (SELECT count(*) FROM query q JOIN response r ON r.id = q.response_id"
      "   WHERE q.state = 1 AND q.changed_ms < $2 AND r.round = $1),"
      "  (SELECT count(DISTINCT m.person_id) FROM message m JOIN person p ON p.id = m.person_id"
      "   WHERE m.round = $1 AND m.bounced_ms > 0 AND p.removed_ms = 0 AND p.email = m.address"
      "    AND NOT EXISTS (SELECT 1 FROM message n WHERE n.person_id = m.person_id AND n.id > m.id AND n.bounced_ms = 0)),"
      "  (SELECT count(*) FROM message WHERE state = 3 AND bounced_ms = 0 AND round = $1)");
  stmt_bind_text(stmt, 1, round);
  stmt_bind_int(stmt, 2, since_ms);
  *out = (struct overview_waiting){0};
  if (stmt_step(stmt, &own)) {
    int *const counts[] = {&out->nominations, &out->answered, &out->suggested, &out->unanswered, &out->bounced, &out->unsent};
    for (int i = 0; i < 6; i++) *counts[i] = (int)stmt_int(stmt, i);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

int overview_count(struct db *db, const struct overview_filter *filter, struct err *err) {
  struct stmt *stmt;
  if (filter->find[0] != '\0' || filter->overdue_ms != 0) {
    stmt = db_query(db,
        "SELECT count(*)"
        JOINS
        " WHERE r.round = $1"
        "  AND r.questionnaire = $2"
        FOUND);
    stmt_bind_text(stmt, 8, filter->find);
    stmt_bind_int(stmt, 9, filter->overdue_ms);
  } else {
    stmt = db_query(db,
        "SELECT coalesce(sum(responses), 0)"
        " FROM tally"
        " WHERE round = $1"
        "  AND questionnaire = $2"
        "  AND ($5 = 0 OR ((1 << disposition) & $5) <> 0)"
        "  AND ($6 = '' OR sector = $6)"
        "  AND ($7 = '' OR kind = $7)");
  }
  stmt_bind_text(stmt, 1, filter->round);
  stmt_bind_text(stmt, 2, filter->questionnaire);
  stmt_bind_int(stmt, 5, filter->dispositions);
  stmt_bind_text(stmt, 6, filter->sector);
  stmt_bind_text(stmt, 7, filter->kind);
  int count = stmt_step(stmt, err) ? (int)stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return count;
}

struct stmt *overview_sectors(struct db *db, const char *round) {
  struct stmt *stmt = db_query(db,
      "SELECT DISTINCT sector"
      " FROM tally"
      " WHERE round = $1"
      "  AND sector <> ''"
      "  AND responses > 0");
  stmt_bind_text(stmt, 1, round);
  return stmt;
}

struct stmt *overview_kinds(struct db *db, const char *round) {
  struct stmt *stmt = db_query(db,
      "SELECT DISTINCT kind"
      " FROM tally"
      " WHERE round = $1"
      "  AND kind <> ''"
      "  AND responses > 0");
  stmt_bind_text(stmt, 1, round);
  return stmt;
}

struct stmt *overview_questionnaire_ids(struct db *db, const char *round) {
  struct stmt *stmt = db_query(db,
      "SELECT questionnaire"
      " FROM round_questionnaire"
      " WHERE round = $1"
      " ORDER BY position");
  stmt_bind_text(stmt, 1, round);
  return stmt;
}

bool overview_next_text(struct stmt *stmt, const char **text, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  *text = stmt_text(stmt, 0);
  return true;
}

enum { TOTALS_QUESTIONNAIRE, TOTALS_FILLED_BY, TOTALS_VERSION, TOTALS_RESPONSES, TOTALS_STARTED, TOTALS_SUBMITTED, TOTALS_CHANGED_MS };

struct stmt *overview_questionnaires(struct db *db, const char *round) {
  struct stmt *stmt = db_query(db,
      "SELECT q.questionnaire, q.filled_by, q.version_id,"
      "  (SELECT sum(responses) FROM tally t WHERE t.round = q.round AND t.questionnaire = q.questionnaire),"
      "  (SELECT sum(responses) FROM tally t WHERE t.round = q.round AND t.questionnaire = q.questionnaire"
      "   AND t.disposition IN (3, 4, 6)),"
      "  (SELECT sum(responses) FROM tally t WHERE t.round = q.round AND t.questionnaire = q.questionnaire"
      "   AND t.disposition = 5),"
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
