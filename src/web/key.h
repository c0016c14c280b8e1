/* Keys of views and templates as small numbers, the same for the whole process. Safe from any thread. */
#ifndef ANKETA_WEB_KEY_H
#define ANKETA_WEB_KEY_H

#include <stddef.h>
#include <stdint.h>

#define KEY_NONE UINT16_MAX

/* The number of a name; the same name has the same number for ever. KEY_NONE when there are too many names (they come
 * from the program's literals and its templates, never from a request). */
uint16_t key_intern(const char *name, size_t len);

/* The same, fast, for a string literal and nothing else: it is remembered by its address. */
uint16_t key_of(const char *literal);

/* Numbers given out so far: every key is smaller. */
size_t key_count(void);

/* Borrowed for ever. */
const char *key_name(uint16_t key);

#endif
