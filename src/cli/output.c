#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"

struct output {
  int fd;
  char *path;
  char *temporary; /* NULL: written in place */
};

static bool fail(const struct output *output, const char *action, struct err *err) {
  int number = errno;
  const char *path = strcmp(output->path, "-") == 0 ? "standard output" : output->path;
  bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  return err_set(err, full ? ERR_FULL : ERR_SYSTEM, "cannot %s %s: %s", action, path, strerror(number));
}

/* A file of its own beside the path, with the rights of the file that it will replace. */
static bool open_beside(struct output *output, const struct stat *old) {
  struct buf name = {0};
  buf_printf(&name, "%s.%ld.tmp", output->path, (long)getpid());
  output->temporary = name.data;
  output->fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (output->fd < 0) return false;
  return old == NULL || fchmod(output->fd, old->st_mode & 07777) == 0;
}

struct output *output_open(const char *path, struct err *err) {
  struct output *output = calloc(1, sizeof *output);
  if (output == NULL) log_out_of_memory();
  output->path = strdup(path);
  if (output->path == NULL) log_out_of_memory();
  struct stat old;
  bool exists = stat(path, &old) == 0;
  bool ok = true;
  if (strcmp(path, "-") == 0) output->fd = dup(STDOUT_FILENO);
  else if (exists && !S_ISREG(old.st_mode)) output->fd = open(path, O_WRONLY | O_CLOEXEC);
  else ok = open_beside(output, exists ? &old : NULL);
  if (ok && output->fd >= 0) return output;
  fail(output, "write", err);
  output_drop(output);
  return NULL;
}

bool output_write(struct output *output, const void *bytes, size_t len, struct err *err) {
  const char *at = bytes;
  while (len > 0) {
    ssize_t put = write(output->fd, at, len);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail(output, "write", err);
    at += put;
    len -= (size_t)put;
  }
  return true;
}

bool output_finish(struct output *output, struct err *err) {
  bool ok = output->temporary == NULL || fsync(output->fd) == 0;
  int closed = close(output->fd);
  output->fd = -1;
  ok = ok && closed == 0;
  if (ok && output->temporary != NULL) ok = rename(output->temporary, output->path) == 0;
  if (!ok) {
    fail(output, "write", err);
    output_drop(output);
    return false;
  }
  free(output->temporary);
  free(output->path);
  free(output);
  return true;
}

void output_drop(struct output *output) {
  if (output == NULL) return;
  if (output->fd >= 0) close(output->fd);
  if (output->temporary != NULL) unlink(output->temporary);
  free(output->temporary);
  free(output->path);
  free(output);
}
