/* Templates and messages of one language as a flat list of operations, and the loop that runs it over a view. compile.c
 * makes programs; the text between tags is already escaped and joined into runs. */
#ifndef ANKETA_WEB_PROGRAM_H
#define ANKETA_WEB_PROGRAM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "web/locale.h"
#include "web/view.h"

/* What an operation does once it has written the text that stands before its tag. */
enum op_kind {
  OP_TEXT,     /* nothing */
  OP_KEY,      /* the key's value, escaped */
  OP_PLAIN,    /* the key's value as it is */
  OP_SECTION,  /* the operations up to `end` for each item of the key, or once */
  OP_INVERTED, /* the operations up to `end` when the key is empty */
  OP_PLURAL    /* the one of `forms` for the key's number; then `end` */
};

struct op {
  uint8_t kind; /* enum op_kind */
  uint16_t key;
  uint16_t file; /* where the tag stands, for mistakes */
  uint32_t line;
  uint32_t at, len; /* the text */
  uint32_t end;     /* the next operation */
  uint32_t forms;
};

struct range {
  uint32_t from, to;
};

struct forms {
  struct range range[LOCALE_CATEGORIES];
};

struct program {
  const char *language;
  bool strict;
  const char *const *files; /* names by op.file */
  struct op *ops;
  uint32_t op_count, op_cap;
  struct forms *forms;
  uint32_t form_count, form_cap;
  struct buf text;
  atomic_uchar *said; /* by operation: that its key was not set was logged */
};

/* Runs a range of operations. In a strict program a key that is not set is an ERR_INPUT with the tag's place. view NULL:
 * none is set. */
bool program_run(const struct program *program, struct range range, const struct view *view, struct buf *out,
                 struct err *err);

/* Text for HTML text and quoted attributes. */
void html_escape(struct buf *out, const char *text, size_t len);

#endif
