#include "web/messages.h"

#include <stdlib.h>
#include <string.h>

#include "base/asset.h"
#include "base/log.h"
#include "base/utf8.h"
#include "web/key.h"

#define PLACEHOLDERS_MAX 32
#define MESSAGES_MAX 10000

/* One line of one catalogue. */
struct entry {
  const char *name;
  int language, line;
  const struct message_part *parts;
};

struct loader {
  struct arena *arena;
  struct entry *entries;
  size_t count, cap;
  struct err *err;
  bool failed;
};

static const char *file_name(int language, struct arena *arena) {
  return arena_printf(arena, "templates/messages/%s.txt", locale_language(language));
}

static void complain(struct loader *loader, int language, int line, int column, const char *text) {
  const char *file = file_name(language, loader->arena);
  if (loader->failed) log_error("%s:%d: %s", file, line, text);
  err_set_at(loader->err, ERR_INPUT, file, line, column, "%s", text);
  loader->failed = true;
}

/* The text of one message while it is read. */
struct reader {
  struct loader *loader;
  const char *start, *at, *end;
  int language, line, first_column;
  bool failed;
};

static void reader_complain(struct reader *reader, const char *text) {
  if (reader->failed) return;
  reader->failed = true;
  int column = reader->first_column + (int)utf8_count(reader->start, (size_t)(reader->at - reader->start));
  complain(reader->loader, reader->language, reader->line, column, text);
}

static bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* The plural category that starts here with its '=', -1 when none does. */
static int form_here(const char *at, const char *end) {
  for (int i = 0; i < LOCALE_CATEGORIES; i++) {
    const char *name = locale_category_name((enum locale_category)i);
    size_t len = strlen(name);
    if ((size_t)(end - at) > len && memcmp(at, name, len) == 0 && at[len] == '=') return i;
  }
  return -1;
}

static const struct message_part *read_parts(struct reader *reader, bool in_form);

static void fill_forms(struct reader *reader, struct message_part *part, const bool *given, int last) {
  const char *language = locale_language(reader->language);
  int fallback = given[LOCALE_OTHER] ? LOCALE_OTHER : last;
  for (int i = 0; i < LOCALE_CATEGORIES; i++) {
    if (given[i]) continue;
    if (locale_uses_category(language, (enum locale_category)i)) {
      reader_complain(reader, arena_printf(reader->loader->arena, "the plural has no form '%s'",
                                           locale_category_name((enum locale_category)i)));
    }
    part->forms[i] = part->forms[fallback];
  }
}

/* Behind "{name#": the forms, up to the closing brace, which stays. */
static void read_forms(struct reader *reader, struct message_part *part) {
  bool given[LOCALE_CATEGORIES] = {false};
  int last = LOCALE_OTHER;
  part->kind = MESSAGE_PLURAL;
  while (!reader->failed) {
    while (reader->at < reader->end && *reader->at == ' ') reader->at++;
    if (reader->at == reader->end || *reader->at == '}') break;
    last = form_here(reader->at, reader->end);
    if (last < 0 || given[last]) {
      reader_complain(reader, "expected a plural form like other=text, each once");
      return;
    }
    given[last] = true;
    reader->at += strlen(locale_category_name((enum locale_category)last)) + 1;
    part->forms[last] = read_parts(reader, true);
  }
  if (!reader->failed) fill_forms(reader, part, given, last);
}

/* Behind the opening brace. */
static void read_placeholder(struct reader *reader, struct message_part *part, bool in_form) {
  const char *name = reader->at;
  while (reader->at < reader->end && is_name_byte(*reader->at)) reader->at++;
  part->kind = MESSAGE_KEY;
  part->key = key_intern(name, (size_t)(reader->at - name));
  if (reader->at == name || part->key == KEY_NONE) {
    reader_complain(reader, "expected the name of a placeholder after '{'");
    return;
  }
  if (!in_form && reader->at < reader->end && *reader->at == '#') {
    reader->at++;
    read_forms(reader, part);
  }
  if (!reader->failed && (reader->at == reader->end || *reader->at != '}')) {
    reader_complain(reader, "the placeholder is not closed with '}'");
  }
  if (reader->at < reader->end) reader->at++;
}

