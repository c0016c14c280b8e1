#include <jansson.h>
#include <string.h>

#include "base/number.h"
#include "form/response.h"
#include "form/suggest.h"

struct reader {
  const struct form *form;
  struct response *response;
  struct arena *arena;
  struct err *err;
};

/* Where a value stands: "P52", in a roster "P52[s1]". */
static const char *place(const struct reader *reader, int question, int row) {
  const struct form_question *asked = &reader->form->questions[question];
  if (asked->roster < 0) return asked->id;
  const struct response_row *in = response_row(reader->response, asked->roster, row);
  return arena_printf(reader->arena, "%s[%s]", asked->id, in->id);
}

static bool refuse(const struct reader *reader, int question, int row, const char *wanted) {
  return err_set_at(reader->err, ERR_INPUT, place(reader, question, row), 0, 0, "expected %s", wanted);
}

static bool is_never_kept(enum typed_fault fault) {
  return fault == TYPED_NO_SUCH_OPTION || fault == TYPED_NO_SUCH_SPECIAL || fault == TYPED_NOT_TEXT;
}

static const char *never_kept_reason(enum typed_fault fault) {
  if (fault == TYPED_NO_SUCH_OPTION) return "a code of one of its options";
  if (fault == TYPED_NO_SUCH_SPECIAL) return "one of its specials: the questionnaire does not offer this one";
  return "a text without control characters";
}

/* A value, or what was typed in its place. */
static bool put(const struct reader *reader, int question, int row, const struct value *value, enum typed_fault fault,
                const char *typed) {
  if (is_never_kept(fault)) return refuse(reader, question, row, never_kept_reason(fault));
  if (fault == TYPED_OK) response_set(reader->response, question, row, *value);
  else response_set_invalid(reader->response, question, row, typed, fault);
  return true;
}

static bool put_typed(const struct reader *reader, int question, int row, const char *entry, const char *special) {
  struct value value;
  enum typed_fault fault =
      typed_parse(&reader->form->questions[question], &entry, 1, special, reader->arena, &value);
  return put(reader, question, row, &value, fault, entry);
}

static bool put_number(const struct reader *reader, int question, int row, double number) {
  struct value value = {.kind = VALUE_NUMBER, .number = number == 0 ? 0 : number};
  struct buf typed = {0};
  number_write(number, &typed);
  enum typed_fault fault = typed_check(&reader->form->questions[question], &value);
  bool good = put(reader, question, row, &value, fault, buf_text(&typed));
  buf_free(&typed);
  return good;
}

static bool put_codes(const struct reader *reader, int question, int row, const json_t *codes) {
  struct buf typed = {0};
  bool good = true;
  for (size_t i = 0; good && i < json_array_size(codes); i++) {
    const json_t *code = json_array_get(codes, i);
    good = json_is_integer(code) || refuse(reader, question, row, "option codes, which are integers");
    if (good) buf_printf(&typed, i > 0 ? ",%lld" : "%lld", (long long)json_integer_value(code));
  }
  good = good && put_typed(reader, question, row, buf_text(&typed), NULL);
  buf_free(&typed);
  return good;
}

static bool read_special(const struct reader *reader, int question, int row, const json_t *value) {
  const char *special = json_string_value(json_object_get(value, "special"));
  if (special == NULL || *special == '\0' || json_object_size(value) != 1) {
    return refuse(reader, question, row, "{\"special\": \"na\"} or {\"special\": \"nodata\"}");
  }
  return put_typed(reader, question, row, "", special);
}

static bool read_value(const struct reader *reader, int question, int row, const json_t *value) {
  const struct form_question *asked = &reader->form->questions[question];
  if (!form_is_answerable(asked)) return refuse(reader, question, row, "nothing: people do not answer it");
  if (json_is_null(value)) return true;
  if (json_is_object(value)) return read_special(reader, question, row, value);
  switch (asked->type) {
    case QUESTION_SELECT_ONE:
    case QUESTION_INTEGER:
    case QUESTION_DECIMAL:
      if (json_is_number(value)) return put_number(reader, question, row, json_number_value(value));
      return refuse(reader, question, row, asked->type == QUESTION_SELECT_ONE ? "the code of an option" : "a number");
    case QUESTION_SELECT_MULTIPLE:
      if (json_is_array(value)) return put_codes(reader, question, row, value);
      return refuse(reader, question, row, "a list of option codes, as [1, 99]");
    case QUESTION_TEXT:
    case QUESTION_DATE:
      if (json_is_string(value)) return put_typed(reader, question, row, json_string_value(value), NULL);
      return refuse(reader, question, row, asked->type == QUESTION_DATE ? "a date, as \"2017-11-06\"" : "a text");
    case QUESTION_NOTE:
    case QUESTION_CALCULATE:
      break;
  }
  return false;
}

