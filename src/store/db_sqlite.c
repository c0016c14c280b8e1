/* The SQLite backend of db.h. */
#include "store/db.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"

#define DATA_FILE "anketa.db"
#define SCHEMA_ASSET "src/store/schema.sql"
#define MIGRATION_PREFIX "src/store/migrations/"
#define PARAMETERS_MAX 32
#define BUSY_MS 5000

struct stmt {
  struct db *db;
  const char *sql;      /* the literal: its address is the key */
  sqlite3_stmt *handle; /* NULL: it could not be prepared for a reason outside it */
  int prepare_code;
  bool in_use;
  unsigned char index[PARAMETERS_MAX + 1]; /* SQLite's index of $1, $2, … (it numbers them as they appear) */
};

struct db {
  sqlite3 *handle;
  enum db_mode mode;
  char *path;
  struct stmt **cache; /* open addressing */
  size_t cache_count, cache_cap;
};

/* ---- errors */

static bool is_full(int number) { return number == ENOSPC || number == EDQUOT || number == EFBIG; }

/* Why a file operation failed: as the connection remembers it or, since that may have been overwritten by what SQLite did
 * next, as the file does that SQLite writes to first. */
static bool is_full_file(struct db *db) {
  sqlite3_file *file = NULL;
  int number = 0;
  if (is_full(sqlite3_system_errno(db->handle))) return true;
  if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) != SQLITE_OK) return false;
  if (file == NULL || file->pMethods == NULL) return false;
  return file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number) == SQLITE_OK && is_full(number);
}

static bool fail(struct db *db, int code, struct err *err) {
  int kind = code & 0xFF;
  if (kind == SQLITE_NOMEM) log_out_of_memory();
  bool system = kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN;
  if (kind == SQLITE_FULL || (system && is_full_file(db))) {
    return err_set(err, ERR_FULL, "the disk is full: %s", db->path);
  }
  if (kind == SQLITE_CONSTRAINT) return err_set(err, ERR_CONFLICT, "%s", sqlite3_errmsg(db->handle));
  if (kind == SQLITE_BUSY) {
    return err_set(err, ERR_SYSTEM, "another program has been writing to %s for %d seconds", db->path, BUSY_MS / 1000);
  }
  return err_set(err, ERR_SYSTEM, "%s: %s", db->path, sqlite3_errmsg(db->handle));
}

/* ---- statements */

static void cache_put(struct db *db, struct stmt *stmt) {
  size_t at = ((size_t)(uintptr_t)stmt->sql >> 3) & (db->cache_cap - 1);
  while (db->cache[at] != NULL) at = (at + 1) & (db->cache_cap - 1);
  db->cache[at] = stmt;
}

static void cache_grow(struct db *db) {
  struct stmt **old = db->cache;
  size_t old_cap = db->cache_cap;
  db->cache_cap = old_cap > 0 ? old_cap * 2 : 64;
  db->cache = calloc(db->cache_cap, sizeof *db->cache);
  if (db->cache == NULL) log_out_of_memory();
  for (size_t i = 0; i < old_cap; i++) {
    if (old[i] != NULL) cache_put(db, old[i]);
  }
  free(old);
}

static struct stmt *cache_find(const struct db *db, const char *sql) {
  if (db->cache_cap == 0) return NULL;
  size_t at = ((size_t)(uintptr_t)sql >> 3) & (db->cache_cap - 1);
  while (db->cache[at] != NULL && db->cache[at]->sql != sql) at = (at + 1) & (db->cache_cap - 1);
  return db->cache[at];
}

static struct stmt *cache_add(struct db *db, const char *sql) {
  if (db->cache_count * 2 >= db->cache_cap) cache_grow(db);
  struct stmt *stmt = calloc(1, sizeof *stmt);
  if (stmt == NULL) log_out_of_memory();
  stmt->db = db;
  stmt->sql = sql;
  db->cache_count++;
  cache_put(db, stmt);
  return stmt;
}

