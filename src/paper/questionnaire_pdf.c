#include "paper/questionnaire_pdf.h"

#include <string.h>

#include "form/typed.h"
#include "form/words.h"
#include "paper/builder.h"

#define CONTENTS_MIN 3 /* sections; fewer need no list */
#define HASH_SHOWN 12
#define NUMBER_CHARACTERS 10 /* that fit beside a question */

/* ---- what the files share */

const char *builder_word(const struct builder *b, enum paper_word word) { return paper_word(word, b->code); }

void builder_phrase(const struct builder *b, enum paper_word word, const char *first, const char *second,
                    struct buf *out) {
  for (const char *at = builder_word(b, word); *at != '\0'; at++) {
    bool part = at[0] == '$' && (at[1] == '1' || at[1] == '2');
    if (!part) buf_putc(out, *at);
    else manuscript_clean(*++at == '1' ? first : second, out);
  }
}

void builder_filter(const struct builder *b, enum paper_word word, const struct expr *filter, struct buf *out) {
  struct buf words = {0};
  form_words(b->form, filter, b->language, &words);
  builder_phrase(b, word, buf_text(&words), NULL, out);
  buf_free(&words);
}

void builder_cells(struct builder *b, int count) {
  for (int i = 0; i < count; i++) buf_reset(&b->cells[i]);
}

void builder_row(struct builder *b, int count) {
  const char *cells[MANUSCRIPT_COLUMNS_MAX];
  for (int i = 0; i < count; i++) cells[i] = buf_text(&b->cells[i]);
  manuscript_row(b->manuscript, cells, count);
}

void builder_lines(const char *style, const char *text, struct buf *out) {
  struct buf clean = {0};
  manuscript_clean(text, &clean);
  const char *at = buf_text(&clean);
  for (bool more = true; more;) {
    size_t len = strcspn(at, "\n");
    if (out->len > 0) buf_putc(out, '\n');
    buf_puts(out, style);
    buf_add(out, at, len);
    more = at[len] == '\n';
    at += len + more;
  }
  buf_free(&clean);
}

void builder_number(const char *number, struct buf *out) {
  struct buf parts = {0};
  size_t line = 0;
  for (const char *at = number; *at != '\0'; at++) {
    size_t word = strcspn(at, "_");
    if (line > 0 && at[-1] == '_' && line + word > NUMBER_CHARACTERS) {
      buf_putc(&parts, '\n');
      line = 0;
    }
    buf_putc(&parts, *at);
    line++;
  }
  builder_lines(LINE_NUMBER, buf_text(&parts), out);
  buf_free(&parts);
}

const char *builder_special(const struct builder *b, const struct form_question *question, enum special special) {
  const char *own = question->special_text[special == SPECIAL_NA ? 0 : 1].in[b->language];
  return own != NULL && *own != '\0' ? own : typed_special_name(special, b->code);
}

static void put_text(struct builder *b, enum manuscript_style style, const char *text) {
  if (text == NULL || *text == '\0') return;
  buf_reset(&b->text);
  manuscript_clean(text, &b->text);
  manuscript_text(b->manuscript, style, buf_text(&b->text));
}

static void put_heading(struct builder *b, int level, const char *text) {
  filled_close(b);
  buf_reset(&b->text);
  manuscript_clean(text, &b->text);
  manuscript_heading(b->manuscript, level, buf_text(&b->text));
}

/* ---- the first page */

static bool given(const char *text) { return text != NULL && *text != '\0'; }

static void put_fact(struct builder *b, enum paper_word name, const char *value) {
  if (!given(value)) return;
  builder_cells(b, 2);
  builder_lines(LINE_HINT, builder_word(b, name), &b->cells[0]);
  builder_lines("", value, &b->cells[1]);
  builder_row(b, 2);
}

static void put_blank_fact(struct builder *b, enum paper_word name) {
  builder_cells(b, 2);
  builder_lines(LINE_HINT, builder_word(b, name), &b->cells[0]);
  buf_puts(&b->cells[1], MARK_RULE);
  builder_row(b, 2);
}

