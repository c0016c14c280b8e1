/* What the two sides of a section page share, the HTML and the answer to its script: inside of section_*.c. */
#ifndef ANKETA_WEB_SECTION_BUILDER_H
#define ANKETA_WEB_SECTION_BUILDER_H

#include "web/section_view.h"

struct builder {
  struct request *request;
  const struct section_page *page;
  const struct form *form;
  const struct state *state;
  const struct response *response;
  struct arena *arena;
  int language; /* index in the form */
  const char *error_word, *warning_word;
};

struct builder section_builder(struct request *request, const struct section_page *page);

/* In the arena. */
const char *section_message(const struct builder *builder, const struct violation *violation);

/* False for what somebody has confirmed. */
bool section_shows(const struct builder *builder, const struct violation *violation);

/* A calculated value as people read it, a dash when it is unknown. */
const char *section_calculated(const struct builder *builder, int question, int row);

/* How much of a roster's row is answered: of the required questions that apply. */
void section_row_progress(const struct builder *builder, const struct form_container *container, int row, int *answered,
                          int *required);

/* True when the place has open rivals and its question applies. */
bool section_must_choose(const struct builder *builder, int question, int row);

/* The values of one place, as section_json describes them: an array. */
void section_json_rivals(struct request *request, const struct work *work, int question, int row, struct buf *out);

/* The page of the answer's history. */
const char *section_history_link(const struct builder *builder, int question, int row);
/* section_talk.c: what colleagues say about an answer, beside it: talk_link (the question's page, "" in a preview), flagged,
 * sees_notes, notes, offers_note, query_mark (the state that is told, "none"), query_text. The same as a JSON object. */
void section_talk_view(const struct builder *builder, struct view *view, int question, int row);
void section_talk_json(const struct builder *builder, int question, int row, const struct work_talk *talk,
                       struct buf *out);

/* "5 no 7", "does not apply"; nothing when there is nothing to count. */
const char *section_progress_text(struct request *request, const struct state *state, int section);

#endif
