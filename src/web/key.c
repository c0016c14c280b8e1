#include "web/key.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define KEYS_MAX 4096u
#define SLOTS (2 * KEYS_MAX)
#define NEAR 4096u /* names remembered by address */
#define ADDRESS_BITS 48

struct key {
  size_t len;
  uint16_t number;
  char name[];
};

/* Readers take no lock: a key is complete before its slot is set, and stays. */
static _Atomic(const struct key *) slots[SLOTS];
static _Atomic(const struct key *) by_number[KEYS_MAX];
/* Address and number of a literal in one word, so that they are read together. */
static _Atomic uint64_t near_table[NEAR];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_uint count; /* grows under the lock */

static unsigned hash_name(const char *name, size_t len) {
  unsigned hash = 2166136261u; /* FNV-1a */
  for (size_t i = 0; i < len; i++) hash = (hash ^ (unsigned char)name[i]) * 16777619u;
  return hash;
}

/* The key, or NULL and the slot where it belongs. */
static const struct key *look(const char *name, size_t len, unsigned *slot) {
  unsigned at = hash_name(name, len) % SLOTS;
  const struct key *key;
  while ((key = atomic_load_explicit(&slots[at], memory_order_acquire)) != NULL) {
    if (key->len == len && memcmp(key->name, name, len) == 0) return key;
    at = (at + 1) % SLOTS;
  }
  *slot = at;
  return NULL;
}

static const struct key *add(const char *name, size_t len) {
  unsigned slot = 0;
  pthread_mutex_lock(&lock);
  const struct key *found = look(name, len, &slot);
  if (found == NULL && count < KEYS_MAX) {
    struct key *key = calloc(1, sizeof *key + len + 1);
    if (key == NULL) log_out_of_memory();
    key->len = len;
    key->number = (uint16_t)count;
    memcpy(key->name, name, len);
    atomic_store_explicit(&by_number[count], key, memory_order_release);
    atomic_fetch_add(&count, 1);
    atomic_store_explicit(&slots[slot], key, memory_order_release);
    found = key;
  }
  pthread_mutex_unlock(&lock);
  return found;
}

static const struct key *find_or_add(const char *name, size_t len) {
  unsigned slot = 0;
  const struct key *key = look(name, len, &slot);
  return key != NULL ? key : add(name, len);
}

uint16_t key_intern(const char *name, size_t len) {
  const struct key *key = find_or_add(name, len);
  return key != NULL ? key->number : KEY_NONE;
}

uint16_t key_of(const char *literal) {
  uint64_t address = (uintptr_t)literal;
  _Atomic uint64_t *cell = &near_table[(address ^ address >> 12) % NEAR];
  uint64_t word = atomic_load_explicit(cell, memory_order_acquire);
  if (word >> 16 == address) {
#ifdef __SANITIZE_ADDRESS__
    assert(strcmp(key_name(word & 0xFFFF), literal) == 0); /* otherwise it is no literal */
#endif
    return word & 0xFFFF;
  }
  uint16_t key = key_intern(literal, strlen(literal));
  if (key != KEY_NONE && address >> ADDRESS_BITS == 0) {
    atomic_store_explicit(cell, address << 16 | key, memory_order_release);
  }
  return key;
}

size_t key_count(void) { return atomic_load_explicit(&count, memory_order_acquire); }

const char *key_name(uint16_t key) {
  if (key >= KEYS_MAX) return "";
  const struct key *found = atomic_load_explicit(&by_number[key], memory_order_acquire);
  return found != NULL ? found->name : "";
}
