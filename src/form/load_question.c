#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "form/loader.h"

#define MAX_LENGTH_DEFAULT 10000

/* Sets of types, for the keys that only some have. */
#define BIT(type) (1u << (type))
#define SELECTS (BIT(QUESTION_SELECT_ONE) | BIT(QUESTION_SELECT_MULTIPLE))
#define FIGURES (BIT(QUESTION_INTEGER) | BIT(QUESTION_DECIMAL))
#define NOTES BIT(QUESTION_NOTE)
#define CALCULATES BIT(QUESTION_CALCULATE)
#define ANSWERABLE (SELECTS | FIGURES | BIT(QUESTION_TEXT) | BIT(QUESTION_DATE))
#define ALL (ANSWERABLE | NOTES | CALCULATES)

static const struct question_key {
  const char *name;
  unsigned types, required; /* where it may stand, where it must */
} question_keys[] = {
    {"id", ALL, ALL},
    {"type", ALL, 0}, /* asked for by read_type */
    {"number", ALL, 0},
    {"text", ALL, ANSWERABLE | NOTES},
    {"hint", ALL, 0},
    {"unit", FIGURES | CALCULATES, 0},
    {"options", SELECTS, SELECTS},
    {"relevant", ALL, 0},
    {"required", ANSWERABLE, 0},
    {"specials", ANSWERABLE, 0},
    {"default", ANSWERABLE, 0},
    {"min", FIGURES, 0},
    {"max", FIGURES, 0},
    {"max_length", BIT(QUESTION_TEXT), 0},
    {"multiline", BIT(QUESTION_TEXT), 0},
    {"calculation", CALCULATES, CALCULATES},
    {"constraint", ANSWERABLE | CALCULATES, 0},
};
#define KEY_COUNT (int)(sizeof question_keys / sizeof question_keys[0])

static const char *describe(struct loader *loader) {
  return loader->question != NULL ? arena_printf(loader->arena, "question \"%s\"", loader->question) : "a question";
}

/* Unknown keys, keys of other types, missing keys. types 0: not known, and only unknown keys are said. */
static void check_keys(struct loader *loader, const struct yaml_node *node, unsigned types, bool in_matrix) {
  struct load_key known[KEY_COUNT];
  for (int i = 0; i < KEY_COUNT; i++) {
    bool shared = in_matrix && strcmp(question_keys[i].name, "options") == 0;
    known[i] = (struct load_key){.name = question_keys[i].name,
                                 .required = (question_keys[i].required & types) != 0 && !shared,
                                 .foreign = shared || (types != 0 && (question_keys[i].types & types) == 0)};
  }
  load_mapping(loader, node, describe(loader), known, KEY_COUNT);
  for (int i = 0; types != 0 && i < KEY_COUNT; i++) {
    const struct yaml_pair *pair = yaml_find(node, known[i].name);
    if (pair == NULL || (question_keys[i].types & types) != 0) continue;
    int type = 0;
    while ((types & BIT(type)) == 0) type++;
    load_fault(loader, pair->key, "\"%s\" does not belong to a question of type %s", known[i].name,
               form_type_name((enum question_type)type));
  }
  const struct yaml_pair *options = in_matrix ? yaml_find(node, "options") : NULL;
  if (options != NULL) load_fault(loader, options->key, "a row of a matrix has the matrix's options, none of its own");
}

/* False when it has none that is known. */
static bool read_type(struct loader *loader, const struct yaml_node *node, const struct item_place *place,
                      enum question_type *type) {
  const char *names[QUESTION_CALCULATE + 1];
  for (int i = 0; i <= QUESTION_CALCULATE; i++) names[i] = form_type_name((enum question_type)i);
  if (yaml_find(node, "type") == NULL) {
    if (place->matrix >= 0) return true;
    load_fault(loader, node, "%s needs \"type\"", describe(loader));
    return false;
  }
  const struct yaml_node *scalar = load_scalar(loader, node, "type");
  if (scalar == NULL) return false;
  for (int i = 0; i <= QUESTION_CALCULATE; i++) {
    if (strcmp(scalar->text, names[i]) != 0) continue;
    *type = (enum question_type)i;
    return true;
  }
  const char *hint = load_hint(loader, scalar->text, names, QUESTION_CALCULATE + 1);
  load_fault(loader, scalar, "unknown type \"%s\"%s", load_quote(loader, scalar),
             hint[0] != '\0' ? hint
                             : "; the types are select_one, select_multiple, integer, decimal, text, date, note, "
                               "calculate");
  return false;
}

static void check_type_in_place(struct loader *loader, const struct yaml_node *node, const struct item_place *place,
                                enum question_type type) {
  const struct yaml_node *scalar = yaml_get(node, "type");
  if (scalar == NULL) return;
  if (place->matrix >= 0 && (SELECTS & BIT(type)) == 0) {
    load_fault(loader, scalar, "a row of a matrix is select_one or select_multiple");
  }
  if (place->table >= 0 && ((FIGURES | CALCULATES) & BIT(type)) == 0) {
    load_fault(loader, scalar, "a row of a table is integer, decimal or calculate");
  }
}

