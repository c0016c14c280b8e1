#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "folder_fixture.h"
#include "store/db.h"

static struct db *open_good(const char *folder, enum db_mode mode) {
  struct err err = {0};
  struct db *db = db_open(folder, mode, &err);
  assert_good(db != NULL, &err);
  return db;
}

static void assert_open_fails(const char *folder, enum db_mode mode, enum err_code code, const char *words) {
  struct err err = {0};
  struct db *db = db_open(folder, mode, &err);
  assert_err(db != NULL, &err, code, words);
}

static void run(struct db *db, struct stmt *stmt) {
  struct err err = {0};
  (void)db;
  assert_good(stmt_run(stmt, &err), &err);
}

static int64_t number(struct stmt *stmt) {
  struct err err = {0};
  assert_true(stmt_step(stmt, &err));
  int64_t value = stmt_int(stmt, 0);
  stmt_end(stmt);
  return value;
}

static void set_version(struct db *db, const char *version) {
  struct stmt *stmt = db_query(db, "UPDATE meta SET value = $1 WHERE name = 'schema_version'");
  stmt_bind_text(stmt, 1, version);
  run(db, stmt);
}

static void put_segment(struct db *db, const char *id) {
  struct stmt *stmt = db_query(db, "INSERT INTO segment (title, language, id) VALUES ($3, $2, $1)");
  stmt_bind_text(stmt, 1, id);
  stmt_bind_text(stmt, 2, "lv");
  stmt_bind_text(stmt, 3, "nosaukums");
  run(db, stmt);
}

static int64_t count_segments(struct db *db) { return number(db_query(db, "SELECT count(*) FROM segment")); }

/* The version of a new database. */
static long newest(void) {
  size_t count = 0;
  while (asset_list("src/store/migrations/", count) != NULL) count++;
  return 1 + (long)count;
}

static void creates_once(void **state) {
  char *folder = *state;
  db_close(open_good(folder, DB_WRITE));
  struct db *db = open_good(folder, DB_WRITE);
  assert_int_equal(number(db_query(db, "SELECT count(*) FROM meta")), 1);
  assert_int_equal(number(db_query(db, "SELECT CAST(value AS INTEGER) FROM meta")), newest());
  db_close(db);
}

static void clusters_what_is_marked(void **state) {
  struct db *db = open_good(*state, DB_WRITE);
  assert_int_equal(number(db_query(db,
      "SELECT count(*) FROM sqlite_master WHERE name = 'answer' AND sql LIKE '%WITHOUT ROWID'")), 1);
  assert_int_equal(number(db_query(db,
      "SELECT count(*) FROM sqlite_master WHERE name = 'person' AND sql LIKE '%WITHOUT ROWID'")), 0);
  db_close(db);
}

static void is_durable(void **state) {
  struct db *db = open_good(*state, DB_WRITE);
  assert_int_equal(number(db_query(db, "PRAGMA synchronous")), 2);
  assert_int_equal(number(db_query(db, "PRAGMA foreign_keys")), 1);
  struct stmt *stmt = db_query(db, "PRAGMA journal_mode");
  assert_true(stmt_step(stmt, NULL));
  assert_string_equal(stmt_text(stmt, 0), "wal");
  stmt_end(stmt);
  db_close(db);
}

static void parameters_go_by_number(void **state) {
  struct db *db = open_good(*state, DB_WRITE);
  put_segment(db, "mass");
  struct stmt *stmt = db_query(db, "SELECT id, title, NULL FROM segment WHERE language = $2 AND id = $1");
  stmt_bind_text_len(stmt, 1, "mass-and-more", 4);
  stmt_bind_text(stmt, 2, "lv");
  assert_true(stmt_step(stmt, NULL));
  assert_string_equal(stmt_text(stmt, 0), "mass");
  assert_int_equal(stmt_len(stmt, 1), 9);
  assert_true(stmt_is_null(stmt, 2));
  assert_null(stmt_text(stmt, 2));
  assert_false(stmt_step(stmt, NULL));
  stmt_end(stmt);
  db_close(db);
}

static void a_constraint_is_a_conflict(void **state) {
  struct err err = {0};
  struct db *db = open_good(*state, DB_WRITE);
  put_segment(db, "mass");
  struct stmt *stmt = db_query(db, "INSERT INTO segment (id, language, title) VALUES ('mass', 'lv', '')");
  assert_err(stmt_run(stmt, &err), &err, ERR_CONFLICT, "segment");
  err = (struct err){0};
  stmt = db_query(db, "INSERT INTO link (token_hash, person, created_ms, revoked_ms) VALUES ('', 7, 0, 0)");
  assert_err(stmt_run(stmt, &err), &err, ERR_CONFLICT, "FOREIGN");
  db_close(db);
}