static void number_parameters(struct stmt *stmt) {
  int count = sqlite3_bind_parameter_count(stmt->handle);
  assert(count <= PARAMETERS_MAX);
  for (int i = 1; i <= count; i++) {
    const char *name = sqlite3_bind_parameter_name(stmt->handle, i);
    assert(name != NULL && name[0] == '$');
    long number = strtol(name + 1, NULL, 10);
    assert(number >= 1 && number <= PARAMETERS_MAX);
    stmt->index[number] = (unsigned char)i;
  }
}

static void prepare(struct stmt *stmt) {
  struct db *db = stmt->db;
  stmt->prepare_code = sqlite3_prepare_v3(db->handle, stmt->sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt->handle, NULL);
  if (stmt->prepare_code == SQLITE_OK) {
    number_parameters(stmt);
  } else if (stmt->prepare_code == SQLITE_ERROR) {
    log_error("bad SQL: %s: %s", sqlite3_errmsg(db->handle), stmt->sql);
    assert(!"bad SQL");
  }
}

struct stmt *db_query(struct db *db, const char *sql) {
  struct stmt *stmt = cache_find(db, sql);
  if (stmt == NULL) stmt = cache_add(db, sql);
  assert(!stmt->in_use);
  stmt->in_use = true;
  if (stmt->handle == NULL) prepare(stmt);
  return stmt;
}

static int parameter_index(const struct stmt *stmt, int parameter) {
  assert(parameter >= 1 && parameter <= PARAMETERS_MAX && stmt->index[parameter] != 0);
  return stmt->index[parameter];
}

void stmt_bind_int(struct stmt *stmt, int parameter, int64_t value) {
  if (stmt->handle != NULL) sqlite3_bind_int64(stmt->handle, parameter_index(stmt, parameter), value);
}

void stmt_bind_text_len(struct stmt *stmt, int parameter, const char *text, size_t len) {
  if (stmt->handle == NULL || text == NULL) return; /* what is not bound is null */
  sqlite3_bind_text64(stmt->handle, parameter_index(stmt, parameter), text, len, SQLITE_STATIC, SQLITE_UTF8);
}

void stmt_bind_text(struct stmt *stmt, int parameter, const char *text) {
  stmt_bind_text_len(stmt, parameter, text, text != NULL ? strlen(text) : 0);
}

bool stmt_step(struct stmt *stmt, struct err *err) {
  if (stmt->handle == NULL) return fail(stmt->db, stmt->prepare_code, err);
  int code = sqlite3_step(stmt->handle);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(stmt->db, sqlite3_extended_errcode(stmt->db->handle), err);
  return false;
}

int64_t stmt_int(struct stmt *stmt, int column) { return sqlite3_column_int64(stmt->handle, column); }

const char *stmt_text(struct stmt *stmt, int column) {
  return (const char *)sqlite3_column_text(stmt->handle, column);
}

size_t stmt_len(struct stmt *stmt, int column) { return (size_t)sqlite3_column_bytes(stmt->handle, column); }

bool stmt_is_null(struct stmt *stmt, int column) { return sqlite3_column_type(stmt->handle, column) == SQLITE_NULL; }

void stmt_end(struct stmt *stmt) {
  if (stmt == NULL) return;
  stmt->in_use = false;
  if (stmt->handle == NULL) return;
  sqlite3_reset(stmt->handle);
  sqlite3_clear_bindings(stmt->handle);
}

