/* A round as a whole: how it stands, closing it, opening it again, its report. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/table.h"
#include "data/xlsx.h"
#include "survey/closing.h"
#include "survey/round_report.h"
#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/steer_view.h"

#define BLOCK 32768

static bool counts_view(struct request *request, struct view *view, const char *round, struct err *err) {
  int counts[DISPOSITION_COUNT];
  if (!closing_counts_read(request_db(request), request->actor, round, counts, err)) return false;
  view_list(view, "counts");
  for (int i = 0; i < DISPOSITION_COUNT; i++) {
    if (counts[i] == 0) continue;
    const char *name = disposition_name((enum disposition)i);
    struct view *item = view_item(view, "counts");
    view_text(item, "disposition", name);
    view_text(item, "disposition_text", request_message(request, arena_printf(request->arena, "disposition.%s", name), NULL));
    view_int(item, "number", counts[i]);
  }
  return true;
}

/* key: of what went wrong with the page as a whole, NULL; fault: of the reason for opening it again. */
static void show_round(struct request *request, int status, const struct steer_place *place, enum closing_fault fault,
                       const char *key) {
  static const char *const names[] = {"reason_problem", NULL};
  static const char *const faults[] = {NULL, "deadline.no_reason", "deadline.bad_reason"};
  struct err err = {0};
  struct view *view = steer_page(request, place, "round.title");
  if (!counts_view(request, view, place->round, &err)) {
    reply_error(request, &err);
    return;
  }
  steer_problem(request, view, names, "reason", faults[fault]);
  view_text(view, "page_error", key == NULL ? "" : request_message(request, key, NULL));
  view_text(view, "round_name", place->title);
  view_text(view, "first_day", steer_typed_date(request->arena, place->opens));
  view_text(view, "last_day", steer_date(request, place->deadline_ms));
  view_text(view, "closed_when", locale_time(place->closed_ms, LOCALE_MOMENT, request->language, request->arena));
  view_text(view, "deadline_link", steer_address(request, place, "deadline"));
  view_text(view, "close_link", steer_address(request, place, "close"));
  view_text(view, "open_link", steer_address(request, place, "open"));
  view_text(view, "report_link", steer_address(request, place, "report"));
  view_text(view, "typed_reason", request_field(request, "reason"));
  view_bool(view, "just_closed", strcmp(request_query(request, "done"), "closed") == 0);
  view_bool(view, "just_opened", strcmp(request_query(request, "done"), "open") == 0);
  reply_page(request, status, "round", view);
}

void page_round(struct request *request) {
  struct steer_place place;
  if (steer_open_round(request, &place)) show_round(request, 200, &place, CLOSING_OK, NULL);
}

/* ---- closing */

static void lists_view(struct request *request, struct view *view, const struct report_row *rows, size_t count) {
  int partial = 0, nothing = 0;
  view_list(view, "partial_rows");
  view_list(view, "nothing_rows");
  for (size_t i = 0; i < count; i++) {
    bool is_partial = rows[i].included && rows[i].comment == REPORT_PARTIAL;
    if (rows[i].included && !is_partial) continue;
    struct view *item = view_item(view, is_partial ? "partial_rows" : "nothing_rows");
    view_text(item, "name", rows[i].name);
    view_text(item, "link", arena_printf(request->arena, "/field/i/%lld?round=%s", (long long)rows[i].institution,
                                         request_query(request, "round")));
    view_text(item, "comment", rows[i].included ? "" : round_report_comment(&rows[i], request->language));
    if (is_partial) partial++;
    else nothing++;
  }
  view_int(view, "partial_count", partial);
  view_int(view, "nothing_count", nothing);
  view_int(view, "whole_count", (int64_t)count - partial - nothing);
}

