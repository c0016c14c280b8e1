#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "base/clock.h"
#include "store/round.h"
#include "store/writer.h"
#include "survey/round_file.h"
#include "work_fixture.h"

#define REAL_ROUND "questionnaires/e-index-2017"

static const struct actor coordinator = {.role = ROLE_COORDINATOR, .language = "lv", .session_hash = ""};

static int64_t count(struct db *db, const char *sql) {
  struct stmt *stmt = db_query(db, sql);
  assert_true(stmt_step(stmt, NULL));
  int64_t number = stmt_int(stmt, 0);
  stmt_end(stmt);
  return number;
}

/* ---- loading */

struct load {
  struct writer_job job;
  const char *folder, *opens, *deadline;
};

static bool run_load(struct db *db, struct writer_job *job, struct err *err) {
  const struct load *load = job->context;
  return field_load_round(db, load->folder, load->opens, load->deadline, err);
}

/* Loads FOLDER/round into the data of FOLDER, as the command line does it. */
static bool load(const char *folder, const char *round, const char *opens, const char *deadline, struct err *err) {
  char *path = round[0] == '/' ? strdup(round) : file_join(folder, round);
  struct load one = {.folder = path, .opens = opens, .deadline = deadline};
  one.job = (struct writer_job){.run = run_load, .context = &one};
  *err = (struct err){0};
  struct writer *writer = writer_new(folder, err);
  bool ok = writer != NULL && writer_run(writer, &one.job, err);
  writer_free(writer);
  free(path);
  return ok;
}

static struct db *open_data(const char *folder) {
  struct err err = {0};
  struct db *db = db_open(folder, DB_READ, &err);
  assert_good(db != NULL, &err);
  return db;
}

static void loads(void **state) {
  struct err err;
  work_write_round(*state);
  assert_good(load(*state, "round", NULL, NULL, &err), &err);
  struct db *db = open_data(*state);
  struct arena *arena = arena_new();
  const struct field_round *rounds;
  assert_int_equal(field_rounds(db, &coordinator, arena, &rounds, &err), 1);
  assert_string_equal(rounds[0].id, "r1");
  assert_string_equal(rounds[0].title, "Kārta");
  assert_string_equal(rounds[0].opens, "2026-11-01");
  assert_string_equal(rounds[0].help_phone, "+371 1");
  assert_int_equal(count(db, "SELECT count(*) FROM institution"), 3);
  assert_int_equal(count(db, "SELECT count(*) FROM response"), 6);
  assert_int_equal(count(db, "SELECT count(*) FROM segment"), 4);
  assert_int_equal(count(db, "SELECT deadline_ms FROM round"), INT64_C(1796594399999)); /* 2026-12-06 23:59:59.999 */
  arena_free(arena);
  db_close(db);
}

/* Every row of every table of the database, as a number that a change would change. */
static int64_t fingerprint(const char *folder) {
  static const char *const tables[] = {
      "SELECT group_concat(id || hash) FROM questionnaire_version",
      "SELECT group_concat(id || opens || deadline || deadline_ms) FROM round",
      "SELECT group_concat(round || language || title) FROM round_title",
      "SELECT group_concat(questionnaire || version_id || filled_by || position) FROM round_questionnaire",
      "SELECT group_concat(id || name || abbreviation || segments || sort_key) FROM institution",
      "SELECT group_concat(institution || status || comment || position) FROM round_institution",
      "SELECT group_concat(id || institution || questionnaire || version_id || required || status) FROM response",
  };
  struct db *db = open_data(folder);
  int64_t sum = 0;
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
    struct stmt *stmt = db_query(db, tables[i]);
    assert_true(stmt_step(stmt, NULL));
    for (const char *c = stmt_text(stmt, 0); *c != '\0'; c++) sum = (sum * 31 + (unsigned char)*c) % 1000000007;
    stmt_end(stmt);
  }
  db_close(db);
  return sum;
}

