#include "web/steer_view.h"

#include <stdlib.h>
#include <string.h>

#include "survey/extension.h"
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

static const char *moment(struct request *request, int64_t ms) {
  return locale_time(ms, LOCALE_DATE_TIME, request->language, request->arena);
}

const char *steer_person(struct request *request, const char *person, bool on_behalf) {
  if (!on_behalf) return person;
  struct view *words = view_new(request->arena);
  view_text(words, "name", person);
  return request_message(request, "authority.in_name", words);
}

void steer_authority_view(struct request *request, struct view *item, const struct authority *authority) {
  const struct actor *actor = request->actor;
  bool may_end = rights_allow(actor, ACTION_ON_BEHALF, authority->institution) ||
                 rights_allow(actor, ACTION_COLLEAGUES, authority->institution);
  view_int(item, "authority_id", authority->id);
  view_text(item, "authority_person", authority->person_name);
  view_text(item, "given_by", authority->given_by);
  view_text(item, "document", authority->document);
  view_text(item, "recorder", authority->recorded_by);
  view_text(item, "since", moment(request, authority->created_ms));
  view_text(item, "until", authority->ended_ms != 0 ? moment(request, authority->ended_ms) : "");
  view_text(item, "ended_by", authority->ended_by);
  view_bool(item, "may_submit", authority->may_submit);
  view_bool(item, "valid", authority->ended_ms == 0);
  view_bool(item, "holds", authority->ended_ms == 0 && may_end);
}

void steer_submission_view(struct request *request, struct view *item, const struct work *work, const struct submitted *submitted) {
  const struct submission *its = &submitted->submission;
  bool on_behalf = work_on_behalf(work, its->person, its->submitted_ms);
  view_int(item, "submission_number", its->number);
  view_text(item, "submission_text", request_message(request, its->partial ? "reopen.partial" : "reopen.submission", item));
  view_text(item, "submission_when", locale_time(its->submitted_ms, LOCALE_MOMENT, request->language, request->arena));
  view_text(item, "submission_who", steer_person(request, its->person_name, on_behalf && !its->partial));
  view_text(item, "receipt_link", arena_printf(request->arena, "/r/%lld/receipt?n=%d", (long long)work->item.response, its->number));
  view_text(item, "reopened_when", its->reopened_ms != 0 ? moment(request, its->reopened_ms) : "");
  view_text(item, "reopened_by", its->reopened_by);
  view_text(item, "reopened_reason", its->reason);
}

/* Sets reopened, with when, by whom and why; the last submission was given back. */
static void reopened_view(struct request *request, struct view *view, const struct work *work) {
  struct err err = {0};
  const struct submitted *list;
  view_bool(view, "reopened", false);
  if (work->item.status != RESPONSE_REOPENED) return;
  size_t count = submitted_list(request_db(request), work, request->arena, &list, &err);
  if (count == 0 || list[0].submission.reopened_ms == 0) return;
  steer_submission_view(request, view, work, &list[0]);
  view_bool(view, "reopened", true);
  view_text(view, "compare_link", arena_printf(request->arena, "/r/%lld/compare", (long long)work->item.response));
}

static void own_authority_view(struct request *request, struct view *view, const struct work *work) {
  struct err err = {0};
  const struct authority *list;
  view_bool(view, "in_name", false);
  if (work->authority == 0) return;
  size_t count = authority_read(request_db(request), request->actor, work->item.round, work->institution, request->arena, &list, &err);
  for (size_t i = 0; i < count; i++) {
    if (list[i].id != work->authority) continue;
    steer_authority_view(request, view, &list[i]);
    view_bool(view, "in_name", true);
    view_text(view, "in_name_of", work->institution_name);
  }
}

void steer_banner_view(struct request *request, struct view *view, const struct work *work) {
  reopened_view(request, view, work);
  own_authority_view(request, view, work);
}

void steer_card_view(struct request *request, struct view *card, const struct work *work) {
  struct err err = {0};
  const char *reason = work->item.for_contacts && !work->item.locked
      ? extension_reason(request_db(request), request->actor, work->item.round, request->arena, &err) : NULL;
  bool frozen = work->item.locked && work->item.status != RESPONSE_SUBMITTED;
  view_bool(card, "longer", reason != NULL);
  view_text(card, "longer_reason", reason);
  view_bool(card, "frozen", frozen);
  view_bool(card, "frozen_partial", frozen && work->item.status == RESPONSE_PARTIAL);
  reopened_view(request, card, work);
}

void steer_behalf_view(struct request *request, struct view *view, const struct work_item *item, struct err *err) {
  const struct authority *list;
  view_list(view, "behalf");
  if (item == NULL || !rights_allow(request->actor, ACTION_COLLEAGUES, request->actor->institution)) return;
  size_t count = authority_read(request_db(request), request->actor, item->round, request->actor->institution, request->arena,
                                &list, err);
  for (size_t i = 0; i < count; i++) steer_authority_view(request, view_item(view, "behalf"), &list[i]);
}

bool steer_may_post(struct request *request) {
  struct err err = {0};
  if (!rights_allow(request->actor, ACTION_ON_BEHALF, 0)) return true;
  const struct work *work = work_peek(request_db(request), request->actor, strtoll(request->params[0], NULL, 10), request->arena, &err);
  if (work != NULL && work->authority != 0) return true;
  err_set(&err, ERR_NOT_FOUND, "nothing is entered here without the institution's authority");
  reply_error(request, &err);
  return false;
}
