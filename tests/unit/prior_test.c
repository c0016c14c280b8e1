#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/person.h"
#include "survey/prior.h"
#include "work_fixture.h"

/* The questionnaire as it was: other words, an option that is gone now, another unit, another type. */
static const char then_yaml[] =
    "questionnaire: q\n"
    "version: '0'\n"
    "languages: [lv, en]\n"
    "title: {lv: Anketa, en: Form}\n"
    "sections:\n"
    "  - id: s1\n"
    "    title: {lv: Pirmā, en: First}\n"
    "    questions:\n"
    "      - {id: A1, type: select_one, text: {lv: Vai ir?, en: Is it?},\n"
    "         options: [{code: 1, text: {lv: bija, en: it was}}, {code: 2, text: {lv: nē, en: 'no'}},\n"
    "                   {code: 3, text: {lv: nezinu, en: unknown}}]}\n"
    "      - {id: B2, type: decimal, relevant: A1 = 1, specials: [na, nodata], text: {lv: Cik?, en: How many?}}\n"
    "      - {id: C3, type: integer, text: {lv: Cik kopā?, en: How many in all?}}\n"
    "      - {id: T4, type: text, required: false, text: {lv: Piezīme, en: Note}}\n"
    "      - {id: M5, type: select_multiple, required: false, text: {lv: Kuri?, en: Which?},\n"
    "         options: [{code: 1, text: {lv: pirmais, en: first}}, {code: 2, text: {lv: otrais, en: second}},\n"
    "                   {code: 3, text: {lv: trešais, en: third}}]}\n"
    "      - {id: S7, type: decimal, unit: {lv: '%', en: '%'}, required: false, text: {lv: Daļa, en: Share}}\n"
    "      - {id: U8, type: integer, unit: {lv: tūkst., en: thousand}, required: false, text: {lv: Eiro, en: Euro}}\n"
    "      - {id: D9, type: date, required: false, text: {lv: Kad, en: When}}\n"
    "      - {id: X9, type: text, required: false, text: {lv: Kas, en: What}}\n"
    "      - roster:\n"
    "          id: services\n"
    "          text: {lv: Pakalpojumi, en: Services}\n"
    "          label: {lv: Pakalpojums, en: Service}\n"
    "          questions:\n"
    "            - {id: P1, type: integer, text: {lv: Skaits, en: Count}}\n";

/* Now, beside the fixture's questions. */
static const char more_yaml[] =
    "      - {id: S7, type: decimal, unit: {lv: '%', en: '%'}, required: false, text: {lv: Daļa, en: Share}}\n"
    "      - {id: U8, type: integer, unit: {lv: eiro, en: euro}, required: false, text: {lv: Eiro, en: Euro}}\n"
    "      - {id: D9, type: date, required: false, text: {lv: Kad, en: When}}\n"
    "      - {id: X9, type: integer, required: false, text: {lv: Kas, en: What}}\n"
    "      - {id: N9, type: integer, min: -1000, required: false, text: {lv: Jauns, en: New}}\n";

struct prior_fixture {
  struct work_fixture *work;
  int64_t then; /* the response of the round before */
};

static char *joined(const char *a, const char *b, const char *c) {
  struct buf text = {0};
  buf_printf(&text, "%s%s%s", a, b, c);
  return text.data;
}

static void load(struct work_fixture *fixture, const char *name) {
  struct err err = {0};
  char *folder = file_join(fixture->folder, name);
  assert_good(field_load_round(fixture->db, folder, NULL, NULL, &err), &err);
  free(folder);
}

static void write_now(struct work_fixture *fixture, const char *previous) {
  char *round = joined(work_round_yaml, previous, "");
  char *form = joined(work_form_yaml, "", "");
  const char *roster = strstr(form, "      - roster:");
  char *before = strndup(form, (size_t)(roster - form));
  char *whole = joined(before, more_yaml, roster);
  folder_write(fixture->folder, "round/round.yaml", round);
  folder_write(fixture->folder, "round/q.yaml", whole);
  load(fixture, "round");
  free(round);
  free(form);
  free(before);
  free(whole);
}

static int64_t response_in(struct work_fixture *fixture, int who, const char *round) {
  struct err err = {0};
  const struct work_item *items;
  size_t count = work_list(fixture->db, &fixture->people[who], fixture->arena, &items, &err);
  for (size_t i = 0; i < count; i++)
    if (strcmp(items[i].round, round) == 0) return items[i].response;
  fail_msg("no response in %s", round);
  return 0;
}

