/* UTF-8, checked once where text enters. */
#ifndef ANKETA_BASE_UTF8_H
#define ANKETA_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* True when the bytes are well-formed UTF-8 without NUL; otherwise *bad (may be NULL) is the offset of the first wrong
 * byte. Overlong forms, surrogates and values over U+10FFFF are wrong. */
bool utf8_check(const char *text, size_t len, size_t *bad);

/* Characters (code points) in well-formed text. */
size_t utf8_count(const char *text, size_t len);

/* The largest length <= max that does not cut a character. */
size_t utf8_cut(const char *text, size_t len, size_t max);

/* Decodes the character at *at and moves *at behind it; text must be well-formed and *at < len. */
unsigned utf8_next(const char *text, size_t len, size_t *at);

#endif
