/* Rendered parts of pages, kept while what they show cannot have changed: the key names everything they depend on, such as
 * the revision of a response. Shared by all worker threads; the least recently used parts go first. */
#ifndef ANKETA_WEB_PAGE_CACHE_H
#define ANKETA_WEB_PAGE_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

#define PAGE_CACHE_PARTS_MAX 512
#define PAGE_CACHE_BYTES_MAX (6u << 20)

struct page_part {
  const char *html;
  size_t len;
};

/* Copies the part into the arena; false when it is not there. */
bool page_cache_get(const char *key, struct arena *arena, struct page_part *out);

/* Keeps a copy. A part over an eighth of the room is not kept. */
void page_cache_put(const char *key, const struct page_part *part);

/* Forgets everything. */
void page_cache_clear(void);

#endif
