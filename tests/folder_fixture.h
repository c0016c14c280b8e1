/* A temporary folder that is gone afterwards. Include behind cmocka.h. */
#ifndef ANKETA_TESTS_FOLDER_FIXTURE_H
#define ANKETA_TESTS_FOLDER_FIXTURE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"

/* The caller frees; folder_remove does it too. */
static inline char *folder_new(void) {
  const char *base = getenv("TMPDIR");
  char *path = file_join(base != NULL && *base != '\0' ? base : "/tmp", "anketa-test-XXXXXX");
  assert_non_null(mkdtemp(path));
  return path;
}

static inline int folder_remove_one(const char *path, const struct stat *info, int type, struct FTW *place) {
  (void)info;
  (void)type;
  (void)place;
  return remove(path);
}

static inline void folder_remove(char *path) {
  nftw(path, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
  free(path);
}

static inline void folder_write(const char *folder, const char *name, const char *text) {
  struct err err = {0};
  char *path = file_join(folder, name), *parent = file_folder(path);
  assert_true(file_make_folder(parent, &err));
  if (!file_write(path, text, strlen(text), &err)) fail_msg("%s", err.text);
  free(parent);
  free(path);
}

static inline void assert_good(bool ok, const struct err *err) {
  if (!ok || err->code != ERR_NONE) fail_msg("code %d: %s:%d: %s", err->code, err->where, err->line, err->text);
}

#define assert_err(ok, err, expected, words) \
  do { \
    assert_false(ok); \
    assert_int_equal((err)->code, expected); \
    if (strstr((err)->text, words) == NULL) fail_msg("expected \"%s\" in \"%s\"", words, (err)->text); \
  } while (0)

#endif
