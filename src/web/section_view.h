/* A section of a questionnaire as a page shows it: questions, matrices, tables of figures, rosters, what is wrong with
 * each. The same for a contact's page, a reader's, and an author's preview. Decides nothing: the engine's state does. */
#ifndef ANKETA_WEB_SECTION_VIEW_H
#define ANKETA_WEB_SECTION_VIEW_H

#include "form/findings.h"
#include "survey/prior.h"
#include "survey/work.h"
#include "web/server.h"

struct section_page {
  const struct form *form;
  const struct state *state;
  const struct work *work; /* marks and confirmations; NULL in a preview */
  const struct prior *prior; /* last round's answers, NULL: none to show */
  int section;
  bool editable;
  const char *base; /* address that "/s/ID" and "/h/ID" follow, e.g. "/r/12" */
  /* Entries that were posted but are not stored (conflict, full disk): shown in place of what is stored. */
  const struct save_entry *entries;
  size_t entry_count;
  const struct findings *findings; /* an author's preview: what is wrong with the questionnaire; else NULL */
};

/* Sets items, sections (the navigation), section_title, section_hint, position, total, problems, previous, next. */
void section_view(struct request *request, struct view *view, const struct section_page *page);

/* Sets sections alone, for pages that show only progress: id, section_title, link, answered, required, max, counted,
 * progress_text, current, state, state_text. */
void section_list_view(struct request *request, struct view *view, const struct section_page *page);

/* "K13M", or "P52:r1" for a row; what form fields and element ids are called after. */
const char *section_key(const struct form *form, const struct response *response, int question, int row,
                        struct arena *arena);

/* The section to continue with: the first that applies and is not done, else the first that applies. */
int section_resume(const struct state *state);

/* The next (step 1) or previous (-1) section that applies; -1 when there is none. */
int section_step(const struct state *state, int section, int step);

/* What a script needs after a save: hidden questions, options and containers, problems, calculated values, progress.
 * Adds members to an open JSON object. */
void section_json(struct request *request, const struct section_page *page, struct buf *out);

/* Who saved it when, in words ("Saglabāts 10:32 · Anna"), "" when never. */
const char *section_state_line(struct request *request, int64_t changed_ms, const char *person);

#endif
