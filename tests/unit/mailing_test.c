#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store/mail_template.h"
#include "store/message.h"
#include "survey/field.h"
#include "survey/mailing.h"
#include "work_fixture.h"

/* Saturday, 21 November 2026, 10.00 in Riga; the deadline is 6 December. */
#define NOW INT64_C(1795248000000)
#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

static void run(struct work_fixture *fixture, const char *sql) {
  struct err err = {0};
  assert_good(stmt_run(db_query(fixture->db, sql), &err), &err);
}

static int64_t number(struct work_fixture *fixture, const char *sql) {
  struct err err = {0};
  struct stmt *stmt = db_query(fixture->db, sql);
  int64_t found = stmt_step(stmt, &err) ? stmt_int(stmt, 0) : -1;
  stmt_end(stmt);
  return found;
}

static struct mailing_wish wish_for(struct work_fixture *fixture, enum mail_kind kind, const char *query) {
  struct err err = {0};
  struct mailing_wish wish = {.kind = kind, .aim = mailing_parse(query, fixture->arena)};
  wish.seen = mailing_newest(fixture->db, &err);
  return wish;
}

static enum mailing_fault plan_wish(struct work_fixture *fixture, const struct mailing_wish *wish, int64_t *id) {
  struct err err = {0};
  enum mailing_fault fault;
  enum remind_fault moment;
  bool ok = mailing_plan(fixture->db, &fixture->people[WORK_COORDINATOR], wish, id, &fault, &moment, &err);
  assert_int_equal(ok, fault == MAILING_OK);
  assert_int_equal(err.code, ok ? ERR_NONE : ERR_INPUT);
  return fault;
}

static int64_t plan(struct work_fixture *fixture, enum mail_kind kind, const char *query) {
  int64_t id;
  struct mailing_wish wish = wish_for(fixture, kind, query);
  assert_int_equal(plan_wish(fixture, &wish, &id), MAILING_OK);
  return id;
}

/* As the post thread does; how many batches it took. */
static int make(struct work_fixture *fixture) {
  struct err err = {0};
  int batches = 0;
  for (; mailing_is_due(fixture->db, &err); batches++) assert_good(mailing_make_mail(fixture->db, &err), &err);
  assert_int_equal(err.code, ERR_NONE);
  return batches;
}

static struct mailing_forecast forecast(struct work_fixture *fixture, enum mail_kind kind, const char *query) {
  struct err err = {0};
  struct mailing_forecast out;
  struct mailing_aim aim = mailing_parse(query, fixture->arena);
  assert_good(mailing_forecast(fixture->db, &fixture->people[WORK_COORDINATOR], kind, &aim, fixture->arena, &out, &err), &err);
  return out;
}

static void an_invitation_goes_to_every_contact_once(void **state) {
  struct work_fixture *fixture = *state;
  struct mailing_forecast before = forecast(fixture, MAIL_INVITATION, "");
  assert_int_equal(before.people, 3);
  assert_int_equal(before.institutions, 2);
  assert_int_equal(before.no_contact, 1);
  assert_string_equal(before.examples[0].name, "Anna");
  int64_t id = plan(fixture, MAIL_INVITATION, "");
  assert_int_equal(number(fixture, "SELECT count(*) FROM message"), 0);
  make(fixture);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message WHERE kind = 'invitation' AND round = 'r1'"
                                   " AND institution IS NOT NULL AND mailing_id = 1"), 3);
  assert_int_equal(number(fixture, "SELECT message_count FROM mailing"), 3);
  assert_int_equal(number(fixture, "SELECT count(*) FROM round_institution WHERE invited_ms > 0"), 2);
  assert_int_equal(number(fixture, "SELECT count(*) FROM event WHERE kind = 'mailing-invitation' AND subject = 'round r1'"), 1);
  assert_int_equal(id, 1);
  assert_int_equal(make(fixture), 0); /* and never again */
  assert_int_equal(number(fixture, "SELECT count(*) FROM message"), 3);
}