static int set_up(void **state) {
  static struct prior_fixture fixture;
  fixture.work = work_fixture_new();
  const char *folder = fixture.work->folder;
  char *round = joined("round: r0\n", strstr(work_round_yaml, "title:"), "");
  for (char *at = round; (at = strstr(at, "2026")) != NULL; at++) memcpy(at, "2024", 4);
  folder_write(folder, "before/round.yaml", round);
  folder_write(folder, "before/institutions.csv", work_institutions_csv);
  folder_write(folder, "before/q.yaml", then_yaml);
  folder_write(folder, "before/e.yaml", work_expert_yaml);
  free(round);
  load(fixture.work, "before");
  write_now(fixture.work, "previous: {round: r0, take_over: true}\n");
  fixture.then = response_in(fixture.work, WORK_ANNA, "r0");
  fixture.work->response = response_in(fixture.work, WORK_ANNA, "r1");
  *state = &fixture;
  return 0;
}

static int tear_down(void **state) {
  work_fixture_free(((struct prior_fixture *)*state)->work);
  return 0;
}

/* In the response of that time, or of now. */
static struct save_entry answer(struct prior_fixture *fixture, bool then, const char *question, const char *row,
                                const char *value) {
  int64_t now = fixture->work->response;
  if (then) fixture->work->response = fixture->then;
  struct save_entry entry = work_save_one(fixture->work, WORK_ANNA, question, row, value, 0);
  fixture->work->response = now;
  assert_int_equal(entry.result, SAVE_DONE);
  return entry;
}

static const char *add_row(struct prior_fixture *fixture, bool then, const char *label) {
  struct err err = {0};
  const char *row = work_add_row(fixture->work->db, &fixture->work->people[WORK_ANNA],
                                 then ? fixture->then : fixture->work->response, "services", label,
                                 fixture->work->arena, &err);
  assert_good(row != NULL, &err);
  return row;
}

static const struct prior *prior_for(struct prior_fixture *fixture, int who, struct work **work) {
  struct err err = {0};
  *work = work_open_good(fixture->work, who);
  const struct prior *prior = prior_load(fixture->work->db, &fixture->work->people[who], *work, fixture->work->arena, &err);
  assert_int_equal(err.code, ERR_NONE);
  return prior;
}

/* What is shown in Latvian, "" for nothing. */
static const char *shown(struct prior_fixture *fixture, const char *question, int row, const char *language) {
  struct work *work;
  struct buf text = {0};
  const struct prior *prior = prior_for(fixture, WORK_ANNA, &work);
  bool any = prior_show(prior, form_find(work->item.form, question), row, language, &text);
  const char *copy = arena_copy(fixture->work->arena, buf_text(&text));
  assert_int_equal(any, copy[0] != '\0');
  buf_free(&text);
  return copy;
}

static struct prior_mark compared(struct prior_fixture *fixture, const char *question, int row) {
  struct work *work;
  const struct prior *prior = prior_for(fixture, WORK_ANNA, &work);
  return prior_compare(prior, form_find(work->item.form, question), row);
}

/* ---- what is shown */

static void answers_of_then_are_shown(void **state) {
  struct prior_fixture *fixture = *state;
  struct work *work;
  assert_null(prior_for(fixture, WORK_ANNA, &work)); /* nobody had begun */
  answer(fixture, true, "A1", "", "1");
  answer(fixture, true, "B2", "", "12345,5");
  answer(fixture, true, "T4", "", "Teksts");
  answer(fixture, true, "M5", "", "1,2");
  answer(fixture, true, "D9", "", "2024-11-06");
  assert_string_equal(shown(fixture, "A1", -1, "lv"), "bija"); /* in the words of then */
  assert_string_equal(shown(fixture, "A1", -1, "en"), "it was");
  assert_string_equal(shown(fixture, "A1", -1, "ru"), "bija"); /* the questionnaire has no Russian */
  assert_string_equal(shown(fixture, "B2", -1, "lv"), "12\u202F345,5");
  assert_string_equal(shown(fixture, "T4", -1, "lv"), "Teksts");
  assert_string_equal(shown(fixture, "M5", -1, "lv"), "pirmais; otrais");
  assert_string_equal(shown(fixture, "D9", -1, "lv"), "06.11.2024");
  assert_string_equal(shown(fixture, "C3", -1, "lv"), ""); /* not answered */
  assert_string_equal(shown(fixture, "N9", -1, "lv"), ""); /* not asked then */
  assert_string_equal(shown(fixture, "K6", -1, "lv"), ""); /* calculated */
  const struct prior *prior = prior_for(fixture, WORK_ANNA, &work);
  assert_false(prior_submitted(prior));
  assert_int_equal(prior_deadline_ms(prior), work->item.prior_deadline_ms);
  assert_true(work->item.prior_deadline_ms < work->item.deadline_ms);
}

