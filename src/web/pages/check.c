#include <stdlib.h>
#include <string.h>

#include "survey/next.h"
#include "web/pages/pages.h"
#include "web/prior_view.h"
#include "web/steer_view.h"

struct check_page {
  struct request *request;
  const struct work *work;
  const struct form *form;
  const char *base;
  int language;
  int choices, errors, warnings; /* warnings: unconfirmed ones */
  int flagged;
  int unusual;
  const char *first_link;
  const char *refused; /* "CHECK:ROW" of a confirmation that was posted without a comment, NULL */
};

/* A link to the field; a row of a roster is opened by its query. */
static const char *link_to(struct check_page *page, int question, int row) {
  int roster = page->form->questions[question].roster;
  const char *row_id = row < 0 ? "" : response_row(page->work->response, roster, row)->id;
  return section_field_link(page->request->arena, page->base, page->form, question, row_id);
}

static void question_line(struct check_page *page, struct view *item, int question, int row) {
  const struct form_question *q = &page->form->questions[question];
  view_text(item, "number", q->number);
  view_text(item, "text", q->text.in[page->language]);
  view_text(item, "row_label", row < 0 ? "" : response_row(page->work->response, q->roster, row)->label);
  view_text(item, "row", row < 0 ? "" : response_row(page->work->response, q->roster, row)->id);
  view_text(item, "link", link_to(page, question, row));
  view_text(item, "answer", answer_text(page->request, page->work, question, row));
}

static void roster_line(struct check_page *page, struct view *item, int container) {
  const struct form_container *roster = &page->form->containers[container];
  view_text(item, "number", "");
  view_text(item, "text", roster->text.in[page->language]);
  view_text(item, "row_label", "");
  view_text(item, "row", "");
  view_text(item, "answer", "");
  view_text(item, "link", arena_printf(page->request->arena, "%s/s/%s#roster-%s", page->base,
                                       page->form->sections[roster->section].id, roster->id));
}

static const char *message_of(struct check_page *page, const struct violation *violation) {
  struct buf text = {0};
  state_message(page->work->state, violation, page->language, &text);
  const char *copy = arena_copy_len(page->request->arena, buf_text(&text), text.len);
  buf_free(&text);
  return copy;
}

static void confirmation_view(struct check_page *page, struct view *item, const struct violation *violation,
                              const char *row) {
  struct arena *arena = page->request->arena;
  const char *key = violation->check == NULL ? "" : violation->check->key;
  const char *name = arena_printf(arena, "%s:%s", key, row);
  bool confirmed = work_confirmed(page->work, violation);
  view_text(item, "check_key", key);
  view_bool(item, "confirmed", confirmed);
  view_text(item, "comment", "");
  view_text(item, "typed_comment", request_field(page->request, arena_printf(arena, "comment:%s", name)));
  view_bool(item, "comment_missing", page->refused != NULL && strcmp(page->refused, name) == 0);
  if (!confirmed) page->warnings++;
  for (size_t i = 0; i < page->work->confirmation_count; i++) {
    const struct work_confirmation *confirmation = &page->work->confirmations[i];
    if (strcmp(confirmation->check_key, key) == 0 && strcmp(confirmation->row, row) == 0)
      view_text(item, confirmed ? "comment" : "typed_comment", confirmation->comment);
  }
}

static void violation_view(struct check_page *page, struct view *view, const struct violation *violation) {
  bool error = violation->severity == SEVERITY_ERROR;
  struct view *item = view_item(view, error ? "errors" : "warnings");
  if (violation->question < 0) roster_line(page, item, violation->container);
  else question_line(page, item, violation->question, violation->row);
  view_text(item, "message", message_of(page, violation));
  if (error && violation->question >= 0 && page->first_link == NULL)
    page->first_link = link_to(page, violation->question, violation->row);
  if (error) {
    page->errors++;
    return;
  }
  const char *row = violation->row < 0
                        ? ""
                        : response_row(page->work->response, page->form->questions[violation->question].roster, violation->row)->id;
  confirmation_view(page, item, violation, row);
}

