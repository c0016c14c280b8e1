#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/sitting.h"
#include "survey/paradata.h"
#include "work_fixture.h"

#define T0 INT64_C(1800000000000)
#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define IDLE (5 * MINUTE)

struct spent {
  struct work_fixture *work;
  struct paradata *paradata;
  struct writer *writer;
};

static int set_up(void **state) {
  struct spent *spent = calloc(1, sizeof *spent);
  struct err err = {0};
  spent->work = work_fixture_new();
  spent->paradata = paradata_new();
  spent->writer = writer_new(spent->work->folder, &err);
  assert_good(spent->writer != NULL, &err);
  *state = spent;
  return 0;
}

static int tear_down(void **state) {
  struct spent *spent = *state;
  paradata_free(spent->paradata);
  writer_free(spent->writer);
  work_fixture_free(spent->work);
  free(spent);
  return 0;
}

static struct paradata_beat beat_of(const struct spent *spent, int who, const char *section, int64_t active) {
  return (struct paradata_beat){.response = spent->work->response, .person = spent->work->people[who].person,
                                .section = section, .key = "", .idle_ms = IDLE, .device = DEVICE_COMPUTER,
                                .active_ms = active};
}

static void note(struct spent *spent, const char *section, int64_t active, int64_t at) {
  struct paradata_beat beat = beat_of(spent, WORK_ANNA, section, active);
  paradata_note(spent->paradata, &beat, T0 + at);
}

static void note_on(struct spent *spent, enum paradata_device device, int64_t active, int64_t at) {
  struct paradata_beat beat = beat_of(spent, WORK_ANNA, "s1", active);
  beat.device = device;
  paradata_note(spent->paradata, &beat, T0 + at);
}

static void seen(struct spent *spent, const char *section, int64_t at) {
  struct paradata_beat beat = beat_of(spent, WORK_ANNA, section, 0);
  paradata_seen(spent->paradata, &beat, T0 + at);
}

static void flush(struct spent *spent, int64_t at) {
  struct err err = {0};
  assert_good(paradata_flush(spent->paradata, spent->writer, T0 + at, &err), &err);
}

static int64_t number(struct stmt *stmt) {
  struct err err = {0};
  int64_t value = stmt_step(stmt, &err) ? stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  assert_int_equal(err.code, ERR_NONE);
  return value;
}

/* What has been written, after writing what is there. */
static int64_t total(struct spent *spent, int64_t at) {
  flush(spent, at);
  return number(db_query(spent->work->db, "SELECT coalesce(sum(active_ms), 0) FROM sitting"));
}

static int64_t rows(struct spent *spent) {
  return number(db_query(spent->work->db, "SELECT count(*) FROM sitting"));
}

static int64_t sittings(struct spent *spent) {
  return number(db_query(spent->work->db, "SELECT count(DISTINCT started_ms) FROM sitting"));
}

static int64_t of_section(struct spent *spent, const char *section) {
  struct stmt *stmt = db_query(spent->work->db, "SELECT coalesce(sum(active_ms), 0) FROM sitting WHERE section = $1");
  stmt_bind_text(stmt, 1, section);
  return number(stmt);
}

static int64_t on_device(struct spent *spent, enum paradata_device device) {
  struct stmt *stmt = db_query(spent->work->db, "SELECT coalesce(sum(active_ms), 0) FROM sitting WHERE device = $1");
  stmt_bind_int(stmt, 1, device);
  return number(stmt);
}

/* Reading between two activities counts; what comes after the last one does not. */
static void beats_add_up(void **state) {
  struct spent *spent = *state;
  seen(spent, "s1", 0);
  for (int i = 1; i <= 4; i++) note(spent, "s1", 15 * SECOND, i * 15 * SECOND);
  for (int i = 5; i <= 7; i++) note(spent, "s1", 0, i * 15 * SECOND);
  note(spent, "s1", 4 * SECOND, 8 * 15 * SECOND);
  for (int i = 9; i <= 40; i++) note(spent, "s1", 0, i * 15 * SECOND);
  assert_int_equal(total(spent, 10 * MINUTE), 7 * 15 * SECOND + 4 * SECOND);
  assert_int_equal(rows(spent), 1);
  assert_int_equal(number(db_query(spent->work->db, "SELECT max(active_ms) FROM response")), 109 * SECOND);
}

