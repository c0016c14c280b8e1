#include "survey/field.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "survey/field_views.h"
#include "web/locale.h"
#include "web/pages/field_view.h"
#include "web/pages/pages.h"

#define PAGE_ROWS 50

/* The list as its address has it, and a view that could not be saved. */
struct list {
  struct field_filter filter; /* round and questionnaire as they were asked for */
  const char *round, *questionnaire; /* as they are, "" when there is none */
  const struct field_round *rounds;
  size_t round_count;
  const struct field_questionnaire *questionnaires;
  size_t questionnaire_count;
  const char *typed; /* the name of a view to be saved */
  enum field_view_fault fault;
};

/* The same list with something else about it, from its first row. */
static const char *other_link(struct request *request, struct field_filter filter) {
  filter.offset = 0;
  return field_link(request, &filter);
}

/* Nothing is said while nobody has spent any. */
static bool average_view(struct request *request, struct view *view, const struct list *list, struct err *err) {
  struct sitting_average average = {0};
  struct view *words = view_new(request->arena);
  if (!field_average_time(request_db(request), request->actor, list->round, list->questionnaire, &average, err)) return false;
  view_text(words, "mean", locale_duration(average.mean_ms, request->language, request->arena));
  view_text(words, "median", locale_duration(average.median_ms, request->language, request->arena));
  view_int(words, "with_time", average.count);
  view_text(view, "average", average.count == 0 ? "" : request_message(request, "field.time", words));
  return true;
}

static void row_view(struct request *request, struct view *item, const struct field_row *row, const struct list *list) {
  bool late = row->deadline_ms < clock_now_ms() && (FIELD_OPEN & FIELD_ONLY(row->disposition)) != 0;
  view_int(item, "response", row->response);
  view_int(item, "row_institution", row->institution);
  view_text(item, "link", arena_printf(request->arena, "/field/i/%lld?round=%s", (long long)row->institution, list->round));
  view_text(item, "name", row->name);
  view_text(item, "abbreviation", row->abbreviation);
  view_text(item, "sector", row->sector);
  field_tag_view(request, item, row->disposition);
  view_bool(item, "counts", row->status != RESPONSE_NEW);
  view_int(item, "answered", row->answered);
  view_int(item, "required", row->required);
  view_int(item, "contacts", row->contacts);
  view_bool(item, "several_contacts", row->contacts > 1);
  view_text(item, "when", field_moment(request, row->changed_ms));
  view_text(item, "deadline", field_date(request, row->deadline_ms));
  view_bool(item, "own_deadline", row->own_deadline);
  view_bool(item, "late", late);
  field_contact_view(request, item, row->contact_name, row->contact_phone);
}

/* ---- what can be chosen */

static void questionnaires_view(struct request *request, struct view *view, const struct list *list) {
  view_list(view, "questionnaires");
  for (size_t i = 0; i < list->questionnaire_count; i++) {
    const struct form *form = list->questionnaires[i].form;
    struct view *item = view_item(view, "questionnaires");
    view_text(item, "id", list->questionnaires[i].id);
    view_text(item, "form_title", form->title.in[form_language(form, request->language)]);
    view_bool(item, "chosen", strcmp(list->questionnaires[i].id, list->questionnaire) == 0);
  }
}

static void status_view(struct request *request, struct view *view, const struct list *list, unsigned dispositions,
                        const char *key) {
  struct view *item = view_item(view, "statuses");
  view_text(item, "code", field_dispositions_name(dispositions));
  view_text(item, "status_text", request_message(request, key, NULL));
  view_bool(item, "chosen", dispositions == list->filter.dispositions);
}

static void statuses_view(struct request *request, struct view *view, const struct list *list) {
  view_list(view, "statuses");
  status_view(request, view, list, 0, "field.all");
  status_view(request, view, list, FIELD_OPEN, "field.status_open");
  status_view(request, view, list, FIELD_UNOPENED, "field.status_unopened");
  status_view(request, view, list, FIELD_WORKING, "field.status_working");
  for (int i = 0; i < DISPOSITION_COUNT; i++)
    status_view(request, view, list, FIELD_ONLY(i),
                arena_printf(request->arena, "disposition.%s", disposition_name((enum disposition)i)));
}

static void group_item(struct view *view, const char *list, const char *id, const char *text, const char *chosen) {
  struct view *item = view_item(view, list);
  view_text(item, "id", id);
  view_text(item, "text", text);
  view_bool(item, "chosen", strcmp(id, chosen) == 0);
}

