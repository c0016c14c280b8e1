/* What a page gives to its template: keys with texts, numbers, truths, lists and nested maps. Lives in the request's
 * arena; strings are borrowed. Escaping is the template's business; ready-made HTML has a type of its own. */
#ifndef ANKETA_WEB_VIEW_H
#define ANKETA_WEB_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct view;

struct view *view_new(struct arena *arena);

/* key is a string literal. text NULL counts as "". Setting a key again replaces it. */
void view_text(struct view *view, const char *key, const char *text);
void view_int(struct view *view, const char *key, int64_t number);
void view_bool(struct view *view, const char *key, bool truth);

/* A list: view_list declares it (empty lists must be declared too), view_item appends a map to it. */
void view_list(struct view *view, const char *key);
struct view *view_item(struct view *view, const char *key);

/* One nested map: {{#key}}…{{/key}} enters it. */
struct view *view_map(struct view *view, const char *key);

/* HTML that is known to be safe (made by a template). */
void view_html(struct view *view, const char *key, const char *html, size_t len);

#endif
