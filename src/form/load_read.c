#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "form/loader.h"

#define QUOTE_MAX 60  /* bytes of the file that a message repeats */
#define DIGITS_MAX 15 /* a double holds as many exactly */

void load_fault(struct loader *loader, const struct yaml_node *node, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  findings_vadd(loader->findings, node->line, node->column, yaml_width(node), loader->question, format, arguments);
  va_end(arguments);
}

void load_fault_in(struct loader *loader, const struct yaml_node *scalar, size_t offset, int len, const char *format,
                   ...) {
  int line, column;
  yaml_place(scalar, offset, &line, &column);
  va_list arguments;
  va_start(arguments, format);
  findings_vadd(loader->findings, line, column, len, loader->question, format, arguments);
  va_end(arguments);
}

const char *load_meant(struct loader *loader, const struct suggest *suggest) {
  return suggest->nearest != NULL ? arena_printf(loader->arena, "; did you mean \"%s\"?", suggest->nearest) : "";
}

const char *load_hint(struct loader *loader, const char *word, const char *const *names, int count) {
  struct suggest suggest;
  suggest_start(&suggest, word);
  for (int i = 0; i < count; i++) suggest_offer(&suggest, names[i]);
  return load_meant(loader, &suggest);
}

const char *load_quote(struct loader *loader, const struct yaml_node *scalar) {
  if (scalar->len <= QUOTE_MAX) return scalar->text;
  int len = (int)utf8_cut(scalar->text, scalar->len, QUOTE_MAX);
  return arena_printf(loader->arena, "%.*s…", len, scalar->text);
}

/* Returns the key that was meant, NULL. */
static const char *report_unknown_key(struct loader *loader, const struct yaml_node *key, const char *what,
                                      const struct load_key *keys, int count) {
  if (key->bare) {
    load_fault(loader, key, "unknown key \"%s\"; between { and } a value that holds a comma needs quotes",
               load_quote(loader, key));
    return NULL;
  }
  struct suggest suggest;
  suggest_start(&suggest, key->text);
  for (int i = 0; i < count; i++) suggest_offer(&suggest, keys[i].name);
  if (suggest.nearest != NULL) {
    load_fault(loader, key, "unknown key \"%s\"%s", load_quote(loader, key), load_meant(loader, &suggest));
    return suggest.nearest;
  }
  struct buf list = {0};
  for (int i = 0; i < count; i++) {
    if (!keys[i].foreign) buf_printf(&list, "%s%s", list.len > 0 ? ", " : "", keys[i].name);
  }
  load_fault(loader, key, "unknown key \"%s\"; %s has: %s", load_quote(loader, key), what, buf_text(&list));
  buf_free(&list);
  return NULL;
}

static int find_key(const struct load_key *keys, int count, const char *name) {
  int at = 0;
  while (at < count && strcmp(keys[at].name, name) != 0) at++;
  return at;
}

static void report_missing_keys(struct loader *loader, const struct yaml_node *node, const char *what,
                                const struct load_key *keys, int count, unsigned meant) {
  struct buf list = {0};
  for (int i = 0; i < count; i++) {
    if (!keys[i].required || (meant & 1u << i) != 0 || yaml_find(node, keys[i].name) != NULL) continue;
    buf_printf(&list, "%s\"%s\"", list.len > 0 ? ", " : "", keys[i].name);
  }
  if (list.len > 0) load_fault(loader, node, "%s needs %s", what, buf_text(&list));
  buf_free(&list);
}

bool load_mapping(struct loader *loader, const struct yaml_node *node, const char *what, const struct load_key *keys,
                  int count) {
  if (node->kind != YAML_MAPPING) {
    load_fault(loader, node, "expected %s (keys and values), found %s", what,
               node->len == 0 && node->kind == YAML_SCALAR ? "nothing" : yaml_kind_name(node->kind));
    return false;
  }
  unsigned meant = 0; /* bits of keys that are there, misspelt */
  for (int i = 0; i < node->count; i++) {
    const struct yaml_node *key = node->pairs[i].key;
    if (find_key(keys, count, key->text) < count) continue;
    const char *name = report_unknown_key(loader, key, what, keys, count);
    if (name != NULL) meant |= 1u << find_key(keys, count, name);
  }
  report_missing_keys(loader, node, what, keys, count, meant);
  return true;
}

const struct yaml_node *load_list(struct loader *loader, const struct yaml_node *mapping, const char *key) {
  const struct yaml_pair *pair = yaml_find(mapping, key);
  if (pair == NULL) return NULL;
  const struct yaml_node *value = pair->value;
  if (value->kind == YAML_SEQUENCE && value->count > 0) return value;
  bool empty = value->kind == YAML_SEQUENCE || (value->kind == YAML_SCALAR && value->len == 0);
  load_fault(loader, empty ? pair->key : value, empty ? "\"%s\" is empty" : "\"%s\" must be a list, found %s", key,
             yaml_kind_name(value->kind));
  return NULL;
}

