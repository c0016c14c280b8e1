#include "paper/press.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define PROGRAM "/proc/self/exe"
#define TIME_MAX_US (60LL * 1000000)
#define BLOCK 65536
#define COMPLAINT_MAX 400

extern char **environ;

struct press {
  pid_t process;
  int out, complaints; /* what it writes: the PDF, and why it failed; -1 when at their end */
  char complaint[COMPLAINT_MAX + 1];
  size_t complaint_len;
};

static bool fail(struct err *err, const char *action) {
  return err_set(err, ERR_SYSTEM, "cannot %s the process that prints: %s", action, strerror(errno));
}

static void close_one(int *file) {
  if (*file >= 0) close(*file);
  *file = -1;
}

/* It begins with no signal blocked or caught, and with its three files alone. */
static int spawn(struct press *press, int manuscript, int out, int complaints) {
  char name[] = "anketa", verb[] = "typeset";
  char *words[] = {name, verb, NULL};
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  sigaddset(&usual, SIGINT);
  sigaddset(&usual, SIGTERM);
  sigaddset(&usual, SIGPIPE);
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, manuscript, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, complaints, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  int code = posix_spawn(&press->process, PROGRAM, &files, &attributes, words, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return code;
}

static bool start(struct press *press, int manuscript, struct err *err) {
  int out[2] = {-1, -1}, complaints[2] = {-1, -1};
  bool ok = pipe2(out, O_CLOEXEC) == 0 && pipe2(complaints, O_CLOEXEC) == 0;
  if (ok) {
    errno = spawn(press, manuscript, out[1], complaints[1]);
    ok = errno == 0;
  }
  if (!ok) fail(err, "start");
  close_one(&out[1]);
  close_one(&complaints[1]);
  press->out = out[0];
  press->complaints = complaints[0];
  return ok;
}

/* Keeps the beginning of what it says. */
static void hear(struct press *press) {
  char bytes[512];
  ssize_t got = read(press->complaints, bytes, sizeof bytes);
  if (got <= 0) {
    if (got == 0 || errno != EINTR) close_one(&press->complaints);
    return;
  }
  size_t room = COMPLAINT_MAX - press->complaint_len, len = (size_t)got < room ? (size_t)got : room;
  memcpy(press->complaint + press->complaint_len, bytes, len);
  press->complaint_len += len;
}

static bool take(struct press *press, press_write *write, void *context, struct err *err) {
  char bytes[BLOCK];
  ssize_t got = read(press->out, bytes, sizeof bytes);
  if (got < 0 && errno != EINTR) return fail(err, "read from");
  if (got == 0) close_one(&press->out);
  return got <= 0 || write(context, bytes, (size_t)got, err);
}

/* Until it has closed both. */
static bool listen_to(struct press *press, press_write *write, void *context, struct err *err) {
  int64_t until = clock_monotonic_us() + TIME_MAX_US;
  while (press->out >= 0 || press->complaints >= 0) {
    struct pollfd files[] = {{.fd = press->out, .events = POLLIN}, {.fd = press->complaints, .events = POLLIN}};
    int64_t left = until - clock_monotonic_us();
    if (left <= 0) return err_set(err, ERR_SYSTEM, "printing took too long");
    if (poll(files, 2, (int)(left / 1000) + 1) < 0 && errno != EINTR) return fail(err, "wait for");
    if (files[0].revents != 0 && !take(press, write, context, err)) return false;
    if (files[1].revents != 0) hear(press);
  }
  return true;
}

/* Its complaint without the program's name and the end of the line. */
static bool judge(struct press *press, int status, struct err *err) {
  static const char prefix[] = "anketa: error: ";
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  char *text = press->complaint;
  text[press->complaint_len] = '\0';
  text += strspn(text, "\n");
  text[strcspn(text, "\n")] = '\0';
  if (strncmp(text, prefix, strlen(prefix)) == 0) text += strlen(prefix);
  if (WIFSIGNALED(status)) return err_set(err, ERR_SYSTEM, "printing was ended by signal %d %s", WTERMSIG(status), text);
  return err_set(err, ERR_SYSTEM, "%s", *text != '\0' ? text : "printing failed");
}

bool press_print(int manuscript, press_write *write, void *context, struct err *err) {
  struct press press = {.out = -1, .complaints = -1};
  int status = 0;
  bool ok = start(&press, manuscript, err);
  if (ok) {
    ok = listen_to(&press, write, context, err);
    if (!ok) kill(press.process, SIGKILL);
    while (waitpid(press.process, &status, 0) < 0 && errno == EINTR) continue;
    ok = ok && judge(&press, status, err);
  }
  close_one(&press.out);
  close_one(&press.complaints);
  return ok;
}
