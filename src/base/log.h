/* One line on stderr per event: time, level, text. Never answers, names or tokens. */
#ifndef ANKETA_BASE_LOG_H
#define ANKETA_BASE_LOG_H

void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* No lines below errors; for tests. */
void log_quiet(void);

/* Says so and ends the process with the exit code of a system failure; allocates nothing. */
void log_out_of_memory(void) __attribute__((noreturn));

#endif
