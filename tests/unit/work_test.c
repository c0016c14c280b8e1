#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>

#include "store/writer.h"
#include "survey/checksum.h"
#include "work_fixture.h"

static int64_t count(struct db *db, const char *sql) {
  struct stmt *stmt = db_query(db, sql);
  assert_true(stmt_step(stmt, NULL));
  int64_t number = stmt_int(stmt, 0);
  stmt_end(stmt);
  return number;
}

static const struct value *value_of(const struct work *work, const char *question) {
  return response_get(work->response, form_find(work->item.form, question), -1);
}

static const struct work_mark *mark_of(const struct work *work, const char *question) {
  return work_mark(work, form_find(work->item.form, question), -1);
}

/* ---- saving */

static void saves(void **state) {
  struct work_fixture *fixture = *state;
  struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_int_equal(work->item.status, RESPONSE_NEW);
  assert_int_equal(work->item.required, 2); /* A1, C3; B2 is filtered out */
  assert_true(work->editable);
  assert_int_equal(mark_of(work, "A1")->version, 0);
  struct save_entry entry = work_save_one(fixture, WORK_ANNA, "C3", "", "1 250,0", 0);
  assert_int_equal(entry.result, SAVE_INVALID); /* over the maximum */
  entry = work_save_one(fixture, WORK_ANNA, "C3", "", "47", 1);
  assert_int_equal(entry.result, SAVE_DONE);
  assert_int_equal(entry.version, 2);
  assert_string_equal(entry.person, "Anna");
  work = work_open_good(fixture, WORK_BRUNO);
  assert_float_equal(value_of(work, "C3")->number, 47, 0);
  assert_string_equal(mark_of(work, "C3")->person, "Anna");
  assert_int_equal(mark_of(work, "C3")->person_id, fixture->people[WORK_ANNA].person);
  assert_int_equal(work->item.status, RESPONSE_STARTED);
  assert_int_equal(work->item.answered, 1);
  assert_int_equal(work->item.revision, 2);
}

static void two_who_differ_see_both(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  struct save_entry entry = work_save_one(fixture, WORK_BRUNO, "C3", "", "7", 0);
  assert_int_equal(entry.result, SAVE_CONFLICT);
  assert_string_equal(entry.person, "Anna");
  assert_int_equal(entry.version, 1);
  assert_float_equal(value_of(work_open_good(fixture, WORK_ANNA), "C3")->number, 5, 0);
  entry = work_save_one(fixture, WORK_BRUNO, "C3", "", "7", 1); /* having seen it */
  assert_int_equal(entry.result, SAVE_DONE);
  assert_int_equal(entry.version, 2);
  entry = work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  entry = work_save_one(fixture, WORK_BRUNO, "A1", "", "2", 0);
  assert_int_equal(entry.result, SAVE_CONFLICT);
}

static void two_who_agree_do_not_conflict(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "C3", "", "1 000", 0);
  struct save_entry entry = work_save_one(fixture, WORK_BRUNO, "C3", "", "1000,0", 0);
  assert_int_equal(entry.result, SAVE_DONE);
  assert_int_equal(entry.version, 1);
  assert_string_equal(entry.person, "Anna");
}

static void the_same_again_is_no_version(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  int64_t revision = work_open_good(fixture, WORK_ANNA)->item.revision;
  struct save_entry entry = work_save_one(fixture, WORK_ANNA, "C3", "", "5", 1);
  assert_int_equal(entry.result, SAVE_DONE);
  assert_int_equal(entry.version, 1);
  entry = work_save_one(fixture, WORK_ANNA, "T4", "", "", 0); /* nothing over nothing */
  assert_int_equal(entry.result, SAVE_DONE);
  assert_int_equal(entry.version, 0);
  assert_int_equal(work_open_good(fixture, WORK_ANNA)->item.revision, revision);
  assert_int_equal(count(fixture->db, "SELECT count(*) FROM answer"), 1);
  assert_int_equal(count(fixture->db, "SELECT count(*) FROM answer_past"), 0);
}

