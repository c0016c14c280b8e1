#include <string.h>

#include "base/arena.h"
#include "form/loader.h"
#include "form/response.h"

static void read_items(struct loader *loader, const struct yaml_node *items, const struct item_place *place);

static const char *const container_names[] = {"block", "matrix", "table", "roster"};
#define CONTAINER_KINDS 4

static const struct load_key block_keys[] = {
    {"id", false, false}, {"text", false, false}, {"hint", false, false}, {"relevant", false, false},
    {"questions", true, false},
};
static const struct load_key matrix_keys[] = {
    {"id", true, false}, {"text", true, false}, {"hint", false, false}, {"relevant", false, false},
    {"options", true, false}, {"required", false, false}, {"specials", false, false}, {"questions", true, false},
};
static const struct load_key table_keys[] = {
    {"id", true, false}, {"text", true, false}, {"hint", false, false}, {"relevant", false, false},
    {"unit", false, false}, {"required", false, false}, {"specials", false, false}, {"questions", true, false},
};
static const struct load_key roster_keys[] = {
    {"id", true, false}, {"text", true, false}, {"hint", false, false}, {"label", true, false},
    {"relevant", false, false}, {"min", false, false}, {"max", false, false}, {"questions", true, false},
};

static const struct {
  const char *what;
  const struct load_key *keys;
  int count;
} container_rules[CONTAINER_KINDS] = {
    {"a block", block_keys, sizeof block_keys / sizeof block_keys[0]},
    {"a matrix", matrix_keys, sizeof matrix_keys / sizeof matrix_keys[0]},
    {"a table", table_keys, sizeof table_keys / sizeof table_keys[0]},
    {"a roster", roster_keys, sizeof roster_keys / sizeof roster_keys[0]},
};

static void read_row_bounds(struct loader *loader, const struct yaml_node *node, struct form_container *container) {
  container->row_max = RESPONSE_ROWS_MAX;
  load_int(loader, node, "min", 0, RESPONSE_ROWS_MAX, &container->row_min);
  load_int(loader, node, "max", 1, RESPONSE_ROWS_MAX, &container->row_max);
  if (container->row_min > container->row_max) {
    load_fault(loader, yaml_get(node, "min"), "\"min\" is larger than \"max\"");
  }
}

/* Where the items of a container stand. */
static struct item_place inside(struct loader *loader, const struct yaml_node *node, int index,
                                const struct item_place *place) {
  const struct form_container *container = &loader->containers[index];
  struct item_place inner = *place;
  inner.container = index;
  inner.around = container->kind;
  inner.roster = container->roster;
  if (container->kind == CONTAINER_MATRIX) {
    inner.matrix = index;
    inner.set = load_find_options(loader, node);
    inner.shared = node;
  } else if (container->kind == CONTAINER_TABLE) {
    inner.table = index;
    inner.shared = node;
  }
  return inner;
}

static void read_container(struct loader *loader, const struct yaml_node *node, enum container_kind kind,
                           const struct item_place *place) {
  loader->question = NULL;
  if (!load_mapping(loader, node, container_rules[kind].what, container_rules[kind].keys,
                    container_rules[kind].count)) {
    loader->useless = true;
    return;
  }
  int index = loader->form->container_count++;
  struct form_container *container = &loader->containers[index];
  struct item_source *source = &loader->container_sources[index];
  *container = (struct form_container){.kind = kind,
                                       .section = place->section,
                                       .parent = place->container,
                                       .first = loader->form->question_count,
                                       .roster = -1};
  source->node = node;
  container->id = load_id(loader, node, "id", false);
  loader->question = container->id;
  if (container->id == NULL && kind != CONTAINER_BLOCK) loader->useless = true;
  load_text(loader, node, "text", &container->text);
  load_text(loader, node, "hint", &container->hint);
  load_text(loader, node, "label", &container->label);
  source->relevant = load_scalar(loader, node, "relevant");
  if (kind == CONTAINER_ROSTER) {
    container->roster = loader->form->roster_count;
    loader->rosters[loader->form->roster_count++] = index;
    read_row_bounds(loader, node, container);
  }
  struct item_place inner = inside(loader, node, index, place);
  const struct yaml_node *items = load_list(loader, node, "questions");
  if (items != NULL) read_items(loader, items, &inner);
  container->count = loader->form->question_count - container->first;
}

/* The kind of container in an item; -1 when it is a question. */
static int container_kind(const struct yaml_node *item, const struct yaml_pair **pair) {
  for (int kind = 0; kind < CONTAINER_KINDS; kind++) {
    *pair = yaml_find(item, container_names[kind]);
    if (*pair != NULL) return kind;
  }
  return -1;
}

/* An item whose only key is close to a container's name. */
static bool is_misspelt_container(struct loader *loader, const struct yaml_node *item) {
  if (item->kind != YAML_MAPPING || item->count != 1 || item->pairs[0].value->kind != YAML_MAPPING) return false;
  const struct yaml_node *key = item->pairs[0].key;
  const char *hint = load_hint(loader, key->text, container_names, CONTAINER_KINDS);
  load_fault(loader, key, "unknown item \"%s\"%s", load_quote(loader, key),
             hint[0] != '\0' ? hint : "; an item is a question, a block, a matrix, a table or a roster");
  loader->useless = true;
  return true;
}

