/* A list of institutions or contacts from a file: uploaded, looked at, taken over. Between the two the file is kept in the data
 * folder under a random name, which the address of the preview has. */
#include "survey/frame_import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "data/table_reader.h"
#include "web/pages/pages.h"
#include "web/spool.h"
#include "web/urlencoded.h"

#define SHOWN_CHANGES 500
#define SHOWN_ABSENT 200

/* Where the file of a preview is kept; NULL when the address is none of ours. */
static const char *kept_path(struct request *request, const char *token) {
  size_t len = strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
  if (len != SECRET_TOKEN_LEN || token[len] != '\0') return NULL;
  return arena_printf(request->arena, "%s/" SPOOL_FOLDER "/import-%s", request->app->folder, token);
}

void page_frame_upload(struct request *request) {
  const struct upload *file = request_file(request, "file");
  char token[SECRET_TOKEN_LEN + 1];
  if (file == NULL) {
    frame_show(request, 400, request_message(request, "frame.no_file", NULL), NULL);
    return;
  }
  secret_token(token);
  struct err err = {0};
  if (rename(file->path, kept_path(request, token)) != 0) {
    err_set(&err, ERR_SYSTEM, "an upload could not be kept");
    reply_error(request, &err);
    return;
  }
  struct buf link = {0};
  buf_printf(&link, "/frame/import/%s?round=", token);
  urlencoded_write(&link, request_field(request, "round"));
  buf_puts(&link, "&name=");
  urlencoded_write(&link, file->file_name);
  reply_redirect(request, buf_text(&link));
  buf_free(&link);
}

/* ---- the preview */

struct import {
  const char *path, *round, *name;
  struct frame_rows *rows;
  struct table_info info;
  struct frame_plan plan;
};

static const char *place_text(struct request *request, const struct table_info *info, int line, int column) {
  struct view *words = view_new(request->arena);
  struct buf cell = {0};
  if (column >= 0) table_column(column, &cell);
  buf_printf(&cell, "%d", line);
  view_text(words, "cell", arena_copy(request->arena, buf_text(&cell)));
  view_text(words, "sheet", info->sheet);
  view_int(words, "line", line);
  buf_free(&cell);
  return request_message(request, !info->is_workbook ? "table.line" : column >= 0 ? "table.cell" : "table.row", words);
}

static void field_view(struct request *request, struct view *item, const struct frame_field *field) {
  bool yes = field->column == FRAME_RESPONSIBLE;
  view_text(item, "label", request_message(request, arena_printf(request->arena, "frame.column.%s", frame_column_name(field->column)), NULL));
  view_text(item, "before", field->before);
  view_text(item, "after", yes ? request_message(request, "frame.yes", NULL) : field->after);
}

static void change_view(struct request *request, struct view *item, const struct frame_change *change) {
  static const char *const keys[] = {"frame.change_new", "frame.change_joins", "frame.change_changed",
                                     "frame.change_new", "frame.change_back", "frame.change_changed"};
  view_text(item, "kind", request_message(request, keys[change->kind], NULL));
  view_bool(item, "is_new", strcmp(keys[change->kind], "frame.change_changed") != 0);
  view_text(item, "name", change->name);
  view_text(item, "email", change->email);
  view_text(item, "institution_name", change->institution);
  view_list(item, "fields");
  for (size_t i = 0; i < change->field_count; i++) {
    bool is_name = change->fields[i].before[0] == '\0' &&
                   (change->fields[i].column == FRAME_NAME || change->fields[i].column == FRAME_CONTACT_NAME);
    if (!is_name) field_view(request, view_item(item, "fields"), &change->fields[i]);
  }
}

static void problems_view(struct request *request, struct view *view, const struct import *import) {
  const struct frame_rows *rows = import->rows;
  view_list(view, "problems");
  view_list(view, "warnings");
  for (int i = 0; i < rows->problem_count; i++) {
    const struct frame_problem *problem = &rows->problems[i];
    struct view *item = view_item(view, frame_problem_warns(problem->kind) ? "warnings" : "problems");
    view_text(item, "place", place_text(request, &import->info, problem->line, problem->column));
    view_text(item, "text", frame_problem_text(request, problem));
  }
  view_int(view, "errors", rows->errors);
  view_int(view, "warning_count", rows->warnings);
  int more = rows->errors + rows->warnings - rows->problem_count;
  view_int(view, "more_problems", more);
  view_bool(view, "has_more_problems", more > 0);
}

/* How the file was read, where that was not plain. */
static const char *reading_text(struct request *request, const struct table_info *info) {
  struct view *words = view_new(request->arena);
  view_text(words, "encoding", info->encoding);
  view_text(words, "sheet", info->sheet);
  view_int(words, "sheets", info->sheet_count);
  if (info->is_workbook) return info->sheet_count > 1 ? request_message(request, "table.read_sheet", words) : "";
  return strcmp(info->encoding, "UTF-8") != 0 ? request_message(request, "table.read_encoding", words) : "";
}

