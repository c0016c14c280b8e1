#include "web/preview.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "form/load.h"
#include "form/typed.h"
#include "web/pages/pages.h"
#include "web/section_view.h"

/* What was typed into one field. Kept as text, so that it survives a change of the questionnaire. */
struct try {
  struct try *next;
  char *key; /* question, or question:row */
  char *special;
  char **values;
  size_t value_count;
};

struct preview {
  pthread_mutex_t lock;
  char *path;
  long long modified_ns;
  struct form *form; /* NULL when the file is broken */
  struct findings *findings;
  struct try *tries;
};

static void reload(struct preview *preview) {
  long long modified_ns = file_modified_ns(preview->path);
  struct err err = {0};
  if (modified_ns == preview->modified_ns) return;
  form_free(preview->form);
  findings_free(preview->findings);
  preview->findings = findings_new(preview->path);
  preview->form = form_load_file(preview->path, preview->findings, &err);
  if (err.code != ERR_NONE) findings_add(preview->findings, 1, 1, 1, NULL, "%s", err.text);
  preview->modified_ns = modified_ns;
}

struct preview *preview_new(const char *path, struct err *err) {
  if (file_modified_ns(path) == 0) {
    err_set_at(err, ERR_INPUT, path, 0, 0, "cannot be read");
    return NULL;
  }
  struct preview *preview = calloc(1, sizeof *preview);
  if (preview == NULL) abort();
  pthread_mutex_init(&preview->lock, NULL);
  preview->path = strdup(path);
  reload(preview);
  return preview;
}

static void free_try(struct try *try) {
  for (size_t i = 0; i < try->value_count; i++) free(try->values[i]);
  free(try->values);
  free(try->key);
  free(try->special);
  free(try);
}

void preview_free(struct preview *preview) {
  if (preview == NULL) return;
  for (struct try *try = preview->tries, *next; try != NULL; try = next) {
    next = try->next;
    free_try(try);
  }
  form_free(preview->form);
  findings_free(preview->findings);
  pthread_mutex_destroy(&preview->lock);
  free(preview->path);
  free(preview);
}

/* --- the response that is being tried --- */

static void apply(const struct form *form, struct response *response, const struct try *try, struct arena *arena) {
  const char *colon = strchr(try->key, ':');
  const char *id = colon == NULL ? try->key : arena_copy_len(arena, try->key, (size_t)(colon - try->key));
  int question = form_find(form, id), row = -1;
  if (question < 0 || !form_is_answerable(&form->questions[question])) return;
  if ((form->questions[question].roster >= 0) != (colon != NULL)) return;
  if (colon != NULL) row = response_find_row(response, form->questions[question].roster, colon + 1);
  if (colon != NULL && row < 0) return;
  struct value value = {0};
  const char *const *values = (const char *const *)try->values;
  enum typed_fault fault = typed_parse(&form->questions[question], values, try->value_count, try->special, arena, &value);
  if (fault == TYPED_OK) response_set(response, question, row, value);
  else if (try->value_count > 0) response_set_invalid(response, question, row, try->values[0], fault);
}

/* Rosters show two made-up rows. */
static struct state *try_out(struct preview *preview, struct arena *arena) {
  const struct form *form = preview->form;
  struct response *response = response_new(form, arena);
  for (int r = 0; r < form->roster_count; r++) {
    const char *label = form->containers[form->rosters[r]].label.in[0];
    response_add_row(response, r, "r1", arena_printf(arena, "%s 1", label));
    response_add_row(response, r, "r2", arena_printf(arena, "%s 2", label));
  }
  for (const struct try *try = preview->tries; try != NULL; try = try->next) apply(form, response, try, arena);
  return state_compute(response, arena);
}

static struct try *try_of(struct preview *preview, const char *key) {
  for (struct try *try = preview->tries; try != NULL; try = try->next)
    if (strcmp(try->key, key) == 0) return try;
  struct try *try = calloc(1, sizeof *try);
  if (try == NULL) abort();
  try->key = strdup(key);
  try->special = strdup("");
  try->next = preview->tries;
  preview->tries = try;
  return try;
}

static void forget_values(struct try *try) {
  for (size_t i = 0; i < try->value_count; i++) free(try->values[i]);
  try->value_count = 0;
  free(try->special);
  try->special = strdup("");
}

static void take_field(struct preview *preview, const struct field *field) {
  if (field->value[0] == '\0' || field->name[0] == '\0' || field->name[1] != ':') return;
  struct try *try = try_of(preview, field->name + 2);
  if (field->name[0] == 's') {
    free(try->special);
    try->special = strdup(field->value);
  } else if (field->name[0] == 'a') {
    try->values = realloc(try->values, (try->value_count + 1) * sizeof *try->values);
    if (try->values == NULL) abort();
    try->values[try->value_count++] = strdup(field->value);
  }
}

