/* What colleagues say about the answers of a section, on its page and for its script. */
#include "base/json.h"
#include "web/query_view.h"
#include "web/section_builder.h"

void section_talk_view(const struct builder *b, struct view *view, int question, int row) {
  const struct work *work = b->page->work;
  if (work == NULL) {
    view_text(view, "talk_link", "");
    return;
  }
  const struct work_talk *talk = work_talk(work, question, row);
  view_text(view, "talk_link", section_history_link(b, question, row));
  view_bool(view, "flagged", talk->flagged);
  view_bool(view, "sees_notes", work->among);
  view_int(view, "notes", talk->notes);
  view_bool(view, "offers_note", work->editable && work->among);
  int mark = query_mark_state(b->request->actor, work, talk);
  view_text(view, "query_mark", mark < 0 ? "none" : query_state_name((enum query_state)mark));
  view_text(view, "query_text", query_mark_text(b->request, work, mark));
}

static const char *words(const struct builder *b, const char *key, const struct view *view) {
  return request_message(b->request, key, view);
}

void section_talk_json(const struct builder *b, int question, int row, const struct work_talk *talk, struct buf *out) {
  struct view *view = view_new(b->arena);
  view_int(view, "notes", talk->notes);
  buf_printf(out, "{\"notes\":%d,\"notes_text\":", talk->notes);
  buf_json_string(out, words(b, talk->notes > 0 ? "talk.count" : "talk.note", view));
  buf_printf(out, ",\"flag\":%s,\"flag_text\":", talk->flagged ? "true" : "false");
  buf_json_string(out, words(b, "talk.flagged", NULL));
  int mark = query_mark_state(b->request->actor, b->page->work, talk);
  buf_puts(out, ",\"query\":");
  buf_json_string(out, mark < 0 ? "none" : query_state_name((enum query_state)mark));
  buf_puts(out, ",\"query_text\":");
  buf_json_string(out, query_mark_text(b->request, b->page->work, mark));
  buf_puts(out, ",\"link\":");
  buf_json_string(out, section_history_link(b, question, row));
  buf_putc(out, '}');
}
