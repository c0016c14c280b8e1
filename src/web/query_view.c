#include "web/query_view.h"

#include "web/locale.h"
#include "web/section_view.h"

int query_mark_state(const struct actor *actor, const struct work *work, const struct work_talk *talk) {
  static const enum query_state asker[] = {QUERY_ANSWERED, QUERY_OPEN, QUERY_SUGGESTED, QUERY_CLOSED};
  static const enum query_state asked[] = {QUERY_OPEN, QUERY_ANSWERED, QUERY_CLOSED, QUERY_CLOSED};
  const enum query_state *order = query_may_ask(actor, work) ? asker : asked;
  for (size_t i = 0; i < sizeof asker / sizeof *asker; i++)
    if (talk->queries[order[i]] > 0) return (int)order[i];
  return -1;
}

const char *query_mark_text(struct request *request, const struct work *work, int state) {
  if (state < 0) return query_may_ask(request->actor, work) ? request_message(request, "query.ask_mark", NULL) : "";
  const char *name = query_state_name((enum query_state)state);
  return request_message(request, arena_printf(request->arena, "query.mark_%s", name), NULL);
}

static const char *place_text(struct request *request, const struct form *form, int question, const char *row_label) {
  const struct form_question *q = &form->questions[question];
  const char *text = q->text.in[form_language(form, request->language)];
  return arena_printf(request->arena, "%s%s%s", text, row_label[0] != '\0' ? " · " : "", row_label);
}

static const char *moment(struct request *request, int64_t ms) {
  return ms == 0 ? "" : locale_time(ms, LOCALE_DATE_TIME, request->language, request->arena);
}

/* Where it stands, and why its place may not be on the form. */
static void place_view(struct request *request, struct view *item, const struct work *work, const struct query *query) {
  const struct form *form = work->item.form;
  bool gone = query->question_index < 0 || query->row_index == -2;
  const char *base = arena_printf(request->arena, "/r/%lld", (long long)work->item.response);
  const char *missing = gone ? "query.place_gone" : "query.place_hidden";
  int index = query->question_index;
  view_text(item, "number", index < 0 ? query->question : form->questions[index].number);
  view_text(item, "place", index < 0 ? "" : place_text(request, form, index, query->row_label));
  view_text(item, "place_link", gone ? "" : section_field_link(request->arena, base, form, index, query->row));
  view_text(item, "place_note", query->applies ? "" : request_message(request, missing, NULL));
}

static void change_view(struct request *request, struct view *item, const struct query *query) {
  struct view *words = view_new(request->arena);
  const char *nothing = request_message(request, "query.nothing", NULL);
  view_text(words, "was", query->was[0] != '\0' ? query->was : nothing);
  view_text(words, "now", query->now[0] != '\0' ? query->now : nothing);
  view_text(item, "change", query->corrected ? request_message(request, "query.change", words) : "");
}

static void said_view(struct request *request, struct view *item, const struct query *query) {
  view_list(item, "said");
  for (size_t i = 0; i < query->said_count; i++) {
    struct view *line = view_item(item, "said");
    view_text(line, "who", query->said[i].person);
    view_text(line, "when", moment(request, query->said[i].created_ms));
    view_text(line, "said_text", query->said[i].text);
    view_bool(line, "staff", query->said[i].staff);
  }
}

/* What can be done with it now. */
static void forms_view(struct view *item, const struct query *query, bool asks, bool answers) {
  bool waits = query->state == QUERY_OPEN || query->state == QUERY_ANSWERED;
  view_bool(item, "suggested", asks && query->state == QUERY_SUGGESTED);
  view_bool(item, "replies", asks && waits);
  view_bool(item, "reopens", asks && query->state == QUERY_CLOSED);
  view_bool(item, "answers", answers && waits);
  view_bool(item, "has_form", (asks && query->state != QUERY_DISMISSED) || (answers && waits));
}

static void query_view(struct request *request, struct view *item, const struct work *work, const struct query *query,
                       const struct query_refusal *refusal) {
  const char *state = query_state_name(query->state), *origin = query_origin_name(query->origin);
  bool refused = refusal != NULL && refusal->id == query->id;
  view_int(item, "query_id", query->id);
  view_text(item, "state", state);
  view_text(item, "state_text", request_message(request, arena_printf(request->arena, "query.state_%s", state), NULL));
  const char *reason = request_message(request, arena_printf(request->arena, "query.origin_%s", origin), NULL);
  view_text(item, "origin_text", query->origin == QUERY_BY_PERSON ? "" : reason);
  view_text(item, "who", query->person);
  view_text(item, "when", moment(request, query->created_ms));
  view_text(item, "query_text", query->text);
  view_text(item, "closed_by", query->closed_by);
  view_text(item, "closed", moment(request, query->closed_ms));
  view_int(item, "messages", (int64_t)query->said_count);
  view_text(item, "refused", refused ? refusal->wrong : "");
  view_text(item, "typed", refused ? refusal->text : query->state == QUERY_SUGGESTED ? query->text : "");
  view_text(item, "typed_reason", refused ? refusal->reason : "");
  place_view(request, item, work, query);
  change_view(request, item, query);
  said_view(request, item, query);
}

/* A refusal of a query that is not there any more stands in the form of a new one, so that what was typed is not lost. */
static bool is_listed(const struct query *list, size_t count, const struct query_refusal *refusal) {
  for (size_t i = 0; refusal != NULL && i < count; i++)
    if (list[i].id == refusal->id) return true;
  return false;
}

/* Of a whole response what waits comes first, then what was answered, then the rest. */
static int rank(const struct query *query) {
  if (query->state == QUERY_OPEN || query->state == QUERY_SUGGESTED) return 0;
  return query->state == QUERY_ANSWERED ? 1 : 2;
}

bool query_list_view(struct request *request, struct view *view, const struct work *work, const char *question,
                     const char *row, const char *from, const struct query_refusal *refusal, struct err *err) {
  const struct query *list;
  struct err own = {0};
  size_t count = query_list(request_db(request), request->actor, work, question, row, request->arena, &list, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  bool asks = query_may_ask(request->actor, work), answers = query_may_answer(request->actor, work);
  bool fresh = refusal != NULL && !is_listed(list, count, refusal);
  view_list(view, "query_list");
  bool places = question[0] == '\0';
  for (int pass = 0; pass < (places ? 3 : 1); pass++) {
    for (size_t i = 0; i < count; i++) {
      if (places && rank(&list[i]) != pass) continue;
      struct view *item = view_item(view, "query_list");
      query_view(request, item, work, &list[i], refusal);
      forms_view(item, &list[i], asks, answers);
    }
  }
  view_int(view, "queries", (int64_t)count);
  view_bool(view, "asks", asks);
  view_text(view, "queries_action", arena_printf(request->arena, "/r/%lld/queries", (long long)work->item.response));
  view_text(view, "from", from);
  view_bool(view, "places", places);
  view_text(view, "question", question);
  view_text(view, "query_row", row);
  view_text(view, "ask_typed", fresh ? refusal->text : "");
  view_text(view, "ask_refused", fresh ? refusal->wrong : "");
  view_bool(view, "frozen", work->item.locked);
  view_text(view, "reopen_link",
            arena_printf(request->arena, "/field/i/%lld?round=%s", (long long)work->institution, work->item.round));
  return true;
}
