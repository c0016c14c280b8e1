#include "form/yaml.h"

#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/utf8.h"
#include "form/form.h"
#include "form/unquote.h"

#define DEPTH_MAX 32
#define NODES_MAX 200000
#define KEYS_MAX 1000
#define LINE_MAX_BYTES (128 << 10)
#define EMPTY_LINES_MAX 64
#define KEY_SHOWN_MAX 60

/* A place in the text that moves along with the parser. */
struct cursor {
  const char *text;
  size_t len, at;
  int line, column;
};

/* A mapping or sequence that is being read. */
struct frame {
  struct yaml_node *node;
  const struct yaml_node *key; /* mapping: the key that waits for its value */
  struct yaml_pair *pairs;
  const struct yaml_node **items;
  int cap;
};

struct reader {
  struct arena *arena;
  struct findings *findings;
  struct cursor cursor;
  struct frame frames[DEPTH_MAX];
  int depth;
  int node_count;
  struct yaml_node *root;
  bool failed;
};

const char *yaml_kind_name(enum yaml_kind kind) {
  static const char *const names[] = {"a text", "a list", "a mapping"};
  return names[kind];
}

const struct yaml_pair *yaml_find(const struct yaml_node *mapping, const char *key) {
  if (mapping == NULL || mapping->kind != YAML_MAPPING) return NULL;
  for (int i = 0; i < mapping->count; i++) {
    if (strcmp(mapping->pairs[i].key->text, key) == 0) return &mapping->pairs[i];
  }
  return NULL;
}

const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key) {
  const struct yaml_pair *pair = yaml_find(mapping, key);
  return pair != NULL ? pair->value : NULL;
}

int yaml_width(const struct yaml_node *node) {
  if (node->kind != YAML_SCALAR || !node->plain || node->len == 0) return 1;
  return (int)utf8_count(node->text, node->len);
}

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* Everything that is neither shown nor white space. */
static bool is_control(unsigned c) {
  return (c < ' ' && c != '\n' && c != '\t' && c != '\r') || (c >= 0x7F && c < 0xA0);
}

/* Moves over one byte. */
static void cursor_step(struct cursor *cursor) {
  unsigned char c = (unsigned char)cursor->text[cursor->at++];
  if (c == '\n') {
    cursor->line++;
    cursor->column = 1;
  } else if (cursor->at == cursor->len || ((unsigned char)cursor->text[cursor->at] & 0xC0) != 0x80) {
    cursor->column++;
  }
}

static void cursor_move(struct cursor *cursor, size_t offset) {
  if (offset > cursor->len) offset = cursor->len;
  if (offset < cursor->at) {
    while (cursor->at > offset) {
      if (cursor->text[--cursor->at] == '\n') cursor->line--;
    }
    size_t start = cursor->at;
    while (start > 0 && cursor->text[start - 1] != '\n') start--;
    cursor->column = 1 + (int)utf8_count(cursor->text + start, cursor->at - start);
  }
  while (cursor->at < offset) cursor_step(cursor);
}

void yaml_place(const struct yaml_node *scalar, size_t offset, int *line, int *column) {
  *line = scalar->line;
  *column = scalar->column;
  if (scalar->source == NULL) return;
  struct cursor cursor = {scalar->source, scalar->source_len, 0, scalar->line, scalar->column};
  for (size_t i = 0; i < scalar->len && i <= offset; i++) {
    if (is_space(scalar->text[i])) continue;
    while (cursor.at < cursor.len && is_space(cursor.text[cursor.at])) cursor_step(&cursor);
    if (i == offset) break;
    if (cursor.at == cursor.len || cursor.text[cursor.at] != scalar->text[i]) return;
    cursor_step(&cursor);
  }
  *line = cursor.line;
  *column = cursor.column;
}

