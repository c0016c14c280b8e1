#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "survey/people.h"
#include "survey/talk.h"
#include "work_fixture.h"

static int64_t id_of(struct work_fixture *fixture, int who) { return fixture->people[who].person; }

static struct people list_good(struct work_fixture *fixture, int who) {
  struct err err = {0};
  struct people people;
  assert_good(people_list(fixture->db, &fixture->people[who], fixture->arena, &people, &err), &err);
  return people;
}

static struct people_invitation invite(struct work_fixture *fixture, int who, const char *name, const char *email) {
  struct err err = {0};
  struct people_invitation invitation = {.name = name, .email = email, .phone = "+371 2", .language = "ru"};
  assert_good(people_invite(fixture->db, &fixture->people[who], &invitation, &err), &err);
  return invitation;
}

static bool remove_one(struct work_fixture *fixture, int who, int64_t person, struct err *err) {
  return people_remove(fixture->db, &fixture->people[who], person, err);
}

static bool name_one(struct work_fixture *fixture, int who, int64_t person, struct err *err) {
  return people_name_responsible(fixture->db, &fixture->people[who], person, err);
}

static bool can_sign_in(struct work_fixture *fixture, const char *email) {
  struct err err = {0};
  char link[SECRET_TOKEN_LEN + 1];
  return signin_new_link(fixture->db, email, link, &err) &&
         signin_peek(fixture->db, link, fixture->arena, &err) != NULL;
}

/* ---- the list */

static void colleagues_are_listed(void **state) {
  struct work_fixture *fixture = *state;
  struct people people = list_good(fixture, WORK_ANNA);
  assert_int_equal(people.count, 2);
  assert_string_equal(people.items[0].name, "Anna");
  assert_true(people.items[0].self);
  assert_true(people.items[0].signed_in_ms > 0);
  assert_string_equal(people.items[1].email, "bruno@example.org");
  assert_string_equal(people.items[1].invited_by, "");
  assert_false(people.items[0].responsible || people.items[1].responsible || people.named);
  assert_false(people.items[0].removable || people.items[1].removable);
  assert_true(people.may_name);
  assert_int_equal(list_good(fixture, WORK_OTHER).count, 1);
}

static void staff_have_no_colleagues(void **state) {
  struct work_fixture *fixture = *state;
  const int staff[] = {WORK_COORDINATOR, WORK_RESEARCHER, WORK_EXPERT};
  for (int i = 0; i < 3; i++) {
    struct err err = {0};
    struct people people;
    struct people_invitation invitation = {.name = "X", .email = "x@example.org", .phone = "", .language = "lv"};
    assert_err(people_list(fixture->db, &fixture->people[staff[i]], fixture->arena, &people, &err), &err, ERR_DENIED, "");
    err = (struct err){0};
    assert_err(people_invite(fixture->db, &fixture->people[staff[i]], &invitation, &err), &err, ERR_DENIED, "");
    err = (struct err){0};
    assert_err(remove_one(fixture, staff[i], id_of(fixture, WORK_ANNA), &err), &err, ERR_DENIED, "");
    err = (struct err){0};
    assert_err(name_one(fixture, staff[i], id_of(fixture, WORK_ANNA), &err), &err, ERR_DENIED, "");
  }
}

/* ---- inviting */

