/* Where a command's bytes go: standard output, or a file that appears when it is complete and not before. */
#ifndef ANKETA_CLI_OUTPUT_H
#define ANKETA_CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct output;

/* path "-": standard output. A device or a pipe is written as it is; a file is written beside path under a name of its
 * own. NULL with err. */
struct output *output_open(const char *path, struct err *err);

bool output_write(struct output *output, const void *bytes, size_t len, struct err *err);

/* Syncs the file and gives it its name; what stood there before stays when this fails. Frees in either case. */
bool output_finish(struct output *output, struct err *err);

/* Nothing is left of what was written to a file. NULL is fine. */
void output_drop(struct output *output);

#endif
