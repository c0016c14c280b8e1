#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/urlencoded.h"

static struct arena *arena;

static int start(void **state) {
  (void)state;
  arena = arena_new();
  return 0;
}

static int end(void **state) {
  (void)state;
  arena_free(arena);
  return 0;
}

/* The fields as "name=value|…", or the error's code. */
static const char *parse(const char *body, size_t len, size_t max) {
  const struct field *fields;
  size_t count;
  struct err err = {0};
  if (!urlencoded_parse(arena_copy_len(arena, body, len), len, max, arena, &fields, &count, &err)) {
    return err.code == ERR_TOO_LARGE ? "too large" : err.code == ERR_INPUT ? "bad input" : "?";
  }
  struct buf out = {0};
  for (size_t i = 0; i < count; i++) buf_printf(&out, "%s=%s|", fields[i].name, fields[i].value);
  const char *text = arena_copy(arena, buf_text(&out));
  buf_free(&out);
  return text;
}

static void parses(void **state) {
  (void)state;
  static const struct {
    const char *body, *expected;
  } cases[] = {
      {"", ""},
      {"a=1", "a=1|"},
      {"a=1&b=2", "a=1|b=2|"},
      {"a", "a=|"},
      {"a&b", "a=|b=|"},
      {"a=&=b", "a=|=b|"},
      {"&&a=1&&", "a=1|"},
      {"a=1=2", "a=1=2|"},
      {"a=x+y%20z%2B", "a=x y z+|"},
      {"a%3Db=c%26d", "a=b=c&d|"},
      {"a=%C4%81%c4%80", "a=āĀ|"},
      {"a=\xC4\x81", "a=ā|"},
      {"a=%0D%0A", "a=\r\n|"},
      {"a=1&a=2", "a=1|a=2|"},
      {"a=%", "bad input"},
      {"a=%4", "bad input"},
      {"a=%4&b=1", "bad input"},
      {"a=%zz", "bad input"},
      {"a=%1g", "bad input"},
      {"%=1", "bad input"},
      {"%4", "bad input"},
      {"a=%00", "bad input"},
      {"a%00=", "bad input"},
      {"a=%FF", "bad input"},
      {"a=%C4", "bad input"},
      {"a=%C4&b=%81", "bad input"},
      {"a=%ED%A0%80", "bad input"},
      {"a=%C0%80", "bad input"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *got = parse(cases[i].body, strlen(cases[i].body), 100);
    if (strcmp(got, cases[i].expected) != 0) {
      fail_msg("%s: expected %s, got %s", cases[i].body, cases[i].expected, got);
    }
  }
}

static void refuses_a_raw_nul(void **state) {
  (void)state;
  assert_string_equal(parse("a=1\0b", 5, 100), "bad input");
  assert_string_equal(parse("\0", 1, 100), "bad input");
}

static void caps_the_fields(void **state) {
  (void)state;
  assert_string_equal(parse("a&b&c", 5, 3), "a=|b=|c=|");
  assert_string_equal(parse("a&b&c", 5, 2), "too large");
  assert_string_equal(parse("&&&&&", 5, 2), "too large");
}

static void decodes_paths(void **state) {
  (void)state;
  static const struct {
    const char *path, *expected;
  } cases[] = {{"/a+b", "/a+b"}, {"/%C4%81/x%20y", "/ā/x y"}, {"/%", NULL}, {"/%00", NULL}, {"/%ff", NULL}, {"", ""}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *path = arena_copy(arena, cases[i].path);
    struct err err = {0};
    bool good = urlencoded_path(path, &err);
    assert_int_equal(good, cases[i].expected != NULL);
    if (good) assert_string_equal(path, cases[i].expected);
  }
}

static void what_it_writes_reads_back(void **state) {
  (void)state;
  char text[256];
  for (int c = 1; c < 0x80; c++) text[c - 1] = (char)c;
  memcpy(text + 0x7F, "āß€😀", sizeof "āß€😀");
  struct buf out = {0};
  buf_puts(&out, "k=");
  urlencoded_write(&out, text);
  assert_null(strpbrk(out.data + 2, "&=+ \"<>;\r\n"));
  const struct field *fields;
  size_t count;
  struct err err = {0};
  assert_true(urlencoded_parse(out.data, out.len, 10, arena, &fields, &count, &err));
  assert_int_equal(count, 1);
  assert_string_equal(fields[0].value, text);
  buf_free(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(parses, start, end),
      cmocka_unit_test_setup_teardown(refuses_a_raw_nul, start, end),
      cmocka_unit_test_setup_teardown(caps_the_fields, start, end),
      cmocka_unit_test_setup_teardown(decodes_paths, start, end),
      cmocka_unit_test_setup_teardown(what_it_writes_reads_back, start, end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
