#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/answer.h"
#include "survey/correction.h"
#include "work_fixture.h"

static int set_up(void **state) {
  *state = work_fixture_new();
  return 0;
}

static int tear_down(void **state) {
  work_fixture_free(*state);
  return 0;
}

static void replace(struct buf *text, const char *find, const char *with) {
  struct buf next = {0};
  const char *at = strstr(buf_text(text), find);
  if (at == NULL) fail_msg("the questionnaire has no '%s'", find);
  buf_add(&next, buf_text(text), (size_t)(at - buf_text(text)));
  buf_puts(&next, with);
  buf_puts(&next, at + strlen(find));
  buf_free(text);
  *text = next;
}

/* The fixture's questionnaire as another version, with pieces replaced; pairs end with NULL. malloc'd. */
static char *corrected(const char *label, const char *const *pairs) {
  struct buf text = {0};
  char version[40];
  snprintf(version, sizeof version, "version: '%s'", label);
  buf_puts(&text, work_form_yaml);
  replace(&text, "version: '1'", version);
  for (; pairs[0] != NULL; pairs += 2) replace(&text, pairs[0], pairs[1]);
  return text.data;
}

static struct correction_preview preview(struct work_fixture *fixture, const char *text) {
  struct err err = {0};
  struct correction_preview out;
  assert_good(correction_preview(fixture->db, &fixture->people[WORK_COORDINATOR], "r1", text, strlen(text), fixture->arena,
                                 &out, &err), &err);
  return out;
}

static enum correction_refusal refusal(struct work_fixture *fixture, const char *text) {
  struct correction_preview out = preview(fixture, text);
  findings_free(out.findings);
  return out.refusal;
}

static bool publish(struct work_fixture *fixture, const char *text, int64_t current, struct err *err) {
  bool done;
  struct correction_order order = {.round = "r1", .text = text, .len = strlen(text), .note = "Lūdzu, pārskatiet.",
                                   .current = current};
  return correction_publish(fixture->db, &fixture->people[WORK_COORDINATOR], &order, &done, err);
}

static int move_all(struct work_fixture *fixture, int limit) {
  struct err err = {0};
  int moved, all = 0;
  do {
    assert_good(correction_move(fixture->db, limit, &moved, &err), &err);
    all += moved;
  } while (moved > 0);
  return all;
}

static void publish_good(struct work_fixture *fixture, const char *text) {
  struct err err = {0};
  assert_good(publish(fixture, text, 0, &err), &err);
  move_all(fixture, 2);
}

static int64_t number(struct db *db, struct stmt *stmt) {
  struct err err = {0};
  (void)db;
  int64_t n = stmt_step(stmt, &err) ? stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return n;
}

static int messages(struct db *db) {
  return (int)number(db, db_query(db, "SELECT count(*) FROM message WHERE kind = 'correction'"));
}

static const struct correction_question *find_question(const struct correction_preview *out, const char *id) {
  for (size_t i = 0; i < out->question_count; i++)
    if (strcmp(out->questions[i].id, id) == 0) return &out->questions[i];
  return NULL;
}

#define SEVERAL \
  "type: select_multiple, required: false, text: {lv: Kuri?, en: Which?},\n" \
  "         options: [{code: 1, text: {lv: viens, en: one}}, {code: 2, text: {lv: divi, en: two}},\n" \
  "                   {code: 9, text: {lv: neviens, en: none}, exclusive: true}]"
#define ONE \
  "type: select_one, required: false, text: {lv: Kuri?, en: Which?},\n" \
  "         options: [{code: 1, text: {lv: viens, en: one}}, {code: 2, text: {lv: divi, en: two}}]"