static const char *status_word(const struct builder *b) {
  switch (b->particulars->status) {
    case PAPER_BLANK: return builder_word(b, PAPER_IS_BLANK);
    case PAPER_FILLED: return builder_word(b, PAPER_IS_FILLED);
    case PAPER_DRAFT: return builder_word(b, PAPER_IS_DRAFT);
    case PAPER_SUBMITTED: break;
  }
  return builder_word(b, PAPER_IS_SUBMITTED);
}

static const char *join_people(const struct builder *b) {
  struct buf names = {0};
  for (size_t i = 0; i < b->particulars->people_count; i++)
    buf_printf(&names, i > 0 ? ", %s" : "%s", b->particulars->people[i]);
  const char *copy = arena_copy(b->arena, buf_text(&names));
  buf_free(&names);
  return copy;
}

static void put_facts(struct builder *b) {
  static const struct manuscript_column columns[] = {{ALIGN_LEFT, 125}, {ALIGN_LEFT, PAPER_WIDTH - 125}};
  const struct paper_particulars *its = b->particulars;
  bool blank = its->status == PAPER_BLANK;
  manuscript_table(b->manuscript, !blank, columns, 2, NULL);
  if (blank && !given(its->institution)) put_blank_fact(b, PAPER_INSTITUTION);
  else put_fact(b, PAPER_INSTITUTION, its->institution);
  put_fact(b, PAPER_ROUND, its->round);
  put_fact(b, PAPER_VERSION, arena_printf(b->arena, "%s (%.*s)", b->form->version, HASH_SHOWN, b->form->hash));
  put_fact(b, PAPER_STATUS, status_word(b));
  if (blank) {
    put_blank_fact(b, PAPER_FILLED_BY);
    put_blank_fact(b, PAPER_PHONE);
    put_blank_fact(b, PAPER_DATE);
  }
  put_fact(b, PAPER_SUBMITTED_WHEN, its->submitted_when);
  put_fact(b, PAPER_SUBMITTED_BY, its->submitted_by);
  put_fact(b, PAPER_PEOPLE, join_people(b));
  put_fact(b, PAPER_REVISION, its->revision);
  if (!blank) put_fact(b, PAPER_PRINTED, its->printed);
  put_fact(b, PAPER_RECEIPT, its->receipt);
  put_fact(b, PAPER_CHECKSUM, its->checksum);
  manuscript_end_table(b->manuscript);
}

static void put_checking(struct builder *b) {
  if (b->particulars->status != PAPER_SUBMITTED) return;
  put_heading(b, 4, builder_word(b, PAPER_CHECKING));
  buf_reset(&b->text);
  builder_phrase(b, PAPER_CHECKING_TEXT, b->particulars->receipt_address, NULL, &b->text);
  manuscript_text(b->manuscript, STYLE_HINT, buf_text(&b->text));
}

static bool asks_something(const struct builder *b, const struct form_section *section) {
  for (int i = section->first; i < section->first + section->count; i++) {
    int roster = b->form->questions[i].roster;
    if (roster >= 0 ? state_container_relevant(b->state, b->form->rosters[roster]) : state_relevant(b->state, i, -1))
      return true;
  }
  return false;
}

static bool is_printed(const struct builder *b, int section) {
  return b->state == NULL || (state_section_relevant(b->state, section) && asks_something(b, &b->form->sections[section]));
}

static void put_contents(struct builder *b) {
  int count = 0;
  for (int i = 0; i < b->form->section_count; i++) count += is_printed(b, i);
  if (count < CONTENTS_MIN) return;
  put_heading(b, 4, builder_word(b, PAPER_CONTENTS));
  for (int i = 0; i < b->form->section_count; i++) {
    if (!is_printed(b, i)) continue;
    buf_reset(&b->text);
    manuscript_clean(b->form->sections[i].title.in[b->language], &b->text);
    manuscript_contents(b->manuscript, buf_text(&b->text));
  }
}

static const char *join(const struct builder *b, const char *first, const char *second) {
  if (!given(first)) return given(second) ? second : "";
  return given(second) ? arena_printf(b->arena, "%s · %s", first, second) : first;
}

