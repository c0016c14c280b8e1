/* The coordinators' list of all queries of a round. */
#include <stdlib.h>
#include <string.h>

#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/queries_filter.h"
#include "web/query_view.h"
#include "web/section_view.h"

#define PAGE_ROWS 50
#define PICKED_MAX 500

static const char *list_link(struct request *request, const struct queries_filter *filter, int state, int offset) {
  const char *base = arena_printf(request->arena, "/queries?%s", queries_filter_link(request, filter));
  const char *name = state < 0 ? "" : arena_printf(request->arena, "&state=%s", query_state_name((enum query_state)state));
  return arena_printf(request->arena, offset > 0 ? "%s%s&from=%d" : "%s%s", base, name, offset);
}

/* Opens at the question, with the exchange; what is gone from the form stands on the list of the response. */
static const char *place_link(struct request *request, const struct query_line *line) {
  const struct stored_query *query = &line->query;
  long long response = (long long)query->response, id = (long long)query->id;
  if (line->question < 0 || line->row_removed) return arena_printf(request->arena, "/r/%lld/queries#query-%lld", response, id);
  return arena_printf(request->arena, "/r/%lld/h/%s%s%s#query-%lld", response, query->question,
                      query->row[0] != '\0' ? "?row=" : "", query->row, id);
}

static void line_view(struct request *request, struct view *item, const struct query_line *line) {
  const struct stored_query *query = &line->query;
  const char *state = query_state_name(query->state), *origin = query_origin_name(query->origin);
  view_text(item, "pick", arena_printf(request->arena, "%lld:%d", (long long)query->id, query->messages));
  view_bool(item, "can_end", query->state < QUERY_CLOSED);
  view_text(item, "institution_name", query->institution_name);
  view_text(item, "institution_link",
            arena_printf(request->arena, "/field/i/%lld?round=%s", (long long)query->institution, query->round));
  view_text(item, "form_title", line->form->title.in[form_language(line->form, request->language)]);
  view_text(item, "number", line->question < 0 ? query->question : line->form->questions[line->question].number);
  view_text(item, "row_label", line->row_label);
  view_text(item, "query_link", place_link(request, line));
  view_text(item, "query_text", query->text);
  view_text(item, "state", state);
  view_text(item, "state_text", request_message(request, arena_printf(request->arena, "query.state_%s", state), NULL));
  view_text(item, "origin_text", request_message(request, arena_printf(request->arena, "query.origin_%s", origin), NULL));
  view_text(item, "person", query->person);
  view_text(item, "when", locale_time(query->changed_ms, LOCALE_DATE_TIME, request->language, request->arena));
}

static void tabs_view(struct request *request, struct view *view, const struct queries_filter *filter,
                      const int counts[QUERY_STATES]) {
  view_list(view, "tabs");
  for (int state = 0; state < QUERY_STATES; state++) {
    struct view *item = view_item(view, "tabs");
    const char *key = arena_printf(request->arena, "queries.tab_%s", query_state_name((enum query_state)state));
    view_text(item, "link", list_link(request, filter, state, 0));
    view_text(item, "name", request_message(request, key, NULL));
    view_int(item, "number", counts[state]);
    view_bool(item, "current", state == filter->stored.state);
  }
}

static void option_view(struct view *view, const char *list, const char *code, const char *text, bool chosen) {
  struct view *item = view_item(view, list);
  view_text(item, "code", code);
  view_text(item, "option_text", text);
  view_bool(item, "chosen", chosen);
}

static bool choices_view(struct request *request, struct view *view, const struct queries_filter *filter,
                         struct err *err) {
  static const int ages[] = {0, 3, 7, 14, 30};
  const struct field_questionnaire *forms = NULL;
  const struct stored_query_filter *stored = &filter->stored;
  struct db *db = request_db(request);
  size_t count = 0;
  if (filter->round != NULL) count = field_questionnaires(db, request->actor, stored->round, request->arena, &forms, err);
  const char *any = request_message(request, "queries.any", NULL);
  view_list(view, "forms");
  option_view(view, "forms", "", request_message(request, "queries.any_form", NULL), stored->questionnaire[0] == '\0');
  for (size_t i = 0; i < count; i++)
    option_view(view, "forms", forms[i].id, forms[i].form->title.in[form_language(forms[i].form, request->language)],
                strcmp(forms[i].id, stored->questionnaire) == 0);
  view_list(view, "origins");
  option_view(view, "origins", "", any, stored->origin < 0);
  for (int i = 0; i < QUERY_ORIGINS; i++) {
    const char *name = query_origin_name((enum query_origin)i);
    const char *text = request_message(request, arena_printf(request->arena, "query.origin_%s", name), NULL);
    option_view(view, "origins", name, text, stored->origin == i);
  }
  view_list(view, "ages");
  for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
    struct view *words = view_new(request->arena);
    view_int(words, "days", ages[i]);
    option_view(view, "ages", arena_printf(request->arena, "%d", ages[i]),
                request_message(request, ages[i] == 0 ? "queries.any_time" : "queries.older", words), filter->days == ages[i]);
  }
  return err->code == ERR_NONE;
}

