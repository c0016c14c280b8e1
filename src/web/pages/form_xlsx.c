#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "data/form_xlsx.h"
#include "data/xlsx.h"
#include "survey/field.h"
#include "web/locale.h"
#include "web/pages/pages.h"

struct workbook {
  const struct work *work;
  struct form_xlsx spec;
  int file; /* -1 */
};

/* The round's title and whom to ask. */
static bool read_round(struct request *request, struct workbook *workbook, struct err *err) {
  const struct field_round *rounds = NULL;
  size_t count = field_rounds(request_db(request), request->actor, request->arena, &rounds, err);
  for (size_t i = 0; i < count; i++) {
    if (strcmp(rounds[i].id, workbook->work->item.round) != 0) continue;
    const char *phone = rounds[i].help_phone, *email = rounds[i].help_email;
    workbook->spec.round = rounds[i].title;
    workbook->spec.help =
        arena_printf(request->arena, "%s%s%s", phone, phone[0] != '\0' && email[0] != '\0' ? ", " : "", email);
  }
  return err->code == ERR_NONE;
}

/* In a thread of its own: a workbook is made as a whole before its first byte goes out. */
static bool make(struct db *none, struct request *request, void *context, struct err *err) {
  struct workbook *workbook = context;
  (void)none;
  (void)request;
  workbook->file = form_xlsx_make(workbook->work->item.form, &workbook->spec, err);
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
    reply_error(request, err);
    return;
  }
  const struct work_item *item = &workbook->work->item;
  const char *name = arena_printf(request->arena, "%s-%s-%s%s.xlsx", item->round, item->questionnaire, request->language,
                                  workbook->spec.state != NULL ? "-filled" : "");
  reply_stream(request, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name, step, end, workbook);
}

void page_form_xlsx(struct request *request) {
  struct err err = {0};
  struct work *work = open_response(request);
  if (work == NULL) return;
  struct workbook *workbook = arena_alloc(request->arena, sizeof *workbook);
  workbook->work = work;
  workbook->file = -1;
  workbook->spec = (struct form_xlsx){
      .language = request->language,
      .state = request_query(request, "filled")[0] != '\0' ? work->state : NULL,
      .institution = work->institution_name,
      .deadline = locale_time(work->item.deadline_ms, LOCALE_DATE, request->language, request->arena),
      .address = arena_printf(request->arena, "%s/r/%lld", request->app->base_url, (long long)work->item.response),
      .made_ms = clock_now_ms(),
      .round = "",
      .help = "",
  };
  if (read_round(request, workbook, &err)) request_work(request, make, send, end, workbook);
  else reply_error(request, &err);
}