static void choice_view(struct check_page *page, struct view *view, int question, int row) {
  const struct work *work = page->work;
  const struct work_rival *rival = work_rivals(work, question, row);
  if (rival == NULL || !work_asks(work, rival)) return;
  const char *section = page->form->sections[page->form->questions[question].section].id;
  struct view *item = view_item(view, "choices");
  question_line(page, item, question, row);
  view_text(item, "key", section_key(page->form, work->response, question, row, page->request->arena));
  view_text(item, "action", arena_printf(page->request->arena, "%s/s/%s", page->base, section));
  view_int(item, "seen", work_mark(work, question, row)->version);
  view_bool(item, "locked", !work->editable);
  section_rivals_view(page->request, item, work, question, row);
  if (page->first_link == NULL) page->first_link = link_to(page, question, row);
  page->choices++;
}

/* Questions with different answers come first: nobody can say yet what would be submitted. */
static void choices_view(struct check_page *page, struct view *view) {
  view_list(view, "choices");
  for (int i = 0; i < page->form->question_count && page->work->rivals != NULL; i++) {
    int roster = page->form->questions[i].roster;
    if (roster < 0) choice_view(page, view, i, -1);
    for (int row = 0; roster >= 0 && row < response_row_count(page->work->response, roster); row++)
      choice_view(page, view, i, row);
  }
}

/* The engine goes question by question; a person goes row by row. */
static int by_row(const void *a, const void *b, void *context) {
  const struct missing *left = a, *right = b;
  const struct check_page *page = context;
  return next_compare(page->form, (struct next_place){left->question, left->row},
                      (struct next_place){right->question, right->row});
}

static void missing_view(struct check_page *page, struct view *view) {
  const struct state *state = page->work->state;
  struct missing *sorted = arena_array(page->request->arena, state->missing_count, sizeof *sorted);
  struct view *group = NULL;
  int section = -1;
  if (state->missing_count > 0) memcpy(sorted, state->missing, state->missing_count * sizeof *sorted);
  qsort_r(sorted, state->missing_count, sizeof *sorted, by_row, page);
  view_list(view, "missing_groups");
  for (size_t i = 0; i < state->missing_count; i++) {
    int its_section = page->form->questions[sorted[i].question].section;
    if (its_section != section) {
      section = its_section;
      group = view_item(view, "missing_groups");
      view_text(group, "section_title", page->form->sections[section].title.in[page->language]);
      view_list(group, "missing");
    }
    question_line(page, view_item(group, "missing"), sorted[i].question, sorted[i].row);
    if (page->first_link == NULL) page->first_link = link_to(page, sorted[i].question, sorted[i].row);
  }
}

/* What colleagues still want to have looked at; it does not stand in the way. */
static void flagged_line(struct check_page *page, struct view *view, int question, int row) {
  if (!work_talk(page->work, question, row)->flagged || !state_relevant(page->work->state, question, row)) return;
  const struct form_question *q = &page->form->questions[question];
  const char *query =
      row < 0 ? "" : arena_printf(page->request->arena, "?row=%s", response_row(page->work->response, q->roster, row)->id);
  struct view *item = view_item(view, "flagged");
  question_line(page, item, question, row);
  view_text(item, "link", arena_printf(page->request->arena, "%s/h/%s%s", page->base, q->id, query));
  page->flagged++;
}

static void flagged_view(struct check_page *page, struct view *view) {
  view_list(view, "flagged");
  for (int i = 0; i < page->form->question_count; i++) {
    int roster = page->form->questions[i].roster;
    if (roster < 0) flagged_line(page, view, i, -1);
    for (int row = 0; roster >= 0 && row < response_row_count(page->work->response, roster); row++)
      flagged_line(page, view, i, row);
  }
}

static void unusual_line(struct check_page *page, struct view *view, const struct prior *prior, int question, int row) {
  struct prior_mark mark = prior_compare(prior, question, row);
  if (mark.change == PRIOR_USUAL) return;
  page->unusual++;
  struct view *item = view_item(view, "unusual");
  struct buf before = {0};
  prior_show(prior, question, row, page->request->language, &before);
  question_line(page, item, question, row);
  view_text(item, "prior_answer", arena_copy(page->request->arena, buf_text(&before)));
  view_text(item, "period", prior_period(page->request, page->work, prior));
  view_text(item, "prior_mark", prior_mark_text(page->request, &mark));
  buf_free(&before);
}

