#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "base/log.h"
#include "web_fixture.h"

static struct web web;

static const char messages_lv[] =
    "# comment\n"
    "\n"
    "plain = Saglabāt\n"
    "  spaced   =   ar atstarpēm   \n"
    "sharp = \"A\" < B & 'C'\n"
    "hello = Sveiki, {name}!\n"
    "left = {left} {left# zero=jautājumu one=jautājums other=jautājumi} no {total}\n"
    "whole = {n# zero=neviena one={n} pašā other=vairāki, arī {n} un {name}}.\n";

static const char messages_ru[] =
    "plain = Сохранить\n"
    "spaced = с\n"
    "sharp = x\n"
    "hello = Привет, {name}!\n"
    "left = {left} {left# one=вопрос few=вопроса many=вопросов other=вопроса} из {total}\n"
    "whole = {n# one={n} one few=few {name} many=many other=other}\n";

static int start(void **state) {
  (void)state;
  web_start(&web);
  log_quiet();
  web_write(&web, "messages/lv.txt", messages_lv);
  web_write(&web, "messages/ru.txt", messages_ru);
  return 0;
}

static int end(void **state) {
  (void)state;
  web_end(&web);
  return 0;
}

static void load(const char *page) {
  web_write(&web, "page.html", page);
  if (!web_load(&web, true)) fail_msg("%s:%d: %s", web.err.where, web.err.line, web.err.text);
}

static void assert_renders(const char *language, struct view *view, const char *expected) {
  const char *page = web_render(&web, "page", language, view);
  if (page == NULL) fail_msg("%s:%d: %s", web.err.where, web.err.line, web.err.text);
  assert_string_equal(page, expected);
}

static struct view *sample(void) {
  struct view *view = view_new(web.arena);
  view_text(view, "name", "<Anna & \"Co\" 'x'>");
  view_text(view, "empty", "");
  view_int(view, "n", 3);
  view_int(view, "zero", 0);
  view_bool(view, "yes", true);
  view_bool(view, "no", false);
  view_list(view, "none");
  view_list(view, "items");
  for (int i = 1; i <= 3; i++) {
    struct view *item = view_item(view, "items");
    view_int(item, "number", i);
    if (i == 2) view_text(item, "name", "inner");
  }
  view_text(view_map(view, "map"), "inside", "in");
  return view;
}

static void renders(void **state) {
  (void)state;
  static const struct {
    const char *template, *expected;
  } cases[] = {
      {"", ""},
      {"no tags at all\n", "no tags at all\n"},
      {"{{n}}", "3"},
      {"a {{ n }} b", "a 3 b"},
      {"{{name}}", "&lt;Anna &amp; &quot;Co&quot; &#39;x&#39;&gt;"},
      {"<a title=\"{{name}}\">", "<a title=\"&lt;Anna &amp; &quot;Co&quot; &#39;x&#39;&gt;\">"},
      {"{{#items}}{{number}},{{/items}}", "1,2,3,"},
      {"{{#none}}x{{/none}}{{^none}}nothing{{/none}}", "nothing"},
      {"{{#yes}}y{{/yes}}{{^yes}}n{{/yes}}{{#no}}y{{/no}}{{^no}}n{{/no}}", "yn"},
      {"{{#empty}}y{{/empty}}{{^empty}}n{{/empty}}{{#name}}y{{/name}}", "ny"},
      {"{{#zero}}y{{/zero}}{{^zero}}n{{/zero}}{{#n}}y{{/n}}", "ny"},
      {"{{#map}}{{inside}}{{n}}{{/map}}", "in3"},
      {"{{#items}}{{#items}}{{number}}{{/items}};{{/items}}", "123;123;123;"},
      {"{{#items}}[{{#no}}{{/no}}{{n}}]{{/items}}{{n}}", "[3][3][3]3"},
      {"a{{! note {{ n }}b", "ab"},
      {"<p{{#yes}} class=\"x\"{{/yes}}>", "<p class=\"x\">"},
      /* white space */
      {"a\n{{#yes}}\nb\n{{/yes}}\nc\n", "a\nb\nc\n"},
      {"a\n  {{#yes}}  \n  b\n  {{/yes}}\r\nc", "a\n  b\nc"},
      {"{{#yes}}\nx\n{{/yes}}", "x\n"},
      {"a {{#yes}}\nb\n{{/yes}} c\n", "a \nb\n c\n"},
      {"{{! alone }}\n{{n}}\n", "3\n"},
      {"{{#items}}\n{{number}}\n{{/items}}\n", "1\n2\n3\n"},
      {"{{#no}}{{/no}}\n", "\n"},
      /* messages */
      {"{{t plain}}", "Saglabāt"},
      {"{{t spaced}}|", "ar atstarpēm|"},
      {"<b title=\"{{t sharp}}\">", "<b title=\"&quot;A&quot; &lt; B &amp; &#39;C&#39;\">"},
      {"{{t hello}}", "Sveiki, &lt;Anna &amp; &quot;Co&quot; &#39;x&#39;&gt;!"},
      {"{{#items}}{{t hello}} {{/items}}",
       "Sveiki, &lt;Anna &amp; &quot;Co&quot; &#39;x&#39;&gt;! Sveiki, inner! "
       "Sveiki, &lt;Anna &amp; &quot;Co&quot; &#39;x&#39;&gt;! "},
      /* partials */
      {"[{{>part}}]", "[<i>3</i>\n]"},
      {"{{#items}}\n  {{>part}}\n{{/items}}\n", "<i>3</i>\n<i>3</i>\n<i>3</i>\n"},
      {"{{>deep/other}}", "other <i>3</i>\n"},
  };
  web_write(&web, "part.html", "<i>{{n}}</i>\n");
  web_write(&web, "deep/other.html", "other {{>part}}");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    load(cases[i].template);
    const char *page = web_render(&web, "page", "lv", sample());
    if (page == NULL) fail_msg("%s: %s", cases[i].template, web.err.text);
    if (strcmp(page, cases[i].expected) != 0) {
      fail_msg("%s\nexpected: %s\ngot:      %s", cases[i].template, cases[i].expected, page);
    }
  }
}

