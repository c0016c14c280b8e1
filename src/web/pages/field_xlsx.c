/* The list as a workbook: all rows of the filter, page by page out of one snapshot, so memory does not grow with them. */
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "data/xlsx.h"
#include "survey/field.h"
#include "web/locale.h"
#include "web/pages/field_view.h"
#include "web/pages/pages.h"

#define ROWS_AT_ONCE 500
#define MINUTE_MS 60000

/* A column, in this order; the last part of its message's key, field.column_NAME, and its width. */
enum {
  NAME, ABBREVIATION, NUMBER, SECTOR, KIND, STATUS, ANSWERED, REQUIRED, DEADLINE, CONTACTS, SIGNED_IN, CONTACTED, CHANGED,
  SUBMITTED, SPENT, COLUMNS
};
static const struct {
  const char *message;
  double width;
} columns[COLUMNS] = {
    [NAME] = {"field.institution", 44},          [ABBREVIATION] = {"field.column_abbreviation", 12},
    [NUMBER] = {"institution.number", 16},       [SECTOR] = {"field.sector", 22},
    [KIND] = {"institution.kind", 14},           [STATUS] = {"field.status", 22},
    [ANSWERED] = {"field.progress", 11},         [REQUIRED] = {"field.column_required", 11},
    [DEADLINE] = {"institution.deadline", 12},   [CONTACTS] = {"field.contacts", 52},
    [SIGNED_IN] = {"institution.signed_in", 17}, [CONTACTED] = {"field.column_contacted", 17},
    [CHANGED] = {"field.changed", 17},           [SUBMITTED] = {"field.column_submitted", 17},
    [SPENT] = {"field.column_spent", 14},
};

struct workbook {
  struct field_filter filter;
  const char *round;
  int file; /* -1 */
};

/* A moment as the clocks in Riga showed it, in the place where spreadsheets have none of their own. */
static void put_time(struct xlsx_sheet *sheet, int row, int column, int64_t ms) {
  if (ms == 0) return;
  int day = clock_riga_day(ms);
  int64_t minutes = (ms - clock_riga_ms(day, 0)) / MINUTE_MS;
  minutes -= (clock_riga_ms(day, (int)minutes) - ms) / MINUTE_MS;
  xlsx_put_time(sheet, row, column, ((int64_t)day * 24 * 60 + minutes) * MINUTE_MS);
}

/* "Anna Bērziņa, anna@example.org, +371 67000000", a line a person; when one of them was here last. */
static const char *contacts_text(struct db *db, struct request *request, int64_t institution, int64_t *signed_in,
                                 struct arena *arena, struct err *err) {
  const struct field_contact *contacts;
  struct buf text = {0};
  size_t count = field_contacts(db, request->actor, institution, arena, &contacts, err);
  *signed_in = 0;
  for (size_t i = 0; i < count; i++) {
    bool phone = contacts[i].phone[0] != '\0';
    buf_printf(&text, "%s%s, %s%s%s", i > 0 ? "\n" : "", contacts[i].name, contacts[i].email, phone ? ", " : "",
               contacts[i].phone);
    if (contacts[i].signed_in_ms > *signed_in) *signed_in = contacts[i].signed_in_ms;
  }
  const char *copy = arena_copy(arena, buf_text(&text));
  buf_free(&text);
  return copy;
}

static bool put_row(struct db *db, struct request *request, struct xlsx_sheet *sheet, int at, const struct field_row *row,
                    struct arena *arena, struct err *err) {
  int64_t signed_in;
  const char *contacts = contacts_text(db, request, row->institution, &signed_in, arena, err);
  xlsx_put_text(sheet, at, NAME, row->name, XLSX_PLAIN);
  xlsx_put_text(sheet, at, ABBREVIATION, row->abbreviation, XLSX_PLAIN);
  xlsx_put_text(sheet, at, NUMBER, row->registration_number, XLSX_PLAIN);
  xlsx_put_text(sheet, at, SECTOR, row->sector, XLSX_PLAIN);
  xlsx_put_text(sheet, at, KIND, field_kind_text(request, row->kind), XLSX_PLAIN);
  xlsx_put_text(sheet, at, STATUS, field_disposition_text(request, row->disposition), XLSX_PLAIN);
  xlsx_put_number(sheet, at, ANSWERED, row->answered);
  xlsx_put_number(sheet, at, REQUIRED, row->required);
  xlsx_put_date(sheet, at, DEADLINE, clock_riga_day(row->deadline_ms));
  xlsx_put_text(sheet, at, CONTACTS, contacts, XLSX_WRAPPED);
  put_time(sheet, at, SIGNED_IN, signed_in);
  put_time(sheet, at, CONTACTED, row->contacted_ms);
  put_time(sheet, at, CHANGED, row->changed_ms);
  put_time(sheet, at, SUBMITTED, row->submitted_ms);
  if (row->active_ms > 0) xlsx_put_number(sheet, at, SPENT, (double)((row->active_ms + MINUTE_MS / 2) / MINUTE_MS));
  return err->code == ERR_NONE;
}

