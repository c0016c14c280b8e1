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

static void set_view(struct request *request, struct view *item, const char *round, const struct field_questionnaire *q,
                     int roster) {
  int language = form_language(q->form, request->language);
  const struct form_container *container = roster < 0 ? NULL : &q->form->containers[q->form->rosters[roster]];
  const char *title = q->form->title.in[language];
  const char *kind = container == NULL ? "data.set" : "data.roster_set";
  const char *changed = locale_time(q->changed_ms, LOCALE_DATE_TIME, request->language, request->arena);
  view_text(item, "set_title", container == NULL ? title : arena_printf(request->arena, "%s: %s", title, container->label.in[language]));
  view_text(item, "set_text", template_message(request->app->templates, kind, request->language, NULL, request->arena));
  view_text(item, "set", arena_printf(request->arena, "%s/%s/%s", round, q->id, container == NULL ? "" : container->id));
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
        set_view(request, view_item(view, "sets"), rounds[r].id, &list[i], roster);
  }
  view_bool(view, "has_sets", round_count > 0);
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
  if (download->db != NULL) db_close(download->db);
}

/* What the pressed button names: ROUND/QUESTIONNAIRE/ROSTER/FORMAT, the roster may be empty. */
static bool read_set(struct request *request, const char *parts[4]) {
  const char *set = request_query(request, "set");
  for (int i = 0; i < 4; i++) {
    size_t len = strcspn(set, "/");
    if ((set[len] == '/') != (i < 3)) return false;
    parts[i] = arena_copy_len(request->arena, set, len);
    set += len + 1;
  }
  return true;
}

static bool start_download(struct request *request, const char *const set[4], struct download *download, struct err *err) {
  const char *language = request_query(request, "language");
  struct dataset_spec spec = {
      .round = set[0],
      .questionnaire = set[1],
      .roster = set[2][0] == '\0' ? NULL : set[2],
      .language = language[0] == '\0' ? request->language : language,
      .labels = request_query(request, "labels")[0] != '\0',
      .submitted_only = request_query(request, "submitted")[0] != '\0',
  };
  struct export_options options = {
      .bom = request_query(request, "bom")[0] != '\0',
      .separator = ',',
      .exported_by = request->actor->name,
  };
  download->format = export_format_find(set[3]);
  if (download->format == NULL) return err_set(err, ERR_NOT_FOUND, "no format %s", set[3]);
  download->db = db_open(request->app->folder, DB_READ, err);
  if (download->db == NULL) return false;
  download->dataset = dataset_open(download->db, &spec, err);
  if (download->dataset == NULL) return false;
  download->state = download->format->start(download->dataset, &options, err);
  return download->state != NULL;
}

void page_export(struct request *request) {
  struct err err = {0};
  const char *set[4] = {0};
  struct download *download = arena_alloc(request->arena, sizeof *download);
  if (!rights_allow(request->actor, ACTION_EXPORT, 0)) err_set(&err, ERR_DENIED, "this role may not export");
  else if (!read_set(request, set)) err_set(&err, ERR_NOT_FOUND, "no data set %s", request_query(request, "set"));
  else start_download(request, set, download, &err);
  if (err.code != ERR_NONE) {
    download_end(download);
    reply_error(request, &err);
    return;
  }
  const char *name = arena_printf(request->arena, "%s-%s%s%s.%s", set[0], set[1], set[2][0] == '\0' ? "" : "-", set[2],
                                  download->format->extension);
  reply_stream(request, download->format->media_type, name, download_step, download_end, download);
}
