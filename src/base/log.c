#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

#define LINE_MAX_LEN 2048

static atomic_bool quiet;

/* One write(2) per line, so that lines of several threads do not mix; short writes to stderr are nobody's to repair. */
static void write_line(const char *line, size_t len) {
  ssize_t written = write(STDERR_FILENO, line, len);
  (void)written;
}

static void log_line(const char *level, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

static void log_line(const char *level, const char *format, va_list args) {
  char line[LINE_MAX_LEN];
  char time[25];
  clock_iso(clock_now_ms(), time);
  int head = snprintf(line, sizeof line, "%s %s ", time, level);
  int text = vsnprintf(line + head, sizeof line - (size_t)head, format, args);
  size_t len = (size_t)head + (size_t)(text > 0 ? text : 0);
  if (len > sizeof line - 2) len = sizeof line - 2;
  /* Whatever came in from outside must not be able to forge a line of its own. */
  for (size_t i = 0; i < len; i++) {
    if ((unsigned char)line[i] < ' ' || line[i] == 0x7F) line[i] = ' ';
  }
  line[len++] = '\n';
  write_line(line, len);
}

void log_info(const char *format, ...) {
  if (atomic_load(&quiet)) return;
  va_list args;
  va_start(args, format);
  log_line("info", format, args);
  va_end(args);
}

void log_error(const char *format, ...) {
  va_list args;
  va_start(args, format);
  log_line("error", format, args);
  va_end(args);
}

void log_quiet(void) { atomic_store(&quiet, true); }

void log_out_of_memory(void) {
  static const char text[] = "error: out of memory\n";
  write_line(text, sizeof text - 1);
  _exit(3);
}
