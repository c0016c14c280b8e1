#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/secret.h"
#include "folder_fixture.h"
#include "web/spool.h"

#define TYPE "multipart/form-data; boundary=XX"
#define FIELD(name, value) "--XX\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define PART(name, file, value) "--XX\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"" file "\"\r\n\r\n" value "\r\n"

static struct arena *arena;
static char *folder;

static int start(void **state) {
  (void)state;
  secret_start();
  arena = arena_new();
  folder = folder_new();
  return 0;
}

static int end(void **state) {
  (void)state;
  arena_free(arena);
  folder_remove(folder);
  return 0;
}

static bool read_body(struct spool *spool, const char *body, size_t text_max, const struct field **fields, size_t *count,
                      struct err *err) {
  return spool_open(spool, folder, arena, err) && spool_add(spool, body, strlen(body), err) &&
         spool_read(spool, TYPE, text_max, arena, fields, count, err);
}

static void a_file_is_there_until_the_end(void **state) {
  (void)state;
  struct spool spool = {0};
  struct err err = {0};
  const struct field *fields;
  size_t count;
  struct buf bytes = {0};
  assert_true(read_body(&spool, FIELD("csrf", "abc") PART("file", "a.csv", "1;2") PART("none", "", "") "--XX--", 100, &fields,
                        &count, &err));
  assert_int_equal(count, 1);
  assert_string_equal(fields[0].value, "abc");
  assert_int_equal(spool.file_count, 1);
  assert_string_equal(spool.files[0].file_name, "a.csv");
  assert_true(file_read(spool.files[0].path, 100, &bytes, &err));
  assert_string_equal(bytes.data, "1;2");
  struct stat info;
  assert_int_equal(stat(spool.files[0].path, &info), 0);
  assert_int_equal(info.st_mode & 0777, 0600);
  const char *path = spool.files[0].path;
  spool_clear(&spool);
  assert_int_not_equal(access(path, F_OK), 0);
  buf_free(&bytes);
}

static void what_is_too_much(void **state) {
  (void)state;
  struct spool spool = {0};
  struct err err = {0};
  const struct field *fields;
  size_t count;
  assert_false(read_body(&spool, FIELD("a", "12345") "--XX--", 4, &fields, &count, &err));
  assert_int_equal(err.code, ERR_TOO_LARGE);
  spool_clear(&spool);
  err = (struct err){0};
#define TWO PART("f", "a", "1") PART("f", "b", "2")
  assert_false(read_body(&spool, TWO TWO TWO TWO PART("f", "c", "9") "--XX--", 4, &fields, &count, &err));
  assert_int_equal(err.code, ERR_TOO_LARGE);
  spool_clear(&spool);
  err = (struct err){0};
  assert_false(read_body(&spool, FIELD("a", "\xC5") "--XX--", 4, &fields, &count, &err));
  assert_int_equal(err.code, ERR_INPUT);
  spool_clear(&spool);
}

static void a_full_disk(void **state) {
  (void)state;
  struct spool spool = {0};
  struct err err = {0};
  struct rlimit old, low;
  char block[4096];
  memset(block, 'x', sizeof block);
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &old);
  low = old;
  low.rlim_cur = 6000;
  assert_true(spool_open(&spool, folder, arena, &err));
  setrlimit(RLIMIT_FSIZE, &low);
  bool first = spool_add(&spool, block, sizeof block, &err), second = spool_add(&spool, block, sizeof block, &err);
  setrlimit(RLIMIT_FSIZE, &old);
  assert_true(first);
  assert_false(second);
  assert_int_equal(err.code, ERR_FULL);
  spool_clear(&spool);
}

static void leftovers_are_swept(void **state) {
  (void)state;
  folder_write(folder, SPOOL_FOLDER "/upload-left", "x");
  folder_write(folder, SPOOL_FOLDER "/import-new", "x");
  folder_write(folder, SPOOL_FOLDER "/import-old", "x");
  char *left = file_join(folder, SPOOL_FOLDER "/upload-left"), *new_one = file_join(folder, SPOOL_FOLDER "/import-new");
  char *old_one = file_join(folder, SPOOL_FOLDER "/import-old");
  const struct timespec times[2] = {{.tv_sec = 1000000}, {.tv_sec = 1000000}};
  assert_int_equal(utimensat(AT_FDCWD, old_one, times, 0), 0);
  spool_sweep(folder);
  assert_int_not_equal(access(left, F_OK), 0);
  assert_int_not_equal(access(old_one, F_OK), 0);
  assert_int_equal(access(new_one, F_OK), 0);
  free(left);
  free(new_one);
  free(old_one);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_file_is_there_until_the_end),
      cmocka_unit_test(what_is_too_much),
      cmocka_unit_test(a_full_disk),
      cmocka_unit_test(leftovers_are_swept),
  };
  return cmocka_run_group_tests_name("spool", tests, start, end);
}