/* What differs strikingly from last round; row by row in rosters. Stands in nobody's way. */
static bool unusual_view(struct check_page *page, struct view *view, struct err *err) {
  const struct prior *prior =
      prior_load(request_db(page->request), page->request->actor, page->work, page->request->arena, err);
  view_list(view, "unusual");
  for (int i = 0; prior != NULL && i < page->form->question_count;) {
    int roster = page->form->questions[i].roster;
    if (roster < 0) {
      unusual_line(page, view, prior, i++, -1);
      continue;
    }
    const struct form_container *container = &page->form->containers[page->form->rosters[roster]];
    for (int row = 0; row < response_row_count(page->work->response, roster); row++)
      for (int q = i; q < container->first + container->count; q++) unusual_line(page, view, prior, q, row);
    i = container->first + container->count;
  }
  return err->code == ERR_NONE;
}

/* key: the message of what went wrong with the page as a whole, NULL. */
static void show_check(struct request *request, int status, const char *key, const struct work *work, const char *refused) {
  struct check_page page = {
      .request = request,
      .work = work,
      .form = work->item.form,
      .base = arena_printf(request->arena, "/r/%lld", (long long)work->item.response),
      .language = form_language(work->item.form, request->language),
      .refused = refused,
  };
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.check");
  view_text(view, "page_error",
            key == NULL ? "" : request_message(request, key, NULL));
  choices_view(&page, view);
  view_list(view, "errors");
  view_list(view, "warnings");
  for (size_t i = 0; i < work->state->violation_count; i++) violation_view(&page, view, &work->state->violations[i]);
  bool has_warnings = work->state->violation_count > (size_t)page.errors;
  missing_view(&page, view);
  flagged_view(&page, view);
  struct err err = {0};
  if (!unusual_view(&page, view, &err)) {
    reply_error(request, &err);
    return;
  }
  view_bool(view, "has_unusual", page.unusual > 0);
  bool ready = page.choices == 0 && page.errors == 0 && page.warnings == 0 && work->state->missing_count == 0;
  view_text(view, "form_title", page.form->title.in[page.language]);
  view_int(view, "response", work->item.response);
  view_int(view, "revision", work->item.revision);
  view_bool(view, "editable", work->editable);
  view_text(view, "locked_text", !work->item.locked || work->item.status == RESPONSE_SUBMITTED ? ""
                                  : request_message(request, "section.read_closed", NULL));
  steer_banner_view(request, view, work);
  view_text(view, "whose", request->actor->role == ROLE_CONTACT ? "" : work->institution_name);
  view_bool(view, "ready", ready);
  view_bool(view, "has_choices", page.choices > 0);
  view_int(view, "choice_count", page.choices);
  view_bool(view, "submits", work_may_submit(request->actor, work));
  view_text(view, "responsible", work->item.responsible_name);
  view_bool(view, "has_errors", page.errors > 0);
  view_bool(view, "has_flagged", page.flagged > 0);
  view_int(view, "open_queries", work->queries[QUERY_OPEN]);
  view_bool(view, "has_warnings", has_warnings);
  view_bool(view, "has_missing", work->state->missing_count > 0);
  view_int(view, "error_count", page.errors);
  view_int(view, "warning_count", page.warnings);
  view_int(view, "missing_count", (int64_t)work->state->missing_count);
  view_bool(view, "changed_since", request_query(request, "changed")[0] != '\0');
  view_text(view, "first_link", page.first_link);
  view_list(view, "answer_sections");
  if (ready) answers_view(request, view, work);
  reply_page(request, status, "check", view);
}

void page_check(struct request *request) {
  struct work *work = open_response(request);
  if (work == NULL) return;
  if (work->item.status == RESPONSE_SUBMITTED || work->item.status == RESPONSE_PARTIAL)
    reply_redirect(request, arena_printf(request->arena, "/r/%lld/receipt", (long long)work->item.response));
  else show_check(request, 200, NULL, work, NULL);
}

/* --- confirming and submitting --- */

struct decision {
  int64_t response, revision;
  const char *pressed; /* "CHECK:ROW" of the pressed button */
};

