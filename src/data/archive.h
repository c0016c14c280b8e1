/* Reading zip files that anybody may have made; the one place that knows libzip. Entries come out piece by piece, so memory
 * does not grow with them, and what comes out is bounded: a small file that unfolds to a huge one is refused. */
#ifndef ANKETA_DATA_ARCHIVE_H
#define ANKETA_DATA_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define ARCHIVE_ENTRIES_MAX 20000
#define ARCHIVE_BYTES_MAX ((size_t)512 << 20) /* of all entries that are read */
#define ARCHIVE_RATIO_MAX 250                 /* times the packed size ... */
#define ARCHIVE_RATIO_FREE ((size_t)8 << 20)  /* ... once an entry is larger than this */

struct archive;

/* NULL with err: ERR_NOT_FOUND, ERR_INPUT (not a zip file, broken), ERR_TOO_LARGE (entries). */
struct archive *archive_open(const char *path, struct err *err);
void archive_close(struct archive *archive); /* NULL is fine */

bool archive_has(const struct archive *archive, const char *name);

/* Hands on the bytes of an entry; take says false, with err, to stop. ERR_NOT_FOUND: no such entry; ERR_DENIED: encrypted;
 * ERR_INPUT: broken; ERR_TOO_LARGE: over the bounds above; what take has set. */
typedef bool archive_take(void *context, const char *bytes, size_t len, struct err *err);
bool archive_read(struct archive *archive, const char *name, archive_take *take, void *context, struct err *err);

#endif
