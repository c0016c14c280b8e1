#include "web/compile.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "web/key.h"

#define PARTIALS_DEEP 16
#define SECTIONS_DEEP 32
#define OPS_MAX (1u << 19) /* partials may include partials; a program is small or a mistake */
#define TEXT_MAX ((size_t)64 << 20)
#define NAME_SHOWN 60

/* Where in the HTML the text between tags ends: tells whether a value may stand there. */
enum place {
  PLACE_TEXT,
  PLACE_TAG,    /* inside <…> but in no value */
  PLACE_EQUALS, /* behind name= */
  PLACE_BARE,   /* in a value without quotes */
  PLACE_DOUBLE,
  PLACE_SINGLE,
  PLACE_COMMENT,
  PLACE_RAW     /* in a script or style element */
};

struct open_section {
  uint32_t op;
  const char *name;
  size_t len;
  uint32_t line;
};

/* One template file while it is read. */
struct reader {
  size_t source;
  const char *start, *at, *end;
  uint32_t line; /* of at */
  enum place place;
  bool raw_element; /* the open tag is a script or style */
  struct open_section open[SECTIONS_DEEP];
  size_t open_count;
};

struct compiler {
  struct program *program;
  const struct sources *sources;
  const struct messages *messages;
  int language;
  bool html;  /* values are escaped */
  bool joins; /* the last operation is text and may grow */
  uint16_t file;
  uint32_t line; /* of the operations to be added */
  size_t chain[PARTIALS_DEEP]; /* the sources that are being read, the outermost first */
  size_t chain_count;
  struct err *err;
};

static bool fail(const struct compiler *compiler, const struct reader *reader, uint32_t line, const char *name,
                 size_t len, const char *text) {
  return err_set_at(compiler->err, ERR_INPUT, compiler->program->files[reader->source], (int)line, 0, "'%.*s': %s",
                    (int)utf8_cut(name, len, NAME_SHOWN), name, text);
}