/* In a form: up to the next form or the closing brace, neither of which is taken. */
static const struct message_part *read_parts(struct reader *reader, bool in_form) {
  const struct message_part *first = NULL, **link = &first;
  while (reader->at < reader->end && !reader->failed) {
    if (in_form && (*reader->at == '}' || (*reader->at == ' ' && form_here(reader->at + 1, reader->end) >= 0))) break;
    struct message_part *part = arena_alloc(reader->loader->arena, sizeof *part);
    *link = part;
    link = &part->next;
    if (*reader->at == '{') {
      reader->at++;
      read_placeholder(reader, part, in_form);
      continue;
    }
    if (*reader->at == '}') {
      reader_complain(reader, "'}' closes nothing");
      break;
    }
    part->kind = MESSAGE_TEXT;
    part->text = reader->at;
    do {
      reader->at++;
    } while (reader->at < reader->end && *reader->at != '{' && *reader->at != '}' && !(in_form && *reader->at == ' '));
    part->len = (size_t)(reader->at - part->text);
  }
  return first;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static void add_entry(struct loader *loader, const struct entry *entry) {
  if (loader->count == loader->cap) {
    size_t cap = loader->cap > 0 ? loader->cap * 2 : 256;
    struct entry *entries = arena_array(loader->arena, cap, sizeof *entries);
    if (loader->count > 0) memcpy(entries, loader->entries, loader->count * sizeof *entries);
    loader->entries = entries;
    loader->cap = cap;
  }
  loader->entries[loader->count++] = *entry;
}

/* `key = text`, a comment or nothing. */
static void read_line(struct loader *loader, int language, int number, const char *line, const char *end) {
  const char *start = line;
  while (end > line && is_blank(end[-1])) end--;
  while (line < end && is_blank(*line)) line++;
  if (line == end || *line == '#') return;
  const char *name = line;
  while (line < end && (is_name_byte(*line) || *line == '.')) line++;
  size_t name_len = (size_t)(line - name);
  while (line < end && is_blank(*line)) line++;
  if (name_len == 0 || line == end || *line != '=') {
    complain(loader, language, number, (int)utf8_count(start, (size_t)(line - start)) + 1, "expected key = text");
    return;
  }
  line++;
  while (line < end && is_blank(*line)) line++;
  struct entry entry = {arena_copy_len(loader->arena, name, name_len), language, number, NULL};
  struct reader reader = {.loader = loader, .start = line, .at = line, .end = end, .language = language,
                          .line = number, .first_column = (int)utf8_count(start, (size_t)(line - start)) + 1};
  entry.parts = read_parts(&reader, false);
  add_entry(loader, &entry);
}

static void read_catalogue(struct loader *loader, int language, const struct message_text *text) {
  size_t bad;
  if (!utf8_check(text->data, text->len, &bad)) {
    complain(loader, language, 1, 0, arena_printf(loader->arena, "not UTF-8 at byte %zu", bad));
    return;
  }
  const char *at = arena_copy_len(loader->arena, text->data, text->len);
  const char *end = at + text->len;
  for (int number = 1; at < end; number++) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (stop == NULL) stop = end;
    read_line(loader, language, number, at, stop);
    at = stop < end ? stop + 1 : end;
  }
}

static int compare_entries(const void *a, const void *b) {
  const struct entry *left = a, *right = b;
  int order = strcmp(left->name, right->name);
  if (order != 0) return order;
  if (left->language != right->language) return left->language - right->language;
  return left->line - right->line;
}

/* The placeholders of a message, each once; placeholders over the cap are not compared. */
struct placeholders {
  uint16_t keys[PLACEHOLDERS_MAX];
  size_t count;
};

static bool has_key(const struct placeholders *set, uint16_t key) {
  for (size_t i = 0; i < set->count; i++) {
    if (set->keys[i] == key) return true;
  }
  return false;
}