static void plan_view(struct request *request, struct view *view, const struct import *import) {
  const struct frame_plan *plan = &import->plan;
  size_t shown = plan->count < SHOWN_CHANGES ? plan->count : SHOWN_CHANGES;
  view_int(view, "institutions_new", plan->institutions_new);
  view_int(view, "institutions_changed", plan->institutions_changed);
  view_int(view, "institutions_same", plan->institutions_same);
  view_int(view, "contacts_new", plan->contacts_new);
  view_int(view, "contacts_changed", plan->contacts_changed);
  view_int(view, "contacts_same", plan->contacts_same);
  view_int(view, "absent_count", (int64_t)plan->absent_count);
  view_bool(view, "of_contacts", import->rows->of_contacts);
  view_bool(view, "has_changes", plan->count > 0);
  view_int(view, "more_changes", (int64_t)(plan->count - shown));
  view_bool(view, "has_more_changes", plan->count > shown);
  view_list(view, "changes");
  for (size_t i = 0; i < shown; i++) change_view(request, view_item(view, "changes"), &plan->changes[i]);
  view_bool(view, "has_absent", plan->absent_count > 0);
  view_list(view, "absent");
  for (size_t i = 0; i < plan->absent_count && i < SHOWN_ABSENT; i++) view_text(view_item(view, "absent"), "name", plan->absent[i]);
  view_int(view, "more_absent", plan->absent_count > SHOWN_ABSENT ? (int64_t)plan->absent_count - SHOWN_ABSENT : 0);
  view_bool(view, "has_more_absent", plan->absent_count > SHOWN_ABSENT);
  view_list(view, "unknown");
  for (int i = 0; i < import->rows->unknown_count; i++) view_text(view_item(view, "unknown"), "name", import->rows->unknown[i]);
  view_bool(view, "has_unknown", import->rows->unknown_count > 0);
  view_text(view, "plan", plan->hash);
}

static void show_plan(struct request *request, int status, const struct import *import, const char *wrong) {
  struct view *view = view_new(request->arena);
  page_frame(request, view, "frame.preview_title");
  view_text(view, "page_error", wrong != NULL ? request_message(request, wrong, NULL) : "");
  view_text(view, "token", request->params[0]);
  view_text(view, "round_id", import->round);
  view_text(view, "file_name", import->name[0] != '\0' ? import->name : "–");
  view_text(view, "reading", reading_text(request, &import->info));
  problems_view(request, view, import);
  plan_view(request, view, import);
  bool good = import->rows->errors == 0;
  view_bool(view, "takes", good && import->plan.count > 0);
  view_bool(view, "nothing", good && import->plan.count == 0);
  view_bool(view, "faulty", !good);
  view_bool(view, "has_warnings", import->rows->warnings > 0);
  reply_page(request, status, "frame_import", view);
}

/* What is wrong with the file as a whole, on the page where another one can be chosen. */
static void show_fault(struct request *request, const struct import *import, const struct err *err) {
  if (import->info.fault == TABLE_OK) {
    reply_error(request, err);
    return;
  }
  struct view *words = view_new(request->arena);
  const char *key = arena_printf(request->arena, "table.fault.%s", table_fault_name(import->info.fault));
  view_int(words, "line", import->info.line);
  unlink(import->path);
  frame_show(request, 400, request_message(request, key, words), NULL);
}

/* Reads the file that the address names; false when it has replied. */
static bool read_kept(struct request *request, struct import *import, bool post) {
  struct err err = {0};
  import->path = kept_path(request, request->params[0]);
  import->round = post ? request_field(request, "round") : request_query(request, "round");
  import->name = post ? request_field(request, "name") : request_query(request, "name");
  if (import->path == NULL || access(import->path, R_OK) != 0) {
    reply_redirect(request, "/frame?said=gone");
    return false;
  }
  import->rows = frame_rows_new(request->arena);
  if (table_read(import->path, frame_rows_take, import->rows, &import->info, &err)) return true;
  show_fault(request, import, &err);
  return false;
}

/* Plans what was read, and shows it. */
static void show_kept(struct request *request, int status, struct import *import, const char *wrong) {
  struct err err = {0};
  if (frame_import_plan(request_db(request), request->actor, import->rows, import->round, &import->plan, &err))
    show_plan(request, status, import, wrong);
  else reply_error(request, &err);
}

void page_frame_preview(struct request *request) {
  struct import import = {0};
  if (read_kept(request, &import, false)) show_kept(request, 200, &import, NULL);
}

/* ---- taking it over */

static bool run_import(struct db *db, struct request *request, void *context, struct err *err) {
  struct import *import = context;
  return frame_import_commit(db, request->actor, import->rows, import->round, request_field(request, "plan"),
                             import->name, &import->plan, err);
}

static void imported(struct request *request, void *context, const struct err *err) {
  struct import *import = context;
  const struct frame_plan *plan = &import->plan;
  if (err->code == ERR_CONFLICT || (err->code == ERR_INPUT && import->rows->errors > 0)) {
    struct import again = {0};
    if (read_kept(request, &again, true)) show_kept(request, 409, &again, "frame.changed_meanwhile");
  } else if (err->code != ERR_NONE) {
    reply_error(request, err);
  } else {
    unlink(import->path);
    reply_redirect(request, arena_printf(request->arena, "/frame?round=%s&said=imported&institutions=%d&contacts=%d", import->round,
                                         plan->institutions_new + plan->institutions_changed,
                                         plan->contacts_new + plan->contacts_changed));
  }
}

void page_frame_import(struct request *request) {
  struct import *import = arena_alloc(request->arena, sizeof *import);
  if (strcmp(request_field(request, "do"), "drop") == 0) {
    const char *path = kept_path(request, request->params[0]);
    if (path != NULL) unlink(path);
    reply_redirect(request, "/frame");
    return;
  }
  if (read_kept(request, import, true)) request_write(request, run_import, imported, import);
}
