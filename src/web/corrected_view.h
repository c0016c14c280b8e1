/* What a correction left to look at, beside the questions of a section: inside of section_*.c and pages/corrected.c. */
#ifndef ANKETA_WEB_CORRECTED_VIEW_H
#define ANKETA_WEB_CORRECTED_VIEW_H

#include "survey/correction_told.h"
#include "web/section_builder.h"

/* Sets misfit (truth), misfit_text (the old answer), misfit_line (why) and question_changed (a sentence, ""). Nothing of it in
 * a preview. */
void corrected_question_view(const struct builder *builder, struct view *view, int question, int row);

/* Sets corrected_line, "" when nothing is to be said: for the top of a section and the workplace. */
void corrected_line_view(struct request *request, struct view *view, const struct work *work);

/* The keys of questions that still have something to look at, as members "misfits" and "changes" behind others of an open
 * JSON object. */
void corrected_json(const struct builder *builder, struct buf *out);

/* "formulējums; svītrots atbilžu variants: 2 „nē”": the changes in words, with the details that people can read. */
const char *corrected_changes_text(struct request *request, const struct correction_change *change);

/* What a change is called: the message change.NAME. */
const char *corrected_change_name(struct request *request, const char *change);

/* "21. novembris, 10:32" without the time. */
const char *corrected_date(struct request *request, int64_t ms);

#endif