static void repeating_changes_nothing(void **state) {
  struct err err;
  work_write_round(*state);
  assert_good(load(*state, "round", NULL, NULL, &err), &err);
  int64_t before = fingerprint(*state);
  assert_good(load(*state, "round", NULL, NULL, &err), &err);
  assert_int_equal(fingerprint(*state), before);
  assert_good(load(*state, "round", "2026-11-20", "2026-12-20", &err), &err);
  assert_int_not_equal(fingerprint(*state), before);
  struct db *db = open_data(*state);
  assert_int_equal(count(db, "SELECT count(*) FROM round WHERE opens = '2026-11-20' AND deadline = '2026-12-20'"), 1);
  assert_int_equal(count(db, "SELECT count(*) FROM response"), 6);
  db_close(db);
}

static void a_changed_questionnaire_reaches_who_has_not_begun(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  char *changed = strdup(work_form_yaml);
  memcpy(strstr(changed, "version: '1'"), "version: '2'", 12);
  folder_write(fixture->folder, "round/q.yaml", changed);
  free(changed);
  char *round = file_join(fixture->folder, "round");
  assert_good(field_load_round(fixture->db, round, NULL, NULL, &err), &err);
  free(round);
  assert_string_equal(work_open_good(fixture, WORK_ANNA)->item.form->version, "1");
  struct work *work =
      work_open(fixture->db, &fixture->people[WORK_OTHER], fixture->other_response, fixture->arena, &err);
  assert_string_equal(work->item.form->version, "2");
}

static const char header[] = "name,registration_number,abbreviation,kind,sector,segments,status,comment\n";

/* The list is refused at that line with those words, and nothing of the round is stored. */
static void assert_list_refused(const char *folder, const char *head, const char *lines, int line, const char *words) {
  struct err err;
  struct buf text = {0};
  buf_puts(&text, head);
  buf_puts(&text, lines);
  folder_write(folder, "round/institutions.csv", text.data);
  bool ok = load(folder, "round", NULL, NULL, &err);
  if (ok || err.code != ERR_INPUT || err.line != line || strstr(err.text, words) == NULL ||
      strstr(err.where, "institutions.csv") == NULL) {
    fail_msg("expected line %d \"%s\", got %s:%d \"%s\" for:\n%s", line, words, err.where, err.line, err.text, text.data);
  }
  struct db *db = open_data(folder);
  assert_int_equal(count(db, "SELECT (SELECT count(*) FROM round) + (SELECT count(*) FROM institution)"
                             " + (SELECT count(*) FROM questionnaire_version)"), 0);
  db_close(db);
  buf_free(&text);
}

static void a_bad_list_is_refused_with_its_line(void **state) {
  work_write_round(*state);
  assert_list_refused(*state, "", "", 1, "header");
  assert_list_refused(*state, "title,registration_number\n", "a,1\n", 1, "unknown column \"title\" (and 1 more)");
  assert_list_refused(*state, "registration_number\n", "1\n", 1, "no column \"name\"");
  assert_list_refused(*state, "name,name\n", "", 1, "twice");
  assert_list_refused(*state, header, "A,1,,,,,,\nB,1,,,,,,\n", 3, "registration number \"1\" is in line 2");
  assert_list_refused(*state, header, "A,,,,,,,\nB,2,,,,,,\nA,,,,,,,\n", 4, "institution \"A\" is in line 2");
  assert_list_refused(*state, header, "A,1,,,,,,\n ,2,,,,,,\n", 3, "no name");
  assert_list_refused(*state, header, "A,1,,,,,,\n\"B\nb\",2x!,,,,,,\n", 3, "not a registration number");
  assert_list_refused(*state, header, "A,1,,,,mass;other,,\n", 2, "unknown segment \"other\"");
  assert_list_refused(*state, header, "A,1,,\n", 2, "4 cells, the header 8");
  assert_list_refused(*state, header, "A,1,,,,,,\n\"B,2,,,,,,\n", 3, "quote");
  assert_list_refused(*state, header, "A,1,,,,,,\nB\xFF,2,,,,,,\n", 3, "UTF-8");
}

/* One edit of the good round.yaml. */
static void assert_round_refused(const char *folder, const char *from, const char *to, int line, const char *words) {
  struct err err;
  struct buf text = {0};
  const char *at = strstr(work_round_yaml, from);
  assert_non_null(at);
  buf_add(&text, work_round_yaml, (size_t)(at - work_round_yaml));
  buf_puts(&text, to);
  buf_puts(&text, at + strlen(from));
  folder_write(folder, "round/round.yaml", text.data);
  bool ok = load(folder, "round", NULL, NULL, &err);
  if (ok || err.line != line || strstr(err.text, words) == NULL) {
    fail_msg("expected line %d \"%s\", got %s:%d \"%s\" for:\n%s", line, words, err.where, err.line, err.text, text.data);
  }
  buf_free(&text);
}