bool stmt_run(struct stmt *stmt, struct err *err) {
  struct err own = {0};
  while (stmt_step(stmt, &own)) continue;
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

int64_t db_changes(struct db *db) { return sqlite3_changes64(db->handle); }

/* ---- transactions */

bool db_in_transaction(struct db *db) { return sqlite3_get_autocommit(db->handle) == 0; }

bool db_begin(struct db *db, struct err *err) {
  return stmt_run(db->mode == DB_WRITE ? db_query(db, "BEGIN IMMEDIATE") : db_query(db, "BEGIN"), err);
}

bool db_commit(struct db *db, struct err *err) { return stmt_run(db_query(db, "COMMIT"), err); }

/* After a serious failure SQLite may have rolled back by itself; then there is nothing left to undo or release. */
void db_rollback(struct db *db) {
  if (db_in_transaction(db)) stmt_run(db_query(db, "ROLLBACK"), NULL);
}

bool db_savepoint(struct db *db, struct err *err) { return stmt_run(db_query(db, "SAVEPOINT job"), err); }

void db_release(struct db *db) {
  if (db_in_transaction(db)) stmt_run(db_query(db, "RELEASE job"), NULL);
}

void db_undo(struct db *db) {
  if (db_in_transaction(db)) stmt_run(db_query(db, "ROLLBACK TO job"), NULL);
  db_release(db);
}

/* ---- schema */

/* Runs a text of several statements. */
static bool run_script(struct db *db, const char *sql, struct err *err) {
  while (*sql != '\0') {
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v2(db->handle, sql, -1, &handle, &sql);
    if (code == SQLITE_OK && handle == NULL) continue; /* only a comment was left */
    while (code == SQLITE_OK || code == SQLITE_ROW) code = sqlite3_step(handle);
    if (code != SQLITE_DONE) fail(db, sqlite3_extended_errcode(db->handle), err);
    sqlite3_finalize(handle);
    if (code != SQLITE_DONE) return false;
  }
  return true;
}

/* Puts what SQLite wants in place of the markers. */
static bool run_schema(struct db *db, const char *text, struct err *err) {
  static const char marker[] = "); -- clustered";
  struct buf sql = {0};
  const char *at = text, *found;
  while ((found = strstr(at, marker)) != NULL) {
    buf_add(&sql, at, (size_t)(found - at));
    buf_puts(&sql, ") WITHOUT ROWID;");
    at = found + strlen(marker);
  }
  buf_puts(&sql, at);
  bool ok = run_script(db, sql.data, err);
  buf_free(&sql);
  return ok;
}

/* The version a migration leads to, from its name. */
static long migration_version(const struct asset *asset) {
  return strtol(asset->name + strlen(MIGRATION_PREFIX), NULL, 10);
}

/* The version of schema.sql: that of the last migration. */
static long newest_version(void) {
  long newest = 1;
  const struct asset *asset;
  for (size_t i = 0; (asset = asset_list(MIGRATION_PREFIX, i)) != NULL; i++) {
    if (migration_version(asset) > newest) newest = migration_version(asset);
  }
  return newest;
}

static int64_t read_number(struct db *db, const char *sql, struct err *err) {
  struct stmt *stmt = db_query(db, sql);
  int64_t number = stmt_step(stmt, err) ? stmt_int(stmt, 0) : 0;
  stmt_end(stmt);
  return number;
}

/* 0: an empty file. */
static bool read_version(struct db *db, long *version, struct err *err) {
  struct err own = {0};
  *version = 0;
  int64_t tables = read_number(db, "SELECT count(*) FROM sqlite_master", &own);
  int64_t meta = read_number(db, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'", &own);
  if (own.code == ERR_NONE && tables > 0 && meta == 0) {
    return err_set(err, ERR_INPUT, "%s is a database, but not one of anketa", db->path);
  }
  if (meta > 0) {
    *version = (long)read_number(db, "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'schema_version'", &own);
  }
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool write_version(struct db *db, long version, struct err *err) {
  char text[24];
  snprintf(text, sizeof text, "%ld", version);
  struct stmt *stmt = db_query(db,
      "INSERT INTO meta (name, value)"
      " VALUES ('schema_version', $1)"
      " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
  stmt_bind_text(stmt, 1, text);
  return stmt_run(stmt, err);
}

static bool create(struct db *db, struct err *err) {
  const struct asset *schema = asset_find(SCHEMA_ASSET);
  if (schema == NULL) return err_set(err, ERR_SYSTEM, "%s is missing in the program", SCHEMA_ASSET);
  return run_schema(db, schema->data, err) && write_version(db, newest_version(), err);
}

static bool migrate(struct db *db, long version, struct err *err) {
  const struct asset *asset;
  for (size_t i = 0; (asset = asset_list(MIGRATION_PREFIX, i)) != NULL; i++) {
    if (migration_version(asset) <= version) continue;
    if (migration_version(asset) != version + 1) {
      return err_set(err, ERR_SYSTEM, "no migration leads from version %ld of the data to %ld", version, version + 1);
    }
    if (!run_schema(db, asset->data, err)) return false;
    version++;
    log_info("%s: now at version %ld", db->path, version);
  }
  return write_version(db, version, err);
}

static bool fail_newer(const struct db *db, long version, struct err *err) {
  return err_set(err, ERR_NEWER,
                 "%s was written by a newer program (its data have version %ld, this program knows %ld); "
                 "use that program or a copy of the data from before",
                 db->path, version, newest_version());
}

/* Every reference leads somewhere; looked at after a migration, which runs without that being enforced. */
static bool check_references(struct db *db, struct err *err) {
  struct stmt *stmt = db_query(db, "PRAGMA foreign_key_check");
  struct err own = {0};
  bool found = stmt_step(stmt, &own);
  if (found) err_set(err, ERR_SYSTEM, "after the change of version a row of %s refers to nothing", stmt_text(stmt, 0));
  else if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  stmt_end(stmt);
  return !found && own.code == ERR_NONE;
}

/* References are not enforced meanwhile: a migration may have to make a table anew that others refer to. */
static bool bring_up_to_date(struct db *db, struct err *err) {
  long version;
  if (!run_script(db, "PRAGMA foreign_keys = OFF;", err) || !db_begin(db, err)) return false;
  bool ok = read_version(db, &version, err);
  if (ok && version > newest_version()) ok = fail_newer(db, version, err);
  if (ok && version == 0) ok = create(db, err);
  if (ok && version < newest_version() && version > 0) ok = migrate(db, version, err) && check_references(db, err);
  if (ok) ok = db_commit(db, err);
  if (!ok) db_rollback(db);
  return run_script(db, "PRAGMA foreign_keys = ON;", err) && ok;
}

/* ---- connections */

static void configure(void) {
  /* Without SQLite's own book of its memory, connections of different threads share no lock. */
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static bool open_handle(struct db *db, struct err *err) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, configure);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (db->mode == DB_WRITE) flags |= SQLITE_OPEN_CREATE;
  int code = sqlite3_open_v2(db->path, &db->handle, flags, NULL);
  if (code != SQLITE_OK) return fail(db, code, err);
  sqlite3_busy_timeout(db->handle, BUSY_MS);
  /* The map and the cache are small on purpose: an export of any size and a server at rest must stay small. */
  static const char settings[] =
      "PRAGMA journal_mode = WAL;"
      "PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = ON;"
      "PRAGMA trusted_schema = OFF;"
      "PRAGMA cache_size = -2000;"
      "PRAGMA mmap_size = 8388608;"
      "PRAGMA temp_store = MEMORY;" /* a savepoint's journal must not depend on the folder of temporary files */
      "PRAGMA journal_size_limit = 16777216;";
  return run_script(db, settings, err);
}

/* A reader of data that an older program wrote has them brought up to date first, by a writer. */
static bool check_version(struct db *db, const char *folder, struct err *err) {
  long version;
  if (!read_version(db, &version, err)) return false;
  if (version > newest_version()) return fail_newer(db, version, err);
  if (version < newest_version()) {
    struct db *writer = db_open(folder, DB_WRITE, err);
    db_close(writer);
    if (writer == NULL) return false;
  }
  return run_script(db, "PRAGMA query_only = ON", err);
}

struct db *db_open(const char *folder, enum db_mode mode, struct err *err) {
  struct db *db = calloc(1, sizeof *db);
  if (db == NULL) log_out_of_memory();
  db->mode = mode;
  db->path = file_join(folder, DATA_FILE);
  bool ok = true;
  if (mode == DB_WRITE) {
    ok = file_make_folder(folder, err);
  } else if (access(db->path, F_OK) != 0) {
    ok = err_set(err, ERR_NOT_FOUND, "there are no data in %s", folder);
  }
  if (ok) ok = open_handle(db, err);
  if (ok) ok = mode == DB_WRITE ? bring_up_to_date(db, err) : check_version(db, folder, err);
  if (ok) return db;
  db_close(db);
  return NULL;
}

void db_close(struct db *db) {
  if (db == NULL) return;
  for (size_t i = 0; i < db->cache_cap; i++) {
    if (db->cache[i] == NULL) continue;
    sqlite3_finalize(db->cache[i]->handle);
    free(db->cache[i]);
  }
  free(db->cache);
  sqlite3_close(db->handle);
  free(db->path);
  free(db);
}
