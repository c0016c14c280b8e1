/* An institution's authority for a coordinator: recording it, ending it, what was entered on it. */
#include "survey/authority.h"

#include <stdlib.h>
#include <string.h>

#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/section_view.h"
#include "web/steer_view.h"

static const char *const problem_names[] = {"person_problem", "name_problem", "position_problem", "document_problem", NULL};

static const struct {
  const char *field, *key;
} problems[] = {
    [AUTHORITY_OK] = {"", NULL},
    [AUTHORITY_NO_PERSON] = {"person", "authority.no_person"},
    [AUTHORITY_HOLDS] = {"person", "authority.holds"},
    [AUTHORITY_BAD_NAME] = {"name", "authority.bad_name"},
    [AUTHORITY_BAD_POSITION] = {"position", "authority.bad_position"},
    [AUTHORITY_BAD_DOCUMENT] = {"document", "authority.bad_document"},
};

struct recording {
  struct steer_place place;
  struct authority_wish wish;
};

static void list_view(struct request *request, struct view *view, const struct authority *list, size_t count) {
  view_list(view, "authorities");
  for (size_t i = 0; i < count; i++) steer_authority_view(request, view_item(view, "authorities"), &list[i]);
  view_bool(view, "has_authorities", count > 0);
}

static void people_view(struct request *request, struct view *view, int64_t chosen, struct err *err) {
  const struct authority_person *people;
  size_t count = authority_people(request_db(request), request->actor, request->arena, &people, err);
  view_list(view, "people");
  for (size_t i = 0; i < count; i++) {
    struct view *item = view_item(view, "people");
    view_int(item, "person_number", people[i].person);
    view_text(item, "person_name", people[i].name);
    view_bool(item, "chosen", people[i].person == (chosen != 0 ? chosen : request->actor->person));
  }
}

/* key: of what went wrong with the page as a whole, NULL. */
static void show(struct request *request, int status, const struct recording *recording, const char *key) {
  struct err err = {0};
  const struct authority *list;
  const struct steer_place *place = &recording->place;
  const struct authority_wish *wish = &recording->wish;
  struct view *view = steer_page(request, place, "authority.title");
  size_t count = authority_read(request_db(request), request->actor, place->round, place->institution, request->arena, &list, &err);
  people_view(request, view, wish->person, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  list_view(request, view, list, count);
  steer_problem(request, view, problem_names, problems[wish->fault].field, problems[wish->fault].key);
  view_text(view, "page_error", key == NULL ? "" : request_message(request, key, NULL));
  view_text(view, "action", steer_address(request, place, "authority"));
  view_text(view, "typed_name", wish->name);
  view_text(view, "typed_position", wish->position);
  view_text(view, "typed_document", wish->document);
  view_bool(view, "typed_submit", wish->may_submit);
  view_bool(view, "may_record", rights_allow(request->actor, ACTION_ON_BEHALF, place->institution));
  view_bool(view, "recorded", request_query(request, "done")[0] != '\0');
  reply_page(request, status, "authority", view);
}

void page_authorities(struct request *request) {
  struct recording recording = {.wish = {.name = "", .position = "", .document = ""}};
  if (steer_open_institution(request, &recording.place)) show(request, 200, &recording, NULL);
}

static bool run_record(struct db *db, struct request *request, void *context, struct err *err) {
  struct recording *recording = context;
  return authority_put(db, request->actor, recording->place.round, recording->place.institution, &recording->wish, err);
}

static void recorded(struct request *request, void *context, const struct err *err) {
  const struct recording *recording = context;
  switch (err->code) {
    case ERR_NONE: reply_redirect(request, arena_printf(request->arena, "%s&done=1", steer_address(request, &recording->place, "authority"))); break;
    case ERR_INPUT: show(request, 400, recording, NULL); break;
    case ERR_LOCKED: show(request, 409, recording, "round.is_closed"); break;
    case ERR_FULL: show(request, 507, recording, "error.full.text"); break;
    case ERR_SYSTEM: show(request, 500, recording, "error.system.text"); break;
    default: reply_error(request, err); break;
  }
}

void page_authority_record(struct request *request) {
  struct recording *recording = arena_alloc(request->arena, sizeof *recording);
  if (!steer_open_institution(request, &recording->place)) return;
  recording->wish = (struct authority_wish){
      .person = strtoll(request_field(request, "person"), NULL, 10),
      .name = request_field(request, "name"),
      .position = request_field(request, "position"),
      .document = request_field(request, "document"),
      .may_submit = request_field(request, "submit")[0] != '\0',
  };
  request_write(request, run_record, recorded, recording);
}

/* ---- one of them */

static void change_view(struct request *request, struct view *item, const struct authority_change *change) {
  const struct form *form = change->form;
  const struct form_question *q = change->question >= 0 ? &form->questions[change->question] : NULL;
  view_text(item, "number", q != NULL ? q->number : change->question_id);
  view_text(item, "text", q != NULL ? q->text.in[form_language(form, request->language)] : "");
  view_text(item, "value", change->value);
  view_text(item, "when", locale_time(change->changed_ms, LOCALE_DATE_TIME, request->language, request->arena));
  view_text(item, "link", q == NULL ? "" : arena_printf(request->arena, "/r/%lld/h/%s%s%s", (long long)change->response,
                                                         change->question_id, change->row[0] != '\0' ? "?row=" : "", change->row));
}

void page_authority(struct request *request) {
  struct err err = {0};
  struct authority authority;
  const struct authority_change *changes = NULL;
  size_t count = 0;
  bool cut = false;
  if (!authority_open(request_db(request), request->actor, strtoll(request->params[0], NULL, 10), request->arena,
                      &authority, &changes, &count, &cut, &err)) {
    reply_error(request, &err);
    return;
  }
  bool contact = request->actor->role == ROLE_CONTACT;
  struct view *view = view_new(request->arena);
  page_frame(request, view, "authority.title");
  steer_authority_view(request, view, &authority);
  view_text(view, "back_link", contact ? "/work" : arena_printf(request->arena, "/field/i/%lld?round=%s",
                                                                 (long long)authority.institution, authority.round));
  view_text(view, "back_text", request_message(request, contact ? "work.heading" : "field.heading", NULL));
  view_list(view, "changes");
  for (size_t i = 0; i < count; i++) change_view(request, view_item(view, "changes"), &changes[i]);
  view_bool(view, "has_changes", count > 0);
  view_bool(view, "cut", cut);
  view_bool(view, "ended_now", request_query(request, "done")[0] != '\0');
  reply_page(request, 200, "authority_page", view);
}

static bool run_end(struct db *db, struct request *request, void *context, struct err *err) {
  return authority_stop(db, request->actor, *(const int64_t *)context, err);
}

/* A second press finds that it has ended, which is what was wanted. */
static void ended(struct request *request, void *context, const struct err *err) {
  long long id = *(const int64_t *)context;
  if (err->code != ERR_NONE && err->code != ERR_NOT_FOUND) reply_error(request, err);
  else reply_redirect(request, arena_printf(request->arena, "/authority/%lld%s", id, err->code == ERR_NONE ? "?done=1" : ""));
}

void page_authority_end(struct request *request) {
  int64_t *id = arena_alloc(request->arena, sizeof *id);
  *id = strtoll(request->params[0], NULL, 10);
  request_write(request, run_end, ended, id);
}
