#include "survey/audit.h"

#include <stdlib.h>
#include <string.h>

#include "store/person.h"

static bool check_right(const struct actor *actor, struct err *err) {
  return rights_allow(actor, ACTION_AUDIT, 0) || err_set(err, ERR_DENIED, "the book of events is for administrators");
}

static const char *name_subject(struct db *db, const char *subject, struct arena *arena, struct err *err) {
  struct stmt *stmt;
  if (strncmp(subject, "person ", strlen("person ")) != 0) return "";
  const char *name = person_name(db, strtoll(subject + strlen("person "), NULL, 10), &stmt, err);
  const char *copy = name != NULL ? arena_copy(arena, name) : "";
  stmt_end(stmt);
  return copy;
}

size_t audit_list(struct db *db, const struct actor *actor, const struct event_filter *filter, size_t max,
                  struct arena *arena, const struct event **out, struct err *err) {
  struct event event;
  size_t count = 0;
  *out = NULL;
  if (!check_right(actor, err)) return 0;
  struct event *list = arena_array(arena, max, sizeof *list);
  struct stmt *stmt = event_list(db, filter);
  while (count < max && event_next(stmt, &event, err)) {
    event.person_name = arena_copy(arena, event.person_name);
    event.kind = arena_copy(arena, event.kind);
    event.subject = arena_copy(arena, event.subject);
    event.detail = arena_copy(arena, event.detail);
    event.chain = arena_copy(arena, event.chain);
    event.subject_name = name_subject(db, event.subject, arena, err);
    list[count++] = event;
  }
  stmt_end(stmt);
  *out = list;
  return count;
}

size_t audit_kinds(struct db *db, const struct actor *actor, struct arena *arena, const char *const **out, struct err *err) {
  enum { MOST = 500 };
  const char **list = arena_array(arena, MOST, sizeof *list), *kind;
  size_t count = 0;
  *out = list;
  if (!check_right(actor, err)) return 0;
  struct stmt *stmt = event_kinds(db);
  while (count < MOST && (kind = event_next_kind(stmt, err)) != NULL) list[count++] = arena_copy(arena, kind);
  stmt_end(stmt);
  return count;
}

/* Whether the event continues what the report has so far; computes its link. */
static enum audit_fault check_event(const struct audit_report *report, const struct event *event,
                                    char link[SECRET_HASH_LEN + 1]) {
  bool linked = event->chain[0] != '\0';
  if (event->id != report->count + 1) return AUDIT_MISSING;
  if (!linked && report->older < report->count) return AUDIT_UNLINKED;
  event_link(report->head, event, link);
  return !linked || strcmp(link, event->chain) == 0 ? AUDIT_WHOLE : AUDIT_CHANGED;
}

bool audit_verify(struct db *db, const char *kept, struct audit_report *out, struct err *err) {
  struct err own = {0};
  struct event event;
  char link[SECRET_HASH_LEN + 1];
  int64_t found = 0;
  *out = (struct audit_report){.count = 0};
  struct stmt *stmt = event_walk(db);
  while (out->fault == AUDIT_WHOLE && event_next(stmt, &event, &own)) {
    out->fault = check_event(out, &event, link);
    if (out->fault != AUDIT_WHOLE) {
      out->at = out->fault == AUDIT_MISSING ? out->count + 1 : event.id;
      continue;
    }
    out->count++;
    if (event.chain[0] == '\0') out->older++;
    memcpy(out->head, link, sizeof link);
    if (kept != NULL && strcmp(link, kept) == 0) found = event.id;
  }
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  if (out->fault == AUDIT_WHOLE && kept != NULL) {
    out->fault = found != 0 ? AUDIT_WHOLE : AUDIT_NO_HEAD;
    out->at = found;
  }
  return true;
}

bool audit_head(struct db *db, struct audit_report *out, struct err *err) {
  *out = (struct audit_report){.count = 0};
  return event_head(db, &out->count, out->head, err);
}