/* A page cannot say more than has passed, nor less than nothing. */
static void the_browsers_clock_is_not_trusted(void **state) {
  struct spent *spent = *state;
  note(spent, "s1", 3 * 60 * MINUTE, 0); /* the first word: nothing is known of the time before */
  assert_int_equal(total(spent, 0), 0);
  note(spent, "s1", INT64_MAX, 15 * SECOND);
  note(spent, "s1", INT64_MAX, 15 * SECOND);
  note(spent, "s1", -5 * MINUTE, 20 * SECOND);
  note(spent, "s1", INT64_MIN, 20 * SECOND);
  assert_int_equal(total(spent, 20 * SECOND), 15 * SECOND);
  note(spent, "s1", 15 * SECOND, -10 * MINUTE); /* the server's clock was put back */
  note(spent, "s1", 15 * SECOND, -10 * MINUTE + 15 * SECOND);
  assert_int_equal(total(spent, 0), 30 * SECOND);
}

static void a_silence_over_the_idle_limit_does_not_count(void **state) {
  struct spent *spent = *state;
  seen(spent, "s1", 0);
  note(spent, "s1", 15 * SECOND, 15 * SECOND);
  for (int64_t at = 30 * SECOND; at < IDLE + 15 * SECOND; at += 15 * SECOND) note(spent, "s1", 0, at);
  note(spent, "s1", 15 * SECOND, IDLE + 15 * SECOND); /* to the second too late */
  assert_int_equal(total(spent, 10 * MINUTE), 15 * SECOND + PARADATA_LOOK_MS);
  note(spent, "s1", 15 * SECOND, IDLE + 30 * SECOND);
  note(spent, "s1", 2 * IDLE, 3 * IDLE + 30 * SECOND); /* whatever the page says of it */
  assert_int_equal(total(spent, 20 * MINUTE), 30 * SECOND + 2 * PARADATA_LOOK_MS);
  note(spent, "s1", IDLE - 1, 4 * IDLE + 30 * SECOND - 1);
  assert_int_equal(total(spent, 30 * MINUTE), 30 * SECOND + 2 * PARADATA_LOOK_MS + IDLE - 1);
}

static void two_tabs_are_one_person(void **state) {
  struct spent *spent = *state;
  seen(spent, "s1", 0);
  seen(spent, "s2", 1);
  for (int i = 1; i <= 20; i++) {
    note(spent, "s1", 15 * SECOND, i * 15 * SECOND);
    note(spent, "s2", 15 * SECOND, i * 15 * SECOND + 7 * SECOND);
    note(spent, "s1", 15 * SECOND, i * 15 * SECOND + 9 * SECOND); /* and another one of s1 */
  }
  assert_int_equal(total(spent, 6 * MINUTE), 20 * 15 * SECOND + 9 * SECOND);
}

/* The tab that they were in before reports later. */
static void tabs_in_turn_lose_nothing(void **state) {
  struct spent *spent = *state;
  seen(spent, "s1", 0);
  seen(spent, "s2", 0);
  note(spent, "s1", 10 * SECOND, 12 * SECOND);
  note(spent, "s2", 15 * SECOND, 15 * SECOND);
  note(spent, "s1", 1, 27 * SECOND);
  assert_int_equal(total(spent, MINUTE), 15 * SECOND);
  assert_int_equal(of_section(spent, "s1"), 10 * SECOND);
  assert_int_equal(of_section(spent, "s2"), 5 * SECOND);
}

static void requests_count_without_a_script(void **state) {
  struct spent *spent = *state;
  seen(spent, "s1", 0);
  seen(spent, "s1", 2 * MINUTE);
  seen(spent, "s2", 3 * MINUTE);                          /* the minute before was spent in s1 */
  seen(spent, "s2", 3 * MINUTE + IDLE);                   /* too long: they have looked at it */
  seen(spent, "s2", 3 * MINUTE + IDLE + IDLE - 1);        /* just in time */
  total(spent, 20 * MINUTE);
  assert_int_equal(of_section(spent, "s1"), 3 * MINUTE);
  assert_int_equal(of_section(spent, "s2"), PARADATA_LOOK_MS + IDLE - 1);
  assert_int_equal(on_device(spent, DEVICE_UNKNOWN), 3 * MINUTE + PARADATA_LOOK_MS + IDLE - 1);
}