/* Also what is chosen and no institution has (any more). */
static bool groups_view(struct request *request, struct view *view, const struct list *list, struct err *err) {
  const char *const *sectors, *const *kinds;
  const struct field_filter *filter = &list->filter;
  bool sector_there = filter->sector[0] == '\0', kind_there = filter->kind[0] == '\0';
  struct db *db = request_db(request);
  size_t sector_count = field_sectors(db, request->actor, list->round, request->arena, &sectors, err);
  size_t kind_count = field_kinds(db, request->actor, list->round, request->arena, &kinds, err);
  view_list(view, "sectors");
  for (size_t i = 0; i < sector_count; i++) {
    group_item(view, "sectors", sectors[i], sectors[i], filter->sector);
    sector_there = sector_there || strcmp(sectors[i], filter->sector) == 0;
  }
  if (!sector_there) group_item(view, "sectors", filter->sector, filter->sector, filter->sector);
  view_list(view, "kinds");
  for (size_t i = 0; i < kind_count; i++) {
    group_item(view, "kinds", kinds[i], field_kind_text(request, kinds[i]), filter->kind);
    kind_there = kind_there || strcmp(kinds[i], filter->kind) == 0;
  }
  if (!kind_there) group_item(view, "kinds", filter->kind, field_kind_text(request, filter->kind), filter->kind);
  return err->code == ERR_NONE;
}

/* Heads of columns: pressed once they sort, twice the other way round. */
static void heads_view(struct request *request, struct view *view, const struct list *list) {
  static const char *const links[FIELD_SORT_COUNT] = {"sort_name", "sort_status", "sort_progress", "sort_changed",
                                                      "sort_deadline"};
  static const char *const ways[FIELD_SORT_COUNT] = {"way_name", "way_status", "way_progress", "way_changed",
                                                     "way_deadline"};
  for (int i = 0; i < FIELD_SORT_COUNT; i++) {
    struct field_filter filter = list->filter;
    bool current = (int)filter.sort == i;
    view_text(view, ways[i], !current ? "none" : filter.descending ? "descending" : "ascending");
    filter.descending = current ? !filter.descending : i == FIELD_SORT_CHANGED;
    filter.sort = (enum field_sort)i;
    view_text(view, links[i], other_link(request, filter));
  }
}

static bool saved_view(struct request *request, struct view *view, const struct list *list, struct err *err) {
  const struct field_view *views;
  static const char *const faults[] = {"", "field.view_no_name", "field.view_long", "field.view_taken", "field.view_full"};
  struct field_filter first = list->filter;
  first.offset = 0;
  const char *now = field_filter_print(&first, request->arena);
  bool saved = false;
  size_t count = field_views_list(request_db(request), request->actor, request->arena, &views, err);
  view_list(view, "saved_views");
  for (size_t i = 0; i < count; i++) {
    struct view *item = view_item(view, "saved_views");
    bool current = strcmp(views[i].filter, now) == 0;
    view_int(item, "view_id", views[i].id);
    view_text(item, "view_name", views[i].name);
    view_text(item, "link", arena_printf(request->arena, "/field/list?%s", views[i].filter));
    view_bool(item, "current", current);
    saved = saved || current;
  }
  view_bool(view, "has_views", count > 0);
  view_bool(view, "saved", saved);
  view_bool(view, "bare", now[0] == '\0');
  view_text(view, "filter_text", now);
  view_text(view, "typed_name", list->typed);
  view_text(view, "view_problem",
            list->fault != FIELD_VIEW_GOOD ? request_message(request, faults[list->fault], NULL) : "");
  return err->code == ERR_NONE;
}

/* ---- the page */

static bool open_list(struct request *request, struct list *list, struct err *err) {
  struct db *db = request_db(request);
  struct field_filter *filter = &list->filter, settled;
  bool known = false;
  filter->limit = PAGE_ROWS;
  settled = *filter;
  list->round_count = field_rounds(db, request->actor, request->arena, &list->rounds, err);
  if (err->code != ERR_NONE || !field_settle(db, request->actor, &settled, request->arena, err)) return false;
  list->round = settled.round;
  list->questionnaire_count =
      field_questionnaires(db, request->actor, list->round, request->arena, &list->questionnaires, err);
  for (size_t i = 0; i < list->questionnaire_count; i++)
    known = known || strcmp(list->questionnaires[i].id, settled.questionnaire) == 0;
  if (!known) { /* of another round */
    filter->questionnaire = "";
    settled.questionnaire = list->questionnaire_count > 0 ? list->questionnaires[0].id : "";
  }
  list->questionnaire = settled.questionnaire;
  return err->code == ERR_NONE;
}

