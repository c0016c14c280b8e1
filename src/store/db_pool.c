#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"
#include "store/db.h"

struct db_pool {
  pthread_mutex_t lock;
  pthread_cond_t given;
  struct db **free_dbs; /* a stack: the last one used has the warmest cache */
  int free_count;
  int size;
};

struct db_pool *db_pool_new(const char *folder, int size, struct err *err) {
  struct db_pool *pool = calloc(1, sizeof *pool);
  if (pool == NULL) log_out_of_memory();
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->given, NULL);
  pool->free_dbs = calloc((size_t)size, sizeof *pool->free_dbs);
  if (pool->free_dbs == NULL) log_out_of_memory();
  for (pool->size = 0; pool->size < size; pool->size++) {
    struct db *db = db_open(folder, DB_READ, err);
    if (db == NULL) {
      db_pool_free(pool);
      return NULL;
    }
    pool->free_dbs[pool->free_count++] = db;
  }
  return pool;
}

struct db *db_pool_take(struct db_pool *pool) {
  pthread_mutex_lock(&pool->lock);
  while (pool->free_count == 0) pthread_cond_wait(&pool->given, &pool->lock);
  struct db *db = pool->free_dbs[--pool->free_count];
  pthread_mutex_unlock(&pool->lock);
  return db;
}

void db_pool_give(struct db_pool *pool, struct db *db) {
  pthread_mutex_lock(&pool->lock);
  pool->free_dbs[pool->free_count++] = db;
  pthread_cond_signal(&pool->given);
  pthread_mutex_unlock(&pool->lock);
}

void db_pool_free(struct db_pool *pool) {
  if (pool == NULL) return;
  for (int i = 0; i < pool->free_count; i++) db_close(pool->free_dbs[i]);
  free(pool->free_dbs);
  pthread_cond_destroy(&pool->given);
  pthread_mutex_destroy(&pool->lock);
  free(pool);
}
