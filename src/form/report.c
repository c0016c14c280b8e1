#include "form/report.h"

#include "base/json.h"

static void put_key(struct buf *out, const char *key) {
  buf_json_string(out, key);
  buf_putc(out, ':');
}

/* A comma before everything but the first of a list. */
static void put_comma(struct buf *out, bool *first) {
  if (!*first) buf_putc(out, ',');
  *first = false;
}

static void put_text(const struct form *form, const struct form_text *text, struct buf *out) {
  buf_putc(out, '{');
  for (int i = 0; i < form->language_count; i++) {
    if (i > 0) buf_putc(out, ',');
    put_key(out, form->languages[i]);
    buf_json_string(out, text->in[i]);
  }
  buf_putc(out, '}');
}

static void put_options(const struct form *form, const struct form_question *question, struct buf *out) {
  buf_putc(out, '[');
  for (int i = 0; i < question->option_count; i++) {
    buf_printf(out, i > 0 ? ",{\"code\":%d,\"text\":" : "{\"code\":%d,\"text\":", question->options[i].code);
    put_text(form, &question->options[i].text, out);
    buf_putc(out, '}');
  }
  buf_putc(out, ']');
}

static void put_filter(const struct expr *filter, struct buf *out) {
  struct buf text = {0};
  if (filter != NULL) expr_print(filter, &text);
  buf_json_string(out, filter != NULL ? buf_text(&text) : NULL);
  buf_free(&text);
}

static const char *container_id(const struct form *form, int container) {
  return container >= 0 ? form->containers[container].id : NULL;
}

/* By the bits of enum special. */
static const char *const specials[] = {"[]", "[\"na\"]", "[\"nodata\"]", "[\"na\",\"nodata\"]"};

static void put_question(const struct form *form, const struct form_question *question, struct buf *out) {
  buf_puts(out, "{\"id\":");
  buf_json_string(out, question->id);
  buf_puts(out, ",\"type\":");
  buf_json_string(out, form_type_name(question->type));
  buf_puts(out, ",\"text\":");
  put_text(form, &question->text, out);
  buf_puts(out, ",\"options\":");
  put_options(form, question, out);
  buf_puts(out, ",\"relevant\":");
  put_filter(question->effective, out);
  buf_puts(out, ",\"required\":");
  buf_json_bool(out, question->required);
  buf_puts(out, ",\"specials\":");
  buf_puts(out, specials[question->specials & (SPECIAL_NA | SPECIAL_NODATA)]);
  buf_puts(out, ",\"matrix\":");
  buf_json_string(out, container_id(form, question->matrix));
  buf_puts(out, ",\"roster\":");
  buf_json_string(out, question->roster < 0 ? NULL : container_id(form, form->rosters[question->roster]));
  buf_putc(out, '}');
}

static void put_section(const struct form *form, const struct form_section *section, struct buf *out) {
  buf_puts(out, "{\"id\":");
  buf_json_string(out, section->id);
  buf_puts(out, ",\"title\":");
  put_text(form, &section->title, out);
  buf_puts(out, ",\"questions\":[");
  for (int i = 0; i < section->count; i++) {
    buf_puts(out, i > 0 ? ",\n" : "\n");
    put_question(form, &form->questions[section->first + i], out);
  }
  buf_puts(out, "]}");
}

void form_dump_json(const struct form *form, struct buf *out) {
  buf_puts(out, "{\"id\":");
  buf_json_string(out, form->id);
  buf_puts(out, ",\"version\":");
  buf_json_string(out, form->version);
  buf_puts(out, ",\"languages\":[");
  for (int i = 0; i < form->language_count; i++) {
    if (i > 0) buf_putc(out, ',');
    buf_json_string(out, form->languages[i]);
  }
  buf_puts(out, "],\"title\":");
  put_text(form, &form->title, out);
  buf_puts(out, ",\"sections\":[");
  for (int i = 0; i < form->section_count; i++) {
    if (i > 0) buf_putc(out, ',');
    put_section(form, &form->sections[i], out);
  }
  buf_puts(out, "]}");
}

/* Rows of a question's roster; one cell outside rosters. */
static int cell_count(const struct state *state, const struct form_question *question) {
  return question->roster < 0 ? 1 : response_row_count(state->response, question->roster);
}

