#include "form/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"

#define LINE_SHOWN_MAX 200 /* characters of a source line; a longer one is shown in part */
#define SHOWN_BEFORE 60    /* characters kept before the place in such a part */

struct findings {
  struct arena *arena;
  const char *path;
  const char *source;
  size_t source_len;
  struct finding kept[FINDINGS_MAX];
  size_t count;
  size_t dropped;
};

struct findings *findings_new(const char *path) {
  struct arena *arena = arena_new();
  struct findings *findings = arena_alloc(arena, sizeof *findings);
  findings->arena = arena;
  findings->path = arena_copy(arena, path);
  findings->source = "";
  return findings;
}

void findings_free(struct findings *findings) {
  if (findings != NULL) arena_free(findings->arena);
}

void findings_set_source(struct findings *findings, const char *text, size_t len) {
  struct buf copy = {0};
  size_t bad;
  if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark has no column */
    text += 3;
    len -= 3;
  }
  while (!utf8_check(text, len, &bad)) {
    buf_add(&copy, text, bad);
    buf_puts(&copy, "\xEF\xBF\xBD");
    text += bad + 1;
    len -= bad + 1;
  }
  buf_add(&copy, text, len);
  findings->source = arena_copy_len(findings->arena, buf_text(&copy), copy.len);
  findings->source_len = copy.len;
  buf_free(&copy);
}

/* What a definition says ends in a terminal: nothing in it may move the cursor. */
static void soften(char *text) {
  for (char *at = text; *at != '\0'; at++) {
    if ((unsigned char)*at < ' ' || *at == 0x7F) *at = ' ';
    if ((unsigned char)at[0] == 0xC2 && (unsigned char)at[1] >= 0x80 && (unsigned char)at[1] < 0xA0) {
      at[0] = at[1] = ' ';
      at++;
    }
  }
}

static bool comes_after(const struct finding *finding, int line, int column) {
  return finding->line > line || (finding->line == line && finding->column > column);
}

static bool is_known(const struct findings *findings, int line, int column, const char *text) {
  for (size_t i = 0; i < findings->count; i++) {
    const struct finding *known = &findings->kept[i];
    if (known->line == line && known->column == column && strcmp(known->text, text) == 0) return true;
  }
  return false;
}

void findings_vadd(struct findings *findings, int line, int column, int len, const char *question, const char *format,
                   va_list arguments) {
  if (findings->count == FINDINGS_MAX) {
    findings->dropped++;
    return;
  }
  struct buf text = {0};
  va_list again;
  va_copy(again, arguments);
  int need = vsnprintf(NULL, 0, format, arguments);
  if (need > 0) {
    vsnprintf(buf_reserve(&text, (size_t)need + 1), (size_t)need + 1, format, again);
    text.len = (size_t)need;
    soften(text.data);
  }
  va_end(again);

  if (!is_known(findings, line, column, buf_text(&text))) {
    size_t at = findings->count;
    while (at > 0 && comes_after(&findings->kept[at - 1], line, column)) {
      findings->kept[at] = findings->kept[at - 1];
      at--;
    }
    findings->kept[at] = (struct finding){.line = line,
                                          .column = column,
                                          .len = len > 0 ? len : 1,
                                          .question = question != NULL ? arena_copy(findings->arena, question) : NULL,
                                          .text = arena_copy_len(findings->arena, buf_text(&text), text.len)};
    findings->count++;
  }
  buf_free(&text);
}

void findings_add(struct findings *findings, int line, int column, int len, const char *question, const char *format,
                  ...) {
  va_list arguments;
  va_start(arguments, format);
  findings_vadd(findings, line, column, len, question, format, arguments);
  va_end(arguments);
}

size_t findings_count(const struct findings *findings) { return findings->count; }

size_t findings_dropped(const struct findings *findings) { return findings->dropped; }

const struct finding *findings_get(const struct findings *findings, size_t index) { return &findings->kept[index]; }

/* The line without its end; its length in bytes in *len. NULL when the text has no such line. */
static const char *find_line(const struct findings *findings, int line, size_t *len) {
  const char *at = findings->source, *end = at + findings->source_len;
  for (int i = 1; i < line; i++) {
    at = memchr(at, '\n', (size_t)(end - at));
    if (at == NULL) return NULL;
    at++;
  }
  const char *stop = memchr(at, '\n', (size_t)(end - at));
  if (stop == NULL) stop = end;
  if (stop > at && stop[-1] == '\r') stop--;
  *len = (size_t)(stop - at);
  return at;
}

/* The byte where the character with this number (from 0) starts; len when there are fewer. */
static size_t byte_of(const char *line, size_t len, size_t character) {
  size_t at = 0;
  while (character > 0 && at < len) {
    utf8_next(line, len, &at);
    character--;
  }
  return at;
}

static void print_part(const char *line, size_t from, size_t to, struct buf *out) {
  size_t start = out->len;
  buf_add(out, line + from, to - from);
  for (size_t i = start; i < out->len; i++) {
    if (out->data[i] != '\t' && ((unsigned char)out->data[i] < ' ' || out->data[i] == 0x7F)) out->data[i] = ' ';
  }
}

/* As many spaces as there are characters, tabs kept, so that the caret stands below its character. */
static void print_indent(const char *line, size_t from, size_t to, struct buf *out) {
  while (from < to) buf_putc(out, utf8_next(line, to, &from) == '\t' ? '\t' : ' ');
}

static void print_quote(const struct findings *findings, const struct finding *finding, struct buf *out) {
  size_t len;
  const char *line = find_line(findings, finding->line, &len);
  if (line == NULL || len == 0) return;

  size_t place = finding->column > 0 ? (size_t)finding->column - 1 : 0;
  size_t first = 0, shown = utf8_count(line, len);
  if (place > shown) place = shown;
  if (shown > LINE_SHOWN_MAX) {
    first = place > SHOWN_BEFORE ? place - SHOWN_BEFORE : 0;
    if (first + LINE_SHOWN_MAX > shown) first = shown - LINE_SHOWN_MAX;
    shown = LINE_SHOWN_MAX;
  }
  size_t from = byte_of(line, len, first);
  size_t to = from + byte_of(line + from, len - from, shown);
  size_t caret = from + byte_of(line + from, len - from, place - first);

  if (from > 0) buf_puts(out, "…");
  print_part(line, from, to, out);
  buf_puts(out, to < len ? "…\n" : "\n");
  if (from > 0) buf_putc(out, ' ');
  print_indent(line, from, caret, out);
  buf_putc(out, '^');
  size_t room = first + shown - place;
  for (size_t i = 1; i < (size_t)finding->len && i < room; i++) buf_putc(out, '~');
  buf_putc(out, '\n');
}

void findings_print(const struct findings *findings, struct buf *out) {
  for (size_t i = 0; i < findings->count; i++) {
    const struct finding *finding = &findings->kept[i];
    buf_printf(out, "%s:%d:%d: error: %s\n", findings->path, finding->line, finding->column, finding->text);
    print_quote(findings, finding, out);
  }
  if (findings->dropped > 0) {
    buf_printf(out, "%s: and %zu more\n", findings->path, findings->dropped);
  }
}
