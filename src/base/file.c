#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define READ_STEP 65536

static bool fail(struct err *err, const char *path, const char *action) {
  int number = errno;
  enum err_code code = ERR_SYSTEM;
  if (number == ENOENT || number == ENOTDIR) code = ERR_NOT_FOUND;
  if (number == ENOSPC || number == EDQUOT || number == EFBIG) code = ERR_FULL;
  char reason[128];
  return err_set_at(err, code, path, 0, 0, "cannot %s %s: %s", action, path, strerror_r(number, reason, sizeof reason));
}

static bool read_all(int fd, const char *path, size_t max, struct buf *out, struct err *err) {
  size_t start = out->len;
  for (;;) {
    char *at = buf_reserve(out, READ_STEP);
    ssize_t got = read(fd, at, READ_STEP);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(err, path, "read");
    if (got == 0) break;
    out->len += (size_t)got;
    if (out->len - start > max) {
      return err_set_at(err, ERR_TOO_LARGE, path, 0, 0, "%s is larger than %zu bytes", path, max);
    }
  }
  out->data[out->len] = '\0';
  return true;
}

bool file_read(const char *path, size_t max, struct buf *out, struct err *err) {
  size_t start = out->len;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail(err, path, "open");
  bool ok = read_all(fd, path, max, out, err);
  close(fd);
  if (!ok) {
    out->len = start;
    out->data[start] = '\0';
  }
  return ok;
}

/* Creates a new file beside path; its name is the caller's to free. */
static int open_temporary(const char *path, char **name) {
  static atomic_uint counter;
  struct buf text = {0};
  int fd = -1;
  for (int attempt = 0; attempt < 100 && fd < 0; attempt++) {
    buf_reset(&text);
    buf_printf(&text, "%s.%ld-%u.tmp", path, (long)getpid(), atomic_fetch_add(&counter, 1));
    fd = open(text.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EEXIST) break;
  }
  int number = errno;
  *name = text.data;
  errno = number;
  return fd;
}

bool file_put(int file, const void *bytes, size_t len) {
  const char *at = bytes;
  while (len > 0) {
    ssize_t put = write(file, at, len);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    at += put;
    len -= (size_t)put;
  }
  return true;
}

/* A rename is only on disk when its folder is. */
static bool sync_folder(const char *path) {
  char *folder = file_folder(path);
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  free(folder);
  if (fd < 0) return false;
  /* Some network file systems cannot sync a folder; there the rename is as safe as they make it. */
  bool ok = fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP;
  close(fd);
  return ok;
}

bool file_write(const char *path, const void *bytes, size_t len, struct err *err) {
  char *temporary = NULL;
  bool ok = false;
  struct stat old;
  int fd = open_temporary(path, &temporary);
  if (fd < 0) {
    fail(err, path, "write");
    goto out;
  }
  if (stat(path, &old) == 0 && fchmod(fd, old.st_mode & 07777) != 0) goto failed;
  if (!file_put(fd, bytes, len) || fsync(fd) != 0) goto failed;
  int closed = close(fd);
  fd = -1;
  if (closed != 0 || rename(temporary, path) != 0) goto failed;
  ok = sync_folder(path) || fail(err, path, "sync the folder of");
  goto out;

failed:
  fail(err, path, "write");
  if (fd >= 0) close(fd);
  unlink(temporary);
out:
  free(temporary);
  return ok;
}

static bool make_one_folder(const char *path, struct err *err) {
  if (mkdir(path, 0700) == 0) return true;
  if (errno != EEXIST) return fail(err, path, "make the folder");
  struct stat info;
  if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) return true;
  return err_set_at(err, ERR_SYSTEM, path, 0, 0, "cannot make the folder %s: a file of that name is in the way", path);
}

int file_temporary(struct err *err) {
  const char *folder = getenv("TMPDIR");
  char *path = file_join(folder != NULL && *folder != '\0' ? folder : "/tmp", "anketa-XXXXXX");
  int file = mkostemp(path, O_CLOEXEC);
  if (file >= 0) unlink(path);
  else fail(err, path, "make the temporary file");
  free(path);
  return file;
}

bool file_make_folder(const char *path, struct err *err) {
  struct buf part = {0};
  bool ok = true;
  size_t at = 0;
  while (ok && path[at] != '\0') {
    size_t end = at + strspn(path + at, "/");
    end += strcspn(path + end, "/");
    buf_add(&part, path + at, end - at);
    at = end;
    if (strspn(part.data, "/") < part.len) ok = make_one_folder(part.data, err);
  }
  buf_free(&part);
  return ok;
}

static char *copy_text(const char *text, size_t len) {
  char *copy = strndup(text, len);
  if (copy == NULL) log_out_of_memory();
  return copy;
}

char *file_join(const char *dir, const char *name) {
  size_t dir_len = strlen(dir);
  if (name[0] == '/' || dir_len == 0) return copy_text(name, strlen(name));
  while (dir_len > 0 && dir[dir_len - 1] == '/') dir_len--;
  struct buf path = {0};
  buf_add(&path, dir, dir_len);
  buf_putc(&path, '/');
  buf_puts(&path, name);
  return path.data;
}

char *file_folder(const char *path) {
  size_t len = strlen(path);
  while (len > 1 && path[len - 1] == '/') len--;
  while (len > 0 && path[len - 1] != '/') len--;
  if (len == 0) return copy_text(".", 1);
  while (len > 1 && path[len - 1] == '/') len--;
  return copy_text(path, len);
}

long long file_modified_ns(const char *path) {
  struct stat info;
  if (stat(path, &info) != 0) return 0;
  return (long long)info.st_mtim.tv_sec * 1000000000LL + info.st_mtim.tv_nsec;
}
