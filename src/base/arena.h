/* Memory that is freed all at once: one arena per request, job or loaded questionnaire.
 * Out of memory ends the process with a message (sizes are capped where input enters). */
#ifndef ANKETA_BASE_ARENA_H
#define ANKETA_BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);

/* Forgets everything but keeps the first blocks for reuse. */
void arena_reset(struct arena *arena);

/* Zeroed, aligned for any type, valid until the arena is reset or freed. */
void *arena_alloc(struct arena *arena, size_t size);

/* count * size with the product checked. */
void *arena_array(struct arena *arena, size_t count, size_t size);

char *arena_copy(struct arena *arena, const char *text);
char *arena_copy_len(struct arena *arena, const char *text, size_t len); /* NUL added */
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Bytes handed out since the last reset; for tests and benchmarks. */
size_t arena_used(const struct arena *arena);

#endif
