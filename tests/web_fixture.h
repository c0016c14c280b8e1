/* Templates and messages of a test. Include behind cmocka.h. */
#ifndef ANKETA_TESTS_WEB_FIXTURE_H
#define ANKETA_TESTS_WEB_FIXTURE_H

#include "base/asset.h"
#include "folder_fixture.h"
#include "web/template.h"

struct web {
  char *folder;
  struct arena *arena;
  struct templates *templates;
  struct err err; /* of the last load */
};

static inline void web_start(struct web *web) {
  *web = (struct web){.folder = folder_new(), .arena = arena_new()};
  asset_use_folder(web->folder);
}

static inline void web_write(struct web *web, const char *name, const char *text) {
  char *path = file_join("templates", name);
  folder_write(web->folder, path, text);
  free(path);
}

/* False with web->err when they do not load. */
static inline bool web_load(struct web *web, bool strict) {
  templates_free(web->templates);
  web->err = (struct err){0};
  web->templates = templates_load(strict, &web->err);
  return web->templates != NULL;
}

static inline void web_end(struct web *web) {
  templates_free(web->templates);
  arena_free(web->arena);
  asset_use_folder(NULL);
  folder_remove(web->folder);
}

/* The page in the arena; NULL with web->err when it does not render. */
static inline const char *web_render(struct web *web, const char *name, const char *language, struct view *view) {
  struct buf out = {0};
  web->err = (struct err){0};
  bool good = template_render(web->templates, name, language, view, &out, &web->err);
  const char *page = good ? arena_copy(web->arena, buf_text(&out)) : NULL;
  buf_free(&out);
  return page;
}

#endif
