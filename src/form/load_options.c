#include <string.h>

#include "base/arena.h"
#include "form/loader.h"

#define CODE_MAX 999999999

static const struct load_key option_keys[] = {
    {"code", true, false}, {"text", true, false}, {"other", false, false}, {"relevant", false, false},
    {"exclusive", false, false},
};

/* False when it cannot be used. */
static bool read_option(struct loader *loader, const struct yaml_node *node, struct option_set *set) {
  struct form_option *option = &set->options[set->count];
  *option = (struct form_option){.other = -1, .line = node->line, .column = node->column};
  if (!load_mapping(loader, node, "an option", option_keys, sizeof option_keys / sizeof option_keys[0])) return false;
  load_text(loader, node, "text", &option->text);
  load_bool(loader, node, "exclusive", &option->exclusive);
  if (yaml_find(node, "relevant") != NULL || yaml_find(node, "other") != NULL) set->binds = true;
  const struct yaml_node *code = load_scalar(loader, node, "code");
  if (code == NULL || !load_int(loader, node, "code", -CODE_MAX, CODE_MAX, &option->code)) return false;
  for (int i = 0; i < set->count; i++) {
    if (set->codes[i] != option->code) continue;
    load_fault(loader, code, "code %d is used twice; first in line %d", option->code,
               yaml_get(set->nodes[i], "code")->line);
    return false;
  }
  set->codes[set->count] = option->code;
  set->nodes[set->count] = node;
  set->count++;
  return true;
}

struct option_set *load_options(struct loader *loader, const struct yaml_node *sequence, const char *name) {
  int count = sequence->count;
  if (count > FORM_OPTIONS_MAX) {
    load_fault(loader, sequence->items[FORM_OPTIONS_MAX], "more than %d options", FORM_OPTIONS_MAX);
    count = FORM_OPTIONS_MAX;
    loader->useless = true;
  }
  struct option_set *set = arena_alloc(loader->arena, sizeof *set);
  set->name = name;
  set->options = arena_array(loader->arena, (size_t)count, sizeof *set->options);
  set->codes = arena_array(loader->arena, (size_t)count, sizeof *set->codes);
  set->nodes = arena_array(loader->arena, (size_t)count, sizeof *set->nodes);
  for (int i = 0; i < count; i++) {
    if (!read_option(loader, sequence->items[i], set)) loader->useless = true;
  }
  set->next = loader->sets;
  loader->sets = set;
  return set->count > 0 ? set : NULL;
}

struct option_set *load_find_options(struct loader *loader, const struct yaml_node *mapping) {
  const struct yaml_pair *pair = yaml_find(mapping, "options");
  if (pair == NULL) return NULL;
  if (pair->value->kind == YAML_SEQUENCE) {
    const struct yaml_node *list = load_list(loader, mapping, "options");
    return list != NULL ? load_options(loader, list, NULL) : NULL;
  }
  if (pair->value->kind == YAML_MAPPING) {
    load_fault(loader, pair->value, "\"options\" must be a list of options or the name of an option list");
    return NULL;
  }
  const struct yaml_node *name = load_scalar(loader, mapping, "options");
  if (name == NULL) return NULL;
  struct suggest suggest;
  suggest_start(&suggest, name->text);
  for (struct option_set *set = loader->sets; set != NULL; set = set->next) {
    if (set->name == NULL) continue;
    if (strcmp(set->name, name->text) == 0) return set;
    suggest_offer(&suggest, set->name);
  }
  load_fault(loader, name, "no option list \"%s\"%s", load_quote(loader, name), load_meant(loader, &suggest));
  return NULL;
}
