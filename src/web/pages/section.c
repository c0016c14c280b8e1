#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "form/typed.h"
#include "survey/forms.h"
#include "survey/place.h"
#include "survey/text.h"
#include "web/corrected_view.h"
#include "web/locale.h"
#include "web/page_cache.h"
#include "web/pages/pages.h"
#include "web/query_view.h"
#include "web/section_view.h"
#include "web/steer_view.h"

static const char *base_of(struct request *request, const struct work *work) {
  return arena_printf(request->arena, "/r/%lld", (long long)work->item.response);
}

static void read_only_view(struct request *request, struct view *view, const struct work *work) {
  struct view *words = view_new(request->arena);
  const char *key = work->item.status == RESPONSE_SUBMITTED            ? "section.read_submitted"
                    : work->item.locked && (work->among || work->authority) ? "section.read_closed" : "section.read_staff";
  view_text(view, "read_only", "");
  if (work->editable) return;
  view_text(words, "when", locale_time(work->item.submitted_ms, LOCALE_MOMENT, request->language, request->arena));
  view_text(words, "institution_name", work->institution_name);
  view_text(view, "read_only", request_message(request, key, words));
}

static int64_t later(int64_t last, const struct work_mark *mark) { return mark->changed_ms > last ? mark->changed_ms : last; }

/* Of this section. */
static int64_t last_change(const struct work *work, int section) {
  const struct form *form = work->item.form;
  const struct form_section *its = &form->sections[section];
  int64_t last = 0;
  for (int i = its->first; i < its->first + its->count; i++) {
    int roster = form->questions[i].roster;
    if (roster < 0) last = later(last, work_mark(work, i, -1));
    for (int row = 0; roster >= 0 && row < response_row_count(work->response, roster); row++)
      last = later(last, work_mark(work, i, row));
  }
  return last;
}

static void saved_text_view(struct request *request, struct view *view, const struct work *work, int section) {
  struct view *words = view_new(request->arena);
  int64_t last = last_change(work, section);
  view_text(words, "when", locale_time(last, LOCALE_DATE_TIME, request->language, request->arena));
  view_bool(view, "never_saved", work->editable && last == 0);
  bool said = work->editable && last > 0;
  view_text(view, "saved_text",
            said ? request_message(request, "section.saved", words) : "");
}

static const char *section_title(struct request *request, const struct form *form, int section) {
  return form->sections[section].title.in[form_language(form, request->language)];
}

static struct page_part render_part(struct request *request, const char *name, const struct view *view, struct err *err) {
  struct buf html = {0};
  template_render(request->app->templates, name, request->language, view, &html, err);
  struct page_part part = {arena_copy_len(request->arena, buf_text(&html), html.len), html.len};
  buf_free(&html);
  return part;
}

/* What a form without a script brought too late: entries that differ from what is stored, to be copied. */
static void unsaved_view(struct request *request, struct view *view, const struct work *work, const struct save_entry *entries,
                         size_t count) {
  const struct form *form = work->item.form;
  view_list(view, "unsaved");
  for (size_t i = 0; i < count; i++) {
    const struct save_entry *entry = &entries[i];
    int question, row;
    if (!work_find_place(work, entry->question, entry->row, &question, &row)) continue;
    struct work_value stored = work_stored_value(work, question, row, request->language, request->arena);
    bool same = stored.value_count == entry->value_count && strcmp(stored.special, entry->special) == 0;
    for (size_t k = 0; same && k < entry->value_count; k++) same = strcmp(stored.values[k], entry->values[k]) == 0;
    if (same || (entry->value_count == 0 && entry->special[0] == '\0')) continue;
    struct view *item = view_item(view, "unsaved");
    view_text(item, "number", form->questions[question].number);
    view_text(item, "text", form->questions[question].text.in[form_language(form, request->language)]);
    view_list(item, "typed_values");
    for (size_t k = 0; k < entry->value_count; k++) view_text(view_item(item, "typed_values"), "value", entry->values[k]);
    if (entry->special[0] != '\0') view_text(view_item(item, "typed_values"), "value", entry->special);
  }
}

