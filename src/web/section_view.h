/* A section of a questionnaire as a page shows it: questions, matrices, tables of figures, rosters, what is wrong with
 * each. The same for a contact's page, a reader's, and an author's preview. Decides nothing: the engine's state does. */
#ifndef ANKETA_WEB_SECTION_VIEW_H
#define ANKETA_WEB_SECTION_VIEW_H

#include "form/findings.h"
#include "survey/correction_told.h"
#include "survey/prior.h"
#include "survey/work.h"
#include "web/server.h"

struct section_page {
  const struct form *form;
  const struct state *state;
  const struct work *work; /* marks and confirmations; NULL in a preview */
  const struct correction_told *told; /* what a correction changed, NULL: nothing */
  const struct prior *prior; /* last round's answers, NULL: none to show */
  int section;
  bool editable;
  const char *base; /* address that "/s/ID" and "/h/ID" follow, e.g. "/r/12" */
  /* Entries that were posted. Those that are not stored (refused, full disk) are shown in place of what is stored. */
  const struct save_entry *entries;
  size_t entry_count;
  const struct findings *findings; /* an author's preview: what is wrong with the questionnaire; else NULL */
};

/* Sets items, sections (the navigation), section_title, section_hint, position, total, problems, previous, next. */
void section_view(struct request *request, struct view *view, const struct section_page *page);

/* Sets sections alone, for pages that show only progress: id, section_title, link, answered, required, max, counted,
 * progress_text, current, state, state_text, assignee (name), mine (the actor is it). */
void section_list_view(struct request *request, struct view *view, const struct section_page *page);

/* "K13M", or "P52:r1" for a row; what form fields and element ids are called after. */
const char *section_key(const struct form *form, const struct response *response, int question, int row,
                        struct arena *arena);

/* The address of a question's field; row_id "" outside rosters. */
const char *section_field_link(struct arena *arena, const char *base, const struct form *form, int question,
                               const char *row_id);

/* The section to continue with: the first that applies and is not done, else the first that applies. */
int section_resume(const struct state *state);

/* The next (step 1) or previous (-1) section that applies; -1 when there is none. */
int section_step(const struct state *state, int section, int step);

/* Sets rival_values, what people choose between at a place with open rivals: rival_number (0: what is stored), rival_stored,
 * rival_text, rival_line ("Anna Bērziņa · 10:32"), rival_keep (the words of its button). */
void section_rivals_view(struct request *request, struct view *view, const struct work *work, int question, int row);

/* What a script needs after a save: hidden questions, options and containers, problems, calculated values, progress, and
 * the values people have to choose between:
 *
 *   "rivals":{"K13M":[{"number":0,"line":"Anna Bērziņa · 10:32","text":"7,5","keep":"Paturēt: 7,5",
 *                      "values":["7,5"],"special":"","mine":false,"stored":true},
 *                     {"number":1,"line":"Jānis Kalniņš · 10:33","text":"6","keep":"Paturēt: 6",
 *                      "values":["6"],"special":"","mine":true,"stored":false}]}
 *
 * Only places of the section that apply and have open rivals; the first value is what is stored, the open rivals follow.
 * `text` is as a person reads it, `keep` the words of its button, `values` and `special` are in the shape of form fields (a:KEY, s:KEY).
 * `do=settle:KEY:NUMBER` chooses one, see pages/section.c. Adds members to an open JSON object. */
void section_json(struct request *request, const struct section_page *page, struct buf *out);

/* Adds members "PREFIXvalues" and "PREFIXspecial" behind others of an open JSON object. */
void section_json_value(const struct work_value *value, const char *prefix, struct buf *out);

/* The answers of the section as fields show them, with version and author: those that have ever been given. Adds the member
 * "entries" to an open JSON object. */
void section_entries_json(struct request *request, const struct section_page *page, struct buf *out);

/* Who saved it when, in words ("Saglabāts 10:32 · Anna"), "" when never. */
const char *section_state_line(struct request *request, int64_t changed_ms, const char *person);

#endif
