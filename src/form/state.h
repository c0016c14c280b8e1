/* The engine: what a response with these answers looks like. One pass, in dependency order, nothing allocated but the
 * result. Relevance, calculated values, missing, violations, progress. */
#ifndef ANKETA_FORM_STATE_H
#define ANKETA_FORM_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "form/form.h"
#include "form/response.h"

enum violation_kind { VIOLATION_CHECK, VIOLATION_INVALID, VIOLATION_ROWS_MIN, VIOLATION_ROWS_MAX };

struct violation {
  enum violation_kind kind;
  int question;                   /* -1 for a roster's number of rows: then container says which */
  int row;                        /* -1 outside rosters */
  int container;
  const struct form_check *check; /* VIOLATION_CHECK */
  enum severity severity;
};

struct missing {
  int question, row;
};

struct section_progress {
  int relevant; /* required or not, answerable, that apply (rows counted) */
  int required; /* of these, required ones */
  int answered; /* required ones with an answer */
  int errors, warnings;
};

struct state {
  const struct form *form;
  const struct response *response;
  const struct violation *violations;
  size_t violation_count;
  const struct missing *missing; /* required, relevant, without an answer */
  size_t missing_count;
  const struct section_progress *sections; /* by section */
  struct section_progress total;
  bool complete; /* nothing missing, no violation of severity error */
};

/* Computes everything; lives in the arena. */
struct state *state_compute(const struct response *response, struct arena *arena);

/* Only relevance and values, for those who do not ask about the rest: no violations, missing or progress in it, and
 * complete is false. */
struct state *state_compute_values(const struct response *response, struct arena *arena);

bool state_section_relevant(const struct state *state, int section);
/* Whether everything in it that must be answered is, and nothing is wrong. */
bool state_section_done(const struct state *state, int section);
bool state_container_relevant(const struct state *state, int container);
/* row -1 outside rosters. */
bool state_relevant(const struct state *state, int question, int row);
/* Bit set: the option at that index is offered. */
bool state_option_relevant(const struct state *state, int question, int row, int option);
/* The value as filters and exports see it: missing when filtered out or invalid; the result for calculate. */
struct value state_value(const struct state *state, int question, int row);

/* The message of a violation in a language with its figures filled in. */
void state_message(const struct state *state, const struct violation *violation, int language, struct buf *out);

#endif