static void an_invalid_entry_is_kept(void **state) {
  struct work_fixture *fixture = *state;
  enum typed_fault fault;
  struct save_entry entry = work_save_one(fixture, WORK_ANNA, "C3", "", "aptuveni 5", 0);
  assert_int_equal(entry.result, SAVE_INVALID);
  assert_int_equal(entry.fault, TYPED_NOT_A_NUMBER);
  struct work *work = work_open_good(fixture, WORK_BRUNO);
  int question = form_find(work->item.form, "C3");
  assert_string_equal(response_invalid(work->response, question, -1, &fault), "aptuveni 5");
  assert_int_equal(fault, TYPED_NOT_A_NUMBER);
  assert_int_equal(work->item.answered, 0);
  entry = work_save_one(fixture, WORK_BRUNO, "C3", "", "5", 0);
  assert_int_equal(entry.result, SAVE_CONFLICT);
  entry = work_save_one(fixture, WORK_ANNA, "C3", "", "aptuveni 5", 0); /* the same */
  assert_int_equal(entry.result, SAVE_INVALID);
  assert_int_equal(entry.version, 1);
  entry = work_save_one(fixture, WORK_ANNA, "T4", "", "more than twenty characters", 0);
  assert_int_equal(entry.fault, TYPED_TOO_LONG);
  assert_int_equal(entry.result, SAVE_INVALID);
}

static void an_exclusive_option_with_others_is_kept(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  enum typed_fault fault;
  const char *const both[] = {"1", "9"};
  struct save_entry entry = {.question = "M5", .row = "", .values = both, .value_count = 2, .special = ""};
  assert_true(work_save(fixture->db, &fixture->people[WORK_ANNA], fixture->response, &entry, 1, fixture->arena, &err));
  assert_int_equal(entry.result, SAVE_INVALID);
  struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_string_equal(response_invalid(work->response, form_find(work->item.form, "M5"), -1, &fault), "1,9");
  assert_int_equal(fault, TYPED_EXCLUSIVE);
}

static void nonsense_is_refused(void **state) {
  struct work_fixture *fixture = *state;
  static const struct {
    const char *question, *row, *value;
  } wrong[] = {
      {"A1", "", "3"},  {"A1", "", "yes"}, {"A1", "", "na:"}, {"T4", "", "a\xFFz"}, {"T4", "", "a\x01z"},
      {"K6", "", "1"},  {"X9", "", "1"},   {"C3", "r1", "1"}, {"P1", "", "1"},      {"P1", "r1", "1"},
      {"C3", "", "a\x1F"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    struct save_entry entry = work_save_one(fixture, WORK_ANNA, wrong[i].question, wrong[i].row, wrong[i].value, 0);
    if (entry.result != SAVE_REFUSED) fail_msg("%s = %s was not refused", wrong[i].question, wrong[i].value);
  }
  assert_int_equal(count(fixture->db, "SELECT count(*) FROM answer"), 0);
  assert_int_equal(work_open_good(fixture, WORK_ANNA)->item.status, RESPONSE_NEW);
}

static void entries_succeed_one_by_one(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const char *const five = "5", *const one = "1", *const three = "3";
  work_save_one(fixture, WORK_BRUNO, "B2", "", "2", 0);
  struct save_entry entries[] = {
      {.question = "A1", .row = "", .values = &three, .value_count = 1, .special = ""},
      {.question = "A1", .row = "", .values = &one, .value_count = 1, .special = ""},
      {.question = "B2", .row = "", .values = &five, .value_count = 1, .special = ""},
      {.question = "C3", .row = "", .values = &five, .value_count = 1, .special = ""},
  };
  assert_true(
      work_save(fixture->db, &fixture->people[WORK_ANNA], fixture->response, entries, 4, fixture->arena, &err));
  assert_int_equal(entries[0].result, SAVE_REFUSED);
  assert_int_equal(entries[1].result, SAVE_DONE);
  assert_int_equal(entries[2].result, SAVE_CONFLICT);
  assert_int_equal(entries[3].result, SAVE_DONE);
  struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_int_equal(work->item.required, 3);
  assert_int_equal(work->item.answered, 3);
}

static void what_is_filtered_out_comes_back(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  work_save_one(fixture, WORK_ANNA, "B2", "", "12", 0);
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 1);
  struct work *work = work_open_good(fixture, WORK_ANNA);
  int question = form_find(work->item.form, "B2");
  assert_false(state_relevant(work->state, question, -1));
  assert_int_equal(work->item.required, 2);
  work_save_one(fixture, WORK_ANNA, "B2", "", "13", 1); /* a page that is a moment behind */
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 2);
  work = work_open_good(fixture, WORK_ANNA);
  assert_true(state_relevant(work->state, question, -1));
  assert_float_equal(value_of(work, "B2")->number, 13, 0);
}

