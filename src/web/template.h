/* Templates: the HTML of the program, parsed at start-up, once per language.
 *
 *   {{key}}                 the text, escaped for HTML text and double-quoted attributes
 *   {{#key}}…{{/key}}       for each item of a list; once for a map, a true bool, a non-empty text, a number that is not 0
 *   {{^key}}…{{/key}}       when it is empty, false, "" or 0
 *   {{>name}}               the template name.html with the same data
 *   {{t message.key}}       the message in the page's language; its {placeholders} are keys of the data, escaped
 *   {{! note }}             nothing
 *   {{.}}                   inside a list: not used; items are maps
 *
 * Keys are looked up in the innermost map first, then outwards. White space of a line that holds only a tag is dropped.
 * A template that names an unknown partial or message, or is not closed, fails at start with file:line.
 *
 * Messages: templates/messages/LANG.txt, `key = text` a line, # comments; {name} is a placeholder; plural forms by the
 * language's rules (ICU): {left# zero=jautājumu one=jautājums other=jautājumi}. Every language must have every key with the same
 * placeholders; start-up fails otherwise.
 */
#ifndef ANKETA_WEB_TEMPLATE_H
#define ANKETA_WEB_TEMPLATE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "web/view.h"

struct templates;

/* Parses every .html asset under templates/ for every message catalogue. With strict, a key that the page did not set makes
 * template_render fail (tests); without, it is empty and logged once. */
struct templates *templates_load(bool strict, struct err *err);
void templates_free(struct templates *templates);

/* Renders templates/NAME.html in a language (falls back to lv). */
bool template_render(const struct templates *templates, const char *name, const char *language, const struct view *view,
                     struct buf *out, struct err *err);

/* A message on its own, for JSON answers; view gives the placeholders (NULL: none). In the arena, not escaped. */
const char *template_message(const struct templates *templates, const char *key, const char *language,
                             const struct view *view, struct arena *arena);

/* For names that are made of what is stored. */
bool template_has_message(const struct templates *templates, const char *key);

#endif