static void show_close(struct request *request, int status, const struct steer_place *place, const char *key) {
  static const char *const names[] = {"typed_problem", NULL};
  struct err err = {0};
  const struct report_row *rows;
  struct view *view = steer_page(request, place, "round.close_title");
  size_t count = round_report_read(request_db(request), request->actor, place->round, request->arena, &rows, &err);
  if (err.code == ERR_NONE) counts_view(request, view, place->round, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  bool beside = key != NULL && strcmp(key, "round.wrong_name") == 0;
  steer_problem(request, view, names, "typed", beside ? key : NULL);
  view_text(view, "page_error", key == NULL || beside ? "" : request_message(request, key, NULL));
  lists_view(request, view, rows, count);
  view_text(view, "action", steer_address(request, place, "close"));
  view_text(view, "typed", request_field(request, "typed"));
  reply_page(request, status, "round_close", view);
}

void page_round_close(struct request *request) {
  struct steer_place place;
  if (steer_open_round(request, &place)) show_close(request, 200, &place, NULL);
}

struct closing_change {
  struct steer_place place;
  bool closes;
  enum closing_fault fault;
  struct request *request;
};

static bool mark(struct db *db, struct writer_job *job, struct err *err) {
  struct closing_change *change = job->context;
  const struct request *request = change->request;
  if (!change->closes)
    return closing_undo(db, request->actor, change->place.round, request_field(request, "reason"), &change->fault, err);
  return closing_begin(db, request->actor, change->place.round, request_field(request, "typed"), err);
}

/* In a thread of its own: many batches, between which others write. */
static bool run_change(struct db *none, struct request *request, void *context, struct err *err) {
  struct closing_change *change = context;
  struct writer_job job = {.run = mark, .context = change};
  (void)none;
  return writer_run(request->app->writer, &job, err) && closing_finish(request->app->writer, change->place.round, err);
}

static void changed(struct request *request, void *context, const struct err *err) {
  const struct closing_change *change = context;
  const struct steer_place *place = &change->place;
  if (err->code == ERR_NONE)
    reply_redirect(request, arena_printf(request->arena, "%s&done=%s", steer_address(request, place, ""), change->closes ? "closed" : "open"));
  else if (err->code == ERR_INPUT && change->closes) show_close(request, 400, place, "round.wrong_name");
  else if (err->code == ERR_INPUT) show_round(request, 400, place, change->fault, NULL);
  else if (err->code == ERR_CONFLICT) show_round(request, 409, place, CLOSING_OK, change->closes ? "round.closed_already" : "round.open_already");
  else reply_error(request, err);
}

static void drop(void *context) { (void)context; }

static void start_change(struct request *request, bool closes) {
  struct closing_change *change = arena_alloc(request->arena, sizeof *change);
  change->closes = closes;
  change->request = request;
  if (steer_open_round(request, &change->place)) request_work(request, run_change, changed, drop, change);
}

void page_round_close_now(struct request *request) { start_change(request, true); }

void page_round_open(struct request *request) { start_change(request, false); }

/* ---- the report */

static struct table report_table(struct request *request, const struct steer_place *place, const struct report_row *rows,
                                 size_t count) {
  const char **cells = arena_array(request->arena, count * REPORT_COLUMNS + 1, sizeof *cells);
  for (size_t i = 0; i < count; i++)
    round_report_cells(&rows[i], i + 1, request->language, request->arena, cells + i * REPORT_COLUMNS);
  return (struct table){place->title, round_report_headings(request->language), REPORT_COLUMNS, cells, count};
}

static void report_view(struct request *request, struct view *view, const struct report_row *rows, size_t count) {
  int included = 0;
  view_list(view, "rows");
  for (size_t i = 0; i < count; i++) {
    struct view *item = view_item(view, "rows");
    view_int(item, "position", (int64_t)i + 1);
    view_text(item, "name", rows[i].name);
    view_text(item, "registration_number", rows[i].registration_number);
    view_text(item, "abbreviation", rows[i].abbreviation);
    view_bool(item, "included", rows[i].included);
    view_text(item, "status_text", round_report_status(&rows[i], request->language));
    view_text(item, "comment", round_report_comment(&rows[i], request->language));
    included += rows[i].included;
  }
  view_int(view, "included_count", included);
  view_int(view, "excluded_count", (int64_t)count - included);
}

struct report_file {
  struct table table;
  const char *format, *name;
  struct buf csv;
  int xlsx;
  bool taken;
};

static bool make_file(struct db *none, struct request *request, void *context, struct err *err) {
  struct report_file *file = context;
  (void)none, (void)request;
  if (strcmp(file->format, "xlsx") != 0) {
    table_csv(&file->table, &file->csv);
    return true;
  }
  file->xlsx = table_xlsx(&file->table, err);
  return file->xlsx >= 0;
}

static bool file_step(void *context, struct buf *out, bool *done, struct err *err) {
  struct report_file *file = context;
  if (file->xlsx >= 0) return xlsx_read(file->xlsx, out, done, err);
  *done = file->taken;
  if (!file->taken) buf_add(out, buf_text(&file->csv), file->csv.len);
  file->taken = true;
  return true;
}

static void file_end(void *context) {
  struct report_file *file = context;
  if (file->xlsx >= 0) close(file->xlsx);
  buf_free(&file->csv);
}

static void send_file(struct request *request, void *context, const struct err *err) {
  struct report_file *file = context;
  bool workbook = strcmp(file->format, "xlsx") == 0;
  if (err->code == ERR_NONE) {
    reply_stream(request, workbook ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8",
                 file->name, file_step, file_end, file);
    return;
  }
  file_end(file);
  reply_error(request, err);
}

void page_round_report(struct request *request) {
  struct err err = {0};
  struct steer_place place;
  const struct report_row *rows;
  const char *format = request_query(request, "format");
  if (!steer_open_round(request, &place)) return;
  size_t count = round_report_read(request_db(request), request->actor, place.round, request->arena, &rows, &err);
  bool known = format[0] == '\0' || strcmp(format, "csv") == 0 || strcmp(format, "xlsx") == 0;
  if (!known) err_set(&err, ERR_NOT_FOUND, "no format %s", format);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  if (format[0] != '\0') {
    struct report_file *file = arena_alloc(request->arena, sizeof *file);
    *file = (struct report_file){.table = report_table(request, &place, rows, count), .format = format, .xlsx = -1};
    file->name = arena_printf(request->arena, "%s-report-%s.%s", place.round, request->language, format);
    request_work(request, make_file, send_file, file_end, file);
    return;
  }
  struct view *view = steer_page(request, &place, "round.report");
  report_view(request, view, rows, count);
  view_text(view, "csv_link", arena_printf(request->arena, "%s&format=csv", steer_address(request, &place, "report")));
  view_text(view, "xlsx_link", arena_printf(request->arena, "%s&format=xlsx", steer_address(request, &place, "report")));
  reply_page(request, 200, "round_report", view);
}