static void a_savepoint_undoes_its_own(void **state) {
  struct err err = {0};
  struct db *db = open_good(*state, DB_WRITE);
  assert_true(db_begin(db, &err));
  put_segment(db, "a");
  assert_true(db_savepoint(db, &err));
  put_segment(db, "b");
  db_undo(db);
  assert_true(db_savepoint(db, &err));
  put_segment(db, "c");
  db_release(db);
  assert_true(db_commit(db, &err));
  assert_false(db_in_transaction(db));
  assert_int_equal(count_segments(db), 2);
  db_close(db);
}

static void a_reader_sees_one_moment(void **state) {
  struct err err = {0};
  struct db *writer = open_good(*state, DB_WRITE), *reader = open_good(*state, DB_READ);
  put_segment(writer, "a");
  assert_true(db_begin(reader, &err));
  assert_int_equal(count_segments(reader), 1);
  assert_true(db_begin(writer, &err));
  put_segment(writer, "b");
  assert_int_equal(count_segments(reader), 1);
  assert_true(db_commit(writer, &err));
  assert_int_equal(count_segments(reader), 1);
  assert_true(db_commit(reader, &err));
  assert_int_equal(count_segments(reader), 2);
  db_close(reader);
  db_close(writer);
}

static void a_reader_does_not_write(void **state) {
  struct err err = {0};
  db_close(open_good(*state, DB_WRITE));
  struct db *reader = open_good(*state, DB_READ);
  struct stmt *stmt = db_query(reader, "DELETE FROM meta");
  assert_err(stmt_run(stmt, &err), &err, ERR_SYSTEM, "readonly");
  db_close(reader);
}

static void nothing_to_read(void **state) {
  assert_open_fails(*state, DB_READ, ERR_NOT_FOUND, "no data");
}

static void another_database(void **state) {
  struct db *db = open_good(*state, DB_WRITE);
  run(db, db_query(db, "DROP TABLE meta"));
  db_close(db);
  assert_open_fails(*state, DB_WRITE, ERR_INPUT, "not one of anketa");
}

static void not_a_database(void **state) {
  folder_write(*state, "anketa.db", "This is a letter to my grandmother, of more than a hundred bytes, so that its "
                                    "first bytes are looked at in earnest.");
  assert_open_fails(*state, DB_WRITE, ERR_SYSTEM, "not a database");
}

static void newer_data_are_refused(void **state) {
  struct db *db = open_good(*state, DB_WRITE);
  set_version(db, "99");
  db_close(db);
  assert_open_fails(*state, DB_WRITE, ERR_NEWER, "written by a newer program");
  assert_open_fails(*state, DB_READ, ERR_NEWER, "version 99, this program knows");
}

/* A program that knows one more version: schema and migrations from a folder. ahead 1: the next version, 2: it leaves one
 * out. */
static char *newer_program(int ahead, const char *migration) {
  char *source = folder_new(), name[64];
  const struct asset *asset;
  folder_write(source, "src/store/schema.sql", asset_find("src/store/schema.sql")->data);
  for (size_t i = 0; (asset = asset_list("src/store/migrations/", i)) != NULL; i++) folder_write(source, asset->name, asset->data);
  snprintf(name, sizeof name, "src/store/migrations/%04ld-newer.sql", newest() + ahead);
  folder_write(source, name, migration);
  asset_use_folder(source);
  return source;
}

static void old_program(char *source) {
  asset_use_folder(NULL);
  folder_remove(source);
}

static const char adds_column[] =
    "-- A colour for every segment.\n"
    "ALTER TABLE segment ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue';\n"
    "CREATE TABLE shade (id INTEGER PRIMARY KEY, name TEXT\n); -- clustered\n";

static void older_data_are_migrated(void **state) {
  struct db *db = open_good(*state, DB_WRITE);
  long known = newest();
  char text[80];
  put_segment(db, "a");
  db_close(db);
  char *source = newer_program(1, adds_column);
  db = open_good(*state, DB_READ); /* also for one who only reads */
  assert_int_equal(number(db_query(db, "SELECT count(*) FROM segment WHERE colour = 'blue'")), 1);
  assert_int_equal(number(db_query(db, "SELECT CAST(value AS INTEGER) FROM meta")), known + 1);
  assert_int_equal(number(db_query(db, "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%shade%WITHOUT ROWID'")), 1);
  db_close(db);
  db_close(open_good(*state, DB_WRITE)); /* and not a second time */
  old_program(source);
  snprintf(text, sizeof text, "version %ld, this program knows %ld", known + 1, known);
  assert_open_fails(*state, DB_WRITE, ERR_NEWER, text);
}

