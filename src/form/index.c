#include "form/index.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

struct entry {
  const char *id; /* NULL: free */
  enum form_index_kind kind;
  int number;
};

struct form_index {
  struct entry *entries;
  uint32_t mask;
  int room;
};

struct form_index *form_index_new(struct arena *arena, int count) {
  struct form_index *index = arena_alloc(arena, sizeof *index);
  uint32_t size = 16;
  while (size < (uint32_t)count * 2) size *= 2;
  index->entries = arena_array(arena, size, sizeof *index->entries);
  index->mask = size - 1;
  index->room = count;
  return index;
}

/* The id's entry, or the free one where it belongs. */
static struct entry *seek(const struct form_index *index, enum form_index_kind kind, const char *id) {
  uint32_t hash = 2166136261u + (uint32_t)kind; /* FNV-1a */
  for (const char *at = id; *at != '\0'; at++) hash = (hash ^ (unsigned char)*at) * 16777619u;
  for (uint32_t slot = hash & index->mask;; slot = (slot + 1) & index->mask) {
    struct entry *entry = &index->entries[slot];
    if (entry->id == NULL || (entry->kind == kind && strcmp(entry->id, id) == 0)) return entry;
  }
}

void form_index_put(struct form_index *index, enum form_index_kind kind, const char *id, int number) {
  struct entry *entry = seek(index, kind, id);
  if (entry->id != NULL) return;
  assert(index->room > 0);
  index->room--;
  *entry = (struct entry){id, kind, number};
}

int form_index_get(const struct form_index *index, enum form_index_kind kind, const char *id) {
  const struct entry *entry = seek(index, kind, id);
  return entry->id != NULL ? entry->number : -1;
}