/* What libfyaml cannot be given: it is slow at, or lax about, these. Finds the first. */
static bool check_text(const char *text, size_t len, struct findings *findings) {
  struct cursor cursor = {text, len, 0, 1, 1};
  size_t bad;
  if (!utf8_check(text, len, &bad)) {
    cursor_move(&cursor, bad);
    findings_add(findings, cursor.line, cursor.column, 1, NULL, "not UTF-8: byte 0x%02X; save the file as UTF-8",
                 (unsigned char)text[bad]);
    return false;
  }
  size_t line_start = 0;
  int empty_lines = 0;
  bool empty = true;
  for (size_t at = 0; at < len;) {
    size_t here = at;
    unsigned c = utf8_next(text, len, &at);
    if (c == '\n') {
      empty_lines = empty ? empty_lines + 1 : 0;
      empty = true;
      line_start = at;
    } else if (!is_space((char)c) || c > 0x7F) {
      empty = false;
    }
    const char *what = NULL;
    if (is_control(c)) what = "a text cannot hold the control character";
    if (c == '\r' && (at == len || text[at] != '\n')) what = "use ordinary line ends, not";
    if (c == 0x2028 || c == 0x2029) what = "use ordinary line ends, not";
    if (what != NULL) {
      cursor_move(&cursor, here);
      findings_add(findings, cursor.line, cursor.column, 1, NULL, "%s U+%04X", what, c);
      return false;
    }
    if (empty_lines > EMPTY_LINES_MAX || at - line_start > LINE_MAX_BYTES) {
      cursor_move(&cursor, line_start);
      bool empties = empty_lines > EMPTY_LINES_MAX;
      findings_add(findings, cursor.line, 1, 1, NULL,
                   empties ? "more than %d empty lines in a row" : "this line has more than %d bytes",
                   empties ? EMPTY_LINES_MAX : LINE_MAX_BYTES);
      return false;
    }
  }
  return true;
}

static void refuse(struct reader *reader, const struct yaml_node *node, int len, const char *text) {
  if (!reader->failed) findings_add(reader->findings, node->line, node->column, len, NULL, "%s", text);
  reader->failed = true;
}

static struct yaml_node *new_node(struct reader *reader, enum yaml_kind kind, const struct fy_mark *mark) {
  struct yaml_node *node = arena_alloc(reader->arena, sizeof *node);
  if (mark != NULL) cursor_move(&reader->cursor, mark->input_pos);
  node->kind = kind;
  node->line = reader->cursor.line;
  node->column = reader->cursor.column;
  if (++reader->node_count > NODES_MAX) refuse(reader, node, 1, "the file has more than 200000 values");
  return node;
}

static void *grow(void *old, int *cap, size_t size) {
  *cap = *cap == 0 ? 16 : *cap * 2;
  void *more = realloc(old, (size_t)*cap * size);
  if (more == NULL) log_out_of_memory();
  return more;
}

static void add_pair(struct reader *reader, struct frame *frame, const struct yaml_node *value) {
  const struct yaml_node *key = frame->key;
  int count = frame->node->count;
  frame->key = NULL;
  for (int i = 0; i < count; i++) {
    const struct yaml_node *known = frame->pairs[i].key;
    if (known->len != key->len || memcmp(known->text, key->text, key->len) != 0) continue;
    findings_add(reader->findings, key->line, key->column, yaml_width(key), NULL,
                 "key \"%.*s\" is used twice; first in line %d", (int)utf8_cut(key->text, key->len, KEY_SHOWN_MAX),
                 key->text, known->line);
    return;
  }
  if (count == KEYS_MAX) {
    refuse(reader, key, yaml_width(key), "more than 1000 keys in one mapping");
    return;
  }
  if (count == frame->cap) frame->pairs = grow(frame->pairs, &frame->cap, sizeof *frame->pairs);
  frame->pairs[count] = (struct yaml_pair){key, value};
  frame->node->count++;
}

/* Gives a new node to what is being read around it. */
static void place_node(struct reader *reader, struct yaml_node *node) {
  if (reader->depth == 0) {
    reader->root = node;
    return;
  }
  struct frame *frame = &reader->frames[reader->depth - 1];
  if (frame->node->kind == YAML_SEQUENCE) {
    if (frame->node->count == frame->cap) frame->items = grow(frame->items, &frame->cap, sizeof *frame->items);
    frame->items[frame->node->count++] = node;
  } else if (frame->key != NULL) {
    add_pair(reader, frame, node);
  } else if (node->kind == YAML_SCALAR) {
    frame->key = node;
  } else {
    refuse(reader, node, 1, "a key must be a plain text");
  }
}

