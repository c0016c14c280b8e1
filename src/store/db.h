/* The database façade: connections, statements, transactions. Nothing above store/ sees it or SQL; sqlite3.h is included
 * by db_sqlite.c alone.
 *
 * SQL is kept to what SQLite and PostgreSQL share: $1 parameters, ON CONFLICT, RETURNING, integer milliseconds, no rowid.
 * Where the dialects must differ, schema.sql carries a marker comment that the backend reads.
 */
#ifndef ANKETA_STORE_DB_H
#define ANKETA_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct db;   /* a connection; used by one thread at a time */
struct stmt; /* a prepared statement, cached in its connection by the address of its literal */

enum db_mode { DB_READ, DB_WRITE };

/* Opens DIR/anketa.db. DB_WRITE creates and migrates it; ERR_NEWER when it was written by a newer program. */
struct db *db_open(const char *folder, enum db_mode mode, struct err *err);
void db_close(struct db *db);

/* sql must be a string literal. Never fails on good SQL; bad SQL is the programmer's mistake (assert). Statements are
 * for one use at a time: query, bind, step until false, and stmt_end (which also resets after a full run). */
struct stmt *db_query(struct db *db, const char *sql);
void stmt_bind_int(struct stmt *stmt, int parameter, int64_t value); /* parameters count from 1 */
void stmt_bind_text(struct stmt *stmt, int parameter, const char *text); /* NULL binds null; borrowed until stmt_end */
void stmt_bind_text_len(struct stmt *stmt, int parameter, const char *text, size_t len);

/* True: a row is there. False: no more rows, or an error (then *err is set: ERR_FULL, ERR_CONFLICT for a constraint,
 * ERR_SYSTEM). */
bool stmt_step(struct stmt *stmt, struct err *err);
int64_t stmt_int(struct stmt *stmt, int column); /* columns count from 0; null is 0 */
const char *stmt_text(struct stmt *stmt, int column); /* NULL for null; valid until the next step or end */
size_t stmt_len(struct stmt *stmt, int column);
bool stmt_is_null(struct stmt *stmt, int column);
void stmt_end(struct stmt *stmt);

/* query + step + end for statements that return nothing. */
bool stmt_run(struct stmt *stmt, struct err *err);

/* Rows changed by the last statement of this connection. */
int64_t db_changes(struct db *db);

bool db_begin(struct db *db, struct err *err);  /* DB_READ: a snapshot; DB_WRITE: takes the write lock */
bool db_commit(struct db *db, struct err *err); /* full sync before it returns true */
void db_rollback(struct db *db);
/* False also when the database has rolled back by itself, as it may on a full disk. */
bool db_in_transaction(struct db *db);
bool db_savepoint(struct db *db, struct err *err);
void db_release(struct db *db);
void db_undo(struct db *db); /* back to the savepoint */

/* Read connections for worker threads. db_pool_take waits when all are out. */
struct db_pool;
struct db_pool *db_pool_new(const char *folder, int size, struct err *err);
struct db *db_pool_take(struct db_pool *pool);
void db_pool_give(struct db_pool *pool, struct db *db);
void db_pool_free(struct db_pool *pool);

#endif
