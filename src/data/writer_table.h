/* Writers of datasets: one function table a format. They push bytes to a sink, so that a file, standard output and a
 * page's download are the same. */
#ifndef ANKETA_DATA_WRITER_TABLE_H
#define ANKETA_DATA_WRITER_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "data/dataset.h"

struct export_options {
  bool bom;       /* csv: UTF-8 byte order mark first */
  char separator; /* csv: ',' unless given */
  const char *exported_by; /* xlsx: on the sheet about the export; NULL: the command line */
  /* Called every thousand rows or so; false stops the export with an error. NULL: nobody waits. */
  bool (*progress)(void *context, int64_t rows);
  void *progress_context;
};

/* Writing in steps: step adds some bytes to out (about 64 KB) and returns true; the step behind the last bytes adds
 * nothing and sets *done. start borrows the dataset, and what the options point to, until end; end takes NULL. A format
 * that can only be written as a whole file (xlsx) makes it in a temporary file at start, in constant memory, and then
 * steps through that. */
struct export_format {
  const char *name, *extension, *media_type;
  void *(*start)(struct dataset *dataset, const struct export_options *options, struct err *err);
  bool (*step)(void *state, struct buf *out, bool *done, struct err *err);
  void (*end)(void *state);
};

extern const struct export_format export_csv;
extern const struct export_format export_xlsx;

/* By name; NULL. */
const struct export_format *export_format_find(const char *name);

/* Reports the rows written so far to whoever waits; false with err when they want no more. For writers. */
bool export_report(const struct export_options *options, int64_t rows, struct err *err);

#endif