static void a_bad_round_is_refused_with_its_line(void **state) {
  work_write_round(*state);
  assert_round_refused(*state, "round: r1", "round: r 1", 1, "an id has");
  assert_round_refused(*state, "opens: 2026-11-01\n", "", 1, "\"opens\" is missing");
  assert_round_refused(*state, "2026-12-06", "2026-13-06", 4, "expected a date");
  assert_round_refused(*state, "2026-12-06", "2026-10-06", 1, "after its deadline");
  assert_round_refused(*state, "by: expert", "by: experts", 10, "expected contact, expert or automatic");
  assert_round_refused(*state, "e.yaml", "q.yaml", 10, "twice");
  assert_round_refused(*state, "help:", "hepl:", 6, "unknown key \"hepl\"");
  assert_round_refused(*state, "help:", "submit: nobody\nhelp:", 6, "\"submit\" is anyone or responsible");
  assert_round_refused(*state, "help:", "idle_minutes: 5x\nhelp:", 6, "minutes from 1 to 60");
  assert_round_refused(*state, "help:", "idle_minutes: 61\nhelp:", 6, "minutes from 1 to 60");
  assert_round_refused(*state, "help:", "previous: r0\nhelp:", 6, "expected {round: …, take_over: …}");
  assert_round_refused(*state, "help:", "previous: {round: r1}\nhelp:", 6, "does not come before itself");
  assert_round_refused(*state, "help:", "previous: {round: r0, take_over: yes}\nhelp:", 6, "\"take_over\" is false or true");
  assert_round_refused(*state, "e.yaml", "f.yaml", 0, "f.yaml");
  assert_round_refused(*state, "institutions.csv", "nowhere.csv", 0, "nowhere.csv");
}

static void the_settings_of_a_round_are_stored(void **state) {
  struct err err = {0};
  struct buf text = {0};
  work_write_round(*state);
  buf_printf(&text, "%ssubmit: responsible\nprevious: {round: r0, take_over: true}\nidle_minutes: 2\n", work_round_yaml);
  folder_write(*state, "round/round.yaml", buf_text(&text));
  buf_free(&text);
  char *folder = file_join(*state, "round");
  struct db *db = db_open(*state, DB_WRITE, &err);
  assert_good(field_load_round(db, folder, NULL, NULL, &err), &err);
  free(folder);
  struct round round;
  struct stmt *stmt = round_list(db, "lv");
  assert_true(round_next(stmt, &round, &err));
  assert_true(round.responsible_submits && round.take_over);
  assert_string_equal(round.previous, "r0");
  assert_int_equal(round.idle_ms, 120000);
  stmt_end(stmt);
  db_close(db);
}

static void a_bad_questionnaire_is_refused_with_its_line(void **state) {
  struct err err;
  work_write_round(*state);
  char *bad = strdup(work_form_yaml);
  memcpy(strstr(bad, "B2 <= C3"), "B3 <= C3", 8);
  folder_write(*state, "round/q.yaml", bad);
  assert_false(load(*state, "round", NULL, NULL, &err));
  assert_int_equal(err.code, ERR_INPUT);
  assert_non_null(strstr(err.where, "q.yaml"));
  assert_int_equal(err.line, 17);
  free(bad);
}

static void bad_dates_are_refused(void **state) {
  struct err err;
  work_write_round(*state);
  assert_err(load(*state, "round", "20.11.2026", NULL, &err), &err, ERR_INPUT, "20.11.2026");
  assert_err(load(*state, "round", "2027-01-01", NULL, &err), &err, ERR_INPUT, "after its deadline");
}

