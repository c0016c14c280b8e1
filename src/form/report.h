/* What other programs read: DESIGN's JSON of a form and of a response's state, and the difference of two forms. */
#ifndef ANKETA_FORM_REPORT_H
#define ANKETA_FORM_REPORT_H

#include "base/buf.h"
#include "form/form.h"
#include "form/state.h"

/* `anketa form dump`. */
void form_dump_json(const struct form *form, struct buf *out);

/* `anketa form eval`. Questions of a roster stand as "P52[s1]" in relevant and missing, with "row" in violations, and
 * as {"P52_SUM":…} / {"X":{"s1":…}} in calculated, where null is unknown and a filtered-out one is left out. */
void state_dump_json(const struct state *state, int language, struct buf *out);

/* `anketa form diff`: a line per change with what it does to answers that exist, under a heading for each question;
 * json = an array of {"change":"added|removed|moved|retyped|refiltered|reworded|…","question":id|null,"detail":…,"effect":…};
 * question is null for what concerns a section, a container or the whole, which the detail then names.
 * Returns the number of changes. */
size_t form_diff(const struct form *old_form, const struct form *new_form, bool json, struct buf *out);

/* One change of the same difference. */
struct form_change {
  const char *change;   /* as in the JSON: "added", "option removed", … */
  const char *question; /* id, NULL: subject says what it concerns */
  const char *subject;  /* the question's id, "section 21", "roster services", "questionnaire" */
  const char *detail;   /* in words of the language: lv, en or ru */
  const char *effect;   /* in English */
};
typedef void form_change_visit(void *context, const struct form_change *change); /* strings until it returns */
size_t form_diff_each(const struct form *old_form, const struct form *new_form, const char *language,
                      form_change_visit *visit, void *context);

#endif
