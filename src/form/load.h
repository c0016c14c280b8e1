/* YAML text to a compiled questionnaire, with every check that can be made without answers. */
#ifndef ANKETA_FORM_LOAD_H
#define ANKETA_FORM_LOAD_H

#include "base/err.h"
#include "form/findings.h"
#include "form/form.h"

/* Compiles text. Everything wrong goes into findings (which quotes the source). Returns NULL when the text could not be
 * compiled at all; returns a form, usable for a preview, when all findings are of the kind that leaves it meaningful
 * (a text missing in a language, a filter that is never true, …): a caller that publishes refuses whenever
 * findings_count > 0. Never prints. */
struct form *form_load(const char *text, size_t len, struct findings *findings);

/* Reads the file (FORM_FILE_MAX) and loads it. NULL with err set when it cannot be read. */
struct form *form_load_file(const char *path, struct findings *findings, struct err *err);

#endif