static void collect_keys(const struct message_part *part, struct placeholders *set) {
  for (; part != NULL; part = part->next) {
    if (part->kind == MESSAGE_TEXT) continue;
    if (!has_key(set, part->key) && set->count < PLACEHOLDERS_MAX) set->keys[set->count++] = part->key;
    if (part->kind != MESSAGE_PLURAL) continue;
    for (int i = 0; i < LOCALE_CATEGORIES; i++) collect_keys(part->forms[i], set);
  }
}

static void compare_placeholders(struct loader *loader, const struct entry *one, const struct entry *other) {
  struct placeholders left = {.count = 0}, right = {.count = 0};
  collect_keys(one->parts, &left);
  collect_keys(other->parts, &right);
  for (size_t i = 0; i < left.count; i++) {
    if (has_key(&right, left.keys[i])) continue;
    complain(loader, other->language, other->line, 0,
             arena_printf(loader->arena, "message %s has no {%s}, which %s has", other->name, key_name(left.keys[i]),
                          locale_language(one->language)));
  }
  for (size_t i = 0; i < right.count; i++) {
    if (has_key(&left, right.keys[i])) continue;
    complain(loader, other->language, other->line, 0,
             arena_printf(loader->arena, "message %s has {%s}, which %s has not", other->name,
                          key_name(right.keys[i]), locale_language(one->language)));
  }
}

/* The entries of one name become one message. */
static void merge(struct loader *loader, const struct messages *messages, const struct entry *entries, size_t count,
                  struct message *out) {
  bool seen[LOCALE_LANGUAGES] = {false};
  out->name = entries[0].name;
  for (size_t i = 0; i < count; i++) {
    const struct entry *entry = &entries[i];
    if (seen[entry->language]) {
      complain(loader, entry->language, entry->line, 0,
               arena_printf(loader->arena, "message %s is there twice (line %d)", entry->name, entry[-1].line));
      continue;
    }
    seen[entry->language] = true;
    out->parts[entry->language] = entry->parts;
    if (i > 0) compare_placeholders(loader, &entries[0], entry);
  }
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    if (!messages->present[i] || seen[i]) continue;
    complain(loader, entries[0].language, entries[0].line, 0,
             arena_printf(loader->arena, "message %s is missing in %s", out->name, locale_language(i)));
  }
}

bool messages_parse(struct messages *messages, const struct message_text texts[LOCALE_LANGUAGES], struct arena *arena,
                    struct err *err) {
  struct loader loader = {.arena = arena, .err = err};
  *messages = (struct messages){.count = 0};
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    messages->present[i] = texts[i].data != NULL;
    if (messages->present[i]) read_catalogue(&loader, i, &texts[i]);
  }
  if (!messages->present[0]) complain(&loader, 0, 0, 0, "there is no such file");
  if (loader.count > MESSAGES_MAX) complain(&loader, 0, 0, 0, "there are too many messages");
  if (loader.count > 0) qsort(loader.entries, loader.count, sizeof *loader.entries, compare_entries);
  struct message *items = arena_array(arena, loader.count + 1, sizeof *items);
  for (size_t from = 0, to; from < loader.count; from = to) {
    for (to = from + 1; to < loader.count && strcmp(loader.entries[to].name, loader.entries[from].name) == 0;) to++;
    merge(&loader, messages, loader.entries + from, to - from, &items[messages->count++]);
  }
  messages->items = items;
  return !loader.failed;
}

bool messages_load(struct messages *messages, struct arena *arena, struct err *err) {
  struct message_text texts[LOCALE_LANGUAGES] = {{NULL, 0}};
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    const struct asset *asset = asset_find(file_name(i, arena));
    if (asset != NULL) texts[i] = (struct message_text){asset->data, asset->len};
  }
  return messages_parse(messages, texts, arena, err);
}

int messages_find(const struct messages *messages, const char *name, size_t len) {
  size_t low = 0, high = messages->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    const char *candidate = messages->items[middle].name;
    int order = strncmp(candidate, name, len);
    if (order == 0 && candidate[len] != '\0') order = 1;
    if (order == 0) return (int)middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}
