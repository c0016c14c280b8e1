/* The frame of a round: the list of its institutions, one more by a form, many from a file. */
#include "survey/frame.h"

#include <stdlib.h>
#include <string.h>

#include "survey/frame_import.h"
#include "web/pages/pages.h"
#include "web/urlencoded.h"

#define PAGE_ROWS 50

/* The fields of the form that adds one institution, in the order of its columns. */
static const enum frame_column form_columns[] = {FRAME_NAME, FRAME_NUMBER, FRAME_ABBREVIATION, FRAME_KIND,
                                                 FRAME_SECTOR, FRAME_EMAIL, FRAME_PHONE, FRAME_COMMENT};
enum { FORM_COLUMNS = sizeof form_columns / sizeof *form_columns };

static const char *list_link(struct request *request, const char *round, const char *find, int offset) {
  struct buf link = {0};
  buf_puts(&link, "/frame?round=");
  urlencoded_write(&link, round);
  buf_puts(&link, "&find=");
  urlencoded_write(&link, find);
  buf_printf(&link, "&from=%d", offset);
  const char *copy = arena_copy(request->arena, buf_text(&link));
  buf_free(&link);
  return copy;
}

static void row_view(struct request *request, struct view *item, const struct frame_item *row, const char *round) {
  view_text(item, "link", arena_printf(request->arena, "/field/i/%lld?round=%s", (long long)row->institution, round));
  view_text(item, "name", row->name);
  view_text(item, "abbreviation", row->abbreviation);
  view_text(item, "number", row->registration_number);
  view_text(item, "email", row->email);
  view_int(item, "contacts", row->contacts);
  view_int(item, "waiting", row->waiting);
  view_bool(item, "out", !row->participates);
  view_bool(item, "late", row->late);
}

const char *frame_problem_text(struct request *request, const struct frame_problem *problem) {
  struct view *words = view_new(request->arena);
  bool column = problem->kind == FRAME_NO_COLUMN;
  view_text(words, "value", column ? request_message(request, arena_printf(request->arena, "frame.column.%s", problem->value), NULL)
                                   : problem->value);
  view_int(words, "other", problem->other);
  return request_message(request, arena_printf(request->arena, "frame.problem.%s", frame_problem_name(problem->kind)), words);
}

/* The form as it was typed, each fault at its field; rows NULL: nothing was sent. */
static void form_view(struct request *request, struct view *view, const struct frame_rows *rows) {
  view_list(view, "fields");
  view_bool(view, "form_open", rows != NULL);
  for (int i = 0; i < FORM_COLUMNS; i++) {
    struct view *item = view_item(view, "fields");
    const char *name = frame_column_name(form_columns[i]), *fault = "";
    for (int p = 0; rows != NULL && fault[0] == '\0' && p < rows->problem_count; p++) {
      const struct frame_problem *problem = &rows->problems[p];
      bool here = problem->column == i || (problem->column < 0 && i == 0);
      if (here && !frame_problem_warns(problem->kind)) fault = frame_problem_text(request, problem);
    }
    view_text(item, "field", name);
    view_text(item, "label", request_message(request, arena_printf(request->arena, "frame.column.%s", name), NULL));
    view_text(item, "typed", rows != NULL ? request_field(request, name) : "");
    view_text(item, "fault", fault);
    view_bool(item, "optional", form_columns[i] != FRAME_NAME);
  }
}

static const char *said_words(struct request *request) {
  static const char *const known[] = {"imported", "same", "added", "gone"};
  struct view *words = view_new(request->arena);
  view_text(words, "who", request_query(request, "who"));
  view_int(words, "institutions", strtoll(request_query(request, "institutions"), NULL, 10));
  view_int(words, "contacts", strtoll(request_query(request, "contacts"), NULL, 10));
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(request_query(request, "said"), known[i]) == 0)
      return request_message(request, arena_printf(request->arena, "frame.said_%s", known[i]), words);
  }
  return "";
}

void frame_show(struct request *request, int status, const char *wrong, const struct frame_rows *typed) {
  struct err err = {0};
  struct frame_round round;
  const struct frame_item *items = NULL;
  int total = 0;
  bool post = strcmp(request->method, "POST") == 0;
  const char *find = request_query(request, "find");
  const char *id = post ? request_field(request, "round") : request_query(request, "round");
  long offset = strtol(request_query(request, "from"), NULL, 10);
  if (offset < 0 || offset > 1000000) offset = 0;
  size_t count = 0;
  if (frame_check(request_db(request), request->actor, id, request->arena, &round, &err))
    count = frame_items(request_db(request), request->actor, round.id, find, (int)offset, PAGE_ROWS, request->arena, &items,
                        &total, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "frame.title");
  view_text(view, "frame_round", round.title);
  view_text(view, "round_id", round.id);
  view_text(view, "said", status == 200 ? said_words(request) : "");
  view_text(view, "page_error", wrong != NULL ? wrong : "");
  view_text(view, "find", find);
  view_int(view, "total", total);
  view_bool(view, "has_rows", count > 0);
  view_list(view, "rows");
  for (size_t i = 0; i < count; i++) row_view(request, view_item(view, "rows"), &items[i], round.id);
  int back = offset > PAGE_ROWS ? (int)offset - PAGE_ROWS : 0;
  view_text(view, "newer", offset > 0 ? list_link(request, round.id, find, back) : "");
  view_text(view, "older", (int)offset + (int)count < total ? list_link(request, round.id, find, (int)offset + PAGE_ROWS) : "");
  form_view(request, view, typed);
  reply_page(request, status, "frame", view);
}

void page_frame_list(struct request *request) { frame_show(request, 200, NULL, NULL); }

/* ---- one institution */

struct addition {
  struct frame_rows *rows;
  struct frame_plan plan;
};

static bool run_add(struct db *db, struct request *request, void *context, struct err *err) {
  struct addition *addition = context;
  struct err own = {0};
  bool ok = frame_import_commit(db, request->actor, addition->rows, request_field(request, "round"), NULL, "", &addition->plan, &own);
  return ok || err_set(err, own.code, "%s", own.text);
}

static void added(struct request *request, void *context, const struct err *err) {
  struct addition *addition = context;
  if (err->code == ERR_INPUT && addition->rows->errors > 0) {
    frame_show(request, 400, NULL, addition->rows);
  } else if (err->code != ERR_NONE) {
    reply_error(request, err);
  } else {
    struct buf link = {0};
    buf_printf(&link, "/frame?round=%s&said=%s&who=", request_field(request, "round"), addition->plan.count > 0 ? "added" : "same");
    urlencoded_write(&link, request_field(request, "name"));
    reply_redirect(request, buf_text(&link));
    buf_free(&link);
  }
}

/* The form is a table of one row. */
void page_frame_add(struct request *request) {
  struct addition *addition = arena_alloc(request->arena, sizeof *addition);
  const char *header[FORM_COLUMNS], *cells[FORM_COLUMNS];
  addition->rows = frame_rows_new(request->arena);
  for (int i = 0; i < FORM_COLUMNS; i++) {
    header[i] = frame_column_name(form_columns[i]);
    cells[i] = request_field(request, header[i]);
  }
  frame_rows_take(addition->rows, &(struct csv_row){1, FORM_COLUMNS, header}, NULL);
  frame_rows_take(addition->rows, &(struct csv_row){2, FORM_COLUMNS, cells}, NULL);
  request_write(request, run_add, added, addition);
}