static void the_real_round(void **state) {
  struct err err;
  char *folder = realpath(REAL_ROUND, NULL);
  assert_non_null(folder);
  assert_good(load(*state, folder, "2026-11-20", "2026-12-20", &err), &err);
  int64_t before = fingerprint(*state);
  assert_good(load(*state, folder, "2026-11-20", "2026-12-20", &err), &err);
  assert_int_equal(fingerprint(*state), before);
  struct db *db = open_data(*state);
  struct arena *arena = arena_new();
  const struct field_row *rows;
  int total;
  assert_int_equal(count(db, "SELECT count(*) FROM institution"), 104);
  assert_int_equal(count(db, "SELECT count(*) FROM response"), 416);
  struct field_filter filter = field_filter_all();
  filter.limit = 200;
  size_t shown = field_list(db, &coordinator, &filter, arena, &rows, &total, &err);
  assert_int_equal(shown, 104);
  assert_string_equal(rows[0].name, "Aizsardzības ministrija");
  assert_string_equal(rows[1].name, "Ārlietu ministrija");
  assert_string_equal(rows[103].name, "Zemkopības ministrija");
  arena_free(arena);
  db_close(db);
  free(folder);
}

static void days_end_in_riga(void **state) {
  static const struct {
    int days; /* 2026-01-01 is 20454 */
    int64_t end_ms;
  } cases[] = {
      {20454, INT64_C(1767304799999)},  /* 2026-01-01: UTC+2 */
      {20540, INT64_C(1774735199999)},  /* 2026-03-28, before the clocks change on the 29th at 3 */
      {20541, INT64_C(1774817999999)},  /* 2026-03-29: UTC+3 */
      {20750, INT64_C(1792875599999)},  /* 2026-10-24: UTC+3 */
      {20751, INT64_C(1792965599999)},  /* 2026-10-25: UTC+2 since 4 */
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(round_file_end_of_day_ms(cases[i].days), cases[i].end_ms);
  }
}

/* ---- people */

static void assert_person_refused(struct work_fixture *fixture, struct field_person person, enum err_code code,
                                  const char *words) {
  struct err err = {0};
  assert_err(field_put_person(fixture->db, &person, &err), &err, code, words);
}

static void people_are_added_and_changed(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  int64_t before = count(fixture->db, "SELECT count(*) FROM person");
  struct field_person person = {.email = "Anna@example.org", .name = "Anna Jauna", .phone = "+371 2", .language = "en",
                                .role = ROLE_CONTACT, .institution = "ĀM"};
  assert_good(field_put_person(fixture->db, &person, &err), &err);
  assert_int_equal(count(fixture->db, "SELECT count(*) FROM person"), before + 1); /* she works for two institutions now */
  person.institution = "VK";
  assert_good(field_put_person(fixture->db, &person, &err), &err);
  assert_int_equal(count(fixture->db, "SELECT count(*) FROM person"), before + 1);
  assert_int_equal(count(fixture->db, "SELECT count(*) FROM person WHERE name = 'Anna Jauna' AND language = 'en'"), 2);
}

static void wrong_people_are_refused(void **state) {
  struct work_fixture *fixture = *state;
  struct field_person good = {.email = "a@b.lv", .name = "A", .role = ROLE_CONTACT, .institution = "VK"}, bad = good;
  bad.email = "a b.lv";
  assert_person_refused(fixture, bad, ERR_INPUT, "e-mail");
  bad = good;
  bad.name = " ";
  assert_person_refused(fixture, bad, ERR_INPUT, "name");
  bad = good;
  bad.institution = "nowhere";
  assert_person_refused(fixture, bad, ERR_NOT_FOUND, "nowhere");
  bad = good;
  bad.institution = NULL;
  assert_person_refused(fixture, bad, ERR_INPUT, "needs an institution");
  bad = good;
  bad.role = ROLE_EXPERT;
  assert_person_refused(fixture, bad, ERR_INPUT, "only contacts");
  bad = good;
  bad.language = "de";
  assert_person_refused(fixture, bad, ERR_INPUT, "lv, en or ru");
}

/* ---- the list */

static void set_deadline(struct work_fixture *fixture, const char *name, int64_t deadline_ms) {
  struct stmt *stmt = db_query(fixture->db,
      "UPDATE round_institution SET deadline_ms = $1 WHERE institution = (SELECT id FROM institution WHERE name = $2)");
  stmt_bind_int(stmt, 1, deadline_ms);
  stmt_bind_text(stmt, 2, name);
  assert_true(stmt_run(stmt, NULL));
}

#define NOT_BEGUN (FIELD_UNOPENED | FIELD_ONLY(DISPOSITION_OPENED))