static unsigned special_bit(struct loader *loader, const struct yaml_node *node) {
  if (node->kind == YAML_SCALAR && strcmp(node->text, "na") == 0) return SPECIAL_NA;
  if (node->kind == YAML_SCALAR && strcmp(node->text, "nodata") == 0) return SPECIAL_NODATA;
  load_fault(loader, node, "a special is na (not applicable) or nodata (no data)");
  return 0;
}

static void read_specials(struct loader *loader, const struct yaml_node *mapping, struct form_question *question) {
  const struct yaml_pair *pair = yaml_find(mapping, "specials");
  struct form_text none = {0};
  load_text(loader, NULL, "", &none);
  question->special_text[0] = question->special_text[1] = none;
  if (pair == NULL) return;
  const struct yaml_node *value = pair->value;
  if (value->kind == YAML_SCALAR) {
    load_fault(loader, value->len > 0 ? value : pair->key, "\"specials\" must be a list: [na, nodata]");
    return;
  }
  for (int i = 0; i < value->count; i++) {
    const struct yaml_node *name = value->kind == YAML_SEQUENCE ? value->items[i] : value->pairs[i].key;
    unsigned bit = special_bit(loader, name);
    if (bit == 0) continue;
    question->specials |= bit;
    if (value->kind != YAML_MAPPING) continue;
    struct form_text text = {0};
    load_text(loader, value, name->text, &text);
    question->special_text[bit == SPECIAL_NA ? 0 : 1] = text;
  }
}

static void read_bounds(struct loader *loader, const struct yaml_node *node, struct form_question *question) {
  if ((FIGURES & BIT(question->type)) == 0) return;
  bool integer = question->type == QUESTION_INTEGER;
  question->has_min = true; /* a figure is a count or an amount unless the file says otherwise */
  const struct yaml_node *min = yaml_get(node, "min") != NULL ? load_scalar(loader, node, "min") : NULL;
  const struct yaml_node *max = yaml_get(node, "max") != NULL ? load_scalar(loader, node, "max") : NULL;
  if (min != NULL) load_number(loader, min, integer, &question->min);
  if (max != NULL) question->has_max = load_number(loader, max, integer, &question->max);
  if (question->has_max && question->max < question->min) {
    load_fault(loader, max, "\"max\" is smaller than \"min\"%s", min == NULL ? ", which is 0 unless it is given" : "");
  }
}

/* The code of an option in a scalar. */
static bool read_code(struct loader *loader, const struct yaml_node *node, const struct form_question *question,
                      int *code) {
  double number;
  if (!load_number(loader, node, true, &number)) return false;
  for (int i = 0; i < question->option_count; i++) {
    if (question->codes[i] != number) continue;
    *code = question->codes[i];
    return true;
  }
  if (question->option_count > 0) load_fault(loader, node, "no option has the code %.0f", number);
  return false;
}

static void add_code(int *codes, int *count, int code) {
  int at = *count;
  for (int i = 0; i < *count; i++) {
    if (codes[i] == code) return;
  }
  for (; at > 0 && codes[at - 1] > code; at--) codes[at] = codes[at - 1];
  codes[at] = code;
  ++*count;
}

static bool default_codes(struct loader *loader, const struct yaml_node *node, struct form_question *question) {
  bool list = node->kind == YAML_SEQUENCE;
  if (list && node->count > question->option_count) {
    load_fault(loader, node, "\"default\" has more codes than there are options");
    return false;
  }
  int *codes = arena_array(loader->arena, list ? (size_t)node->count : 1, sizeof *codes);
  int count = 0;
  for (int i = 0; i < (list ? node->count : 1); i++) {
    int code;
    if (!read_code(loader, list ? node->items[i] : node, question, &code)) return false;
    add_code(codes, &count, code);
  }
  question->default_value = (struct value){.kind = VALUE_SET, .codes = codes, .code_count = count};
  return count > 0;
}

static bool default_figure(struct loader *loader, const struct yaml_node *node, struct form_question *question) {
  double number;
  if (!load_number(loader, node, question->type == QUESTION_INTEGER, &number)) return false;
  if (number < question->min || (question->has_max && number > question->max)) {
    load_fault(loader, node, "\"default\" is outside \"min\" and \"max\"");
    return false;
  }
  question->default_value = (struct value){.kind = VALUE_NUMBER, .number = number};
  return true;
}

static bool default_text(struct loader *loader, const struct yaml_node *node, struct form_question *question) {
  if (utf8_count(node->text, node->len) > (size_t)question->max_length) {
    load_fault(loader, node, "\"default\" is longer than \"max_length\" (%d)", question->max_length);
    return false;
  }
  question->default_value = (struct value){.kind = VALUE_TEXT, .text = arena_copy(loader->arena, node->text)};
  return true;
}

