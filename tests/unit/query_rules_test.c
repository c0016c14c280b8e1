#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/event.h"
#include "store/writer.h"
#include "survey/query_rules.h"
#include "survey/query_scout.h"
#include "survey/query_spread.h"
#include "work_fixture.h"

#define NEAR(got, expected) assert_true((got) > (expected) - 0.001 && (got) < (expected) + 0.001)

/* ---- the score, by hand
 *
 * 9, 9, 99, 99, 99, 99, 999, 999 have y = 1, 1, 2, 2, 2, 2, 3, 3. Their median is 2, the distances from it are 1, 1, 0, 0, 0,
 * 0, 1, 1 with the median 0.5; so z of 99,999 (y = 5) is 0.6745 × 3 ÷ 0.5 = 4.047, of 9,999 (y = 4) 2.698. */

static void the_score_is_that_of_median_and_mad(void **state) {
  static const double figures[] = {9, 9, 99, 99, 99, 99, 999, 999};
  (void)state;
  struct query_spread spread = query_spread_of(figures, 8);
  assert_int_equal(spread.count, 8);
  NEAR(spread.median, 99);
  NEAR(spread.low, 76.5); /* 9 + 0.75 × (99 - 9) */
  NEAR(spread.high, 324); /* 99 + 0.25 × (999 - 99) */
  NEAR(spread.middle, 2);
  NEAR(spread.unit, 0.5 / 0.6745);
  assert_false(spread.by_mean);
  NEAR(query_spread_score(&spread, 99999), 4.047);
  NEAR(query_spread_score(&spread, 9999), 2.698);
  NEAR(query_spread_score(&spread, 0), -2.698);
  assert_true(query_spread_is_unusual(&spread, 99999));
  assert_false(query_spread_is_unusual(&spread, 9999));
}

static void an_odd_number_of_figures(void **state) {
  static const double figures[] = {0, 9, 9, 99, 99, 99, 999, 999, 9999}; /* y = 0 1 1 2 2 2 3 3 4, distances 2 1 1 0 0 0 1 1 2 */
  (void)state;
  struct query_spread spread = query_spread_of(figures, 9);
  NEAR(spread.median, 99);
  NEAR(spread.middle, 2);
  NEAR(spread.unit, 1 / 0.6745);
  NEAR(spread.low, 9);
  NEAR(spread.high, 999);
}

/* y = 0 seven times and 1 once: MAD 0, mean distance 1 ÷ 8, so z of 9 (y = 1) is 1 ÷ (1.2533 × 0.125) = 6.383. */
static void many_equal_figures_need_a_distance(void **state) {
  static const double figures[] = {0, 0, 0, 0, 0, 0, 0, 9};
  (void)state;
  struct query_spread spread = query_spread_of(figures, 8);
  assert_true(spread.by_mean);
  NEAR(query_spread_score(&spread, 9), 6.383);
  assert_false(query_spread_is_unusual(&spread, 9)); /* 9 from the median */
  assert_true(query_spread_is_unusual(&spread, 10));
}

static void few_or_equal_figures_say_nothing(void **state) {
  static const double same[] = {5, 5, 5, 5, 5, 5, 5, 5}, few[] = {9, 9, 99, 99, 99, 999, 999};
  (void)state;
  struct query_spread spread = query_spread_of(same, 8);
  assert_false(query_spread_is_unusual(&spread, 1000000));
  spread = query_spread_of(few, 7);
  assert_false(query_spread_is_unusual(&spread, 1e9));
  spread = query_spread_of(few, 1);
  NEAR(spread.median, 9);
}

static void negative_figures_are_mirrored(void **state) {
  static const double figures[] = {-999, -999, -99, -99, -99, -99, -9, -9};
  (void)state;
  struct query_spread spread = query_spread_of(figures, 8);
  NEAR(spread.middle, -2);
  NEAR(query_spread_score(&spread, -99999), -4.047);
}

/* ---- a round: ten institutions of one kind, nine of them in a sector */

#define INSTITUTIONS 10

struct round {
  char *folder;
  struct db *db;
  struct arena *arena;
  struct actor contacts[INSTITUTIONS], coordinator;
  int64_t responses[INSTITUTIONS];
};

static const char round_yaml[] =
    "round: r1\ntitle: {lv: Kārta}\nopens: 2026-11-01\ndeadline: 2026-12-06\ninstitutions: institutions.csv\n"
    "help: {phone: '+371 1', email: help@example.org}\nquestionnaires:\n  - {file: q.yaml, by: contact}\n";

