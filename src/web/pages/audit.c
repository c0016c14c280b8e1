/* The book of events, for administrators. */
#include "survey/audit.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "survey/staff.h"
#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/urlencoded.h"

#define PAGE 100

/* The day that is typed, as days since 1970; false, with days 0, when none or a wrong one is. */
static bool read_day(const char *text, int *days, bool *wrong) {
  *days = 0;
  bool good = text[0] != '\0' && clock_parse_date(text, strlen(text), days);
  *wrong = *wrong || (text[0] != '\0' && !good);
  return good;
}

static struct event_filter read_filter(struct request *request, bool *wrong) {
  int from, until;
  *wrong = false;
  struct event_filter filter = {
      .person = strtoll(request_query(request, "person"), NULL, 10),
      .kind = request_query(request, "kind"),
      .before = strtoll(request_query(request, "before"), NULL, 10),
  };
  if (read_day(request_query(request, "from"), &from, wrong)) filter.since_ms = clock_riga_ms(from, 0);
  if (read_day(request_query(request, "until"), &until, wrong)) filter.until_ms = clock_riga_ms(until + 1, 0);
  return filter;
}

/* A sentence, or kind and detail as they are where there is none. */
static const char *sentence(struct request *request, const char *kind, const char *who, const char *detail) {
  const char *key = arena_printf(request->arena, "event.%s", kind);
  struct view *words = view_new(request->arena);
  view_text(words, "who", who);
  view_text(words, "detail", detail);
  return template_has_message(request->app->templates, key) ? request_message(request, key, words)
                                                            : arena_printf(request->arena, "%s: %s %s", who, kind, detail);
}

static void event_view(struct request *request, struct view *item, const struct event *event) {
  const char *who = event->person != 0 ? event->person_name : request_message(request, "audit.program", NULL);
  view_int(item, "number", event->id);
  view_text(item, "at", locale_time(event->happened_ms, LOCALE_MOMENT, request->language, request->arena));
  view_text(item, "sentence", sentence(request, event->kind, who, event->detail));
  view_int(item, "by", event->person);
}

/* What it is about, in words and where to find it. */
static void subject_view(struct request *request, struct view *item, const struct event *event) {
  const char *space = strchr(event->subject, ' ');
  int64_t number = space != NULL ? strtoll(space + 1, NULL, 10) : 0;
  const char *name = event->subject, *link = "";
  if (strncmp(event->subject, "person ", 7) == 0) {
    name = event->subject_name;
    link = arena_printf(request->arena, "/audit?person=%lld", (long long)number);
  } else if (strncmp(event->subject, "response ", 9) == 0) {
    name = arena_printf(request->arena, "%s %lld", request_message(request, "audit.response", NULL), (long long)number);
    link = arena_printf(request->arena, "/r/%lld", (long long)number);
  } else if (strncmp(event->subject, "institution ", 12) == 0) {
    name = arena_printf(request->arena, "%s %lld", request_message(request, "audit.institution", NULL), (long long)number);
    link = arena_printf(request->arena, "/field/i/%lld", (long long)number);
  } else if (strncmp(event->subject, "round ", 6) == 0) {
    name = arena_printf(request->arena, "%s %s", request_message(request, "audit.round", NULL), space + 1);
  }
  view_text(item, "subject", name);
  view_text(item, "subject_link", link);
}

static void kinds_view(struct request *request, struct view *view, const char *chosen, struct err *err) {
  const char *const *kinds;
  size_t count = audit_kinds(request_db(request), request->actor, request->arena, &kinds, err);
  view_list(view, "kinds");
  for (size_t i = 0; i < count; i++) {
    struct view *item = view_item(view, "kinds");
    view_text(item, "kind", kinds[i]);
    view_text(item, "kind_words", sentence(request, kinds[i], "…", "…"));
    view_bool(item, "chosen", strcmp(kinds[i], chosen) == 0);
  }
}

static const char *older_link(struct request *request, int64_t before) {
  static const char *const kept[] = {"person", "kind", "from", "until"};
  struct buf link = {0};
  buf_printf(&link, "/audit?before=%lld", (long long)before);
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
    if (request_query(request, kept[i])[0] == '\0') continue;
    buf_printf(&link, "&%s=", kept[i]);
    urlencoded_write(&link, request_query(request, kept[i]));
  }
  const char *copy = arena_copy(request->arena, buf_text(&link));
  buf_free(&link);
  return copy;
}

void page_audit(struct request *request) {
  struct err err = {0};
  bool wrong;
  const struct event *events;
  struct staff_row row;
  struct view *view = view_new(request->arena);
  const struct event_filter filter = read_filter(request, &wrong);
  struct db *db = request_db(request);
  size_t count = audit_list(db, request->actor, &filter, PAGE + 1, request->arena, &events, &err);
  kinds_view(request, view, filter.kind, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  page_frame(request, view, "title.audit");
  view_list(view, "events");
  for (size_t i = 0; i < count && i < PAGE; i++) {
    struct view *item = view_item(view, "events");
    event_view(request, item, &events[i]);
    subject_view(request, item, &events[i]);
  }
  bool known = filter.person != 0 && staff_get(db, request->actor, filter.person, request->arena, &row, NULL);
  view_text(view, "person_filter", request_query(request, "person"));
  view_text(view, "filtered_name", known ? row.name : request_query(request, "person"));
  view_text(view, "from", request_query(request, "from"));
  view_text(view, "until", request_query(request, "until"));
  view_bool(view, "wrong_day", wrong);
  view_bool(view, "empty", count == 0);
  view_text(view, "older", count > PAGE ? older_link(request, events[PAGE - 1].id) : "");
  reply_page(request, wrong ? 400 : 200, "audit", view);
}
