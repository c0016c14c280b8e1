#include "web/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "web/multipart.h"

#define PREFIX "upload-"
#define FILES_MAX 8
#define FILE_NAME_MAX 200 /* bytes */
#define KEPT_NS (24LL * 3600 * 1000000000)

static bool fail(struct err *err) {
  bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  return err_set(err, full ? ERR_FULL : ERR_SYSTEM, "an upload could not be stored: %s", strerror(errno));
}

static const char *new_path(const struct spool *spool, struct arena *arena) {
  char token[SECRET_TOKEN_LEN + 1];
  secret_token(token);
  return arena_printf(arena, "%s/" PREFIX "%s", spool->folder, token);
}

/* The body itself needs no name: nobody but this request reads it. */
bool spool_open(struct spool *spool, const char *data_folder, struct arena *arena, struct err *err) {
  spool->folder = arena_printf(arena, "%s/" SPOOL_FOLDER, data_folder);
  if (!file_make_folder(spool->folder, err)) return false;
  const char *path = new_path(spool, arena);
  spool->file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (spool->file < 0) return fail(err);
  unlink(path);
  spool->open = true;
  return true;
}

bool spool_add(struct spool *spool, const char *bytes, size_t len, struct err *err) {
  if (!file_put(spool->file, bytes, len)) return fail(err);
  spool->len += len;
  return true;
}

static bool store_file(struct spool *spool, const struct multipart_part *part, struct arena *arena, struct err *err) {
  if (spool->file_count == FILES_MAX) return err_set(err, ERR_TOO_LARGE, "more than %d files", FILES_MAX);
  const char *path = new_path(spool, arena);
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return fail(err);
  spool->files[spool->file_count++] = (struct upload){
      .field = part->name,
      .file_name = arena_copy_len(arena, part->file_name, utf8_cut(part->file_name, strlen(part->file_name), FILE_NAME_MAX)),
      .path = path,
      .len = part->len,
  };
  bool ok = file_put(file, part->bytes, part->len) || fail(err);
  close(file);
  return ok;
}

/* A file field in which nothing was chosen comes as a part without a file name and without bytes. */
static bool is_chosen(const struct multipart_part *part) { return part->file_name[0] != '\0' || part->len > 0; }

static bool sort_parts(struct spool *spool, const struct multipart_part *parts, size_t count, size_t text_max,
                       struct arena *arena, struct field *fields, size_t *field_count, struct err *err) {
  size_t text_len = 0;
  for (size_t i = 0; i < count; i++) {
    const struct multipart_part *part = &parts[i];
    if (part->file_name != NULL) {
      if (is_chosen(part) && !store_file(spool, part, arena, err)) return false;
      continue;
    }
    text_len += part->len;
    if (text_len > text_max) return err_set(err, ERR_TOO_LARGE, "the form's texts are longer than %zu bytes", text_max);
    if (!utf8_check(part->bytes, part->len, NULL))
      return err_set(err, ERR_INPUT, "text that is not UTF-8 or has a NUL");
    fields[(*field_count)++] = (struct field){part->name, arena_copy_len(arena, part->bytes, part->len)};
  }
  return true;
}

bool spool_read(struct spool *spool, const char *content_type, size_t text_max, struct arena *arena,
                const struct field **fields, size_t *field_count, struct err *err) {
  const struct multipart_part *parts;
  size_t count;
  *field_count = 0;
  char *body = spool->len > 0 ? mmap(NULL, spool->len, PROT_READ, MAP_PRIVATE, spool->file, 0) : NULL;
  if (body == MAP_FAILED) return fail(err);
  bool ok = multipart_parse(content_type, body != NULL ? body : "", spool->len, SERVER_FIELDS_MAX, arena, &parts, &count, err);
  if (ok) {
    struct field *list = arena_array(arena, count, sizeof *list);
    spool->files = arena_array(arena, FILES_MAX, sizeof *spool->files);
    ok = sort_parts(spool, parts, count, text_max, arena, list, field_count, err);
    *fields = list;
  }
  if (body != NULL) munmap(body, spool->len);
  return ok;
}

void spool_clear(struct spool *spool) {
  for (size_t i = 0; i < spool->file_count; i++) unlink(spool->files[i].path);
  if (spool->open) close(spool->file);
  *spool = (struct spool){0};
}

void spool_sweep(const char *data_folder) {
  char *folder = file_join(data_folder, SPOOL_FOLDER);
  DIR *dir = opendir(folder);
  const struct dirent *entry;
  while (dir != NULL && (entry = readdir(dir)) != NULL) {
    if (entry->d_name[0] == '.') continue;
    char *path = file_join(folder, entry->d_name);
    bool old = file_modified_ns(path) + KEPT_NS < clock_now_ms() * 1000000;
    if ((old || strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0) && unlink(path) != 0)
      log_error("%s is left over and cannot be removed: %s", path, strerror(errno));
    free(path);
  }
  if (dir != NULL) closedir(dir);
  free(folder);
}