/* What the running titles say of a draft or a submission. */
static const char *running_state(const struct builder *b) {
  const struct paper_particulars *its = b->particulars;
  if (its->status == PAPER_DRAFT) {
    const char *revision =
        given(its->revision) ? arena_printf(b->arena, "%s %s", builder_word(b, PAPER_REVISION), its->revision) : "";
    return join(b, join(b, builder_word(b, PAPER_WATERMARK), its->printed), revision);
  }
  if (its->status == PAPER_SUBMITTED && given(its->receipt))
    return arena_printf(b->arena, "%s %s", builder_word(b, PAPER_RECEIPT), its->receipt);
  return its->status == PAPER_BLANK ? builder_word(b, PAPER_IS_BLANK) : "";
}

static const char *clean_copy(const struct builder *b, const char *text) {
  struct buf clean = {0};
  manuscript_clean(text, &clean);
  char *copy = arena_copy(b->arena, buf_text(&clean));
  for (char *c = copy; *c != '\0'; c++)
    if (*c == '\n') *c = ' ';
  buf_free(&clean);
  return copy;
}

static void put_about(struct builder *b) {
  const struct paper_particulars *its = b->particulars;
  const char *title = b->form->title.in[b->language];
  const char *version = arena_printf(b->arena, "%s %s", builder_word(b, PAPER_VERSION), b->form->version);
  struct manuscript_about about = {
      .title = clean_copy(b, given(its->institution) ? arena_printf(b->arena, "%s – %s", title, its->institution) : title),
      .author = clean_copy(b, given(its->institution) ? its->institution : ""),
      .language = b->code,
      .created = given(its->created) ? its->created : "",
      .head_left = clean_copy(b, join(b, title, its->institution)),
      .head_right = clean_copy(b, running_state(b)),
      .foot = clean_copy(b, join(b, its->round, version)),
      .page_of = builder_word(b, PAPER_PAGE_OF),
      .watermark = its->status == PAPER_DRAFT ? builder_word(b, PAPER_WATERMARK) : "",
  };
  manuscript_start(b->manuscript, &about);
}

/* ---- sections */

/* "K13M", or "K13M–K15": what a container's filter is about. */
static const char *range_of(const struct builder *b, const struct form_container *container) {
  const char *first = b->form->questions[container->first].number;
  const char *last = b->form->questions[container->first + container->count - 1].number;
  return container->count == 1 ? first : arena_printf(b->arena, "%s–%s", first, last);
}

static void put_container_filter(struct builder *b, const struct form_container *container) {
  if (b->state != NULL || container->relevant == NULL) return;
  struct buf words = {0};
  form_words(b->form, container->relevant, b->language, &words);
  buf_reset(&b->text);
  builder_phrase(b, PAPER_RANGE_IF, range_of(b, container), buf_text(&words), &b->text);
  manuscript_text(b->manuscript, STYLE_NOTE, buf_text(&b->text));
  buf_free(&words);
}

static bool any_relevant(const struct builder *b, const struct form_container *container, int row) {
  if (b->state == NULL) return true;
  for (int i = container->first; i < container->first + container->count; i++)
    if (state_relevant(b->state, i, row)) return true;
  return false;
}

/* Headings, hints and filters of the blocks, matrices and tables that begin at the question. */
static void put_openings(struct builder *b, int question, int row) {
  for (int i = 0; i < b->form->container_count; i++) {
    const struct form_container *container = &b->form->containers[i];
    if (container->first != question || container->kind == CONTAINER_ROSTER || !any_relevant(b, container, row)) continue;
    const char *text = container->text.in[b->language];
    if (*text != '\0') put_heading(b, row < 0 ? 3 : 4, text);
    if (b->state == NULL) put_text(b, STYLE_HINT, container->hint.in[b->language]);
    put_container_filter(b, container);
  }
}

/* The item that begins at a question; returns the question after it. */
static int put_item(struct builder *b, int question, int row) {
  const struct form_question *q = &b->form->questions[question];
  int container = q->matrix >= 0 ? q->matrix : q->table;
  put_openings(b, question, row);
  if (container < 0) {
    if (b->state == NULL) blank_question(b, question);
    else filled_question(b, question, row);
    return question + 1;
  }
  const struct form_container *its = &b->form->containers[container];
  int end = its->first + its->count;
  if (b->state == NULL) {
    if (q->matrix >= 0) blank_matrix(b, container);
    else blank_table(b, container);
  } else if (q->table >= 0 && any_relevant(b, its, row)) {
    filled_table(b, container, row);
  } else {
    for (int i = question; i < end; i++) filled_question(b, i, row);
    filled_close(b);
  }
  return end;
}