static void requests_between_beats_do_not_count_twice(void **state) {
  struct spent *spent = *state;
  seen(spent, "s1", 0);
  seen(spent, "s1", 5 * SECOND); /* a save, before the first beat */
  note(spent, "s1", 15 * SECOND, 15 * SECOND);
  assert_int_equal(total(spent, MINUTE), 15 * SECOND);
  note(spent, "s1", 15 * SECOND, 30 * SECOND);
  seen(spent, "s1", 35 * SECOND);
  seen(spent, "s1", 40 * SECOND);
  note(spent, "s1", 15 * SECOND, 45 * SECOND);
  seen(spent, "s2", 50 * SECOND);              /* the next page; the last word of the one before comes late */
  note(spent, "s1", 6 * SECOND, 50 * SECOND + 1);
  struct place place;
  assert_true(paradata_place(spent->paradata, spent->work->people[WORK_ANNA].person, spent->work->arena, &place));
  assert_string_equal(place.section, "s2");
  assert_int_equal(total(spent, MINUTE), 50 * SECOND + 1);
  assert_int_equal(of_section(spent, "s2"), 0);
  assert_int_equal(on_device(spent, DEVICE_COMPUTER), 50 * SECOND + 1); /* also what came before the first beat */
  assert_int_equal(sittings(spent), 1);
}

static void a_pause_begins_another_sitting(void **state) {
  struct spent *spent = *state;
  seen(spent, "s1", 0);
  note(spent, "s1", 15 * SECOND, 15 * SECOND);
  for (int64_t at = 30 * SECOND; at < PARADATA_PAUSE_MS; at += 15 * SECOND) note(spent, "s1", 0, at);
  seen(spent, "s2", PARADATA_PAUSE_MS); /* within it */
  note(spent, "s2", 15 * SECOND, PARADATA_PAUSE_MS + 15 * SECOND);
  assert_int_equal(total(spent, PARADATA_PAUSE_MS), 30 * SECOND + PARADATA_LOOK_MS);
  assert_int_equal(sittings(spent), 1);
  assert_int_equal(rows(spent), 2);
  int64_t later = 2 * PARADATA_PAUSE_MS + 2 * MINUTE;
  seen(spent, "s2", later);
  note(spent, "s2", 10 * SECOND, later + 15 * SECOND);
  assert_int_equal(total(spent, later), 40 * SECOND + 2 * PARADATA_LOOK_MS);
  assert_int_equal(sittings(spent), 2);
  assert_int_equal(rows(spent), 3);
}

static void devices_have_sittings_of_their_own(void **state) {
  struct spent *spent = *state;
  seen(spent, "s1", 0);
  for (int i = 1; i <= 10; i++) note_on(spent, i % 2 ? DEVICE_COMPUTER : DEVICE_PHONE, 15 * SECOND, i * 15 * SECOND);
  assert_int_equal(total(spent, 3 * MINUTE), 150 * SECOND);
  assert_int_equal(rows(spent), 2);
  assert_int_equal(on_device(spent, DEVICE_COMPUTER), 75 * SECOND);
  assert_int_equal(on_device(spent, DEVICE_PHONE), 75 * SECOND);
  note_on(spent, (enum paradata_device)17, 15 * SECOND, 165 * SECOND); /* no such thing: it goes on where it was */
  assert_int_equal(total(spent, 3 * MINUTE), 165 * SECOND);
  assert_int_equal(rows(spent), 2);
}

/* A section that was left for longer than tracks are kept, in a sitting that goes on elsewhere. */
static void a_long_sitting_is_one_row_a_section(void **state) {
  struct spent *spent = *state;
  int64_t at = 15 * SECOND;
  seen(spent, "s1", 0);
  note(spent, "s1", 15 * SECOND, at);
  seen(spent, "s2", at);
  for (int i = 0; i < 60; i++) {
    note(spent, "s2", 4 * MINUTE, at += 4 * MINUTE);
    flush(spent, at);
  }
  note(spent, "s1", 0, at);
  note(spent, "s1", 15 * SECOND, at + 15 * SECOND);
  total(spent, at + MINUTE);
  assert_int_equal(of_section(spent, "s1"), 30 * SECOND);
  assert_int_equal(sittings(spent), 1);
}

