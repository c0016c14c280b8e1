/* The log of calls and letters: of an institution, and of a day. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "survey/contact_log.h"
#include "survey/text.h"
#include "web/contact_view.h"
#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/steer_view.h"

static const char *const problem_names[] = {"text_problem", "with_problem", "date_problem", "time_problem", NULL};

static const struct {
  const char *field, *key;
} problems[] = {
    [CONTACT_OK] = {"", NULL},
    [CONTACT_NO_TEXT] = {"text", "contact.no_text"},
    [CONTACT_BAD_TEXT] = {"text", "contact.bad_text"},
    [CONTACT_BAD_NAME] = {"with", "contact.bad_name"},
    [CONTACT_BAD_KIND] = {"text", "error.input.text"},
    [CONTACT_NO_DATE] = {"date", "reminders.no_date"},
    [CONTACT_NO_TIME] = {"time", "reminders.no_time"},
    [CONTACT_FUTURE] = {"date", "contact.future"},
    [CONTACT_FAR] = {"date", "contact.far"},
};

struct writing {
  struct steer_place place;
  struct contact_wish wish;
};

static void show(struct request *request, int status, const struct writing *writing, const char *wrong) {
  struct err err = {0};
  const struct steer_place *place = &writing->place;
  const enum contact_fault fault = writing->wish.fault;
  struct view *view = steer_page(request, place, "contact.title");
  contact_entries_view(request, view, place->round, place->institution, 0, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  contact_form_view(request, view, place->round, place->institution);
  steer_problem(request, view, problem_names, problems[fault].field, problems[fault].key);
  view_text(view, "page_error", wrong == NULL ? "" : request_message(request, wrong, NULL));
  view_bool(view, "moment_open", problems[fault].field[0] == 'd' || strcmp(problems[fault].field, "time") == 0);
  reply_page(request, status, "contact_log", view);
}

void page_contact_log(struct request *request) {
  struct writing writing = {.wish = {.fault = CONTACT_OK}};
  if (steer_open_institution(request, &writing.place)) show(request, 200, &writing, NULL);
}

static bool run_write(struct db *db, struct request *request, void *context, struct err *err) {
  struct writing *writing = context;
  return contact_log_put(db, request->actor, writing->place.round, writing->place.institution, &writing->wish, err);
}

static void written(struct request *request, void *context, const struct err *err) {
  const struct writing *writing = context;
  switch (err->code) {
    case ERR_NONE: reply_redirect(request, arena_printf(request->arena, "%s#log-title", steer_address(request, &writing->place, ""))); break;
    case ERR_INPUT: show(request, 400, writing, NULL); break;
    case ERR_FULL: show(request, 507, writing, "error.full.text"); break;
    case ERR_SYSTEM: show(request, 500, writing, "error.system.text"); break;
    default: reply_error(request, err); break;
  }
}

void page_contact_write(struct request *request) {
  struct writing *writing = arena_alloc(request->arena, sizeof *writing);
  if (!steer_open_institution(request, &writing->place)) return;
  writing->wish = (struct contact_wish){
      .kind = request_field(request, "kind"),
      .with_whom = request_field(request, "with"),
      .text = request_field(request, "text"),
      .date = request_field(request, "date"),
      .time = request_field(request, "time"),
      .incoming = strcmp(request_field(request, "direction"), "in") == 0,
  };
  request_write(request, run_write, written, writing);
}

static bool run_take_back(struct db *db, struct request *request, void *context, struct err *err) {
  (void)context;
  return contact_log_take_back(db, request->actor, strtoll(request_field(request, "entry"), NULL, 10), err);
}

static void taken_back(struct request *request, void *context, const struct err *err) {
  const struct steer_place *place = context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else reply_redirect(request, steer_address(request, place, "log"));
}

void page_contact_back(struct request *request) {
  struct steer_place *place = arena_alloc(request->arena, sizeof *place);
  if (steer_open_institution(request, place)) request_write(request, run_take_back, taken_back, place);
}

/* ---- a day */

static const char *day_link(struct request *request, int day) {
  char iso[11];
  clock_format_date(day, iso);
  return arena_printf(request->arena, "/field/calls?day=%s", iso);
}

void page_calls(struct request *request) {
  struct err err = {0};
  const struct contact_entry *entries;
  int today = clock_riga_day(clock_now_ms()), day = today;
  const char *asked = request_query(request, "day");
  bool wrong = asked[0] != '\0' && !text_day(asked, request->arena, &day);
  if (wrong || day > today) day = today;
  size_t count = contact_log_day(request_db(request), request->actor, day, request->arena, &entries, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "contact.day_title");
  view_text(view, "day", locale_time(clock_riga_ms(day, 12 * 60), LOCALE_DATE, request->language, request->arena));
  view_bool(view, "today", day == today);
  view_text(view, "before_link", day_link(request, day - 1));
  view_text(view, "after_link", day < today ? day_link(request, day + 1) : "");
  view_bool(view, "wrong_day", wrong);
  view_list(view, "entries");
  for (size_t i = 0; i < count; i++) contact_entry_view(request, view_item(view, "entries"), &entries[i]);
  view_bool(view, "has_entries", count > 0);
  reply_page(request, 200, "calls", view);
}
