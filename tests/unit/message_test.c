#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "mail/mail.h"
#include "store/message.h"
#include "work_fixture.h"

#define NOW INT64_C(1795000000000)
#define MINUTE INT64_C(60000)

/* ---- the outbox */

static int64_t put(struct work_fixture *fixture, const char *reason, int64_t due_ms) {
  struct err err = {0};
  int64_t id;
  const struct stored_message message = {
      .person = fixture->people[WORK_ANNA].person, .address = "anna@example.org", .kind = "invitation", .reason = reason,
      .language = "lv", .reply_to = "", .subject = "Temats", .body = "Teksts\n", .due_ms = due_ms, .fault = ""};
  assert_good(message_put(fixture->db, &message, &id, &err), &err);
  return id;
}

static int64_t take(struct work_fixture *fixture) {
  struct err err = {0};
  struct stmt *stmt;
  struct stored_message message;
  int64_t id = 0;
  if (message_take(fixture->db, &stmt, &message, &err)) {
    id = message.id;
    assert_int_equal(message.state, MESSAGE_SENDING);
    assert_string_equal(message.subject, "Temats");
  }
  stmt_end(stmt);
  assert_int_equal(err.code, ERR_NONE);
  return id;
}

/* The index-th message, in the fixture's arena. */
static struct stored_message look(struct work_fixture *fixture, int index) {
  struct err err = {0};
  struct stored_message message = {0}, found = {0};
  struct stmt *stmt = message_list(fixture->db, 0);
  for (int i = 0; message_next(stmt, &message, &err); i++) {
    if (i != index) continue;
    found = message;
    found.reason = arena_copy(fixture->arena, message.reason);
    found.address = arena_copy(fixture->arena, message.address);
    found.kind = arena_copy(fixture->arena, message.kind);
    found.subject = arena_copy(fixture->arena, message.subject);
    found.body = arena_copy(fixture->arena, message.body);
    found.reply_to = arena_copy(fixture->arena, message.reply_to);
    found.fault = arena_copy(fixture->arena, message.fault);
  }
  stmt_end(stmt);
  assert_int_equal(err.code, ERR_NONE);
  return found;
}

static int count(struct work_fixture *fixture) {
  struct err err = {0};
  struct stored_message message;
  int number = 0;
  struct stmt *stmt = message_list(fixture->db, 0);
  while (message_next(stmt, &message, &err)) number++;
  stmt_end(stmt);
  return number;
}

static void a_reason_counts_once(void **state) {
  struct work_fixture *fixture = *state;
  assert_int_not_equal(put(fixture, "a", NOW), 0);
  assert_int_equal(put(fixture, "a", NOW + 1), 0);
  assert_int_not_equal(put(fixture, "b", NOW), 0);
  assert_int_equal(count(fixture), 2);
  assert_int_equal(look(fixture, 0).due_ms, NOW);
}

static void each_is_taken_once_and_the_oldest_first(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  int64_t late = put(fixture, "late", NOW), early = put(fixture, "early", NOW - 1), same = put(fixture, "same", NOW);
  put(fixture, "future", NOW + 1);
  assert_true(message_is_due(fixture->db, &err));
  assert_int_equal(take(fixture), early);
  assert_int_equal(take(fixture), late);
  assert_int_equal(take(fixture), same);
  assert_int_equal(take(fixture), 0);
  assert_false(message_is_due(fixture->db, &err));
  clock_set_ms(NOW + 1);
  assert_true(message_is_due(fixture->db, &err));
}

static void what_is_sent_stays_sent(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  put(fixture, "a", NOW);
  assert_good(message_mark_sent(fixture->db, take(fixture), &err), &err);
  assert_int_equal(look(fixture, 0).state, MESSAGE_SENT);
  assert_int_equal(look(fixture, 0).sent_ms, NOW);
  assert_good(message_recover(fixture->db, &err), &err);
  assert_int_equal(look(fixture, 0).state, MESSAGE_SENT);
  assert_int_equal(take(fixture), 0);
}

