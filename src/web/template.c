#include "web/template.h"

#include <stdlib.h>
#include <string.h>

#include "base/asset.h"
#include "base/log.h"
#include "base/utf8.h"
#include "web/compile.h"
#include "web/messages.h"
#include "web/program.h"

#define FOLDER "templates/"
#define SUFFIX ".html"
#define SOURCES_MAX 1000

struct templates {
  struct arena *arena;
  struct messages messages;
  struct sources sources;
  const char *const *files;
  struct program programs[LOCALE_LANGUAGES]; /* of the languages that have messages */
  struct range *pages[LOCALE_LANGUAGES];     /* by source */
  struct range *texts[LOCALE_LANGUAGES];     /* by message */
};

static bool ends_with(const char *text, const char *end) {
  size_t len = strlen(text), end_len = strlen(end);
  return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static int compare_sources(const void *a, const void *b) {
  const struct source *left = a, *right = b;
  return strcmp(left->name, right->name);
}

static bool find_sources(struct templates *templates, struct err *err) {
  struct source *items = arena_array(templates->arena, SOURCES_MAX, sizeof *items);
  size_t count = 0, bad;
  const struct asset *asset;
  for (size_t i = 0; (asset = asset_list(FOLDER, i)) != NULL; i++) {
    if (!ends_with(asset->name, SUFFIX)) continue;
    if (count == SOURCES_MAX) return err_set(err, ERR_TOO_LARGE, "there are more than %d templates", SOURCES_MAX);
    if (!utf8_check(asset->data, asset->len, &bad)) {
      return err_set_at(err, ERR_INPUT, asset->name, 1, 0, "not UTF-8 at byte %zu", bad);
    }
    size_t len = strlen(asset->name) - strlen(FOLDER) - strlen(SUFFIX);
    items[count].name = arena_copy_len(templates->arena, asset->name + strlen(FOLDER), len);
    items[count].text = asset->data;
    items[count++].len = asset->len;
  }
  qsort(items, count, sizeof *items, compare_sources);
  const char **files = arena_array(templates->arena, count + 1, sizeof *files);
  files[count] = FOLDER "messages";
  for (size_t i = 0; i < count; i++) files[i] = arena_printf(templates->arena, FOLDER "%s" SUFFIX, items[i].name);
  templates->sources = (struct sources){items, count};
  templates->files = files;
  return true;
}

/* Every template is tried, so that the log shows the mistakes of all. */
static bool compile_language(struct templates *templates, int language, bool strict, struct err *err) {
  struct program *program = &templates->programs[language];
  program->language = locale_language(language);
  program->strict = strict;
  program->files = templates->files;
  size_t pages = templates->sources.count, texts = templates->messages.count;
  templates->pages[language] = arena_array(templates->arena, pages + 1, sizeof *templates->pages[language]);
  templates->texts[language] = arena_array(templates->arena, texts + 1, sizeof *templates->texts[language]);
  bool good = true;
  for (size_t i = 0; i < pages; i++) {
    struct err own = {0};
    if (compile_template(program, &templates->sources, i, &templates->messages, &templates->pages[language][i], &own)) {
      continue;
    }
    if (!good) log_error("%s:%d: %s", own.where, own.line, own.text);
    err_set_at(err, own.code, own.where, own.line, own.column, "%s", own.text);
    good = false;
  }
  for (size_t i = 0; i < texts; i++) {
    compile_message(program, templates->messages.items[i].parts[language], (uint16_t)pages,
                    &templates->texts[language][i]);
  }
  compile_finish(program);
  return good;
}

struct templates *templates_load(bool strict, struct err *err) {
  struct templates *templates = calloc(1, sizeof *templates);
  if (templates == NULL) log_out_of_memory();
  templates->arena = arena_new();
  bool good = messages_load(&templates->messages, templates->arena, err) && find_sources(templates, err);
  for (int i = 0; i < LOCALE_LANGUAGES && good; i++) {
    if (templates->messages.present[i]) good = compile_language(templates, i, strict, err);
  }
  if (good) return templates;
  templates_free(templates);
  return NULL;
}

void templates_free(struct templates *templates) {
  if (templates == NULL) return;
  for (int i = 0; i < LOCALE_LANGUAGES; i++) compile_clear(&templates->programs[i]);
  arena_free(templates->arena);
  free(templates);
}

static int language_of(const struct templates *templates, const char *language) {
  int index = locale_index(language);
  return templates->messages.present[index] ? index : 0;
}

bool template_render(const struct templates *templates, const char *name, const char *language, const struct view *view,
                     struct buf *out, struct err *err) {
  int page = sources_find(&templates->sources, name, strlen(name));
  if (page < 0) return err_set(err, ERR_NOT_FOUND, "there is no template '%s'", name);
  int index = language_of(templates, language);
  return program_run(&templates->programs[index], templates->pages[index][page], view, out, err);
}

bool template_has_message(const struct templates *templates, const char *key) {
  return messages_find(&templates->messages, key, strlen(key)) >= 0;
}

const char *template_message(const struct templates *templates, const char *key, const char *language,
                             const struct view *view, struct arena *arena) {
  int text = messages_find(&templates->messages, key, strlen(key));
  if (text < 0) {
    log_error("there is no message '%s'", key);
    return arena_copy(arena, key);
  }
  int index = language_of(templates, language);
  struct buf out = {0};
  struct err err = {0};
  if (!program_run(&templates->programs[index], templates->texts[index][text], view, &out, &err)) {
    log_error("message '%s': %s", key, err.text);
  }
  const char *copy = arena_copy_len(arena, buf_text(&out), out.len);
  buf_free(&out);
  return copy;
}
