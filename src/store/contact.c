#include "store/contact.h"

enum { PERSON, EMAIL, NAME, PHONE, CREATED_MS, INVITED_BY, REMOVED_MS, SIGNED_IN_MS };

struct stmt *contact_list(struct db *db, int64_t institution) {
  struct stmt *stmt = db_query(db,
      "SELECT p.id, p.email, p.name, p.phone, p.created_ms, coalesce(b.name, ''), p.removed_ms,"
      "  (SELECT coalesce(max(e.happened_ms), 0) FROM event e WHERE e.subject = 'person ' || p.id AND e.kind = 'sign-in')"
      " FROM person p"
      " LEFT JOIN person b ON b.id = p.invited_by"
      " WHERE p.institution = $1"
      " ORDER BY p.removed_ms > 0, p.name, p.id");
  stmt_bind_int(stmt, 1, institution);
  return stmt;
}

bool contact_next(struct stmt *stmt, struct contact *out, struct err *err) {
  if (!stmt_step(stmt, err)) return false;
  out->person = stmt_int(stmt, PERSON);
  out->email = stmt_text(stmt, EMAIL);
  out->name = stmt_text(stmt, NAME);
  out->phone = stmt_text(stmt, PHONE);
  out->created_ms = stmt_int(stmt, CREATED_MS);
  out->invited_by = stmt_text(stmt, INVITED_BY);
  out->removed_ms = stmt_int(stmt, REMOVED_MS);
  out->signed_in_ms = stmt_int(stmt, SIGNED_IN_MS);
  return true;
}