static void put_row(struct builder *b, const struct form_container *roster, int row) {
  for (int i = roster->first; i < roster->first + roster->count;) i = put_item(b, i, row);
}

static void blank_roster(struct builder *b, const struct form_container *roster) {
  static const struct manuscript_column columns[] = {{ALIGN_LEFT, 125}, {ALIGN_LEFT, PAPER_WIDTH - 125}};
  put_container_filter(b, roster);
  buf_reset(&b->text);
  builder_phrase(b, PAPER_MORE_ROWS, roster->label.in[b->language], NULL, &b->text);
  manuscript_text(b->manuscript, STYLE_NOTE, buf_text(&b->text));
  put_heading(b, 4, roster->label.in[b->language]);
  manuscript_table(b->manuscript, false, columns, 2, NULL);
  put_blank_fact(b, PAPER_ROW_NAME);
  manuscript_end_table(b->manuscript);
  put_row(b, roster, -1);
}

static void put_roster(struct builder *b, int container) {
  const struct form_container *roster = &b->form->containers[container];
  if (b->state != NULL && !state_container_relevant(b->state, container)) return;
  put_heading(b, 3, roster->text.in[b->language]);
  if (b->state == NULL) {
    put_text(b, STYLE_HINT, roster->hint.in[b->language]);
    blank_roster(b, roster);
    return;
  }
  int count = response_row_count(b->state->response, roster->roster);
  filled_roster_problem(b, container);
  if (count == 0) put_text(b, STYLE_NOTE, builder_word(b, PAPER_NO_ROWS));
  for (int row = 0; row < count; row++) {
    const char *label = response_row(b->state->response, roster->roster, row)->label;
    manuscript_keep(b->manuscript);
    put_heading(b, 3, arena_printf(b->arena, "%s %d: %s", roster->label.in[b->language], row + 1, label));
    put_row(b, roster, row);
    filled_close(b);
    manuscript_end_keep(b->manuscript);
  }
}

static void put_section(struct builder *b, int index) {
  const struct form_section *section = &b->form->sections[index];
  put_heading(b, 2, section->title.in[b->language]);
  if (b->state == NULL) {
    put_text(b, STYLE_HINT, section->hint.in[b->language]);
    if (section->relevant != NULL) {
      buf_reset(&b->text);
      builder_filter(b, PAPER_SECTION_IF, section->relevant, &b->text);
      manuscript_text(b->manuscript, STYLE_NOTE, buf_text(&b->text));
    }
  }
  for (int i = section->first; i < section->first + section->count;) {
    int roster = b->form->questions[i].roster;
    if (roster < 0) {
      i = put_item(b, i, -1);
      continue;
    }
    const struct form_container *container = &b->form->containers[b->form->rosters[roster]];
    put_roster(b, b->form->rosters[roster]);
    i = container->first + container->count;
  }
  filled_close(b);
}

int questionnaire_manuscript(const struct form *form, int language, const struct state *state,
                             const struct paper_particulars *particulars, struct err *err) {
  struct builder b = {.form = form, .language = language, .code = form->languages[language], .state = state,
                      .particulars = particulars};
  b.manuscript = manuscript_new(err);
  if (b.manuscript == NULL) return -1;
  b.arena = arena_new();
  if (state != NULL) b.violations = filled_index(state, b.arena);
  put_about(&b);
  put_heading(&b, 1, form->title.in[language]);
  put_facts(&b);
  if (state == NULL) {
    manuscript_space(b.manuscript, 8);
    put_text(&b, STYLE_HINT, form->hint.in[language]);
  }
  put_checking(&b);
  put_contents(&b);
  for (int i = 0; i < form->section_count; i++)
    if (is_printed(&b, i)) put_section(&b, i);
  for (int i = 0; i < MANUSCRIPT_COLUMNS_MAX; i++) buf_free(&b.cells[i]);
  buf_free(&b.text);
  arena_free(b.arena);
  return manuscript_finish(b.manuscript, err);
}
