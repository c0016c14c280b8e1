#include "mail/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/asset.h"
#include "base/utf8.h"

static const char *const languages[] = {"lv", "en", "ru"};
static const char *const kinds[] = {"invitation", "assignment", "note",   "reminder",   "query", "extension",
                                     "reopened",   "behalf",     "behalf_end", "correction", "test", "words",
                                     "invitation-round", "deadline", "code", "account", "reset", "nomination"};
static const char *const known[] = {"person", "institution", "round",  "deadline", "help",     "inviter", "section", "text",
                                    "list",   "link",   "notes",       "standing", "form",   "answered", "required", "year",  "month",
                                    "day",    "name",   "unsubscribe", "group",  "value",  "median",   "low",      "high",    "count",
                                    "message", "comment", "before"};
#define COUNT(list) (sizeof(list) / sizeof *(list))

static const struct asset *find_text(const char *language, const char *kind) {
  char name[80];
  snprintf(name, sizeof name, "templates/mail/%s/%s.txt", language, kind);
  return asset_find(name);
}

static const char *our_language(const char *language) {
  for (size_t i = 0; i < COUNT(languages); i++) {
    if (strcmp(language, languages[i]) == 0) return languages[i];
  }
  return languages[0];
}

static const struct text_value *find_value(const struct text_value *values, const char *name, size_t len) {
  for (; values != NULL && values->name != NULL; values++) {
    if (strlen(values->name) == len && memcmp(values->name, name, len) == 0) return values;
  }
  return NULL;
}

/* Control characters have no place in mail; line ends may stay. */
static void put_value(struct buf *out, const struct text_value *value) {
  for (const char *c = value->text; *c != '\0'; c++) {
    bool control = ((unsigned char)*c < ' ' && *c != '\n') || *c == 0x7F;
    if (*c == '\r' && c[1] == '\n') continue;
    if (*c == '{' && !value->stored_form) buf_putc(out, '{');
    buf_putc(out, control ? ' ' : *c);
  }
}

/* Adds a line with its values; false, and nothing added, when one of them is empty. */
static bool put_line(const char *line, size_t len, const struct text_value *values, struct buf *out) {
  size_t start = out->len;
  for (size_t at = 0; at < len;) {
    const char *close = line[at] == '{' ? memchr(line + at, '}', len - at) : NULL;
    if (close == NULL) {
      buf_putc(out, line[at++]);
      continue;
    }
    const struct text_value *value = find_value(values, line + at + 1, (size_t)(close - line) - at - 1);
    if (value == NULL || value->text == NULL || value->text[0] == '\0') {
      out->len = start;
      if (out->data != NULL) out->data[start] = '\0';
      return false;
    }
    put_value(out, value);
    at = (size_t)(close - line) + 1;
  }
  return true;
}

/* A heading is one line, and nothing is put into it later. */
static void finish_subject(struct buf *subject) {
  struct buf line = {0};
  text_finish(buf_text(subject), "", "", &line);
  size_t len = line.len;
  for (size_t i = 0; i < len; i++) {
    if (line.data[i] == '\n') line.data[i] = ' ';
  }
  while (len > 0 && line.data[len - 1] == ' ') len--;
  buf_reset(subject);
  buf_add(subject, buf_text(&line), len);
  buf_free(&line);
}

static void render_body(const char *text, const struct text_value *values, struct buf *body) {
  bool gap = false;
  while (*text != '\0') {
    size_t len = strcspn(text, "\n"), start = body->len;
    if (len == 0) gap = start > 0;
    if (len > 0 && gap) buf_putc(body, '\n');
    if (len > 0 && put_line(text, len, values, body)) {
      buf_putc(body, '\n');
      gap = false;
    } else if (len > 0) {
      body->len = start;
    }
    text += len + (text[len] == '\n');
  }
  if (body->data != NULL) body->data[body->len] = '\0';
}

