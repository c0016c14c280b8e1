/* The answers of one response in memory, as the engine reads them: a value per question, per row for rosters.
 *
 * Knows nothing of people, versions or storage. A stored answer and a typed one become values here, and back.
 */
#ifndef ANKETA_FORM_RESPONSE_H
#define ANKETA_FORM_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "form/form.h"
#include "form/typed.h"

#define RESPONSE_ROWS_MAX 5000 /* of one roster */

struct response_row {
  const char *id;    /* stable */
  const char *label; /* what a person calls it */
};

struct response; /* lives in an arena */

struct response *response_new(const struct form *form, struct arena *arena);

/* The form it answers. */
const struct form *response_form(const struct response *response);

/* Adds a row at the end of a roster and returns its index; -1 when the id is there already or the roster is full. */
int response_add_row(struct response *response, int roster, const char *id, const char *label);
int response_row_count(const struct response *response, int roster);
const struct response_row *response_row(const struct response *response, int roster, int row);
int response_find_row(const struct response *response, int roster, const char *id);

/* row is -1 for questions outside rosters. Text and codes are copied into the arena. The value is taken as it is: a
 * caller that has it from outside checks it first (typed_parse, typed_check). */
void response_set(struct response *response, int question, int row, struct value value);
const struct value *response_get(const struct response *response, int question, int row);

/* An entry that is not a valid answer (letters in a number, an unknown date, over a bound): kept as typed so that it is
 * not lost, missing to filters, an error until it is put right. */
void response_set_invalid(struct response *response, int question, int row, const char *typed, enum typed_fault fault);
const char *response_invalid(const struct response *response, int question, int row, enum typed_fault *fault);

/* Stored form of a value, stable for ever: number "1234.5", text as it is, date "2017-11-06", codes "1,99" (ascending).
 * Specials have no text. response_parse_stored is its inverse; false when text is not a stored value of that question. */
void response_format_stored(const struct form_question *question, const struct value *value, struct buf *out);
bool response_parse_stored(const struct form_question *question, const char *text, struct arena *arena,
                           struct value *out);

/* A stored answer into the response; one that does not fit the question (any more: the definition changed) becomes an
 * invalid entry with the fault it has. Nothing for a question that nobody answers (any more). */
void response_set_stored(struct response *response, int question, int row, const char *text);
/* The same for a stored special. */
void response_set_special(struct response *response, int question, int row, enum special special);

/* Would a stored text be an answer of the question as it is defined? */
bool response_fits_stored(const struct form_question *question, const char *text, struct arena *arena);

/* Reads DESIGN's A.json: {"V00J":47,"K13M":[1,99],"D21":{"special":"na"},"services":[{"id":"s1","label":"…","P52":10}]}.
 * NULL with err (where = question id or line:column) on unknown ids, wrong types, option codes that do not exist. */
struct response *response_from_json(const struct form *form, const char *json, size_t len, struct arena *arena,
                                    struct err *err);

#endif