/* An answer, a change, and what becomes of it. fault NULL: it fits. shown: what the page still says of the old answer. */
static const struct effect {
  const char *question, *row_of, *value;
  const char *find, *replace;
  const char *fault, *shown;
} effects[] = {
    {"A1", NULL, "2", ", {code: 2, text: {lv: nē, en: 'no'}}]", ", {code: 3, text: {lv: varbūt, en: perhaps}}]", "option",
     "nē"},
    {"A1", NULL, "1", ", {code: 2, text: {lv: nē, en: 'no'}}]", ", {code: 3, text: {lv: varbūt, en: perhaps}}]", NULL, NULL},
    {"A1", NULL, "2", "text: {lv: nē,", "text: {lv: drīzāk nē,", NULL, NULL},
    {"C3", NULL, "500", "max: 1000", "max: 100", "value", "500"},
    {"C3", NULL, "500", "max: 1000", "max: 5000", NULL, NULL},
    {"C3", NULL, "500", "type: integer\n        max: 1000", "type: decimal", NULL, NULL},
    {"C3", NULL, "pieci", "max: 1000", "max: 100", NULL, NULL},
    {"T4", NULL, "daudz", "type: text, required: false, max_length: 20", "type: integer, required: false", "type", "daudz"},
    {"T4", NULL, "1 200", "type: text, required: false, max_length: 20", "type: integer, required: false", NULL, NULL},
    {"T4", NULL, "daudz vārdu", "max_length: 20", "max_length: 5", "value", "daudz vārdu"},
    {"T4", NULL, "daudz",
     "      - {id: T4, type: text, required: false, max_length: 20, text: {lv: Piezīme, en: Note}}\n", "", "removed", "daudz"},
    {"T4", NULL, "daudz", "id: T4", "id: T5", "removed", "daudz"},
    {"T4", NULL, "daudz", "type: text, required: false, max_length: 20", "type: note", "removed", "daudz"},
    {"M5", NULL, "1,2", ", {code: 2, text: {lv: divi, en: two}}", "", "option", "viens; divi"},
    {"M5", NULL, "1,2", "{code: 2, text: {lv: divi, en: two}}", "{code: 2, text: {lv: divi, en: two}, exclusive: true}",
     "option", "viens; divi"},
    {"M5", NULL, "1,2", SEVERAL, ONE, "type", "viens; divi"},
    {"M5", NULL, "1", SEVERAL, ONE, NULL, NULL},
    {"B2", NULL, "na:", "specials: [na, nodata]", "specials: [nodata]", "option", "neattiecas"},
    {"B2", NULL, "nodata:", "specials: [na, nodata]", "specials: [nodata]", NULL, NULL},
    {"P1", "services", "7", "id: services", "id: offices", "removed", "7"},
    {"P1", "services", "7", "{id: P1, type: integer,", "{id: P1, type: integer, max: 5,", "value", "7"},
    {"P1", "services", "7", "{id: P1, type: integer,", "{id: P1, type: integer, max: 9,", NULL, NULL},
};

static const struct work_misfit *open_misfit(const struct work *work) {
  for (const struct work_misfit *misfit = work->misfits; misfit != NULL; misfit = misfit->next)
    if (misfit->answer) return misfit;
  return NULL;
}

static void check_effect(const struct effect *effect) {
  struct work_fixture *fixture = work_fixture_new();
  struct err err = {0};
  const struct actor *anna = &fixture->people[WORK_ANNA];
  const char *row = effect->row_of == NULL ? "" : work_add_row(fixture->db, anna, fixture->response, effect->row_of, "Rinda",
                                                               fixture->arena, &err);
  assert_non_null(row);
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  work_save_one(fixture, WORK_ANNA, effect->question, row, effect->value, strcmp(effect->question, "A1") == 0 ? 1 : 0);
  const char *pairs[] = {effect->find, effect->replace, NULL};
  char *text = corrected("2", pairs);
  struct correction_preview out = preview(fixture, text);
  if (out.refusal != CORRECTION_GOOD)
    fail_msg("'%s': %s", effect->replace, findings_count(out.findings) > 0 ? findings_get(out.findings, 0)->text : "refused");
  const struct correction_question *question = find_question(&out, effect->question);
  assert_non_null(question);
  assert_int_equal(question->responses, 1);
  assert_int_equal(question->misfits, effect->fault != NULL);
  assert_int_equal(out.misfits, effect->fault != NULL);
  assert_int_equal(out.begun, 1);
  assert_int_equal(out.fresh, 2);
  if (effect->fault != NULL) assert_string_equal(question->institutions[0], "Valsts kase");
  findings_free(out.findings);
  publish_good(fixture, text);
  free(text);
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_string_equal(work->item.form->version, "2");
  const struct work_misfit *misfit = open_misfit(work);
  if (effect->fault == NULL) {
    if (misfit != NULL) fail_msg("%s '%s': a misfit of kind %s", effect->question, effect->value, misfit->fault);
  } else {
    if (misfit == NULL) fail_msg("%s '%s': no misfit", effect->question, effect->value);
    assert_string_equal(misfit->fault, effect->fault);
    assert_string_equal(work_misfit_text(fixture->db, misfit, "lv", fixture->arena), effect->shown);
    assert_int_equal(misfit->at >= 0, strcmp(effect->fault, "removed") != 0);
  }
  /* Nothing is lost: what is stored is what was. */
  struct answer_row stored;
  struct stmt *stmt = answer_history(fixture->db, fixture->response, effect->question, row);
  assert_true(answer_history_next(stmt, &stored, &err));
  if (stored.state == ANSWER_VALUE && strchr(effect->value, ' ') == NULL) assert_string_equal(stored.value, effect->value);
  stmt_end(stmt);
  work_fixture_free(fixture);
}

