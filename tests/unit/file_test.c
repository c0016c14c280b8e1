#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <dirent.h>
#include <unistd.h>

#include "base/file.h"

static char folder[] = "/tmp/anketa-file-XXXXXX";

static int make_folder(void **state) {
  (void)state;
  return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state) {
  (void)state;
  struct buf command = {0};
  buf_printf(&command, "rm -rf '%s'", folder);
  int result = system(command.data);
  buf_free(&command);
  return result;
}

static char *at(const char *name) { return file_join(folder, name); }

static int file_count(void) {
  int count = 0;
  DIR *dir = opendir(folder);
  assert_non_null(dir);
  while (readdir(dir) != NULL) count++;
  closedir(dir);
  return count - 2;
}

static void assert_content(const char *path, const char *expected) {
  struct buf text = {0};
  assert_true(file_read(path, 1000, &text, NULL));
  assert_string_equal(buf_text(&text), expected);
  buf_free(&text);
}

static void write_and_read(void **state) {
  (void)state;
  struct err err = {0};
  struct stat info;
  char *path = at("a");
  assert_int_equal(file_modified_ns(path), 0);
  assert_true(file_write(path, "one", 3, &err));
  assert_content(path, "one");
  assert_true(file_modified_ns(path) > 1000000000LL * 1000000000LL);
  assert_int_equal(chmod(path, 0640), 0);
  assert_true(file_write(path, "", 0, &err));
  assert_content(path, "");
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_mode & 0777, 0640);
  assert_int_equal(file_count(), 1);
  unlink(path);
  free(path);
}

static void read_adds(void **state) {
  (void)state;
  struct err err = {0};
  struct buf text = {0};
  char *path = at("b");
  assert_true(file_write(path, "12345", 5, &err));
  buf_puts(&text, "x");
  assert_true(file_read(path, 5, &text, &err));
  assert_string_equal(buf_text(&text), "x12345");
  assert_false(file_read(path, 4, &text, &err));
  assert_int_equal(err.code, ERR_TOO_LARGE);
  assert_string_equal(buf_text(&text), "x12345");
  buf_free(&text);
  unlink(path);
  free(path);
}

static void read_fails(void **state) {
  (void)state;
  struct err absent = {0}, is_folder = {0};
  struct buf text = {0};
  char *path = at("absent");
  assert_false(file_read(path, 10, &text, &absent));
  assert_int_equal(absent.code, ERR_NOT_FOUND);
  assert_string_equal(absent.where, path);
  assert_false(file_read(folder, 10, &text, &is_folder));
  assert_int_equal(is_folder.code, ERR_SYSTEM);
  buf_free(&text);
  free(path);
}

/* With a limit on the size of files the write breaks off in the middle: the old file must stay, and nothing beside it. */
static void full_disk(void **state) {
  (void)state;
  struct err err = {0};
  struct rlimit old, small;
  static char bytes[100000];
  char *path = at("full");
  assert_true(file_write(path, "kept", 4, &err));
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
  small = (struct rlimit){50000, old.rlim_max};
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  bool written = file_write(path, bytes, sizeof bytes, &err);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
  assert_false(written);
  assert_int_equal(err.code, ERR_FULL);
  assert_content(path, "kept");
  assert_int_equal(file_count(), 1);
  unlink(path);
  free(path);
}

static void write_without_folder(void **state) {
  (void)state;
  struct err err = {0};
  char *path = at("no/such/file");
  assert_false(file_write(path, "x", 1, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  free(path);
}

static void folders(void **state) {
  (void)state;
  struct err err = {0}, blocked = {0};
  struct stat info;
  char *path = at("p//q/r/");
  assert_true(file_make_folder(path, &err));
  assert_true(file_make_folder(path, &err));
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_mode & 0777, 0700);
  free(path);
  path = at("p/file");
  assert_true(file_write(path, "x", 1, &err));
  assert_false(file_make_folder(path, &blocked));
  assert_int_equal(blocked.code, ERR_SYSTEM);
  assert_true(file_make_folder("/", &err));
  free(path);
}

static void assert_take(char *got, const char *expected) {
  assert_string_equal(got, expected);
  free(got);
}

static void paths(void **state) {
  (void)state;
  assert_take(file_join("a", "b"), "a/b");
  assert_take(file_join("a/", "b"), "a/b");
  assert_take(file_join("a//", "b"), "a/b");
  assert_take(file_join("/", "b"), "/b");
  assert_take(file_join("", "b"), "b");
  assert_take(file_join("a", "/b"), "/b");
  assert_take(file_join(".", "b/c"), "./b/c");
  assert_take(file_folder("a/b"), "a");
  assert_take(file_folder("a/b/"), "a");
  assert_take(file_folder("a//b"), "a");
  assert_take(file_folder("/a"), "/");
  assert_take(file_folder("/a/b/c"), "/a/b");
  assert_take(file_folder("/"), "/");
  assert_take(file_folder("a"), ".");
  assert_take(file_folder(""), ".");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(write_and_read), cmocka_unit_test(read_adds),            cmocka_unit_test(read_fails),
      cmocka_unit_test(full_disk),      cmocka_unit_test(write_without_folder), cmocka_unit_test(folders),
      cmocka_unit_test(paths),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
