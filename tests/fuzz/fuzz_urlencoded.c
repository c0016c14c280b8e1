/* Any bytes as a form body and as a path: what is taken is sound text, and reads back after it was written. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "web/urlencoded.h"

#define FIELDS_MAX 50

static void check_round_trip(const struct field *field, struct arena *arena) {
  struct buf body = {0};
  const struct field *again;
  size_t count;
  urlencoded_write(&body, field->name);
  buf_putc(&body, '=');
  urlencoded_write(&body, field->value);
  assert(urlencoded_parse(body.data, body.len, 1, arena, &again, &count, NULL));
  assert(count == 1 && strcmp(again->name, field->name) == 0 && strcmp(again->value, field->value) == 0);
  buf_free(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  const struct field *fields;
  size_t count;
  struct err err = {0};
  char *body = arena_copy_len(arena, (const char *)data, size);
  if (urlencoded_parse(body, size, FIELDS_MAX, arena, &fields, &count, &err)) {
    assert(count <= FIELDS_MAX);
    for (size_t i = 0; i < count; i++) {
      assert(utf8_check(fields[i].name, strlen(fields[i].name), NULL));
      assert(utf8_check(fields[i].value, strlen(fields[i].value), NULL));
      check_round_trip(&fields[i], arena);
    }
  } else {
    assert(err.code == ERR_INPUT || err.code == ERR_TOO_LARGE);
  }
  char *path = arena_copy_len(arena, (const char *)data, size);
  if (urlencoded_path(path, NULL)) assert(utf8_check(path, strlen(path), NULL));
  arena_free(arena);
  return 0;
}