static void open_node(struct reader *reader, enum yaml_kind kind, const struct fy_mark *mark) {
  struct yaml_node *node = new_node(reader, kind, mark);
  place_node(reader, node);
  if (reader->failed) return;
  if (reader->depth == DEPTH_MAX) {
    refuse(reader, node, 1, "nested more than 32 deep");
    return;
  }
  reader->frames[reader->depth++] = (struct frame){.node = node};
}

static void close_node(struct reader *reader) {
  struct frame *frame = &reader->frames[--reader->depth];
  struct yaml_node *node = frame->node;
  size_t count = (size_t)node->count;
  if (frame->pairs != NULL) {
    struct yaml_pair *pairs = arena_array(reader->arena, count, sizeof *pairs);
    memcpy(pairs, frame->pairs, count * sizeof *pairs);
    node->pairs = pairs;
  }
  if (frame->items != NULL) {
    const struct yaml_node **items = arena_array(reader->arena, count, sizeof *items);
    memcpy(items, frame->items, count * sizeof *items);
    node->items = items;
  }
  free(frame->pairs);
  free(frame->items);
}

/* Written with an escape: "\u0007". Those that stand in the file themselves were found by check_text. */
static bool holds_control(const struct yaml_node *scalar) {
  for (size_t at = 0; at < scalar->len;) {
    unsigned c = scalar->text[at] != '\0' ? utf8_next(scalar->text, scalar->len, &at) : 0;
    if (is_control(c)) return true;
  }
  return false;
}

/* The part of the file that a scalar takes, without quotes and the indentation of a block; NULL for one that is not
 * there. The cursor moves to it. */
static const char *find_source(struct reader *reader, struct fy_event *event, enum fy_scalar_style style, size_t *len) {
  const struct fy_mark *start = fy_event_start_mark(event), *end = fy_event_end_mark(event);
  struct cursor *cursor = &reader->cursor;
  if (start == NULL || end == NULL || end->input_pos > cursor->len) return NULL;
  cursor_move(cursor, start->input_pos);
  if (style == FYSS_LITERAL || style == FYSS_FOLDED) {
    while (cursor->at < end->input_pos && is_space(cursor->text[cursor->at])) cursor_step(cursor);
  }
  if (end->input_pos < cursor->at) return NULL;
  *len = end->input_pos - cursor->at;
  return cursor->text + cursor->at;
}

static void read_scalar(struct reader *reader, struct fy_event *event) {
  struct fy_token *token = event->scalar.value;
  enum fy_scalar_style style = token != NULL ? fy_token_scalar_style(token) : FYSS_ANY;
  size_t source_len = 0;
  const char *source = find_source(reader, event, style, &source_len);
  struct yaml_node *node = new_node(reader, YAML_SCALAR, NULL);
  node->source = source;
  node->source_len = source_len;
  node->text = "";
  if (style == FYSS_SINGLE_QUOTED && source != NULL) {
    node->text = unquote_single(reader->arena, source, source_len, &node->len);
  } else if (style == FYSS_DOUBLE_QUOTED && source != NULL) {
    node->text = unquote_double(reader->arena, source, source_len, &node->len);
  } else if (token != NULL) {
    const char *text = fy_token_get_text(token, &node->len);
    if (text == NULL) node->len = 0;
    if (text != NULL) node->text = arena_copy_len(reader->arena, text, node->len);
  }
  node->plain = source_len == node->len && (source == NULL || memcmp(source, node->text, source_len) == 0) &&
                memchr(node->text, '\n', node->len) == NULL;
  const char *behind = source != NULL ? source + source_len : NULL;
  node->bare = behind != NULL && behind < reader->cursor.text + reader->cursor.len && (*behind == ',' || *behind == '}');
  if (holds_control(node)) refuse(reader, node, 1, "a text cannot hold control characters");
  place_node(reader, node);
}

