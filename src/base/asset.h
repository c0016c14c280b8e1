/* Files that are part of the program: everything under templates/, the store's SQL and the commonest
 * passwords, embedded when it is built. */
#ifndef ANKETA_BASE_ASSET_H
#define ANKETA_BASE_ASSET_H

#include <stddef.h>

struct asset {
  const char *name; /* path in the source tree, e.g. "templates/static/anketa.css" */
  const char *data; /* NUL-terminated */
  size_t len;
};

/* With a folder set (the source tree; for people who work on templates), assets are read from there instead.
 * Only at start, before there are threads; NULL goes back to what is embedded. */
void asset_use_folder(const char *folder);

/* NULL when there is none. */
const struct asset *asset_find(const char *name);

/* The index-th asset (0, 1, …) whose name starts with prefix, in the order of names; NULL past the last. */
const struct asset *asset_list(const char *prefix, size_t index);

#endif
