#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "form/index.h"
#include "form/loader.h"

#define KEY_LEN 16 /* of a check: 64 bits of its hash, in hex */

/* What one expression's check needs, and what it said. */
struct binding {
  struct loader *loader;
  const struct yaml_node *node;
  bool broken; /* it names a question whose type is not known: what was said means nothing */
  struct problem *problems, **end;
};

struct problem {
  size_t offset;
  int len;
  const char *text;
  struct problem *next;
};

static bool find_variable(void *context, const char *name, struct expr_variable *out) {
  static const enum expr_type types[] = {
      [QUESTION_SELECT_ONE] = EXPR_CHOICE, [QUESTION_SELECT_MULTIPLE] = EXPR_SET, [QUESTION_INTEGER] = EXPR_NUMBER,
      [QUESTION_DECIMAL] = EXPR_NUMBER,    [QUESTION_TEXT] = EXPR_TEXT,           [QUESTION_DATE] = EXPR_DATE,
      [QUESTION_NOTE] = EXPR_TEXT, /* refused below */
      [QUESTION_CALCULATE] = EXPR_NUMBER};
  struct binding *binding = context;
  const struct form *form = binding->loader->form;
  int number = form_find(form, name);
  if (number >= 0) {
    const struct form_question *question = &form->questions[number];
    bool selects = question->type == QUESTION_SELECT_ONE || question->type == QUESTION_SELECT_MULTIPLE;
    if (binding->loader->question_sources[number].broken || (selects && question->option_count == 0)) {
      binding->broken = true;
    }
    *out = (struct expr_variable){.type = types[question->type],
                                  .slot = number,
                                  .roster = question->roster >= 0 ? FORM_ROSTER_SLOT + question->roster : -1,
                                  .codes = question->codes,
                                  .code_count = question->option_count};
    return true;
  }
  int container = form_find_roster(form, name);
  if (container < 0) return false;
  *out = (struct expr_variable){
      .type = EXPR_ROSTER, .slot = FORM_ROSTER_SLOT + form->containers[container].roster, .roster = -1};
  return true;
}

static const char *suggest_variable(void *context, const char *name) {
  struct binding *binding = context;
  const struct form *form = binding->loader->form;
  if (findings_count(binding->loader->findings) == FINDINGS_MAX) return NULL;
  struct suggest suggest;
  suggest_start(&suggest, name);
  for (int i = 0; i < form->question_count; i++) suggest_offer(&suggest, form->questions[i].id);
  for (int i = 0; i < form->roster_count; i++) {
    const char *id = form->containers[form->rosters[i]].id;
    if (id != NULL) suggest_offer(&suggest, id);
  }
  return suggest.nearest;
}

/* Byte of a text where this line and character stand. */
static size_t offset_of(const struct yaml_node *node, int line, int column) {
  size_t at = 0;
  while (line > 1 && at < node->len) {
    if (node->text[at++] == '\n') line--;
  }
  while (column > 1 && at < node->len) {
    utf8_next(node->text, node->len, &at);
    column--;
  }
  return at;
}

static void keep_problem(void *context, int line, int column, int len, const char *message) {
  struct binding *binding = context;
  struct arena *arena = binding->loader->arena;
  struct problem *problem = arena_alloc(arena, sizeof *problem);
  *problem = (struct problem){offset_of(binding->node, line, column), len, arena_copy(arena, message), NULL};
  *binding->end = problem;
  binding->end = &problem->next;
}

static void refuse_note(void *context, int slot, int line, int column, int len) {
  struct binding *binding = context;
  const struct form *form = binding->loader->form;
  if (slot >= FORM_ROSTER_SLOT || form->questions[slot].type != QUESTION_NOTE) return;
  load_fault_in(binding->loader, binding->node, offset_of(binding->node, line, column), len,
                "\"%s\" is a note: nobody answers it", form->questions[slot].id);
}