static void take_fields(struct preview *preview, const struct request *request) {
  for (size_t i = 0; i < request->field_count; i++)
    if (strncmp(request->fields[i].name, "v:", 2) == 0) forget_values(try_of(preview, request->fields[i].name + 2));
  for (size_t i = 0; i < request->field_count; i++) take_field(preview, &request->fields[i]);
}

/* --- pages --- */

static const char *copy_text(struct request *request, struct buf *text) {
  const char *copy = arena_copy_len(request->arena, buf_text(text), text->len);
  buf_free(text);
  return copy;
}

static void all_findings_view(struct request *request, struct view *view, const struct preview *preview) {
  struct buf all = {0};
  findings_print(preview->findings, &all);
  view_text(view, "source_findings", copy_text(request, &all));
  view_list(view, "findings");
  for (size_t i = 0; i < findings_count(preview->findings) && i < FINDINGS_MAX; i++) {
    const struct finding *finding = findings_get(preview->findings, i);
    struct view *item = view_item(view, "findings");
    int question = preview->form == NULL || finding->question == NULL ? -1 : form_find(preview->form, finding->question);
    const char *section = question < 0 ? "" : preview->form->sections[preview->form->questions[question].section].id;
    view_text(item, "place", arena_printf(request->arena, "%d:%d", finding->line, finding->column));
    view_text(item, "finding", finding->text);
    view_text(item, "anchor", question < 0 ? "" : arena_printf(request->arena, "/s/%s#q-%s", section, finding->question));
  }
}

static void show_preview(struct request *request, struct preview *preview) {
  struct view *view = view_new(request->arena);
  const struct form *form = preview->form;
  page_frame(request, view, "title.preview");
  view_text(view, "revision", arena_printf(request->arena, "%lld", preview->modified_ns));
  view_bool(view, "broken", form == NULL);
  view_text(view, "form_title", form == NULL ? preview->path : form->title.in[form_language(form, request->language)]);
  view_text(view, "form_version", form == NULL ? "" : form->version);
  view_list(view, "sections");
  all_findings_view(request, view, preview);
  if (form != NULL && form->section_count > 0) {
    int section = form_find_section(form, request->params[0] == NULL ? "" : request->params[0]);
    struct section_page page = {
        .form = form,
        .state = try_out(preview, request->arena),
        .section = section < 0 ? 0 : section,
        .editable = true,
        .base = "",
        .findings = preview->findings,
    };
    section_view(request, view, &page);
    view_text(view, "read_only", "");
    view_text(view, "whose", "");
    view_bool(view, "resumed", false);
    view_text(view, "page_error", "");
  }
  reply_page(request, 200, "preview", view);
}

static void with_preview(struct request *request, void (*act)(struct request *, struct preview *)) {
  struct preview *preview = request->app->extra;
  pthread_mutex_lock(&preview->lock);
  reload(preview);
  act(request, preview);
  pthread_mutex_unlock(&preview->lock);
}

void page_preview(struct request *request) { with_preview(request, show_preview); }

void page_preview_section(struct request *request) { with_preview(request, show_preview); }

static void reply_tried(struct request *request, struct preview *preview, int section) {
  struct section_page page = {
      .form = preview->form, .state = try_out(preview, request->arena), .section = section, .editable = true, .base = ""};
  struct buf out = {0};
  bool first = true;
  buf_puts(&out, "{\"time\":\"\",\"entries\":[");
  for (size_t i = 0; i < request->field_count; i++) {
    if (strncmp(request->fields[i].name, "v:", 2) != 0) continue;
    buf_puts(&out, first ? "{\"key\":" : ",{\"key\":");
    buf_json_string(&out, request->fields[i].name + 2);
    buf_puts(&out, ",\"version\":0,\"result\":\"saved\",\"state\":\"\"}");
    first = false;
  }
  buf_puts(&out, "],");
  section_json(request, &page, &out);
  buf_putc(&out, '}');
  reply_json(request, 200, &out);
  buf_free(&out);
}

static void save_tried(struct request *request, struct preview *preview) {
  int section = preview->form == NULL ? -1 : form_find_section(preview->form, request->params[0]);
  take_fields(preview, request);
  if (section >= 0 && request->wants_json) reply_tried(request, preview, section);
  else reply_redirect(request, arena_printf(request->arena, "/s/%s", request->params[0]));
}

void page_preview_save(struct request *request) { with_preview(request, save_tried); }

static void reply_revision(struct request *request, struct preview *preview) {
  struct buf out = {0};
  buf_printf(&out, "%lld", preview->modified_ns);
  reply_json(request, 200, &out);
  buf_free(&out);
}

void page_preview_revision(struct request *request) { with_preview(request, reply_revision); }
