#include <stdlib.h>
#include <string.h>

#include "web/pages/pages.h"
#include "web/query_view.h"

/* --- all that is asked about a response --- */

static const char *response_link(struct request *request, const struct work *work) {
  return arena_printf(request->arena, "/r/%lld", (long long)work->item.response);
}

static void show_response(struct request *request, int status, const struct query_refusal *refusal) {
  struct err err = {0};
  struct view *view = view_new(request->arena);
  const struct work *work = open_response(request);
  if (work == NULL) return;
  page_frame(request, view, "query.heading");
  view_text(view, "whose", request->actor->role == ROLE_CONTACT ? "" : work->institution_name);
  view_text(view, "form_title", work->item.form->title.in[form_language(work->item.form, request->language)]);
  view_text(view, "form_link", response_link(request, work));
  view_text(view, "said", refusal == NULL ? talk_said(request) : "");
  view_text(view, "wrong", refusal == NULL ? "" : refusal->wrong);
  if (query_list_view(request, view, work, "", "", "list", refusal, &err)) reply_page(request, status, "response_queries", view);
  else reply_error(request, &err);
}

void page_response_queries(struct request *request) { show_response(request, 200, NULL); }

/* --- one change --- */

enum query_action { ACT_ASK, ACT_SEND, ACT_DISMISS, ACT_ANSWER, ACT_REPLY, ACT_CLOSE, ACT_NONE };

/* What the pressed button is called, and what is said when it is done. */
static const struct {
  const char *name, *said;
} actions[] = {
    [ACT_ASK] = {"ask", "query"},           [ACT_SEND] = {"send:", "query_send"},
    [ACT_DISMISS] = {"dismiss:", "query_dismiss"}, [ACT_ANSWER] = {"answer:", "query_answer"},
    [ACT_REPLY] = {"reply:", "query_reply"}, [ACT_CLOSE] = {"close:", "query_close"},
};

struct query_change {
  int64_t response, id;
  enum query_action action;
  const char *question, *row, *text, *reason;
  int seen;
  bool from_list;
};

static const char *field_of(struct request *request, const char *name, int64_t id) {
  return request_field(request, arena_printf(request->arena, "%s:%lld", name, (long long)id));
}

static struct query_change *read_change(struct request *request) {
  struct query_change *change = arena_alloc(request->arena, sizeof *change);
  const char *pressed = request_field(request, "do"), *colon = strchr(pressed, ':');
  size_t len = colon != NULL ? (size_t)(colon - pressed) + 1 : strlen(pressed);
  while (change->action < ACT_NONE && (strlen(actions[change->action].name) != len ||
                                       strncmp(actions[change->action].name, pressed, len) != 0)) change->action++;
  change->response = strtoll(request->params[0], NULL, 10);
  change->id = colon != NULL ? strtoll(colon + 1, NULL, 10) : 0;
  change->question = request_field(request, "question");
  change->row = request_field(request, "row");
  change->text = change->action == ACT_ASK ? request_field(request, "text") : field_of(request, "text", change->id);
  change->reason = field_of(request, "reason", change->id);
  const char *seen = field_of(request, "seen", change->id);
  change->seen = seen[0] == '\0' ? -1 : (int)strtol(seen, NULL, 10);
  change->from_list = strcmp(request_field(request, "from"), "question") != 0;
  return change;
}

static bool run_change(struct db *db, struct request *request, void *context, struct err *err) {
  const struct query_change *change = context;
  const struct actor *actor = request->actor;
  int64_t response = change->response, id = change->id;
  if (!question_fits_address(change->question) || !question_fits_address(change->row))
    return err_set(err, ERR_NOT_FOUND, "there is no such place");
  switch (change->action) {
    case ACT_ASK: return query_ask(db, actor, response, change->question, change->row, change->text, err);
    case ACT_SEND: return query_send(db, actor, response, id, change->text, err);
    case ACT_DISMISS: return query_dismiss(db, actor, response, id, change->reason, err);
    case ACT_ANSWER: return query_answer(db, actor, response, id, change->text, err);
    case ACT_REPLY: return query_reply(db, actor, response, id, change->text, err);
    case ACT_CLOSE: return query_close(db, actor, response, id, change->seen, err);
    case ACT_NONE: break;
  }
  return err_set(err, ERR_INPUT, "there is no such button");
}

static bool is_blank(const char *text) { return text[strspn(text, " \t\r\n")] == '\0'; }

/* What went wrong, in words that stand beside what was typed; NULL when there is a page of its own for that. */
static const char *wrong_words(struct request *request, const struct query_change *change, const struct err *err, int *status) {
  const char *key = NULL;
  bool typed = !is_blank(change->text);
  *status = 409;
  switch (err->code) {
    case ERR_INPUT: *status = 400, key = typed || change->action == ACT_DISMISS ? "query.too_long" : "query.empty"; break;
    case ERR_LOCKED: key = "query.late"; break;
    case ERR_CONFLICT: key = "query.answered_meanwhile"; break;
    case ERR_NOT_FOUND: key = change->action == ACT_SEND && typed ? "query.withdrawn" : NULL; break;
    case ERR_FULL: *status = 507, key = "error.full.text"; break;
    case ERR_SYSTEM: *status = 500, key = "error.system.text"; break;
    default: break;
  }
  return key == NULL || change->action == ACT_NONE ? NULL : request_message(request, key, NULL);
}

static void changed(struct request *request, void *context, const struct err *err) {
  const struct query_change *change = context;
  int status;
  if (err->code == ERR_NONE) {
    const char *row = change->row, *said = actions[change->action].said;
    long long response = change->response;
    if (change->from_list)
      reply_redirect(request, arena_printf(request->arena, "/r/%lld/queries?said=%s#query-%lld", response, said, (long long)change->id));
    else
      reply_redirect(request, arena_printf(request->arena, "/r/%lld/h/%s?%s%s%ssaid=%s#queries", response, change->question,
                                           row[0] != '\0' ? "row=" : "", row, row[0] != '\0' ? "&" : "", said));
    return;
  }
  const struct query_refusal refusal = {.id = change->id, .text = change->text, .reason = change->reason,
                                        .wrong = wrong_words(request, change, err, &status)};
  if (refusal.wrong == NULL) reply_error(request, err);
  else if (change->from_list) show_response(request, status, &refusal);
  else question_show_refusal(request, change->question, change->row, status, &refusal);
}

void page_query_change(struct request *request) { request_write(request, run_change, changed, read_change(request)); }