static void refuses_bad_templates(void **state) {
  (void)state;
  static const struct {
    const char *template;
    int line;
    const char *words;
  } cases[] = {
      {"a\n{{#x}}\n", 2, "section is not closed"},
      {"a\nb{{/x}}", 2, "not the open one"},
      {"{{#x}}\n{{#y}}\n{{/x}}{{/y}}", 3, "not the open one"},
      {"a\n\n{{key", 3, "not closed with }}"},
      {"{{>nowhere}}", 1, "no such template"},
      {"\n{{t no.such}}", 2, "no such message"},
      {"{{}}", 1, "is no tag"},
      {"{{a b}}", 1, "is no tag"},
      {"{{.}}", 1, "is no tag"},
      {"{{&raw}}", 1, "is no tag"},
      {"{{{raw}}}", 1, "is no tag"},
      {"x\n{{>page}}", 2, "includes itself"},
      {"<a href={{n}}>", 1, "in a quoted attribute"},
      {"<a {{n}}>", 1, "in a quoted attribute"},
      {"<a href=/r/{{n}}>", 1, "in a quoted attribute"},
      {"<script>var a = \"{{n}}\"</script>", 1, "in a quoted attribute"},
      {"<STYLE>{{n}}</STYLE>", 1, "in a quoted attribute"},
      {"<a href={{t plain}}>", 1, "in a quoted attribute"},
      {"\xFF", 1, "not UTF-8"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    web_write(&web, "page.html", cases[i].template);
    if (web_load(&web, true)) fail_msg("loaded: %s", cases[i].template);
    assert_int_equal(web.err.code, ERR_INPUT);
    assert_string_equal(web.err.where, "templates/page.html");
    if (web.err.line != cases[i].line || strstr(web.err.text, cases[i].words) == NULL) {
      fail_msg("%s\nexpected %d: %s\ngot %d: %s", cases[i].template, cases[i].line, cases[i].words, web.err.line,
               web.err.text);
    }
  }
}

static void follows_html_to_the_places_of_values(void **state) {
  (void)state;
  load("<!-- {{n}} --><p a='{{n}}' b=c d = \"{{n}}\">{{n}}</p><br/>{{n}}<script src=\"{{n}}\">if (a < b) x = \"</p>\";"
       "</script>{{n}} 1 < 2 {{n}}");
  assert_renders("lv", sample(),
                 "<!-- 3 --><p a='3' b=c d = \"3\">3</p><br/>3<script src=\"3\">if (a < b) x = \"</p>\";"
                 "</script>3 1 < 2 3");
}

static void caps_nesting(void **state) {
  (void)state;
  struct buf text = {0};
  for (int i = 0; i < 33; i++) buf_puts(&text, "{{#n}}");
  for (int i = 0; i < 33; i++) buf_puts(&text, "{{/n}}");
  web_write(&web, "page.html", text.data);
  assert_err(web_load(&web, true), &web.err, ERR_INPUT, "nested too deep");
  web_write(&web, "page.html", "{{>p1}}");
  for (int i = 1; i <= 16; i++) {
    char name[32];
    snprintf(name, sizeof name, "p%d.html", i);
    buf_reset(&text);
    if (i < 16) buf_printf(&text, "{{>p%d}}", i + 1);
    web_write(&web, name, buf_text(&text));
  }
  assert_err(web_load(&web, true), &web.err, ERR_INPUT, "included too deep");
  buf_free(&text);
}

static void caps_growth(void **state) {
  (void)state;
  web_write(&web, "a9.html", "{{n}} {{n}} {{n}} {{n}} {{n}} {{n}} {{n}} {{n}} {{n}} {{n}} {{n}}");
  for (int i = 0; i < 9; i++) {
    char name[32];
    struct buf text = {0};
    snprintf(name, sizeof name, "a%d.html", i);
    for (int j = 0; j < 9; j++) buf_printf(&text, "{{>a%d}} ", i + 1);
    web_write(&web, name, text.data);
    buf_free(&text);
  }
  assert_err(web_load(&web, true), &web.err, ERR_INPUT, "too large");
}

static void strict_names_the_key_and_its_place(void **state) {
  (void)state;
  static const char *const cases[] = {"\n{{gone}}",           "\n{{#gone}}{{/gone}}", "\n{{^gone}}{{/gone}}",
                                      "\n{{#yes}}{{gone}}{{/yes}}", "\n{{#items}}{{gone}}{{/items}}"};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    load(cases[i]);
    assert_null(web_render(&web, "page", "lv", sample()));
    assert_string_equal(web.err.where, "templates/page.html");
    assert_int_equal(web.err.line, 2);
    assert_string_equal(web.err.text, "key 'gone' is not set");
  }
  load("{{inside}}");
  assert_null(web_render(&web, "page", "lv", sample())); /* a nested map's keys end with it */
  load("{{items}}");
  assert_null(web_render(&web, "page", "lv", sample()));
  assert_non_null(strstr(web.err.text, "is a list"));
}

