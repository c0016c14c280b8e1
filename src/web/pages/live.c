/* What an open section page asks every few seconds: who else is there, and what has changed since. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "survey/paradata.h"
#include "survey/presence.h"
#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/section_view.h"

#define TAB_LEN_MAX 40
#define KEY_LEN_MAX (2 * FORM_ID_MAX) /* of a question and of a row */
#define ACTIVE_MAX_MS 60000           /* in one call: a page calls at least that often while somebody works in it */

static int64_t now_ms(void) { return clock_monotonic_us() / 1000; }

static const char *person_words(struct request *request, const char *key, const char *name, int section) {
  struct view *view = view_new(request->arena);
  view_text(view, "name", name);
  view_int(view, "position", section + 1);
  return request_message(request, key, view);
}

static size_t list(struct request *request, const struct work *work, const struct presence_person **people) {
  *people = NULL;
  if (request->app->presence == NULL) return 0;
  return presence_list(request->app->presence, work->item.response, now_ms(), request->arena, people);
}

/* section: the asker's own. */
static const char *line_of(struct request *request, const struct form *form, int section,
                           const struct presence_person *people, size_t count) {
  struct buf names = {0};
  for (size_t i = 0; i < count; i++) {
    int where = form_find_section(form, people[i].section);
    if (people[i].person == request->actor->person) continue;
    if (names.len > 0) buf_puts(&names, ", ");
    buf_puts(&names, person_words(request, where == section ? "together.here" : "together.there", people[i].name, where));
  }
  struct view *view = view_new(request->arena);
  view_text(view, "people", arena_copy(request->arena, buf_text(&names)));
  const char *line = names.len > 0 ? request_message(request, "together.now", view) : "";
  buf_free(&names);
  return line;
}

const char *people_line(struct request *request, const struct work *work, int section) {
  const struct presence_person *people;
  size_t count = list(request, work, &people);
  return line_of(request, work->item.form, section, people, count);
}

/* --- what the page says --- */

static bool is_word(const char *text, size_t len_max, const char *also) {
  size_t len = strlen(text);
  if (len > len_max) return false;
  for (const char *c = text; *c != '\0'; c++) {
    bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
    if (!letter && strchr(also, *c) == NULL) return false;
  }
  return true;
}

static enum paradata_device read_device(const char *name) {
  if (strcmp(name, "computer") == 0) return DEVICE_COMPUTER;
  if (strcmp(name, "tablet") == 0) return DEVICE_TABLET;
  return strcmp(name, "phone") == 0 ? DEVICE_PHONE : DEVICE_UNKNOWN;
}

static int64_t read_active(const char *text) {
  long long ms = strtoll(text, NULL, 10);
  return ms < 0 ? 0 : ms > ACTIVE_MAX_MS ? ACTIVE_MAX_MS : ms;
}

/* The field, when it is one of this section. */
static const char *read_key(struct request *request, const struct form *form, int section) {
  const char *key = request_field(request, "key");
  if (!is_word(key, KEY_LEN_MAX, "_:-")) return "";
  int question = form_find(form, arena_copy_len(request->arena, key, strcspn(key, ":")));
  return question >= 0 && form->questions[question].section == section ? key : "";
}

static void note(struct request *request, const struct work *work, int section) {
  struct presence_beat beat = {
      .response = work->item.response,
      .person = request->actor->person,
      .name = request->actor->name,
      .tab = request_field(request, "tab"),
      .section = work->item.form->sections[section].id,
      .key = read_key(request, work->item.form, section),
  };
  struct paradata_beat spent = {
      .response = beat.response,
      .person = beat.person,
      .section = beat.section,
      .key = beat.key,
      .idle_ms = work->item.idle_ms,
      .device = read_device(request_field(request, "device")),
      .active_ms = read_active(request_field(request, "active")),
  };
  presence_note(request->app->presence, &beat, now_ms());
  if (work->among) paradata_note(request->app->paradata, &spent, clock_now_ms());
}

/* --- what it is told --- */

static void json_text(struct buf *out, const char *name, const char *value) {
  buf_printf(out, ",\"%s\":", name);
  buf_json_string(out, value);
}

static void json_person(struct request *request, const struct form *form, const struct presence_person *person, struct buf *out) {
  int section = form_find_section(form, person->section);
  bool you = person->person == request->actor->person;
  buf_puts(out, "{\"name\":");
  buf_json_string(out, person->name);
  json_text(out, "section", person->section);
  json_text(out, "section_title", section < 0 ? "" : form->sections[section].title.in[form_language(form, request->language)]);
  json_text(out, "key", person->key);
  if (!you) {
    json_text(out, "works", person_words(request, "together.works", person->name, section));
    json_text(out, "writes", person_words(request, "together.writes", person->name, section));
  }
  buf_printf(out, ",\"you\":%s}", you ? "true" : "false");
}