static void rows_view(struct request *request, struct view *view, const struct list *list, const struct field_row *rows,
                      size_t count, int total) {
  struct field_filter other = list->filter;
  int offset = list->filter.offset;
  view_int(view, "total", total);
  view_bool(view, "has_rows", count > 0);
  view_list(view, "rows");
  for (size_t i = 0; i < count; i++) row_view(request, view_item(view, "rows"), &rows[i], list);
  other.offset = offset > PAGE_ROWS ? offset - PAGE_ROWS : 0;
  view_text(view, "newer", offset > 0 ? field_link(request, &other) : "");
  other.offset = offset + PAGE_ROWS;
  view_text(view, "older", offset + (int)count < total ? field_link(request, &other) : "");
  view_int(view, "first_row", offset + 1);
  view_int(view, "last_row", offset + (int)count);
}

static void show(struct request *request, int status, struct list *list) {
  struct err err = {0};
  const struct field_row *rows = NULL;
  int total = 0;
  size_t count = 0;
  struct view *view = view_new(request->arena);
  bool ok = open_list(request, list, &err);
  if (ok) count = field_list(request_db(request), request->actor, &list->filter, request->arena, &rows, &total, &err);
  if (ok && err.code == ERR_NONE && count == 0 && list->filter.offset > 0 && total > 0) { /* of a list that was longer */
    reply_redirect(request, other_link(request, list->filter));
    return;
  }
  page_frame(request, view, "title.field");
  if (!ok || err.code != ERR_NONE || !average_view(request, view, list, &err) ||
      !groups_view(request, view, list, &err) || !saved_view(request, view, list, &err)) {
    reply_error(request, &err);
    return;
  }
  field_rounds_view(view, list->rounds, list->round_count, list->round);
  questionnaires_view(request, view, list);
  statuses_view(request, view, list);
  heads_view(request, view, list);
  view_text(view, "find", list->filter.find);
  view_bool(view, "only_late", list->filter.overdue);
  view_text(view, "list_round", list->round);
  view_text(view, "sort", list->filter.sort == FIELD_SORT_NAME && !list->filter.descending ? "" :
            arena_printf(request->arena, "%s%s", list->filter.descending ? "-" : "", field_sort_name(list->filter.sort)));
  rows_view(request, view, list, rows, count, total);
  reply_page(request, status, "field", view);
}

void page_field(struct request *request) {
  struct list list = {.filter = field_filter_parse(request_query_text(request), request->arena), .typed = ""};
  show(request, 200, &list);
}

/* ---- saved views */

static bool save_view(struct db *db, struct request *request, void *context, struct err *err) {
  struct list *list = context;
  return field_views_save(db, request->actor, list->typed, &list->filter, &list->fault, err);
}

static void view_saved(struct request *request, void *context, const struct err *err) {
  struct list *list = context;
  if (err->code == ERR_NONE) reply_redirect(request, other_link(request, list->filter));
  else if (err->code == ERR_INPUT) show(request, 400, list);
  else reply_error(request, err);
}

void page_field_view_save(struct request *request) {
  struct list *list = arena_alloc(request->arena, sizeof *list);
  list->filter = field_filter_parse(request_field(request, "filter"), request->arena);
  list->typed = request_field(request, "name");
  request_write(request, save_view, view_saved, list);
}

static bool remove_view(struct db *db, struct request *request, void *context, struct err *err) {
  char *end;
  long long id = strtoll(request->params[0], &end, 10);
  (void)context;
  if (*end != '\0') return err_set(err, ERR_NOT_FOUND, "no saved view %s", request->params[0]);
  return field_views_remove(db, request->actor, id, err);
}

/* A second press finds nothing to remove: it is gone, as wished. */
static void view_removed(struct request *request, void *context, const struct err *err) {
  const struct field_filter filter = field_filter_parse(request_field(request, "filter"), request->arena);
  (void)context;
  if (err->code == ERR_NONE || err->code == ERR_NOT_FOUND) reply_redirect(request, other_link(request, filter));
  else reply_error(request, err);
}

void page_field_view_remove(struct request *request) { request_write(request, remove_view, view_removed, NULL); }
