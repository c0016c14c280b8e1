#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/user_agent.h"

static void browsers_have_words(void **state) {
  static const char *const cases[][2] = {
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox, Windows"},
      {"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/129.0 Safari/537.36 Edg/129.0", "Edge, Windows"},
      {"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/129.0 Mobile Safari/537.36", "Chrome, Android"},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1", "Safari, iPhone"},
      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.0 Safari/605.1.15", "Safari, macOS"},
      {"<script>alert(1)</script>", ""},
      {"", ""},
  };
  struct arena *arena = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_string_equal(user_agent_words(cases[i][0], arena), cases[i][1]);
  assert_string_equal(user_agent_words(NULL, arena), "");
}

static int setup(void **state) {
  *state = arena_new();
  return 0;
}

static int teardown(void **state) {
  arena_free(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(browsers_have_words),
  };
  return cmocka_run_group_tests_name("user_agent", tests, NULL, NULL);
}