static bool default_date(struct loader *loader, const struct yaml_node *node, struct form_question *question) {
  int days;
  if (!clock_parse_date(node->text, node->len, &days)) {
    load_fault(loader, node, "expected a date like 2017-11-06, found \"%s\"", load_quote(loader, node));
    return false;
  }
  question->default_value = (struct value){.kind = VALUE_DATE, .number = days};
  return true;
}

static void read_default(struct loader *loader, const struct yaml_node *mapping, struct form_question *question) {
  const struct yaml_node *node = yaml_get(mapping, "default");
  if (node == NULL || !form_is_answerable(question)) return;
  if (question->type == QUESTION_SELECT_MULTIPLE && node->kind == YAML_SEQUENCE) {
    question->has_default = default_codes(loader, node, question);
    return;
  }
  node = load_scalar(loader, mapping, "default");
  if (node == NULL) return;
  int code;
  switch (question->type) {
    case QUESTION_SELECT_ONE:
      question->has_default = read_code(loader, node, question, &code);
      if (question->has_default) question->default_value = (struct value){.kind = VALUE_NUMBER, .number = code};
      break;
    case QUESTION_SELECT_MULTIPLE:
      question->has_default = default_codes(loader, node, question);
      break;
    case QUESTION_INTEGER:
    case QUESTION_DECIMAL:
      question->has_default = default_figure(loader, node, question);
      break;
    case QUESTION_TEXT:
      question->has_default = default_text(loader, node, question);
      break;
    case QUESTION_DATE:
      question->has_default = default_date(loader, node, question);
      break;
    case QUESTION_NOTE:
    case QUESTION_CALCULATE:
      break;
  }
}

static void take_options(struct loader *loader, struct option_set *set, bool own, struct form_question *question) {
  if (set == NULL) {
    loader->useless = true;
    return;
  }
  question->options = set->options;
  question->codes = set->codes;
  question->option_count = set->count;
  if (!own || question->type != QUESTION_SELECT_ONE) return;
  for (int i = 0; i < set->count; i++) {
    if (!set->options[i].exclusive) continue;
    load_fault(loader, yaml_find(set->nodes[i], "exclusive")->key,
               "\"exclusive\" is for select_multiple; of a select_one only one option can be chosen anyway");
  }
}

static void read_rest(struct loader *loader, const struct yaml_node *node, const struct item_place *place,
                      struct form_question *question) {
  const struct yaml_node *shared = place->shared;
  const char *number = load_word(loader, node, "number");
  question->number = number != NULL ? number : question->id;
  load_text(loader, node, "text", &question->text);
  load_text(loader, node, "hint", &question->hint);
  load_text(loader, shared != NULL && yaml_get(node, "unit") == NULL ? shared : node, "unit", &question->unit);
  read_specials(loader, shared != NULL && yaml_get(node, "specials") == NULL ? shared : node, question);
  question->required = form_is_answerable(question);
  if (question->required) {
    load_bool(loader, shared != NULL && yaml_get(node, "required") == NULL ? shared : node, "required",
              &question->required);
  } else {
    question->specials = 0; /* those of its table are not for a sum */
  }
  question->max_length = MAX_LENGTH_DEFAULT;
  if (question->type == QUESTION_TEXT) {
    load_int(loader, node, "max_length", 1, FORM_TEXT_MAX, &question->max_length);
    load_bool(loader, node, "multiline", &question->multiline);
  }
  read_bounds(loader, node, question);
}

void load_question(struct loader *loader, const struct yaml_node *node, const struct item_place *place) {
  int index = loader->form->question_count++;
  struct form_question *question = &loader->questions[index];
  struct question_source *source = &loader->question_sources[index];
  loader->question = NULL;
  const char *id = node->kind == YAML_MAPPING ? load_id(loader, node, "id", false) : NULL;
  loader->question = id;
  *question = (struct form_question){.id = id != NULL ? id : "?",
                                     .section = place->section,
                                     .container = place->container,
                                     .matrix = place->matrix,
                                     .table = place->table,
                                     .roster = place->roster,
                                     .line = node->line,
                                     .column = node->column};
  source->item.node = node;
  source->broken = node->kind != YAML_MAPPING || !read_type(loader, node, place, &question->type);
  check_keys(loader, node, source->broken ? 0 : BIT(question->type), place->matrix >= 0);
  if (id == NULL || source->broken) loader->useless = true;
  if (node->kind != YAML_MAPPING) return;

  if (!source->broken) check_type_in_place(loader, node, place, question->type);
  read_rest(loader, node, place, question);
  if (!source->broken && (SELECTS & BIT(question->type)) != 0) {
    source->set = place->matrix >= 0 ? place->set : load_find_options(loader, node);
    take_options(loader, source->set, place->matrix < 0 && source->set != NULL && source->set->name == NULL, question);
  }
  read_default(loader, node, question);
  source->item.relevant = load_scalar(loader, node, "relevant");
  source->calculation = load_scalar(loader, node, "calculation");
  source->constraint = yaml_find(node, "constraint") != NULL ? load_list(loader, node, "constraint") : NULL;
  loader->question = NULL;
}