static void read_item(struct loader *loader, const struct yaml_node *item, const struct item_place *place) {
  const struct yaml_pair *pair;
  loader->question = NULL;
  int kind = container_kind(item, &pair);
  if (kind < 0) {
    if (!is_misspelt_container(loader, item)) load_question(loader, item, place);
    return;
  }
  if (item->count > 1) {
    const struct yaml_node *other = item->pairs[pair == &item->pairs[0] ? 1 : 0].key;
    load_fault(loader, other, "what belongs to a %s stands below it, indented further than \"%s\"",
               container_names[kind], container_names[kind]);
    loader->useless = true;
  } else if (place->container >= 0 && place->around != CONTAINER_BLOCK) {
    load_fault(loader, pair->key, "a %s holds questions only; a %s cannot stand in it", container_names[place->around],
               container_names[kind]);
    loader->useless = true;
  } else {
    read_container(loader, pair->value, (enum container_kind)kind, place);
  }
}

static void read_items(struct loader *loader, const struct yaml_node *items, const struct item_place *place) {
  for (int i = 0; i < items->count; i++) read_item(loader, items->items[i], place);
}

static const struct load_key section_keys[] = {
    {"id", true, false}, {"title", true, false}, {"hint", false, false}, {"relevant", false, false},
    {"questions", true, false},
};

static void read_section(struct loader *loader, const struct yaml_node *node) {
  loader->question = NULL;
  if (!load_mapping(loader, node, "a section", section_keys, sizeof section_keys / sizeof section_keys[0])) {
    loader->useless = true;
    return;
  }
  int index = loader->form->section_count++;
  struct form_section *section = &loader->sections[index];
  const char *id = load_id(loader, node, "id", true);
  if (id == NULL) loader->useless = true;
  section->id = id != NULL ? id : "?";
  loader->question = id;
  load_text(loader, node, "title", &section->title);
  load_text(loader, node, "hint", &section->hint);
  loader->section_sources[index].node = node;
  loader->section_sources[index].relevant = load_scalar(loader, node, "relevant");
  section->first = loader->form->question_count;
  const struct yaml_node *items = load_list(loader, node, "questions");
  struct item_place place = {index, -1, -1, -1, -1, CONTAINER_BLOCK, NULL, NULL};
  if (items != NULL) read_items(loader, items, &place);
  section->count = loader->form->question_count - section->first;
}

/* How many items there are at most, so that the arrays need not move. */
static void count_items(const struct yaml_node *items, int *questions, int *containers) {
  if (items == NULL || items->kind != YAML_SEQUENCE) return;
  for (int i = 0; i < items->count; i++) {
    const struct yaml_pair *pair;
    if (container_kind(items->items[i], &pair) < 0) {
      ++*questions;
    } else {
      ++*containers;
      count_items(yaml_get(pair->value, "questions"), questions, containers);
    }
  }
}

static bool check_counts(struct loader *loader, const struct yaml_node *sections, int questions, int containers) {
  if (sections->count > FORM_SECTIONS_MAX) {
    load_fault(loader, sections->items[FORM_SECTIONS_MAX], "more than %d sections", FORM_SECTIONS_MAX);
  } else if (questions > FORM_QUESTIONS_MAX) {
    load_fault(loader, sections, "%d questions; a questionnaire has at most %d", questions, FORM_QUESTIONS_MAX);
  } else if (containers > FORM_CONTAINERS_MAX) {
    load_fault(loader, sections, "%d blocks, matrices, tables and rosters; a questionnaire has at most %d", containers,
               FORM_CONTAINERS_MAX);
  } else {
    return true;
  }
  loader->useless = true;
  return false;
}

void load_sections(struct loader *loader, const struct yaml_node *sections) {
  int questions = 0, containers = 0;
  for (int i = 0; i < sections->count; i++) {
    count_items(yaml_get(sections->items[i], "questions"), &questions, &containers);
  }
  if (!check_counts(loader, sections, questions, containers)) return;
  struct arena *arena = loader->arena;
  loader->sections = arena_array(arena, (size_t)sections->count, sizeof *loader->sections);
  loader->section_sources = arena_array(arena, (size_t)sections->count, sizeof *loader->section_sources);
  loader->questions = arena_array(arena, (size_t)questions, sizeof *loader->questions);
  loader->question_sources = arena_array(arena, (size_t)questions, sizeof *loader->question_sources);
  loader->containers = arena_array(arena, (size_t)containers, sizeof *loader->containers);
  loader->container_sources = arena_array(arena, (size_t)containers, sizeof *loader->container_sources);
  loader->rosters = arena_array(arena, (size_t)containers, sizeof *loader->rosters);
  loader->form->sections = loader->sections;
  loader->form->questions = loader->questions;
  loader->form->containers = loader->containers;
  loader->form->rosters = loader->rosters;
  for (int i = 0; i < sections->count; i++) read_section(loader, sections->items[i]);
}