static void render_subject(const char *text, size_t len, const struct text_value *values, struct buf *subject) {
  bool whole = put_line(text, len, values, subject);
  /* Without its last value a subject is what stands before it: "Reminder". */
  if (!whole) buf_add(subject, text, strcspn(text, ":{\n"));
  finish_subject(subject);
}

bool text_render(const char *language, const char *kind, const struct text_value *values, struct buf *subject,
                 struct buf *body, struct err *err) {
  const struct asset *asset = find_text(our_language(language), kind);
  if (asset == NULL) return err_set(err, ERR_SYSTEM, "there is no mail text %s in %s", kind, language);
  size_t len = strcspn(asset->data, "\n");
  render_subject(asset->data, len, values, subject);
  render_body(asset->data + len, values, body);
  return true;
}

void text_render_own(const struct text_words *words, const struct text_value *values, struct buf *subject,
                     struct buf *body) {
  render_subject(words->subject, strlen(words->subject), values, subject);
  render_body(words->body, values, body);
}

bool text_built_in(const char *language, const char *kind, struct arena *arena, struct text_words *out) {
  const struct asset *asset = find_text(our_language(language), kind);
  if (asset == NULL) return false;
  size_t len = strcspn(asset->data, "\n");
  const char *body = asset->data + len;
  out->subject = arena_copy_len(arena, asset->data, len);
  out->body = arena_copy(arena, body + strspn(body, "\n"));
  return true;
}

/* The text behind "key = " in a words.txt; NULL when there is none. */
static const char *find_word(const char *words, const char *key, size_t *len) {
  size_t key_len = strlen(key);
  for (const char *line = words; *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n') {
    if (strncmp(line, key, key_len) != 0 || strncmp(line + key_len, " = ", 3) != 0) continue;
    *len = strcspn(line + key_len + 3, "\n");
    return line + key_len + 3;
  }
  return NULL;
}

const char *text_word(const char *language, const char *key, const struct text_value *values, struct arena *arena) {
  const struct asset *words = find_text(our_language(language), "words");
  struct buf out = {0};
  size_t len = 0;
  const char *text = words != NULL ? find_word(words->data, key, &len) : NULL;
  if (text != NULL) put_line(text, len, values, &out);
  const char *copy = arena_copy_len(arena, buf_text(&out), out.len);
  buf_free(&out);
  return copy;
}

const char *text_date(const char *language, const char *iso, struct arena *arena) {
  char key[16];
  if (strlen(iso) != strlen("2017-12-06")) return "";
  snprintf(key, sizeof key, "month.%ld", strtol(iso + 5, NULL, 10));
  const struct text_value values[] = {
      {.name = "year", .text = arena_copy_len(arena, iso, 4)},
      {.name = "month", .text = text_word(language, key, NULL, arena)},
      {.name = "day", .text = arena_printf(arena, "%ld", strtol(iso + 8, NULL, 10))},
      {.name = NULL},
  };
  return text_word(language, "date", values, arena);
}

/* {{ is a brace of a value, so {more} is only what no other brace stands before. */
static const char *find_late(const char *body, const char *name) {
  for (const char *at = strchr(body, '{'); at != NULL; at = strchr(at + 1, '{')) {
    if (at[1] == '{') at++;
    else if (strncmp(at, name, strlen(name)) == 0) return at;
  }
  return NULL;
}

void text_add_piece(const char *body, const char *piece, struct buf *out) {
  const char *place = find_late(body, "{more}");
  if (place == NULL) place = body + strlen(body);
  buf_add(out, body, (size_t)(place - body));
  buf_puts(out, piece);
  buf_puts(out, "\n\n");
  buf_puts(out, place);
}

void text_finish(const char *body, const char *link, const char *unsubscribe, struct buf *out) {
  while (*body != '\0') {
    if (strncmp(body, "{{", 2) == 0) {
      buf_putc(out, '{');
      body += 2;
    } else if (strncmp(body, "{link}", strlen("{link}")) == 0) {
      buf_puts(out, link);
      body += strlen("{link}");
    } else if (strncmp(body, "{unsubscribe}", strlen("{unsubscribe}")) == 0) {
      buf_puts(out, unsubscribe);
      body += strlen("{unsubscribe}");
    } else if (strncmp(body, "\n\n{more}", strlen("\n\n{more}")) == 0) {
      body += strlen("\n\n{more}");
    } else {
      buf_putc(out, *body++);
    }
  }
}