const struct yaml_node *load_scalar(struct loader *loader, const struct yaml_node *mapping, const char *key) {
  const struct yaml_pair *pair = yaml_find(mapping, key);
  if (pair == NULL) return NULL;
  if (pair->value->kind != YAML_SCALAR) {
    load_fault(loader, pair->value, "\"%s\" must be a single value, found %s", key, yaml_kind_name(pair->value->kind));
    return NULL;
  }
  if (pair->value->len > 0) return pair->value;
  load_fault(loader, pair->key, "\"%s\" has no value", key);
  return NULL;
}

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static const char *trim(struct loader *loader, const struct yaml_node *scalar) {
  const char *start = scalar->text, *end = start + scalar->len;
  while (start < end && is_space(*start)) start++;
  while (end > start && is_space(end[-1])) end--;
  return arena_copy_len(loader->arena, start, (size_t)(end - start));
}

const char *load_word(struct loader *loader, const struct yaml_node *mapping, const char *key) {
  const struct yaml_node *node = load_scalar(loader, mapping, key);
  if (node == NULL) return NULL;
  const char *word = trim(loader, node);
  if (strlen(word) <= FORM_TEXT_MAX) return word;
  load_fault(loader, node, "\"%s\" is longer than %d bytes", key, FORM_TEXT_MAX);
  return NULL;
}

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_reserved(const char *id) {
  static const char *const words[] = {"and", "or", "not", "in", "true", "false"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (strcmp(id, words[i]) == 0) return true;
  }
  return false;
}

const char *load_id(struct loader *loader, const struct yaml_node *mapping, const char *key, bool wide) {
  const struct yaml_node *node = load_scalar(loader, mapping, key);
  if (node == NULL) return NULL;
  bool good = wide ? is_letter(node->text[0]) || is_digit(node->text[0]) : is_letter(node->text[0]);
  for (size_t i = 1; good && i < node->len; i++) {
    char c = node->text[i];
    good = is_letter(c) || is_digit(c) || c == '_' || (wide && c == '-');
  }
  if (!good) {
    load_fault(loader, node, "\"%s\" is not a good id; expected a letter%s, then letters, digits, _%s",
               load_quote(loader, node), wide ? " or digit" : "", wide ? " and -" : "");
    return NULL;
  }
  if (node->len > FORM_ID_MAX) {
    load_fault(loader, node, "an id has at most %d letters", FORM_ID_MAX);
    return NULL;
  }
  if (!wide && is_reserved(node->text)) {
    load_fault(loader, node, "\"%s\" is a word of the filter language and cannot be an id", node->text);
    return NULL;
  }
  return arena_copy(loader->arena, node->text);
}

bool load_bool(struct loader *loader, const struct yaml_node *mapping, const char *key, bool *out) {
  const struct yaml_pair *pair = yaml_find(mapping, key);
  if (pair == NULL) return true;
  const struct yaml_node *node = load_scalar(loader, mapping, key);
  if (node == NULL) return false;
  bool yes = strcmp(node->text, "true") == 0;
  if (!yes && strcmp(node->text, "false") != 0) {
    load_fault(loader, node, "\"%s\" must be true or false, found \"%s\"", key, load_quote(loader, node));
    return false;
  }
  *out = yes;
  return true;
}

bool load_number(struct loader *loader, const struct yaml_node *node, bool integer, double *out) {
  const char *at = node->kind == YAML_SCALAR ? node->text : "";
  bool negative = *at == '-';
  if (negative) at++;
  double digits = 0, places = 1;
  int count = 0;
  const char *first = at;
  for (; is_digit(*at); at++, count++) digits = digits * 10 + (*at - '0');
  bool good = at > first;
  if (good && !integer && *at == '.') {
    const char *point = at++;
    for (; is_digit(*at); at++, count++, places *= 10) digits = digits * 10 + (*at - '0');
    good = at > point + 1;
  }
  if (!good || *at != '\0') {
    load_fault(loader, node, "expected %s, found %s%s%s", integer ? "a whole number" : "a number",
               node->kind == YAML_SCALAR ? "\"" : "",
               node->kind == YAML_SCALAR ? load_quote(loader, node) : yaml_kind_name(node->kind),
               node->kind == YAML_SCALAR ? "\"" : "");
    return false;
  }
  if (count > DIGITS_MAX) {
    load_fault(loader, node, "a number has at most %d digits", DIGITS_MAX);
    return false;
  }
  *out = (negative ? -digits : digits) / places;
  return true;
}

bool load_int(struct loader *loader, const struct yaml_node *mapping, const char *key, int min, int max, int *out) {
  if (yaml_find(mapping, key) == NULL) return true;
  const struct yaml_node *node = load_scalar(loader, mapping, key);
  double number;
  if (node == NULL || !load_number(loader, node, true, &number)) return false;
  if (number < min || number > max) {
    load_fault(loader, node, "\"%s\" must be from %d to %d", key, min, max);
    return false;
  }
  *out = (int)number;
  return true;
}