static void an_invited_colleague_takes_part(void **state) {
  struct work_fixture *fixture = *state;
  struct people_invitation invitation = invite(fixture, WORK_ANNA, "  Dace Kalna ", " Dace@Example.org ");
  assert_int_equal(invitation.fault, PEOPLE_OK);
  assert_true(invitation.person != 0);
  assert_false(invitation.back);
  struct people people = list_good(fixture, WORK_BRUNO);
  assert_int_equal(people.count, 3);
  const struct people_item *dace = &people.items[2];
  assert_string_equal(dace->name, "Dace Kalna");
  assert_string_equal(dace->email, "dace@example.org");
  assert_string_equal(dace->phone, "+371 2");
  assert_string_equal(dace->invited_by, "Anna");
  assert_int_equal(dace->signed_in_ms, 0);
  struct actor actor = work_sign_in(fixture, "dace@example.org");
  assert_int_equal(actor.role, ROLE_CONTACT);
  assert_int_equal(actor.institution, fixture->people[WORK_ANNA].institution);
  assert_string_equal(actor.language, "ru");
  struct stmt *stmt = db_query(fixture->db, "SELECT person_id, subject, detail FROM event WHERE kind = 'invite'");
  assert_true(stmt_step(stmt, NULL));
  assert_int_equal(stmt_int(stmt, 0), id_of(fixture, WORK_ANNA));
  assert_string_equal(stmt_text(stmt, 1), arena_printf(fixture->arena, "person %lld", (long long)invitation.person));
  assert_string_equal(stmt_text(stmt, 2), "dace@example.org");
  stmt_end(stmt);
}

static void bad_invitations_change_nothing(void **state) {
  struct work_fixture *fixture = *state;
  char long_name[PEOPLE_NAME_MAX + 2];
  memset(long_name, 'a', sizeof long_name - 1);
  long_name[sizeof long_name - 1] = '\0';
  const struct {
    const char *name, *email, *phone;
    enum people_fault fault;
  } bad[] = {
      {"", "x@example.org", "", PEOPLE_NO_NAME},
      {" ", "x@example.org", "", PEOPLE_NO_NAME},
      {long_name, "x@example.org", "", PEOPLE_NO_NAME},
      {"a\nb", "x@example.org", "", PEOPLE_NO_NAME},
      {"a\xFF", "x@example.org", "", PEOPLE_NO_NAME},
      {"X", "", "", PEOPLE_BAD_EMAIL},
      {"X", "x", "", PEOPLE_BAD_EMAIL},
      {"X", "x@y@z", "", PEOPLE_BAD_EMAIL},
      {"X", "x(y)@example.org", "", PEOPLE_BAD_EMAIL},
      {"X", "\xE2\x80\xAEgro.elpmaxe@x", "", PEOPLE_BAD_EMAIL},
      {"X", "x@example.org\r\nBcc: y@example.org", "", PEOPLE_BAD_EMAIL},
      {"X", "x@example.org", long_name, PEOPLE_BAD_PHONE},
      {"X", "BRUNO@example.org", "", PEOPLE_COLLEAGUE},
      {"X", "anna@example.org", "", PEOPLE_COLLEAGUE},
      {"X", "other@example.org", "", PEOPLE_REFUSED},
      {"X", "coordinator@example.org", "", PEOPLE_REFUSED},
      {"X", "expert@example.org", "", PEOPLE_REFUSED},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct err err = {0};
    struct people_invitation invitation = {
        .name = bad[i].name, .email = bad[i].email, .phone = bad[i].phone, .language = "lv"};
    assert_good(people_invite(fixture->db, &fixture->people[WORK_ANNA], &invitation, &err), &err);
    if (invitation.fault != bad[i].fault) fail_msg("%zu: fault %d", i, invitation.fault);
    assert_int_equal(invitation.person, 0);
    assert_false(invitation.back);
  }
  assert_int_equal(list_good(fixture, WORK_ANNA).count, 2);
  assert_string_equal(list_good(fixture, WORK_OTHER).items[0].name, "Cita");
  struct err err = {0};
  struct people_invitation invitation = {.name = "X", .email = "x@example.org", .phone = "", .language = "xx"};
  assert_err(people_invite(fixture->db, &fixture->people[WORK_ANNA], &invitation, &err), &err, ERR_INPUT, "lv, en or ru");
}

