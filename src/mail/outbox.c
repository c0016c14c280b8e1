#include "mail/outbox.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define NAME_PART_MAX 100 /* of an address in a file name */

/* Letters, figures and what is harmless in a file name; the rest becomes "_". */
static void put_safe(struct buf *out, const char *text) {
  for (size_t i = 0; text[i] != '\0' && i < NAME_PART_MAX; i++) {
    bool safe = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z') ||
                (text[i] >= '0' && text[i] <= '9') || strchr("@.+-_", text[i]) != NULL;
    buf_putc(out, safe ? text[i] : '_');
  }
}

bool outbox_write(const char *folder, int64_t id, const char *kind, const char *address, const struct buf *message,
                  struct buf *where, struct err *err) {
  struct buf name = {0};
  char *outbox = file_join(folder, "outbox");
  buf_printf(&name, "%06" PRId64 "-", id);
  put_safe(&name, kind);
  buf_putc(&name, '-');
  put_safe(&name, address);
  buf_puts(&name, ".eml");
  char *path = file_join(outbox, buf_text(&name));
  bool ok = file_make_folder(outbox, err) && file_write(path, buf_text(message), message->len, err);
  buf_puts(where, path);
  free(path);
  free(outbox);
  buf_free(&name);
  return ok;
}