/* Anchors and tags would have to be explained to authors; nothing here needs them. */
static bool is_decorated(const struct fy_event *event) {
  switch (event->type) {
    case FYET_SCALAR:
      return event->scalar.anchor != NULL || event->scalar.tag != NULL;
    case FYET_SEQUENCE_START:
      return event->sequence_start.anchor != NULL || event->sequence_start.tag != NULL;
    case FYET_MAPPING_START:
      return event->mapping_start.anchor != NULL || event->mapping_start.tag != NULL;
    default:
      return false;
  }
}

static void refuse_event(struct reader *reader, struct fy_event *event) {
  struct fy_token *token = NULL;
  const char *text = "anchors (&name) and tags (!name) are not used here; a text that begins with & or ! needs quotes";
  if (event->type == FYET_ALIAS) {
    text = "aliases (*name) are not used here; a text that begins with * needs quotes";
  } else if (event->type == FYET_SCALAR) {
    token = event->scalar.anchor != NULL ? event->scalar.anchor : event->scalar.tag;
  } else if (event->type == FYET_SEQUENCE_START) {
    token = event->sequence_start.anchor != NULL ? event->sequence_start.anchor : event->sequence_start.tag;
  } else if (event->type == FYET_MAPPING_START) {
    token = event->mapping_start.anchor != NULL ? event->mapping_start.anchor : event->mapping_start.tag;
  }
  const struct fy_mark *mark = token != NULL ? fy_token_start_mark(token) : fy_event_start_mark(event);
  struct yaml_node *node = new_node(reader, YAML_SCALAR, mark);
  size_t at = reader->cursor.at; /* the mark of a name stands behind its & or * */
  if (at > 0 && (reader->cursor.text[at - 1] == '&' || reader->cursor.text[at - 1] == '*')) node->column--;
  refuse(reader, node, 1, text);
}

static void read_event(struct reader *reader, struct fy_event *event) {
  if (event->type == FYET_ALIAS || is_decorated(event)) {
    refuse_event(reader, event);
    return;
  }
  switch (event->type) {
    case FYET_DOCUMENT_START:
      if (reader->root != NULL) {
        refuse(reader, new_node(reader, YAML_SCALAR, fy_event_start_mark(event)), 3,
               "a second document begins here; a file holds one questionnaire");
      }
      break;
    case FYET_MAPPING_START:
      open_node(reader, YAML_MAPPING, fy_event_start_mark(event));
      break;
    case FYET_SEQUENCE_START:
      open_node(reader, YAML_SEQUENCE, fy_event_start_mark(event));
      break;
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
      close_node(reader);
      break;
    case FYET_SCALAR:
      read_scalar(reader, event);
      break;
    default:
      break;
  }
}

/* libfyaml's words for the commonest slips, and ours. */
static const struct {
  const char *said, *means;
} slips[] = {
    {"invalid multiline plain key", "not good YAML: the line below is indented as if it went on from this text"},
    {"invalid nested block mapping on the same line", "not good YAML: a text that holds \": \" needs quotes"},
    {"invalid tab ", "not good YAML: a tab in the indentation; use spaces"},
    {"double-quoted scalar without closing quote", "not good YAML: this text has no closing quote"},
    {"single-quoted scalar without closing quote", "not good YAML: this text has no closing quote"},
    {"wrongly indented single-quoted", "not good YAML: this text has no closing quote, or goes on without indentation"},
    {"wrongly indented double-quoted", "not good YAML: this text has no closing quote, or goes on without indentation"},
    {"at the end of block sequence", "not good YAML: this line is indented less than the list it follows"},
    {"at the end of block mapping", "not good YAML: this line is indented differently from the keys above"},
    {"invalid trailing content after", "not good YAML: something stands behind the closing quote"},
    {"plain scalar cannot start with", "not good YAML: a text that begins with this character needs quotes"},
    {"mismatched flow mapping end", "not good YAML: } closes what was opened with ["},
    {"mismatched flow sequence end", "not good YAML: ] closes what was opened with {"},
};