static struct decision *read_decision(struct request *request) {
  struct decision *decision = arena_alloc(request->arena, sizeof *decision);
  decision->response = strtoll(request->params[0], NULL, 10);
  decision->revision = strtoll(request_field(request, "revision"), NULL, 10);
  decision->pressed = request_field(request, "do");
  return decision;
}

static bool blank(const char *text) { return text[strspn(text, " \t\r\n")] == '\0'; }

static const char *comment_of(struct request *request, const char *name) {
  return request_field(request, arena_printf(request->arena, "comment:%s", name));
}

static bool confirm_one(struct db *db, struct request *request, int64_t response, const char *name, const char *comment,
                        struct err *err) {
  const char *colon = strchr(name, ':');
  if (colon == NULL) return err_set(err, ERR_INPUT, "no check %s", name);
  const char *check = arena_copy_len(request->arena, name, (size_t)(colon - name));
  return work_confirm(db, request->actor, response, check, colon + 1, comment, err);
}

/* Every explanation on the page counts, whichever button was pressed: nothing that was typed is lost. */
static bool run_confirm(struct db *db, struct request *request, void *context, struct err *err) {
  struct decision *decision = context;
  for (size_t i = 0; i < request->field_count; i++) {
    const struct field *field = &request->fields[i];
    if (strcmp(field->name, "check") != 0 || blank(comment_of(request, field->value))) continue;
    if (!confirm_one(db, request, decision->response, field->value, comment_of(request, field->value), err)) return false;
  }
  return true;
}

static void confirmed(struct request *request, void *context, const struct err *err) {
  struct decision *decision = context;
  const char *colon = strchr(decision->pressed, ':');
  int check_len = colon == NULL ? 0 : (int)(colon - decision->pressed);
  bool keeps_page = err->code == ERR_FULL || err->code == ERR_SYSTEM || err->code == ERR_INPUT;
  struct work *work = keeps_page ? open_response(request) : NULL;
  if (keeps_page && work == NULL) return;
  if (work != NULL) {
    const char *key = err->code == ERR_FULL ? "error.full.text" : err->code == ERR_INPUT ? "check.comment_refused" : "error.system.text";
    show_check(request, err->code == ERR_FULL ? 507 : err->code == ERR_INPUT ? 400 : 500, key, work, NULL);
  } else if (err->code != ERR_NONE && err->code != ERR_CONFLICT) reply_error(request, err);
  else reply_redirect(request, arena_printf(request->arena, "/r/%lld/check#w-%.*s-%s", (long long)decision->response, check_len,
                                            decision->pressed, colon == NULL ? "" : colon + 1));
}

void page_confirm(struct request *request) {
  if (!steer_may_post(request)) return;
  struct decision *decision = read_decision(request);
  if (!blank(comment_of(request, decision->pressed))) {
    request_write(request, run_confirm, confirmed, decision);
    return;
  }
  struct work *work = open_response(request);
  if (work != NULL) show_check(request, 400, NULL, work, decision->pressed);
}

static bool run_submit(struct db *db, struct request *request, void *context, struct err *err) {
  struct decision *decision = context;
  return work_submit(db, request->actor, decision->response, decision->revision, err);
}

static void submitted(struct request *request, void *context, const struct err *err) {
  struct decision *decision = context;
  long long id = decision->response;
  switch (err->code) {
    case ERR_NONE: reply_redirect(request, arena_printf(request->arena, "/r/%lld/receipt", id)); break;
    case ERR_LOCKED: reply_redirect(request, arena_printf(request->arena, "/r/%lld/receipt", id)); break; /* which leads on */
    case ERR_CONFLICT: reply_redirect(request, arena_printf(request->arena, "/r/%lld/check?changed=1", id)); break;
    case ERR_INPUT: reply_redirect(request, arena_printf(request->arena, "/r/%lld/check", id)); break;
    case ERR_DENIED: {
      struct work *work = open_response(request);
      if (work != NULL) show_check(request, 403, NULL, work, NULL); /* says who submits */
      break;
    }
    default: reply_error(request, err); break;
  }
}

void page_submit(struct request *request) {
  if (steer_may_post(request)) request_write(request, run_submit, submitted, read_decision(request));
}
