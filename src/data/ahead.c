#include "data/ahead.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"

#define BATCHES 4
#define BATCH_RESPONSES 32
#define BATCH_LEN (128 << 10) /* bytes that a batch is about; as much as an arena keeps when it is reset */

struct batch {
  struct loaded responses[BATCH_RESPONSES];
  struct arena *arena;
  int count;
  bool last;
  struct err err;
};

/* A ring. taken and filled only grow; batch n is batches[n % BATCHES]. The thread has the ones from filled on, the
 * caller those before it. */
struct ahead {
  struct loader *loader;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  unsigned filled, taken;
  bool stop;
  struct batch batches[BATCHES];
  int next; /* response of the batch at hand, which begins at 0 */
  bool at_hand;
};

static void fill(struct ahead *ahead, struct batch *batch) {
  arena_reset(batch->arena);
  batch->count = 0;
  while (batch->count < BATCH_RESPONSES && arena_used(batch->arena) < BATCH_LEN) {
    struct loaded *out = &batch->responses[batch->count];
    batch->last = !loader_next(ahead->loader, batch->arena, out, &batch->err);
    if (batch->last) return;
    batch->count++;
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
  for (int i = 0; i < BATCHES; i++) arena_free(ahead->batches[i].arena);
  pthread_cond_destroy(&ahead->changed);
  pthread_mutex_destroy(&ahead->lock);
  free(ahead);
}

struct ahead *ahead_new(struct loader *loader, struct err *err) {
  struct ahead *ahead = calloc(1, sizeof *ahead);
  if (ahead == NULL) log_out_of_memory();
  ahead->loader = loader;
  for (int i = 0; i < BATCHES; i++) ahead->batches[i].arena = arena_new();
  pthread_mutex_init(&ahead->lock, NULL);
  pthread_cond_init(&ahead->changed, NULL);
  if (pthread_create(&ahead->thread, NULL, read_ahead, ahead) == 0) return ahead;
  free_all(ahead);
  err_set(err, ERR_SYSTEM, "cannot start a thread for reading");
  return NULL;
}

static void wait_for_batch(struct ahead *ahead) {
  pthread_mutex_lock(&ahead->lock);
  while (ahead->filled == ahead->taken) pthread_cond_wait(&ahead->changed, &ahead->lock);
  pthread_mutex_unlock(&ahead->lock);
  ahead->at_hand = true;
  ahead->next = 0;
}

static void give_back(struct ahead *ahead) {
  pthread_mutex_lock(&ahead->lock);
  ahead->taken++;
  pthread_cond_signal(&ahead->changed);
  pthread_mutex_unlock(&ahead->lock);
  ahead->at_hand = false;
}

const struct loaded *ahead_next(struct ahead *ahead, struct err *err) {
  for (;;) {
    if (!ahead->at_hand) wait_for_batch(ahead);
    struct batch *batch = &ahead->batches[ahead->taken % BATCHES];
    if (ahead->next < batch->count) return &batch->responses[ahead->next++];
    if (batch->last) { /* never given back: it stays the end */
      if (batch->err.code != ERR_NONE) err_set(err, batch->err.code, "%s", batch->err.text);
      return NULL;
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