/* What the button before the page has done. */
static void said_view(struct request *request, struct view *view, const struct queries_filter *filter) {
  struct view *words = view_new(request->arena);
  const char *done = request_query(request, "done"), *late = request_query(request, "late");
  const char *added = request_query(request, "added");
  view_int(words, "count", strtol(done[0] != '\0' ? done : added, NULL, 10));
  view_text(view, "said", done[0] != '\0'    ? request_message(request, "queries.done", words)
                          : added[0] != '\0' ? request_message(request, "queries.added", words)
                                             : "");
  view_int(words, "count", strtol(late, NULL, 10));
  view_text(view, "warned", late[0] != '\0' && strcmp(late, "0") != 0 ? request_message(request, "queries.late", words) : "");
  view_text(view, "find", filter->stored.find);
  view_text(view, "question", filter->stored.question);
  view_int(view, "institution_id", filter->stored.institution);
}

/* Where there is most to do: what was answered, suggested, asked; else all that is open, though there is none. */
static int first_state(const int counts[QUERY_STATES]) {
  static const enum query_state order[] = {QUERY_ANSWERED, QUERY_SUGGESTED, QUERY_OPEN, QUERY_CLOSED};
  for (size_t i = 0; i < sizeof order / sizeof *order; i++)
    if (counts[order[i]] > 0) return (int)order[i];
  return QUERY_OPEN;
}

void page_queries(struct request *request) {
  struct err err = {0};
  struct queries_filter filter;
  const struct query_line *lines = NULL;
  int counts[QUERY_STATES];
  size_t count = 0;
  struct db *db = request_db(request);
  struct view *view = view_new(request->arena);
  bool ok = queries_read_filter(request, db, &filter, &err);
  filter.stored.limit = PAGE_ROWS;
  if (ok) count = query_page(db, request->actor, &filter.stored, request->arena, &lines, counts, &err);
  if (err.code == ERR_NONE && filter.stored.state < 0) {
    filter.stored.state = first_state(counts);
    count = query_page(db, request->actor, &filter.stored, request->arena, &lines, counts, &err);
  }
  page_frame(request, view, "queries.heading");
  if (err.code == ERR_NONE) choices_view(request, view, &filter, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  int state = filter.stored.state, offset = filter.stored.offset, back = offset > PAGE_ROWS ? offset - PAGE_ROWS : 0;
  if (count == 0 && offset > 0) { /* an old address of a list that was longer */
    reply_redirect(request, list_link(request, &filter, state, 0));
    return;
  }
  tabs_view(request, view, &filter, counts);
  said_view(request, view, &filter);
  view_text(view, "round_id", filter.stored.round);
  view_text(view, "round_name", filter.round == NULL ? "" : filter.round->title);
  view_text(view, "state", query_state_name((enum query_state)state));
  view_bool(view, "suggestions", state == QUERY_SUGGESTED);
  view_bool(view, "endable", state < QUERY_CLOSED);
  view_text(view, "back", strchr(list_link(request, &filter, state, offset), '?') + 1);
  view_int(view, "total", counts[state]);
  view_bool(view, "has_rows", count > 0);
  view_list(view, "rows");
  for (size_t i = 0; i < count; i++) line_view(request, view_item(view, "rows"), &lines[i]);
  view_text(view, "newer", offset > 0 ? list_link(request, &filter, state, back) : "");
  view_text(view, "older", offset + (int)count < counts[state] ? list_link(request, &filter, state, offset + PAGE_ROWS) : "");
  reply_page(request, 200, "queries", view);
}

/* --- closing several --- */

struct closing {
  struct query_choice *choices;
  size_t count;
  int done, late;
};

static bool run_close(struct db *db, struct request *request, void *context, struct err *err) {
  struct closing *closing = context;
  return query_close_several(db, request->actor, closing->choices, closing->count, &closing->done, &closing->late, err);
}

static void closed(struct request *request, void *context, const struct err *err) {
  const struct closing *closing = context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else reply_redirect(request, arena_printf(request->arena, "/queries?%s&done=%d&late=%d", request_field(request, "back"),
                                            closing->done, closing->late));
}

void page_queries_close(struct request *request) {
  struct closing *closing = arena_alloc(request->arena, sizeof *closing);
  closing->choices = arena_array(request->arena, PICKED_MAX, sizeof *closing->choices);
  for (size_t i = 0; i < request->field_count && closing->count < PICKED_MAX; i++) {
    const struct field *field = &request->fields[i];
    const char *colon = strchr(field->value, ':');
    if (strcmp(field->name, "pick") != 0) continue;
    closing->choices[closing->count++] =
        (struct query_choice){strtoll(field->value, NULL, 10), colon != NULL ? (int)strtol(colon + 1, NULL, 10) : -1};
  }
  request_write(request, run_close, closed, closing);
}