/* An open bracket is reported where it stands, not where the file ends. */
static bool report_open_bracket(struct reader *reader, int line) {
  if (reader->depth == 0) return false;
  const struct yaml_node *node = reader->frames[reader->depth - 1].node;
  size_t lines = 1;
  for (size_t i = 0; i < reader->cursor.len; i++) lines += reader->cursor.text[i] == '\n';
  if ((size_t)line < lines) return false;
  struct cursor cursor = reader->cursor;
  cursor_move(&cursor, 0);
  while (cursor.at < cursor.len && (cursor.line < node->line || cursor.column < node->column)) cursor_step(&cursor);
  char bracket = cursor.at < cursor.len ? cursor.text[cursor.at] : ' ';
  if (bracket != '[' && bracket != '{') return false;
  findings_add(reader->findings, node->line, node->column, 1, NULL, "not good YAML: this %c is never closed", bracket);
  return true;
}

static void report_syntax(struct reader *reader, struct fy_diag *diag) {
  void *previous = NULL;
  const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &previous);
  if (error == NULL) {
    findings_add(reader->findings, reader->cursor.line, reader->cursor.column, 1, NULL, "not good YAML");
    return;
  }
  if (report_open_bracket(reader, error->line)) return;
  const char *text = NULL;
  for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
    if (strstr(error->msg, slips[i].said) != NULL) text = slips[i].means;
  }
  findings_add(reader->findings, error->line, error->column, 1, NULL, text != NULL ? "%s" : "not good YAML: %s",
               text != NULL ? text : error->msg);
}

/* Errors are collected; whatever libfyaml would print all the same goes nowhere. */
static void print_nothing(struct fy_diag *diag, void *user, const char *text, size_t len) {
  (void)diag, (void)user, (void)text, (void)len;
}

static void read_events(struct reader *reader) {
  struct fy_diag_cfg diag_cfg;
  fy_diag_cfg_default(&diag_cfg);
  diag_cfg.fp = NULL;
  diag_cfg.output_fn = print_nothing;
  diag_cfg.level = FYET_ERROR;
  diag_cfg.colorize = false;
  struct fy_diag *diag = fy_diag_create(&diag_cfg);
  if (diag == NULL) log_out_of_memory();
  fy_diag_set_collect_errors(diag, true);
  struct fy_parse_cfg cfg = {.search_path = "", .flags = FYPCF_DEFAULT_PARSE | FYPCF_COLLECT_DIAG, .diag = diag};
  struct fy_parser *parser = fy_parser_create(&cfg);
  if (parser == NULL) log_out_of_memory();

  if (fy_parser_set_string(parser, reader->cursor.text, reader->cursor.len) != 0) reader->failed = true;
  struct fy_event *event = NULL;
  while (!reader->failed && (event = fy_parser_parse(parser)) != NULL) {
    read_event(reader, event);
    fy_parser_event_free(parser, event);
  }
  if (!reader->failed && (fy_parser_get_stream_error(parser) || fy_diag_got_error(diag))) {
    report_syntax(reader, diag);
    reader->failed = true;
  }
  fy_parser_destroy(parser);
  fy_diag_destroy(diag);
}

const struct yaml_node *yaml_parse(const char *text, size_t len, struct arena *arena, struct findings *findings) {
  if (len > FORM_FILE_MAX) {
    findings_add(findings, 1, 1, 1, NULL, "the file has %zu bytes; at most %d are read", len, FORM_FILE_MAX);
    return NULL;
  }
  if (!check_text(text, len, findings)) return NULL;
  size_t mark = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* a byte order mark is no content */

  struct reader reader = {.arena = arena, .findings = findings, .cursor = {text + mark, len - mark, 0, 1, 1}};
  read_events(&reader);
  while (reader.depth > 0) close_node(&reader);
  if (reader.failed) return NULL;
  if (reader.root == NULL) findings_add(findings, 1, 1, 1, NULL, "the file is empty");
  return reader.root;
}