static const char round_form[] =
    "questionnaire: q\nversion: '1'\nlanguages: [lv, en]\ntitle: {lv: Anketa, en: Form}\n"
    "sections:\n  - id: s1\n    title: {lv: Pirmā, en: First}\n    questions:\n"
    "      - {id: A1, type: integer, text: {lv: Cik?, en: How many?}}\n"
    "      - id: B2\n        type: integer\n        required: false\n        relevant: A1 > 10\n"
    "        text: {lv: Cik tagad?, en: How many now?}\n        constraint:\n"
    "          - {check: B2 < 50, severity: warning, message: {lv: 'Tik daudz: {B2}?', en: 'So many: {B2}?'}}\n"
    "      - roster:\n          id: services\n          text: {lv: Pakalpojumi, en: Services}\n"
    "          label: {lv: Pakalpojums, en: Service}\n          questions:\n"
    "            - {id: P1, type: decimal, required: false, text: {lv: Skaits, en: Count}}\n";

static void save(struct round *round, int who, const char *question, const char *row, const char *value, int seen) {
  struct err err = {0};
  struct save_entry entry = {.question = question, .row = row, .values = &value, .value_count = 1, .special = "", .seen = seen};
  assert_good(work_save(round->db, &round->contacts[who], round->responses[who], &entry, 1, round->arena, &err), &err);
  assert_int_equal(entry.result, SAVE_DONE);
}

static struct actor sign_in(struct round *round, const char *email) {
  struct work_fixture fixture = {.db = round->db, .arena = round->arena};
  return work_sign_in(&fixture, email);
}

static void write_round(struct round *round) {
  struct buf csv = {0};
  buf_puts(&csv, "nr,name,registration_number,abbreviation,kind,sector,segments,status,comment\n");
  for (int i = 0; i < INSTITUTIONS; i++)
    buf_printf(&csv, "%d,Iestāde %d,9000000%04d,I%d,ministry,%s,,,\n", i + 1, i, i, i, i < 9 ? "Finanses" : "Kultūra");
  folder_write(round->folder, "round/round.yaml", round_yaml);
  folder_write(round->folder, "round/institutions.csv", buf_text(&csv));
  folder_write(round->folder, "round/q.yaml", round_form);
  buf_free(&csv);
}

static int setup(void **state) {
  static const char *const figures[INSTITUTIONS] = {"9", "9", "99", "99", "99", "99", "999", "999", "99999", "99999"};
  struct round *round = calloc(1, sizeof *round);
  struct err err = {0};
  log_quiet();
  assert_true(secret_start());
  round->folder = folder_new();
  round->arena = arena_new();
  write_round(round);
  round->db = db_open(round->folder, DB_WRITE, &err);
  char *path = file_join(round->folder, "round");
  assert_good(field_load_round(round->db, path, NULL, NULL, &err), &err);
  free(path);
  work_put_person(round->db, "c@example.org", "Ilze", ROLE_COORDINATOR, NULL);
  round->coordinator = sign_in(round, "c@example.org");
  for (int i = 0; i < INSTITUTIONS; i++) {
    const char *email = arena_printf(round->arena, "p%d@example.org", i), *name = arena_printf(round->arena, "I%d", i);
    work_put_person(round->db, email, name, ROLE_CONTACT, name);
    round->contacts[i] = sign_in(round, email);
    struct work_fixture fixture = {.db = round->db, .arena = round->arena};
    round->responses[i] = work_first_response(&fixture, &round->contacts[i]);
    save(round, i, "A1", "", figures[i], 0);
  }
  *state = round;
  return 0;
}

static int teardown(void **state) {
  struct round *round = *state;
  db_close(round->db);
  arena_free(round->arena);
  folder_remove(round->folder);
  free(round);
  return 0;
}

/* What was found, in one text: "INSTITUTION QUESTION ROW ORIGIN REASON: TEXT", a line each. */
struct catch {
  struct round *round;
  struct buf text;
  int responses;
};

static bool catch_found(void *context, int64_t response, const struct query_finding *findings, size_t count, struct err *err) {
  struct catch *catch = context;
  (void)err;
  catch->responses++;
  for (size_t i = 0; i < count; i++) {
    int who = 0;
    while (catch->round->responses[who] != response) who++;
    buf_printf(&catch->text, "%d %s%s%s %s %s: %s\n", who, findings[i].question, findings[i].row[0] != '\0' ? ":" : "",
               findings[i].row, query_origin_name(findings[i].origin), findings[i].reason, findings[i].text);
  }
  return true;
}

static int look(struct round *round, const int64_t *responses, size_t count, struct buf *text) {
  struct err err = {0};
  struct catch catch = {.round = round};
  const struct query_scope scope = {.round = "r1", .questionnaire = "q", .responses = responses, .response_count = count};
  assert_good(query_rules_run(round->db, &round->coordinator, &scope, catch_found, &catch, &err), &err);
  *text = catch.text;
  return catch.responses;
}