static void who_is_left_out_and_why(void **state) {
  struct work_fixture *fixture = *state;
  struct mailing_forecast seen;
  run(fixture, "UPDATE person SET notify = 3 WHERE email = 'bruno@example.org'");
  run(fixture, "UPDATE response SET status = 2 WHERE questionnaire = 'q' AND institution = 2");
  seen = forecast(fixture, MAIL_DEADLINE, "");
  assert_int_equal(seen.people, 1);
  assert_int_equal(seen.left_out[MAILING_UNWANTED], 1);
  assert_int_equal(seen.left_out[MAILING_SUBMITTED], 1);
  assert_int_equal(forecast(fixture, MAIL_INVITATION, "").people, 2); /* invitations are for all */
  assert_int_equal(forecast(fixture, MAIL_LETTER, "").people, 3);     /* so are letters, also to who submitted */
  run(fixture, "UPDATE round_institution SET participation = 1 WHERE institution = 1");
  assert_int_equal(forecast(fixture, MAIL_DEADLINE, "").left_out[MAILING_NOT_PARTICIPATING], 2);
  run(fixture, "UPDATE round_institution SET participation = 0");
  run(fixture, "UPDATE person SET removed_ms = 1 WHERE email = 'anna@example.org'");
  assert_int_equal(forecast(fixture, MAIL_INVITATION, "").people, 1);
  run(fixture, "UPDATE person SET removed_ms = 0");
  run(fixture, "UPDATE round SET closed_ms = 1");
  assert_int_equal(forecast(fixture, MAIL_DEADLINE, "").left_out[MAILING_CLOSED], 3);
  assert_int_equal(forecast(fixture, MAIL_INVITATION, "").people, 0);
  assert_int_equal(forecast(fixture, MAIL_LETTER, "").people, 3);
}

static void nobody_gets_two_of_a_kind_on_one_day(void **state) {
  struct work_fixture *fixture = *state;
  plan(fixture, MAIL_DEADLINE, "institution=1");
  make(fixture);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message"), 2);
  assert_int_equal(forecast(fixture, MAIL_DEADLINE, "").left_out[MAILING_TODAY], 2);
  plan(fixture, MAIL_DEADLINE, "");
  make(fixture);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message"), 3);
  assert_int_equal(forecast(fixture, MAIL_INVITATION, "").people, 3); /* another reason */
  clock_set_ms(NOW + 14 * HOUR - 1);                                   /* the last moment of the day in Riga */
  assert_int_equal(forecast(fixture, MAIL_DEADLINE, "").people, 0);
  clock_set_ms(NOW + 14 * HOUR);
  assert_int_equal(forecast(fixture, MAIL_DEADLINE, "").people, 3);
  clock_set_ms(NOW);
  run(fixture, "UPDATE message SET state = 4"); /* what was called off nobody got */
  assert_int_equal(forecast(fixture, MAIL_DEADLINE, "").people, 3);
}

static void the_filter_counts_when_it_is_due(void **state) {
  struct work_fixture *fixture = *state;
  int64_t id;
  struct mailing_wish wish = wish_for(fixture, MAIL_DEADLINE, "sector=Finanses&sort=-changed&from=50");
  wish.later = true;
  wish.moment = (struct remind_wish){.date = "24.11.2026", .time = "9.30", .choice = "", .text = ""};
  assert_int_equal(plan_wish(fixture, &wish, &id), MAILING_OK);
  assert_int_equal(make(fixture), 0);
  clock_set_ms(NOW + 3 * DAY - HOUR / 2 - 1);
  assert_int_equal(make(fixture), 0);
  work_put_person(fixture->db, "vija@example.org", "Vija", ROLE_CONTACT, "VK"); /* came in between */
  run(fixture, "UPDATE person SET removed_ms = 1 WHERE email = 'bruno@example.org'");
  clock_set_ms(NOW + 3 * DAY - HOUR / 2);
  assert_int_equal(make(fixture), 1);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message"), 2);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message WHERE address = 'vija@example.org'"), 1);
}

static void called_off_in_time_makes_nothing(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct actor *coordinator = &fixture->people[WORK_COORDINATOR];
  int64_t id = plan(fixture, MAIL_DEADLINE, "");
  assert_good(mailing_call_off(fixture->db, coordinator, id, &err), &err);
  assert_good(mailing_call_off(fixture->db, coordinator, id, &err), &err); /* a second press */
  assert_int_equal(make(fixture), 0);
  id = plan(fixture, MAIL_DEADLINE, "");
  make(fixture);
  run(fixture, "UPDATE message SET state = 2 WHERE address = 'anna@example.org'");
  assert_good(mailing_call_off(fixture->db, coordinator, id, &err), &err);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message WHERE state = 4"), 2); /* what was sent was sent */
  assert_int_equal(number(fixture, "SELECT count(*) FROM event WHERE kind = 'mailing-deadline-off'"), 2);
  assert_err(mailing_call_off(fixture->db, coordinator, 99, &err), &err, ERR_NOT_FOUND, "99");
}