static void what_does_not_fit_is_not_shown(void **state) {
  struct prior_fixture *fixture = *state;
  struct save_entry entry;
  answer(fixture, true, "A1", "", "1");
  answer(fixture, true, "B2", "", "5");
  answer(fixture, true, "M5", "", "1,3"); /* 3 is gone */
  answer(fixture, true, "X9", "", "12");  /* was a text */
  assert_string_equal(shown(fixture, "M5", -1, "lv"), "");
  assert_string_equal(shown(fixture, "X9", -1, "lv"), "");
  assert_string_equal(shown(fixture, "B2", -1, "lv"), "5");
  int64_t now = fixture->work->response;
  fixture->work->response = fixture->then;
  work_save_one(fixture->work, WORK_ANNA, "A1", "", "3", 1);
  entry = work_save_one(fixture->work, WORK_ANNA, "C3", "", "pieci", 0);
  assert_int_equal(entry.result, SAVE_INVALID);
  fixture->work->response = now;
  assert_string_equal(shown(fixture, "A1", -1, "lv"), ""); /* option 3 is gone */
  assert_string_equal(shown(fixture, "B2", -1, "lv"), ""); /* filtered out by it */
  assert_string_equal(shown(fixture, "C3", -1, "lv"), ""); /* was no answer */
}

static void another_unit_is_said_and_not_compared(void **state) {
  struct prior_fixture *fixture = *state;
  struct work *work;
  answer(fixture, true, "U8", "", "50");
  answer(fixture, false, "U8", "", "50");
  assert_string_equal(shown(fixture, "U8", -1, "lv"), "50 tūkst.");
  const struct prior *prior = prior_for(fixture, WORK_ANNA, &work);
  int question = form_find(work->item.form, "U8");
  assert_false(prior_same(prior, question, -1));
  assert_false(prior_fits(prior, question, -1));
  assert_int_equal(prior_compare(prior, question, -1).change, PRIOR_USUAL);
}

static void rows_go_by_their_names(void **state) {
  struct prior_fixture *fixture = *state;
  static const char *const then[] = {"Reģistrēšana", "Divreiz", "divreiz", "Atļauja", "Tikai toreiz"};
  for (int i = 0; i < 5; i++) {
    const char *value = arena_printf(fixture->work->arena, "%d", 100 + i);
    answer(fixture, true, "P1", add_row(fixture, true, then[i]), value);
  }
  add_row(fixture, false, "ATLAUJA");      /* 0: case and diacritics do not matter */
  add_row(fixture, false, "Divreiz");      /* 1: which of the two? */
  add_row(fixture, false, "Registresana"); /* 2 */
  add_row(fixture, false, "Tikai tagad");  /* 3 */
  assert_string_equal(shown(fixture, "P1", 0, "lv"), "103");
  assert_string_equal(shown(fixture, "P1", 1, "lv"), "");
  assert_string_equal(shown(fixture, "P1", 2, "lv"), "100");
  assert_string_equal(shown(fixture, "P1", 3, "lv"), "");
  add_row(fixture, false, "atļauja"); /* now two mean it */
  assert_string_equal(shown(fixture, "P1", 0, "lv"), "");
}

