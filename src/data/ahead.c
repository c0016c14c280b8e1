#include "data/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"

#define BATCHES 4
#define BATCH_ROWS 64
#define BATCH_LEN (128 << 10) /* bytes of cells, and of texts, that a batch is about */

struct batch {
  struct cell *cells;
  struct arena *texts;
  int rows;
  bool last;
  struct err err;
};

/* A ring. taken and filled only grow; batch n is batches[n % BATCHES]. The reader has the ones from filled on, the
 * caller those before it. */
struct ahead {
  struct rows *rows;
  int column_count, batch_rows;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  unsigned filled, taken;
  bool stop;
  struct batch batches[BATCHES];
  int next; /* row of the batch at hand */
};

static void keep_row(struct ahead *ahead, struct batch *batch, const struct cell *cells) {
  struct cell *kept = batch->cells + (size_t)batch->rows++ * (size_t)ahead->column_count;
  memcpy(kept, cells, (size_t)ahead->column_count * sizeof *kept);
  for (int i = 0; i < ahead->column_count; i++) {
    if (kept[i].kind == CELL_TEXT) kept[i].text = arena_copy(batch->texts, kept[i].text);
  }
}

static void fill(struct ahead *ahead, struct batch *batch) {
  arena_reset(batch->texts);
  batch->rows = 0;
  while (batch->rows < ahead->batch_rows && arena_used(batch->texts) < BATCH_LEN) {
    const struct cell *cells = rows_next(ahead->rows, &batch->err);
    batch->last = cells == NULL;
    if (batch->last) return;
    keep_row(ahead, batch, cells);
  }
}

static void *read_ahead(void *context) {
  struct ahead *ahead = context;
  bool more = true;
  while (more) {
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stop && ahead->filled - ahead->taken == BATCHES) pthread_cond_wait(&ahead->changed, &ahead->lock);
    bool stop = ahead->stop;
    pthread_mutex_unlock(&ahead->lock);
    if (stop) break;
    struct batch *batch = &ahead->batches[ahead->filled % BATCHES];
    fill(ahead, batch);
    more = !batch->last;
    pthread_mutex_lock(&ahead->lock);
    ahead->filled++;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
  }
  return NULL;
}

static void free_all(struct ahead *ahead) {
  for (int i = 0; i < BATCHES; i++) {
    free(ahead->batches[i].cells);
    arena_free(ahead->batches[i].texts);
  }
  pthread_cond_destroy(&ahead->changed);
  pthread_mutex_destroy(&ahead->lock);
  free(ahead);
}

struct ahead *ahead_new(struct rows *rows, int column_count, struct err *err) {
  struct ahead *ahead = calloc(1, sizeof *ahead);
  if (ahead == NULL) log_out_of_memory();
  size_t row_len = (size_t)column_count * sizeof(struct cell);
  ahead->rows = rows;
  ahead->column_count = column_count;
  ahead->batch_rows = (int)(BATCH_LEN / row_len);
  if (ahead->batch_rows < 1) ahead->batch_rows = 1;
  if (ahead->batch_rows > BATCH_ROWS) ahead->batch_rows = BATCH_ROWS;
  for (int i = 0; i < BATCHES; i++) {
    ahead->batches[i].texts = arena_new();
    ahead->batches[i].cells = calloc((size_t)ahead->batch_rows, row_len);
    if (ahead->batches[i].cells == NULL) log_out_of_memory();
  }
  pthread_mutex_init(&ahead->lock, NULL);
  pthread_cond_init(&ahead->changed, NULL);
  if (pthread_create(&ahead->thread, NULL, read_ahead, ahead) == 0) return ahead;
  free_all(ahead);
  err_set(err, ERR_SYSTEM, "cannot start a thread for reading");
  return NULL;
}

/* The batch at hand, waiting for it. */
static struct batch *wait_for_batch(struct ahead *ahead) {
  pthread_mutex_lock(&ahead->lock);
  while (ahead->filled == ahead->taken) pthread_cond_wait(&ahead->changed, &ahead->lock);
  pthread_mutex_unlock(&ahead->lock);
  return &ahead->batches[ahead->taken % BATCHES];
}

static void give_back(struct ahead *ahead) {
  pthread_mutex_lock(&ahead->lock);
  ahead->taken++;
  pthread_cond_signal(&ahead->changed);
  pthread_mutex_unlock(&ahead->lock);
  ahead->next = 0;
}

const struct cell *ahead_next(struct ahead *ahead, struct err *err) {
  for (;;) {
    struct batch *batch = wait_for_batch(ahead);
    if (ahead->next < batch->rows) return batch->cells + (size_t)ahead->next++ * (size_t)ahead->column_count;
    if (batch->last) {
      if (batch->err.code != ERR_NONE) err_set(err, batch->err.code, "%s", batch->err.text);
      return NULL; /* the last batch is never given back: it stays the end */
    }
    give_back(ahead);
  }
}

void ahead_free(struct ahead *ahead) {
  if (ahead == NULL) return;
  pthread_mutex_lock(&ahead->lock);
  ahead->stop = true;
  pthread_cond_signal(&ahead->changed);
  pthread_mutex_unlock(&ahead->lock);
  pthread_join(ahead->thread, NULL);
  free_all(ahead);
}
