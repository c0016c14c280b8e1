#include "survey/find.h"

#include <string.h>

#include "base/utf8.h"
#include "survey/next.h"
#include "web/pages/pages.h"
#include "web/section_view.h"

#define RESULTS_SHOWN 50

struct find_page {
  struct request *request;
  const struct work *work;
  const struct form *form;
  const char *base;
  int language;
  struct find_query query;
};

/* Of one line, without white space around it; control characters are spaces. */
static const char *read_query(struct request *request) {
  char *text = arena_copy(request->arena, request_query(request, "q"));
  for (char *c = text; *c != '\0'; c++) {
    if ((unsigned char)*c < ' ' || *c == 0x7F) *c = ' ';
  }
  text += strspn(text, " ");
  size_t len = strlen(text);
  while (len > 0 && text[len - 1] == ' ') text[--len] = '\0';
  return text;
}

/* {piece, marked} items. */
static void pieces_view(const struct find_page *page, struct view *item, const char *list, const char *text) {
  const struct find_piece *pieces;
  size_t count = find_pieces(text, &page->query, page->request->arena, &pieces);
  view_list(item, list);
  for (size_t i = 0; i < count; i++) {
    struct view *piece = view_item(item, list);
    view_text(piece, "piece", pieces[i].text);
    view_bool(piece, "marked", pieces[i].marked);
  }
}

/* The rows of a roster in which the question is asked, the answered ones of them, and the first. */
struct rows {
  int asked, answered, first;
};

static struct rows count_rows(const struct find_page *page, int question) {
  struct rows rows = {.first = -1};
  int count = response_row_count(page->work->response, page->form->questions[question].roster);
  for (int row = 0; row < count; row++) {
    if (!state_relevant(page->work->state, question, row)) continue;
    if (rows.first < 0) rows.first = row;
    rows.asked++;
    rows.answered += answer_text(page->request, page->work, question, row)[0] != '\0';
  }
  return rows;
}

static const char *message(const struct find_page *page, const char *key, const struct view *view) {
  struct request *request = page->request;
  return request_message(request, key, view);
}

/* A question of a roster is asked once for each row: the first one is where the link leads, or the roster while it has
 * none. */
static void in_roster_view(const struct find_page *page, struct view *item, int question) {
  struct arena *arena = page->request->arena;
  const struct form_question *q = &page->form->questions[question];
  int index = page->form->rosters[q->roster];
  struct rows rows = count_rows(page, question);
  bool empty = response_row_count(page->work->response, q->roster) == 0 && state_container_relevant(page->work->state, index);
  const char *roster = arena_printf(arena, "%s/s/%s#roster-%s", page->base, page->form->sections[q->section].id,
                                    page->form->containers[index].id);
  view_bool(item, "unanswered", rows.answered == 0);
  view_int(item, "answered", rows.answered);
  view_int(item, "rows", rows.asked);
  view_bool(item, "asked", rows.asked > 0 || empty);
  view_text(item, "link", rows.first < 0 ? roster
                                         : section_field_link(arena, page->base, page->form, question,
                                                              response_row(page->work->response, q->roster, rows.first)->id));
  view_text(item, "answer", message(page, "find.rows", item));
}

static void question_view(const struct find_page *page, struct view *item, int question) {
  const struct form_question *q = &page->form->questions[question];
  const char *section = arena_printf(page->request->arena, "%s/s/%s", page->base, page->form->sections[q->section].id);
  pieces_view(page, item, "number", q->number);
  pieces_view(page, item, "text", q->text.in[page->language]);
  if (q->roster >= 0) {
    in_roster_view(page, item, question);
    return;
  }
  const char *answer = answer_text(page->request, page->work, question, -1);
  bool note = q->type == QUESTION_NOTE; /* a text between the questions: nothing to go to but its section */
  view_bool(item, "asked", state_relevant(page->work->state, question, -1));
  view_text(item, "link", note ? section : section_field_link(page->request->arena, page->base, page->form, question, ""));
  view_bool(item, "unanswered", answer[0] == '\0');
  view_text(item, "answer", note ? "" : answer[0] != '\0' ? answer : message(page, "answer.empty", NULL));
}

static void result_view(const struct find_page *page, struct view *item, const struct find_result *result) {
  const struct form_section *section = &page->form->sections[result->section];
  bool whole = result->question < 0;
  view_bool(item, "is_section", whole);
  pieces_view(page, item, "section", section->title.in[page->language]);
  view_bool(item, "has_also", result->also != NULL);
  pieces_view(page, item, "also", result->also != NULL ? result->also : "");
  if (!whole) {
    question_view(page, item, result->question);
    return;
  }
  view_list(item, "number");
  pieces_view(page, item, "text", section->title.in[page->language]);
  view_bool(item, "asked", state_section_relevant(page->work->state, result->section));
  view_text(item, "link", arena_printf(page->request->arena, "%s/s/%s", page->base, section->id));
  view_text(item, "answer", "");
}

static void results_view(struct find_page *page, struct view *view, const char *text) {
  const struct find_result *results = NULL;
  bool long_text = utf8_count(text, strlen(text)) > FIND_CHARACTERS_MAX;
  page->query = find_parse(long_text ? "" : text, page->request->arena);
  size_t count = find_in_form(page->form, page->language, &page->query, page->request->arena, &results);
  bool searched = page->query.word_count > 0;
  view_text(view, "q", text);
  view_bool(view, "too_long", long_text);
  view_bool(view, "no_words", !searched && !long_text && text[0] != '\0');
  view_bool(view, "nothing_typed", text[0] == '\0');
  view_bool(view, "none", searched && count == 0);
  view_int(view, "total", (int64_t)count);
  view_bool(view, "cut", count > RESULTS_SHOWN);
  view_int(view, "shown", RESULTS_SHOWN);
  view_list(view, "results");
  for (size_t i = 0; i < count && i < RESULTS_SHOWN; i++) result_view(page, view_item(view, "results"), &results[i]);
}

void page_find(struct request *request) {
  struct work *work = open_response(request);
  if (work == NULL) return;
  struct find_page page = {
      .request = request,
      .work = work,
      .form = work->item.form,
      .base = arena_printf(request->arena, "/r/%lld", (long long)work->item.response),
      .language = form_language(work->item.form, request->language),
  };
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.find");
  view_text(view, "form_title", page.form->title.in[page.language]);
  view_text(view, "back", page.base);
  view_text(view, "find_link", arena_printf(request->arena, "%s/find", page.base));
  results_view(&page, view, read_query(request));
  reply_page(request, 200, "find", view);
}
