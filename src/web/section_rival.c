#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "web/locale.h"
#include "web/section_builder.h"

#define BUTTON_LEN_MAX 60 /* bytes of a value in the words of its button */

/* One of the values people choose between. */
struct choice {
  int number; /* 0: what is stored */
  const char *person;
  int64_t person_id, changed_ms;
  struct work_value value;
};

static struct choice stored_choice(struct request *request, const struct work *work, int question, int row) {
  const struct work_mark *mark = work_mark(work, question, row);
  return (struct choice){0, mark->person, mark->person_id, mark->changed_ms,
                         work_stored_value(work, question, row, request->language, request->arena)};
}

static struct choice rival_choice(struct request *request, const struct work *work, const struct work_rival *rival) {
  return (struct choice){rival->number, rival->person, rival->person_id, rival->created_ms,
                         work_rival_value(work, rival, request->language, request->arena)};
}

static const char *text_of(struct request *request, const struct choice *choice) {
  return choice->value.text[0] != '\0' ? choice->value.text : request_message(request, "answer.empty", NULL);
}

/* "Anna Bērziņa · 10:32" */
static const char *line_of(struct request *request, const struct choice *choice) {
  struct view *words = view_new(request->arena);
  view_text(words, "who", choice->person);
  view_text(words, "when", locale_time(choice->changed_ms, LOCALE_DATE_TIME, request->language, request->arena));
  return request_message(request, "conflict.line", words);
}

/* The button names the value, or its beginning. */
static const char *keep_text(struct request *request, const struct choice *choice) {
  struct view *words = view_new(request->arena);
  const char *text = text_of(request, choice);
  size_t len = strcspn(text, "\n");
  bool whole = text[len] == '\0' && len <= BUTTON_LEN_MAX;
  if (!whole) len = utf8_cut(text, len, BUTTON_LEN_MAX);
  while (!whole && len > 0 && text[len - 1] == ' ') len--;
  view_text(words, "answer", arena_printf(request->arena, "%.*s%s", (int)len, text, whole ? "" : "…"));
  return request_message(request, "conflict.keep", words);
}

static void choice_view(struct request *request, struct view *item, const struct choice *choice) {
  view_int(item, "rival_number", choice->number);
  view_bool(item, "rival_stored", choice->number == 0);
  view_text(item, "rival_text", text_of(request, choice));
  view_text(item, "rival_line", line_of(request, choice));
  view_text(item, "rival_keep", keep_text(request, choice));
}

void section_rivals_view(struct request *request, struct view *view, const struct work *work, int question, int row) {
  struct choice choice = stored_choice(request, work, question, row);
  view_list(view, "rival_values");
  choice_view(request, view_item(view, "rival_values"), &choice);
  for (const struct work_rival *r = work_rivals(work, question, row); r != NULL; r = work_next_rival(r)) {
    choice = rival_choice(request, work, r);
    choice_view(request, view_item(view, "rival_values"), &choice);
  }
}

void section_json_value(const struct work_value *value, const char *prefix, struct buf *out) {
  buf_printf(out, ",\"%svalues\":[", prefix);
  for (size_t i = 0; i < value->value_count; i++) {
    if (i > 0) buf_putc(out, ',');
    buf_json_string(out, value->values[i]);
  }
  buf_printf(out, "],\"%sspecial\":", prefix);
  buf_json_string(out, value->special);
}

static void json_choice(struct request *request, const struct choice *choice, struct buf *out) {
  buf_printf(out, "{\"number\":%d,\"line\":", choice->number);
  buf_json_string(out, line_of(request, choice));
  buf_puts(out, ",\"text\":");
  buf_json_string(out, text_of(request, choice));
  buf_puts(out, ",\"keep\":");
  buf_json_string(out, keep_text(request, choice));
  section_json_value(&choice->value, "", out);
  buf_printf(out, ",\"mine\":%s", choice->person_id == request->actor->person ? "true" : "false");
  buf_printf(out, ",\"stored\":%s}", choice->number == 0 ? "true" : "false");
}

void section_json_rivals(struct request *request, const struct work *work, int question, int row, struct buf *out) {
  struct choice choice = stored_choice(request, work, question, row);
  buf_putc(out, '[');
  json_choice(request, &choice, out);
  for (const struct work_rival *r = work_rivals(work, question, row); r != NULL; r = work_next_rival(r)) {
    choice = rival_choice(request, work, r);
    buf_putc(out, ',');
    json_choice(request, &choice, out);
  }
  buf_putc(out, ']');
}