static void what_becomes_of_answers(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof effects / sizeof *effects; i++) check_effect(&effects[i]);
}

static void refused(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct correction_preview out;
  assert_int_equal(refusal(fixture, work_form_yaml), CORRECTION_SAME);
  assert_int_equal(refusal(fixture, "not: [yaml"), CORRECTION_FINDINGS);
  assert_int_equal(refusal(fixture, ""), CORRECTION_FINDINGS);
  const char *label[] = {"lv: Cik?", "lv: Cik tad?", NULL}, *other[] = {"questionnaire: q", "questionnaire: z", NULL};
  const char *cyclic[] = {"relevant: A1 = 1", "relevant: C3 = 1", "id: C3\n        type: integer",
                          "id: C3\n        relevant: B2 = 1\n        type: integer", NULL};
  char *text = corrected("1", label);
  assert_int_equal(refusal(fixture, text), CORRECTION_LABEL);
  assert_false(publish(fixture, text, 0, &err));
  assert_int_equal(err.code, ERR_INPUT);
  free(text);
  text = corrected("2", other);
  assert_int_equal(refusal(fixture, text), CORRECTION_OTHER);
  free(text);
  text = corrected("2", cyclic);
  assert_int_equal(refusal(fixture, text), CORRECTION_FINDINGS);
  free(text);
  text = corrected("2", label);
  static const int strangers[] = {WORK_ANNA, WORK_RESEARCHER, WORK_EXPERT};
  for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
    err = (struct err){0};
    const struct actor *stranger = &fixture->people[strangers[i]];
    assert_false(correction_preview(fixture->db, stranger, "r1", text, strlen(text), fixture->arena, &out, &err));
    assert_int_equal(err.code, ERR_DENIED);
  }
  err = (struct err){0};
  assert_false(correction_preview(fixture->db, &fixture->people[WORK_COORDINATOR], "nowhere", text, strlen(text),
                                  fixture->arena, &out, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  stmt_run(db_query(fixture->db, "UPDATE round SET closed_ms = 1"), &err);
  assert_int_equal(refusal(fixture, text), CORRECTION_CLOSED);
  err = (struct err){0};
  assert_false(publish(fixture, text, 0, &err));
  assert_int_equal(err.code, ERR_LOCKED);
  free(text);
}

/* A second press does nothing; a preview of what was asked with before cannot be confirmed. */
static void two_at_once(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const char *one[] = {"lv: Cik?", "lv: Cik tad?", NULL}, *two[] = {"lv: Cik?", "lv: Cik gan?", NULL};
  char *first = corrected("2", one), *second = corrected("3", two);
  struct correction_preview out = preview(fixture, first);
  findings_free(out.findings);
  assert_good(publish(fixture, first, out.current, &err), &err);
  assert_good(publish(fixture, first, out.current, &err), &err);
  assert_int_equal(number(fixture->db, db_query(fixture->db, "SELECT count(*) FROM correction")), 1);
  assert_false(publish(fixture, second, out.current, &err));
  assert_int_equal(err.code, ERR_CONFLICT);
  free(first);
  free(second);
}

/* In pieces: some are moved, the rest after the program was started again; once each. */
static void in_batches(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  int moved;
  bool waits;
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  const char *pairs[] = {"lv: Cik?", "lv: Cik tad?", NULL};
  char *text = corrected("2", pairs);
  assert_good(publish(fixture, text, 0, &err), &err);
  assert_good(correction_waits(fixture->db, &waits, &err), &err);
  assert_true(waits);
  assert_good(correction_move(fixture->db, 1, &moved, &err), &err);
  assert_int_equal(moved, 1);
  assert_int_equal(move_all(fixture, 1), 2);
  assert_good(correction_waits(fixture->db, &waits, &err), &err);
  assert_false(waits);
  assert_int_equal(messages(fixture->db), 2); /* Anna and Bruno; the other institution has not begun */
  assert_int_equal(number(fixture->db, db_query(fixture->db, "SELECT count(*) FROM event WHERE kind = 'corrected'")), 1);
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_int_equal(work->item.status, RESPONSE_STARTED);
  assert_non_null(work_changed(work, form_find(work->item.form, "B2")));
  free(text);
}

static void submit_other(struct work_fixture *fixture) {
  struct err err = {0};
  const struct actor *other = &fixture->people[WORK_OTHER];
  static const char *const values[][2] = {{"A1", "2"}, {"C3", "5"}};
  for (int i = 0; i < 2; i++) {
    struct save_entry entry = {.question = values[i][0], .row = "", .values = &values[i][1], .value_count = 1, .special = ""};
    assert_good(work_save(fixture->db, other, fixture->other_response, &entry, 1, fixture->arena, &err), &err);
  }
  struct work *work = work_open(fixture->db, other, fixture->other_response, fixture->arena, &err);
  assert_good(work != NULL && work->state->complete, &err);
  assert_good(work_submit(fixture->db, other, fixture->other_response, work->item.revision, &err), &err);
}

/* What was submitted stays on its version, until it is reopened. */
static void submitted_stays(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  submit_other(fixture);
  const char *pairs[] = {", {code: 2, text: {lv: nē, en: 'no'}}]", "]", "max: 1000", "max: 900", NULL};
  char *text = corrected("2", pairs);
  struct correction_preview out = preview(fixture, text);
  assert_int_equal(out.locked, 1);
  assert_int_equal(out.locked_misfits, 1);
  assert_int_equal(out.misfits, 0);
  findings_free(out.findings);
  publish_good(fixture, text);
  const struct actor *other = &fixture->people[WORK_OTHER];
  struct work *work = work_open(fixture->db, other, fixture->other_response, fixture->arena, &err);
  assert_string_equal(work->item.form->version, "1");
  assert_null(work->misfits);
  struct stmt *stmt = db_query(fixture->db, "UPDATE response SET status = 3 WHERE id = $1");
  stmt_bind_int(stmt, 1, fixture->other_response);
  stmt_run(stmt, &err);
  move_all(fixture, 10);
  work = work_open(fixture->db, other, fixture->other_response, fixture->arena, &err);
  assert_string_equal(work->item.form->version, "2");
  assert_int_equal(work->item.status, RESPONSE_REOPENED);
  assert_string_equal(open_misfit(work)->fault, "option");
  assert_false(work->item.complete);
  free(text);
}

/* Who submits while it is published: before the move the response is submitted on the version it was given on and stays there;
 * after it, what was read through is not what would be submitted. */
static void submitting_meanwhile(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct actor *anna = &fixture->people[WORK_ANNA];
  const char *pairs[] = {"max: 1000", "max: 900", NULL};
  char *text = corrected("2", pairs);
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  int64_t revision = work_open_good(fixture, WORK_ANNA)->item.revision;
  assert_good(publish(fixture, text, 0, &err), &err);
  submit_other(fixture); /* of the old version, not moved yet */
  move_all(fixture, 10);
  struct work *work = work_open(fixture->db, &fixture->people[WORK_OTHER], fixture->other_response, fixture->arena, &err);
  assert_string_equal(work->item.form->version, "1");
  assert_false(work_submit(fixture->db, anna, fixture->response, revision, &err));
  assert_int_equal(err.code, ERR_CONFLICT);
  err = (struct err){0};
  assert_good(work_submit(fixture->db, anna, fixture->response, work_open_good(fixture, WORK_ANNA)->item.revision, &err), &err);
  assert_string_equal(work_open_good(fixture, WORK_ANNA)->item.form->version, "2");
  free(text);
}

/* A correction of a correction, and back to the first text. */
static void there_and_back(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "T4", "", "daudz", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "500", 0);
  const char *two[] = {"id: T4", "id: T5", "max: 1000", "max: 100", NULL};
  const char *three[] = {"id: T4", "id: T6", "max: 1000", "max: 90", NULL};
  char *second = corrected("2", two), *third = corrected("3", three);
  publish_good(fixture, second);
  struct correction_preview out = preview(fixture, third);
  findings_free(out.findings);
  assert_int_equal(out.misfits, 0); /* they did not fit before either */
  publish_good(fixture, third);
  assert_int_equal(number(fixture->db, db_query(fixture->db, "SELECT count(*) FROM misfit WHERE settled_ms = 0"
                                                              " AND fault IN ('removed', 'value')")), 2);
  out = preview(fixture, work_form_yaml);
  findings_free(out.findings);
  assert_int_equal(out.refusal, CORRECTION_GOOD); /* going back is allowed: the same version, chosen again */
  assert_int_equal(out.settled, 2);
  publish_good(fixture, work_form_yaml);
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_string_equal(work->item.form->version, "1");
  assert_null(open_misfit(work));
  assert_int_equal(work->state->total.errors, 0);
  publish_good(fixture, second); /* and forth once more */
  work = work_open_good(fixture, WORK_ANNA);
  assert_string_equal(work->item.form->version, "2");
  assert_non_null(open_misfit(work));
  free(second);
  free(third);
}