static void failed_ones_wait_longer_each_time(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  static const int minutes[] = {1, 5, 15, 60, 240, 240, 240};
  int64_t now = NOW, id = put(fixture, "a", NOW);
  for (int i = 0; i < 7; i++) {
    assert_int_equal(take(fixture), id);
    assert_good(message_mark_failed(fixture->db, id, false, "451 later", &err), &err);
    assert_int_equal(look(fixture, 0).state, MESSAGE_WAITING);
    assert_int_equal(look(fixture, 0).due_ms, now + minutes[i] * MINUTE);
    assert_string_equal(look(fixture, 0).fault, "451 later");
    clock_set_ms(now += minutes[i] * MINUTE);
  }
  assert_int_equal(take(fixture), id);
  assert_good(message_mark_failed(fixture->db, id, false, "451 later", &err), &err);
  assert_int_equal(look(fixture, 0).state, MESSAGE_GIVEN_UP);
  assert_int_equal(look(fixture, 0).attempts, MESSAGE_ATTEMPTS_MAX);
}

static void a_refusal_for_good_is_the_end(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  put(fixture, "a", NOW);
  assert_good(message_mark_failed(fixture->db, take(fixture), true, "550 no", &err), &err);
  assert_int_equal(look(fixture, 0).state, MESSAGE_GIVEN_UP);
}

static void what_is_put_back_has_lost_nothing(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  int64_t id = put(fixture, "a", NOW);
  for (int i = 0; i < 20; i++) {
    assert_int_equal(take(fixture), id);
    assert_good(message_put_back(fixture->db, id, "no server", &err), &err);
  }
  assert_int_equal(look(fixture, 0).attempts, 0);
  assert_int_equal(look(fixture, 0).due_ms, NOW);
}

static void what_a_killed_sender_held_is_waiting_again(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  int64_t id = put(fixture, "a", NOW);
  for (int i = 1; i <= MESSAGE_ATTEMPTS_MAX; i++) {
    assert_int_equal(take(fixture), id);
    assert_good(message_recover(fixture->db, &err), &err);
    assert_int_equal(look(fixture, 0).attempts, i);
  }
  assert_int_equal(look(fixture, 0).state, MESSAGE_GIVEN_UP); /* a message that kills its sender does so eight times */
}

static void the_secret_is_made_once(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  char one[SECRET_TOKEN_LEN + 1], two[SECRET_TOKEN_LEN + 1];
  assert_good(message_secret(fixture->db, one, &err), &err);
  assert_good(message_secret(fixture->db, two, &err), &err);
  assert_string_equal(one, two);
}

/* ---- what is put into it */

static bool mail(struct work_fixture *fixture, enum mail_kind kind, const char *reason, const char *text, struct err *err) {
  const struct mail_message message = {
      .kind = kind, .person = fixture->people[WORK_ANNA].person, .reason = reason, .round = "r1", .inviter = "Bruno {link}",
      .section = "Pirmā", .text = text, .path = "/r/1/s/s1"};
  return mail_put(fixture->db, &message, err);
}

static void assert_mail(struct work_fixture *fixture, enum mail_kind kind, const char *reason, const char *text) {
  struct err err = {0};
  assert_good(mail(fixture, kind, reason, text, &err), &err);
}

static void assert_has(const char *text, const char *part) {
  if (strstr(text, part) == NULL) fail_msg("expected \"%s\" in \"%s\"", part, text);
}

static void an_invitation_says_who_what_and_until_when(void **state) {
  struct work_fixture *fixture = *state;
  assert_mail(fixture, MAIL_INVITATION, "invitation 1", NULL);
  struct stored_message message = look(fixture, 0);
  assert_string_equal(message.subject, "Uzaicinājums aizpildīt anketu: Kārta");
  assert_string_equal(message.reply_to, "help@example.org");
  assert_has(message.body, "\nBruno {{link} aicina Jūs");
  assert_has(message.body, "\nIestāde: Valsts kase\n");
  assert_has(message.body, "\nTermiņš: 2026. gada 6. decembris\n");
  assert_has(message.body, "\n{link}?next=%2Fr%2F1%2Fs%2Fs1\n");
  assert_has(message.body, "\nPalīdzība: +371 1, help@example.org\n");
  assert_null(strstr(message.body, "raksta")); /* there is nothing that he wrote */
  assert_null(strstr(message.body, "\n\n\n"));
}

