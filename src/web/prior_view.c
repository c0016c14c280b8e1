#include "web/prior_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "form/typed.h"
#include "web/locale.h"

#define LINE_LEN_MAX 160 /* bytes of an answer that stand in the line; a longer one folds away */
#define MINUS "\u2212"

static const char *take_buf(struct request *request, struct buf *text) {
  const char *copy = arena_copy_len(request->arena, buf_text(text), text->len);
  buf_free(text);
  return copy;
}

const char *prior_period(struct request *request, const struct work *work, const struct prior *prior) {
  char then[25], now[25];
  clock_iso(prior_deadline_ms(prior), then); /* Riga's midnight is the same year in UTC */
  clock_iso(work->item.deadline_ms, now);
  if (strncmp(then, now, 4) != 0) return arena_copy_len(request->arena, then, 4);
  return locale_time(prior_deadline_ms(prior), LOCALE_DATE, request->language, request->arena);
}

static const char *figure(struct request *request, double number, bool sign) {
  struct buf text = {0};
  if (sign) buf_puts(&text, number < 0 ? MINUS : "+");
  typed_format_number(sign ? fabs(number) : number, request->language, &text);
  return take_buf(request, &text);
}

const char *prior_mark_text(struct request *request, const struct prior_mark *mark) {
  static const char *const keys[] = {
      [PRIOR_BY_PERCENT] = "prior.percent", [PRIOR_BY_POINTS] = "prior.points", [PRIOR_ANEW] = "prior.anew"};
  if (mark->change == PRIOR_USUAL) return "";
  struct view *view = view_new(request->arena);
  view_text(view, "change", figure(request, mark->by, true));
  view_int(view, "points", (int64_t)fabs(mark->by));
  view_text(view, "before", figure(request, mark->before, false));
  view_text(view, "now", figure(request, mark->now, false));
  return request_message(request, keys[mark->change], view);
}

/* The place's earlier answer in words; NULL when there is none. *head: what stands before it. */
static const char *find_text(const struct builder *b, int question, int row, const char **line, const char **head) {
  struct request *request = b->request;
  const struct prior *prior = b->page->prior;
  struct buf text = {0};
  if (!prior_show(prior, question, row, request->language, &text)) return NULL;
  const char *answer = take_buf(request, &text);
  struct view *view = view_new(b->arena);
  view_text(view, "period", prior_period(request, b->page->work, prior));
  *head = request_message(request, prior_submitted(prior) ? "prior.head" : "prior.head_partial", view);
  view_text(view, "head", *head);
  view_text(view, "prior_answer", answer);
  *line = request_message(request, "prior.line", view);
  return answer;
}

static const char *mark_of(const struct builder *b, int question, int row) {
  struct prior_mark mark = prior_compare(b->page->prior, question, row);
  return prior_mark_text(b->request, &mark);
}

static bool can_take(const struct builder *b, int question, int row) {
  return b->page->editable && prior_takeable(b->page->prior, question, row);
}

void prior_view(const struct builder *b, struct view *view, int question, int row) {
  const char *line = "", *head = "";
  const char *answer = find_text(b, question, row, &line, &head);
  view_bool(view, "has_prior", answer != NULL);
  if (answer == NULL) return;
  bool folds = strlen(answer) > LINE_LEN_MAX || strchr(answer, '\n') != NULL;
  view_text(view, "prior_line", line);
  view_text(view, "prior_head", folds ? head : "");
  view_text(view, "prior_answer", answer);
  view_text(view, "prior_mark", mark_of(b, question, row));
  view_bool(view, "prior_same", prior_same(b->page->prior, question, row));
  view_bool(view, "prior_fits", b->page->editable && prior_fits(b->page->prior, question, row));
  view_bool(view, "prior_takeable", can_take(b, question, row));
}

/* --- the section --- */

/* Calls one with every place of the section that has an earlier answer. */
typedef void each_place(const struct builder *b, int question, int row, void *context);

static void for_each_place(const struct builder *b, each_place *one, void *context) {
  const struct form_section *section = &b->form->sections[b->page->section];
  if (b->page->prior == NULL) return;
  for (int i = section->first; i < section->first + section->count; i++) {
    int roster = b->form->questions[i].roster;
    int rows = roster < 0 ? 1 : response_row_count(b->response, roster);
    for (int row = 0; row < rows; row++) one(b, i, roster < 0 ? -1 : row, context);
  }
}

static void count_takeable(const struct builder *b, int question, int row, void *context) {
  int *count = context;
  *count += can_take(b, question, row);
}

/* "" when there is nothing to take over. */
static const char *all_text(const struct builder *b) {
  int count = 0;
  for_each_place(b, count_takeable, &count);
  if (count == 0) return "";
  struct view *view = view_new(b->arena);
  view_int(view, "take_count", count);
  return request_message(b->request, "prior.take_all", view);
}

static const char *taken_text(const struct builder *b) {
  const char *query = request_query(b->request, "taken");
  long taken = strtol(query, NULL, 10);
  if (taken <= 0) return "";
  struct view *view = view_new(b->arena);
  view_int(view, "taken", taken);
  return request_message(b->request, "prior.taken", view);
}

void prior_section_view(const struct builder *b, struct view *view) {
  bool has = b->page->prior != NULL && b->page->editable && b->page->work->item.take_over;
  view_bool(view, "has_prior_all", has);
  if (!has) return;
  view_text(view, "prior_all", all_text(b));
  view_text(view, "prior_period", prior_period(b->request, b->page->work, b->page->prior));
  view_text(view, "prior_taken", taken_text(b));
}

struct json_places {
  struct buf *out;
  bool more;
};

static void json_place(const struct builder *b, int question, int row, void *context) {
  struct json_places *places = context;
  struct buf *out = places->out;
  const char *line, *head;
  if (find_text(b, question, row, &line, &head) == NULL) return;
  if (places->more) buf_putc(out, ',');
  places->more = true;
  buf_json_string(out, section_key(b->form, b->response, question, row, b->arena));
  buf_puts(out, ":{\"text\":");
  buf_json_string(out, line);
  buf_puts(out, ",\"mark\":");
  buf_json_string(out, mark_of(b, question, row));
  buf_puts(out, ",\"same\":");
  buf_json_bool(out, prior_same(b->page->prior, question, row));
  buf_puts(out, ",\"take\":");
  buf_json_bool(out, can_take(b, question, row));
  buf_putc(out, '}');
}

void prior_json(const struct builder *b, struct buf *out) {
  struct json_places places = {.out = out};
  buf_puts(out, ",\"prior\":{");
  for_each_place(b, json_place, &places);
  buf_puts(out, "},\"prior_all\":");
  buf_json_string(out, all_text(b));
}
