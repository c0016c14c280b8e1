/* What a corrected questionnaire left its people to look at: answers that no longer fit, questions that are gone, changed or
 * new. And what was typed into a page of before. */
#include <stdlib.h>
#include <string.h>

#include "form/typed.h"
#include "survey/forms.h"
#include "web/corrected_view.h"
#include "web/pages/pages.h"

/* An entry as it reads in the questionnaire it was typed into. */
static const char *entry_text(const struct form *form, int question, const struct save_entry *entry, struct request *request) {
  struct buf text = {0};
  const struct form_question *q = question < 0 ? NULL : &form->questions[question];
  for (size_t i = 0; i < entry->value_count; i++) {
    int option = q != NULL ? form_option_index(q, (int)strtol(entry->values[i], NULL, 10)) : -1;
    buf_printf(&text, "%s%s", text.len > 0 ? "; " : "",
               option < 0 ? entry->values[i] : q->options[option].text.in[form_language(form, request->language)]);
  }
  if (entry->special[0] != '\0') {
    enum special special = strcmp(entry->special, "na") == 0 ? SPECIAL_NA : SPECIAL_NODATA;
    buf_puts(&text, typed_special_name(special, request->language));
  }
  const char *copy = arena_copy_len(request->arena, buf_text(&text), text.len);
  buf_free(&text);
  return copy;
}

void corrected_unsaved_view(struct request *request, struct view *item, const struct save_entry *entry) {
  struct err err = {0};
  const struct form *form = entry->shown > 0 ? forms_get(request_db(request), entry->shown, &err) : NULL;
  int question = form == NULL ? -1 : form_find(form, entry->question);
  const struct form_question *q = question < 0 ? NULL : &form->questions[question];
  view_text(item, "number", q == NULL ? entry->question : q->number);
  view_text(item, "text", q == NULL ? "" : q->text.in[form_language(form, request->language)]);
  view_text(item, "typed", entry_text(form, question, entry, request));
}

static void misfit_view(struct request *request, struct view *view, const struct work *work,
                        const struct correction_told *told, const struct work_misfit *misfit) {
  const struct form *form = work->item.form;
  const char *list = !misfit->answer ? "changed" : misfit->at < 0 ? "gone" : "misfits";
  if (!misfit->answer && misfit->at < 0) return; /* it changed, and was taken away later */
  struct view *item = view_item(view, list);
  struct work_misfit_about about;
  work_misfit_about(request_db(request), work, misfit, request->language, request->arena, &about);
  const char *base = arena_printf(request->arena, "/r/%lld", (long long)work->item.response);
  view_text(item, "number", about.number);
  view_text(item, "text", about.text);
  view_text(item, "row_label", about.row_label);
  view_text(item, "answer", about.answer);
  view_text(item, "link", misfit->at < 0 ? "" : section_field_link(request->arena, base, form, misfit->at, misfit->row));
  const char *key = arena_printf(request->arena, "corrected.fault.%s", misfit->fault);
  view_text(item, "fault", request_message(request, key, NULL));
  const struct correction_change *changes = misfit->at < 0 ? NULL : told->changes[misfit->at];
  bool is_new = strcmp(misfit->fault, "new") == 0;
  view_text(item, "what", misfit->answer || is_new ? "" : corrected_changes_text(request, changes));
}

static void show(struct request *request, int status, const struct work *work, const struct save_entry *entries,
                 size_t count) {
  struct err err = {0};
  struct view *view = view_new(request->arena);
  const struct correction_told *told = correction_told(request_db(request), work, request->language, request->arena, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  page_frame(request, view, "title.corrected");
  view_text(view, "form_title", work->item.form->title.in[form_language(work->item.form, request->language)]);
  view_text(view, "form_version", work->item.form->version);
  view_text(view, "whose", request->actor->role == ROLE_CONTACT ? "" : work->institution_name);
  view_int(view, "response", work->item.response);
  view_text(view, "when", told != NULL ? corrected_date(request, told->last_ms) : "");
  static const char *const lists[] = {"misfits", "gone", "changed", "notes", "unsaved"};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) view_list(view, lists[i]);
  for (size_t i = 0; told != NULL && i < told->note_count; i++) view_text(view_item(view, "notes"), "note", told->notes[i]);
  for (const struct work_misfit *misfit = work->misfits; misfit != NULL; misfit = misfit->next)
    misfit_view(request, view, work, told, misfit);
  for (size_t i = 0; i < count; i++)
    if (entries[i].result == SAVE_REFUSED) corrected_unsaved_view(request, view_item(view, "unsaved"), &entries[i]);
  bool any_unsaved = false;
  for (size_t i = 0; i < count; i++) any_unsaved = any_unsaved || entries[i].result == SAVE_REFUSED;
  view_bool(view, "has_unsaved", any_unsaved);
  view_bool(view, "has_misfits", told != NULL && told->misfits > told->gone);
  view_bool(view, "has_gone", told != NULL && told->gone > 0);
  view_bool(view, "has_changed", told != NULL && told->changed > 0);
  view_bool(view, "nothing", told == NULL);
  view_bool(view, "may_note", work->editable && told != NULL && told->changed + told->gone > 0);
  reply_page(request, status, "corrected", view);
}

void corrected_reply(struct request *request, const struct work *work, const struct save_entry *entries, size_t count) {
  bool refused = false;
  for (size_t i = 0; i < count; i++) refused = refused || entries[i].result == SAVE_REFUSED;
  if (refused) show(request, 400, work, entries, count);
  else reply_redirect(request, arena_printf(request->arena, "/r/%lld/corrected", (long long)work->item.response));
}

void page_corrected(struct request *request) {
  const struct work *work = open_response(request);
  if (work != NULL) show(request, 200, work, NULL, 0);
}

static bool note_read(struct db *db, struct request *request, void *context, struct err *err) {
  const int64_t *response = context;
  return correction_note_read(db, request->actor, *response, err);
}

static void noted(struct request *request, void *context, const struct err *err) {
  const int64_t *response = context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else reply_redirect(request, arena_printf(request->arena, "/r/%lld/corrected", (long long)*response));
}

void page_corrected_read(struct request *request) {
  int64_t *response = arena_alloc(request->arena, sizeof *response);
  *response = strtoll(request->params[0], NULL, 10);
  request_write(request, note_read, noted, response);
}
