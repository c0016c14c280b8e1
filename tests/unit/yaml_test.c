#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "form/form.h"
#include "form/yaml.h"

struct fixture {
  struct arena *arena;
  struct findings *findings;
};

static int set_up(void **state) {
  static struct fixture fixture;
  fixture = (struct fixture){arena_new(), findings_new("x.yaml")};
  *state = &fixture;
  return 0;
}

static int tear_down(void **state) {
  struct fixture *fixture = *state;
  arena_free(fixture->arena);
  findings_free(fixture->findings);
  return 0;
}

static const struct yaml_node *parse(struct fixture *fixture, const char *text) {
  return yaml_parse(text, strlen(text), fixture->arena, fixture->findings);
}

/* The text must be refused, with this as its first finding. */
static void expect_refused(struct fixture *fixture, const struct buf *text, int line, int column, const char *words) {
  assert_null(yaml_parse(buf_text(text), text->len, fixture->arena, fixture->findings));
  assert_true(findings_count(fixture->findings) > 0);
  const struct finding *finding = findings_get(fixture->findings, 0);
  assert_non_null(strstr(finding->text, words));
  assert_int_equal(finding->line, line);
  assert_int_equal(finding->column, column);
}

static void expect_place(const struct yaml_node *scalar, size_t offset, int line, int column) {
  int got_line, got_column;
  yaml_place(scalar, offset, &got_line, &got_column);
  assert_int_equal(got_line, line);
  assert_int_equal(got_column, column);
}

static void test_tree(void **state) {
  const struct yaml_node *root = parse(*state, "a: one\nb: [x, 'y z', \"w\"]\nc:\n  d:\n  e: {}\n");
  assert_non_null(root);
  assert_int_equal(root->kind, YAML_MAPPING);
  assert_int_equal(root->count, 3);
  assert_string_equal(yaml_get(root, "a")->text, "one");
  const struct yaml_node *list = yaml_get(root, "b");
  assert_int_equal(list->kind, YAML_SEQUENCE);
  assert_int_equal(list->count, 3);
  assert_string_equal(list->items[1]->text, "y z");
  assert_int_equal(yaml_get(yaml_get(root, "c"), "d")->len, 0);
  assert_int_equal(yaml_get(yaml_get(root, "c"), "e")->kind, YAML_MAPPING);
  assert_null(yaml_get(root, "z"));
  assert_null(yaml_get(list, "a"));
}

static void test_places_count_characters(void **state) {
  const struct yaml_node *root = parse(*state, "ā: {žž: 'ēē', k: x}\n");
  const struct yaml_node *inner = yaml_get(root, "ā");
  assert_int_equal(inner->column, 4);
  assert_int_equal(inner->pairs[0].key->column, 5);
  assert_int_equal(inner->pairs[0].value->column, 10); /* behind the quote */
  assert_int_equal(inner->pairs[1].key->column, 15);
  assert_int_equal(yaml_width(inner->pairs[0].key), 2);
}

static void test_byte_order_mark_and_crlf(void **state) {
  const struct yaml_node *root = parse(*state, "\xEF\xBB\xBF""a: 1\r\nb: 2\r\n");
  assert_int_equal(root->pairs[0].key->column, 1);
  assert_int_equal(root->pairs[1].value->line, 2);
  assert_string_equal(root->pairs[1].value->text, "2");
}

static void test_places_within_scalars(void **state) {
  const struct yaml_node *root = parse(*state,
                                       "plain: āb = 1\n"
                                       "quoted: 'āb = 1'\n"
                                       "folded: >-\n"
                                       "  K1 = 1 and\n"
                                       "    K2 = 2\n"
                                       "several: one\n"
                                       "  two\n"
                                       "block: |\n"
                                       "  one\n"
                                       "  two\n"
                                       "escaped: \"\\u0101b = 1\"\n");
  expect_place(yaml_get(root, "plain"), 4, 1, 11);
  expect_place(yaml_get(root, "quoted"), 4, 2, 13);
  assert_true(yaml_get(root, "quoted")->plain);
  expect_place(yaml_get(root, "folded"), 0, 4, 3);
  expect_place(yaml_get(root, "folded"), strlen("K1 = 1 and\n  K2"), 5, 7);
  assert_false(yaml_get(root, "folded")->plain);
  expect_place(yaml_get(root, "several"), 4, 7, 3);
  expect_place(yaml_get(root, "block"), 4, 10, 3);
  expect_place(yaml_get(root, "escaped"), 4, 11, 11); /* its start: escapes hide the rest */
}

