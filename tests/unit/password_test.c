#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "survey/password.h"

static enum password_fault check(struct arena *arena, const char *password) {
  return password_check(password, "Anna Bērziņa-Kalniņa", "a.berzina@vara.example.org", arena);
}

static void good_ones(void **state) {
  static const char *const passwords[] = {
      "garā pīle lido zemu", "correct house battery", "839201746520", "xK9#mQ2$vL5!", "Я люблю осенний дождь",
      "            x y  z w ", "anna brauc ar zilu velosipēdu", "dragon eats monkey soup", "áéíóúñçßðþæø",
  };
  struct arena *arena = *state;
  for (size_t i = 0; i < sizeof passwords / sizeof *passwords; i++)
    if (check(arena, passwords[i]) != PASSWORD_GOOD) fail_msg("%s: %d", passwords[i], check(arena, passwords[i]));
}

static void common_ones(void **state) {
  static const char *const passwords[] = {
      "passwordpassword", "Password1234", "PASSWORD!!!!!!", "qwertyuiopasdf", "1qaz2wsx3edc", "123456123456", "123456789012",
      "098765432109",     "aaaaaaaaaaaa", "abcabcabcabcabc", "monkey1234567", "1234567monkey", "!!!!!!dragon!!!", "dragondragon2017",
      "Parole123456",     "            ", "sunshinesunshine",
  };
  struct arena *arena = *state;
  for (size_t i = 0; i < sizeof passwords / sizeof *passwords; i++)
    if (check(arena, passwords[i]) != PASSWORD_COMMON) fail_msg("%s: %d", passwords[i], check(arena, passwords[i]));
}

static void personal_ones(void **state) {
  static const char *const passwords[] = {"AnnaBerzina2026", "Bērziņa Kalniņa 1", "berzina@vara.example", "anketa-anketa-1",
                                          "Anketa Anna 1987"};
  struct arena *arena = *state;
  for (size_t i = 0; i < sizeof passwords / sizeof *passwords; i++)
    if (check(arena, passwords[i]) != PASSWORD_PERSONAL) fail_msg("%s: %d", passwords[i], check(arena, passwords[i]));
}

static void lengths_are_of_characters(void **state) {
  struct arena *arena = *state;
  char text[405] = "";
  assert_int_equal(check(arena, ""), PASSWORD_SHORT);
  assert_int_equal(check(arena, "āčēģīķļņšūž"), PASSWORD_SHORT); /* eleven, in 22 bytes */
  assert_int_equal(check(arena, "āčēģīķļņšūžq"), PASSWORD_GOOD);
  for (int i = 0; i < 200; i++) memcpy(text + 2 * i, i % 7 < 3 ? "ā" : i % 5 < 2 ? "č" : "ž", 2);
  assert_int_equal(check(arena, text), PASSWORD_GOOD);
  text[400] = 'x';
  text[401] = '\0';
  assert_int_equal(check(arena, text), PASSWORD_LONG);
  assert_int_equal(check(arena, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), PASSWORD_LONG);
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
      TEST(good_ones),
      TEST(common_ones),
      TEST(personal_ones),
      TEST(lengths_are_of_characters),
  };
  return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
