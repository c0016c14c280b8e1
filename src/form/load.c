#include "form/load.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/secret.h"
#include "form/index.h"
#include "form/loader.h"

_Static_assert(sizeof((struct form *)0)->hash == SECRET_HASH_LEN + 1, "a form's hash is secret_hash's");

static const struct load_key form_keys[] = {
    {"questionnaire", true, false}, {"version", true, false}, {"languages", true, false}, {"title", true, false},
    {"hint", false, false}, {"option_lists", false, false}, {"sections", true, false},
};

/* "lv", "en-GB": letters, then parts of letters and digits. */
static bool is_language(const char *code) {
  size_t letters = strspn(code, "abcdefghijklmnopqrstuvwxyz");
  if (letters < 2 || letters > 3) return false;
  const char *rest = code + letters;
  if (*rest == '\0') return true;
  size_t part = strspn(rest + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
  return *rest == '-' && part >= 2 && part <= 8 && rest[1 + part] == '\0';
}

static void read_language(struct loader *loader, const struct yaml_node *node) {
  struct form *form = loader->form;
  if (node->kind != YAML_SCALAR || !is_language(node->text)) {
    load_fault(loader, node, "expected the code of a language like lv, en or pt-BR");
    return;
  }
  for (int i = 0; i < form->language_count; i++) {
    if (strcmp(form->languages[i], node->text) != 0) continue;
    load_fault(loader, node, "language \"%s\" is declared twice", node->text);
    return;
  }
  if (form->language_count == FORM_LANGUAGES_MAX) {
    load_fault(loader, node, "more than %d languages", FORM_LANGUAGES_MAX);
    return;
  }
  form->languages[form->language_count++] = arena_copy(loader->arena, node->text);
}

static void read_option_lists(struct loader *loader) {
  const struct yaml_pair *pair = yaml_find(loader->root, "option_lists");
  if (pair == NULL) return;
  const struct yaml_node *lists = pair->value;
  if (lists->kind != YAML_MAPPING) {
    load_fault(loader, pair->key, "\"option_lists\" must be a mapping from names to lists of options");
    loader->useless = true;
    return;
  }
  for (int i = 0; i < lists->count; i++) {
    const char *name = arena_copy(loader->arena, lists->pairs[i].key->text);
    const struct yaml_node *list = load_list(loader, lists, name);
    if (list != NULL) load_options(loader, list, name);
    if (list == NULL) loader->useless = true;
  }
}

static void read_head(struct loader *loader) {
  struct form *form = loader->form;
  load_mapping(loader, loader->root, "a questionnaire", form_keys, sizeof form_keys / sizeof form_keys[0]);
  form->id = load_id(loader, loader->root, "questionnaire", true);
  form->version = load_word(loader, loader->root, "version");
  const struct yaml_node *languages = load_list(loader, loader->root, "languages");
  for (int i = 0; languages != NULL && i < languages->count; i++) read_language(loader, languages->items[i]);
  if (form->id == NULL || form->version == NULL || form->language_count == 0) loader->useless = true;
  load_text(loader, loader->root, "title", &form->title);
  load_text(loader, loader->root, "hint", &form->hint);
}

/* Where an item's id stands. */
static const struct yaml_node *id_of(const struct item_source *source) { return yaml_get(source->node, "id"); }

/* True, said, when an item before it has the id. */
static bool is_taken(struct loader *loader, const struct yaml_node *node, const char *id,
                     const struct item_source *first) {
  if (first == NULL) return false;
  loader->question = id;
  load_fault(loader, node, "id \"%s\" is used twice; first in line %d", id, id_of(first)->line);
  loader->useless = true;
  return true;
}

/* The question or container that has the id already; they share one set of ids. */
static const struct item_source *find_item(struct loader *loader, const char *id) {
  const struct form *form = loader->form;
  int question = form_index_get(form->index, FORM_INDEX_QUESTION, id);
  if (question >= 0) return &loader->question_sources[question].item;
  int container = form_index_get(form->index, FORM_INDEX_CONTAINER, id);
  return container >= 0 ? &loader->container_sources[container] : NULL;
}

static void put_container(struct loader *loader, struct form_index *index, int number) {
  const char *id = loader->containers[number].id;
  struct item_source *source = &loader->container_sources[number];
  if (id == NULL || is_taken(loader, id_of(source), id, find_item(loader, id))) return;
  form_index_put(index, FORM_INDEX_CONTAINER, id, number);
}

static void put_question(struct loader *loader, struct form_index *index, int number) {
  const char *id = loader->questions[number].id;
  struct item_source *source = &loader->question_sources[number].item;
  if (id[0] == '?' || is_taken(loader, id_of(source), id, find_item(loader, id))) return;
  form_index_put(index, FORM_INDEX_QUESTION, id, number);
}

/* In the order of the file, so that of two equal ids the second is the one that is said. */
static void index_ids(struct loader *loader) {
  struct form *form = loader->form;
  struct form_index *index =
      form_index_new(loader->arena, form->section_count + form->container_count + form->question_count);
  form->index = index;
  for (int i = 0; i < form->section_count; i++) {
    const char *id = form->sections[i].id;
    int known = form_index_get(index, FORM_INDEX_SECTION, id);
    if (id[0] == '?') continue;
    if (is_taken(loader, id_of(&loader->section_sources[i]), id, known >= 0 ? &loader->section_sources[known] : NULL)) {
      continue;
    }
    form_index_put(index, FORM_INDEX_SECTION, id, i);
  }
  int container = 0;
  for (int i = 0; i < form->question_count; i++) {
    while (container < form->container_count && form->containers[container].first <= i) {
      put_container(loader, index, container++);
    }
    put_question(loader, index, i);
  }
  while (container < form->container_count) put_container(loader, index, container++);
  loader->question = NULL;
}

/* Everything from the tree; false when the form means nothing. */
static bool compile_form(struct loader *loader) {
  read_head(loader);
  read_option_lists(loader);
  const struct yaml_node *sections = load_list(loader, loader->root, "sections");
  if (sections != NULL) load_sections(loader, sections);
  if (sections == NULL || loader->form->question_count == 0) loader->useless = true;
  index_ids(loader);
  load_bind(loader);
  load_order(loader);
  if (!loader->useless) load_lint(loader);
  load_report_gaps(loader);
  return !loader->useless;
}

struct form *form_load(const char *text, size_t len, struct findings *findings) {
  findings_set_source(findings, text, len);
  struct arena *scratch = arena_new(); /* the tree and what the steps hand on live as long as the loading */
  struct arena *arena = arena_new();
  struct form *form = arena_alloc(arena, sizeof *form);
  form->arena = arena;
  secret_hash(text, len, form->hash);

  struct loader loader = {.arena = arena, .findings = findings, .form = form};
  loader.gaps_end = &loader.gaps;
  loader.root = yaml_parse(text, len, scratch, findings);
  if (loader.root == NULL || !compile_form(&loader)) {
    form_free(form);
    form = NULL;
  }
  arena_free(scratch);
  return form;
}

struct form *form_load_file(const char *path, struct findings *findings, struct err *err) {
  struct buf text = {0};
  struct form *form = NULL;
  if (file_read(path, FORM_FILE_MAX, &text, err)) form = form_load(buf_text(&text), text.len, findings);
  buf_free(&text);
  return form;
}
