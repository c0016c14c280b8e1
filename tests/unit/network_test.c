#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "web/network.h"

static void networks_have_names(void **state) {
  struct arena *arena = *state;
  struct sockaddr_in v4 = {.sin_family = AF_INET};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
  inet_pton(AF_INET, "192.0.2.7", &v4.sin_addr);
  inet_pton(AF_INET6, "2001:db8:1:2:3:4:5:6", &v6.sin6_addr);
  assert_string_equal(network_name((struct sockaddr *)&v4, NULL, arena), "192.0.2.7");
  assert_string_equal(network_name((struct sockaddr *)&v6, NULL, arena), "2001:db8:1:2::/64");
  inet_pton(AF_INET6, "::ffff:192.0.2.7", &v6.sin6_addr);
  assert_string_equal(network_name((struct sockaddr *)&v6, NULL, arena), "192.0.2.7");
  static const char *const cases[][2] = {
      {"198.51.100.1", "198.51.100.1"},        {"10.0.0.1, 198.51.100.1", "198.51.100.1"}, {" 198.51.100.1:1234 ", "198.51.100.1"},
      {"[2001:db8::1]:443", "2001:db8::/64"}, {"2001:db8::1", "2001:db8::/64"},          {"", "192.0.2.7"},
      {"198.51.100.1, unknown", "192.0.2.7"},  {"<script>", "192.0.2.7"},                  {"1,", "192.0.2.7"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_string_equal(network_name((struct sockaddr *)&v4, cases[i][0], arena), cases[i][1]);
  assert_string_equal(network_name(NULL, NULL, arena), "");
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
      TEST(networks_have_names),
  };
  return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
