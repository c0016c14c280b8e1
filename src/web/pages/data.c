#include <stdlib.h>
#include <string.h>

#include "data/writer_table.h"
#include "survey/field.h"
#include "web/locale.h"
#include "web/pages/pages.h"

static const char *const language_names[][2] = {{"lv", "Latviešu"}, {"en", "English"}, {"ru", "Русский"}};

static void languages_view(struct request *request, struct view *view) {
  view_list(view, "set_languages");
  for (size_t i = 0; i < sizeof language_names / sizeof language_names[0]; i++) {
    struct view *item = view_item(view, "set_languages");
    view_text(item, "code", language_names[i][0]);
    view_text(item, "name", language_names[i][1]);
    view_bool(item, "current", strcmp(request->language, language_names[i][0]) == 0);
  }
}

/* No roster is called so: an id begins with a letter. */
#define PARADATA_SET "-time"

static void time_view(struct request *request, struct view *item, const struct field_round *round, const struct field_questionnaire *q) {
  struct view *words = view_new(request->arena);
  view_text(words, "form_title", q->form->title.in[form_language(q->form, request->language)]);
  view_text(item, "set_title",
            request_message(request, "data.time_title", words));
  const char *text = request_message(request, "data.time_set", NULL);
  view_text(item, "set_text", arena_printf(request->arena, "%s · %s", round->title, text));
  view_text(item, "set", arena_printf(request->arena, "%s/%s/" PARADATA_SET, round->id, q->id));
  view_text(item, "when", "–");
  view_bool(item, "sized", false);
}

static void set_view(struct request *request, struct view *item, const struct field_round *round, const struct field_questionnaire *q,
                     int roster) {
  int language = form_language(q->form, request->language);
  const struct form_container *container = roster < 0 ? NULL : &q->form->containers[q->form->rosters[roster]];
  const char *title = q->form->title.in[language];
  const char *kind = container == NULL ? "data.set" : "data.roster_set";
  const char *changed = locale_time(q->changed_ms, LOCALE_DATE_TIME, request->language, request->arena);
  view_text(item, "set_title", container == NULL ? title : arena_printf(request->arena, "%s: %s", title, container->label.in[language]));
  const char *text = request_message(request, kind, NULL);
  view_text(item, "set_text", arena_printf(request->arena, "%s · %s", round->title, text));
  view_text(item, "set", arena_printf(request->arena, "%s/%s/%s", round->id, q->id, container == NULL ? "" : container->id));
  view_text(item, "when", q->changed_ms == 0 ? "–" : changed);
  view_bool(item, "sized", container == NULL);
  view_int(item, "rows", q->responses);
}

void page_data(struct request *request) {
  struct err err = {0};
  const struct field_round *rounds = NULL;
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.data");
  languages_view(request, view);
  view_list(view, "sets");
  size_t round_count = field_rounds(request_db(request), request->actor, request->arena, &rounds, &err);
  for (size_t r = 0; r < round_count; r++) {
    const struct field_questionnaire *list = NULL;
    size_t count = field_questionnaires(request_db(request), request->actor, rounds[r].id, request->arena, &list, &err);
    for (size_t i = 0; i < count; i++)
      for (int roster = -1; roster < list[i].form->roster_count; roster++)
        set_view(request, view_item(view, "sets"), &rounds[r], &list[i], roster);
    for (size_t i = 0; i < count; i++) time_view(request, view_item(view, "sets"), &rounds[r], &list[i]);
  }
  view_bool(view, "has_sets", round_count > 0);
  if (err.code != ERR_NONE) reply_error(request, &err);
  else reply_page(request, 200, "data", view);
}

/* --- a download --- */

/* Holds a connection of its own: a slow client must not keep one of the pool's. */
struct download {
  const char *set[4]; /* round, questionnaire, roster ("" for none), format */
  struct db *db;
  struct dataset *dataset;
  const struct export_format *format;
  void *state;
};

static bool download_step(void *context, struct buf *out, bool *done, struct err *err) {
  struct download *download = context;
  return download->format->step(download->state, out, done, err);
}

static void download_end(void *context) {
  struct download *download = context;
  if (download->state != NULL) download->format->end(download->state);
  if (download->dataset != NULL) dataset_close(download->dataset);
  if (download->db != NULL) db_close(download->db);
}

/* What the pressed button names: ROUND/QUESTIONNAIRE/ROSTER/FORMAT. */
static bool read_set(struct request *request, struct download *download, struct err *err) {
  const char *set = request_query(request, "set");
  for (int i = 0; i < 4; i++) {
    size_t len = strcspn(set, "/");
    if ((set[len] == '/') != (i < 3)) return err_set(err, ERR_NOT_FOUND, "no dataset %s", request_query(request, "set"));
    download->set[i] = arena_copy_len(request->arena, set, len);
    set += len + 1;
  }
  download->format = export_format_find(download->set[3]);
  return download->format != NULL || err_set(err, ERR_NOT_FOUND, "no format %s", download->set[3]);
}

static bool note_download(struct db *db, struct writer_job *job, struct err *err) {
  const struct request *request = job->context;
  return field_note_export(db, request->actor, request_query(request, "set"), err);
}

/* In a thread of its own: a workbook is made as a whole before its first byte goes out. */
static bool start_download(struct db *none, struct request *request, void *context, struct err *err) {
  struct download *download = context;
  struct writer_job note = {.run = note_download, .context = request};
  const char *language = request_query(request, "language");
  bool time = strcmp(download->set[2], PARADATA_SET) == 0;
  struct dataset_spec spec = {
      .round = download->set[0],
      .questionnaire = download->set[1],
      .roster = download->set[2][0] == '\0' || time ? NULL : download->set[2],
      .paradata = time,
      .language = language[0] == '\0' ? request->language : language,
      .labels = request_query(request, "labels")[0] != '\0',
      .submitted_only = request_query(request, "submitted")[0] != '\0',
  };
  struct export_options options = {
      .bom = request_query(request, "bom")[0] != '\0',
      .separator = ',',
      .exported_by = request->actor->name,
  };
  (void)none;
  if (!writer_run(request->app->writer, &note, err)) return false;
  download->db = db_open(request->app->folder, DB_READ, err);
  if (download->db == NULL) return false;
  download->dataset = dataset_open(download->db, &spec, err);
  if (download->dataset == NULL) return false;
  download->state = download->format->start(download->dataset, &options, err);
  return download->state != NULL;
}

static void send_download(struct request *request, void *context, const struct err *err) {
  struct download *download = context;
  if (err->code != ERR_NONE) {
    download_end(download);
    reply_error(request, err);
    return;
  }
  const char *roster = download->set[2];
  bool labels = request_query(request, "labels")[0] != '\0', submitted = request_query(request, "submitted")[0] != '\0';
  bool dashed = roster[0] == '\0' || roster[0] == '-';
  const char *name = arena_printf(request->arena, "%s-%s%s%s-%s%s%s.%s", download->set[0], download->set[1],
                                  dashed ? "" : "-", roster, labels ? "labels-" : "codes-",
                                  request_query(request, "language"), submitted ? "-submitted" : "",
                                  download->format->extension);
  reply_stream(request, download->format->media_type, name, download_step, download_end, download);
}

void page_export(struct request *request) {
  struct err err = {0};
  struct download *download = arena_alloc(request->arena, sizeof *download);
  if (read_set(request, download, &err)) request_work(request, start_download, send_download, download_end, download);
  else reply_error(request, &err);
}
