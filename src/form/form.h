/* A compiled questionnaire: what `form_load` makes of its YAML. Immutable, shared by all threads, no clock, no I/O.
 *
 * Questions stand in one array in the order of the questionnaire; everything refers to them by index. Matrices, tables,
 * rosters and blocks are containers; containers nest through `parent`.
 */
#ifndef ANKETA_FORM_FORM_H
#define ANKETA_FORM_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "expr/expr.h"

#define FORM_LANGUAGES_MAX 8
#define FORM_QUESTIONS_MAX 2000
#define FORM_OPTIONS_MAX 500      /* of one question */
#define FORM_TEXT_MAX (64 * 1024) /* bytes of one text */
#define FORM_FILE_MAX (4 << 20)   /* bytes of a file */
#define FORM_CONTAINERS_MAX 2000
#define FORM_SECTIONS_MAX 200
#define FORM_CHECKS_MAX 50 /* of one question */
#define FORM_ID_MAX 48     /* bytes: names of columns are ids with a suffix, and SPSS takes 64 */

/* Slots of the form's expressions: a question's slot is its index; a roster's is FORM_ROSTER_SLOT + its roster number. */
#define FORM_ROSTER_SLOT 1000000

enum question_type {
  QUESTION_SELECT_ONE,
  QUESTION_SELECT_MULTIPLE,
  QUESTION_INTEGER,
  QUESTION_DECIMAL,
  QUESTION_TEXT,
  QUESTION_DATE,
  QUESTION_NOTE,
  QUESTION_CALCULATE
};

enum special { SPECIAL_NA = 1, SPECIAL_NODATA = 2 }; /* bits */

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

/* A text in every language of the form, by language index; never NULL once loaded (falls back to the first). */
struct form_text {
  const char *in[FORM_LANGUAGES_MAX];
};

struct form_option {
  int code;
  struct form_text text;
  const struct expr *relevant; /* NULL: always offered */
  int other;                   /* index of the question that takes its text, -1 */
  bool exclusive;
  int line, column;
};

/* An edit check. Violated when test is false. */
struct form_check {
  const struct expr *test;
  enum severity severity;
  struct form_text message; /* with {ID} in place of answers */
  const char *key;          /* stable within the form: hash of question and canonical test; a confirmation refers to it */
};

enum container_kind { CONTAINER_BLOCK, CONTAINER_MATRIX, CONTAINER_TABLE, CONTAINER_ROSTER };

struct form_container {
  enum container_kind kind;
  const char *id;        /* NULL for a block without one */
  struct form_text text; /* "" when there is none */
  struct form_text hint;
  struct form_text label; /* roster: what a row is called */
  const struct expr *relevant; /* its own filter */
  int section;
  int parent; /* container, -1 */
  int first, count; /* the questions in it, nested ones included */
  int roster;       /* roster: its number among the rosters, from 0; else -1 */
  int row_min, row_max;
};

struct form_question {
  const char *id;
  const char *number; /* printed beside it; the id when the file gives none */
  enum question_type type;
  struct form_text text, hint, unit; /* "" when there is none */
  const struct form_option *options;
  int option_count;
  const int *codes; /* of the options, in their order */
  bool required;
  bool multiline;
  unsigned specials;             /* bits of enum special */
  struct form_text special_text[2]; /* wording for na, nodata; "" = the usual words */
  bool has_min, has_max;
  double min, max;
  int max_length; /* characters */
  bool has_default;
  struct value default_value;
  const struct expr *relevant;  /* its own filter, NULL */
  const struct expr *effective; /* with those of its section and containers, NULL: always asked */
  const struct expr *calculation;
  const struct form_check *checks;
  int check_count;
  int section;
  int container; /* innermost, -1 */
  int matrix;    /* container index or -1 */
  int table;     /* container index or -1 */
  int roster;    /* roster number or -1 */
  int line, column;
};

struct form_section {
  const char *id;
  struct form_text title, hint;
  const struct expr *relevant;
  int first, count; /* questions */
};

struct form {
  struct arena *arena;
  const char *id, *version;
  char hash[65]; /* content hash of the source text */
  const char *languages[FORM_LANGUAGES_MAX];
  int language_count;
  struct form_text title, hint;
  const struct form_section *sections;
  int section_count;
  const struct form_question *questions;
  int question_count;
  const struct form_container *containers;
  int container_count;
  const int *rosters; /* container index by roster number */
  int roster_count;
  const struct form_index *index; /* ids, for form_find */
  const int *order;   /* question indexes so that every filter and calculation comes after what it reads */
};

void form_free(struct form *form);

/* Index of the question / of the container of kind roster / of the section with this id, -1 when there is none. Quick
 * (hash). */
int form_find(const struct form *form, const char *id);
int form_find_roster(const struct form *form, const char *id);
int form_find_section(const struct form *form, const char *id);

/* Index of a language by its code, 0 (the original) when the form does not have it. */
int form_language(const struct form *form, const char *code);

/* Index of the option with this code, -1. */
int form_option_index(const struct form_question *question, int code);

/* True for types that people answer (not note, calculate). */
bool form_is_answerable(const struct form_question *question);

/* "select_one", … */
const char *form_type_name(enum question_type type);

#endif