static void invitations_of_a_day_are_bounded(void **state) {
  struct work_fixture *fixture = *state;
  int64_t now = clock_now_ms();
  clock_set_ms(now);
  for (int i = 0; i < PEOPLE_INVITATIONS_MAX; i++) {
    int who = i % 2 == 0 ? WORK_ANNA : WORK_BRUNO; /* counted together */
    assert_int_equal(invite(fixture, who, "X", arena_printf(fixture->arena, "x%d@example.org", i)).fault, PEOPLE_OK);
  }
  assert_int_equal(invite(fixture, WORK_BRUNO, "X", "y@example.org").fault, PEOPLE_TOO_MANY);
  assert_int_equal(invite(fixture, WORK_BRUNO, "X", "other@example.org").fault, PEOPLE_TOO_MANY);
  assert_int_equal(invite(fixture, WORK_BRUNO, "X", "x1@example.org").fault, PEOPLE_COLLEAGUE);
  assert_int_equal(invite(fixture, WORK_OTHER, "X", "y@example.org").fault, PEOPLE_OK);
  clock_set_ms(now + INT64_C(86400001));
  assert_int_equal(invite(fixture, WORK_BRUNO, "X", "z@example.org").fault, PEOPLE_OK);
}

/* ---- removing */

static void who_was_removed_cannot_come_in(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  char link[SECRET_TOKEN_LEN + 1], session[SECRET_TOKEN_LEN + 1];
  int64_t dace = invite(fixture, WORK_ANNA, "Dace", "dace@example.org").person;
  assert_good(signin_new_link(fixture->db, "dace@example.org", link, &err), &err);
  assert_good(signin_start(fixture->db, link, session, &err), &err);
  assert_good(talk_assign(fixture->db, &fixture->people[WORK_ANNA], fixture->response, "s1", dace, &err), &err);
  const struct actor *actor = signin_actor(fixture->db, session, fixture->arena, &err);
  struct save_entry entry = {.question = "C3", .row = "", .values = (const char *const[]){"5"}, .value_count = 1, .special = ""};
  assert_true(work_save(fixture->db, actor, fixture->response, &entry, 1, fixture->arena, &err));
  int64_t talk = work_open_good(fixture, WORK_ANNA)->item.talk;

  assert_good(remove_one(fixture, WORK_ANNA, dace, &err), &err); /* Anna invited her */
  assert_null(signin_peek(fixture->db, link, fixture->arena, NULL));
  assert_null(signin_actor(fixture->db, session, fixture->arena, NULL));
  assert_false(can_sign_in(fixture, "dace@example.org"));
  assert_int_equal(list_good(fixture, WORK_ANNA).count, 2);
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_int_equal(work->assignees[0].person, 0);
  assert_true(work->item.talk > talk);
  assert_string_equal(work_mark(work, form_find(work->item.form, "C3"), -1)->person, "Dace"); /* stays under her name */
  assert_err(talk_assign(fixture->db, &fixture->people[WORK_ANNA], fixture->response, "s1", dace, &err), &err,
             ERR_NOT_FOUND, "contact");
  err = (struct err){0};
  assert_err(remove_one(fixture, WORK_ANNA, dace, &err), &err, ERR_NOT_FOUND, "contact");

  struct people_invitation again = invite(fixture, WORK_BRUNO, "Dace Kalna", "dace@example.org");
  assert_true(again.back);
  assert_int_equal(again.person, dace);
  assert_string_equal(list_good(fixture, WORK_ANNA).items[2].invited_by, "Bruno");
  assert_true(can_sign_in(fixture, "dace@example.org"));
  assert_null(signin_peek(fixture->db, link, fixture->arena, NULL)); /* the old link stays void */
}

static void a_stored_session_of_a_removed_person_is_void(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  char link[SECRET_TOKEN_LEN + 1], session[SECRET_TOKEN_LEN + 1];
  assert_good(signin_new_link(fixture->db, "bruno@example.org", link, &err), &err);
  assert_good(signin_start(fixture->db, link, session, &err), &err);
  assert_good(person_remove(fixture->db, id_of(fixture, WORK_BRUNO), &err), &err); /* links and sessions left alone */
  assert_null(signin_actor(fixture->db, session, fixture->arena, NULL));
  assert_null(signin_peek(fixture->db, link, fixture->arena, NULL));
}