/* Answering anew settles; from a page of the old version only the answer, not what is said of the question. */
static void settled_by_answers(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct actor *anna = &fixture->people[WORK_ANNA];
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "50", 0);
  work_save_one(fixture, WORK_ANNA, "M5", "", "1,2", 0);
  int64_t old = work_open_good(fixture, WORK_ANNA)->item.version_id;
  const char *pairs[] = {"max: 1000", "max: 900", ", {code: 2, text: {lv: divi, en: two}}", "", "id: T4", "id: T5", NULL};
  char *text = corrected("2", pairs);
  publish_good(fixture, text);
  free(text);
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  int c3 = form_find(work->item.form, "C3"), m5 = form_find(work->item.form, "M5");
  assert_non_null(work_changed(work, c3));
  assert_non_null(work_misfit(work, m5, -1));
  assert_false(work->state->complete);
  /* a page without script of the old version sends all it has: what it does not show any more says nothing */
  const char *c3_value = "51", *m5_value[] = {"1", "2"}, *t4_value = "jauns";
  struct save_entry entries[] = {
      {.question = "C3", .row = "", .values = &c3_value, .value_count = 1, .special = "", .seen = 1, .carried = true, .shown = old},
      {.question = "M5", .row = "", .values = m5_value, .value_count = 2, .special = "", .seen = 1, .carried = true, .shown = old},
      {.question = "T4", .row = "", .special = "", .carried = true, .shown = old},
  };
  assert_good(work_save(fixture->db, anna, fixture->response, entries, 3, fixture->arena, &err), &err);
  assert_int_equal(entries[0].result, SAVE_DONE);
  assert_int_equal(entries[1].result, SAVE_DONE);
  assert_int_equal(entries[2].result, SAVE_DONE);
  work = work_open_good(fixture, WORK_ANNA);
  assert_int_equal(work_mark(work, c3, -1)->version, 2);
  assert_int_equal(work_mark(work, m5, -1)->version, 1);
  assert_non_null(work_changed(work, c3));
  /* what was typed anew into a question that is gone is refused */
  struct save_entry gone = {.question = "T4", .row = "", .values = &t4_value, .value_count = 1, .special = "", .shown = old};
  assert_good(work_save(fixture->db, anna, fixture->response, &gone, 1, fixture->arena, &err), &err);
  assert_int_equal(gone.result, SAVE_REFUSED);
  /* the new page without script shows no box ticked: that is no answer either */
  struct save_entry empty = {.question = "M5", .row = "", .special = "", .seen = 1, .carried = true,
                             .shown = work->item.version_id};
  assert_good(work_save(fixture->db, anna, fixture->response, &empty, 1, fixture->arena, &err), &err);
  assert_non_null(work_misfit(work_open_good(fixture, WORK_ANNA), m5, -1));
  work_save_one(fixture, WORK_ANNA, "M5", "", "1", 1);
  work_save_one(fixture, WORK_ANNA, "C3", "", "52", 2);
  work = work_open_good(fixture, WORK_ANNA);
  assert_null(work_misfit(work, m5, -1));
  assert_null(work_changed(work, c3));
}