static void a_failing_migration_changes_nothing(void **state) {
  db_close(open_good(*state, DB_WRITE));
  char *source = newer_program(1, "ALTER TABLE segment ADD COLUMN colour TEXT; INSERT INTO nowhere VALUES (1);");
  assert_open_fails(*state, DB_WRITE, ERR_SYSTEM, "nowhere");
  old_program(source);
  struct db *db = open_good(*state, DB_WRITE);
  assert_int_equal(number(db_query(db, "SELECT count(*) FROM pragma_table_info('segment')")), 3);
  db_close(db);
}

static void a_gap_in_migrations_is_refused(void **state) {
  db_close(open_good(*state, DB_WRITE));
  char *source = newer_program(2, adds_column);
  assert_open_fails(*state, DB_WRITE, ERR_SYSTEM, "no migration leads from version");
  old_program(source);
}

/* Every column and index of the database, one a line. */
static char *describe(struct db *db) {
  struct buf out = {0};
  struct stmt *stmt = db_query(db,
      "SELECT m.type || ' ' || m.name || ' ' || coalesce(c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk || ' '"
      "  || coalesce(c.dflt_value, ''), '')"
      " FROM sqlite_master m"
      " LEFT JOIN pragma_table_info(m.name) c ON m.type = 'table'"
      " ORDER BY m.type, m.name, c.cid");
  while (stmt_step(stmt, NULL)) buf_printf(&out, "%s\n", stmt_text(stmt, 0));
  stmt_end(stmt);
  return out.data;
}

/* The first version's tables with a row in them, brought up to date, are what a new database has. */
static void the_first_version_becomes_the_newest(void **state) {
  struct err err = {0};
  struct buf text = {0};
  assert_good(file_read("tests/store/schema-1.sql", 1 << 20, &text, &err), &err);
  char *source = folder_new(), *fresh = folder_new();
  folder_write(source, "src/store/schema.sql", buf_text(&text));
  asset_use_folder(source);
  struct db *db = open_good(*state, DB_WRITE);
  put_segment(db, "a");
  db_close(db);
  old_program(source);
  db = open_good(*state, DB_WRITE);
  assert_int_equal(number(db_query(db, "SELECT count(*) FROM segment")), 1);
  struct db *other = open_good(fresh, DB_WRITE);
  char *migrated = describe(db), *made = describe(other);
  assert_string_equal(migrated, made);
  free(migrated);
  free(made);
  db_close(db);
  db_close(other);
  folder_remove(fresh);
  buf_free(&text);
}

struct taker {
  struct db_pool *pool;
  int taken;
};

static void *take(void *context) {
  struct taker *taker = context;
  for (int i = 0; i < 200; i++) {
    struct db *db = db_pool_take(taker->pool);
    if (db != NULL && number(db_query(db, "SELECT count(*) FROM meta")) == 1) taker->taken++;
    db_pool_give(taker->pool, db);
  }
  return NULL;
}

static void a_pool_is_shared(void **state) {
  struct err err = {0};
  db_close(open_good(*state, DB_WRITE));
  struct db_pool *pool = db_pool_new(*state, 2, &err);
  assert_good(pool != NULL, &err);
  pthread_t threads[6];
  struct taker takers[6];
  for (int i = 0; i < 6; i++) {
    takers[i] = (struct taker){pool, 0};
    assert_int_equal(pthread_create(&threads[i], NULL, take, &takers[i]), 0);
  }
  for (int i = 0; i < 6; i++) {
    pthread_join(threads[i], NULL);
    assert_int_equal(takers[i].taken, 200);
  }
  db_pool_free(pool);
}

static int setup(void **state) {
  *state = folder_new();
  return 0;
}

static int teardown(void **state) {
  folder_remove(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  log_quiet();
  const struct CMUnitTest tests[] = {
      TEST(creates_once), TEST(clusters_what_is_marked), TEST(is_durable), TEST(parameters_go_by_number),
      TEST(a_constraint_is_a_conflict), TEST(a_savepoint_undoes_its_own), TEST(a_reader_sees_one_moment),
      TEST(a_reader_does_not_write), TEST(nothing_to_read), TEST(another_database), TEST(not_a_database),
      TEST(newer_data_are_refused), TEST(older_data_are_migrated), TEST(a_failing_migration_changes_nothing),
      TEST(a_gap_in_migrations_is_refused), TEST(the_first_version_becomes_the_newest),
      TEST(a_pool_is_shared),
  };
  return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
