#include "data/ahead.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"

#define BATCHES 6
#define BATCH_LEN (48 << 10) /* bytes that are loaded; filled, it stays below what an arena keeps when it is reset */

enum stage { BATCH_LOADED, BATCH_FILLING, BATCH_FILLED };

/* A ring. loaded and taken only grow; batch n is batches[n % BATCHES]. The caller has batch `taken`, those up to
 * `loaded` are ready or nearly so, the one behind them is being loaded. */
struct ahead {
  struct loader *loader;
  ahead_fill *fill;
  const void *context;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  unsigned loaded, taken;
  bool stop;
  bool at_hand; /* the caller is at work on batch `taken` */
  struct batch batches[BATCHES];
};

static void load(struct ahead *ahead, struct batch *batch) {
  arena_reset(batch->arena);
  batch->count = 0;
  batch->stage = BATCH_LOADED;
  while (batch->count < BATCH_RESPONSES && arena_used(batch->arena) < BATCH_LEN) {
    batch->last = !loader_next(ahead->loader, batch->arena, &batch->loaded[batch->count], &batch->err);
    if (batch->last) return;
    batch->count++;
  }
}

/* Called with the lock, which is let go meanwhile. */
static void fill(struct ahead *ahead, struct batch *batch) {
  batch->stage = BATCH_FILLING;
  pthread_mutex_unlock(&ahead->lock);
  ahead->fill(ahead->context, batch);
  pthread_mutex_lock(&ahead->lock);
  batch->stage = BATCH_FILLED;
  pthread_cond_signal(&ahead->changed);
}

/* The first batch that is not filled yet, NULL. With the lock. */
static struct batch *find_unfilled(struct ahead *ahead) {
  for (unsigned n = ahead->taken; n != ahead->loaded; n++) {
    if (ahead->batches[n % BATCHES].stage == BATCH_LOADED) return &ahead->batches[n % BATCHES];
  }
  return NULL;
}

static void *read_ahead(void *context) {
  struct ahead *ahead = context;
  bool more = true;
  pthread_mutex_lock(&ahead->lock);
  while (!ahead->stop) {
    struct batch *unfilled;
    if (more && ahead->loaded - ahead->taken < BATCHES) {
      struct batch *batch = &ahead->batches[ahead->loaded % BATCHES];
      pthread_mutex_unlock(&ahead->lock);
      load(ahead, batch);
      more = !batch->last;
      pthread_mutex_lock(&ahead->lock);
      ahead->loaded++;
      pthread_cond_signal(&ahead->changed);
    } else if ((unfilled = find_unfilled(ahead)) != NULL) {
      fill(ahead, unfilled);
    } else {
      pthread_cond_wait(&ahead->changed, &ahead->lock);
    }
  }
  pthread_mutex_unlock(&ahead->lock);
  return NULL;
}

static void free_all(struct ahead *ahead) {
  for (int i = 0; i < BATCHES; i++) arena_free(ahead->batches[i].arena);
  pthread_cond_destroy(&ahead->changed);
  pthread_mutex_destroy(&ahead->lock);
  free(ahead);
}

struct ahead *ahead_new(struct loader *loader, ahead_fill *fill_batch, const void *context, struct err *err) {
  struct ahead *ahead = calloc(1, sizeof *ahead);
  if (ahead == NULL) log_out_of_memory();
  ahead->loader = loader;
  ahead->fill = fill_batch;
  ahead->context = context;
  for (int i = 0; i < BATCHES; i++) ahead->batches[i].arena = arena_new();
  pthread_mutex_init(&ahead->lock, NULL);
  pthread_cond_init(&ahead->changed, NULL);
  if (pthread_create(&ahead->thread, NULL, read_ahead, ahead) == 0) return ahead;
  free_all(ahead);
  err_set(err, ERR_SYSTEM, "cannot start a thread for reading");
  return NULL;
}

static bool is_end(const struct batch *batch) { return batch->last && batch->count == 0; }

const struct batch *ahead_next(struct ahead *ahead, struct err *err) {
  pthread_mutex_lock(&ahead->lock);
  if (ahead->at_hand) {
    const struct batch *done = &ahead->batches[ahead->taken % BATCHES];
    if (done->last) goto end;
    ahead->taken++;
    ahead->at_hand = false;
    pthread_cond_signal(&ahead->changed);
  }
  while (ahead->taken == ahead->loaded) pthread_cond_wait(&ahead->changed, &ahead->lock);
  struct batch *batch = &ahead->batches[ahead->taken % BATCHES];
  ahead->at_hand = true; /* the last one is never given back: it stays the end */
  if (is_end(batch)) goto end;
  if (batch->stage == BATCH_LOADED) fill(ahead, batch);
  while (batch->stage != BATCH_FILLED) pthread_cond_wait(&ahead->changed, &ahead->lock);
  pthread_mutex_unlock(&ahead->lock);
  return batch;

end:
  pthread_mutex_unlock(&ahead->lock);
  const struct err *failed = &ahead->batches[ahead->taken % BATCHES].err;
  if (failed->code != ERR_NONE) err_set(err, failed->code, "%s", failed->text);
  return NULL;
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