static void json_people(struct request *request, const struct work *work, int section, struct buf *out) {
  const struct presence_person *people;
  size_t count = list(request, work, &people);
  json_text(out, "people_line", line_of(request, work->item.form, section, people, count));
  buf_puts(out, ",\"people\":[");
  for (size_t i = 0; i < count; i++) {
    if (i > 0) buf_putc(out, ',');
    json_person(request, work->item.form, &people[i], out);
  }
  buf_putc(out, ']');
}

static bool json_changed(struct request *request, struct work *work, int section, struct buf *out, struct err *err) {
  struct db *db = request_db(request);
  if (!work_fill(db, work, request->arena, err)) return false;
  const struct prior *prior = prior_load(db, request->actor, work, request->arena, err);
  if (err->code != ERR_NONE) return false;
  struct section_page page = {
      .form = work->item.form,
      .state = work->state,
      .work = work,
      .section = section,
      .prior = prior,
      .editable = work->editable,
      .base = arena_printf(request->arena, "/r/%lld", (long long)work->item.response),
  };
  buf_puts(out, ",\"changed\":{\"time\":");
  buf_json_string(out, locale_time(clock_now_ms(), LOCALE_TIME, request->language, request->arena));
  buf_putc(out, ',');
  section_entries_json(request, &page, out);
  buf_putc(out, ',');
  section_json(request, &page, out);
  buf_putc(out, '}');
  return true;
}

static bool is_as_it_was(const struct request *request, const struct work *work) {
  return strtoll(request_field(request, "rev"), NULL, 10) == work->item.revision &&
         strtoll(request_field(request, "talk"), NULL, 10) == work->item.talk;
}

/* A page of before a correction: it is told the version and nothing of what is in it. */
static bool is_outdated(const struct request *request, const struct work *work) {
  int64_t form = strtoll(request_field(request, "form"), NULL, 10);
  return form != 0 && form != work->item.version_id;
}

static void reply_live(struct request *request, struct work *work, int section) {
  struct buf out = {0};
  struct err err = {0};
  buf_printf(&out, "{\"revision\":%lld,\"talk\":%lld,\"form\":%lld", (long long)work->item.revision,
             (long long)work->item.talk, (long long)work->item.version_id);
  json_text(&out, "status", work->item.status == RESPONSE_SUBMITTED ? "submitted" : work->item.locked ? "closed" : "started");
  json_people(request, work, section, &out);
  if (is_as_it_was(request, work) || json_changed(request, work, section, &out, &err)) {
    buf_putc(&out, '}');
    reply_json(request, 200, &out);
  } else {
    reply_error(request, &err);
  }
  buf_free(&out);
}

/* Its section may not be there any more. */
static void reply_outdated(struct request *request, const struct work *work) {
  struct buf out = {0};
  buf_printf(&out, "{\"revision\":%lld,\"talk\":%lld,\"form\":%lld,\"people\":[],\"people_line\":\"\"",
             (long long)work->item.revision, (long long)work->item.talk, (long long)work->item.version_id);
  json_text(&out, "status", work->item.status == RESPONSE_SUBMITTED ? "submitted" : "started");
  buf_putc(&out, '}');
  reply_json(request, 200, &out);
  buf_free(&out);
}

/* A tab that is left says so with no section. Only who may change something is shown to the others. */
void page_live(struct request *request) {
  struct err err = {0};
  const char *tab = request_field(request, "tab"), *id = request_field(request, "section");
  struct work *work = work_peek(request_db(request), request->actor, strtoll(request->params[0], NULL, 10), request->arena, &err);
  int section = work == NULL ? -1 : form_find_section(work->item.form, id);
  bool leaves = id[0] == '\0';
  if (work != NULL && !leaves && is_outdated(request, work)) {
    reply_outdated(request, work);
  } else if (work == NULL || (section < 0 && !leaves)) {
    err_set(&err, ERR_NOT_FOUND, "no section %s", id);
    reply_error(request, &err);
  } else if (tab[0] == '\0' || !is_word(tab, TAB_LEN_MAX, "_-")) {
    err_set(&err, ERR_INPUT, "a tab's name has 1 to %d letters and digits", TAB_LEN_MAX);
    reply_error(request, &err);
  } else if (leaves) {
    presence_leave(request->app->presence, work->item.response, request->actor->person, tab);
    struct buf nothing = {0};
    buf_puts(&nothing, "{}");
    reply_json(request, 200, &nothing);
    buf_free(&nothing);
  } else {
    if (work->editable) note(request, work, section);
    reply_live(request, work, section);
  }
}
