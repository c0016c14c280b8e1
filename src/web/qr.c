#include "web/qr.h"

#include <qrencode.h>

#include "base/buf.h"

#define QUIET 4

const char *qr_path(const char *text, int *size, struct arena *arena) {
  QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
  if (code == NULL) return NULL;
  struct buf path = {0};
  for (int y = 0; y < code->width; y++) {
    const unsigned char *row = code->data + (ptrdiff_t)y * code->width;
    for (int x = 0, end; x < code->width; x = end) {
      end = x + 1;
      while (end < code->width && (row[end] & 1) == (row[x] & 1)) end++;
      if ((row[x] & 1) != 0) buf_printf(&path, "M%d %dh%dv1H%dz", x + QUIET, y + QUIET, end - x, x + QUIET);
    }
  }
  *size = code->width + 2 * QUIET;
  const char *copy = arena_copy_len(arena, buf_text(&path), path.len);
  buf_free(&path);
  QRcode_free(code);
  return copy;
}