static void has(const struct buf *text, const char *part) {
  if (strstr(buf_text(text), part) == NULL) fail_msg("no \"%s\" in:\n%s", part, buf_text(text));
}

static void lacks(const struct buf *text, const char *part) {
  if (strstr(buf_text(text), part) != NULL) fail_msg("\"%s\" in:\n%s", part, buf_text(text));
}

/* Number 8 is compared with the other eight of its sector, as above; number 9 is alone in its sector and is compared with the
 * nine others of its kind: their y are 1 1 2 2 2 2 3 3 5, the distances 1 1 0 0 0 0 1 1 3 with the median 1, so z = 2.02. */
static void a_figure_far_from_its_sector_is_found(void **state) {
  struct buf text;
  assert_int_equal(look(*state, NULL, 0, &text), INSTITUTIONS);
  has(&text, "8 A1 outlier v1: Vērtība 99\u202f999 krasi atšķiras no citu resora „Finanses” iestāžu norādītajām: mediāna 99, "
             "vidējā puse no 76,5 līdz 324, salīdzināto vērtību skaits 8.");
  lacks(&text, "9 A1");
  lacks(&text, "7 A1");
  buf_free(&text);
}

/* Nine ninety-nines, so that the kind's MAD is 0 and the mean of the distances counts. */
static void without_enough_in_the_sector_the_kind_counts(void **state) {
  struct round *round = *state;
  struct buf text;
  for (int i = 0; i < 9; i++) {
    struct work *work = work_open(round->db, &round->contacts[i], round->responses[i], round->arena, &(struct err){0});
    save(round, i, "A1", "", i == 0 ? "98" : "99", work_mark(work, 0, -1)->version);
  }
  look(round, NULL, 0, &text);
  has(&text, "9 A1 outlier v1: Vērtība 99\u202f999 krasi atšķiras no citu tāda paša veida iestāžu norādītajām: mediāna 99, "
             "vidējā puse no 99 līdz 99, salīdzināto vērtību skaits 9.");
  lacks(&text, "0 A1"); /* 98 is far from many 99, but not by much */
  buf_free(&text);
}

static void what_is_filtered_out_or_unfinished_does_not_count(void **state) {
  struct round *round = *state;
  struct buf text;
  save(round, 8, "B2", "", "7", 0);
  save(round, 8, "A1", "", "", 1); /* required: the response is not complete any more, and B2 does not apply */
  assert_int_equal(look(round, NULL, 0, &text), INSTITUTIONS - 1);
  lacks(&text, "8 ");
  buf_free(&text);
}

static void soft_checks_are_found_with_and_without_a_comment(void **state) {
  struct round *round = *state;
  struct err err = {0};
  struct buf text;
  struct work *work;
  save(round, 2, "B2", "", "60", 0);
  assert_int_equal(look(round, NULL, 0, &text), INSTITUTIONS - 1); /* what is not confirmed is not complete */
  buf_free(&text);
  work = work_open(round->db, &round->contacts[2], round->responses[2], round->arena, &err);
  const char *key = work->state->violations[0].check->key;
  assert_good(work_confirm(round->db, &round->contacts[2], round->responses[2], key, "", "Tā ir {nevis} citādi", &err), &err);
  assert_int_equal(look(round, NULL, 0, &text), INSTITUTIONS);
  has(&text, "2 B2 check ");
  has(&text, " v1: Tik daudz: 60? Jūs paskaidrojāt: „Tā ir {nevis} citādi”. Lūdzam precizēt šo paskaidrojumu.");
  buf_free(&text);
  struct stmt *stmt = db_query(round->db, "UPDATE response SET status = 4 WHERE id = $1"); /* partial */
  stmt_bind_int(stmt, 1, round->responses[2]);
  assert_true(stmt_run(stmt, &err));
  assert_true(stmt_run(db_query(round->db, "DELETE FROM confirmation"), &err));
  look(round, NULL, 0, &text);
  has(&text, "Tik daudz: 60? Lūdzam pārbaudīt šo atbildi");
  buf_free(&text);
}

static void rows_of_rosters_are_figures(void **state) {
  struct round *round = *state;
  struct err err = {0};
  struct buf text;
  const char *row = "";
  for (int i = 0; i < 9; i++) {
    row = work_add_row(round->db, &round->contacts[i], round->responses[i], "services", "Reģistrs", round->arena, &err);
    assert_good(row != NULL, &err);
    save(round, i, "P1", row, i == 8 ? "5000" : i % 2 == 0 ? "2,5" : "3,5", 0);
  }
  look(round, NULL, 0, &text);
  has(&text, arena_printf(round->arena, "8 P1:%s outlier v1: Vērtība 5000 krasi", row));
  has(&text, "mediāna 3, vidējā puse no 2,5 līdz 3,5");
  buf_free(&text);
}