static bool refuse_unknown(const struct reader *reader, const char *id) {
  struct suggest suggest;
  suggest_start(&suggest, id);
  for (int i = 0; i < reader->form->question_count; i++) suggest_offer(&suggest, reader->form->questions[i].id);
  for (int i = 0; i < reader->form->roster_count; i++) {
    suggest_offer(&suggest, reader->form->containers[reader->form->rosters[i]].id);
  }
  const char *nearest = suggest.nearest;
  return err_set_at(reader->err, ERR_INPUT, id, 0, 0, "no question or roster of this name%s%s%s",
                    nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                    nearest != NULL ? "?" : "");
}

static const char *roster_id(const struct reader *reader, int roster) {
  return reader->form->containers[reader->form->rosters[roster]].id;
}

static bool read_row_answers(const struct reader *reader, int roster, int row, json_t *answers) {
  const char *id;
  json_t *value;
  json_object_foreach(answers, id, value) {
    if (strcmp(id, "id") == 0 || strcmp(id, "label") == 0) continue;
    int question = form_find(reader->form, id);
    if (question < 0) return refuse_unknown(reader, id);
    if (reader->form->questions[question].roster != roster) {
      return err_set_at(reader->err, ERR_INPUT, id, 0, 0, "not a question of the roster %s", roster_id(reader, roster));
    }
    if (!read_value(reader, question, row, value)) return false;
  }
  return true;
}

static bool read_row(const struct reader *reader, int roster, json_t *answers) {
  const char *name = roster_id(reader, roster);
  const json_t *label = json_object_get(answers, "label");
  const char *id = json_string_value(json_object_get(answers, "id"));
  if (id == NULL || *id == '\0' || (label != NULL && !json_is_string(label))) {
    return err_set_at(reader->err, ERR_INPUT, name, 0, 0,
                      "expected rows as {\"id\": \"s1\", \"label\": \"…\", …}, the label may be absent");
  }
  if (response_find_row(reader->response, roster, id) >= 0) {
    return err_set_at(reader->err, ERR_INPUT, name, 0, 0, "two rows have the id %s", id);
  }
  int row = response_add_row(reader->response, roster, id, json_string_value(label));
  if (row < 0) return err_set_at(reader->err, ERR_TOO_LARGE, name, 0, 0, "more than %d rows", RESPONSE_ROWS_MAX);
  return read_row_answers(reader, roster, row, answers);
}

static bool read_roster(const struct reader *reader, int roster, const json_t *rows) {
  if (json_is_null(rows)) return true;
  if (!json_is_array(rows)) {
    return err_set_at(reader->err, ERR_INPUT, roster_id(reader, roster), 0, 0, "expected a list of rows");
  }
  for (size_t i = 0; i < json_array_size(rows); i++) {
    if (!read_row(reader, roster, json_array_get(rows, i))) return false;
  }
  return true;
}

static bool read_answers(const struct reader *reader, json_t *answers) {
  const char *id;
  json_t *value;
  if (!json_is_object(answers)) {
    return err_set(reader->err, ERR_INPUT, "expected an object of answers: {\"question\": value, …}");
  }
  json_object_foreach(answers, id, value) {
    int question = form_find(reader->form, id);
    if (question >= 0 && reader->form->questions[question].roster >= 0) {
      return err_set_at(reader->err, ERR_INPUT, id, 0, 0, "it is asked in every row of %s: answer it there",
                        roster_id(reader, reader->form->questions[question].roster));
    }
    int container = question < 0 ? form_find_roster(reader->form, id) : -1;
    if (question < 0 && container < 0) return refuse_unknown(reader, id);
    bool good = question >= 0 ? read_value(reader, question, -1, value)
                              : read_roster(reader, reader->form->containers[container].roster, value);
    if (!good) return false;
  }
  return true;
}

struct response *response_from_json(const struct form *form, const char *json, size_t len, struct arena *arena,
                                    struct err *err) {
  json_error_t fault;
  json_t *answers = json_loadb(json, len, JSON_REJECT_DUPLICATES, &fault);
  if (answers == NULL) {
    err_set_at(err, ERR_INPUT, NULL, fault.line, fault.column > 0 ? fault.column : 1, "not good JSON: %s", fault.text);
    return NULL;
  }
  struct reader reader = {.form = form, .response = response_new(form, arena), .arena = arena, .err = err};
  bool good = read_answers(&reader, answers);
  json_decref(answers);
  return good ? reader.response : NULL;
}
