/* Last round's answers as a section page shows them, and as its script hears of them: inside of section_*.c and of the
 * pages that list unusual changes. */
#ifndef ANKETA_WEB_PRIOR_VIEW_H
#define ANKETA_WEB_PRIOR_VIEW_H

#include "web/section_builder.h"

/* Sets has_prior and, when it is true, prior_line, prior_head (""; a long answer folds away below it), prior_answer,
 * prior_mark, prior_same, prior_fits, prior_takeable. */
void prior_view(const struct builder *builder, struct view *view, int question, int row);

/* Sets has_prior_all, prior_all (what the button takes over, with its number), prior_period, prior_taken. */
void prior_section_view(const struct builder *builder, struct view *view);

/* Adds the members "prior" and "prior_all" to an open JSON object. */
void prior_json(const struct builder *builder, struct buf *out);

/* How the round is called beside a field: its year; its last day when this round ends in the same year. */
const char *prior_period(struct request *request, const struct work *work, const struct prior *prior);

/* "+230 %", "" for what is usual; in the arena. */
const char *prior_mark_text(struct request *request, const struct prior_mark *mark);

#endif