static void nobody_sees_more_than_the_response_of_then(void **state) {
  struct prior_fixture *fixture = *state;
  struct work *work;
  answer(fixture, true, "C3", "", "5");
  assert_non_null(prior_for(fixture, WORK_BRUNO, &work));
  assert_non_null(prior_for(fixture, WORK_COORDINATOR, &work)); /* reads, takes nothing over */
  int question = form_find(work->item.form, "C3");
  struct err err = {0};
  const struct prior *prior = prior_load(fixture->work->db, &fixture->work->people[WORK_COORDINATOR], work,
                                         fixture->work->arena, &err);
  assert_false(prior_fits(prior, question, -1));
  /* What experts filled then is not a contact's to read, though contacts fill it now. */
  char *round = joined("round: r0\n", strstr(work_round_yaml, "title:"), "");
  char *by = strstr(round, "q.yaml, by: contact");
  struct buf text = {0};
  buf_add(&text, round, (size_t)(by - round));
  buf_printf(&text, "q.yaml, by: expert%s", by + strlen("q.yaml, by: contact"));
  folder_write(fixture->work->folder, "before/round.yaml", text.data);
  load(fixture->work, "before");
  assert_null(prior_for(fixture, WORK_ANNA, &work));
  buf_free(&text);
  free(round);
}

static void without_a_previous_round_there_is_nothing(void **state) {
  struct prior_fixture *fixture = *state;
  struct work *work;
  answer(fixture, true, "C3", "", "5");
  write_now(fixture->work, "");
  assert_null(prior_for(fixture, WORK_ANNA, &work));
  assert_int_equal(work->item.prior, 0);
  write_now(fixture->work, "previous: {round: nowhere}\n");
  assert_null(prior_for(fixture, WORK_ANNA, &work));
}

/* ---- what is unusual */

static void assert_mark(struct prior_fixture *fixture, const char *question, const char *before, const char *now,
                        enum prior_change change, double by) {
  int64_t response = fixture->work->response;
  for (int i = 0; i < 2; i++) {
    fixture->work->response = i == 0 ? fixture->then : response;
    struct work *work = work_open_good(fixture->work, WORK_ANNA);
    int seen = work_mark(work, form_find(work->item.form, question), -1)->version;
    work_save_one(fixture->work, WORK_ANNA, question, "", i == 0 ? before : now, seen);
  }
  struct prior_mark mark = compared(fixture, question, -1);
  if (mark.change != change || (change == PRIOR_BY_PERCENT && mark.by != by) || (change == PRIOR_BY_POINTS && mark.by != by))
    fail_msg("%s -> %s: change %d by %g", before, now, (int)mark.change, mark.by);
}

static void unusual_is_twice_or_half(void **state) {
  struct prior_fixture *fixture = *state;
  assert_mark(fixture, "C3", "100", "199", PRIOR_USUAL, 0);
  assert_mark(fixture, "C3", "100", "200", PRIOR_BY_PERCENT, 100);
  assert_mark(fixture, "C3", "100", "330", PRIOR_BY_PERCENT, 230);
  assert_mark(fixture, "C3", "100", "51", PRIOR_USUAL, 0);
  assert_mark(fixture, "C3", "100", "50", PRIOR_BY_PERCENT, -50);
  assert_mark(fixture, "C3", "9", "18", PRIOR_USUAL, 0); /* nine people more */
  assert_mark(fixture, "C3", "10", "20", PRIOR_BY_PERCENT, 100);
  assert_mark(fixture, "C3", "0", "9", PRIOR_USUAL, 0);
  assert_mark(fixture, "C3", "0", "10", PRIOR_ANEW, 0);
  assert_mark(fixture, "C3", "10", "0", PRIOR_BY_PERCENT, -100);
  assert_mark(fixture, "C3", "9", "0", PRIOR_USUAL, 0);
  assert_mark(fixture, "C3", "0", "0", PRIOR_USUAL, 0);
  assert_mark(fixture, "C3", "100", "", PRIOR_USUAL, 0);      /* no answer now */
  assert_mark(fixture, "C3", "100", "pieci", PRIOR_USUAL, 0); /* nor this */
  assert_mark(fixture, "T4", "1", "1000", PRIOR_USUAL, 0);    /* a text */
}

static void shares_go_by_points(void **state) {
  struct prior_fixture *fixture = *state;
  assert_mark(fixture, "S7", "10", "39,5", PRIOR_USUAL, 0);
  assert_mark(fixture, "S7", "10", "40", PRIOR_BY_POINTS, 30);
  assert_mark(fixture, "S7", "90", "45", PRIOR_BY_POINTS, -45);
  assert_mark(fixture, "S7", "0", "20", PRIOR_USUAL, 0);
}

