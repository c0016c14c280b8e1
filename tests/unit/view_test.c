#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/key.h"
#include "web_fixture.h"

static struct web web;

static int start(void **state) {
  (void)state;
  web_start(&web);
  web_write(&web, "messages/lv.txt", "");
  return 0;
}

static int end(void **state) {
  (void)state;
  web_end(&web);
  return 0;
}

/* What a template of one piece shows of a view. */
static void assert_shows(struct view *view, const char *template, const char *expected) {
  web_write(&web, "page.html", template);
  if (!web_load(&web, true)) fail_msg("%s:%d: %s", web.err.where, web.err.line, web.err.text);
  const char *page = web_render(&web, "page", "lv", view);
  if (page == NULL) fail_msg("%s", web.err.text);
  assert_string_equal(page, expected);
}

static void keys_have_one_number_each(void **state) {
  (void)state;
  uint16_t name = key_of("name"), other = key_of("other");
  assert_int_not_equal(name, other);
  assert_int_equal(key_of("name"), name);
  assert_int_equal(key_intern("name-and-more", 4), name);
  assert_string_equal(key_name(name), "name");
  assert_true(key_count() > name && key_count() > other);
}

static void shows_each_kind(void **state) {
  (void)state;
  struct view *view = view_new(web.arena);
  view_text(view, "text", "a<b");
  view_text(view, "none", NULL);
  view_int(view, "small", INT64_MIN);
  view_int(view, "zero", 0);
  view_bool(view, "yes", true);
  view_bool(view, "no", false);
  view_html(view, "html", "<b>x</b>y", 8);
  assert_shows(view, "{{text}}|{{none}}|{{small}}|{{zero}}|{{yes}}|{{no}}|{{html}}",
               "a&lt;b||-9223372036854775808|0|true|false|<b>x</b>");
}

static void a_later_value_replaces_the_earlier(void **state) {
  (void)state;
  struct view *view = view_new(web.arena);
  view_text(view, "key", "first");
  view_int(view, "key", 2);
  assert_shows(view, "{{key}}", "2");
  view_list(view, "key");
  view_text(view_item(view, "key"), "name", "item");
  assert_shows(view, "{{#key}}{{name}}{{/key}}", "item");
  view_list(view, "key");
  assert_shows(view, "{{#key}}{{name}}{{/key}}{{^key}}empty{{/key}}", "empty");
}

static void lists_keep_their_order_when_filled_in_turn(void **state) {
  (void)state;
  struct view *view = view_new(web.arena);
  view_list(view, "odd");
  view_list(view, "even");
  for (int i = 0; i < 6; i++) {
    struct view *item = i % 2 == 0 ? view_item(view, "even") : view_item(view, "odd");
    view_int(item, "number", i);
  }
  assert_shows(view, "{{#odd}}{{number}}{{/odd}} {{#even}}{{number}}{{/even}}", "135 024");
}

static void a_map_may_have_many_keys(void **state) {
  (void)state;
  static const char *const names[] = {"k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9"};
  struct view *view = view_new(web.arena);
  struct buf template = {0}, expected = {0};
  for (int i = 0; i < 500; i++) {
    struct view *map = i % 2 == 0 ? view_map(view, "map") : view;
    view_int(map, names[i % 10], i);
  }
  for (int i = 0; i < 10; i += 2) buf_printf(&template, "{{#map}}[{{k%d}}]{{/map}}", i + 1);
  buf_puts(&expected, "[491][493][495][497][499]");
  assert_shows(view, template.data, expected.data);
  buf_free(&template);
  buf_free(&expected);
}

static void two_hundred_keys_stay_apart(void **state) {
  (void)state;
  static char names[200][16]; /* static, like literals */
  struct view *view = view_new(web.arena);
  struct buf template = {0}, expected = {0};
  for (int i = 0; i < 200; i++) {
    snprintf(names[i], sizeof names[i], "n%d", i);
    view_int(view, names[i], i);
    buf_printf(&template, "{{n%d}} ", i);
    buf_printf(&expected, "%d ", i);
  }
  assert_shows(view, template.data, expected.data);
  buf_free(&template);
  buf_free(&expected);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keys_have_one_number_each),
      cmocka_unit_test_setup_teardown(shows_each_kind, start, end),
      cmocka_unit_test_setup_teardown(a_later_value_replaces_the_earlier, start, end),
      cmocka_unit_test_setup_teardown(lists_keep_their_order_when_filled_in_turn, start, end),
      cmocka_unit_test_setup_teardown(a_map_may_have_many_keys, start, end),
      cmocka_unit_test_setup_teardown(two_hundred_keys_stay_apart, start, end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