/* The page is its frame around two parts that hold everything but the frame, the form's token and who is there. */
static void reply_section(struct request *request, int status, const struct work *work, int section,
                          const struct page_part *before, const struct page_part *after, const struct section_page *late) {
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.work");
  view_text(view, "title", section_title(request, work->item.form, section));
  view_text(view, "action", request->path);
  view_bool(view, "editable", work->editable);
  view_int(view, "response", work->item.response);
  view_text(view, "section", work->item.form->sections[section].id);
  view_int(view, "revision", work->item.revision);
  view_int(view, "version_id", work->item.version_id);
  view_int(view, "talk", work->item.talk);
  view_bool(view, "submitted", work->item.status == RESPONSE_SUBMITTED);
  view_bool(view, "closed", work->item.locked && work->item.status != RESPONSE_SUBMITTED);
  view_text(view, "people_line", people_line(request, work, section));
  steer_banner_view(request, view, work);
  unsaved_view(request, view, work, late != NULL ? late->entries : NULL, late != NULL ? late->entry_count : 0);
  view_bool(view, "has_previous", work->item.prior != 0);
  view_text(view, "ask_text", query_mark_text(request, work, -1));
  view_html(view, "before", before->html, before->len);
  view_html(view, "after", after->html, after->len);
  reply_page(request, status, "section", view);
}

/* Entries of a page of before a correction whose questions are not there any more: what was typed is shown to be copied. */
static void refused_view(struct request *request, struct view *view, const struct section_page *page) {
  view_list(view, "refused");
  for (size_t i = 0; i < page->entry_count; i++) {
    const struct save_entry *entry = &page->entries[i];
    int question, row;
    if (entry->result != SAVE_REFUSED || work_find_place(page->work, entry->question, entry->row, &question, &row)) continue;
    corrected_unsaved_view(request, view_item(view, "refused"), entry);
  }
}

/* key names the message of what went wrong with the page as a whole, NULL: nothing did; kept_as: under which name the parts
 * may be kept, NULL: not at all. */
