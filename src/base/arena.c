#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* Under the address sanitizer what is not handed out is poisoned and neighbours stand apart, so that running over the
 * end of one allocation is seen although the block goes on. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#endif
#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#define GAP 16
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define GAP 0
#endif

#define ALIGN _Alignof(max_align_t)
#define FIRST_BLOCK ((size_t)8 << 10)
#define LARGEST_BLOCK ((size_t)1 << 20)
#define KEPT_MAX ((size_t)256 << 10) /* bytes of blocks that a reset keeps */

struct block {
  struct block *next;
  size_t cap;
  size_t used;
  _Alignas(max_align_t) char bytes[];
};

struct arena {
  struct block *first;
  struct block *current; /* blocks before it are full, blocks behind it are empty */
  size_t used;
};

static struct block *block_new(size_t cap) {
  struct block *block = malloc(sizeof *block + cap);
  if (block == NULL) log_out_of_memory();
  block->next = NULL;
  block->cap = cap;
  block->used = 0;
  ASAN_POISON_MEMORY_REGION(block->bytes, cap);
  return block;
}

static void block_free(struct block *block) {
  ASAN_UNPOISON_MEMORY_REGION(block->bytes, block->cap);
  free(block);
}

struct arena *arena_new(void) {
  struct arena *arena = calloc(1, sizeof *arena);
  if (arena == NULL) log_out_of_memory();
  return arena;
}

static void free_blocks(struct block *block) {
  while (block != NULL) {
    struct block *next = block->next;
    block_free(block);
    block = next;
  }
}

void arena_free(struct arena *arena) {
  if (arena == NULL) return;
  free_blocks(arena->first);
  free(arena);
}

void arena_reset(struct arena *arena) {
  size_t kept = 0;
  struct block **link = &arena->first;
  while (*link != NULL && kept + (*link)->cap <= KEPT_MAX) {
    struct block *block = *link;
    kept += block->cap;
    block->used = 0;
    ASAN_POISON_MEMORY_REGION(block->bytes, block->cap);
    link = &block->next;
  }
  free_blocks(*link);
  *link = NULL;
  arena->current = arena->first;
  arena->used = 0;
}

/* A block with room for size bytes becomes the current one. */
static void make_room(struct arena *arena, size_t size) {
  struct block *current = arena->current;
  if (current != NULL && current->next != NULL && current->next->cap >= size) {
    arena->current = current->next;
    return;
  }
  size_t cap = FIRST_BLOCK;
  if (current != NULL) cap = current->cap < LARGEST_BLOCK / 2 ? current->cap * 2 : LARGEST_BLOCK;
  if (cap < size) cap = size;
  struct block *block = block_new(cap);
  if (current == NULL) {
    arena->first = block;
  } else {
    block->next = current->next;
    current->next = block;
  }
  arena->current = block;
}

void *arena_alloc(struct arena *arena, size_t size) {
  if (size > SIZE_MAX / 4) log_out_of_memory();
  size_t step = (size + GAP + ALIGN - 1) / ALIGN * ALIGN;
  struct block *block = arena->current;
  if (block == NULL || block->cap - block->used < step) {
    make_room(arena, step);
    block = arena->current;
  }
  char *bytes = block->bytes + block->used;
  block->used += step;
  arena->used += size;
  ASAN_UNPOISON_MEMORY_REGION(bytes, size);
  memset(bytes, 0, size);
  return bytes;
}

void *arena_array(struct arena *arena, size_t count, size_t size) {
  size_t total;
  if (__builtin_mul_overflow(count, size, &total)) log_out_of_memory();
  return arena_alloc(arena, total);
}

char *arena_copy_len(struct arena *arena, const char *text, size_t len) {
  char *copy = arena_alloc(arena, len + 1);
  if (len > 0) memcpy(copy, text, len);
  return copy;
}

char *arena_copy(struct arena *arena, const char *text) { return arena_copy_len(arena, text, strlen(text)); }

char *arena_printf(struct arena *arena, const char *format, ...) {
  char small[256]; /* most texts fit, and are then formatted once instead of counted first */
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int len = vsnprintf(small, sizeof small, format, args);
  if (len < 0) len = 0;
  char *text = arena_alloc(arena, (size_t)len + 1);
  if ((size_t)len < sizeof small) memcpy(text, small, (size_t)len);
  else vsnprintf(text, (size_t)len + 1, format, again);
  va_end(again);
  va_end(args);
  return text;
}

size_t arena_used(const struct arena *arena) { return arena->used; }