static void a_second_press_plans_nothing_more(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  int64_t first, second;
  enum mailing_fault fault;
  enum remind_fault moment;
  struct mailing_wish wish = wish_for(fixture, MAIL_DEADLINE, "institution=1&institution=2");
  assert_int_equal(plan_wish(fixture, &wish, &first), MAILING_OK);
  assert_int_equal(plan_wish(fixture, &wish, &second), MAILING_OK);
  assert_int_equal(first, second);
  assert_int_equal(number(fixture, "SELECT count(*) FROM mailing"), 1);
  work_put_person(fixture->db, "dace@example.org", "Dace", ROLE_COORDINATOR, NULL);
  struct actor other = work_sign_in(fixture, "dace@example.org");
  assert_err(mailing_plan(fixture->db, &other, &wish, &second, &fault, &moment, &err), &err, ERR_INPUT, "");
  assert_int_equal(fault, MAILING_OTHER);
  wish.seen = first; /* knowing of the first, she may */
  err = (struct err){0};
  assert_good(mailing_plan(fixture->db, &other, &wish, &second, &fault, &moment, &err), &err);
}

static void what_cannot_be_planned_is_told(void **state) {
  struct work_fixture *fixture = *state;
  int64_t id;
  struct mailing_wish wish = wish_for(fixture, MAIL_LETTER, "");
  assert_int_equal(plan_wish(fixture, &wish, &id), MAILING_NO_WORDS);
  wish.kind = MAIL_NOTE;
  assert_int_equal(plan_wish(fixture, &wish, &id), MAILING_NO_KIND);
  wish = wish_for(fixture, MAIL_DEADLINE, "sector=Nekas");
  assert_int_equal(plan_wish(fixture, &wish, &id), MAILING_NOBODY);
  wish.later = true; /* there may be somebody then */
  wish.moment = (struct remind_wish){.date = "24.11.2026", .time = "9.30", .choice = "", .text = ""};
  assert_int_equal(plan_wish(fixture, &wish, &id), MAILING_OK);
  wish = wish_for(fixture, MAIL_DEADLINE, "");
  wish.later = true;
  wish.moment = (struct remind_wish){.date = "20.11.2026", .time = "9.30", .choice = "", .text = ""};
  assert_int_equal(plan_wish(fixture, &wish, &id), MAILING_MOMENT);
  static const int denied[] = {WORK_ANNA, WORK_RESEARCHER, WORK_EXPERT};
  for (size_t i = 0; i < 3; i++) {
    struct err err = {0};
    enum mailing_fault fault;
    enum remind_fault moment;
    assert_err(mailing_plan(fixture->db, &fixture->people[denied[i]], &wish, &id, &fault, &moment, &err), &err, ERR_DENIED, "");
  }
}

static void a_letter_keeps_its_words_and_falls_back_to_latvian(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct mail_template words = {.subject = "Pirmā {round}", .body = "Sveiki, {name}.\n{link}\n",
                                .person = fixture->people[WORK_COORDINATOR].person};
  run(fixture, "UPDATE person SET language = 'ru' WHERE email = 'bruno@example.org'");
  assert_good(mail_template_put(fixture->db, "r1", "letter", "lv", &words, &err), &err);
  plan(fixture, MAIL_LETTER, "institution=1");
  words.subject = "Otrā";
  assert_good(mail_template_put(fixture->db, "r1", "letter", "lv", &words, &err), &err);
  make(fixture);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message WHERE subject = 'Pirmā Kārta' AND language = 'lv'"), 1);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message WHERE subject = 'Pirmā Раунд' AND language = 'ru'"), 1);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message WHERE body LIKE '%{link}%' AND body NOT LIKE '%{unsub%'"), 2);
}

static void add_people(struct work_fixture *fixture, int count) {
  for (int i = 0; i < count; i++) {
    char email[40];
    snprintf(email, sizeof email, "p%03d@example.org", i);
    work_put_person(fixture->db, email, "Persona", ROLE_CONTACT, "VK");
  }
}

static void batches_are_small_and_go_on_after_a_break(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  add_people(fixture, 250);
  plan(fixture, MAIL_DEADLINE, "");
  assert_good(db_begin(fixture->db, &err), &err);
  assert_good(mailing_make_mail(fixture->db, &err), &err);
  assert_good(db_commit(fixture->db, &err), &err);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message"), 100);
  assert_good(db_begin(fixture->db, &err), &err); /* killed in the middle of the second */
  assert_good(mailing_make_mail(fixture->db, &err), &err);
  db_rollback(fixture->db);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message"), 100);
  assert_int_equal(number(fixture, "SELECT made_ms FROM mailing"), 0);
  clock_set_ms(NOW + DAY); /* and back on the next day */
  assert_int_equal(make(fixture), 2);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message"), 253);
  assert_int_equal(number(fixture, "SELECT count(DISTINCT person_id) FROM message"), 253);
  assert_int_equal(number(fixture, "SELECT message_count FROM mailing"), 253);
}