static void colleagues_count_each_for_themselves(void **state) {
  struct spent *spent = *state;
  for (int i = 0; i <= 4; i++) {
    struct paradata_beat bruno = beat_of(spent, WORK_BRUNO, "s1", 15 * SECOND);
    note(spent, "s1", 15 * SECOND, i * 15 * SECOND);
    paradata_note(spent->paradata, &bruno, T0 + i * 15 * SECOND);
  }
  assert_int_equal(total(spent, MINUTE), 2 * MINUTE);
  assert_int_equal(rows(spent), 2);
}

static void nothing_new_is_no_write(void **state) {
  struct spent *spent = *state;
  uint64_t jobs, before, commits;
  seen(spent, "s1", 0);
  note(spent, "s1", 15 * SECOND, 15 * SECOND);
  flush(spent, MINUTE);
  writer_counts(spent->writer, &before, &commits);
  note(spent, "s1", 0, MINUTE);
  flush(spent, 2 * MINUTE);
  writer_counts(spent->writer, &jobs, &commits);
  assert_int_equal(jobs, before);
}

/* What could not be written stays, and is written the next time. */
static void a_failed_flush_loses_nothing(void **state) {
  struct spent *spent = *state;
  struct err err = {0};
  seen(spent, "s1", 0);
  note(spent, "s1", 15 * SECOND, 15 * SECOND);
  assert_true(stmt_run(db_query(spent->work->db, "CREATE TRIGGER full BEFORE INSERT ON sitting"
                                                 " BEGIN SELECT RAISE(ABORT, 'no room'); END"), &err));
  assert_false(paradata_flush(spent->paradata, spent->writer, T0 + MINUTE, &err));
  assert_int_not_equal(err.code, ERR_NONE);
  assert_int_equal(rows(spent), 0);
  assert_true(stmt_run(db_query(spent->work->db, "DROP TRIGGER full"), &(struct err){0}));
  assert_int_equal(total(spent, MINUTE), 15 * SECOND);
}

static void the_gone_are_forgotten(void **state) {
  struct spent *spent = *state;
  struct place place;
  seen(spent, "s1", 0);
  note(spent, "s1", 15 * SECOND, 15 * SECOND);
  flush(spent, MINUTE);
  assert_true(paradata_place(spent->paradata, spent->work->people[WORK_ANNA].person, spent->work->arena, &place));
  flush(spent, 3 * 60 * MINUTE);
  assert_false(paradata_place(spent->paradata, spent->work->people[WORK_ANNA].person, spent->work->arena, &place));
  seen(spent, "s1", 4 * 60 * MINUTE);
  note(spent, "s1", 15 * SECOND, 4 * 60 * MINUTE + 15 * SECOND);
  assert_int_equal(total(spent, 5 * 60 * MINUTE), 30 * SECOND);
  assert_int_equal(sittings(spent), 2);
}

/* More people than there is room for are not measured, and nothing breaks. */
static void memory_is_bounded(void **state) {
  struct spent *spent = *state;
  struct paradata_beat beat = beat_of(spent, WORK_ANNA, "s1", 0);
  struct place place;
  for (int64_t i = 0; i < PARADATA_TRACKS_MAX + 100; i++) {
    beat.person = 1000 + i;
    paradata_note(spent->paradata, &beat, T0);
    paradata_seen(spent->paradata, &beat, T0);
  }
  assert_true(paradata_place(spent->paradata, 1000, spent->work->arena, &place));
  assert_false(paradata_place(spent->paradata, 1000 + PARADATA_TRACKS_MAX, spent->work->arena, &place));
}

