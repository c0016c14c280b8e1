/* From the text of templates and the parts of messages to the operations of a program. The language of templates is
 * described in template.h. */
#ifndef ANKETA_WEB_COMPILE_H
#define ANKETA_WEB_COMPILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "web/messages.h"
#include "web/program.h"

struct source {
  const char *name; /* as partials name it: "section" */
  const char *text;
  size_t len;
};

struct sources {
  const struct source *items; /* by name; program->files has their file names in the same order */
  size_t count;
};

/* Adds sources->items[index], its partials in place. Fails with file:line and leaves a part of it in the program. */
bool compile_template(struct program *program, const struct sources *sources, size_t index,
                      const struct messages *messages, struct range *out, struct err *err);

/* Adds a message as plain text; file is the name in program->files that its mistakes carry. */
void compile_message(struct program *program, const struct message_part *parts, uint16_t file, struct range *out);

/* After the last one. */
void compile_finish(struct program *program);
void compile_clear(struct program *program);

/* The source of a name, -1 when there is none. */
int sources_find(const struct sources *sources, const char *name, size_t len);

#endif