static void not_everybody_removes_everybody(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  int64_t dace = invite(fixture, WORK_BRUNO, "Dace", "dace@example.org").person;
  assert_err(remove_one(fixture, WORK_ANNA, dace, &err), &err, ERR_DENIED, "may not");
  err = (struct err){0};
  assert_err(remove_one(fixture, WORK_ANNA, id_of(fixture, WORK_BRUNO), &err), &err, ERR_DENIED, "may not");
  err = (struct err){0};
  assert_err(remove_one(fixture, WORK_ANNA, id_of(fixture, WORK_ANNA), &err), &err, ERR_DENIED, "may not");
  err = (struct err){0};
  assert_err(remove_one(fixture, WORK_ANNA, id_of(fixture, WORK_OTHER), &err), &err, ERR_NOT_FOUND, "no such contact");
  err = (struct err){0};
  assert_good(name_one(fixture, WORK_ANNA, dace, &err), &err);
  assert_err(remove_one(fixture, WORK_BRUNO, dace, &err), &err, ERR_DENIED, "may not"); /* invited, but responsible now */
  err = (struct err){0};
  struct actor responsible = work_sign_in(fixture, "dace@example.org");
  assert_good(people_remove(fixture->db, &responsible, id_of(fixture, WORK_BRUNO), &err), &err);
  assert_good(people_remove(fixture->db, &responsible, dace, &err), &err); /* herself: Anna is left */
  struct people people = list_good(fixture, WORK_ANNA);
  assert_int_equal(people.count, 1);
  assert_false(people.named);
  assert_good(name_one(fixture, WORK_ANNA, id_of(fixture, WORK_ANNA), &err), &err);
  assert_false(list_good(fixture, WORK_ANNA).items[0].removable);
  assert_err(remove_one(fixture, WORK_ANNA, id_of(fixture, WORK_ANNA), &err), &err, ERR_DENIED, "may not"); /* the last one */
}

/* ---- who is responsible */

static void the_responsible_contact_names_the_next(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  assert_good(name_one(fixture, WORK_BRUNO, id_of(fixture, WORK_ANNA), &err), &err);
  struct people people = list_good(fixture, WORK_BRUNO);
  assert_true(people.named && people.items[0].responsible);
  assert_false(people.may_name);
  assert_true(list_good(fixture, WORK_ANNA).may_name);
  assert_err(name_one(fixture, WORK_BRUNO, id_of(fixture, WORK_BRUNO), &err), &err, ERR_DENIED, "may not");
  err = (struct err){0};
  assert_err(name_one(fixture, WORK_ANNA, id_of(fixture, WORK_OTHER), &err), &err, ERR_NOT_FOUND, "contact");
  err = (struct err){0};
  assert_err(name_one(fixture, WORK_ANNA, id_of(fixture, WORK_COORDINATOR), &err), &err, ERR_NOT_FOUND, "contact");
  err = (struct err){0};
  assert_good(name_one(fixture, WORK_ANNA, id_of(fixture, WORK_BRUNO), &err), &err);
  assert_true(list_good(fixture, WORK_ANNA).items[1].responsible);
  assert_false(list_good(fixture, WORK_ANNA).items[0].responsible);
}

