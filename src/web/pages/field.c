#include "survey/field.h"

#include <stdlib.h>
#include <string.h>

#include "web/locale.h"
#include "web/pages/pages.h"

#define PAGE_ROWS 50

/* Address of this list from another row. */
static const char *list_link(struct request *request, const struct field_filter *filter, int offset) {
  struct field_filter other = *filter;
  other.offset = offset;
  return arena_printf(request->arena, "/field?%s", field_filter_print(&other, request->arena));
}

/* Nothing is said while nobody has spent any. */
static bool average_view(struct request *request, struct view *view, const struct field_filter *filter, struct err *err) {
  struct sitting_average average = {0};
  struct view *words = view_new(request->arena);
  bool ok = filter->round[0] == '\0' || field_average_time(request_db(request), request->actor, filter->round,
                                                        filter->questionnaire, &average, err);
  view_text(words, "mean", locale_duration(average.mean_ms, request->language, request->arena));
  view_text(words, "median", locale_duration(average.median_ms, request->language, request->arena));
  view_int(words, "with_time", average.count);
  view_text(view, "average", average.count == 0 ? "" : request_message(request, "field.time", words));
  return ok;
}

static void row_view(struct request *request, struct view *item, const struct field_row *row, const char *round) {
  const char *status = disposition_name(row->disposition);
  view_int(item, "response", row->response);
  view_text(item, "link", arena_printf(request->arena, "/field/i/%lld?round=%s", (long long)row->institution, round));
  view_text(item, "name", row->name);
  view_text(item, "abbreviation", row->abbreviation);
  view_text(item, "sector", row->sector);
  view_text(item, "status", status);
  view_text(item, "status_text", request_message(request, arena_printf(request->arena, "disposition.%s", status), NULL));
  view_bool(item, "counts", row->status != RESPONSE_NEW);
  view_int(item, "answered", row->answered);
  view_int(item, "required", row->required);
  view_int(item, "contacts", row->contacts);
  view_text(item, "when", row->changed_ms == 0 ? "–" : locale_time(row->changed_ms, LOCALE_DATE_TIME, request->language, request->arena));
}

static void choices_view(struct request *request, struct view *view, const struct field_filter *filter,
                         const struct field_questionnaire *list, size_t count) {
  view_list(view, "questionnaires");
  for (size_t i = 0; i < count; i++) {
    struct view *item = view_item(view, "questionnaires");
    bool chosen = strcmp(list[i].id, filter->questionnaire) == 0;
    view_text(item, "id", list[i].id);
    view_text(item, "form_title", list[i].form->title.in[form_language(list[i].form, request->language)]);
    view_bool(item, "chosen", chosen);
  }
  view_list(view, "statuses");
  for (int status = -1; status < DISPOSITION_COUNT; status++) {
    struct view *item = view_item(view, "statuses");
    const char *name = status < 0 ? "" : disposition_name((enum disposition)status);
    const char *key = status < 0 ? "field.all" : arena_printf(request->arena, "disposition.%s", name);
    view_text(item, "code", name);
    view_text(item, "status_text", request_message(request, key, NULL));
    view_bool(item, "chosen", strcmp(name, field_dispositions_name(filter->dispositions)) == 0);
  }
}

static struct field_filter read_filter(struct request *request, const struct field_questionnaire *list, size_t count) {
  struct field_filter filter = field_filter_parse(request_query_text(request), request->arena);
  filter.limit = PAGE_ROWS;
  bool known = false;
  for (size_t i = 0; i < count; i++) known = known || strcmp(list[i].id, filter.questionnaire) == 0;
  if (!known) filter.questionnaire = count > 0 ? list[0].id : "";
  return filter;
}

void page_field(struct request *request) {
  struct err err = {0};
  const struct field_round *rounds = NULL;
  const struct field_questionnaire *list = NULL;
  const struct field_row *rows = NULL;
  int total = 0;
  size_t count = 0, row_count = 0;
  struct db *db = request_db(request);
  size_t round_count = field_rounds(db, request->actor, request->arena, &rounds, &err);
  if (round_count > 0) count = field_questionnaires(db, request->actor, rounds[0].id, request->arena, &list, &err);
  struct field_filter filter = read_filter(request, list, count);
  filter.round = round_count > 0 ? rounds[0].id : "";
  if (round_count > 0 && err.code == ERR_NONE)
    row_count = field_list(db, request->actor, &filter, request->arena, &rows, &total, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  if (row_count == 0 && filter.offset > 0 && total > 0) { /* an old address of a list that was longer */
    reply_redirect(request, list_link(request, &filter, 0));
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.field");
  choices_view(request, view, &filter, list, count);
  if (!average_view(request, view, &filter, &err)) {
    reply_error(request, &err);
    return;
  }
  view_text(view, "find", filter.find);
  view_int(view, "total", total);
  view_bool(view, "has_rows", row_count > 0);
  view_list(view, "rows");
  for (size_t i = 0; i < row_count; i++) row_view(request, view_item(view, "rows"), &rows[i], filter.round);
  int back = filter.offset > PAGE_ROWS ? filter.offset - PAGE_ROWS : 0;
  view_text(view, "newer", filter.offset > 0 ? list_link(request, &filter, back) : "");
  view_text(view, "older", filter.offset + (int)row_count < total ? list_link(request, &filter, filter.offset + PAGE_ROWS) : "");
  reply_page(request, 200, "field", view);
}