static void without_strict_a_missing_key_is_empty(void **state) {
  (void)state;
  web_write(&web, "page.html", "[{{gone}}{{#gone}}x{{/gone}}{{^gone}}y{{/gone}}]");
  assert_true(web_load(&web, false));
  int quiet = dup(2);
  assert_non_null(freopen("/dev/null", "w", stderr));
  assert_renders("lv", sample(), "[y]");
  assert_renders("lv", sample(), "[y]");
  dup2(quiet, 2);
  close(quiet);
}

static void counts_in_each_language(void **state) {
  (void)state;
  static const struct {
    const char *language;
    int left;
    const char *expected;
  } cases[] = {
      {"lv", 0, "0 jautājumu no 73"},  {"lv", 1, "1 jautājums no 73"},   {"lv", 2, "2 jautājumi no 73"},
      {"lv", 11, "11 jautājumu no 73"}, {"lv", 21, "21 jautājums no 73"}, {"lv", 111, "111 jautājumu no 73"},
      {"ru", 1, "1 вопрос из 73"},     {"ru", 3, "3 вопроса из 73"},     {"ru", 5, "5 вопросов из 73"},
      {"ru", 12, "12 вопросов из 73"}, {"ru", 1021, "1021 вопрос из 73"}, {"en", 1, "1 jautājums no 73"},
  };
  load("{{t left}}");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct view *view = view_new(web.arena);
    view_int(view, "left", cases[i].left);
    view_int(view, "total", 73);
    assert_renders(cases[i].language, view, cases[i].expected);
    assert_string_equal(template_message(web.templates, "left", cases[i].language, view, web.arena),
                        cases[i].expected);
  }
}

static void messages_alone_are_not_escaped(void **state) {
  (void)state;
  load("");
  assert_string_equal(template_message(web.templates, "sharp", "lv", NULL, web.arena), "\"A\" < B & 'C'");
  assert_string_equal(template_message(web.templates, "hello", "ru", sample(), web.arena),
                      "Привет, <Anna & \"Co\" 'x'>!");
  assert_string_equal(template_message(web.templates, "whole", "lv", sample(), web.arena),
                      "vairāki, arī 3 un <Anna & \"Co\" 'x'>.");
  struct view *one = sample();
  view_int(one, "n", 1);
  assert_string_equal(template_message(web.templates, "whole", "lv", one, web.arena), "1 pašā.");
}

