#include <stdlib.h>
#include <string.h>

#include "data/writer_table.h"
#include "survey/field.h"
#include "web/pages/pages.h"

static const char *const language_names[][2] = {{"lv", "Latviešu"}, {"en", "English"}, {"ru", "Русский"}};

static void languages_view(struct request *request, struct view *view) {
  view_list(view, "languages");
  for (size_t i = 0; i < sizeof language_names / sizeof language_names[0]; i++) {
    struct view *item = view_item(view, "languages");
    view_text(item, "code", language_names[i][0]);
    view_text(item, "name", language_names[i][1]);
    view_bool(item, "current", strcmp(request->language, language_names[i][0]) == 0);
  }
}

static void set_view(struct request *request, struct view *item, const char *round, const struct field_questionnaire *q,
                     int roster, int number) {
  int language = form_language(q->form, request->language);
  const struct form_container *container = roster < 0 ? NULL : &q->form->containers[q->form->rosters[roster]];
  const char *title = q->form->title.in[language];
  const char *kind = container == NULL ? "data.set" : "data.roster_set";
  view_int(item, "set", number);
  view_text(item, "set_title", container == NULL ? title : arena_printf(request->arena, "%s: %s", title, container->label.in[language]));
  view_text(item, "set_text", template_message(request->app->templates, kind, request->language, NULL, request->arena));
  view_text(item, "round", round);
  view_text(item, "questionnaire", q->id);
  view_text(item, "roster", container == NULL ? "" : container->id);
  view_bool(item, "sized", container == NULL);
  view_int(item, "rows", q->responses);
  languages_view(request, item);
}

void page_data(struct request *request) {
  struct err err = {0};
  const struct field_round *rounds = NULL;
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.data");
  view_list(view, "sets");
  size_t round_count = field_rounds(request_db(request), request->actor, request->arena, &rounds, &err);
  for (size_t r = 0, number = 0; r < round_count; r++) {
    const struct field_questionnaire *list = NULL;
    size_t count = field_questionnaires(request_db(request), request->actor, rounds[r].id, request->arena, &list, &err);
    for (size_t i = 0; i < count; i++)
      for (int roster = -1; roster < list[i].form->roster_count; roster++)
        set_view(request, view_item(view, "sets"), rounds[r].id, &list[i], roster, (int)++number);
  }
  if (err.code != ERR_NONE) reply_error(request, &err);
  else reply_page(request, 200, "data", view);
}

/* --- a download --- */

/* Holds a connection of its own: a slow client must not keep one of the pool's. */
struct download {
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
  db_close(download->db);
}

static bool start_download(struct request *request, struct download *download, struct err *err) {
  const char *roster = request_query(request, "roster"), *language = request_query(request, "language");
  struct dataset_spec spec = {
      .round = request_query(request, "round"),
      .questionnaire = request_query(request, "questionnaire"),
      .roster = roster[0] == '\0' ? NULL : roster,
      .language = language[0] == '\0' ? request->language : language,
      .labels = request_query(request, "labels")[0] != '\0',
      .submitted_only = request_query(request, "submitted")[0] != '\0',
  };
  struct export_options options = {
      .bom = request_query(request, "bom")[0] != '\0',
      .separator = ',',
      .exported_by = request->actor->name,
  };
  download->format = export_format_find(request_query(request, "format"));
  if (download->format == NULL) return err_set(err, ERR_NOT_FOUND, "no format %s", request_query(request, "format"));
  download->db = db_open(request->app->folder, DB_READ, err);
  if (download->db == NULL) return false;
  download->dataset = dataset_open(download->db, &spec, err);
  if (download->dataset == NULL) return false;
  download->state = download->format->start(download->dataset, &options, err);
  return download->state != NULL;
}

void page_export(struct request *request) {
  struct err err = {0};
  struct download *download = arena_alloc(request->arena, sizeof *download);
  if (!rights_allow(request->actor, ACTION_EXPORT, 0)) {
    err_set(&err, ERR_DENIED, "this role may not export");
    reply_error(request, &err);
    return;
  }
  if (!start_download(request, download, &err)) {
    download_end(download);
    reply_error(request, &err);
    return;
  }
  const char *roster = request_query(request, "roster");
  const char *name = arena_printf(request->arena, "%s-%s%s%s.%s", request_query(request, "round"),
                                  request_query(request, "questionnaire"), roster[0] == '\0' ? "" : "-", roster,
                                  download->format->extension);
  reply_stream(request, download->format->media_type, name, download_step, download_end, download);
}
