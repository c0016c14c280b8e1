#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "work_fixture.h"

#define NOW INT64_C(1795000000000)
#define HOUR INT64_C(3600000)

static const char *new_link(struct work_fixture *fixture, const char *email) {
  struct err err = {0};
  char *link = arena_alloc(fixture->arena, SECRET_TOKEN_LEN + 1);
  assert_good(signin_new_link(fixture->db, email, link, &err), &err);
  return link;
}

static const char *new_session(struct work_fixture *fixture, const char *link) {
  struct err err = {0};
  char *session = arena_alloc(fixture->arena, SECRET_TOKEN_LEN + 1);
  assert_good(signin_start(fixture->db, link, session, &err), &err);
  return session;
}

static void assert_session(struct work_fixture *fixture, const char *session, bool good) {
  struct err err = {0};
  struct actor *actor = signin_actor(fixture->db, session, fixture->arena, &err);
  assert_int_equal(actor != NULL, good);
  assert_int_equal(err.code, good ? ERR_NONE : ERR_NOT_FOUND);
}

static void a_link_says_who_it_is_for(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const char *link = new_link(fixture, " Anna@Example.ORG ");
  struct actor *actor = signin_peek(fixture->db, link, fixture->arena, &err);
  assert_good(actor != NULL, &err);
  assert_string_equal(actor->name, "Anna");
  assert_string_equal(actor->email, "anna@example.org");
  assert_string_equal(actor->institution_name, "Valsts kase");
  assert_int_equal(actor->role, ROLE_CONTACT);
  assert_string_equal(actor->session_hash, "");
  assert_err(signin_peek(fixture->db, "unknown", fixture->arena, &err), &err, ERR_NOT_FOUND, "link");
}

static void a_session_is_somebody(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const char *link = new_link(fixture, "coordinator@example.org");
  const char *one = new_session(fixture, link), *two = new_session(fixture, link); /* two devices */
  assert_string_not_equal(one, two);
  struct actor *actor = signin_actor(fixture->db, one, fixture->arena, &err);
  assert_good(actor != NULL, &err);
  assert_int_equal(actor->role, ROLE_COORDINATOR);
  assert_int_equal(actor->institution, 0);
  assert_string_equal(actor->institution_name, "");
  assert_int_equal(strlen(actor->session_hash), SECRET_HASH_LEN);
  assert_session(fixture, link, false); /* a link is no session */
  assert_true(signin_end(fixture->db, one, &err));
  assert_session(fixture, one, false);
  assert_session(fixture, two, true);
}

static void sessions_end(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  clock_set_ms(NOW);
  const char *session = new_session(fixture, new_link(fixture, "anna@example.org"));
  clock_set_ms(NOW + SIGNIN_SESSION_MS - 1);
  assert_session(fixture, session, true);
  clock_set_ms(NOW + SIGNIN_SESSION_MS);
  assert_session(fixture, session, false);
  clock_set_ms(NOW);
  for (int64_t at = NOW; at < NOW + SIGNIN_SESSION_MAX_MS; at += 10 * HOUR) {
    clock_set_ms(at);
    assert_session(fixture, session, true);
    assert_true(signin_touch(fixture->db, session, &err));
  }
  clock_set_ms(NOW + SIGNIN_SESSION_MAX_MS);
  assert_session(fixture, session, false);
}

static void touching_is_rare(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  clock_set_ms(NOW);
  const char *session = new_session(fixture, new_link(fixture, "anna@example.org"));
  assert_false(signin_needs_touch(fixture->db, session));
  clock_set_ms(NOW + HOUR / 6 - 1);
  assert_false(signin_needs_touch(fixture->db, session));
  clock_set_ms(NOW + HOUR / 6);
  assert_true(signin_needs_touch(fixture->db, session));
  assert_true(signin_touch(fixture->db, session, &err));
  assert_false(signin_needs_touch(fixture->db, session));
  assert_false(signin_needs_touch(fixture->db, "unknown"));
}

static void revoking_ends_everything(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const char *link = new_link(fixture, "anna@example.org"), *later = new_link(fixture, "anna@example.org");
  const char *session = new_session(fixture, link);
  const char *colleague = new_session(fixture, new_link(fixture, "bruno@example.org"));
  assert_good(signin_revoke_links(fixture->db, "ANNA@example.org", &err), &err);
  assert_null(signin_peek(fixture->db, link, fixture->arena, NULL));
  assert_null(signin_peek(fixture->db, later, fixture->arena, NULL));
  assert_session(fixture, session, false);
  assert_session(fixture, colleague, true);
  char out[SECRET_TOKEN_LEN + 1];
  assert_err(signin_start(fixture->db, link, out, &err), &err, ERR_NOT_FOUND, "revoked");
  assert_non_null(signin_peek(fixture->db, new_link(fixture, "anna@example.org"), fixture->arena, NULL));
}

static void a_language_stays(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  const char *session = new_session(fixture, new_link(fixture, "anna@example.org"));
  assert_true(signin_set_language(fixture->db, fixture->people[WORK_ANNA].person, "ru", &err));
  assert_string_equal(signin_actor(fixture->db, session, fixture->arena, &err)->language, "ru");
  assert_err(signin_set_language(fixture->db, fixture->people[WORK_ANNA].person, "xx", &err), &err, ERR_INPUT, "lv");
}

static bool folder_holds(const char *folder, const char *text) {
  static const char *const names[] = {"anketa.db", "anketa.db-wal"};
  bool found = false;
  for (int i = 0; i < 2; i++) {
    struct buf bytes = {0};
    char *path = file_join(folder, names[i]);
    if (file_read(path, (size_t)64 << 20, &bytes, NULL)) {
      found = found || memmem(bytes.data, bytes.len, text, strlen(text)) != NULL;
    }
    free(path);
    buf_free(&bytes);
  }
  return found;
}

static void only_hashes_are_stored(void **state) {
  struct work_fixture *fixture = *state;
  char hash[SECRET_HASH_LEN + 1];
  const char *link = new_link(fixture, "anna@example.org");
  const char *session = new_session(fixture, link);
  assert_false(folder_holds(fixture->folder, link));
  assert_false(folder_holds(fixture->folder, session));
  secret_hash(link, strlen(link), hash);
  assert_true(folder_holds(fixture->folder, hash)); /* so the search does find things */
  secret_hash(session, strlen(session), hash);
  assert_true(folder_holds(fixture->folder, hash));
}

static void no_such_person(void **state) {
  struct work_fixture *fixture = *state;
  struct err err = {0};
  char out[SECRET_TOKEN_LEN + 1];
  assert_err(signin_new_link(fixture->db, "nobody@example.org", out, &err), &err, ERR_NOT_FOUND, "nobody@");
  err = (struct err){0};
  assert_err(signin_new_link(fixture->db, "nobody", out, &err), &err, ERR_INPUT, "not an e-mail");
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
      TEST(a_link_says_who_it_is_for), TEST(a_session_is_somebody),  TEST(sessions_end),
      TEST(touching_is_rare),          TEST(revoking_ends_everything), TEST(a_language_stays),
      TEST(only_hashes_are_stored),    TEST(no_such_person),
  };
  return cmocka_run_group_tests_name("signin", tests, NULL, NULL);
}
