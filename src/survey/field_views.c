#include "survey/field_views.h"

#include <string.h>

#include "base/utf8.h"
#include "store/saved_view.h"

static bool deny(const struct actor *actor, struct err *err) {
  return !rights_allow(actor, ACTION_SEE_FIELD, 0) && !err_set(err, ERR_DENIED, "you may not keep lists");
}

static enum field_view_fault check_name(const char *name) {
  size_t len = strlen(name);
  if (len == 0) return FIELD_VIEW_NO_NAME;
  if (!utf8_check(name, len, NULL) || utf8_count(name, len) > FIELD_VIEW_NAME_MAX) return FIELD_VIEW_LONG;
  for (size_t i = 0; i < len; i++)
    if ((unsigned char)name[i] < ' ' || name[i] == 0x7F) return FIELD_VIEW_LONG;
  return FIELD_VIEW_GOOD;
}

static int count(struct db *db, const struct actor *actor, struct err *err) {
  struct saved_view view;
  int found = 0;
  struct stmt *stmt = saved_view_list(db, actor->person);
  while (saved_view_next(stmt, &view, err)) found++;
  stmt_end(stmt);
  return found;
}

bool field_views_save(struct db *db, const struct actor *actor, const char *name, const struct field_filter *filter,
                      enum field_view_fault *fault, struct err *err) {
  struct arena *arena = arena_new();
  struct field_filter first = *filter;
  struct err own = {0};
  bool ok = false;
  *fault = FIELD_VIEW_GOOD;
  if (deny(actor, err)) goto out;
  size_t len = strlen(name += strspn(name, " "));
  while (len > 0 && name[len - 1] == ' ') len--;
  name = arena_copy_len(arena, name, len);
  *fault = check_name(name);
  if (*fault == FIELD_VIEW_GOOD && count(db, actor, &own) >= FIELD_VIEWS_MAX) *fault = FIELD_VIEW_FULL;
  first.offset = 0;
  if (*fault == FIELD_VIEW_GOOD && own.code == ERR_NONE)
    ok = saved_view_add(db, actor->person, name, field_filter_print(&first, arena), &own);
  if (own.code == ERR_CONFLICT) *fault = FIELD_VIEW_TAKEN;
  if (*fault != FIELD_VIEW_GOOD) ok = err_set(err, ERR_INPUT, "the view has no name that can be kept");
  else if (own.code != ERR_NONE) ok = err_set(err, own.code, "%s", own.text);
out:
  arena_free(arena);
  return ok;
}

bool field_views_remove(struct db *db, const struct actor *actor, int64_t id, struct err *err) {
  return !deny(actor, err) && saved_view_remove(db, actor->person, id, err);
}

size_t field_views_list(struct db *db, const struct actor *actor, struct arena *arena, const struct field_view **out,
                        struct err *err) {
  struct saved_view view;
  struct field_view *list = arena_array(arena, FIELD_VIEWS_MAX, sizeof *list);
  size_t found = 0;
  *out = list;
  if (deny(actor, err)) return 0;
  struct stmt *stmt = saved_view_list(db, actor->person);
  while (found < FIELD_VIEWS_MAX && saved_view_next(stmt, &view, err)) {
    list[found++] = (struct field_view){view.id, arena_copy(arena, view.name), arena_copy(arena, view.filter)};
  }
  stmt_end(stmt);
  return found;
}