/* NULL, said, when it is no good. roster: the one whose row it is about, -1 none. */
static struct expr *compile(struct loader *loader, const struct yaml_node *node, enum expr_type want, int roster) {
  if (node == NULL) return NULL;
  struct err err = {0};
  struct expr *expr = expr_parse(node->text, node->len, loader->arena, &err);
  if (expr == NULL) {
    load_fault_in(loader, node, offset_of(node, err.line, err.column), 1, "%s", err.text);
    return NULL;
  }
  struct binding binding = {.loader = loader, .node = node};
  binding.end = &binding.problems;
  struct expr_scope scope = {.context = &binding,
                             .roster = roster >= 0 ? FORM_ROSTER_SLOT + roster : -1,
                             .find = find_variable,
                             .suggest = suggest_variable};
  bool good = expr_check(expr, want, &scope, keep_problem, &binding);
  if (good) expr_variables(expr, refuse_note, &binding);
  for (const struct problem *problem = binding.problems; problem != NULL && !binding.broken; problem = problem->next) {
    load_fault_in(loader, node, problem->offset, problem->len, "%s", problem->text);
  }
  return good ? expr : NULL;
}

static void bind_filter(struct loader *loader, struct item_source *source, struct expr *around, int roster) {
  source->filter = compile(loader, source->relevant, EXPR_BOOL, roster);
  if (source->filter == NULL) source->relevant = NULL;
  source->effective = expr_and(around, source->filter, loader->arena);
}

static struct expr *filter_around(const struct loader *loader, int section, int container) {
  return container >= 0 ? loader->container_sources[container].effective : loader->section_sources[section].effective;
}

static void bind_frames(struct loader *loader) {
  for (int i = 0; i < loader->form->section_count; i++) {
    loader->question = loader->sections[i].id;
    bind_filter(loader, &loader->section_sources[i], NULL, -1);
    loader->sections[i].relevant = loader->section_sources[i].filter;
  }
  for (int i = 0; i < loader->form->container_count; i++) {
    struct form_container *container = &loader->containers[i];
    loader->question = container->id;
    struct expr *around = filter_around(loader, container->section, container->parent);
    bind_filter(loader, &loader->container_sources[i], around, -1);
    container->relevant = loader->container_sources[i].filter;
  }
}

/* --- edit checks --- */

static const struct load_key check_keys[] = {
    {"check", true, false}, {"severity", false, false}, {"message", true, false},
};

/* {ID} at text: the length with the brackets; 0 when it is something else. */
static size_t placeholder_len(const char *text) {
  size_t len = strcspn(text + 1, "{} \t\n") + 1;
  return len > 1 && text[len] == '}' ? len + 1 : 0;
}

static void check_placeholders(struct loader *loader, const struct yaml_node *text, int roster) {
  for (const char *at = strchr(text->text, '{'); at != NULL; at = strchr(at + 1, '{')) {
    size_t offset = (size_t)(at - text->text), len = placeholder_len(at);
    if (len == 0) {
      load_fault_in(loader, text, offset, 1, "expected the id of a question between { and }");
      continue;
    }
    const char *id = arena_copy_len(loader->arena, at + 1, len - 2);
    int number = form_find(loader->form, id);
    struct binding binding = {.loader = loader};
    int width = (int)utf8_count(id, len - 2);
    if (number < 0) {
      const char *near = suggest_variable(&binding, id);
      load_fault_in(loader, text, offset + 1, width, "unknown question \"%s\"%s%s%s", id,
                    near != NULL ? "; did you mean \"" : "", near != NULL ? near : "", near != NULL ? "\"?" : "");
    } else if (loader->questions[number].type == QUESTION_NOTE) {
      load_fault_in(loader, text, offset + 1, width, "\"%s\" is a note: nobody answers it", id);
    } else if (loader->questions[number].roster >= 0 && loader->questions[number].roster != roster) {
      load_fault_in(loader, text, offset + 1, width, "\"%s\" is asked once for every row; which row is not known here",
                    id);
    }
  }
}

static enum severity read_severity(struct loader *loader, const struct yaml_node *node) {
  const struct yaml_node *word = load_scalar(loader, node, "severity");
  if (word == NULL || strcmp(word->text, "error") == 0) return SEVERITY_ERROR;
  if (strcmp(word->text, "warning") == 0) return SEVERITY_WARNING;
  load_fault(loader, word, "\"severity\" is error or warning, found \"%s\"", load_quote(loader, word));
  return SEVERITY_ERROR;
}

static const char *check_key(struct loader *loader, const char *id, const struct expr *test) {
  char hash[SECRET_HASH_LEN + 1];
  struct buf text = {0};
  buf_printf(&text, "%s\n", id);
  expr_print(test, &text);
  secret_hash(buf_text(&text), text.len, hash);
  buf_free(&text);
  return arena_copy_len(loader->arena, hash, KEY_LEN);
}

