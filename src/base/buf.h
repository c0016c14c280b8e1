/* A text that grows. data is always NUL-terminated once anything was added; a zeroed struct buf is an empty one. */
#ifndef ANKETA_BASE_BUF_H
#define ANKETA_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
  char *data;
  size_t len;
  size_t cap;
};

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes room for len more bytes and returns where they go; the caller adds to buf->len. */
char *buf_reserve(struct buf *buf, size_t len);

/* The text, "" when nothing was added; owned by buf. */
const char *buf_text(const struct buf *buf);

void buf_reset(struct buf *buf); /* empties, keeps the memory */
void buf_free(struct buf *buf);  /* empties and frees */

#endif