static const char *row_id(const struct state *state, int question, int row) {
  int roster = question < 0 ? -1 : state->form->questions[question].roster;
  return roster < 0 ? NULL : response_row(state->response, roster, row)->id;
}

/* "K13M", in a roster "P52[s1]". */
static void put_place(const struct state *state, int question, int row, struct buf *out) {
  const char *id = state->form->questions[question].id;
  const char *in = row_id(state, question, row);
  if (in == NULL) {
    buf_json_string(out, id);
    return;
  }
  struct buf place = {0};
  buf_printf(&place, "%s[%s]", id, in);
  buf_json_string(out, buf_text(&place));
  buf_free(&place);
}

static void put_relevant(const struct state *state, struct buf *out) {
  bool first = true;
  for (int i = 0; i < state->form->question_count; i++) {
    int count = cell_count(state, &state->form->questions[i]);
    for (int row = 0; row < count; row++) {
      if (!state_relevant(state, i, row)) continue;
      put_comma(out, &first);
      put_place(state, i, row, out);
    }
  }
}

static void put_missing(const struct state *state, struct buf *out) {
  for (size_t i = 0; i < state->missing_count; i++) {
    if (i > 0) buf_putc(out, ',');
    put_place(state, state->missing[i].question, state->missing[i].row, out);
  }
}

static void put_violations(const struct state *state, int language, struct buf *out) {
  struct buf message = {0};
  for (size_t i = 0; i < state->violation_count; i++) {
    const struct violation *violation = &state->violations[i];
    bool rows = violation->question < 0;
    buf_puts(out, i > 0 ? ",{\"question\":" : "{\"question\":");
    buf_json_string(out, rows ? container_id(state->form, violation->container)
                              : state->form->questions[violation->question].id);
    buf_puts(out, ",\"row\":");
    buf_json_string(out, row_id(state, violation->question, violation->row));
    buf_puts(out, ",\"severity\":");
    buf_json_string(out, violation->severity == SEVERITY_ERROR ? "error" : "warning");
    buf_reset(&message);
    state_message(state, violation, language, &message);
    buf_puts(out, ",\"message\":");
    buf_json_string(out, buf_text(&message));
    buf_putc(out, '}');
  }
  buf_free(&message);
}

static void put_figure(const struct state *state, int question, int row, struct buf *out) {
  struct value value = state_value(state, question, row);
  switch (value.kind) {
    case VALUE_NUMBER:
      buf_json_number(out, value.number);
      break;
    case VALUE_BOOL:
      buf_json_bool(out, value.number != 0);
      break;
    case VALUE_TEXT:
      buf_json_string(out, value.text);
      break;
    default:
      buf_puts(out, "null");
  }
}

/* Of the rows where it is relevant; nothing when there is none. */
static void put_calculated_rows(const struct state *state, int question, bool *first, struct buf *out) {
  bool first_row = true;
  int count = cell_count(state, &state->form->questions[question]);
  for (int row = 0; row < count; row++) {
    if (!state_relevant(state, question, row)) continue;
    if (first_row) {
      put_comma(out, first);
      put_key(out, state->form->questions[question].id);
      buf_putc(out, '{');
    }
    put_comma(out, &first_row);
    put_key(out, row_id(state, question, row));
    put_figure(state, question, row, out);
  }
  if (!first_row) buf_putc(out, '}');
}

static void put_calculated(const struct state *state, struct buf *out) {
  bool first = true;
  for (int i = 0; i < state->form->question_count; i++) {
    const struct form_question *question = &state->form->questions[i];
    if (question->type != QUESTION_CALCULATE) continue;
    if (question->roster >= 0) {
      put_calculated_rows(state, i, &first, out);
    } else if (state_relevant(state, i, -1)) {
      put_comma(out, &first);
      put_key(out, question->id);
      put_figure(state, i, -1, out);
    }
  }
}

void state_dump_json(const struct state *state, int language, struct buf *out) {
  buf_puts(out, "{\"relevant\":[");
  put_relevant(state, out);
  buf_puts(out, "],\"missing\":[");
  put_missing(state, out);
  buf_puts(out, "],\"violations\":[");
  put_violations(state, language, out);
  buf_puts(out, "],\"calculated\":{");
  put_calculated(state, out);
  buf_puts(out, "},\"complete\":");
  buf_json_bool(out, state->complete);
  buf_putc(out, '}');
}