/* A page of before, without a script, brings what it showed: a value that is over the new bound, an option that is gone and
 * that a colleague has answered anew meanwhile, an answer of a question that is gone and was taken note of. None of it is new. */
static void carried_along(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "500", 0);
  work_save_one(fixture, WORK_ANNA, "T4", "", "daudz", 0);
  int64_t old = work_open_good(fixture, WORK_ANNA)->item.version_id;
  const char *pairs[] = {"max: 1000", "max: 100", "id: T4", "id: T5", "{code: 2, text: {lv: nē, en: 'no'}}",
                         "{code: 3, text: {lv: nav, en: none}}", NULL};
  char *text = corrected("2", pairs);
  publish_good(fixture, text);
  free(text);
  work_save_one(fixture, WORK_BRUNO, "A1", "", "3", 1);
  assert_good(correction_note_read(fixture->db, &fixture->people[WORK_BRUNO], fixture->response, &err), &err);
  const char *values[] = {"2", "500", "daudz"};
  struct save_entry entries[] = {
      {.question = "A1", .row = "", .values = &values[0], .value_count = 1, .special = "", .seen = 1, .carried = true, .shown = old},
      {.question = "C3", .row = "", .values = &values[1], .value_count = 1, .special = "", .seen = 1, .carried = true, .shown = old},
      {.question = "T4", .row = "", .values = &values[2], .value_count = 1, .special = "", .seen = 1, .carried = true, .shown = old},
  };
  assert_good(work_save(fixture->db, &fixture->people[WORK_ANNA], fixture->response, entries, 3, fixture->arena, &err), &err);
  assert_true(entries[0].untouched);
  assert_int_not_equal(entries[1].result, SAVE_REFUSED);
  assert_true(entries[2].untouched);
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  int c3 = form_find(work->item.form, "C3");
  assert_int_equal(work_mark(work, c3, -1)->version, 1);
  assert_non_null(work_misfit(work, c3, -1));
  assert_int_equal(work_mark(work, form_find(work->item.form, "A1"), -1)->version, 2);
  const struct work_past *past;
  assert_int_equal(work_history(fixture->db, &fixture->people[WORK_ANNA], fixture->response, "A1", "", fixture->arena, &past, &err), 2);
  assert_string_equal(past[1].value, "nē"); /* in the words of its version */
}