int sources_find(const struct sources *sources, const char *name, size_t len) {
  size_t low = 0, high = sources->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    const char *candidate = sources->items[middle].name;
    int order = strncmp(candidate, name, len);
    if (order == 0 && candidate[len] != '\0') order = 1;
    if (order == 0) return (int)middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/* Takes the text that was added last with it. */
static uint32_t add_op(struct compiler *compiler, enum op_kind kind, uint16_t key) {
  struct program *program = compiler->program;
  uint32_t at = 0, len = 0;
  if (compiler->joins) {
    program->op_count--;
    at = program->ops[program->op_count].at;
    len = program->ops[program->op_count].len;
  }
  if (program->op_count == program->op_cap) {
    uint32_t cap = program->op_cap > 0 ? program->op_cap * 2 : 1024;
    struct op *ops = realloc(program->ops, cap * sizeof *ops);
    if (ops == NULL) log_out_of_memory();
    program->ops = ops;
    program->op_cap = cap;
  }
  uint32_t number = program->op_count++;
  program->ops[number] = (struct op){.kind = (uint8_t)kind,
                                     .key = key,
                                     .file = compiler->file,
                                     .line = compiler->line,
                                     .at = at,
                                     .len = len,
                                     .end = number + 1};
  compiler->joins = false;
  return number;
}

static void add_text(struct compiler *compiler, const char *text, size_t len, bool escape) {
  struct program *program = compiler->program;
  if (len == 0) return;
  if (!compiler->joins) {
    uint32_t number = add_op(compiler, OP_TEXT, 0);
    program->ops[number].at = (uint32_t)program->text.len;
    compiler->joins = true;
  }
  if (escape) html_escape(&program->text, text, len);
  else buf_add(&program->text, text, len);
  struct op *op = &program->ops[program->op_count - 1];
  op->len = (uint32_t)program->text.len - op->at;
}

/* What follows is another's: a section's end is not in the middle of a text. */
static void close_op(struct compiler *compiler, uint32_t number) {
  compiler->program->ops[number].end = compiler->program->op_count;
  compiler->joins = false;
}

static uint32_t add_forms(struct program *program) {
  if (program->form_count == program->form_cap) {
    uint32_t cap = program->form_cap > 0 ? program->form_cap * 2 : 64;
    struct forms *forms = realloc(program->forms, cap * sizeof *forms);
    if (forms == NULL) log_out_of_memory();
    program->forms = forms;
    program->form_cap = cap;
  }
  return program->form_count++;
}

static void add_parts(struct compiler *compiler, const struct message_part *part);

static void add_plural(struct compiler *compiler, const struct message_part *part) {
  struct program *program = compiler->program;
  uint32_t op = add_op(compiler, OP_PLURAL, part->key);
  uint32_t number = add_forms(program);
  program->ops[op].forms = number;
  for (int i = 0; i < LOCALE_CATEGORIES; i++) {
    uint32_t from = program->op_count;
    compiler->joins = false;
    add_parts(compiler, part->forms[i]);
    program->forms[number].range[i] = (struct range){from, program->op_count};
  }
  close_op(compiler, op);
}

static void add_parts(struct compiler *compiler, const struct message_part *part) {
  for (; part != NULL; part = part->next) {
    if (part->kind == MESSAGE_TEXT) add_text(compiler, part->text, part->len, compiler->html);
    else if (part->kind == MESSAGE_KEY) add_op(compiler, compiler->html ? OP_KEY : OP_PLAIN, part->key);
    else add_plural(compiler, part);
  }
}

static bool starts_element(const char *at, const char *end, const char *name) {
  size_t len = strlen(name);
  return (size_t)(end - at) > len && strncasecmp(at + 1, name, len) == 0;
}

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static void enter_tag(struct reader *reader, const char *at, const char *end) {
  if (end - at >= 4 && memcmp(at, "<!--", 4) == 0) {
    reader->place = PLACE_COMMENT;
  } else if (end - at >= 2 && (is_letter(at[1]) || at[1] == '/' || at[1] == '!')) {
    reader->place = PLACE_TAG;
    reader->raw_element = starts_element(at, end, "script") || starts_element(at, end, "style");
  }
}

/* Follows the HTML through a piece of text. */
static void follow_html(struct reader *reader, const char *at, const char *end) {
  for (; at < end; at++) {
    enum place place = reader->place;
    if (place == PLACE_TEXT && *at == '<') {
      enter_tag(reader, at, end);
    } else if (place == PLACE_COMMENT) {
      if (end - at >= 3 && memcmp(at, "-->", 3) == 0) reader->place = PLACE_TEXT;
    } else if (place == PLACE_RAW) {
      if (*at == '<' && at + 1 < end && at[1] == '/') enter_tag(reader, at, end);
    } else if (place == PLACE_DOUBLE || place == PLACE_SINGLE) {
      if (*at == (place == PLACE_DOUBLE ? '"' : '\'')) reader->place = PLACE_TAG;
    } else if (place != PLACE_TEXT) {
      if (*at == '>') reader->place = reader->raw_element ? PLACE_RAW : PLACE_TEXT;
      else if (*at == '"' && place != PLACE_BARE) reader->place = PLACE_DOUBLE;
      else if (*at == '\'' && place != PLACE_BARE) reader->place = PLACE_SINGLE;
      else if (*at == '=' && place == PLACE_TAG) reader->place = PLACE_EQUALS;
      else if (is_space(*at)) reader->place = place == PLACE_BARE ? PLACE_TAG : place;
      else if (place == PLACE_EQUALS) reader->place = PLACE_BARE;
    }
  }
}

/* {{kind name}}: what stands between the braces. */
struct tag {
  char kind; /* # ^ / > ! t, or 0 for a key */
  const char *name;
  size_t len;
  uint32_t line;
};

static void advance(struct reader *reader, const char *to) {
  for (; reader->at < to; reader->at++) {
    if (*reader->at == '\n') reader->line++;
  }
}

static void read_tag(const char *at, const char *end, struct tag *tag) {
  tag->kind = 0;
  while (at < end && is_space(*at)) at++;
  if (at < end && *at != '\0' && strchr("#^/>!", *at) != NULL) tag->kind = *at++;
  else if (end - at > 2 && *at == 't' && is_space(at[1])) tag->kind = *at++;
  while (at < end && is_space(*at)) at++;
  while (end > at && is_space(end[-1])) end--;
  tag->name = at;
  tag->len = (size_t)(end - at);
}

static bool is_name(const struct tag *tag) {
  const char *more = tag->kind == 't' ? "_-." : tag->kind == '>' ? "_-/" : "_-";
  for (size_t i = 0; i < tag->len; i++) {
    char c = tag->name[i];
    if (!is_letter(c) && !(c >= '0' && c <= '9') && (c == '\0' || strchr(more, c) == NULL)) return false;
  }
  return tag->len > 0;
}

/* A tag that alone fills its line takes the line with it: *text_end moves back to the line's start and the return value
 * is the start of the next line. */
static const char *whole_line(const struct reader *reader, const struct tag *tag, const char *behind,
                              const char **text_end) {
  if (tag->kind == 0 || tag->kind == 't') return behind;
  const char *from = *text_end, *to = behind;
  while (from > reader->start && (from[-1] == ' ' || from[-1] == '\t')) from--;
  if (from > reader->start && from[-1] != '\n') return behind;
  while (to < reader->end && (*to == ' ' || *to == '\t' || *to == '\r')) to++;
  if (to < reader->end && *to != '\n') return behind;
  *text_end = from > reader->at ? from : reader->at;
  return to < reader->end ? to + 1 : to;
}

static bool compile_source(struct compiler *compiler, size_t index, const struct reader *from, uint32_t line);

static bool open_section(struct compiler *compiler, struct reader *reader, const struct tag *tag) {
  if (reader->open_count == SECTIONS_DEEP) {
    return fail(compiler, reader, tag->line, tag->name, tag->len, "sections are nested too deep");
  }
  uint16_t key = key_intern(tag->name, tag->len);
  if (key == KEY_NONE) return fail(compiler, reader, tag->line, tag->name, tag->len, "one key too many");
  uint32_t op = add_op(compiler, tag->kind == '#' ? OP_SECTION : OP_INVERTED, key);
  reader->open[reader->open_count++] = (struct open_section){op, tag->name, tag->len, tag->line};
  return true;
}

static bool close_section(struct compiler *compiler, struct reader *reader, const struct tag *tag) {
  const struct open_section *open = reader->open_count > 0 ? &reader->open[reader->open_count - 1] : NULL;
  if (open == NULL || open->len != tag->len || memcmp(open->name, tag->name, tag->len) != 0) {
    return fail(compiler, reader, tag->line, tag->name, tag->len, "closes a section that is not the open one");
  }
  close_op(compiler, open->op);
  reader->open_count--;
  return true;
}

static bool add_value(struct compiler *compiler, struct reader *reader, const struct tag *tag) {
  if (reader->place == PLACE_TAG || reader->place == PLACE_EQUALS || reader->place == PLACE_BARE ||
      reader->place == PLACE_RAW) {
    return fail(compiler, reader, tag->line, tag->name, tag->len,
                "a value may stand in text or in a quoted attribute, not here");
  }
  if (tag->kind == 't') {
    int number = messages_find(compiler->messages, tag->name, tag->len);
    if (number < 0) return fail(compiler, reader, tag->line, tag->name, tag->len, "there is no such message");
    add_parts(compiler, compiler->messages->items[number].parts[compiler->language]);
    return true;
  }
  uint16_t key = key_intern(tag->name, tag->len);
  if (key == KEY_NONE) return fail(compiler, reader, tag->line, tag->name, tag->len, "one key too many");
  add_op(compiler, OP_KEY, key);
  return true;
}

static bool add_partial(struct compiler *compiler, struct reader *reader, const struct tag *tag) {
  int index = sources_find(compiler->sources, tag->name, tag->len);
  if (index < 0) return fail(compiler, reader, tag->line, tag->name, tag->len, "there is no such template");
  uint16_t file = compiler->file;
  bool good = compile_source(compiler, (size_t)index, reader, tag->line);
  compiler->file = file;
  return good;
}

static bool handle_tag(struct compiler *compiler, struct reader *reader, const struct tag *tag) {
  if (tag->kind == '!') return true;
  if (!is_name(tag)) return fail(compiler, reader, tag->line, tag->name, tag->len, "is no tag");
  compiler->line = tag->line;
  if (compiler->program->op_count > OPS_MAX || compiler->program->text.len > TEXT_MAX) {
    return fail(compiler, reader, tag->line, tag->name, tag->len, "the templates grow too large here");
  }
  switch (tag->kind) {
    case '#':
    case '^':
      return open_section(compiler, reader, tag);
    case '/':
      return close_section(compiler, reader, tag);
    case '>':
      return add_partial(compiler, reader, tag);
    default:
      return add_value(compiler, reader, tag);
  }
}

static void add_static(struct compiler *compiler, struct reader *reader, const char *end) {
  follow_html(reader, reader->at, end);
  add_text(compiler, reader->at, (size_t)(end - reader->at), false);
}

static bool read_file(struct compiler *compiler, struct reader *reader) {
  for (;;) {
    const char *open = memmem(reader->at, (size_t)(reader->end - reader->at), "{{", 2);
    if (open == NULL) break;
    const char *close = memmem(open, (size_t)(reader->end - open), "}}", 2);
    struct tag tag = {.line = reader->line};
    for (const char *at = reader->at; at < open; at++) tag.line += *at == '\n';
    if (close == NULL) return fail(compiler, reader, tag.line, "{{", 2, "is not closed with }}");
    read_tag(open + 2, close, &tag);
    const char *text_end = open;
    const char *behind = whole_line(reader, &tag, close + 2, &text_end);
    add_static(compiler, reader, text_end);
    advance(reader, behind);
    if (!handle_tag(compiler, reader, &tag)) return false;
  }
  add_static(compiler, reader, reader->end);
  if (reader->open_count == 0) return true;
  const struct open_section *left = &reader->open[reader->open_count - 1];
  return fail(compiler, reader, left->line, left->name, left->len, "the section is not closed");
}

/* from and line: who includes it, NULL for the outermost. */
static bool compile_source(struct compiler *compiler, size_t index, const struct reader *from, uint32_t line) {
  const struct source *source = &compiler->sources->items[index];
  for (size_t i = 0; i < compiler->chain_count; i++) {
    if (compiler->chain[i] == index) {
      return fail(compiler, from, line, source->name, strlen(source->name), "the template includes itself");
    }
  }
  if (compiler->chain_count == PARTIALS_DEEP) {
    return fail(compiler, from, line, source->name, strlen(source->name), "templates are included too deep");
  }
  compiler->chain[compiler->chain_count++] = index;
  compiler->file = (uint16_t)index;
  struct reader reader = {.source = index,
                          .start = source->text,
                          .at = source->text,
                          .end = source->text + source->len,
                          .line = 1,
                          .place = PLACE_TEXT};
  bool good = read_file(compiler, &reader);
  compiler->chain_count--;
  return good;
}

bool compile_template(struct program *program, const struct sources *sources, size_t index,
                      const struct messages *messages, struct range *out, struct err *err) {
  struct compiler compiler = {.program = program,
                              .sources = sources,
                              .messages = messages,
                              .language = locale_index(program->language),
                              .html = true,
                              .err = err};
  out->from = program->op_count;
  bool good = compile_source(&compiler, index, NULL, 0);
  out->to = program->op_count;
  return good;
}

void compile_message(struct program *program, const struct message_part *parts, uint16_t file, struct range *out) {
  struct compiler compiler = {.program = program, .html = false, .file = file};
  out->from = program->op_count;
  add_parts(&compiler, parts);
  out->to = program->op_count;
}

void compile_finish(struct program *program) {
  program->said = calloc(program->op_count + 1, sizeof *program->said);
  if (program->said == NULL) log_out_of_memory();
}

void compile_clear(struct program *program) {
  free(program->ops);
  free(program->forms);
  free(program->said);
  buf_free(&program->text);
  *program = (struct program){.language = NULL};
}
