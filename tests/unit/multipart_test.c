#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "web/multipart.h"

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

/* The parts as "name=bytes|" or "name(file name)=bytes|", or what is wrong. */
static const char *parse_as(const char *type, const char *body, size_t len, size_t max) {
  const struct multipart_part *parts;
  size_t count;
  struct err err = {0};
  if (!multipart_parse(type, body, len, max, arena, &parts, &count, &err))
    return arena_printf(arena, "%s: %s", err.code == ERR_TOO_LARGE ? "too large" : "bad", err.text);
  struct buf out = {0};
  for (size_t i = 0; i < count; i++) {
    buf_puts(&out, parts[i].name);
    if (parts[i].file_name != NULL) buf_printf(&out, "(%s)", parts[i].file_name);
    buf_printf(&out, "=%.*s|", (int)parts[i].len, parts[i].bytes);
  }
  const char *text = arena_copy(arena, buf_text(&out));
  buf_free(&out);
  return text;
}

static const char *parse(const char *body) {
  return parse_as("multipart/form-data; boundary=XX", body, strlen(body), 10);
}

#define FIELD(name, value) "--XX\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define PART(name, file, value)                                                                     \
  "--XX\r\ncontent-disposition: form-data; name=\"" name "\"; filename=\"" file "\"\r\nContent-Type: text/csv\r\n\r\n" value "\r\n"
#define CLOSE "--XX--\r\n"

static void fields_and_files(void **state) {
  (void)state;
  assert_string_equal(parse(FIELD("csrf", "abc") PART("file", "Iestādes.csv", "a,b\r\n1,2\r\n") CLOSE),
                      "csrf=abc|file(Iestādes.csv)=a,b\r\n1,2\r\n|");
  assert_string_equal(parse(PART("file", "", "") CLOSE), "file()=|");
  assert_string_equal(parse("a preamble\r\n" FIELD("a", "") "--XX--"), "a=|");
  assert_string_equal(parse("--XX--"), "");
  assert_string_equal(parse("--XX \t\r\nContent-Disposition: form-data; name=plain\r\n\r\nx\r\n" CLOSE), "plain=x|");
}

static void names(void **state) {
  (void)state;
  assert_string_equal(parse(PART("f", "C:\\\\Users\\\\x\\\\a.csv", "1") CLOSE), "f(a.csv)=1|");
  assert_string_equal(parse(PART("f", "../../etc/passwd", "1") CLOSE), "f(passwd)=1|");
  assert_string_equal(parse(PART("f", "a%22b.csv", "1") CLOSE), "f(a\"b.csv)=1|");
  assert_string_equal(parse(PART("f", "a\\\"b.csv", "1") CLOSE), "f(a\"b.csv)=1|");
  assert_string_equal(parse(PART("f", "a;b.csv", "1") CLOSE), "f(a;b.csv)=1|");
}

/* What only looks like a boundary belongs to the file. */
static void bytes_are_kept(void **state) {
  (void)state;
  assert_string_equal(parse(PART("f", "a", "-- XX\r\n--X\r\n\r\n--\r\n") CLOSE), "f(a)=-- XX\r\n--X\r\n\r\n--\r\n|");
  assert_string_equal(parse_as("Multipart/Form-Data; charset=utf-8; boundary=\"a b\"",
                               "--a b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\0\1\r\n--a b--", 63, 10),
                      "x=|");
}

static void what_is_broken(void **state) {
  (void)state;
  static const struct {
    const char *body, *fault;
  } cases[] = {
      {"", "bad: a form with files, but its boundary is not there"},
      {"--X", "bad: a form with files, but its boundary is not there"},
      {"--XX", "bad: a boundary with something behind it"},
      {"--XXX\r\n", "bad: a boundary with something behind it"},
      {"--XX\r\n", "bad: a part whose head does not end"},
      {"--XX\r\n\r\n\r\nx\r\n" CLOSE, "bad: a part of the form has no name"},
      {"--XX\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\nx\r\n" CLOSE, "bad: a part of the form has no name"},
      {"--XX\r\nContent-Disposition: form-data; name=\"\xFF\"\r\n\r\nx\r\n" CLOSE, "bad: the name of a part is not UTF-8"},
      {"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx", "bad: the last part does not end with its boundary"},
      {FIELD("a", "1"), "bad: the last part does not end with its boundary"},
      {FIELD("a", "1") "--XX", "bad: a boundary with something behind it"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) assert_string_equal(parse(cases[i].body), cases[i].fault);
  const char *body = FIELD("a", "1") FIELD("b", "2") FIELD("c", "3") CLOSE;
  assert_string_equal(parse_as("multipart/form-data; boundary=XX", body, strlen(body), 2), "too large: a form of more than 2 parts");
  assert_string_equal(parse_as("multipart/form-data", body, strlen(body), 9), "bad: a form with files, but without a boundary");
  assert_string_equal(parse_as("multipart/form-data; boundary=\"\"", body, strlen(body), 9),
                      "bad: a form with files, but without a boundary");
}

static void long_heads(void **state) {
  (void)state;
  struct buf body = {0};
  buf_puts(&body, "--XX\r\nX: ");
  for (int i = 0; i < MULTIPART_HEAD_MAX; i++) buf_putc(&body, 'x');
  buf_puts(&body, "\r\n\r\n--XX--");
  assert_string_equal(parse(body.data), "too large: a part whose head does not end");
  buf_free(&body);
}

static void media_types(void **state) {
  (void)state;
  assert_true(multipart_is("multipart/form-data; boundary=x"));
  assert_true(multipart_is("Multipart/Form-Data;boundary=x"));
  assert_false(multipart_is("multipart/form-database"));
  assert_false(multipart_is("application/x-www-form-urlencoded"));
  assert_false(multipart_is(NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fields_and_files), cmocka_unit_test(names),      cmocka_unit_test(bytes_are_kept),
      cmocka_unit_test(what_is_broken),   cmocka_unit_test(long_heads), cmocka_unit_test(media_types),
  };
  return cmocka_run_group_tests_name("multipart", tests, start, end);
}
