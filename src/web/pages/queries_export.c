/* The coordinators' list of queries as a file, for the record: each with its whole exchange. */
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/csv.h"
#include "data/xlsx.h"
#include "web/pages/pages.h"
#include "web/queries_filter.h"

#define STEP_ROWS 2000 /* read at once, so that memory does not grow with the list */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

enum { COLUMN_NUMBER, COLUMN_INSTITUTION, COLUMN_FORM, COLUMN_QUESTION, COLUMN_ROW, COLUMN_ORIGIN, COLUMN_STATE, COLUMN_ASKED_BY,
       COLUMN_ASKED, COLUMN_TEXT, COLUMN_SAID, COLUMN_CLOSED_BY, COLUMN_CLOSED, COLUMNS };

static const struct {
  const char *message;
  double width;
} columns[COLUMNS] = {
    [COLUMN_NUMBER] = {"queries.number", 8},      [COLUMN_INSTITUTION] = {"field.institution", 36},
    [COLUMN_FORM] = {"field.questionnaire", 28},  [COLUMN_QUESTION] = {"queries.question", 12},
    [COLUMN_ROW] = {"queries.row", 20},           [COLUMN_ORIGIN] = {"queries.origin", 26},
    [COLUMN_STATE] = {"field.status", 16},        [COLUMN_ASKED_BY] = {"queries.asked_by", 20},
    [COLUMN_ASKED] = {"queries.asked", 22},       [COLUMN_TEXT] = {"queries.text", 60},
    [COLUMN_SAID] = {"queries.said", 60},         [COLUMN_CLOSED_BY] = {"queries.closed_by", 20},
    [COLUMN_CLOSED] = {"queries.closed", 22},
};

/* Holds a connection of its own: a slow client must not keep one of the pool's. */
struct export {
  struct request *request;
  struct queries_filter filter;
  struct db *db;
  int file; /* of a workbook, -1 */
  bool csv, done;
};

typedef void put_row(void *context, const char *const cells[COLUMNS]);

static const char *moment(int64_t ms, struct arena *arena) {
  char iso[25];
  clock_iso(ms, iso);
  return ms == 0 ? "" : arena_copy(arena, iso);
}

/* "Anna Bērziņa, 2026-11-21T10:32:00Z: …", a line each. */
static const char *exchange(struct db *db, int64_t id, struct arena *arena, struct err *err) {
  struct query_message message;
  struct buf text = {0};
  struct stmt *stmt = query_message_list(db, id);
  while (query_message_next(stmt, &message, err))
    buf_printf(&text, "%s%s, %s: %s", text.len > 0 ? "\n" : "", message.person_name,
               moment(message.created_ms, arena), message.text);
  stmt_end(stmt);
  const char *copy = arena_copy_len(arena, buf_text(&text), text.len);
  buf_free(&text);
  return copy;
}

static void put_line(struct export *export, const struct query_line *line, struct arena *arena, put_row *put, void *context,
                     struct err *err) {
  struct request *request = export->request;
  const struct stored_query *query = &line->query;
  const char *state = arena_printf(arena, "query.state_%s", query_state_name(query->state));
  const char *origin = arena_printf(arena, "query.origin_%s", query_origin_name(query->origin));
  const char *const cells[COLUMNS] = {
      [COLUMN_NUMBER] = arena_printf(arena, "%lld", (long long)query->id),
      [COLUMN_INSTITUTION] = query->institution_name,
      [COLUMN_FORM] = line->form->title.in[form_language(line->form, request->language)],
      [COLUMN_QUESTION] = line->question < 0 ? query->question : line->form->questions[line->question].number,
      [COLUMN_ROW] = line->row_label,
      [COLUMN_ORIGIN] = request_message(request, origin, NULL),
      [COLUMN_STATE] = request_message(request, state, NULL),
      [COLUMN_ASKED_BY] = query->person,
      [COLUMN_ASKED] = moment(query->created_ms, arena),
      [COLUMN_TEXT] = query->text,
      [COLUMN_SAID] = exchange(export->db, query->id, arena, err),
      [COLUMN_CLOSED_BY] = query->closed_by,
      [COLUMN_CLOSED] = moment(query->closed_ms, arena),
  };
  put(context, cells);
}

