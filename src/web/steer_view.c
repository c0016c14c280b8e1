#include "web/steer_view.h"

#include <stdlib.h>
#include <string.h>

#include "web/locale.h"

static bool open_place(struct request *request, int64_t institution, struct steer_place *out) {
  struct err err = {0};
  bool ok = steer_find(request_db(request), request->actor, request_query(request, "round"), institution, request->arena,
                       out, &err);
  if (!ok) reply_error(request, &err);
  return ok;
}

bool steer_open_round(struct request *request, struct steer_place *out) { return open_place(request, 0, out); }

bool steer_open_institution(struct request *request, struct steer_place *out) {
  char *end;
  struct err err = {0};
  long long id = strtoll(request->params[0], &end, 10);
  if (id > 0 && *end == '\0') return open_place(request, id, out);
  err_set(&err, ERR_NOT_FOUND, "no institution %s", request->params[0]);
  reply_error(request, &err);
  return false;
}

const char *steer_address(struct request *request, const struct steer_place *place, const char *name) {
  const char *slash = name[0] == '\0' ? "" : "/";
  return place->institution == 0
      ? arena_printf(request->arena, "/field/round%s%s?round=%s", slash, name, place->round)
      : arena_printf(request->arena, "/field/i/%lld%s%s?round=%s", (long long)place->institution, slash, name, place->round);
}

struct view *steer_page(struct request *request, const struct steer_place *place, const char *title) {
  struct view *view = view_new(request->arena);
  page_frame(request, view, title);
  view_text(view, "whose", place->institution == 0 ? place->title : place->name);
  view_text(view, "place_link", steer_address(request, place, ""));
  view_text(view, "round", place->round);
  view_bool(view, "round_closed", place->closed_ms != 0);
  return view;
}

/* Keys of views are literals: they are looked up by name. */
void steer_problem(struct request *request, struct view *view, const char *const *names, const char *name, const char *key) {
  const char *text = key == NULL ? "" : request_message(request, key, NULL);
  view_text(view, "problem_field", key == NULL ? "" : name);
  view_text(view, "problem_text", text);
  for (size_t i = 0; names[i] != NULL; i++) view_text(view, names[i], key != NULL && strncmp(names[i], name, strlen(name)) == 0 ? text : "");
}

const char *steer_date(struct request *request, int64_t ms) {
  return locale_time(ms, LOCALE_DATE, request->language, request->arena);
}

const char *steer_typed_date(struct arena *arena, const char *iso) {
  return iso[0] == '\0' ? "" : arena_printf(arena, "%.2s.%.2s.%.4s", iso + 8, iso + 5, iso);
}
