/* The files that pages link to: templates/static/NAME at /static/NAME. What an address with the hash of the file's bytes
 * gives may be kept for ever. */
#include <stdlib.h>
#include <string.h>

#include "base/asset.h"
#include "base/log.h"
#include "base/secret.h"
#include "web/exchange.h"

#define FOLDER "templates/static/"
#define ADDRESS "/static/"

static const struct {
  const char *suffix, *media_type;
} media_types[] = {{".css", "text/css; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
                   {".svg", "image/svg+xml"},           {".png", "image/png"},
                   {".ico", "image/x-icon"},            {".txt", "text/plain; charset=utf-8"},
                   {".json", "application/json"},       {".webmanifest", "application/manifest+json"}};

static const char *media_type_of(const char *name) {
  size_t len = strlen(name);
  for (size_t i = 0; i < sizeof media_types / sizeof *media_types; i++) {
    size_t suffix = strlen(media_types[i].suffix);
    if (len > suffix && strcmp(name + len - suffix, media_types[i].suffix) == 0) return media_types[i].media_type;
  }
  return "application/octet-stream";
}

static void describe(const struct asset *asset, struct static_file *file) {
  char hash[SECRET_HASH_LEN + 1];
  secret_hash(asset->data, asset->len, hash);
  file->asset = asset;
  file->media_type = media_type_of(asset->name);
  memcpy(file->hash, hash, sizeof file->hash - 1);
  file->hash[sizeof file->hash - 1] = '\0';
}

void static_load(struct server *server) {
  const struct asset *asset;
  for (size_t i = 0; (asset = asset_list(FOLDER, i)) != NULL; i++) {
    struct static_file *files = realloc(server->files, (i + 1) * sizeof *files);
    if (files == NULL) log_out_of_memory();
    server->files = files;
    describe(asset, &server->files[server->file_count++]);
  }
}

void static_free(struct server *server) {
  free(server->files);
  server->files = NULL;
  server->file_count = 0;
}

/* With assets from a folder a file may be newer than what was described at start; then it is described anew. */
static bool find_file(const struct server *server, const char *name, struct arena *arena, struct static_file *out) {
  if (strchr(name, '/') != NULL || name[0] == '.') return false;
  const struct asset *asset = asset_find(arena_printf(arena, FOLDER "%s", name));
  if (asset == NULL) return false;
  for (size_t i = 0; i < server->file_count; i++) {
    if (server->files[i].asset != asset) continue;
    *out = server->files[i];
    return true;
  }
  describe(asset, out);
  return true;
}

const char *static_address(const struct server *server, const char *name, struct arena *arena) {
  struct static_file file;
  if (!find_file(server, name, arena, &file)) return "";
  return arena_printf(arena, ADDRESS "%s?v=%s", name, file.hash);
}

bool static_handle(struct exchange *exchange) {
  struct request *request = &exchange->request;
  struct static_file file;
  if (strncmp(request->path, ADDRESS, strlen(ADDRESS)) != 0) return false;
  if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0) return false;
  if (!find_file(exchange->server, request->path + strlen(ADDRESS), request->arena, &file)) return false;
  const char *etag = arena_printf(request->arena, "\"%s\"", file.hash);
  const char *known = exchange_header(exchange, "If-None-Match");
  bool versioned = strcmp(request_query(request, "v"), file.hash) == 0;
  reply_header(exchange, "ETag", etag);
  reply_header(exchange, "Cache-Control", versioned ? "public, max-age=31536000, immutable" : "no-cache");
  bool same = known != NULL && (strcmp(known, "*") == 0 || strstr(known, etag) != NULL);
  exchange->lasting = true;
  exchange->replied = true;
  exchange->status = same ? 304 : 200;
  exchange->media_type = file.media_type;
  exchange->bytes = file.asset->data;
  exchange->byte_count = same ? 0 : file.asset->len;
  return true;
}