static void show_section(struct request *request, int status, const char *key, const struct work *work,
                         const struct section_page *page, const char *kept_as) {
  struct err err = {0};
  struct view *view = view_new(request->arena);
  section_view(request, view, page);
  bool submitted = work->item.status == RESPONSE_SUBMITTED;
  view_bool(view, "submitted", submitted);
  view_bool(view, "resumed", work->editable && request_query(request, "resumed")[0] != '\0');
  const char *check_link = arena_printf(request->arena, "%s/%s", page->base, submitted ? "receipt" : "check");
  view_text(view, "check_link", submitted || work->editable ? check_link : "");
  read_only_view(request, view, work);
  corrected_line_view(request, view, work);
  refused_view(request, view, page);
  view_text(view, "form_version", page->form->version);
  view_text(view, "whose", request->actor->role == ROLE_CONTACT ? "" : work->institution_name);
  view_text(view, "page_error",
            key == NULL ? "" : request_message(request, key, NULL));
  saved_text_view(request, view, work, page->section);
  struct page_part before = render_part(request, "section_before", view, &err);
  struct page_part after = render_part(request, "section_after", view, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  if (kept_as != NULL) {
    page_cache_put(arena_printf(request->arena, "%s before", kept_as), &before);
    page_cache_put(arena_printf(request->arena, "%s after", kept_as), &after);
  }
  reply_section(request, status, work, page->section, &before, &after, work->item.locked ? page : NULL);
}

/* After a correction an address may name a section that is not there any more: then the page of what changed. */
static void reply_no_section(struct request *request, const struct work *work) {
  struct err err = {0};
  bool corrected;
  if (!request->wants_json && correction_happened(request_db(request), work, &corrected, &err) && corrected) {
    reply_redirect(request, arena_printf(request->arena, "%s/corrected", base_of(request, work)));
    return;
  }
  err_set(&err, ERR_NOT_FOUND, "no section %s", request->params[1]);
  reply_error(request, &err);
}

/* The response, without its answers, and the section that the address names; false when the reply is made. */
static bool find_section(struct request *request, struct work **work, int *section) {
  struct err err = {0};
  int64_t id = strtoll(request->params[0], NULL, 10);
  *work = work_peek(request_db(request), request->actor, id, request->arena, &err);
  *section = *work == NULL ? -1 : form_find_section((*work)->item.form, request->params[1]);
  if (*work == NULL) reply_error(request, &err);
  else if (*section < 0) reply_no_section(request, *work);
  return *section >= 0;
}

/* Reads the answers; false when the reply is made. */
static bool open_section(struct request *request, struct work *work, int section, struct section_page *page) {
  struct err err = {0};
  struct db *db = request_db(request);
  const struct prior *prior = NULL;
  const struct correction_told *told = NULL;
  if (work_fill(db, work, request->arena, &err)) prior = prior_load(db, request->actor, work, request->arena, &err);
  if (err.code == ERR_NONE) told = correction_told(db, work, request->language, request->arena, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return false;
  }
  *page = (struct section_page){
      .form = work->item.form,
      .state = work->state,
      .work = work,
      .prior = prior,
      .told = told,
      .section = section,
      .editable = work->editable,
      .base = base_of(request, work),
  };
  return true;
}

/* Everything that the two parts depend on: what is stored, who looks, in which language, on which day ("10:32" is said of
 * today only). */
static const char *cache_name(struct request *request, const struct work *work, int section) {
  const struct work_item *item = &work->item;
  const char *prior = arena_printf(request->arena, "%lld %lld %d %lld %d", (long long)item->prior,
                                   (long long)item->prior_revision, (int)item->prior_status,
                                   (long long)item->prior_deadline_ms, (int)item->take_over);
  return arena_printf(request->arena, "%s %lld %lld %lld %lld %d %d %s %d %d %lld %s", request->app->folder,
                      (long long)work->item.response, (long long)work->item.revision, (long long)work->item.talk,
                      (long long)work->item.version_id,
                      (int)work->item.status, section, request->language, (int)work->editable, (int)request->actor->role,
                      (long long)locale_day(clock_now_ms()), prior);
}

static bool reply_kept(struct request *request, const struct work *work, int section, const char *name) {
  struct page_part before, after;
  if (!page_cache_get(arena_printf(request->arena, "%s before", name), request->arena, &before)) return false;
  if (!page_cache_get(arena_printf(request->arena, "%s after", name), request->arena, &after)) return false;
  reply_section(request, 200, work, section, &before, &after, NULL);
  return true;
}

/* key: the field they were in, "" when the request does not say. Only who can fill the response spends time on it. */
static void note_seen(struct request *request, const struct work *work, int section, const char *key) {
  struct paradata_beat beat = {.response = work->item.response, .person = request->actor->person,
                               .section = work->item.form->sections[section].id, .key = key, .idle_ms = work->item.idle_ms};
  if (work->editable && work->among) paradata_seen(request->app->paradata, &beat, clock_now_ms());
}

void page_section(struct request *request) {
  struct work *work;
  struct section_page page;
  int section;
  if (!find_section(request, &work, &section)) return;
  note_seen(request, work, section, "");
  const char *name = request->query_count == 0 ? cache_name(request, work, section) : NULL;
  if (name != NULL && reply_kept(request, work, section, name)) return;
  if (open_section(request, work, section, &page)) show_section(request, 200, NULL, work, &page, name);
}

/* --- saving --- */

struct save {
  int64_t response;
  struct save_entry *entries;
  size_t count;
  const char ***values; /* of each entry, while they are collected */
  size_t at; /* where the search for an entry goes on */
  /* A number and a special posted together: the number is saved first; the special only when the number was not new, so
   * that nothing typed is lost. Indexes of entries whose special waits. */
  const char **waiting;
  const char *action;     /* "save", "continue", "add:ROSTER", "remove:ROSTER:ROW", "rename:ROSTER:ROW", "settle:KEY:NUMBER",
                             "take:KEY", "take-all", "clear:KEY": an answer that no longer fits is taken out */
  int64_t shown;          /* the version of the questionnaire that the page showed, 0: not said */
  const char *settled;    /* the key of a place where one of several values was chosen, NULL: nowhere */
  struct work_choice choice;
  bool gone;              /* there was nothing to choose any more */
  const char *new_roster; /* where a row is to be added, NULL: nowhere */
  const char *new_label;  /* of the row to add or to rename */
  const char *added_row;
  const char *last_key;   /* the field that was changed last, "" when none was */
  struct err row_err; /* a row that could not be added, renamed or removed; the answers are saved all the same */
  int taken;            /* earlier answers that "take-all" took over */
  struct err take_err;  /* an earlier answer that could not be taken over */
};

static bool is_entry(const struct save_entry *entry, const char *key) {
  size_t len = strlen(entry->question);
  if (strncmp(key, entry->question, len) != 0) return false;
  return entry->row[0] == '\0' ? key[len] == '\0' : key[len] == ':' && strcmp(key + len + 1, entry->row) == 0;
}

/* Fields stand in the order of their entries, so the search goes on from where it last ended. */
static struct save_entry *entry_of(struct save *save, const char *key) {
  for (size_t tried = 0; tried < save->count; tried++) {
    if (is_entry(&save->entries[save->at], key)) return &save->entries[save->at];
    save->at = (save->at + 1) % save->count;
  }
  return NULL;
}

/* The room for values doubles when a power of two of them is there. */
static void add_value(struct request *request, struct save *save, struct save_entry *entry, const char *value) {
  const char ***values = &save->values[entry - save->entries];
  size_t count = entry->value_count;
  if ((count & (count - 1)) == 0) {
    const char **more = arena_array(request->arena, count > 0 ? 2 * count : 1, sizeof *more);
    if (count > 0) memcpy(more, *values, count * sizeof *more);
    *values = more;
  }
  (*values)[entry->value_count++] = text_without_controls(value, request->arena);
  entry->values = *values;
}

/* What is none counts as none seen. */
static int read_version(const char *text) {
  long version = strtol(text, NULL, 10);
  return version < 0 || version > INT_MAX ? 0 : (int)version;
}

static void start_entry(struct request *request, struct save *save, const char *key, const char *seen) {
  struct save_entry *entry = &save->entries[save->count++];
  const char *colon = strchr(key, ':');
  entry->question = colon == NULL ? key : arena_copy_len(request->arena, key, (size_t)(colon - key));
  entry->row = colon == NULL ? "" : colon + 1;
  entry->special = "";
  entry->seen = read_version(seen);
  entry->shown = save->shown;
  entry->carried = !request->wants_json && strcmp(save->action, arena_printf(request->arena, "clear:%s", key)) != 0;
  entry->aside = save->settled != NULL && strcmp(save->settled, key) == 0;
}

/* The version that the choice was made over comes as v:KEY, or as `seen` from a form without the field. */
static void read_choice(struct request *request, struct save *save) {
  if (strncmp(save->action, "settle:", 7) != 0) return;
  char *end;
  const char *key = save->action + 7, *number = strrchr(save->action, ':') + 1;
  if (number == key) return;
  long n = strtol(number, &end, 10);
  save->settled = arena_copy_len(request->arena, key, (size_t)(number - 1 - key));
  size_t len = strcspn(save->settled, ":");
  const char *seen = request_field(request, arena_printf(request->arena, "v:%s", save->settled));
  save->choice = (struct work_choice){
      .question = arena_copy_len(request->arena, save->settled, len),
      .row = save->settled[len] == ':' ? save->settled + len + 1 : "",
      .number = *end != '\0' || end == number || n < 0 || n > INT_MAX ? -1 : (int)n,
      .seen = read_version(seen[0] != '\0' ? seen : request_field(request, "seen")),
  };
}

/* A name that was typed but not added is added by any button: it must not be lost. */
static void read_row_name(struct request *request, struct save *save) {
  save->new_label = "";
  if (strncmp(save->action, "rename:", 7) == 0) {
    save->new_label = request_field(request, save->action);
    return;
  }
  if (strncmp(save->action, "add:", 4) == 0) save->new_roster = save->action + 4;
  for (size_t i = 0; i < request->field_count && save->new_label[0] == '\0'; i++) {
    const struct field *field = &request->fields[i];
    if (strncmp(field->name, "add:", 4) != 0 || field->value[strspn(field->value, " ")] == '\0') continue;
    save->new_roster = field->name + 4;
    save->new_label = field->value;
  }
}

/* Fields v:KEY (the version that was seen) start an entry; a:KEY are its values, s:KEY its special, f:KEY the questionnaire's
 * version where the page it was typed in may have been another; `form` is this page's. A script sends what was
 * changed, a form without script everything. `do=settle:KEY:NUMBER` chooses one of the values that section_json lists under
 * `rivals`; it is done after the entries. A script that sends the version it showed as stored along with it (`seen`) cannot
 * keep a value that it did not show. */
static struct save *read_save(struct request *request) {
  struct save *save = arena_alloc(request->arena, sizeof *save);
  save->response = strtoll(request->params[0], NULL, 10);
  save->entries = arena_array(request->arena, request->field_count, sizeof *save->entries);
  save->values = arena_array(request->arena, request->field_count, sizeof *save->values);
  save->waiting = arena_array(request->arena, request->field_count, sizeof *save->waiting);
  save->action = request_field(request, "do");
  save->shown = strtoll(request_field(request, "form"), NULL, 10);
  read_choice(request, save);
  for (size_t i = 0; i < request->field_count; i++)
    if (strncmp(request->fields[i].name, "v:", 2) == 0)
      start_entry(request, save, request->fields[i].name + 2, request->fields[i].value);
  for (size_t i = 0; i < request->field_count; i++) {
    const struct field *field = &request->fields[i];
    if (strchr("asf", field->name[0]) == NULL || field->name[0] == '\0' || field->name[1] != ':') continue;
    struct save_entry *entry = entry_of(save, field->name + 2);
    if (entry == NULL || field->value[0] == '\0') continue;
    if (field->name[0] == 'a') add_value(request, save, entry, field->value);
    else if (field->name[0] == 'f') entry->shown = strtoll(field->value, NULL, 10);
    else entry->special = field->value;
  }
  for (size_t i = 0; i < save->count; i++) {
    save->waiting[i] = "";
    if (save->entries[i].value_count == 0 || save->entries[i].special[0] == '\0') continue;
    save->waiting[i] = save->entries[i].special;
    save->entries[i].special = "";
  }
  read_row_name(request, save);
  return save;
}

static bool save_waiting(struct db *db, struct request *request, struct save *save, struct err *err) {
  for (size_t i = 0; i < save->count; i++) {
    struct save_entry *entry = &save->entries[i];
    bool old = entry->untouched || entry->version == entry->seen;
    if (save->waiting[i][0] == '\0' || entry->result != SAVE_DONE || !old) continue;
    entry->special = save->waiting[i];
    if (!work_save(db, request->actor, save->response, entry, 1, request->arena, err)) return false;
  }
  return true;
}

/* "KIND:ROSTER:ROW" of the pressed button; NULL when it is of another kind. */
static const char *row_action(struct request *request, const struct save *save, const char *kind, const char **roster) {
  size_t len = strlen(kind);
  const char *colon = strncmp(save->action, kind, len) == 0 ? strchr(save->action + len, ':') : NULL;
  if (colon == NULL) return NULL;
  *roster = arena_copy_len(request->arena, save->action + len, (size_t)(colon - save->action) - len);
  return colon + 1;
}

static bool change_rows(struct db *db, struct request *request, struct save *save, struct err *err) {
  const char *roster, *row;
  if (save->new_roster != NULL && save->new_label[0] != '\0') {
    save->added_row = work_add_row(db, request->actor, save->response, save->new_roster, save->new_label, request->arena, err);
    return save->added_row != NULL;
  }
  if ((row = row_action(request, save, "remove:", &roster)) != NULL)
    return work_remove_row(db, request->actor, save->response, roster, row, err);
  if ((row = row_action(request, save, "rename:", &roster)) != NULL)
    return save->new_label[0] == '\0' ||
           work_rename_row(db, request->actor, save->response, roster, row, save->new_label, err);
  return true;
}

static bool settle(struct db *db, struct request *request, struct save *save, struct err *err) {
  struct err own = {0};
  if (save->settled == NULL) return true;
  save->gone = !work_settle(db, request->actor, save->response, &save->choice, &own);
  for (size_t i = 0; i < save->count && !save->gone; i++)
    if (save->entries[i].aside && save->entries[i].result == SAVE_CONFLICT) save->entries[i].result = SAVE_DONE;
  return !save->gone || own.code == ERR_CONFLICT || err_set(err, own.code, "%s", own.text);
}

/* The last field that got something new; a form without a script brings all of its fields. */
static const char *changed_key(struct request *request, const struct save *save) {
  const char *key = "";
  for (size_t i = 0; i < save->count; i++) {
    const struct save_entry *entry = &save->entries[i];
    if (entry->result > SAVE_INVALID || entry->version != entry->seen + 1) continue;
    key = entry->row[0] == '\0' ? entry->question : arena_printf(request->arena, "%s:%s", entry->question, entry->row);
  }
  return key;
}

static bool save_some(struct db *db, struct request *request, struct save *save, size_t first, size_t count,
                      struct err *err) {
  return count == 0 ||
         work_save(db, request->actor, save->response, save->entries + first, count, request->arena, err);
}

/* The field that is to take over its earlier answer, NULL: none. What was typed into it counts more. */
static struct save_entry *entry_to_take(struct save *save) {
  struct save_entry *entry = strncmp(save->action, "take:", 5) == 0 ? entry_of(save, save->action + 5) : NULL;
  if (entry == NULL || entry->value_count > 0 || entry->special[0] != '\0') return NULL;
  return entry;
}

static bool fails_all(const struct err *own, struct err *err) {
  return (own->code == ERR_FULL || own->code == ERR_SYSTEM) && !err_set(err, own->code, "%s", own->text);
}

static bool take_over(struct db *db, struct request *request, struct save *save, struct save_entry *entry,
                      struct err *err) {
  const char *section = request->params[1];
  if (strcmp(save->action, "take-all") == 0) {
    int taken; /* what is taken over may bring up more questions */
    while (prior_take_section(db, request->actor, save->response, section, request->arena, &taken, &save->take_err) && taken > 0)
      save->taken += taken;
  } else if (entry == NULL || prior_take(db, request->actor, save->response, entry, request->arena, &save->take_err)) {
    return true;
  }
  if (fails_all(&save->take_err, err)) return false;
  return entry == NULL || work_save(db, request->actor, save->response, entry, 1, request->arena, err);
}

static bool run_save(struct db *db, struct request *request, void *context, struct err *err) {
  struct save *save = context;
  struct save_entry *entry = entry_to_take(save);
  size_t before = entry == NULL ? save->count : (size_t)(entry - save->entries);
  if (!save_some(db, request, save, 0, before, err)) return false;
  if (entry != NULL && !save_some(db, request, save, before + 1, save->count - before - 1, err)) return false;
  if (!save_waiting(db, request, save, err) || !settle(db, request, save, err)) return false;
  if (!take_over(db, request, save, entry, err)) return false;
  save->last_key = changed_key(request, save);
  if (!place_keep(db, request->actor, save->response, request->params[1], save->last_key, err)) return false;
  change_rows(db, request, save, &save->row_err);
  return !fails_all(&save->row_err, err);
}

/* --- after the commit --- */

static bool any_result(const struct save *save, enum save_result result) {
  for (size_t i = 0; i < save->count; i++)
    if (save->entries[i].result == result) return true;
  return false;
}

static const char *result_name(enum save_result result) {
  switch (result) {
    case SAVE_DONE: return "saved";
    case SAVE_INVALID: return "invalid";
    case SAVE_REFUSED: return "refused";
    case SAVE_CONFLICT: break;
  }
  return "conflict";
}

static void json_member(struct buf *out, const char *name, const char *value) {
  buf_putc(out, ',');
  buf_json_string(out, name);
  buf_putc(out, ':');
  buf_json_string(out, value);
}

/* What is stored now, in the shape of form fields, so that the page can show it. */
static void json_theirs(struct request *request, const struct work *work, const struct save_entry *entry, struct buf *out) {
  int question, row;
  struct work_value value = {.text = "", .special = ""};
  if (work_find_place(work, entry->question, entry->row, &question, &row)) /* else the row was removed meanwhile */
    value = work_stored_value(work, question, row, request->language, request->arena);
  section_json_value(&value, "theirs_", out);
}

static void json_open_entry(struct request *request, const struct work *work, const struct save_entry *entry,
                            const char *result, struct buf *out) {
  bool row = entry->row[0] != '\0';
  const char *key = row ? arena_printf(request->arena, "%s:%s", entry->question, entry->row) : entry->question;
  const char *query = row ? arena_printf(request->arena, "?row=%s", entry->row) : "";
  buf_puts(out, "{\"key\":");
  buf_json_string(out, key);
  buf_printf(out, ",\"version\":%d", entry->version);
  json_member(out, "result", result);
  json_member(out, "state", section_state_line(request, entry->changed_ms, steer_person(request, entry->person, entry->on_behalf)));
  if (entry->version == 0) return;
  json_member(out, "history", arena_printf(request->arena, "%s/h/%s%s", base_of(request, work), entry->question, query));
  json_member(out, "history_text",
              request_message(request, "question.history", NULL));
}

/* The answer to `do=settle:KEY:NUMBER`, behind the other entries: {key, version, result, state, history, history_text, values,
 * special}. result is "saved" or, when somebody had chosen before or the row was removed, "gone"; the rest is what is stored
 * now. history and history_text are left out when nothing is. */
static void json_settled(struct request *request, const struct work *work, const struct save *save, struct buf *out) {
  int question, row;
  struct work_value value = {.text = "", .special = ""};
  const struct work_choice *choice = &save->choice;
  struct save_entry entry = {.question = choice->question, .row = choice->row, .person = ""};
  if (work_find_place(work, choice->question, choice->row, &question, &row)) {
    const struct work_mark *mark = work_mark(work, question, row);
    entry.version = mark->version;
    entry.changed_ms = mark->changed_ms;
    entry.person = mark->person;
    entry.on_behalf = mark->on_behalf;
    value = work_stored_value(work, question, row, request->language, request->arena);
  }
  json_open_entry(request, work, &entry, save->gone ? "gone" : "saved", out);
  section_json_value(&value, "", out);
  buf_putc(out, '}');
}

/* "corrected": it was typed into a page of before a correction and has no place any more. */
static void json_entry(struct request *request, const struct work *work, const struct save_entry *entry, struct buf *out) {
  bool old = entry->result == SAVE_REFUSED && entry->shown != 0 && entry->shown != work->item.version_id;
  json_open_entry(request, work, entry, old ? "corrected" : result_name(entry->result), out);
  if (entry->result == SAVE_CONFLICT) json_theirs(request, work, entry, out);
  buf_putc(out, '}');
}

/* page NULL: the section is not there any more; then only what became of the entries. `form` is the questionnaire's version,
 * by which a page knows that it is of another. */
static void reply_saved_json(struct request *request, const struct save *save, const struct work *work,
                             const struct section_page *page) {
  struct buf out = {0};
  buf_printf(&out, "{\"form\":%lld,\"time\":", (long long)work->item.version_id);
  buf_json_string(&out, locale_time(clock_now_ms(), LOCALE_TIME, request->language, request->arena));
  buf_puts(&out, ",\"entries\":[");
  size_t count = 0;
  for (size_t i = 0; i < save->count; i++) {
    if (save->entries[i].aside) continue;
    if (count++ > 0) buf_putc(&out, ',');
    json_entry(request, work, &save->entries[i], &out);
  }
  if (save->settled != NULL) {
    if (count > 0) buf_putc(&out, ',');
    json_settled(request, work, save, &out);
  }
  buf_putc(&out, ']');
  if (page != NULL) {
    buf_putc(&out, ',');
    section_json(request, page, &out);
  }
  buf_putc(&out, '}');
  reply_json(request, 200, &out);
  buf_free(&out);
}

static const char *after_save(struct request *request, const struct save *save, const struct section_page *page) {
  const char *section = page->form->sections[page->section].id;
  const char *here = arena_printf(request->arena, "%s/s/%s", page->base, section);
  if (save->taken > 0) return arena_printf(request->arena, "%s?taken=%d", here, save->taken);
  bool clears = strncmp(save->action, "clear:", 6) == 0;
  if (clears || strncmp(save->action, "take:", 5) == 0) {
    const char *key = save->action + (clears ? 6 : 5), *row = strchr(key, ':');
    return arena_printf(request->arena, "%s%s%s#q-%s", here, row == NULL ? "" : "?row=", row == NULL ? "" : row + 1, key);
  }
  if (save->added_row != NULL)
    return arena_printf(request->arena, "%s?row=%s#row-%s-%s", here, save->added_row, save->new_roster, save->added_row);
  if (save->settled != NULL && strcmp(request_field(request, "from"), "check") == 0)
    return arena_printf(request->arena, "%s/check%s", page->base, save->gone ? "?changed=1" : "");
  if (save->settled != NULL) {
    const char *row = save->choice.row; /* a row is opened by its query */
    return arena_printf(request->arena, "%s%s%s#q-%s", here, row[0] == '\0' ? "" : "?row=", row, save->settled);
  }
  if (strchr(save->action, ':') != NULL) {
    const char *roster = strchr(save->action, ':') + 1;
    int len = (int)strcspn(roster, ":");
    bool unnamed = strncmp(save->action, "remove:", 7) != 0 && save->new_label[0] == '\0';
    return unnamed ? arena_printf(request->arena, "%s?unnamed=%.*s#roster-%.*s", here, len, roster, len, roster)
                   : arena_printf(request->arena, "%s#roster-%.*s", here, len, roster);
  }
  if (any_result(save, SAVE_INVALID)) return arena_printf(request->arena, "%s?e=1", here);
  if (strcmp(save->action, "continue") != 0) return here;
  int next = section_step(page->state, page->section, 1);
  if (next < 0) return arena_printf(request->arena, "%s/check", page->base);
  return arena_printf(request->arena, "%s/s/%s", page->base, page->form->sections[next].id);
}

static bool keeps_page(const struct err *err) {
  return err->code == ERR_FULL || err->code == ERR_SYSTEM || err->code == ERR_LOCKED;
}

static bool is_section_gone(struct request *request, const struct save *save) {
  struct err err = {0};
  const struct work *work = work_peek(request_db(request), request->actor, save->response, request->arena, &err);
  if (work == NULL || form_find_section(work->item.form, request->params[1]) >= 0) return false;
  bool old = save->shown != 0 && save->shown != work->item.version_id;
  for (size_t i = 0; i < save->count && !old; i++)
    old = save->entries[i].shown != 0 && save->entries[i].shown != work->item.version_id;
  return old;
}

/* What was saved on a page whose section a correction took away. */
static void saved_nowhere(struct request *request, const struct save *save) {
  struct err err = {0};
  struct work *work = work_open(request_db(request), request->actor, save->response, request->arena, &err);
  if (work == NULL) reply_error(request, &err);
  else if (request->wants_json) reply_saved_json(request, save, work, NULL);
  else corrected_reply(request, work, save->entries, save->count);
}

static void saved(struct request *request, void *context, const struct err *err) {
  struct save *save = context;
  struct work *work;
  struct section_page page;
  int section;
  if (err->code != ERR_NONE && (request->wants_json || !keeps_page(err))) {
    reply_error(request, err);
    return;
  }
  if (err->code == ERR_NONE && is_section_gone(request, save)) {
    saved_nowhere(request, save);
    return;
  }
  if (!find_section(request, &work, &section) || !open_section(request, work, section, &page)) return;
  page.entries = save->entries;
  page.entry_count = save->count;
  if (err->code == ERR_NONE) note_seen(request, work, section, save->last_key);
  if (request->wants_json) {
    reply_saved_json(request, save, work, &page);
  } else if (err->code == ERR_LOCKED) {
    for (size_t i = 0; i < save->count; i++) save->entries[i].result = SAVE_DONE; /* the fields show what is stored */
    show_section(request, 409, "error.locked.text", work, &page, NULL);
  } else if (err->code != ERR_NONE) {
    bool full = err->code == ERR_FULL;
    for (size_t i = 0; i < save->count; i++) save->entries[i].result = SAVE_REFUSED; /* nothing is stored */
    show_section(request, full ? 507 : 500, full ? "error.full.text" : "error.system.text", work, &page, NULL);
  } else if (any_result(save, SAVE_CONFLICT)) {
    show_section(request, 409, NULL, work, &page, NULL);
  } else if (any_result(save, SAVE_REFUSED)) {
    show_section(request, 400, "section.refused", work, &page, NULL);
  } else if (save->gone && strcmp(request_field(request, "from"), "check") != 0) {
    show_section(request, 409, "conflict.gone", work, &page, NULL);
  } else if (save->take_err.code != ERR_NONE) {
    show_section(request, save->take_err.code == ERR_DENIED ? 403 : 400, "prior.refused", work, &page, NULL);
  } else if (save->row_err.code != ERR_NONE) {
    show_section(request, save->row_err.code == ERR_INPUT ? 400 : 404, "roster.refused", work, &page, NULL);
  } else {
    reply_redirect(request, after_save(request, save, &page));
  }
}

void page_section_save(struct request *request) {
  if (steer_may_post(request)) request_write(request, run_save, saved, read_save(request));
}