static void every_version_is_kept(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct work_past *past;
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  work_save_one(fixture, WORK_BRUNO, "A1", "", "2", 1);
  work_save_one(fixture, WORK_ANNA, "A1", "", "", 2);
  work_save_one(fixture, WORK_BRUNO, "B2", "", "x", 0);
  work_save_one(fixture, WORK_BRUNO, "B2", "", "na:", 1);
  size_t versions = work_history(fixture->db, &fixture->people[WORK_ANNA], fixture->response, "A1", "", fixture->arena,
                                 &past, &err);
  assert_int_equal(versions, 3);
  assert_int_equal(past[0].version, 3);
  assert_string_equal(past[0].value, "");
  assert_string_equal(past[1].value, "nē");
  assert_string_equal(past[1].person, "Bruno");
  assert_string_equal(past[2].value, "jā");
  assert_string_equal(past[2].person, "Anna");
  versions = work_history(fixture->db, &fixture->people[WORK_COORDINATOR], fixture->response, "B2", "", fixture->arena,
                          &past, &err);
  assert_int_equal(versions, 2);
  assert_true(past[1].invalid && !past[0].invalid);
  assert_string_equal(past[1].value, "x");
}

/* ---- rows */

static void rows_come_and_go(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct actor *anna = &fixture->people[WORK_ANNA];
  const char *one = work_add_row(fixture->db, anna, fixture->response, "services", " Pirmais ", fixture->arena, &err);
  const char *two = work_add_row(fixture->db, anna, fixture->response, "services", "Otrais", fixture->arena, &err);
  assert_good(one != NULL && two != NULL, &err);
  assert_string_not_equal(one, two);
  struct save_entry entry = work_save_one(fixture, WORK_ANNA, "P1", two, "22", 0);
  assert_int_equal(entry.result, SAVE_DONE);
  assert_true(work_rename_row(fixture->db, anna, fixture->response, "services", two, "Jauns", &err));
  struct work *work = work_open_good(fixture, WORK_ANNA);
  int question = form_find(work->item.form, "P1");
  assert_int_equal(response_row_count(work->response, 0), 2);
  assert_string_equal(response_row(work->response, 0, 0)->label, "Pirmais");
  assert_string_equal(response_row(work->response, 0, 1)->label, "Jauns");
  assert_int_equal(work_mark(work, question, 1)->version, 1);
  assert_int_equal(work->item.required, 4);
  assert_true(work_remove_row(fixture->db, anna, fixture->response, "services", two, &err));
  work = work_open_good(fixture, WORK_ANNA);
  assert_int_equal(response_row_count(work->response, 0), 1);
  assert_int_equal(work->item.required, 3);
  assert_int_equal(count(fixture->db, "SELECT count(*) FROM answer WHERE question = 'P1'"), 1); /* stays */
  entry = work_save_one(fixture, WORK_ANNA, "P1", two, "23", 1);
  assert_int_equal(entry.result, SAVE_REFUSED);
  const char *three = work_add_row(fixture->db, anna, fixture->response, "services", "Trešais", fixture->arena, &err);
  assert_string_not_equal(three, two); /* an id is never used twice */
}

static void wrong_rows(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct actor *anna = &fixture->people[WORK_ANNA];
  int64_t id = fixture->response;
  assert_err(work_add_row(fixture->db, anna, id, "services", "  ", fixture->arena, &err), &err, ERR_INPUT, "1 to");
  err = (struct err){0};
  assert_err(work_add_row(fixture->db, anna, id, "nowhere", "x", fixture->arena, &err), &err, ERR_NOT_FOUND, "nowhere");
  err = (struct err){0};
  assert_err(work_rename_row(fixture->db, anna, id, "services", "r9", "x", &err), &err, ERR_NOT_FOUND, "r9");
  err = (struct err){0};
  assert_err(work_remove_row(fixture->db, anna, id, "services", "r9", &err), &err, ERR_NOT_FOUND, "r9");
  assert_int_equal(count(fixture->db, "SELECT count(*) FROM roster_row"), 0);
}