static void only_what_is_asked_for_is_judged(void **state) {
  struct round *round = *state;
  struct buf text;
  assert_int_equal(look(round, &round->responses[8], 1, &text), 1);
  has(&text, "8 A1 outlier");
  buf_free(&text);
  assert_int_equal(look(round, &round->responses[7], 1, &text), 1);
  assert_string_equal(buf_text(&text), "");
  buf_free(&text);
}

static void the_text_is_in_the_institutions_language(void **state) {
  struct round *round = *state;
  struct err err = {0};
  struct buf text;
  assert_good(person_set_language(round->db, round->contacts[8].person, "en", &err), &err);
  look(round, NULL, 0, &text);
  has(&text, "8 A1 outlier v1: The figure 99,999 differs a lot from those of other institutions of the sector “Finanses”: median 99, "
             "middle half from 76.5 to 324, figures compared: 8.");
  buf_free(&text);
}

static void only_who_may_ask_looks(void **state) {
  struct round *round = *state;
  struct err err = {0};
  struct catch catch = {.round = round};
  const struct query_scope scope = {.round = "r1", .questionnaire = "q"};
  assert_err(query_rules_run(round->db, &round->contacts[0], &scope, catch_found, &catch, &err), &err, ERR_DENIED, "");
}

/* ---- looking by oneself */

static int count_suggestions(struct round *round) {
  struct err err = {0};
  struct stmt *stmt = db_query(round->db, "SELECT count(*) FROM query WHERE state = 0");
  assert_true(stmt_step(stmt, &err));
  int count = (int)stmt_int(stmt, 0);
  stmt_end(stmt);
  return count;
}

static void a_round_is_looked_through_once(void **state) {
  struct round *round = *state;
  struct err err = {0};
  int added;
  struct writer *writer = writer_new(round->folder, &err);
  assert_good(query_scout_round(round->db, writer, &round->coordinator, "r1", &added, &err), &err);
  assert_int_equal(added, 1);
  assert_good(query_scout_round(round->db, writer, &round->coordinator, "r1", &added, &err), &err);
  assert_int_equal(added, 0);
  assert_int_equal(count_suggestions(round), 1);
  assert_err(query_scout_round(round->db, writer, &round->coordinator, "none", &added, &err), &err, ERR_NOT_FOUND, "none");
  err = (struct err){0};
  assert_err(query_scout_round(round->db, writer, &round->contacts[0], "r1", &added, &err), &err, ERR_DENIED, "");
  writer_free(writer);
}

static void submit(struct round *round, int who) {
  struct err err = {0};
  struct work *work = work_open(round->db, &round->contacts[who], round->responses[who], round->arena, &err);
  assert_good(work_submit(round->db, &round->contacts[who], round->responses[who], work->item.revision, &err), &err);
}

static void a_submission_is_looked_at_once(void **state) {
  struct round *round = *state;
  struct err err = {0};
  int added;
  submit(round, 7);
  struct writer *writer = writer_new(round->folder, &err);
  assert_good(query_scout_submitted(round->db, writer, &added, &err), &err); /* marks the place */
  assert_int_equal(added, 0);
  submit(round, 8);
  assert_good(query_scout_submitted(round->db, writer, &added, &err), &err);
  assert_int_equal(added, 1);
  assert_good(stmt_run(db_query(round->db, "DELETE FROM query"), &err), &err);
  assert_good(query_scout_submitted(round->db, writer, &added, &err), &err);
  assert_int_equal(added, 0); /* it was looked at */
  writer_free(writer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_score_is_that_of_median_and_mad),
      cmocka_unit_test(an_odd_number_of_figures),
      cmocka_unit_test(many_equal_figures_need_a_distance),
      cmocka_unit_test(few_or_equal_figures_say_nothing),
      cmocka_unit_test(negative_figures_are_mirrored),
      TEST(a_figure_far_from_its_sector_is_found),
      TEST(without_enough_in_the_sector_the_kind_counts),
      TEST(what_is_filtered_out_or_unfinished_does_not_count),
      TEST(soft_checks_are_found_with_and_without_a_comment),
      TEST(rows_of_rosters_are_figures),
      TEST(only_what_is_asked_for_is_judged),
      TEST(the_text_is_in_the_institutions_language),
      TEST(only_who_may_ask_looks),
      TEST(a_round_is_looked_through_once),
      TEST(a_submission_is_looked_at_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