static void assert_list(struct work_fixture *fixture, unsigned dispositions, const char *find, int offset, int limit,
                        int total, const char *names) {
  struct err err = {0};
  struct buf got = {0};
  const struct field_row *rows;
  int all;
  struct field_filter filter = {.round = "r1", .questionnaire = "q", .dispositions = dispositions, .sector = "", .kind = "",
                                .find = find, .offset = offset, .limit = limit};
  size_t shown = field_list(fixture->db, &coordinator, &filter, fixture->arena, &rows, &all, &err);
  assert_int_equal(err.code, ERR_NONE);
  for (size_t i = 0; i < shown; i++) buf_printf(&got, "%s;", rows[i].abbreviation);
  assert_string_equal(buf_text(&got), names);
  assert_int_equal(all, total);
  buf_free(&got);
}

static void the_list_is_in_latvian_order_by_pages(void **state) {
  struct work_fixture *fixture = *state;
  assert_list(fixture, 0, "", 0, 10, 3, "ĀM;ČP;VK;");
  assert_list(fixture, 0, "", 0, 2, 3, "ĀM;ČP;");
  assert_list(fixture, 0, "", 2, 2, 3, "VK;");
  assert_list(fixture, 0, "", 4, 2, 3, "");
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  assert_list(fixture, NOT_BEGUN, "", 0, 10, 2, "ĀM;ČP;");
  assert_list(fixture, FIELD_ONLY(DISPOSITION_STARTED), "", 0, 10, 1, "VK;");
  assert_list(fixture, FIELD_ONLY(DISPOSITION_SUBMITTED), "", 0, 10, 0, "");
}

static void the_list_is_searched(void **state) {
  struct work_fixture *fixture = *state;
  assert_list(fixture, 0, "arlietu", 0, 10, 1, "ĀM;");
  assert_list(fixture, 0, "ČIEKUR", 0, 10, 1, "ČP;");
  assert_list(fixture, 0, "vk", 0, 10, 1, "VK;");
  assert_list(fixture, 0, "a", 1, 1, 3, "ČP;");
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  assert_list(fixture, NOT_BEGUN, "a", 0, 10, 2, "ĀM;ČP;");
  assert_list(fixture, FIELD_ONLY(DISPOSITION_SUBMITTED), "a", 0, 10, 0, "");
  assert_list(fixture, 0, "%", 0, 10, 1, "ČP;");
  assert_list(fixture, 0, "_", 0, 10, 0, "");
}

/* Each order, both ways, and the institutions of the whole list in the same one. */
static void assert_order(struct work_fixture *fixture, const char *query, const char *names) {
  struct err err = {0};
  struct buf got = {0};
  const struct field_row *rows;
  const int64_t *institutions;
  int all;
  struct field_filter filter = field_filter_parse(query, fixture->arena);
  size_t shown = field_list(fixture->db, &coordinator, &filter, fixture->arena, &rows, &all, &err);
  size_t matching = field_institutions(fixture->db, &coordinator, &filter, fixture->arena, &institutions, &err);
  assert_int_equal(err.code, ERR_NONE);
  assert_int_equal(shown, matching);
  assert_int_equal(all, matching);
  for (size_t i = 0; i < shown; i++) {
    buf_printf(&got, "%s;", rows[i].abbreviation);
    assert_int_equal(rows[i].institution, institutions[i]);
  }
  assert_string_equal(buf_text(&got), names);
  buf_free(&got);
}

static void the_list_is_sorted(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  assert_order(fixture, "", "ĀM;ČP;VK;");
  assert_order(fixture, "sort=-name", "VK;ČP;ĀM;");
  assert_order(fixture, "sort=status", "ČP;ĀM;VK;");
  assert_order(fixture, "sort=-status", "VK;ĀM;ČP;");
  assert_order(fixture, "sort=progress", "ĀM;ČP;VK;");
  assert_order(fixture, "sort=-progress", "VK;ČP;ĀM;");
  assert_order(fixture, "sort=-changed", "VK;ČP;ĀM;");
  assert_order(fixture, "sort=changed&find=a", "ĀM;ČP;VK;");
  set_deadline(fixture, "Čiekurkalna parks 100%", clock_now_ms() - 1);
  assert_order(fixture, "sort=deadline", "ČP;ĀM;VK;");
  assert_order(fixture, "sort=-deadline", "VK;ĀM;ČP;");
}