static void test_key_twice_goes_on(void **state) {
  struct fixture *fixture = *state;
  const struct yaml_node *root = parse(fixture, "a: 1\nb: 2\na: 3\nb: 4\n");
  assert_non_null(root);
  assert_int_equal(root->count, 2);
  assert_string_equal(yaml_get(root, "a")->text, "1");
  assert_int_equal(findings_count(fixture->findings), 2);
}

static void test_bare_keys(void **state) {
  const struct yaml_node *root = parse(*state, "{en: One, two, 'three', four: }\n");
  assert_false(root->pairs[0].key->bare);
  assert_true(root->pairs[1].key->bare);
  assert_false(root->pairs[3].key->bare);
}

static void test_refuses_large_files(void **state) {
  struct buf text = {0};
  buf_puts(&text, "a: ");
  while (text.len <= FORM_FILE_MAX) buf_puts(&text, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n  ");
  expect_refused(*state, &text, 1, 1, "at most");
  buf_free(&text);
}

static void test_refuses_long_lines(void **state) {
  struct buf text = {0};
  buf_puts(&text, "a: 1\nb: \"");
  for (int i = 0; i < 200000; i++) buf_putc(&text, 'x');
  expect_refused(*state, &text, 2, 1, "131072 bytes");
  buf_free(&text);
}

static void test_refuses_depth(void **state) {
  struct buf text = {0};
  for (int i = 0; i < 100000; i++) buf_putc(&text, '[');
  expect_refused(*state, &text, 1, 33, "32 deep");
  buf_free(&text);
}

static void test_refuses_depth_by_indentation(void **state) {
  struct buf text = {0};
  for (int i = 0; i < 300; i++) buf_printf(&text, "%*sa:\n", i, "");
  expect_refused(*state, &text, 33, 33, "32 deep");
  buf_free(&text);
}

static void test_refuses_many_nodes(void **state) {
  struct fixture *fixture = *state;
  struct buf text = {0};
  for (int i = 0; i < 100001; i++) buf_puts(&text, "- [1]\n");
  assert_null(yaml_parse(buf_text(&text), text.len, fixture->arena, fixture->findings));
  assert_string_equal(findings_get(fixture->findings, 0)->text, "the file has more than 200000 values");
  buf_free(&text);
}

static void test_refuses_many_keys(void **state) {
  struct buf text = {0};
  for (int i = 0; i < 1001; i++) buf_printf(&text, "k%d: 1\n", i);
  expect_refused(*state, &text, 1001, 1, "1000 keys");
  buf_free(&text);
}

static void test_refuses_many_empty_lines(void **state) {
  struct buf text = {0};
  buf_puts(&text, "a: |\n  x\n");
  for (int i = 0; i < 100; i++) buf_puts(&text, "  \n");
  expect_refused(*state, &text, 68, 1, "64 empty lines");
  buf_free(&text);
}

static void test_refuses_hidden_control_characters(void **state) {
  struct buf text = {0};
  buf_puts(&text, "a: \"x\\0y\"\n");
  expect_refused(*state, &text, 1, 5, "control");
  buf_free(&text);
}

static void test_refuses_bytes_that_are_not_utf8(void **state) {
  struct buf text = {0};
  buf_puts(&text, "a: ā\nb: ēē\xC3(");
  expect_refused(*state, &text, 2, 6, "0xC3");
  buf_free(&text);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(test_tree),
      TEST(test_places_count_characters),
      TEST(test_byte_order_mark_and_crlf),
      TEST(test_places_within_scalars),
      TEST(test_key_twice_goes_on),
      TEST(test_bare_keys),
      TEST(test_refuses_large_files),
      TEST(test_refuses_long_lines),
      TEST(test_refuses_depth),
      TEST(test_refuses_depth_by_indentation),
      TEST(test_refuses_many_nodes),
      TEST(test_refuses_many_keys),
      TEST(test_refuses_many_empty_lines),
      TEST(test_refuses_hidden_control_characters),
      TEST(test_refuses_bytes_that_are_not_utf8),
  };
  return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
