#include "form/response.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"

#define FIRST_ROWS 16
#define EXACT_DIGITS 15 /* of a whole number that a double holds exactly */

struct answer {
  struct value value;
  const char *typed; /* an invalid entry, NULL when there is none */
  enum typed_fault fault;
};

struct row {
  struct response_row public;
  struct answer *answers; /* by question, counted from the roster's first */
};

struct roster_rows {
  struct row *rows;
  int count, cap;
  int *slots; /* open addressing by id: row + 1, 0 when free; a power of two, twice the cap */
  int first;  /* the roster's first question */
};

struct response {
  const struct form *form;
  struct arena *arena;
  struct answer *answers; /* by question; those of rosters stay empty */
  struct roster_rows *rosters;
};

struct response *response_new(const struct form *form, struct arena *arena) {
  struct response *response = arena_alloc(arena, sizeof *response);
  response->form = form;
  response->arena = arena;
  response->answers = arena_array(arena, (size_t)form->question_count, sizeof *response->answers);
  response->rosters = arena_array(arena, (size_t)form->roster_count, sizeof *response->rosters);
  for (int i = 0; i < form->roster_count; i++) {
    response->rosters[i].first = form->containers[form->rosters[i]].first;
  }
  return response;
}

const struct form *response_form(const struct response *response) { return response->form; }

static uint32_t hash_id(const char *id) {
  uint32_t hash = 2166136261u; /* FNV-1a */
  for (; *id != '\0'; id++) hash = (hash ^ (unsigned char)*id) * 16777619u;
  return hash;
}

/* The place of id in the table, or the free one where it would go. */
static int *find_slot(const struct roster_rows *roster, const char *id) {
  uint32_t mask = (uint32_t)roster->cap * 2 - 1;
  uint32_t at = hash_id(id) & mask;
  while (roster->slots[at] != 0 && strcmp(roster->rows[roster->slots[at] - 1].public.id, id) != 0) at = (at + 1) & mask;
  return &roster->slots[at];
}

static void grow_rows(struct roster_rows *roster, struct arena *arena) {
  int cap = roster->cap > 0 ? roster->cap * 2 : FIRST_ROWS;
  struct row *rows = arena_array(arena, (size_t)cap, sizeof *rows);
  if (roster->count > 0) memcpy(rows, roster->rows, (size_t)roster->count * sizeof *rows);
  roster->rows = rows;
  roster->cap = cap;
  roster->slots = arena_array(arena, (size_t)cap * 2, sizeof *roster->slots);
  for (int i = 0; i < roster->count; i++) *find_slot(roster, rows[i].public.id) = i + 1;
}

int response_add_row(struct response *response, int roster, const char *id, const char *label) {
  assert(roster >= 0 && roster < response->form->roster_count);
  struct roster_rows *rows = &response->rosters[roster];
  if (rows->count >= RESPONSE_ROWS_MAX || response_find_row(response, roster, id) >= 0) return -1;
  if (rows->count == rows->cap) grow_rows(rows, response->arena);
  const struct form_container *container = &response->form->containers[response->form->rosters[roster]];
  int index = rows->count;
  struct row *row = &rows->rows[index];
  *find_slot(rows, id) = index + 1; /* before the row counts: its own id is not there yet to be compared with */
  row->public.id = arena_copy(response->arena, id);
  row->public.label = arena_copy(response->arena, label != NULL ? label : "");
  row->answers = arena_array(response->arena, (size_t)container->count, sizeof *row->answers);
  rows->count++;
  return index;
}

int response_row_count(const struct response *response, int roster) { return response->rosters[roster].count; }

const struct response_row *response_row(const struct response *response, int roster, int row) {
  assert(row >= 0 && row < response->rosters[roster].count);
  return &response->rosters[roster].rows[row].public;
}

int response_find_row(const struct response *response, int roster, const char *id) {
  const struct roster_rows *rows = &response->rosters[roster];
  return rows->count > 0 ? *find_slot(rows, id) - 1 : -1;
}

static struct answer *answer_at(const struct response *response, int question, int row) {
  assert(question >= 0 && question < response->form->question_count);
  int roster = response->form->questions[question].roster;
  if (roster < 0) return &response->answers[question];
  const struct roster_rows *rows = &response->rosters[roster];
  assert(row >= 0 && row < rows->count);
  return &rows->rows[row].answers[question - rows->first];
}

void response_set(struct response *response, int question, int row, struct value value) {
  struct answer *answer = answer_at(response, question, row);
  if (value.kind == VALUE_TEXT) value.text = arena_copy(response->arena, value.text);
  if (value.kind == VALUE_SET) {
    int *codes = arena_array(response->arena, (size_t)value.code_count, sizeof *codes);
    if (value.code_count > 0) memcpy(codes, value.codes, (size_t)value.code_count * sizeof *codes);
    value.codes = codes;
  }
  *answer = (struct answer){.value = value};
}

const struct value *response_get(const struct response *response, int question, int row) {
  return &answer_at(response, question, row)->value;
}

void response_set_invalid(struct response *response, int question, int row, const char *typed, enum typed_fault fault) {
  *answer_at(response, question, row) = (struct answer){.typed = arena_copy(response->arena, typed), .fault = fault};
}