static void refuses_bad_messages(void **state) {
  (void)state;
  static const struct {
    const char *lv, *ru, *where;
    int line;
    const char *words;
  } cases[] = {
      {"a = x\n\njunk\n", "", "lv", 3, "expected key = text"},
      {"= x\n", "", "lv", 1, "expected key = text"},
      {"a = x\na = y\n", "a = z\n", "lv", 2, "there twice"},
      {"a = {x\n", "a = {x}\n", "lv", 1, "not closed"},
      {"a = x}\n", "a = x\n", "lv", 1, "closes nothing"},
      {"a = {}\n", "a = x\n", "lv", 1, "expected the name"},
      {"a = {n# one=x}\n", "a = {n}\n", "lv", 1, "no form 'zero'"},
      {"a = {n# zero=x one=y}\n", "a = {n}\n", "lv", 1, "no form 'other'"},
      {"a = {n# some=x}\n", "a = {n}\n", "lv", 1, "expected a plural form"},
      {"a = {n# zero=x zero=y one=z other=w}\n", "a = {n}\n", "lv", 1, "each once"},
      {"a = {n}\n", "a = {n# one=x few=y other=z}\n", "ru", 1, "no form 'many'"},
      {"a = x\nb = y\n", "a = x\n", "lv", 2, "missing in ru"},
      {"a = x\n", "a = x\n\nb = y\n", "ru", 3, "missing in lv"},
      {"a = {x}\n", "a = \n", "ru", 1, "has no {x}"},
      {"a = x\n", "a = {x}\n", "ru", 1, "has {x}"},
      {"a = \xC3\n", "a = x\n", "lv", 1, "not UTF-8"},
  };
  web_write(&web, "page.html", "");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int quiet = dup(2);
    web_write(&web, "messages/lv.txt", cases[i].lv);
    web_write(&web, "messages/ru.txt", cases[i].ru);
    assert_non_null(freopen("/dev/null", "w", stderr)); /* the log of the second and third mistake */
    bool loaded = web_load(&web, true);
    dup2(quiet, 2);
    close(quiet);
    if (loaded) fail_msg("loaded: %s", cases[i].lv);
    if (strstr(web.err.where, cases[i].where) == NULL || web.err.line != cases[i].line ||
        strstr(web.err.text, cases[i].words) == NULL) {
      fail_msg("%s%sexpected %s:%d: %s\ngot %s:%d: %s", cases[i].lv, cases[i].ru, cases[i].where, cases[i].line,
               cases[i].words, web.err.where, web.err.line, web.err.text);
    }
  }
}

static void escapes_across_every_boundary(void **state) {
  (void)state;
  static const struct {
    char byte;
    const char *entity;
  } cases[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
  load("{{name}}");
  for (size_t len = 1; len < 1100; len += len < 40 ? 1 : 97) {
    for (size_t at = 0; at < len; at += 1 + len / 40) {
      size_t one = (len + at) % (sizeof cases / sizeof *cases);
      char *text = arena_alloc(web.arena, len + 1);
      memset(text, 'x', len);
      text[at] = cases[one].byte;
      struct view *view = view_new(web.arena);
      view_text(view, "name", text);
      char *expected = arena_printf(web.arena, "%.*s%s%s", (int)at, text, cases[one].entity, text + at + 1);
      assert_renders("lv", view, expected);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(renders, start, end),
      cmocka_unit_test_setup_teardown(refuses_bad_templates, start, end),
      cmocka_unit_test_setup_teardown(follows_html_to_the_places_of_values, start, end),
      cmocka_unit_test_setup_teardown(caps_nesting, start, end),
      cmocka_unit_test_setup_teardown(caps_growth, start, end),
      cmocka_unit_test_setup_teardown(strict_names_the_key_and_its_place, start, end),
      cmocka_unit_test_setup_teardown(without_strict_a_missing_key_is_empty, start, end),
      cmocka_unit_test_setup_teardown(counts_in_each_language, start, end),
      cmocka_unit_test_setup_teardown(messages_alone_are_not_escaped, start, end),
      cmocka_unit_test_setup_teardown(refuses_bad_messages, start, end),
      cmocka_unit_test_setup_teardown(escapes_across_every_boundary, start, end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