/* The next lines; done when there are no more. */
static bool put_lines(struct export *export, put_row *put, void *context, struct err *err) {
  const struct query_line *lines;
  struct arena *arena = arena_new();
  export->filter.stored.limit = STEP_ROWS;
  size_t count = query_page(export->db, export->request->actor, &export->filter.stored, arena, &lines, NULL, err);
  for (size_t i = 0; i < count && err->code == ERR_NONE; i++) put_line(export, &lines[i], arena, put, context, err);
  export->filter.stored.offset += STEP_ROWS;
  export->done = count < STEP_ROWS;
  arena_free(arena);
  return err->code == ERR_NONE;
}

static void put_header(struct export *export, put_row *put, void *context) {
  const char *cells[COLUMNS];
  for (int i = 0; i < COLUMNS; i++) cells[i] = request_message(export->request, columns[i].message, NULL);
  put(context, cells);
}

static void put_csv(void *context, const char *const cells[COLUMNS]) {
  struct buf *out = context;
  for (int i = 0; i < COLUMNS; i++) {
    struct buf safe = {0};
    buf_printf(&safe, "%s%s", csv_is_formula(cells[i]) ? "'" : "", cells[i]);
    if (i > 0) buf_putc(out, ',');
    csv_write_field(out, buf_text(&safe), safe.len, ',');
    buf_free(&safe);
  }
  buf_puts(out, "\r\n");
}

struct workbook {
  struct xlsx_sheet *sheet;
  int row;
};

static void put_xlsx(void *context, const char *const cells[COLUMNS]) {
  struct workbook *workbook = context;
  bool header = workbook->row == 0;
  for (int i = 0; i < COLUMNS; i++)
    xlsx_put_text(workbook->sheet, workbook->row, i, cells[i], header ? XLSX_HEADER : XLSX_WRAPPED);
  workbook->row++;
}

static int make_xlsx(struct export *export, struct err *err) {
  struct workbook workbook = {.row = 0};
  const char *title = request_message(export->request, "queries.heading", NULL);
  struct xlsx *xlsx = xlsx_new(clock_now_ms(), title, err);
  if (xlsx != NULL) workbook.sheet = xlsx_add_sheet(xlsx, title, err);
  if (workbook.sheet == NULL) {
    xlsx_free(xlsx);
    return -1;
  }
  for (int i = 0; i < COLUMNS; i++) xlsx_set_width(workbook.sheet, i, columns[i].width);
  put_header(export, put_xlsx, &workbook);
  bool ok = true;
  while (ok && !export->done && workbook.row < XLSX_ROWS_MAX - STEP_ROWS) ok = put_lines(export, put_xlsx, &workbook, err);
  xlsx_freeze_header(workbook.sheet, COLUMNS, workbook.row);
  if (ok) return xlsx_finish(xlsx, err);
  xlsx_free(xlsx);
  return -1;
}

static bool start(struct db *none, struct request *request, void *context, struct err *err) {
  struct export *export = context;
  (void)none;
  export->db = db_open(request->app->folder, DB_READ, err);
  if (export->db == NULL || !db_begin(export->db, err)) return false;
  if (!queries_read_filter(request, export->db, &export->filter, err)) return false;
  export->filter.stored.offset = 0;
  if (export->csv) return true;
  export->file = make_xlsx(export, err);
  return export->file >= 0;
}

static bool step(void *context, struct buf *out, bool *done, struct err *err) {
  struct export *export = context;
  if (!export->csv) return xlsx_read(export->file, out, done, err);
  *done = export->done;
  if (export->filter.stored.offset == 0) {
    buf_puts(out, BYTE_ORDER_MARK);
    put_header(export, put_csv, out);
  }
  return *done || put_lines(export, put_csv, out, err);
}

static void end(void *context) {
  struct export *export = context;
  if (export->db != NULL) db_rollback(export->db);
  db_close(export->db);
  if (export->file >= 0) close(export->file);
  export->db = NULL;
  export->file = -1;
}

static void send(struct request *request, void *context, const struct err *err) {
  struct export *export = context;
  if (err->code != ERR_NONE) {
    end(export);
    reply_error(request, err);
    return;
  }
  const char *type = export->csv ? "text/csv; charset=utf-8"
                                 : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  const char *ending = export->csv ? "csv" : "xlsx";
  const char *name = arena_printf(request->arena, "%s-queries.%s", export->filter.stored.round, ending);
  reply_stream(request, type, name, step, end, export);
}

void page_queries_export(struct request *request) {
  struct export *export = arena_alloc(request->arena, sizeof *export);
  *export = (struct export){.request = request, .file = -1, .csv = strcmp(request_query(request, "format"), "csv") == 0};
  request_work(request, start, send, end, export);
}