/* Index of a declared language, -1. */
static int find_language(const struct loader *loader, const char *code) {
  for (int i = 0; i < loader->form->language_count; i++) {
    if (strcmp(loader->form->languages[i], code) == 0) return i;
  }
  return -1;
}

static const char *join_languages(struct loader *loader, unsigned languages, const char *between) {
  struct buf list = {0};
  for (int i = 0; i < loader->form->language_count; i++) {
    if ((languages & 1u << i) == 0) continue;
    buf_printf(&list, "%s%s", list.len > 0 ? between : "", loader->form->languages[i]);
  }
  const char *text = arena_copy(loader->arena, buf_text(&list));
  buf_free(&list);
  return text;
}

/* One language of a text. */
static void read_language(struct loader *loader, const struct yaml_pair *pair, struct form_text *out) {
  const struct yaml_node *value = pair->value;
  int language = find_language(loader, pair->key->text);
  if (language < 0) {
    const char *name = load_quote(loader, pair->key);
    if (pair->key->bare) {
      load_fault(loader, pair->key, "\"%s\" is no language; between { and } a text that holds a comma needs quotes",
                 name);
    } else {
      load_fault(loader, pair->key, "\"%s\" is not among the languages of this questionnaire (%s)", name,
                 join_languages(loader, ~0u, ", "));
    }
    return;
  }
  loader->languages_used |= 1u << language;
  if (value->kind != YAML_SCALAR) {
    load_fault(loader, value, "expected a text in %s, found %s", pair->key->text, yaml_kind_name(value->kind));
    out->in[language] = "";
    return;
  }
  if (value->len > FORM_TEXT_MAX) {
    load_fault(loader, value, "a text has at most %d bytes", FORM_TEXT_MAX);
    out->in[language] = "";
    return;
  }
  const char *text = trim(loader, value);
  if (text[0] != '\0') out->in[language] = text;
}

/* Every language gets something to show. */
static void fill_text(const struct form *form, struct form_text *text) {
  const char *fallback = "";
  for (int i = form->language_count - 1; i >= 0; i--) {
    if (text->in[i] != NULL) fallback = text->in[i];
  }
  for (int i = 0; i < FORM_LANGUAGES_MAX; i++) {
    if (text->in[i] == NULL) text->in[i] = fallback;
  }
}

static void add_gap(struct loader *loader, const struct yaml_node *key, const struct form_text *text) {
  unsigned missing = 0;
  for (int i = 0; i < loader->form->language_count; i++) {
    if (text->in[i] == NULL) missing |= 1u << i;
  }
  if (missing == 0) return;
  struct text_gap *gap = arena_alloc(loader->arena, sizeof *gap);
  *gap = (struct text_gap){key->line, key->column, yaml_width(key), loader->question, key->text, missing, NULL};
  *loader->gaps_end = gap;
  loader->gaps_end = &gap->next;
}

void load_text(struct loader *loader, const struct yaml_node *mapping, const char *key, struct form_text *out) {
  const struct yaml_pair *pair = yaml_find(mapping, key);
  if (pair != NULL && loader->form->language_count > 0) {
    if (pair->value->kind != YAML_MAPPING) {
      bool empty = pair->value->kind == YAML_SCALAR && pair->value->len == 0;
      load_fault(loader, empty ? pair->key : pair->value, "\"%s\" needs its text in every language: {%s: …}", key,
                 join_languages(loader, ~0u, ": …, "));
    } else {
      for (int i = 0; i < pair->value->count; i++) read_language(loader, &pair->value->pairs[i], out);
      add_gap(loader, pair->key, out);
    }
  }
  fill_text(loader->form, out);
}

/* The place of a language's declaration. */
static const struct yaml_node *declaration(const struct loader *loader, const char *code) {
  const struct yaml_node *list = yaml_get(loader->root, "languages");
  for (int i = 0; i < list->count; i++) {
    if (list->items[i]->kind == YAML_SCALAR && strcmp(list->items[i]->text, code) == 0) return list->items[i];
  }
  return list;
}

void load_report_gaps(struct loader *loader) {
  const struct form *form = loader->form;
  loader->question = NULL;
  for (int i = 0; i < form->language_count; i++) {
    if ((loader->languages_used & 1u << i) != 0) continue;
    load_fault(loader, declaration(loader, form->languages[i]), "no text is in \"%s\"", form->languages[i]);
  }
  for (const struct text_gap *gap = loader->gaps; gap != NULL; gap = gap->next) {
    unsigned missing = gap->languages & loader->languages_used;
    if (missing == 0) continue;
    findings_add(loader->findings, gap->line, gap->column, gap->len, gap->question, "\"%s\" is missing in %s", gap->key,
                 join_languages(loader, missing, ", "));
  }
}