static void specials_are_not_figures(void **state) {
  struct prior_fixture *fixture = *state;
  answer(fixture, true, "A1", "", "1");
  answer(fixture, true, "B2", "", "na:");
  answer(fixture, false, "A1", "", "1");
  answer(fixture, false, "B2", "", "500");
  assert_string_equal(shown(fixture, "B2", -1, "lv"), "neattiecas");
  assert_int_equal(compared(fixture, "B2", -1).change, PRIOR_USUAL);
}

/* ---- taking over */

static bool take(struct prior_fixture *fixture, int who, const char *question, const char *row, int seen,
                 struct save_entry *entry, struct err *err) {
  *entry = (struct save_entry){.question = question, .row = row, .special = "", .seen = seen};
  return prior_take(fixture->work->db, &fixture->work->people[who], fixture->work->response, entry,
                    fixture->work->arena, err);
}

static void one_is_taken_over_as_if_typed(void **state) {
  struct prior_fixture *fixture = *state;
  struct err err = {0};
  struct save_entry entry;
  struct work *work;
  answer(fixture, true, "A1", "", "1");
  answer(fixture, true, "M5", "", "1,2");
  assert_good(take(fixture, WORK_BRUNO, "M5", "", 0, &entry, &err), &err);
  assert_int_equal(entry.result, SAVE_DONE);
  assert_int_equal(entry.version, 1);
  assert_string_equal(entry.person, "Bruno");
  const struct prior *prior = prior_for(fixture, WORK_ANNA, &work);
  int question = form_find(work->item.form, "M5");
  assert_true(prior_same(prior, question, -1));
  assert_false(prior_takeable(prior, question, -1));
  assert_true(prior_fits(prior, question, -1));
  const struct work_past *past;
  assert_int_equal(work_history(fixture->work->db, &fixture->work->people[WORK_ANNA], fixture->work->response, "M5", "",
                                fixture->work->arena, &past, &err), 1);
  assert_string_equal(past[0].person, "Bruno");
  assert_string_equal(past[0].value, "viens; divi"); /* in the words of now */
  /* A cleared field is empty, and its versions go on. */
  work_save_one(fixture->work, WORK_ANNA, "M5", "", "", 1);
  assert_good(take(fixture, WORK_ANNA, "M5", "", 2, &entry, &err), &err);
  assert_int_equal(entry.version, 3);
  struct stmt *stmt = db_query(fixture->work->db, "SELECT count(*) FROM event WHERE kind = 'take-over' AND detail = 'r0: M5'");
  assert_true(stmt_step(stmt, &err));
  assert_int_equal(stmt_int(stmt, 0), 2);
  stmt_end(stmt);
}

static void taking_over_what_a_colleague_filled_is_a_conflict(void **state) {
  struct prior_fixture *fixture = *state;
  struct err err = {0};
  struct save_entry entry;
  answer(fixture, true, "C3", "", "5");
  answer(fixture, false, "C3", "", "7");
  assert_good(take(fixture, WORK_BRUNO, "C3", "", 0, &entry, &err), &err);
  assert_int_equal(entry.result, SAVE_CONFLICT);
  assert_string_equal(entry.values[0], "5");
}

static void assert_not_taken(struct prior_fixture *fixture, int who, const char *question, const char *row, int seen,
                             enum err_code code, const char *words) {
  struct err err = {0};
  struct save_entry entry;
  assert_err(take(fixture, who, question, row, seen, &entry, &err), &err, code, words);
}