/* ---- who may */

static void assert_opens(struct work_fixture *fixture, int who, int64_t response, enum err_code code, bool editable) {
  struct err err = {0};
  struct work *work = work_open(fixture->db, &fixture->people[who], response, fixture->arena, &err);
  assert_int_equal(err.code, code);
  assert_int_equal(work != NULL, code == ERR_NONE);
  if (work != NULL) assert_int_equal(work->editable, editable);
}

static void who_may_open_what(void **state) {
  struct work_fixture *fixture = *state;
  assert_opens(fixture, WORK_ANNA, fixture->response, ERR_NONE, true);
  assert_opens(fixture, WORK_BRUNO, fixture->response, ERR_NONE, true);
  assert_opens(fixture, WORK_OTHER, fixture->response, ERR_NOT_FOUND, false);
  assert_opens(fixture, WORK_ANNA, fixture->other_response, ERR_NOT_FOUND, false);
  assert_opens(fixture, WORK_ANNA, fixture->expert_response, ERR_NOT_FOUND, false);
  assert_opens(fixture, WORK_ANNA, 12345, ERR_NOT_FOUND, false);
  assert_opens(fixture, WORK_COORDINATOR, fixture->response, ERR_NONE, false);
  assert_opens(fixture, WORK_COORDINATOR, fixture->expert_response, ERR_NONE, false);
  assert_opens(fixture, WORK_RESEARCHER, fixture->response, ERR_NOT_FOUND, false);
  assert_opens(fixture, WORK_EXPERT, fixture->expert_response, ERR_NONE, true);
  assert_opens(fixture, WORK_EXPERT, fixture->response, ERR_NOT_FOUND, false);
}

static void who_may_save_what(void **state) {
  struct work_fixture *fixture = *state;
  static const enum err_code expected[WORK_PEOPLE] = {
      [WORK_OTHER] = ERR_NOT_FOUND, [WORK_COORDINATOR] = ERR_DENIED,
      [WORK_RESEARCHER] = ERR_NOT_FOUND, [WORK_EXPERT] = ERR_NOT_FOUND};
  const char *one = "1";
  for (int who = WORK_OTHER; who < WORK_PEOPLE; who++) {
    struct err err = {0};
    struct save_entry entry = {.question = "A1", .row = "", .values = &one, .value_count = 1, .special = ""};
    assert_false(
        work_save(fixture->db, &fixture->people[who], fixture->response, &entry, 1, fixture->arena, &err));
    assert_int_equal(err.code, expected[who]);
  }
  assert_int_equal(count(fixture->db, "SELECT count(*) FROM answer"), 0);
}

static void what_is_on_the_list(void **state) {
  struct work_fixture *fixture = *state;
  static const size_t expected[WORK_PEOPLE] = {[WORK_ANNA] = 1, [WORK_BRUNO] = 1, [WORK_OTHER] = 1, [WORK_EXPERT] = 3};
  for (int who = 0; who < WORK_PEOPLE; who++) {
    struct err err = {0};
    const struct work_item *items;
    assert_int_equal(work_list(fixture->db, &fixture->people[who], fixture->arena, &items, &err), expected[who]);
    assert_int_equal(err.code, ERR_NONE);
    if (who == WORK_EXPERT) assert_string_equal(items[0].institution_name, "Ārlietu ministrija");
    if (who == WORK_ANNA) assert_string_equal(items[0].form->id, "q");
  }
}

/* ---- submitting */

static bool submit(struct work_fixture *fixture, int who, int64_t revision, struct err *err) {
  *err = (struct err){0};
  return work_submit(fixture->db, &fixture->people[who], fixture->response, revision, err);
}

static int64_t revision_of(struct work_fixture *fixture) { return work_open_good(fixture, WORK_ANNA)->item.revision; }