static void taken_note_of(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "T4", "", "daudz", 0);
  const char *pairs[] = {"lv: Vai ir?", "lv: Vai tiešām ir?", "id: T4", "id: T5", ", {code: 2, text: {lv: divi, en: two}}", "",
                         NULL};
  work_save_one(fixture, WORK_ANNA, "M5", "", "2", 0);
  char *text = corrected("2", pairs);
  publish_good(fixture, text);
  free(text);
  assert_false(correction_note_read(fixture->db, &fixture->people[WORK_COORDINATOR], fixture->response, &err));
  assert_int_equal(err.code, ERR_DENIED);
  err = (struct err){0};
  assert_false(correction_note_read(fixture->db, &fixture->people[WORK_OTHER], fixture->response, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  err = (struct err){0};
  assert_good(correction_note_read(fixture->db, &fixture->people[WORK_ANNA], fixture->response, &err), &err);
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_non_null(work->misfits); /* what waits for an answer stays */
  assert_string_equal(work->misfits->question, "M5");
  assert_null(work->misfits->next);
}

static void versions_of(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct correction_listed *list;
  submit_other(fixture);
  work_save_one(fixture, WORK_ANNA, "C3", "", "500", 0);
  const char *pairs[] = {"max: 1000", "max: 100", NULL};
  char *text = corrected("2", pairs);
  publish_good(fixture, text);
  free(text);
  size_t count = correction_versions_of(fixture->db, &fixture->people[WORK_COORDINATOR], "r1", fixture->arena, &list, &err);
  assert_int_equal(count, 3);
  assert_string_equal(list[0].label, "2");
  assert_true(list[0].current);
  assert_int_equal(list[0].fresh, 1);
  assert_int_equal(list[0].begun, 1);
  assert_int_equal(list[0].misfit_responses, 1);
  assert_string_equal(list[0].person, "Ilze");
  assert_string_equal(list[1].label, "1");
  assert_int_equal(list[1].locked, 1);
  assert_int_equal(list[1].waiting, 0);
  assert_int_equal(correction_versions_of(fixture->db, &fixture->people[WORK_ANNA], "r1", fixture->arena, &list, &err), 0);
  assert_int_equal(err.code, ERR_DENIED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_becomes_of_answers),
      cmocka_unit_test_setup_teardown(refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(two_at_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(in_batches, set_up, tear_down),
      cmocka_unit_test_setup_teardown(submitted_stays, set_up, tear_down),
      cmocka_unit_test_setup_teardown(submitting_meanwhile, set_up, tear_down),
      cmocka_unit_test_setup_teardown(there_and_back, set_up, tear_down),
      cmocka_unit_test_setup_teardown(settled_by_answers, set_up, tear_down),
      cmocka_unit_test_setup_teardown(carried_along, set_up, tear_down),
      cmocka_unit_test_setup_teardown(taken_note_of, set_up, tear_down),
      cmocka_unit_test_setup_teardown(versions_of, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