const char *response_invalid(const struct response *response, int question, int row, enum typed_fault *fault) {
  const struct answer *answer = answer_at(response, question, row);
  if (fault != NULL) *fault = answer->fault;
  return answer->typed;
}

void response_format_stored(const struct form_question *question, const struct value *value, struct buf *out) {
  (void)question;
  char date[11];
  switch (value->kind) {
    case VALUE_NUMBER:
    case VALUE_BOOL:
      number_write(value->number, out);
      break;
    case VALUE_DATE:
      clock_format_date((int)value->number, date);
      buf_puts(out, date);
      break;
    case VALUE_TEXT:
      buf_puts(out, value->text);
      break;
    case VALUE_SET:
      for (int i = 0; i < value->code_count; i++) buf_printf(out, i > 0 ? ",%d" : "%d", value->codes[i]);
      break;
    case VALUE_MISSING:
    case VALUE_NA:
    case VALUE_NODATA:
      break;
  }
}

/* "-12.5" and nothing looser: no exponent, no hexadecimal, no spaces. */
static bool parse_number(const char *text, double *out) {
  const char *at = text + (*text == '-');
  size_t whole = strspn(at, "0123456789");
  size_t len = whole;
  if (at[whole] == '.') {
    size_t decimals = strspn(at + whole + 1, "0123456789");
    if (decimals == 0) return false;
    len += 1 + decimals;
  }
  if (whole == 0 || at[len] != '\0') return false;
  if (at != text || len != whole || len > EXACT_DIGITS) {
    *out = strtod(text, NULL);
    return true;
  }
  int64_t number = 0; /* codes and counts, nearly all there is */
  for (size_t i = 0; i < len; i++) number = number * 10 + (at[i] - '0');
  *out = (double)number;
  return true;
}

/* Codes "1,99", ascending. */
static bool parse_codes(const struct form_question *question, const char *text, struct arena *arena,
                        struct value *out) {
  int *codes = arena_array(arena, (size_t)question->option_count, sizeof *codes);
  int count = 0;
  for (const char *at = text;; at++) {
    char *end;
    if ((*at < '0' || *at > '9') && *at != '-') return false;
    long code = strtol(at, &end, 10);
    if (end == at || code < INT32_MIN || code > INT32_MAX) return false;
    if (count == question->option_count || (count > 0 && codes[count - 1] >= code)) return false;
    codes[count++] = (int)code;
    at = end;
    if (*at == '\0') break;
    if (*at != ',') return false;
  }
  *out = (struct value){.kind = VALUE_SET, .codes = codes, .code_count = count};
  return true;
}

bool response_parse_stored(const struct form_question *question, const char *text, struct arena *arena,
                           struct value *out) {
  int days;
  *out = (struct value){0};
  switch (question->type) {
    case QUESTION_SELECT_ONE:
    case QUESTION_INTEGER:
    case QUESTION_DECIMAL:
      if (!parse_number(text, &out->number)) return false;
      out->kind = VALUE_NUMBER;
      break;
    case QUESTION_SELECT_MULTIPLE:
      if (!parse_codes(question, text, arena, out)) return false;
      break;
    case QUESTION_DATE:
      if (!clock_parse_date(text, strlen(text), &days)) return false;
      *out = (struct value){.kind = VALUE_DATE, .number = days};
      break;
    case QUESTION_TEXT:
      if (*text == '\0') return false;
      *out = (struct value){.kind = VALUE_TEXT, .text = arena_copy(arena, text)};
      break;
    case QUESTION_NOTE:
    case QUESTION_CALCULATE:
      return false;
  }
  if (typed_check(question, out) == TYPED_OK) return true;
  *out = (struct value){0};
  return false;
}

/* The fault of a stored text, TYPED_OK with its value. */
static enum typed_fault read_stored(const struct form_question *question, const char *text, struct arena *arena,
                                    struct value *value) {
  if (response_parse_stored(question, text, arena, value)) return TYPED_OK;
  const char *const entries[] = {text};
  return typed_parse(question, entries, 1, NULL, arena, value);
}

bool response_fits_stored(const struct form_question *question, const char *text, struct arena *arena) {
  struct value value;
  return form_is_answerable(question) && read_stored(question, text, arena, &value) == TYPED_OK;
}

void response_set_stored(struct response *response, int question, int row, const char *text) {
  const struct form_question *asked = &response->form->questions[question];
  struct value value;
  if (!form_is_answerable(asked)) return;
  enum typed_fault fault = read_stored(asked, text, response->arena, &value);
  if (fault != TYPED_OK) response_set_invalid(response, question, row, text, fault);
  else response_set(response, question, row, value);
}

void response_set_special(struct response *response, int question, int row, enum special special) {
  const struct form_question *asked = &response->form->questions[question];
  if (!form_is_answerable(asked)) return;
  if ((asked->specials & special) == 0) {
    response_set_invalid(response, question, row, "", TYPED_NO_SUCH_SPECIAL);
    return;
  }
  response_set(response, question, row, (struct value){.kind = special == SPECIAL_NA ? VALUE_NA : VALUE_NODATA});
}
