#include "store/event.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"

bool event_add(struct db *db, int64_t person, const char *kind, const char *subject, const char *detail,
               struct err *err) {
  struct stmt *stmt = db_query(db,
      "INSERT INTO event (happened_ms, person_id, kind, subject, detail)"
      " VALUES ($1, $2, $3, $4, $5)");
  stmt_bind_int(stmt, 1, clock_now_ms());
  if (person != 0) stmt_bind_int(stmt, 2, person);
  stmt_bind_text(stmt, 3, kind);
  stmt_bind_text(stmt, 4, subject);
  stmt_bind_text(stmt, 5, detail);
  return stmt_run(stmt, err);
}

bool event_add_response(struct db *db, int64_t person, const char *kind, int64_t response, const char *detail,
                        struct err *err) {
  char subject[40];
  snprintf(subject, sizeof subject, "response %" PRId64, response);
  return event_add(db, person, kind, subject, detail, err);
}
