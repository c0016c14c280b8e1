#include "web/corrected_view.h"

#include <string.h>

#include "base/json.h"
#include "web/locale.h"

const char *corrected_date(struct request *request, int64_t ms) {
  return locale_time(ms, LOCALE_DATE, request->language, request->arena);
}

const char *corrected_change_name(struct request *request, const char *change) {
  char *key = arena_printf(request->arena, "change.%s", change);
  for (char *at = key; *at != '\0'; at++)
    if (*at == ' ') *at = '_';
  return request_message(request, key, NULL);
}

/* Details of expressions and of languages are for authors. */
static bool people_read(const char *change) {
  static const char *const readable[] = {"option removed", "option recoded", "option reworded", "option added", "bounds",
                                         "length", "required"};
  for (size_t i = 0; i < sizeof readable / sizeof *readable; i++)
    if (strcmp(change, readable[i]) == 0) return true;
  return false;
}

const char *corrected_changes_text(struct request *request, const struct correction_change *change) {
  struct buf text = {0};
  for (; change != NULL; change = change->next) {
    bool detail = people_read(change->change) && change->detail[0] != '\0';
    buf_printf(&text, "%s%s%s%s", text.len > 0 ? "; " : "", corrected_change_name(request, change->change),
               detail ? ": " : "", detail ? change->detail : "");
  }
  const char *copy = arena_copy_len(request->arena, buf_text(&text), text.len);
  buf_free(&text);
  return copy;
}

static const char *changed_sentence(const struct builder *b, const struct work_misfit *changed, int question) {
  const struct correction_told *told = b->page->told;
  struct view *words = view_new(b->arena);
  const char *key = strcmp(changed->fault, "new") == 0 ? "corrected.new" : "corrected.changed";
  const struct correction_change *changes = told != NULL ? told->changes[question] : NULL;
  view_text(words, "when", corrected_date(b->request, changed->created_ms));
  view_text(words, "what", corrected_changes_text(b->request, changes));
  return request_message(b->request, key, words);
}

void corrected_question_view(const struct builder *b, struct view *view, int question, int row) {
  const struct work *work = b->page->work;
  const struct work_misfit *misfit = work != NULL ? work_misfit(work, question, row) : NULL;
  const struct work_misfit *changed = work != NULL ? work_changed(work, question) : NULL;
  view_bool(view, "misfit", misfit != NULL);
  view_text(view, "misfit_text",
            misfit == NULL ? "" : work_misfit_text(request_db(b->request), misfit, b->request->language, b->arena));
  view_text(view, "question_changed", changed == NULL ? "" : changed_sentence(b, changed, question));
}

void corrected_line_view(struct request *request, struct view *view, const struct work *work) {
  struct view *words = view_new(request->arena);
  int64_t last = 0;
  int count = 0, misfits = 0;
  for (const struct work_misfit *misfit = work->misfits; misfit != NULL; misfit = misfit->next) {
    count++;
    misfits += misfit->answer;
    if (misfit->created_ms > last) last = misfit->created_ms;
  }
  view_text(words, "when", corrected_date(request, last));
  view_int(words, "count", count);
  view_int(words, "misfits", misfits);
  const char *key = misfits > 0 ? "corrected.line_misfits" : "corrected.line";
  view_text(view, "corrected_line", count == 0 ? "" : request_message(request, key, words));
  view_text(view, "corrected_link", arena_printf(request->arena, "/r/%lld/corrected", (long long)work->item.response));
}

static const char *key_of(const struct builder *b, const struct work_misfit *misfit) {
  return misfit->row[0] == '\0' ? misfit->question : arena_printf(b->arena, "%s:%s", misfit->question, misfit->row);
}

void corrected_json(const struct builder *b, struct buf *out) {
  const struct work_misfit *first = b->page->work != NULL ? b->page->work->misfits : NULL;
  for (int answers = 1; answers >= 0; answers--) {
    const char *between = "";
    buf_printf(out, ",\"%s\":[", answers ? "misfits" : "changes");
    for (const struct work_misfit *misfit = first; misfit != NULL; misfit = misfit->next) {
      if (misfit->answer != (answers == 1) || misfit->at < 0) continue;
      buf_puts(out, between);
      buf_json_string(out, key_of(b, misfit));
      between = ",";
    }
    buf_putc(out, ']');
  }
}
