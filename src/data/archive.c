#include "data/archive.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/log.h"

#define STEP ((size_t)64 << 10)

struct archive {
  zip_t *zip;
  size_t bytes; /* read so far */
  char step[STEP];
};

struct archive *archive_open(const char *path, struct err *err) {
  int code = 0;
  zip_t *zip = zip_open(path, ZIP_RDONLY, &code);
  if (zip == NULL) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    err_set(err, code == ZIP_ER_NOENT ? ERR_NOT_FOUND : code == ZIP_ER_OPEN || code == ZIP_ER_READ ? ERR_SYSTEM : ERR_INPUT,
            "not a readable zip file: %s", zip_error_strerror(&error));
    zip_error_fini(&error);
    return NULL;
  }
  if (zip_get_num_entries(zip, 0) > ARCHIVE_ENTRIES_MAX) {
    err_set(err, ERR_TOO_LARGE, "a zip file of more than %d entries", ARCHIVE_ENTRIES_MAX);
    zip_discard(zip);
    return NULL;
  }
  struct archive *archive = calloc(1, sizeof *archive);
  if (archive == NULL) log_out_of_memory();
  archive->zip = zip;
  return archive;
}

void archive_close(struct archive *archive) {
  if (archive == NULL) return;
  zip_discard(archive->zip);
  free(archive);
}

bool archive_has(const struct archive *archive, const char *name) {
  return zip_name_locate(archive->zip, name, ZIP_FL_NOCASE) >= 0;
}

static bool check_bounds(const struct archive *archive, size_t unpacked, const zip_stat_t *info, struct err *err) {
  bool too_dense = unpacked > ARCHIVE_RATIO_FREE && unpacked / ARCHIVE_RATIO_MAX > info->comp_size;
  if (archive->bytes <= ARCHIVE_BYTES_MAX && !too_dense) return true;
  return err_set(err, ERR_TOO_LARGE, "the zip file unfolds to more than may be read");
}

bool archive_read(struct archive *archive, const char *name, archive_take *take, void *context, struct err *err) {
  zip_stat_t info;
  zip_int64_t index = zip_name_locate(archive->zip, name, ZIP_FL_NOCASE);
  if (index < 0) return err_set(err, ERR_NOT_FOUND, "the zip file has no entry %s", name);
  zip_stat_init(&info);
  if (zip_stat_index(archive->zip, (zip_uint64_t)index, 0, &info) != 0) return err_set(err, ERR_INPUT, "a broken zip file");
  if ((info.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && info.encryption_method != ZIP_EM_NONE)
    return err_set(err, ERR_DENIED, "the zip file is encrypted");
  zip_file_t *file = zip_fopen_index(archive->zip, (zip_uint64_t)index, 0);
  if (file == NULL) return err_set(err, ERR_INPUT, "%s: %s", name, zip_strerror(archive->zip));
  bool ok = true;
  zip_int64_t got = 0;
  size_t unpacked = 0;
  while (ok && (got = zip_fread(file, archive->step, STEP)) > 0) {
    unpacked += (size_t)got;
    archive->bytes += (size_t)got;
    ok = check_bounds(archive, unpacked, &info, err) && take(context, archive->step, (size_t)got, err);
  }
  if (ok && got < 0) ok = err_set(err, ERR_INPUT, "%s: %s", name, zip_file_strerror(file));
  zip_fclose(file);
  return ok;
}
