#include "web/program.h"

#include <string.h>

#include "base/log.h"
#include "web/key.h"
#include "web/view_data.h"

/* Which of the entities a byte becomes; 0: none. */
static const unsigned char entity_of[256] = {['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5};

#define ENTITY_MAX 6
#define PIECE 512 /* bytes that are escaped at once; room is made for the worst case */

static const struct {
  char text[ENTITY_MAX + 1];
  size_t len;
} entities[] = {{"", 0}, {"&amp;", 5}, {"&lt;", 4}, {"&gt;", 4}, {"&quot;", 6}, {"&#39;", 5}};

#define EVERY_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* True when one of the eight bytes becomes an entity. '&' and '\'' differ in their lowest bit, '<' and '>' in the one
 * above it, so three comparisons do. */
static bool has_entity(uint64_t word) {
  uint64_t amp = (word | EVERY_BYTE(1)) ^ EVERY_BYTE('\''), angle = (word | EVERY_BYTE(2)) ^ EVERY_BYTE('>');
  uint64_t quote = word ^ EVERY_BYTE('"');
  uint64_t zero = ((amp - EVERY_BYTE(1)) & ~amp) | ((angle - EVERY_BYTE(1)) & ~angle) |
                  ((quote - EVERY_BYTE(1)) & ~quote);
  return (zero & EVERY_BYTE(0x80)) != 0;
}

/* One byte, or what it becomes; returns where the next one goes. */
static inline char *put_escaped(char *to, char byte) {
  unsigned char entity = entity_of[(unsigned char)byte];
  if (entity == 0) {
    *to = byte;
    return to + 1;
  }
  memcpy(to, entities[entity].text, ENTITY_MAX);
  return to + entities[entity].len;
}

void html_escape(struct buf *out, const char *text, size_t len) {
  while (len > 0) {
    size_t piece = len < PIECE ? len : PIECE, at = 0;
    char *to = out->cap - out->len > piece * ENTITY_MAX + 1 ? out->data + out->len
                                                            : buf_reserve(out, piece * ENTITY_MAX + 1);
    while (piece - at >= 8) {
      uint64_t word;
      memcpy(&word, text + at, sizeof word);
      if (has_entity(word)) {
        for (int i = 0; i < 8; i++) to = put_escaped(to, text[at++]);
      } else {
        memcpy(to, &word, sizeof word);
        to += 8;
        at += 8;
      }
    }
    while (at < piece) to = put_escaped(to, text[at++]);
    *to = '\0';
    out->len = (size_t)(to - out->data);
    text += piece;
    len -= piece;
  }
}

/* buf_add, without the call when there is room. */
static inline void add(struct buf *out, const char *bytes, size_t len) {
  if (out->cap - out->len <= len) {
    buf_add(out, bytes, len);
    return;
  }
  memcpy(out->data + out->len, bytes, len);
  out->len += len;
  out->data[out->len] = '\0';
}

/* What a key meant outside a map that is being left. */
struct shadow {
  uint16_t key;
  const struct view_entry *entry;
};

/* While it runs, `meaning` has for every key the entry of the innermost map that sets it: entering a map writes its
 * entries there, leaving it puts back what they hid. Finding a key is then one load, however deep the page is. */
struct run {
  const struct program *program;
  struct buf *out;
  struct err *err;
  struct arena *arena;
  const struct view_entry **meaning;
  struct shadow *shadows;
  size_t shadow_count, shadow_cap;
};

static void add_shadow(struct run *run, uint16_t key, const struct view_entry *entry) {
  if (run->shadow_count == run->shadow_cap) {
    size_t cap = run->shadow_cap > 0 ? run->shadow_cap * 2 : 128;
    struct shadow *shadows = arena_array(run->arena, cap, sizeof *shadows);
    if (run->shadow_count > 0) memcpy(shadows, run->shadows, run->shadow_count * sizeof *shadows);
    run->shadows = shadows;
    run->shadow_cap = cap;
  }
  run->shadows[run->shadow_count++] = (struct shadow){key, entry};
}

static void enter(struct run *run, const struct view *view) {
  for (const struct view_entry *entry = view->entries; entry != NULL; entry = entry->next) {
    add_shadow(run, entry->key, run->meaning[entry->key]);
    run->meaning[entry->key] = entry;
  }
}

static void leave(struct run *run, size_t shadow_count) {
  while (run->shadow_count > shadow_count) {
    const struct shadow *shadow = &run->shadows[--run->shadow_count];
    run->meaning[shadow->key] = shadow->entry;
  }
}

/* A key is not set: true when that counts as empty. */
static bool pass_missing(const struct run *run, const struct op *op) {
  const struct program *program = run->program;
  const char *file = program->files[op->file];
  if (program->strict) {
    return err_set_at(run->err, ERR_INPUT, file, (int)op->line, 0, "key '%s' is not set", key_name(op->key));
  }
  if (atomic_exchange_explicit(&program->said[op - program->ops], 1, memory_order_relaxed) == 0) {
    log_error("%s:%u: key '%s' is not set", file, op->line, key_name(op->key));
  }
  return true;
}

static void add_number(struct buf *out, int64_t number) {
  char digits[24];
  size_t at = sizeof digits;
  uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
  do {
    digits[--at] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (number < 0) digits[--at] = '-';
  add(out, digits + at, sizeof digits - at);
}

static bool add_value(const struct run *run, const struct op *op, const struct view_entry *entry) {
  switch ((enum view_kind)entry->kind) {
    case VIEW_TEXT:
      if (op->kind == OP_KEY) html_escape(run->out, entry->text.data, entry->text.len);
      else add(run->out, entry->text.data, entry->text.len);
      return true;
    case VIEW_HTML:
      add(run->out, entry->text.data, entry->text.len);
      return true;
    case VIEW_INT:
      add_number(run->out, entry->number);
      return true;
    case VIEW_BOOL:
      buf_puts(run->out, entry->truth ? "true" : "false");
      return true;
    case VIEW_LIST:
    case VIEW_MAP:
      break;
  }
  return err_set_at(run->err, ERR_INPUT, run->program->files[op->file], (int)op->line, 0,
                    "key '%s' is a list and has no text", key_name(op->key));
}

static bool is_true(const struct view_entry *entry) {
  switch ((enum view_kind)entry->kind) {
    case VIEW_TEXT:
    case VIEW_HTML:
      return entry->text.len > 0;
    case VIEW_INT:
      return entry->number != 0;
    case VIEW_BOOL:
      return entry->truth;
    case VIEW_LIST:
    case VIEW_MAP:
      return entry->list.first != NULL;
  }
  return false;
}

static struct range form_range(const struct run *run, const struct op *op, const struct view_entry *entry) {
  enum locale_category category = LOCALE_OTHER;
  if (entry != NULL && entry->kind == VIEW_INT) {
    category = locale_category(run->program->language, (double)entry->number);
  }
  return run->program->forms[op->forms].range[category];
}

static bool run_range(struct run *run, struct range range);

static bool run_section(struct run *run, struct range body, const struct view_entry *entry) {
  if (!is_true(entry)) return true;
  if (entry->kind != VIEW_LIST && entry->kind != VIEW_MAP) return run_range(run, body);
  bool good = true;
  size_t shadow_count = run->shadow_count;
  for (const struct view *item = entry->list.first; item != NULL && good; item = item->next) {
    enter(run, item);
    good = run_range(run, body);
    leave(run, shadow_count);
  }
  return good;
}

static bool run_range(struct run *run, struct range range) {
  const struct program *program = run->program;
  for (uint32_t at = range.from; at < range.to;) {
    const struct op *op = &program->ops[at];
    if (op->len > 0) add(run->out, program->text.data + op->at, op->len);
    if (op->kind == OP_TEXT) {
      at++;
      continue;
    }
    const struct view_entry *entry = run->meaning != NULL ? run->meaning[op->key] : NULL;
    if (entry == NULL && !pass_missing(run, op)) return false;
    struct range body = {at + 1, op->end};
    bool good = true;
    if (op->kind == OP_SECTION) {
      good = entry == NULL || run_section(run, body, entry);
    } else if (op->kind == OP_INVERTED) {
      good = (entry != NULL && is_true(entry)) || run_range(run, body);
    } else if (op->kind == OP_PLURAL) {
      good = run_range(run, form_range(run, op, entry));
    } else if (entry != NULL) {
      good = add_value(run, op, entry);
    }
    if (!good) return false;
    at = op->end;
  }
  return true;
}

bool program_run(const struct program *program, struct range range, const struct view *view, struct buf *out,
                 struct err *err) {
  struct run run = {.program = program, .out = out, .err = err};
  bool has_keys = range.to - range.from > 1 || (range.to > range.from && program->ops[range.from].kind != OP_TEXT);
  if (view != NULL && has_keys) {
    run.arena = view->pool->arena;
    run.meaning = arena_array(run.arena, key_count(), sizeof *run.meaning);
    enter(&run, view);
  }
  return run_range(&run, range);
}
