/* Whole files and folders. */
#ifndef ANKETA_BASE_FILE_H
#define ANKETA_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Adds the file's bytes to out. Fails with ERR_NOT_FOUND, ERR_TOO_LARGE (over max bytes) or ERR_SYSTEM. */
bool file_read(const char *path, size_t max, struct buf *out, struct err *err);

/* Writes to a temporary file beside path, syncs it, renames it over path. On failure path is as it was. */
bool file_write(const char *path, const void *bytes, size_t len, struct err *err);

/* Writes all of it to an open file, whatever interrupts; false with errno set. */
bool file_put(int file, const void *bytes, size_t len);

/* An empty file without a name, in TMPDIR or /tmp, open for reading and writing; -1 with err. */
int file_temporary(struct err *err);

/* Makes the folder and its parents, mode 0700 for those that are new. */
bool file_make_folder(const char *path, struct err *err);

/* dir and name joined by one slash; the caller frees. An absolute name stands alone. */
char *file_join(const char *dir, const char *name);

/* The folder part of a path ("." when there is none); the caller frees. */
char *file_folder(const char *path);

/* Modification time in nanoseconds, 0 when the file is not there. */
long long file_modified_ns(const char *path);

#endif
