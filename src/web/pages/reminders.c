/* Reminders that people set for themselves. */
#include "survey/reminder.h"

#include <stdlib.h>
#include <string.h>

#include "web/locale.h"
#include "web/pages/pages.h"

#define TIME_USUAL "09:00"

static const char *moment(struct request *request, int64_t ms) {
  return locale_time(ms, LOCALE_MOMENT, request->language, request->arena);
}

/* What each fault is called, and the field that it is about. */
static const struct problem {
  const char *key, *field;
} problems[] = {
    [REMIND_OK] = {NULL, ""},
    [REMIND_NO_DATE] = {"reminders.no_date", "date"},
    [REMIND_NO_TIME] = {"reminders.no_time", "time"},
    [REMIND_PAST] = {"reminders.past", "date"},
    [REMIND_FAR] = {"reminders.far", "date"},
    [REMIND_TEXT_LONG] = {"reminders.text_long", "text"},
    [REMIND_TEXT_BAD] = {"reminders.text_bad", "text"},
    [REMIND_TOO_MANY] = {"reminders.too_many", ""},
};

struct adding {
  struct remind_wish wish;
  enum remind_fault fault;
};

static void problem_view(struct request *request, struct view *view, const struct adding *adding, const char *page_error) {
  const struct problem *problem = &problems[adding->fault];
  const char *text = problem->key != NULL ? request_message(request, problem->key, NULL) : page_error;
  view_text(view, "page_error", text);
  view_text(view, "problem_field", problem->field);
  view_text(view, "date_problem", strcmp(problem->field, "date") == 0 ? text : "");
  view_text(view, "time_problem", strcmp(problem->field, "time") == 0 ? text : "");
  view_text(view, "text_problem", strcmp(problem->field, "text") == 0 ? text : "");
}

static bool list_view(struct request *request, struct view *view, struct err *err) {
  const struct remind_entry *entries;
  struct remind_choice choices[REMIND_CHOICES_MAX];
  struct db *db = request_db(request);
  size_t count = remind_list(db, request->actor, request->arena, &entries, err);
  size_t choice_count = remind_choices(db, request->actor, request->arena, choices, err);
  view_bool(view, "unwanted", !remind_is_wanted(db, request->actor, err));
  view_list(view, "reminders");
  for (size_t i = 0; i < count; i++) {
    struct view *item = view_item(view, "reminders");
    view_int(item, "id", entries[i].id);
    view_text(item, "when", moment(request, entries[i].due_ms));
    view_text(item, "text", entries[i].text);
  }
  view_list(view, "choices");
  for (size_t i = 0; i < choice_count; i++) {
    struct view *item = view_item(view, "choices");
    view_int(item, "due", choices[i].due_ms);
    view_text(item, "choice_text", request_message(request, arena_printf(request->arena, "reminders.%s", choices[i].name), NULL));
    view_text(item, "when", moment(request, choices[i].due_ms));
  }
  return err->code == ERR_NONE;
}

/* page_error: what went wrong that is no fault of the wish, NULL. */
static void show(struct request *request, int status, const struct adding *adding, const char *page_error) {
  struct err err = {0};
  struct view *view = view_new(request->arena);
  const char *done = request_query(request, "done");
  page_frame(request, view, "title.reminders");
  view_text(view, "email", request->actor->email);
  view_bool(view, "added", strcmp(done, "added") == 0);
  view_bool(view, "removed", strcmp(done, "removed") == 0);
  view_text(view, "typed_date", adding->wish.date);
  view_text(view, "typed_time", adding->wish.time);
  view_text(view, "typed_text", adding->wish.text);
  problem_view(request, view, adding, page_error);
  if (list_view(request, view, &err)) reply_page(request, status, "reminders", view);
  else reply_error(request, &err);
}

void page_reminders(struct request *request) {
  const struct adding nothing = {.wish = {.date = "", .time = TIME_USUAL, .choice = "", .text = ""}};
  show(request, 200, &nothing, NULL);
}

static bool add(struct db *db, struct request *request, void *context, struct err *err) {
  struct adding *adding = context;
  return remind_add(db, request->actor, &adding->wish, &adding->fault, err);
}

static void added(struct request *request, void *context, const struct err *err) {
  struct adding *adding = context;
  switch (err->code) {
    case ERR_NONE: reply_redirect(request, "/reminders?done=added"); break;
    case ERR_INPUT: show(request, 400, adding, NULL); break;
    case ERR_FULL: show(request, 507, adding, request_message(request, "error.full.text", NULL)); break;
    case ERR_SYSTEM: show(request, 500, adding, request_message(request, "error.system.text", NULL)); break;
    default: reply_error(request, err); break;
  }
}

void page_reminder_add(struct request *request) {
  struct adding *adding = arena_alloc(request->arena, sizeof *adding);
  adding->wish = (struct remind_wish){.date = request_field(request, "date"),
                                      .time = request_field(request, "time"),
                                      .choice = request_field(request, "choice"),
                                      .text = request_field(request, "text")};
  request_write(request, add, added, adding);
}

static bool remove_one(struct db *db, struct request *request, void *context, struct err *err) {
  char *end;
  long long id = strtoll(request->params[0], &end, 10);
  (void)context;
  if (*end != '\0') return err_set(err, ERR_NOT_FOUND, "no reminder %s", request->params[0]);
  return remind_remove(db, request->actor, id, err);
}

static void removed(struct request *request, void *context, const struct err *err) {
  (void)context;
  if (err->code == ERR_NONE) reply_redirect(request, "/reminders?done=removed");
  else reply_error(request, err);
}

void page_reminder_remove(struct request *request) { request_write(request, remove_one, removed, NULL); }
