/* Rendering a page of some 60 KB from some 1000 keys, and building its view: microseconds each, the best of many rounds.
 * The baseline copies the finished page once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/clock.h"
#include "base/file.h"
#include "web/template.h"

#define QUESTIONS 48
#define OPTIONS 5
#define ROUNDS 2000

static const char page_html[] =
    "<!doctype html>\n<html lang=\"{{lang}}\">\n<head><title>{{title}}</title></head>\n<body>\n<form method=\"post\">\n"
    "{{#questions}}\n{{>question}}\n{{/questions}}\n</form>\n</body>\n</html>\n";

static const char question_html[] =
    "<div class=\"question{{#wrong}} question-wrong{{/wrong}}\" id=\"q-{{id}}\" data-question=\"{{id}}\">\n"
    "<fieldset>\n<legend><span class=\"number\">{{number}}</span> <span class=\"text\">{{text}}</span></legend>\n"
    "{{#hint}}<p class=\"hint\" id=\"hint-{{id}}\">{{hint}}</p>{{/hint}}\n"
    "{{#options}}\n"
    "<div class=\"choice\"><input type=\"radio\" name=\"a.{{id}}\" id=\"{{id}}-{{code}}\" value=\"{{code}}\""
    "{{#chosen}} checked{{/chosen}} aria-describedby=\"hint-{{id}}\"><label for=\"{{id}}-{{code}}\">{{label}}</label>"
    "</div>\n"
    "{{/options}}\n"
    "</fieldset>\n"
    "<p class=\"state\">{{#saved}}<span class=\"saved\">{{t saved}}</span>{{/saved}}{{^saved}}{{t open}}{{/saved}}"
    "</p>\n"
    "<p class=\"links\"><a href=\"/r/1/h/{{id}}\" title=\"{{t history}}\">{{t history}}</a></p>\n"
    "</div>\n";

static const char messages_lv[] =
    "saved = Saglabāts {time}, {person}; vēl {left} {left# zero=jautājumu one=jautājums other=jautājumi}\n"
    "open = Vēl nav atbildēts; atbilde tiks saglabāta uzreiz pēc ievadīšanas\n"
    "history = Šī jautājuma izmaiņu vēsture\n";

static void write_asset(const char *folder, const char *name, const char *text) {
  char *path = file_join(folder, name), *parent = file_folder(path);
  struct err err = {0};
  if (!file_make_folder(parent, &err) || !file_write(path, text, strlen(text), &err)) {
    fprintf(stderr, "%s\n", err.text);
    exit(3);
  }
  free(parent);
  free(path);
}

static void build_question(struct view *view, struct arena *arena, int number) {
  struct view *question = view_item(view, "questions");
  view_text(question, "id", arena_printf(arena, "D%d", number));
  view_int(question, "number", number);
  view_text(question, "text", "Vai iestādei ir apstiprināta kārtība, kādā sniedz & uzskaita pakalpojumus klātienē?");
  view_text(question, "hint", number % 3 == 0 ? "Norādiet stāvokli pārskata gada beigās (31. decembrī)." : "");
  view_bool(question, "wrong", number % 7 == 0);
  view_bool(question, "saved", number % 2 == 0);
  view_text(question, "time", "10:32");
  view_text(question, "person", "Anna Bērziņa");
  view_int(question, "left", number);
  view_list(question, "options");
  for (int i = 0; i < OPTIONS; i++) {
    struct view *option = view_item(question, "options");
    view_int(option, "code", i + 1);
    view_text(option, "label", "Jā, ir izstrādāta un tiek pārskatīta katru gadu");
    view_bool(option, "chosen", i == 1);
  }
}

static struct view *build(struct arena *arena) {
  struct view *view = view_new(arena);
  view_text(view, "lang", "lv");
  view_text(view, "title", "Sadaļa");
  view_list(view, "questions");
  for (int i = 0; i < QUESTIONS; i++) build_question(view, arena, i + 1);
  return view;
}

static int64_t best(int64_t so_far, int64_t start_us, int repeats) {
  int64_t each_ns = (clock_monotonic_us() - start_us) * 1000 / repeats;
  return so_far == 0 || each_ns < so_far ? each_ns : so_far;
}

int main(void) {
  char folder[] = "/tmp/anketa-bench-XXXXXX";
  struct err err = {0};
  if (mkdtemp(folder) == NULL) return 3;
  write_asset(folder, "templates/page.html", page_html);
  write_asset(folder, "templates/question.html", question_html);
  write_asset(folder, "templates/messages/lv.txt", messages_lv);
  asset_use_folder(folder);
  struct templates *templates = templates_load(true, &err);
  if (templates == NULL) {
    fprintf(stderr, "%s:%d: %s\n", err.where, err.line, err.text);
    return 3;
  }
  struct arena *arena = arena_new();
  struct buf out = {0}, copy = {0};
  int64_t build_ns = 0, render_ns = 0, copy_ns = 0;
  for (int round = 0; round < ROUNDS / 20; round++) {
    int64_t start = clock_monotonic_us();
    for (int i = 0; i < 20; i++) {
      arena_reset(arena);
      build(arena);
    }
    build_ns = best(build_ns, start, 20);
    arena_reset(arena);
    struct view *view = build(arena);
    start = clock_monotonic_us();
    for (int i = 0; i < 20; i++) {
      buf_reset(&out);
      if (!template_render(templates, "page", "lv", view, &out, &err)) fprintf(stderr, "%s\n", err.text);
    }
    render_ns = best(render_ns, start, 20);
    start = clock_monotonic_us();
    for (int i = 0; i < 20; i++) {
      buf_reset(&copy);
      buf_add(&copy, out.data, out.len);
    }
    copy_ns = best(copy_ns, start, 20);
  }
  int keys = 2 + QUESTIONS * (9 + OPTIONS * 3);
  printf("template: %zu bytes, %d keys set: render %.1f us, build the view %.1f us; copying the page %.1f us\n",
         out.len, keys, (double)render_ns / 1000, (double)build_ns / 1000, (double)copy_ns / 1000);
  buf_free(&out);
  buf_free(&copy);
  arena_free(arena);
  templates_free(templates);
  asset_use_folder(NULL);
  return 0;
}