static bool put_rows(struct db *db, struct request *request, struct xlsx_sheet *sheet, struct field_filter filter,
                     struct err *err) {
  struct arena *arena = arena_new();
  int at = 0, total = 1;
  filter.limit = ROWS_AT_ONCE;
  for (filter.offset = 0; filter.offset < total && err->code == ERR_NONE; filter.offset += ROWS_AT_ONCE) {
    const struct field_row *rows;
    arena_reset(arena);
    size_t count = field_list(db, request->actor, &filter, arena, &rows, &total, err);
    for (size_t i = 0; i < count && err->code == ERR_NONE; i++) put_row(db, request, sheet, ++at, &rows[i], arena, err);
  }
  arena_free(arena);
  xlsx_freeze_header(sheet, COLUMNS, at + 1);
  return err->code == ERR_NONE;
}

static int make_workbook(struct db *db, struct request *request, const struct workbook *workbook, struct err *err) {
  const char *title = request_message(request, "title.field", NULL);
  struct xlsx *xlsx = xlsx_new(clock_now_ms(), title, err);
  struct xlsx_sheet *sheet = xlsx != NULL ? xlsx_add_sheet(xlsx, title, err) : NULL;
  for (int i = 0; sheet != NULL && i < COLUMNS; i++) {
    xlsx_set_width(sheet, i, columns[i].width);
    xlsx_put_text(sheet, 0, i, request_message(request, columns[i].message, NULL), XLSX_HEADER);
  }
  if (sheet != NULL && put_rows(db, request, sheet, workbook->filter, err)) return xlsx_finish(xlsx, err);
  xlsx_free(xlsx);
  return -1;
}

static bool note(struct db *db, struct writer_job *job, struct err *err) {
  const struct request *request = job->context;
  const struct field_filter filter = field_filter_parse(request_query_text(request), request->arena);
  return field_note_list(db, request->actor, &filter, err);
}

/* In a thread of its own: a workbook is made as a whole before its first byte goes out. */
static bool make(struct db *none, struct request *request, void *context, struct err *err) {
  struct workbook *workbook = context;
  struct writer_job job = {.run = note, .context = request};
  (void)none;
  if (!writer_run(request->app->writer, &job, err)) return false;
  struct db *db = db_open(request->app->folder, DB_READ, err);
  if (db != NULL && db_begin(db, err)) workbook->file = make_workbook(db, request, workbook, err);
  if (db != NULL) db_close(db);
  return workbook->file >= 0;
}

static bool step(void *context, struct buf *out, bool *done, struct err *err) {
  const struct workbook *workbook = context;
  return xlsx_read(workbook->file, out, done, err);
}

static void end(void *context) {
  struct workbook *workbook = context;
  if (workbook->file >= 0) close(workbook->file);
  workbook->file = -1;
}

static void send(struct request *request, void *context, const struct err *err) {
  struct workbook *workbook = context;
  if (err->code != ERR_NONE) {
    end(workbook);
    reply_error(request, err);
    return;
  }
  char day[11];
  clock_format_date(clock_riga_day(clock_now_ms()), day);
  const char *name = arena_printf(request->arena, "%s-%s.xlsx", workbook->round, day);
  reply_stream(request, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name, step, end, workbook);
}

void page_field_xlsx(struct request *request) {
  struct err err = {0};
  struct workbook *workbook = arena_alloc(request->arena, sizeof *workbook);
  workbook->filter = field_filter_parse(request_query_text(request), request->arena);
  workbook->file = -1;
  struct field_filter settled = workbook->filter;
  if (!field_settle(request_db(request), request->actor, &settled, request->arena, &err)) {
    reply_error(request, &err);
    return;
  }
  workbook->round = settled.round;
  request_work(request, make, send, end, workbook);
}