static void what_may_not_be_taken_over_is_not(void **state) {
  struct prior_fixture *fixture = *state;
  assert_not_taken(fixture, WORK_ANNA, "C3", "", 0, ERR_NOT_FOUND, "no earlier answers");
  answer(fixture, true, "A1", "", "1");
  answer(fixture, true, "B2", "", "1,5"); /* was decimal, is whole now */
  answer(fixture, true, "C3", "", "5000"); /* over today's maximum */
  answer(fixture, true, "T4", "", "Teksts, kas ir garāks par divdesmit zīmēm");
  answer(fixture, true, "D9", "", "2024-11-06");
  answer(fixture, false, "D9", "", "2026-11-06");
  assert_not_taken(fixture, WORK_ANNA, "B2", "", 0, ERR_NOT_FOUND, "B2");
  assert_not_taken(fixture, WORK_ANNA, "C3", "", 0, ERR_NOT_FOUND, "C3");
  assert_not_taken(fixture, WORK_ANNA, "T4", "", 0, ERR_NOT_FOUND, "T4");
  assert_not_taken(fixture, WORK_ANNA, "D9", "", 1, ERR_INPUT, "has an answer");
  assert_not_taken(fixture, WORK_ANNA, "N9", "", 0, ERR_NOT_FOUND, "N9");
  assert_not_taken(fixture, WORK_ANNA, "NO", "", 0, ERR_NOT_FOUND, "NO");
  assert_not_taken(fixture, WORK_ANNA, "A1", "r1", 0, ERR_NOT_FOUND, "A1");
  assert_not_taken(fixture, WORK_ANNA, "P1", "r9", 0, ERR_NOT_FOUND, "P1");
  assert_not_taken(fixture, WORK_OTHER, "A1", "", 0, ERR_NOT_FOUND, "no such response");
  assert_not_taken(fixture, WORK_COORDINATOR, "A1", "", 0, ERR_DENIED, "");
  write_now(fixture->work, "previous: {round: r0}\n"); /* shown only */
  assert_string_equal(shown(fixture, "A1", -1, "lv"), "bija");
  assert_not_taken(fixture, WORK_ANNA, "A1", "", 0, ERR_DENIED, "does not let");
}

static void a_section_takes_over_into_empty_fields_that_apply(void **state) {
  struct prior_fixture *fixture = *state;
  struct err err = {0};
  int taken;
  struct work *work;
  answer(fixture, true, "A1", "", "1");
  answer(fixture, true, "B2", "", "nodata:");
  answer(fixture, true, "C3", "", "50");
  answer(fixture, true, "T4", "", "Toreiz");
  answer(fixture, true, "P1", add_row(fixture, true, "Atļauja"), "7");
  answer(fixture, false, "T4", "", "Tagad");
  add_row(fixture, false, "atļauja");
  const struct actor *anna = &fixture->work->people[WORK_ANNA];
  int64_t response = fixture->work->response;
  struct arena *arena = fixture->work->arena;
  assert_good(prior_take_section(fixture->work->db, anna, response, "s1", arena, &taken, &err), &err);
  assert_int_equal(taken, 3); /* A1, C3, P1; B2 did not apply yet */
  const struct prior *prior = prior_for(fixture, WORK_ANNA, &work);
  assert_true(prior_same(prior, form_find(work->item.form, "P1"), 0));
  assert_false(prior_same(prior, form_find(work->item.form, "T4"), -1));
  assert_true(prior_takeable(prior, form_find(work->item.form, "B2"), -1)); /* it does now */
  assert_good(prior_take_section(fixture->work->db, anna, response, "s1", arena, &taken, &err), &err);
  assert_int_equal(taken, 1);
  assert_good(prior_take_section(fixture->work->db, anna, response, "s1", arena, &taken, &err), &err);
  assert_int_equal(taken, 0);
  work = work_open_good(fixture->work, WORK_ANNA);
  assert_int_equal(response_get(work->response, form_find(work->item.form, "B2"), -1)->kind, VALUE_NODATA);
  assert_false(prior_take_section(fixture->work->db, anna, response, "nowhere", arena, &taken, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(answers_of_then_are_shown, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_does_not_fit_is_not_shown, set_up, tear_down),
      cmocka_unit_test_setup_teardown(another_unit_is_said_and_not_compared, set_up, tear_down),
      cmocka_unit_test_setup_teardown(rows_go_by_their_names, set_up, tear_down),
      cmocka_unit_test_setup_teardown(nobody_sees_more_than_the_response_of_then, set_up, tear_down),
      cmocka_unit_test_setup_teardown(without_a_previous_round_there_is_nothing, set_up, tear_down),
      cmocka_unit_test_setup_teardown(unusual_is_twice_or_half, set_up, tear_down),
      cmocka_unit_test_setup_teardown(shares_go_by_points, set_up, tear_down),
      cmocka_unit_test_setup_teardown(specials_are_not_figures, set_up, tear_down),
      cmocka_unit_test_setup_teardown(one_is_taken_over_as_if_typed, set_up, tear_down),
      cmocka_unit_test_setup_teardown(taking_over_what_a_colleague_filled_is_a_conflict, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_may_not_be_taken_over_is_not, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_section_takes_over_into_empty_fields_that_apply, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
