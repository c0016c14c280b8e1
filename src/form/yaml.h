/* YAML as a tree of nodes with places; the one place that knows libfyaml.
 *
 * Less than all of YAML: one document, keys are scalars, no anchors, aliases, tags, no control characters. Caps:
 * FORM_FILE_MAX bytes, depth 32, 200,000 nodes, 1,000 keys in a mapping, 128 KiB in a line, 64 empty lines in a row
 * (libfyaml's time grows with the square of their number). Duplicate keys are errors. */
#ifndef ANKETA_FORM_YAML_H
#define ANKETA_FORM_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "form/findings.h"

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
  enum yaml_kind kind;
  int line, column; /* 1-based, of its first character (a quoted scalar: of the character behind the quote) */
  const char *text; /* scalar, NUL-terminated */
  size_t len;
  bool plain; /* stands in the file as it is, on one line: places inside it are column + offset */
  const char *source; /* scalar: where it stands in the file's text, for yaml_place */
  size_t source_len;
  bool bare; /* a key without its colon: in {en: One, two} the second */
  const struct yaml_pair *pairs; /* mapping, in the file's order */
  const struct yaml_node *const *items; /* sequence */
  int count;                      /* pairs or items */
};

struct yaml_pair {
  const struct yaml_node *key;
  const struct yaml_node *value;
};

/* NULL when the text is not good YAML; the reason is in findings. The tree borrows text. */
const struct yaml_node *yaml_parse(const char *text, size_t len, struct arena *arena, struct findings *findings);

/* The value of a key in a mapping, NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);

/* The same with its key. */
const struct yaml_pair *yaml_find(const struct yaml_node *mapping, const char *key);

/* The place of the byte at offset of a scalar's text. Exact also for folded text; the scalar's start where escapes make
 * the file differ from the text. */
void yaml_place(const struct yaml_node *scalar, size_t offset, int *line, int *column);

/* Characters that a caret should underline for this node: a plain scalar's, else 1. */
int yaml_width(const struct yaml_node *node);

/* "a text", "a list", "a mapping". */
const char *yaml_kind_name(enum yaml_kind kind);

#endif