static void fill(struct work_fixture *fixture) {
  work_save_one(fixture, WORK_ANNA, "A1", "", "2", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
}

static void submits_once_and_locks(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  assert_err(submit(fixture, WORK_ANNA, 0, &err), &err, ERR_INPUT, "2 answers are missing");
  fill(fixture);
  assert_err(submit(fixture, WORK_ANNA, revision_of(fixture) - 1, &err), &err, ERR_CONFLICT, "changed");
  assert_err(submit(fixture, WORK_COORDINATOR, revision_of(fixture), &err), &err, ERR_DENIED, "");
  assert_good(submit(fixture, WORK_ANNA, revision_of(fixture), &err), &err);
  struct work *work = work_open_good(fixture, WORK_BRUNO);
  assert_int_equal(work->item.status, RESPONSE_SUBMITTED);
  assert_string_equal(work->item.submitted_by, "Anna");
  assert_true(work->item.submitted_ms > 0);
  assert_int_equal(strlen(work->item.receipt), CHECKSUM_RECEIPT_LEN);
  assert_false(work->editable);
  assert_err(submit(fixture, WORK_BRUNO, revision_of(fixture), &err), &err, ERR_LOCKED, "submitted");
  assert_int_equal(count(fixture->db, "SELECT count(*) FROM submission"), 1);
  assert_int_equal(count(fixture->db, "SELECT count(*) FROM event WHERE kind = 'submit'"), 1);
}

static void nothing_changes_after_submitting(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct actor *anna = &fixture->people[WORK_ANNA];
  const char *one = "1";
  struct save_entry entry = {.question = "A1", .row = "", .values = &one, .value_count = 1, .special = "", .seen = 1};
  fill(fixture);
  assert_good(submit(fixture, WORK_ANNA, revision_of(fixture), &err), &err);
  assert_err(work_save(fixture->db, anna, fixture->response, &entry, 1, fixture->arena, &err), &err, ERR_LOCKED, "");
  err = (struct err){0};
  assert_err(work_add_row(fixture->db, anna, fixture->response, "services", "x", fixture->arena, &err), &err,
             ERR_LOCKED, "");
  err = (struct err){0};
  assert_err(work_confirm(fixture->db, anna, fixture->response, "x", "", "y", &err), &err, ERR_LOCKED, "");
}

static void hard_checks_stand_in_the_way(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  work_save_one(fixture, WORK_ANNA, "B2", "", "7", 0);
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 0);
  assert_err(submit(fixture, WORK_ANNA, revision_of(fixture), &err), &err, ERR_INPUT, "1 are wrong");
  work_save_one(fixture, WORK_ANNA, "B2", "", "7a", 1);
  assert_err(submit(fixture, WORK_ANNA, revision_of(fixture), &err), &err, ERR_INPUT, "");
  work_save_one(fixture, WORK_ANNA, "B2", "", "na:", 2);
  assert_good(submit(fixture, WORK_ANNA, revision_of(fixture), &err), &err);
}

static void soft_checks_are_confirmed_for_their_figures(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct actor *anna = &fixture->people[WORK_ANNA];
  fill(fixture);
  work_save_one(fixture, WORK_ANNA, "C3", "", "500", 1);
  struct work *work = work_open_good(fixture, WORK_ANNA);
  const struct violation *violation = &work->state->violations[0];
  const char *key = violation->check->key;
  assert_false(work_confirmed(work, violation));
  assert_err(submit(fixture, WORK_ANNA, revision_of(fixture), &err), &err, ERR_INPUT, "C3");
  err = (struct err){0};
  assert_err(work_confirm(fixture->db, anna, fixture->response, key, "", " ", &err), &err, ERR_INPUT, "comment");
  err = (struct err){0};
  assert_err(work_confirm(fixture->db, anna, fixture->response, "other", "", "x", &err), &err, ERR_NOT_FOUND, "");
  err = (struct err){0};
  assert_good(work_confirm(fixture->db, anna, fixture->response, key, "", "tā ir", &err), &err);
  work = work_open_good(fixture, WORK_BRUNO);
  assert_true(work_confirmed(work, &work->state->violations[0]));
  assert_int_equal(work->confirmation_count, 1);
  assert_string_equal(work->confirmations[0].message, "Tik daudz: 500?");
  assert_string_equal(work->confirmations[0].person, "Anna");
  work_save_one(fixture, WORK_ANNA, "C3", "", "600", 2); /* other figures: not what was confirmed */
  work = work_open_good(fixture, WORK_BRUNO);
  assert_false(work_confirmed(work, &work->state->violations[0]));
  assert_err(submit(fixture, WORK_ANNA, revision_of(fixture), &err), &err, ERR_INPUT, "C3");
  err = (struct err){0};
  assert_good(work_confirm(fixture->db, anna, fixture->response, key, "", "nu jau", &err), &err);
  assert_int_equal(work_open_good(fixture, WORK_ANNA)->confirmation_count, 1);
  assert_int_equal(count(fixture->db, "SELECT count(*) FROM confirmation"), 2); /* the first is kept too */
  assert_good(submit(fixture, WORK_ANNA, revision_of(fixture), &err), &err);
}

