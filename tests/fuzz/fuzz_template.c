/* Any bytes as a catalogue of messages and, behind a line with "---", as a template. What compiles also renders, and no
 * value gets out of its place: with a strange value the page has as many '<' and '"' as with a plain one. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/log.h"
#include "web/compile.h"

#define PAGE 0
#define PART 1

static const char *const files[] = {"templates/page.html", "templates/part.html", "templates/messages"};

static struct view *make_view(struct arena *arena, const char *value) {
  struct view *view = view_new(arena);
  view_text(view, "a", value);
  view_int(view, "n", 21);
  view_bool(view, "yes", true);
  view_bool(view, "no", false);
  view_list(view, "none");
  view_list(view, "items");
  for (int i = 0; i < 2; i++) {
    struct view *item = view_item(view, "items");
    view_text(item, "b", value);
    view_int(item, "n", i);
  }
  return view;
}

static size_t count_special(const struct buf *page) {
  size_t count = 0;
  for (size_t i = 0; i < page->len; i++) count += strchr("<>\"'", page->data[i]) != NULL && page->data[i] != '\0';
  return count;
}

static void render(const struct program *program, struct range range, struct arena *arena) {
  struct buf plain = {0}, strange = {0};
  struct err plain_err = {0}, strange_err = {0};
  bool good = program_run(program, range, make_view(arena, "value"), &plain, &plain_err);
  bool also = program_run(program, range, make_view(arena, "<v a=\"l\" u='e'>&"), &strange, &strange_err);
  assert(good == also && plain_err.code == strange_err.code);
  if (good) assert(count_special(&plain) == count_special(&strange));
  buf_free(&plain);
  buf_free(&strange);
}

static void try_template(const char *text, size_t len, const struct messages *messages, struct arena *arena) {
  const struct source items[] = {{"page", text, len}, {"part", "<i>{{n}}</i>\n", 13}};
  const struct sources sources = {items, 2};
  struct program program = {.language = "lv", .strict = true, .files = files};
  struct range range;
  struct err err = {0};
  if (compile_template(&program, &sources, PAGE, messages, &range, &err)) {
    compile_finish(&program);
    render(&program, range, arena);
  } else {
    assert(err.code == ERR_INPUT && err.line > 0 && err.where[0] != '\0');
  }
  compile_clear(&program);
}

static void try_messages(const struct messages *messages, struct arena *arena) {
  struct program program = {.language = "lv", .strict = false, .files = files};
  for (size_t i = 0; i < messages->count; i++) {
    struct range range;
    struct buf out = {0};
    compile_message(&program, messages->items[i].parts[0], 2, &range);
    compile_finish(&program);
    assert(messages_find(messages, messages->items[i].name, strlen(messages->items[i].name)) == (int)i);
    struct view *view = make_view(arena, "value");
    /* Keys that the view lacks would only fill the log. */
    program.strict = true;
    program_run(&program, range, view, &out, NULL);
    buf_free(&out);
    compile_clear(&program);
    program = (struct program){.language = "lv", .files = files};
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char line[] = "\n---\n";
  if (size > 20000) return 0;
  struct arena *arena = arena_new();
  make_view(arena, ""); /* its keys come before those of the input, which may use up the rest */
  const char *text = arena_copy_len(arena, (const char *)data, size);
  const char *split = memmem(text, size, line, strlen(line));
  size_t messages_len = split != NULL ? (size_t)(split - text) : 0;
  const struct message_text texts[LOCALE_LANGUAGES] = {{text, messages_len}};
  struct messages messages;
  struct err err = {0};
  if (messages_parse(&messages, texts, arena, &err)) {
    const char *page = split != NULL ? split + strlen(line) : text;
    try_messages(&messages, arena);
    try_template(page, size - (size_t)(page - text), &messages, arena);
  } else {
    assert(err.code == ERR_INPUT);
  }
  arena_free(arena);
  return 0;
}