static void the_command_line_names_and_removes(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  struct field_person eva = {.email = "eva@example.org", .name = "Eva", .role = ROLE_CONTACT, .institution = "VK",
                             .responsible = true};
  assert_good(field_put_person(fixture->db, &eva, &err), &err);
  assert_true(list_good(fixture, WORK_ANNA).items[2].responsible);
  eva.responsible = false; /* changing a name does not take it away */
  assert_good(field_put_person(fixture->db, &eva, &err), &err);
  assert_true(list_good(fixture, WORK_ANNA).items[2].responsible);
  assert_good(people_remove_address(fixture->db, "EVA@example.org", &err), &err);
  assert_int_equal(list_good(fixture, WORK_ANNA).count, 2);
  assert_false(list_good(fixture, WORK_ANNA).named);
  assert_err(people_remove_address(fixture->db, "eva@example.org", &err), &err, ERR_NOT_FOUND, "eva@example.org");
  err = (struct err){0};
  assert_err(people_remove_address(fixture->db, "nobody", &err), &err, ERR_INPUT, "not an e-mail");
  err = (struct err){0};
  assert_err(people_name_address(fixture->db, "coordinator@example.org", &err), &err, ERR_INPUT, "only a contact");
  err = (struct err){0};
  assert_good(field_put_person(fixture->db, &eva, &err), &err); /* added again: is back */
  assert_true(can_sign_in(fixture, "eva@example.org"));
}

static void who_moved_away_is_responsible_no_more(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  assert_good(name_one(fixture, WORK_ANNA, id_of(fixture, WORK_BRUNO), &err), &err);
  assert_good(talk_assign(fixture->db, &fixture->people[WORK_ANNA], fixture->response, "s1", id_of(fixture, WORK_BRUNO), &err),
              &err);
  assert_good(people_remove_address(fixture->db, "bruno@example.org", &err), &err);
  work_put_person(fixture->db, "bruno@example.org", "Bruno", ROLE_CONTACT, "ĀM");
  const struct work *work = work_open_good(fixture, WORK_ANNA);
  assert_int_equal(work->item.responsible, 0);
  assert_int_equal(work->assignees[0].person, 0);
  assert_false(list_good(fixture, WORK_ANNA).named);
}

static void removed_people_are_not_counted(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct field_row *rows;
  int total;
  assert_good(people_remove_address(fixture->db, "bruno@example.org", &err), &err);
  struct field_filter filter = field_filter_parse("find=kase", fixture->arena);
  size_t count = field_list(fixture->db, &fixture->people[WORK_COORDINATOR], &filter, fixture->arena, &rows, &total, &err);
  assert_int_equal(count, 1);
  assert_int_equal(rows[0].contacts, 1);
}

/* ---- sections */

static void sections_of_colleagues_are_listed(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const struct people_section *sections;
  const struct actor *anna = &fixture->people[WORK_ANNA];
  assert_int_equal(people_sections(fixture->db, anna, fixture->arena, &sections, &err), 0);
  assert_good(talk_assign(fixture->db, anna, fixture->response, "s1", id_of(fixture, WORK_BRUNO), &err), &err);
  assert_int_equal(people_sections(fixture->db, anna, fixture->arena, &sections, &err), 1);
  assert_int_equal(sections[0].person, id_of(fixture, WORK_BRUNO));
  assert_int_equal(sections[0].response, fixture->response);
  assert_string_equal(sections[0].form->sections[sections[0].section].id, "s1");
  assert_int_equal(people_sections(fixture->db, &fixture->people[WORK_OTHER], fixture->arena, &sections, &err), 0);
  assert_int_equal(people_sections(fixture->db, &fixture->people[WORK_EXPERT], fixture->arena, &sections, &err), 0);
  assert_int_equal(err.code, ERR_DENIED);
}

static int setup(void **state) {
  *state = work_fixture_new();
  return 0;
}

static int teardown(void **state) {
  clock_set_ms(0);
  work_fixture_free(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(colleagues_are_listed),
      TEST(staff_have_no_colleagues),
      TEST(an_invited_colleague_takes_part),
      TEST(bad_invitations_change_nothing),
      TEST(invitations_of_a_day_are_bounded),
      TEST(who_was_removed_cannot_come_in),
      TEST(a_stored_session_of_a_removed_person_is_void),
      TEST(not_everybody_removes_everybody),
      TEST(the_responsible_contact_names_the_next),
      TEST(the_command_line_names_and_removes),
      TEST(who_moved_away_is_responsible_no_more),
      TEST(removed_people_are_not_counted),
      TEST(sections_of_colleagues_are_listed),
  };
  return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