static void the_checksum_is_of_the_answers(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  char one[SECRET_HASH_LEN + 1], two[SECRET_HASH_LEN + 1], three[SECRET_HASH_LEN + 1], receipt[CHECKSUM_RECEIPT_LEN + 1];
  fill(fixture);
  assert_true(checksum_compute(fixture->db, work_open_good(fixture, WORK_ANNA), one, &err));
  work_save_one(fixture, WORK_ANNA, "C3", "", "6", 1);
  assert_true(checksum_compute(fixture->db, work_open_good(fixture, WORK_ANNA), two, &err));
  work_save_one(fixture, WORK_ANNA, "C3", "", "5", 2);
  assert_true(checksum_compute(fixture->db, work_open_good(fixture, WORK_ANNA), three, &err));
  assert_string_not_equal(one, two);
  assert_string_equal(one, three);
  checksum_receipt("0000000000000000", receipt);
  assert_string_equal(receipt, "00000-00000");
  checksum_receipt("ffffffffffffffff", receipt);
  assert_string_equal(receipt, "ZZZZZ-ZZZZZ");
  checksum_receipt("08864298e84a96c6", receipt); /* 00001 00010 00011 … 01010 */
  assert_string_equal(receipt, "12345-6789A");
}

struct submitting {
  struct writer_job job;
  struct writer *writer;
  const struct actor *actor;
  int64_t response, revision;
  enum err_code code;
};

static bool run_submit(struct db *db, struct writer_job *job, struct err *err) {
  const struct submitting *one = job->context;
  return work_submit(db, one->actor, one->response, one->revision, err);
}

static void *submit_at_once(void *context) {
  struct submitting *one = context;
  struct err err = {0};
  one->job = (struct writer_job){.run = run_submit, .context = one};
  writer_run(one->writer, &one->job, &err);
  one->code = err.code;
  return NULL;
}

static void of_two_at_once_one_submits(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  pthread_t threads[2];
  struct submitting both[2];
  fill(fixture);
  int64_t revision = revision_of(fixture);
  struct writer *writer = writer_new(fixture->folder, &err);
  assert_good(writer != NULL, &err);
  for (int i = 0; i < 2; i++) {
    both[i] = (struct submitting){.writer = writer, .actor = &fixture->people[i], .response = fixture->response,
                                  .revision = revision};
    assert_int_equal(pthread_create(&threads[i], NULL, submit_at_once, &both[i]), 0);
  }
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  writer_free(writer);
  assert_true((both[0].code == ERR_NONE && both[1].code == ERR_LOCKED) ||
              (both[1].code == ERR_NONE && both[0].code == ERR_LOCKED));
  assert_int_equal(count(fixture->db, "SELECT count(*) FROM submission"), 1);
}

static int setup(void **state) {
  *state = work_fixture_new();
  return 0;
}

static int teardown(void **state) {
  work_fixture_free(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(saves), TEST(two_who_differ_see_both), TEST(two_who_agree_do_not_conflict),
      TEST(the_same_again_is_no_version), TEST(an_invalid_entry_is_kept),
      TEST(an_exclusive_option_with_others_is_kept), TEST(nonsense_is_refused), TEST(entries_succeed_one_by_one),
      TEST(what_is_filtered_out_comes_back), TEST(every_version_is_kept), TEST(rows_come_and_go), TEST(wrong_rows),
      TEST(who_may_open_what), TEST(who_may_save_what), TEST(what_is_on_the_list), TEST(submits_once_and_locks),
      TEST(nothing_changes_after_submitting), TEST(hard_checks_stand_in_the_way),
      TEST(soft_checks_are_confirmed_for_their_figures), TEST(the_checksum_is_of_the_answers),
      TEST(of_two_at_once_one_submits),
  };
  return cmocka_run_group_tests_name("work", tests, NULL, NULL);
}
