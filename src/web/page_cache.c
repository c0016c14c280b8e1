#include "web/page_cache.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 1024u

struct entry {
  struct entry *next;           /* of the bucket */
  struct entry *newer, *older; /* by last use */
  uint64_t hash;
  size_t len;
  char *html; /* in the same block, behind the key */
  char key[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct entry *buckets[BUCKETS];
static struct entry *newest, *oldest;
static size_t part_count, byte_count;

/* FNV-1a. */
static uint64_t hash_of(const char *key) {
  uint64_t hash = 14695981039346656037u;
  for (; *key != '\0'; key++) hash = (hash ^ (unsigned char)*key) * 1099511628211u;
  return hash;
}

static void unlink_use(struct entry *entry) {
  if (entry->newer != NULL) entry->newer->older = entry->older;
  else newest = entry->older;
  if (entry->older != NULL) entry->older->newer = entry->newer;
  else oldest = entry->newer;
}

static void link_newest(struct entry *entry) {
  entry->newer = NULL;
  entry->older = newest;
  if (newest != NULL) newest->newer = entry;
  else oldest = entry;
  newest = entry;
}

static struct entry **place_of(const char *key, uint64_t hash) {
  struct entry **place = &buckets[hash % BUCKETS];
  while (*place != NULL && ((*place)->hash != hash || strcmp((*place)->key, key) != 0)) place = &(*place)->next;
  return place;
}

static void drop(struct entry **place) {
  struct entry *entry = *place;
  *place = entry->next;
  unlink_use(entry);
  part_count--;
  byte_count -= entry->len;
  free(entry);
}

bool page_cache_get(const char *key, struct arena *arena, struct page_part *out) {
  pthread_mutex_lock(&lock);
  struct entry *entry = *place_of(key, hash_of(key));
  if (entry != NULL) {
    unlink_use(entry);
    link_newest(entry);
    *out = (struct page_part){arena_copy_len(arena, entry->html, entry->len), entry->len};
  }
  pthread_mutex_unlock(&lock);
  return entry != NULL;
}

void page_cache_put(const char *key, const struct page_part *part) {
  size_t key_size = strlen(key) + 1;
  if (part->len > PAGE_CACHE_BYTES_MAX / 8) return;
  struct entry *entry = malloc(sizeof *entry + key_size + part->len);
  if (entry == NULL) return;
  entry->hash = hash_of(key);
  entry->len = part->len;
  entry->html = entry->key + key_size;
  memcpy(entry->key, key, key_size);
  memcpy(entry->html, part->html, part->len);
  pthread_mutex_lock(&lock);
  struct entry **place = place_of(key, entry->hash);
  if (*place != NULL) drop(place);
  entry->next = buckets[entry->hash % BUCKETS];
  buckets[entry->hash % BUCKETS] = entry;
  link_newest(entry);
  part_count++;
  byte_count += entry->len;
  while (part_count > PAGE_CACHE_PARTS_MAX || byte_count > PAGE_CACHE_BYTES_MAX) drop(place_of(oldest->key, oldest->hash));
  pthread_mutex_unlock(&lock);
}

void page_cache_clear(void) {
  pthread_mutex_lock(&lock);
  while (oldest != NULL) drop(place_of(oldest->key, oldest->hash));
  pthread_mutex_unlock(&lock);
}
