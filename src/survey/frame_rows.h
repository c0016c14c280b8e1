/* A list of institutions or of contacts as it comes in a file: which column is what, and cells that are sound in themselves.
 * Knows nothing of the store; frame_import.h compares it with that.
 *
 * Columns, in any order, by their English or Latvian names, capital or small, with diacritics or without:
 *   institutions: name, registration_number, abbreviation, kind, sector, segments (ids or titles, joined with ';'), email,
 *     phone, status, comment; a contact in the same row: contact_name, contact_email, contact_phone, contact_language,
 *     responsible. An institution with several contacts has several rows.
 *   contacts: institution (registration number, abbreviation or name), email, name, phone, language, responsible. A file
 *     with a column for the institution is one of contacts.
 * nr and sector_source are passed over, other columns are named.
 */
#ifndef ANKETA_SURVEY_FRAME_ROWS_H
#define ANKETA_SURVEY_FRAME_ROWS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/csv.h"

#define FRAME_ROWS_MAX 100000
#define FRAME_TEXT_MAX 500    /* characters of a cell */
#define FRAME_BYTES_MAX ((size_t)64 << 20) /* of all cells */
#define FRAME_PROBLEMS_MAX 200 /* that are kept; all are counted */
#define FRAME_UNKNOWN_MAX 50

enum frame_column {
  FRAME_NUMBER, FRAME_NAME, FRAME_ABBREVIATION, FRAME_KIND, FRAME_SECTOR, FRAME_SEGMENTS, FRAME_EMAIL, FRAME_PHONE,
  FRAME_STATUS, FRAME_COMMENT,
  FRAME_CONTACT_NAME, FRAME_CONTACT_EMAIL, FRAME_CONTACT_PHONE, FRAME_LANGUAGE, FRAME_RESPONSIBLE,
  FRAME_INSTITUTION,
  FRAME_PASSED_OVER,
  FRAME_COLUMNS
};
#define FRAME_INSTITUTION_COLUMNS FRAME_CONTACT_NAME /* the first ones are of an institution */

/* The column's name in a file, "registration_number"; also the last part of its message frame.column.NAME. */
const char *frame_column_name(enum frame_column column);

/* What may be wrong with a row; its message is frame.problem.NAME with {value} and {other}, a line. The last ones are
 * warnings: the row is taken. */
enum frame_problem_kind {
  FRAME_NO_COLUMN,     /* the header lacks the column `value` */
  FRAME_COLUMN_TWICE,
  FRAME_CELL_COUNT,    /* more or fewer cells than the header */
  FRAME_TOO_MANY,      /* rows or bytes */
  FRAME_BAD_TEXT,      /* too long, or characters that no text has */
  FRAME_NO_NAME,
  FRAME_BAD_NUMBER,
  FRAME_BAD_EMAIL,
  FRAME_BAD_PHONE,
  FRAME_BAD_LANGUAGE,
  FRAME_BAD_ANSWER,    /* responsible: neither yes nor no */
  FRAME_BAD_SEGMENT,
  FRAME_TWICE,         /* the institution is in line `other` with other data, or the contact */
  FRAME_AMBIGUOUS,     /* several institutions have this name or abbreviation */
  FRAME_UNKNOWN,       /* no institution is called so */
  FRAME_NOT_ASKED,     /* an institution, but not of this round */
  FRAME_NO_EMAIL,      /* a contact without an address */
  FRAME_NO_CONTACT_NAME,
  FRAME_STAFF,         /* the address is of somebody who runs the round */
  FRAME_TWO_RESPONSIBLE,
  FRAME_NUMBER_FORM,   /* from here on warnings: a number that does not have 11 digits */
  FRAME_SAME_NAME,     /* another institution has this name, with another number */
  FRAME_PROBLEM_KINDS
};
const char *frame_problem_name(enum frame_problem_kind kind);
bool frame_problem_warns(enum frame_problem_kind kind);

struct frame_problem {
  enum frame_problem_kind kind;
  int line, column; /* column: of the table, from 0; -1: the row */
  const char *value;
  int other;        /* line, 0 */
};

struct frame_line {
  int line;
  const char *cells[FRAME_PASSED_OVER]; /* "": empty or not there */
};

struct frame_rows {
  struct arena *arena;
  bool has_header, of_contacts;
  int at[FRAME_COLUMNS]; /* where a column stands, -1 */
  int cell_count;        /* of the header */
  struct frame_line *rows;
  size_t count, cap, bytes;
  const char *unknown[FRAME_UNKNOWN_MAX]; /* columns */
  int unknown_count;
  struct frame_problem problems[FRAME_PROBLEMS_MAX];
  int problem_count, errors, warnings; /* problem_count: that are kept */
};

/* Everything of it lives in the arena. */
struct frame_rows *frame_rows_new(struct arena *arena);

/* A csv_row_fn: context is a struct frame_rows. Never fails; what is wrong becomes a problem. */
bool frame_rows_take(void *context, const struct csv_row *row, struct err *err);

/* Notes a problem with a row; column FRAME_COLUMNS: the whole row. value is copied. */
void frame_rows_complain(struct frame_rows *rows, enum frame_problem_kind kind, int line, enum frame_column column,
                         const char *value, int other);

/* "Reģ. nr." as "reg nr": how headings and titles are compared; in the arena. */
const char *frame_fold(const char *text, struct arena *arena);

#endif