static void people_who_are_gone_or_want_none_get_none(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  stmt_run(db_query(fixture->db, "UPDATE person SET notify = 4"), &err);
  assert_mail(fixture, MAIL_ASSIGNMENT, "assignment 1", NULL);
  assert_mail(fixture, MAIL_NOTE, "note 1", "x");
  assert_int_equal(count(fixture), 0);
  assert_mail(fixture, MAIL_INVITATION, "invitation 1", NULL);
  assert_mail(fixture, MAIL_REMINDER, "reminder 1", NULL);
  assert_int_equal(count(fixture), 2);
  stmt_run(db_query(fixture->db, "UPDATE person SET removed_ms = 1"), &err);
  assert_mail(fixture, MAIL_INVITATION, "invitation 2", NULL);
  assert_int_equal(count(fixture), 2);
}

static void who_or_what_is_unknown_is_an_error(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct mail_message message = {.kind = MAIL_INVITATION, .person = 999, .reason = "x"};
  assert_err(mail_put(fixture->db, &message, &err), &err, ERR_NOT_FOUND, "person");
  err = (struct err){0};
  message.person = fixture->people[WORK_ANNA].person;
  message.round = "r9";
  assert_err(mail_put(fixture->db, &message, &err), &err, ERR_NOT_FOUND, "r9");
}

static void notes_are_collected(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  assert_mail(fixture, MAIL_NOTE, "note 1", "Vai tas ir 47? {more}");
  assert_mail(fixture, MAIL_NOTE, "note 2", "Jā.\r\nOtrā rinda.");
  assert_mail(fixture, MAIL_NOTE, "note 2", "Jā.\r\nOtrā rinda.");
  struct stored_message first = look(fixture, 0);
  assert_int_equal(count(fixture), 2); /* the second only remembers its reason */
  assert_int_equal(look(fixture, 1).state, MESSAGE_CALLED_OFF);
  assert_int_equal(first.due_ms, NOW + 5 * MINUTE);
  assert_has(first.body, "Bruno {{link} (Pirmā): Vai tas ir 47? {{more}\n\nBruno {{link} (Pirmā): Jā.\nOtrā rinda.\n\n{more}\n");
  clock_set_ms(NOW + 6 * MINUTE);
  stmt_run(db_query(fixture->db, "UPDATE message SET subject = 'Temats'"), &err);
  assert_good(message_mark_sent(fixture->db, take(fixture), &err), &err);
  assert_mail(fixture, MAIL_NOTE, "note 3", "Vēl viens.");
  assert_int_equal(look(fixture, 2).due_ms, NOW + 66 * MINUTE); /* an hour after the last message */
  clock_set_ms(NOW + 500 * MINUTE);
  assert_mail(fixture, MAIL_NOTE, "note 4", "Un vēl."); /* late by itself, it goes with the one that waits */
  assert_int_equal(look(fixture, 3).state, MESSAGE_CALLED_OFF);
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
      TEST(a_reason_counts_once),
      TEST(each_is_taken_once_and_the_oldest_first),
      TEST(what_is_sent_stays_sent),
      TEST(failed_ones_wait_longer_each_time),
      TEST(a_refusal_for_good_is_the_end),
      TEST(what_is_put_back_has_lost_nothing),
      TEST(what_a_killed_sender_held_is_waiting_again),
      TEST(the_secret_is_made_once),
      TEST(an_invitation_says_who_what_and_until_when),
      TEST(people_who_are_gone_or_want_none_get_none),
      TEST(who_or_what_is_unknown_is_an_error),
      TEST(notes_are_collected),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