static void the_list_is_narrowed(void **state) {
  struct work_fixture *fixture = *state;
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  assert_order(fixture, "kind=institution", "ČP;VK;");
  assert_order(fixture, "kind=institution&sector=Finanses", "VK;");
  assert_order(fixture, "status=working", "ĀM;VK;");
  assert_order(fixture, "status=unopened", "ČP;");
  assert_order(fixture, "status=started&sector=Za%C4%BCums", "");
  assert_order(fixture, "round=r0", "");
  assert_order(fixture, "q=none", "");
  assert_order(fixture, "q=e", "ĀM;ČP;VK;");
}

static void a_deadline_passes(void **state) {
  struct work_fixture *fixture = *state;
  assert_order(fixture, "overdue=1", "");
  set_deadline(fixture, "Valsts kase", clock_now_ms() - 1);
  assert_order(fixture, "overdue=1", "VK;");
  assert_order(fixture, "overdue=1&status=submitted", "");
  assert_order(fixture, "overdue=1&status=opened", "VK;");
  clock_set_ms(INT64_C(1796594400000)); /* a moment after the round's last day */
  assert_order(fixture, "overdue=1", "ĀM;ČP;VK;");
  set_deadline(fixture, "Valsts kase", clock_now_ms() + 1000);
  assert_order(fixture, "overdue=1", "ĀM;ČP;");
  clock_set_ms(0);
}

static void the_list_counts(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct field_row *rows;
  int total;
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  struct field_filter filter = field_filter_parse("round=r1&q=q&find=kase", fixture->arena);
  field_list(fixture->db, &coordinator, &filter, fixture->arena, &rows, &total, &err);
  assert_int_equal(rows[0].required, 3);
  assert_int_equal(rows[0].answered, 1);
  assert_int_equal(rows[0].contacts, 2);
  assert_int_equal(rows[0].status, RESPONSE_STARTED);
  assert_int_equal(rows[0].response, fixture->response);
  assert_true(rows[0].changed_ms > 0);
}

static void the_list_is_not_for_all(void **state) {
  struct work_fixture *fixture = *state;
  static const int denied[] = {WORK_ANNA, WORK_RESEARCHER, WORK_EXPERT};
  const struct field_row *rows;
  int total;
  for (int i = 0; i < 3; i++) {
    struct err err = {0};
    struct field_filter filter = field_filter_all();
    size_t shown = field_list(fixture->db, &fixture->people[denied[i]], &filter, fixture->arena, &rows, &total, &err);
    assert_int_equal(shown, 0);
    assert_int_equal(err.code, ERR_DENIED);
  }
}

static int setup_folder(void **state) {
  log_quiet();
  assert_true(secret_start());
  *state = folder_new();
  return 0;
}

static int teardown_folder(void **state) {
  folder_remove(*state);
  return 0;
}

static int setup_work(void **state) {
  *state = work_fixture_new();
  return 0;
}

static int teardown_work(void **state) {
  work_fixture_free(*state);
  return 0;
}

#define LOAD(name) cmocka_unit_test_setup_teardown(name, setup_folder, teardown_folder)
#define WORK(name) cmocka_unit_test_setup_teardown(name, setup_work, teardown_work)

int main(void) {
  const struct CMUnitTest tests[] = {
      LOAD(loads), LOAD(repeating_changes_nothing), WORK(a_changed_questionnaire_reaches_who_has_not_begun),
      LOAD(a_bad_list_is_refused_with_its_line), LOAD(a_bad_round_is_refused_with_its_line),
      LOAD(the_settings_of_a_round_are_stored),
      LOAD(a_bad_questionnaire_is_refused_with_its_line), LOAD(bad_dates_are_refused), LOAD(the_real_round),
      cmocka_unit_test(days_end_in_riga), WORK(people_are_added_and_changed), WORK(wrong_people_are_refused),
      WORK(the_list_is_in_latvian_order_by_pages), WORK(the_list_is_searched), WORK(the_list_is_sorted),
      WORK(the_list_is_narrowed), WORK(a_deadline_passes), WORK(the_list_counts),
      WORK(the_list_is_not_for_all),
  };
  return cmocka_run_group_tests_name("field", tests, NULL, NULL);
}
