#include "survey/field.h"

#include <stdlib.h>
#include <string.h>

#include "web/locale.h"
#include "web/pages/pages.h"

#define PAGE_ROWS 50

struct field_filter {
  const char *round, *questionnaire, *find;
  int status, offset;
};

/* Address of this list from another row. */
static const char *list_link(struct request *request, const struct field_filter *filter, int offset) {
  struct buf link = {0};
  buf_printf(&link, "/field?q=%s&status=%d&from=%d&find=", filter->questionnaire, filter->status, offset);
  for (const unsigned char *c = (const unsigned char *)filter->find; *c != '\0'; c++) buf_printf(&link, "%%%02X", *c);
  const char *copy = arena_copy_len(request->arena, buf_text(&link), link.len);
  buf_free(&link);
  return copy;
}

/* Nothing is said while nobody has spent any. */
static bool average_view(struct request *request, struct view *view, const struct field_filter *filter, struct err *err) {
  struct sitting_average average = {0};
  struct view *words = view_new(request->arena);
  bool ok = filter->round == NULL || field_average_time(request_db(request), request->actor, filter->round,
                                                        filter->questionnaire, &average, err);
  view_text(words, "mean", locale_duration(average.mean_ms, request->language, request->arena));
  view_text(words, "median", locale_duration(average.median_ms, request->language, request->arena));
  view_int(words, "with_time", average.count);
  view_text(view, "average", average.count == 0 ? "" : request_message(request, "field.time", words));
  return ok;
}

static void row_view(struct request *request, struct view *item, const struct field_row *row, const char *round) {
  const char *status = work_status_name(row->status);
  view_int(item, "response", row->response);
  view_text(item, "link", arena_printf(request->arena, "/field/i/%lld?round=%s", (long long)row->institution, round));
  view_text(item, "name", row->name);
  view_text(item, "abbreviation", row->abbreviation);
  view_text(item, "sector", row->sector);
  view_text(item, "status", status);
  view_text(item, "status_text", request_message(request, arena_printf(request->arena, "status.%s", status), NULL));
  view_bool(item, "counts", row->status != RESPONSE_NEW);
  view_int(item, "answered", row->answered);
  view_int(item, "required", row->required);
  view_int(item, "contacts", row->contacts);
  view_text(item, "when", row->changed_ms == 0 ? "–" : locale_time(row->changed_ms, LOCALE_DATE_TIME, request->language, request->arena));
}

static void choices_view(struct request *request, struct view *view, const struct field_filter *filter,
                         const struct field_questionnaire *list, size_t count) {
  int counts[4] = {0};
  view_list(view, "questionnaires");
  for (size_t i = 0; i < count; i++) {
    struct view *item = view_item(view, "questionnaires");
    bool chosen = strcmp(list[i].id, filter->questionnaire) == 0;
    view_text(item, "id", list[i].id);
    view_text(item, "form_title", list[i].form->title.in[form_language(list[i].form, request->language)]);
    view_bool(item, "chosen", chosen);
    if (!chosen) continue;
    counts[0] = list[i].responses;
    counts[1] = list[i].responses - list[i].started - list[i].submitted;
    counts[2] = list[i].started;
    counts[3] = list[i].submitted;
  }
  view_list(view, "statuses");
  for (int status = -1; status < 3; status++) {
    struct view *item = view_item(view, "statuses");
    const char *key = status < 0 ? "field.all" : arena_printf(request->arena, "status.%s", work_status_name(status));
    view_int(item, "code", status);
    view_text(item, "status_text", request_message(request, key, NULL));
    view_int(item, "number", counts[status + 1]);
    view_bool(item, "chosen", status == filter->status);
  }
}

static struct field_filter read_filter(struct request *request, const struct field_questionnaire *list, size_t count) {
  struct field_filter filter = {.questionnaire = request_query(request, "q"), .find = request_query(request, "find")};
  const char *status = request_query(request, "status");
  filter.status = status[0] == '\0' ? -1 : (int)strtol(status, NULL, 10);
  if (filter.status < -1 || filter.status > 2) filter.status = -1;
  long offset = strtol(request_query(request, "from"), NULL, 10);
  filter.offset = offset < 0 || offset > 1000000 ? 0 : (int)offset;
  size_t len = strlen(filter.find += strspn(filter.find, " "));
  while (len > 0 && filter.find[len - 1] == ' ') len--;
  filter.find = arena_copy_len(request->arena, filter.find, len);
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
  filter.round = round_count > 0 ? rounds[0].id : NULL;
  if (round_count > 0 && err.code == ERR_NONE)
    row_count = field_list(db, request->actor, rounds[0].id, filter.questionnaire, filter.status, filter.find,
                           filter.offset, PAGE_ROWS, request->arena, &rows, &total, &err);
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
