/* The last day of a round, or of an institution that gets more time. */
#include "web/deadline.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "survey/extension.h"
#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/steer_view.h"

static const char *const problem_names[] = {"date_problem", "reason_problem", NULL};

static const struct {
  const char *field, *key;
} problems[] = {
    [EXTENSION_OK] = {"", NULL},
    [EXTENSION_NO_DATE] = {"date", "deadline.no_date"},
    [EXTENSION_PAST] = {"date", "deadline.past"},
    [EXTENSION_EARLY] = {"date", "deadline.early"},
    [EXTENSION_NOT_LATER] = {"date", "deadline.not_later"},
    [EXTENSION_FAR] = {"date", "deadline.far"},
    [EXTENSION_SAME] = {"date", "deadline.same"},
    [EXTENSION_NO_REASON] = {"reason", "deadline.no_reason"},
    [EXTENSION_BAD_REASON] = {"reason", "deadline.bad_reason"},
};

struct moving {
  struct steer_place place;
  struct extension_wish wish;
};

static void change_view(struct request *request, struct view *item, const struct extension *change) {
  view_text(item, "day", steer_typed_date(request->arena, change->deadline));
  view_text(item, "reason", change->reason);
  view_bool(item, "reason_shown", change->shown);
  view_text(item, "who", change->person);
  view_text(item, "when", locale_time(change->created_ms, LOCALE_DATE_TIME, request->language, request->arena));
}

static void state_view(struct request *request, struct view *view, const struct extension_state *state) {
  const struct terms *terms = &state->terms;
  view_text(view, "round_day", steer_date(request, terms->deadline_ms));
  view_text(view, "own_day", terms->own_deadline[0] != '\0' ? steer_date(request, terms->own_deadline_ms) : "");
  view_bool(view, "own_counts", terms->own_deadline_ms > terms->deadline_ms);
  view_int(view, "seen", state->count > 0 ? state->changes[0].number : 0);
  view_bool(view, "has_changes", state->count > 0);
  view_list(view, "changes");
  for (size_t i = 0; i < state->count; i++) change_view(request, view_item(view, "changes"), &state->changes[i]);
}

/* What somebody else did while the form was open: the newest change, in a sentence. */
static const char *conflict_text(struct request *request, const struct extension_state *state) {
  struct view *words = view_new(request->arena);
  if (state->count == 0) return request_message(request, "error.conflict.text", NULL);
  const struct extension *last = &state->changes[0];
  change_view(request, words, last);
  return request_message(request, last->deadline[0] != '\0' ? "deadline.conflict" : "deadline.conflict_back", words);
}

/* wrong: the message of what went wrong with the page as a whole, NULL. */
static void show(struct request *request, int status, const struct moving *moving, const char *wrong) {
  struct err err = {0};
  struct extension_state state;
  const struct steer_place *place = &moving->place;
  if (!extension_read(request_db(request), request->actor, place->round, place->institution, request->arena, &state, &err)) {
    reply_error(request, &err);
    return;
  }
  bool whole = place->institution == 0;
  struct view *view = steer_page(request, place, whole ? "deadline.title_round" : "deadline.title");
  state_view(request, view, &state);
  steer_problem(request, view, problem_names, problems[moving->wish.fault].field, problems[moving->wish.fault].key);
  view_bool(view, "whole", whole);
  view_text(view, "heading", request_message(request, whole ? "deadline.title_round" : "deadline.title", NULL));
  view_text(view, "action", steer_address(request, place, "deadline"));
  view_text(view, "page_error", status == 409 && wrong == NULL ? conflict_text(request, &state)
                                : wrong != NULL ? request_message(request, wrong, NULL) : "");
  view_text(view, "typed_date", moving->wish.date);
  view_text(view, "typed_reason", moving->wish.reason);
  view_bool(view, "typed_shown", moving->wish.shown);
  view_bool(view, "moved", request_query(request, "moved")[0] != '\0');
  reply_page(request, status, "deadline", view);
}

static void show_empty(struct request *request, const struct steer_place *place) {
  const struct moving moving = {.place = *place, .wish = {.date = "", .reason = ""}};
  show(request, 200, &moving, NULL);
}

void page_deadline(struct request *request) {
  struct steer_place place;
  if (steer_open_institution(request, &place)) show_empty(request, &place);
}

void page_round_deadline(struct request *request) {
  struct steer_place place;
  if (steer_open_round(request, &place)) show_empty(request, &place);
}

static bool run_move(struct db *db, struct request *request, void *context, struct err *err) {
  struct moving *moving = context;
  return extension_put(db, request->actor, moving->place.round, moving->place.institution, &moving->wish, err);
}

static void moved(struct request *request, void *context, const struct err *err) {
  const struct moving *moving = context;
  switch (err->code) {
    case ERR_NONE:
      reply_redirect(request, arena_printf(request->arena, "%s&moved=1", steer_address(request, &moving->place, "deadline")));
      break;
    case ERR_INPUT: show(request, 400, moving, NULL); break;
    case ERR_CONFLICT: show(request, 409, moving, NULL); break;
    case ERR_LOCKED: show(request, 409, moving, "round.is_closed"); break;
    case ERR_FULL: show(request, 507, moving, "error.full.text"); break;
    case ERR_SYSTEM: show(request, 500, moving, "error.system.text"); break;
    default: reply_error(request, err); break;
  }
}

static void move(struct request *request, const struct steer_place *place) {
  struct moving *moving = arena_alloc(request->arena, sizeof *moving);
  long seen = strtol(request_field(request, "seen"), NULL, 10);
  moving->place = *place;
  moving->wish = (struct extension_wish){
      .date = request_field(request, "date"),
      .reason = request_field(request, "reason"),
      .shown = request_field(request, "shown")[0] != '\0',
      .takes_back = place->institution != 0 && strcmp(request_field(request, "do"), "back") == 0,
      .seen = seen < 0 || seen > INT_MAX ? -1 : (int)seen,
  };
  request_write(request, run_move, moved, moving);
}

void page_deadline_move(struct request *request) {
  struct steer_place place;
  if (steer_open_institution(request, &place)) move(request, &place);
}

void page_round_deadline_move(struct request *request) {
  struct steer_place place;
  if (steer_open_round(request, &place)) move(request, &place);
}
