#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void zeroed_and_aligned(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  for (int round = 0; round < 3; round++) {
    for (size_t size = 0; size < 300; size++) {
      unsigned char *bytes = arena_alloc(arena, size);
      assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
      for (size_t i = 0; i < size; i++) assert_int_equal(bytes[i], 0);
      memset(bytes, 0xA5, size);
    }
    arena_reset(arena);
  }
  arena_free(arena);
}

/* Nothing handed out may be touched by what is handed out later, over all sizes of blocks. */
static void apart(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  unsigned char *all[2000];
  for (size_t i = 0; i < 2000; i++) {
    size_t size = 1 + i * 7919 % 5000;
    all[i] = arena_alloc(arena, size);
    memset(all[i], (int)(i % 251), size);
  }
  for (size_t i = 0; i < 2000; i++) {
    size_t size = 1 + i * 7919 % 5000;
    for (size_t j = 0; j < size; j++) assert_int_equal(all[i][j], i % 251);
  }
  arena_free(arena);
}

static void large(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  char *before = arena_copy(arena, "before");
  char *bytes = arena_alloc(arena, 10 << 20);
  bytes[(10 << 20) - 1] = 'x';
  char *after = arena_copy(arena, "after");
  assert_string_equal(before, "before");
  assert_string_equal(after, "after");
  arena_free(arena);
}

static void reset_keeps_memory(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  void *first = arena_alloc(arena, 100);
  arena_alloc(arena, 4 << 20);
  assert_int_equal(arena_used(arena), 100 + (4 << 20));
  arena_reset(arena);
  assert_int_equal(arena_used(arena), 0);
  assert_ptr_equal(arena_alloc(arena, 100), first);
  arena_reset(arena);
  arena_reset(arena);
  arena_free(arena);
}

static void texts(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  char source[] = "abcdef";
  char *copy = arena_copy(arena, source);
  char *part = arena_copy_len(arena, source, 3);
  source[0] = 'X';
  assert_string_equal(copy, "abcdef");
  assert_string_equal(part, "abc");
  assert_string_equal(arena_copy_len(arena, NULL, 0), "");
  assert_string_equal(arena_printf(arena, "%s-%d-%s", "a", 42, copy), "a-42-abcdef");
  assert_string_equal(arena_printf(arena, "%s", ""), "");
  char *wide = arena_printf(arena, "%05000d", 7);
  assert_int_equal(strlen(wide), 5000);
  int *numbers = arena_array(arena, 10, sizeof *numbers);
  for (int i = 0; i < 10; i++) assert_int_equal(numbers[i], 0);
  arena_free(arena);
}

static void free_null(void **state) {
  (void)state;
  arena_free(NULL);
  arena_free(arena_new());
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(zeroed_and_aligned), cmocka_unit_test(apart), cmocka_unit_test(large),
      cmocka_unit_test(reset_keeps_memory), cmocka_unit_test(texts), cmocka_unit_test(free_null),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
