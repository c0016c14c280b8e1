/* What the files of the loader share; for load*.c and lint.c only.
 *
 * The loader reads in steps: load.c the file's frame, load_items.c sections' items into arrays, load_bind.c expressions
 * once every id is known, load_order.c what must be computed before what, lint.c what is legal but cannot be meant.
 * load_read.c has the small things that every step reads: texts, words, numbers, keys. */
#ifndef ANKETA_FORM_LOADER_H
#define ANKETA_FORM_LOADER_H

#include "form/findings.h"
#include "form/form.h"
#include "form/suggest.h"
#include "form/yaml.h"

/* Options as they stand in the file once: a named list, or those of one question or matrix. */
struct option_set {
  const char *name;             /* NULL without one */
  const struct yaml_node **nodes; /* by option */
  struct form_option *options;
  int *codes;
  int count;
  bool binds;                    /* some option has a filter or a text question */
  struct option_variant *bound;  /* one for each roster (or none) it is used in */
  struct option_set *next;
};

/* An option set whose filters are compiled for questions of one roster, -1 outside any. */
struct option_variant {
  int roster;
  const struct form_option *options;
  struct option_variant *next;
};

/* What a filter may show: the file's side of a section, container or question. */
struct item_source {
  const struct yaml_node *node;     /* the mapping */
  const struct yaml_node *relevant; /* NULL when there is none, or it was no good */
  struct expr *filter;              /* its own, compiled */
  struct expr *effective;           /* with those around it */
  bool never;                       /* the effective filter cannot be true */
  bool in_ring;                     /* the filter is part of a cycle that was reported */
};

/* And what only a question has. */
struct question_source {
  struct item_source item;
  const struct yaml_node *calculation, *constraint;
  struct option_set *set;
  bool broken; /* its type is not known: nothing is said about expressions that name it */
};

/* A text that lacks languages; reported once it is known which languages are used at all. */
struct text_gap {
  int line, column, len;
  const char *question, *key;
  unsigned languages; /* bits */
  struct text_gap *next;
};

struct loader {
  struct arena *arena; /* the form's */
  struct findings *findings;
  struct form *form;
  const struct yaml_node *root;
  const char *question; /* id of what is being read, for findings */
  bool useless;         /* something is missing without which the form means nothing */
  bool cyclic;

  struct form_section *sections;
  struct form_container *containers;
  struct form_question *questions;
  int *rosters;
  struct item_source *section_sources;
  struct item_source *container_sources;
  struct question_source *question_sources;

  struct option_set *sets; /* all of them */
  struct text_gap *gaps, **gaps_end;
  unsigned languages_used; /* bits */
};

/* A key that a mapping may have; at most 32 of them. */
struct load_key {
  const char *name;
  bool required;
  bool foreign; /* known, but not to be recommended here */
};

/* --- load_read.c --- */

/* A finding at a node, about loader->question. */
void load_fault(struct loader *loader, const struct yaml_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A finding at the byte at offset of a scalar's text, len characters wide. */
void load_fault_in(struct loader *loader, const struct yaml_node *scalar, size_t offset, int len, const char *format,
                   ...) __attribute__((format(printf, 5, 6)));

/* `; did you mean "X"?` or "" when nothing is near; in the arena. */
const char *load_meant(struct loader *loader, const struct suggest *suggest);

/* The same for a word that is none of count names. */
const char *load_hint(struct loader *loader, const char *word, const char *const *names, int count);

/* A text of a scalar for a message: cut when long; in the arena. */
const char *load_quote(struct loader *loader, const struct yaml_node *scalar);

/* True when node is a mapping, said when not. Says also which of its keys are not among count and which required ones
 * it lacks. what: "a question". */
bool load_mapping(struct loader *loader, const struct yaml_node *node, const char *what, const struct load_key *keys,
                  int count);

/* The sequence under a key with at least one item; NULL, said when it is there and no such thing. */
const struct yaml_node *load_list(struct loader *loader, const struct yaml_node *mapping, const char *key);

/* The scalar under a key; NULL when absent, said when it is there and empty or no scalar. */
const struct yaml_node *load_scalar(struct loader *loader, const struct yaml_node *mapping, const char *key);

/* The same as text, trimmed, in the arena. */
const char *load_word(struct loader *loader, const struct yaml_node *mapping, const char *key);

/* An id under the key "id"; wide ones may start with a digit and hold "-" (sections, questionnaires). NULL when absent
 * or bad; the latter is said. */
const char *load_id(struct loader *loader, const struct yaml_node *mapping, const char *key, bool wide);

/* False, said, when the text under the key is not as it should be; *out stays. True also when absent. */
bool load_bool(struct loader *loader, const struct yaml_node *mapping, const char *key, bool *out);
bool load_int(struct loader *loader, const struct yaml_node *mapping, const char *key, int min, int max, int *out);

/* The number in a scalar; said when it is none. */
bool load_number(struct loader *loader, const struct yaml_node *node, bool integer, double *out);

/* The text under a key in every language; "" everywhere when absent. */
void load_text(struct loader *loader, const struct yaml_node *mapping, const char *key, struct form_text *out);

/* Says which texts lack which languages; once everything was read. */
void load_report_gaps(struct loader *loader);

/* --- load_options.c --- */

/* Options in a sequence; NULL when there are none to use. name is NULL but for a named list. */
struct option_set *load_options(struct loader *loader, const struct yaml_node *sequence, const char *name);

/* Those that the key "options" names or holds; NULL, said, when there are none. */
struct option_set *load_find_options(struct loader *loader, const struct yaml_node *mapping);

/* --- load_items.c --- */

/* Fills sections, containers and questions from the sequence of sections. */
void load_sections(struct loader *loader, const struct yaml_node *sections);

/* --- load_question.c --- */

/* Where an item stands. */
struct item_place {
  int section, container, matrix, table, roster; /* -1: none */
  enum container_kind around;                    /* of the container, when there is one */
  const struct yaml_node *shared;                /* matrix or table: where its rows look for what they share */
  struct option_set *set;                        /* matrix */
};

/* Appends the question in this mapping. */
void load_question(struct loader *loader, const struct yaml_node *node, const struct item_place *place);

/* --- load_bind.c --- */

/* Compiles every expression; needs form->index. */
void load_bind(struct loader *loader);

/* --- load_order.c --- */

/* Fills form->order; reports cycles and filters that refer to later questions. */
void load_order(struct loader *loader);

/* --- lint.c --- */

void load_lint(struct loader *loader);

#endif