/* False when it cannot be used. */
static bool bind_check(struct loader *loader, const struct yaml_node *node, struct form_question *question,
                       struct form_check *check) {
  if (!load_mapping(loader, node, "a constraint", check_keys, sizeof check_keys / sizeof check_keys[0])) return false;
  check->severity = read_severity(loader, node);
  load_text(loader, node, "message", &check->message);
  const struct yaml_node *message = yaml_get(node, "message");
  for (int i = 0; message != NULL && message->kind == YAML_MAPPING && i < message->count; i++) {
    const struct yaml_node *text = message->pairs[i].value;
    if (text->kind == YAML_SCALAR) check_placeholders(loader, text, question->roster);
  }
  check->test = compile(loader, load_scalar(loader, node, "check"), EXPR_BOOL, question->roster);
  if (check->test == NULL) return false;
  check->key = check_key(loader, question->id, check->test);
  for (const struct form_check *known = question->checks; known < check; known++) {
    if (strcmp(known->key, check->key) != 0) continue;
    load_fault(loader, yaml_get(node, "check"), "this question has the same check above");
    return false;
  }
  return true;
}

static void bind_checks(struct loader *loader, const struct yaml_node *list, struct form_question *question) {
  if (list == NULL) return;
  int count = list->count;
  if (count > FORM_CHECKS_MAX) {
    load_fault(loader, list->items[FORM_CHECKS_MAX], "more than %d constraints of one question", FORM_CHECKS_MAX);
    count = FORM_CHECKS_MAX;
  }
  struct form_check *checks = arena_array(loader->arena, (size_t)count, sizeof *checks);
  question->checks = checks;
  for (int i = 0; i < count; i++) {
    struct form_check *check = &checks[question->check_count];
    *check = (struct form_check){0};
    if (bind_check(loader, list->items[i], question, check)) question->check_count++;
  }
}

/* --- options --- */

static int find_other(struct loader *loader, const struct yaml_node *scalar) {
  int number = form_find(loader->form, scalar->text);
  if (number < 0) {
    struct binding binding = {.loader = loader};
    const char *near = suggest_variable(&binding, scalar->text);
    load_fault(loader, scalar, "unknown question \"%s\"%s%s%s", load_quote(loader, scalar),
               near != NULL ? "; did you mean \"" : "", near != NULL ? near : "", near != NULL ? "\"?" : "");
    return -1;
  }
  if (loader->question_sources[number].broken || loader->questions[number].type == QUESTION_TEXT) return number;
  load_fault(loader, scalar, "\"%s\" is of type %s; the question that takes this option's text must be of type text",
             scalar->text, form_type_name(loader->questions[number].type));
  return -1;
}

static const struct form_option *bind_options(struct loader *loader, struct option_set *set, int roster) {
  if (!set->binds) return set->options;
  for (const struct option_variant *known = set->bound; known != NULL; known = known->next) {
    if (known->roster == roster) return known->options;
  }
  struct form_option *options = arena_array(loader->arena, (size_t)set->count, sizeof *options);
  memcpy(options, set->options, (size_t)set->count * sizeof *options);
  for (int i = 0; i < set->count; i++) {
    options[i].relevant = compile(loader, load_scalar(loader, set->nodes[i], "relevant"), EXPR_BOOL, roster);
    const struct yaml_node *other = load_scalar(loader, set->nodes[i], "other");
    if (other != NULL) options[i].other = find_other(loader, other);
  }
  struct option_variant *variant = arena_alloc(loader->arena, sizeof *variant);
  *variant = (struct option_variant){roster, options, set->bound};
  set->bound = variant;
  return options;
}

static void bind_question(struct loader *loader, int index) {
  struct form_question *question = &loader->questions[index];
  struct question_source *source = &loader->question_sources[index];
  loader->question = question->id;
  struct expr *around = filter_around(loader, question->section, question->container);
  bind_filter(loader, &source->item, around, question->roster);
  question->relevant = source->item.filter;
  question->effective = source->item.effective;
  if (source->set != NULL) question->options = bind_options(loader, source->set, question->roster);
  question->calculation = compile(loader, source->calculation, EXPR_NUMBER, question->roster);
  if (question->calculation == NULL) source->calculation = NULL;
  if (question->type == QUESTION_CALCULATE && question->calculation == NULL) loader->useless = true;
  bind_checks(loader, source->constraint, question);
}

void load_bind(struct loader *loader) {
  bind_frames(loader);
  for (int i = 0; i < loader->form->question_count; i++) bind_question(loader, i);
  loader->question = NULL;
}
