#include "base/asset.h"

#include <dirent.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"

#define ASSET_LEN_MAX ((size_t)16 << 20)

/* Written by tools/embed, sorted by name. */
extern const struct asset asset_table[];
extern const size_t asset_count;

/* With a folder set: every version of a file that was read. Old versions stay, because borrowers may still hold them;
 * that is a developer's mode and ends with the process. */
struct loaded {
  struct asset asset;
  long long modified_ns;
  struct loaded *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *source_folder;
static struct loaded *loaded_list;

void asset_use_folder(const char *folder) {
  free(source_folder);
  source_folder = folder != NULL ? file_join(folder, "") : NULL;
}

static char *copy_text(const char *text) {
  char *copy = strdup(text);
  if (copy == NULL) log_out_of_memory();
  return copy;
}

static const struct asset *load(const char *name) {
  /* Names come from addresses that people type: none may lead out of the folder. */
  if (strstr(name, "..") != NULL) return NULL;
  char *path = file_join(source_folder, name);
  long long modified_ns = file_modified_ns(path);
  const struct asset *found = NULL;
  for (struct loaded *l = loaded_list; l != NULL && found == NULL; l = l->next) {
    if (l->modified_ns == modified_ns && strcmp(l->asset.name, name) == 0) found = &l->asset;
  }
  struct buf text = {0};
  if (found == NULL && modified_ns != 0 && file_read(path, ASSET_LEN_MAX, &text, NULL)) {
    struct loaded *l = calloc(1, sizeof *l);
    if (l == NULL) log_out_of_memory();
    l->asset = (struct asset){copy_text(name), text.data, text.len};
    l->modified_ns = modified_ns;
    l->next = loaded_list;
    loaded_list = l;
    found = &l->asset;
  } else {
    buf_free(&text);
  }
  free(path);
  return found;
}

/* Names of files found while a folder is listed. */
struct names {
  char **items;
  size_t count;
};

static void names_add_take(struct names *names, char *name) {
  char **items = realloc(names->items, (names->count + 1) * sizeof *items);
  if (items == NULL) log_out_of_memory();
  names->items = items;
  names->items[names->count++] = name;
}

static int compare_names(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Adds every file at or under `under` (relative to the source folder) whose name starts with prefix. */
static void collect(const char *under, const char *prefix, struct names *names) {
  char *path = file_join(source_folder, under);
  DIR *dir = opendir(path);
  struct dirent *entry;
  while (dir != NULL && (entry = readdir(dir)) != NULL) {
    if (entry->d_name[0] == '.') continue;
    char *name = file_join(under, entry->d_name);
    size_t shorter = strlen(name) < strlen(prefix) ? strlen(name) : strlen(prefix);
    if (strncmp(name, prefix, shorter) == 0 && entry->d_type == DT_DIR) collect(name, prefix, names);
    if (strncmp(name, prefix, strlen(prefix)) == 0 && entry->d_type == DT_REG) {
      names_add_take(names, name);
    } else {
      free(name);
    }
  }
  if (dir != NULL) closedir(dir);
  free(path);
}

static const struct asset *list_folder(const char *prefix, size_t index) {
  struct names names = {0};
  const char *slash = strrchr(prefix, '/');
  char *under = strndup(prefix, slash != NULL ? (size_t)(slash - prefix) : 0);
  if (under == NULL) log_out_of_memory();
  collect(under, prefix, &names);
  free(under);
  if (names.count > 0) qsort(names.items, names.count, sizeof *names.items, compare_names);
  const struct asset *found = index < names.count ? load(names.items[index]) : NULL;
  for (size_t i = 0; i < names.count; i++) free(names.items[i]);
  free(names.items);
  return found;
}

static const struct asset *find_embedded(const char *name) {
  for (size_t i = 0; i < asset_count; i++) {
    if (strcmp(asset_table[i].name, name) == 0) return &asset_table[i];
  }
  return NULL;
}

static const struct asset *list_embedded(const char *prefix, size_t index) {
  size_t len = strlen(prefix);
  for (size_t i = 0; i < asset_count; i++) {
    if (strncmp(asset_table[i].name, prefix, len) == 0 && index-- == 0) return &asset_table[i];
  }
  return NULL;
}

const struct asset *asset_find(const char *name) {
  if (source_folder == NULL) return find_embedded(name);
  pthread_mutex_lock(&lock);
  const struct asset *found = load(name);
  pthread_mutex_unlock(&lock);
  return found;
}

const struct asset *asset_list(const char *prefix, size_t index) {
  if (source_folder == NULL) return list_embedded(prefix, index);
  pthread_mutex_lock(&lock);
  const struct asset *found = list_folder(prefix, index);
  pthread_mutex_unlock(&lock);
  return found;
}