static void a_walk_that_finds_nobody_ends(void **state) {
  struct work_fixture *fixture = *state;
  add_people(fixture, 150);
  plan(fixture, MAIL_DEADLINE, "");
  run(fixture, "UPDATE person SET notify = 0");
  assert_int_equal(make(fixture), 1);
  assert_int_equal(number(fixture, "SELECT message_count FROM mailing WHERE made_ms > 0"), 0);
}

/* What the list shows is what a mailing goes to. */
static void a_filter_means_what_it_means_in_the_list(void **state) {
  struct work_fixture *fixture = *state;
  static const char *const queries[] = {"", "status=open", "status=opened", "status=started&q=q", "status=not_invited&q=e",
                                        "sector=Finanses", "kind=ministry", "find=ārl", "find=100%25", "find=_", "overdue=1",
                                        "overdue=1&status=submitted", "overdue=1&status=started", "round=r9", "q=nav"};
  work_save_one(fixture, WORK_ANNA, "A1", "", "1", 0);
  run(fixture, "UPDATE round_institution SET deadline = '2026-11-20', deadline_ms = 1795211999999 WHERE institution = 1");
  for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
    struct err err = {0};
    const struct mailing_choice *choices;
    const int64_t *listed;
    struct mailing_aim aim = mailing_parse(queries[i], fixture->arena);
    const struct actor *coordinator = &fixture->people[WORK_COORDINATOR];
    size_t count = mailing_choices(fixture->db, coordinator, &aim, 10, fixture->arena, &choices, &err);
    size_t wanted = field_institutions(fixture->db, coordinator, &aim.filter, fixture->arena, &listed, &err);
    assert_int_equal(err.code, ERR_NONE);
    if (count != wanted) fail_msg("%s: %zu in place of %zu", queries[i], count, wanted);
    for (size_t k = 0; k < count; k++) assert_int_equal(choices[k].id, listed[k]);
  }
}

static void an_aim_is_read_back_as_it_was_written(void **state) {
  struct work_fixture *fixture = *state;
  static const char *const cases[][2] = {
      {"sector=Vald%C4%ABba+%26+co&find=x", "sector=Vald%C4%ABba%20%26%20co&find=x"},
      {"round=r1&institution=3&institution=9&sector=x", "round=r1&institution=3&institution=9"},
      {"round=r1&person=4&institution=3", "round=r1&person=4"},
      {"round=r1&institution=x&institution=-1&institution=0&person=99999999999999999999x", "round=r1"},
      {"round=r1&rule=3&rule-kind=2&days=7&first=20000&last=20001", "round=r1&rule=3&rule-kind=2&days=7&first=20000&last=20001"},
      {"sort=-changed&from=50", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct mailing_aim aim = mailing_parse(cases[i][0], fixture->arena);
    const char *printed = mailing_print(&aim, fixture->arena);
    if (strcmp(printed, cases[i][1]) != 0) fail_msg("%s: %s", cases[i][0], printed);
    aim = mailing_parse(printed, fixture->arena);
    assert_string_equal(mailing_print(&aim, fixture->arena), printed);
  }
}

static void mail_says_the_institutions_own_deadline(void **state) {
  struct work_fixture *fixture = *state;
  run(fixture, "UPDATE round_institution SET deadline = '2026-12-13', deadline_ms = 1797199199999 WHERE institution = 1");
  plan(fixture, MAIL_DEADLINE, "");
  make(fixture);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message WHERE body LIKE '%2026. gada 13. decembris%'"), 2);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message WHERE body LIKE '%2026. gada 6. decembris%'"), 1);
  assert_int_equal(number(fixture, "SELECT count(*) FROM message WHERE body LIKE '%Anketa: nav sākta%{unsubscribe}%'"), 3);
}

static int set_up(void **state) {
  *state = work_fixture_new();
  clock_set_ms(NOW);
  return 0;
}

static int tear_down(void **state) {
  clock_set_ms(0);
  work_fixture_free(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(an_invitation_goes_to_every_contact_once),
      TEST(who_is_left_out_and_why),
      TEST(nobody_gets_two_of_a_kind_on_one_day),
      TEST(the_filter_counts_when_it_is_due),
      TEST(called_off_in_time_makes_nothing),
      TEST(a_second_press_plans_nothing_more),
      TEST(what_cannot_be_planned_is_told),
      TEST(a_letter_keeps_its_words_and_falls_back_to_latvian),
      TEST(batches_are_small_and_go_on_after_a_break),
      TEST(a_walk_that_finds_nobody_ends),
      TEST(a_filter_means_what_it_means_in_the_list),
      TEST(an_aim_is_read_back_as_it_was_written),
      TEST(mail_says_the_institutions_own_deadline),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