/* ---- checking */

static unsigned placeholder_bit(const char *name, size_t len) {
  for (size_t i = 0; i < COUNT(known); i++) {
    if (strlen(known[i]) == len && memcmp(known[i], name, len) == 0) return 1u << i;
  }
  return 0;
}

/* Bits of the placeholders between text and end; the first unknown one is an error. */
static bool read_placeholders(const char *where, const char *text, unsigned *bits, struct err *err) {
  int line = 1;
  const char *start = text;
  for (; *text != '\0'; text++) {
    if (*text == '\n') {
      line++;
      start = text + 1;
    }
    if (*text != '{') continue;
    size_t len = strcspn(text + 1, "{}\n");
    unsigned bit = text[1 + len] == '}' ? placeholder_bit(text + 1, len) : 0;
    if (bit == 0) {
      return err_set_at(err, ERR_INPUT, where, line, (int)(text - start) + 1, "unknown placeholder {%.*s}", (int)len,
                        text + 1);
    }
    *bits |= bit;
  }
  return true;
}

bool text_find_fault(const char *text, const char *const *names, struct text_fault *out) {
  const char *start = text;
  out->line = 1;
  for (; *text != '\0'; text++) {
    if (*text == '\n') {
      out->line++;
      start = text + 1;
    }
    if (*text != '{' && *text != '}') continue;
    const char *const *name = names;
    out->column = (int)utf8_count(start, (size_t)(text - start)) + 1;
    out->name = text + 1;
    out->len = *text == '{' ? strcspn(text + 1, "{}\n") : 0;
    if (*text == '}' || text[1 + out->len] != '}') return true;
    while (*name != NULL && (strlen(*name) != out->len || memcmp(*name, out->name, out->len) != 0)) name++;
    if (*name == NULL) return true;
    text += 1 + out->len;
  }
  return false;
}

static bool check_words(const char *where, const char *words, const char *first, struct err *err) {
  int line = 1;
  for (; *first != '\0'; first += strcspn(first, "\n"), first += *first == '\n', line++) {
    char key[40];
    size_t len = strcspn(first, " =\n"), text_len;
    if (*first == '#' || len == 0) continue;
    snprintf(key, sizeof key, "%.*s", (int)len, first);
    if (find_word(words, key, &text_len) == NULL || text_len == 0)
      return err_set_at(err, ERR_INPUT, where, line, 1, "\"%s = …\" is missing", key);
  }
  return true;
}

static bool check_text(const char *language, const char *kind, const struct asset *first, unsigned bits,
                       struct err *err) {
  const struct asset *asset = find_text(language, kind);
  unsigned own = 0;
  if (asset == NULL) return err_set(err, ERR_INPUT, "templates/mail/%s/%s.txt is missing", language, kind);
  if (!read_placeholders(asset->name, asset->data, &own, err)) return false;
  if (own != bits)
    return err_set_at(err, ERR_INPUT, asset->name, 1, 1, "has other placeholders than %s", first->name);
  if (strcmp(kind, "words") == 0) return check_words(asset->name, asset->data, first->data, err);
  if (asset->data[0] == '\n' || strstr(asset->data, "\n\n") == NULL)
    return err_set_at(err, ERR_INPUT, asset->name, 1, 1, "expected the subject, an empty line, and the body");
  return true;
}

bool text_check(struct err *err) {
  for (size_t k = 0; k < COUNT(kinds); k++) {
    unsigned bits = 0;
    const struct asset *first = find_text(languages[0], kinds[k]);
    if (first != NULL && !read_placeholders(first->name, first->data, &bits, err)) return false;
    for (size_t i = 0; i < COUNT(languages); i++) {
      if (!check_text(languages[i], kinds[k], first, bits, err)) return false;
    }
  }
  return true;
}
