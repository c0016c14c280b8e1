#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/page_cache.h"

static void put(const char *key, const char *text) { page_cache_put(key, &(struct page_part){text, strlen(text)}); }

static const char *get(const char *key, struct arena *arena) {
  struct page_part part;
  return page_cache_get(key, arena, &part) ? part.html : NULL;
}

static void test_keeps_by_key(void **state) {
  struct arena *arena = arena_new();
  (void)state;
  page_cache_clear();
  assert_null(get("1 lv", arena));
  put("1 lv", "viens");
  put("2 lv", "divi");
  put("1 lv", "cits");
  assert_string_equal(get("1 lv", arena), "cits");
  assert_string_equal(get("2 lv", arena), "divi");
  assert_null(get("1 en", arena));
  page_cache_clear();
  assert_null(get("1 lv", arena));
  arena_free(arena);
}

static void test_least_recently_used_goes(void **state) {
  struct arena *arena = arena_new();
  char key[24];
  (void)state;
  page_cache_clear();
  put("kept", "x");
  for (int i = 0; i < 3 * PAGE_CACHE_PARTS_MAX; i++) {
    snprintf(key, sizeof key, "%d", i);
    put(key, key);
    if (i % 100 == 0) assert_non_null(get("kept", arena));
  }
  assert_non_null(get("kept", arena));
  assert_null(get("0", arena));
  assert_string_equal(get(key, arena), key);
  page_cache_clear();
  arena_free(arena);
}

static void test_bytes_are_bounded(void **state) {
  struct arena *arena = arena_new();
  size_t len = PAGE_CACHE_BYTES_MAX / 8;
  char *big = malloc(len + 2), key[24];
  (void)state;
  memset(big, 'x', len + 1);
  page_cache_clear();
  page_cache_put("too big", &(struct page_part){big, len + 1});
  assert_null(get("too big", arena));
  for (int i = 0; i < 20; i++) {
    snprintf(key, sizeof key, "%d", i);
    page_cache_put(key, &(struct page_part){big, len});
  }
  int kept = 0;
  for (int i = 0; i < 20; i++) {
    snprintf(key, sizeof key, "%d", i);
    kept += get(key, arena) != NULL;
  }
  assert_int_equal(kept, 8);
  page_cache_clear();
  free(big);
  arena_free(arena);
}

static void *use(void *context) {
  struct arena *arena = arena_new();
  char key[24];
  for (int i = 0; i < 20000; i++) {
    snprintf(key, sizeof key, "%d", (i * 7 + *(int *)context) % 900);
    const char *found = get(key, arena);
    if (found == NULL) put(key, key);
    else if (strcmp(found, key) != 0) abort();
    if (i % 500 == 0) arena_reset(arena);
  }
  arena_free(arena);
  return NULL;
}

static void test_threads(void **state) {
  pthread_t threads[4];
  int starts[4] = {0, 13, 101, 777};
  (void)state;
  for (int i = 0; i < 4; i++) assert_int_equal(pthread_create(&threads[i], NULL, use, &starts[i]), 0);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  page_cache_clear();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_keeps_by_key),
      cmocka_unit_test(test_least_recently_used_goes),
      cmocka_unit_test(test_bytes_are_bounded),
      cmocka_unit_test(test_threads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
