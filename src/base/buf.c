#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define FIRST_CAP 64

char *buf_reserve(struct buf *buf, size_t len) {
  size_t need; /* with the NUL */
  if (__builtin_add_overflow(buf->len, len, &need) || need > SIZE_MAX / 4) log_out_of_memory();
  need++;
  if (need > buf->cap) {
    size_t cap = buf->cap > 0 ? buf->cap : FIRST_CAP;
    while (cap < need) cap *= 2;
    char *data = realloc(buf->data, cap);
    if (data == NULL) log_out_of_memory();
    buf->data = data;
    buf->cap = cap;
    buf->data[buf->len] = '\0';
  }
  return buf->data + buf->len;
}

void buf_add(struct buf *buf, const void *bytes, size_t len) {
  char *at = buf_reserve(buf, len);
  if (len > 0) memcpy(at, bytes, len);
  buf->len += len;
  buf->data[buf->len] = '\0';
}

void buf_puts(struct buf *buf, const char *text) { buf_add(buf, text, strlen(text)); }

void buf_putc(struct buf *buf, char c) {
  if (buf->len + 1 >= buf->cap) buf_reserve(buf, 1);
  buf->data[buf->len++] = c;
  buf->data[buf->len] = '\0';
}

void buf_printf(struct buf *buf, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  size_t room = buf->cap - buf->len;
  int len = vsnprintf(room > 0 ? buf->data + buf->len : NULL, room, format, args);
  if (len > 0 && (size_t)len >= room) {
    char *at = buf_reserve(buf, (size_t)len);
    vsnprintf(at, (size_t)len + 1, format, again);
  }
  if (len > 0) buf->len += (size_t)len;
  va_end(again);
  va_end(args);
}

const char *buf_text(const struct buf *buf) { return buf->data != NULL ? buf->data : ""; }

void buf_reset(struct buf *buf) {
  buf->len = 0;
  if (buf->data != NULL) buf->data[0] = '\0';
}

void buf_free(struct buf *buf) {
  free(buf->data);
  *buf = (struct buf){0};
}