static void the_place_is_where_they_were_active(void **state) {
  struct spent *spent = *state;
  struct arena *arena = spent->work->arena;
  int64_t anna = spent->work->people[WORK_ANNA].person;
  struct err err = {0};
  struct place place;
  struct paradata_beat beat = beat_of(spent, WORK_ANNA, "s1", 5 * SECOND);
  beat.key = "B2";
  seen(spent, "s1", 0);
  paradata_note(spent->paradata, &beat, T0 + 15 * SECOND);
  seen(spent, "s1", 16 * SECOND);     /* loaded again: the field stays */
  note(spent, "s2", 0, 20 * SECOND);  /* another tab that stands open */
  assert_true(paradata_place(spent->paradata, anna, arena, &place));
  assert_string_equal(place.section, "s1");
  assert_string_equal(place.key, "B2");
  flush(spent, MINUTE);
  assert_true(place_get(spent->work->db, anna, arena, &place, &err));
  assert_int_equal(place.response, spent->work->response);
  assert_string_equal(place.key, "B2");
  seen(spent, "s2", 30 * SECOND);
  flush(spent, MINUTE);
  assert_true(place_get(spent->work->db, anna, arena, &place, &err));
  assert_string_equal(place.section, "s2");
  assert_string_equal(place.key, "");
  char long_key[400];
  memset(long_key, 'x', sizeof long_key - 1);
  long_key[sizeof long_key - 1] = '\0';
  beat.section = "s2";
  beat.key = long_key;
  paradata_note(spent->paradata, &beat, T0 + 45 * SECOND);
  assert_true(paradata_place(spent->paradata, anna, arena, &place));
  assert_string_equal(place.key, "");
}

static void the_average_leaves_out_who_has_no_time(void **state) {
  struct spent *spent = *state;
  struct sitting_average average;
  struct err err = {0};
  struct paradata_beat beat = beat_of(spent, WORK_OTHER, "s1", 0);
  assert_good(sitting_average(spent->work->db, "r1", "q", &average, &err), &err);
  assert_int_equal(average.count, 0);
  seen(spent, "s1", 0);
  note(spent, "s1", MINUTE, MINUTE);
  flush(spent, MINUTE);
  assert_good(sitting_average(spent->work->db, "r1", "q", &average, &err), &err);
  assert_int_equal(average.count, 1);
  assert_int_equal(average.median_ms, MINUTE);
  beat.response = spent->work->other_response;
  paradata_seen(spent->paradata, &beat, T0);
  beat.active_ms = 4 * MINUTE;
  paradata_note(spent->paradata, &beat, T0 + 4 * MINUTE);
  flush(spent, 5 * MINUTE);
  assert_good(sitting_average(spent->work->db, "r1", "q", &average, &err), &err);
  assert_int_equal(average.count, 2);
  assert_int_equal(average.mean_ms, 150 * SECOND);
  assert_int_equal(average.median_ms, 150 * SECOND);
}

/* Stopping writes what there is, without waiting for the minute. */
static void stopping_writes(void **state) {
  struct spent *spent = *state;
  struct err err = {0};
  assert_good(paradata_start(spent->paradata, spent->writer, &err), &err);
  seen(spent, "s1", 0);
  note(spent, "s1", 15 * SECOND, 15 * SECOND);
  paradata_stop(spent->paradata);
  assert_int_equal(number(db_query(spent->work->db, "SELECT sum(active_ms) FROM sitting")), 15 * SECOND);
}

static void nothing_is_measured_without_it(void **state) {
  struct spent *spent = *state;
  struct paradata_beat beat = beat_of(spent, WORK_ANNA, "s1", 0);
  struct place place;
  paradata_note(NULL, &beat, T0);
  paradata_seen(NULL, &beat, T0);
  assert_false(paradata_place(NULL, beat.person, spent->work->arena, &place));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(beats_add_up),
      TEST(the_browsers_clock_is_not_trusted),
      TEST(a_silence_over_the_idle_limit_does_not_count),
      TEST(two_tabs_are_one_person),
      TEST(tabs_in_turn_lose_nothing),
      TEST(requests_count_without_a_script),
      TEST(requests_between_beats_do_not_count_twice),
      TEST(a_pause_begins_another_sitting),
      TEST(devices_have_sittings_of_their_own),
      TEST(a_long_sitting_is_one_row_a_section),
      TEST(colleagues_count_each_for_themselves),
      TEST(nothing_new_is_no_write),
      TEST(a_failed_flush_loses_nothing),
      TEST(the_gone_are_forgotten),
      TEST(memory_is_bounded),
      TEST(the_place_is_where_they_were_active),
      TEST(the_average_leaves_out_who_has_no_time),
      TEST(stopping_writes),
      TEST(nothing_is_measured_without_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
