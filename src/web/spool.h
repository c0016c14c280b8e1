/* A form with files while it comes in: the body goes to a file in the data folder, and each file of it to one of its own,
 * so that memory does not grow with what is sent. All of them are gone when the spool is cleared. */
#ifndef ANKETA_WEB_SPOOL_H
#define ANKETA_WEB_SPOOL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "web/server.h"

#define SPOOL_FOLDER "uploads" /* within the data folder */

/* A zeroed one is closed. */
struct spool {
  bool open;
  int file;
  size_t len;
  const char *folder; /* these in the arena of its request */
  struct upload *files;
  size_t file_count;
};

/* ERR_SYSTEM, ERR_FULL. */
bool spool_open(struct spool *spool, const char *data_folder, struct arena *arena, struct err *err);
bool spool_add(struct spool *spool, const char *bytes, size_t len, struct err *err);

/* Takes the body apart into fields (text_max bytes in all) and files. ERR_INPUT, ERR_TOO_LARGE, ERR_SYSTEM, ERR_FULL. */
bool spool_read(struct spool *spool, const char *content_type, size_t text_max, struct arena *arena,
                const struct field **fields, size_t *field_count, struct err *err);

/* Removes its files. */
void spool_clear(struct spool *spool);

/* At the start of a server: removes what one that was killed has left, and what somebody kept there more than a day ago. */
void spool_sweep(const char *data_folder);

#endif
